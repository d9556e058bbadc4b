"""Names as they stand in sentences."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["listed", "the"]


def listed(names: Sequence[str]) -> str:
    """Names in a row, the last joined by `and`.

    >>> listed(["A", "B", "C"]), listed(["A"])
    ('A, B and C', 'A')
    """
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]


def the(power: str) -> str:
    """A power's name within a sentence, with its article where it takes one.

    >>> the("United States"), the("China")
    ('the United States', 'China')
    """
    return f"the {power}" if power.startswith("United ") else power
