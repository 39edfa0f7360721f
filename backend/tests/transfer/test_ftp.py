from __future__ import annotations

import asyncio
import hashlib
import logging
import threading

import pytest

from ocppsim.transfer import ftp as ftp_module
from ocppsim.transfer.allowlist import HostAllowlist
from ocppsim.transfer.bounds import TransferBounds
from ocppsim.transfer.errors import TransferFailed
from ocppsim.transfer.file_transfer import FileTransfer

from .conftest import IMPATIENT, Tls, transfers
from .file_servers import FtpServer, ftp_server, until

FIRMWARE = bytes(range(256)) * 100
LOG = b'{"kind": "log"}\n' * 1000


@pytest.mark.obligation("FW-12")
async def test_a_file_is_fetched_by_the_unknown_and_by_a_user(ftp: FtpServer) -> None:
    ftp.files["/dir/fw.bin"] = FIRMWARE
    receipt = await transfers().download(ftp.url("/dir/fw.bin"))
    assert receipt.size_bytes == len(FIRMWARE)
    assert receipt.sha256 == hashlib.sha256(FIRMWARE).hexdigest()
    assert ftp.commands[-1] == "QUIT"
    ftp.user, ftp.password = "me", "s3cr@t"
    await transfers().download(ftp.url("/dir/fw.bin", "me:s3cr%40t@"))
    ftp.password = None
    await transfers().download(ftp.url("/dir/fw.bin", "me@"))


