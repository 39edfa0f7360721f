"""What the clients of the benchmark are told."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Self

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True):
    """One run of a client; times in seconds."""

    port: int
    chargers: int
    closed: bool
    """Send the next message when the answer is there; else one every ``interval_s``."""
    interval_s: int = 1
    warm_up_s: float = 2.0
    window_s: float = 5.0
    database: str = ""
    api: bool = False
    """Serve the API, and measure that as well."""

    @classmethod
    def parse(cls, arguments: Sequence[str]) -> Self:
        parser = argparse.ArgumentParser()
        parser.add_argument("--port", type=int, required=True)
        parser.add_argument("--chargers", type=int, required=True)
        parser.add_argument("--closed", action="store_true")
        parser.add_argument("--api", action="store_true")
        parser.add_argument("--interval-s", type=int, default=1)
        parser.add_argument("--warm-up-s", type=float, default=2.0)
        parser.add_argument("--window-s", type=float, default=5.0)
        parser.add_argument("--database", default="")
        return cls(**vars(parser.parse_args(arguments)))

    def arguments(self) -> list[str]:
        """The command line that means this."""
        words = ["--closed"] * self.closed + ["--api"] * self.api
        for name in ("port", "chargers", "interval_s", "warm_up_s", "window_s", "database"):
            words += [f"--{name.replace('_', '-')}", str(getattr(self, name))]
        return words
