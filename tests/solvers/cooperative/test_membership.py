"""Membership of an allocation in the core, by brute force over coalitions."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.coalitional import CoalitionalGame, weighted_voting
from games.errors import ConcertError
from games.typed import TypedGame
from games.voting import security_council
from solvers.cooperative import core_membership, nucleolus
from tests.solvers.cooperative.test_typed_nucleolus import random_game


@settings(max_examples=50, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10**6))
def test_the_worst_objection_is_found(seed: int) -> None:
    game = random_game(seed)
    shares = np.random.default_rng(seed).integers(0, 9, size=game.n_players).tolist()
    typed = TypedGame.from_game(game)
    best = max(
        game.exact[s] - sum(x for i, x in enumerate(shares) if s >> i & 1)
        for s in range(1, 2**game.n_players)
    )
    for one in (game, typed):
        named = dict(zip(game.players, shares))
        found = core_membership(one, named)
        assert found.in_core == (best <= 0 and sum(shares) == game.exact[-1])
        assert (found.objections[0][1] if found.objections else 0) == max(best, 0)
        for coalition, gain in found.objections:
            assert game.value(coalition) - sum(named[p] for p in coalition) == gain


def test_thirds_as_floats_are_taken_for_thirds() -> None:
    unanimity = weighted_voting({"A": 1, "B": 1, "C": 1}, quota=3)
    assert core_membership(unanimity, [1 / 3] * 3).in_core
    assert core_membership(unanimity, [0.1, 0.2, 0.7]).in_core
    assert not core_membership(unanimity, [0.1, 0.2, 0.6]).in_core


def test_large_tables_of_floats_and_long_fractions() -> None:
    values = np.array([bin(s).count("1") / 7.0 for s in range(2**17)])
    game = CoalitionalGame(values)
    assert core_membership(game, [1 / 7] * 17).in_core
    found = core_membership(game, [2 / 7, 0.0, *[1 / 7] * 15])
    assert found.objections[0][0][0] == "Player 2"
    tiny = Fraction(1, 3**60)
    exact = core_membership(
        weighted_voting({"A": 1, "B": 1}, quota=2), [Fraction(1, 2) + tiny, Fraction(1, 2) - tiny]
    )
    assert exact.in_core
    short = core_membership(
        weighted_voting({"A": 1, "B": 1}, quota=2), [Fraction(1, 2), Fraction(1, 2) - tiny]
    )
    assert short.objections == ((("A", "B"), tiny),)


def test_more_than_there_is_is_no_core() -> None:
    found = core_membership(weighted_voting({"A": 1, "B": 1}), {"A": 1, "B": 1})
    assert not found.in_core
    assert not found.feasible
    assert "adds up to 2, more than the 1" in found.summary()


def test_the_security_council() -> None:
    rule = security_council()
    fifth = {p: Fraction(int(i < 5), 5) for i, p in enumerate(rule.players)}
    assert core_membership(rule, fifth).in_core
    equal = core_membership(rule, [Fraction(1, 15)] * 15)
    assert len(equal.objections[0][0]) == 9
    assert equal.objections[0][1] == Fraction(2, 5)
    assert "would object" in equal.summary()
    assert equal.to_frame()["gain"][0] == pytest.approx(0.4)


def test_a_core_allocation_that_gives_too_little_is_objected_to_by_all() -> None:
    game = weighted_voting({"A": 1, "B": 1}, quota=2)
    found = core_membership(game, [Fraction(1, 4), Fraction(1, 4)])
    assert found.objections[0] == (("A", "B"), Fraction(1, 2))
    assert "gives away 0.5 of 1" in found.summary()


def test_the_nucleolus_lies_in_every_core() -> None:
    for seed in range(30):
        game = random_game(seed)
        found = core_membership(game, nucleolus(game).exact)
        from solvers.cooperative import core

        assert found.in_core == (not core(game).empty)


@pytest.mark.parametrize(
    ("allocation", "words"),
    [
        ([1], "1 shares for 2"),
        ({"A": 1}, "no share for 'B'"),
        ({"A": 1, "B": 0, "X": 0}, "no player 'X'"),
        ([1, float("nan")], "finite"),
        ([1, "half"], "finite"),
    ],
)
def test_bad_allocations_are_refused(allocation, words) -> None:
    with pytest.raises(ConcertError, match=words):
        core_membership(weighted_voting({"A": 1, "B": 1}), allocation)
