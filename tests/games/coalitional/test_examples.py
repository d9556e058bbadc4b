"""Cooperative games by rule: worths by hand, and numbers that are refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import coalitional
from games.coalitional import airport, bankruptcy, gloves, weighted_voting
from games.errors import GameError, SizeError


def test_named_games() -> None:
    assert weighted_voting({"A": 2, "B": 1, "C": 1}, quota=3).values.tolist() == [0, 0, 0, 1, 0, 1, 0, 1]
    assert weighted_voting([0.1, 0.25, 0.3]).values[3] == 1
    assert weighted_voting([1, 1]).values.tolist() == [0, 0, 0, 1]
    assert bankruptcy(100, [100, 200, 300]).values.tolist() == [0, 0, 0, 0, 0, 0, 0, 100]
    assert airport([1, 2, 3]).values.tolist() == [0, -1, -2, -2, -3, -3, -3, -3]
    assert gloves(["a", "b"], ["c"]).value(["a", "b", "c"]) == 1


def test_weights_and_estates_that_make_no_game_are_refused() -> None:
    with pytest.raises(GameError, match="negative"):
        weighted_voting([-1, 2])
    with pytest.raises(GameError, match="quota is 9"):
        weighted_voting([1, 2], quota=9)
    with pytest.raises(GameError, match="does not exceed"):
        bankruptcy(10, [1, 2])


@pytest.mark.parametrize(
    "make",
    [
        lambda: coalitional.weighted_voting([1, float("nan")]),
        lambda: coalitional.weighted_voting([1, 2], quota=float("inf")),
        lambda: coalitional.bankruptcy(float("nan"), [1, 2]),
        lambda: coalitional.airport([1, float("inf")]),
        lambda: coalitional.war({"A": float("nan"), "B": 1}),
    ],
)
def test_numbers_that_are_not_finite_are_refused(make):
    with pytest.raises(GameError, match="finite"):
        make()


def test_twenty_voters_take_no_time_and_21_are_refused_at_once():
    game = coalitional.weighted_voting([Fraction(1, k) for k in range(1, 21)])
    total = sum(Fraction(1, k) for k in range(1, 21))
    for mask in (1, 2, 3, 2**20 - 2, 0b1010101):
        weight = sum((Fraction(1, i + 1) for i in range(20) if mask >> i & 1), Fraction(0))
        assert game.values[mask] == (2 * weight > total)
    with pytest.raises(SizeError, match="at most 20"):
        coalitional.weighted_voting([1] * 300)
