"""Files over FTP and FTPS, on a thread: the library of Python blocks, but knows every server."""

from __future__ import annotations

import asyncio
import contextlib
import ftplib
import socket
import ssl
import threading
from collections.abc import Callable
from io import BytesIO
from urllib.parse import unquote

from .bounds import Receipt, TransferBounds
from .diagnosis import diagnose, quoted
from .errors import TransferFailed
from .intake import Intake, receipt_of
from .location import Location

IMPLICIT_TLS_PORT = 990
"""Here TLS comes first; at any other port it is asked for (``AUTH TLS``, RFC 4217)."""

_CHUNK_BYTES = 64 << 10
_FAREWELL_S = 2.0


class FtpTransfer:
    """Fetches with RETR, delivers with STOR, always passively and in binary.

    The data come from the host of the control connection, whatever address PASV may give.
    """

    def __init__(self, bounds: TransferBounds, tls: ssl.SSLContext) -> None:
        self._bounds = bounds
        self._tls = tls

    async def download(self, location: Location) -> Receipt:
        """Raises :class:`~.errors.TransferFailed`."""
        session = _Session(location, self._bounds, self._tls)
        return await _on_thread(session, session.download)

    async def upload(self, location: Location, file_name: str, content: bytes) -> Receipt:
        """Put the file into the directory, or at the place, that ``location`` names.

        A path that is a directory on the server counts as one without a slash at its end, too.
        Raises :class:`~.errors.TransferFailed`.
        """
        session = _Session(location, self._bounds, self._tls)
        return await _on_thread(session, lambda: session.upload(file_name, content))


class _PlainFtp(ftplib.FTP):
    """Remembers its data connection, so that another thread can break it off."""

    data: socket.socket | None = None

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        self.data, size_bytes = super().ntransfercmd(cmd, rest)
        return self.data, size_bytes


class _TlsFtp(ftplib.FTP_TLS):
    """FTPS with all data encrypted."""

    data: socket.socket | None = None

    def ntransfercmd(
        self, cmd: str, rest: int | str | None = None
    ) -> tuple[socket.socket, int | None]:
        self.data, size_bytes = ftplib.FTP.ntransfercmd(self, cmd, rest)
        session = self.sock.session if isinstance(self.sock, ssl.SSLSocket) else None
        # Many servers want proof that the data come from who logged in: the same TLS session.
        self.data = self.context.wrap_socket(self.data, server_hostname=self.host, session=session)
        return self.data, size_bytes


class _ImplicitTlsFtp(_TlsFtp):
    """FTPS as it was before RFC 4217: encrypted from the first byte on."""

    def connect(
        self,
        host: str = "",
        port: int = 0,
        timeout: float = -999,
        source_address: tuple[str, int] | None = None,
    ) -> str:
        self.host, self.port, self.timeout = host, port, timeout
        plain = socket.create_connection((host, port), timeout, source_address)
        self.af = plain.family
        self.sock = self.context.wrap_socket(plain, server_hostname=host)
        self.file = self.sock.makefile("r", encoding=self.encoding)
        self.welcome = self.getresp()
        return self.welcome


