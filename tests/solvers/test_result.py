"""The face of results."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from solvers.result import Result


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
