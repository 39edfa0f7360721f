/** What can be done at a connector, and what is going on there in words; pure. */
import type { Refusal } from '@/api/live/reduce';
import type { Connector, Vehicle, VehicleModel } from '@/api/types';
import { formatPercent, formatPower } from '@/lib/units';

/** The tag that is presented where no vehicle and nobody has named another. */
export const FALLBACK_TAG = 'TAG-0001';

export interface Possible {
  plugIn: boolean;
  presentTag: boolean;
  start: boolean;
  stop: boolean;
  pauseEv: boolean;
  resumeEv: boolean;
  /** Take the car's end of the cable out. */
  unplug: boolean;
  /** Take the charger's end out; only a cable that is not fixed has one. */
  freeSocket: boolean;
  fault: boolean;
  clearFault: boolean;
  jamLock: boolean;
  releaseLock: boolean;
}

export function possibleAt(connector: Connector, powered: boolean): Possible {
  const { cable, cable_kind, transaction, error_code, ev_draws, lock_jammed, locked } = connector;
  const carThere = cable === 'vehicle';
  const faulted = error_code !== 'NoError';
  const open = transaction?.state === 'starting' || transaction?.state === 'running';
  return {
    plugIn: !carThere,
    presentTag: powered,
    start: powered && !open && !faulted && connector.operative,
    stop: powered && open,
    pauseEv: carThere && ev_draws,
    resumeEv: carThere && !ev_draws,
    unplug: carThere,
    freeSocket: cable_kind === 'socket' && cable !== 'none' && !locked,
    fault: powered && !faulted,
    clearFault: faulted,
    jamLock: cable_kind === 'socket' && !lock_jammed,
    releaseLock: cable_kind === 'socket' && lock_jammed,
  };
}

/** What is going on, in one sentence. */
export function describe(connector: Connector, powered: boolean): string {
  const { status, cable, meter, vehicle_name, id_tag } = connector;
  if (!powered) return 'No power';
  const car = vehicle_name ?? 'A car';
  const soc = meter.soc_percent === null ? '' : `, ${formatPercent(meter.soc_percent)}`;
  switch (status) {
    case 'Available':
      return cable === 'socket' ? 'A cable is in the socket, no car' : 'Ready for a car';
    case 'Preparing':
      if (cable === 'vehicle') return `${car} is plugged in${id_tag ? '' : ', waiting for a tag'}`;
      if (id_tag) return `Tag ${id_tag} accepted, waiting for a car`;
      return cable === 'socket' ? 'A cable is in the socket, no car' : 'Waiting for a car';
    case 'Charging':
      return `${car} charges at ${formatPower(meter.power_w)}${soc}`;
    case 'SuspendedEV':
      return `${car} takes no energy${soc}`;
    case 'SuspendedEVSE':
      return `The charger offers no energy${soc}`;
    case 'Finishing':
      return cable === 'vehicle' ? `Done; ${car} can be unplugged` : 'Done; take the cable out';
    case 'Reserved':
      return 'Kept for whoever reserved it';
    case 'Unavailable':
      return 'Out of service';
    case 'Faulted':
      return connector.info
        ? `${connector.error_code}: ${connector.info}`
        : `Fault: ${connector.error_code}`;
  }
}

/** Energy since the start of the transaction, null without one. */
export function sessionEnergyWh({ transaction, meter }: Connector): number | null {
  return transaction === null ? null : Math.max(0, meter.energy_wh - transaction.meter_start_wh);
}

/** Power as a share of what the connector can give. */
export function powerFraction({ meter, max_power_w }: Connector): number {
  return max_power_w > 0 ? meter.power_w / max_power_w : 0;
}

/** Who starts a session by one click: the car that is there, else the first with a tag. */
export function oneClickSession(
  connector: Connector,
  vehicles: readonly Vehicle[],
  lastTag: string,
): { vehicleId: number | null; idTag: string } {
  const [firstWithTag] = vehicles.filter(({ id_tags }) => id_tags.length > 0);
  const car =
    connector.cable === 'vehicle'
      ? vehicles.find(({ id }) => id === connector.vehicle_id)
      : firstWithTag;
  return {
    // A car that is plugged in already is not plugged in again.
    vehicleId: connector.cable === 'vehicle' ? connector.vehicle_id : (car?.id ?? null),
    idTag:
      connector.id_tag ??
      car?.id_tags[0] ??
      (lastTag || (firstWithTag?.id_tags[0] ?? FALLBACK_TAG)),
  };
}

/** All tags of the location's cars, each once, to choose from. */
export function knownTags(vehicles: readonly Vehicle[]): string[] {
  return [...new Set(vehicles.flatMap(({ id_tags }) => id_tags))];
}

export function checkIdTag(tag: string): string | null {
  return /^[\x20-\x7e]{1,20}$/.test(tag) ? null : '1 to 20 printable ASCII characters.';
}

/** How long a refusal is shown. */
export const REFUSAL_MS = 60_000;

/** Whether a refusal is still worth telling, where nobody has put it away. */
export function isFresh(refusal: Refusal | undefined, now_ms: number): refusal is Refusal {
  return refusal !== undefined && now_ms - refusal.at_ms < REFUSAL_MS;
}

/** Why a tag was refused, as a sentence. */
export function refusalReason({ status, reason }: Pick<Refusal, 'status' | 'reason'>): string {
  const why = reason ?? status;
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}${/[.!?]$/.test(why) ? '' : '.'}`;
}

/** Which car comes: a stored one, one of a model that passes by, or (both null) the default one. */
export interface Arrival {
  vehicleId: number | null;
  modelId: string | null;
}

const MODEL = 'model:';

/** The cars to choose from: those of the location, and one of each model. */
export function arrivalChoices(vehicles: readonly Vehicle[], models: readonly VehicleModel[]) {
  const stored = vehicles.map(({ id, name, battery_capacity_kwh }) => ({
    value: String(id),
    label: `${name} (${battery_capacity_kwh} kWh)`,
  }));
  const passing = models.map(({ id, brand, name, battery_capacity_kwh }) => ({
    value: `${MODEL}${id}`,
    label: `${brand} ${name} (${battery_capacity_kwh} kWh)`,
  }));
  return [
    { group: 'At this location', items: stored },
    { group: 'Passing by', items: passing },
  ].filter(({ items }) => items.length > 0);
}

/** The car that was chosen of `arrivalChoices`. */
export function arrivalOf(choice: string | null): Arrival {
  if (choice === null) return { vehicleId: null, modelId: null };
  return choice.startsWith(MODEL)
    ? { vehicleId: null, modelId: choice.slice(MODEL.length) }
    : { vehicleId: Number(choice), modelId: null };
}
