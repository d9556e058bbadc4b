"""Solid hulls and intersections of half-spaces by Qhull, in pieces where a deadline may have to interrupt it."""

from __future__ import annotations

import time
from types import SimpleNamespace
from typing import Any

import numpy as np

from games.normal_form import FloatArray
from solvers.base.deadline import checkpoint, limited
from solvers.base.programs import linprog
from solvers.repeated.payoff_sets._points import compass

__all__ = ["convex_hull", "intersection"]

# Points up to which Qhull is done in well under a second in five dimensions; and always in three.
_LARGE = 300
# Depth, in payoff ranges, of a point that surely lies inside, and the least that Qhull can work with.
_DEEP, _LEAST = 1e-3, 1e-7


def convex_hull(points: FloatArray, options: str | None = None) -> Any:
    """Vertices, simplices, equations and volume as `scipy.spatial.ConvexHull` gives them; raises its QhullError."""
    from scipy.spatial import ConvexHull

    if options is None and len(points) > _LARGE and points.shape[1] > 3 and limited():
        return _in_pieces(points)
    return ConvexHull(points, qhull_options=options)


def intersection(normals: FloatArray, levels: FloatArray, inside: FloatArray) -> FloatArray | None:
    """Corners (V, N) of `{x : normals @ x <= levels}`; None if it is too thin, or unbounded.

    `inside` is a guess at a point well inside; where it is not, a linear program finds the deepest.
    """
    from scipy.spatial import HalfspaceIntersection, QhullError

    n = normals.shape[1]
    if (levels - normals @ inside).min() < _DEEP:
        deepest = linprog(
            [0.0] * n + [-1.0],
            np.column_stack([normals, np.ones(len(normals))]),
            levels,
            bounds=[(None, None)] * n + [(0.0, None)],
        )
        if deepest.status != 0 or deepest.x[n] < _LEAST:
            return None
        inside = deepest.x[:n]
    try:
        return np.asarray(HalfspaceIntersection(np.column_stack([normals, -levels]), inside).intersections)
    except QhullError:
        return None


def _in_pieces(points: FloatArray) -> Any:
    """The convex hull by Qhull, points added a few at a time, so that a deadline can interrupt it."""
    from scipy.spatial import ConvexHull

    out = np.abs(points - points.mean(axis=0)).sum(axis=1)
    first = np.unique((points @ compass(points.shape[1]).T).argmax(axis=0))
    # The points far out come first, so that most of the others are soon seen to lie inside.
    rest = np.setdiff1d(np.argsort(-out), first, assume_unique=True)
    hull = ConvexHull(points[first], incremental=True)
    done, size = 0, 16
    while done < len(rest):
        checkpoint()
        begun = time.monotonic()
        hull.add_points(points[rest[done : done + size]])
        done += size
        size = _next_piece(size, time.monotonic() - begun)
    order = np.concatenate([first, rest])
    return SimpleNamespace(
        vertices=order[hull.vertices],
        simplices=order[hull.simplices],
        equations=hull.equations,
        volume=hull.volume,
    )


def _next_piece(size: int, seconds: float) -> int:
    """How many points to add after so many took so long: pieces of about a tenth of a second.

    `add_points` copies all facets, so that small pieces waste time.
    """
    return int(np.clip(size * 0.1 / max(seconds, 1e-4), 1, 2 * size))
