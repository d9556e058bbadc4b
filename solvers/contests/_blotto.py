"""Colonel Blotto with whole regiments, exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError, GameError, MethodError, SizeError
from games.exact import as_written
from games.words import counted
from solvers.base.deadline import keeps_time, steps
from solvers.base.matrix_game import solve_matrix_games
from solvers.base.rational import solve_exactly
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Blotto", "blotto"]

_MOST_STRATEGIES = 400


@dataclass(frozen=True, eq=False, repr=False)
class Blotto(Result):
    """The value of a game of regiments and a pair of optimal strategies, in fractions.

    Attributes
    ----------
    regiments : of both sides
    worths : what each field is worth
    value : the first side's expected gain less the second's
    strategies : for each side a mapping from allocation (regiments by field) to its probability. Where all fields are alike
        an allocation stands for all its orders, equally likely.
    symmetric : fields are alike, and allocations stand for all their orders
    exact : the value was proved in rational arithmetic: one strategy secures it and the other concedes no more
    """

    regiments: tuple[int, int]
    worths: tuple[Fraction, ...]
    value: Fraction
    strategies: tuple[dict[tuple[int, ...], Fraction], dict[tuple[int, ...], Fraction]]
    symmetric: bool
    exact: bool

    def summary(self) -> str:
        a, b = self.regiments
        return (
            f"Colonel Blotto, {a} regiments against {b} on {counted(len(self.worths), 'field')}: the value is {self.value}, "
            "proved in rational arithmetic by a pair of optimal strategies (there may be others)."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each allocation that an optimal strategy uses."""
        import pandas as pd

        rows = [
            (side + 1, " ".join(map(str, allocation)), float(p))
            for side, strategy in enumerate(self.strategies)
            for allocation, p in strategy.items()
        ]
        return pd.DataFrame(rows, columns=["side", "allocation", "probability"])


@checked
@keeps_time("the Colonel Blotto game", "take fewer regiments or fields")
def blotto(
    first: int,
    second: int,
    fields: int | Sequence[float | Fraction],
    score: str = "fields",
    *,
    time_limit: float | None = None,
) -> Blotto:
    """Solve a discrete Colonel Blotto game exactly (Borel 1921; McDonald and Tukey 1949).

    Each side divides its regiments among the fields; on each field the larger number wins and equal numbers win nothing. The
    matrix game is solved in floats, and the strategies that come out are made exact. Their supports give linear equations in
    fractions, and the result is checked against every allocation. Where fields are alike, only divisions up to order are played.

    Parameters
    ----------
    first, second : regiments, not negative
    fields : their number, or what each is worth
    score : `fields` for the worth of fields won less lost; `captures` adds the regiments that the loser had on the field
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For negative regiments, no fields, or worths that are not positive.
    MethodError
        For another score.
    SizeError
        Before any work, if a side has more than 400 divisions.
    ConvergenceError
        If no exact solution could be proved from the supports found.

    Examples
    --------
    Four regiments against three at two posts, where whoever wins a post also captures the regiments there.

    >>> blotto(4, 3, 2, score="captures").value
    Fraction(14, 9)
    """
    if score not in ("fields", "captures"):
        raise MethodError(f"score is {score!r}; it is 'fields' or 'captures'")
    for name, count in (("first", first), ("second", second)):
        if count != int(count) or count < 0:
            raise GameError(f"{name} is {count}; regiments are a whole number that is not negative")
    if isinstance(fields, (int, np.integer)):
        worths = (Fraction(1),) * int(fields)
    else:
        worths = tuple(as_written("the worth", f"field {k + 1}", w) for k, w in enumerate(fields))
    if not worths or min(worths) <= 0:
        raise GameError("at least one field is needed, and every field must be worth something")
    n, symmetric = len(worths), len(set(worths)) == 1
    divisions = []
    for count in (int(first), int(second)):
        size = (
            sum(1 for _ in _partitions(count, n)) if symmetric and count <= 60 else comb(count + n - 1, n - 1)
        )
        if size > _MOST_STRATEGIES:
            raise SizeError(
                f"{count} regiments can be divided among {n} fields in {size} ways; at most {_MOST_STRATEGIES} are taken"
            )
        divisions.append(list(_partitions(count, n) if symmetric else _allocations(count, n)))
    matrix = [
        [_gain(a, b, worths, symmetric, score == "captures") for b in divisions[1]]
        for a in steps(divisions[0], len(divisions[0]), "rows of the matrix")
    ]
    value, rows, columns = _solve(matrix)
    return Blotto(
        (int(first), int(second)),
        worths,
        value,
        (
            {a: p for a, p in zip(divisions[0], rows) if p},
            {b: p for b, p in zip(divisions[1], columns) if p},
        ),
        symmetric,
        True,
    )


