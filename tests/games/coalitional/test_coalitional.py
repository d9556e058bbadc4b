"""Cooperative games: worths by name, the named games, exactness, and errors that say what would be right."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import coalitional
from games.coalitional import CoalitionalGame, airport, bankruptcy, gloves, weighted_voting
from games.errors import GameError, ProfileError, SizeError


def test_worths_by_name_and_by_number() -> None:
    game = CoalitionalGame.from_worths({"A": 1, ("A", "C"): 5, ("A", "B", "C"): 9}, ["A", "B", "C"], "three")
    assert game.values.tolist() == [0, 1, 0, 0, 0, 5, 0, 9]
    assert game.value(["C", "A"]) == 5
    assert game.value([0]) == 1
    assert game.coalition(["A", 2]) == 5
    assert game.members(5) == ("A", "C")
    assert game.label(0) == "nobody"
    frame = game.to_frame()
    assert frame.index.tolist() == ["A", "B", "C", "A + B", "A + C", "B + C", "A + B + C"]
    assert frame.loc["A + C", "worth"] == 5
    assert repr(game) == "<CoalitionalGame 'three': A, B, C; all together are worth 9>"
    assert "A + C" in game._repr_html_()


def test_fractions_are_kept_exactly_and_arrays_cannot_be_written() -> None:
    game = CoalitionalGame(np.array([0, Fraction(1, 3)], dtype=object))
    assert game.exact == (0, Fraction(1, 3))
    assert CoalitionalGame([0, 0.1]).exact[1] == Fraction(0.1)
    with pytest.raises(ValueError, match="read-only"):
        game.values[1] = 2


def test_only_floats_are_taken_to_be_rounded() -> None:
    def worth(members: tuple) -> float:
        return sum({"A": 0.1, "B": 0.2}[m] for m in members)

    assert CoalitionalGame.from_function(worth, ["A", "B"]).rounding == pytest.approx(0.3e-12)
    assert CoalitionalGame.from_function(len, ["A", "B"]).rounding == 0
    assert CoalitionalGame.from_worths({"A": Fraction(1, 3)}, ["A", "B"]).exact[1] == Fraction(1, 3)
    assert bankruptcy(0.5, [0.5, 0.5]).rounding == 0


def test_the_scale_does_not_see_what_players_have_alone() -> None:
    assert CoalitionalGame([0, 0, 0, 4]).scale == 4
    assert CoalitionalGame([0, 100, 100, 204]).scale == 4
    assert CoalitionalGame([0, 3, 4, 7]).scale == 7


def test_named_games() -> None:
    assert weighted_voting({"A": 2, "B": 1, "C": 1}, quota=3).values.tolist() == [0, 0, 0, 1, 0, 1, 0, 1]
    assert weighted_voting([0.1, 0.25, 0.3]).values[3] == 1
    assert weighted_voting([1, 1]).values.tolist() == [0, 0, 0, 1]
    assert bankruptcy(100, [100, 200, 300]).values.tolist() == [0, 0, 0, 0, 0, 0, 0, 100]
    assert airport([1, 2, 3]).values.tolist() == [0, -1, -2, -2, -3, -3, -3, -3]
    assert gloves(["a", "b"], ["c"]).value(["a", "b", "c"]) == 1


def test_bad_input_is_named() -> None:
    for bad, message in [
        ([0, 1, 2], "2\\*\\*N"),
        ([0], "2\\*\\*N"),
        ([1, 1], "empty coalition"),
        ([0, np.inf], "finite"),
        (["a", "b"], "numbers"),
    ]:
        with pytest.raises(GameError, match=message):
            CoalitionalGame(bad)
    with pytest.raises(GameError, match="different names"):
        CoalitionalGame([0, 1, 1, 2], ["A", "A"])
    with pytest.raises(SizeError, match="at most 20"):
        CoalitionalGame(np.zeros(2**21))
    with pytest.raises(ProfileError, match="did you mean 'China'"):
        CoalitionalGame.from_worths({"Chna": 1}, ["China", "US"])
    game = CoalitionalGame([0, 1])
    with pytest.raises(ProfileError, match="no player 'X'"):
        game.value(["X"])
    with pytest.raises(ProfileError, match="index 3"):
        game.value([3])
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
