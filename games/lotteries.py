"""Probabilities as they are given: how far they may miss 1, and what becomes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np

from games.errors import GameError
from games.exact import exactly
from games.types import FloatArray

__all__ = ["SUM_TOLERANCE", "exact_lottery", "lotteries"]

SUM_TOLERANCE = 1e-9
"""By how much probabilities given as floats may miss 1, or fall below 0. Sums of a thousand floats round to some 1e-13; a digit
left out or mistyped shows far above 1e-9."""


def exact_lottery(given: Sequence[Any], what: Callable[[], str]) -> list[Fraction]:
    """Probabilities as fractions that add up to exactly 1.

    A float stands for the shortest decimal that spells it, so that .1, .2 and .7 add up to 1. Floats that miss it by no
    more than `SUM_TOLERANCE` are divided by their sum.

    Parameters
    ----------
    given : integers, fractions, decimals as text, or floats
    what : names what has the probabilities, for the message; asked only where one is wrong

    Raises
    ------
    GameError
        For what is not a number or is negative, and for a wrong sum.

    Examples
    --------
    >>> exact_lottery([0.1, "1/5", 0.7], lambda: "the prior")
    [Fraction(1, 10), Fraction(1, 5), Fraction(7, 10)]
    """
    out = []
    for p in given:
        try:
            out.append(exactly(repr(float(p)) if isinstance(p, (float, np.floating)) else p))
        except (TypeError, ValueError, OverflowError):
            raise GameError(f"{what()} has the probability {p!r}, which is not a number") from None
        if out[-1] < 0:
            raise GameError(f"{what()} has the negative probability {p}")
    total = sum(out, Fraction(0))
    rounded = any(isinstance(p, (float, np.floating)) for p in given)
    if total != 1 and (not rounded or abs(total - 1) > SUM_TOLERANCE):
        # A sum of any size: a float has no room for some.
        decimal = Decimal(total.numerator) / total.denominator
        shown = str(total) if not rounded and total.denominator < 10**6 else f"{decimal:.12g}"
        raise GameError(f"the probabilities of {what()} add up to {shown}; they must add up to 1")
    return [p / total for p in out]


def lotteries(table: FloatArray, refuse: Callable[[tuple[int, ...], float, float], Exception]) -> FloatArray:
    """Lotteries along the last axis, divided by their sums and read-only.

    Parameters
    ----------
    table : array (..., K); no lottery may have an entry below -`SUM_TOLERANCE` or miss 1 by more than that
    refuse : makes the error from the index of the first that does, its sum and its least entry

    Examples
    --------
    >>> lotteries(np.array([[0.5, 0.5 + 1e-10]]), lambda at, total, least: ValueError(at)).sum()
    np.float64(1.0)
    """
    total = table.sum(axis=-1)
    least = table.min(axis=-1)
    # Written so that a missing number (NaN) is refused, too.
    bad = np.argwhere(~(np.abs(total - 1.0) <= SUM_TOLERANCE) | ~(least >= -SUM_TOLERANCE))
    if bad.size:
        at = tuple(int(x) for x in bad[0])
        raise refuse(at, float(total[at]), float(least[at]))
    table = np.maximum(table, 0.0)
    table /= table.sum(axis=-1, keepdims=True)
    table.setflags(write=False)
    return table
