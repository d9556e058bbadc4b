"""Exact numbers: what was given, as a fraction, and tables of numbers that lose nothing on the way into an array."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import GameError
from games.heartbeat import beating
from games.types import ObjectArray

__all__ = ["as_written", "exactly", "exactly_all", "lossless", "plain"]

_NO_NUMBERS = (bytes, bytearray, date, timedelta, np.datetime64, np.timedelta64)
# Floats hold every whole number up to here.
_WHOLE = 2**53


def exactly(number: Any) -> Fraction:
    """The fraction that a number is; a float is taken to mean exactly what it holds.

    >>> exactly(0.5), exactly("1/3")
    (Fraction(1, 2), Fraction(1, 3))
    """
    if isinstance(number, (int, float, Fraction)):
        return Fraction(number)
    if isinstance(number, np.generic):
        return Fraction(number.item())
    return Fraction(str(number))


def as_written(what: str, name: str, number: object) -> Fraction:
    """A number that is not negative, as a fraction; decimals as they are written."""
    try:
        value = exactly(repr(float(number)) if isinstance(number, (float, np.floating)) else number)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise GameError(f"{what} of {name!r} is {number!r}; it must be a finite number") from None
    if value < 0:
        raise GameError(f"{what} of {name!r} is {number!r}; it must not be negative")
    return value


def exactly_all(numbers: npt.NDArray[Any]) -> ObjectArray:
    """An array of numbers as an array of fractions, of the same shape.

    >>> exactly_all(np.array([0.5, 2.0])).tolist()
    [Fraction(1, 2), Fraction(2, 1)]
    """
    out = np.empty(numbers.shape, dtype=object)
    out.reshape(-1)[:] = [exactly(x) for x in beating(numbers.reshape(-1).tolist())]
    return out


def plain(numbers: Any) -> npt.NDArray[Any]:
    """An array of what is given, in which no entry is masked and none would only become a number by accident.

    NumPy forgets masks, and turns dates, bytes and None into floats. TypeError for these; other texts are left alone.

    >>> plain(np.ma.array([1.0, 2.0], mask=[True, False]))
    Traceback (most recent call last):
    TypeError: entries are masked; fill them, or leave them out
    """
    parts = numbers if isinstance(numbers, (list, tuple)) else [numbers]
    if any(isinstance(part, np.ma.MaskedArray) and np.ma.is_masked(part) for part in parts):
        raise TypeError("entries are masked; fill them, or leave them out")
    array = np.asarray(numbers)
    if array.dtype == object:
        for x in array.reshape(-1).tolist():
            if x is None or isinstance(x, _NO_NUMBERS):
                raise TypeError(f"{x!r} is not a number")
    return array


def lossless(numbers: Any) -> npt.NDArray[Any]:
    """An array of the numbers given in which none is rounded or wrapped round.

    NumPy turns a list of integers and floats into floats, and keeps narrow integers narrow, so that -(-128) is -128
    again in eight bits. Here integers are widened, and where floats could not hold one of them the array is of objects.

    >>> lossless([2**60 + 1, 0.5]).tolist()
    [1152921504606846977, 0.5]
    >>> lossless(np.array([-128], dtype=np.int8)).dtype
    dtype('int64')
    """
    array = plain(numbers)
    kind = array.dtype.kind
    if kind in "bi" or (kind == "u" and array.max(initial=0) < 2**63):
        return array.astype(np.int64)
    if kind == "u":
        return array.astype(object)
    if kind == "f" and not isinstance(numbers, np.ndarray) and np.abs(array).max(initial=0) >= _WHOLE:
        objects = np.array(numbers, dtype=object)
        if any(isinstance(x, Integral) for x in objects.reshape(-1)):
            return objects
    return array
