"""The slow and plain way to payoff sets, which the faster ones are checked against."""

from __future__ import annotations

import numpy as np

from solvers.repeated.payoff_sets._operator import Stage, generate
from solvers.repeated.payoff_sets.polytope import Polytope


def iterated(stage: Stage, steps: int, start: Polytope | None = None, full: bool = False) -> Polytope:
    """An outer polytope after so many applications of the operator; without vertices if nothing is left.

    `full` takes every vertex of every cut. `start` is the hull of the stage payoffs unless given.
    """
    W, threat = start or Polytope.hull(stage.payoffs), stage.minmax.copy()
    for _ in range(steps):
        made = generate(stage, W, threat, full=full)
        if not len(made.payoffs):
            return Polytope.nothing(len(threat))
        W = Polytope.hull(made.payoffs)
        threat = np.maximum(threat, W.lowest)
    return W
