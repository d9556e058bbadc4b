"""Convex polytopes small enough to be iterated thousands of times: points, segments, polygons and solids alike.

Two dimensions have code of their own (`solvers.repeated.payoff_sets._polygon`); three and more use Qhull. Sets that are flat are
handled inside the affine space that they span, so that a point or a segment is an answer like any other. Coordinates
are meant to be of order one: `solvers.repeated.payoff_sets._payoff_set` scales payoffs before it comes here.
"""

from __future__ import annotations

from functools import cached_property
from itertools import combinations

import numpy as np
import numpy.typing as npt

from games.normal_form import FloatArray
from games.types import IndexArray
from games.words import counted
from solvers.base.deadline import checkpoint
from solvers.repeated.payoff_sets._barycentric import Triangulation
from solvers.repeated.payoff_sets._points import (
    blocks,
    clearly_solid,
    compass,
    distinct,
    merged,
    reach,
)
from solvers.repeated.payoff_sets._polygon import area, clipped, polygon
from solvers.repeated.payoff_sets._solids import convex_hull, intersection

__all__ = ["ROUNDING", "Polytope", "distinct", "reach"]

ROUNDING = 1e-12
"""Lengths below this, in units of the payoff range, are taken for rounding error."""

# Products of vertices and normals from which taking them again would take seconds.
_MANY_PRODUCTS = 100_000_000


