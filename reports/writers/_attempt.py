"""A picture or a table that cannot be drawn costs its place in the document, never the document."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from games.errors import ConcertError
from reports.printable import printable
from solvers.base.deadline import TimeOver

__all__ = ["attempt", "reason", "safely"]

A = TypeVar("A")
B = TypeVar("B")


def attempt(function: Callable[[A], B]) -> Callable[[A], tuple[B | None, str]]:
    """The function with its failures caught: its value and "", or None and a sentence that says why there is none."""

    def tried(argument: A) -> tuple[B | None, str]:
        try:
            return function(argument), ""
        except Exception as error:
            return None, f"This part is left out: {reason(error)}."

    return tried


def safely(make: Callable[[], A], instead: Callable[[str], A]) -> A:
    """What is made, or what stands in its place if that fails: one failure never costs the rest.

    >>> safely(lambda: str(1 // 0), lambda why: f"left out: {why}")
    'left out: an error of the program (ZeroDivisionError: integer division or modulo by zero)'
    """
    try:
        return make()
    except Exception as error:
        return instead(reason(error))


def reason(error: Exception) -> str:
    """Why something failed, in words for a reader.

    >>> reason(ZeroDivisionError("division by zero"))
    'an error of the program (ZeroDivisionError: division by zero)'
    """
    if isinstance(error, TimeOver):
        return "the time limit was reached"
    words = " ".join(printable(str(error)).split()).rstrip(".")
    if isinstance(error, ConcertError):
        return words
    kind = type(error).__name__
    return f"an error of the program ({kind}: {words})" if words else f"an error of the program ({kind})"
