"""Numbers in nested JSON lists: written exactly, and read with their place in every message."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from games.codecs.numbers import NUMBERS_WANTED, parse

__all__ = ["collect", "plain", "short"]


def plain(value: Any) -> Any:
    if isinstance(value, list):
        return [plain(v) for v in value]
    if isinstance(value, Fraction):
        return int(value) if value.denominator == 1 else str(value)
    return value


def collect(given: Any, shape: tuple[int, ...], where: str, out: list[Any], fail: Any) -> None:
    if shape:
        if not isinstance(given, list) or len(given) != shape[0]:
            has = f"{len(given)} entries" if isinstance(given, list) else f"the value {short(given)}"
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
            fail(where, f"{short(given)} is not a number; {NUMBERS_WANTED}")
        out.append(number)
    elif isinstance(given, bool) or not isinstance(given, (int, float)):
        fail(where, f"{short(given)} is not a number; {NUMBERS_WANTED}")
    elif given in (float("inf"), float("-inf")):
        fail(where, "the number is too large for a float; every payoff must be finite")
    else:
        try:
            float(given)
        except OverflowError:
            fail(where, "the number is too large for a float; every payoff must be finite")
        out.append(given)


def short(given: Any) -> str:
    """What was found, in a few words: lists may be nested a thousand times."""
    if isinstance(given, (list, dict)):
        return f"a list of {len(given)}" if isinstance(given, list) else "an object"
    text = repr(given)
    return text if len(text) <= 40 else f"{text[:37]}..."
