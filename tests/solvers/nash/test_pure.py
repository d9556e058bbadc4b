from __future__ import annotations

import itertools
from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame
from solvers.nash import pure


def by_brute_force(payoffs):
    found = []
    for profile in itertools.product(*(range(k) for k in payoffs.shape[:-1])):
        best = True
        for i, k in enumerate(payoffs.shape[:-1]):
            for other in range(k):
                deviation = (*profile[:i], other, *profile[i + 1 :])
                best = best and payoffs[deviation][i] <= payoffs[profile][i]
        if best:
            found.append(profile)
    return found


@pytest.mark.parametrize("shape", [(4,), (3, 3), (2, 3, 4), (3, 3, 3), (2, 2, 2, 2), (1, 1, 1), (2, 1, 3)])
@pytest.mark.parametrize("high", [2, 4, 10**9])
def test_finds_what_brute_force_finds(shape, high):
    rng = np.random.default_rng([*shape, high])
    for _ in range(10):
        payoffs = rng.integers(0, high, (*shape, len(shape))).astype(float)
        found = pure(NormalFormGame(payoffs))
        assert [tuple(s[0] for s in e.support) for e in found] == by_brute_force(payoffs)
        assert all(e.is_pure and e.proof == "exact" and e.regret.max() == 0 for e in found)
        assert found.complete


def test_strict_equilibria_have_index_one_and_ties_none():
    found = pure(NormalFormGame.from_bimatrix([[1, 0], [1, 2]], [[1, 0], [0, 2]]))
    assert [e.index for e in found] == [None, 1]
    assert found.degenerate is True
    assert pure(NormalFormGame.from_bimatrix([[1, 0], [0, 2]], [[1, 0], [0, 2]])).degenerate is None


def test_fractions_closer_than_floats_are_told_apart():
    tiny = Fraction(1, 10**30)
    A = [[Fraction(1, 3)], [Fraction(1, 3) + tiny]]
    found = pure(NormalFormGame.from_bimatrix(A, [[0], [0]]))
    assert [e.support for e in found] == [((1,), (0,))]
    assert found[0].index == 1
    large = pure(NormalFormGame.from_bimatrix([[2**60], [2**60 + 1]], [[0], [0]]))
    assert [e.support for e in large] == [((1,), (0,))]


def test_no_pure_equilibrium_is_a_complete_and_empty_answer():
    found = pure(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]))
    assert len(found) == 0
    assert found.complete
    assert "No equilibrium was found" in found.summary()
    assert "pure strategies only" in found.summary()


@pytest.mark.peer
def test_agrees_with_quantecon():
    quantecon = pytest.importorskip("quantecon")
    for seed in range(5):
        payoffs = np.random.default_rng(seed).random((5, 4, 6, 3))
        theirs = quantecon.game_theory.pure_nash_brute(quantecon.game_theory.NormalFormGame(payoffs))
        ours = [tuple(s[0] for s in e.support) for e in pure(NormalFormGame(payoffs))]
        assert sorted(ours) == sorted(tuple(int(a) for a in p) for p in theirs)
