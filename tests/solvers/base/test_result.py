"""The face of results."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from games import NormalFormGame
from solvers.base.result import Result, probabilities


@dataclass(frozen=True, repr=False)
class Example(Result):
    x: float

    def summary(self) -> str:
        return "a < b."

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"x": [self.x]})


def test_a_result_shows_its_summary_and_its_table():
    example = Example(1.23456789)
    assert repr(example).startswith("a < b.\n")
    assert "1.23457" in repr(example)
    assert "a &lt; b." in example._repr_html_()
    assert "<table" in example._repr_html_()


@dataclass(frozen=True, repr=False)
class Long(Example):
    _rows_shown = 10

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"x": [self.x] * 5000})


def test_a_long_table_is_shown_without_its_middle():
    assert repr(Long(1.0)).count("\n") < 20
    assert repr(Long(1.0)).rstrip().splitlines()[-1].startswith("4999")
    assert Long(1.0)._repr_html_().count("<tr") < 20


@dataclass(frozen=True, repr=False)
class Ranked(Result):
    _rows_shown = 2
    _ranked = True

    def summary(self) -> str:
        return "Five rows."

    def to_frame(self) -> pd.DataFrame:
        return pd.DataFrame({"x": [5, 4, 3, 2, 1]})


class Timed(Ranked):
    _ranked = False


def test_long_tables_lose_their_end_where_they_are_ranked_and_their_middle_elsewhere():
    assert "... and 3 more" in repr(Ranked())
    assert repr(Ranked()).splitlines()[2:] == ["0  5", "1  4", "... and 3 more"]
    assert "<p>... and 3 more</p>" in Ranked()._repr_html_()
    assert "more" not in repr(Timed())
    assert repr(Timed()).splitlines()[-1].split()[-1] == "1"


def test_probabilities_of_every_action():
    game = NormalFormGame.from_bimatrix([[1, 2], [3, 4]], actions=[["up", "down"], ["left", "right"]])
    frame = probabilities(game, [np.eye(2), np.full((2, 2), 0.5)], np.array([0.0, 1.0]), "time")
    assert frame.index.name == "time"
    assert frame["Player 1"]["down"].tolist() == [0.0, 1.0]
    assert frame["Player 2"]["left"].tolist() == [0.5, 0.5]
