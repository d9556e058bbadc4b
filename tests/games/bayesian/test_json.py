"""Bayesian games as JSON files."""

from __future__ import annotations

import json

import numpy as np
import pytest

from games import BayesianGame, catalog
from games.errors import FormatError
from tests.games.bayesian.test_game import random_game


def test_games_come_back(tmp_path) -> None:
    floats = BayesianGame(
        [["a"], ["x", "y"]], [[0.25, 0.75]], np.random.default_rng(0).normal(size=(1, 2, 2, 2, 2))
    )
    for game in (random_game(1), catalog.trees.kydd_trust("1/3"), floats):
        game.write(tmp_path / "game.json")
        again = BayesianGame.read(tmp_path / "game.json")
        assert again == game
        assert (again.rational, again.title) == (game.rational, game.title)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"format": "concert-game"}, "a file of a Bayesian game says"),
        ({"version": 2}, "it is 2; this version of the program reads 1"),
        ({"prior": [["1/4", "1/2"], ["1/8", "1/4"]]}, "add up to 9/8; they must add up to 1"),
        ({"prior": [["1/4", "1/2"]]}, "prior: it has 1 entries; it needs a list of 2"),
        ({"prior": [[1, 0], ["x", 0]]}, "prior[1][0]: 'x' is not a number"),
        ({"prior": [["1/2", "1/2"], [0, 0]]}, "type 'untrustworthy' of First probability 0"),
        ({"payoffs": [1]}, "payoffs: it has 1 entries"),
        ({"players": [{"name": "A"}]}, "players[0]: it must be an object such as"),
        ({"players": []}, "key 'players'"),
        ({"title": 3}, "key 'title'"),
        ({"pior": 3}, "unknown key; did you mean 'prior'?"),
    ],
)
def test_a_broken_file_names_place_and_cure(change, words, tmp_path) -> None:
    catalog.trees.kydd_trust().write(tmp_path / "game.json")
    data = json.loads((tmp_path / "game.json").read_text())
    (tmp_path / "game.json").write_text(json.dumps(data | change))
    with pytest.raises(FormatError) as error:
        BayesianGame.read(tmp_path / "game.json")
    assert words in str(error.value)
    assert str(error.value).startswith(str(tmp_path / "game.json"))


def test_files_that_cannot_be_read(tmp_path) -> None:
    with pytest.raises(FormatError, match="cannot be read"):
        BayesianGame.read(tmp_path / "none.json")
    with pytest.raises(FormatError, match=r"read and written as \.json"):
        BayesianGame.read(tmp_path / "game.efg")
    (tmp_path / "cut.json").write_text('{"format": "concert-bayesian-game", "ver')
    with pytest.raises(FormatError, match="line 1, column 37: not JSON"):
        BayesianGame.read(tmp_path / "cut.json")
    (tmp_path / "list.json").write_text("[]")
    with pytest.raises(FormatError, match="must hold one object"):
        BayesianGame.read(tmp_path / "list.json")
    (tmp_path / "nan.json").write_text("NaN")
    with pytest.raises(FormatError, match="NaN is not a payoff"):
        BayesianGame.read(tmp_path / "nan.json")
    (tmp_path / "less.json").write_text('{"format": "concert-bayesian-game"}')
    with pytest.raises(FormatError, match="the key 'version' is missing"):
        BayesianGame.read(tmp_path / "less.json")


@pytest.mark.parametrize("place", ["Is it resolved?", "Rival", "strong", "Fight"])
def test_control_characters_are_refused_where_a_terminal_would_obey_them(place: str, tmp_path) -> None:
    game = BayesianGame(
        [["any"], ["strong", "weak"]],
        [[0.5, 0.5]],
        np.zeros((1, 2, 1, 2, 2)),
        ["Ego", "Rival"],
        [["Wait"], ["Fight", "Yield"]],
        "Is it resolved?",
    )
    game.write(tmp_path / "game.json")
    text = (tmp_path / "game.json").read_text()
    (tmp_path / "game.json").write_text(text.replace(place, place + "\\u001b]8;;"))
    with pytest.raises(FormatError, match=r"holds the control character '\\x1b'; remove it"):
        BayesianGame.read(tmp_path / "game.json")


@pytest.mark.parametrize("label", ["a\x00b", "\u202ex", "\ud800", "\ufeff"])
def test_what_could_not_be_read_again_is_not_written(tmp_path, label) -> None:
    payoffs = np.zeros((1, 1, 1, 1, 2), dtype=int)
    for game in (
        BayesianGame([[label], ["t"]], [[1]], payoffs),
        BayesianGame([["t"], ["t"]], [[1]], payoffs, title=label),
        BayesianGame([["t"], ["t"]], [[1]], payoffs, players=[label, "B"]),
        BayesianGame([["t"], ["t"]], [[1]], payoffs, actions=[["x"], [label]]),
    ):
        with pytest.raises(FormatError, match="control character"):
            game.write(tmp_path / "game.json")
        assert not (tmp_path / "game.json").exists()
