"""Probabilities as they are given, and how far they may miss 1."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.errors import GameError
from games.lotteries import SUM_TOLERANCE, exact_lottery, lotteries


def refused(at, total, least):
    return GameError(f"{at}: {total:g}, {least:g}")


@pytest.mark.parametrize(
    ("given", "exact"),
    [
        ([0.1, 0.2, 0.7], ["1/10", "1/5", "7/10"]),
        ([1, 0], ["1", "0"]),
        ([np.int64(1), np.float64(0.0)], ["1", "0"]),
        ([" 1/3 ", Fraction(2, 3)], ["1/3", "2/3"]),
    ],
)
def test_decimals_are_taken_as_written(given, exact):
    assert exact_lottery(given, lambda: "x") == [Fraction(p) for p in exact]


def test_floats_may_miss_one_by_rounding_and_fractions_may_not():
    third = 0.333333333333
    assert exact_lottery([third] * 3, lambda: "x") == [Fraction(1, 3)] * 3
    with pytest.raises(GameError, match=r"of x add up to 0\.999999999999; they must add up to 1"):
        exact_lottery([str(third)] * 3, lambda: "x")
    with pytest.raises(GameError, match=r"of x add up to 0\.9; "):
        exact_lottery([0.5, 0.4], lambda: "x")


@pytest.mark.parametrize("wrong", ["half", None, float("nan"), float("inf"), "1/0"])
def test_what_is_no_probability_is_named(wrong):
    with pytest.raises(GameError, match=r"x has the probability .*, which is not a number"):
        exact_lottery([wrong, 1], lambda: "x")


def test_negative_probabilities_are_refused():
    with pytest.raises(GameError, match=r"x has the negative probability -0\.5"):
        exact_lottery([1.5, -0.5], lambda: "x")


def test_lotteries_are_scaled_and_closed():
    table = np.array([[0.25, 0.75], [1.0 + SUM_TOLERANCE / 2, -SUM_TOLERANCE / 2]])
    out = lotteries(table, refused)
    assert out.sum(axis=-1).tolist() == [1.0, 1.0]
    assert out.min() == 0.0
    assert not out.flags.writeable
    assert table.flags.writeable


@pytest.mark.parametrize("row", [[0.5, 0.4], [1.5, -0.5], [np.nan, 1.0], [1.0 + 2e-9, 0.0]])
def test_the_first_that_is_none_is_named(row):
    with pytest.raises(GameError, match=r"\(1, 0\): "):
        lotteries(np.array([[[1.0, 0.0]], [row], [row]]), refused)
