"""Constraint generation over classes of coalitions: programs with few rows, and a scan that finds the worst one missing.

A game of T types has (n_1 + 1) * ... * (n_T + 1) classes of coalitions, up to 2**25. Linear programs over T payoffs hold only the
classes generated so far. After each, all classes are scanned for the largest excess. They are scanned block by block, so that no
table of that length is made beside the worths themselves.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from math import lcm, prod
from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import ConvergenceError
from games.normal_form import FloatArray
from games.typed import TypedGame
from solvers.base.deadline import checkpoint
from solvers.base.programs import linprog

__all__ = ["Classes", "least_total"]

_BLOCK = 2**20
# New rows for one program: many enough to end soon, few enough to keep the program small. On random 15-player games
# 20 needed about as much time as 10 or 60.
_ROWS_AT_ONCE = 20
_MOST_PROGRAMS = 2000
# Excesses are compared in units of the game's scale; HiGHS keeps to its constraints within 1e-7.
_TOLERANCE = 1e-7
# A 0/1 combination of a random unit vector this close to zero lies in the span.
_IN_SPAN = 1e-10


class Classes:
    """The classes of a game less what their members are worth alone, in exact integers and as floats near 1.

    Attributes
    ----------
    game : TypedGame
    alone : the worth of one player of each type, as fractions
    unit : the largest distance of a class's worth from its members' own worths, a fraction
    """

    def __init__(self, game: TypedGame) -> None:
        self.game = game
        shape = game.shape
        half, size = 0, 1
        while half < len(shape) and size * shape[half] <= max(1, int(np.sqrt(prod(shape)))):
            size *= shape[half]
            half += 1
        self._split = half
        self._sizes = size, prod(shape) // size
        singles = [int(np.ravel_multi_index(row, shape)) for row in np.eye(len(shape), dtype=np.int64)]
        self.alone = [game.exactly(s) for s in singles]
        own = [int(game.numerators[s]) for s in singles]
        # Worths below 2**40 and their sums over players stay far below 2**62.
        self._surplus = game.numerators.reshape(self._sizes) - self._outer(own, game.numerators.dtype)
        largest = max(int(self._surplus.max()), -int(self._surplus.min())) or 1
        self.unit = Fraction(largest, game.denominator)
        self._largest = largest

    def _sums(
        self, per_type: Sequence[Any], dtype: npt.DTypeLike
    ) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
        """For both halves of the types: the sum over members of a number per type, by class."""
        out = []
        for types in (range(self._split), range(self._split, len(self.game.shape))):
            total = np.zeros(1, dtype=dtype)
            for t in types:
                step = np.arange(self.game.shape[t]).astype(dtype) * per_type[t]
                total = np.add.outer(total, step).reshape(-1)
            out.append(total)
        return out[0], out[1]

    def _outer(self, per_type: Sequence[Any], dtype: npt.DTypeLike) -> npt.NDArray[Any]:
        left, right = self._sums(per_type, dtype)
        return np.asarray(np.add.outer(left, right))

    def surplus(self, index: int) -> Fraction:
        """A class's worth less its members' own worths, in units of `unit`, exactly."""
        return Fraction(int(self._surplus.reshape(-1)[index]), self._largest)

    @property
    def total(self) -> Fraction:
        """The surplus of all together."""
        return self.surplus(len(self._surplus.reshape(-1)) - 1)

    def _blocks(
        self, shares: Sequence[Any], dtype: npt.DTypeLike, factor: Any, complement: FloatArray
    ) -> Iterator[tuple[int, npt.NDArray[Any], npt.NDArray[np.bool_]]]:
        """Excesses `factor * surplus - shares`, and which classes count: proper, and outside the span whose orthogonal
        complement is given (rows are directions; empty for all)."""
        left, right = self._sums(shares, dtype)
        rng = np.random.default_rng(0)
        tests = []
        for _ in range(min(2, len(complement))):
            direction = rng.normal(size=len(complement)) @ complement
            tests.append(self._sums((direction / np.linalg.norm(direction)).tolist(), np.float64))
        rows = max(1, _BLOCK // self._sizes[1])
        for start in range(0, self._sizes[0], rows):
            checkpoint()
            part = slice(start, start + rows)
            surplus = self._surplus[part]
            excess = (surplus if factor is None else surplus * factor) - np.add.outer(left[part], right)
            counts = np.ones(excess.shape, dtype=np.bool_)
            if tests:
                counts = np.zeros(excess.shape, dtype=np.bool_)
                for a, b in tests:
                    counts |= np.abs(np.add.outer(a[part], b)) > _IN_SPAN
            if start == 0:
                counts[0, 0] = False
            if start + rows >= self._sizes[0]:
                counts[-1, -1] = False
            yield start * self._sizes[1], excess.reshape(-1), counts.reshape(-1)

    def worst(
        self, shares: FloatArray, complement: FloatArray, count: int = _ROWS_AT_ONCE
    ) -> list[tuple[float, int]]:
        """The proper classes of largest excess, in units of `unit`, outside the span: (excess, index), largest first."""
        best: list[tuple[float, int]] = []
        for start, excess, counts in self._blocks(
            shares.tolist(), np.float64, 1.0 / self._largest, complement
        ):
            values = np.where(counts, excess.astype(np.float64), -np.inf)
            top = np.argpartition(-values, min(count, len(values) - 1))[:count]
            best += [(float(values[k]), start + int(k)) for k in top if np.isfinite(values[k])]
            best = sorted(best, key=lambda pair: (-pair[0], pair[1]))[:count]
        return best

    def exact_level(
        self, shares: Sequence[Fraction], complement: FloatArray
    ) -> tuple[Fraction, npt.NDArray[np.int64]] | None:
        """The largest excess outside the span, exactly, and all classes that have it; None if there is no such class.

        `shares` are in units of `unit`, as fractions.
        """
        common = lcm(*(x.denominator for x in shares))
        whole = [int(x * common * self._largest) for x in shares]
        bound = sum(abs(w) * n for w, n in zip(whole, self.game.sizes)) + common * self._largest
        dtype = np.int64 if self._surplus.dtype != object and bound < 2**62 else object
        factor = common if dtype is np.int64 else np.array(common, dtype=object)
        top, where = None, np.empty(0, dtype=np.int64)
        for start, excess, counts in self._blocks(whole, dtype, factor, complement):
            if not counts.any():
                continue
            here = excess[counts].max()
            if top is None or here > top:
                top, where = here, np.empty(0, dtype=np.int64)
            if here == top:
                where = np.concatenate([where, start + np.flatnonzero(counts & (excess == here))])
        return None if top is None else (Fraction(int(top), common * self._largest), where)


def least_total(classes: Classes) -> tuple[float, list[tuple[int, float]], FloatArray]:
    """The least that all together would have to be worth (as surplus, in units) so that no class objects.

    Returns the optimum, the classes that bind with their multipliers, and the payoffs by type.
    """
    return minimise(classes, np.array(classes.game.sizes, dtype=np.float64), None)


def minimise(
    classes: Classes, objective: FloatArray, total: float | None
) -> tuple[float, list[tuple[int, float]], FloatArray]:
    """Minimise a linear function of the payoffs by type over all that no proper class objects to.

    `total` fixes what all together get; None leaves it free.
    """
    sizes = np.array(classes.game.sizes, dtype=np.float64)
    rows: dict[int, FloatArray] = {}
    right: dict[int, float] = {}
    everything = np.eye(len(sizes))

    def add(indices: Sequence[int]) -> bool:
        fresh = [k for k in indices if k not in rows]
        for k in fresh:
            rows[k] = classes.game.counts(k).astype(np.float64)
            right[k] = float(classes.surplus(k))
        return bool(fresh)

    shape = classes.game.shape
    last = prod(shape) - 1
    single = [int(np.ravel_multi_index(row, shape)) for row in np.eye(len(shape), dtype=np.int64)]
    add([k for k in single + [last - k for k in single] if 0 < k < last])
    for _ in range(_MOST_PROGRAMS):
        solved = linprog(
            objective,
            A_ub=-np.array(list(rows.values())) if rows else None,
            b_ub=-np.array(list(right.values())) if rows else None,
            A_eq=sizes[None, :] if total is not None else None,
            b_eq=[total] if total is not None else None,
            bounds=[(None, None)] * len(sizes),
            method="highs-ds",
        )
        if solved.status != 0:
            raise ConvergenceError(
                f"a program over {len(rows)} classes was not solved: {solved.message}",
                "constraint generation",
            )
        violated = [k for excess, k in classes.worst(solved.x, everything) if excess > _TOLERANCE]
        if not violated or not add(violated):
            multipliers = -np.asarray(solved.ineqlin.marginals) if rows else np.zeros(0)
            binding = [(k, float(m)) for k, m in zip(rows, multipliers) if m > _TOLERANCE]
            return float(solved.fun), binding, np.asarray(solved.x)
    raise ConvergenceError(f"{_MOST_PROGRAMS} programs did not find all coalitions", "constraint generation")
