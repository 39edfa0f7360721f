"""Samples that survive the death of the process as soon as they are taken.

A file beside the database of SQLite, mapped into memory: what a process has written there is the
kernel's, whatever becomes of the process. A charger that does nothing but sample keeps there what
it would else put into the journal, which is told in the end (``chargepoint.steady_metering``), and
a program that is killed finds it at its next start (``sample_recovery``). So a sample costs two
numbers in place of a commit. It is no more than what a commit promises with ``synchronous=normal``:
the death of the machine is another matter.
"""

from __future__ import annotations

import logging
import mmap
import os
import stat
from pathlib import Path
from struct import Struct
from types import ModuleType
from typing import BinaryIO, NamedTuple

from ocppsim.chargepoint.sample_form import SampleForm

_fcntl: ModuleType | None
try:
    import fcntl as _fcntl
except ImportError:  # Windows has other locks: there samples go into the journal
    _fcntl = None

_logger = logging.getLogger(__name__)

SUFFIX = "-samples"
"""What the name of the file has behind that of the database's."""

_MAGIC = b"ocppsim samples 1\n"
_SLOT_BYTES = 128
_FIRST_BYTES = 512 * _SLOT_BYTES
_SAMPLE = Struct("@ddq")
"""The register (Wh), when it was read (Unix s), the number of its message; twice, in turn."""
_NUMBER = Struct("@q")
_RETIRED_AT = 2 * _SAMPLE.size
_CHARGER_AT = _RETIRED_AT + _NUMBER.size
_FORM_AT = _CHARGER_AT + _NUMBER.size
_FORM_BYTES = _SLOT_BYTES - _FORM_AT
_SEPARATOR = "\x1f"
_EMPTY = bytes(_FORM_AT)

_pack_sample = _SAMPLE.pack_into
_pack_number = _NUMBER.pack_into


class KeptSample(NamedTuple):
    """What a slot tells: messages up to ``retired`` are dealt with (0: nothing is known of that).

    ``sequence`` is that of the last sample; 0: none is kept.
    """

    charger_id: int
    retired: int
    sequence: int
    register_wh: float
    wall_s: float
    form: SampleForm


class SamplesInUse(Exception):
    """Another process keeps its samples in the file."""


class SampleSlots:
    """The slots of the chargers that do nothing but sample; of one thread.

    The last sample and the one before it take turns in a slot, and the number is written last:
    a process that is killed in between has the one before it.
    """

    def __init__(self, path: Path) -> None:
        """Create the file. Raises ``SamplesInUse``, or ``OSError`` where there can be none.

        A file that is there already has samples that nobody has taken in: ``FileExistsError``.
        """
        self._path = path
        self._file = _locked(path, create=True)
        self._size = 0
        try:
            _check_empty(self._file, path)
            self._file.write(_MAGIC.ljust(_SLOT_BYTES, b"\0"))
            self._memory = self._grown(_FIRST_BYTES)
        except BaseException:
            self._file.close()
            raise
        self._free_at = _SLOT_BYTES

    def begin(self, charger_id: int, form: SampleForm, slot: int = 0) -> int:
        """A slot for the samples of a charger, or ``slot``, which it had; 0 where there is none.

        The database has all that came before.
        """
        text = _SEPARATOR.join(form).encode()
        if len(text) > _FORM_BYTES:
            return 0
        if not slot:
            slot = self._next_slot()
            if not slot:
                return 0
        # The charger last: without one a slot is empty, wherever this breaks off
        memory = self._memory
        memory[slot : slot + _FORM_AT] = _EMPTY
        memory[slot + _FORM_AT : slot + _SLOT_BYTES] = text.ljust(_FORM_BYTES, b"\0")
        _pack_number(memory, slot + _CHARGER_AT, charger_id)
        return slot

    def keep(self, slot: int, sequence: int, register_wh: float, wall_s: float) -> None:
        """A sample is taken, with the message of that number; from now on it survives."""
        at = slot + _SAMPLE.size if sequence & 1 else slot
        _pack_sample(self._memory, at, register_wh, wall_s, sequence)

    def retire(self, slot: int, sequence: int) -> None:
        """The messages up to that number are dealt with."""
        _pack_number(self._memory, slot + _RETIRED_AT, sequence)

    def close(self, *, remove: bool) -> None:
        """Let go of the file; ``remove`` it where the database has everything."""
        self._memory.close()
        if remove:
            self._path.unlink(missing_ok=True)
        self._file.close()

    def _next_slot(self) -> int:
        if self._free_at == self._size:
            try:
                self._memory = self._grown(self._size * 2)
            except OSError as error:
                _logger.warning("%s cannot grow, and goes on as it is: %s", self._path, error)
                return 0
        slot = self._free_at
        self._free_at += _SLOT_BYTES
        return slot

    def _grown(self, size: int) -> mmap.mmap:
        """The file in memory, with room that is its own: a full disk is not found out later."""
        self._file.seek(0, os.SEEK_END)
        self._file.write(bytes(size - self._file.tell()))
        self._file.flush()
        memory = mmap.mmap(self._file.fileno(), size)
        self._size = size
        return memory


