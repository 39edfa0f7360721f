"""The limit of open files is raised as far as the system lets it, and told where it is too low."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limit")

SCRIPT = """\
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))
from ocppsim.cli.open_files import raise_open_file_limit, too_many_chargers
assert raise_open_file_limit() == 512
assert resource.getrlimit(resource.RLIMIT_NOFILE) == (512, 512)
assert raise_open_file_limit() == 512
assert too_many_chargers(412) is None
print(too_many_chargers(2_000))
"""


def test_the_limit_is_raised_and_told() -> None:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT],
        env={"PYTHONPATH": str(Path(__file__).parents[2])},
        capture_output=True,
        encoding="utf-8",
        check=True,
    )
    assert done.stdout.startswith("2,000 chargers need more open files than the 512 that")
