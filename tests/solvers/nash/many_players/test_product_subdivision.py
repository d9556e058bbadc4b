from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players._product_subdivision import (
    _at_vertices,
    _enlarged,
    _possible,
    _within,
    subdivide_product,
)
from solvers.nash.many_players._systems import gains


@pytest.mark.parametrize("degrees", [(1, 1, 1), (1, 1, 2), (1, 1, 1, 1), (1, 1, 1, 2), (1, 1, 1, 1, 1)])
def test_a_planted_equilibrium_is_found(degrees):
    rng = np.random.default_rng(len(degrees))
    rows = [
        rng.uniform(-1, 1, (4, d + 1, *(e + 1 for j, e in enumerate(degrees) if j != i)))
        for i, d in enumerate(degrees)
    ]
    planted = [rng.dirichlet(2 * np.ones(d + 1), 4) for d in degrees]
    for tensor, value in zip(rows, gains(rows, planted)):
        aim = np.zeros_like(value)
        aim[:, -1] = -0.05
        tensor += (aim - value).reshape(*value.shape, *[1] * (len(degrees) - 1))
    found = subdivide_product(rows, Deadline(None))
    assert not found.open.any()
    for k in range(4):
        assert any(
            all(np.abs(v[r] - w[k]).max() < 1e-8 for v, w in zip(found.x, planted))
            for r in np.flatnonzero(found.owner == k)
        )


def test_a_profile_without_any_root_is_closed_with_nothing():
    rows = [np.ones((1, 1, 2, 2, 2)) for _ in range(4)]
    found = subdivide_product(rows, Deadline(None))
    assert not found.open.any()
    assert len(found.owner) == 0


def test_too_many_cells_leave_it_open():
    rows = [np.zeros((1, 1, 2, 2, 2)) for _ in range(4)]
    assert subdivide_product(rows, Deadline(None), cells_per_system=50).open.all()


def random_rows(degrees, count, seed):
    rng = np.random.default_rng([seed, *degrees])
    return [
        rng.uniform(-1, 1, (count, d + 1, *(e + 1 for j, e in enumerate(degrees) if j != i)))
        for i, d in enumerate(degrees)
    ]


def test_values_at_the_vertices_of_cells_are_gains_there():
    degrees = (1, 2, 1, 2)
    rows = random_rows(degrees, 3, 1)
    rng = np.random.default_rng(2)
    cells = [rng.dirichlet(np.ones(d + 1), (3, d + 1)) for d in degrees]
    for i, tensor in enumerate(rows):
        corners = _at_vertices(tensor, cells, i)
        others = [j for j in range(4) if j != i]
        for place in np.ndindex(*(degrees[j] + 1 for j in others)):
            x = [cells[j][:, place[others.index(j)] if j != i else 0] for j in range(4)]
            np.testing.assert_allclose(corners[(slice(None), slice(None), *place)], gains(rows, x)[i])


def test_cells_are_drawn_larger_around_their_centres():
    for size in (2, 3):
        larger = _enlarged(size)
        np.testing.assert_allclose(larger.sum(axis=1), 1)
        np.testing.assert_allclose(larger.mean(axis=0), 1 / size)
        np.testing.assert_allclose(larger - 1 / size, 1.5 * (np.eye(size) - 1 / size))
    # The middle half of a segment, and a quarter more on each side: from 1/8 to 7/8.
    cells = [np.array([[[0.75, 0.25], [0.25, 0.75]]] * 4)] * 2
    first = np.array([[0.5, 0.5], [0.13, 0.87], [0.12, 0.88], [0.5, 0.5]])
    second = np.array([[0.87, 0.13], [0.5, 0.5], [0.5, 0.5], [0.88, 0.12]])
    assert _within(cells, [first, second]).tolist() == [True, True, False, False]


def test_a_cell_is_possible_unless_a_gain_has_one_sign_or_an_action_outside_is_better():
    """One equation and one action outside, at two vertices."""
    values = [
        [[-1, 1], [-1, -2]],
        [[1, 2], [-1, -1]],
        [[-1, -2], [-1, -1]],
        [[-1, 1], [1, 2]],
        [[-1, 1], [-1, 2]],
    ]
    values += [[[0, 0], [0, 0]], [[0, 1], [-1, 0]], [[-1, 0], [0, 1]]]
    corners = np.array(values, dtype=float)
    wanted = [True, False, False, False, True, True, True, True]
    assert _possible([corners], (1,)).tolist() == wanted
    # Each player's gains count.
    assert _possible([corners, corners[:1].repeat(8, axis=0)], (1, 1)).tolist() == wanted
    assert _possible([corners[:1].repeat(8, axis=0), corners], (1, 1)).tolist() == wanted


def test_how_far_it_goes_is_limited(clock):
    rows = random_rows((1, 1, 1, 1), 8, 3)
    whole = subdivide_product(rows, Deadline(None))
    assert not whole.open.any()
    assert subdivide_product(rows, Deadline(None), rounds=0).open.all()
    few = subdivide_product(rows, Deadline(None), rounds=2)
    assert few.open.any()
    # A limit on the cells of each system leaves some open and says the same of the others.
    tight = subdivide_product(rows, Deadline(None), cells_per_system=8)
    assert tight.open.any()
    for found in (few, tight):
        for k in np.flatnonzero(~found.open):
            ours, theirs = ([v[r.owner == k] for v in r.x] for r in (found, whole))
            assert len(ours[0]) == len(theirs[0])
    clock.step = 1.0
    assert subdivide_product(rows, Deadline(0.5)).open.all()
    none = subdivide_product([t[:0] for t in rows], Deadline(None))
    assert len(none.owner) == len(none.open) == 0
    assert [v.shape for v in none.x] == [(0, 2)] * 4
