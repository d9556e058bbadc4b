"""Shapley and Banzhaf: known values, the definition over orders, the axioms."""

from __future__ import annotations

from fractions import Fraction
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import coalitional
from games.coalitional import CoalitionalGame
from solvers.cooperative import banzhaf, dummies, pivotal, shapley
from tests.solvers.cooperative.known_games import CASES, make


def random_game(seed: int, n: int) -> CoalitionalGame:
    values = np.random.default_rng(seed).integers(-5, 20, size=2**n)
    values[0] = 0
    return CoalitionalGame(values)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_known_values(case: dict) -> None:
    game = make(case)
    for name, value in (("shapley", shapley), ("banzhaf", banzhaf)):
        if name in case:
            expected = [float(Fraction(x)) for x in case[name]]
            assert value(game).payoffs == pytest.approx(expected, abs=1e-14)


@pytest.mark.parametrize("n", [1, 2, 3, 5])
def test_shapley_is_the_mean_over_all_orders(n: int) -> None:
    game = random_game(n, n)
    total = [Fraction(0)] * n
    orders = list(permutations(range(n)))
    for order in orders:
        there = 0
        for i in order:
            total[i] += game.exact[there | 1 << i] - game.exact[there]
            there |= 1 << i
    assert shapley(game).payoffs == pytest.approx([float(t / len(orders)) for t in total], abs=1e-12)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), n=st.integers(1, 6), scale=st.sampled_from([1e-12, 1.0, 3.0, 1e12]))
def test_shapley_axioms(seed: int, n: int, scale: float) -> None:
    game, other = random_game(seed, n), random_game(seed + 1, n)
    ours = shapley(game).payoffs
    assert ours.sum() == pytest.approx(game.values[-1], abs=1e-9)
    both = shapley(CoalitionalGame(game.values + other.values)).payoffs
    assert both == pytest.approx(ours + shapley(other).payoffs, abs=1e-9)
    shift = np.arange(n) * scale
    moved = CoalitionalGame(game.values * scale + game.membership @ shift)
    assert shapley(moved).payoffs == pytest.approx(ours * scale + shift, rel=1e-9, abs=1e-9 * scale)
    order = np.random.default_rng(seed).permutation(n)
    masks = np.arange(2**n)
    image = sum((masks >> int(old) & 1) << new for new, old in enumerate(order))
    values = np.empty(2**n)
    values[image] = game.values
    assert shapley(CoalitionalGame(values)).payoffs == pytest.approx(ours[order], abs=1e-9)


def test_a_dummy_gets_nothing_and_is_named() -> None:
    game = coalitional.weighted_voting({"A": 4, "B": 4, "C": 4, "D": 2, "E": 2, "F": 1}, 12)
    assert dummies(game) == ("F",)
    assert pivotal(game) == ("A", "B", "C", "D", "E")
    assert shapley(game).payoffs[5] == 0


def test_raw_banzhaf_is_the_share_of_coalitions_that_a_player_swings() -> None:
    assert banzhaf(coalitional.weighted_voting([3, 2, 2]), normalised=False).payoffs.tolist() == [
        0.5,
        0.5,
        0.5,
    ]


def test_sixteen_players() -> None:
    game = coalitional.weighted_voting(list(range(1, 17)))
    assert shapley(game).payoffs.sum() == pytest.approx(1)
    assert (np.diff(shapley(game).payoffs) >= -1e-15).all()


def test_the_table_and_the_words() -> None:
    found = shapley(coalitional.gloves(["L"], ["R1", "R2"]))
    frame = found.to_frame()
    assert frame.index.tolist() == ["L", "R1", "R2"]
    assert frame["adds to all others"].tolist() == [1, 0, 0]
    assert "common unit" in found.summary()
    assert "L + R" in found.summary()
    assert found.excesses[3] == pytest.approx(1 / 6)
