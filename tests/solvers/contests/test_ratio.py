"""Tullock contests: published equilibria, the lottery's closed form, deviations, units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import contest
from games.errors import GameError, SizeError
from solvers.contests import tullock
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["tullock"], ids=lambda c: c["source"])
def test_published_equilibria(case: dict) -> None:
    found = tullock(case["values"], case["r"])
    assert len(found.equilibria) == len(case["efforts"])
    for outcome, efforts in zip(found.equilibria, case["efforts"]):
        assert outcome.efforts == pytest.approx(efforts, abs=1e-9)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 6))
def test_at_one_it_is_the_lottery(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    values, efficiency = rng.uniform(0.1, 10, n), rng.uniform(0.1, 10, n)
    (found,) = tullock(values, 1.0, efficiency).equilibria
    closed = contest.lottery(values, efficiency)
    assert found.shares == pytest.approx(closed.shares, abs=1e-9)
    assert found.efforts == pytest.approx(closed.efforts, abs=1e-9 * values.max())


@settings(max_examples=8, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 4), r=st.floats(0.2, 2.5), unit=st.floats(1e-6, 1e6))
def test_nobody_gains_by_another_effort_and_units_do_not_matter(
    seed: int, n: int, r: float, unit: float
) -> None:
    rng = np.random.default_rng(seed)
    values = rng.uniform(0.5, 2, n)
    found = tullock(values, r)
    if r <= 1:
        assert len(found.equilibria) == 1
    scaled = tullock(values * unit, r)
    assert len(scaled.equilibria) == len(found.equilibria)
    for outcome, other in zip(found.equilibria, scaled.equilibria):
        assert outcome.shares.sum() == pytest.approx(1)
        assert other.efforts == pytest.approx(outcome.efforts * unit, rel=1e-6, abs=1e-9 * unit)
        for i in range(n):
            for effort in rng.uniform(0, values[i], 40):
                efforts = outcome.efforts.copy()
                efforts[i] = effort
                power = np.where(efforts > 0, efforts**r, 0.0)
                assert values[i] * power[i] / power.sum() - effort <= outcome.payoffs[i] + 1e-8


@pytest.mark.parametrize(("ratio", "r"), [(0.5, 1.35), (0.5, 1.36), (0.8, 1.68), (0.8, 1.72)])
def test_two_unequal_contestants_by_the_condition_of_nti(ratio: float, r: float) -> None:
    assert bool(tullock([1, ratio], r).equilibria) == (r <= 1 + ratio**r)


@pytest.mark.parametrize("n", [2, 3, 4])
def test_all_equals_are_active_up_to_n_over_n_less_one(n: int) -> None:
    limit = n / (n - 1)
    for r, there in ((limit - 1e-3, True), (limit + 1e-3, False)):
        assert any(len(e.active) == n for e in tullock([1] * n, r).equilibria) == there


def test_what_makes_no_contest_is_refused() -> None:
    for call, words in (
        (lambda: tullock([1]), "at least two"),
        (lambda: tullock([1, -1]), "positive"),
        (lambda: tullock([1, 1], 0), "decisiveness"),
        (lambda: tullock([1, 1], float("inf")), "all_pay"),
        (lambda: tullock([1, 1], 1, [1, 2, 3]), "2 numbers"),
        (lambda: tullock([1, "x"]), "values must be an array of numbers"),
    ):
        with pytest.raises(GameError, match=words):
            call()
    with pytest.raises(SizeError, match="at most 12"):
        tullock([1] * 13, 1.01)


def test_badly_scaled_values() -> None:
    for r in (0.5, 1.0):
        (found,) = tullock([1, 1e-6], r).equilibria
        ratio = 1e-6**r
        assert found.shares[1] == pytest.approx(ratio / (1 + ratio), rel=1e-6)
        assert found.efforts[1] == pytest.approx(r * 1e-6 * ratio / (1 + ratio) ** 2, rel=1e-6)
    with pytest.raises(GameError, match="factor of"):
        tullock([1e-9, 1e9], 1)


def test_views() -> None:
    assert "no equilibrium in pure strategies" in tullock([1, 1], 3).summary()
    assert "only equilibrium in pure strategies 2 of 2" in tullock([1, 1], 1).summary()
    assert tullock([1, 1], 1).to_frame()["effort"].tolist() == pytest.approx([0.25, 0.25])
