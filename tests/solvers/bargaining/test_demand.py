"""The best demand under doubt, against the published formula, a search, and the game solved as a tree."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games.errors import BargainingError
from solvers.bargaining import demand

CASES = json.loads((Path(__file__).parents[2] / "cases" / "trees.json").read_text(encoding="utf-8"))[
    "fearon"
]["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["demand"])
def test_known_demands(case) -> None:
    found = demand(*(float(Fraction(case[k])) for k in ("p", "cost_a", "low", "high")))
    assert found.share == pytest.approx(float(Fraction(case["demand"])))
    assert found.risk == pytest.approx(float(Fraction(case["risk"])))


@pytest.mark.parametrize("seed", range(30))
def test_no_other_demand_pays_more(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p, cost = rng.uniform(0, 1), rng.uniform(0, 0.5)
    low, high = np.sort(rng.uniform(0, 0.8, 2))
    found = demand(p, cost, low, high)
    grid = np.linspace(0, 1, 20001)
    risk = np.clip((grid - p - low) / (high - low), 0, 1)
    best = (risk * (p - cost) + (1 - risk) * grid).max()
    assert found.payoff >= best - 1e-9
    assert 0 <= found.risk <= 1
    assert found.share <= 1


def test_a_safe_demand_where_risk_does_not_pay() -> None:
    found = demand(0.5, 0.5, 0.2, 0.4)
    assert (found.share, found.risk) == (pytest.approx(0.7), 0)
    assert found.safe == pytest.approx(0.7)
    assert "refused with probability 0" in found.summary()
    assert found.to_frame()["safe"].iloc[0] == pytest.approx(0.7)


def test_numbers_that_make_no_sense() -> None:
    with pytest.raises(BargainingError, match="p is a probability between 0 and 1"):
        demand(2, 0, 0, 1)
    with pytest.raises(BargainingError, match="low < high"):
        demand(0.5, 0, 0.3, 0.3)
    with pytest.raises(BargainingError, match="cost_a must not be negative"):
        demand(0.5, -1, 0, 1)
