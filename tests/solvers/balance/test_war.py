"""War games and bargaining ranges among many."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional import war
from games.errors import GameError, MethodError, ProfileError, SizeError
from solvers.balance import division, war_range
from solvers.bargaining import bargaining_range

THREE = {"A": 0.45, "B": 0.33, "C": 0.22}
INFINITE = float("inf")


def test_winner_takes_all_leaves_no_range() -> None:
    found = war_range(THREE, decisiveness=INFINITE)
    assert found.empty
    assert found.missing == 0.5
    assert found.balanced == ((3, Fraction(1, 2)), (5, Fraction(1, 2)), (6, Fraction(1, 2)))
    # Costs have to eat half of the prize before a division satisfies all.
    assert war_range(THREE, decisiveness=INFINITE, costs=Fraction(1, 6) - Fraction(1, 1000)).empty
    assert not war_range(THREE, decisiveness=INFINITE, costs=Fraction(1, 6)).empty


def test_proportional_war_without_costs_leaves_one_division() -> None:
    found = war_range(THREE)
    assert not found.empty
    for side in (found.point, found.low, found.high):
        assert side == pytest.approx([0.45, 0.33, 0.22], abs=1e-7)


@settings(max_examples=20, deadline=None, derandomize=True)
@given(strength=st.integers(1, 30), other=st.integers(1, 30), a=st.integers(0, 9), b=st.integers(0, 9))
def test_with_two_powers_it_is_the_range_of_fearon(strength: int, other: int, a: int, b: int) -> None:
    found = war_range({"A": strength, "B": other}, costs={"A": Fraction(a, 10), "B": Fraction(b, 10)})
    wanted = bargaining_range(strength / (strength + other), a / 10, b / 10)
    # That range is cut off at shares of 0 and 1; this one is not.
    assert max(0.0, found.low[0]) == pytest.approx(wanted.low, abs=1e-7)
    assert min(1.0, found.high[0]) == pytest.approx(wanted.high, abs=1e-7)


def test_single_powers_ask_for_less_than_coalitions() -> None:
    alone = war_range(THREE, decisiveness=INFINITE, threats="single powers")
    assert not alone.empty
    assert alone.low.tolist() == [0, 0, 0]
    assert alone.high.tolist() == [1, 1, 1]
    divided = war_range(
        {"A": 3, "B": 2, "C": 2}, decisiveness=INFINITE, opposition="divided", threats="single powers"
    )
    assert divided.low.tolist() == [1, 0, 0]
    # Each against a divided rest may add up to more than the prize.
    assert war({"A": 1, "B": 1, "C": 1}, opposition="divided").value(["A"]) == pytest.approx(1 / 3)


def test_ties_and_powers_of_capability() -> None:
    assert war({"A": 2, "B": 1, "C": 1}, decisiveness=INFINITE).value(["A"]) == 0.5
    assert war({"A": 3, "B": 1}, decisiveness=2).exact[1] == Fraction(9, 10)
    assert war({"A": 3, "B": 1}, decisiveness=0).exact[1] == Fraction(1, 2)
    assert war({"A": 4, "B": 1}, decisiveness=0.5).value(["A"]) == pytest.approx(2 / 3)
    assert war({"A": 1e300, "B": 1e-300}, decisiveness=30).value(["A"]) == 1


def test_which_coalition_objects_to_a_division() -> None:
    found = division(THREE, {"A": 0.5, "B": 0.3, "C": 0.2}, costs=0.01)
    assert not found.in_core
    assert found.objections[0][0] == ("B", "C")
    assert float(found.objections[0][1]) == pytest.approx(0.03)
    assert division(THREE, THREE).in_core
    with pytest.raises(ProfileError, match="no share for 'C'"):
        division(THREE, {"A": 0.5, "B": 0.5})


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        ({"capabilities": {"A": -1, "B": 2}}, GameError, "not be negative"),
        ({"capabilities": {"A": 0, "B": 0}}, GameError, "some capability"),
        ({"decisiveness": -1}, GameError, "decisiveness is -1"),
        ({"decisiveness": float("nan")}, MethodError, "decisiveness"),
        ({"costs": {"A": 1}}, GameError, "costs are for A"),
        ({"costs": -0.1}, GameError, "not be negative"),
        ({"opposition": "scattered"}, MethodError, "united"),
        ({"threats": "all"}, MethodError, "single powers"),
        ({"capabilities": {f"P{i}": 1 for i in range(21)}}, SizeError, "at most 20"),
    ],
)
def test_what_makes_no_war_is_refused(change, error, words) -> None:
    arguments = {"capabilities": THREE, **change}
    with pytest.raises(error, match=words):
        war_range(**arguments)


def test_sentences() -> None:
    assert "bargaining range is empty" in war_range(THREE, decisiveness=INFINITE).summary()
    found = war_range(THREE, costs=0.05)
    assert "all coalitions prefer to war" in found.summary()
    assert found.to_frame().loc["A", "least"] == pytest.approx(0.4)
