"""The outer polytope of four players and more with a common discount factor: corners while they are few, then half-spaces.

On the way down from the feasible payoffs these polytopes have thousands of corners, and hulls in four dimensions become slow.
Corners are therefore followed one by one only while they are few. When they become many, the set is held inside supporting
half-spaces instead (`directions`), until these move by less than the tolerance. One more step, corner by corner, then
brings the polytope nearer. The polytope contains every equilibrium payoff after every step.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal, TypeAlias

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._fixed_point import fixed_point
from solvers.repeated.payoff_sets._largest import excess
from solvers.repeated.payoff_sets._operator import Stage, generate
from solvers.repeated.payoff_sets.directions import directions, enclosing, widened
from solvers.repeated.payoff_sets.polytope import Polytope

__all__ = ["State", "self_generating", "steps_of_many"]

State: TypeAlias = tuple[
    Polytope | None, Polytope | None, float, int, Literal["converged", "time limit"] | None
]
"""The outer polytope (None if it is empty), a self-generating one if known, how far it moved, the step, and why to stop."""

SAME = 1e-9
"""Equilibrium payoffs are known to lie no further outside than this, in units of the payoff range, where a set is exact."""

_SETTLED = 1e-9
# Corners up to which they are followed one by one: on the way down, where many more follow, and in the last step.
_FEW, _MANY = 150, 500
# Generated payoffs that one search for a fixed point may look at: a second or two.
_EFFORT = 30_000


def steps_of_many(
    stage: Stage,
    W: Polytope,
    punishment: FloatArray,
    tolerance: float,
    max_iterations: int,
    deadline: Deadline,
) -> Iterator[State]:
    """The outer polytope after each step, with a status once iteration is to stop.

    Half-spaces are left for corners once they move by less than `tolerance`, in units of the payoff range.
    """
    known: Polytope | None = None
    moved = np.inf
    normals = directions(len(punishment))
    curved = last = False
    since, attempt = 0, 1
    for step in range(1, max_iterations + 1):
        found = generate(stage, W, punishment)
        if not len(found.payoffs):
            yield None, None, 0.0, step, "converged"
            return
        if deadline.passed:
            yield W, known, moved, step, "time limit"
            return
        since += 1
        enclosed = enclosing(found.payoffs, W, normals) if curved and not last else None
        if enclosed is not None:
            W, moved = enclosed
            normals, more = widened(normals, W, found.payoffs, moved, since, tolerance)
            last = moved <= tolerance and not more
        else:
            image = Polytope.hull(found.payoffs)
            if last and len(image.vertices) > _MANY:
                yield W, known, moved, step, "converged"
                return
            # Sets too flat for half-spaces have few corners.
            moved = max(0.0, float(image.excess(W.vertices).max(initial=0.0)))
            W = image
            if not curved and len(image.vertices) > _FEW:
                curved, since = True, 0
        punishment = np.maximum(punishment, W.lowest)
        done = enclosed is None and (last or moved <= _SETTLED)
        if last if curved else step == attempt:
            attempt *= 2
            known, whole = self_generating(stage, W, known, deadline, _EFFORT)
            if whole:
                yield known, known, 0.0, step, "converged"
                return
        yield W, known, moved, step, "converged" if done else None
        if done:
            return


def self_generating(
    stage: Stage, W: Polytope, known: Polytope | None, deadline: Deadline, effort: int | None = None
) -> tuple[Polytope | None, bool]:
    """A self-generating polytope looked for from W, else the one known; and whether it is all, up to `SAME`."""
    candidate = fixed_point(stage, W, deadline, effort)
    if candidate is None:
        return known, False
    found = candidate[0]
    return found, found is W or excess(stage, *candidate, W) <= SAME
