"""Stable sets: published ones hold, smaller and larger ones do not, and the counter-example given is one."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games.coalitional import CoalitionalGame, gloves, weighted_voting
from games.errors import BargainingError, GameError, SizeError
from games.voting import security_council, weighted
from solvers.cooperative import is_stable_set, main_simple_solution

HALF = Fraction(1, 2)
MAJORITY = weighted_voting({"A": 1, "B": 1, "C": 1})
SYMMETRIC = [(HALF, HALF, 0), (HALF, 0, HALF), (0, HALF, HALF)]


def dominates(game: CoalitionalGame, x: tuple, y: tuple) -> bool:
    n = game.n_players
    return any(
        all(x[i] > y[i] for i in range(n) if s >> i & 1)
        and sum(x[i] for i in range(n) if s >> i & 1) <= game.exact[s]
        for s in range(1, 2**n)
    )


def test_the_symmetric_solution_of_the_majority_game() -> None:
    # von Neumann and Morgenstern 1944.
    assert is_stable_set(MAJORITY, SYMMETRIC).stable
    for leave in range(3):
        fewer = [p for k, p in enumerate(SYMMETRIC) if k != leave]
        found = is_stable_set(MAJORITY, fewer)
        assert found.internal
        assert not found.external
        assert found.undominated is not None
        assert not any(dominates(MAJORITY, p, found.undominated) for p in fewer)
        assert found.undominated not in [tuple(map(Fraction, p)) for p in fewer]


def test_domination_inside_is_found() -> None:
    found = is_stable_set(MAJORITY, [*SYMMETRIC, (Fraction(1, 3), Fraction(1, 3), Fraction(1, 3))])
    assert not found.internal
    a, b, s = found.dominating
    assert dominates(MAJORITY, found.points[a], found.points[b])
    assert s.bit_count() == 2


@pytest.mark.parametrize(
    "weights", [[1, 1, 1], [2, 1, 1, 1], [1, 1, 1, 1, 1], [2, 2, 1, 1, 1], [3, 2, 2, 1, 1]]
)
def test_main_simple_solutions_are_stable(weights: list[int]) -> None:
    rule = weighted({f"P{i}": w for i, w in enumerate(weights)})
    points = main_simple_solution(rule)
    assert is_stable_set(rule.game(), points).stable


def test_a_segment_is_no_finite_set() -> None:
    # The glove game's stable set is a curve; no three of its points are one.
    game = gloves(["L"], ["R1", "R2"])
    found = is_stable_set(game, [(1, 0, 0), (0, HALF, HALF), (HALF, Fraction(1, 4), Fraction(1, 4))])
    assert not found.external
    assert not any(dominates(game, p, found.undominated) for p in found.points)
    assert "no point dominates" in found.summary()


def test_a_single_player_and_additive_games() -> None:
    assert is_stable_set(CoalitionalGame([0, 3]), [(3,)]).stable
    assert is_stable_set(CoalitionalGame([0, 1, 2, 3]), [(1, 2)]).stable


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(GameError, match="not an imputation"):
        is_stable_set(MAJORITY, [(1, 1, 0)])
    with pytest.raises(GameError, match="at least one"):
        is_stable_set(MAJORITY, [])
    with pytest.raises(SizeError, match="at most 8"):
        is_stable_set(weighted_voting([1] * 9), [(Fraction(1, 9),) * 9])
    with pytest.raises(BargainingError, match="constant-sum"):
        main_simple_solution(weighted({"A": 1, "B": 1}))
    with pytest.raises(BargainingError, match="homogeneous"):
        main_simple_solution(weighted({"A": 3, "B": 2, "C": 2}))
    with pytest.raises(BargainingError, match="one weighting"):
        main_simple_solution(security_council())
