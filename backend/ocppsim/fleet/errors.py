"""What cannot be done with the runs of a service.

Exception
└── RunError
    ├── UnknownRun      there is no such run, or it has nothing of the kind
    └── RunsBusy        the state of the run, or of the others, does not allow it
"""

from __future__ import annotations


class RunError(Exception):
    """Base of the errors of runs."""


class UnknownRun(RunError):
    """There is no run with that id, or it has nothing of the kind that is asked for."""


class RunsBusy(RunError):
    """It cannot be done while that runs."""


__all__ = ["RunError", "RunsBusy", "UnknownRun"]
