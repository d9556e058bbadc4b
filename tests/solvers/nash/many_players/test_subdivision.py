from __future__ import annotations

import itertools

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players._subdivision import _collect, _monomials, _signs, bisect, minors, subdivide
from solvers.nash.many_players._systems import gains


def random_rows(degrees, count, seed, outside):
    rng = np.random.default_rng([seed, *degrees])
    return [
        rng.uniform(-1, 1, (count, d + outside, *(e + 1 for j, e in enumerate(degrees) if j != i)))
        for i, d in enumerate(degrees)
    ]


@pytest.mark.parametrize("d", [1, 2, 3, 4])
def test_minors_are_annihilated_by_every_row(d):
    matrix = np.random.default_rng(d).standard_normal((5, d, d + 1))
    x = minors([matrix[:, a] for a in range(d)], np.multiply)
    assert np.abs(np.einsum("zab,zb->za", matrix, x)).max() < 1e-12
    # Their size is the volume that the rows span.
    volume = np.sqrt(np.linalg.det(matrix @ matrix.transpose(0, 2, 1)))
    np.testing.assert_allclose(np.linalg.norm(x, axis=1), volume, rtol=1e-10)


@pytest.mark.parametrize("size", [2, 3, 4])
def test_bisection_keeps_the_volume_and_cuts_the_longest_edge(size):
    cells = np.broadcast_to(np.eye(size), (1, size, size)).copy()
    longest = np.inf
    for _ in range(6):
        cells = bisect(cells)
        assert np.abs(np.linalg.det(cells)).sum() == pytest.approx(1.0)
    longest = max(
        np.linalg.norm(v[a] - v[b]) for v in cells for a, b in itertools.combinations(range(size), 2)
    )
    assert longest < np.sqrt(2)


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 1, 2), (2, 2, 2)])
def test_what_is_found_solves_the_equations(degrees):
    rows = random_rows(degrees, 30, 0, outside=1)
    found = subdivide(rows, Deadline(None))
    assert not found.open.any()
    for k in range(len(found.owner)):
        own = [tensor[found.owner[k : k + 1]] for tensor in rows]
        values = gains(own, [v[k : k + 1] for v in found.x])
        for value, d in zip(values, degrees):
            assert np.abs(value[0, :d]).max() < 1e-9


def test_a_planted_equilibrium_is_found():
    rng = np.random.default_rng(3)
    for degrees in ((1, 1, 1), (1, 2, 2), (1, 2, 3), (2, 2, 2), (2, 2, 3), (2, 3, 3), (3, 3, 3)):
        # The largest take seconds each.
        count = 2 if sum(degrees) > 7 else 4
        rows = random_rows(degrees, count, 7, outside=1)
        planted = [rng.dirichlet(2 * np.ones(d + 1), count) for d in degrees]
        for tensor, value in zip(rows, gains(rows, planted)):
            # Shift so that the planted point is indifferent and the outside action a little worse.
            aim = np.zeros_like(value)
            aim[:, -1] = -0.05
            tensor += (aim - value)[:, :, None, None]
        found = subdivide(rows, Deadline(None))
        for k in range(count):
            at = [v[k] for v in planted]
            assert found.open[k] or any(
                all(np.abs(v[r] - w).max() < 1e-8 for v, w in zip(found.x, at))
                for r in np.flatnonzero(found.owner == k)
            )
        assert not found.open.all()


def test_identical_equations_leave_a_profile_open():
    rows = random_rows((1, 1, 1), 2, 1, outside=0)
    for tensor in rows:
        tensor[0] = 0.0
    found = subdivide(rows, Deadline(None))
    assert found.open.tolist() == [True, False]


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 2, 2), (1, 2, 3), (2, 2, 2), (2, 2, 3), (2, 3, 3)])
def test_the_unit_of_each_gain_changes_nothing(degrees):
    """Each action's gain in a unit of its own, from 2^-40 to 2^40."""
    rows = random_rows(degrees, 6, 9, outside=1)
    rng = np.random.default_rng(degrees)
    found = subdivide(rows, Deadline(None))
    assert not found.open.all()
    for powers in (rng.integers(-40, 41, (4, 3, 6)), np.full((1, 3, 6), -30), np.full((1, 3, 6), 30)):
        for power in powers:
            scaled = [
                t * 2.0 ** p[: t.shape[1]].astype(float)[None, :, None, None] for t, p in zip(rows, power)
            ]
            other = subdivide(scaled, Deadline(None))
            assert other.open.tolist() == found.open.tolist()
            assert other.owner.tolist() == found.owner.tolist()
            for v, w in zip(found.x, other.x):
                np.testing.assert_allclose(v, w, atol=1e-9)


