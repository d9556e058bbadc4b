from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ProfileError
from solvers.nash import Equilibria, Equilibrium


@pytest.fixture
def game():
    return NormalFormGame.from_bimatrix(
        [[2, 0], [0, 1]],
        [[1, 0], [0, 2]],
        players=["Rome", "Carthage"],
        actions=[["war", "peace"], ["war", "peace"]],
    )


def test_payoffs_and_regret_come_from_the_game(game):
    e = Equilibrium(game, ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), proof="numeric", index=-1)
    np.testing.assert_allclose(e.payoffs, [2 / 3, 2 / 3])
    assert e.regret.max() < 1e-15
    off = Equilibrium(game, ([1.0, 0.0], [0.0, 1.0]), proof="numeric")
    np.testing.assert_allclose(off.regret, [1, 1])


def test_it_is_frozen(game):
    e = Equilibrium(game, ([1.0, 0.0], [1.0, 0.0]), proof="exact", index=1)
    with pytest.raises(AttributeError):
        e.index = 0
    with pytest.raises(ValueError, match="read-only"):
        e.profile[0][0] = 0.5


def test_what_is_no_probability_is_refused(game):
    with pytest.raises(ProfileError):
        Equilibrium(game, ([0.7, 0.7], [1.0, 0.0]), proof="numeric")


def test_words_and_tables(game):
    pure = Equilibrium(game, ([1.0, 0.0], [1.0, 0.0]), proof="exact", index=1)
    mixed = Equilibrium(game, ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), proof="interval", index=-1, radius=1e-15)
    assert pure.is_pure
    assert pure.support == ((0,), (0,))
    assert pure.describe() == "Rome: war; Carthage: war"
    assert "war (0.6667)" in mixed.describe()
    assert "index: -1" in mixed.summary()
    found = Equilibria(game, (pure, mixed), False, None, "a test", 0.0, notes=("Something was left out.",))
    assert list(found) == [pure, mixed]
    assert found[:1] == (pure,)
    frame = found.to_frame()
    assert frame.shape == (2, 6)
    assert frame.loc[1, "payoff of Rome"] == 2
    assert "NOT complete" in found.summary()
    assert "left out" in repr(found)


def test_nothing_found_is_not_shown_as_none_exists(game):
    empty = Equilibria(game, (), False, None, "a test", 0.0)
    assert "No equilibrium was found" in empty.summary()
    assert "there may be others" in empty.summary()


def test_regret_does_not_lose_digits_to_a_common_constant(game):
    shifted = game.rescale(1.0, 1e6)
    e = Equilibrium(shifted, ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), proof="numeric")
    assert e.regret.max() < 1e-12


def test_the_table_of_an_equilibrium_has_a_row_for_each_action_played(game):
    e = Equilibrium(game, ([2 / 3, 1 / 3], [1.0, 0.0]), proof="numeric")
    table = e.to_frame()
    assert table["player"].tolist() == ["Rome", "Rome", "Carthage"]
    assert table["action"].tolist() == ["war", "peace", "war"]
    assert table["probability"].tolist() == [2 / 3, 1 / 3, 1.0]
    assert table["expected payoff"].tolist() == pytest.approx([4 / 3, 4 / 3, 2 / 3])
