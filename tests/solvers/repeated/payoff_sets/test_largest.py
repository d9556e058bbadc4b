"""The proof that a fixed point is the largest: it must succeed on those that are, and must not on those that are not."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._fixed_point import fixed_point
from solvers.repeated.payoff_sets._largest import _Pairs, _rate, excess
from solvers.repeated.payoff_sets._operator import Stage, generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope
from tests.solvers.repeated.plain_iteration import iterated


def stage_of(players: int, seed: int, discount: float, whole: bool = False) -> Stage:
    rng = np.random.default_rng([players, seed])
    size = (*[3] * players, players)
    table = rng.integers(-3, 4, size=size).astype(float) if whole else rng.normal(size=size)
    return normalised(RepeatedGame(NormalFormGame(table), discount))


def dilemma(discount: float) -> Stage:
    return normalised(
        RepeatedGame(NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]]), discount)
    )


def test_smaller_fixed_points_are_not_called_the_largest() -> None:
    """Playing the stage equilibrium forever is a fixed point as well; from one half on there are more payoffs."""
    stage = dilemma(0.75)
    steady = stage.steady
    P = Polytope.hull(steady)
    made = generate(stage, P, P.lowest, full=True)
    np.testing.assert_allclose(made.payoffs, steady, atol=1e-15)
    W = iterated(stage, 3)
    assert excess(stage, P, made, W) == np.inf
    # Where nothing else can be sustained, the same point is the largest, and the proof needs no iteration.
    impatient = dilemma(0.05)
    made = generate(impatient, P, P.lowest)
    assert excess(impatient, P, made, Polytope.hull(impatient.payoffs)) <= 1e-12


@pytest.mark.parametrize("players", [2, 3])
@pytest.mark.parametrize("seed", [*range(5), pytest.param(5, marks=pytest.mark.thorough)])
@pytest.mark.parametrize("discount", [0.35, 0.6, 0.85])
def test_what_it_says_holds(players: int, seed: int, discount: float) -> None:
    """The bound holds for every self-generating set, and is met by what long iteration leaves over."""
    stage = stage_of(players, seed, discount, whole=seed % 2 == 0)
    W = iterated(stage, 5)
    found = fixed_point(stage, W, Deadline(None)) if W.dimension >= 0 else None
    if found is None:
        return
    bound = excess(stage, *found, W)
    if not np.isfinite(bound):
        return
    image = Polytope.hull(found[1].payoffs)
    if found[0].excess(image.vertices).max() <= 1e-11:
        assert bound <= 1e-7
    outside = found[0].excess(iterated(stage, int(np.ceil(np.log(1e-8) / np.log(discount)))).vertices)
    assert outside.max() <= bound + 1e-6


@pytest.mark.parametrize("players", [2, 3])
def test_it_succeeds_as_a_rule(players: int) -> None:
    proved = 0
    for seed in range(10):
        stage = stage_of(players, seed, 0.7)
        W = iterated(stage, 5)
        found = fixed_point(stage, W, Deadline(None))
        proved += found is not None and excess(stage, *found, W) <= 1e-9
    assert proved >= 7


def test_flat_sets() -> None:
    """Two players share what they have, a third always has the same: the set is a segment in space."""
    table = np.zeros((2, 2, 1, 3))
    table[..., 0, 0] = [[2.0, 0.0], [3.0, 1.0]]
    table[..., 0, 1] = [[2.0, 3.0], [0.0, 1.0]]
    stage = normalised(RepeatedGame(NormalFormGame(table), 0.8))
    W = iterated(stage, 2)
    P, made = fixed_point(stage, W, Deadline(None))  # type: ignore[misc]
    assert P.dimension == 2
    assert excess(stage, P, made, W) <= 1e-11


def test_unequal_discount_factors_of_two() -> None:
    """Where the proof succeeds, iteration from all that the players might get by trading over time ends in the same set."""
    proved = 0
    for seed in range(12):
        rng = np.random.default_rng([7, seed])
        table = rng.integers(-3, 4, size=(2, 3, 2)).astype(float) if seed % 2 else rng.normal(size=(3, 2, 2))
        stage = normalised(RepeatedGame(NormalFormGame(table), rng.uniform(0.2, 0.6, size=2)))
        square = Polytope.hull([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
        W = iterated(stage, 6, square)
        candidate = fixed_point(stage, W, Deadline(None)) if W.dimension >= 0 else None
        if candidate is None or excess(stage, *candidate, W) > 1e-9:
            continue
        proved += 1
        W = iterated(stage, 45, square)
        assert candidate[0].excess(W.vertices).max() <= 1e-8
        assert W.excess(candidate[0].vertices).max() <= 1e-10
    assert proved >= 6


def pairs_by_hand() -> _Pairs:
    """Two bounds for profile 0 and facet 0, one for profile 0 and facet 1, and one for profile 1 and facet 1."""
    return _Pairs(
        np.array([0, 0, 0, 1]),
        np.array([0, 0, 1, 1]),
        np.array([[0.5, 0.0], [0.2, 0.2], [0.1, 0.6], [0.3, 0.3]]),
        np.array([[0, 1]] * 4),
        np.array([0.0, 0.1, 0.2, 0.3]),
    )


def test_of_every_pair_the_bound_that_grows_least_counts() -> None:
    pairs = pairs_by_hand()
    assert pairs.first.tolist() == [True, False, True, True]
    assert pairs.number.tolist() == [1, 1, 2, 3]
    for v, kept in (([1.0, 1.0], [0.1, 0.2, 0.3]), ([1.0, 2.0], [0.0, 0.2, 0.3])):
        assert pairs.least(np.array(v)).over.tolist() == kept


def test_the_rate_is_that_of_the_slowest_facet() -> None:
    """With weights 1 the bounds grow to 0.4 and 0.7; nothing contracts faster than by the discount factor."""
    rate, weights, chosen = _rate(pairs_by_hand(), np.ones(2), 0.5)
    assert rate == pytest.approx(0.7)
    assert weights.tolist() == [1.0, 1.0]
    assert chosen.over.tolist() == [0.1, 0.2, 0.3]
    assert _rate(pairs_by_hand(), np.ones(2), 0.9)[0] == pytest.approx(0.9)
    # Other weights do better where one facet feeds the other and not the reverse.
    one_way = _Pairs(np.zeros(1, int), np.array([0]), np.array([[0.0, 3.0]]), np.array([[0, 1]]), np.zeros(1))
    rate, weights, _ = _rate(one_way, np.ones(2), 0.0)
    assert rate < 0.5
    assert 3 * weights[1] / weights[0] == pytest.approx(rate)
