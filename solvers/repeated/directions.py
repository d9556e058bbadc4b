"""Polytopes with few, fixed facets or few vertices, for sets with very many extreme points.

With unequal discount factors and three players or more, equilibrium payoffs are bounded by curved surfaces (Lehrer and
Pauzner 1999: gains from trade over time), and no short list of vertices comes close. Here such a set is held between its
supporting half-spaces in a fixed set of directions and the hull of the points where they touch it (the outer and inner
approximations of Judd, Yeltekin and Conklin 2003), both read off what the operator generates, without linear programs.
"""

from __future__ import annotations

from functools import cache
from itertools import product

import numpy as np

from games.normal_form import FloatArray
from solvers.repeated.polytope import Polytope

__all__ = ["directions", "enclosing", "touching"]

_THIN = 1e-6


@cache
def directions(n: int) -> FloatArray:
    """Unit vectors towards the points of a grid around the origin: 16 in the plane, 98 in three dimensions, then 3**n - 1."""
    steps = (-2, -1, 0, 1, 2) if n <= 3 else (-1, 0, 1)
    grid = np.array([p for p in product(steps, repeat=n) if any(p)], dtype=np.float64)
    unit = grid / np.sqrt((grid**2).sum(axis=1))[:, None]
    chosen = unit[np.unique(unit.round(12), axis=0, return_index=True)[1]]
    chosen.setflags(write=False)
    return np.asarray(chosen)


def enclosing(points: FloatArray, within: Polytope) -> tuple[Polytope, float] | None:
    """The intersection of the half-spaces that support the points, and `within`, in the fixed directions.

    Returns it and how far its facets lie inside those of `within`; None if the points are too flat to be enclosed.
    """
    from scipy.spatial import HalfspaceIntersection, QhullError

    normals = directions(points.shape[1])
    reach = points @ normals.T
    before = (within.vertices @ normals.T).max(axis=0)
    offsets = np.minimum(before, reach.max(axis=0))
    centre = points[np.unique(reach.argmax(axis=0))].mean(axis=0)
    if (offsets - normals @ centre).min() < _THIN:
        return None
    try:
        corners = HalfspaceIntersection(np.column_stack([normals, -offsets]), centre).intersections
    except QhullError:
        return None
    return Polytope.hull(corners), float((before - offsets).max())


def touching(points: FloatArray) -> Polytope:
    """The hull of the points that reach furthest in the fixed directions."""
    return Polytope.hull(points[np.unique((points @ directions(points.shape[1]).T).argmax(axis=0))])
