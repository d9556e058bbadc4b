"""Polytopes with few facets, for sets with very many extreme points.

With unequal discount factors and three players or more, equilibrium payoffs are bounded by curved surfaces (Lehrer and
Pauzner 1999: gains from trade over time), and no short list of vertices comes close. Such a set is held inside its
supporting half-spaces (the outer approximation of Judd, Yeltekin and Conklin 2003), read off what the operator
generates instead of found by linear programs. The directions are few to begin with; more are added where the corners
of the polytope stand out furthest from what was generated.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from games.normal_form import FloatArray
from games.types import IndexArray
from solvers.repeated.payoff_sets.polytope import Polytope, distinct, reach

__all__ = ["FINEST", "directions", "enclosing", "furthest", "refined", "widened"]

_THIN = 1e-6
_NEW, _APART = 2.5, 7.5
FINEST = 1e-4
"""Errors below this ask for no more directions."""

_FACETS = 0.14
_FIRST, _EVERY, _MORE = 8, 3, 0.04


@cache
def directions(n: int) -> FloatArray:
    """Unit vectors towards the points of a grid around the origin: 16 in the plane, 3**n - 1 in more dimensions."""
    steps = (-2, -1, 0, 1, 2) if n <= 2 else (-1, 0, 1)
    grid = np.array([p for p in product(steps, repeat=n) if any(p)], dtype=np.float64)
    unit = grid / np.sqrt((grid**2).sum(axis=1))[:, None]
    chosen = distinct(unit, 12)
    chosen.setflags(write=False)
    return chosen


def enclosing(points: FloatArray, within: Polytope, normals: FloatArray) -> tuple[Polytope, float] | None:
    """The intersection of the half-spaces that support the points, and `within`, in the given directions.

    Returns it and how far its facets lie inside those of `within`; None if the points are too flat to be enclosed.
    """
    from scipy.spatial import HalfspaceIntersection, QhullError

    before = reach(within.vertices, normals)
    touched = points[furthest(points, normals)]
    offsets = np.minimum(before, (touched * normals).sum(axis=1))
    centre = touched.mean(axis=0)
    if (offsets - normals @ centre).min() < _THIN:
        return None
    try:
        corners = HalfspaceIntersection(np.column_stack([normals, -offsets]), centre).intersections
    except QhullError:
        return None
    return Polytope.hull(corners), float((before - offsets).max())


def refined(normals: FloatArray, W: Polytope, points: FloatArray, most: int, error: float) -> FloatArray:
    """The directions, and up to `most` more in which corners of W stand out from the points by more than `error`.

    W encloses the points in the directions `normals`. For each corner that stands out, the new direction is that of the facet it
    lies above, in the hull of the points that touch W. Directions close to one another or to old ones are left out. A surface
    between two facets at an angle t stands out by about t**2, so that the angle goes with the error.
    """
    near, apart = (1.0 - part * max(error, FINEST) for part in (_NEW, _APART))
    hull = Polytope.hull(points[furthest(points, normals)])
    beyond = W.vertices @ hull.normals.T - hull.offsets
    facet, out = beyond.argmax(axis=1), beyond.max(axis=1)
    new: list[FloatArray] = []
    for corner in np.argsort(-out):
        if len(new) == most or out[corner] <= error:
            break
        normal = hull.normals[facet[corner]]
        if (normals @ normal).max() < near and all(normal @ other < apart for other in new):
            new.append(normal)
    return np.vstack([normals, *new])


def widened(
    normals: FloatArray, W: Polytope, points: FloatArray, moved: float, step: int, error: float
) -> tuple[FloatArray, bool]:
    """The directions for the next step, refined now and then and once the polytope has settled; and whether there are more.

    `moved` is how far the polytope came in step number `step`. The directions that are added at once, and all together, are in
    inverse proportion to the error.
    """
    finest = max(error, FINEST)
    room = len(directions(W.vertices.shape[1])) + round(_FACETS / finest) - len(normals)
    due = moved <= error or (step >= _FIRST and (step - _FIRST) % _EVERY == 0)
    if not due or room <= 0:
        return normals, False
    more = refined(normals, W, points, min(round(_MORE / finest), room), error)
    return more, len(more) > len(normals)


def furthest(points: FloatArray, normals: FloatArray) -> IndexArray:
    """For each direction the number of the point that reaches furthest; in blocks that stay in the processor's cache."""
    best = np.zeros(len(normals), dtype=np.intp)
    most = np.full(len(normals), -np.inf)
    for begin in range(0, len(points), 512):
        reach = normals @ points[begin : begin + 512].T
        at = reach.argmax(axis=1)
        here = reach[np.arange(len(normals)), at]
        better = here > most
        most[better] = here[better]
        best[better] = at[better] + begin
    return best
