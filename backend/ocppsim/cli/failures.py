"""How a command ends when it cannot do what it was asked for: one line and an exit code.

Exit codes: 0 done (also when Ctrl-C ended a server, which is how one ends it); 1 it was
tried and failed; 2 the input or the surroundings do not allow it (bad option, port in use,
database not usable); 130 Ctrl-C (or SIGTERM) broke off something that was not finished.
"""

from __future__ import annotations

EXIT_FAILED = 1
EXIT_UNUSABLE = 2
EXIT_INTERRUPTED = 130


class CommandFailed(Exception):
    """Ends the program with one line on stderr and ``exit_code``."""

    def __init__(self, message: str, exit_code: int = EXIT_UNUSABLE) -> None:
        super().__init__(" ".join(message.split()))
        self.exit_code = exit_code
