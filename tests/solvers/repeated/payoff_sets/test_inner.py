"""Polytopes that generate themselves, checked by the operator with every vertex of every cut."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._inner import lighter, within
from solvers.repeated.payoff_sets._operator import generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope


@pytest.mark.parametrize("discount", [0.55, [0.85, 0.7, 0.8]])
def test_found_inside_a_loose_outer_polytope(discount: object) -> None:
    """Even where the outer polytope is far from the set, what is found inside it generates itself."""
    gifts = np.array(list(np.ndindex(2, 2, 2)))
    game = NormalFormGame((1 - gifts + 0.6 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 3))
    stage = normalised(RepeatedGame(game, discount))
    W = Polytope.hull(np.array(list(np.ndindex(2, 2, 2)), dtype=float))
    V, gap = within(stage, W, None, 0.05, 1e-3, Deadline(None))
    assert V.dimension >= 0
    assert gap > 0.0
    assert W.excess(V.vertices).max() <= 1e-12
    made = Polytope.hull(generate(stage, V, V.lowest, full=True).payoffs)
    assert made.excess(V.vertices).max() <= 1e-11


def test_lighter_outwards_holds_what_it_thins() -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(2, 2, 2, 3))
    stage = normalised(RepeatedGame(NormalFormGame(table), 0.9))
    points = rng.normal(size=(900, 3)) * np.array([1.0, 0.5, 0.02])
    points /= 4.0 * np.sqrt((points**2).sum(axis=1))[:, None] + 1.0
    ball = rng.normal(size=(600, 3))
    ball *= np.array([0.5, 0.3, 0.01]) / np.sqrt((ball**2).sum(axis=1))[:, None]
    for cloud in (points, ball):
        W = Polytope.hull(cloud)
        thin = lighter(W, stage, 0.01, 1e-9, outwards=True)
        assert len(thin.vertices) <= len(W.vertices)
        assert thin.excess(W.vertices).max() <= 1e-12
    # Outwards by moving vertices where the set is round, by moving facets where it is thin.
    for thickness in (0.3, 0.01):
        W = Polytope.hull(ball * np.array([1.0, 1.0, thickness / 0.01]))
        thin = lighter(W, stage, 0.1, 1e-9, outwards=True)
        assert thin.excess(W.vertices).max() <= 1e-12
        assert len(thin.vertices) < 0.7 * len(W.vertices)
        assert W.furthest(thin.vertices) < 0.1
