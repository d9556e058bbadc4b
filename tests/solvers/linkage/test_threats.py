"""Threats: known outcomes, and credibility against weak dominance in the normal form."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from games import deals
from solvers import linkage

CASES = json.loads((Path(__file__).parents[2] / "cases" / "linkage.json").read_text())


@pytest.mark.parametrize("case", CASES["threats"], ids=lambda c: c["source"])
def test_threats(case):
    threat = linkage.Threat(
        "P", "Q", "pay", "leaving",
        dict(zip("PQ", case["complied"])), {"P": 0, "Q": 0}, dict(zip("PQ", case["carried_out"])), 0.7,
    )  # fmt: skip
    result = linkage.coercion(threat)
    assert result.credible == case["credible"]
    assert result.outcome == case["outcome"]
    expected = np.inf if case["reputation"] == "none" else case["reputation"]
    assert result.reputation_discount == pytest.approx(expected)
    assert result.credible_by_reputation == (expected <= 0.7)
    assert result.to_frame().loc[case["outcome"], "occurs"]
    assert case["credible"] == ("is credible" in result.summary())
    # Independently: a threat is incredible exactly if the plan to carry it out is weakly dominated.
    game = threat.game()
    dominated = (game.payoffs[0, :, 0] <= game.payoffs[1, :, 0]).all()
    assert result.credible == (not dominated)


def test_the_worked_case():
    result = linkage.coercion(deals.get("weak-ally"))
    assert not result.credible
    assert result.credible_by_reputation
    assert result.outcome == "status quo"
    assert "not credible" in result.summary()
    saved = linkage.coercion(deals.get("weak-ally", {"carried_out.patron": 1}))
    assert saved.credible
    assert saved.outcome == "complied"


@pytest.mark.parametrize("scale", [1e-12, 1e12])
def test_units_do_not_matter(scale):
    ends = ({"P": 2 * scale, "Q": -2 * scale}, {"P": 0, "Q": 0}, {"P": -3 * scale, "Q": -6 * scale})
    result = linkage.coercion(linkage.Threat("P", "Q", "pay", "leaving", *ends, 0.7))
    assert result.reputation_discount == pytest.approx(0.6)
    assert result.outcome == "status quo"


@pytest.mark.parametrize(
    ("carried_out", "complied", "discount", "outcome", "by_reputation"),
    [
        # Carrying it out is worth exactly what backing down is: there is no reason to, so the threat is not credible.
        ((0, -6), (2, -2), 0.7, "status quo", True),
        ((1e-9, -6), (2, -2), 0.7, "complied", True),
        # Giving in costs the target exactly as much as the penalty: it gives in.
        ((1, -2), (2, -2), 0.7, "complied", True),
        ((1, -2 + 1e-9), (2, -2), 0.7, "carried out", True),
        # Carrying it out costs 3 and later demands bring 2: worth it from exactly .6 on.
        ((-3, -6), (2, -2), 0.6, "status quo", True),
        ((-3, -6), (2, -2), 0.6 - 1e-9, "status quo", False),
    ],
)
def test_at_equality(carried_out, complied, discount, outcome, by_reputation):
    threat = linkage.Threat(
        "P", "Q", "pay", "leaving", dict(zip("PQ", complied)), {"P": 0, "Q": 0}, dict(zip("PQ", carried_out)), discount
    )  # fmt: skip
    result = linkage.coercion(threat)
    assert result.outcome == outcome
    assert result.credible == (carried_out[0] > 0)
    assert result.credible_by_reputation == by_reputation
