"""docs/vehicles.md: the vehicle models that come with the simulator, and how vehicles use them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from random import Random

from ocppsim.physics import Evse, Noise, PowerType, Vehicle
from ocppsim.runtime.vehicle_library import vehicle_models
from ocppsim.simulation.vehicle_models import VehicleModel

_AC_OUTLET_W = 22_080.0
_DC_OUTLET_W = 400_000.0

_HEADER = (
    "Model|`model_id`|Kind|Battery (kWh)|Chemistry|Voltage (V)|AC (kW)|Phases|From (A)|"
    "AC 10–80 % (h)|DC (kW)|DC 10–80 % (min)"
)


def vehicles_page(table: Callable[[Iterable[str], Iterable[Iterable[str]]], str]) -> str:
    """The text of the page; ``table`` writes a header and rows as Markdown."""
    models = sorted(vehicle_models(), key=lambda model: (model.full_name.casefold(), model.id))
    library = table(_HEADER.split("|"), (_row(model) for model in models))
    return f"""# Vehicles

Made by `make docs-tables` from `backend/ocppsim/simulation/data/vehicle_models.toml`; the text
around the table stands in `tools/vehicle_page.py`. How a vehicle charges is in
[Physics](physics.md).

## Which vehicle comes to a session

The vehicle that `plug-in` or `transactions/start` names by its `vehicle_id`; else a car of the
model that they name by `model_id`, which passes by and is not stored; else, where a session begins
with a tag, the vehicle of the location that has this tag (a vehicle may have several); else the
default car: 100 kWh at 20 %, 22 kW AC on three phases, 150 kW DC, without delay or ramp.

## A vehicle and its model

A vehicle of a location (`POST /api/locations/{{id}}/vehicles`) is of a model (`model_id`), or is
described by its own numbers alone. What it says of itself comes before what its model says; what
neither says is as with the default car. With another number of phases it keeps the AC power a phase
of its model, so this is a Zoe with 7.3 kW:

```json
{{"name": "Blue Zoe", "id_tags": ["04A2B3C4"], "model_id": "renault-zoe-ze50", "ac_phases": 1}}
```

`PATCH` with `null` takes a number of its own back: the model's counts again. An answer shows what
the vehicle says of itself (`null`: nothing) and, under `resolved`, the numbers that it charges
with. `battery_capacity_kwh` is always the one in force; `battery_capacity_own` says whose it is. A
model that does not exist is refused with 422 and the ids that are like it. A stored vehicle whose
model is no longer in the library keeps its own numbers and its capacity; the log says so at the
start.

A vehicle that is plugged in stays as it was when it came: `PATCH` and `DELETE` count from the next
time it is plugged in, and so does a change of the model in another release.

A file of vehicles to import may have a column `model_id`, and others by the names of the fields,
beside those of the template.

## The models

`GET /api/vehicle-models?q=…` lists them; every word of `q` must occur in id, brand, name or kind.
`GET /api/vehicle-models/{{id}}` has one. The times are those of the simulation, warm, at an outlet
of 22 kW on three phases and at one of 400 kW; *From* is the least current a phase at which the car
charges at all. The delay after which a car reacts and the ramp by which it follows are in its
entry.

{library}
## Where the figures come from

Capacities, phases, powers and charging curves are rounded and redrawn with few points, so that they
are typical of the model rather than of one car; voltages, least currents, delays and ramps are what
is usual for the make. Many of the figures go back to
Open EV Data (https://github.com/KilowattApp/open-ev-data), © 2024 Tijs Teulings, MIT License with
attribution. The names are trademarks of their owners, who have nothing to do with this simulator.
"""


def _row(model: VehicleModel) -> list[str]:
    has_dc = model.dc_max_power_kw > 0
    return [
        model.full_name,
        f"`{model.id}`",
        model.kind,
        f"{model.battery_capacity_kwh:g}",
        model.chemistry,
        f"{model.nominal_voltage_v:g}",
        f"{model.ac_max_power_kw:g}",
        str(model.ac_phases),
        f"{model.ac_min_current_a:g}",
        f"{_minutes_from_10_to_80(model, 'AC', _AC_OUTLET_W) / 60:.1f}",
        f"{model.dc_max_power_kw:g}" if has_dc else "–",
        str(_minutes_from_10_to_80(model, "DC", _DC_OUTLET_W)) if has_dc else "–",
    ]


def _minutes_from_10_to_80(model: VehicleModel, power_type: PowerType, max_power_w: float) -> int:
    """How many full minutes it takes, begun ones counted."""
    evse = Evse(power_type=power_type, max_power_w=max_power_w, phases=3, noise=Noise(Random(0)))
    vehicle = Vehicle(model.spec(), 10.0)
    evse.connect(vehicle, 0.0)
    evse.offer(max_power_w, 0.0)
    minutes = 0
    while vehicle.battery.soc_percent < 80.0:
        minutes += 1
        evse.settle(minutes * 60.0)
    return minutes


__all__ = ["vehicles_page"]
