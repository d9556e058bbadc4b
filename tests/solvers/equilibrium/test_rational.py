"""Two-player equilibria in rational arithmetic: supports solved, signs checked, indices."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from games import NormalFormGame
from solvers.equilibrium.rational import (
    Candidate,
    NearTie,
    exact_equilibrium,
    index,
    positive_integers,
    probabilities,
    regular_equilibrium,
    solve_supports,
    transposed,
)

COORDINATION = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])


def test_payoffs_as_whole_numbers_from_one_up():
    table = np.array([[[Fraction(1, 2), 7], [Fraction(1, 3), 7]], [[0, 9], [1, -1]]], dtype=object)
    assert positive_integers(NormalFormGame(table)) == ([[4, 3], [1, 7]], [[9, 9], [11, 1]])
    assert transposed([[1, 2], [3, 4], [5, 6]]) == [[1, 3, 5], [2, 4, 6]]


@given(
    arrays(
        float,
        st.tuples(st.integers(1, 4), st.integers(1, 4), st.just(2)),
        elements=st.one_of(st.floats(-1e300, 1e300), st.integers(-4, 4).map(float)),
    )
)
@example(np.array([[[2.0, 4.0], [6.0, 2.0]]]))
@example(np.array([[[0.0, 0.0], [6.0, 4.0]]]))
@example(np.array([[[2.0**70, 1.0], [1.0, 2.0**70]]]))
@example(np.array([[[-(2.0**61), 1.0], [2.0**61, 2.0**61 - 2.0**9]]]))
def test_floats_become_the_whole_numbers_that_their_fractions_become(table):
    """Both ways of scaling: by powers of two in floats, and by common denominators."""
    found = positive_integers(NormalFormGame(table))
    for i, matrix in enumerate(found):
        given_ = [[Fraction(v) for v in row] for row in table[..., i].tolist()]
        scale = lcm(*(v.denominator for row in given_ for v in row))
        lowest = min(map(min, given_))
        assert matrix == [[int((v - lowest) * scale) + 1 for v in row] for row in given_]
        assert all(type(v) is int for row in matrix for v in row)


def test_weights_become_probabilities():
    assert probabilities([1, 0, 3]) == [0.25, 0.0, 0.75]


def test_a_strategy_that_makes_two_columns_best():
    """(2/3, 1/3) makes both columns of the coordination game worth 2/3 (plus one, for payoffs start at 1)."""
    _, B = positive_integers(COORDINATION)
    weights = solve_supports([0, 1], [0, 1], B)
    assert Fraction(weights[0], sum(weights)) == Fraction(2, 3)
    assert solve_supports([0], [0], B)[1] == 0


def test_a_column_that_is_as_good_is_a_near_tie_only_if_strictness_is_asked_for():
    B = [[2, 2], [1, 3]]
    with pytest.raises(NearTie):
        solve_supports([0], [0], B)
    assert solve_supports([0], [0], B, strict=False) == [1, 0]
    # A better one is refused either way.
    for strict in (True, False):
        with pytest.raises(NearTie):
            solve_supports([1], [0], B, strict=strict)


@pytest.mark.parametrize(
    ("third", "strict", "loose"), [([2, 1], True, True), ([1, 2], False, True), ([2, 2], False, False)]
)
def test_a_third_column_beside_two_equal_ones(third, strict, loose):
    """Weights (1, 2) make the first two columns worth 5/3; the third is worth 4/3, 5/3 or 2."""
    B = [[3, 1, third[0]], [1, 2, third[1]]]
    for strictly, found in ((True, strict), (False, loose)):
        if found:
            assert solve_supports([0, 1], [0, 1], B, strict=strictly) == [1, 2]
        else:
            with pytest.raises(NearTie):
                solve_supports([0, 1], [0, 1], B, strict=strictly)


def test_a_weight_of_zero_or_less():
    # The first action alone makes both columns equal: the second's weight is zero.
    B = [[2, 2], [1, 3]]
    with pytest.raises(NearTie):
        solve_supports([0, 1], [0, 1], B)
    assert solve_supports([0, 1], [0, 1], B, strict=False)[1] == 0
    # One row better in both columns needs a negative weight.
    for strict in (True, False):
        with pytest.raises(NearTie):
            solve_supports([0, 1], [0, 1], [[5, 4], [3, 1]], strict=strict)
    with pytest.raises(NearTie):
        solve_supports([0, 1], [0, 1], [[1, 1], [1, 1]])


@pytest.mark.parametrize(
    ("rows", "columns", "profile", "sign"),
    [
        ([0], [0], ([1, 0], [1, 0]), 1),
        ([1], [1], ([0, 1], [0, 1]), 1),
        ([0, 1], [0, 1], ([2 / 3, 1 / 3], [1 / 3, 2 / 3]), -1),
    ],
)
def test_the_three_equilibria_of_coordination_and_their_indices(rows, columns, profile, sign):
    found = regular_equilibrium(COORDINATION, *positive_integers(COORDINATION), rows, columns)
    assert [v.tolist() for v in found.profile] == [pytest.approx(v) for v in profile]
    assert (found.proof, found.index) == ("exact", sign)


@pytest.mark.parametrize(("rows", "columns"), [([0], [1]), ([0, 1], [0]), ([1], [0, 1])])
def test_supports_without_an_equilibrium(rows, columns):
    assert regular_equilibrium(COORDINATION, *positive_integers(COORDINATION), rows, columns) is None


@pytest.mark.parametrize(("size", "sign"), [(2, 1), (3, 1), (4, 1)])
def test_the_only_equilibrium_of_a_cyclic_game_has_index_one(size, sign):
    """Each wants the other's next action but one: the indices of all equilibria add up to one, and there is only one."""
    row = np.array([[(3 if i == j else 0) for j in range(size)] for i in range(size)])
    column = np.array([[(3 if j == (i + 1) % size else 0) for j in range(size)] for i in range(size)])
    game = NormalFormGame.from_bimatrix(row, column)
    found = regular_equilibrium(game, *positive_integers(game), range(size), range(size))
    assert found.profile[0] == pytest.approx([1 / size] * size)
    assert found.index == sign


