"""Threads that begin later do not get heaps of their own."""

from __future__ import annotations

import subprocess
import sys

import pytest

from ocppsim.runtime.one_heap import share_one_heap

PROGRAM = """
import ctypes, sys, threading
from ocppsim.runtime.one_heap import share_one_heap
if sys.argv[1] == "one":
    assert share_one_heap()
thread = threading.Thread(target=lambda: bytearray(100_000))
thread.start()
thread.join()
ctypes.CDLL(None).malloc_stats()
"""


@pytest.mark.skipif(not share_one_heap(), reason="the C library has one heap, or is not glibc")
def test_a_thread_uses_the_heap_that_there_is() -> None:
    heaps = {
        how: subprocess.run(
            [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
        ).stderr.count("Arena ")
        for how in ("one", "many")
    }
    assert heaps == {"one": 1, "many": 2}
