"""What a charger may be set to do where OCPP 1.6 leaves a choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from ocppsim.chargepoint.errors import InvalidSetting


@dataclass(frozen=True, slots=True)
class Behaviour:
    """One choice: its values, the first being the default, and where the question comes from."""

    choices: tuple[str, ...]
    description: str
    source: str

    @property
    def default(self) -> str:
        """What a charger does that was not told otherwise."""
        return self.choices[0]


BEHAVIOURS: dict[str, Behaviour] = {
    "authorization_key": Behaviour(
        ("decoded", "literal"),
        "A password of 32 to 40 hex digits is sent as the bytes that they stand for, or as it is.",
        "AMB-27",
    ),
    "power_loss": Behaviour(
        ("stop", "resume"),
        "After a power loss a running transaction is stopped (PowerLoss) or resumed.",
        "AMB-6",
    ),
    "power_meter_failure": Behaviour(
        ("stop", "keep"),
        "PowerMeterFailure stops a running transaction or leaves it open without energy.",
        "AMB-30",
    ),
    "preparing_timeout": Behaviour(
        ("Finishing", "Preparing"),
        "A cable without a tag within ConnectionTimeOut: Finishing, or Preparing for longer.",
        "AMB-2",
    ),
    "unsupported_profile": Behaviour(
        ("status", "error"),
        "A message of a feature profile that is switched off: the answer's own word for it"
        " where there is one (ReserveNow Rejected, list version -1), or always NotSupported.",
        "AMB-24",
    ),
}
"""By the name that a charger's ``behaviour`` uses."""


def check_behaviour(behaviour: Mapping[str, str]) -> None:
    """Raises ``InvalidSetting`` for a name that is unknown or a value that is no choice."""
    for name, value in behaviour.items():
        known = BEHAVIOURS.get(name)
        if known is None:
            raise InvalidSetting(
                f"there is no behaviour {name!r}; there is {', '.join(sorted(BEHAVIOURS))}"
            )
        if value not in known.choices:
            raise InvalidSetting(f"{name} is one of {', '.join(known.choices)}, not {value!r}")
