"""One linear program for opposed interests."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, catalog
from games.errors import ConvergenceError, MethodError
from solvers import nash
from solvers.base.deadline import Deadline
from solvers.equilibrium.rational import positive_integers
from solvers.nash.two_players import _zero_sum as zero_sum


def test_known_games():
    """Von Neumann and Morgenstern's morra-like 2x2, rock-paper-scissors, and a saddle point."""
    found = zero_sum.linear_program(NormalFormGame.from_bimatrix([[3, -1], [-1, 1]]))
    assert found.proof == "exact"
    assert found.profile[0] == pytest.approx([1 / 3, 2 / 3])
    assert found.payoffs == pytest.approx([1 / 3, -1 / 3])
    rps = zero_sum.linear_program(NormalFormGame.from_bimatrix([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]))
    assert rps.profile[1] == pytest.approx([1 / 3] * 3)
    saddle = zero_sum.linear_program(NormalFormGame.from_bimatrix([[4, 2], [3, 1]]))
    assert [v.tolist() for v in saddle.profile] == [[1, 0], [0, 1]]


def test_units_do_not_matter():
    game = NormalFormGame.from_bimatrix([[3, -1], [-1, 1]])
    other = zero_sum.linear_program(game.rescale([1e-6, 1e6], [5.0, -1e5]))
    assert other.profile[0] == pytest.approx([1 / 3, 2 / 3])


def test_interests_that_are_not_opposed_are_refused():
    with pytest.raises(MethodError, match="opposed"):
        zero_sum.linear_program(catalog.prisoners_dilemma())


@pytest.mark.parametrize("shape", [(3, 5), (6, 4), (7, 7)])
def test_random_games_have_no_regret_and_the_value_of_the_matrix_game(shape):
    rng = np.random.default_rng(shape)
    for _ in range(3):
        game = NormalFormGame.from_bimatrix(rng.normal(size=shape))
        found = zero_sum.linear_program(game)
        assert (found.regret <= 1e-9 * game.ranges).all()
        for other in nash.find_all(game):
            assert other.payoffs == pytest.approx(found.payoffs)


def test_where_equilibria_are_many_one_is_found_all_the_same():
    """Two equal rows: the supports of a solution need not be of one size, and there is no proof of a single equilibrium."""
    game = NormalFormGame.from_bimatrix([[1, -1], [1, -1], [-1, 1]])
    found = zero_sum.linear_program(game)
    assert found.payoffs == pytest.approx([0, 0])
    assert (found.regret <= 1e-12).all()


def only(row, column=None):
    game = NormalFormGame.from_bimatrix(row, column)
    return zero_sum.only_equilibrium(game, *positive_integers(game), Deadline(None))


def test_the_only_equilibrium_is_proved_and_no_other_game_gets_that_proof():
    found = only([[3, -1], [-1, 1]])
    assert found is not None
    assert (found.proof, found.index) == ("exact", 1)
    # Opposed in other units.
    assert only([[3, -1], [-1, 1]], [[0, 10], [10, 5]]).profile[0] == pytest.approx([1 / 3, 2 / 3])
    assert [v.tolist() for v in only([[4, 2], [3, 1]]).profile] == [[1, 0], [0, 1]]
    assert only([[1, -1], [1, -1], [-1, 1]]) is None
    assert only([[3, 0], [5, 1]], [[3, 5], [0, 1]]) is None
    # Opposed up to a float's rounding is not opposed.
    assert only([[3, -1], [-1, 1]], [[-3 + 1e-12, 1], [1, -1]]) is None


def test_a_program_that_is_not_solved_in_time_is_a_named_error():
    game = NormalFormGame.from_bimatrix(np.random.default_rng(0).normal(size=(200, 200)))
    with pytest.raises(ConvergenceError, match="was not solved"):
        zero_sum.linear_program(game, time_limit=1e-4)


