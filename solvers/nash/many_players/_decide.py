"""Support profiles that are decided exactly: all equilibria with these supports, however many, or none.

Up to two mixing players with any number of actions: the conditions on each one's strategy are linear, and what the others gain
by deviating is bilinear. Three mixing players with two actions each: see `_curves`. All others: see `_ideals` and `_families`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import product
from math import lcm

import numpy as np

from games.normal_form import NormalFormGame
from games.types import MixedProfile, ObjectArray
from solvers.base.rounding import same_profile
from solvers.nash.many_players._cones import corners, rank
from solvers.nash.many_players._curves import Strand, strands
from solvers.nash.many_players._line import Undecided
from solvers.nash.many_players._pieces import Piece, Supports, profile
from solvers.nash.many_players._sweep import Cell, Part, part, swept

__all__ = ["Undecided", "decide", "gains", "integers"]


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


def gains(payoffs: Sequence[ObjectArray], supports: Supports, i: int) -> Iterator[tuple[int, ObjectArray]]:
    """What each other action of player i adds over the first of its support, over the others' supports (axis i is 1 long)."""
    chosen = [list(s) for s in supports]
    base = payoffs[i][np.ix_(*chosen[:i], [supports[i][0]], *chosen[i + 1 :])]
    for a in range(payoffs[i].shape[i]):
        if a != supports[i][0]:
            yield a, payoffs[i][np.ix_(*chosen[:i], [a], *chosen[i + 1 :])] - base


# ------------------------------------------------------------------ up to two mixing players


def _linear(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int]) -> list[Piece]:
    one, other = pair = sorted([*mixing, *(i for i in range(len(supports)) if i not in mixing)][:2])
    size = {i: len(supports[i]) for i in pair}
    equations: dict[int, list[list[int]]] = {one: [], other: []}
    inequalities: dict[int, list[list[int]]] = {one: [], other: []}
    # What a third player gains, over the supports of the two: bilinear.
    both: list[ObjectArray] = []
    for i in range(len(supports)):
        for a, gain in gains(payoffs, supports, i):
            if i in pair:
                opponent = other if i == one else one
                (equations if a in supports[i] else inequalities)[opponent].append(gain.reshape(-1).tolist())
            else:
                both.append(gain.reshape(size[one], size[other]))
    first = corners(size[one], equations[one], inequalities[one])
    second = corners(size[other], equations[other], inequalities[other])
    # Where one of the two strategies is the only one, the bilinear conditions are linear in the other.
    if both and len(first) == 1:
        (held,) = first
        rows = [_whole(np.array(held) @ table) for table in both]
        second, both = corners(size[other], equations[other], [*inequalities[other], *rows]), []
    elif both and len(second) == 1:
        (held,) = second
        rows = [_whole(table @ np.array(held)) for table in both]
        first, both = corners(size[one], equations[one], [*inequalities[one], *rows]), []
    if not _inside(first) or not _inside(second):
        return []
    values = [[_bilinear(table, a, b) for a in first for b in second] for table in both]
    # Positive inside, where all corners have weight.
    if any(min(v) >= 0 and max(v) > 0 for v in values):
        return []
    if any(max(v) > 0 for v in values):
        if len(second) == 2:
            return _along(payoffs, supports, (one, other), second, equations[one], inequalities[one], both)
        if len(first) == 2:
            turned = [table.T for table in both]
            return _along(
                payoffs, supports, (other, one), first, equations[other], inequalities[other], turned
            )
        raise Undecided
    dimension = rank(first) + rank(second) - 2
    ends = [profile(payoffs[0].shape, supports, {one: a, other: b}) for a, b in product(first, second)]
    middle = profile(payoffs[0].shape, supports, {one: _mean(first), other: _mean(second)})
    return [Piece(supports, dimension, tuple(ends), middle, lambda _: True)]


def _whole(row: ObjectArray) -> list[int]:
    """A row of fractions times their common denominator."""
    scale = lcm(*(x.denominator for x in row))
    return [int(x * scale) for x in row]


def _bilinear(table: ObjectArray, a: Sequence[Fraction], b: Sequence[Fraction]) -> Fraction:
    return Fraction(np.array(a) @ table @ np.array(b))


def _along(
    payoffs: Sequence[ObjectArray],
    supports: Supports,
    pair: tuple[int, int],
    segment: list[list[Fraction]],
    equations: list[list[int]],
    inequalities: list[list[int]],
    both: list[ObjectArray],
) -> list[Piece]:
    """Where the second of a pair has a segment of strategies, and third players leave a part of what the two can play.

    `equations` and `inequalities` are on the strategy of the first, and `both` are the bilinear functions of the two that must
    not be positive.
    """
    from flint import fmpz_poly

    one, other = pair
    scale = lcm(*(x.denominator for end in segment for x in end))
    start, end = (np.array([int(x * scale) for x in corner], dtype=object) for corner in segment)
    held = [[fmpz_poly([c]) for c in row] for row in inequalities]
    held += [[fmpz_poly([int(x), int(y - x)]) for x, y in zip(table @ start, table @ end)] for table in both]
    equal = [[fmpz_poly([c]) for c in row] for row in equations]

    def fibre(cell: Cell) -> dict[int, Part] | None:
        own = part(cell, len(supports[one]), equal, held)
        return None if own is None else {one: own}

    def at(t: float) -> list[float]:
        return [(1.0 - t) * float(x) + t * float(y) for x, y in zip(*segment)]

    widest = max(range(len(start)), key=lambda k: abs(segment[1][k] - segment[0][k]))
    low, high = (float(corner[widest]) for corner in segment)

    def t_of(point: MixedProfile) -> float:
        return (float(point[other][supports[other][widest]]) - low) / (high - low)

    inside = all(x > 0 for x in start), all(x > 0 for x in end)
    return swept(fibre, inside, payoffs[0].shape, supports, other, at, t_of)


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
        for a, gain in gains(payoffs, supports, i):
            table = gain.reshape([1 if k == i else 2 for k in mixing])
            table = np.broadcast_to(table, (2, 2, 2)).copy()
            (equations if a in supports[i] else inequalities).append(table)
    found = strands(equations, inequalities)
    return [_piece(payoffs, supports, mixing, strand) for strand in found]


def _piece(payoffs: Sequence[ObjectArray], supports: Supports, mixing: list[int], strand: Strand) -> Piece:
    def at(p: Sequence[float]) -> MixedProfile:
        clean = [0.0 if x < 1e-12 else 1.0 if x > 1.0 - 1e-12 else x for x in p]
        return profile(payoffs[0].shape, supports, {i: [1.0 - x, x] for i, x in zip(mixing, clean)})

    # Both ends of a circle of unknowns are corners of the closure.
    ends = [
        at(p)
        for t in sorted({strand.low, strand.high})
        for p in product(*((0.0, 1.0) if x is None else (x,) for x in strand.place(t)))
    ]
    middle = at([0.5 if x is None else x for x in strand.place(0.5 * (strand.low + strand.high))])

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
