"""What information is worth and what doubt costs."""

from __future__ import annotations

import numpy as np
import pytest

from games import BayesianGame, catalog
from games.errors import GameError
from solvers import nash
from solvers.bayesian import cost_of_doubt, find_all, value_of_information
from tests.games.bayesian.test_game import random_game


def test_the_unknown_defender() -> None:
    game = catalog.trees.entry_deterrence()
    cost = cost_of_doubt(game)
    assert cost.complete
    assert cost.cost.tolist() == [[0.375, 0.375], [0.375, 0.375]]
    assert "Challenger 0.375, Defender 0.375" in cost.summary()
    assert cost.to_frame().loc["Defender", "unknown low"] == 0
    value = value_of_information(game, "Challenger", "Defender")
    assert value.secret.tolist() == [0.375]
    assert value.value[1].tolist() == [0.375, 0.375]
    assert "worth 0.375 to Challenger if all know that it knows, and 0.375 if nobody does" in value.summary()
    assert value.to_frame().shape == (2, 6)


@pytest.mark.parametrize("seed", range(10))
def test_known_payoffs_by_hand(seed: int) -> None:
    game = random_game(seed, (2, 2), (2, 2), top=9)
    low, high = np.zeros(2), np.zeros(2)
    for t in np.ndindex(2, 2):
        table = np.array([e.payoffs for e in nash.find_all(game.stage(t))])
        low += game.prior[t] * table.min(axis=0)
        high += game.prior[t] * table.max(axis=0)
    found = cost_of_doubt(game)
    assert found.known == pytest.approx(np.stack([low, high], axis=1))
    unknown = np.array([e.payoffs for e in find_all(game)])
    assert found.unknown[:, 0] == pytest.approx(unknown.min(axis=0))


@pytest.mark.parametrize("seed", range(10))
def test_secret_information_never_hurts(seed: int) -> None:
    game = random_game(seed, (2, 2), (2, 2), top=9)
    for i in range(2):
        found = value_of_information(game, i)
        assert (found.secret >= -1e-12).all()
        assert len(found.secret) == len(find_all(game))


def test_open_information_may_hurt_its_owner() -> None:
    # If player 1 knows the state it will take advantage, so player 2 stays safe; if nobody knows, both risk it.
    stages = [[[4, 3], [1, 2]], [[5, 0], [1, 2]]], [[[4, 3], [1, 2]], [[-9, 0], [1, 2]]]
    half = "1/2"
    game = BayesianGame([["row"], ["good", "bad"]], [[half, half]], [[*stages]])
    # Player 2's type carries the state here, so inform player 1 about it.
    found = value_of_information(game, 0)
    assert found.complete
    assert found.value[0].min() <= found.secret.min()


def test_nobody_learns_its_own_type() -> None:
    with pytest.raises(GameError, match="knows its own type already"):
        value_of_information(random_game(0), 0, 0)
