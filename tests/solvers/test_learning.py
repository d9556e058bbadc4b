from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError
from solvers import learning, quantal

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def random_game(shape: tuple[int, ...], seed: int) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng(seed).random((*shape, len(shape))))


def potential_game(shape: tuple[int, ...], seed: int) -> NormalFormGame:
    """All players have the same payoffs."""
    common = np.random.default_rng(seed).random(shape)
    return NormalFormGame(np.stack([common] * len(shape), axis=-1))


def test_replicator_of_matching_pennies_keeps_its_constant_of_motion() -> None:
    # In zero-sum games with an interior equilibrium the product of all shares is constant along every orbit (Hofbauer 1996).
    for engine, tolerance in (("scipy", 1e-7), ("nashpy", 1e-5)):
        path = learning.replicator(PENNIES, ([0.3, 0.7], [0.6, 0.4]), duration=30, engine=engine)
        constant = np.prod(np.hstack(path.profiles), axis=1)
        np.testing.assert_allclose(constant, constant[0], rtol=tolerance)


def test_replicator_engines_agree() -> None:
    game = random_game((3, 4), 1)
    ours = learning.replicator(game, duration=20, engine="scipy")
    theirs = learning.replicator(game, duration=20)
    assert "nashpy" in theirs.dynamic
    for p, q in zip(ours.profiles, theirs.profiles):
        np.testing.assert_allclose(p, q, atol=1e-5)


def test_replicator_has_the_closed_form_with_one_player() -> None:
    # Shares of one player with payoffs 0, 1 grow in the ratio exp(t).
    path = learning.replicator(NormalFormGame([[0.0], [1.0]]), ([0.9, 0.1],), duration=5, points=11)
    odds = path.profiles[0][:, 1] / path.profiles[0][:, 0]
    np.testing.assert_allclose(odds, np.exp(path.times) / 9, rtol=1e-7)


def test_replicator_never_brings_back_an_action_that_is_not_played() -> None:
    path = learning.replicator(random_game((2, 3, 2), 2), ([1, 0], [0.5, 0, 0.5], [0.5, 0.5]), duration=20)
    assert (path.profiles[0][:, 1] == 0).all()
    assert (path.profiles[1][:, 1] == 0).all()
    np.testing.assert_allclose(np.hstack(path.profiles).sum(axis=1), 3.0)


def test_logit_dynamics_rests_at_logit_equilibria() -> None:
    game = random_game((2, 3, 2), 3)
    unit = NormalFormGame(game.payoffs / game.ranges)
    path = learning.logit_dynamics(game, 1.5, duration=60)
    for p, q in zip(path.final, quantal.equilibrium(unit, 1.5).profile):
        np.testing.assert_allclose(p, q, atol=1e-6)


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


def test_best_response_dynamics_of_potential_games_rests_at_pure_equilibria() -> None:
    for seed in range(5):
        for order in ("in turn", "random"):
            game = potential_game((3, 4, 3), seed)
            path = learning.best_response_dynamics(game, seed=seed, order=order)
            assert path.settled
            assert path.regret.max() == 0.0


def test_best_response_dynamics_notices_a_cycle() -> None:
    for order in ("in turn", "at once"):
        path = learning.best_response_dynamics(PENNIES, (0, 0), order=order)
        assert path.settled is False
        assert len(path.times) <= 6
        assert "did not come to rest" in path.summary()
    assert len(learning.best_response_dynamics(PENNIES, (0, 0), order="random", rounds=9).times) == 10


def test_at_once_and_in_turn_differ_where_they_should() -> None:
    # From (1, 2) in a game of coordination moving together goes round forever.
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    assert learning.best_response_dynamics(game, (0, 1), order="at once").settled is False
    assert learning.best_response_dynamics(game, (0, 1)).settled is True


@given(st.integers(0, 1000), st.sampled_from([1e12, 1e-12, 5.0]))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_units_do_not_matter(seed: int, scale: float) -> None:
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 64, (2, 3, 2, 3)).astype(float))
    other = game.rescale([scale, 1.0, 2.0])
    for one, two in (
        (learning.regret_matching(game, 60), learning.regret_matching(other, 60)),
        (learning.fictitious_play(game, 60), learning.fictitious_play(other, 60)),
        (learning.replicator(game, duration=5), learning.replicator(other, duration=5)),
    ):
        for p, q in zip(one.final, two.final):
            np.testing.assert_allclose(p, q, atol=1e-6)


def test_seeds_make_it_repeatable() -> None:
    game = random_game((3, 3, 3), 7)
    for dynamic in (learning.regret_matching, learning.fictitious_play):
        one, two = dynamic(game, 100, seed=3), dynamic(game, 100, seed=3)
        assert [a.tolist() for a in one.profiles] == [b.tolist() for b in two.profiles]
    assert (
        learning.regret_matching(game, 100, seed=3).joint.tolist()
        != learning.regret_matching(game, 100, seed=4).joint.tolist()
    )


def test_constant_payoffs_and_single_actions() -> None:
    game = NormalFormGame(np.full((1, 2, 1, 3), 7.0))
    assert learning.regret_matching(game, 20).regret.max() == 0
    assert learning.best_response_dynamics(game).settled
    np.testing.assert_allclose(learning.replicator(game).final[1], [1 / 3, 2 / 3])
    assert learning.fictitious_play(NormalFormGame.from_bimatrix([[1], [2]], [[0], [0]]), 50).final[
        1
    ].tolist() == [1.0]


def test_tables_and_errors() -> None:
    path = learning.regret_matching(DILEMMA, 30)
    assert path.to_frame().shape == (30, 4)
    assert "30 points" in path.summary()
    with pytest.raises(MethodError):
        learning.replicator(random_game((2, 2, 2), 1), engine="nashpy")
    with pytest.raises(MethodError):
        learning.replicator(DILEMMA, engine="guess")
    with pytest.raises(MethodError):
        learning.replicator(DILEMMA, duration=0)
    with pytest.raises(MethodError):
        learning.fictitious_play(DILEMMA, 0)
    with pytest.raises(MethodError):
        learning.best_response_dynamics(DILEMMA, order="sideways")
    with pytest.raises(MethodError):
        learning.logit_dynamics(DILEMMA, -1.0)
