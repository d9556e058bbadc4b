"""All equilibria of many stage games: the pure ones in one pass, the mixed ones where they are asked for.

Strictly dominated actions are deleted round by round, which keeps every equilibrium. What is then left is mostly a game of two
players in which one has two actions. If it is nondegenerate, all its mixed equilibria have two actions in each support (von
Stengel 2002, section 2). Every such pair of supports is solved in closed form for all draws together. So are three players of
whom two have two actions (`_three_players`). The rest, and whatever is close to a tie, goes to `solvers.nash.find_all`, game by
game.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal, NamedTuple, TypeAlias

import numpy as np

from games.errors import MethodError, did_you_mean
from games.normal_form import BoolArray, FloatArray, NormalFormGame
from games.types import IntArray
from solvers.base.deadline import checkpoint, steps
from solvers.uncertainty._stages import Bounds, pure_equilibria
from solvers.uncertainty._three_players import solve

__all__ = ["Found", "Mixed", "find"]

Mixed: TypeAlias = Literal["where none", "all", "never"]
_MIXED = ("where none", "all", "never")

# Closer to a tie than this share of a payoff range, the closed form is not trusted.
_TIE = 1e-9
# The search for mixed equilibria is complete and quick up to the game of three powers; it is not tried on larger ones.
_LARGEST = 64


class Found(NamedTuple):
    """Equilibria of D stage games in one list of M, sorted by draw.

    rows : int array (M,), the draw of each
    strategies : for each player an array (M, k_i) of probabilities
    payoffs : array (M, N)
    pure : bool array (M,)
    complete : bool array (D,): are these all equilibria that were asked for?
    """

    rows: IntArray
    strategies: tuple[FloatArray, ...]
    payoffs: FloatArray
    pure: BoolArray
    complete: BoolArray

    @property
    def counts(self) -> IntArray:
        """Number of equilibria in each draw, (D,)."""
        return np.bincount(self.rows, minlength=len(self.complete))

    @property
    def actions(self) -> IntArray:
        """Action numbers (M, N) of the pure ones; of the mixed ones the likeliest."""
        return np.stack([s.argmax(axis=1) for s in self.strategies], axis=1)

    def bounds(self, values: FloatArray | None = None) -> Bounds:
        """Least and largest of `values` (M, ...) (by default the payoffs) over each draw's equilibria, (D, ...)."""
        table = self.payoffs if values is None else values
        shape = (len(self.complete), *table.shape[1:])
        low, high = np.full(shape, np.inf), np.full(shape, -np.inf)
        np.minimum.at(low, self.rows, table)
        np.maximum.at(high, self.rows, table)
        none = self.counts == 0
        low[none] = high[none] = np.nan
        return Bounds(low, high)


def find(payoffs: FloatArray, mixed: Mixed = "where none") -> Found:
    """Equilibria of stage games (D, k_1, ..., k_N, N): all pure ones, and mixed ones `where none` is pure, of `all`, or `never`.

    Raises MethodError for another word.
    """
    if mixed not in _MIXED:
        raise MethodError(f"mixed is {mixed!r}{did_you_mean(mixed, _MIXED)}")
    draws, shape = len(payoffs), payoffs.shape[1:-1]
    mask = pure_equilibria(payoffs)
    hits = np.nonzero(mask)
    rows = [hits[0].astype(np.int64)]
    strategies = [[np.eye(k)[a] for k, a in zip(shape, hits[1:])]]
    values = [payoffs[hits]]
    pure = [np.ones(len(hits[0]), dtype=np.bool_)]
    complete = np.ones(draws, dtype=np.bool_)
    if mixed == "all":
        search = np.arange(draws)
    elif mixed == "where none":
        search = np.flatnonzero(~mask.reshape(draws, -1).any(axis=1))
    else:
        search = np.arange(0)
    for part, profile, ok in _search(payoffs, search):
        complete[part if ok is None else part[~ok]] = False
        if profile is None:
            continue
        rows.append(profile[0])
        strategies.append(profile[1])
        values.append(_expected(payoffs, profile[0], profile[1]))
        pure.append(np.zeros(len(profile[0]), dtype=np.bool_))
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    joined = tuple(np.concatenate([s[i] for s in strategies])[order] for i in range(len(shape)))
    return Found(row[order], joined, np.concatenate(values)[order], np.concatenate(pure)[order], complete)


_Profiles: TypeAlias = "tuple[IntArray, list[FloatArray]]"


