"""Enclosing polytopes with fixed facets."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.repeated.directions import directions, enclosing
from solvers.repeated.polytope import Polytope


@pytest.mark.parametrize(("n", "count"), [(2, 16), (3, 98), (4, 80)])
def test_directions(n: int, count: int) -> None:
    unit = directions(n)
    assert unit.shape == (count, n)
    np.testing.assert_allclose((unit**2).sum(axis=1), 1.0)
    for axis in np.eye(n):
        assert (np.abs(unit - axis).max(axis=1) == 0).any()


def test_encloses_and_never_grows() -> None:
    rng = np.random.default_rng(0)
    points = rng.normal(size=(2000, 3))
    points /= np.sqrt((points**2).sum(axis=1))[:, None]
    box = Polytope.hull(np.array(list(np.ndindex(2, 2, 2))) * 2.0 - 1.0)
    found = enclosing(points, box)
    assert found is not None
    around, moved = found
    assert around.excess(points).max() <= 1e-12
    assert box.excess(around.vertices).max() <= 1e-12
    assert moved > 0.5
    assert 4 / 3 * np.pi < around.volume < 1.2 * 4 / 3 * np.pi
    # A point cut off by the polytope that all must lie within stays cut off.
    again = enclosing(np.vstack([points, [[0.0, 0.0, 1.5]]]), around)
    assert again is not None
    assert again[0].highest[2] <= around.highest[2] + 1e-12
    assert again[1] <= 1e-12


def test_flat_sets_are_not_enclosed() -> None:
    flat = np.column_stack([np.random.default_rng(0).random((50, 2)), np.full(50, 0.5)])
    assert enclosing(flat, Polytope.hull(np.array(list(np.ndindex(2, 2, 2))).astype(float))) is None
