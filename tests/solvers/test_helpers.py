"""Deadlines, progress and the face of results."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pandas as pd
import pytest

from solvers import progress
from solvers.deadline import Deadline
from solvers.result import Result


def test_a_deadline_passes():
    deadline = Deadline(0.02)
    assert not deadline.passed
    time.sleep(0.03)
    assert deadline.passed
    assert deadline.left == 0.0
    assert Deadline(None).left == float("inf")


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_time_limit_is_positive(seconds):
    with pytest.raises(ValueError, match="a time limit is a positive number of seconds"):
        Deadline(seconds)


def test_track_yields_everything_and_is_silent_where_nobody_looks(capsys):
    assert list(progress.track(range(5), total=5, label="five")) == [0, 1, 2, 3, 4]
    assert capsys.readouterr().err == ""


def test_track_shows_a_bar_after_its_delay(monkeypatch, capsys):
    monkeypatch.setenv("FORCE_COLOR", "1")  # as in a terminal
    monkeypatch.setattr(progress, "_DELAY", -1.0)
    monkeypatch.setattr(progress, "_watched", lambda: True)
    assert list(progress.track("ab", total=2, label="letters")) == ["a", "b"]
    assert "letters" in capsys.readouterr().err


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
