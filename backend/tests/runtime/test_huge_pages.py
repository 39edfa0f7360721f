from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from ocppsim.runtime import huge_pages
from ocppsim.runtime.huge_pages import WORTH_IT_BYTES, HugePages, heap_spans

MAPS = """\
00400000-00800000 r-xp 00000000 08:01 17 /usr/bin/python3
00a00000-01200000 rw-p 00000000 00:00 0  [heap]
7f0000100000-7f0000900000 rw-p 00000000 00:00 0
7f0001000000-7f0001100000 rw-p 00000000 00:00 0
7f0002000000-7f0003000000 r--p 00000000 00:00 0
7f0004000000-7f0005000000 rw-s 00000000 00:01 5 /dev/shm/x y
7ffc00000000-7ffc00400000 rw-p 00000000 00:00 0  [stack]
"""


def test_whole_huge_pages_of_the_heap_are_found() -> None:
    found = list(heap_spans(MAPS))
    assert found == [(0xA00000, 0x800000), (0x7F0000200000, 0x600000)]


async def test_memory_is_moved_when_much_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(huge_pages, "LOOK_INTERVAL_S", 0.0)
    seen = iter([0, WORTH_IT_BYTES - 1, WORTH_IT_BYTES, WORTH_IT_BYTES, 2 * WORTH_IT_BYTES])
    outcomes = [True, False]
    moved: list[bool] = []

    def gather() -> bool:
        moved.append(outcomes[len(moved)])
        return moved[-1]

    # Ends by itself where the kernel refuses
    await asyncio.wait_for(HugePages(lambda: next(seen), gather).run(), 5)
    assert moved == [True, False]
    assert next(seen, None) is None


@pytest.mark.skipif(not huge_pages.are_available(), reason="no huge pages on this system")
def test_a_large_heap_is_on_huge_pages_then() -> None:
    script = """
from pathlib import Path
from ocppsim.runtime.huge_pages import gather
kept = [str(number) * 5 for number in range(1_000_000)]
if gather():
    rollup = Path("/proc/self/smaps_rollup").read_text()
    print(next(line.split()[1] for line in rollup.splitlines() if "AnonHugePages" in line))
"""
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    if not done.stdout:
        pytest.skip("this kernel does not move memory to huge pages")
    assert int(done.stdout) > 32_000
