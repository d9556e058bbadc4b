"""Corners of convex hulls in the plane: sorted, not looked for by Qhull, since there are very many small ones to be made."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.normal_form import FloatArray

__all__ = ["area", "clipped", "polygon"]

_COMPASS = np.array([np.cos(2 * np.pi * np.arange(32) / 32), np.sin(2 * np.pi * np.arange(32) / 32)])


def polygon(points: FloatArray, rounding: float) -> FloatArray:
    """Corners of the convex hull in the plane, counterclockwise (Andrew's monotone chain)."""
    if len(points) > 64:
        points = points[_outside_ring(points, 1e-3 * rounding)]
    order = np.lexsort((points[:, 1], points[:, 0]))
    sequence: list[list[float]] = []
    for p in points[order].tolist():
        if sequence and abs(p[0] - sequence[-1][0]) <= rounding and abs(p[1] - sequence[-1][1]) <= rounding:
            continue
        sequence.append(p)
    if len(sequence) < 3:
        return np.array(sequence)
    chains = []
    for run in (sequence, sequence[::-1]):
        chain: list[list[float]] = []
        for p in run:
            while len(chain) > 1:
                (x0, y0), (x1, y1) = chain[-2], chain[-1]
                if (x1 - x0) * (p[1] - y0) - (y1 - y0) * (p[0] - x0) > 0.0:
                    break
                chain.pop()
            chain.append(p)
        chains.append(chain)
    return np.array(_plain_corners(chains[0][:-1] + chains[1][:-1], 1e-3 * rounding))


def _plain_corners(ring: list[list[float]], least: float) -> list[list[float]]:
    """The ring without corners that stand out from the chord of their neighbours by no more than `least`."""
    # Start from a corner that surely is one: the furthest from the leftmost.
    far = max(range(len(ring)), key=lambda k: abs(ring[k][0] - ring[0][0]) + abs(ring[k][1] - ring[0][1]))
    ring = ring[far:] + ring[:far]
    kept = ring[:1]
    for k in range(1, len(ring)):
        (x0, y0), (x1, y1), (x2, y2) = kept[-1], ring[k], ring[(k + 1) % len(ring)]
        height = (x1 - x0) * (y2 - y0) - (y1 - y0) * (x2 - x0)
        between = (x1 - x0) * (x2 - x1) + (y1 - y0) * (y2 - y1) >= 0.0
        if not (between and height <= least * (abs(x2 - x0) + abs(y2 - y0))):
            kept.append(ring[k])
    return kept


def _outside_ring(points: FloatArray, least: float) -> npt.NDArray[np.bool_]:
    """True for the points that may be corners: the extreme ones in 32 directions, and what stands out from their hull.

    Standing out by less than `least` does not count, as in `_plain_corners`; most points lie on an edge of the set.
    """
    x, y = np.ascontiguousarray(points.T)
    ring = (points @ _COMPASS).argmax(axis=0)
    for last in (False, True):
        start, step = points[ring], points[np.concatenate([ring[1:], ring[:1]])] - points[ring]
        size = np.abs(step).sum(axis=1)
        long = size > 1e3 * least
        (x0, y0), (dx, dy) = start[long].T[..., None], step[long].T[..., None]
        left = dx * (y - y0) - dy * (x - x0)
        if not last:
            # A narrow corner can lie between two of the directions: take the furthest point beyond every edge as well.
            beyond = ring.copy()
            beyond[long] = np.where(left.min(axis=1) < 0.0, left.argmin(axis=1), ring[long])
            ring = np.column_stack([ring, beyond]).ravel()
    outside = np.asarray((left < -least * size[long, None]).any(axis=0))
    outside[ring] = True
    return outside


def clipped(
    corners: FloatArray, normals: FloatArray, levels: FloatArray, rounding: float
) -> FloatArray | None:
    """Corners of the part of a convex polygon where `normals @ x <= levels` (Sutherland and Hodgman 1974); None if that is all.

    A half-plane that would leave nothing is passed over. Rings are short: plain lists are much faster than arrays.
    """
    ring: list[list[float]] = corners.tolist()
    whole = True
    for (a, b), level in zip(normals.tolist(), levels.tolist()):
        beyond = [a * x + b * y - level for x, y in ring]
        if max(beyond) <= rounding or min(beyond) > rounding:
            continue
        whole, kept = False, []
        for k, (here, point) in enumerate(zip(beyond, ring), 1 - len(ring)):
            # Numbers up to 0 stand for what comes after: the last corner is followed by the first.
            there, (x, y) = beyond[k], ring[k]
            if here <= rounding:
                kept.append(point)
            if (here <= rounding) != (there <= rounding):
                share = min(max(here / (here - there), 0.0), 1.0)
                kept.append([(1.0 - share) * point[0] + share * x, (1.0 - share) * point[1] + share * y])
        ring = kept
    return None if whole else np.array(ring)


def area(corners: FloatArray) -> float:
    x, y = (corners - corners[0]).T
    return float(0.5 * abs(x[:-1] @ y[1:] - y[:-1] @ x[1:]))
