from __future__ import annotations

import itertools

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players._subdivision import bisect, minors, subdivide
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
        rows = random_rows(degrees, 4, 7, outside=1)
        planted = [rng.dirichlet(2 * np.ones(d + 1), 4) for d in degrees]
        for tensor, value in zip(rows, gains(rows, planted)):
            # Shift so that the planted point is indifferent and the outside action a little worse.
            aim = np.zeros_like(value)
            aim[:, -1] = -0.05
            tensor += (aim - value)[:, :, None, None]
        found = subdivide(rows, Deadline(None))
        for k in range(4):
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
