"""What a fleet can run on, and what does not go together."""

from __future__ import annotations

import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from ocppsim import __version__
from ocppsim.cli.failures import CommandFailed
from ocppsim.cli.fleet_actor import (
    JOURNAL_DIR_VARIABLE,
    NodeJournal,
    installed_version,
)
from ocppsim.cli.fleet_cluster import Cluster
from ocppsim.cli.program import run
from ocppsim.fleet.run_storage import DatabasePlace

PLAN = """\
version: 1
start: 2026-03-02T08:00:00Z
duration: 3s
chargers: [{count: 20}]
live: {csms_urls: "ws://127.0.0.1:9/"}
"""


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "load.yaml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def ray_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the command sets for Ray is as it was afterwards."""
    for name in (
        "RAY_AUTH_MODE",
        "RAY_AUTH_TOKEN",
        "RAY_USAGE_STATS_ENABLED",
        "RAY_DEDUP_LOGS_SKIP_REGEX",
    ):
        monkeypatch.setenv(name, "")


def test_without_ray_it_is_told_what_to_install(
    plan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    assert run(["fleet", "run", str(plan), "--engine", "ray"]) == 2
    assert (
        capsys.readouterr().err == "ocppsim: --engine ray needs Ray: pip install ocppsim[cluster]\n"
    )
    assert not Path("fleet-runs").exists()


def test_no_cluster_is_waited_for_where_nothing_listens(
    plan: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ray", SimpleNamespace())
    arguments = ["fleet", "run", str(plan), "--engine", "ray", "--address"]
    assert run([*arguments, "127.0.0.1:9"]) == 2
    assert "--address: 127.0.0.1:9 cannot be reached" in capsys.readouterr().err
    assert run([*arguments, "head"]) == 2
    assert "it is HOST:PORT of the head of a cluster, not 'head'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--address", "head:6379"], "--address is for --engine ray"),
        (["--journal-dir", "journals"], "--journal-dir is for --engine ray"),
        (["--engine", "ray", "--shard", "1/2"], "a shard runs in one process"),
        (["--database-url", "sqlite:///a.db"], "--database-url is for PostgreSQL"),
        (["--database-url", "nonsense"], "--database-url: the database URL cannot be read"),
    ],
)
def test_what_does_not_go_together_is_told(
    plan: Path, arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["fleet", "run", str(plan), *arguments]) == 2
    assert told in capsys.readouterr().err


class RayError(Exception):
    """As Ray's own."""


class GetTimeoutError(RayError):
    """As Ray's own."""


SILENCE = "silence"


def cluster_with(answers: dict[str, str | None]) -> Cluster:
    """Nodes by address; None: ocppsim cannot be imported there."""

    def get(answer: str | None, timeout: float) -> str:
        assert timeout > 0.0
        if answer is None:
            raise RayError
        if answer is SILENCE:
            raise GetTimeoutError
        return answer

    def options(*, num_cpus: int, scheduling_strategy: str) -> Any:
        assert num_cpus == 0
        return SimpleNamespace(remote=lambda: answers[scheduling_strategy])

    def remote(ask: object) -> Any:
        assert ask is installed_version
        return SimpleNamespace(options=options)

    nodes = [
        {"NodeID": one, "NodeManagerAddress": one, "Alive": True, "Resources": {"CPU": 2.0}}
        for one in answers
    ]
    nodes.append({"NodeID": "x", "NodeManagerAddress": "x", "Alive": False, "Resources": {}})
    nodes.append({"NodeID": "y", "NodeManagerAddress": "y", "Alive": True, "Resources": {}})
    strategies = SimpleNamespace(NodeAffinitySchedulingStrategy=lambda node_id, soft: node_id)
    return Cluster(
        SimpleNamespace(
            nodes=lambda: nodes,
            remote=remote,
            get=get,
            exceptions=SimpleNamespace(RayError=RayError, GetTimeoutError=GetTimeoutError),
            util=SimpleNamespace(scheduling_strategies=strategies),
        )
    )


def test_machines_with_the_same_version_will_do() -> None:
    cluster = cluster_with({"10.0.0.2": __version__, "10.0.0.1": __version__})
    cluster.check_versions()
    assert [(node.address, node.cores) for node in cluster.nodes().values()] == [
        ("10.0.0.1", 2),
        ("10.0.0.2", 2),
    ]


def test_a_machine_without_ocppsim_is_named_with_the_remedy() -> None:
    with pytest.raises(CommandFailed, match=r"10\.0\.0\.2 cannot import ocppsim") as raised:
        cluster_with({"10.0.0.1": __version__, "10.0.0.2": None}).check_versions()
    assert f"pip install 'ocppsim[cluster]=={__version__}'" in str(raised.value)


def test_a_machine_with_another_version_is_named() -> None:
    with pytest.raises(CommandFailed, match=r"10\.0\.0\.1 has ocppsim 0\.0\.9, this machine"):
        cluster_with({"10.0.0.1": "0.0.9"}).check_versions()


def test_a_machine_that_does_not_answer_and_a_cluster_without_machines_are_told() -> None:
    with pytest.raises(CommandFailed, match=r"10\.0\.0\.1 of the cluster does not answer"):
        cluster_with({"10.0.0.1": SILENCE}).check_versions()
    with pytest.raises(CommandFailed, match="no machine with cores"):
        cluster_with({}).check_versions()


def test_the_journals_of_a_node_are_where_it_says_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = NodeJournal("run-1", "fleet-2.db", str(tmp_path / "given"))
    monkeypatch.delenv(JOURNAL_DIR_VARIABLE, raising=False)
    assert journal.place() == DatabasePlace.file(tmp_path / "given" / "run-1" / "fleet-2.db")
    monkeypatch.setenv(JOURNAL_DIR_VARIABLE, str(tmp_path / "own"))
    assert journal.place() == DatabasePlace.file(tmp_path / "own" / "run-1" / "fleet-2.db")
    assert (tmp_path / "own" / "run-1").is_dir()
