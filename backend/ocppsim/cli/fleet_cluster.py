"""A fleet over a cluster of Ray: an actor for each part, on one machine or on many."""

from __future__ import annotations

import asyncio
import importlib
import os
import secrets
import socket
from collections import Counter, deque
from collections.abc import Generator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, NamedTuple

from ocppsim.fleet.part_messages import Joining, PartMessage
from ocppsim.fleet.parts import PartDied, PartGone, RunFailed, run_parts
from ocppsim.fleet.run_listener import RunListener
from ocppsim.fleet.spreading import least_loaded, spread

from .failures import CommandFailed
from .fleet_actor import FleetActor, NodeJournal, installed_version
from .fleet_session import PartOrder

_TOKEN_VARIABLES = ("RAY_AUTH_TOKEN", "RAY_AUTH_TOKEN_PATH")
_CONNECTS_WITHIN_S = 5.0
_ANSWERS_WITHIN_S = 60.0
_LOOKS_AGAIN_AFTER_S = 0.5
_CALLS_AT_ONCE = 4
_LONGEST_REASON = 300


class Node(NamedTuple):
    """A machine of a cluster; its id is Ray's."""

    node_id: str
    address: str
    cores: int


class Cluster:
    """A cluster that this process is connected to."""

    def __init__(self, ray: Any) -> None:
        self.ray = ray

    def nodes(self) -> dict[str, Node]:
        """The machines that are alive and have cores to offer, by their ids."""
        found = [
            Node(one["NodeID"], one["NodeManagerAddress"], int(one["Resources"].get("CPU", 0)))
            for one in self.ray.nodes()
            if one["Alive"]
        ]
        return {node.node_id: node for node in sorted(found, key=lambda one: one[1:]) if node.cores}

    def on(self, node_id: str) -> Any:
        """The scheduling strategy: on that node, or not at all."""
        strategies = self.ray.util.scheduling_strategies
        return strategies.NodeAffinitySchedulingStrategy(node_id, soft=False)

    def check_versions(self) -> None:
        """Raises ``CommandFailed`` where a node has no ocppsim, or another one than this.

        And where there is no node.
        """
        if not self.nodes():
            raise CommandFailed("the cluster has no machine with cores to offer")
        mine = installed_version()
        ask = self.ray.remote(installed_version)
        asked = {
            node: ask.options(num_cpus=0, scheduling_strategy=self.on(node.node_id)).remote()
            for node in self.nodes().values()
        }
        for node, answer in asked.items():
            try:
                found = self.ray.get(answer, timeout=_ANSWERS_WITHIN_S)
            except self.ray.exceptions.GetTimeoutError:
                raise CommandFailed(f"{node.address} of the cluster does not answer") from None
            except self.ray.exceptions.RayError:
                raise CommandFailed(
                    f"{node.address} cannot import ocppsim: each machine of the cluster needs"
                    f" pip install 'ocppsim[cluster]=={mine}'"
                ) from None
            if found != mine:
                raise CommandFailed(
                    f"{node.address} has ocppsim {found}, this machine {mine}:"
                    " they must be the same"
                )


@contextmanager
def connected_cluster(address: str | None, processes: int | None) -> Generator[Cluster]:
    """The cluster at ``HOST:PORT``, or a new one on this machine for so many processes.

    Raises ``CommandFailed`` where there is no Ray, no cluster, or one that does not let in.
    """
    # Whoever reaches an open cluster runs programs on it. Ray looks when it is imported.
    os.environ["RAY_AUTH_MODE"] = "token"
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    # It writes what its own processes say to stdout, where the progress goes
    os.environ.setdefault("RAY_DEDUP_LOGS_SKIP_REGEX", ".*")
    if address is None and not any(os.environ.get(name) for name in _TOKEN_VARIABLES):
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    try:
        ray = importlib.import_module("ray")
    except ImportError:
        raise CommandFailed("--engine ray needs Ray: pip install ocppsim[cluster]") from None
    if address is None:
        cores = processes or os.cpu_count() or 1
        own = {"address": "local", "num_cpus": cores, "include_dashboard": False}
    else:
        own = {"address": address, **_loopback(address)}
    try:
        ray.init(log_to_driver=False, logging_level="critical", **own)
    except ray.exceptions.AuthenticationError as error:
        raise CommandFailed(f"Ray at {address} lets in who has its RAY_AUTH_TOKEN") from error
    except (ray.exceptions.RayError, OSError, RuntimeError, ValueError) as error:
        reason = str(error)[:_LONGEST_REASON]
        if address is None:
            raise CommandFailed(f"Ray: {reason}") from error
        raise CommandFailed(
            f"Ray at {address}: {reason} (is RAY_AUTH_TOKEN that of the cluster?)"
        ) from error
    try:
        yield Cluster(ray)
    finally:
        ray.shutdown()


