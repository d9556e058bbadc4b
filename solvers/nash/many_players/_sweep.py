"""Equilibria along one number t in [0, 1]: at every t the other strategies fill a polytope, or a product of polytopes.

The conditions on these polytopes are linear with polynomials in t as coefficients. Their corners are found by the double
description method in polynomials. It asks for the signs of polynomials; the line of t is cut at the roots of all that are met.
Between two cuts, and at each, the polytopes keep their shape. So all is exact, and connected parts follow from what meets at
the cuts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, product
from math import lcm
from typing import Any, TypeAlias

import numpy as np

from games.types import MixedProfile
from solvers.base.deadline import checkpoint
from solvers.base.rounding import same_profile
from solvers.nash.many_players._cones import rays, tight_at
from solvers.nash.many_players._line import Line, Undecided, sign_at_root, sign_of, value_at_root
from solvers.nash.many_players._pieces import Piece, Supports, profile

__all__ = ["Cell", "Part", "Stretch", "part", "stretches", "swept"]

# Polynomials, all of whose roots cut the line, past which a sweep is given up. Small games that are decided need up to a dozen.
_MOST_CUTS = 40
_MOST_CORNERS = 64
# How near t may come to an end in floats.
_NEAR = 1e-9

Ray: TypeAlias = list[Any]
Cut: TypeAlias = tuple[Any, Any]
"""A root, as a ball, and the irreducible polynomial of which it is one."""


class _Uncut(Exception):
    """A sign was asked for that may change in the middle of a cell: at the roots of these factors."""

    def __init__(self, factors: Sequence[Any]) -> None:
        super().__init__()
        self.factors = factors


class Cell:
    """All t between two neighbouring cuts, or one cut: there polynomials in t are numbers with a sign.

    Attributes
    ----------
    ends : the cuts at both ends; the same twice for a cell that is one cut
    inside : a rational number between them, None at a cut
    """

    def __init__(self, line: Line, ends: tuple[Cut, Cut], inside: Any) -> None:
        self.line, self.ends, self.inside = line, ends, inside

    def sign(self, p: Any) -> int:
        """The sign of a polynomial."""
        if self.inside is None:
            return sign_at_root(p, *self.ends[0])
        if p.degree() > 0:
            new = [f for f in _factors(tuple(p.coeffs())) if f not in self.line.factors]
            if new:
                raise _Uncut(new)
        return sign_of(p(self.inside))

    def is_zero(self, p: Any) -> bool:
        """Is the polynomial zero everywhere in the cell?"""
        return p.is_zero() if self.inside is not None else sign_at_root(p, *self.ends[0]) == 0

    def shorter(self, ray: Ray) -> Ray:
        """The ray, divided by something positive."""
        from flint import fmpq_poly, fmpz_poly

        if self.inside is None:
            factor = fmpq_poly(self.ends[0][1])
            rest = [fmpq_poly(p) % factor for p in ray]
            scale = lcm(*(int(p.denom()) for p in rest))
            ray = [(p * scale).numer() for p in rest]
        divisor = fmpz_poly([0])
        for p in ray:
            divisor = divisor.gcd(p)
        if self.inside is None:
            # A constant, for it must not vanish here.
            divisor = fmpz_poly([divisor.content()])
        elif self.sign(divisor) < 0:
            divisor = -divisor
        return [p // divisor for p in ray]

    def rank(self, rows: Sequence[Ray]) -> int:
        """The rank of a matrix of polynomials, for all t of the cell but single ones."""
        left, found = [list(row) for row in rows], 0
        for column in range(len(rows[0])):
            pivot = next((row for row in left if not self.is_zero(row[column])), None)
            if pivot is None:
                continue
            found += 1
            left = [
                [pivot[column] * x - row[column] * y for x, y in zip(row, pivot)]
                for row in left
                if row is not pivot
            ]
        return found


@lru_cache(maxsize=4096)
def _factors(coefficients: tuple[Any, ...]) -> list[Any]:
    """The irreducible factors of a polynomial that is not constant."""
    from flint import fmpz_poly

    return [f for f, _ in fmpz_poly(list(coefficients)).factor()[1]]


@dataclass(frozen=True)
class Part:
    """One player's polytope in a cell: the rays of its corners, and which inequalities each meets with equality."""

    rays: list[Ray]
    tight: list[frozenset[int]]


