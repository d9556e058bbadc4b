"""Two-player zero-sum (matrix) games, many at once: the one linear program behind minmax values and strict dominance.

The row player maximises and the column player minimises. Whatever the simplex method does, the answer is judged by recomputation.
`lower` is what the row strategy secures against every column, and `upper` what the column strategy concedes to the best row. The
value lies between them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from games.arguments import numbers
from games.errors import GameError
from games.normal_form import NormalFormGame
from games.types import FloatArray
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.programs import linprog

__all__ = ["MatrixGames", "opposed", "solve_matrix_games"]

_REDUCED_COST = 1e-12
_PIVOT = 1e-11
_GAP = 1e-9
# Games of so many entries are solved together: a step through their tableaux takes some milliseconds, after which a time limit
# is looked at. Fewer at once are slower for small games, where each step has a cost of its own.
_ENTRIES_AT_ONCE = 2**20
# Up to so many games are solved faster one after another than all at once, from 2x2 to 100x100.
_FEW = 3
# Normalised payoffs of both players that add up to one within this count as opposed; answers are verified anyway.
_OPPOSED = 1e-12


@dataclass(frozen=True, eq=False)
class MatrixGames:
    """Optimal strategies of B matrix games, each m x n.

    Attributes
    ----------
    lower, upper : arrays (B,)
        The value lies between them (up to the rounding of one dot product); equal up to rounding if solved.
    rows : array (B, m), the maximiser's strategies; they secure `lower`
    columns : array (B, n), the minimiser's strategies; they concede `upper`
    """

    lower: FloatArray
    upper: FloatArray
    rows: FloatArray
    columns: FloatArray


def opposed(game: NormalFormGame) -> bool:
    """Whether a two-player game is zero-sum up to positive affine changes of either player's payoffs, up to
    rounding.

    >>> from games import NormalFormGame
    >>> opposed(NormalFormGame.from_bimatrix([[1, 4], [3, 2]], [[8, 2], [4, 6]]))
    True
    """
    if game.n_players != 2:
        return False
    total = game.normalised[..., 0] + game.normalised[..., 1]
    # A player whose payoffs are all equal has no interests at all.
    return bool((game.ranges > 0).all() and np.abs(total - 1.0).max() <= _OPPOSED)


@keeps_time("the solution of the matrix games", "give fewer at a time")
def solve_matrix_games(matrices: npt.ArrayLike, *, time_limit: float | None = None) -> MatrixGames:
    """Solve B matrix games of one size by the simplex method, all together.

    Parameters
    ----------
    matrices : array (B, m, n) or (m, n)
        Payoffs to the row player.
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        If the array has another shape, is empty or holds NaN or infinity.

    Notes
    -----
    Dantzig (1951): with every entry made positive, the column player's problem is to maximise sum(y) subject to
    M y <= 1, y >= 0; the value is 1 / sum(y) and the row player's strategy is the dual solution. The tableau has
    one row for each action of the player with fewer of them. A game whose gap stays above 1e-9 of its range goes
    to HiGHS.

    Examples
    --------
    >>> import numpy as np
    >>> solved = solve_matrix_games([[1, -1], [-1, 1]])
    >>> solved.lower, solved.rows
    (array([0.]), array([[0.5, 0.5]]))
    """
    given = numbers(matrices, "matrices")
    if given.ndim == 2:
        given = given[None]
    if given.ndim != 3 or 0 in given.shape:
        raise GameError(
            f"matrix games need shape (B, m, n) with at least one game, row and column; got {given.shape}"
        )
    if not np.isfinite(given).all():
        raise GameError("a matrix game needs finite payoffs; got NaN or infinity")
    # Powers of two scale without rounding, and keep a range beyond the largest float finite.
    power = np.frexp(np.abs(given).max(axis=(1, 2)))[1]
    scaled = np.ldexp(given, -power[:, None, None])
    low = scaled.min(axis=(1, 2))
    span = scaled.max(axis=(1, 2)) - low
    span = np.where(span > 0.0, span, 1.0)
    unit = (scaled - low[:, None, None]) / span[:, None, None]
    solve = _one_by_one if len(unit) <= _FEW else _simplex
    parts = []
    at_once = max(1, _ENTRIES_AT_ONCE // unit[0].size)
    for begin in steps(range(0, len(unit), at_once), -(-len(unit) // at_once), "blocks of games"):
        some = unit[begin : begin + at_once]
        if unit.shape[1] <= unit.shape[2]:
            parts.append(solve(some))
        else:
            parts.append(solve(1.0 - some.transpose(0, 2, 1))[::-1])
    rows, columns = (np.concatenate(found) for found in zip(*parts))
    lower, upper = _bounds(unit, rows, columns)
    for b in np.flatnonzero(upper - lower > _GAP):
        row, column = _highs(unit[b])
        tighter, wider = _bounds(unit[b : b + 1], row[None], column[None])
        if tighter[0] > lower[b]:
            rows[b], lower[b] = row, tighter[0]
        if wider[0] < upper[b]:
            columns[b], upper[b] = column, wider[0]
    return MatrixGames(
        np.ldexp(low + span * lower, power), np.ldexp(low + span * upper, power), rows, columns
    )


def _bounds(unit: FloatArray, rows: FloatArray, columns: FloatArray) -> tuple[FloatArray, FloatArray]:
    secured = np.matmul(rows[:, None, :], unit)[:, 0].min(axis=1)
    conceded = np.matmul(unit, columns[:, :, None])[..., 0].max(axis=1)
    return np.asarray(secured), np.asarray(conceded)


def _one_by_one(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """As `_simplex`, one game after another."""
    B, m, n = unit.shape
    rows, columns = np.zeros((B, m)), np.zeros((B, n))
    for b in range(B):
        table, basis = _tableau(unit[b : b + 1])[0], list(range(n, n + m))
        costs, patience = table[m, :-1], 10 * (m + 2)
        for step in range(20 * (m + n) + 100):
            checkpoint()
            entering = int(costs.argmin() if step < patience else (costs < -_REDUCED_COST).argmax())
            column = table[:, entering].copy()
            usable = (column[:m] > _PIVOT).nonzero()[0]
            if column[m] >= -_REDUCED_COST or not len(usable):
                break
            ratio = table[usable, -1] / column[usable]
            place = usable[ratio.argmin()]
            if step >= patience:
                place = min(usable[ratio <= ratio.min() + 1e-15], key=basis.__getitem__)
            pivot_row = table[place] / column[place]
            table -= np.multiply.outer(column, pivot_row)
            table[place] = pivot_row
            basis[place] = entering
        quantity = np.zeros(n + m)
        quantity[basis] = table[:m, -1]
        rows[b], columns[b] = table[m, n:-1], quantity[:n]
    return _distribution(rows), _distribution(columns)


def _tableau(unit: FloatArray) -> FloatArray:
    B, m, n = unit.shape
    table = np.zeros((B, m + 1, n + m + 1))
    table[:, :m, :n] = 1.0 + unit
    table[:, np.arange(m), n + np.arange(m)] = 1.0
    table[:, :m, -1] = 1.0
    table[:, m, :n] = -1.0
    return table


def _simplex(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Row and column strategies of matrices (B, m, n) with entries in [0, 1]."""
    B, m, n = unit.shape
    table = _tableau(unit)
    basis = np.tile(n + np.arange(m), (B, 1))
    live = np.arange(B)
    work, held = table, basis
    patience = 10 * (m + 2)
    for step in range(20 * (m + n) + 100):
        checkpoint()
        costs = work[:, m, :-1]
        if step < patience:
            entering = costs.argmin(axis=1)
        else:
            # Bland (1977): the first eligible column and the first tied row cannot cycle.
            entering = (costs < -_REDUCED_COST).argmax(axis=1)
        at = np.arange(len(work))
        going = costs[at, entering] < -_REDUCED_COST
        column = work[at, :, entering]
        usable = column[:, :m] > _PIVOT
        going &= usable.any(axis=1)
        if not going.all():
            table[live], basis[live] = work, held
            live, work, held = live[going], work[going], held[going]
            entering, column, usable = entering[going], column[going], usable[going]
            at = np.arange(len(work))
        if not len(live):
            break
        ratio = np.divide(work[:, :m, -1], column[:, :m], out=np.full((len(work), m), np.inf), where=usable)
        if step < patience:
            leaving = ratio.argmin(axis=1)
        else:
            tied = ratio <= ratio.min(axis=1, keepdims=True) + 1e-15
            leaving = np.where(tied, held, n + m).argmin(axis=1)
        pivot_row = work[at, leaving] / column[at, leaving][:, None]
        work -= column[:, :, None] * pivot_row[:, None, :]
        work[at, leaving] = pivot_row
        held[at, leaving] = entering
    else:
        table[live], basis[live] = work, held
    quantity = np.zeros((B, n + m))
    np.put_along_axis(quantity, basis, np.maximum(table[:, :m, -1], 0.0), axis=1)
    return _distribution(table[:, m, n:-1]), _distribution(quantity[:, :n])


def _distribution(weights: FloatArray) -> FloatArray:
    clipped = np.maximum(weights, 0.0)
    total = clipped.sum(axis=1, keepdims=True)
    return np.asarray(
        np.where(total > 0.0, clipped / np.where(total > 0.0, total, 1.0), 1.0 / weights.shape[1])
    )


def _highs(unit: FloatArray) -> tuple[FloatArray, FloatArray]:
    m, n = unit.shape
    answer = linprog(-np.ones(n), A_ub=1.0 + unit, b_ub=np.ones(m), bounds=(0, None), method="highs")
    if answer.x is None:
        return np.full(m, 1.0 / m), np.full(n, 1.0 / n)
    return _distribution(-answer.ineqlin.marginals[None])[0], _distribution(answer.x[None])[0]
