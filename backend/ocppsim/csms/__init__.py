"""An embedded demo central system, on an OCPP library that the simulator does not use."""

from .central_system import DemoCentralSystem
from .charge_point_link import CallOutcome
from .configuration import AutoStart, CentralSystemConfig
from .errors import (
    AnswerOverdue,
    CannotListen,
    CentralSystemError,
    ConnectionLost,
    InvalidCommand,
    NotConnected,
    UnknownChargePoint,
)
from .id_tags import IdTag, IdTagRegistry, TagFileError, load_id_tags
from .wire import Violation, WireMessage

__all__ = [
    "AnswerOverdue",
    "AutoStart",
    "CallOutcome",
    "CannotListen",
    "CentralSystemConfig",
    "CentralSystemError",
    "ConnectionLost",
    "DemoCentralSystem",
    "IdTag",
    "IdTagRegistry",
    "InvalidCommand",
    "NotConnected",
    "TagFileError",
    "UnknownChargePoint",
    "Violation",
    "WireMessage",
    "load_id_tags",
]
