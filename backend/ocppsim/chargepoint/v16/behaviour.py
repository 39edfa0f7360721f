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
    "absolute_without_start": Behaviour(
        ("relative", "reject"),
        "An Absolute charging profile without startSchedule counts from the start of the"
        " transaction, or is Rejected (a Recurring one always is).",
        "AMB-20",
    ),
    "aligned_connectors": Behaviour(
        ("all", "in_transaction"),
        "Clock-aligned values are sent of every connector and of the whole charge point, or only"
        " of connectors in a transaction.",
        "AMB-8",
    ),
    "aligned_timestamp": Behaviour(
        ("instant", "interval_start"),
        "Clock-aligned values are stamped with the aligned instant, or with the start of the"
        " interval that ends there (.Interval values always are).",
        "AMB-8",
    ),
    "authorization_cache": Behaviour(
        ("present", "absent"),
        "The charge point has an Authorization Cache, or none: then AuthorizationCacheEnabled is"
        " unknown and ClearCache is Rejected.",
        "1.6 ed.2 §3.5.1, errata 3.23",
    ),
    "authorization_key": Behaviour(
        ("decoded", "literal"),
        "A password of 32 to 40 hex digits is sent as the bytes that they stand for, or as it is.",
        "AMB-27",
    ),
    "authorize_timeout": Behaviour(
        ("offline_rules", "refuse"),
        "Authorize is not answered in time: the tag is judged as if offline (local list, cache,"
        " AllowOfflineTxForUnknownId), or refused. A CALLERROR always refuses.",
        "AMB-5",
    ),
    "composite_without_profile": Behaviour(
        ("local_limit", "reject"),
        "GetCompositeSchedule where no charging profile applies: the limit of the hardware, or"
        " Rejected.",
        "AMB-21",
    ),
    "empty_differential": Behaviour(
        ("new_version", "same_version"),
        "A differential SendLocalList without entries: the list takes its version, or keeps the"
        " one it has.",
        "AMB-16",
    ),
    "empty_sampled_data": Behaviour(
        ("register", "nothing"),
        "With MeterValuesSampledData (or AlignedData) empty the energy register is sent, or"
        " nothing.",
        "AMB-9",
    ),
    "firmware_installed": Behaviour(
        ("after_reboot", "before_reboot"),
        "After an installation the charge point reboots and then reports Installed, or the other"
        " way round.",
        "1.6 ed.2 §5.19",
    ),
    "foreign_id_tag": Behaviour(
        ("group_only", "always_authorize"),
        "Another tag at a connector in a transaction: Authorize is sent only where the"
        " transaction has a parent tag, or always.",
        "AMB-4",
    ),
    "free_vending": Behaviour(
        ("off", "on"),
        "Every transaction wants a tag, or charging begins as soon as a vehicle is plugged in, with"
        " the tag FREE.",
        "1.6 ed.2 §4.9 A3",
    ),
    "hard_reset": Behaviour(
        ("stop_first", "stop_after_boot"),
        "A hard reset stops running transactions before it restarts, or after the boot.",
        "AMB-12",
    ),
    "local_list_disabled": Behaviour(
        ("unsupported", "stored"),
        "While LocalAuthListEnabled is false: list version -1 and SendLocalList NotSupported, or"
        " the list is told and kept up to date without being used.",
        "AMB-15",
    ),
    "inoperative_while_occupied": Behaviour(
        ("at_once", "at_unplug"),
        "ChangeAvailability Inoperative where a cable is in without a transaction (Preparing,"
        " Finishing): Unavailable at once, or Scheduled until the cable is out.",
        "AMB-3",
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
    "remote_start_while_pending": Behaviour(
        ("Rejected", "SecurityError"),
        "RemoteStartTransaction and RemoteStopTransaction while the registration is Pending:"
        " the status Rejected, or a CALLERROR SecurityError.",
        "AMB-25",
    ),
    "reserved_connector_zero": Behaviour(
        ("last_free", "never_shown"),
        "With a reservation of connector 0 the last free connector is reported Reserved, or"
        " stays Available; in both cases it is kept for the holder.",
        "AMB-17",
    ),
    "reset": Behaviour(
        ("works", "fails"),
        "A reset works; or it fails however often it is tried (ResetRetries), and ResetFailure is"
        " reported.",
        "1.6 ed.2 §7.6, §9.1.22",
    ),
    "stop_id_tag": Behaviour(
        ("presented", "starter"),
        "StopTransaction without a tag that was presented to stop carries no idTag, or the one"
        " that started the transaction.",
        "AMB-34",
    ),
    "transaction_message_attempts": Behaviour(
        ("limited", "forever"),
        "A transaction message that fails TransactionMessageAttempts times is given up, or never.",
        "AMB-7",
    ),
    "tx_profile_exhausted": Behaviour(
        ("no_fallback", "tx_default"),
        "While a TxProfile is installed and valid but its schedule is over, a TxDefaultProfile"
        " stays out, or applies again.",
        "AMB-36",
    ),
    "tx_profile_without_transaction_id": Behaviour(
        ("accept", "reject"),
        "A TxProfile without transactionId is for the running transaction of its connector, or"
        " is Rejected.",
        "AMB-18",
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
