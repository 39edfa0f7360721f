"""Measure what a charger takes, in memory and to make: ``python tools/measure_memory.py``.

Only the charger itself (charge point, physics, ledger), without a connection and a database;
``make bench`` measures the whole. Nothing here judges; the figures and what they mean stand in
docs/performance.md.
"""

from __future__ import annotations

import gc
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType

from bench.figures import resident_kib
from measure import EPOCH_S, ChargingCharger, resolve_vehicle
from msgspec import Raw, Struct

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.chargepoint.durable_state import DurableState
from ocppsim.chargepoint.moment import Moment
from ocppsim.chargepoint.v16.charge_point import ChargePoint
from ocppsim.simulation.charger import Charger
from ocppsim.simulation.definition import ChargerDefinition, ConnectorDefinition

CHARGERS = 2_000
_OF_THE_PROGRAM = (type, ModuleType, FunctionType, CodeType, BuiltinFunctionType)


def idle_charger(number: int) -> Charger:
    """One that was just made, with a connector and no connection."""
    return Charger(
        ChargerDefinition(
            charger_id=number,
            location_id=1,
            charger_name="measured",
            connection_url="ws://127.0.0.1:9/",
            identity=ChargePointIdentity(f"CP{number:05d}", "Vendor", "Model"),
            connectors=(ConnectorDefinition(),),
        ),
        DurableState(),
        ChargePoint,
        resolve_vehicle,
        now=Moment(0.0, 0.0),
        clock_epoch_s=EPOCH_S,
        message_id_prefix=f"measured-{number}-",
        seed=number,
    )


def charging_charger(_number: int) -> Charger:
    """One in a transaction, with the first meter values sent and answered."""
    charging = ChargingCharger()
    charging.round_trip()
    return charging.charger


def reached(root: object) -> dict[int, object]:
    """All objects that can be reached from one, without those of the program itself."""
    found: dict[int, object] = {}
    ahead = [root]
    while ahead:
        one = ahead.pop()
        if id(one) not in found and not isinstance(one, _OF_THE_PROGRAM):
            found[id(one)] = one
            ahead.extend(gc.get_referents(one))
            if isinstance(one, Struct):
                # The collector does not look into one with gc=False
                ahead.extend(getattr(one, name) for name in one.__struct_fields__)
    return found


def own_objects(make: Callable[[int], Charger]) -> list[object]:
    """What one charger has that another has not."""
    one, other = make(1), make(2)
    shared = reached(other).keys()
    return [found for key, found in reached(one).items() if key not in shared]


def size_bytes(one: object) -> int:
    """What an object takes by itself; a ``Raw`` has no usable word on that."""
    return type(one).__basicsize__ + len(bytes(one)) if isinstance(one, Raw) else sys.getsizeof(one)


def tell(name: str, make: Callable[[int], Charger]) -> None:
    """Print memory, time and the objects of one."""
    # What is shared comes with the first of them
    kept = [make(0)]
    before_kib = resident_kib()
    began_s = time.process_time()
    kept += [make(number) for number in range(1, CHARGERS + 1)]
    made_us = (time.process_time() - began_s) / CHARGERS * 1e6
    taken_kib = (resident_kib() - before_kib) / CHARGERS
    own = own_objects(make)
    sizes: Counter[str] = Counter()
    counts: Counter[str] = Counter()
    for one in own:
        sizes[type(one).__name__] += size_bytes(one)
        counts[type(one).__name__] += 1
    print(f"{name}: {taken_kib:.1f} KiB resident and {made_us:.0f} µs of CPU each")
    print(f"  {len(own)} objects of its own, {sizes.total():,} bytes; the largest kinds:")
    for kind, size in sizes.most_common(12):
        print(f"  {kind:22} {counts[kind]:3} {size:6,}")


def main() -> None:
    """Measure an idle charger, and one that charges."""
    tell("Idle", idle_charger)
    tell("Charging", charging_charger)


if __name__ == "__main__":
    main()
