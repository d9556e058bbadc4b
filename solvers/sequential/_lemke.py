"""One equilibrium of a tree of two players by Lemke's algorithm on the sequence form (Koller, Megiddo and von Stengel 1996)."""

from __future__ import annotations

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np

from games.errors import ConvergenceError
from games.words import counted
from solvers.base.deadline import reached
from solvers.equilibrium.sequence_form import Plans, SequenceForm

__all__ = ["lemke"]

_TINY = 1e-10
_MAX_PIVOTS = 20_000


def lemke(form: SequenceForm, exact: bool) -> tuple[list[Any], list[Any]]:
    """Realisation plans of both players that are an equilibrium, in fractions or in floats.

    The linear complementarity problem is w = b + M z, w, z >= 0, w'z = 0 with z = (x, y, p, p', q, q') and

        M = [ 0 -A E' -E' 0 0 ; -B' 0 0 0 F' -F' ; -E 0 0 0 0 0 ; E ... ; 0 -F ... ; 0 F ... ],   b = (0, 0, e, -e, f, -f),

    with payoffs moved below zero, for which Lemke's path ends at a solution (theorem 4.1 there). Ties are broken
    lexicographically, so that the path cannot cycle; in floats a path that loses its way raises ConvergenceError.
    """
    first, second = form.first, form.second
    rows1, e = _constraints(first)
    rows2, f = _constraints(second)
    A, B = _negative(form, 0), _negative(form, 1)
    m, n, k, l = first.size, second.size, len(rows1), len(rows2)
    size = m + n + 2 * k + 2 * l
    M = np.zeros((size, size), dtype=object)
    M[:m, m : m + n] = -A
    M[m : m + n, :m] = -B.T
    E, F = np.array(rows1, dtype=object), np.array(rows2, dtype=object)
    at = m + n
    for sign, start in ((1, at), (-1, at + k)):
        M[:m, start : start + k] = sign * E.T
        M[start : start + k, :m] = -sign * E
    at += 2 * k
    for sign, start in ((1, at), (-1, at + l)):
        M[m : m + n, start : start + l] = sign * F.T
        M[start : start + l, m : m + n] = -sign * F
    b = np.array([0] * (m + n) + e + [-v for v in e] + f + [-v for v in f], dtype=object)
    if not exact:
        M, b = M.astype(np.float64), b.astype(np.float64)
        scale = (
            max(np.abs(M[:m, m : m + n]).max(initial=0.0), 1.0),
            max(np.abs(M[m : m + n, :m]).max(initial=0.0), 1.0),
        )
        M[:m, m : m + n] /= scale[0]
        M[m : m + n, :m] /= scale[1]
    z = _path(M, b, exact)
    return z[:m], z[m : m + n]


def _constraints(plans: Plans) -> tuple[list[list[int]], list[int]]:
    rows = [[1] + [0] * (plans.size - 1)]
    for before, after in plans.sets:
        row = [0] * plans.size
        row[before] = -1
        for s in after:
            row[s] = 1
        rows.append(row)
    return rows, [1] + [0] * len(plans.sets)


def _negative(form: SequenceForm, player: int) -> Any:
    """A player's payoffs in integers, moved below zero at every end; pairs of sequences without an end stay zero."""
    weights = form.weights
    # An amount is taken off every end, so off a pair of sequences by the weight of its ends.
    top = (
        max(
            (pair[player] / weights[k] for k, pair in form.payoffs.items() if weights[k]), default=Fraction(0)
        )
        + 1
    )
    moved = {k: pair[player] - top * weights[k] for k, pair in form.payoffs.items()}
    scale = lcm(*(v.denominator for v in moved.values()), 1)
    out = np.zeros((form.first.size, form.second.size), dtype=object)
    for k, v in moved.items():
        out[k] = int(v * scale)
    return out


def _path(M: Any, b: Any, exact: bool) -> list[Any]:
    """Lemke's path with covering vector 1, from the ray on which only z_0 is positive."""
    size = len(b)
    # Columns: w (size), z (size), z_0, right-hand side; rows w - M z - z_0 = b.
    table = np.zeros((size, 2 * size + 2), dtype=M.dtype)
    table[:, :size] = np.eye(size, dtype=np.int64).astype(M.dtype)
    table[:, size : 2 * size] = -M
    table[:, 2 * size] = -1
    table[:, -1] = b
    basis = list(range(size))
    common: Any = 1

    def pivot(row: int, column: int) -> None:
        nonlocal table, common
        p = table[row, column]
        if exact:
            kept = table[row].copy()
            table = (table * p - np.outer(table[:, column], kept)) // common
            table[row] = kept
            common = p
            if p < 0:
                table, common = -table, -p
        else:
            table[row] /= p
            factor = table[:, column].copy()
            factor[row] = 0.0
            used = np.flatnonzero(factor)
            table[used] -= np.outer(factor[used], table[row])
            table[:, column] = 0.0
            table[row, column] = 1.0
        basis[row] = column

    # The row that is lexicographically most negative leaves first.
    row = min(range(size), key=lambda r: (b[r], -r))
    entering = row
    pivot(row, 2 * size)
    entering += size
    for done in range(_MAX_PIVOTS):
        reached(f"Lemke's path had taken {counted(done, 'pivot')}")
        column = table[:, entering]
        candidates = [r for r in range(size) if column[r] > (0 if exact else _TINY)]
        if not candidates:
            raise ConvergenceError("Lemke's path ended on a ray", "lemke")
        row = _lexicographic(table, candidates, entering, size, exact, basis)
        leaving = basis[row]
        pivot(row, entering)
        if leaving == 2 * size:
            break
        entering = leaving + size if leaving < size else leaving - size
    else:
        raise ConvergenceError(f"Lemke's path took more than {_MAX_PIVOTS:,} pivots", "lemke")
    out: list[Any] = [0] * size
    for r, variable in enumerate(basis):
        if size <= variable < 2 * size:
            out[variable - size] = Fraction(int(table[r, -1]), int(common)) if exact else float(table[r, -1])
    return out


def _lexicographic(
    table: Any, candidates: list[int], entering: int, size: int, exact: bool, basis: list[int]
) -> int:
    """The row of least ratio; ties go to z_0, else by the columns of the first basis."""
    for column in (-1, *range(size)):
        if exact:
            ratios = [Fraction(int(table[r, column]), int(table[r, entering])) for r in candidates]
            least = min(ratios)
            candidates = [r for r, x in zip(candidates, ratios) if x == least]
        else:
            values = [table[r, column] / table[r, entering] for r in candidates]
            low = min(values)
            candidates = [r for r, x in zip(candidates, values) if x <= low + _TINY]
        if column == -1:
            for r in candidates:
                if basis[r] == 2 * size:
                    return r
        if len(candidates) == 1:
            break
    return candidates[0]
