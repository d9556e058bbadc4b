"""Units, tolerances, best responses and pure equilibria."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers import nash
from solvers.base.rounding import (
    SAME,
    best_response_payoffs,
    payoff_units,
    pure_equilibria,
    rounding,
    rounding_many,
    same_profile,
)


def test_a_player_whose_payoffs_never_vary_has_a_unit():
    assert payoff_units([0.0, 2.0]).tolist() == [1.0, 2.0]


def test_rounding_grows_with_range_and_size():
    game = NormalFormGame([[[1e6, 0.0], [1e6 + 1, 1.0]]])
    assert rounding(game)[0] == pytest.approx(1e-12 + 8 * np.finfo(float).eps * (1e6 + 1))
    assert rounding(game)[1] < 1e-11


@pytest.mark.parametrize("seed", range(10))
def test_best_responses_and_pure_equilibria_by_trying_every_action(seed):
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 3, size=(2, 3, 2, 3)).astype(float))
    best = best_response_payoffs(game.payoffs)
    for a in np.ndindex(game.shape):
        tried = [
            max(game.payoffs[(*a[:i], b, *a[i + 1 :])][i] for b in range(k)) for i, k in enumerate(game.shape)
        ]
        assert best[a].tolist() == tried
    found = {tuple(int(v.argmax()) for v in e.profile) for e in nash.pure(game)}
    assert {tuple(map(int, a)) for a in np.argwhere(pure_equilibria(game))} == found


def test_ties_within_rounding_are_ties():
    game = NormalFormGame([[[0.1 + 0.2, 0.0], [0.0, 0.0]], [[0.3, 0.0], [1.0, 0.0]]])
    assert pure_equilibria(game)[1, 0]
    assert not game.best_response_mask.all(axis=-1)[1, 0]


def test_profiles_are_the_same_if_every_probability_is():
    one = (np.array([0.5, 0.5]), np.array([1.0, 0.0, 0.0]))
    near = (one[0], one[1] + [-SAME / 2, SAME / 2, 0.0])
    far = (one[0], one[1] + [-2 * SAME, 2 * SAME, 0.0])
    assert same_profile(one, near)
    assert not same_profile(one, far)
    assert not same_profile(far, one)


@pytest.mark.parametrize("shape", [(3, 2), (2, 3, 2), (4,)])
def test_many_games_at_once_and_none(shape):
    payoffs = np.random.default_rng(0).normal(size=(5, *shape, len(shape))) * 1e3
    for own, table in zip(rounding_many(payoffs), payoffs):
        assert own == pytest.approx(rounding(NormalFormGame(table)))
    assert rounding_many(payoffs[:0]).shape == (0, len(shape))
