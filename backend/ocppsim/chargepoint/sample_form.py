"""What a sample of a transaction is in the journal, where all but two numbers of it are known."""

from __future__ import annotations

from typing import NamedTuple

import msgspec

from ocppsim.protocol.kept_json import encode_to_keep

_encode = msgspec.json.Encoder().encode


class SampleForm(NamedTuple):
    """A sample but for its register and its time.

    Its cell, named ``cell_key``, is both of them. Its message is ``before``, the register in
    whole Wh, ``between``, the time in Unix seconds, and ``behind``.
    """

    cell_key: str
    before: str
    between: str
    behind: str

    def message(self, register_wh: float, wall_s: float) -> bytes:
        """The message of a sample."""
        wall = _encode(wall_s).decode()
        return f"{self.before}{int(register_wh)}{self.between}{wall}{self.behind}".encode()


def register_cell(register_wh: float, wall_s: float) -> bytes:
    """The cell of a sample."""
    return encode_to_keep((register_wh, wall_s))


__all__ = ["SampleForm", "register_cell"]
