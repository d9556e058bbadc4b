"""System and resource stability: the worked systems, and essential powers by brute force."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import GameError, SizeError
from solvers.balance import stability

CASES = json.loads((Path(__file__).parents[2] / "cases" / "balance.json").read_text(encoding="utf-8"))[
    "stability"
]


def named(resources: list[float]) -> dict[str, float]:
    return {f"P{i}": r for i, r in enumerate(resources)}


@pytest.mark.parametrize("case", CASES, ids=lambda c: str(c["resources"]))
def test_worked_systems(case: dict) -> None:
    found = stability(named(case["resources"]))
    assert found.essential == tuple(f"P{i}" for i in case["essential"])
    assert found.system_stable == case["system_stable"]
    assert found.resource_stable == case["resource_stable"]


@settings(max_examples=60, deadline=None, derandomize=True)
@given(resources=st.lists(st.integers(0, 12), min_size=2, max_size=7).filter(any), factor=st.integers(1, 9))
def test_essential_by_all_coalitions_and_free_of_units(resources: list[int], factor: int) -> None:
    found = stability(named(resources))
    n, total = len(resources), sum(resources)
    for i in range(n):
        turns = any(
            2 * own <= total < 2 * (own + resources[i])
            for own in (
                sum(resources[j] for j in range(n) if s >> j & 1) for s in range(2**n) if not s >> i & 1
            )
        )
        assert (f"P{i}" in found.essential) == turns
    scaled = stability(named([Fraction(r, factor) for r in resources]))
    assert (scaled.essential, scaled.eliminated) == (found.essential, found.eliminated)
    for coalition in found.minimal_winning:
        own = sum(found.resources[p] for p in coalition)
        assert 2 * own > total
        assert all(2 * (own - found.resources[p]) <= total for p in coalition)
    # Essential powers are the members of minimal winning coalitions.
    assert set(found.essential) == {p for c in found.minimal_winning for p in c}


def test_decimals_are_taken_as_written() -> None:
    assert stability({"A": 0.3, "B": 0.1, "C": 0.2}).resource_stable


def test_a_target_can_buy_off_an_attacker() -> None:
    moves = stability({"A": 120, "B": 100, "C": 80}).threats()
    row = moves[(moves["threat"] == "A + B") & (moves["bought off"] == "A")].iloc[0]
    assert (row["targets"], row["transfer"], row["left"]) == ("C", 30, 50)


def test_a_hundred_powers() -> None:
    found = stability({f"P{i}": i + 1 for i in range(100)})
    assert found.system_stable
    with pytest.raises(SizeError, match="at most 16"):
        _ = found.minimal_winning


@pytest.mark.parametrize(
    ("resources", "words"),
    [
        ({"A": 1}, "at least two"),
        ({"A": 0, "B": 0}, "one of them with resources"),
        ({"A": -1, "B": 2}, "not be negative"),
        ({"A": float("nan"), "B": 2}, "finite"),
        ({"A": "much", "B": 2}, "finite"),
    ],
)
def test_bad_resources_are_refused(resources, words) -> None:
    with pytest.raises(GameError, match=words):
        stability(resources)


def test_sentences() -> None:
    assert "A has more than half" in stability({"A": 3, "B": 1, "C": 1}).summary()
    assert "D never turns a" in stability({"A": 110, "B": 100, "C": 90, "D": 5}).summary()
    assert "has exactly half" in stability({"A": 2, "B": 1, "C": 1}).summary()
    assert "none has exactly half" in stability({"A": 1, "B": 1, "C": 1}).summary()
    assert stability({"A": 3, "B": 1, "C": 1}).to_frame()["survives"].tolist() == [True, False, False]
