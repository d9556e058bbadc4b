"""Numbers in nested JSON lists: written exactly, and read with their place in every message."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from games.formats.numbers import NUMBERS_WANTED, parse

__all__ = ["collect", "plain"]


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return value


def collect(given: Any, shape: tuple[int, ...], where: str, out: list[Any], fail: Any) -> None:
    if shape:
        if not isinstance(given, list) or len(given) != shape[0]:
            has = f"{len(given)} entries" if isinstance(given, list) else f"the value {given!r}"
            last = len(shape) == 1
            fail(
                where,
                f"it has {has}; it needs a list of {shape[0]}, one for each {'player' if last else 'action'}",
            )
        for position, value in enumerate(given):
            collect(value, shape[1:], f"{where}[{position}]", out, fail)
        return
    if isinstance(given, str):
        number = parse(given.strip())
        if number is None:
            fail(where, f"{given!r} is not a number; {NUMBERS_WANTED}")
        out.append(number)
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        fail(where, f"{given!r} is not a number; {NUMBERS_WANTED}")
    elif given in (float("inf"), float("-inf")):
        fail(where, "the number is too large for a float; every payoff must be finite")
    else:
        out.append(given)
