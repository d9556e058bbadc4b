"""Players who decide nothing for the others."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers import nash
from solvers.nash.many_players._split import _best, _has_influence, split

PENNIES = np.array([[1, -1], [-1, 1]])


def with_an_onlooker(row, column, own):
    """A bimatrix game and a third player who only looks on; `own[c]` are its payoffs (2, 2) from its action c."""
    payoffs = np.zeros((2, 2, len(own), 3), dtype=object)
    for a, b, c in np.ndindex(2, 2, len(own)):
        payoffs[a, b, c] = [int(row[a, b]), int(column[a, b]), int(own[c][a, b])]
    return NormalFormGame(payoffs)


def test_where_everybody_has_a_choice_and_influence_nothing_is_split_off():
    payoffs = np.zeros((2, 2, 2, 3))
    for a in np.ndindex(2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[0]]
    assert split(NormalFormGame(payoffs), nash.find_all) is None


def test_a_player_with_one_action_is_put_back_where_it_was():
    game = with_an_onlooker(PENNIES, -PENNIES, [PENNIES])
    for order in ([0, 1, 2], [2, 0, 1], [0, 2, 1]):
        found = split(game.permute(order), nash.find_all)
        assert found is not None
        assert found.sure
        assert found.components == []
        (point,) = found.points
        assert [v.tolist() for v in point.profile] == [[1.0] if i == 2 else [0.5, 0.5] for i in order]
        assert (point.proof, point.index) == ("exact", 1)


def test_a_player_without_influence_adds_its_best_response():
    own = [np.array([[3, 0], [0, 0]]), np.array([[1, 1], [1, 1]])]
    found = split(with_an_onlooker(PENNIES, -PENNIES, own), nash.find_all)
    (point,) = found.points
    assert point.profile[2].tolist() == [0.0, 1.0]
    assert (found.components, found.sure, point.index) == ([], True, 1)


def test_two_best_responses_are_the_ends_of_a_connected_set():
    found = split(with_an_onlooker(PENNIES, -PENNIES, [PENNIES, -PENNIES]), nash.find_all)
    assert found.sure
    assert [p.profile[2].tolist() for p in found.points] == [[1.0, 0.0], [0.0, 1.0]]
    assert [p.index for p in found.points] == [None, None]
    assert found.components == [[0, 1]]


@pytest.mark.parametrize(("extra", "best", "sure"), [(0, 2, False), (10**13, 1, True)])
def test_a_tie_is_announced_as_undecided_where_it_cannot_be_decided(extra, best, sure):
    """The second player's probability is 1000003 / 3000017: too long for a fraction to be read off a float."""
    p, q = 1000003, 3000017
    row = np.array([[q - p, 0], [0, p]])  # indifferent where the first column has p / q
    own = [np.array([[q - p, 0], [q - p, 0]]) + extra, np.array([[0, p], [0, p]])]
    found = split(with_an_onlooker(row, -PENNIES, own), nash.find_all)
    assert found.sure == sure
    assert len(found.points) == best


def test_the_solution_of_the_rest_is_kept():
    found = split(
        with_an_onlooker(np.eye(2, dtype=int), np.eye(2, dtype=int), [PENNIES, 2 + PENNIES]), nash.find_all
    )
    assert len(found.rest) == 3
    assert all(p.profile[2].tolist() == [0.0, 1.0] for p in found.points)
    # Where the rest has a connected set, so has the whole.
    found = split(with_an_onlooker(np.zeros((2, 2)), np.zeros((2, 2)), [PENNIES, 9 + PENNIES]), nash.find_all)
    assert [len(ks) for ks in found.components] == [len(found.points)] == [4]


@pytest.mark.parametrize(("q", "sure"), [(61, True), (7919, True), (999983, True), (1000003, False)])
def test_ties_at_fractions_of_up_to_six_digits_are_decided(q, sure):
    """At the second player's probability 1 / q both actions of the onlooker pay the same."""
    row = np.array([[q - 1, 0], [0, 1]])
    own = [np.array([[q - 1, 0], [q - 1, 0]]), np.array([[0, 1], [0, 1]])]
    found = split(with_an_onlooker(row, -PENNIES, own), nash.find_all)
    assert found.sure == sure
    assert len(found.points) == 2


