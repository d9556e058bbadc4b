"""The tariff war: known equilibria, brute force over tariffs, market clearing and elasticities by differences."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import GameError, ProfileError
from games.tariffs import ExchangeEconomy

CASES = json.loads((Path(__file__).parents[1] / "cases" / "linkage.json").read_text())["tariff_wars"]
quick = settings(max_examples=25, deadline=None, derandomize=True)
economies = st.builds(
    lambda a1, a2, b1, b2, share: ExchangeEconomy(("A", "B"), {"A": (a1, a2), "B": (b1, b2)}, share),
    st.floats(2, 9),
    st.floats(0.2, 1.5),
    st.floats(0.2, 1.5),
    st.floats(2, 9),
    st.floats(0.25, 0.75),
)


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c['ratio']} to 1, {c['import_share']}")
def test_known_wars(case):
    economy = ExchangeEconomy.by_size({"A": case["ratio"], "B": 1}, case["import_share"])
    tariffs = economy.nash_tariffs()
    if case["tariffs"] is not None:
        assert tariffs == pytest.approx(case["tariffs"])
    gains = economy.real_income(tariffs) - economy.real_income([0, 0])
    assert (gains > 0).tolist() == case["winners"]


@quick
@given(economies, st.floats(0, 0.8), st.floats(0, 0.8))
def test_markets_clear_and_budgets_hold(economy, t, s):
    eaten = economy.consumption([t, s])
    held = np.array([economy.endowments["A"], economy.endowments["B"]])
    assert eaten.sum(axis=0) == pytest.approx(held.sum(axis=0))
    price = np.array([1.0, float(economy.price([t, s]))])
    assert (eaten - held) @ price == pytest.approx([0, 0], abs=1e-9)  # trade balances at world prices
    if (eaten[0] - held[0])[1] > 1e-9:  # with trade, tastes meet domestic prices
        ratio = economy.share / (1 - economy.share) * eaten[:, 1] / eaten[:, 0]
        assert ratio == pytest.approx([1 / (price[1] * (1 + t)), (1 + s) / price[1]])


@quick
@given(economies, st.floats(0, 0.8))
def test_optimum_tariffs_against_a_scan_and_the_inverse_elasticity(economy, other):
    for i, (country, rival) in enumerate((("A", "B"), ("B", "A"))):
        best = economy.optimum_tariff(country, other)
        tariffs = np.full(2, other)
        tariffs[i] = best
        if economy.export_supply_elasticity(rival, tariffs) == np.inf:
            continue
        scan = np.full((20_001, 2), other)
        scan[:, i] = np.linspace(0, 2 * best + 0.1, 20_001)
        income = economy.real_income(scan)[:, i]
        assert economy.real_income(tariffs)[i] >= income.max() - 1e-12 * income.max()
        assert scan[income.argmax(), i] == pytest.approx(best, abs=(2 * best + 0.1) / 5_000)
        assert 1 / economy.export_supply_elasticity(rival, tariffs) == pytest.approx(best)


def test_elasticity_by_differences():
    economy = ExchangeEconomy(("A", "B"), {"A": (5, 1), "B": (0.8, 3)}, 0.4)
    s = 0.2

    def supply(t):
        return float(economy.consumption([t, s])[0, 1]) - 1.0, float(economy.price([t, s]))

    (q0, p0), (q1, p1) = supply(0.3 - 1e-6), supply(0.3 + 1e-6)
    slope = (np.log(q1) - np.log(q0)) / (np.log(p1) - np.log(p0))
    assert economy.export_supply_elasticity("B", [0.3, s]) == pytest.approx(slope, rel=1e-6)


@quick
@given(economies)
def test_nash_tariffs_are_best_replies_and_waste(economy):
    t, s = economy.nash_tariffs()
    assert economy.optimum_tariff("A", s) == pytest.approx(t, rel=1e-10)
    assert economy.optimum_tariff("B", t) == pytest.approx(s, rel=1e-10)
    # Free trade is efficient: at its own prices no war leaves the two together more.
    assert economy.real_income([t, s]).sum() <= economy.real_income([0, 0]).sum() * (1 + 1e-12)


@quick
@given(st.floats(0.1, 0.45), st.floats(1.1, 30))
def test_the_larger_country_sets_the_higher_tariff(import_share, ratio):
    economy = ExchangeEconomy.by_size({"A": ratio, "B": 1}, import_share)
    t, s = economy.nash_tariffs()
    assert t > s
    swapped = ExchangeEconomy.by_size({"B": 1, "A": ratio}, import_share)
    assert swapped.nash_tariffs() == pytest.approx([s, t])


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    a = ExchangeEconomy.by_size({"A": 3, "B": 1}, 0.25)
    b = ExchangeEconomy.by_size({"A": 3 * scale, "B": scale}, 0.25)
    assert b.nash_tariffs() == pytest.approx(a.nash_tariffs())
    assert b.real_income([0.1, 0.2]) == pytest.approx(scale * a.real_income([0.1, 0.2]))


def test_prohibitive_tariffs_end_trade():
    economy = ExchangeEconomy.by_size({"A": 1, "B": 1}, 0.3)
    assert economy.consumption([9, 9]).tolist() == [[0.7, 0.3], [0.3, 0.7]]
    assert economy.optimum_tariff("A", 9) == 0
    assert economy.export_supply_elasticity("A", [9, 9]) == np.inf


def test_bad_input():
    with pytest.raises(GameError, match="two positive amounts"):
        ExchangeEconomy(("A", "B"), {"A": (1, 0), "B": (1, 1)})
    with pytest.raises(GameError, match="name the countries in the other order"):
        ExchangeEconomy(("A", "B"), {"A": (1, 2), "B": (2, 1)})
    with pytest.raises(GameError, match="strictly between 0 and 1"):
        ExchangeEconomy(("A", "B"), {"A": (2, 1), "B": (1, 2)}, 1.0)
    with pytest.raises(GameError, match="different names"):
        ExchangeEconomy(("A", "A"), {"A": (2, 1)})
    with pytest.raises(GameError, match=r"between 0 and 0\.5"):
        ExchangeEconomy.by_size({"A": 1, "B": 1}, 0.5)
    with pytest.raises(GameError, match="is between two"):
        ExchangeEconomy.by_size({"A": 1, "B": 1, "C": 1}, 0.3)
    economy = ExchangeEconomy.by_size({"A": 1, "B": 1}, 0.3)
    with pytest.raises(GameError, match="not negative"):
        economy.real_income([-0.1, 0])
    with pytest.raises(GameError, match="two rates"):
        economy.real_income([0.1, 0.1, 0.1])
    with pytest.raises(ProfileError, match="no country"):
        economy.optimum_tariff("C")
