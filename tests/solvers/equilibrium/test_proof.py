from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games import NormalFormGame
from solvers.equilibrium.proof import Certificate, is_exact_equilibrium, prove


def coordination():
    return NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])


def test_mixed_coordination_has_index_minus_one_and_pennies_plus_one():
    game = coordination()
    assert prove(game, game.mixed([[2 / 3, 1 / 3], [1 / 3, 2 / 3]])).index == -1
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    proof = prove(pennies, pennies.mixed([[0.5, 0.5], [0.5, 0.5]]))
    assert isinstance(proof, Certificate)
    assert proof.index == 1
    assert 0 < proof.radius < 1e-12


def test_strict_pure_equilibria_are_proven_and_others_refuted():
    game = coordination()
    assert prove(game, game.mixed([0, 0])) == Certificate(0.0, 1)
    assert prove(game, game.mixed([0, 1])) == "refuted"


def test_a_root_with_a_negative_probability_is_refuted():
    # Row 1 dominates: the column player can be made indifferent, the row player never.
    game = NormalFormGame.from_bimatrix([[3, 2], [1, 1]], [[1, 0], [0, 1]])
    root = [np.array([0.5, 0.5]), np.array([-1.0, 2.0])]
    assert prove(game, root, [[0, 1], [0, 1]]) == "refuted"


def test_a_tie_stays_unclear():
    game = NormalFormGame.from_bimatrix([[1, 0], [1, 2]], [[1, 0], [0, 2]])
    assert prove(game, game.mixed([0, 0])) == "unclear"
    flat = NormalFormGame(np.zeros((2, 2, 2, 3)))
    assert prove(flat, flat.mixed([[0.5, 0.5]] * 3)) == "unclear"


def test_a_point_that_is_no_root_is_not_proven():
    game = coordination()
    assert not isinstance(prove(game, game.mixed([[0.6, 0.4], [1 / 3, 2 / 3]])), Certificate)


@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_proofs_are_about_the_numbers_given(shift):
    # With r = 1/3 the root is not a float; the box must hold it and be as small as the shift allows.
    game = NormalFormGame.from_bimatrix(
        [[2 + shift, shift], [shift, 1 + shift]], [[1 + shift, shift], [shift, 2 + shift]]
    )
    proof = prove(game, game.mixed([[2 / 3, 1 / 3], [1 / 3, 2 / 3]]))
    assert isinstance(proof, Certificate)
    assert proof.radius < 1e-12


def test_payoffs_that_no_float_holds_are_taken_exactly():
    third = Fraction(1, 3)
    game = NormalFormGame.from_bimatrix([[third, 0], [0, third]], [[0, third], [third, 0]])
    assert prove(game, game.mixed([[0.5, 0.5], [0.5, 0.5]])).index == 1
    half = Fraction(1, 2)
    assert is_exact_equilibrium(game, [[half, half], [half, half]])
    assert not is_exact_equilibrium(game, [[third, 2 * third], [half, half]])
    assert not is_exact_equilibrium(game, [[half, third], [half, half]])


def test_exact_check_with_three_players():
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    payoffs[0, 0, 0] = [9, 8, 12]
    payoffs[1, 1, 0] = [9, 8, 2]
    payoffs[0, 1, 1] = [3, 4, 6]
    payoffs[1, 0, 1] = [3, 4, 4]
    game = NormalFormGame(payoffs)
    quarter, third, half = Fraction(1, 4), Fraction(1, 3), Fraction(1, 2)
    assert is_exact_equilibrium(game, [[quarter, 3 * quarter], [half, half], [third, 2 * third]])
    assert not is_exact_equilibrium(game, [[quarter, 3 * quarter], [half, half], [half, half]])


def test_an_exact_equilibrium_may_leave_actions_out_and_its_weights_are_probabilities():
    game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    zero, one = Fraction(0), Fraction(1)
    assert is_exact_equilibrium(game, [[zero, one], [zero, one]])
    assert not is_exact_equilibrium(game, [[one, zero], [one, zero]])
    assert not is_exact_equilibrium(game, [[-one, 2 * one], [zero, one]])
    assert not is_exact_equilibrium(game, [[zero, 2 * one], [zero, one]])
