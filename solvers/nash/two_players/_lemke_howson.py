"""The Lemke-Howson path of a two-player game, lexicographic and capped."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import ConvergenceError, MethodError
from games.normal_form import NormalFormGame
from solvers.base.deadline import Deadline, checkpoint
from solvers.base.limits import seconds, whole
from solvers.equilibrium.rational import (
    IntegerMatrix,
    NearTie,
    exact_equilibrium,
    positive_integers,
    regular_equilibrium,
    solve_supports,
    transposed,
)
from solvers.equilibrium.results import Equilibrium

__all__ = ["lemke_howson"]

Basis: TypeAlias = tuple[list[int], list[int]]

_TINY = 1e-11


# The first round gives each path this many pivots for each label: of 60 uniform random games of 80x80 and 150x150 all have
# a path that ends in the first two rounds.
_FIRST_CAP = 1
# Up to this many labels integers cost milliseconds, and need not wait for the other labels.
_SMALL = 24


class _Astray(Exception):
    """The path was lost: no row to leave, too many pivots, or no time left."""

    def __init__(self, pivots: int) -> None:
        super().__init__()
        self.pivots = pivots


class _Tableau:
    """Equations `slack + matrix @ z = 1`, kept in a basis.

    `table` has a row for each label and the right-hand side as its last, and a column for each basic variable: what a pivot
    reads is contiguous. Integer tableaux are pivoted without fractions (Bareiss): every entry stands for itself over
    `denominator`.
    """

    def __init__(self, matrix: npt.NDArray[Any], slack_labels: range, other_labels: range) -> None:
        k = len(matrix)
        self.table = np.zeros((k + matrix.shape[1] + 1, k), dtype=matrix.dtype)
        self.table[other_labels.start : other_labels.stop] = matrix.T
        self.table[slack_labels.start : slack_labels.stop].flat[:: k + 1] = 1
        self.table[-1] = 1
        self.exact = matrix.dtype == object
        self.denominator: Any = 1
        self.basis = list(slack_labels)
        # Lexicographic order (von Stengel 2002, section 2.6): right-hand side first, then the initial basis.
        self.order = [-1, *slack_labels]

    def enter(self, label: int, pivots: int) -> int:
        """Bring the variable of this label into the basis and return the label of the one that leaves.

        `pivots` is how many there were before.
        """
        place = self._exactly_leaving(label) if self.exact else self._leaving(label)
        if place is None:
            raise _Astray(pivots)
        table = self.table
        pivot = table[label, place]
        if self.exact:
            kept = table[:, place].copy()
            self.table = (table * pivot - np.multiply.outer(kept, table[label])) // self.denominator
            self.table[:, place] = kept
            self.denominator = pivot
        else:
            column = table[:, place] / pivot
            factor = table[label].copy()
            table -= np.multiply.outer(column, factor)
            table[:, place] = column
            table[label] = 0.0
            table[label, place] = 1.0
        left, self.basis[place] = self.basis[place], label
        return left

    def _leaving(self, label: int) -> int | None:
        """The place of the basic variable that falls to zero first."""
        entering = self.table[label]
        places = (entering > _TINY).nonzero()[0]
        if not len(places):
            return None
        entering = entering[places]
        for c in self.order:
            ratios = self.table[c][places] / entering
            first = int(ratios.argmin())
            near = ratios <= ratios[first] + _TINY
            if np.count_nonzero(near) == 1:
                return int(places[first])
            places, entering = places[near], entering[near]
        return None

    def _exactly_leaving(self, label: int) -> int | None:
        entering = self.table[label].tolist()
        places = [k for k, v in enumerate(entering) if v > 0]
        for c in self.order:
            if len(places) < 2:
                break
            row = self.table[c].tolist()
            best, ties = places[0], places[:1]
            for k in places[1:]:
                difference = row[k] * entering[best] - row[best] * entering[k]
                if difference < 0:
                    best, ties = k, [k]
                elif difference == 0:
                    ties.append(k)
            places = ties
        return places[0] if len(places) == 1 else None

    def sides(self, own: range, slacks: range) -> Basis:
        """Positions among `own` of the variables in the basis, and among `slacks` of those that are not."""
        held = set(self.basis)
        return (
            [k for k, label in enumerate(own) if label in held],
            [k for k, label in enumerate(slacks) if label not in held],
        )


def lemke_howson(
    game: NormalFormGame,
    label: int | None = None,
    max_pivots: int = 10_000,
    time_limit: float | None = None,
) -> Equilibrium:
    """One equilibrium of a two-player game: follow the path on which only one label is missing.

    Lemke and Howson (1964), in the form of von Stengel (2002, sections 2.3 and 2.6). Pivoting is lexicographic, so that the
    path never cycles. It is followed in floats first; the basis at its end is then solved in rationals. Where that
    is not an equilibrium (rounding has led the path astray) it is followed again in integers, without any error.

    Some paths are very long while others of the same game are short. Without a `label` all labels are therefore tried in
    turn with few pivots, then with twice as many, and so on (Codenotti, De Rossi and Pagan, "An experimental analysis of
    Lemke-Howson algorithm", 2008); the first path that ends is taken.

    Parameters
    ----------
    game : a game of two players
    label : the label to drop, 0 to m + n - 1: player 1's actions, then player 2's;
        different labels may lead to different equilibria
    max_pivots : pivots on one path after which to give up
    time_limit : seconds of wall time

    Raises
    ------
    MethodError
        If the game does not have two players, there is no such label, or an option is out of range.
    ConvergenceError
        If `max_pivots` or the time are not enough.

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
    if label is not None and not 0 <= whole("label", label, 0) < m + n:
        raise MethodError(f"label {label} does not exist; the labels of this game run from 0 to {m + n - 1}")
    whole("max_pivots", max_pivots, 1)
    deadline = Deadline(seconds("time_limit", time_limit))
    unit = game.normalised + 1.0
    integers: tuple[IntegerMatrix, IntegerMatrix] | None = None
    # A path that is done in floats but not confirmed in rationals: where the integers start.
    unconfirmed: int | None = None
    cap = max_pivots if label is not None else min(max_pivots, _FIRST_CAP * (m + n))
    while True:
        for drop in range(m + n) if label is None else (label,):
            try:
                bases = _follow(unit[..., 0], unit[..., 1], drop, cap, deadline)
            except _Astray:
                continue
            if integers is None:
                integers = positive_integers(game)
            found = _at_basis(game, *integers, *bases)
            if found is not None:
                return found
            unconfirmed = drop if unconfirmed is None else unconfirmed
            if m + n <= _SMALL:
                break
        if cap == max_pivots or deadline.passed or (unconfirmed is not None and m + n <= _SMALL):
            break
        cap = min(2 * cap, max_pivots)
    if integers is None:
        integers = positive_integers(game)
    drop = label if label is not None else unconfirmed or 0
    try:
        A, B = integers
        bases = _follow(np.array(A, dtype=object), np.array(B, dtype=object), drop, max_pivots, deadline)
    except _Astray as astray:
        # A caller's limit is the caller's to report.
        checkpoint()
        limit = (
            f"time_limit = {float(time_limit or 0):g} s"
            if deadline.passed
            else f"max_pivots = {max_pivots} pivots"
        )
        advice = "raise it, drop another label" if label is not None else "raise it"
        raise ConvergenceError(
            f"Lemke-Howson from {'every label' if label is None else f'label {label}'} did not end within {limit} (the last "
            f"path made {astray.pivots} pivots); {advice}, or use another method ('newton', 'logit')",
            "lemke-howson",
        ) from None
    found = _at_basis(game, A, B, *bases)
    assert found is not None
    return found


def _follow(
    A: npt.NDArray[Any], B: npt.NDArray[Any], label: int, max_pivots: int, deadline: Deadline
) -> tuple[Basis, Basis]:
    """For both tableaux the actions whose weights are in the last basis, and the other player's whose slacks are not."""
    m, n = A.shape
    # B'x + s = 1 holds the labels of player 2 as slacks; r + A y = 1 those of player 1.
    first = _Tableau(np.ascontiguousarray(B.T), range(m, m + n), range(m))
    second = _Tableau(A, range(m), range(m, m + n))
    tableau = first if label < m else second
    entering = label
    for pivots in range(max_pivots):
        if deadline.passed:
            raise _Astray(pivots)
        entering = tableau.enter(entering, pivots)
        if entering == label:
            return first.sides(range(m), range(m, m + n)), second.sides(range(m, m + n), range(m))
        tableau = second if tableau is first else first
    raise _Astray(max_pivots)


def _at_basis(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, first: Basis, second: Basis
) -> Equilibrium | None:
    """The equilibrium at the end of a path, solved in rationals from its bases; None if they belong to none."""
    if first == second[::-1]:
        found = regular_equilibrium(game, A, B, *first)
        if found is not None:
            return found
    try:
        x = solve_supports(*first, B, strict=False)
        y = solve_supports(*second, transposed(A), strict=False)
    except NearTie:
        return None
    at_x = [sum(w * row[j] for w, row in zip(x, B) if w) for j in range(len(y))]
    at_y = [sum(w * v for w, v in zip(y, row) if w) for row in A]
    best_x, best_y = max(at_x), max(at_y)
    if any(w and v != best_x for v, w in zip(at_x, y)) or any(w and v != best_y for v, w in zip(at_y, x)):
        return None
    return exact_equilibrium(game, A, B, x, y)
