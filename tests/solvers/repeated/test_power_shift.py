"""Windows of a power shift, against known thresholds."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import DiscountError, GameError
from solvers import repeated

CASES = Path(__file__).parents[2] / "cases"
CLOSED = json.loads((CASES / "closed_forms.json").read_text())
SHIFTS = json.loads((CASES / "power_shift.json").read_text())


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


@pytest.mark.parametrize("case", SHIFTS["cases"])
def test_windows(case):
    found = repeated.power_shift(case["strength"], case["discount"], case["declining"], case["rising"])
    assert list(found.window) == case["window"]
    assert list(np.flatnonzero(found.to_frame()["war"])) == case["window"]
    safe = found.largest_safe
    assert [t for t in range(len(safe)) if found.strength[t + 1] > safe[t]] == case["window"]


def test_the_textbook_threshold():
    found = repeated.power_shift([0.31, 0.5], 0.95, 0.1, 0.1)
    assert found.largest_safe[0] == pytest.approx(0.505 / 0.95, rel=1e-15)
    assert round(found.largest_safe[0], 4) == 0.5316


@pytest.mark.parametrize("case", SHIFTS["closing"])
def test_the_cost_that_closes_the_window(case):
    open_now = repeated.power_shift(case["strength"], case["discount"], 0.0, 0.0)
    assert open_now.closing_cost == pytest.approx(case["cost"], rel=1e-14)
    for cost, window in ((case["cost"] + 1e-9, ()), (case["cost"] - 1e-9, (0,))):
        assert repeated.power_shift(case["strength"], case["discount"], cost, cost).window == window
    half = repeated.power_shift(case["strength"], case["discount"], 0.0, 0.1)
    alone = half.closing_cost_declining
    assert repeated.power_shift(case["strength"], case["discount"], alone + 1e-9, 0.1).window == ()
    assert repeated.power_shift(case["strength"], case["discount"], alone - 1e-9, 0.1).window == (0,)


def test_a_steady_balance_needs_no_cost():
    found = repeated.power_shift([0.5, 0.5, 0.4], 0.9, 0.0, 0.0)
    assert found.closing_cost == 0.0
    assert "stays closed" in found.summary()
    assert "open in year 0" in repeated.power_shift([0.1, 0.9], 0.9, 0.1, 0.1).summary()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([0.5], 0.9, 0.1, 0.1), GameError, "at least two probabilities"),
        (([0.5, 1.5], 0.9, 0.1, 0.1), GameError, "between 0 and 1"),
        (([0.5, np.nan], 0.9, 0.1, 0.1), GameError, "between 0 and 1"),
        (([0.5, 0.5], 1.0, 0.1, 0.1), DiscountError, "strictly between 0 and 1"),
        (([0.5, 0.5], np.nan, 0.1, 0.1), DiscountError, "strictly between 0 and 1"),
        (([0.5, 0.5], 0.9, -0.1, 0.1), GameError, "cost_declining"),
        (([0.5, 0.5], 0.9, 0.1, np.inf), GameError, "cost_rising"),
    ],
)
def test_bad_shifts(arguments, error, says):
    with pytest.raises(error, match=says):
        repeated.power_shift(*arguments)