@pytest.mark.parametrize("order", [[0, 1, 2], [2, 0, 1], [0, 2, 1]])
def test_of_three_close_actions_those_that_tie_exactly_are_kept(order):
    """At one half each the first two pay 10^11, and the third 1 less: a float's rounding in shares of the range."""
    top = 10**11
    own = [np.full((2, 2), top), 2 * top * np.eye(2, dtype=int), np.full((2, 2), top - 1)]
    found = split(with_an_onlooker(PENNIES, -PENNIES, own).permute(order), nash.find_all)
    assert found.sure
    place = order.index(2)
    assert [p.profile[place].tolist() for p in found.points] == [[1, 0, 0], [0, 1, 0]]
    assert found.components == [[0, 1]]


def test_a_fraction_far_from_a_probability_decides_no_tie():
    """A billionth is not zero, although the second player may as well never play that action."""
    zero = np.zeros((2, 2), dtype=int)
    game = with_an_onlooker(zero, zero, [zero, np.array([[-1, 0], [-1, 0]])])
    rest = NormalFormGame(np.zeros((2, 2, 2)))
    point = (np.array([0.5, 0.5]), np.array([5e-10, 1 - 5e-10]))
    assert _best(game, 2, rest, point) == ([0, 1], False)
    assert _best(game, 2, rest, (point[0], np.array([0.0, 1.0]))) == ([0, 1], True)
    assert _best(game, 2, rest, (point[0], np.array([0.5, 0.5]))) == ([0], True)


@pytest.mark.parametrize("action", range(4))
def test_any_action_that_matters_to_somebody_is_influence(action):
    payoffs = np.zeros((2, 2, 4, 3))
    payoffs[..., 2] = np.arange(4)
    assert not _has_influence(NormalFormGame(payoffs), 2)
    payoffs[1, 0, action, 1] = 1
    assert _has_influence(NormalFormGame(payoffs), 2)


@pytest.mark.parametrize("place", [0, 1, 3])
def test_what_is_known_of_connected_sets_stays_known_beside_a_player_without_a_choice(place):
    """The game of 3x3x2 with two curves of `test_families`, and a fourth player whose second action is dominated."""
    payoffs = np.random.default_rng([20260401, 882, 3, 3, 2]).integers(0, 4, (3, 3, 2, 3))
    three = nash.find_all(NormalFormGame(payoffs))
    four = np.zeros((3, 3, 2, 2, 4), dtype=int)
    four[..., :3] = payoffs[:, :, :, None]
    four[..., 1, 3] = -1
    order = [*range(place), 3, *range(place, 3)]
    found = nash.find_all(NormalFormGame(four).permute(order))
    assert found.complete
    assert [c.dimension for c in found.components] == [1, 1]
    known = {c.supports for c in three.components}
    assert {tuple((*s[:place], *s[place + 1 :]) for s in c.supports) for c in found.components} == known
    assert all(s[place] == (0,) for c in found.components for s in c.supports)


def test_an_isolated_equilibrium_with_one_best_response_is_isolated():
    """A game of four, one of whom is split off, drawn with seed [20260402, 101]."""
    payoffs = np.random.default_rng([20260402, 101]).integers(0, 10, (2, 2, 2, 2, 4))
    assert [c.dimension for c in nash.find_all(NormalFormGame(payoffs)).components] == [0]


def test_what_best_responses_make_of_a_set_is_not_said_to_be_a_point():
    """An onlooker who does not mind: each equilibrium of the others comes with a segment."""
    found = nash.find_all(with_an_onlooker(PENNIES, -PENNIES, [PENNIES, PENNIES]))
    assert found.complete
    assert [c.dimension for c in found.components] == [None]
