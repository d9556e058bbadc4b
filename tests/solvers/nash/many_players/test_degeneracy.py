from __future__ import annotations

import numpy as np

from games import NormalFormGame
from solvers.nash.many_players._degeneracy import _settle, attract, clusters, is_equilibrium, rational


def indifferent_row_player():
    payoffs = np.zeros((2, 2, 2))
    payoffs[0, :, 1] = [1.0, 0.0]
    payoffs[1, :, 1] = [0.0, 1.0]
    return NormalFormGame(payoffs)


def test_a_point_near_a_continuum_is_moved_onto_it():
    game = indifferent_row_player()
    point = attract(game, game.mixed([[0.7, 0.3], [0.999, 0.001]]))
    assert point is not None
    assert is_equilibrium(game, point)
    assert np.abs(point[0] - [0.7, 0.3]).max() < 0.25


def test_nothing_is_made_of_a_point_far_from_any_equilibrium():
    game = NormalFormGame.from_bimatrix([[3, 3], [0, 0]], [[2, 0], [2, 0]])
    assert attract(game, game.mixed([[0.0, 1.0], [0.0, 1.0]])) is None


def test_simple_fractions_are_recognised_and_verified():
    game = indifferent_row_player()
    assert rational(game, game.mixed([[0.5, 0.5], [1 / 3, 2 / 3]]))
    assert not rational(game, game.mixed([[0.5, 0.5], [np.sqrt(0.5), 1 - np.sqrt(0.5)]]))
    assert not rational(game, game.mixed([[0.25, 0.75], [0.5, 0.5]]))


def test_points_are_grouped_by_segments_of_equilibria():
    game = indifferent_row_player()
    points = [
        game.mixed(p)
        for p in ([[1, 0], [1, 0]], [[0.5, 0.5], [1, 0]], [[0.5, 0.5], [0, 1]], [[0, 1], [0, 1]])
    ]
    assert clusters(game, points) == [[0, 1, 2, 3]]
    coordination = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    assert clusters(coordination, [coordination.mixed([a, a]) for a in (0, 1)]) == [[0], [1]]


def test_one_player_who_gains_is_enough_to_break_an_equilibrium():
    game = indifferent_row_player()
    assert is_equilibrium(game, game.mixed([[1, 0], [1, 0]]))
    assert not is_equilibrium(game, game.mixed([[1, 0], [0, 1]]))
    # Rounding breaks nothing.
    assert is_equilibrium(game, game.mixed([[0.5 + 1e-14, 0.5 - 1e-14], [0.5, 0.5]]))


def test_indifference_outside_the_simplex_is_no_point():
    """The second player would be indifferent at a first probability of 2, the first one at 1 / 2."""
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 2], [2, 4]])
    whole = [np.arange(2), np.arange(2)]
    assert _settle(game, game.mixed([[0.5, 0.5], [0.5, 0.5]]), whole) is None
    inside = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 2], [4, 2]])
    point = _settle(inside, inside.mixed([[0.5, 0.5], [0.9, 0.1]]), whole)
    np.testing.assert_allclose(np.concatenate(point), [2 / 3, 1 / 3, 1 / 2, 1 / 2])
