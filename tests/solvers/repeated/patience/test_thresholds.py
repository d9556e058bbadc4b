"""The formulas of critical discount factors against a table of cases, and what holds of them for any numbers."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from solvers import repeated
from solvers.base.rounding import rounding
from solvers.repeated.patience._thresholds import best_deviation

TABLE = json.loads((Path(__file__).parents[3] / "cases" / "critical_discount.json").read_text())


def number(value):
    return np.inf if value == "none" else value


@pytest.mark.parametrize("case", TABLE["threshold"])
def test_threshold(case):
    found = repeated.threshold(case["gain"], case["cooperative"], case["punishment"])
    assert found == pytest.approx(number(case["critical"]), rel=1e-15)


def test_threshold_broadcasts_over_arrays_of_partitions():
    rng = np.random.default_rng(0)
    gain, u, w = rng.normal(size=(3, 2000, 3))
    whole = repeated.threshold(gain, u, w)
    for row in range(0, 2000, 97):
        for i in range(3):
            g, a, b = gain[row, i], u[row, i], w[row, i]
            expected = 0.0 if g <= 0 else (g / (g + a - b) if a > b else np.inf)
            assert whole[row, i] == pytest.approx(expected, rel=1e-14)


def test_longer_punishments_need_less_patience_and_tend_to_grim():
    gains = [repeated.finite_threshold(2.0, 3.0, 1.0, k) for k in (2, 3, 5, 10, 40, 200)]
    assert all(a >= b for a, b in pairwise(gains))
    assert gains[-1] == pytest.approx(0.5, abs=1e-15)
    assert repeated.finite_threshold(2.0, 3.0, 1.0, np.inf) == 0.5


def test_best_deviation_of_a_player_without_a_choice():
    game = NormalFormGame([[[1, 2], [3, 4]]])
    gain, action = best_deviation(game, (0, 1))
    assert gain == pytest.approx([0, -2])
    assert action == (0, 0)
    assert (rounding(game) >= 0).all()
