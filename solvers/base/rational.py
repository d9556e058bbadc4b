"""Linear systems in rational arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from solvers.base.deadline import checkpoint

__all__ = ["solve_exactly"]


def solve_exactly(rows: Sequence[Sequence[Fraction]], right: Sequence[Fraction]) -> list[Fraction] | None:
    """Solve a linear system in rational arithmetic: None if it contradicts itself; free unknowns are put to 0.

    >>> solve_exactly([[Fraction(2), Fraction(1)], [Fraction(0), Fraction(3)]], [Fraction(1), Fraction(1)])
    [Fraction(1, 3), Fraction(1, 3)]
    """
    table = [[*row, b] for row, b in zip(rows, right)]
    width = len(rows[0])
    pivots: list[int] = []
    for column in range(width):
        top = len(pivots)
        found = next((r for r in range(top, len(table)) if table[r][column] != 0), None)
        if found is None:
            continue
        table[top], table[found] = table[found], table[top]
        lead = table[top][column]
        table[top] = [x / lead for x in table[top]]
        for r, row in enumerate(table):
            checkpoint()
            factor = row[column]
            if r != top and factor != 0:
                table[r] = [x - factor * y for x, y in zip(row, table[top])]
        pivots.append(column)
    if any(row[-1] != 0 for row in table[len(pivots) :]):
        return None
    out = [Fraction(0)] * width
    for r, column in enumerate(pivots):
        out[column] = table[r][-1]
    return out
