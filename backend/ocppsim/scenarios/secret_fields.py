"""The names under which plans have secrets: fields, and keys of OCPP."""

from __future__ import annotations

SECRET_FIELDS = frozenset({"basic_auth_password", "client_key_pem", "AuthorizationKey"})

__all__ = ["SECRET_FIELDS"]
