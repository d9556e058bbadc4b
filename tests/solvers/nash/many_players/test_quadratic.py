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
        # Two roots, or none, closer to a double root than rounding can tell.
        ([[1, -1], [-1, 1 - 1e-10]], [[0, 1], [-1, 0]], [[0, 1], [-1, 0]]),
        ([[1, -1], [-1, 1 + 1e-10]], [[0, 1], [-1, 0]], [[0, 1], [-1, 0]]),
        # Gains that cancel wherever the other two mix half and half.
        ([[1, -1], [-1, 1]], [[1, -1], [1, -1]], [[1, -1], [1, -1]]),
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
    # The gain is a tenth of that, and so is the form, while its terms are as large as before.
    small = system([[1, -0.9], [0.9, -0.9]], [[1, -1], [1, -1]], [[1, -1], [1, -1]])
    below = [-small[0], *small[1:]]
    # y_0^2 + y_1^2 over the ends of y, times a positive number.
    complex_ = system([[1, 0], [0, 1]], [[1, 0], [0, -1]], [[1, 0], [0, -1]])
    for rows in (one_sign, small, below, complex_):
        found = quadratic_roots(rows)
        assert not found.open.any()
        assert not len(found.owner)


@pytest.mark.parametrize("powers", [(30, 0, -50), (-50, 30, 0), (0, -50, 30), (-20, 0, 60)])
def test_units_of_payoffs_change_neither_roots_nor_what_is_left_open(powers):
    rng = np.random.default_rng(43)
    rows = [rng.uniform(-1.0, 1.0, (60, 1, 2, 2)) for _ in range(3)]
    # One that is left open in the end because a strategy's equations vanish, and the same with the other two exchanged.
    vanishing = system([[1, 0], [0, -2]], [[-3, 1], [1, -1]], [[1, 1], [-1, -1]])
    turned = [vanishing[0].swapaxes(2, 3), vanishing[2], vanishing[1]]
    double = system([[1, -1], [-1, 1 + 1e-10]], [[0, 1], [-1, 0]], [[0, 1], [-1, 0]])
    rows = [np.concatenate(parts) for parts in zip(rows, vanishing, turned, double)]
    one, other = quadratic_roots(rows), quadratic_roots([2.0**p * t for p, t in zip(powers, rows)])
    assert one.open[-3:].all()
    assert one.open.tolist() == other.open.tolist()
    assert one.owner.tolist() == other.owner.tolist()
    assert all((v == w).all() for v, w in zip(one.x, other.x))


def test_only_roots_in_the_simplices_or_close_by_are_listed():
    rng = np.random.default_rng(44)
    found = quadratic_roots([rng.uniform(-1.0, 1.0, (200, 1, 2, 2)) for _ in range(3)])
    assert len(found.owner) > 20
    assert min(v.min() for v in found.x) > -0.02
    assert all(np.abs(v.sum(axis=1) - 1.0).max() < 1e-12 for v in found.x)


@pytest.mark.parametrize("sign", [1, -1])
def test_two_roots_of_which_one_is_at_an_end_and_one_without_the_other(sign):
    """Both others play as y does, or the second of them half and half: the first gains y_1 (4 y_0 - y_1), or 4 y_0 - y_1."""
    as_y = [[0, 1], [-1, 0]]
    both = quadratic_roots(system(sign * np.array([[0, 4], [0, -1]]), as_y, as_y))
    assert sorted(np.concatenate(both.x, axis=1).round(12).tolist()) == [[0.2, 0.8] * 3, [1, 0] * 3]
    one = quadratic_roots(system(sign * np.array([[4, 4], [-1, -1]]), [[1, -1], [1, -1]], as_y))
    assert np.concatenate(one.x, axis=1).tolist() == pytest.approx(np.array([[0.2, 0.8, 0.2, 0.8, 0.5, 0.5]]))
