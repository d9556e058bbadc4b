"""Triads: Caplow's types, and what the capability indices say about the three powers of today."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import pytest

from games.errors import GameError
from solvers.cooperative import balance
from solvers.cooperative._triads import caplow_type

CASES = json.loads((Path(__file__).parents[2] / "cases" / "cooperative.json").read_text())
TODAY = {index: row for index, row in CASES["capabilities"].items() if index != "source"}


@pytest.mark.parametrize("case", CASES["triads"], ids=lambda c: c["source"])
def test_caplows_types_in_any_order(case: dict) -> None:
    for order in permutations(case["strengths"]):
        assert caplow_type(dict(zip("ABC", order))) == case["type"]


def test_russia_is_pivotal_on_the_mix_and_a_dummy_on_cinc_or_ppp_alone() -> None:
    found = balance(TODAY)
    frame = found.to_frame()
    assert frame["Russia pivotal"].to_dict() == {
        "CINC": False,
        "GDP PPP": False,
        "GDP nominal": False,
        "military spending": False,
        "mix": True,
    }
    assert frame.loc["mix", "balance"] == "any two beat one"
    assert frame.loc["CINC", "balance"] == "China beats the other two together"
    assert frame.loc["GDP PPP", "balance"] == "China beats the other two together"
    assert frame.loc["GDP nominal", "balance"] == "US beats the other two together"
    assert frame.loc["mix", "Russia Shapley-Shubik"] == pytest.approx(1 / 3)
    assert found.dummies("CINC") == ("US", "Russia")
    assert "The indices disagree." in found.summary()


def test_a_power_exactly_as_strong_as_the_two_others_is_seen_as_such() -> None:
    found = balance({"arms": {"A": 0.3, "B": 0.2, "C": 0.1}, "trade": {"A": 5, "B": 3, "C": 2}})
    assert found.sentence("trade") == "A is exactly as strong as all others"
    assert caplow_type({"A": 5, "B": 3, "C": 2}) == 7


def test_five_powers() -> None:
    found = balance(
        {"CINC": {"UK": 0.3366, "Russia": 0.1643, "France": 0.1173, "Austria": 0.0861, "Prussia": 0.0522}}
    )
    assert found.sentence("CINC") == "no power beats all others together"
    assert "Caplow type" not in found.to_frame().columns
    assert list(found.games) == ["CINC"]


def test_bad_input_is_named() -> None:
    with pytest.raises(GameError, match="must name A, B"):
        balance({"x": {"A": 1, "B": 2}, "y": {"A": 1, "C": 2}})
    with pytest.raises(GameError, match="negative"):
        balance({"x": {"A": 1, "B": -2}})
    with pytest.raises(GameError, match="at least one"):
        balance({})
    with pytest.raises(GameError, match="three strengths"):
        caplow_type({"A": 1, "B": 1})
