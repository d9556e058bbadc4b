"""Self-generating polytopes of four players, checked by the operator with every vertex of every cut."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._contraction import contracted, generates_itself
from solvers.repeated.payoff_sets._operator import Stage, generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope

GIFTS = np.array(list(np.ndindex(2, 2, 2, 2)))


def public_goods(discount: float) -> Stage:
    """Four players keep one unit each or give it to a pot of which everybody gets .6 for each unit."""
    table = (1 - GIFTS + 0.6 * GIFTS.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 2, 4)
    return normalised(RepeatedGame(NormalFormGame(table), discount))


@pytest.mark.parametrize("discount", [0.6, 0.9])
def test_lies_inside_and_generates_itself(discount: float) -> None:
    stage = public_goods(discount)
    W = Polytope.hull(GIFTS.astype(float))
    V = contracted(stage, W, Deadline(None))
    assert V is not None
    assert W.excess(V.vertices).max() <= 1e-12
    image = Polytope.hull(generate(stage, V, V.lowest, full=True).payoffs)
    assert image.excess(V.vertices).max() <= 1e-11


def test_a_box_of_all_payoffs_does_not_generate_itself() -> None:
    assert not generates_itself(public_goods(0.6), Polytope.hull(GIFTS.astype(float)))
    # Nobody giving is the stage equilibrium, and alone generates itself.
    stage = public_goods(0.6)
    steady = stage.payoffs[(stage.costs <= 0.0).all(axis=1)]
    assert len(steady) == 1
    assert generates_itself(stage, Polytope.hull(steady))


def test_impatience_leaves_nothing_solid() -> None:
    assert contracted(public_goods(0.05), Polytope.hull(GIFTS.astype(float)), Deadline(None)) is None
