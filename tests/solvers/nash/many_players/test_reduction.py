from __future__ import annotations

import numpy as np

from games import NormalFormGame
from solvers.nash.many_players._reduction import reduce


def test_dominated_and_identical_actions_go_and_come_back():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    worse = payoffs[:1].copy()
    worse[..., 0] -= 2.0
    game = NormalFormGame(np.concatenate([worse, payoffs, payoffs[1:]], axis=0))
    reduction = reduce(game)
    assert reduction.core.shape == (2, 2, 2)
    assert reduction.classes[0] == ((1,), (2, 3))
    profile = tuple(np.array(v) for v in ([0.25, 0.75], [1.0, 0.0], [0.5, 0.5]))
    assert reduction.expand(profile)[0].tolist() == [0.0, 0.25, 0.75, 0.0]
    assert [c[0].tolist() for c in reduction.copies(profile)] == [[0, 0.25, 0.75, 0], [0, 0.25, 0, 0.75]]
    np.testing.assert_allclose(game.expected(reduction.expand(profile)), reduction.core.expected(profile))


def test_a_game_with_nothing_to_remove_is_its_own_core():
    payoffs = np.zeros((2, 2, 3))[..., :2].copy()
    payoffs[0, 0] = payoffs[1, 1] = 1.0
    game = NormalFormGame(payoffs)
    assert reduce(game).core is game


def test_actions_that_differ_only_for_others_stay():
    payoffs = np.zeros((2, 2, 2))
    payoffs[1, :, 1] = [3.0, 4.0]
    assert reduce(NormalFormGame(payoffs)).core.shape[0] == 2
