"""What holds for all dynamics: units, degenerate games, tables, errors."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError
from solvers import learning
from tests.solvers.learning.games_of_the_tests import DILEMMA, random_game


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
