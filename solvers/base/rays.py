"""Extreme rays of a cone in the positive orthant, exactly, by the double description method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd

import numpy as np
import numpy.typing as npt

from games.errors import SizeError
from games.types import BoolArray

__all__ = ["edges", "extreme_rays", "reduced"]

Check = Callable[[], None]

# Pairs of rays times rays that are compared at once.
_CHUNK = 1 << 23


def extreme_rays(
    n: int,
    equalities: Sequence[Sequence[int]],
    inequalities: Sequence[Sequence[int]],
    limit: int,
    check: Check = lambda: None,
) -> npt.NDArray[np.object_]:
    """Extreme rays of { z in R^n : z >= 0, E z = 0, G z >= 0 } with the values of all inequalities.

    Constraints are added one at a time. A new ray arises on each two-dimensional face that a constraint cuts (Motzkin, Raiffa,
    Thompson and Thrall 1953). Two rays span a face if no third ray has all the zeros that they share (Fukuda and Prodon 1996).
    Equalities come first: they keep what is on them and cut the rest.

    Returns
    -------
    array (R, n + len(inequalities)) of integers without a common factor: the rays, and what each inequality leaves over.

    Raises SizeError past `limit` rays at any time.

    Examples
    --------
    >>> extreme_rays(2, [], [[2, -1]], 10).tolist()
    [[1, 0, 2], [1, 2, 0]]
    """
    G = np.array([list(row) for row in inequalities], dtype=object).reshape(len(inequalities), n)
    E = np.array([list(row) for row in equalities], dtype=object).reshape(len(equalities), n)
    rays = np.zeros((n, n), dtype=object)
    rays[np.arange(n), np.arange(n)] = 1
    rays = np.concatenate([rays, rays @ E.T, rays @ G.T], axis=1)
    first = n + len(E)
    done = list(range(n))
    # The zeros that two rays share have rank two less than the dimension of what the equalities so far leave.
    dimension = n
    for k in range(n, first):
        check()
        value = rays[:, k]
        rays = _cut(rays, value == 0, value, done, dimension - 2, check)
        dimension -= 1
    left = list(range(first, rays.shape[1]))
    while left:
        check()
        # The constraint that makes the fewest pairs first: the rays on the way stay few.
        signs = np.sign(rays[:, left].astype(object)).astype(np.int8)
        pairs = (signs > 0).sum(axis=0) * (signs < 0).sum(axis=0)
        k = left.pop(int(np.argmin(np.where((signs < 0).any(axis=0), pairs, -1))))
        value = rays[:, k]
        rays = _cut(rays, value >= 0, value, done, dimension - 2, check)
        done.append(k)
        if len(rays) > limit:
            raise SizeError(
                f"the polytope of this game has more than {limit:,} vertices on the way; ask for one equilibrium "
                "with find_one"
            )
    return np.delete(rays, np.s_[n:first], axis=1)


def _cut(
    rays: npt.NDArray[np.object_],
    kept: npt.NDArray[np.bool_],
    value: npt.NDArray[np.object_],
    done: Sequence[int],
    need: int,
    check: Check,
) -> npt.NDArray[np.object_]:
    """The rays that a constraint keeps, and a new one on each edge that it cuts."""
    above, below = np.flatnonzero(value > 0), np.flatnonzero(value < 0)
    if not len(above) or not len(below):
        return rays[kept]
    a, b = edges(rays[:, list(done)] == 0, above, below, max(0, need), check)
    new = rays[a] * -value[b][:, None] + rays[b] * value[a][:, None]
    return np.concatenate([rays[kept], reduced(new)])


def reduced(rays: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Each row of integers divided by its greatest common factor."""
    out = np.empty_like(rays)
    for k, row in enumerate(rays.tolist()):
        divisor = gcd(*row)
        out[k] = row if divisor == 1 else [x // divisor for x in row]
    return out


def edges(
    zero: BoolArray, inside: npt.NDArray[np.intp], outside: npt.NDArray[np.intp], need: int, check: Check
) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Pairs of adjacent rays, one inside and one outside: no third ray has all the labels that the two share."""
    sets = zero.astype(np.float32)
    found_a, found_b = [inside[:0]], [outside[:0]]
    step = max(1, _CHUNK // max(1, len(outside)))
    for start in range(0, len(inside), step):
        part = inside[start : start + step]
        i, j = np.nonzero(sets[part] @ sets[outside].T >= need)
        for begin in range(0, len(i), max(1, _CHUNK // len(sets))):
            check()
            a, b = (
                part[i[begin : begin + _CHUNK // len(sets)]],
                outside[j[begin : begin + _CHUNK // len(sets)]],
            )
            common = zero[a] & zero[b]
            holders = common.astype(np.float32) @ sets.T == common.sum(axis=1, dtype=np.float32)[:, None]
            adjacent = holders.sum(axis=1) == 2
            found_a.append(a[adjacent])
            found_b.append(b[adjacent])
    return np.concatenate(found_a), np.concatenate(found_b)
