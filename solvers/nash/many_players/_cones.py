"""Polytopes of mixed strategies cut out by linear conditions, in integers."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from math import gcd

__all__ = ["corners", "rank"]

Row = list[int]


def corners(size: int, equations: Sequence[Row], inequalities: Sequence[Row]) -> list[list[Fraction]]:
    """The vertices of { x in the simplex of `size` actions : equation . x = 0, inequality . x <= 0 }.

    By the double description method on the cone over the polytope, with the combinatorial test of adjacency (Fukuda and
    Prodon 1996).

    >>> [[str(p) for p in v] for v in corners(2, [], [[1, -1]])]
    [['0', '1'], ['1/2', '1/2']]
    """
    rays = [[int(i == j) for j in range(size)] for i in range(size)]
    rows: list[Row] = []
    for row, equal in [*((r, True) for r in equations), *((r, False) for r in inequalities)]:
        value = [sum(c * x for c, x in zip(row, ray)) for ray in rays]
        zero = [ray for ray, v in zip(rays, value) if v == 0]
        plus = [(ray, v) for ray, v in zip(rays, value) if v > 0]
        minus = [(ray, v) for ray, v in zip(rays, value) if v < 0]
        tight = {id(ray): _tight(ray, rows) for ray in rays}
        new = []
        for one, v in plus:
            for other, w in minus:
                common = tight[id(one)] & tight[id(other)]
                if any(common <= tight[id(r)] for r in rays if r is not one and r is not other):
                    continue
                ray = [v * y - w * x for x, y in zip(one, other)]
                divisor = gcd(*ray)
                new.append([x // divisor for x in ray])
        rays = zero + new + ([] if equal else [ray for ray, _ in minus])
        rows.append(row)
    out = [[Fraction(x, sum(ray)) for x in ray] for ray in rays]
    return sorted(out)


def _tight(ray: Row, rows: Sequence[Row]) -> frozenset[int]:
    """The inequalities, those of the simplex first, that hold with equality at a ray."""
    size = len(ray)
    own = {j for j, x in enumerate(ray) if x == 0}
    return frozenset(
        own | {size + k for k, row in enumerate(rows) if sum(c * x for c, x in zip(row, ray)) == 0}
    )


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank of a matrix of fractions."""
    from flint import fmpq, fmpq_mat

    if not rows:
        return 0
    entries = [fmpq(x.numerator, x.denominator) for row in rows for x in row]
    return int(fmpq_mat(len(rows), len(rows[0]), entries).rank())
