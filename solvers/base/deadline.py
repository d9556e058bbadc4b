"""Time limits that a long computation asks about, so that it can stop cleanly and hand over what it has."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import ParamSpec, TypeVar

from games.arguments import number
from games.errors import ConcertError, ConvergenceError, MethodError
from games.heartbeat import listen

__all__ = [
    "Deadline",
    "TimeOver",
    "checkpoint",
    "keeps_time",
    "limited",
    "reached",
    "seconds_left",
    "steps",
    "whole",
]

P = ParamSpec("P")
R = TypeVar("R")
T = TypeVar("T")


class TimeOver(Exception):
    """Raised by `checkpoint` deep inside a computation; the solver that set the deadline catches it."""


class Deadline:
    """A point in wall time after which a solver stops and marks its result incomplete.

    A deadline that is made while another is enforced ends with that one at the latest: what a solver calls
    keeps the solver's limit, too.

    Attributes
    ----------
    cut : True once somebody has been told that the time is over
    reached : how far the work had come, in words; kept by `steps`
    counted : True while a `steps` counts; loops inside it do not say how far the whole has come

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
        own = math.inf if seconds is None else time.monotonic() + seconds
        self._outer = _CURRENT.get()
        self._end: float = own if self._outer is None else min(own, self._outer._end)
        self.is_outer = self._outer is not None and self._end < own
        self.cut = False
        self.reached = ""
        self.counted = False

    @property
    def passed(self) -> bool:
        """True once the time is over."""
        over = time.monotonic() >= self._end
        if over:
            self.cut = True
            if self.is_outer and self._outer is not None:
                self._outer.cut = True
        return over

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


# Games that are made on the way, or turned into fractions, keep the limit as well.
listen(checkpoint)


def steps(items: Iterable[T], total: int, what: str) -> Iterator[T]:
    """Yield the items with a checkpoint before each, and note how many are done for the message of `keeps_time`.

    Of nested loops the outermost says how far the work has come.

    >>> list(steps("ab", 2, "letters"))
    ['a', 'b']
    """
    deadline = _CURRENT.get()
    if deadline is None:
        yield from items
        return
    outermost = not deadline.counted
    deadline.counted = True
    try:
        for done, item in enumerate(items):
            if outermost:
                deadline.reached = f"{done:,} of {total:,} {what} were done"
            checkpoint()
            yield item
    finally:
        if outermost:
            deadline.counted = False


def reached(words: str) -> None:
    """A checkpoint that notes how far the work has come, where the number of steps is not known ahead."""
    deadline = _CURRENT.get()
    if deadline is not None:
        if not deadline.counted:
            deadline.reached = words
        checkpoint()


def seconds_left() -> float:
    """Seconds that the enforced deadline leaves; infinity without one."""
    deadline = _CURRENT.get()
    return math.inf if deadline is None else deadline.left


def keeps_time(what: str, advice: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a function whose answer is all or nothing, so that it keeps its keyword argument `time_limit`.

    Checkpoints in what the function calls raise TimeOver; out comes a ConvergenceError that says how far it came. An answer that
    rests on a search cut short by the limit is not handed out either.

    Parameters
    ----------
    what : what was being computed, "the kernel" say
    advice : what else to try, after "raise time_limit, or"

    Examples
    --------
    >>> @keeps_time("the sum", "add fewer numbers")
    ... def total(numbers: list[int], *, time_limit: float | None = None) -> int:
    ...     return sum(steps(numbers, len(numbers), "numbers"))
    >>> total([1, 2], time_limit=9.0)
    3
    >>> total([1, 2], time_limit=1e-9)
    Traceback (most recent call last):
    games.errors.ConvergenceError: the sum was not complete when the time limit of 1e-09 s was reached: 0 of 2 numbers were \
done; raise time_limit, or add fewer numbers
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def limited_by(*args: P.args, **kwargs: P.kwargs) -> R:
            seconds = kwargs.get("time_limit")
            if seconds is None:
                return function(*args, **kwargs)
            deadline = Deadline(seconds)  # type: ignore[arg-type]
            with deadline.enforced():
                try:
                    answer = function(*args, **kwargs)
                    if not deadline.cut:
                        return answer
                except TimeOver:
                    pass
                except ConvergenceError:
                    raise
                except ConcertError:
                    # What a search that was cut short did not find may be there.
                    if not deadline.cut:
                        raise
            if deadline.is_outer:
                raise TimeOver
            far = f": {deadline.reached}" if deadline.reached else ""
            raise ConvergenceError(
                f"{what} was not complete when the time limit of {float(seconds):g} s was reached{far}; "  # type: ignore[arg-type]
                f"raise time_limit, or {advice}",
                what.removeprefix("the "),
            )

        return limited_by

    return decorate


def limited() -> bool:
    """True if a deadline with a limit is enforced: then a step that cannot be interrupted must be cut into pieces."""
    deadline = _CURRENT.get()
    return deadline is not None and deadline.finite


def whole(make: Callable[[], R]) -> R:
    """What is made, unless the enforced deadline passes before it is there.

    Searches inside hand over what they have when the time is over; what rests on it would be about a part, so TimeOver is
    raised instead.
    """
    checkpoint()
    made = make()
    deadline = _CURRENT.get()
    if deadline is not None and deadline.cut:
        raise TimeOver
    return made
