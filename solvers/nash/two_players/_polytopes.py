"""Vertices of best-response polytopes by the double description method, in floats or in integers.

For a positive matrix B of shape (m, n), payoffs to the player who chooses the column, the polytope is

    P = { x in R^m : x >= 0, x B <= 1 }.

Label i < m is tight where x_i = 0, label m + j where column j is a best response. The inequalities are added one at a time; a new
vertex arises on each edge that the new inequality cuts (Motzkin, Raiffa, Thompson and Thrall 1953). In floats this is done for
simple polytopes only, where two vertices are adjacent exactly if they share m - 1 labels. These are found by sorting. Any slack
too close to zero to be told from a tie stops it. In integers it is done for every polytope, with the combinatorial test of
adjacency (Fukuda and Prodon 1996). Qhull finds a few hundred vertices faster: they are facets of the polar polytope.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from games.types import BoolArray, FloatArray
from solvers.base.rays import edges, reduced
from solvers.equilibrium.rational import IntegerMatrix, NearTie

__all__ = ["Stop", "TooMany", "Vertices", "float_vertices", "hull_vertices", "integer_vertices"]

# Called with the seconds that the next step will take; raises Stop if they are not left.
Check: TypeAlias = Callable[[float], None]

# In units of the payoff range. Rounding moves a slack by some 1e-15, random 12x12 games have none below 1e-9.
_TIE = 1e-11
_CHUNK = 1 << 23


class Stop(Exception):
    """The time is over."""


class TooMany(Exception):
    """More vertices than allowed."""


@dataclass(frozen=True)
class Vertices:
    """All vertices of P except the origin.

    `tight` (V, m + n) says which labels each vertex has. `points` are the V rows (x_1, ..., x_m, t) in integers,
    the vertex being x / t; None from the float method, whose vertices are recomputed from their labels.
    """

    tight: BoolArray
    points: list[list[int]] | None

    @property
    def simple(self) -> bool:
        """True if every vertex has as many tight labels as the polytope has dimensions."""
        return bool((self.tight.sum(axis=1) == self._dimension).all())

    _dimension: int


def float_vertices(B: FloatArray, check: Check, limit: int) -> Vertices:
    """Vertices of P in floats; B has entries between 1 and 2.

    Raises NearTie where the polytope is not clearly simple, TooMany past `limit` vertices, and what `check` raises.
    """
    m, n = B.shape
    size = m + n
    codes = _codes(size)
    # labels[v, k] is a tight label of vertex v, and dropping it leads along an edge to vertex next_to[v, k]; where that is the
    # origin, which no inequality cuts off, v itself stands for it.
    labels = np.tile(np.arange(m), (m + 1, 1))
    next_to = np.tile(np.arange(1, m + 1), (m + 1, 1))
    labels[np.arange(1, m + 1), np.arange(m)] = m
    keys = np.bitwise_xor.reduce(codes[labels], axis=1)
    points = np.zeros((m, m + 1))
    points[:, 1:] = np.diag(1.0 / B[:, 0])
    # Rows: the coordinates, then the slacks of the inequalities still to come, the next one last.
    rows = np.concatenate([points, (1.0 - B.T[1:] @ points)[::-1]])
    rate = 0.0
    for label in range(m + 1, size):
        check(0.0)
        value, rows = rows[-1], rows[:-1]
        if np.abs(value).min() < _TIE:
            raise NearTie
        inside = value > 0
        if inside.all():
            continue
        kept = np.flatnonzero(inside)
        neighbours = next_to[kept]
        edge, k = np.nonzero(~inside[neighbours])
        if len(kept) + len(edge) > limit:
            raise TooMany
        # One step may take longer than all before it: ask for the time that it will need.
        check(rate * len(edge))
        begun = time.monotonic()
        a, b = kept[edge], neighbours[edge, k]
        width = value[a] - value[b]
        new = rows[:, a] * (-value[b] / width) + rows[:, b] * (value[a] / width)
        count = np.arange(len(edge))
        number = len(kept) + count
        neighbours = (np.cumsum(inside) - 1)[neighbours]
        neighbours[edge, k] = number
        new_labels = labels[a]
        new_keys = keys[a] ^ codes[new_labels[count, k]] ^ codes[label]
        new_labels[count, k] = label
        new_next = _match_ridges(new_keys[:, None] ^ codes[new_labels], count, k) + len(kept)
        new_next[count, k] = edge
        labels, next_to = np.concatenate([labels[kept], new_labels]), np.concatenate([neighbours, new_next])
        keys = np.concatenate([keys[kept], new_keys])
        rows = np.concatenate([rows[:, kept], new], axis=1)
        if len(edge) > 1000:
            rate = 1.2 * (time.monotonic() - begun) / len(edge)
    tight = _checked(rows.T, labels, B)
    if tight is None:
        raise NearTie
    return Vertices(tight, None, m)


def _codes(labels: int) -> npt.NDArray[np.uint64]:
    """Codes of labels whose exclusive-or tells sets of labels apart: a bit each, or random ones of more labels than bits."""
    if labels <= 64:
        return np.uint64(1) << np.arange(labels, dtype=np.uint64)
    return np.random.default_rng(0).integers(2**64, size=labels, dtype=np.uint64)


def hull_vertices(B: FloatArray) -> Vertices | None:
    """The same as `float_vertices`, from Qhull; B has at least two rows. None where Qhull's answer does not pass the checks.

    Moved to a point inside, P is { z : a_k z <= 1 for all k }, and its vertices are the facets of the hull of all a_k. Qhull's
    word is not taken: labels are checked at each vertex, and on every edge from a vertex there must be another. Edges
    connect all vertices of a polytope (Balinski 1961), so that none is missing then.

    Raises NearTie where the polytope is not clearly simple.

    >>> sorted(hull_vertices(np.array([[1.0, 2.0], [2.0, 1.0]])).tight.astype(int).tolist())
    [[0, 0, 1, 1], [0, 1, 0, 1], [1, 0, 1, 0]]
    """
    from scipy.spatial import ConvexHull, QhullError

    m, n = B.shape
    inside = 0.25 / m
    hull_of = np.zeros((m + n, m))
    hull_of[np.arange(m), np.arange(m)] = -1.0 / inside
    np.divide(B.T, (1.0 - inside * B.sum(axis=0))[:, None], out=hull_of[m:])
    try:
        hull = ConvexHull(hull_of)
    except QhullError:
        return None
    equations, labels = hull.equations, hull.simplices
    tight = _checked(inside - equations[:, :-1] / equations[:, -1:], labels, B)
    if tight is None:
        return None
    codes = np.uint64(1) << np.arange(m + n, dtype=np.uint64)
    own = codes[labels]
    edges = (np.bitwise_or.reduce(own, axis=1)[:, None] ^ own).reshape(-1).tolist()
    return Vertices(tight, None, m) if 2 * len(set(edges)) == len(edges) else None


def _checked(points: FloatArray, labels: npt.NDArray[np.integer], B: FloatArray) -> BoolArray | None:
    """Which labels are tight at which points, (V, m + n), without the origin; None if rounding has moved a point too far.

    Tight labels must be tight at the vertex as computed, and no other label close to it: else NearTie.
    """
    m, n = B.shape
    slack = np.empty((len(points), m + n))
    slack[:, :m] = points
    np.subtract(1.0, points @ B, out=slack[:, m:])
    flat = slack.reshape(-1)
    where = (labels + (m + n) * np.arange(len(points))[:, None]).reshape(-1)
    worst = np.abs(flat[where]).max()
    flat[where] = np.inf
    # Written so that an undefined number passes neither.
    if not worst <= _TIE / 10:
        return None
    if not flat.min() >= _TIE:
        raise NearTie
    tight: BoolArray = np.isinf(slack)[(labels >= m).any(axis=1)]
    return tight


def _match_ridges(
    ridges: npt.NDArray[np.uint64], count: npt.NDArray[np.intp], k: npt.NDArray[np.intp]
) -> npt.NDArray[np.intp]:
    """For each ridge of each new vertex the other new vertex that has it; entry k of each vertex is left at zero.

    In a simple polytope each ridge belongs to exactly two; anything else means that a sign was wrong.
    """
    width = ridges.shape[1]
    wanted = np.ones(ridges.shape, dtype=np.bool_)
    wanted[count, k] = False
    places = np.flatnonzero(wanted)
    values = ridges.reshape(-1)[places]
    order = np.argsort(values)
    values, places = values[order], places[order]
    one, other = places[::2], places[1::2]
    if len(places) % 2 or (values[::2] != values[1::2]).any():
        raise NearTie
    out = np.zeros(ridges.size, dtype=np.intp)
    out[one], out[other] = other // width, one // width
    return out.reshape(ridges.shape)


def integer_vertices(B: IntegerMatrix, check: Check, limit: int) -> Vertices:
    """Vertices of P exactly; B is a matrix of positive Python integers. Raises TooMany and what `check` raises."""
    columns = np.array(B, dtype=object)
    m, n = columns.shape
    # A ray (x, t) is held as x, then the slacks t - x B, then t, all integers without a common factor.
    rays = np.zeros((m + 1, m + n + 1), dtype=object)
    rays[0, m:] = 1
    for i in range(m):
        rays[i + 1, i] = 1
        rays[i + 1, m:-1] = B[i][0] - columns[i]
        rays[i + 1, -1] = B[i][0]
    rays = reduced(rays)
    for label in range(m + 1, m + n):
        check(0.0)
        value = rays[:, label]
        inside, outside = np.flatnonzero(value > 0), np.flatnonzero(value < 0)
        if not len(outside):
            continue
        a, b = edges(rays[:, :label] == 0, inside, outside, m - 1, lambda: check(0.0))
        new = rays[a] * -value[b][:, None] + rays[b] * value[a][:, None]
        rays = np.concatenate([rays[value >= 0], reduced(new)])
        if len(rays) > limit:
            raise TooMany
    rays = rays[(rays[:, :m] != 0).any(axis=1)]
    points: list[list[int]] = np.delete(rays, np.s_[m:-1], axis=1).tolist()
    return Vertices(np.asarray(rays[:, :-1] == 0, dtype=np.bool_), points, m)
