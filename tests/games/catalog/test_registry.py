"""How games enter the catalogue, and what an entry knows."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.catalog import registry
from games.errors import ConcertError, GameError


@pytest.fixture
def entered():
    name = "a_game_of_this_test"

    @registry.game(
        "A game of this test",
        "nobody",
        known=[("L", "1/3 2/3"), ("R", [0.25, 0.75])],
        count=2,
        tags="small odd",
        note="Short.",
    )
    def a_game_of_this_test(top: int = 1) -> NormalFormGame:
        return NormalFormGame([[[top, 0], [0, 1]]] * 2, None, [("L", "R")] * 2)

    yield a_game_of_this_test
    del registry.ENTRIES[name]


def test_a_game_is_entered_under_the_name_of_its_function(entered):
    entry = registry.ENTRIES["a_game_of_this_test"]
    assert (entry.title, entry.source, entry.tags, entry.note) == (
        "A game of this test",
        "nobody",
        ("small", "odd"),
        "Short.",
    )
    assert entry.make is entered
    assert entry.complete


def test_known_profiles_are_labels_fractions_or_numbers(entered):
    entry = registry.ENTRIES["a_game_of_this_test"]
    first, second = entry.equilibria()
    assert [v.tolist() for v in first] == [[1, 0], [1 / 3, 2 / 3]]
    assert [v.tolist() for v in second] == [[0, 1], [0.25, 0.75]]
    # Only what was given as fractions is exact.
    assert entry.exact_equilibria() == (((1, 0), (Fraction(1, 3), Fraction(2, 3))),)


def test_arguments_of_an_entered_game_are_checked(entered):
    with pytest.raises(ConcertError, match="top must be a whole number"):
        entered("many")
    with pytest.raises(GameError, match="n must be a whole number"):
        catalog.cournot("many")


def test_cells_stay_exact():
    payoffs = registry.from_cells(3, 2, lambda cell: [Fraction(sum(cell), 3)] * 3)
    assert payoffs.shape == (2, 2, 2, 3)
    assert payoffs[1, 1, 0].tolist() == [Fraction(2, 3)] * 3
    assert NormalFormGame(payoffs).rational


def test_at_least():
    registry.at_least(2, 2)
    with pytest.raises(GameError, match="at least 3 powers; got 2"):
        registry.at_least(2, 3, "powers")


def test_the_order_of_a_symmetric_game_is_checked_pair_by_pair():
    game = registry.ordered_symmetric({"T": 5, "R": 3, "P": 1, "S": 0}, "TRPS", title="A dilemma")
    assert game.payoffs[..., 0].tolist() == [[3, 0], [5, 1]]
    assert (game.payoffs[..., 1] == np.array(game.payoffs[..., 0]).T).all()
    with pytest.raises(GameError, match="A dilemma needs T > R > P > S; got R = 3 and P = 3"):
        registry.ordered_symmetric({"T": 5, "R": 3, "P": 3, "S": 0}, "TRPS", title="A dilemma")


def test_every_file_of_the_catalogue_enters_its_games():
    files = {entry.make.__module__.rpartition(".")[2] for entry in registry.ENTRIES.values()}
    assert files == {"classics", "many_players", "statecraft", "symmetric"}
    assert set(catalog.names()) == set(registry.ENTRIES)
