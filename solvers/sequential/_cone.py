"""Extreme rays of a cone in the positive orthant, exactly, by the double description method."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import gcd
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import SizeError
from solvers.nash.polytopes import _edges

__all__ = ["extreme_rays"]

Check = Callable[[], None]


def extreme_rays(
    n: int,
    equalities: Sequence[Sequence[int]],
    inequalities: Sequence[Sequence[int]],
    limit: int,
    check: Check = lambda: None,
) -> npt.NDArray[np.object_]:
    """Extreme rays of { z in R^n : z >= 0, E z = 0, G z >= 0 } with the values of all inequalities.

    Constraints are added one at a time; a new ray arises on each two-dimensional face that a constraint cuts (Motzkin,
    Raiffa, Thompson and Thrall 1953), and two rays span a face if no third ray has all the zeros that they share (Fukuda and
    Prodon 1996). Equalities come first: they keep what is on them and cut the rest.

    Returns
    -------
    array (R, n + len(inequalities)) of integers without a common factor: the rays, and what each inequality leaves over.

    Raises SizeError past `limit` rays at any time.

    >>> extreme_rays(2, [], [[2, -1]], 10).tolist()
    [[1, 0, 2], [1, 2, 0]]
    """
    G = np.array([list(row) for row in inequalities], dtype=object).reshape(len(inequalities), n)
    E = np.array([list(row) for row in equalities], dtype=object).reshape(len(equalities), n)
    rays = np.zeros((n, n), dtype=object)
    rays[np.arange(n), np.arange(n)] = 1
    rays = np.concatenate([rays, rays @ E.T, rays @ G.T], axis=1)
    first = n + len(E)
    for k in range(n, rays.shape[1]):
        check()
        value = rays[:, k]
        above, below = np.flatnonzero(value > 0), np.flatnonzero(value < 0)
        if not len(above) and not len(below):
            continue
        kept = rays[value == 0] if k < first else rays[value >= 0]
        if len(above) and len(below):
            # Zeros of coordinates and of the inequalities so far; equalities are zero for all.
            done = [*range(n), *range(first, max(first, k))]
            a, b = _edges(rays[:, done] == 0, above, below, 0, check)
            new = rays[a] * -value[b][:, None] + rays[b] * value[a][:, None]
            kept = np.concatenate([kept, _reduced(new)])
        rays = kept
        if len(rays) > limit:
            raise SizeError(
                f"the polytope of this game has more than {limit:,} vertices on the way; ask for one equilibrium with find_one"
            )
    return np.delete(rays, np.s_[n:first], axis=1)


def _reduced(rays: npt.NDArray[Any]) -> npt.NDArray[np.object_]:
    out = np.empty_like(rays)
    for k, row in enumerate(rays.tolist()):
        divisor = gcd(*row)
        out[k] = row if divisor == 1 else [x // divisor for x in row]
    return out
