"""All-pay contests: published equilibria, and that no score does better against the other's distribution."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import GameError
from solvers.contests import all_pay
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["all_pay"], ids=lambda c: c["source"])
def test_published_equilibria(case: dict) -> None:
    found = all_pay(case["values"])
    for name in ("efforts", "shares", "payoffs"):
        assert getattr(found, name) == pytest.approx(case[name])
    assert found.unique == case["unique"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6), n=st.integers(2, 5))
def test_no_effort_pays_more_than_the_equilibrium(seed: int, n: int) -> None:
    rng = np.random.default_rng(seed)
    values, efficiency = rng.uniform(0.2, 5, n), rng.uniform(0.5, 2, n)
    found = all_pay(values, efficiency)
    top = found.top[found.rival] * efficiency[found.rival]
    assert found.shares.sum() == pytest.approx(1)
    for i in range(n):
        for score in np.linspace(1e-9, 1.2 * top, 30):
            beats = 1.0
            for j in {found.favourite, found.rival} - {i}:
                beats *= found.atoms[j] + (1 - found.atoms[j]) * min(score / top, 1)
            assert values[i] * beats - score / efficiency[i] <= found.payoffs[i] + 1e-9
    # Payoffs are what shares and efforts say.
    assert values * found.shares - found.efforts == pytest.approx(found.payoffs, abs=1e-12)


def test_bad_input_and_views() -> None:
    with pytest.raises(GameError, match="at least two"):
        all_pay([1])
    assert "one of many" in all_pay([1, 1, 1]).summary()
    assert all_pay([2, 1]).to_frame().loc[2, "spends nothing"] == 0.5
