from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.base.multilinear import StackedGame


@pytest.mark.parametrize("shape", [(3,), (2, 3), (3, 2, 4), (2, 3, 2, 2), (2, 1, 3)])
def test_values_and_derivatives(shape: tuple[int, ...]) -> None:
    rng = np.random.default_rng(1)
    game = NormalFormGame(rng.random((*shape, len(shape))))
    stacked = StackedGame(game, np.ones(len(shape)))
    profile = tuple(rng.dirichlet(np.ones(k)) for k in shape)
    p = np.concatenate(profile)
    values, jacobian = stacked.values_and_jacobian(p)
    lowest = game.payoffs.reshape(-1, len(shape)).min(axis=0)
    want = np.concatenate([v - low for v, low in zip(game.action_values(profile), lowest)])
    np.testing.assert_allclose(values, want, atol=1e-13)
    np.testing.assert_allclose(stacked.values(p), want, atol=1e-13)
    # Action values are multilinear, so a difference along one coordinate is exact up to rounding.
    for b in range(stacked.size):
        step = np.zeros(stacked.size)
        step[b] = 0.5
        difference = (stacked.values(p + step) - stacked.values(p - step)) / 1.0
        np.testing.assert_allclose(jacobian[:, b], difference, atol=1e-12)


def test_units_and_constant_payoffs() -> None:
    game = NormalFormGame([[[1e12, 5.0], [3e12, 5.0]]])
    np.testing.assert_allclose(StackedGame(game).values(np.array([1.0, 0.5, 0.5])), [0.5, 0.0, 0.0])
