from __future__ import annotations

import numpy as np

from games import NormalFormGame
from solvers.base.multilinear import StackedGame
from solvers.equilibrium.polish import indifferent, polished
from solvers.nash._newton import newton

BATTLE = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])


def test_two_players_are_solved_exactly() -> None:
    found = polished(BATTLE, np.array([0.66, 0.34, 0.34, 0.66]))
    assert found is not None
    assert found.proof == "exact"
    assert found.index == -1
    assert [p.tolist() for p in found.profile] == [[2 / 3, 1 / 3], [1 / 3, 2 / 3]]


def test_strict_pure_profiles_are_exact_with_any_number_of_players() -> None:
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[1, 1, 1] = 1.0
    payoffs[0, 0, 0] = 1.0
    found = polished(NormalFormGame(payoffs), np.array([1e-12, 1, 1e-12, 1, 1e-12, 1]))
    assert found is not None
    assert (found.proof, found.index, found.support) == ("exact", 1, ((1,), (1,), (1,)))


def test_nothing_is_made_of_what_is_no_equilibrium() -> None:
    assert polished(BATTLE, np.array([1.0, 0.0, 0.0, 1.0])) is None
    assert polished(BATTLE, np.array([0.9, 0.1, 0.9, 0.1]), nearness=0.05) is None


def test_three_players_are_brought_to_rounding() -> None:
    # Three players who each want to differ from the other two: mixing one half each is an equilibrium.
    payoffs = np.zeros((2, 2, 2, 3))
    for profile in np.ndindex(2, 2, 2):
        payoffs[profile] = [sum(profile[i] != profile[j] for j in range(3)) for i in range(3)]
    found = polished(NormalFormGame(payoffs), np.array([0.48, 0.52, 0.51, 0.49, 0.5, 0.5]))
    assert found is not None
    assert found.regret.max() < 1e-14
    assert all(len(s) == 2 for s in found.support)
    assert found.proof == "interval"


def test_regular_equilibria_of_three_players_are_proven() -> None:
    game = NormalFormGame(np.random.default_rng(2).random((3, 3, 3, 3)))
    found = newton(game)
    assert found.proof == "interval"
    assert found.radius < 1e-12
    assert found.index in (1, -1)


def test_indifference_needs_probabilities() -> None:
    # A dominated action in the support: indifference would need a negative probability.
    game = NormalFormGame.from_bimatrix([[2, 3], [0, 0]], [[1, 2], [2, 1]])
    assert indifferent(StackedGame(game), np.full(4, 0.5), np.ones(4, dtype=bool)) is None
