"""Which measurands a charger's meter has, and how lists of them are written in a key."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from ocppsim.chargepoint.hardware import Hardware
from ocppsim.protocol.v16.enums import Measurand, Phase

_ANY = frozenset(
    {
        Measurand.Energy_Active_Import_Register,
        Measurand.Energy_Active_Import_Interval,
        Measurand.Power_Active_Import,
        Measurand.Power_Offered,
        Measurand.Current_Import,
        Measurand.Current_Offered,
        Measurand.Voltage,
        Measurand.SoC,
        Measurand.Temperature,
    }
)
_AC_ONLY = frozenset(
    {
        Measurand.Frequency,
        Measurand.Power_Factor,
        Measurand.Power_Reactive_Import,
        Measurand.Energy_Reactive_Import_Register,
        Measurand.Energy_Reactive_Import_Interval,
    }
)
_EXPORT = frozenset(
    {
        Measurand.Energy_Active_Export_Register,
        Measurand.Energy_Active_Export_Interval,
        Measurand.Power_Active_Export,
        Measurand.Current_Export,
    }
)
_AC_EXPORT = frozenset(
    {
        Measurand.Energy_Reactive_Export_Register,
        Measurand.Energy_Reactive_Export_Interval,
        Measurand.Power_Reactive_Export,
    }
)
_ALWAYS = frozenset({Measurand.Energy_Active_Import_Register})
"""What transactions are metered with."""

_LINE_PHASES = (Phase.L1, Phase.L2, Phase.L3)
_NEUTRAL_PHASES = (Phase.L1_N, Phase.L2_N, Phase.L3_N)
_PAIRED_PHASES = (Phase.L1_L2, Phase.L2_L3, Phase.L3_L1)
_MEASURANDS = {measurand.value: measurand for measurand in Measurand}
_PHASES = {phase.value: phase for phase in Phase}
_PHASED = {
    Measurand.Voltage: _LINE_PHASES + _NEUTRAL_PHASES + _PAIRED_PHASES,
    Measurand.Current_Import: (*_LINE_PHASES, Phase.N),
    Measurand.Power_Active_Import: _LINE_PHASES,
    Measurand.Power_Reactive_Import: _LINE_PHASES,
}


@dataclass(frozen=True, slots=True)
class MeasurandSelection:
    """One item of a measurand list: a measurand, on one phase or on all there are."""

    measurand: Measurand
    phase: Phase | None = None


@dataclass(frozen=True, slots=True)
class MeterCapabilities:
    """What decides which measurands exist: ``AC`` or ``DC``, the number of AC phases, the meter.

    ``measurands`` are the names of those that the meter has; None for all that such a charger
    can measure, which does not feed back and has no meter for that.
    """

    power_type: str
    phases: int
    measurands: frozenset[str] | None = None


def capabilities_of(hardware: Hardware) -> MeterCapabilities:
    """The capabilities of a charger; of several connectors, the largest number of phases."""
    return _shared(
        hardware.power_type,
        max([hardware.phases(connector_id) for connector_id in hardware.connector_ids]),
        hardware.measurands,
    )


_shared = lru_cache(maxsize=256)(MeterCapabilities)
"""One object for all chargers of a model."""


def supported_measurands(capabilities: MeterCapabilities) -> frozenset[Measurand]:
    """What the charger's meters can measure; RPM is none of it, there being no fan."""
    is_ac = capabilities.power_type == "AC"
    possible = _ANY | _AC_ONLY if is_ac else _ANY
    if capabilities.measurands is None:
        return possible
    possible |= _EXPORT | _AC_EXPORT if is_ac else _EXPORT
    wanted = {_MEASURANDS[name] for name in capabilities.measurands if name in _MEASURANDS}
    return _ALWAYS | (possible & wanted)


@lru_cache(maxsize=1024)
def parse_selections(text: str, capabilities: MeterCapabilities) -> tuple[MeasurandSelection, ...]:
    """Read a comma-separated list such as ``Voltage.L1-N,SoC``.

    Raises ``ValueError`` naming the first item that the charger cannot measure
    (1.6 ed.2 §3.16.4: one such item refuses the whole list).
    """
    supported = supported_measurands(capabilities)
    return tuple(
        _parse_item(item.strip(), supported, capabilities.phases)
        for item in text.split(",")
        if item.strip()
    )


def _parse_item(item: str, supported: frozenset[Measurand], phases: int) -> MeasurandSelection:
    measurand, phase = _MEASURANDS.get(item), None
    if measurand is None:
        # 1.6 ed.2 §9.1.17: a measurand may carry its phase as a suffix
        name, _, suffix = item.rpartition(".")
        measurand, phase = _MEASURANDS.get(name), _PHASES.get(suffix)
        if measurand is None or phase is None:
            raise ValueError(f"{item!r} is not a measurand of OCPP 1.6")
    if measurand not in supported:
        raise ValueError(f"the meter does not measure {measurand.value}")
    if phase is not None and not _has_phase(measurand, phase, phases):
        raise ValueError(f"the meter does not measure {measurand.value} on {phase.value}")
    return MeasurandSelection(measurand, phase)


def _has_phase(measurand: Measurand, phase: Phase, phases: int) -> bool:
    if phase not in _PHASED.get(measurand, ()):
        return False
    if phase is Phase.N:
        return phases > 0
    return phases == 3 if phase in _PAIRED_PHASES else int(phase.value[1]) <= phases
