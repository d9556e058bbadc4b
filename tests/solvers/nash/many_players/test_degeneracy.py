from __future__ import annotations

import numpy as np
import pytest

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
    # Denominators up to 1,000.
    assert rational(game, game.mixed([[0.5, 0.5], [1 / 1000, 999 / 1000]]))
    assert not rational(game, game.mixed([[0.5, 0.5], [1 / 1001, 1000 / 1001]]))


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
    # Rounding breaks nothing, in whatever unit, and in no unit does a gain pass for rounding.
    for unit in (1.0, 1e9, 1e-9):
        other = game.rescale([unit, unit])
        assert is_equilibrium(other, game.mixed([[0.5 + 1e-14, 0.5 - 1e-14], [0.5, 0.5]]))
        assert not is_equilibrium(other, game.mixed([[0.5 + 1e-9, 0.5 - 1e-9], [0.5, 0.5]]))


def test_indifference_outside_the_simplex_is_no_point():
    """The second player would be indifferent at a first probability of 2, the first one at 1 / 2."""
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 2], [2, 4]])
    whole = [np.arange(2), np.arange(2)]
    assert _settle(game, game.mixed([[0.5, 0.5], [0.5, 0.5]]), whole) is None
    half = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 2], [3, 6]])
    assert _settle(half, half.mixed([[0.5, 0.5], [0.5, 0.5]]), whole) is None
    inside = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 2], [4, 2]])
    point = _settle(inside, inside.mixed([[0.5, 0.5], [0.9, 0.1]]), whole)
    np.testing.assert_allclose(np.concatenate(point), [2 / 3, 1 / 3, 1 / 2, 1 / 2])


def test_a_segment_is_followed_to_both_its_ends():
    """Past one half the second player would change over, whichever of the two points comes first."""
    game = indifferent_row_player()
    points = [game.mixed([[1, 0], [1, 0]]), game.mixed([[0.5, 0.5], [1, 0]])]
    assert clusters(game, points) == clusters(game, points[::-1]) == [[0, 1]]


def test_two_equilibria_with_a_gain_on_part_of_the_way_are_apart():
    """At a share s of the way the first gains (1 - s)(20 s - 9) by its second action."""
    payoffs = np.zeros((2, 2, 2, 3))
    payoffs[1, :, :, 0] = [[-9, 11], [0, 0]]
    game = NormalFormGame(payoffs)
    points = [game.mixed([[1, 0], [1, 0], [1, 0]]), game.mixed([[1, 0], [0, 1], [0, 1]])]
    assert all(is_equilibrium(game, point) for point in points)
    assert clusters(game, points) == clusters(game, points[::-1]) == [[0], [1]]


@pytest.mark.parametrize(
    ("noise", "share"), [(0, 5e-7), (5e-7, 5e-5), (5e-5, 5e-4), (5e-4, 5e-3), (5e-3, 0.03), (0.03, 0.3)]
)
def test_what_is_noise_is_told_from_a_small_probability(noise, share):
    """The second player's third action is dominated; its first two are equally good at the first's `share`."""
    game = NormalFormGame.from_bimatrix([[1, 0, 0], [0, 1, 0]], [[1 - share, 0, -1], [-share, 0, -1]])
    near = game.mixed([[share, 1 - share], [(1 - noise) / 2, (1 - noise) / 2, noise]])
    point = attract(game, near)
    np.testing.assert_allclose(np.concatenate(point), [share, 1 - share, 0.5, 0.5, 0], atol=1e-12)


def test_where_every_probability_is_small_none_is_noise():
    """Twenty-five actions of one twenty-fifth each, the first of which is dominant."""
    table = np.zeros((25, 25))
    table[0] = 1
    game = NormalFormGame.from_bimatrix(table, np.zeros((25, 25)))
    assert attract(game, game.mixed([np.full(25, 0.04), np.full(25, 0.04)])) is None
    # One player's are enough.
    wide = NormalFormGame.from_bimatrix(table[:, :2], np.zeros((25, 2)))
    assert attract(wide, wide.mixed([np.full(25, 0.04), [0.5, 0.5]])) is None
    alone = game.mixed([np.eye(25)[0], np.full(25, 0.04)])
    np.testing.assert_allclose(attract(game, alone)[1], np.full(25, 0.04))


def test_steps_of_three_players_end_at_the_point_of_indifference():
    """Supports of 3, 2 and 2 of 4, 3 and 3 actions, at an isolated equilibrium that was planted."""
    rng = np.random.default_rng(6)
    supports = [np.array(s) for s in ([0, 2, 3], [1, 2], [0, 2])]
    planted = [np.zeros(k) for k in (4, 3, 3)]
    for v, s in zip(planted, supports):
        v[s] = rng.dirichlet(5 * np.ones(len(s)))
    payoffs = rng.uniform(-1, 1, (4, 3, 3, 3))
    for i in range(3):
        own = np.moveaxis(payoffs[..., i], i, 0)
        others = [planted[j] for j in range(3) if j != i]
        values = np.einsum("abc,b,c->a", own, *others)
        own -= (values + 0.5 * (planted[i] == 0))[:, None, None]
    game = NormalFormGame(payoffs)
    assert is_equilibrium(game, tuple(planted))
    start = [v * rng.uniform(0.97, 1.03, len(v)) for v in planted]
    point = _settle(game, game.mixed([v / v.sum() for v in start]), supports)
    np.testing.assert_allclose(np.concatenate(point), np.concatenate(planted), atol=1e-12)


def test_a_point_outside_by_rounding_is_moved_to_the_border():
    """The second is indifferent where the first plays its first action with 1 + 5e-11."""
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[5e-11, 0], [1, 0]])
    point = _settle(game, game.mixed([[0.9, 0.1], [0.5, 0.5]]), [np.arange(2), np.arange(2)])
    assert point[0].tolist() == [1, 0]
    assert is_equilibrium(NormalFormGame(np.zeros((2, 2, 2))), point)


def test_an_equation_that_holds_but_for_rounding_moves_nothing():
    """The second's gain is 1e-13 times (20 + p) in units of its range: no point of the simplex makes it zero."""
    game = NormalFormGame.from_bimatrix([[1, 0, 0], [0, 1, 0]], [[1, 1 + 21e-13, 0], [1, 1 + 20e-13, 0]])
    start = game.mixed([[0.5, 0.5], [0.5, 0.5, 0]])
    point = _settle(game, start, [np.arange(2), np.arange(2)])
    np.testing.assert_allclose(np.concatenate(point), np.concatenate(start), atol=1e-9)
