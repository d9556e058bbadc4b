"""Games of symmetric players by type: the same worths as the table, whatever the grouping."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional import CoalitionalGame, weighted_voting
from games.errors import GameError, SizeError
from games.typed import TypedGame


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), sizes=st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_there_and_back(seed: int, sizes: list[int]) -> None:
    worths = np.random.default_rng(seed).integers(-9, 9, size=tuple(n + 1 for n in sizes))
    worths[(0,) * len(sizes)] = 0
    game = TypedGame(worths, {f"T{k}": n for k, n in enumerate(sizes)})
    table = game.game()
    again = TypedGame.from_game(table)
    assert again.n_players == sum(sizes)
    assert len(again.sizes) <= len(sizes)
    for mask in range(2**table.n_players):
        members = table.members(mask)
        for one in (game, again):
            counts = {name: sum(p in group for p in members) for name, group in one.types.items()}
            assert one.worth(counts) == table.exact[mask]


def test_players_who_can_change_places_are_found() -> None:
    found = TypedGame.from_game(weighted_voting({"A": 2, "B": 1, "C": 2, "D": 1}, quota=4))
    assert [set(g) for g in found.types.values()] == [{"A", "C"}, {"B", "D"}]


def test_one_player_can_be_set_apart() -> None:
    game = TypedGame([0, 1, 4, 9], {"T": 3})
    apart = game.split("T")
    assert apart.shape == (2, 3)
    for own in range(2):
        for others in range(3):
            assert apart.worth({"T 1 alone": own, "T": others}) == (own + others) ** 2
    assert apart.split("T 1 alone") is apart
    with pytest.raises(GameError, match="no type"):
        game.split("U")


def test_fractions_and_floats_are_exact() -> None:
    third = TypedGame(np.array([0, Fraction(1, 3), 1], dtype=object), {"T": 2})
    assert third.worth({"T": 1}) == Fraction(1, 3)
    assert third.denominator == 3
    decimal = TypedGame([0, 0.1, 0.5], {"T": 2})
    assert decimal.worth({"T": 1}) == Fraction(0.1)
    large = TypedGame(np.array([0, 2**60, 2**61]), {"T": 2})
    assert large.worth({"T": 2}) == 2**61
    assert large.numerators.dtype == object


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: TypedGame([1, 2], {"T": 1}), GameError, "empty coalition"),
        (lambda: TypedGame([0, 1, 2], {"T": 1}), GameError, "need"),
        (lambda: TypedGame([0, float("inf")], {"T": 1}), GameError, "finite"),
        (lambda: TypedGame([0], {"T": 0}), GameError, "at least one player"),
        (lambda: TypedGame([[0, 1], [1, 2]], {"T": ["A"], "U": ["A"]}), GameError, "same name"),
        (lambda: TypedGame(np.linspace(0, 1, 2**17), {"T": 2**17 - 1}), SizeError, "whole numbers"),
        (lambda: TypedGame([0, 1], {"T": 1}).worth({"T": 2}), GameError, "there are 1"),
        (lambda: TypedGame([0, 1], {"T": 1}).worth({"U": 1}), GameError, "no type 'U'"),
        (lambda: TypedGame(np.arange(31), {"T": 30}).game(), SizeError, "at most 20"),
    ],
)
def test_what_does_not_make_a_game_is_refused(make, error, words) -> None:
    with pytest.raises(error, match=words):
        make()


def test_views() -> None:
    game = TypedGame([[0, 0, 0], [0, 1, 1]], {"seller": 1, "buyer": 2}, "market")
    assert "market" in repr(game)
    assert len(game.to_frame()) == 5
    assert game.label(5) == "seller + 2 of buyer"
    assert CoalitionalGame(game.game().values).n_players == 3
