"""Voting power: published indices, three ways of counting against each other and against the table of all coalitions."""

from __future__ import annotations

import json
from fractions import Fraction
from math import ceil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import GameError, MethodError, SizeError
from games.voting import Criterion, VotingRule, double_majority, weighted
from solvers.cooperative import banzhaf, shapley, voting_power

CASES = json.loads((Path(__file__).parents[2] / "cases" / "voting_power.json").read_text(encoding="utf-8"))[
    "rules"
]
WAYS = ("generating functions", "two halves", "enumeration")


def make(case: dict) -> VotingRule:
    criteria = []
    for c in case["criteria"]:
        quota = c["quota"] if c["quota"] is not None else ceil(Fraction(c["share"]) * sum(c["weights"]))
        criteria.append(Criterion(c["name"], tuple(c["weights"]), quota))
    players = case.get("players") or [f"Voter {i + 1}" for i in range(len(criteria[0].weights))]
    return VotingRule(tuple(players), tuple(criteria), tuple(map(tuple, case["alternatives"])))


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_published_indices(case: dict) -> None:
    found = voting_power(make(case))
    assert sum(found.shapley_shubik) == 1
    if "shapley_shubik" in case:
        assert found.shapley_shubik == tuple(map(Fraction, case["shapley_shubik"]))
    if "banzhaf" in case:
        assert found.banzhaf == tuple(map(Fraction, case["banzhaf"]))
    if "swings" in case:
        assert list(found.swings) == case["swings"]
    for key, indices in (
        ("rounded_shapley", found.shapley_shubik),
        ("rounded_banzhaf", found.banzhaf),
        ("rounded_penrose", found.penrose),
    ):
        if key in case:
            assert [float(x) for x in indices] == pytest.approx(case[key], abs=case["tolerance"])
    if "power_to_act" in case:
        assert float(found.power_to_act) == pytest.approx(case["power_to_act"], abs=0.0005)


def test_lisbon_cases_are_the_double_majority() -> None:
    for case in CASES:
        if not case["name"].startswith("Treaty of Lisbon"):
            continue
        rule, populations = make(case), case["criteria"][1]["weights"]
        ours = double_majority(
            dict(zip(case["players"], populations)), blocking=4 if len(rule.criteria) == 3 else 1
        )
        assert [c.quota for c in ours.criteria] == [c.quota for c in rule.criteria]
        assert ours.alternatives == rule.alternatives


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    weights=st.lists(st.integers(0, 9), min_size=1, max_size=8).filter(any),
    double=st.booleans(),
    blocking=st.integers(1, 3),
)
def test_all_ways_agree_with_the_table(weights: list[int], double: bool, blocking: int) -> None:
    named = {f"P{i}": w for i, w in enumerate(weights)}
    rule = double_majority(named, blocking=min(blocking, len(weights))) if double else weighted(named)
    game = rule.game()
    for way in WAYS:
        found = voting_power(rule, way)
        assert found.method == way
        assert found.winning == game.values.sum()
        assert [float(x) for x in found.shapley_shubik] == pytest.approx(
            shapley(game).payoffs.tolist(), abs=1e-12
        )
        assert [float(x) for x in found.banzhaf] == pytest.approx(banzhaf(game).payoffs.tolist(), abs=1e-12)


def test_populations_in_persons_by_halves_and_by_enumeration() -> None:
    people = np.random.default_rng(4).integers(400_000, 84_000_000, size=17).tolist()
    rule = double_majority({f"M{i}": p for i, p in enumerate(people)})
    halves = voting_power(rule)
    assert halves.method == "two halves"
    assert halves.swings == voting_power(rule, "enumeration").swings


def test_a_hundred_voters() -> None:
    weights = np.random.default_rng(1).integers(1, 20, size=100).tolist()
    rule = weighted({f"P{i}": w for i, w in enumerate(weights)})
    found = voting_power(rule)
    assert found.method == "generating functions"
    assert sum(found.shapley_shubik) == 1
    # Equal weights have equal power, larger weights at least as much.
    order = np.argsort(weights, kind="stable")
    power = [found.shapley_shubik[i] for i in order]
    assert power == sorted(power)
    # The Banzhaf measure by another way: the share of coin tosses in which a voter decides, over 20,000 tosses.
    rng = np.random.default_rng(2)
    toss = rng.random((20_000, 100)) < 0.5
    heavy = int(np.argmax(weights))
    others = toss @ np.array(weights) - toss[:, heavy] * weights[heavy]
    quota = rule.criteria[0].quota
    seen = np.mean((others < quota) & (others + weights[heavy] >= quota))
    assert float(found.penrose[heavy]) == pytest.approx(seen, abs=0.015)


@pytest.mark.parametrize("seed", range(4))
def test_dividing_by_one_voter_is_the_same_as_leaving_it_out(seed: int) -> None:
    weights = np.random.default_rng(seed).integers(0, 50, size=24).tolist()
    rule = weighted({f"P{i}": w for i, w in enumerate(weights)})
    assert voting_power(rule, WAYS[0]).swings == voting_power(rule, WAYS[1]).swings


def test_too_much_work_is_refused_before_it_starts() -> None:
    many = weighted({f"P{i}": 10**6 + i for i in range(200)})
    with pytest.raises(SizeError, match="GB"):
        voting_power(many)
    triple = VotingRule(("A", "B"), (Criterion("v", (1, 2), 2), Criterion("w", (2, 1), 2)), ((0, 1),))
    assert voting_power(triple).method == "enumeration"
    with pytest.raises(MethodError, match="one weighting"):
        voting_power(triple, "two halves")
    with pytest.raises(SizeError, match="at most 30"):
        voting_power(weighted({f"P{i}": 1 for i in range(31)}), "enumeration")
    with pytest.raises(MethodError, match="did you mean 'enumeration'"):
        voting_power(triple, "enumerate")
    with pytest.raises(GameError, match="empty coalition"):
        weighted({"A": 1}, quota=-1)


def test_views() -> None:
    found = voting_power(weighted({"A": 3, "B": 2, "C": 2}))
    assert found.power_to_act == Fraction(1, 2)
    assert "Shapley-Shubik 0.3333" in found.summary()
    assert found.to_frame().loc["A", "swings"] == 2
