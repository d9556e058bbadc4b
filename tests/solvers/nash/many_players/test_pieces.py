"""Pieces of the set of equilibria, and which of them hang together."""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from solvers.base.rounding import SAME, same_profile
from solvers.nash.many_players._pieces import Piece, groups, profile, support_of


def mixed(*probabilities):
    return tuple(np.array([1.0 - p, p]) for p in probabilities)


def piece(middle, *ends):
    return Piece(support_of(middle), int(bool(ends)), ends or (middle,), middle, lambda point: True)


def test_the_support_is_what_is_played():
    assert support_of((np.array([0.5, 0.0, 0.5]), np.array([0.0, 1.0]))) == ((0, 2), (1,))
    assert support_of((np.array([1.0, 1e-12]),)) == ((0,),)
    assert support_of((np.array([1.0 - SAME, SAME]),)) == ((0,),)


def test_weights_are_those_of_the_supports():
    made = profile((3, 2, 2), ((0, 2), (1,), (0, 1)), {0: [Fraction(1), Fraction(3)]})
    assert [v.tolist() for v in made] == [[0.25, 0.0, 0.75], [0.0, 1.0], [0.5, 0.5]]
    made = profile((3, 2), ((1, 2), (0, 1)), {0: [0.25, 0.75], 1: [2.0, 6.0]})
    assert [v.tolist() for v in made] == [[0.0, 0.25, 0.75], [0.25, 0.75]]


def test_points_are_close_where_every_probability_is():
    assert same_profile(mixed(0.5, 0.25), mixed(0.5 + 1e-12, 0.25))
    assert not same_profile(mixed(0.5, 0.25), mixed(0.5, 0.26))


def test_a_path_of_edges_is_one_group_and_an_equilibrium_apart_another():
    """From (0, 0) along the edge to (1, 0) and up to (1, 1); the equilibrium (0, 1) touches neither."""
    corner, first, turn, second, far = (
        piece(mixed(0, 0)),
        piece(mixed(0.5, 0), mixed(0, 0), mixed(1, 0)),
        piece(mixed(1, 0)),
        piece(mixed(1, 0.5), mixed(1, 0), mixed(1, 1)),
        piece(mixed(0, 1)),
    )
    assert groups([corner, first, turn, second, far]) == [[0, 1, 2, 3], [4]]
    assert groups([far, second, corner, turn, first]) == [[0], [1, 2, 3, 4]]
    # Without the corner in between nothing says that the two edges meet.
    assert groups([first, second]) == [[0], [1]]
    assert groups([]) == []


def test_two_pieces_with_the_same_supports_are_told_apart_by_what_they_contain():
    inside = mixed(0.5, 0.5)
    left, right = (
        Piece(
            support_of(inside),
            0,
            (mixed(p, 0.5),),
            mixed(p, 0.5),
            lambda point, p=p: same_profile(point, mixed(p, 0.5)),
        )
        for p in (0.25, 0.75)
    )
    rest = mixed(0.75, 1)
    edge = Piece(support_of(rest), 1, (mixed(0.75, 0.5),), rest, lambda point: False)
    assert groups([left, right]) == [[0], [1]]
    assert groups([left, right, edge]) == [[0], [1, 2]]