async def test_a_wrong_password_is_a_failure_that_does_not_tell_it(
    ftp: FtpServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ftp.user, ftp.password = "me", "right"
    with pytest.raises(TransferFailed, match=r"answered: 530 Login incorrect\.$") as failure:
        await transfers().download(ftp.url("/x", "me:wr0ng@"))
    assert "wr0ng" not in str(failure.value) + caplog.text


async def test_what_the_server_has_not_is_a_failure(ftp: FtpServer) -> None:
    with pytest.raises(TransferFailed, match=r"answered: 550 No such file or directory\.$"):
        await transfers().download(ftp.url("/none"))
    with pytest.raises(TransferFailed, match="names a directory"):
        await transfers().download(ftp.url("/dir/"))


async def test_a_path_cannot_carry_commands(ftp: FtpServer) -> None:
    with pytest.raises(TransferFailed, match="control character"):
        await transfers().download(ftp.url("/x%0D%0ADELE%20y"))
    with pytest.raises(TransferFailed, match="line break"):
        await transfers().download(ftp.url("/x", "u%0D%0ADELE%20y@"))
    assert not any("DELE" in command for command in ftp.commands)


async def test_the_data_come_from_no_other_host(ftp: FtpServer) -> None:
    ftp.files["/fw"] = b"abc"
    ftp.pasv_address = "192,0,2,1"
    assert (await transfers().download(ftp.url("/fw"))).size_bytes == 3


async def test_what_is_too_large_is_not_fetched(ftp: FtpServer) -> None:
    ftp.files["/fw"] = b"x" * 100_001
    with pytest.raises(TransferFailed, match="larger than the 100000 bytes allowed"):
        await transfers().download(ftp.url("/fw"))
    assert not any(command.startswith("RETR") for command in ftp.commands)


@pytest.mark.parametrize("command", ["USER", "PASV", "RETR"])
async def test_a_silent_server_is_left_after_the_idle_time(ftp: FtpServer, command: str) -> None:
    ftp.files["/fw"] = FIRMWARE
    ftp.silent_on = command
    with pytest.raises(TransferFailed, match=r"Nothing moved between us and .* for 0.3 s\.$"):
        await transfers().download(ftp.url("/fw"))


async def test_the_overall_limit_holds_for_a_thread_too(ftp: FtpServer) -> None:
    ftp.silent_on = "USER"
    bounds = TransferBounds(limit_s=0.2)
    with pytest.raises(TransferFailed, match=r"It took longer than 0.2 s\.$"):
        await transfers(bounds=bounds).download(ftp.url("/fw"))
    async with asyncio.timeout(5):
        await ftp.left.wait()


async def test_a_connection_that_breaks_on_the_way_is_a_failure(ftp: FtpServer) -> None:
    ftp.files["/fw"] = FIRMWARE
    ftp.cut_after_bytes = 1000
    with pytest.raises(TransferFailed, match=r"The connection to .* broke\.$"):
        await transfers().download(ftp.url("/fw"))


async def test_where_nobody_listens_the_reason_says_so() -> None:
    async with ftp_server() as gone:
        url = gone.url("/fw")
    with pytest.raises(TransferFailed, match=r"127\.0\.0\.1:\d+ refuses the connection\.$"):
        await transfers().download(url)
    with pytest.raises(TransferFailed, match=r"The host no\.such\.invalid is not known\.$"):
        await transfers("*").download("ftp://no.such.invalid/fw")


@pytest.mark.parametrize("command", ["USER", "RETR"])
async def test_a_cancelled_transfer_lets_go_of_the_server_and_its_thread(
    ftp: FtpServer, command: str
) -> None:
    ftp.files["/fw"] = FIRMWARE
    ftp.silent_on = command
    patient = transfers(bounds=TransferBounds())
    async with asyncio.timeout(5), asyncio.TaskGroup() as tasks:
        task = tasks.create_task(patient.download(ftp.url("/fw")))
        await until(lambda: any(each.startswith(command) for each in ftp.commands))
        task.cancel()
        await ftp.left.wait()
        await until(lambda: all(thread.name != "ocppsim-ftp" for thread in threading.enumerate()))


@pytest.mark.obligation("DIAG-02", "DIAG-07")
async def test_a_file_is_stored_in_a_directory_or_under_the_name_that_is_given(
    ftp: FtpServer,
) -> None:
    ftp.directories |= {"/up", "/logs"}
    for path in ("", "/", "/up/", "/logs", "/up/mine.log"):
        await transfers().upload(ftp.url(path), "diag.log", LOG)
    assert ftp.files == {
        "/diag.log": LOG,
        "/up/diag.log": LOG,
        "/logs/diag.log": LOG,
        "/up/mine.log": LOG,
    }


async def test_an_upload_that_is_refused_says_so(ftp: FtpServer) -> None:
    with pytest.raises(TransferFailed, match=r"answered: 553 Could not create file\.$"):
        await transfers().upload(ftp.url("/none/"), "diag.log", LOG)


@pytest.mark.obligation("FW-12", "DIAG-07")
@pytest.mark.parametrize("implicit", [False, True])
async def test_ftps_encrypts_commands_and_data(
    tls: Tls, implicit: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with ftp_server(tls.server, implicit=implicit) as ftps:
        if implicit:
            monkeypatch.setattr(ftp_module, "IMPLICIT_TLS_PORT", ftps.port)
        ftps.files["/fw"] = FIRMWARE
        trusting = FileTransfer(HostAllowlist(["127.0.0.1"]), IMPATIENT, tls.client)
        url = ftps.url("/fw", scheme="ftps")
        assert (await trusting.download(url)).size_bytes == len(FIRMWARE)
        await trusting.upload(ftps.url("/log", scheme="ftps"), "x", LOG)
        assert ftps.files["/log"] == LOG
        assert ("AUTH TLS" in ftps.commands) != implicit
        with pytest.raises(TransferFailed, match=r"^The certificate of .* is not trusted"):
            await transfers().download(url)


async def test_ftps_does_not_fall_back_to_plain_text(ftp: FtpServer) -> None:
    with pytest.raises(TransferFailed):
        await transfers().download(ftp.url("/fw", "u:p@", scheme="ftps"))
    assert not any(command.startswith(("USER", "PASS")) for command in ftp.commands)
