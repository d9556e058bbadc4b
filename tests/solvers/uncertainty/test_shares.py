"""Shares and their errors against published intervals and simulation."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import GameError
from solvers.uncertainty._shares import share, share_of


@pytest.mark.parametrize(
    ("hits", "draws", "low", "high"),
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_published_intervals(hits, draws, low, high):
    found = share(hits, draws)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_nine_of_ten_intervals_and_more_hold_the_truth():
    rng = np.random.default_rng(0)
    covered = 0
    for _ in range(400):
        found = share_of(rng.uniform(size=200) < 0.07)
        covered += found.low <= 0.07 <= found.high
    assert 0.91 < covered / 400 <= 1.0


def test_none_of_a_thousand_is_not_nothing():
    found = share_of(np.zeros(1000, dtype=bool))
    assert found.value == 0
    assert 0.003 < found.high < 0.004
    assert found.error > 0
    assert str(found).startswith("0.0 %")


def test_an_interval_stays_between_0_and_1_where_its_formula_rounds_beyond():
    for draws in range(1, 100):
        none, every = share(0, draws), share(draws, draws)
        assert none.low == none.value == 0.0
        assert every.high == every.value == 1.0


def test_in_words_with_as_many_digits_as_the_draws_allow():
    assert share(81, 263).error == pytest.approx((0.3662 - 0.2553) / 2, abs=5e-5)
    assert str(share(81, 263)) == "31 % (± 5.5)"
    assert str(share(3_000, 10_000)) == "30 % (± 0.9)"
    assert str(share(30_000, 100_000)) == "30.0 % (± 0.3)"
    assert str(share(300_000, 1_000_000)) == "30.0 % (± 0.1)"
    assert str(share(3_000_000, 10_000_000)) == "30.00 % (± 0.03)"


@pytest.mark.parametrize("hits", [[], [[True]]])
def test_a_share_needs_draws(hits):
    with pytest.raises(GameError, match="at least one draw"):
        share_of(hits)
