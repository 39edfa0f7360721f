"""From request bodies to charger definitions: the rules that no single field can check."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from ocppsim.chargepoint.controller import ChargePointIdentity
from ocppsim.simulation.definition import (
    CableKind,
    ChargerDefinition,
    ConnectorDefinition,
    PowerType,
    TlsDefinition,
)
from ocppsim.transport.diagnosis import ConnectFailed
from ocppsim.transport.tls import tls_context
from ocppsim.transport.url import InvalidUrl, target_url

from .hardware_rules import changed_hardware, check_hardware, new_hardware
from .problems import Unprocessable
from .schemas.charger_input import ChargerCreate, ChargerUpdate, ConnectorInput

SUPPORTED_OCPP_VERSION = "1.6"

AC_THREE_PHASE_POWER_W = 22080.0  # 32 A at 230 V
AC_SINGLE_PHASE_POWER_W = 7360.0  # 32 A at 230 V
DC_POWER_W = 150_000.0

_IDENTITY_FIELDS = frozenset(ChargePointIdentity.__struct_fields__) - {"charge_point_id"}
_HARDWARE_FIELDS = frozenset({"power_type", "max_power_w", "phases", "cable"})
ALIKE_FIELDS = _HARDWARE_FIELDS | {"evse_count"}
"""What is said of all connectors at once."""
_PLAIN_FIELDS = frozenset(
    {
        "charger_name",
        "location_id",
        "connection_url",
        "ocpp_version",
        "security_profile",
        "basic_auth_password",
        "auto_plug_in",
        "behaviour",
        "time_scale",
    }
)


def new_definition(location_id: int, body: ChargerCreate) -> ChargerDefinition:
    """The definition of a new charger (its number is not known yet: 0).

    Raises ``Unprocessable`` for what does not fit together.
    """
    if body.connectors is not None:
        given = {name: getattr(body, name) for name in ALIKE_FIELDS & body.model_fields_set}
        connectors = _listed_connectors(body.connectors, given)
    else:
        alike = _connector_definition(body.power_type, body.max_power_w, body.phases, body.cable)
        connectors = (alike,) * (1 if body.evse_count is None else body.evse_count)
    definition = ChargerDefinition(
        charger_id=0,
        location_id=location_id,
        charger_name=body.charger_name,
        connection_url=body.connection_url,
        identity=ChargePointIdentity(
            charge_point_id=body.charge_point_id,
            **{name: getattr(body, name) for name in _IDENTITY_FIELDS},
        ),
        connectors=connectors,
        ocpp_version=body.ocpp_version,
        security_profile=body.security_profile,
        basic_auth_password=body.basic_auth_password,
        tls=TlsDefinition(
            ca_pem=body.tls.ca_pem,
            client_cert_pem=body.tls.client_cert_pem,
            client_key_pem=body.tls.client_key_pem,
            verify=body.tls.verify,
        ),
        auto_plug_in=body.auto_plug_in,
        behaviour=body.behaviour,
        time_scale=body.time_scale,
        hardware=new_hardware(body),
        template_id=body.template_id,
        desired_connection="connected" if body.auto_connect else "disconnected",
    )
    check_definition(definition)
    return definition


def changed_definition(definition: ChargerDefinition, body: ChargerUpdate) -> ChargerDefinition:
    """The definition after the changes of a PATCH; ``configuration`` is not part of it.

    Raises ``Unprocessable`` for what does not fit together.
    """
    changes = body.changes()
    identity_changes = {name: changes[name] for name in _IDENTITY_FIELDS & changes.keys()}
    plain_changes = {name: changes[name] for name in _PLAIN_FIELDS & changes.keys()}
    tls = definition.tls
    if "tls" in changes:
        tls = msgspec.structs.replace(tls, **body.tls.changes())
    changed = msgspec.structs.replace(
        definition,
        identity=msgspec.structs.replace(definition.identity, **identity_changes),
        connectors=_changed_connectors(definition, body),
        hardware=changed_hardware(definition.hardware, body),
        tls=tls,
        **plain_changes,
    )
    check_definition(changed)
    return changed


def check_definition(definition: ChargerDefinition) -> None:
    """Raise ``Unprocessable`` for the first thing that does not fit together."""
    charge_point_id = definition.charge_point_id
    if charge_point_id in {".", ".."}:
        raise Unprocessable(
            "charge_point_id: '.' and '..' cannot be the last segment of a URL", "charge_point_id"
        )
    if definition.ocpp_version != SUPPORTED_OCPP_VERSION:
        raise Unprocessable(
            f"OCPP {definition.ocpp_version!r} is not supported; "
            f'supported is "{SUPPORTED_OCPP_VERSION}"',
            "ocpp_version",
        )
    secure = _check_url(definition.connection_url, charge_point_id)
    profile = definition.security_profile
    if profile >= 2 and not secure:
        raise Unprocessable(
            f"security profile {profile} wants TLS: a connection_url with wss://",
            "security_profile",
        )
    if profile in {1, 2} and not definition.basic_auth_password:
        raise Unprocessable(
            f"security profile {profile} wants a basic_auth_password", "basic_auth_password"
        )
    _check_tls(definition.tls, client_certificate_wanted=profile == 3)
    check_hardware(definition.hardware, definition.connectors[0].power_type)


def _listed_connectors(
    connectors: Sequence[ConnectorInput], alike: Mapping[str, Any]
) -> tuple[ConnectorDefinition, ...]:
    """The hardware of a list; what a connector leaves out is as in ``alike``.

    Of another power type than theirs, it shares nothing with the others.
    """
    count = alike.get("evse_count")
    if count is not None and count != len(connectors):
        raise Unprocessable(
            f"connectors stands instead of evse_count: there are {len(connectors)}, not {count}",
            "connectors",
        )
    shared = {name: alike[name] for name in _HARDWARE_FIELDS & alike.keys()}
    shared.setdefault("power_type", "AC")
    definitions: list[ConnectorDefinition] = []
    for connector in connectors:
        own = connector.model_dump(exclude_unset=True)
        if own.get("power_type", shared["power_type"]) == shared["power_type"]:
            own = shared | own
        body = ConnectorInput.model_validate(own)
        definitions.append(
            _connector_definition(body.power_type, body.max_power_w, body.phases, body.cable)
        )
    return tuple(definitions)


def _connector_definition(
    power_type: PowerType, max_power_w: float | None, phases: int, cable: CableKind | None
) -> ConnectorDefinition:
    if max_power_w is None:
        if power_type == "DC":
            max_power_w = DC_POWER_W
        else:
            max_power_w = AC_THREE_PHASE_POWER_W if phases == 3 else AC_SINGLE_PHASE_POWER_W
    if cable is None:
        # A DC cable is too heavy, and too dear, for the driver to bring one.
        cable = "tethered" if power_type == "DC" else "socket"
    return ConnectorDefinition(
        power_type=power_type, max_power_w=max_power_w, phases=phases, cable=cable
    )


def _changed_connectors(
    definition: ChargerDefinition, body: ChargerUpdate
) -> tuple[ConnectorDefinition, ...]:
    changes = body.changes()
    if "connectors" in changes:
        alike = ALIKE_FIELDS & changes.keys()
        return _listed_connectors(body.connectors, {name: changes[name] for name in alike})
    return altered_connectors(definition.connectors, changes)


def altered_connectors(
    connectors: tuple[ConnectorDefinition, ...], changes: Mapping[str, Any]
) -> tuple[ConnectorDefinition, ...]:
    """The connectors after changes that are about all of them alike, and of their number."""
    alike = ALIKE_FIELDS & changes.keys()
    if not alike:
        return connectors
    count = changes.get("evse_count", len(connectors))
    kept = connectors[:count]
    connectors = kept + (connectors[-1],) * (count - len(kept))
    hardware = {name: changes[name] for name in alike - {"evse_count"}}
    if not hardware:
        return connectors
    if "power_type" in hardware:
        # Another kind of hardware: what is not given is that kind's default.
        phases = hardware.get("phases", 3)
        replaced = _connector_definition(
            hardware["power_type"], hardware.get("max_power_w"), phases, hardware.get("cable")
        )
        return tuple(
            connector
            if connector.power_type == replaced.power_type and len(hardware) == 1
            else replaced
            for connector in connectors
        )
    return tuple(msgspec.structs.replace(connector, **hardware) for connector in connectors)


def _check_url(connection_url: str, charge_point_id: str) -> bool:
    """Whether the URL is secure; raises ``Unprocessable`` where it is no CSMS endpoint."""
    if any(character.isspace() or not character.isprintable() for character in connection_url):
        raise Unprocessable("connection_url must not contain blanks", "connection_url")
    try:
        target = target_url(connection_url, charge_point_id)
        target.host.encode("idna")
    except InvalidUrl as error:
        reason = str(error).removeprefix("URL: ")
        raise Unprocessable(f"connection_url: {reason}", "connection_url") from None
    except UnicodeError:
        raise Unprocessable("the host of connection_url cannot be a name", "connection_url") from (
            None
        )
    if target.user is not None or target.password is not None:
        raise Unprocessable(
            "connection_url must not hold a password; that is basic_auth_password",
            "connection_url",
        )
    if "#" in connection_url:
        # RFC 6455 §3
        raise Unprocessable("a WebSocket URL has no fragment (#)", "connection_url")
    if urlsplit(connection_url).port == 0:
        raise Unprocessable("connection_url has port 0", "connection_url")
    return target.secure


def _check_tls(tls: TlsDefinition, *, client_certificate_wanted: bool) -> None:
    if client_certificate_wanted and (tls.client_cert_pem is None or tls.client_key_pem is None):
        raise Unprocessable(
            "security profile 3 wants tls.client_cert_pem and tls.client_key_pem", "tls"
        )
    if (tls.client_cert_pem is None) != (tls.client_key_pem is None):
        raise Unprocessable("a client certificate and its private key come together", "tls")
    if "ENCRYPTED" in f"{tls.client_cert_pem} {tls.client_key_pem}":
        raise Unprocessable("the private key must not be encrypted", "tls")
    if tls.ca_pem is None and tls.client_cert_pem is None:
        return
    try:
        tls_context(tls)
    except ConnectFailed as error:
        raise Unprocessable(str(error), "tls") from None
