"""Replicator and logit dynamics: constants of motion, closed forms, rest points, time limits."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import MethodError
from solvers import learning, quantal
from tests.solvers.learning.games_of_the_tests import PENNIES, random_game


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


def test_the_time_limit_cuts_the_path_short(clock) -> None:
    game = random_game((20, 20, 20), 1)
    for path in (
        learning.replicator(game, duration=1e6, time_limit=0.2),
        learning.logit_dynamics(game, 5.0, duration=1e6, time_limit=0.2),
    ):
        assert not path.complete
        assert len(path.times) < 201
        assert "stopped at the time limit" in path.summary()
    assert learning.replicator(PENNIES, duration=1, time_limit=60).complete
    with pytest.raises(MethodError, match="takes no time limit"):
        learning.replicator(PENNIES, engine="nashpy", time_limit=1)
