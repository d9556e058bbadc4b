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
    # The middle is a float, and so is every step towards it.
    assert 0 < proof.radius < 1e-14


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


def test_a_jacobian_that_has_no_inverse_proves_nothing(monkeypatch):
    """Exactly singular, or with an inverse beyond all floats."""
    flat = NormalFormGame.from_bimatrix([[0, 0], [0, 0]], [[1, -1], [-1, 1]])
    assert prove(flat, flat.mixed([[0.5, 0.5], [0.5, 0.5]])) == "unclear"
    game = coordination()
    monkeypatch.setattr(np.linalg, "inv", lambda m: np.full_like(m, np.inf))
    assert prove(game, game.mixed([[2 / 3, 1 / 3], [1 / 3, 2 / 3]])) == "unclear"


def test_indices_of_all_pure_supports_of_three_players_in_coordination():
    """Of 2x2x2 with a common prize for agreement: +1 for each strict one and -1 for the middle."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[0, 0, 0] = payoffs[1, 1, 1] = 1
    game = NormalFormGame(payoffs)
    assert prove(game, game.mixed([0, 0, 0])).index == prove(game, game.mixed([1, 1, 1])).index == 1
    middle = prove(game, game.mixed([[0.5, 0.5]] * 3))
    assert middle.index == -1
    # All probabilities are within the radius of the true ones, which are floats here.
    assert 0 < middle.radius < 1e-12
    near = [np.array([0.5 + d, 0.5 - d]) for d in (1e-11, -2e-11, 3e-11)]
    proof = prove(game, near, [[0, 1]] * 3)
    assert isinstance(proof, Certificate)
    assert proof.radius >= 3e-11
    # Too far for a box around it to hold the root and no other.
    far = [np.array([0.5 + d, 0.5 - d]) for d in (0.2, -0.1, 0.2)]
    assert not isinstance(prove(game, far, [[0, 1]] * 3), Certificate)


@pytest.mark.parametrize("size", [3, 4])
def test_the_radius_holds_for_the_first_action_too(size):
    """Its probability is what all others leave, so that their errors add up."""
    game = NormalFormGame.from_bimatrix(np.eye(size), -np.eye(size))
    for shift in (1e-12, 1e-10):
        near = [np.array([1 / size + (size - 1) * shift, *[1 / size - shift] * (size - 1)]) for _ in range(2)]
        proof = prove(game, near)
        assert isinstance(proof, Certificate)
        assert proof.index == 1
        assert (size - 1) * shift <= proof.radius < 100 * shift
