"""Enclosing polytopes with few facets."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.repeated.payoff_sets.directions import directions, enclosing, furthest, refined
from solvers.repeated.payoff_sets.polytope import Polytope


@pytest.mark.parametrize(("n", "count"), [(2, 16), (3, 26), (4, 80)])
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
    found = enclosing(points, box, directions(3))
    assert found is not None
    around, moved = found
    assert around.excess(points).max() <= 1e-12
    assert box.excess(around.vertices).max() <= 1e-12
    assert moved > 0.5
    assert 4 / 3 * np.pi < around.volume < 1.4 * 4 / 3 * np.pi
    # A point cut off by the polytope that all must lie within stays cut off.
    again = enclosing(np.vstack([points, [[0.0, 0.0, 1.5]]]), around, directions(3))
    assert again is not None
    assert again[0].highest[2] <= around.highest[2] + 1e-12
    assert again[1] <= 1e-12


def test_flat_sets_are_not_enclosed() -> None:
    flat = np.column_stack([np.random.default_rng(0).random((50, 2)), np.full(50, 0.5)])
    cube = Polytope.hull(np.array(list(np.ndindex(2, 2, 2))).astype(float))
    assert enclosing(flat, cube, directions(3)) is None


def test_refining_cuts_off_the_corners_that_stand_out() -> None:
    rng = np.random.default_rng(1)
    points = rng.normal(size=(3000, 3))
    points /= np.sqrt((points**2).sum(axis=1))[:, None]
    # A cap is missing: the facets should go where the sphere is round, each new one away from the others.
    points = points[points[:, 2] < 0.5]
    around = Polytope.hull(np.array(list(np.ndindex(2, 2, 2))) * 4.0 - 2.0)
    normals, before = directions(3), np.inf
    for _ in range(4):
        found = enclosing(points, around, normals)
        assert found is not None
        around = found[0]
        assert around.excess(points).max() <= 1e-12
        assert around.volume < before
        before = around.volume
        more = refined(normals, around, points, 10, 1e-3)
        assert 0 < len(more) - len(normals) <= 10
        normals = more
    near = (normals @ normals.T)[np.triu_indices(len(normals), 1)]
    assert near.max() < 0.996
    assert len(refined(normals, around, points, 10, 5.0)) == len(normals)


def test_furthest_in_blocks() -> None:
    points = np.random.default_rng(2).normal(size=(1500, 3))
    np.testing.assert_array_equal(furthest(points, directions(3)), (directions(3) @ points.T).argmax(axis=1))


def test_directions_are_shared_and_cannot_be_changed() -> None:
    assert directions(3) is directions(3)
    with pytest.raises(ValueError, match="read-only"):
        directions(3)[0, 0] = 2.0


def test_no_direction_is_added_where_nothing_stands_out() -> None:
    """A square on its corner: the diagonals of the directions touch it all along its sides."""
    points = np.array([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])
    normals = directions(2)
    assert refined(normals, Polytope.hull(points), points, 10, 1e-6) is not normals
    assert len(refined(normals, Polytope.hull(points), points, 10, 1e-6)) == len(normals)
    # Of an octagon enclosed by its box the four short sides stand out; at most as many as asked for are added.
    turned = np.array([[np.cos(t), np.sin(t)] for t in np.arange(8) * np.pi / 4 + 0.3])
    box = Polytope.hull(np.array([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]) * 1.05)
    axes = np.concatenate([np.eye(2), -np.eye(2)])
    assert len(refined(axes, box, turned, 2, 1e-6)) == 6
    more = refined(axes, box, turned, 10, 1e-6)
    assert len(more) == 8
    # Each new one is that of a side of the hull of the points that touch the box.
    touching = Polytope.hull(turned[furthest(turned, axes)])
    assert all(np.abs(touching.normals - row).max(axis=1).min() < 1e-12 for row in more[4:])
