"""Linear programs in rational arithmetic, for questions that have a yes or no answer and few unknowns."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from solvers.base.deadline import checkpoint

__all__ = ["maximise"]

Row = Sequence[Fraction | int]


def maximise(
    objective: Row,
    at_most: Sequence[tuple[Row, Fraction | int]] = (),
    equal: Sequence[tuple[Row, Fraction | int]] = (),
) -> tuple[list[Fraction], Fraction] | None:
    """Maximise `objective . x` over x >= 0 with `row . x <= bound` and `row . x == value`; None if there is no such x.

    The two-phase simplex method with Bland's rule, which cannot cycle, on an integer tableau (Bareiss: every entry stands
    for itself over one common denominator). The objective must be bounded on the feasible set.

    Returns
    -------
    x and the value, exactly; a vertex of the feasible set.

    Examples
    --------
    >>> maximise([1, 1], [([1, 2], 4), ([3, 1], 6)])
    ([Fraction(8, 5), Fraction(6, 5)], Fraction(14, 5))
    """
    n = len(objective)
    rows = []
    for row, bound in at_most:
        rows.append(([*row], bound, True))
    for row, bound in equal:
        rows.append(([*row], bound, False))
    m = len(rows)
    slacks = len(at_most)
    width = n + slacks + m + 1
    table = np.zeros((m, width), dtype=object)
    basis = []
    artificial = []
    for r, (row, bound, inequality) in enumerate(rows):
        scale = lcm(*(Fraction(v).denominator for v in (*row, bound)))
        values = [int(v * scale) for v in row]
        right = int(bound * scale)
        sign = -1 if right < 0 else 1
        table[r, :n] = [sign * v for v in values]
        table[r, -1] = sign * right
        if inequality:
            table[r, n + r] = sign
        if inequality and sign == 1:
            basis.append(n + r)
        else:
            table[r, n + slacks + r] = 1
            basis.append(n + slacks + r)
            artificial.append(n + slacks + r)
    simplex = _Simplex(table, basis)
    if artificial:
        cost = np.zeros(width - 1, dtype=object)
        cost[artificial] = -1
        simplex.solve(cost, range(n + slacks + m))
        if any(b >= n + slacks and simplex.table[r, -1] != 0 for r, b in enumerate(simplex.basis)):
            return None
        simplex.drive_out(n + slacks)
    scale = lcm(*(Fraction(v).denominator for v in objective), 1)
    cost = np.zeros(width - 1, dtype=object)
    cost[:n] = [int(v * scale) for v in objective]
    simplex.solve(cost, range(n + slacks))
    x = [Fraction(0)] * n
    for r, b in enumerate(simplex.basis):
        if b < n:
            x[b] = Fraction(int(simplex.table[r, -1]), int(simplex.denominator))
    return x, sum((Fraction(c) * v for c, v in zip(objective, x)), Fraction(0))


class _Simplex:
    def __init__(self, table: Any, basis: list[int]) -> None:
        self.table = table
        self.basis = basis
        self.denominator: Any = 1

    def solve(self, cost: Any, allowed: range) -> None:
        """Pivot until no allowed column improves the cost (Bland's rule)."""
        while True:
            # Reduced costs over the common denominator: c_j * common - c_B . T_j.
            reduced = cost * self.denominator - sum(
                (cost[b] * self.table[r, :-1] for r, b in enumerate(self.basis) if cost[b] != 0),
                np.zeros(len(cost), dtype=object),
            )
            enter = next((j for j in allowed if reduced[j] > 0), None)
            if enter is None:
                return
            leave, best = None, Fraction(0)
            for r in range(len(self.table)):
                if self.table[r, enter] > 0:
                    ratio = Fraction(int(self.table[r, -1]), int(self.table[r, enter]))
                    if leave is None or ratio < best or (ratio == best and self.basis[r] < self.basis[leave]):
                        leave, best = r, ratio
            if leave is None:
                raise ValueError("the objective is unbounded")
            self.pivot(leave, enter)

    def pivot(self, row: int, column: int) -> None:
        checkpoint()
        pivot = self.table[row, column]
        kept = self.table[row].copy()
        self.table = (self.table * pivot - np.outer(self.table[:, column], kept)) // self.denominator
        self.table[row] = kept
        self.denominator = pivot
        if pivot < 0:
            self.table, self.denominator = -self.table, -pivot
        self.basis[row] = column

    def drive_out(self, first_artificial: int) -> None:
        """Take artificial variables, all zero by now, out of the basis; drop rows that say nothing."""
        r = 0
        while r < len(self.basis):
            if self.basis[r] >= first_artificial:
                column = next((j for j in range(first_artificial) if self.table[r, j] != 0), None)
                if column is None:
                    self.table = np.delete(self.table, r, axis=0)
                    del self.basis[r]
                    continue
                self.pivot(r, column)
            r += 1
