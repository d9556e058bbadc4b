"""Corners of polygons against Qhull and by leaving out one after the other."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial import ConvexHull

from solvers.repeated.payoff_sets._polygon import _plain_corners, area, clipped, polygon
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope


@pytest.mark.parametrize("seed", range(20))
def test_polygons_are_those_of_qhull(seed: int) -> None:
    points = np.random.default_rng(seed).normal(size=(5 + 20 * seed, 2))
    ours, theirs = polygon(points, ROUNDING), ConvexHull(points)
    assert len(ours) == len(theirs.vertices)
    assert area(ours) == pytest.approx(theirs.volume, rel=1e-12)


def test_corners_on_a_nearly_vertical_side() -> None:
    # Rounding noise in x reorders the points of the left side; the lowest must stay a corner.
    points = [[1e-17, 0.5], [2e-17, 0.0], [3e-17, 0.7], [1.0, 0.1], [1.0, 0.9]]
    hull = Polytope.hull(points)
    assert hull.excess(points).max() < 1e-15
    assert hull.lowest[1] == 0.0


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.lists(st.tuples(st.integers(-3, 3), st.integers(-3, 3)), min_size=1, max_size=12))
def test_small_integer_polygons(points: list[tuple[int, int]]) -> None:
    """Many collinear and repeated points: every corner is one, and everything is inside."""
    hull = Polytope.hull(np.array(points, dtype=float))
    assert hull.excess(points).max() <= 1e-12
    for v in hull.vertices:
        others = [p for p in points if tuple(p) != tuple(v)]
        if others:
            assert Polytope.hull(np.array(others, dtype=float)).excess(v[None])[0] > 1e-9


@pytest.mark.parametrize("seed", range(10))
def test_clipped_polygons_are_the_points_that_meet_every_half_plane(seed: int) -> None:
    rng = np.random.default_rng(seed)
    ring = Polytope.hull(rng.normal(size=(30, 2))).vertices
    normals = rng.normal(size=(4, 2))
    levels = (ring @ normals.T).max(axis=0) * rng.uniform(0.2, 1.1, size=4)
    ours = clipped(ring, normals, levels, ROUNDING)
    cut = Polytope.hull(ring) if ours is None else Polytope.hull(ours)
    trial = rng.uniform(ring.min(axis=0), ring.max(axis=0), size=(2000, 2))
    wanted = (Polytope.hull(ring).excess(trial) <= 0) & (trial @ normals.T <= levels).all(axis=1)
    np.testing.assert_array_equal(cut.excess(trial) <= 1e-12, wanted)


def test_a_half_plane_that_leaves_nothing_is_passed_over() -> None:
    square = np.array([[0.0, 0], [1, 0], [1, 1], [0, 1]])
    assert clipped(square, np.array([[1.0, 0.0]]), np.array([-1.0]), ROUNDING) is None
    half = clipped(square, np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([0.5, -1.0]), ROUNDING)
    assert area(half) == pytest.approx(0.5)


def test_corners_that_do_not_stand_out_are_left_out_wherever_the_ring_begins() -> None:
    ring = [[0.0, 0.0], [1.0, 0.0], [2.0, 0.0], [2.0, 2.0], [1.0, 2.0 + 1e-12], [0.0, 2.0], [0.0, 1.0]]
    square = {(0.0, 0.0), (2.0, 0.0), (2.0, 2.0), (0.0, 2.0)}
    for turn in range(len(ring)):
        kept = _plain_corners(ring[turn:] + ring[:turn], 1e-9)
        assert {tuple(p) for p in kept} == square
        assert len(kept) == 4
    # A corner that stands out by more is one.
    ring[4] = [1.0, 2.1]
    assert {tuple(p) for p in _plain_corners(ring, 1e-9)} == square | {(1.0, 2.1)}


def test_areas_of_triangle_and_square() -> None:
    assert area(np.array([[1.0, 1.0], [3.0, 1.0], [1.0, 4.0]])) == 3.0
    assert area(np.array([[0.0, 0.0], [2.0, 0.0], [2.0, 2.0], [0.0, 2.0]])) == 4.0
    assert area(np.array([[0.0, 0.0], [0.0, 2.0], [2.0, 2.0], [2.0, 0.0]])) == 4.0
