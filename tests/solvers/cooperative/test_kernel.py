"""The kernel: known sets, the nucleolus in it, and its definition by random allocations."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.coalitional import CoalitionalGame, bankruptcy, weighted_voting
from games.errors import BargainingError, GameError, ProfileError, SizeError
from solvers.cooperative import in_kernel, kernel, nucleolus

HALF = Fraction(1, 2)


def random_game(seed: int, n: int) -> CoalitionalGame:
    values = np.random.default_rng(seed).integers(0, 12, size=2**n)
    values[0] = 0
    values[1 << np.arange(n)] = 0
    values[-1] = values.max() + 3
    return CoalitionalGame(values)


def test_two_of_three_equals_share_alike() -> None:
    # Davis and Maschler 1965: the majority game of three.
    majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    assert kernel(majority, [["A", "B"]]).pieces == (((HALF, HALF, Fraction(0)),),)
    assert kernel(majority).pieces == (((Fraction(1, 3),) * 3,),)
    assert kernel(majority, [["A"], ["B"], ["C"]]).pieces == (((Fraction(0),) * 3,),)


@pytest.mark.parametrize("seed", range(6))
def test_with_three_players_it_is_the_nucleolus(seed: int) -> None:
    game = random_game(seed, 3)
    found = kernel(game)
    assert found.pieces == ((nucleolus(game).exact,),)


@pytest.mark.parametrize("seed", range(3))
def test_random_allocations_outside_are_outside(seed: int) -> None:
    game = random_game(seed, 3)
    (only,) = kernel(game).pieces[0]
    for shares in np.random.default_rng(seed).dirichlet(np.ones(3), size=40):
        point = [Fraction(x).limit_denominator(1000) for x in shares[:2] * game.values[-1]]
        point.append(game.exact[-1] - sum(point))
        if min(point) >= 0:
            assert in_kernel(game, point).in_kernel == (tuple(point) == only)


def test_four_players_contain_the_nucleolus() -> None:
    game = random_game(9, 4)
    found = kernel(game)
    low = np.array([[float(x) for x in v] for piece in found.pieces for v in piece])
    target = nucleolus(game).payoffs
    assert in_kernel(game, nucleolus(game).exact).in_kernel
    # With four players the kernel can be a segment; the nucleolus lies on it.
    assert (target >= low.min(axis=0) - 1e-9).all()
    assert (target <= low.max(axis=0) + 1e-9).all()
    for piece in found.pieces:
        for a in piece:
            for b in piece:
                assert in_kernel(game, [(x + y) / 2 for x, y in zip(a, b)]).in_kernel


def test_bankruptcy_by_the_talmud() -> None:
    assert kernel(bankruptcy(200, [100, 200, 300])).pieces == (((50, 75, 75),),)


def test_who_outweighs_whom_is_told() -> None:
    majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    found = in_kernel(majority, [Fraction(2, 3), Fraction(1, 3), 0], [["A", "B"]])
    assert found.outweighs == ((1, 0),)
    assert "B outweighs A" in found.summary()
    assert not in_kernel(majority, [1, 1, 0], [["A", "B"]]).rational


def test_what_does_not_fit_is_refused() -> None:
    majority = weighted_voting({"A": 1, "B": 1, "C": 1})
    with pytest.raises(GameError, match="disjoint"):
        kernel(majority, [["A", "B"], ["B"]])
    with pytest.raises(ProfileError, match="2 shares for 3"):
        in_kernel(majority, [1, 0])
    with pytest.raises(SizeError, match="at most 4"):
        kernel(weighted_voting([1] * 5))
    with pytest.raises(SizeError, match="at most 14"):
        in_kernel(weighted_voting([1] * 15), [0] * 15)
    with pytest.raises(BargainingError, match="worth less"):
        kernel(CoalitionalGame([0, 2, 2, 3]))


def test_views() -> None:
    found = kernel(weighted_voting({"A": 1, "B": 1, "C": 1}))
    assert "one allocation: A 1/3" in found.summary()
    assert len(found.to_frame()) == 1
    assert in_kernel(weighted_voting([1, 1]), [HALF, HALF]).to_frame().shape == (2, 2)
