"""What goes into an automaton is checked, and every fault named with its place and its remedy."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import AutomatonError
from games.strategies._automata import Automaton
from games.strategies._checks import checked, in_words, reach

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")
EITHER = np.zeros((2, 2, 2), dtype=int)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Automaton(PD, [C, D], np.zeros((2, 2))), "need one for every state and profile"),
        (
            lambda: Automaton(PD, [C, D], np.full((2, 2, 2), 2)),
            "after \\(C, C\\) leads to state 2, which does not exist",
        ),
        (lambda: Automaton(PD, [C, D], np.full((2, 2, 2), -1)), "leads to state -1"),
        (lambda: Automaton(PD, [C, D], np.full((2, 2, 2), np.nan)), "missing"),
        (lambda: Automaton(PD, [C, D], np.full((2, 2, 2), 0.5)), "missing or not a whole number"),
        (lambda: Automaton(PD, [C, D], np.zeros((2, 2, 2, 2))), "missing or not a lottery"),
        (lambda: Automaton(PD, [C, D], np.full((2, 2, 2, 2), np.nan)), "missing or not a lottery"),
        (lambda: Automaton(PD, [C, D], np.tile([1.5, -0.5], (2, 2, 2, 1))), "not a lottery"),
        (lambda: Automaton(PD, [C, D], EITHER, 2), "no initial state 2"),
        (lambda: Automaton(PD, [C, D], EITHER, "x"), "no initial state 'x'"),
        (lambda: Automaton(PD, [C, D], EITHER, [0.5, 0.6]), "one probability for each"),
        (lambda: Automaton(PD, [C, D], EITHER, [0.5, 0.5], ["a", "a"]), "two states are named 'a'"),
        (lambda: Automaton(PD, [C, D], EITHER, [0.5, 0.5], ["a"]), "2 states have outputs, but 1 are named"),
        (lambda: Automaton(PD, np.zeros((0, 2)), np.zeros((0, 2, 2))), "at least one state"),
        (lambda: Automaton.build(PD, {"a": C}, {}), "state 'a' has no transitions"),
        (lambda: Automaton.build(PD, {"a": C}, {"a": {C: "a"}}), "no transition after \\(C, D\\)"),
        (lambda: Automaton.build(PD, {"peace": C}, {"peace": "peaec"}), "did you mean 'peace'"),
        (lambda: Automaton.build(PD, {"a": C}, lambda s, seen: None), "no transition after \\(C, C\\)"),
    ],
)
def test_bad_automata(make, says):
    with pytest.raises(AutomatonError, match=says):
        make()


def test_reach():
    step = np.array(
        [[False, True, False, False], [False, False, True, False], [True] + [False] * 3, [True] * 4]
    )
    assert reach(np.array([0.0, 1.0, 0.0, 0.0]), step).tolist() == [True, True, True, False]


def test_whole_numbers_written_as_floats_are_taken_and_rounding_is_removed():
    assert checked(PD, np.zeros((1, 2, 2)), ("a",)).dtype == np.int64
    nearly = np.tile([0.5 + 4e-10, 0.5 + 4e-10], (2, 2, 2, 1))
    assert checked(PD, nearly, ("a", "b")).sum(axis=-1) == pytest.approx(np.ones((2, 2, 2)), abs=1e-15)


def test_words():
    assert in_words([{"a": 1.0}, {"a": 1.0}, {"a": 0.25, "b": 0.75}]) == "a; a (0.25) or b (0.75)"
    assert in_words([]) == "-"
