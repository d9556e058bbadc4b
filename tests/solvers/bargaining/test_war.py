"""War and deals: Fearon's range, indivisible stakes, Powell's commitment problem."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import BargainingError
from solvers.bargaining import bargaining_range, indivisible_stake, power_shift

CASES = json.loads((Path(__file__).parents[2] / "cases" / "bargaining.json").read_text())


@pytest.mark.parametrize("case", CASES["fearon"], ids=lambda c: c["source"])
def test_fearons_range(case: dict) -> None:
    found = bargaining_range(case["p"], *case["costs"])
    assert [found.low, found.high] == pytest.approx(case["range"])
    assert found.width == pytest.approx(case["range"][1] - case["range"][0])
    assert found.middle == pytest.approx(sum(case["range"]) / 2)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(p=st.floats(0, 1), a=st.floats(0, 0.5), b=st.floats(0, 0.5), share=st.floats(0, 1))
def test_a_deal_is_in_the_range_exactly_if_nobody_would_rather_fight(
    p: float, a: float, b: float, share: float
) -> None:
    found = bargaining_range(p, a, b)
    fights = []
    if p - a > share:
        fights.append("A")
    if (1 - p) - b > 1 - share + 1e-12:
        fights.append("B")
    if abs(share - (p + b)) > 1e-9:
        assert found.who_fights(share) == (fights[0] if fights else "nobody")
    assert 0 <= found.low <= found.high <= 1


def test_words() -> None:
    assert "between 0.5 and 0.8" in bargaining_range(0.6, 0.1, 0.2).summary()
    assert bargaining_range(0.6, 0.1, 0.2).to_frame()["width"].iloc[0] == pytest.approx(0.3)
    assert "need a common unit" in indivisible_stake(0.5, 0.1, 0.1).summary()
    assert "for lack of funds" in indivisible_stake(0.5, 0.1, 0.1, 0.1, 0.1).summary()


@settings(max_examples=60, deadline=None, derandomize=True)
@given(p=st.floats(0.05, 0.95), a=st.floats(0.01, 0.3), b=st.floats(0.01, 0.3))
def test_side_payments_always_settle_an_indivisible_stake_if_war_costs(p: float, a: float, b: float) -> None:
    found = indivisible_stake(p, a, b)
    assert not found.war
    for holder, chance, own, other in (("A", p, a, b), ("B", 1 - p, b, a)):
        low, high = found.payments[holder]
        for pay in (low, high):
            assert 1 - pay >= chance - own - 1e-12
            assert pay >= (1 - chance) - other - 1e-12
        assert high - low == pytest.approx(min(own + other, high))


def test_without_payments_an_indivisible_stake_can_mean_war() -> None:
    assert indivisible_stake(0.5, 0.1, 0.1).war_without_payments
    assert not indivisible_stake(0.95, 0.1, 0.1).war_without_payments
    # A side that is exactly indifferent between war and the other's holding the stake does not fight.
    assert not indivisible_stake(0.5, 0.5, 0.1).war_without_payments
    assert not indivisible_stake(0.75, 0.25, 0.25).war_without_payments
    broke = indivisible_stake(0.5, 0.1, 0.1, 0.3, 0.3)
    assert broke.war
    assert broke.to_frame().isna().all().all()


def test_powells_threshold() -> None:
    case = CASES["powell"]
    found = power_shift([case["p"], 0.5], case["discount"], *case["costs"])
    assert found.largest_safe[0] == pytest.approx(case["threshold"], abs=5e-5)
    for p_next, window in ((0.5315, ()), (0.5317, (0,))):
        assert power_shift([case["p"], p_next], case["discount"], *case["costs"]).window == window


def test_bad_input_is_named() -> None:
    with pytest.raises(BargainingError, match=r"p is a probability between 0 and 1; got 1\.2"):
        bargaining_range(1.2, 0, 0)
    with pytest.raises(BargainingError, match="cost_a must not be negative; got -1"):
        bargaining_range(0.5, -1, 0)
    with pytest.raises(BargainingError, match="between 0 and 1; got 2"):
        bargaining_range(0.5, 0, 0).who_fights(2)
