from __future__ import annotations

import numpy as np
import pytest

from solvers.base.deadline import Deadline
from solvers.nash.many_players._product_subdivision import subdivide_product
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
