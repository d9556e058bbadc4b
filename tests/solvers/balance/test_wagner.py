"""Wagner's constant-sum systems: verdicts by number of powers, and where a war of three ends."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest

from solvers.balance import wagner

CASES = json.loads((Path(__file__).parents[2] / "cases" / "balance.json").read_text(encoding="utf-8"))[
    "wagner"
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["resources"]))
def test_verdicts(case: dict) -> None:
    found = wagner({f"P{i}": r for i, r in enumerate(case["resources"])})
    assert found.stable is case["stable"]
    assert found.peaceful is case["peaceful"]


def test_a_war_of_three_ends_when_an_attacker_has_half() -> None:
    found = wagner({"A": 40, "B": 35, "C": 25})
    after = found.peaceful_after_war
    assert len(after) == 6
    assert after["A", "C"] == {"A": 50, "B": 35, "C": 15}
    assert after["C", "B"] == {"A": 40, "B": 10, "C": 50}
    for distribution in after.values():
        assert sum(distribution.values()) == 100
        assert min(distribution.values()) > 0
        assert wagner(distribution).peaceful
    assert len(found.to_frame()) == 7


def test_powers_without_resources_are_gone() -> None:
    assert wagner({"A": 1, "B": 0}).stable
    assert wagner({"A": Fraction(1, 3), "B": Fraction(1, 3), "C": Fraction(1, 3), "D": 0}).stable
    assert wagner({"A": 2, "B": 1, "C": 1}).peaceful_after_war == {}


def test_sentences() -> None:
    assert wagner({"A": 60, "B": 40}).summary().startswith("Not stable: A has more than half")
    assert wagner(dict.fromkeys("ABCD", 1)).summary().startswith("Not decided")
    assert "two to 5" in wagner(dict.fromkeys("ABCDEFG", 1)).summary()
