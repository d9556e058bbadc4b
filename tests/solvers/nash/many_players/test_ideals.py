"""Roots of indifference equations in exact arithmetic, beside the other exact way and closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.base.rounding import same_profile
from solvers.nash.many_players._decide import Undecided, decide, integers
from solvers.nash.many_players._ideals import roots

FULL = ((0, 1),) * 3


def test_pennies():
    game = integers(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]))
    (piece,) = roots(game, ((0, 1), (0, 1)))
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-15) for v in piece.middle)
    assert piece.contains(piece.middle)


def test_a_better_action_outside_the_supports_leaves_none():
    """Pennies, and a third column that pays its player 1 or 3 where the others pay 0 on average."""
    row, column = np.array([[1, -1, 0], [-1, 1, 0]]), np.array([[-1, 1, 0], [1, -1, 0]])
    for third, count in (([-1, -1], 1), ([-1, 1], 1), ([-1, 3], 0)):
        column[:, 2] = third
        assert len(roots(integers(NormalFormGame.from_bimatrix(row, column)), ((0, 1), (0, 1)))) == count


def test_no_root_with_all_probabilities_positive():
    dilemma = integers(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]))
    assert roots(dilemma, ((0, 1), (0, 1))) == []


def test_infinitely_many_roots_are_left_undecided():
    with pytest.raises(Undecided):
        roots(integers(NormalFormGame(np.zeros((2, 2, 2)))), ((0, 1), (0, 1)))


def test_a_double_root_is_one_equilibrium():
    """x = y = z and (2 x - 1)(2 z - 1) = 0, that is, (2 x - 1)^2 = 0."""
    payoffs = np.zeros((2, 2, 2, 3), dtype=int)
    for x, y, z in np.ndindex(2, 2, 2):
        # The third's indifference ties x to y, the first's y to z, the second's is the product.
        payoffs[x, y, z] = [x * (y - z), y * (2 * x - 1) * (2 * z - 1), z * (x - y)]
    (piece,) = roots(integers(NormalFormGame(payoffs)), FULL)
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-12) for v in piece.middle)


def test_both_exact_ways_find_the_same_in_games_of_three_with_two_actions():
    rng = np.random.default_rng(8)
    found = 0
    for _ in range(40):
        game = integers(NormalFormGame(rng.integers(-4, 5, (2, 2, 2, 3))))
        one = decide(game, FULL)
        if any(piece.dimension for piece in one):
            continue
        try:
            two = roots(game, FULL)
        except Undecided:
            continue
        assert len(one) == len(two)
        for piece in one:
            assert any(same_profile(piece.middle, other.middle) for other in two)
        found += len(one)
    assert found > 8


def test_an_equilibrium_in_which_four_mix():
    """A ring in which each wants to differ from the next, and the last to be like the first: only the middle is left."""
    payoffs = np.zeros((2, 2, 2, 2, 4), dtype=int)
    for a in np.ndindex(2, 2, 2, 2):
        payoffs[a] = [a[0] != a[1], a[1] != a[2], a[2] != a[3], a[3] == a[0]]
    (piece,) = roots(integers(NormalFormGame(payoffs)), ((0, 1),) * 4)
    assert all(v == pytest.approx([0.5, 0.5], abs=1e-15) for v in piece.middle)
