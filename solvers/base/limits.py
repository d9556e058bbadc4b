"""Limits and counts checked at the door: options that a method does not take, and values out of range, are refused by name."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import Any

from games.errors import MethodError, did_you_mean

__all__ = ["refuse_unknown", "seconds", "whole"]


def refuse_unknown(method: str, given: Mapping[str, Any], known: Iterable[str]) -> None:
    """Raise MethodError for the first option that the method does not take.

    >>> refuse_unknown("newton", {"stars": 3}, ["starts", "seed"])
    Traceback (most recent call last):
    games.errors.MethodError: method 'newton' has no option 'stars'; did you mean 'starts'?
    """
    names = list(known)
    for name in given:
        if name not in names:
            hint = did_you_mean(name, names) if names else "; it takes none"
            raise MethodError(f"method {method!r} has no option {name!r}{hint}")


def whole(name: str, value: Any, least: int) -> int:
    """A whole number of at least `least`; MethodError for anything else.

    >>> whole("max_paths", -5, 1)
    Traceback (most recent call last):
    games.errors.MethodError: max_paths is -5; it must be a whole number of at least 1
    """
    if type(value) is bool or not isinstance(value, Integral) or int(value) < least:
        raise MethodError(f"{name} is {value!r}; it must be a whole number of at least {least}")
    return int(value)


def seconds(name: str, value: Any) -> float | None:
    """A time limit: a positive number of seconds, or None for none; MethodError for anything else.

    >>> seconds("time_limit", -1)
    Traceback (most recent call last):
    games.errors.MethodError: time_limit is -1; it must be a positive number of seconds, or None for no limit
    """
    if value is None:
        return None
    try:
        number = math.nan if type(value) is bool or not isinstance(value, Real) else float(value)
    except OverflowError:
        number = math.inf if value > 0 else -math.inf
    if not number > 0:
        raise MethodError(
            f"{name} is {value!r}; it must be a positive number of seconds, or None for no limit"
        )
    return number
