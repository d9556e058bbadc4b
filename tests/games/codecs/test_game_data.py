"""A game as a file holds it: its shape, its texts, and numbers that every reader takes."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from games.codecs._game_data import GameData


def test_shape_labels_and_texts():
    data = GameData(np.zeros((2, 1, 2)), ["A", "B"], [["x", "y"], ["z"]], "a title")
    assert data.shape == (2, 1)
    assert data.labels((1, 0)) == ["y", "z"]
    assert data.texts() == [
        ("title", "a title"),
        ("name of a player", "A"),
        ("name of a player", "B"),
        ("label of an action", "x"),
        ("label of an action", "y"),
        ("label of an action", "z"),
    ]


def test_fractions_are_written_exactly_and_floats_by_their_shortest_decimals():
    exact = np.array([[Fraction(1, 3)], [Fraction(10**20)]], dtype=object)
    assert GameData(exact, ["A"], [["x", "y"]]).numbers().tolist() == [["1/3"], ["100000000000000000000"]]
    # Gambit does not take a plus in an exponent.
    floats = GameData(np.array([[0.1], [1e16], [1e-7]]), ["A"], [["x", "y", "z"]]).numbers()
    assert floats.tolist() == [["0.1"], ["1e16"], ["1e-07"]]
    assert [float(text) for text in floats[:, 0]] == [0.1, 1e16, 1e-7]
