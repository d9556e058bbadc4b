"""Exact numbers: what was given, as a fraction, and tables of numbers that lose nothing on the way into an array."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from numbers import Integral
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import ConcertError, GameError
from games.heartbeat import beating
from games.types import FloatArray, ObjectArray

__all__ = ["as_written", "exactly", "exactly_all", "finite", "lossless", "plain", "resolution", "spelled"]

_NO_NUMBERS = (bytes, bytearray, date, timedelta, np.datetime64, np.timedelta64)
_SPELLED = re.compile(r"[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?(\d{1,4}))?)\Z", re.ASCII)
# More digits, or a larger power of ten, could only be a mistake, and a fraction of them would fill the memory.
_DIGITS = 5000
# Floats hold every whole number up to here.
_WHOLE = 2**53


def spelled(text: str) -> Fraction | None:
    """The number that a text spells, exactly: an integer, a fraction or a decimal; None if it spells none.

    >>> spelled("1/3"), spelled("-2.50"), spelled("three")
    (Fraction(1, 3), Fraction(-5, 2), None)
    """
    found = _SPELLED.match(text)
    if not found or len(text) > _DIGITS or int(found[1] or 0) > _DIGITS:
        return None
    try:
        return Fraction(text)
    except (ValueError, ZeroDivisionError):
        return None


def exactly(number: Any) -> Fraction:
    """The fraction that a number is; a float is taken to mean exactly what it holds, and a text what it spells.

    TypeError for what is not a number, such as a date; ValueError or OverflowError for one that is not finite, and for
    a text or decimal whose power of ten no computation could hold.

    >>> exactly(0.5), exactly("1/3")
    (Fraction(1, 2), Fraction(1, 3))
    """
    if isinstance(number, (int, float, Fraction)):
        return Fraction(number)
    if isinstance(number, np.ndarray) and number.ndim == 0:
        number = number[()]
    if isinstance(number, (np.integer, np.bool_)) and number.dtype.kind in "biu":
        return Fraction(int(number))
    if isinstance(number, np.floating):
        return Fraction(*number.as_integer_ratio())
    if isinstance(number, Decimal) and number.is_finite() and abs(number.adjusted()) <= _DIGITS:
        return Fraction(number)
    found = spelled(number.strip()) if isinstance(number, str) else None
    if found is None:
        kind = ValueError if isinstance(number, (str, Decimal)) else TypeError
        raise kind(f"{number!r} is not a finite number")
    return found


def finite(value: object, what: str, error: type[ConcertError] = GameError) -> Fraction:
    """`exactly`, with an error that names what is wrong.

    >>> finite("all", "the share of 'A'")
    Traceback (most recent call last):
    games.errors.GameError: the share of 'A' is 'all'; it must be a finite number
    """
    try:
        return exactly(value)
    except (TypeError, ValueError, OverflowError, ZeroDivisionError):
        raise error(f"{what} is {value!r}; it must be a finite number") from None


def as_written(what: str, name: str, number: object) -> Fraction:
    """A number that is not negative, as a fraction; decimals as they are written."""
    written = repr(float(number)) if isinstance(number, (float, np.floating)) else number
    value = finite(written, f"{what} of {name!r}")
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
            if x is None or isinstance(x, (*_NO_NUMBERS, complex, np.complexfloating)):
                raise TypeError(f"{x!r} is not a number")
            if isinstance(x, Decimal) and x.is_finite() and abs(x.adjusted()) > _DIGITS:
                raise ValueError(f"{x!r} is out of reach")
    return array


def lossless(numbers: Any) -> npt.NDArray[Any]:
    """An array of the numbers given in which none is rounded or wrapped round.

    NumPy turns a list of integers and floats into floats, and keeps narrow integers narrow, so that -(-128) is -128
    again in eight bits. Here integers are widened, and where floats could not hold one of them the array is of objects.
    Texts among objects become the fractions that they spell.

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
    if kind == "O" and any(isinstance(x, str) for x in array.reshape(-1).tolist()):
        spelt = np.empty(array.shape, dtype=object)
        spelt.reshape(-1)[:] = [exactly(x) if isinstance(x, str) else x for x in array.reshape(-1).tolist()]
        return spelt
    if kind == "f" and not isinstance(numbers, np.ndarray) and np.abs(array).max(initial=0) >= _WHOLE:
        objects = np.array(numbers, dtype=object)
        if any(isinstance(x, Integral) for x in objects.reshape(-1)):
            return objects
    return array


def resolution(payoffs: FloatArray, rounded: Any, ranges: FloatArray) -> FloatArray:
    """How far rounding to floats may have moved each player's payoffs before they came here, over their range; shape (N,).

    Zero for whole numbers that floats hold; else half the distance of the floats next to the largest payoff. One or more
    (infinity where all payoffs are equal) means that the differences are lost.

    Parameters
    ----------
    payoffs : array (..., N)
    rounded : which of them came as floats, an array of their shape; or True for all
    ranges : array (N,), each player's largest less smallest payoff, exactly
    """
    payoffs = np.where(rounded, payoffs, 0.0)
    flat = payoffs.reshape(-1, payoffs.shape[-1])
    largest = np.abs(flat).max(axis=0)
    step = np.spacing(largest) / 2.0
    whole = (largest < _WHOLE) & (flat == np.rint(flat)).all(axis=0)
    # Payoffs that are all equal are what they seem to be unless floats could not have told them apart by one.
    lost = np.where(largest < _WHOLE, 0.0, np.inf)
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        share = np.where(ranges == 0, lost, step / np.where(ranges == 0, 1.0, ranges))
    return np.asarray(np.where(whole, 0.0, share))
