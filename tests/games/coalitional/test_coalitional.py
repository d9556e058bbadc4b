"""Cooperative games: worths by name, exactness, and errors that say what would be right."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.coalitional import CoalitionalGame, bankruptcy
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
