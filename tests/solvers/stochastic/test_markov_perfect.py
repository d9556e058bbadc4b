"""All Markov perfect equilibria in pure strategies, against trying every policy one by one."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from games import NormalFormGame, StochasticGame
from games.errors import MethodError
from solvers import stochastic
from tests.solvers.stochastic.examples import random_game


def by_hand(game: StochasticGame) -> set[tuple[tuple[int, ...], ...]]:
    """Every policy, checked by its one-shot departures."""
    out = set()
    for profiles in product(*(np.ndindex(*stage.shape) for stage in game.stages)):
        if stochastic.check(game, stochastic.markov(game, profiles)).is_equilibrium:
            out.add(profiles)
    return out


@pytest.mark.parametrize("seed", range(16))
def test_complete_on_small_games(seed: int) -> None:
    players, states = ((2, 2), (2, 3), (3, 2), (2, 2))[seed % 4]
    game = random_game(seed, players, states)
    found = stochastic.markov_perfect(game)
    assert found.complete
    ours = {tuple(plan.outputs) for plan in found}
    assert ours == by_hand(game)
    for plan, worth in zip(found, found.payoffs):
        assert plan.payoffs == pytest.approx(worth, abs=1e-10)


@pytest.mark.parametrize("seed", range(4))
def test_branching_finds_what_trying_all_finds(seed: int, monkeypatch) -> None:
    from solvers.stochastic import _markov_perfect

    game = random_game(seed, states=4, discount=0.5)
    whole = stochastic.markov_perfect(game)
    monkeypatch.setattr(_markov_perfect, "_BLOCK", 4)
    branched = stochastic.markov_perfect(game)
    assert branched.complete
    assert whole.policies.tolist() == branched.policies.tolist()


def test_every_equilibrium_lies_in_the_payoff_set() -> None:
    for seed in range(10):
        game = random_game(seed, actions=3, discount=0.7)
        sets = stochastic.payoff_set(game)
        for worth in stochastic.markov_perfect(game).payoffs:
            assert all(f.inner.contains(v, 1e-8) for f, v in zip(sets, worth))


def test_constant_games_have_every_policy() -> None:
    flat = NormalFormGame(np.zeros((2, 2, 2)))
    found = stochastic.markov_perfect(StochasticGame([flat, flat], [[0.5, 0.5], [0.5, 0.5]], 0.5))
    assert len(found) == 16


def test_a_limit_is_said() -> None:
    flat = NormalFormGame(np.zeros((4, 4, 2)))
    game = StochasticGame([flat] * 6, np.full((6, 6), 1 / 6), 0.5)
    found = stochastic.markov_perfect(game, max_combinations=1000)
    assert not found.complete
    assert "there may be more" in found.summary()
    with pytest.raises(MethodError, match="max_combinations"):
        stochastic.markov_perfect(game, max_combinations=0)


def test_none_is_none() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    found = stochastic.markov_perfect(StochasticGame([pennies], [[1.0]], 0.9))
    assert len(found) == 0
    assert found.summary() == "No Markov perfect equilibria in pure strategies; the search was complete."
    assert found.to_frame().empty
