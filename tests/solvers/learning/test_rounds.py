"""Fictitious play and regret matching: their definitions, what they approach, seeds, time limits."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers import learning
from tests.solvers.learning.games_of_the_tests import DILEMMA, random_game


def test_fictitious_play_of_zero_sum_games_reaches_the_value() -> None:
    # Robinson 1951.
    A = np.random.default_rng(4).integers(-5, 6, (4, 3))
    path = learning.fictitious_play(NormalFormGame.from_bimatrix(A), 20_000)
    assert path.regret.max() < 0.02 * (A.max() - A.min())


def test_fictitious_play_follows_its_definition() -> None:
    # Worked by hand: from (1, 1) player 2 turns first; ties are never met after the first rounds.
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[0, 1], [2, 0]])
    path = learning.fictitious_play(game, 4, (0, 0))
    # Rounds: (1,1), then replies to frequencies (1,0),(1,0): (1,2); to (1,0),(.5,.5): (1,2); to (1,0),(1/3,2/3): tie for
    # player 1 at 2/3 = 2/3, player 2 plays 2.
    np.testing.assert_allclose(path.profiles[0][:3], [[1, 0], [1, 0], [1, 0]])
    np.testing.assert_allclose(path.profiles[1], [[1, 0], [1 / 2, 1 / 2], [1 / 3, 2 / 3], [1 / 4, 3 / 4]])


@pytest.mark.parametrize("game", [random_game((3, 3), 5), random_game((2, 3, 2), 6)])
def test_regret_matching_approaches_coarse_correlated_equilibria(game: NormalFormGame) -> None:
    path = learning.regret_matching(game, 8000, seed=1)
    assert path.joint is not None
    assert path.joint.sum() == pytest.approx(1.0)
    for i in range(game.n_players):
        payoffs = game.payoffs[..., i]
        others = np.broadcast_to(path.joint.sum(axis=i, keepdims=True), game.shape)
        best = np.moveaxis(payoffs * others, i, 0).reshape(game.shape[i], -1).sum(axis=1).max()
        assert best - (payoffs * path.joint).sum() < 0.03 * game.ranges[i]


def test_seeds_make_it_repeatable() -> None:
    game = random_game((3, 3, 3), 7)
    for dynamic in (learning.regret_matching, learning.fictitious_play):
        one, two = dynamic(game, 100, seed=3), dynamic(game, 100, seed=3)
        assert [a.tolist() for a in one.profiles] == [b.tolist() for b in two.profiles]
    assert (
        learning.regret_matching(game, 100, seed=3).joint.tolist()
        != learning.regret_matching(game, 100, seed=4).joint.tolist()
    )


def test_the_time_limit_cuts_the_path_short(clock) -> None:
    for dynamic in (learning.fictitious_play, learning.regret_matching):
        path = dynamic(DILEMMA, 10_000_000, time_limit=0.1)
        assert not path.complete
        assert path.joint.sum() == pytest.approx(1.0)
        assert dynamic(DILEMMA, 10, time_limit=60).complete