def _allocations(count: int, fields: int) -> Iterator[tuple[int, ...]]:
    if fields == 1:
        yield (count,)
        return
    for k in range(count, -1, -1):
        for rest in _allocations(count - k, fields - 1):
            yield (k, *rest)


def _partitions(count: int, fields: int, largest: int | None = None) -> Iterator[tuple[int, ...]]:
    """Divisions in falling order."""
    largest = count if largest is None else largest
    if fields == 0:
        if count == 0:
            yield ()
        return
    for k in range(min(count, largest), -1, -1):
        if k * fields < count:
            return
        for rest in _partitions(count - k, fields - 1, k):
            yield (k, *rest)


def _gain(
    a: Sequence[int], b: Sequence[int], worths: Sequence[Fraction], symmetric: bool, captures: bool
) -> Fraction:
    """The first side's expected gain; over all orders of the fields if they are alike."""

    def field(x: int, y: int, worth: Fraction) -> Fraction:
        if x == y:
            return Fraction(0)
        won = worth + (min(x, y) if captures else 0)
        return won if x > y else -won

    if symmetric:
        return sum((field(x, y, worths[0]) for x in a for y in b), Fraction(0)) / len(a)
    return sum((field(x, y, w) for x, y, w in zip(a, b, worths)), Fraction(0))


def _solve(matrix: list[list[Fraction]]) -> tuple[Fraction, list[Fraction], list[Fraction]]:
    """Value and optimal strategies in fractions, proved."""
    table = np.array([[float(x) for x in row] for row in matrix])
    solved = solve_matrix_games(table)
    value = Fraction(float(solved.lower[0] + solved.upper[0]) / 2)
    rows = _strategy(matrix, table, solved.rows[0], solved.columns[0])
    turned = [[-x for x in column] for column in zip(*matrix)]
    columns = _strategy(turned, -table.T, solved.columns[0], solved.rows[0])
    if rows is not None and columns is not None:
        secured = min(
            sum((p * row[k] for p, row in zip(rows, matrix)), Fraction(0)) for k in range(len(columns))
        )
        conceded = max(sum((q * x for q, x in zip(columns, row)), Fraction(0)) for row in matrix)
        if secured == conceded:
            return secured, rows, columns
    raise ConvergenceError(
        f"no exact solution was proved; in floats the value is {float(value):.12g}", "Colonel Blotto", None
    )


def _strategy(
    matrix: list[list[Fraction]], table: np.ndarray, own: np.ndarray, other: np.ndarray
) -> list[Fraction] | None:
    """The maximiser's strategy: on its support, equal payoffs against every action that is binding for the other."""
    support = np.flatnonzero(own > 1e-9)
    against = own @ table
    binding = np.flatnonzero(against < against.min() + 1e-9)
    rows = [[matrix[i][j] for i in support] + [Fraction(-1)] for j in binding]
    right = [Fraction(0)] * len(binding)
    rows.append([Fraction(1)] * len(support) + [Fraction(0)])
    right.append(Fraction(1))
    solved = solve_exactly(rows, right)
    if solved is None or min(solved[:-1]) < 0:
        return None
    out = [Fraction(0)] * len(matrix)
    for i, p in zip(support, solved):
        out[int(i)] = p
    return out
