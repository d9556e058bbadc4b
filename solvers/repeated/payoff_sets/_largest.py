"""Proof that a fixed point of the operator is the largest one, without iterating down to it.

Let V* be the set of equilibrium payoffs, P a polytope inside it with facets n_f . x <= c_f, and s_f the greatest value of
n_f . v on V*. By linear programming duality, what profile a contributes to s_f is at most

    (1 - d) n_f . g(a) + y . s - z . t(a),        for any y, z >= 0 with  sum_k y_k n_k - z = d n_f

(with unequal discount factors `(1 - d) n_f` and `d n_f` coordinate by coordinate), where t(a) falls when the lowest
payoffs, themselves entries of s, fall. So `s <= max_a (alpha_a + A_a s)` with matrices A_a >= 0, for whatever multipliers
(y, z) are chosen; those that are optimal at P are chosen. Suppose there are weights v > 0 with `A_a v <= k v` for
every a and some k < 1. The map on the right then contracts, and s exceeds c by at most `r v / (1 - k)`, where `r v`
is what the map exceeds c by at c. For an exact fixed point that is rounding error. Pairs of a profile and a facet
that cannot meet even within an outer polytope W are left out.

The weights are found by iterating v -> max_a A_a v (Collatz and Wielandt's bounds on the spectral radius).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from games.normal_form import FloatArray
from games.types import BoolArray, IndexArray
from solvers.base.deadline import checkpoint
from solvers.repeated.payoff_sets._operator import Generated, Stage, generate
from solvers.repeated.payoff_sets.polytope import ROUNDING, Polytope, distinct, reach

__all__ = ["excess"]

_ROUNDS = 60
_FLOOR = 1e-3
_NEGATIVE = 1e-11
_ON = 1e-10
_MORE = 2
_SINGULAR = 1e-9


@dataclass(frozen=True)
class _Pairs:
    """Bounds on what profiles contribute to facets; one a row, rows with equal profile and facet next to one another.

    Attributes
    ----------
    profile, facet : arrays (P,)
    parts, index : arrays (P, N), the multipliers and the entries of s that they multiply
    over : array (P,), by how much the bound exceeds the facet's level at P
    """

    profile: IndexArray
    facet: IndexArray
    parts: FloatArray
    index: IndexArray
    over: FloatArray

    def some(self, rows: BoolArray | IndexArray) -> _Pairs:
        return _Pairs(
            self.profile[rows], self.facet[rows], self.parts[rows], self.index[rows], self.over[rows]
        )

    def times(self, v: FloatArray) -> FloatArray:
        return np.asarray((self.parts * v[self.index]).sum(axis=1))

    @cached_property
    def first(self) -> BoolArray:
        """True for the first row of every pair."""
        return np.asarray((np.diff(self.profile, prepend=-1) != 0) | (np.diff(self.facet, prepend=-1) != 0))

    @cached_property
    def number(self) -> IndexArray:
        """The number of the pair that a row belongs to."""
        return np.cumsum(self.first)

    def least(self, v: FloatArray) -> _Pairs:
        """Of every pair the row whose bound grows least with v."""
        return self.some(np.lexsort((self.times(v), self.number))[self.first])


def excess(stage: Stage, P: Polytope, made: Generated, W: Polytope) -> float:
    """How far the equilibrium payoffs may reach beyond P, at most; infinity if the proof does not succeed.

    Parameters
    ----------
    stage : Stage
    P : a self-generating polytope
    made : what P generates, its own worst payoffs as punishments
    W : a polytope that contains every equilibrium payoff

    Returns
    -------
    float, in units of the payoff range, along the normal of any facet of P
    """
    n = len(stage.scale)
    # Facets within the affine space of P, the two sides of that space, and the worst payoffs.
    flat = n - P.dimension
    own = P.normals[: len(P.normals) - 2 * flat]
    own = distinct(own, 10)
    normals = np.concatenate([own, P.normals[len(P.normals) - 2 * flat :], -np.eye(n)])
    level = reach(P.vertices, normals)
    punishment = np.maximum(W.lowest, stage.minmax)
    possible: BoolArray = np.asarray((punishment + stage.costs <= W.highest + ROUNDING).all(axis=1))
    needed = np.broadcast_to(possible[:, None], (len(possible), len(normals)))
    shrinks = 0.0
    if stage.equal_discount:
        # Where a profile pays no more than the facet's level, promises beyond the facet shrink by the discount factor.
        needed = needed & (stage.payoffs @ normals.T > level + ROUNDING)
        shrinks = float(stage.discount[0])
    # A worst payoff that is the minmax cannot fall any lower: there the punishment is a constant.
    constant = np.zeros(len(normals), dtype=np.bool_)
    constant[-n:] = P.lowest <= stage.minmax + ROUNDING
    limits = np.where(constant, np.concatenate([level[:-n], -stage.minmax]), level)
    pairs = _bounds(stage, made, normals, flat, level, limits, needed)
    open_pairs = needed.copy()
    open_pairs[pairs.profile, pairs.facet] = False
    if not _harmless(stage, W, punishment, open_pairs, normals, level):
        return np.inf
    pairs.parts[constant[pairs.index]] = 0.0
    room = np.maximum(reach(W.vertices, normals) - level, 0.0)
    beyond = np.inf
    # The first bound holds the set so closely that fewer pairs matter to a second one, which rounding blurs less.
    for v in (np.maximum(room, _FLOOR * max(float(room.max()), ROUNDING)), np.ones(len(level))):
        below = pairs.over + pairs.times(room) < -ROUNDING
        short = np.zeros_like(needed)
        short[pairs.profile[below], pairs.facet[below]] = True
        pairs = pairs.some(~short[pairs.profile, pairs.facet])
        rate, v, chosen = _rate(pairs, v, shrinks)
        if rate >= 1.0:
            break
        over = np.maximum(chosen.over, 0.0) + 4.0 * np.finfo(np.float64).eps
        share = float((over / v[chosen.facet]).max(initial=0.0)) / (1.0 - rate)
        room = np.minimum(room, share * v)
        beyond = float(room.max())
    return beyond


def _rate(pairs: _Pairs, v: FloatArray, shrinks: float) -> tuple[float, FloatArray, _Pairs]:
    """The rate at which the bounds contract in the best weights found, starting from v; these; and the bounds used.

    Besides the pairs, every entry of s is bounded by itself, shrunk.
    """
    best, weights, chosen = np.inf, v, pairs
    for _ in range(_ROUNDS):
        checkpoint()
        image = shrinks * v
        use = pairs.least(v)
        np.maximum.at(image, use.facet, use.times(v))
        rate = float((image / v).max())
        if rate < best:
            best, weights, chosen = rate, v, use
        if best < 0.5 * (1.0 + shrinks):
            break
        # Half of the way: weights that take turns would never settle.
        v = np.maximum(v / v.max() + image / image.max(), 1e-6)
    return best, weights, chosen


def _bounds(
    stage: Stage,
    made: Generated,
    normals: FloatArray,
    flat: int,
    level: FloatArray,
    limits: FloatArray,
    needed: BoolArray,
) -> _Pairs:
    """The bounds from optimal multipliers, for those pairs for which they are needed and were found.

    `level` are the greatest values of the normals on P, `limits` what promises are limited by.
    """
    n, d = len(stage.scale), stage.discount
    facets = len(normals) - n - 2 * flat
    bound = made.planes.sum(axis=1)
    use = np.flatnonzero(((bound > 0) | (not stage.equal_discount)) & needed[made.profiles].any(axis=1))
    use = use[np.argsort(made.profiles[use], kind="stable")]
    profiles = made.profiles[use]
    value = made.continuations[use] @ (d * normals).T + (stage.payoffs @ ((1.0 - d) * normals).T)[profiles]
    starts = np.flatnonzero(np.diff(profiles, prepend=-1))
    best = np.maximum.reduceat(value, starts) if len(use) else value
    among = np.repeat(np.arange(len(starts)), np.diff(np.append(starts, len(use))))
    row, facet = np.nonzero((value >= best[among] - 0.1 * ROUNDING) & needed[profiles])
    some, back = np.unique(row, return_inverse=True)
    w, planes, k = made.continuations[use[some]], made.planes[use[some]], bound[use[some]]
    # What determines a promise: the space of P, the constraints that bind, and for the rest facets that it lies on. Where
    # there are more of these than are needed, every choice gives a bound.
    below = level[:facets] - w @ normals[:facets].T
    nearest = np.argsort(below, axis=1)[:, : n + _MORE]
    on = np.take_along_axis(below, nearest, axis=1) <= _ON
    worst = len(normals) - n + np.argsort(~planes, axis=1, kind="stable")
    found = []
    for least in range(min(k.min(initial=n), n - flat), n - flat + 1):
        which = np.flatnonzero(np.minimum(k, n - flat) == least)
        for choice in combinations(range(min(nearest.shape[1], n - flat - least + _MORE)), n - flat - least):
            checkpoint()
            own = which[on[which][:, list(choice)].all(axis=1)]
            space = np.broadcast_to(facets + np.arange(flat), (len(own), flat))
            index = np.hstack([space, worst[own, :least], nearest[own][:, list(choice)]])
            at = np.full(len(some), -1)
            at[own] = np.arange(len(own))
            found.append(_with(normals, index, (d * normals)[facet], at[back], flat))
    chosen, parts, index = (np.concatenate(part) for part in zip(*found))
    parts = np.maximum(parts, 0.0)
    profile, facet = profiles[row[chosen]], facet[chosen]
    player = index - (len(normals) - n)
    cost = np.where(player >= 0, stage.costs[profile[:, None], np.maximum(player, 0)], 0.0)
    bounds = (stage.payoffs[profile] * (1.0 - d) * normals[facet]).sum(axis=1) + (
        parts * (limits[index] - cost)
    ).sum(axis=1)
    # Rounding leaves the multipliers a little off; payoffs lie between 0 and 1, so that the bounds change by no more than this.
    off = np.abs((parts[:, :, None] * normals[index]).sum(axis=1) - d * normals[facet]).sum(axis=1)
    order = np.lexsort((facet, profile))
    return _Pairs(profile, facet, parts, index, bounds - level[facet] + off).some(order)


def _with(
    normals: FloatArray, index: IndexArray, wanted: FloatArray, at: IndexArray, flat: int
) -> tuple[IndexArray, FloatArray, IndexArray]:
    """The rows of `wanted` that these constraints can make up, with which multipliers; `at` says which constraints to use."""
    system = normals[index].transpose(0, 2, 1)
    sound = np.abs(np.linalg.det(system)) > _SINGULAR
    system[~sound] = np.eye(normals.shape[1])
    rows = np.flatnonzero(at >= 0)
    rows = rows[sound[at[rows]]]
    parts = (np.linalg.inv(system)[at[rows]] @ wanted[rows][:, :, None])[:, :, 0]
    index = index[at[rows]]
    # On the space of P itself either side is right.
    index[:, :flat] += flat * (parts[:, :flat] < 0.0)
    parts[:, :flat] = np.abs(parts[:, :flat])
    fine = (parts >= -_NEGATIVE).all(axis=1)
    return rows[fine], parts[fine], index[fine]


def _harmless(
    stage: Stage,
    W: Polytope,
    punishment: FloatArray,
    pairs: BoolArray,
    normals: FloatArray,
    level: FloatArray,
) -> bool:
    """Do the profiles stay below the facets they are paired with even with promises from all of W?"""
    profiles: BoolArray = np.asarray(pairs.any(axis=1))
    if not profiles.any():
        return True
    made = generate(stage, W, punishment, full=True, among=profiles)
    return not bool(((made.payoffs @ normals.T > level + ROUNDING) & pairs[made.profiles]).any())
