"""The Lemke-Howson path of a two-player game, lexicographic and capped."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from games.errors import ConvergenceError, MethodError
from games.normal_form import NormalFormGame
from solvers.equilibrium.rational import (
    exact_equilibrium,
    positive_integers,
    regular_equilibrium,
)
from solvers.equilibrium.results import Equilibrium

__all__ = ["lemke_howson"]

_TINY = 1e-11


class _Astray(Exception):
    """The path was lost: no row to leave, or too many pivots."""


class _Tableau:
    """Rows `slack + matrix @ z = 1`, kept in a basis; columns in the order of labels, the right-hand side last.

    Integer tableaux are pivoted without fractions (Bareiss): every entry stands for itself over `self.common`.
    """

    def __init__(self, matrix: npt.NDArray[Any], slack_labels: range, other_labels: range) -> None:
        k = len(matrix)
        self.table = np.zeros((k, k + matrix.shape[1] + 1), dtype=matrix.dtype)
        self.table[:, other_labels] = matrix
        self.table[range(k), list(slack_labels)] = 1
        self.table[:, -1] = 1
        self.exact = matrix.dtype == object
        self.common: Any = 1
        self.basis = list(slack_labels)
        # Lexicographic order (von Stengel 2002, section 2.6): right-hand side first, then the initial basis.
        self.order = [-1, *slack_labels]

    def enter(self, label: int) -> int:
        """Bring the variable of this label into the basis and return the label of the one that leaves."""
        row = self._leaving(label)
        table = self.table
        pivot = table[row, label]
        if self.exact:
            kept = table[row].copy()
            self.table = (table * pivot - np.outer(table[:, label], kept)) // self.common
            self.table[row] = kept
            self.common = pivot
        else:
            table[row] /= pivot
            factor = table[:, label].copy()
            factor[row] = 0.0
            table -= np.outer(factor, table[row])
            table[:, label] = 0.0
            table[row, label] = 1.0
        left, self.basis[row] = self.basis[row], label
        return left

    def _leaving(self, label: int) -> int:
        column = self.table[:, label]
        rows = np.flatnonzero(column > (0 if self.exact else _TINY))
        for c in self.order:
            if len(rows) < 2:
                break
            if self.exact:
                best = rows[0]
                ties = [best]
                for r in rows[1:]:
                    difference = self.table[r, c] * column[best] - self.table[best, c] * column[r]
                    if difference < 0:
                        best, ties = r, [r]
                    elif difference == 0:
                        ties.append(r)
                rows = np.array(ties)
            else:
                ratios = self.table[rows, c] / column[rows]
                rows = rows[ratios <= ratios.min() + _TINY]
        if len(rows) != 1:
            raise _Astray
        return int(rows[0])

    def weights(self, labels: range) -> list[Any]:
        """The values (times a common factor) of the variables with these labels."""
        held = {label: self.table[row, -1] for row, label in enumerate(self.basis)}
        return [held.get(label, 0) for label in labels]


def lemke_howson(game: NormalFormGame, label: int = 0, max_pivots: int = 10_000) -> Equilibrium:
    """One equilibrium of a two-player game: follow the path on which only `label` is missing.

    Lemke and Howson (1964), in the form of von Stengel (2002, sections 2.3 and 2.6). Pivoting is lexicographic, so that the
    path never cycles. It is followed in floats first; the supports at its end are then solved in rationals. Where that
    does not give an equilibrium (ties, rounding) the path is followed again in integers, without any error.

    Parameters
    ----------
    game : a game of two players
    label : the label to drop, 0 to m + n - 1: player 1's actions, then player 2's;
        different labels may lead to different equilibria
    max_pivots : pivots after which to give up

    Raises
    ------
    MethodError
        If the game does not have two players, or there is no such label.
    ConvergenceError
        If `max_pivots` are not enough.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 2], [2, 6], [3, 1]])
    >>> lemke_howson(game).describe()
    'Player 1: 1; Player 2: 1'
    >>> lemke_howson(game, label=1).describe()
    'Player 1: 2 (0.3333), 3 (0.6667); Player 2: 1 (0.3333), 2 (0.6667)'
    """
    if game.n_players != 2:
        raise MethodError(f"Lemke-Howson needs 2 players; this game has {game.n_players}")
    m, n = game.shape
    if not 0 <= label < m + n:
        raise MethodError(f"label {label} does not exist; the labels of this game run from 0 to {m + n - 1}")
    A, B = positive_integers(game)
    scale = np.where(game.ranges > 0, game.ranges, 1.0)
    unit = (game.payoffs - game.payoffs.min(axis=(0, 1))) / scale + 1.0
    try:
        x, y = _follow(unit[..., 0], unit[..., 1], label, max_pivots)
        rows = [i for i, v in enumerate(x) if v > _TINY]
        columns = [j for j, v in enumerate(y) if v > _TINY]
        found = regular_equilibrium(game, A, B, rows, columns)
        if found is not None:
            return found
    except _Astray:
        pass
    try:
        x, y = _follow(np.array(A, dtype=object), np.array(B, dtype=object), label, max_pivots)
    except _Astray:
        raise ConvergenceError(
            f"Lemke-Howson from label {label} did not end within max_pivots = {max_pivots} pivots; "
            "raise it or drop another label",
            "lemke-howson",
        ) from None
    return exact_equilibrium(game, A, B, x, y)


def _follow(
    A: npt.NDArray[Any], B: npt.NDArray[Any], label: int, max_pivots: int
) -> tuple[list[Any], list[Any]]:
    m, n = A.shape
    # B'x + s = 1 holds the labels of player 2 as slacks; r + A y = 1 those of player 1.
    first = _Tableau(np.ascontiguousarray(B.T), range(m, m + n), range(m))
    second = _Tableau(A, range(m), range(m, m + n))
    tableau = first if label < m else second
    entering = label
    for _ in range(max_pivots):
        entering = tableau.enter(entering)
        if entering == label:
            return first.weights(range(m)), second.weights(range(m, m + n))
        tableau = second if tableau is first else first
    raise _Astray
