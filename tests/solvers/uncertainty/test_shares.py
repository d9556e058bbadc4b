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


@pytest.mark.parametrize("hits", [[], [[True]]])
def test_a_share_needs_draws(hits):
    with pytest.raises(GameError, match="at least one draw"):
        share_of(hits)
