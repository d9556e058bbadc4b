"""Nash, subgame perfect, perfect Bayesian, sequential: known equilibria and the order of the concepts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import ExtensiveGame, catalog
from games.bayesian import BayesianGame
from games.errors import GameError, MethodError, ProfileError
from games.extensive import Chance, Decision, Node, Terminal
from solvers.sequential import CONCEPTS, check, find_all
from tests.games.extensive.random_trees import random_behaviour, with_recall

KNOWN = [
    (name, k)
    for name in catalog.trees.names()
    for k in catalog.trees.entry(name).known
    if k.concept != "bayes-nash"
]


@pytest.mark.parametrize(("name", "known"), KNOWN, ids=[f"{n}-{k.concept}" for n, k in KNOWN])
def test_known_equilibria_of_the_catalogue(name: str, known) -> None:
    tree = catalog.trees.get(name)
    assert not isinstance(tree, BayesianGame)
    if known.concept == "not sequential":
        assert check(tree, known.behaviour, concept="subgame perfect").holds
        assert check(tree, known.behaviour).holds is False
    else:
        assert check(tree, known.behaviour, concept=known.concept).holds


def test_the_horse() -> None:
    horse = catalog.trees.seltens_horse()
    down = {"1": "D", "2": "c", "3": "L"}
    for concept, holds in zip(CONCEPTS, (True, True, False, False, False)):
        assert check(horse, down, concept=concept).holds is holds
    assert check(horse, down).reason == "Player 2 gains 3 at '2' by 'd', whatever the beliefs."
    across = {"1": "C", "2": "c", "3": "R"}
    verdict = check(horse, across)
    assert verdict.holds
    assert verdict.beliefs is not None
    # Player 3 must believe that player 2 has erred with probability at least 2/3: 2 (1 - m) <= m.
    belief = verdict.beliefs["3"]
    nodes = [horse.path(v) for v in horse.information_sets[horse.information_set("3")].nodes]
    assert belief[nodes.index(("C", "d"))] >= Fraction(2, 3)
    # Player 3 takes L with probability above 1/4: player 2 would deviate.
    assert check(horse, {"1": "C", "2": "c", "3": ["1/3", "2/3"]}, concept="nash").holds is False


def test_given_beliefs_are_judged() -> None:
    horse = catalog.trees.seltens_horse()
    across = {"1": "C", "2": "c", "3": "R"}
    nodes = [horse.path(v) for v in horse.information_sets[horse.information_set("3")].nodes]

    def belief(second: Fraction) -> list[Fraction]:
        return [second if path == ("C", "d") else 1 - second for path in nodes]

    assert check(horse, across, {"3": belief(Fraction(3, 4))}).holds
    assert check(horse, across, {"3": belief(Fraction(1))}, "perfect bayesian").holds
    poor = check(horse, across, {"3": belief(Fraction(1, 2))})
    assert poor.holds is False
    assert poor.reason == "Player 3 gains 1/2 at '3' by 'L', given the beliefs."
    poker = catalog.trees.beer_quiche()
    beer = {"surly": "beer", "wimp": "beer", "after beer": "no duel", "after quiche": "duel"}
    wrong = check(poker, beer, {"after beer": ["1/2", "1/2"], "after quiche": [0, 1]})
    assert wrong.reason == "At 'after beer' Bayes' rule gives the belief (9/10, 1/10)."
    with pytest.raises(
        ProfileError, match="play does not come to information set 'after quiche': name a belief"
    ):
        check(poker, beer, {})
    with pytest.raises(ProfileError, match="needs one probability for each of its 2 nodes"):
        check(poker, beer, {"after quiche": [1]})
    with pytest.raises(ProfileError, match="adds up to 2"):
        check(poker, beer, {"after quiche": [1, 1]})


def correlated(same: bool) -> ExtensiveGame:
    """A draws its own mistake; B and C see only that A left the path, and must believe the same about how.

    A stays (the path), or makes one of two mistakes; B then moves without knowing which, and C without knowing which nor what
    B did. B's action is optimal only if the first mistake is likely, C's only if the second is (`same`: the first, too).
    """

    def third(kind: int) -> Node:
        good = kind == (0 if same else 1)
        return Decision("C", {"u": Terminal([0, 0, 2 if good else 0]), "d": Terminal([0, 0, 1])}, "C")

    def second(kind: int) -> Node:
        return Decision(
            "B",
            {"l": Terminal([0, 2 if kind == 0 else 0, 0]), "r": Terminal([0, 1, 0]), "on": third(kind)},
            "B",
        )

    return ExtensiveGame(
        Decision("A", {"stay": Terminal([1, 1, 1]), "err": second(0), "slip": second(1)}, "A"),
        ("A", "B", "C"),
    )


def test_beliefs_must_come_from_the_same_mistakes() -> None:
    profile = {"A": "stay", "B": "l", "C": "u"}
    assert check(correlated(True), profile).holds
    apart = correlated(False)
    # Each could be right on its own, and so the profile is perfect Bayesian; together they cannot.
    assert check(apart, profile, concept="perfect bayesian").holds
    verdict = check(apart, profile)
    # B believes in the first mistake with at least 1/2, C in the second: both at exactly 1/2.
    assert verdict.holds
    assert verdict.beliefs is not None
    assert verdict.beliefs["B"] == verdict.beliefs["C"] == (Fraction(1, 2), Fraction(1, 2))
    split = check(apart, profile, {"B": ["2/3", "1/3"], "C": ["1/3", "2/3"]})
    assert split.holds is False
    assert (
        split.reason
        == "The beliefs are not consistent: the beliefs at 'B' and 'C' cannot come from the same mistakes."
    )
    first_only = check(apart, profile, {"B": [1, 0], "C": [0, 1]})
    assert "no single order of how unlikely the mistakes are" in first_only.reason


def test_beliefs_that_nobody_can_hold_together() -> None:
    def third(kind: int) -> Node:
        return Decision("C", {"u": Terminal([0, 0, 3 * (kind == 1)]), "d": Terminal([0, 0, 2])}, "C")

    def second(kind: int) -> Node:
        ends = {"l": Terminal([0, 3 * (kind == 0), 0]), "r": Terminal([0, 2, 0]), "on": third(kind)}
        return Decision("B", ends, "B")

    tree = ExtensiveGame(
        Decision("A", {"stay": Terminal([1, 1, 1]), "err": second(0), "slip": second(1)}, "A"),
        ("A", "B", "C"),
    )
    profile = {"A": "stay", "B": "l", "C": "u"}
    assert check(tree, profile, concept="perfect bayesian").holds
    verdict = check(tree, profile)
    assert verdict.holds is False
    assert "none of them are limits of the same small mistakes" in verdict.reason


def test_no_belief_helps() -> None:
    def answer() -> Node:
        return Decision("B", {"bad": Terminal([0, 0]), "good": Terminal([0, 1])}, "B")

    tree = ExtensiveGame(Decision("A", {"stay": Terminal([1, 1]), "x": answer(), "y": answer()}, "A"))
    verdict = check(tree, {"A": "stay", "B": "bad"}, concept="weak perfect bayesian")
    assert verdict.summary() == (
        "Weak perfect Bayesian equilibrium: No. No belief at 'B' makes 'bad' optimal for B there."
    )


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_stronger_concepts_imply_weaker_ones(seed: int, other: int) -> None:
    tree = with_recall(seed, depth=3, widths=(2,), top=1)
    profile = random_behaviour(tree, other)
    holds = {c: check(tree, profile, concept=c).holds for c in CONCEPTS}
    if holds["sequential"]:
        assert holds["perfect bayesian"]
    if holds["perfect bayesian"]:
        assert holds["subgame perfect"]
        assert holds["weak perfect bayesian"]
    if holds["subgame perfect"] or holds["weak perfect bayesian"]:
        assert holds["nash"]


@pytest.mark.parametrize("seed", range(25))
def test_what_is_found_sequential_has_beliefs_that_pass(seed: int) -> None:
    tree = with_recall(seed, depth=3, widths=(2,), top=2)
    for e in find_all(tree):
        assert check(tree, e.behaviour, concept="nash").holds
        verdict = check(tree, e.behaviour)
        assert verdict.holds is not None
        if verdict.holds:
            assert check(tree, e.behaviour, verdict.beliefs).holds


def test_completely_mixed_equilibria_are_sequential() -> None:
    # Every information set is reached, so Bayes' rule gives all beliefs.
    tree = ExtensiveGame(
        Decision(
            "Row",
            {
                "h": Decision("Column", {"h": Terminal([1, -1]), "t": Terminal([-1, 1])}, "Column"),
                "t": Decision("Column", {"h": Terminal([-1, 1]), "t": Terminal([1, -1])}, "Column"),
            },
            "Row",
        )
    )
    assert check(tree, {"Row": ["1/2", "1/2"], "Column": ["1/2", "1/2"]}).holds
    assert check(tree, {"Row": [0.5, 0.5], "Column": [0.5, 0.5]}).holds
    assert check(tree, {"Row": [0.6, 0.4], "Column": [0.5, 0.5]}).holds is False


def test_what_does_not_apply_is_refused() -> None:
    horse = catalog.trees.seltens_horse()
    across = {"1": "C", "2": "c", "3": "R"}
    with pytest.raises(MethodError, match="no concept 'sequental'; did you mean 'sequential'"):
        check(horse, across, concept="sequental")
    with pytest.raises(MethodError, match="Nash equilibrium has no beliefs"):
        check(horse, across, {"3": [1, 0]}, concept="nash")
    never = ExtensiveGame(
        Chance(
            {"x": (1, Decision("A", {"l": Terminal([0]), "r": Terminal([1])}, "A")), "y": (0, Terminal([0]))}
        )
    )
    with pytest.raises(
        GameError, match="moves of chance with positive probabilities; branch 'y' at the root has none"
    ):
        check(never, {"A": "r"})
    assert check(never, {"A": "r"}, concept="perfect bayesian").holds


def test_undecided_is_neither_yes_nor_no() -> None:
    from solvers.sequential import Verdict

    verdict = Verdict(catalog.trees.seltens_horse(), "sequential", None, "Not found.")
    assert "Undecided" in verdict.summary()
    with pytest.raises(ValueError, match="undecided"):
        bool(verdict)
    frame = check(catalog.trees.seltens_horse(), {"1": "C", "2": "c", "3": "R"}).to_frame()
    assert frame["belief"].sum() == 3
