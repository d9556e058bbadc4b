"""Long loops of this package say that they are at work, so that whoever waits for them can stop them.

Solvers with a time limit listen (`solvers.base.deadline`), and raise from here once their time is over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

__all__ = ["beat", "beating", "listen"]

T = TypeVar("T")

_listeners: list[Callable[[], None]] = []


def listen(listener: Callable[[], None]) -> None:
    """Call the listener, which may raise, at every beat from now on."""
    if listener not in _listeners:
        _listeners.append(listener)


def beat() -> None:
    """Tell the listeners that the work goes on."""
    for listener in _listeners:
        listener()


def beating(items: Iterable[T], every: int = 1024) -> Iterator[T]:
    """Yield the items, with a beat before the first of every so many.

    >>> list(beating("abc", every=2))
    ['a', 'b', 'c']
    """
    for done, item in enumerate(items):
        if done % every == 0:
            beat()
        yield item