class LeftSamples:
    """The file that a process has left which was killed."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises ``SamplesInUse``, or ``OSError``."""
        self._path = path
        self._file = _locked(path, create=False)

    def read(self) -> list[KeptSample]:
        """What is in the slots; ``ValueError`` for a file of another kind, or a damaged one."""
        content = self._file.read()
        if content.strip(b"\0") and not content.startswith(_MAGIC):
            raise ValueError("it is not a file of samples that this program knows")
        slots = range(_SLOT_BYTES, len(content) - _SLOT_BYTES + 1, _SLOT_BYTES)
        found = (_kept(content[slot : slot + _SLOT_BYTES]) for slot in slots)
        return [kept for kept in found if kept is not None]

    def remove(self) -> None:
        """The database has everything."""
        self._path.unlink(missing_ok=True)

    def set_aside(self, path: Path) -> None:
        """Give it another name."""
        self._path.replace(path)

    def close(self) -> None:
        self._file.close()


def _check_empty(file: BinaryIO, path: Path) -> None:
    if os.fstat(file.fileno()).st_size:
        raise FileExistsError(f"{path} has samples that were not taken in")


def _kept(slot: bytes) -> KeptSample | None:
    (charger_id,) = _NUMBER.unpack_from(slot, _CHARGER_AT)
    if not charger_id:
        return None
    (retired,) = _NUMBER.unpack_from(slot, _RETIRED_AT)
    samples = (_SAMPLE.unpack_from(slot, 0), _SAMPLE.unpack_from(slot, _SAMPLE.size))
    register_wh, wall_s, sequence = max(samples, key=lambda sample: sample[2])
    form = slot[_FORM_AT:].rstrip(b"\0").decode().split(_SEPARATOR)
    if len(form) != len(SampleForm._fields):
        raise ValueError(f"the slot of charger {charger_id} is damaged")
    return KeptSample(charger_id, retired, sequence, register_wh, wall_s, SampleForm(*form))


def _locked(path: Path, *, create: bool) -> BinaryIO:
    """Open the file for this process alone."""
    if _fcntl is None:
        raise OSError("there are no such locks here")
    while True:
        flags = os.O_RDWR | (os.O_CREAT if create else 0)
        file = os.fdopen(os.open(path, flags, stat.S_IRUSR | stat.S_IWUSR), "r+b")
        try:
            _fcntl.flock(file, _fcntl.LOCK_EX | _fcntl.LOCK_NB)
            if path.exists() and path.stat().st_ino == os.fstat(file.fileno()).st_ino:
                return file
        except BlockingIOError:
            file.close()
            raise SamplesInUse(str(path)) from None
        except BaseException:
            file.close()
            raise
        file.close()  # somebody removed it meanwhile


__all__ = ["SUFFIX", "KeptSample", "LeftSamples", "SampleSlots", "SamplesInUse"]