def part(cell: Cell, size: int, equations: Sequence[Ray], inequalities: Sequence[Ray]) -> Part | None:
    """{ x in the simplex : equation . x = 0, inequality . x <= 0 } in a cell; None unless some x has no probability zero."""
    from flint import fmpz_poly

    found = rays(size, equations, inequalities, cell.sign, cell.shorter, fmpz_poly([1]))
    if not all(any(cell.sign(ray[a]) > 0 for ray in found) for a in range(size)):
        return None
    return Part(found, [tight_at(ray, inequalities, cell.sign) for ray in found])


@dataclass(frozen=True)
class Stretch:
    """A connected set of solutions: all that there are at the t between two numbers.

    Attributes
    ----------
    low, high : the ends
    with_low, with_high : whether the set has points there, or only its closure
    dimension : 0 for a point
    points : t and each player's weights, at the corners and ends of the closure
    middle : t and weights of a point of the set itself
    """

    low: float
    high: float
    with_low: bool
    with_high: bool
    dimension: int
    points: list[tuple[float, dict[int, list[float]]]]
    middle: tuple[float, dict[int, list[float]]]

    def contains(self, t: float) -> bool:
        """Whether a solution at this t is one of the set."""
        if abs(t - self.low) < _NEAR:
            return self.with_low
        if abs(t - self.high) < _NEAR:
            return self.with_high
        return self.low < t < self.high


Fibre: TypeAlias = Mapping[int, Part]
"""Each player's polytope."""


def stretches(fibre: Callable[[Cell], Fibre | None], ends: tuple[bool, bool]) -> list[Stretch]:
    """The connected sets of solutions over 0 < t < 1, and over t = 0 and t = 1 where `ends` says so.

    `fibre` gives the solutions in a cell, None if there are none. Raises Undecided.
    """
    cells, fibres = _cells(fibre, ends)
    runs: list[list[int]] = []
    for k, here in enumerate(fibres):
        if here is None:
            continue
        if k and fibres[k - 1] is not None and _meet(cells, fibres, k):
            runs[-1].append(k)
        else:
            runs.append([k])
    return [_stretch(cells, fibres, run) for run in runs]


def swept(
    fibre: Callable[[Cell], Fibre | None],
    ends: tuple[bool, bool],
    shape: Sequence[int],
    supports: Supports,
    along: int,
    at: Callable[[float], Sequence[float]],
    t_of: Callable[[MixedProfile], float],
) -> list[Piece]:
    """The stretches as pieces of the set of equilibria of a game of this shape.

    `at` gives the weights of the player `along` at t, and `t_of` the t of a profile.
    """

    def piece(stretch: Stretch) -> Piece:
        ends = [profile(shape, supports, {**weights, along: at(t)}) for t, weights in stretch.points]
        distinct = [p for k, p in enumerate(ends) if not any(same_profile(p, q) for q in ends[:k])]
        t, weights = stretch.middle
        middle = profile(shape, supports, {**weights, along: at(t)})
        return Piece(
            supports, stretch.dimension, tuple(distinct), middle, lambda point: stretch.contains(t_of(point))
        )

    return [piece(stretch) for stretch in stretches(fibre, ends)]


