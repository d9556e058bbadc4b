"""The bargaining set: known answers, and that it contains the kernel and the core."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.coalitional import CoalitionalGame, weighted_voting
from games.errors import SizeError
from solvers.cooperative import core, in_bargaining_set, nucleolus
from tests.solvers.cooperative.test_kernel import random_game

HALF = Fraction(1, 2)


def test_the_majority_game_of_three() -> None:
    # Aumann and Maschler 1964: with A and B together only the equal split withstands.
    majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    assert in_bargaining_set(majority, [HALF, HALF, 0], [["A", "B"]]).in_bargaining_set
    for share in (Fraction(51, 100), Fraction(3, 4), Fraction(1)):
        found = in_bargaining_set(majority, [share, 1 - share, 0], [["A", "B"]])
        assert not found.in_bargaining_set
        i, j, coalition, offer, margin = found.objections[0]
        assert (i, j, majority.members(coalition)) == (1, 0, ("B", "C"))
        assert np.nansum(offer) == pytest.approx(1)
        assert offer[1] > 1 - share
        # A could only counter with C, who was offered more than A can pay.
        assert offer[2] + float(share) - 1 == pytest.approx(margin)


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("n", [3, 4])
def test_it_contains_the_nucleolus(seed: int, n: int) -> None:
    game = random_game(seed, n)
    assert in_bargaining_set(game, nucleolus(game).exact).in_bargaining_set


def test_it_contains_the_core() -> None:
    game = CoalitionalGame([0, 0, 0, 4, 0, 3, 2, 6])
    found = core(game)
    assert not found.empty
    for point in ([3, 2, 1], [4, 2, 0], [3, 1, 2]):
        assert in_bargaining_set(game, point).in_bargaining_set


def test_a_one_sided_split_of_a_game_without_outside_options_withstands() -> None:
    # Nobody can object without the other: all divisions are in the set.
    assert in_bargaining_set(CoalitionalGame([0, 0, 0, 1]), [1, 0]).in_bargaining_set
    assert not in_bargaining_set(CoalitionalGame([0, 0, 0, 1]), [2, -1]).rational


def test_size_and_views() -> None:
    with pytest.raises(SizeError, match="at most 8"):
        in_bargaining_set(weighted_voting([1] * 9), [0] * 9)
    found = in_bargaining_set(weighted_voting({"A": 1, "B": 1, "C": 1}), [1, 0, 0], [["A", "B"]])
    assert "B has a justified objection against A with B + C" in found.summary()
    assert found.to_frame()["objector"].tolist() == ["B"]
