"""Puts the memory of a large fleet on huge pages, where Linux has them.

What ten thousand chargers keep is far more than the caches of a processor hold, and each charger
comes up about once a second: half the time of a message goes by waiting for memory, a quarter of
that for finding out where it is. With pages of 2 MiB instead of 4 KiB that takes hardly any time.
The allocator of the interpreter does not ask for them, so it is done here, now and then, for what
has come since.
"""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

_logger = logging.getLogger("ocppsim.runtime")

LOOK_INTERVAL_S = 5.0
WORTH_IT_BYTES = 32 << 20
"""Less than this that has come is left on small pages: a few chargers need no help."""

_PAGE_BYTES = 2 << 20
_MADV_COLLAPSE = 25
"""Linux 6.1: put what is there on huge pages at once; an older one refuses, and nothing changes."""
_SETTING = Path("/sys/kernel/mm/transparent_hugepage/enabled")
_MAPS = Path("/proc/self/maps")
_STATM = Path("/proc/self/statm")


def are_available() -> bool:
    """Whether this system has huge pages, and whoever runs it has not forbidden them."""
    if sys.platform != "linux":
        return False
    try:
        return "[never]" not in _SETTING.read_text(encoding="ascii")
    except OSError:
        return False


class HugePages:
    """Watches how much memory there is, and has it moved when much has come."""

    def __init__(self, resident: Callable[[], int], gather: Callable[[], bool]) -> None:
        """``resident`` tells the bytes in RAM, ``gather`` moves, and says if that is possible."""
        self._resident = resident
        self._gather = gather
        self._seen_bytes = resident()

    async def run(self) -> None:
        """Until it is cancelled, or turns out to be impossible."""
        while True:
            await asyncio.sleep(LOOK_INTERVAL_S)
            resident_bytes = self._resident()
            if resident_bytes - self._seen_bytes >= WORTH_IT_BYTES:
                if not await asyncio.to_thread(self._gather):
                    _logger.debug("this kernel does not move memory to huge pages")
                    return
                self._seen_bytes = self._resident()


def resident_bytes() -> int:
    """The memory of this process that is in RAM."""
    pages = int(_STATM.read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def gather() -> bool:
    """Put all that the heap has on huge pages; False where the kernel cannot.

    The kernel copies 2 MiB at a time; whoever uses them meanwhile waits for part of a millisecond.
    """
    madvise = ctypes.CDLL(None, use_errno=True).madvise
    madvise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)
    any_taken = False
    for start, length in heap_spans(_MAPS.read_text(encoding="utf-8", errors="replace")):
        any_taken |= madvise(start, length, _MADV_COLLAPSE) == 0
    return any_taken


def heap_spans(maps: str) -> Iterator[tuple[int, int]]:
    """The address and length of what can be on huge pages, of a text like ``/proc/self/maps``."""
    for line in maps.splitlines():
        fields = line.split(maxsplit=5)
        is_heap = len(fields) == 5 or fields[5] == "[heap]"
        if not (is_heap and fields[1].startswith("rw-p")):
            continue
        begin, _, end = fields[0].partition("-")
        first = -(-int(begin, 16) // _PAGE_BYTES) * _PAGE_BYTES
        length = int(end, 16) // _PAGE_BYTES * _PAGE_BYTES - first
        if length > 0:
            yield first, length


__all__ = ["HugePages", "are_available", "gather", "heap_spans", "resident_bytes"]
