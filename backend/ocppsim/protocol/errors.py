"""The errors of the RPC layer; each knows the code that it has in a CALLERROR.

ProtocolViolation
├── CallFailure                    a CALL cannot be processed: it is answered with a CALLERROR
│   ├── NotImplementedAction         NotImplemented
│   ├── NotSupportedAction           NotSupported
│   ├── InternalFailure              InternalError
│   ├── ProtocolFailure              ProtocolError
│   ├── SecurityFailure              SecurityError
│   ├── FormationViolation           FormationViolation
│   ├── PropertyConstraintViolation  PropertyConstraintViolation
│   ├── OccurenceConstraintViolation OccurenceConstraintViolation
│   ├── TypeConstraintViolation      TypeConstraintViolation
│   └── GenericFailure               GenericError
└── ResponseViolation              a CALLRESULT breaks its schema: it cannot be answered

The codes are spelled as OCPP-J 1.6 §4.2.3 spells them, its typing errors included: they stay
on the wire of 1.6 (OCPP-J 1.6 errata §5.1, §5.2).
"""

from __future__ import annotations

from typing import ClassVar


class ProtocolViolation(Exception):
    """Base of the errors in this module; ``description`` says what is wrong in one sentence."""

    def __init__(self, description: str = "") -> None:
        super().__init__(description)
        self.description = description


class CallFailure(ProtocolViolation):
    """The CALL that is being handled has to be answered with a CALLERROR of this ``code``."""

    code: ClassVar[str] = "GenericError"


class NotImplementedAction(CallFailure):
    """The action is not known."""

    code = "NotImplemented"


class NotSupportedAction(CallFailure):
    """The action is known but not supported."""

    code = "NotSupported"


class InternalFailure(CallFailure):
    """An internal error stopped the processing."""

    code = "InternalError"


class ProtocolFailure(CallFailure):
    """The payload for the action is incomplete."""

    code = "ProtocolError"


class SecurityFailure(CallFailure):
    """A security issue prevented the processing."""

    code = "SecurityError"


class FormationViolation(CallFailure):
    """The payload is syntactically wrong or does not have the structure of the message."""

    code = "FormationViolation"


class PropertyConstraintViolation(CallFailure):
    """A field has the right type but a value that is not allowed."""

    code = "PropertyConstraintViolation"


class OccurenceConstraintViolation(CallFailure):
    """A field is missing, or occurs too rarely or too often."""

    code = "OccurenceConstraintViolation"


class TypeConstraintViolation(CallFailure):
    """A field has the wrong type."""

    code = "TypeConstraintViolation"


class GenericFailure(CallFailure):
    """Anything that none of the other codes covers."""

    code = "GenericError"


class ResponseViolation(ProtocolViolation):
    """A CALLRESULT does not fit the response of the action that was called."""


__all__ = [
    "CallFailure",
    "FormationViolation",
    "GenericFailure",
    "InternalFailure",
    "NotImplementedAction",
    "NotSupportedAction",
    "OccurenceConstraintViolation",
    "PropertyConstraintViolation",
    "ProtocolFailure",
    "ProtocolViolation",
    "ResponseViolation",
    "SecurityFailure",
    "TypeConstraintViolation",
]