class _Session:
    """One connection with its one transfer; every call but ``abort`` is the worker's."""

    def __init__(self, location: Location, bounds: TransferBounds, tls: ssl.SSLContext) -> None:
        self._location = location
        self._bounds = bounds
        self._aborted = False
        if location.scheme == "ftp":
            self._ftp: _PlainFtp | _TlsFtp = _PlainFtp(encoding="utf-8")
        elif location.port == IMPLICIT_TLS_PORT:
            self._ftp = _ImplicitTlsFtp(context=tls, encoding="utf-8")
        else:
            self._ftp = _TlsFtp(context=tls, encoding="utf-8")

    def abort(self) -> None:
        """Break everything off, from any thread; what waits there fails at once."""
        self._aborted = True
        for connection in (self._ftp.data, self._ftp.sock):
            if connection is not None:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def download(self) -> Receipt:
        intake = Intake(self._bounds)
        path = self._path()
        if not path or path.endswith("/"):
            raise TransferFailed("The location names a directory, not a file.")

        def transfer() -> None:
            self._log_in()
            self._ftp.voidcmd("TYPE I")
            with contextlib.suppress(ftplib.error_perm, ftplib.error_temp):
                intake.expect(self._ftp.size(path) or 0)
            self._ftp.retrbinary(f"RETR {path}", intake.take, _CHUNK_BYTES)

        self._carry_out(transfer)
        return intake.receipt

    def upload(self, file_name: str, content: bytes) -> Receipt:
        path = self._path()

        def transfer() -> None:
            self._log_in()
            target = path
            if self._location.is_directory:
                target = f"{path}{file_name}"
            elif self._is_directory(path):
                target = file_name
            self._ftp.storbinary(f"STOR {target}", BytesIO(content), _CHUNK_BYTES)

        self._carry_out(transfer)
        return receipt_of(content)

    def _path(self) -> str:
        """The path as RFC 1738 §3.2.2 has it: from where the login leads to."""
        path = unquote(self._location.path.removeprefix("/"))
        if not path.isprintable():
            raise TransferFailed("The location holds a control character.")
        return path

    def _log_in(self) -> None:
        location, ftp = self._location, self._ftp
        ftp.connect(location.host, location.port, self._bounds.connect_s)
        if self._aborted:
            raise EOFError
        ftp.timeout = self._bounds.idle_s
        if ftp.sock is not None:
            ftp.sock.settimeout(self._bounds.idle_s)
        ftp.login(location.user or "", location.password or "")
        if isinstance(ftp, _TlsFtp):
            ftp.prot_p()

    def _is_directory(self, path: str) -> bool:
        """Whether we are in that directory now."""
        try:
            self._ftp.cwd(path)
        except (ftplib.error_perm, ftplib.error_temp):
            return False
        return True

    def _carry_out(self, transfer: Callable[[], None]) -> None:
        """Raises ``TransferFailed`` for whatever goes wrong."""
        location = self._location
        try:
            transfer()
            self._say_goodbye()
        except ftplib.Error as error:
            raise TransferFailed(self._refusal(error)) from None
        except TimeoutError as error:
            if self._ftp.sock is None and error.errno is None:
                seconds = f"{self._bounds.connect_s:g}"
                reason = f"{location.peer} does not answer within {seconds} s."
                raise TransferFailed(reason) from None
            raise TransferFailed(diagnose(error, location, self._bounds.idle_s)) from None
        except (OSError, EOFError, UnicodeError) as error:
            raise TransferFailed(diagnose(error, location, self._bounds.idle_s)) from None
        except ValueError:  # The library lets no line break into a command.
            raise TransferFailed("The location holds a line break.") from None
        finally:
            self._ftp.close()

    def _refusal(self, error: ftplib.Error) -> str:
        text = quoted(str(error))
        if self._location.password:
            text = text.replace(self._location.password, "***")
        return f"{self._location.peer} answered: {text.rstrip('.')}."

    def _say_goodbye(self) -> None:
        """The file is where it belongs; how we part does not matter any more."""
        with contextlib.suppress(OSError, EOFError, ftplib.Error):
            if self._ftp.sock is not None:
                self._ftp.sock.settimeout(_FAREWELL_S)
            self._ftp.voidcmd("QUIT")


async def _on_thread(session: _Session, work: Callable[[], Receipt]) -> Receipt:
    """Do the work beside the loop; who is cancelled breaks it off.

    The thread is a daemon: a look-up of a name that hangs does not keep the program from ending.
    """
    loop = asyncio.get_running_loop()
    outcome: asyncio.Future[Receipt] = loop.create_future()

    def tell(receipt: Receipt | None, error: Exception | None) -> None:
        if outcome.done():
            return
        if receipt is not None:
            outcome.set_result(receipt)
        else:
            outcome.set_exception(error or TransferFailed("The transfer ended without a word."))

    def run() -> None:
        receipt: Receipt | None = None
        failure: Exception | None = None
        try:
            receipt = work()
        except Exception as error:  # noqa: BLE001 - it is raised where it is waited for
            failure = error
        with contextlib.suppress(RuntimeError):  # The loop is closed already.
            loop.call_soon_threadsafe(tell, receipt, failure)

    threading.Thread(target=run, name="ocppsim-ftp", daemon=True).start()
    try:
        return await outcome
    finally:
        if not outcome.done() or outcome.cancelled():
            session.abort()


__all__ = ["IMPLICIT_TLS_PORT", "FtpTransfer"]
