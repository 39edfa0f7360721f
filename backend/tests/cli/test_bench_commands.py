"""The command language of ``ocppsim connect``."""

from __future__ import annotations

import pytest

from ocppsim.cli.bench_commands import BadCommand, help_text, parse_line, split_script, words


@pytest.mark.parametrize(
    "line",
    [
        "plug",
        "plug 2",
        "plug 1 45%",
        "plug 1 45 renault-zoe-ze50",
        "unplug 1 charger",
        "tag 'MY TAG' 2",
        "start TAG",
        "stop 1 EmergencyStop",
        "button",
        "emergency",
        "ev pause",
        "fault GroundFailure 0 'wet floor'",
        "clear 0",
        "lock jam 2",
        "status",
        "config",
        "config get HeartbeatInterval",
        "config set HeartbeatInterval 60",
        "power cycle",
        "reset",
        "network cut",
        "network up 200",
        "offline",
        "online",
        "connect",
        "disconnect",
        "wait 0.5",
        "wait Charging 2",
        'call DataTransfer {"vendorId": "x"}',
        "call Heartbeat",
        "raw [2,",
    ],
)
def test_what_can_be_typed(line: str) -> None:
    assert parse_line(line) is not None


@pytest.mark.parametrize("line", ["", "   ", "# a comment"])
def test_an_empty_line_asks_for_nothing(line: str) -> None:
    assert parse_line(line) is None


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("jump", "unknown command 'jump'"),
        ("plug one", "usage: plug"),
        ("plug 1 101", "usage: plug"),
        ("plug 1 2 renault-zoe-ze50 4", "usage: plug"),
        ("unplug 1 roof", "usage: unplug"),
        ("tag", "usage: tag"),
        ("tag 'open", "tag: "),
        ("ev fly", "usage: ev"),
        ("lock", "usage: lock"),
        ("config set A", "usage: config"),
        ("power maybe", "usage: power"),
        ("network slow", "usage: network"),
        ("wait", "usage: wait"),
        ("wait -1", "usage: wait"),
        ("wait 1 2", "usage: wait"),
        ("wait inf", "usage: wait"),
        ("call", "usage: call"),
        ("call X {", "not JSON"),
        ("call X []", "object"),
        ("raw", "usage: raw"),
        ("status now", "usage: status"),
        ("reset now", "usage: reset"),
    ],
)
def test_what_cannot_be_typed_says_why(line: str, message: str) -> None:
    with pytest.raises(BadCommand, match=message):
        parse_line(line)


def test_a_script_is_parted_outside_of_quotation_marks() -> None:
    script = 'plug 1; tag "A;B" ;; call DataTransfer {"data": ";"};'
    assert split_script(script) == ["plug 1", 'tag "A;B"', 'call DataTransfer {"data": ";"}']


def test_every_word_is_in_the_help() -> None:
    assert all(word in help_text() for word in words())