def _cells(
    fibre: Callable[[Cell], Fibre | None], ends: tuple[bool, bool]
) -> tuple[list[Cell], list[Fibre | None]]:
    """The cells of t, alternately cuts and what is between them, and the solutions in each."""
    from flint import arb, fmpz_poly

    zero, one = (arb(0), fmpz_poly([0, 1])), (arb(1), fmpz_poly([-1, 1]))
    known = [zero[1], one[1]]
    # What is there in a cell stays, however the rest of the line is cut.
    done: dict[tuple[tuple[float, str], ...], Fibre | None] = {}
    while len(known) <= _MOST_CUTS:
        line = Line(known)
        cuts = [zero, *line.roots, one]
        cells = [Cell(line, (zero, zero), None)]
        for k in range(len(cuts) - 1):
            cells.append(Cell(line, (cuts[k], cuts[k + 1]), line.inside(k)))
            cells.append(Cell(line, (cuts[k + 1], cuts[k + 1]), None))
        keys = [tuple((_float(cut), str(cut[1])) for cut in cell.ends) for cell in cells]
        if not ends[0]:
            done[keys[0]] = None
        if not ends[1]:
            done[keys[-1]] = None
        more: list[Any] = []
        for key, cell in zip(keys, cells):
            if key not in done:
                checkpoint()
                try:
                    done[key] = fibre(cell)
                except _Uncut as uncut:
                    more += [f for f in uncut.factors if f not in more]
        if not more:
            return cells, [done[key] for key in keys]
        known += more
    raise Undecided


def _meet(cells: list[Cell], fibres: list[Fibre | None], k: int) -> bool:
    """Does what lies between two cuts reach the solutions at a cut, one of the cells k - 1 and k each?"""
    between, side = (k - 1, 1) if cells[k].inside is None else (k, 0)
    here = fibres[between]
    assert here is not None
    # The limit of a polytope is the hull of the limits of its corners; all weights are positive inside, or nowhere.
    return all(
        any(sign_at_root(ray[a], *cells[between].ends[side]) > 0 for ray in own.rays)
        for own in here.values()
        for a in range(len(own.rays[0]))
    )


def _stretch(cells: list[Cell], fibres: list[Fibre | None], run: list[int]) -> Stretch:
    def at(k: int) -> Fibre:
        here = fibres[k]
        assert here is not None
        return here

    first, last = cells[run[0]], cells[run[-1]]
    points = _corners(at(run[0]), first.ends[0])
    if last is not first or last.inside is not None:
        points += _corners(at(run[-1]), last.ends[1])
    for before, k in pairwise(run[:-1]):
        if cells[k].inside is None:
            points += _corners(at(k), cells[k].ends[0], at(before))
    dimensions = [
        (cells[k].inside is not None) + sum(cells[k].rank(own.rays) - 1 for own in at(k).values())
        for k in run
    ]
    widest = run[int(np.argmax(dimensions))]
    return Stretch(
        _float(first.ends[0]),
        _float(last.ends[1]),
        first.inside is None,
        last.inside is None,
        max(dimensions),
        points,
        _middle(cells[widest], at(widest)),
    )


def _corners(
    fibre: Fibre, cut: Cut, before: Fibre | None = None
) -> list[tuple[float, dict[int, list[float]]]]:
    """Where the corners tend at a cut (no ray has all its numbers zero there), without those that only pass through it.

    A corner that comes from before on the same conditions goes on, on these conditions: it is none of the whole set.
    """
    t, out = _float(cut), []
    known = {i: set(own.tight) for i, own in before.items()} if before else None
    for choice in product(*(range(len(own.rays)) for own in fibre.values())):
        corner = dict(zip(fibre, choice))
        if known and all(fibre[i].tight[k] in known[i] for i, k in corner.items()):
            continue
        out.append((t, {i: _weights(fibre[i].rays[k], cut) for i, k in corner.items()}))
    return out[:_MOST_CORNERS]


def _weights(ray: Ray, cut: Cut) -> list[float]:
    # As balls up to the end: payoffs far apart make numbers that no float holds.
    values = [value_at_root(p, *cut) for p in ray]
    return [float((x / sum(values)).mid()) for x in values]


def _middle(cell: Cell, fibre: Fibre) -> tuple[float, dict[int, list[float]]]:
    weights = {}
    for i, own in fibre.items():
        if cell.inside is None:
            vectors = [_weights(ray, cell.ends[0]) for ray in own.rays]
        else:
            exact = [[p(cell.inside) for p in ray] for ray in own.rays]
            vectors = [[float(x / sum(ray)) for x in ray] for ray in exact]
        weights[i] = np.mean(vectors, axis=0).tolist()
    t = _float(cell.ends[0]) if cell.inside is None else float(cell.inside)
    return t, weights


def _float(cut: Cut) -> float:
    return float(cut[0].mid())