@pytest.mark.parametrize("size", [2, 3, 4])
def test_the_mixture_of_all_actions_in_pure_coordination(size):
    """2^n - 1 equilibria, one for each support of k; they add up to one with (-1)^(k + 1) each."""
    game = NormalFormGame.from_bimatrix(np.eye(size, dtype=int), np.eye(size, dtype=int))
    found = regular_equilibrium(game, *positive_integers(game), range(size), range(size))
    assert found.index == (-1) ** (size + 1)


def test_an_equilibrium_with_a_tie_has_no_index():
    game = NormalFormGame.from_bimatrix([[1, 1], [1, 0]], [[1, 1], [0, 2]])
    A, B = positive_integers(game)
    assert exact_equilibrium(game, A, B, [1, 0], [1, 0]).index is None
    # Each player's tie is enough, and without one there is an index.
    for row, column, expected in (
        ([[1, 0], [1, 0]], [[2, 1], [1, 1]], None),
        ([[2, 0], [1, 0]], [[1, 1], [1, 1]], None),
        ([[2, 0], [1, 0]], [[2, 1], [1, 1]], 1),
    ):
        game = NormalFormGame.from_bimatrix(row, column)
        assert exact_equilibrium(game, *positive_integers(game), [1, 0], [1, 0]).index == expected


def test_supports_of_two_sizes_and_singular_systems_have_no_index():
    A = [[1, 1], [1, 1]]
    assert index(A, A, Candidate([1, 1], [1, 1], (0, 0), True)) is None
    assert index(A, A, Candidate([1, 0], [1, 1], (0, 0), True)) is None
    assert index(A, A, Candidate([1, 0], [1, 0], (0, 0), True)) == 1
    assert index(A, A, Candidate([1, 0], [1, 0], (0, 0), False)) is None


@pytest.mark.parametrize("row", [[[2, 0], [0, 1]], [[0, 2], [1, 0]]])
@pytest.mark.parametrize("column", [[[1, 0], [0, 2]], [[0, 1], [2, 0]]])
def test_the_index_of_a_mixture_whatever_the_signs_of_the_determinants(row, column):
    """Two pure equilibria leave -1 for the mixture, and none leave +1: the indices add up to one."""
    game = NormalFormGame.from_bimatrix(row, column)
    A, B = positive_integers(game)
    alone = [regular_equilibrium(game, A, B, [i], [j]) for i in range(2) for j in range(2)]
    pure = sum(e is not None for e in alone)
    mixed = regular_equilibrium(game, A, B, [0, 1], [0, 1])
    assert mixed.index == 1 - pure
