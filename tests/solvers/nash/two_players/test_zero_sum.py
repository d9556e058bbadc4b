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
    assert only([[1, -1], [1, -1], [-1, 1]]) is None
    assert only([[3, 0], [5, 1]], [[3, 5], [0, 1]]) is None
    # Opposed up to a float's rounding is not opposed.
    assert only([[3, -1], [-1, 1]], [[-3 + 1e-12, 1], [1, -1]]) is None


def test_a_program_that_is_not_solved_in_time_is_a_named_error():
    game = NormalFormGame.from_bimatrix(np.random.default_rng(0).normal(size=(200, 200)))
    with pytest.raises(ConvergenceError, match="was not solved"):
        zero_sum.linear_program(game, time_limit=1e-4)
