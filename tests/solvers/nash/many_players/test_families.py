"""Three mixing players with more than two actions each: curves and surfaces that can be written down."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.nash import find_all
from solvers.nash.many_players._decide import integers
from solvers.nash.many_players._families import families
from solvers.nash.many_players._line import Undecided

ALL = ((0, 1), (0, 1, 2), (0, 1))


def game_882(order=(0, 1, 2)):
    """A game of 3x3x2 with ties, drawn with seed [20260401, 882, 3, 3, 2]: two of its connected sets hold curves."""
    payoffs = np.random.default_rng([20260401, 882, 3, 3, 2]).integers(0, 4, (3, 3, 2, 3))
    return NormalFormGame(payoffs[:, list(order)])


def test_two_curves_in_one_profile_of_supports():
    pieces = families(integers(game_882()), ALL)
    assert [piece.dimension for piece in pieces] == [1, 1]
    game = game_882()
    for piece in pieces:
        for point in (piece.middle, *piece.points):
            assert game.regret(point) == pytest.approx([0, 0, 0], abs=1e-12)
            assert point[0] == pytest.approx([2 / 3, 1 / 3, 0])
        assert piece.contains(piece.middle)
    assert [piece.contains(pieces[0].middle) for piece in pieces] == [True, False]


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 0, 2)])
def test_the_order_of_actions_changes_nothing(order):
    """Paths of a homotopy ended on the curve, and it was taken for two isolated points, in one order only."""
    found = find_all(game_882(order))
    assert found.complete
    assert sorted(c.dimension for c in found.components) == [1, 1]
    assert len(found) == 8


def indifferent(shape, payoffs=lambda *a: (0, 0, 0)):
    table = np.zeros((*shape, 3), dtype=int)
    for a in np.ndindex(shape):
        table[a] = payoffs(*a)
    return NormalFormGame(table)


def test_where_nobody_cares_all_is_an_equilibrium():
    (piece,) = families(integers(indifferent((2, 3, 2))), ALL)
    assert piece.dimension == 4
    assert len(piece.points) == 12
    assert families(integers(indifferent((2, 3, 2), lambda a, b, c: (a, 0, 0))), ALL) == []


def test_a_third_player_with_another_action_cuts_what_is_left():
    """The second ties the third to c = 1/2, and an outside action of the first cuts the triangle of the second."""
    # The second compares three actions: b = 1 adds 2 c - 1, b = 2 adds 1 - 2 c. The first's third action adds b1 - b0.
    game = indifferent(
        (3, 3, 2),
        lambda a, b, c: ((b == 1) - (b == 0) if a == 2 else 0, ((2 * c - 1), (0), (1 - 2 * c))[b], 0),
    )
    (piece,) = families(integers(game), ALL)
    # One strategy c, a free, b in the half of the triangle in which b1 <= b0.
    assert piece.dimension == 3
    assert {round(float(p[2][1]), 9) for p in piece.points} == {0.5}
    assert all(p[1][1] <= p[1][0] + 1e-12 for p in piece.points)


@pytest.mark.parametrize("order", [(0, 1, 2), (1, 0, 2), (2, 1, 0), (1, 2, 0)])
def test_where_one_has_a_single_strategy_the_third_condition_is_linear_in_the_other(order):
    """The second ties the first to one half; then all three actions of the second are played equally, whatever c is."""
    game = indifferent(
        (2, 3, 2),
        lambda a, b, c: (
            a * ((b == 1) - (b == 0) + c * ((b == 2) - (b == 1))),
            b * (2 * a - 1),
            c * ((b == 2) - (b == 0)),
        ),
    )
    supports = tuple(ALL[i] for i in order)
    (line,) = families(integers(game.permute(list(order))), supports)
    assert line.dimension == 1
    first, second, third = (order.index(i) for i in range(3))
    for point in (line.middle, *line.points):
        assert point[first] == pytest.approx([0.5, 0.5])
        assert point[second] == pytest.approx([1 / 3] * 3)
    assert sorted(float(point[third][1]) for point in line.points) == [0.0, 1.0]
    assert [line.contains(point) for point in (line.middle, *line.points)] == [True, False, False]


@pytest.mark.parametrize(("worth", "pieces"), [(-1, 1), (0, 1), (1, 0)])
def test_an_outside_action_that_is_never_better_or_always(worth, pieces):
    game = indifferent((2, 3, 3), lambda a, b, c: (0, 0, worth * (1 + a) if c == 2 else 0))
    found = families(integers(game), ALL)
    assert [piece.dimension for piece in found] == [4] * pieces
    # Better nowhere, but as good at one end.
    game = indifferent((2, 3, 3), lambda a, b, c: (0, 0, worth * a if c == 2 else 0))
    assert [piece.dimension for piece in families(integers(game), ALL)] == [4] * pieces


def test_what_it_does_not_reach_is_left_undecided():
    # Whichever probability is held, of the first or the third, that player's own condition is bilinear in two who are free.
    game = indifferent((2, 3, 2), lambda a, b, c: (a * (b + c - 1), 0, c * (a + b - 1)))
    with pytest.raises(Undecided):
        families(integers(game), ALL)
    with pytest.raises(Undecided):
        families(integers(indifferent((3, 3, 3))), ((0, 1, 2),) * 3)
    with pytest.raises(Undecided):
        families(integers(indifferent((2, 2, 2))), ((0, 1), (0, 1), (0,)))


@pytest.mark.parametrize("seed", range(6))
def test_isolated_equilibria_are_those_of_the_search(seed):
    """Without ties families finds what regular play there is, by another way than `find_all`."""
    game = NormalFormGame(np.random.default_rng(seed).integers(-40, 40, (2, 3, 2, 3)))
    expected = [e.profile for e in find_all(game) if all(v.min() > 0 for v in e.profile)]
    got = [piece.middle for piece in families(integers(game), ALL)]
    assert len(got) == len(expected)
    for profile in expected:
        assert any(all(np.abs(v - w).max() < 1e-9 for v, w in zip(profile, other)) for other in got)
