/** Quantities as people read them. Every function takes the base unit that its name says. */

const MISSING = '–';

function fixed(value: number, digits: number): string {
  return value.toLocaleString('en', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** Watts: `350 W` below one kilowatt, `7.36 kW` above, `1.20 MW` from a megawatt. */
export function formatPower(powerW: number | null | undefined): string {
  if (powerW == null) return MISSING;
  const size = Math.abs(powerW);
  if (size >= 1_000_000) return `${fixed(powerW / 1_000_000, 2)} MW`;
  if (size >= 1000)
    return `${fixed(powerW / 1000, size >= 100_000 ? 0 : size >= 10_000 ? 1 : 2)} kW`;
  return `${fixed(powerW, 0)} W`;
}

/** Watt-hours: `850 Wh`, `12.40 kWh`, `1.20 MWh`. */
export function formatEnergy(energyWh: number | null | undefined): string {
  if (energyWh == null) return MISSING;
  const size = Math.abs(energyWh);
  if (size >= 1_000_000) return `${fixed(energyWh / 1_000_000, 2)} MWh`;
  if (size >= 1000) return `${fixed(energyWh / 1000, size >= 100_000 ? 1 : 2)} kWh`;
  return `${fixed(energyWh, 0)} Wh`;
}

export function formatPercent(percent: number | null | undefined): string {
  return percent == null ? MISSING : `${fixed(percent, percent >= 100 || percent === 0 ? 0 : 1)} %`;
}

export function formatCurrent(currentA: number | null | undefined): string {
  return currentA == null ? MISSING : `${fixed(currentA, 1)} A`;
}

/** Vars: `350 var` below one kilovar, `2.21 kvar` above. */
export function formatReactivePower(powerVar: number): string {
  return Math.abs(powerVar) >= 1000
    ? `${fixed(powerVar / 1000, 2)} kvar`
    : `${fixed(powerVar, 0)} var`;
}

/** No unit: `0.995`. */
export function formatPowerFactor(factor: number): string {
  return fixed(factor, 3);
}

export function formatVoltage(voltageV: number | null | undefined): string {
  return voltageV == null ? MISSING : `${fixed(voltageV, 0)} V`;
}

/** Milliseconds: `12 ms`, `1.25 s`. */
export function formatLatency(latencyMs: number | null | undefined): string {
  if (latencyMs == null) return MISSING;
  return latencyMs < 1000
    ? `${fixed(latencyMs, latencyMs < 10 ? 1 : 0)} ms`
    : `${fixed(latencyMs / 1000, 2)} s`;
}

/** Seconds: `42 s`, `3 min 05 s`, `2 h 04 min`, `3 d 2 h`. */
export function formatDuration(durationS: number | null | undefined): string {
  if (durationS == null) return MISSING;
  const whole = Math.max(0, Math.round(durationS));
  const two = (n: number) => String(n).padStart(2, '0');
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${two(whole % 60)} s`;
  if (whole < 86_400)
    return `${Math.floor(whole / 3600)} h ${two(Math.floor(whole / 60) % 60)} min`;
  return `${Math.floor(whole / 86_400)} d ${Math.floor(whole / 3600) % 24} h`;
}

/** Seconds as {@link formatDuration}, without a second part of nothing: `1 h`, `30 min`. */
export function formatSpan(durationS: number | null | undefined): string {
  return formatDuration(durationS).replace(/(?<=[a-z]) 0+ (s|min|h)$/, '');
}

/** `1 charger`, `3 chargers`; the plural is the singular with an s unless given. */
export function count(n: number, singular: string, plural = `${singular}s`): string {
  return `${n.toLocaleString('en')} ${n === 1 ? singular : plural}`;
}
