"""Two central systems that are not ours behind one face."""

from __future__ import annotations

import asyncio
import json
import shutil
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from ocppsim.csms import CentralSystemConfig, DemoCentralSystem, WireMessage

STRICT_CSMS = Path(__file__).parent / "strict_csms.cjs"
OCPP_RPC = Path(__file__).parents[3] / "node_modules" / "ocpp-rpc"
_LIMIT_S = 30.0


class ReceivedCall(NamedTuple):
    """A CALL that the central system got from the charger."""

    action: str
    payload: dict[str, Any]


class CsmsPeer(ABC):
    """What a test may ask of either central system; there is one charger at a time."""

    def __init__(self) -> None:
        self.url = ""
        self.calls: list[ReceivedCall] = []
        self.violations: list[str] = []
        self._news = asyncio.Event()

    @abstractmethod
    async def command(
        self, charge_point_id: str, action: str, payload: dict[str, Any]
    ) -> dict[str, Any] | str:
        """Send a command: the payload of its answer, or the code of the CALLERROR."""

    def named(self, action: str) -> list[dict[str, Any]]:
        """The payloads of the CALLs of one action."""
        return [call.payload for call in self.calls if call.action == action]

    def statuses(self, connector_id: int = 1) -> list[str]:
        """What a connector reported, in order."""
        reports = self.named("StatusNotification")
        return [r["status"] for r in reports if r["connectorId"] == connector_id]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait for something to have arrived."""
        try:
            async with asyncio.timeout(_LIMIT_S):
                while not condition():
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            pytest.fail(f"it never came; what came: {self.calls}; violations: {self.violations}")

    def _note(self, action: str, payload: dict[str, Any]) -> None:
        self.calls.append(ReceivedCall(action, payload))
        self._news.set()


class OcppPackagePeer(CsmsPeer):
    """The central system on the PyPI package ``ocpp``."""

    def __init__(self, csms: DemoCentralSystem) -> None:
        super().__init__()
        self._csms = csms
        self.url = csms.url
        csms.watch_wire(self._on_frame)
        csms.watch_violations(lambda violation: self.violations.append(str(violation)))

    async def command(
        self, charge_point_id: str, action: str, payload: dict[str, Any]
    ) -> dict[str, Any] | str:
        outcome = await self._csms.send(charge_point_id, action, payload)
        return outcome.payload if outcome.kind == "CALLRESULT" else str(outcome.error_code)

    def _on_frame(self, message: WireMessage) -> None:
        frame = json.loads(message.text)
        if message.direction == "received" and frame[0] == 2:
            self._note(frame[2], frame[3])
        elif message.direction == "sent" and frame[0] == 4:
            self.violations.append(message.text)


class StrictPeer(CsmsPeer):
    """The central system on the npm package ``ocpp-rpc``, in a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        super().__init__()
        self._process = process
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}

    async def read(self) -> None:
        """Take in what the process says until it ends."""
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            said = json.loads(line)
            match said.get("event"):
                case "call":
                    self._note(said["action"], said["payload"])
                case "violation":
                    self.violations.append(line.decode())
                case "answer":
                    self._answers.pop(said["number"]).set_result(said)
                case _:
                    self.url = f"ws://127.0.0.1:{said['port']}"
                    self._news.set()

    async def command(
        self, charge_point_id: str, action: str, payload: dict[str, Any]
    ) -> dict[str, Any] | str:
        number = len(self._answers) + 1
        answer = self._answers[number] = asyncio.get_running_loop().create_future()
        assert self._process.stdin is not None
        order = {
            "number": number,
            "identity": charge_point_id,
            "action": action,
            "payload": payload,
        }
        self._process.stdin.write(json.dumps(order).encode() + b"\n")
        async with asyncio.timeout(_LIMIT_S):
            said = await answer
        return said["error"] if "error" in said else said["payload"]


@asynccontextmanager
async def ocpp_package_peer() -> AsyncGenerator[CsmsPeer]:
    """The Python one, for as long as the context lasts."""
    async with DemoCentralSystem(CentralSystemConfig(port=0)) as csms:
        yield OcppPackagePeer(csms)


@asynccontextmanager
async def strict_peer() -> AsyncGenerator[CsmsPeer]:
    """The Node one, for as long as the context lasts; skips where it cannot run."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed")
    if not OCPP_RPC.is_dir():
        pytest.skip("ocpp-rpc is not installed: npm ci")
    process = await asyncio.create_subprocess_exec(
        node,
        STRICT_CSMS,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    peer = StrictPeer(process)
    try:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(peer.read())
            await peer.until(lambda: bool(peer.url))
            try:
                yield peer
            finally:
                assert process.stdin is not None
                process.stdin.close()
    finally:
        if process.returncode is None:
            async with asyncio.timeout(10):
                await process.wait()
