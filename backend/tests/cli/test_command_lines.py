"""Lines from a prompt and from a pipe."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput

from ocppsim.cli.command_lines import is_interactive, piped_lines, typed_lines


async def test_what_is_typed_until_ctrl_d() -> None:
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text("plug 1\nstatus\n\x04")
        assert [line async for line in typed_lines("> ", ["plug"])] == ["plug 1", "status"]


async def test_what_is_typed_until_ctrl_c() -> None:
    with create_pipe_input() as keyboard, create_app_session(keyboard, DummyOutput()):
        keyboard.send_text("half a line\x03")
        assert [line async for line in typed_lines("> ", ["plug"])] == []


async def test_what_is_piped_until_its_end(type_in: Callable[[str], None]) -> None:
    type_in("one\r\ntwo\n\nlast")
    assert [line async for line in piped_lines()] == ["one", "two", "", "last"]


async def test_without_a_stdin_there_is_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert not is_interactive()
    assert [line async for line in piped_lines()] == []
