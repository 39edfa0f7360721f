"""TLS contexts from PEM texts."""

from __future__ import annotations

import os
import ssl
import tempfile
from functools import lru_cache
from pathlib import Path

from ocppsim.simulation.definition import TlsDefinition

from .diagnosis import ConnectFailed


@lru_cache(maxsize=256)
def tls_context(tls: TlsDefinition) -> ssl.SSLContext:
    """The client context for a charger, TLS 1.2 or newer; equal definitions share one.

    Without ``ca_pem`` the certificate authorities of the machine are trusted. Raises
    :class:`~.diagnosis.ConnectFailed` where a PEM text is unusable.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if not tls.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    if tls.ca_pem is not None:
        try:
            context.load_verify_locations(cadata=tls.ca_pem)
        except (ssl.SSLError, ValueError) as error:
            raise ConnectFailed(f"TLS: the CA certificate is unusable ({error})") from error
    elif tls.verify:
        context.load_default_certs()
    if tls.client_cert_pem is not None:
        _load_client_certificate(context, tls.client_cert_pem, tls.client_key_pem)
    return context


def _load_client_certificate(context: ssl.SSLContext, cert_pem: str, key_pem: str | None) -> None:
    # OpenSSL reads a certificate chain from files only; mkstemp makes them readable by us alone.
    descriptor, path = tempfile.mkstemp(suffix=".pem")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(cert_pem.rstrip() + "\n" + (key_pem or ""))
        context.load_cert_chain(path)
    except (ssl.SSLError, UnicodeEncodeError) as error:
        raise ConnectFailed("TLS: the client certificate or its private key is unusable") from error
    finally:
        Path(path).unlink()


__all__ = ["tls_context"]
