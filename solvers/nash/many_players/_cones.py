"""Polytopes of mixed strategies cut out by linear conditions, in integers or numbers of any other ordered ring."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import gcd
from typing import Any

from solvers.nash.many_players._line import sign_of

__all__ = ["corners", "dot", "rank", "rays", "tight_at"]

Row = list[int]


def corners(size: int, equations: Sequence[Row], inequalities: Sequence[Row]) -> list[list[Fraction]]:
    """The vertices of { x in the simplex of `size` actions : equation . x = 0, inequality . x <= 0 }.

    >>> [[str(p) for p in v] for v in corners(2, [], [[1, -1]])]
    [['0', '1'], ['1/2', '1/2']]
    """
    found = rays(size, equations, inequalities)
    return sorted([Fraction(x, sum(ray)) for x in ray] for ray in found)


def _shorter(ray: Row) -> Row:
    divisor = gcd(*ray)
    return [x // divisor for x in ray]


def rays(
    size: int,
    equations: Sequence[Sequence[Any]],
    inequalities: Sequence[Sequence[Any]],
    sign: Callable[[Any], int] = sign_of,
    shorter: Callable[[list[Any]], list[Any]] = _shorter,
    one: Any = 1,
) -> list[list[Any]]:
    """The extreme rays of { x >= 0 : equation . x = 0, inequality . x <= 0 }, by the double description method.

    Adjacency is tested combinatorially (Fukuda and Prodon 1996). Numbers may be of any ordered ring: `sign` gives their signs,
    `shorter` divides a ray by a positive number, and `one` is 1.
    """
    found = [[one * int(i == j) for j in range(size)] for i in range(size)]
    rows: list[Sequence[Any]] = []
    for row, equal in [*((r, True) for r in equations), *((r, False) for r in inequalities)]:
        value = [dot(row, ray) for ray in found]
        signs = [sign(v) for v in value]
        zero = [ray for ray, s in zip(found, signs) if s == 0]
        plus = [(ray, v) for ray, v, s in zip(found, value, signs) if s > 0]
        minus = [(ray, v) for ray, v, s in zip(found, value, signs) if s < 0]
        tight = {id(ray): tight_at(ray, rows, sign) for ray in found} if plus and minus else {}
        new = []
        for ray, v in plus:
            for other, w in minus:
                common = tight[id(ray)] & tight[id(other)]
                if any(common <= tight[id(r)] for r in found if r is not ray and r is not other):
                    continue
                new.append(shorter([v * y - w * x for x, y in zip(ray, other)]))
        found = zero + new + ([] if equal else [ray for ray, _ in minus])
        rows.append(row)
    return found


def dot(row: Sequence[Any], ray: Sequence[Any]) -> Any:
    return sum((c * x for c, x in zip(row, ray)), 0 * ray[0])


def tight_at(ray: Sequence[Any], rows: Sequence[Sequence[Any]], sign: Callable[[Any], int]) -> frozenset[int]:
    """The inequalities, those of the simplex first, that hold with equality at a ray."""
    size = len(ray)
    own = {j for j, x in enumerate(ray) if sign(x) == 0}
    return frozenset(own | {size + k for k, row in enumerate(rows) if sign(dot(row, ray)) == 0})


def rank(rows: Sequence[Sequence[Fraction]]) -> int:
    """The rank of a matrix of fractions."""
    from flint import fmpq, fmpq_mat

    if not rows:
        return 0
    entries = [fmpq(x.numerator, x.denominator) for row in rows for x in row]
    return int(fmpq_mat(len(rows), len(rows[0]), entries).rank())
