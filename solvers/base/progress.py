"""Progress for whatever takes longer than a second: a rich bar in a terminal or a notebook, nothing elsewhere.

What shows progress keeps a time limit as well: there is a checkpoint before each item.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Generator, Iterable
from typing import TypeVar

from solvers.base.deadline import steps

__all__ = ["track"]

T = TypeVar("T")
_DELAY = 1.0


def track(items: Iterable[T], total: int, label: str) -> Generator[T, None, None]:
    """Yield the items; once a second has passed and a person is looking, show how far along we are.

    >>> list(track([1, 2], total=2, label="doubling"))
    [1, 2]
    """
    begun = time.monotonic()
    bar = None
    try:
        for done, item in enumerate(steps(items, total, f"steps ({label.lower()})")):
            if bar is None and time.monotonic() - begun > _DELAY and _watched():
                from rich.console import Console
                from rich.progress import Progress

                bar = Progress(console=Console(stderr=True), transient=True)
                task = bar.add_task(label, total=total)
                bar.start()
            if bar is not None:
                bar.update(task, completed=done)
            yield item
    finally:
        if bar is not None:
            bar.stop()


def _watched() -> bool:
    return sys.stderr.isatty() or "ipykernel" in sys.modules
