"""Time limits that a long computation asks about, so that it can stop cleanly and hand over what it has."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from games.arguments import number
from games.errors import MethodError

__all__ = ["Deadline", "TimeOver", "checkpoint", "limited"]


class TimeOver(Exception):
    """Raised by `checkpoint` deep inside a computation; the solver that set the deadline catches it."""


class Deadline:
    """A point in wall time after which a solver stops and marks its result incomplete.

    Parameters
    ----------
    seconds : a positive number of seconds from now; None for no limit

    Raises
    ------
    MethodError
        For anything else. This is the one place where a `time_limit` is checked.

    Examples
    --------
    >>> Deadline(None).passed
    False
    """

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None:
            what = "a time limit is a positive number of seconds"
            seconds = number(seconds, what, MethodError, above=0.0, finite=False)
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """True once the time is over."""
        return time.monotonic() >= self._end

    @property
    def left(self) -> float:
        """Seconds left (infinity without a limit, never negative)."""
        return max(0.0, self._end - time.monotonic())

    @property
    def allowance(self) -> float | None:
        """Seconds left, as the time limit of another solver: at least a millisecond; None without a limit.

        Our own solvers refuse a limit of zero; with a millisecond they end as they do when the time is over.
        """
        return max(self.left, 1e-3) if self.finite else None

    @property
    def finite(self) -> bool:
        """True if there is a limit."""
        return math.isfinite(self._end)

    @contextmanager
    def enforced(self) -> Iterator[None]:
        """Within this context `checkpoint()` raises TimeOver once the time is over (in this thread only)."""
        token = _CURRENT.set(self)
        try:
            yield
        finally:
            _CURRENT.reset(token)


_CURRENT: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def checkpoint() -> None:
    """Raise TimeOver if a deadline is enforced and has passed; for the inner loops of long steps."""
    deadline = _CURRENT.get()
    if deadline is not None and deadline.passed:
        raise TimeOver


def limited() -> bool:
    """True if a deadline with a limit is enforced: then a step that cannot be interrupted must be cut into pieces."""
    deadline = _CURRENT.get()
    return deadline is not None and deadline.finite