class Polytope:
    """The convex hull of finitely many points in N dimensions.

    Attributes
    ----------
    vertices : array (V, N), read-only; in two dimensions counterclockwise
    normals, offsets : arrays (F, N) and (F,): the polytope is `{x : normals @ x <= offsets}`. Normals have length one; a
        flat polytope has its equations as pairs of opposite inequalities
    simplices : array (S, D) of vertex indices, a triangulation of the relative boundary of a D-dimensional polytope
    dimension : D, the dimension of the polytope itself (0 for a point)

    Examples
    --------
    >>> square = Polytope.hull([[0, 0], [1, 0], [1, 1], [0, 1], [0.5, 0.5]])
    >>> len(square.vertices), square.dimension, square.volume
    (4, 2, 1.0)
    >>> square.contains([0.5, 1.0]), square.contains([0.5, 1.1])
    (True, False)
    """

    def __init__(
        self,
        vertices: FloatArray,
        normals: FloatArray,
        offsets: FloatArray,
        simplices: IndexArray,
        dimension: int,
        volume: float,
    ) -> None:
        for array in (vertices, normals, offsets, simplices):
            array.setflags(write=False)
        self.vertices = vertices
        self.normals = normals
        self.offsets = offsets
        self.simplices = simplices
        self.dimension = dimension
        self.volume = volume
        """N-dimensional volume (area for N = 2); 0 for a flat polytope."""

    # ------------------------------------------------------------------ making one

    @classmethod
    def hull(cls, points: npt.ArrayLike, rounding: float = ROUNDING) -> Polytope:
        """The convex hull of the points, an array of shape (P, N) with P >= 1.

        Points closer than `rounding` in every coordinate may be merged, and a set thinner than about that is flattened.
        """
        given = np.asarray(points, dtype=np.float64)
        if given.ndim != 2 or given.shape[0] == 0:
            raise ValueError(f"a hull needs an array of shape (points, dimensions); got shape {given.shape}")
        if given.shape[1] == 2:
            corners = polygon(given, rounding)
            if len(corners) > 2:
                along = corners - corners[0]
                length = float(np.hypot(along[:, 0], along[:, 1]).max())
                if 2.0 * area(corners) > 4.0 * rounding * length:
                    return cls._from_polygon(corners)
                # Too thin to distinguish from a segment: its ends are the corners furthest apart.
                first = int((along**2).sum(axis=1).argmax())
                last = int(((corners - corners[first]) ** 2).sum(axis=1).argmax())
                corners = corners[[first, last]]
            return cls._flat(corners, rounding)
        return cls._flat(merged(given, rounding), rounding)

    @classmethod
    def _from_polygon(cls, corners: FloatArray) -> Polytope:
        step = np.concatenate([corners[1:], corners[:1]]) - corners
        normals = np.column_stack([step[:, 1], -step[:, 0]])
        normals /= np.hypot(normals[:, 0], normals[:, 1])[:, None]
        index = np.arange(len(corners))
        pairs = np.column_stack([index, (index + 1) % len(corners)])
        return cls(corners, normals, (corners @ normals.T).max(axis=0), pairs, 2, area(corners))

    @classmethod
    def _flat(cls, points: FloatArray, rounding: float) -> Polytope:
        """The hull within the affine space that the points span."""
        n = points.shape[1]
        if n >= 3 and clearly_solid(points):
            return cls._solid(points, rounding)
        centre = points.mean(axis=0)
        spread = np.zeros((max(n, len(points)), n))
        spread[: len(points)] = points - centre
        axes = np.linalg.svd(spread, full_matrices=False)[2]
        inside = (points - centre) @ axes.T
        dimension = int((np.ptp(inside, axis=0) > 4.0 * rounding).sum())
        if dimension == n >= 3:
            return cls._solid(points, rounding)
        across = axes[dimension:]
        if dimension == 0:
            kept, edge_normals, simplices = (
                np.zeros(1, dtype=np.intp),
                np.zeros((0, n)),
                np.zeros((0, 0), np.intp),
            )
        elif dimension == 1:
            kept = np.array([inside[:, 0].argmin(), inside[:, 0].argmax()])
            edge_normals, simplices = np.array([-axes[0], axes[0]]), np.array([[0], [1]], dtype=np.intp)
        else:
            flat = cls.hull(inside[:, :dimension], rounding)
            kept = np.array(
                [int(np.abs(inside[:, :dimension] - v).max(axis=1).argmin()) for v in flat.vertices]
            )
            edge_normals, simplices = flat.normals @ axes[:dimension], flat.simplices.copy()
        vertices = points[kept]
        normals = np.vstack([edge_normals, across, -across])
        return cls(vertices, normals, (vertices @ normals.T).max(axis=0), simplices, dimension, 0.0)

    @classmethod
    def _solid(cls, points: FloatArray, rounding: float) -> Polytope:
        from scipy.spatial import QhullError

        try:
            found = convex_hull(points)
        except QhullError:
            # Qhull's own remedies for points too close together: merge a little more, and at last shift them a little.
            if rounding < 1e-10:
                return cls._flat(merged(points, 10.0 * rounding), 10.0 * rounding)
            found = convex_hull(points, "QJ Pp")
        rank = np.full(len(points), -1, dtype=np.intp)
        rank[found.vertices] = np.arange(len(found.vertices))
        vertices = points[found.vertices]
        simplices = rank[found.simplices]
        whole = (simplices >= 0).all(axis=1)
        normals = np.ascontiguousarray(found.equations[np.argsort(~whole, kind="stable"), :-1])
        # Offsets are taken from the vertices: a sliver's normal may be poor, but its half-space must hold the set.
        offsets = reach(vertices, normals)
        return cls(vertices, normals, offsets, simplices[whole], points.shape[1], float(found.volume))

    @classmethod
    def nothing(cls, n: int) -> Polytope:
        """The empty set in n dimensions; its dimension is -1."""
        none = np.zeros((0, n))
        return cls(none, np.zeros((1, n)), np.array([-1.0]), np.zeros((0, 0), dtype=np.intp), -1, 0.0)

    # ------------------------------------------------------------------ asking it

    @property
    def halfspaces(self) -> FloatArray:
        """Array (F, N + 1) with rows (n, b): the polytope is the set of x with `n @ x <= b` for every row."""
        return np.column_stack([self.normals, self.offsets])

    @property
    def lowest(self) -> FloatArray:
        """The smallest value of each coordinate, shape (N,); infinity for the empty set."""
        return np.asarray(self.vertices.min(axis=0, initial=np.inf))

    @property
    def highest(self) -> FloatArray:
        """The largest value of each coordinate, shape (N,); minus infinity for the empty set."""
        return np.asarray(self.vertices.max(axis=0, initial=-np.inf))

    @cached_property
    def edges(self) -> IndexArray:
        """Array (E, 2) of vertex indices: every edge, and in solids the diagonals of a triangulated boundary."""
        return self.faces(1)

    def faces(self, k: int) -> IndexArray:
        """The k-dimensional simplices of the triangulated boundary, an array (S, k + 1) of vertex indices.

        A polytope of dimension k counts as its own face only for k = 1 (a segment).
        """
        if self.dimension == 1 and k == 1:
            return np.array([[0, 1]], dtype=np.intp)
        if self.dimension <= k:
            return np.zeros((0, k + 1), dtype=np.intp)
        parts = [self.simplices[:, list(c)] for c in combinations(range(self.dimension), k + 1)]
        found = np.sort(np.vstack(parts), axis=1)
        code = found @ (len(self.vertices) ** np.arange(k + 1))
        return np.asarray(found[np.unique(code, return_index=True)[1]])

    def excess(self, points: npt.ArrayLike) -> FloatArray:
        """How far each point (rows of an array (P, N)) lies beyond the furthest half-space; negative inside."""
        given = np.asarray(points, dtype=np.float64)
        out = np.empty(len(given))
        for rows in blocks(len(given), len(self.normals)):
            checkpoint()
            out[rows] = (given[rows] @ self.normals.T - self.offsets).max(axis=1)
        return out

    def contains(self, point: npt.ArrayLike, tolerance: float = 1e-9) -> bool:
        """Is the point (N,) inside? `tolerance` is relative to the polytope's largest extent in any coordinate."""
        if self.dimension < 0:
            return False
        size = float(np.ptp(self.vertices, axis=0).max())
        rounding = 1e-12 * float(np.abs(self.vertices).max())
        out = self.excess(np.asarray(point, dtype=np.float64)[None, :])[0]
        return bool(out <= tolerance * size + rounding)

    def distance(self, points: FloatArray) -> FloatArray:
        """An upper bound on the distance of each point (P, N) from the polytope: 0 inside, tight near its surface."""
        nearest = np.sqrt(((points[:, None, :] - self.vertices[None]) ** 2).sum(axis=2)).min(axis=1)
        nearest[self.excess(points) <= 0.0] = 0.0
        if self.dimension == 0:
            return np.asarray(nearest)
        # Drop a perpendicular on the affine hull, then walk from there towards the centre until inside.
        n = self.vertices.shape[1]
        own = len(self.offsets) - 2 * (n - self.dimension)
        centre = self.vertices.mean(axis=0)
        across = np.linalg.qr(self.normals[own : own + n - self.dimension].T)[0].T
        off = (points - centre) @ across.T
        foot = points - off @ across
        reach = (foot - centre) @ self.normals[:own].T
        room = np.maximum(self.offsets[:own] - self.normals[:own] @ centre, 0.0)
        share = np.divide(room, reach, out=np.ones_like(reach), where=reach > room).min(axis=1)
        walk = (1.0 - share) * np.sqrt(((foot - centre) ** 2).sum(axis=1))
        return np.asarray(np.minimum(nearest, np.sqrt((off**2).sum(axis=1)) + walk))

    def furthest(self, points: FloatArray) -> float:
        """The largest distance of any of the points (P, N) from the polytope; an upper bound, closer than `distance`."""
        bound = self.distance(points)
        if self.dimension < 2:
            return float(bound.max(initial=0.0))
        ends = self.vertices[self.edges]
        along = ends[:, 1] - ends[:, 0]
        squares = (along**2).sum(axis=1)
        most = 0.0
        for k in np.argsort(-bound):
            if bound[k] <= most:
                break
            point = points[k]
            share = np.clip(((point - ends[:, 0]) * along).sum(axis=1) / squares, 0.0, 1.0)
            near = np.sqrt(((point - ends[:, 0] - share[:, None] * along) ** 2).sum(axis=1).min())
            beyond = self.normals @ point - self.offsets
            facet = int(beyond.argmax())
            foot = point - beyond[facet] * self.normals[facet]
            if self.excess(foot[None, :])[0] <= ROUNDING:
                near = beyond[facet]
            most = max(most, min(float(bound[k]), float(near)))
        return most

    def weights(self, point: FloatArray) -> FloatArray:
        """Barycentric weights (V,) of a point of the polytope, at most D + 1 of them positive (Caratheodory)."""
        out = np.zeros(len(self.vertices))
        if self.dimension == 0:
            out[0] = 1.0
            return out
        near = np.abs(self.vertices - point).max(axis=1)
        if near.min() <= ROUNDING:
            out[near.argmin()] = 1.0
            return out
        if self.dimension == 1:
            step = self.vertices[1] - self.vertices[0]
            share = float(np.clip((point - self.vertices[0]) @ step / (step @ step), 0.0, 1.0))
            return np.array([1.0 - share, share])
        found = self._triangulation.weights(point)
        if found is None:
            out[near.argmin()] = 1.0
            return out
        return found

    @cached_property
    def _triangulation(self) -> Triangulation:
        return Triangulation(self.vertices, self.simplices)

    # ------------------------------------------------------------------ new ones from old

    def scaled(self, scale: FloatArray, shift: FloatArray) -> Polytope:
        """The image under `x -> scale * x + shift`, coordinate by coordinate; scales are positive."""
        if self.dimension < 0:
            return self
        normals = _near_one(self.normals / scale)
        normals = normals / np.sqrt((normals**2).sum(axis=1))[:, None]
        vertices = self.vertices * scale + shift
        if len(vertices) * len(normals) > _MANY_PRODUCTS:
            # Too many products to take again: the offsets follow from the old ones, up to rounding.
            raw = self.normals / scale
            length = np.sqrt((_near_one(raw) ** 2).sum(axis=1)) * _power_of(raw)
            offsets = self.offsets / length + normals @ shift
        else:
            offsets = reach(vertices, normals) if len(normals) else self.offsets.copy()
        with np.errstate(over="ignore"):
            # A volume may be beyond the largest float where no length is.
            volume = self.volume * float(np.prod(scale))
        return Polytope(vertices, normals, offsets, self.simplices.copy(), self.dimension, volume)

    @property
    def centroid(self) -> FloatArray:
        """The centre of gravity of a full-dimensional polytope, shape (N,)."""
        first = self.vertices.mean(axis=0)
        corners = self.vertices[self.simplices]
        volumes = np.abs(np.linalg.det(corners - first))
        n = len(first)
        return np.asarray(first + volumes @ (corners - first).sum(axis=1) / ((n + 1) * volumes.sum()))

    def cut(self, normals: FloatArray, levels: FloatArray) -> Polytope:
        """The part of a polygon, or of a solid, where `normals @ x <= levels`.

        In the plane, a half-space that would leave nothing is passed over. Solids of which too little is left, and flat
        sets in more dimensions than two, stay as they are: what comes back contains what is asked for in any case.
        """
        n = self.vertices.shape[1]
        if n == 2 and self.dimension > 0:
            ring = clipped(self.vertices, normals, levels, ROUNDING)
            return self if ring is None else Polytope.hull(ring)
        if self.dimension < n:
            return self
        normals, levels = np.vstack([self.normals, normals]), np.concatenate([self.offsets, levels])
        corners = intersection(normals, levels, self.vertices.mean(axis=0))
        return self if corners is None else Polytope.hull(corners)

    def pulled(self, factor: float) -> Polytope:
        """The polytope with every vertex moved to `factor` times its distance from the mean of the vertices."""
        centre = self.vertices.mean(axis=0)
        return Polytope.hull(centre + factor * (self.vertices - centre))

    def thinned(self, error: float, outwards: bool) -> Polytope:
        """A polytope on fewer vertices, nowhere more than about `error` away from this one.

        Inwards, it keeps some of the vertices. Outwards, the kept vertices next to those that were dropped are then
        moved away from the centre until what was dropped is covered, so that the result contains this polytope.
        """
        if self.dimension < 2:
            return self
        n = self.vertices.shape[1]
        chosen = np.unique((self.vertices @ compass(n).T).argmax(axis=0))
        while True:
            rough = Polytope.hull(self.vertices[chosen])
            if rough.dimension < self.dimension:
                beyond = self.vertices @ rough.normals.T - rough.offsets
            else:
                own = len(rough.offsets) - 2 * (n - self.dimension)
                beyond = self.vertices @ rough.normals[:own].T - rough.offsets[:own]
            worst = beyond.argmax(axis=0)
            most = beyond[worst, np.arange(len(worst))]
            grown = np.union1d(chosen, worst[most > error])
            if len(grown) == len(chosen):
                break
            chosen = grown
        if rough.dimension < self.dimension:
            return self
        if not outwards or most.max() <= 0.0:
            return rough
        centre = rough.vertices.mean(axis=0)
        room = rough.offsets[:own] - rough.normals[:own] @ centre
        if len(rough.simplices) != own or room.min() <= 0.0:
            return self
        # The facet that a dropped vertex lies above, seen from the centre, covers it once its corners are stretched enough.
        ratio = beyond / room
        above = ratio.argmax(axis=1)
        stretch = ratio[np.arange(len(ratio)), above]
        if stretch.max() > 10.0 * error:
            return self
        each = np.ones(len(rough.vertices))
        for column in rough.simplices[above].T:
            np.maximum.at(each, column, 1.0 + stretch)
        return Polytope.hull(centre + each[:, None] * (rough.vertices - centre))

    def __repr__(self) -> str:
        what = {-1: "empty", 0: "a point", 1: "a segment", 2: "a polygon"}.get(
            self.dimension, f"a {self.dimension}-polytope"
        )
        return f"<Polytope: {what} with {counted(len(self.vertices), 'vertex', 'vertices')}, volume {self.volume:.6g}>"


def _near_one(rows: FloatArray) -> FloatArray:
    """The rows times powers of two, which round nothing, so that squares neither overflow nor vanish."""
    return np.asarray(rows / _power_of(rows)[:, None])


def _power_of(rows: FloatArray) -> FloatArray:
    """A power of two next to the largest entry of each row."""
    return np.asarray(np.ldexp(1.0, np.frexp(np.abs(rows).max(axis=1, initial=0.0))[1]))