def _loopback(address: str) -> dict[str, Any]:
    """Raises ``CommandFailed`` where nothing listens; Ray itself would try for minutes."""
    host, _, port = address.rpartition(":")
    if not host or not port.isdecimal():
        raise CommandFailed(f"--address: it is HOST:PORT of the head of a cluster, not {address!r}")
    try:
        socket.create_connection((host, int(port)), _CONNECTS_WITHIN_S).close()
    except (OSError, OverflowError) as error:
        raise CommandFailed(f"--address: {address} cannot be reached ({error})") from None
    # Ray takes the address of the network card for its own, which is none of these
    return {"_node_ip_address": host} if host.startswith("127.") else {}


async def run_in_cluster(
    cluster: Cluster,
    parts: Sequence[PartOrder],
    journals: Sequence[NodeJournal] | None,
    stopped: asyncio.Event,
    listener: RunListener,
) -> int:
    """Run all parts, an actor each; one that dies is started again.

    With ``journals`` each part has its own on the node where it runs, and goes on from that there;
    where the node is gone it begins anew on another one, and its open transactions are lost.
    Without, the parts' databases are such as all nodes reach, and nothing is lost.

    Returns how many transactions are left that the CSMS has not confirmed the end of. Raises
    :class:`~ocppsim.fleet.parts.RunFailed`.
    """
    nodes = await asyncio.to_thread(cluster.nodes)
    return await run_parts(_Actors(cluster, nodes, parts, journals), stopped, listener)


class _Actors:
    def __init__(
        self,
        cluster: Cluster,
        nodes: dict[str, Node],
        parts: Sequence[PartOrder],
        journals: Sequence[NodeJournal] | None,
    ) -> None:
        self.count = len(parts)
        self._cluster = cluster
        self._parts = parts
        self._journals = None if journals is None else list(journals)
        self._nodes = nodes
        cores = {node.node_id: node.cores for node in nodes.values()}
        self._node_of = spread(cores, len(parts))
        self._actor = cluster.ray.remote(FleetActor)

    async def start(self, part: int) -> _ActorLink:
        # All cores are the parts': where a node has died, others take over what it had
        actor = self._actor.options(
            num_cpus=0,
            max_concurrency=_CALLS_AT_ONCE,
            scheduling_strategy=self._cluster.on(self._node_of[part]),
        ).remote(self._parts[part], None if self._journals is None else self._journals[part])
        return _ActorLink(self._cluster.ray, actor)

    async def place_again(self, part: int) -> _Place:
        alive = await asyncio.to_thread(self._cluster.nodes)
        before = self._node_of[part]
        if before in alive:
            return _Place("and is started again", has_journal=True)
        if not alive:
            raise PartGone("no machine is left")
        cores = {node.node_id: node.cores for node in alive.values()}
        node = alive[least_loaded(cores, Counter(self._node_of))]
        self._node_of[part] = node.node_id
        gone = f"with its machine {self._nodes[before].address}"
        self._nodes |= alive
        if self._journals is None:
            return _Place(f"{gone}, and goes on on {node.address}", has_journal=True)
        self._journals[part] = _anew(self._journals[part])
        return _Place(f"{gone}, and begins anew on {node.address}", has_journal=False)


class _Place(NamedTuple):
    outcome: str
    has_journal: bool


def _anew(journal: NodeJournal) -> NodeJournal:
    """In a file that no part has written to, whichever node it may be on."""
    path = Path(journal.file_name)
    return NodeJournal(journal.run, f"{path.stem}-anew{path.suffix}", journal.directory)


class _ActorLink:
    def __init__(self, ray: Any, actor: Any) -> None:
        self._ray = ray
        self._actor = actor
        self._joining: Joining | None = None
        self._is_stopped = False
        self._taken = 0
        self._messages: deque[PartMessage] = deque()

    async def receive(self) -> PartMessage:
        errors = self._ray.exceptions
        while not self._messages:
            try:
                self._messages.extend(
                    await self._actor.take.remote(self._taken, self._joining, self._is_stopped)
                )
            except errors.ActorUnavailableError:  # it is slow, or its death is not certain yet
                await asyncio.sleep(_LOOKS_AGAIN_AFTER_S)
            except (errors.ActorDiedError, errors.ActorUnschedulableError):
                raise PartDied from None
            except errors.RayError as error:
                raise RunFailed(f"Ray: {error}", has_died=True) from error
        self._taken += 1
        return self._messages.popleft()

    def join(self, joining: Joining) -> None:
        self._joining = joining
        self._actor.join.remote(joining)

    def stop(self) -> None:
        self._is_stopped = True
        self._actor.stop.remote()

    async def end(self) -> None:
        with suppress(self._ray.exceptions.RayError):
            self._ray.kill(self._actor, no_restart=True)


__all__ = ["Cluster", "Node", "connected_cluster", "run_in_cluster"]
