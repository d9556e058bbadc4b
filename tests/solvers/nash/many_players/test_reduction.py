from __future__ import annotations

from fractions import Fraction

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
    three = NormalFormGame(np.random.default_rng(0).random((2, 2, 2, 3)))
    assert reduce(three).core is three


def test_of_many_ways_to_play_copies_64_are_listed():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    for axis in (0, 1):
        first, last = np.split(payoffs, [1], axis=axis)
        payoffs = np.concatenate([first, *[last] * 9], axis=axis)
    reduction = reduce(NormalFormGame(payoffs))
    assert reduction.core.shape == (2, 2, 2)
    assert len(reduction.copies(tuple(np.full(2, 0.5) for _ in range(3)))) == 64


def test_actions_that_differ_only_for_others_stay():
    payoffs = np.zeros((2, 2, 2))
    payoffs[1, :, 1] = [3.0, 4.0]
    assert reduce(NormalFormGame(payoffs)).core.shape[0] == 2


def test_identical_actions_stay_while_only_two_players_have_a_choice():
    rng = np.random.default_rng(1)
    payoffs = rng.random((2, 1, 2, 3))
    twice = NormalFormGame(np.concatenate([payoffs, payoffs[1:]], axis=0))
    assert reduce(twice).core is twice
    assert reduce(twice).classes == (((0,), (1,), (2,)), ((0,),), ((0,), (1,)))
    # The same where dominance leaves the third player one action; what is dominated goes, the copies stay.
    worse = twice.payoffs.copy()
    worse[..., 1] -= 2.0
    game = NormalFormGame(np.concatenate([twice.payoffs, worse], axis=1))
    reduction = reduce(game)
    assert reduction.core.shape == (3, 1, 2)
    assert reduction.classes == (((0,), (1,), (2,)), ((0,),), ((0,), (1,)))


def test_of_identical_actions_the_first_stays_under_its_name():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    labels = (("a", "b", "b again"), ("l", "r"), ("x", "y"))
    game = NormalFormGame(np.concatenate([payoffs, payoffs[1:]], axis=0), actions=labels)
    assert reduce(game).core.actions[0] == ("a", "b")
    assert reduce(game).supports(((1,), (0,), (1,))) == ((1,), (0,), (1,))


def test_an_action_that_is_not_played_is_played_one_way():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    reduction = reduce(NormalFormGame(np.concatenate([payoffs, payoffs[1:]], axis=0)))
    profile = tuple(np.array(v) for v in ([1.0, 0.0], [0.5, 0.5], [0.0, 1.0]))
    assert len(reduction.copies(profile)) == 1


def test_actions_that_share_some_payoffs_are_not_identical():
    payoffs = np.random.default_rng(0).random((2, 2, 2, 3))
    other = payoffs[1:].copy()
    other[0, 0, 0, 0] += 0.25
    assert reduce(NormalFormGame(np.concatenate([payoffs, other], axis=0))).core.shape == (3, 2, 2)


def test_fractions_that_round_to_one_float_are_not_identical():
    payoffs = np.vectorize(Fraction)(np.random.default_rng(0).random((2, 2, 2, 3)))
    other = payoffs[1:].copy()
    other[0, 0, 0, 0] += Fraction(1, 10**30)
    game = NormalFormGame(np.concatenate([payoffs, other], axis=0))
    assert game.payoffs[1].tolist() == game.payoffs[2].tolist()
    assert reduce(game).core.shape == (3, 2, 2)
