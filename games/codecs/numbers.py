"""Exact numbers in text: integers, fractions and decimals."""

from __future__ import annotations

import re
from fractions import Fraction

__all__ = ["NUMBERS_WANTED", "parse"]

NUMBERS_WANTED = "write a number such as 3, -0.5, 1e-3 or 1/3"

_NUMBER = re.compile(r"[+-]?(?:\d+/\d+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?(\d{1,4}))?)\Z", re.ASCII)
_DIGITS = 5000


def parse(text: str) -> Fraction | None:
    """The number that a text spells, exactly, or None if it spells none.

    The sign may be a hyphen or a minus (U+2212), which printed tables have. Numbers that no float can come near (thousands
    of digits) are refused too: they could only be a mistake.

    >>> parse("1/3"), parse("-2.50"), parse("three")
    (Fraction(1, 3), Fraction(-5, 2), None)
    """
    text = text.replace("\N{MINUS SIGN}", "-")
    found = _NUMBER.match(text)
    if not found or len(text) > _DIGITS or int(found[1] or 0) > _DIGITS:
        return None
    try:
        number = Fraction(text)
        float(number)
    except (ValueError, ZeroDivisionError, OverflowError):
        return None
    return number