def test_with_little_time_left_the_solution_is_not_solved_again_in_rationals(clock):
    game = NormalFormGame.from_bimatrix([[3, -1], [-1, 1]])
    assert zero_sum.linear_program(game).proof == "exact"
    quick = zero_sum.linear_program(game, time_limit=1.9)
    assert quick.proof == "numeric"
    assert np.concatenate(quick.profile) == pytest.approx([1 / 3, 2 / 3, 1 / 3, 2 / 3], abs=1e-15)


def test_large_supports_are_not_solved_again_in_rationals(monkeypatch):
    """The limit is on the support, not on the game: the third row and column of the second game are dominated."""
    monkeypatch.setattr(zero_sum, "_LARGEST_EXACT", 2)
    rps = NormalFormGame.from_bimatrix([[0, -1, 1], [1, 0, -1], [-1, 1, 0]])
    assert zero_sum.linear_program(rps).proof == "numeric"
    beside = NormalFormGame.from_bimatrix([[3, -1, 9], [-1, 1, 9], [-9, -9, 0]])
    assert zero_sum.linear_program(beside).proof == "exact"


def test_a_solution_with_a_regret_is_a_named_error(monkeypatch):
    wrong = np.array([0.5, 0.5])
    monkeypatch.setattr(zero_sum, "_optimal", lambda unit, deadline: (wrong, wrong))
    with pytest.raises(ConvergenceError, match=r"leaves a regret of 0\.25 payoff ranges") as caught:
        zero_sum.linear_program(NormalFormGame.from_bimatrix([[3, -1], [1, 1]]), time_limit=1.0)
    assert caught.value.args


def test_the_proof_that_there_is_no_other_equilibrium_needs_no_equal_rows():
    game = NormalFormGame.from_bimatrix([[3, -1], [-1, 1]])
    found = zero_sum.only_equilibrium(game, *positive_integers(game), Deadline(None))
    assert found.describe() == "Player 1: 1 (0.3333), 2 (0.6667); Player 2: 1 (0.3333), 2 (0.6667)"
    # The second player's unit is half as large.
    other = NormalFormGame.from_bimatrix([[3, -1], [-1, 1]], [[-6, 2], [2, -2]])
    assert zero_sum.only_equilibrium(other, *positive_integers(other), Deadline(None)) is not None
    # Almost opposed is not opposed.
    near = NormalFormGame.from_bimatrix(
        [[3 * 10**12, -(10**12)], [-(10**12), 10**12]], [[-3 * 10**12, 10**12], [10**12, 1 - 10**12]]
    )
    assert zero_sum.only_equilibrium(near, *positive_integers(near), Deadline(None)) is None


def test_strategies_are_polished_where_that_moves_them_little():
    """Rows 1 and 3 against columns 1 and 2: the weights (2/5, 3/5) and (1/5, 4/5) make both indifferent."""
    unit = np.array([[0.8, 0.2], [0.0, 0.0], [0.0, 0.4]])
    rows, columns = np.array([0.4, 0.0, 0.6]), np.array([0.2, 0.8])
    supports = [[0, 2], [0, 1]]
    moved = np.array([1e-8, 0.0, -1e-8]), np.array([-1e-8, 1e-8])
    for v, w in zip(zero_sum._polished(unit, rows + moved[0], columns + moved[1], supports), (rows, columns)):
        np.testing.assert_allclose(v, w, rtol=0, atol=1e-15)
    far = rows + 1e5 * moved[0]
    assert zero_sum._polished(unit, far, columns, supports)[0] is far
    # Weights that indifference would make negative are left as they are.
    slope = np.array([[0.9, 0.8], [0.5, 0.2]])
    given_ = np.array([1.0, 0.0])
    assert zero_sum._polished(slope, given_, given_, [[0, 1], [0, 1]])[0] is given_


def test_a_program_that_is_not_solved_proves_nothing(monkeypatch):
    def unsolved(*_):
        raise ConvergenceError("not solved", "linear-program")

    monkeypatch.setattr(zero_sum, "_optimal", unsolved)
    assert only([[3, -1], [-1, 1]]) is None