def _search(
    payoffs: FloatArray, search: IntArray
) -> Iterator[tuple[IntArray, _Profiles | None, BoolArray | None]]:
    """Mixed equilibria of some draws: (draws, profiles of them or None, which draws are complete or None for not searched)."""
    if not len(search):
        return
    alive = undominated(payoffs[search])
    bits = np.concatenate(alive, axis=1)
    _, where = np.unique(bits, axis=0, return_inverse=True)
    where = where.reshape(-1)
    for g in range(int(where.max()) + 1):
        checkpoint()
        members = np.flatnonzero(where == g)
        kept = [np.flatnonzero(a[members[0]]) for a in alive]
        part = search[members]
        active = [i for i, k in enumerate(kept) if len(k) > 1]
        if not active:
            continue
        if len(active) == 2 and min(len(kept[i]) for i in active) == 2:
            profiles, sure = _two_players(payoffs, part, kept, active)
            yield part, profiles, np.ones(len(part), dtype=np.bool_)
            rest = part[~sure]
        elif len(active) == 3 and sorted(len(kept[i]) for i in active)[1] == 2:
            profiles, sure = _three_players(payoffs, part, kept, active)
            yield part, profiles, np.ones(len(part), dtype=np.bool_)
            rest = part[~sure]
        else:
            rest = part
        if len(active) > 3 or int(np.prod([len(k) for k in kept])) > _LARGEST:
            if len(rest):
                yield rest, None, None
            continue
        for draw in steps(rest, len(rest), "draws of a block"):
            yield _one_by_one(payoffs, int(draw), kept)


def undominated(payoffs: FloatArray) -> list[BoolArray]:
    """For each player which actions survive the repeated deletion of strictly dominated ones, (D, k_i)."""
    draws, shape = len(payoffs), payoffs.shape[1:-1]
    n = len(shape)
    alive = [np.ones((draws, k), dtype=np.bool_) for k in shape]
    changed = True
    while changed:
        changed = False
        for i, k in enumerate(shape):
            table = np.moveaxis(payoffs[..., i], 1 + i, 1).reshape(draws, k, -1)
            present = np.ones((draws, 1), dtype=np.bool_)
            for j in range(n):
                if j != i:
                    present = (present[:, :, None] & alive[j][:, None, :]).reshape(draws, -1)
            for a in range(k):
                for b in range(k):
                    if a != b:
                        checkpoint()
                        beaten = ((table[:, b] > table[:, a]) | ~present).all(axis=1)
                        beaten &= alive[i][:, a] & alive[i][:, b]
                        if beaten.any():
                            alive[i][beaten, a] = False
                            changed = True
    return alive


