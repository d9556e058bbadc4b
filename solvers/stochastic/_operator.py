"""The operator of Abreu, Pearce and Stacchetti (1990) by state, on polytopes.

Profile a in state s is enforced by promises w(t) in W(t), one for every next state t, if for every player i

    (1 - d_i) g_i(a) + d_i w_i >= max_b [ (1 - d_i) g_i(b, a_-i) + d_i sum_t p(t | b, a_-i) u_i(t) ],    w = sum_t p(t | a)
    w(t),

u_i(t) being what a deviator is held to from state t on. So w lies in the weighted sum `sum_t p(t | a) W(t)`, cut by a corner
{ w >= t(s, a) }, and the operator maps W(s) to the hull of all `(1 - d) g(a) + d w`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from games.normal_form import FloatArray
from games.types import BoolArray, IndexArray
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope
from solvers.stochastic._fan import Fan
from solvers.stochastic._pairs import Pairs

__all__ = ["Generated", "generate", "lowest", "thresholds"]


@dataclass(frozen=True)
class Generated:
    """What pairs of a state and a profile generate: rows of equal index belong together.

    Attributes
    ----------
    pairs : array (P,), the numbers of the pairs, in rising order
    promises : array (P, N), what is promised on average over next states
    payoffs : array (P, N), `(1 - d) g + d promise`
    """

    pairs: IndexArray
    promises: FloatArray
    payoffs: FloatArray


def lowest(sets: Sequence[Polytope]) -> FloatArray:
    """The worst payoffs of each state (S, N)."""
    return np.stack([W.lowest for W in sets])


def thresholds(pairs: Pairs, punishments: FloatArray) -> FloatArray:
    """What must be promised so that nobody departs from a pair, (M, N), if deviators are held to `punishments` (S, N)."""
    d = pairs.discount
    best = pairs.best_response(pairs.worth(punishments))
    return np.asarray((best - (1.0 - d) * pairs.payoffs) / d)


def generate(
    pairs: Pairs,
    fan: Fan,
    punishments: FloatArray,
    among: BoolArray | None = None,
    give: float = ROUNDING,
) -> Generated:
    """The vertices of what every pair generates, promises taken from the polytopes of the fan.

    Parameters
    ----------
    punishments : array (S, N)
    among : boolean array (M,), the pairs to be tried; all by default
    give : constraints may be missed by this much (rounding error)
    """
    corners = thresholds(pairs, punishments)
    most = pairs.step @ fan.vertices.max(axis=1)
    possible = (corners <= most + give).all(axis=1)
    if among is not None:
        possible &= among
    rows = np.flatnonzero(possible)
    where, promises = _cut(fan, pairs.step[rows], corners[rows], give)
    order = np.argsort(where, kind="stable")
    number, promises = rows[where[order]], promises[order]
    d = pairs.discount
    return Generated(number, promises, (1.0 - d) * pairs.payoffs[number] + d * promises)


def _cut(fan: Fan, weights: FloatArray, corners: FloatArray, give: float) -> tuple[IndexArray, FloatArray]:
    """Vertices of the weighted sums, weights (A, S), cut by `{w >= t}` for the corners t (A, N): their rows and the points."""
    n = corners.shape[1]
    states, count, _ = fan.vertices.shape
    sums = (weights @ fan.vertices.reshape(states, -1)).reshape(len(weights), count, n)
    above = sums - corners[:, None, :]
    near = above >= -give
    row, vertex = np.nonzero(near.all(axis=2))
    parts = [(row, sums[row, vertex])]
    limits = corners - give

    def add(row: IndexArray, points: FloatArray) -> None:
        fits = (points >= limits[row]).all(axis=1)
        parts.append((row[fits], points[fits]))

    if fan.dimension == 0:
        return parts[0]
    if n > 2 or fan.dimension == 1:
        over = above > give
        first, second = fan.edges.T
        for i in range(n):
            up, under = over[:, :, i], ~near[:, :, i]
            row, edge = np.nonzero(up[:, first] & under[:, second] | under[:, first] & up[:, second])
            one, other = above[row, first[edge], i], above[row, second[edge], i]
            share = (one / (one - other))[:, None]
            add(row, (1.0 - share) * sums[row, first[edge]] + share * sums[row, second[edge]])
    if fan.dimension > 1:
        levels = weights @ fan.levels
        for free in range(n):
            for row, points in _lines(fan.normals, levels, corners, free, give):
                add(row, points)
    return np.concatenate([part[0] for part in parts]), np.concatenate([part[1] for part in parts])


def _lines(
    normals: FloatArray, levels: FloatArray, corners: FloatArray, free: int, give: float
) -> list[tuple[IndexArray, FloatArray]]:
    """All constraints but one bind: where the line along the `free` coordinate enters and leaves each sum.

    As in `solvers.repeated`, with levels (A, F) of their own for every row.
    """
    slope = normals[:, free]
    fixed = corners.copy()
    fixed[:, free] = 0.0
    # Where a facet is nearly parallel to the line, rounding may cut off far too much: such facets give way a little.
    room = levels + np.where(np.abs(slope) < 1e-3, give, 0.0) - fixed @ normals.T
    up, down = np.flatnonzero(slope > 1e-11), np.flatnonzero(slope < -1e-11)
    level = np.abs(slope) <= 1e-11
    if not len(up) or not len(down):
        return []
    highest = (room[:, up] / slope[up]).min(axis=1)
    lowest = (room[:, down] / slope[down]).max(axis=1)
    bottom = np.maximum(lowest, corners[:, free])
    meets = (room[:, level] >= -20.0 * give).all(axis=1) & (bottom <= highest + give)

    def at(row: IndexArray, height: FloatArray) -> tuple[IndexArray, FloatArray]:
        points = corners[row].copy()
        points[:, free] = height
        return row, points

    row = np.flatnonzero(meets)
    found = [at(row, highest[row]), at(row, np.minimum(bottom, highest)[row])]
    return found
