"""Signals: who pays for them and when, by hand, and what is refused."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games import catalog
from games.errors import GameError

TREES = catalog.trees
# The strong send 3 and would fight; the weak send nothing and give in.
APART = {
    "strong": "signal 3",
    "weak": "signal 0",
    "strong challenged after 0": "fight",
    "strong challenged after 3": "fight",
    "weak challenged after 0": "concede",
    "weak challenged after 3": "concede",
    "after signal 0": "challenge",
    "after signal 3": "stay",
}


@pytest.mark.parametrize("strong", [Fraction(1, 4), Fraction(2, 3)])
def test_a_sunk_cost_is_paid_at_once_and_tied_hands_only_by_who_backs_down(strong):
    sunk, tied = TREES.sunk_costs(strong=strong), TREES.tied_hands(strong=strong)
    # The strong keep 2, less 3 where the cost is sunk; the weak lose nothing, and the challenger gains 1 from them.
    assert sunk.expected(APART) == pytest.approx([float(strong * (2 - 3)), float(1 - strong)])
    assert tied.expected(APART) == pytest.approx([float(strong * 2), float(1 - strong)])
    called = {**APART, "weak": "signal 3", "after signal 3": "challenge"}
    # A weak side that has signalled and is challenged concedes, and pays either way; the strong fight for 1.
    assert sunk.expected(called)[0] == pytest.approx(float(strong * (1 - 3) - (1 - strong) * 3))
    assert tied.expected(called)[0] == pytest.approx(float(strong - (1 - strong) * 3))


@pytest.mark.parametrize(("cost", "told_apart"), [("3/2", False), ("5/2", True), ("7/2", False)])
def test_a_gesture_tells_the_sides_apart_between_two_costs(cost, told_apart):
    tree = TREES.costly_gesture(Fraction(cost))
    plan = {
        "trustworthy": "gesture",
        "untrustworthy": "none",
        "after gesture": "trust",
        "after none": "guard",
    }
    apart = tree.expected(plan)[0]
    # It must cost more than exploiting trust gains, 3 - 1, and less than being trusted gains, 4 - 1.
    shy = tree.expected({**plan, "trustworthy": "none"})[0]
    bold = tree.expected({**plan, "untrustworthy": "gesture"})[0]
    assert (apart >= max(shy, bold)) == told_apart


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: TREES.sunk_costs(signals=(1, 1)), "all must differ"),
        (lambda: TREES.tied_hands(war_weak=1), "value > war_strong > 0 > war_weak"),
        (lambda: TREES.costly_gesture(P=5), "this game needs R > P > S"),
    ],
)
def test_parameters_that_make_another_game_are_refused(make, words: str) -> None:
    with pytest.raises(GameError) as error:
        make()
    assert words in str(error.value)