def _two_players(
    payoffs: FloatArray, part: IntArray, kept: list[IntArray], active: list[int]
) -> tuple[_Profiles, BoolArray]:
    """Mixed equilibria of a game m x 2 within the kept actions; and in which draws no tie is near, so that these are all."""
    p, q = active if len(kept[active[1]]) == 2 else active[::-1]
    index = [part, *(np.array([k[0]]) for k in kept)]
    index[1 + p], index[1 + q] = kept[p], kept[q]
    table = payoffs[np.ix_(*index)]
    # (B, m, 2) payoffs of each of the two
    first = np.moveaxis(table[..., p], (1 + p, 1 + q), (1, 2)).reshape(len(part), len(kept[p]), 2)
    second = np.moveaxis(table[..., q], (1 + p, 1 + q), (1, 2)).reshape(len(part), len(kept[p]), 2)
    small_p = _TIE * np.ptp(first, axis=(1, 2))
    small_q = _TIE * np.ptp(second, axis=(1, 2))
    top = np.sort(first, axis=1)
    sure = (top[:, -1] - top[:, -2] > small_p[:, None]).all(axis=1)
    sure &= (np.abs(second[..., 0] - second[..., 1]) > small_q[:, None]).all(axis=1)
    found: list[tuple[IntArray, FloatArray, FloatArray]] = []
    for a, b in combinations(range(len(kept[p])), 2):
        # y, the chance of q's first action, makes p indifferent between a and b; x, that of p's a, makes q indifferent.
        level = (first[:, a, 0] - first[:, a, 1]) - (first[:, b, 0] - first[:, b, 1])
        slope = (second[:, a, 0] - second[:, a, 1]) - (second[:, b, 0] - second[:, b, 1])
        with np.errstate(divide="ignore", invalid="ignore"):
            y = (first[:, b, 1] - first[:, a, 1]) / level
            x = (second[:, b, 1] - second[:, b, 0]) / slope
        crossing = (x > 0) & (x < 1) & (y > 0) & (y < 1)
        edge = (np.abs(level) <= small_p) | (np.abs(slope) <= small_q)
        edge |= crossing & (np.minimum.reduce([x, 1 - x, y, 1 - y]) <= _TIE)
        at = first[..., 0] * y[:, None] + first[..., 1] * (1 - y[:, None])
        others = np.delete(at, (a, b), axis=1)
        margin = at[:, a] - others.max(axis=1, initial=-np.inf)
        edge |= crossing & (np.abs(margin) <= small_p)
        sure &= ~edge
        good = np.flatnonzero(crossing & (margin > 0))
        if len(good):
            one = np.zeros((len(good), payoffs.shape[1 + p]))
            other = np.zeros((len(good), payoffs.shape[1 + q]))
            one[:, kept[p][a]], one[:, kept[p][b]] = x[good], 1 - x[good]
            other[:, kept[q][0]], other[:, kept[q][1]] = y[good], 1 - y[good]
            found.append((good, one, other))
    rows, strategies = np.zeros(0, dtype=np.int64), [np.zeros((0, k)) for k in payoffs.shape[1:-1]]
    found = [(good[sure[good]], one[sure[good]], other[sure[good]]) for good, one, other in found]
    if found:
        rows = part[np.concatenate([good for good, _, _ in found])]
        for i, k in enumerate(payoffs.shape[1:-1]):
            if i == p:
                strategies[i] = np.concatenate([one for _, one, _ in found])
            elif i == q:
                strategies[i] = np.concatenate([other for _, _, other in found])
            else:
                strategies[i] = np.tile(np.eye(k)[kept[i][0]], (len(rows), 1))
    return (rows, strategies), sure


def _three_players(
    payoffs: FloatArray, part: IntArray, kept: list[IntArray], active: list[int]
) -> tuple[_Profiles, BoolArray]:
    """Mixed equilibria of a game m x 2 x 2 within the kept actions; and in which draws no tie is near, so that these are all."""
    order = sorted(active, key=lambda i: -len(kept[i]))
    index = [part, *(k if i in active else k[:1] for i, k in enumerate(kept))]
    table = payoffs[np.ix_(*index)][..., order]
    rest = [1 + i for i in range(len(kept)) if i not in active]
    table = table.transpose(0, *(1 + i for i in order), *rest, table.ndim - 1)
    found = solve(table.reshape(len(part), *(len(kept[i]) for i in order), 3))
    strategies = [
        np.tile(np.eye(k)[kept[i][0]], (len(found.rows), 1)) for i, k in enumerate(payoffs.shape[1:-1])
    ]
    for i, chances in zip(order, (found.p, *(np.stack([x, 1 - x], axis=1) for x in (found.q, found.r)))):
        strategies[i] = np.zeros((len(found.rows), payoffs.shape[1 + i]))
        strategies[i][:, kept[i]] = chances
    return (part[found.rows], strategies), found.sure


def _one_by_one(
    payoffs: FloatArray, draw: int, kept: list[IntArray]
) -> tuple[IntArray, _Profiles | None, BoolArray | None]:
    """Mixed equilibria of one draw by `nash.find_all` on its kept actions."""
    from solvers import nash

    found = nash.find_all(NormalFormGame(payoffs[draw][np.ix_(*kept)]))
    profiles = [e.profile for e in found if not e.is_pure]
    for component in found.components:
        profiles += [v for v in component.vertices if any((s > 0).sum() > 1 for s in v)]
    done = np.array([found.complete])
    if not profiles:
        return np.array([draw]), None, done
    strategies = []
    for i, k in enumerate(payoffs.shape[1:-1]):
        full = np.zeros((len(profiles), k))
        full[:, kept[i]] = [profile[i] for profile in profiles]
        strategies.append(full)
    return np.array([draw]), (np.full(len(profiles), draw), strategies), done


def _expected(payoffs: FloatArray, rows: IntArray, strategies: list[FloatArray]) -> FloatArray:
    """Expected payoffs (M, N) of mixed profiles in their draws."""
    table = payoffs[rows]
    for vector in reversed(strategies):
        # The last axis of actions goes first: (M, ..., k_i, N) -> (M, ..., N)
        table = np.einsum("m...kn,mk->m...n", table, vector)
    return table
