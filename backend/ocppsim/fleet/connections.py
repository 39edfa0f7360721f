"""From a plan's chargers to chargers that know their CSMS."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from ocppsim.scenarios.live_plan import LivePlan
from ocppsim.simulation.definition import ChargerDefinition
from ocppsim.simulation.fleet_member import FleetCharger


def connected_to(
    chargers: Sequence[FleetCharger], live: LivePlan, csms_urls: Sequence[str]
) -> list[ChargerDefinition]:
    """The definitions, each with one of the URLs, password and certificates.

    The charger at place n of the plan takes the URL n modulo their number, in whichever process
    it runs; its ``charger_id`` is n + 1.
    """
    definitions: list[ChargerDefinition] = []
    for charger in chargers:
        definition = charger.definition
        password = live.basic_auth_password
        if password is not None:
            password = password.replace("{id}", definition.charge_point_id)
        definitions.append(
            msgspec.structs.replace(
                definition,
                connection_url=csms_urls[(definition.charger_id - 1) % len(csms_urls)],
                security_profile=live.security_profile,
                basic_auth_password=password,
                tls=live.tls.definition,
            )
        )
    return definitions


__all__ = ["connected_to"]
