"""What follows from a change of a charger's definition."""

from __future__ import annotations

from ocppsim.simulation.definition import ChargerDefinition

_REBUILT_FOR = (
    "identity",
    "connectors",
    "hardware",
    "ocpp_version",
    "security_profile",
    "behaviour",
)
_REDIALED_FOR = ("connection_url", "basic_auth_password", "tls")


def needs_restart(before: ChargerDefinition, after: ChargerDefinition) -> bool:
    """Whether it is another device now: other hardware, identity or firmware behaviour."""
    return _differs(before, after, _REBUILT_FOR)


def needs_new_link(before: ChargerDefinition, after: ChargerDefinition) -> bool:
    """Whether its CSMS is reached in another way now."""
    return _differs(before, after, _REDIALED_FOR)


def _differs(before: ChargerDefinition, after: ChargerDefinition, names: tuple[str, ...]) -> bool:
    return any(getattr(before, name) != getattr(after, name) for name in names)


__all__ = ["needs_new_link", "needs_restart"]
