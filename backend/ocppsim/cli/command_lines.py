"""Lines that a person types at a prompt, or that a program writes into stdin."""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import WordCompleter
from prompt_toolkit.patch_stdout import patch_stdout

_CHUNK_BYTES = 65536


def is_interactive() -> bool:
    """Whether somebody sits in front of it."""
    # A program that was started without them has None there.
    return all(stream is not None and stream.isatty() for stream in _standard_streams())


async def typed_lines(prompt: str, words: Sequence[str]) -> AsyncGenerator[str]:
    """What is typed at a prompt; ends with Ctrl-D or Ctrl-C. Output goes above the prompt."""
    session: PromptSession[str] = PromptSession(
        prompt, completer=WordCompleter(list(words), sentence=True)
    )
    with patch_stdout(raw=True):
        while True:
            try:
                line = await session.prompt_async()
            except (EOFError, KeyboardInterrupt):
                return
            yield line


async def piped_lines() -> AsyncGenerator[str]:
    """The lines of stdin until its end."""
    stdin, _ = _standard_streams()
    if stdin is None:
        return
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def deliver(line: str | None) -> bool:
        try:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        except RuntimeError:  # the loop is closed: nobody listens any more
            return False
        return True

    # A thread of its own that dies with the process: neither a pool (which is waited for at
    # the end) nor the loop (which cannot watch a file) can read stdin. It reads the bare
    # descriptor, as the buffered object's lock must not be held when the interpreter ends.
    threading.Thread(
        target=_read_lines, args=(stdin.fileno(), deliver), name="stdin", daemon=True
    ).start()
    while (line := await lines.get()) is not None:
        yield line


def _standard_streams() -> tuple[TextIO | None, TextIO | None]:
    return sys.stdin, sys.stdout


def _read_lines(descriptor: int, deliver: Callable[[str | None], bool]) -> None:
    rest = b""
    while chunk := os.read(descriptor, _CHUNK_BYTES):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            if not deliver(line.decode(errors="replace").rstrip("\r")):
                return
    if rest:
        deliver(rest.decode(errors="replace"))
    deliver(None)
