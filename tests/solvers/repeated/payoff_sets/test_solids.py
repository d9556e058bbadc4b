"""Intersections of half-spaces: known corners, guesses outside, thin and unbounded ones."""

from __future__ import annotations

import numpy as np
from scipy.spatial import ConvexHull

from solvers.repeated.payoff_sets import _solids
from solvers.repeated.payoff_sets._solids import _next_piece, convex_hull, intersection
from solvers.repeated.payoff_sets.polytope import Polytope

CUBE = np.vstack([np.eye(3), -np.eye(3)])


def test_a_cube_from_a_guess_inside_or_outside() -> None:
    for guess in (np.full(3, 0.5), np.full(3, 7.0)):
        corners = intersection(CUBE, np.array([1.0, 1, 1, 0, 0, 0]), guess)
        assert {tuple(c) for c in corners.round(9) + 0.0} == set(np.ndindex(2, 2, 2))


def test_nothing_where_too_little_is_left() -> None:
    assert intersection(CUBE, np.array([1.0, 1, 1e-9, 0, 0, 0]), np.full(3, 0.5)) is None
    assert intersection(CUBE, np.array([1.0, 1, -1, 0, 0, 0]), np.full(3, 0.5)) is None


def test_hulls_are_those_of_qhull() -> None:
    points = np.random.default_rng(0).normal(size=(500, 3))
    found = convex_hull(points)
    assert (points @ found.equations[:, :-1].T + found.equations[:, -1]).max() < 1e-9


def test_solids_are_cut_and_flat_sets_stay() -> None:
    cube = Polytope.hull(np.array(list(np.ndindex(2, 2, 2)), dtype=float))
    half = cube.cut(np.array([[1.0, 0.0, 0.0]]), np.array([0.5]))
    assert abs(half.volume - 0.5) < 1e-9
    assert cube.cut(np.array([[1.0, 0.0, 0.0]]), np.array([-1.0])) is cube
    face = Polytope.hull(np.array([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]]))
    assert face.cut(np.array([[1.0, 0.0, 0.0]]), np.array([0.5])) is face


def same_hull(one, other) -> None:
    assert sorted(one.vertices.tolist()) == sorted(other.vertices.tolist())
    assert one.volume == np.float64(one.volume)
    np.testing.assert_allclose(one.volume, other.volume, rtol=1e-12)
    facets = [{frozenset(s) for s in hull.simplices.tolist()} for hull in (one, other)]
    assert facets[0] == facets[1]
    rows = [np.unique(hull.equations.round(9), axis=0) for hull in (one, other)]
    np.testing.assert_allclose(*rows, atol=1e-8)


def test_a_hull_in_pieces_is_the_hull_at_once(monkeypatch) -> None:
    """Where a deadline may interrupt it, points are added a few at a time, those far out first."""
    points = np.random.default_rng(0).normal(size=(400, 4))
    checked: list[int] = []
    monkeypatch.setattr(_solids, "checkpoint", lambda: checked.append(1))
    whole = convex_hull(points)
    assert checked == []
    monkeypatch.setattr(_solids, "limited", lambda: True)
    same_hull(convex_hull(points), whole)
    assert len(checked) > 1
    # However near to the middle a corner is, it counts.
    round_set = points / np.sqrt((points**2).sum(axis=1))[:, None]
    same_hull(convex_hull(round_set), ConvexHull(round_set))
    # Few points, points in space and hulls with options of their own are made at once.
    checked.clear()
    same_hull(convex_hull(points[:301]), ConvexHull(points[:301]))
    assert checked
    checked.clear()
    same_hull(convex_hull(points[:300]), ConvexHull(points[:300]))
    convex_hull(points[:, :3])
    convex_hull(points, "QJ")
    assert checked == []


def test_pieces_take_about_a_tenth_of_a_second() -> None:
    assert _next_piece(16, 0.1) == 16
    assert _next_piece(1000, 1.0) == 100
    # One point at least, and no more than twice as many as before, however little time those took.
    assert _next_piece(16, 10.0) == 1
    assert _next_piece(16, 0.01) == _next_piece(16, 0.0) == 32


def test_a_guess_that_lies_on_the_border_is_replaced(monkeypatch) -> None:
    programs: list[int] = []
    real = _solids.linprog
    monkeypatch.setattr(_solids, "linprog", lambda *a, **k: programs.append(1) or real(*a, **k))
    normals = np.concatenate([np.eye(3), -np.eye(3)])
    levels = np.ones(6)
    for x, asked in ((0.9, 0), (0.9995, 1), (1.0, 1), (3.0, 1)):
        programs.clear()
        corners = intersection(normals, levels, np.array([x, 0.0, 0.0]))
        assert np.unique(corners.round(9), axis=0).shape == (8, 3)
        assert len(programs) == asked
    # A point that lies just deep enough will do.
    programs.clear()
    assert intersection(normals, np.full(6, 1e-3), np.zeros(3)) is not None
    assert not programs
