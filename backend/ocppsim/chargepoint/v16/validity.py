"""How long the word on a tag holds: the expiryDate of an IdTagInfo (1.6 ed.2 §7.27)."""

from __future__ import annotations

from ocppsim.protocol.v16.date_time import parse_date_time
from ocppsim.protocol.v16.enums import AuthorizationStatus

VALID = frozenset({AuthorizationStatus.Accepted, AuthorizationStatus.ConcurrentTx})
"""The statuses of a valid identifier (1.6 ed.2 §3.5.2); only these can expire."""


def expiry_s(expiry_date: str | None) -> float | None:
    """Unix seconds of an expiryDate; None where there is none, and so no end.

    An unreadable date of a lenient answer counts as over: the CSMS is asked again, not
    believed for ever.
    """
    if expiry_date is None:
        return None
    try:
        return parse_date_time(expiry_date)
    except ValueError:
        return 0.0


def status_at(
    status: AuthorizationStatus, expires_s: float | None, wall_s: float
) -> AuthorizationStatus:
    """The status at a time: a validity that has ended is Expired (1.6 ed.2 §3.5.1, §3.5.4)."""
    if expires_s is not None and wall_s >= expires_s and status in VALID:
        return AuthorizationStatus.Expired
    return status
