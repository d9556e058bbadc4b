"""Intersections of half-spaces: known corners, guesses outside, thin and unbounded ones."""

from __future__ import annotations

import numpy as np

from solvers.repeated.payoff_sets._solids import convex_hull, intersection
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
