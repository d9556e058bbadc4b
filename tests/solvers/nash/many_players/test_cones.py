"""Corners of polytopes of mixed strategies, against textbook shapes and against all bases."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from flint import fmpq_mat

from solvers.nash.many_players._cones import corners, rank


def test_without_conditions_the_corners_are_the_actions():
    assert corners(3, [], []) == [[0, 0, 1], [0, 1, 0], [1, 0, 0]]


def test_equations_leave_their_root_alone():
    assert corners(3, [[1, -1, 0], [0, 1, -1]], []) == [[Fraction(1, 3)] * 3]
    assert corners(2, [[3, -1]], []) == [[Fraction(1, 4), Fraction(3, 4)]]


def test_conditions_that_exclude_each_other_leave_nothing():
    assert corners(2, [], [[1, 1]]) == []
    assert corners(3, [[1, 1, 0]], [[0, 0, 1]]) == []


def test_a_cut_through_the_tetrahedron_is_a_square():
    """Half of the weight on the first two of four actions: the mid-points of four edges."""
    half = Fraction(1, 2)
    expected = sorted([half * (k in (i, j)) for k in range(4)] for i in (0, 1) for j in (2, 3))
    assert corners(4, [[1, 1, -1, -1]], []) == expected


def test_a_condition_that_holds_anyway_adds_no_corner():
    assert corners(3, [], [[-1, -2, 0]]) == corners(3, [], [])
    once, twice = corners(3, [], [[1, -1, 0]]), corners(3, [], [[1, -1, 0], [2, -2, 0]])
    assert once == twice


def by_bases(size, equations, inequalities):
    """All feasible points at which as many conditions as there are unknowns hold with equality and have full rank."""
    bounds = [[-int(i == j) for j in range(size)] for i in range(size)]
    found = set()
    for tight in combinations([*bounds, *inequalities], size - 1 - len(equations)):
        rows = [*equations, *tight, [1] * size]
        matrix = fmpq_mat(size, size, [int(c) for row in rows for c in row])
        if matrix.det() == 0:
            continue
        solved = matrix.solve(fmpq_mat(size, 1, [0] * (size - 1) + [1]))
        x = [Fraction(int(solved[k, 0].p), int(solved[k, 0].q)) for k in range(size)]
        if min(x) >= 0 and all(sum(c * v for c, v in zip(row, x)) <= 0 for row in inequalities):
            found.add(tuple(x))
    return sorted(list(x) for x in found)


@pytest.mark.parametrize("size", [3, 4, 5])
def test_random_polytopes_have_the_corners_of_their_bases(size):
    rng = np.random.default_rng(size)
    many = 0
    for _ in range(20):
        equations = rng.integers(-3, 4, (int(rng.integers(0, 2)), size)).tolist()
        equations = [row for row in equations if any(row)]
        inequalities = rng.integers(-3, 4, (int(rng.integers(1, 5)), size)).tolist()
        found = corners(size, equations, inequalities)
        assert found == by_bases(size, equations, inequalities)
        many += len(found) > size
    assert size == 3 or many > 0


@pytest.mark.parametrize(
    ("rows", "expected"),
    [([], 0), ([[0, 0]], 0), ([[1, 2], [2, 4]], 1), ([[1, 2], [2, 5]], 2), ([[1, 0, 0]], 1)],
)
def test_rank(rows, expected):
    assert rank([[Fraction(x) for x in row] for row in rows]) == expected
