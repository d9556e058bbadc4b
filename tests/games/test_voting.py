"""Voting rules: constructors, their tables, and what they refuse."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import coalitional, voting
from games.errors import GameError, ProfileError, SizeError
from games.voting import Criterion, VotingRule, double_majority, security_council, weighted


def all_coalitions(players):
    return [c for k in range(len(players) + 1) for c in combinations(players, k)]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(weights=st.lists(st.integers(0, 6), min_size=1, max_size=6).filter(any), seed=st.integers(1, 10))
def test_the_table_says_who_wins(weights: list[int], seed: int) -> None:
    quota = 1 + seed * (sum(weights) - 1) // 10
    rule = weighted({f"P{i}": w for i, w in enumerate(weights)}, quota)
    game, typed = rule.game(), rule.typed()
    for members in all_coalitions(rule.players):
        assert rule.wins(members) == (game.value(members) == 1)
        counts = {name: sum(p in group for p in members) for name, group in typed.types.items()}
        assert typed.worth(counts) == game.value(members)
    assert (game.values == coalitional.weighted_voting(weights, quota).values).all()


def test_decimal_weights_are_exact() -> None:
    rule = weighted({"A": Fraction(1, 3), "B": Fraction(1, 6), "C": Fraction(1, 2)})
    assert not rule.wins(["A", "B"])
    assert not rule.wins(["C"])
    assert rule.wins(["A", "C"])


def test_the_security_council_needs_every_veto_and_nine_votes() -> None:
    rule = security_council()
    permanent, elected = rule.players[:5], rule.players[5:]
    assert rule.wins([*permanent, *elected[:4]])
    assert not rule.wins([*permanent, *elected[:3]])
    assert not rule.wins([*permanent[1:], *elected])
    seven = weighted(dict.fromkeys(permanent, 7) | dict.fromkeys(elected, 1), quota=39)
    assert (seven.game().values == rule.game().values).all()


def test_the_double_majority_by_its_definition() -> None:
    people = {"A": 50, "B": 30, "C": 10, "D": 5, "E": 5}
    rule = double_majority(people, members=0.6, population=0.65, blocking=2)
    for members in all_coalitions(rule.players):
        share = Fraction(sum(people[m] for m in members), 100)
        wanted = (len(members) >= 3 and share >= Fraction(65, 100)) or len(members) >= 4
        assert rule.wins(members) == wanted
    assert double_majority(people, blocking=1).alternatives == ((0, 1),)


def test_fifteen_of_27_members_are_55_per_cent() -> None:
    rule = double_majority({f"M{i}": 1 for i in range(27)})
    assert rule.criteria[0].quota == 15
    assert rule.criteria[2].quota == 24


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: weighted({"A": -1, "B": 2}), GameError, "negative weight"),
        (lambda: weighted({"A": 1, "B": 2}, quota=4), GameError, "all voters together"),
        (lambda: weighted({"A": 1, "B": 2}, quota=0), GameError, "empty coalition"),
        (lambda: weighted({}), GameError, "at least one"),
        (
            lambda: weighted({"A": float("nan")}),
            GameError,
            "the weight of 'A' is nan; it must be a finite number",
        ),
        (
            lambda: weighted({"A": np.datetime64("2020")}),
            GameError,
            "the weight of 'A' is .* must be a finite number",
        ),
        (lambda: double_majority({"A": 1, "B": 1}, members=1.2), GameError, "share above 0"),
        (lambda: double_majority({"A": 1, "B": 1}, blocking=3), GameError, "blocking is 3"),
        (lambda: VotingRule(("A", "A"), (Criterion("v", (1, 1), 1),), ((0,),)), GameError, "different names"),
        (lambda: VotingRule(("A", "B"), (Criterion("v", (1,), 1),), ((0,),)), GameError, "1 weights for 2"),
        (lambda: VotingRule(("A",), (Criterion("v", (1,), 1),), ((1,),)), GameError, "by its index"),
        (lambda: weighted({"A": 1}).wins(["B"]), ProfileError, "no voter 'B'"),
        (lambda: weighted({f"P{i}": 1 for i in range(21)}).game(), SizeError, "at most 20"),
        (lambda: weighted({f"P{i}": i + 1 for i in range(26)}).typed(), SizeError, "67108864 classes"),
        (lambda: coalitional.weighted_voting([1] * 40), SizeError, "games.voting.weighted"),
    ],
)
def test_what_does_not_make_a_rule_is_refused(make, error, words) -> None:
    with pytest.raises(error, match=words):
        make()


def test_names_of_types_stay_distinct() -> None:
    assert len(voting.weighted({"A": 1, "B": 1, "C": 2, "D": 2}).typed().types) == 2
