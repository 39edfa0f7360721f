"""Stored vehicles on their way to the chargers of their location."""

from __future__ import annotations

from ocppsim.persistence import vehicles
from ocppsim.persistence.records import Vehicle
from ocppsim.physics import CurvePoint, VehicleSpec
from ocppsim.runtime.garage import GarageVehicle
from ocppsim.simulation.resolved_vehicle import DEFAULT_VEHICLE, ResolvedVehicle

from .services import Services


def garage_vehicle(vehicle: Vehicle) -> GarageVehicle:
    """The vehicle as a charger meets it; what is not given is as with the default car."""
    default = DEFAULT_VEHICLE.spec
    spec = VehicleSpec(
        name=vehicle.name,
        battery_capacity_kwh=vehicle.battery_capacity_kwh,
        ac_phases=default.ac_phases if vehicle.ac_phases is None else vehicle.ac_phases,
        ac_max_power_kw=(
            default.ac_max_power_kw if vehicle.ac_max_power_kw is None else vehicle.ac_max_power_kw
        ),
        dc_max_power_kw=(
            default.dc_max_power_kw if vehicle.dc_max_power_kw is None else vehicle.dc_max_power_kw
        ),
        dc_charging_curve=(
            default.dc_charging_curve
            if vehicle.dc_charging_curve is None
            else tuple(
                CurvePoint(soc_percent=point.soc_percent, power_kw=point.power_kw)
                for point in vehicle.dc_charging_curve
            )
        ),
    )
    resolved = ResolvedVehicle(
        vehicle_id=vehicle.id,
        name=vehicle.name,
        spec=spec,
        soc_percent=DEFAULT_VEHICLE.soc_percent,
    )
    return GarageVehicle(vehicle=resolved, id_tags=vehicle.id_tags)


async def reload_garage(services: Services, location_id: int) -> None:
    """Tell the running chargers of a location which vehicles there are now."""
    page = await services.database.read(lambda session: vehicles.list_page(session, location_id))
    services.supervisor.set_vehicles(location_id, [garage_vehicle(each) for each in page.items])
