"""Three players with two actions each: the quadratic beside subdivision, and systems that it must leave open."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players._quadratic import quadratic_roots
from solvers.nash.many_players._subdivision import subdivide
from solvers.nash.many_players._systems import newton


def polished(rows, roots):
    """Each system's roots by Newton's method that lie in the simplices, as sorted rows."""
    x, step, _ = newton([tensor[roots.owner] for tensor in rows], roots.x)
    inside = (step < 1e-9) & (np.min([v.min(axis=1) for v in x], axis=0) > 0.0)
    points = np.concatenate([v[inside] for v in x], axis=1)
    return [sorted(points[roots.owner[inside] == k].tolist()) for k in range(len(rows[0]))]


def test_the_same_roots_as_by_subdivision():
    rng = np.random.default_rng(41)
    rows = [rng.uniform(-1.0, 1.0, (400, 1, 2, 2)) for _ in range(3)]
    direct, cut = quadratic_roots(rows), subdivide(rows, Deadline(None))
    closed = ~(direct.open | cut.open)
    assert closed.sum() > 380
    ours, theirs = polished(rows, direct), polished(rows, cut)
    counts = [len(ours[k]) for k in np.flatnonzero(closed)]
    assert {0, 1, 2} <= set(counts)
    for k in np.flatnonzero(closed):
        assert np.array(ours[k]) == pytest.approx(np.array(theirs[k]), abs=1e-9)


def system(first, second, third):
    return [np.array(table, dtype=float)[None, None] for table in (first, second, third)]


def test_actions_outside_the_supports_do_not_change_the_equations():
    rng = np.random.default_rng(42)
    rows = [rng.uniform(-1.0, 1.0, (50, 1, 2, 2)) for _ in range(3)]
    more = [np.concatenate([tensor, rng.uniform(-1.0, 1.0, (50, 2, 2, 2))], axis=1) for tensor in rows]
    one, other = quadratic_roots(rows), quadratic_roots(more)
    assert one.owner.tolist() == other.owner.tolist()
    assert all((v == w).all() for v, w in zip(one.x, other.x))


@pytest.mark.parametrize(
    "tables",
    [
        # The second player is indifferent whatever the others do.
        ([[1, -1], [-1, 1]], [[0, 0], [0, 0]], [[1, -1], [-1, 1]]),
        # The form vanishes: a curve of solutions.
        ([[0, 0], [0, 0]], [[1, -1], [-1, 1]], [[1, -1], [-1, 1]]),
        # A double root, of (y_0 - y_1)^2.
        ([[1, 0], [0, 1]], [[-1, 1], [1, -1]], [[1, -1], [-1, 1]]),
        # At the root of the form the third player's equation vanishes in both actions of the second.
        ([[1, 0], [0, -2]], [[-3, 1], [1, -1]], [[1, 1], [-1, -1]]),
    ],
)
def test_what_is_close_to_singular_is_left_open(tables):
    found = quadratic_roots(system(*tables))
    assert found.open.tolist() == [True]
    assert not len(found.owner)


def test_a_form_of_one_sign_has_no_root_and_one_without_real_roots_neither():
    # Constant forms in y: the other two mix half and half, and the first player's gain is 1 there.
    one_sign = system([[1, 1], [1, 1]], [[1, -1], [1, -1]], [[1, -1], [1, -1]])
    # y_0^2 + y_1^2 over the ends of y, times a positive number.
    complex_ = system([[1, 0], [0, 1]], [[1, 0], [0, -1]], [[1, 0], [0, -1]])
    for rows in (one_sign, complex_):
        found = quadratic_roots(rows)
        assert not found.open.any()
        assert not len(found.owner)
