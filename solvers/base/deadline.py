"""Time limits that a long computation asks about, so that it can stop cleanly and hand over what it has."""

from __future__ import annotations

import math
import time

__all__ = ["Deadline"]


class Deadline:
    """A point in wall time after which a solver stops and marks its result incomplete.

    >>> Deadline(None).passed
    False
    """

    def __init__(self, seconds: float | None) -> None:
        if seconds is not None and not seconds > 0:
            raise ValueError(f"a time limit is a positive number of seconds; got {seconds}")
        self._end = math.inf if seconds is None else time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """True once the time is over."""
        return time.monotonic() >= self._end

    @property
    def left(self) -> float:
        """Seconds left (infinity without a limit, never negative)."""
        return max(0.0, self._end - time.monotonic())
