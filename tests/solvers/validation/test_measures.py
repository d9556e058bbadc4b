"""Scores against values by hand and against brute force."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.validation._measures import auc, auc_within, brier, log_score, reliability


def test_by_hand():
    y, p = [1, 0, 1, 0, 0], [0.9, 0.9, 0.6, 0.3, 0.1]
    # Pairs (yes, no): .9 against .9 ties, .3 and .1 lose; .6 loses to .9 and beats the others: 4.5 of 6.
    assert auc(y, p) == pytest.approx(4.5 / 6)
    assert brier(y, p) == pytest.approx((0.01 + 0.81 + 0.16 + 0.09 + 0.01) / 5)
    assert log_score([1, 0], [0.5, 0.5]) == pytest.approx(np.log(2))
    assert np.isinf(log_score([1], [0.0]))
    assert np.isnan(auc([1, 1], [0.2, 0.3]))


def test_within_groups_levels_do_not_count():
    y, group = [1, 0, 1, 0], [0, 0, 1, 1]
    assert auc(y, [0.2, 0.1, 0.9, 0.8]) == 0.75
    assert auc_within(y, [0.2, 0.1, 0.9, 0.8], group) == 1.0


@given(st.integers(0, 2**32 - 1), st.integers(2, 30))
@settings(max_examples=40, deadline=None)
def test_auc_is_the_mann_whitney_statistic(seed, size):
    from scipy.stats import mannwhitneyu

    rng = np.random.default_rng(seed)
    y, p = rng.integers(0, 2, size), rng.integers(0, 5, size) / 5
    if 0 < y.sum() < size:
        u = mannwhitneyu(p[y == 1], p[y == 0]).statistic
        assert auc(y, p) == pytest.approx(u / (y.sum() * (size - y.sum())))
        assert auc(y, 1 - p) == pytest.approx(1 - auc(y, p))


def test_reliability_of_a_forecaster_who_knows_the_chances():
    rng = np.random.default_rng(0)
    p = rng.uniform(size=20_000)
    table = reliability(rng.uniform(size=20_000) < p, p, bins=4)
    assert table["cases"].sum() == 20_000
    assert table["seen"].to_numpy() == pytest.approx(table["predicted"].to_numpy(), abs=0.02)
    assert (table["low"] < table["high"]).all()
    assert reliability([True], [1.0], 5)["from"].tolist() == [0.8]
