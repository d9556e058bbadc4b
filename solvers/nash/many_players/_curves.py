"""Equilibria in which three players mix two actions each, decided exactly, curves of them included.

With p_i the probability of the second action of mixing player i, its indifference is bilinear in the two others'.
After common factors are split off, one unknown t is left, and the others are fractions of linear functions of it.
All conditions are then signs of polynomials in t with integer coefficients.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Any, TypeAlias

import numpy as np

from games.types import ObjectArray
from solvers.nash.many_players._line import Line, Undecided

__all__ = ["Strand", "strands"]

# Polynomials in t with fractions as coefficients, the constant first.
Polynomial: TypeAlias = list[Fraction]
# A fraction of two of them.
Ratio: TypeAlias = tuple[Polynomial, Polynomial]


@dataclass(frozen=True)
class Strand:
    """A point, or a curve p(t) over an interval of t, possibly times (0, 1) for unknowns that are free.

    Attributes
    ----------
    place : t to the unknowns; None where one is free
    low, high : the ends of the interval of t (equal for a point)
    dimension : 0 for a point
    exact : True if the numbers of a point are rational
    """

    place: Callable[[float], list[float | None]]
    low: float
    high: float
    dimension: int
    exact: bool = False


def strands(equations: Sequence[ObjectArray], inequalities: Sequence[ObjectArray]) -> list[Strand]:
    """All solutions with 0 < p_i < 1 of equations = 0 and inequalities <= 0.

    Each is multilinear in three unknowns and given by its values at the corners of the cube, shape (2, 2, 2). An equation
    depends on two unknowns at most, and not all three on the same two. Raises Undecided where conditions on a surface would
    have to be decided.
    """
    fixed: list[Fraction | None] = [None, None, None]
    return _solve(list(equations), list(inequalities), fixed)


def _depends(tensor: ObjectArray) -> list[int]:
    return [
        axis
        for axis in range(3)
        if tensor.shape[axis] == 2 and bool((tensor.take(0, axis=axis) != tensor.take(1, axis=axis)).any())
    ]


def _at(tensor: ObjectArray, axis: int, value: Fraction) -> ObjectArray:
    """The tensor with an unknown held at a value; the axis stays, with one entry repeated."""
    new = tensor.take([0], axis=axis) * (1 - value) + tensor.take([1], axis=axis) * value
    return np.repeat(new, 2, axis=axis)


def _solve(
    equations: list[ObjectArray], inequalities: list[ObjectArray], fixed: list[Fraction | None]
) -> list[Strand]:
    left: list[tuple[ObjectArray, list[int]]] = []
    for tensor in equations:
        unknowns = _depends(tensor)
        if not unknowns:
            if tensor[0, 0, 0] != 0:
                return []
            continue
        left.append((tensor, unknowns))
    for tensor, unknowns in left:
        if len(unknowns) == 1:
            return _held(equations, inequalities, fixed, unknowns[0], tensor)
        matrix = _matrix(tensor, *unknowns)
        if matrix[0][0] * matrix[1][1] == matrix[0][1] * matrix[1][0]:
            # A product of a function of one unknown and a function of the other.
            out = []
            rows = matrix[0] if any(matrix[0]) else matrix[1]
            columns = (
                [row[0] for row in matrix] if any(row[0] for row in matrix) else [row[1] for row in matrix]
            )
            for axis, ends in ((unknowns[0], columns), (unknowns[1], rows)):
                out += _held(equations, inequalities, fixed, axis, _line(axis, ends))
            return _distinct(out)
    free = [axis for axis in range(3) if fixed[axis] is None]
    inequalities = [t for t in inequalities if not _never_positive(t)]
    if any(_depends(t) == [] for t in inequalities):
        return []
    if not left:
        if inequalities and len(free) > 1:
            raise Undecided
        return _runs(free[0] if free else 0, [None, None, None], fixed, inequalities, None)
    return _curve(left, inequalities, fixed)


def _matrix(tensor: ObjectArray, one: int, other: int) -> list[list[Any]]:
    rest = next(axis for axis in range(3) if axis not in (one, other))
    flat = tensor.take(0, axis=rest)
    rows: list[list[Any]] = (flat if one < other else flat.T).tolist()
    return rows


def _line(axis: int, ends: Sequence[Any]) -> ObjectArray:
    shape = [1, 1, 1]
    shape[axis] = 2
    line = np.empty(2, dtype=object)
    line[:] = ends
    return np.broadcast_to(line.reshape(shape), (2, 2, 2)).copy()


def _held(
    equations: list[ObjectArray],
    inequalities: list[ObjectArray],
    fixed: list[Fraction | None],
    axis: int,
    line: ObjectArray,
) -> list[Strand]:
    """The solutions at the root of an equation in one unknown."""
    low, high = (Fraction(line.take(end, axis=axis).reshape(-1)[0]) for end in (0, 1))
    if low * high >= 0:
        # No change of sign inside (0, 1): no root there, as the equation is not zero throughout.
        return []
    root = low / (low - high)
    fixed = [root if k == axis else value for k, value in enumerate(fixed)]
    return _solve([_at(t, axis, root) for t in equations], [_at(t, axis, root) for t in inequalities], fixed)


def _never_positive(tensor: ObjectArray) -> bool:
    return bool((tensor <= 0).all())


def _curve(
    left: list[tuple[ObjectArray, list[int]]], inequalities: list[ObjectArray], fixed: list[Fraction | None]
) -> list[Strand]:
    """Irreducible equations in two unknowns each: a curve, or points on one."""
    count = {axis: sum(axis in unknowns for _, unknowns in left) for axis in range(3)}
    t = max(count, key=lambda axis: count[axis])
    ratios: list[Ratio | None] = [None, None, None]
    rest: list[ObjectArray] = []
    for tensor, unknowns in left:
        other = next((axis for axis in unknowns if axis != t), None)
        if t not in unknowns or other is None or ratios[other] is not None:
            rest.append(tensor)
            continue
        (f00, f01), (f10, f11) = _matrix(tensor, t, other)
        # (f00 (1 - t) + f10 t) (1 - x) + (f01 (1 - t) + f11 t) x = 0
        zero, one = [Fraction(f00), Fraction(f10 - f00)], [Fraction(f01), Fraction(f11 - f01)]
        ratios[other] = zero, _minus(zero, one)
    free = [axis for axis in range(3) if fixed[axis] is None and axis != t and ratios[axis] is None]
    if free and inequalities:
        raise Undecided
    equation: Polynomial | None = None
    for tensor in rest:
        numerator = _substituted(tensor, t, ratios, fixed)[0]
        if any(numerator):
            # One such equation is left at most: three unknowns have three pairs.
            equation = numerator
    return _runs(t, ratios, fixed, inequalities, equation)


def _runs(
    t: int,
    ratios: Sequence[Ratio | None],
    fixed: list[Fraction | None],
    inequalities: list[ObjectArray],
    equation: Polynomial | None,
) -> list[Strand]:
    """The intervals and points of t in (0, 1) at which all unknowns are in (0, 1) and no inequality is positive."""
    from flint import fmpz_poly

    def place(value: float) -> list[float | None]:
        out: list[float | None] = []
        for axis in range(3):
            held = fixed[axis]
            ratio = ratios[axis]
            if held is not None:
                out.append(float(held))
            elif axis == t:
                out.append(value)
            elif ratio is None:
                out.append(None)
            else:
                # In fractions: a float numerator and denominator may both be close to zero.
                exact = Fraction(value)
                below = _value(ratio[1], exact)
                out.append(float(_value(ratio[0], exact) / below) if below else 0.5)
        return out

    free = sum(fixed[axis] is None and axis != t and ratios[axis] is None for axis in range(3))
    if fixed[t] is not None:
        if any(_value_at(tensor, fixed) > 0 for tensor in inequalities):
            return []
        return [Strand(place, 0.0, 0.0, 0, True)]
    positive: list[Polynomial] = []
    for ratio in ratios:
        if ratio is not None:
            above, below = ratio
            positive += [_times(above, below), _times(_minus(below, above), below)]
    not_positive = []
    for tensor in inequalities:
        above, below = _substituted(tensor, t, ratios, fixed)
        not_positive.append(_times(above, below))
    conditions = [*positive, *not_positive, *([] if equation is None else [equation])]
    line = Line([fmpz_poly(_whole(p)) for p in conditions])
    strict = len(positive)

    def holds(signs: Sequence[int]) -> bool:
        return (
            all(s > 0 for s in signs[:strict])
            and all(s <= 0 for s in signs[strict : strict + len(not_positive)])
            and all(s == 0 for s in signs[strict + len(not_positive) :])
        )

    out = []
    for low, high, exact in line.where(holds):
        out.append(Strand(place, low, high, free + (low != high), exact and not free))
    return out


def _whole(p: Polynomial) -> list[int]:
    scale = lcm(*(c.denominator for c in p))
    return [c.numerator * (scale // c.denominator) for c in p]


def _times(a: Polynomial, b: Polynomial) -> Polynomial:
    out = [Fraction(0)] * (len(a) + len(b) - 1)
    for i, x in enumerate(a):
        for j, y in enumerate(b):
            out[i + j] += x * y
    return out


def _minus(a: Polynomial, b: Polynomial) -> Polynomial:
    size = max(len(a), len(b))
    pad = [Fraction(0)]
    return [x - y for x, y in zip(a + pad * (size - len(a)), b + pad * (size - len(b)))]


def _value(p: Polynomial, t: Fraction) -> Fraction:
    total = Fraction(0)
    for c in reversed(p):
        total = total * t + c
    return total


def _value_at(tensor: ObjectArray, fixed: Sequence[Fraction | None]) -> Fraction:
    for axis, value in enumerate(fixed):
        if value is not None:
            tensor = _at(tensor, axis, value)
    corner: Any = tensor.reshape(-1)[0]
    return Fraction(corner)


def _substituted(
    tensor: ObjectArray, t: int, ratios: Sequence[Ratio | None], fixed: Sequence[Fraction | None]
) -> Ratio:
    """The multilinear function along the curve, as a ratio of polynomials in t."""
    total: Polynomial = [Fraction(0)]
    below: Polynomial = [Fraction(1)]
    for ratio in ratios:
        if ratio is not None:
            below = _times(below, ratio[1])
    for corner in np.ndindex(2, 2, 2):
        term: Polynomial = [Fraction(tensor.item(*corner))]
        if not term[0]:
            continue
        for axis, end in enumerate(corner):
            ratio, held = ratios[axis], fixed[axis]
            if axis == t and held is None:
                term = _times(term, [Fraction(0), Fraction(1)] if end else [Fraction(1), Fraction(-1)])
            elif ratio is not None:
                term = _times(term, ratio[0] if end else _minus(ratio[1], ratio[0]))
            elif end:
                # An unknown on which nothing depends any more.
                term = [Fraction(0)]
        total = _minus(total, [-c for c in term])
    return total, below


def _distinct(found: list[Strand]) -> list[Strand]:
    out: list[Strand] = []
    for strand in found:
        if strand.dimension or not any(
            other.dimension == 0 and strand.place(strand.low) == other.place(other.low) for other in out
        ):
            out.append(strand)
    return out
