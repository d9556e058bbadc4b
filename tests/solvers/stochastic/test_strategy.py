"""Strategies by hand, their values, and the departures from them."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, StochasticGame, strategies
from games.errors import AutomatonError, ProfileError
from solvers import repeated, stochastic
from solvers.stochastic import Strategy
from tests.solvers.stochastic.examples import random_game

PD = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])


def test_one_state_is_checked_like_a_repeated_game() -> None:
    for d in (0.49, 0.5, 0.8):
        play = RepeatedGame(PD, d)
        game = StochasticGame.repeated(play)
        ours = stochastic.check(game, stochastic.trigger(game, [("C", "C")], [("D", "D")]))
        theirs = repeated.check(play, strategies.grim(PD, ("C", "C"), ("D", "D")))
        assert ours.is_equilibrium is theirs.is_equilibrium
        assert np.sort(ours.margins) == pytest.approx(np.sort(theirs.margins), abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_values_are_what_simulation_gives(seed: int) -> None:
    game = random_game(seed, states=3, discount=0.6)
    profiles = [(0, 1), (1, 1), (1, 0)]
    plan = stochastic.markov(game, profiles)
    reward = np.array([g.payoff(a) for g, a in zip(game.stages, profiles)])
    step = np.array([p[a] for p, a in zip(game.transitions, profiles)])
    total, reach = np.zeros((3, 2)), np.eye(3)
    for t in range(200):
        total += 0.4 * 0.6**t * reach @ reward
        reach = reach @ step
    assert plan.payoffs == pytest.approx(total, abs=1e-12)


def test_a_check_names_the_best_departure() -> None:
    game = StochasticGame([PD, PD.rescale(2)], [[0.5, 0.5], [0.5, 0.5]], 0.3)
    verdict = stochastic.check(game, stochastic.trigger(game, [("C", "C")] * 2, [("D", "D")] * 2))
    assert not verdict.is_equilibrium
    assert "playing 'D' in 'state 2', gains" in verdict.summary()
    assert verdict.to_frame()["margin"].is_monotonic_increasing


def test_missing_lotteries_are_named() -> None:
    game = StochasticGame([PD, PD], [[0.5, 0.5], [0.5, 0.5]], 0.5)
    half = np.array([[1.0, 0.0], [1.0, 1.0]])
    with pytest.raises(AutomatonError, match="node 0 has no lottery over the nodes of state 'state 2'"):
        Strategy(game, np.arange(2), ((0, 0), (0, 0)), half, np.ones((2, 2, 2)), np.ones(2))
    with pytest.raises(AutomatonError, match="need kept of shape"):
        Strategy(game, np.arange(2), ((0, 0), (0, 0)), np.ones((1, 1)), np.ones((2, 2, 2)), np.ones(2))


def test_profiles_for_every_state() -> None:
    game = StochasticGame([PD, PD], [[0.5, 0.5], [0.5, 0.5]], 0.5)
    with pytest.raises(ProfileError, match="one profile for each of 2 states"):
        stochastic.markov(game, [("C", "C")])
    with pytest.raises(ProfileError, match="competition"):
        stochastic.trigger(game, [("C", "C")] * 2, [("D", "D")])
    with pytest.raises(AutomatonError, match="another game"):
        stochastic.check(random_game(0, actions=3), stochastic.markov(game, [("C", "C")] * 2))
