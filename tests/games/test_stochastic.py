"""Stochastic games: what they accept, and what they say of bad input."""

from __future__ import annotations

import numpy as np
import pytest

from games import Monitoring, NormalFormGame, RepeatedGame, StochasticGame
from games.errors import DiscountError, GameError, SizeError

PD = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
SMALL = NormalFormGame(np.ones((1, 3, 2)))


def test_actions_may_differ_by_state() -> None:
    step = np.zeros((1, 3, 2))
    step[..., 0] = 1.0
    game = StochasticGame([PD, SMALL], [[0.5, 0.5], step], [0.5, 0.9])
    assert (game.n_states, game.n_players, game.names) == (2, 2, ("state 1", "state 2"))
    assert game.transitions[0].shape == (2, 2, 2)
    assert game.discount.tolist() == [0.5, 0.9]
    assert "2x2" in repr(game)
    assert "1x3" in repr(game)
    frame = game.to_frame()
    assert len(frame) == 7
    assert frame.loc[("state 1", "C, D"), ("payoff", "Player 2")] == 5


def test_a_path_ends_in_its_last_year() -> None:
    game = StochasticGame.path([PD, PD.rescale(2), PD], 0.9)
    assert game.absorbing == ("year 3",)
    assert game.transitions[0][0, 0].tolist() == [0, 1, 0]
    assert game.state_index("year 2") == game.state_index(1) == 1


def test_a_repeated_game_has_one_state() -> None:
    game = StochasticGame.repeated(RepeatedGame(PD, 0.7, period=0.5))
    assert (game.n_states, game.period) == (1, 0.5)
    with pytest.raises(GameError, match="perfect monitoring"):
        StochasticGame.repeated(RepeatedGame(PD, 0.7, monitoring=Monitoring(0.1)))


def test_nothing_can_be_changed_afterwards() -> None:
    step = np.full((2, 2, 1), 1.0)
    game = StochasticGame([PD], [step], 0.5)
    step[:] = 0.0
    assert game.transitions[0].min() == 1.0
    with pytest.raises(ValueError, match="read-only"):
        game.transitions[0][0, 0, 0] = 0.0


@pytest.mark.parametrize(
    ("stages", "transitions", "options", "message"),
    [
        ([PD], [[0.9]], {}, r"after \(C, C\) are not a lottery: they sum to 0.9"),
        ([PD, PD], [[1.5, -0.5], [0, 1]], {}, "smallest entry -0.5"),
        ([PD, PD], [[np.nan, 1], [0, 1]], {}, "not a lottery"),
        ([PD, PD], [[1, 0]], {}, "transitions has 1 entries; give one for each of 2 states"),
        ([PD, PD], [[1, 0], np.zeros((2, 3))], {}, r"'state 2' have shape \(2, 3\)"),
        ([PD], [["a"]], {}, "array of numbers"),
        ([], [], {}, "at least one NormalFormGame"),
        ([PD, NormalFormGame(np.ones((2, 2, 2, 3)))], [[1, 0], [0, 1]], {}, "state 2 has players"),
        ([PD, PD], [[1, 0], [0, 1]], {"names": ["a", "a"]}, "2 distinct names"),
        ([PD], [[1.0]], {"period": 0}, "positive number of years"),
    ],
)
def test_bad_input_gets_one_line(stages, transitions, options, message) -> None:
    with pytest.raises(GameError, match=message) as raised:
        StochasticGame(stages, transitions, 0.5, **options)
    assert "\n" not in str(raised.value)


def test_a_million_states_get_an_estimate() -> None:
    with pytest.raises(
        SizeError, match=r"1,000,000 states .* make 1e\+12 transition probabilities \(8e\+03 GB\)"
    ):
        StochasticGame([PD] * 1_000_000, [[1.0]], 0.5)


def test_a_discount_factor_lies_between_0_and_1() -> None:
    with pytest.raises(DiscountError):
        StochasticGame([PD], [[1.0]], 1.0)


def test_an_unknown_state_is_named() -> None:
    game = StochasticGame([PD, PD], [[1, 0], [0, 1]], 0.5, names=["calm", "tense"])
    with pytest.raises(GameError, match="did you mean 'calm'"):
        game.state_index("clam")
    with pytest.raises(GameError, match="0 to 1"):
        game.state_index(2)
