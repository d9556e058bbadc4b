"""Exact numbers in text: integers, fractions and decimals."""

from __future__ import annotations

from fractions import Fraction

from games.exact import spelled

__all__ = ["NUMBERS_WANTED", "parse"]

NUMBERS_WANTED = "write a number such as 3, -0.5, 1e-3 or 1/3"


def parse(text: str) -> Fraction | None:
    """The number that a text spells, exactly, or None if it spells none.

    The sign may be a hyphen or a minus (U+2212), which printed tables have. Numbers that no float can come near (thousands
    of digits) are refused too: they could only be a mistake.

    >>> parse("1/3"), parse("-2.50"), parse("three")
    (Fraction(1, 3), Fraction(-5, 2), None)
    """
    number = spelled(text.replace("\N{MINUS SIGN}", "-"))
    try:
        float(number or 0)
    except OverflowError:
        return None
    return number
