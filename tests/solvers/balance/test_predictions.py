"""Who joins whom: the theories' predictions by type of triad."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import permutations
from pathlib import Path

import pytest

from games.errors import GameError, SizeError
from solvers.balance import predictions

CASES = json.loads((Path(__file__).parents[2] / "cases" / "balance.json").read_text(encoding="utf-8"))[
    "predictions"
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["source"])
def test_predictions_by_type(case: dict) -> None:
    """In every order of the three powers."""
    strengths = dict(zip("ABC", case["strengths"]))
    for order in permutations("ABC"):
        found = predictions({p: strengths[p] for p in order})
        for theory in ("Caplow", "Gamson", "Chertkoff"):
            wanted = {frozenset(pair): Fraction(q) for pair, q in case[theory].items()}
            assert {frozenset(c): q for c, q in found.coalitions[theory].items()} == wanted


def test_the_types_of_equal_halves_are_left_open() -> None:
    found = predictions({"A": 3, "B": 2, "C": 1})
    assert found.caplow_type == 7
    assert found.coalitions["Caplow"] is None
    assert "Caplow makes no prediction" in found.summary()
    # A with half wins with either; the cheaper partner is C.
    assert found.coalitions["Gamson"] == {("A", "C"): 1}


def test_shares_are_in_proportion_to_strength() -> None:
    found = predictions({"A": 4, "B": 3, "C": 2})
    assert found.shares["B", "C"] == {"B": Fraction(3, 5), "C": Fraction(2, 5)}


def test_more_than_three_powers() -> None:
    found = predictions({"A": 5, "B": 4, "C": 3, "D": 2, "E": 1})
    # Half is 7.5: 8 is the least strength that wins, as 5 + 3, 5 + 2 + 1 or 4 + 3 + 1.
    assert set(found.coalitions["Gamson"]) == {("A", "C"), ("A", "D", "E"), ("B", "C", "E")}
    assert found.coalitions["Chertkoff"] is None
    assert found.caplow_type is None


def test_size_and_strengths_are_checked() -> None:
    with pytest.raises(SizeError, match="3 to 16"):
        predictions({"A": 1, "B": 1})
    with pytest.raises(GameError, match="not be negative"):
        predictions({"A": 1, "B": 1, "C": -1})


def test_the_table() -> None:
    frame = predictions({"A": 4, "B": 3, "C": 2}).to_frame()
    assert frame.loc["B + C"].tolist() == pytest.approx([0.5, 1, 2 / 3])
    assert frame.loc["A + C"].tolist() == pytest.approx([0.5, 0, 1 / 3])