@pytest.mark.parametrize(
    ("size", "one", "two"), [(1, 2, 3), (2, 1, 3), (3, 2, 2), (4, 1, 2), (4, 2, 1), (3, 3, 2)]
)
def test_coefficients_of_a_product_of_forms(size, one, two):
    rng = np.random.default_rng([size, one, two])
    left, right = (rng.normal(size=(3, len(_monomials(size, degree)))) for degree in (one, two))
    product = _collect(left[:, :, None] * right[:, None, :], size)
    y = rng.normal(size=size)

    def value(form, degree):
        return form @ np.array([np.prod(y ** np.array(powers)) for powers in _monomials(size, degree)])

    np.testing.assert_allclose(value(product, one + two), value(left, one) * value(right, two))


def test_a_sign_is_settled_by_one_entry_and_two_may_disagree():
    """Entries of a vector over a cell: all coefficients above or below rounding, or neither."""
    x = np.array(
        [
            [[1, 2], [-1, 1]],
            [[-1, 1], [-2, -1]],
            [[1, -1], [-1, 1]],
            [[1, 1], [-1, -1]],
            [[1e-12, 1e-12], [-1e-12, 1]],
        ]
    )
    sign, dead = _signs(x, np.ones(5))
    assert sign[[0, 1, 2, 4]].tolist() == [1, -1, 0, 0]
    assert dead.tolist() == [False, False, False, True, False]
    # What is rounding depends on the size of what was multiplied.
    assert _signs(x, np.full(5, 1e-3))[0][4] == 1
    assert _signs(x, np.full(5, 1e12))[0].tolist() == [0] * 5


def test_how_often_cells_are_cut_is_limited():
    rows = random_rows((1, 1, 1), 20, 10, outside=0)
    whole = subdivide(rows, Deadline(None))
    assert not whole.open.any()
    assert subdivide(rows, Deadline(None), rounds=0).open.all()
    few = subdivide(rows, Deadline(None), rounds=1)
    # What one cut settles is closed, and nothing else.
    assert few.open.any()
    assert not few.open.all()
    for k in np.flatnonzero(~few.open):
        assert (few.owner == k).sum() == (whole.owner == k).sum()
    # One cell more than allowed leaves a system open; the others are as before.
    tight = subdivide(rows, Deadline(None), cells_per_system=0)
    assert tight.open.any()
    assert not tight.open.all()


def test_a_limit_of_time_leaves_open_what_is_not_settled(clock):
    rows = random_rows((2, 2, 2), 5, 11, outside=0)
    clock.step = 1.0
    assert subdivide(rows, Deadline(0.5)).open.all()


def test_without_systems_there_is_nothing_to_find():
    found = subdivide([t[:0] for t in random_rows((1, 1, 2), 1, 0, outside=0)], Deadline(None))
    assert len(found.owner) == len(found.open) == 0
    assert [v.shape for v in found.x] == [(0, 2), (0, 2), (0, 3)]


@pytest.mark.parametrize("player", [0, 1, 2])
def test_equations_that_differ_by_rounding_only_leave_a_profile_open(player):
    """One player's second equation is a third of its first: there is a curve of solutions through the middle."""
    rows = random_rows((2, 2, 2), 4, 12, outside=0)
    for tensor in rows:
        # Forms are zero but for rounding, which is not to be taken from the smallest entry.
        tensor[:, :, 0, 0] = 0.0
        tensor[:, :, 1, 1] -= tensor.sum(axis=(2, 3))
    rows[player][:, 1] = rows[player][:, 0] / 3.0
    assert subdivide(rows, Deadline(None)).open.all()
