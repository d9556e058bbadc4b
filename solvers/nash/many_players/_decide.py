"""Support profiles that are decided exactly: all equilibria with these supports, however many, or none.

Up to two mixing players with any number of actions: the conditions on each one's strategy are linear, and what the others gain
by deviating is bilinear. Three mixing players with two actions each: see `_curves`. All others: see `_ideals`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile, ObjectArray
from solvers.base.rounding import same_profile
from solvers.nash.many_players._cones import corners, rank
from solvers.nash.many_players._curves import Strand, Undecided, strands
from solvers.nash.many_players._pieces import Piece, Supports

__all__ = ["Undecided", "decide", "integers"]


def integers(game: NormalFormGame) -> list[ObjectArray]:
    """Each player's payoffs as whole numbers (times a common denominator, from the smallest up), arrays (k_1, ..., k_N)."""
    out = []
    for i in range(game.n_players):
        own = game.exact[..., i].reshape(-1).tolist()
        scale = lcm(*(x.denominator for x in own))
        whole = [x.numerator * (scale // x.denominator) for x in own]
        least = min(whole)
        table = np.empty(len(whole), dtype=object)
        table[:] = [x - least for x in whole]
        out.append(table.reshape(game.shape))
    return out


def decide(payoffs: Sequence[ObjectArray], supports: Supports) -> list[Piece]:
    """All equilibria with exactly these supports, as connected pieces; raises Undecided where this way does not reach.

    `payoffs` are those of `integers`.
    """
    mixing = [i for i, s in enumerate(supports) if len(s) > 1]
    if len(mixing) <= 2:
        return _linear(payoffs, supports, mixing)
    if len(mixing) == 3 and all(len(supports[i]) == 2 for i in mixing):
        return _cube(payoffs, supports, mixing)
    raise Undecided


def _gains(payoffs: Sequence[ObjectArray], supports: Supports, i: int) -> Iterator[tuple[int, ObjectArray]]:
    """What each other action of player i adds over the first of its support, over the others' supports (axis i is 1 long)."""
    chosen = [list(s) for s in supports]
    base = payoffs[i][np.ix_(*chosen[:i], [supports[i][0]], *chosen[i + 1 :])]
    for a in range(payoffs[i].shape[i]):
        if a != supports[i][0]:
            yield a, payoffs[i][np.ix_(*chosen[:i], [a], *chosen[i + 1 :])] - base


def _profile(
    payoffs: Sequence[ObjectArray], supports: Supports, weights: dict[int, Sequence[Fraction | float]]
) -> MixedProfile:
    out = []
    for i, s in enumerate(supports):
        vector = np.zeros(payoffs[0].shape[i])
        vector[list(s)] = [float(w) for w in weights[i]] if i in weights else 1.0
        out.append(vector / vector.sum())
    return tuple(out)


# ------------------------------------------------------------------ up to two mixing players


def _linear(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int]) -> list[Piece]:
    one, other = pair = sorted([*mixing, *(i for i in range(len(supports)) if i not in mixing)][:2])
    size = {i: len(supports[i]) for i in pair}
    equations: dict[int, list[list[int]]] = {one: [], other: []}
    inequalities: dict[int, list[list[int]]] = {one: [], other: []}
    # What a third player gains, over the supports of the two: bilinear.
    both: list[ObjectArray] = []
    for i in range(len(supports)):
        for a, gain in _gains(payoffs, supports, i):
            if i in pair:
                opponent = other if i == one else one
                (equations if a in supports[i] else inequalities)[opponent].append(gain.reshape(-1).tolist())
            else:
                both.append(gain.reshape(size[one], size[other]))
    first = corners(size[one], equations[one], inequalities[one])
    second = corners(size[other], equations[other], inequalities[other])
    # Where one of the two strategies is the only one, the bilinear conditions are linear in the other.
    if both and len(first) == 1:
        rows = [_whole(np.array(first[0]) @ table) for table in both]
        second, both = corners(size[other], equations[other], [*inequalities[other], *rows]), []
    elif both and len(second) == 1:
        rows = [_whole(table @ np.array(second[0])) for table in both]
        first, both = corners(size[one], equations[one], [*inequalities[one], *rows]), []
    if not _inside(first) or not _inside(second):
        return []
    values = [[_bilinear(table, a, b) for a in first for b in second] for table in both]
    # Positive inside, where all corners have weight.
    if any(min(v) >= 0 and max(v) > 0 for v in values):
        return []
    if any(max(v) > 0 for v in values):
        if len(both) == 1 and len(first) == len(second) == 2:
            return _part_of_a_square(payoffs, supports, (one, other), both[0], first, second)
        raise Undecided
    dimension = rank(first) + rank(second) - 2
    ends = [_profile(payoffs, supports, {one: a, other: b}) for a, b in product(first, second)]
    middle = _profile(payoffs, supports, {one: _mean(first), other: _mean(second)})
    return [Piece(supports, dimension, tuple(ends), middle, lambda _: True)]


def _whole(row: ObjectArray) -> list[int]:
    """A row of fractions times their common denominator."""
    scale = lcm(*(x.denominator for x in row))
    return [int(x * scale) for x in row]


def _bilinear(table: ObjectArray, a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return Fraction(np.array(a) @ table @ np.array(b))


def _part_of_a_square(
    payoffs: Sequence[ObjectArray],
    supports: Supports,
    pair: tuple[int, int],
    table: ObjectArray,
    first: list[list[Fraction]],
    second: list[list[Fraction]],
) -> list[Piece]:
    """Two segments of strategies of which a third player leaves a part: g <= 0 with g bilinear and of both signs."""
    g = [[_bilinear(table, a, b) for b in second] for a in first]
    half = Fraction(1, 2)
    order = [(0, 0), (0, 1), (1, 1), (1, 0)]
    signs = [g[i][j] for i, j in order]
    saddle = g[0][0] * g[1][1] - g[0][1] * g[1][0]
    bend = g[0][0] + g[1][1] - g[0][1] - g[1][0]
    # Two opposite corners below zero hang together unless g is above zero at the saddle between them.
    apart = (
        sum(v < 0 for v in signs) == 2
        and signs[0] * signs[2] > 0
        and signs[1] * signs[3] > 0
        and saddle * bend > 0
    )

    def profile(s: Fraction, t: Fraction) -> MixedProfile:
        a = [(1 - s) * x + s * y for x, y in zip(*first)]
        b = [(1 - t) * x + t * y for x, y in zip(*second)]
        return _profile(payoffs, supports, {pair[0]: a, pair[1]: b})

    def crossings(k: int) -> Iterator[tuple[Fraction, Fraction]]:
        """The corner k and where the edges from it reach g = 0."""
        i, j = order[k]
        yield Fraction(i), Fraction(j)
        for m, n in ((1 - i, j), (i, 1 - j)):
            if g[m][n] > 0:
                share = g[i][j] / (g[i][j] - g[m][n])
                yield i + share * (m - i), j + share * (n - j)

    out = []
    low = [k for k in range(4) if signs[k] <= 0]
    starts = [k for k in low if signs[k] < 0]
    for part in [[k] for k in starts] if apart else [low]:
        start = next(k for k in part if signs[k] < 0)
        i, j = order[start]
        step = half
        # Inside and close to a corner where g is negative it is negative too.
        while True:
            s, t = abs(i - step), abs(j - step)
            value = sum(
                ((s if m else 1 - s) * (t if n else 1 - t) * g[m][n] for m in (0, 1) for n in (0, 1)),
                Fraction(0),
            )
            if value < 0:
                break
            step /= 2
        ends = tuple(profile(*place) for k in part for place in crossings(k))
        middle = profile(s, t)

        def contains(point: MixedProfile, side: int = i) -> bool:
            if not apart:
                return True
            # Where g is zero or less, the two parts are on different sides of the saddle.
            share = _share(point[pair[0]][list(supports[pair[0]])], first)
            return (share > float((g[0][0] - g[0][1]) / bend)) == bool(side)

        out.append(Piece(supports, 2, ends, middle, contains))
    return out


def _share(point: FloatArray, ends: list[list[Fraction]]) -> float:
    """How far along a segment a point is."""
    one, other = (np.array([float(x) for x in end]) for end in ends)
    k = int(np.abs(other - one).argmax())
    return float((point[k] - one[k]) / (other[k] - one[k]))


def _mean(points: list[list[Fraction]]) -> list[Fraction]:
    return [sum(column, Fraction(0)) / len(points) for column in zip(*points)]


def _inside(points: list[list[Fraction]]) -> bool:
    """Whether a polytope has a point with all weights positive: then the mean of its corners is one."""
    return bool(points) and all(w > 0 for w in _mean(points))


# ------------------------------------------------------------------ three mixing players with two actions each


def _cube(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int]) -> list[Piece]:
    equations: list[ObjectArray] = []
    inequalities: list[ObjectArray] = []
    for i in range(len(supports)):
        for a, gain in _gains(payoffs, supports, i):
            table = gain.reshape([1 if k == i else 2 for k in mixing])
            table = np.broadcast_to(table, (2, 2, 2)).copy()
            (equations if a in supports[i] else inequalities).append(table)
    found = strands(equations, inequalities)
    return [_piece(payoffs, supports, mixing, strand) for strand in found]


def _piece(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int], strand: Strand) -> Piece:
    def profile(p: Sequence[float]) -> MixedProfile:
        clean = [0.0 if x < 1e-12 else 1.0 if x > 1.0 - 1e-12 else x for x in p]
        return _profile(payoffs, supports, {i: [1.0 - x, x] for i, x in zip(mixing, clean)})

    # Both ends of a circle of unknowns are corners of the closure.
    ends = [
        profile(p)
        for t in sorted({strand.low, strand.high})
        for p in product(*((0.0, 1.0) if x is None else (x,) for x in strand.place(t)))
    ]
    middle = profile([0.5 if x is None else x for x in strand.place(0.5 * (strand.low + strand.high))])

    def contains(point: MixedProfile) -> bool:
        p = [float(point[i][supports[i][1]]) for i in mixing]
        # t is one of the three coordinates, or the strand is a point.
        return any(
            strand.low - 1e-9 <= t <= strand.high + 1e-9
            and all(x is None or abs(x - y) < 1e-7 for x, y in zip(strand.place(t), p))
            for t in (*p, strand.low)
        )

    distinct = [end for k, end in enumerate(ends) if not any(same_profile(end, other) for other in ends[:k])]
    return Piece(supports, strand.dimension, tuple(distinct), middle, contains)
