"""Convex hulls as polygons and faces, flat ones too."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from reports.document import Point, Triple

if TYPE_CHECKING:
    import numpy.typing as npt

    from games.normal_form import FloatArray

__all__ = ["faces", "polygon"]


def polygon(points: FloatArray) -> tuple[Point, ...]:
    """The convex hull of points in the plane, as a polygon; a segment or a point where they are flat."""
    return tuple((float(x), float(y)) for x, y in points[_ring(points)])


def faces(points: FloatArray) -> tuple[tuple[Triple, ...], ...]:
    """The faces of the convex hull of points in space, corners anticlockwise as seen from outside.

    A flat hull has one face, a segment or a point where it is flatter still.
    """
    from scipy.spatial import ConvexHull, QhullError

    scaled = (points - points.min(axis=0)) / np.maximum(np.ptp(points, axis=0), 1e-12)
    # Corners that nobody could tell apart make faces without a direction.
    _, apart = np.unique(np.round(scaled, 5), axis=0, return_index=True)
    points, scaled = points[apart], scaled[apart]
    try:
        hull = ConvexHull(scaled)
    except QhullError:
        axes = np.linalg.svd(scaled - scaled.mean(axis=0))[2]
        rings = [_ring(scaled @ axes[:2].T)]
    else:
        rings = []
        for part in _flat_parts(hull.equations, hull.neighbors):
            corners = np.unique(hull.simplices[part])
            arms = scaled[corners] - scaled[corners].mean(axis=0)
            up = hull.equations[part[0], :3]
            turn = np.arctan2(arms @ np.cross(up, arms[0]), arms @ arms[0])
            rings.append(corners[np.argsort(turn)])
    return tuple(tuple((float(x), float(y), float(z)) for x, y, z in points[ring]) for ring in rings)


def _flat_parts(equations: FloatArray, neighbours: npt.NDArray[np.intc]) -> list[list[int]]:
    """Triangles of a hull in groups that lie next to each other in one plane."""
    groups: list[list[int]] = []
    seen: set[int] = set()
    for first in range(len(equations)):
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for one in group:
            near = neighbours[one][np.abs(equations[neighbours[one]] - equations[first]).max(axis=1) < 1e-6]
            group += [k for k in near.tolist() if k not in seen]
            seen.update(group)
        groups.append(group)
    return groups


def _ring(points: FloatArray) -> npt.NDArray[np.intp]:
    """The rows of points in the plane that are corners of their convex hull, anticlockwise; both ends of a flat one."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        return np.asarray(ConvexHull(points).vertices, dtype=np.intp)
    except QhullError:
        return np.asarray(np.lexsort(points.T)[[0, -1]])
