"""Takes a port before anything else happens, so that a taken one is told in one line."""

from __future__ import annotations

import errno
import os
import socket

from .failures import CommandFailed


def listen(host: str, port: int, option: str) -> socket.socket:
    """A listening socket; raises ``CommandFailed`` that names the remedy (``option``)."""
    address = host.strip("[]")
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    try:
        return socket.create_server((address, port), family=family, backlog=1024)
    except OSError as error:
        raise CommandFailed(_explain(error, host, port, option)) from error


def is_free(host: str, port: int) -> bool:
    """Whether a port could be taken right now."""
    try:
        socket.create_server((host, port)).close()
    except OSError:
        return False
    return True


def _explain(error: OSError, host: str, port: int, option: str) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"port {port} on {host} is in use: stop the program that has it, "
            f"or choose another port with {option}"
        )
    if error.errno == errno.EACCES:
        return f"port {port} needs more rights: choose one above 1023 with {option}"
    return f"cannot listen on {host} port {port}: {_reason(error)}"


def _reason(error: OSError) -> str:
    # Python's own text repeats the address; that of a name that is not found has no errno.
    if error.errno is not None and error.errno > 0:
        return os.strerror(error.errno)
    return error.strerror or str(error)
