"""Checks of arguments at the door of public functions: what is not a number, a count or an array is refused by name."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from games.errors import ConcertError, GameError, MethodError, did_you_mean

__all__ = ["choice", "instance", "number", "numbers", "table", "whole"]

T = TypeVar("T")


def instance(value: object, kind: type[T], what: str, error: type[ConcertError] = GameError) -> T:
    """The value, if it is of the class; else an error that says what is needed.

    >>> instance(3, str, "the name")
    Traceback (most recent call last):
    games.errors.GameError: the name must be a str; got 3
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise error(f"{what} must be {article} {kind.__name__}; got {_shown(value)}")
    return value


def number(
    value: object,
    what: str,
    error: type[ConcertError] = GameError,
    *,
    least: float = -math.inf,
    most: float = math.inf,
    above: float = -math.inf,
    below: float = math.inf,
    finite: bool = True,
) -> float:
    """One real number within its bounds (`above` and `below` are strict), as a float.

    `what` is a clause that says what is right; the message adds what came instead.

    >>> number("3", "the share is a number between 0 and 1", least=0, most=1)
    Traceback (most recent call last):
    games.errors.GameError: the share is a number between 0 and 1; got '3'
    """
    try:
        x = math.nan if isinstance(value, str | bytes | bool | np.bool_) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        x = math.nan
    if not ((least <= x <= most and above < x < below) or (not finite and x == math.inf)) or (
        finite and math.isinf(x)
    ):
        raise error(f"{what}; got {_shown(value)}")
    return x


def whole(
    value: object,
    what: str,
    error: type[ConcertError] = MethodError,
    *,
    least: int = 0,
    most: int | None = None,
) -> int:
    """One whole number from `least` to `most`; 3.0 counts as 3.

    >>> whole(2.5, "runs is a whole number, at least 1", least=1)
    Traceback (most recent call last):
    games.errors.MethodError: runs is a whole number, at least 1; got 2.5
    """
    try:
        x = float("nan") if isinstance(value, str | bytes | bool | np.bool_) else float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        x = math.nan
    if not (math.isfinite(x) and x == math.floor(x) and x >= least and (most is None or x <= most)):
        raise error(f"{what}; got {_shown(value)}")
    return int(value)  # type: ignore[call-overload, no-any-return]


def numbers(
    value: npt.ArrayLike, what: str, error: type[ConcertError] = GameError
) -> npt.NDArray[np.float64]:
    """An array of real numbers of any shape, as float64; NaN and infinities are for the caller to judge.

    >>> numbers([1, "x"], "weights")
    Traceback (most recent call last):
    games.errors.GameError: weights must be numbers; got [1, 'x']
    """
    try:
        raw = np.asarray(value)
        if raw.dtype.kind not in "biufO":
            raise TypeError
        return np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise error(f"{what} must be numbers; got {_shown(value)}") from None


def choice(value: object, known: Sequence[str], what: str, error: type[ConcertError] = MethodError) -> str:
    """One of the known words.

    >>> choice("hihg", ("low", "high"), "which")
    Traceback (most recent call last):
    games.errors.MethodError: which cannot be 'hihg'; did you mean 'high'?
    """
    if not isinstance(value, str) or value not in known:
        raise error(f"{what} cannot be {_shown(value)}{did_you_mean(value, known)}")
    return value


def table(value: object, what: str, error: type[ConcertError] = GameError) -> Mapping[str, Any]:
    """A mapping, or an error that asks for one.

    >>> table([1], "discount")
    Traceback (most recent call last):
    games.errors.GameError: discount must be a mapping from names to values; got [1]
    """
    if not isinstance(value, Mapping):
        raise error(f"{what} must be a mapping from names to values; got {_shown(value)}")
    return value


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
