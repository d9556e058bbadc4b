"""Equilibria of two-player games in rational arithmetic: solved on given supports, or recognised from integer weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import lcm
from operator import mul
from typing import Any, TypeAlias

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, IntArray
from solvers.equilibrium.results import Equilibrium

__all__ = [
    "Candidate",
    "IntegerMatrix",
    "NearTie",
    "exact_equilibrium",
    "from_candidate",
    "index",
    "positive_integers",
    "probabilities",
    "regular_candidate",
    "regular_equilibrium",
    "solve_supports",
    "transposed",
]

IntegerMatrix: TypeAlias = list[list[int]]


class NearTie(Exception):
    """Floats cannot tell whether the polytope is simple."""


@dataclass(frozen=True)
class Candidate:
    """An exact extreme equilibrium: unnormalised integer strategies, and the numbers of their vertices.

    `sign` is its index where that is known already.
    """

    x: list[int]
    y: list[int]
    pair: tuple[int, int]
    strict_off_support: bool
    sign: int | None = None


def positive_integers(game: NormalFormGame) -> tuple[IntegerMatrix, IntegerMatrix]:
    """Both payoff matrices as positive integers: times a common denominator, plus a constant; no equilibrium changes."""
    wholes = _whole(game.payoffs) if game.floats_are_exact else (None, None)
    out: list[IntegerMatrix] = []
    for i, whole in enumerate(wholes):
        if whole is not None:
            out.append((whole + (1 - whole.min())).tolist())
            continue
        rows = game.exact[..., i].tolist()
        scale = lcm(*(v.denominator for row in rows for v in row))
        numbers = [[v.numerator * (scale // v.denominator) for v in row] for row in rows]
        shift = 1 - min(map(min, numbers))
        out.append([[v + shift for v in row] for row in numbers])
    return out[0], out[1]


def _whole(payoffs: FloatArray) -> tuple[IntArray | None, IntArray | None]:
    """Each player's floats times the smallest power of two, 1 or more, that makes all of them integers.

    None if these are too long. The same numbers as by way of fractions, whose denominators are powers of two, at a
    tenth of the time.
    """
    with np.errstate(over="ignore"):
        mantissa, exponent = np.frexp(payoffs)
        digits = (mantissa * 2.0**53).astype(np.int64)
        # The lowest digit that is not zero of each number, as a power of two; zero has none.
        lowest = np.where(digits != 0, exponent + np.frexp((digits & -digits).astype(float))[1] - 54, 0)
        whole = np.ldexp(payoffs, -np.minimum(0, lowest.min(axis=(0, 1))))
        fits = (np.abs(whole) < 2.0**61).all(axis=(0, 1)).tolist()
        return tuple(whole[..., i].astype(np.int64) if fits[i] else None for i in range(2))  # type: ignore[return-value]


def transposed(matrix: IntegerMatrix) -> IntegerMatrix:
    return [list(column) for column in zip(*matrix)]


def regular_equilibrium(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, rows: Sequence[int], columns: Sequence[int]
) -> Equilibrium | None:
    """The equilibrium with these supports, solved in rationals; None unless there is one, alone and strict off its support.

    A and B are the game's payoffs as `positive_integers` gives them.
    """
    if len(rows) != len(columns):
        return None
    try:
        return from_candidate(game, A, B, regular_candidate(transposed(A), B, rows, columns, (0, 0)))
    except NearTie:
        return None


def regular_candidate(
    At: IntegerMatrix, B: IntegerMatrix, rows: Sequence[int], columns: Sequence[int], pair: tuple[int, int]
) -> Candidate:
    """The equilibrium that `regular_equilibrium` finds, from the transpose of A; NearTie if there is none."""
    x, of_b = _solved(rows, columns, B, strict=True)
    y, of_a = _solved(columns, rows, At, strict=True)
    sign = (1 if of_a > 0 else -1) * (1 if of_b > 0 else -1)
    return Candidate(x, y, pair, True, sign if len(rows) % 2 else -sign)


def exact_equilibrium(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, x: list[int], y: list[int]
) -> Equilibrium:
    """An equilibrium from integer weights of both players' actions that are known to make one; its index if it is regular."""
    at_x = [sum(w * row[j] for w, row in zip(x, B)) for j in range(len(y))]
    at_y = [sum(w * v for w, v in zip(y, row)) for row in A]
    strict = all((v == max(at_x)) == (w > 0) for v, w in zip(at_x, y)) and all(
        (v == max(at_y)) == (w > 0) for v, w in zip(at_y, x)
    )
    return from_candidate(game, A, B, Candidate(x, y, (0, 0), strict))


def solve_supports(
    own: Sequence[int], other: Sequence[int], B: IntegerMatrix, *, strict: bool = True
) -> list[int]:
    """The strategy on the actions `own` that makes exactly the columns `other` of B best, in integers.

    If not `strict`, weights may be zero and further columns as good. Raises NearTie if there is no such strategy: floats were
    then wrong about a sign.
    """
    return _solved(own, other, B, strict=strict)[0]


def _solved(
    own: Sequence[int], other: Sequence[int], B: IntegerMatrix, *, strict: bool
) -> tuple[list[int], int]:
    """What `solve_supports` gives, and the determinant of its system."""
    k = len(own)
    if k == 1:
        (i,), (j,) = own, other
        values, best = [1], B[i][j]
        determinant = best
    else:
        from flint import fmpz_mat

        system = fmpz_mat(k, k, [B[i][j] for j in other for i in own])
        try:
            solution: Any = system.solve(fmpz_mat(k, 1, [1] * k))
        except ZeroDivisionError:
            raise NearTie from None
        determinant = int(system.det())
        weights, best = solution.numer_denom()
        # The common denominator is positive.
        values, best = list(map(int, weights.entries())), int(best)
    slack = 0 if strict else 1
    if min(values) < 1 - slack:
        raise NearTie
    strategy = [0] * len(B)
    for i, v in zip(own, values):
        strategy[i] = v
    columns = zip(*(B[i] for i in own))
    held, most = set(other), best + slack
    if any(sum(map(mul, column, values)) >= most for j, column in enumerate(columns) if j not in held):
        raise NearTie
    return strategy, determinant


def from_candidate(game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, c: Candidate) -> Equilibrium:
    profile = (np.array(probabilities(c.x)), np.array(probabilities(c.y)))
    return Equilibrium(game, profile, proof="exact", index=index(A, B, c) if c.sign is None else c.sign)


def probabilities(weights: list[int]) -> list[float]:
    total = sum(weights)
    return [w / total for w in weights]


def index(A: IntegerMatrix, B: IntegerMatrix, c: Candidate) -> int | None:
    """Shapley's index, (-1) ** (k + 1) times the sign of det A_S det B_S on the support S of k by k; None if not regular."""
    rows, columns = [i for i, w in enumerate(c.x) if w], [j for j, w in enumerate(c.y) if w]
    k = len(rows)
    if not c.strict_off_support or len(columns) != k:
        return None
    if k == 1:
        return 1
    from flint import fmpz_mat

    sign = 1
    for matrix in (A, B):
        determinant = fmpz_mat(k, k, [matrix[i][j] for i in rows for j in columns]).det()
        sign *= (determinant > 0) - (determinant < 0)
    return None if sign == 0 else sign if k % 2 else -sign
