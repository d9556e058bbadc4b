from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import ConvergenceError
from solvers.nash._newton import newton


@pytest.mark.parametrize(
    "shape", [(1,), (4,), (2, 2), (6, 6), (12, 12), (2, 2, 2), (3, 3, 3), (4, 4, 4), (2, 3, 2, 2)]
)
def test_random_games(shape: tuple[int, ...]) -> None:
    for seed in range(6):
        game = NormalFormGame(np.random.default_rng(seed).random((*shape, len(shape))))
        assert (newton(game).regret <= 1e-12 * game.ranges).all()


@given(st.integers(0, 10_000), st.sampled_from([1e12, 1e-12]), st.sampled_from([0.0, 1e6]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_degenerate_and_badly_scaled_games(seed: int, scale: float, shift: float) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.integers(0, 3, (*rng.integers(1, 4, 3), 3)).astype(float)).rescale(
        scale, scale * shift
    )
    found = newton(game)
    assert (found.regret <= 1e-9 * np.maximum(game.ranges, 1e-300)).all()


def test_the_seed_decides() -> None:
    game = NormalFormGame(np.random.default_rng(3).random((3, 3, 3, 3)))
    one, two = newton(game, seed=4), newton(game, seed=4)
    assert [p.tolist() for p in one.profile] == [p.tolist() for p in two.profile]


def test_failure_keeps_the_closest_profile_and_its_regret() -> None:
    game = NormalFormGame(np.random.default_rng(3).random((4, 4, 4, 3)))
    with pytest.raises(ConvergenceError, match="payoff ranges") as caught:
        newton(game, starts=2, max_iterations=1)
    assert caught.value.method == "newton"
    regret = game.regret([p / p.sum() for p in caught.value.iterate]) / game.ranges
    assert caught.value.residual == pytest.approx(regret.max(), abs=1e-9)
