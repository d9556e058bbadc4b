"""Extreme rays against a search over all sets of tight constraints."""

from __future__ import annotations

from itertools import combinations
from math import gcd

import numpy as np
import pytest

from games.errors import SizeError
from solvers.base.rays import extreme_rays


def by_hand(n: int, E: np.ndarray, G: np.ndarray) -> set[tuple[int, ...]]:
    """Rays of {z >= 0, E z = 0, G z >= 0}: the solutions of n - 1 independent tight constraints that satisfy the rest."""
    from flint import fmpz_mat

    rows = np.concatenate([np.eye(n, dtype=int), G])
    out = set()
    for size in range(n):
        for chosen in combinations(range(len(rows)), size):
            table = np.concatenate([E, rows[list(chosen)]]) if size or len(E) else np.zeros((0, n), dtype=int)
            matrix = (
                fmpz_mat(len(table), n, [int(v) for v in table.reshape(-1)])
                if len(table)
                else fmpz_mat(1, n, [0] * n)
            )
            null, rank = matrix.nullspace()
            if rank != 1:
                continue
            z = [int(null[r, 0]) for r in range(n)]
            for sign in (1, -1):
                w = np.array([sign * v for v in z], dtype=object)
                if (w >= 0).all() and (G @ w >= 0).all():
                    divisor = gcd(*w.tolist())
                    out.add(tuple(v // divisor for v in w.tolist()))
    return out


@pytest.mark.parametrize("seed", range(40))
def test_random_cones(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    E = rng.integers(-2, 3, (int(rng.integers(0, 2)), n))
    G = rng.integers(-2, 3, (int(rng.integers(0, 4)), n))
    rays = extreme_rays(n, E.tolist(), G.tolist(), 1000)
    assert {tuple(row[:n]) for row in rays.tolist()} == by_hand(n, E, G)
    assert len({tuple(row[:n]) for row in rays.tolist()}) == len(rays)
    for row in rays.tolist():
        assert row[n:] == (G @ np.array(row[:n], dtype=object)).tolist()


def test_too_many_rays_are_refused() -> None:
    G = [[1, -1, 0, 0], [0, 1, -1, 0], [0, 0, 1, -1]]
    with pytest.raises(SizeError, match="more than 1 vertices"):
        extreme_rays(4, [], G, 1)
