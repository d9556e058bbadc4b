"""A self-generating polytope by iterating the operator followed by a small contraction.

A polytope that is iterated down from outside meets the set of equilibrium payoffs only in the limit, and then on more
corners than can be carried. Pulled in by a fixed share after every step, it settles at a smaller set V. Up to the corners
that were left out, V is `(1 - share) B(V)`. There V lies strictly inside B(V), so that a finite number of steps gets there,
and small errors do no harm. What lies between V and B(V) generates itself as well: V is then grown.
"""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._fixed_point import EXACT
from solvers.repeated.payoff_sets._operator import Stage, generate
from solvers.repeated.payoff_sets._points import reach
from solvers.repeated.payoff_sets.directions import furthest
from solvers.repeated.payoff_sets.polytope import Polytope, distinct

__all__ = ["contracted", "generates_itself"]

# Shares to pull in by. On random games of four players the first was enough for most, and the gap after growth was much the same.
_SHARES = (0.01, 0.03, 0.1)
_ROUNDS = 10
# The first pull, in shares over 1 - discount: errors that fade at the rate of the discount factor add up to one of these.
_AHEAD = 2.0
# Generated payoffs that may be looked at: five to ten seconds.
_EFFORT = 200_000
_EVERY = 2
# Directions of W's facets, and outwards, at most: the time grows faster than how many corners there are.
_DIRECTIONS = 200
_GROWTH = 25
_WORTH = 1.01
# Share of the volume below which what is left is given up.
_LEAST = 1e-3


def contracted(stage: Stage, W: Polytope, deadline: Deadline) -> Polytope | None:
    """A self-generating polytope inside the solid W, as large as a few hundred corners allow; None if none was found.

    Discount factors must be equal.
    """
    around, spent = _around(W), 0
    patience = float(stage.discount.max())
    for share in _SHARES:
        V = W.pulled(1.0 - min(_AHEAD * share / (1.0 - patience), 0.5))
        for k in range(_ROUNDS):
            made = generate(stage, V, V.lowest)
            points = made.payoffs
            spent += len(points)
            if deadline.passed or spent > _EFFORT:
                return None
            if not len(points):
                break
            if k % _EVERY == 0 and _inside(V, points):
                # With the stage payoffs among them, these promises are kept by the operator in full, too.
                steady = points[~made.planes.any(axis=1) & (made.faces < 0).all(axis=1)]
                core = Polytope.hull(np.vstack([V.vertices, steady, _touched(points, around)]))
                return _grown(stage, core, around, deadline)
            V = Polytope.hull(_touched(points, around)).pulled(1.0 - share)
            if V.volume < _LEAST * W.volume:
                break
    return None


def _around(W: Polytope) -> FloatArray:
    """Directions in which to look for corners: of W's facets, and outwards from its middle to its corners."""
    facets = distinct(W.normals, 6)
    facets = facets[:: 1 + len(facets) // _DIRECTIONS]
    some = W.vertices[:: 1 + len(W.vertices) // _DIRECTIONS]
    outwards = some - W.vertices.mean(axis=0)
    # In units of the set's own extent: where it is flat, the way out to a corner says little about what supports the set there.
    outwards = np.linalg.solve(np.cov(W.vertices.T), outwards.T).T
    outwards /= np.sqrt((outwards**2).sum(axis=1))[:, None]
    return np.vstack([facets, outwards])


def _touched(points: FloatArray, normals: FloatArray) -> FloatArray:
    return points[np.unique(furthest(points, normals))]


def _inside(V: Polytope, points: FloatArray) -> bool:
    """Does V lie in the hull of the points?"""
    touched = _touched(points, V.normals)
    if (reach(touched, V.normals) < V.offsets - EXACT).any():
        return False
    # The points furthest out across V's facets are few, and often enough.
    return any(float(Polytope.hull(some).excess(V.vertices).max()) <= EXACT for some in (touched, points))


def generates_itself(stage: Stage, V: Polytope) -> bool:
    """Is every point of V the payoff of an equilibrium that promises points of V? Checked with all that V generates."""
    points = generate(stage, V, V.lowest, full=True).payoffs
    return len(points) > 0 and _inside(V, points)


def _grown(stage: Stage, core: Polytope, around: FloatArray, deadline: Deadline) -> Polytope | None:
    """The core and what it generates, again and again; the last polytope is checked as the core would be."""
    V = core
    for _ in range(_GROWTH):
        # The few payoffs that are enough for the largest set need not grow with V: all of them do.
        points = generate(stage, V, V.lowest, full=True).payoffs
        if not len(points) or deadline.passed:
            break
        before, V = V, Polytope.hull(np.vstack([V.vertices, _touched(points, around)]))
        if V.volume < _WORTH * before.volume:
            break
    return next((found for found in (V, core) if generates_itself(stage, found)), None)
