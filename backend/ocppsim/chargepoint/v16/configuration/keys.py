"""The definition table of configuration keys (1.6 ed.2 §9, errata v4.0, OCPP-J §7).

The store, the answers to GetConfiguration and ChangeConfiguration, REST and the table in
``docs/configuration-keys.md`` all follow from it.
"""

from __future__ import annotations

from .core_keys import core_keys
from .definition import KeyDefinition
from .profile_keys import profile_keys

KEYS: dict[str, KeyDefinition] = {key.name: key for key in (*core_keys(), *profile_keys())}
"""By the standard's spelling, in the standard's order."""

_BY_FOLDED_NAME = {name.lower(): key for name, key in KEYS.items()}


def find_key(name: str) -> KeyDefinition | None:
    """The key of that name; names are CiStrings (1.6 ed.2 §6.9)."""
    return _BY_FOLDED_NAME.get(name.strip().lower())


__all__ = ["KEYS", "find_key"]
