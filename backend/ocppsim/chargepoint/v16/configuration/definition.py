"""What a configuration key is: its type, its bounds, who may set it (1.6 ed.2 §9)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from ocppsim.chargepoint.hardware import Hardware

LARGEST_INT = 2**31 - 1
LONGEST_VALUE = 500
"""Characters of a value (CiString500, 1.6 ed.2 §7.29)."""


class Access(Enum):
    """What ChangeConfiguration may do with a key."""

    READ_ONLY = "R"
    READ_WRITE = "RW"


class ValueType(Enum):
    """How a value is written."""

    BOOLEAN = "boolean"
    INTEGER = "integer"
    LIST = "CSL"


@dataclass(frozen=True, slots=True)
class KeyDefinition:
    """One key: its type, access, default, bounds and the feature profile that it belongs to.

    ``default`` is the text that an untouched charger reports. ``check`` gets the trimmed text
    and the hardware; it returns the text to store or raises ``ValueError`` with the reason.
    """

    name: str
    type: ValueType
    access: Access
    default: Callable[[Hardware], str]
    description: str
    profile: str = "Core"
    unit: str = ""
    minimum: int = 0
    maximum: int = LARGEST_INT
    required: bool = True
    """The standard demands it of every charge point that has its profile."""
    reboot_required: bool = False
    """A change works from the next boot on; no key of the standard needs that."""
    values: tuple[str, ...] = ()
    """The items that a list chooses from, one at least; empty where ``check`` decides."""
    item_form: str = ""
    """What the items of a list are, for people, where they are not ``values``."""
    follows_hardware: bool = False
    """The value is what the hardware is; nobody can set it, not even the operator."""
    check: Callable[[str, Hardware], str] | None = None
    fixed_when: Callable[[Hardware], bool] | None = None
    """On such hardware a writable key is read-only after all."""

    def is_readonly(self, hardware: Hardware) -> bool:
        """Whether ChangeConfiguration cannot set it."""
        if self.fixed_when is not None and self.fixed_when(hardware):
            return True
        return self.access is Access.READ_ONLY

    def normalise(self, text: str, hardware: Hardware) -> str:
        """The text in the form that is stored and reported; ``ValueError`` where it is bad."""
        if len(text) > LONGEST_VALUE:
            raise ValueError(f"a value has at most {LONGEST_VALUE} characters")
        value = _CHECKS[self.type](self, text.strip())
        return self.check(value, hardware) if self.check else value


def fixed(text: str) -> Callable[[Hardware], str]:
    """The default that is the same whatever the hardware."""
    return lambda _hardware: text


def boolean_key(
    name: str,
    default: bool,
    description: str,
    *,
    profile: str = "Core",
    access: Access = Access.READ_WRITE,
    required: bool = True,
) -> KeyDefinition:
    """A key that is ``true`` or ``false``."""
    return KeyDefinition(
        name,
        ValueType.BOOLEAN,
        access,
        fixed("true" if default else "false"),
        description,
        profile=profile,
        required=required,
    )


def integer_key(
    name: str,
    default: int,
    unit: str,
    description: str,
    *,
    profile: str = "Core",
    access: Access = Access.READ_WRITE,
    required: bool = True,
    maximum: int = LARGEST_INT,
) -> KeyDefinition:
    """A key that is a whole number from 0 to ``maximum``."""
    return KeyDefinition(
        name,
        ValueType.INTEGER,
        access,
        fixed(str(default)),
        description,
        profile=profile,
        unit=unit,
        required=required,
        maximum=maximum,
    )


def _boolean(_key: KeyDefinition, text: str) -> str:
    # AMB-10: any case, but neither 1/0 nor yes/no
    if text.lower() not in ("true", "false"):
        raise ValueError(f"{text!r} is not true or false")
    return text.lower()


def _integer(key: KeyDefinition, text: str) -> str:
    digits = text.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= 10):
        raise ValueError(f"{text!r} is not an integer")
    number = int(text)
    if not key.minimum <= number <= key.maximum:
        raise ValueError(f"{number} is not within {key.minimum} to {key.maximum}")
    return str(number)


def _list(key: KeyDefinition, text: str) -> str:
    items = [item.strip() for item in text.split(",")]
    if items == [""]:
        items = []
    if "" in items:
        raise ValueError("the list has an empty item")
    if key.values:
        _check_choice(items, key.values)
    return ",".join(items)


def _check_choice(items: list[str], values: tuple[str, ...]) -> None:
    for item in items:
        if item not in values:
            raise ValueError(f"{item!r} is none of {', '.join(values)}")
    if not items or len(set(items)) != len(items):
        raise ValueError(
            f"the list names each of {', '.join(values)} at most once, and one at least"
        )


_CHECKS: dict[ValueType, Callable[[KeyDefinition, str], str]] = {
    ValueType.BOOLEAN: _boolean,
    ValueType.INTEGER: _integer,
    ValueType.LIST: _list,
}


__all__ = [
    "LARGEST_INT",
    "LONGEST_VALUE",
    "Access",
    "KeyDefinition",
    "ValueType",
    "boolean_key",
    "fixed",
    "integer_key",
]
