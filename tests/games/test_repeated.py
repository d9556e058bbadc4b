"""Repeated games: discount factors, periods and monitoring are checked and converted."""

from __future__ import annotations

from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pytest

from games import Monitoring, RepeatedGame, catalog
from games.errors import ConcertError, DiscountError, GameError


def test_one_discount_factor_serves_all_players() -> None:
    play = RepeatedGame(catalog.public_goods(), 0.9)
    np.testing.assert_array_equal(play.discount, [0.9, 0.9, 0.9])
    assert play.n_players == 3
    assert play.monitoring.perfect


def test_each_player_may_have_its_own() -> None:
    play = RepeatedGame(catalog.chicken(), [0.5, 0.8])
    np.testing.assert_array_equal(play.discount, [0.5, 0.8])


@pytest.mark.parametrize(
    ("discount", "message"),
    [
        (1.0, "Player 1 is 1"),
        (0.0, "Player 1 is 0"),
        (-0.1, "Player 1 is -0.1"),
        (1.5, "strictly between 0 and 1"),
        (float("nan"), "Player 1 is nan"),
        ([0.5, 1.0], "Player 2 is 1"),
        ([0.5], r"shape \(1,\)"),
        ([0.5, 0.5, 0.5], "one for each of Player 1, Player 2"),
        ([[0.5, 0.5]], r"shape \(1, 2\)"),
        ("patient", "a number between 0 and 1"),
        (None, "Player 1 is nan"),
    ],
)
def test_bad_discount_factors_are_refused(discount: Any, message: str) -> None:
    with pytest.raises(DiscountError, match=message):
        RepeatedGame(catalog.chicken(), discount)


@pytest.mark.parametrize("period", [0, -1, float("inf"), float("nan")])
def test_bad_periods_are_refused(period: float) -> None:
    with pytest.raises(GameError, match="positive number of years"):
        RepeatedGame(catalog.chicken(), 0.5, period=period)


def test_yearly_discount_undoes_the_period() -> None:
    play = RepeatedGame(catalog.chicken(), [0.25, 0.81], period=2)
    np.testing.assert_allclose(play.yearly_discount, [0.5, 0.9])
    np.testing.assert_allclose(play.yearly_discount**play.period, play.discount)


def test_the_discount_vector_belongs_to_the_game_alone() -> None:
    given = np.array([0.5, 0.6])
    play = RepeatedGame(catalog.chicken(), given)
    given[0] = 0.1
    assert play.discount[0] == 0.5
    with pytest.raises(ValueError, match="read-only"):
        play.discount[0] = 0.1
    with pytest.raises(FrozenInstanceError):
        play.period = 2.0  # type: ignore[misc]


@pytest.mark.parametrize(
    ("given", "name"), [({"false_alarm": -0.1}, "false_alarm"), ({"detection": 1.1}, "detection")]
)
def test_monitoring_takes_probabilities(given: dict[str, float], name: str) -> None:
    with pytest.raises(GameError, match=name):
        Monitoring(**given)
    with pytest.raises(ConcertError):
        Monitoring(**{name: float("nan")})


def test_monitoring_is_perfect_only_without_errors() -> None:
    assert Monitoring().perfect
    assert not Monitoring(false_alarm=0.01).perfect
    assert not Monitoring(detection=0.99).perfect


def test_repr_shows_factors_and_period() -> None:
    text = repr(RepeatedGame(catalog.chicken(), [0.5, 0.8], period=2))
    assert "Player 1 0.5, Player 2 0.8" in text
    assert "2 years" in text
