"""Games of two players with opposed interests: one linear program, whatever the size."""

from __future__ import annotations

import numpy as np

from games.errors import ConvergenceError, MethodError
from games.normal_form import NormalFormGame
from games.types import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.matrix_game import opposed
from solvers.base.programs import within
from solvers.base.rounding import TOLERANCE
from solvers.equilibrium.rational import IntegerMatrix, positive_integers, regular_equilibrium
from solvers.equilibrium.results import Equilibrium

__all__ = ["linear_program", "only_equilibrium"]

# Supports up to this size are solved in rationals: a second or two of arithmetic.
_LARGEST_EXACT = 120


def linear_program(game: NormalFormGame, *, time_limit: float | None = None) -> Equilibrium:
    """The equilibrium of a zero-sum game, or of one that becomes zero-sum in other units: a pair of optimal strategies.

    Von Neumann's minimax theorem (1928) as a linear program (Dantzig 1951), solved by HiGHS. Where the supports of its
    solution belong to an equilibrium that is regular, it is solved again in rationals (up to supports of 120 actions).

    Raises
    ------
    MethodError
        If the players' interests are not opposed.
    ConvergenceError
        If the linear program was not solved in time.

    Examples
    --------
    >>> found = linear_program(NormalFormGame.from_bimatrix([[3, -1], [-1, 1]]))
    >>> found.describe(), found.proof
    ('Player 1: 1 (0.3333), 2 (0.6667); Player 2: 1 (0.3333), 2 (0.6667)', 'exact')
    """
    if not opposed(game):
        raise MethodError(
            "the linear program needs two players whose interests are opposed (zero-sum in suitable units); these are not. "
            "Use 'lemke-howson'"
        )
    deadline = Deadline(time_limit)
    unit = np.ascontiguousarray(game.normalised[..., 0])
    rows, columns = _optimal(unit, deadline)
    supports = [np.flatnonzero(v > 1e-9).tolist() for v in (rows, columns)]
    if max(map(len, supports)) <= _LARGEST_EXACT and deadline.left > 2.0:
        found = regular_equilibrium(game, *positive_integers(game), *supports)
        if found is not None:
            return found
    found = Equilibrium(game, _polished(unit, rows, columns, supports), proof="numeric")
    share = float((found.regret / game.ranges).max())
    if share > TOLERANCE:
        raise ConvergenceError(
            f"the linear program's solution leaves a regret of {share:.2g} payoff ranges; use 'lemke-howson'",
            "linear-program",
            found.profile,
            share,
        )
    return found


def only_equilibrium(
    game: NormalFormGame, A: IntegerMatrix, B: IntegerMatrix, deadline: Deadline
) -> Equilibrium | None:
    """The equilibrium of a zero-sum game (in some units) with a proof that it has no other; None where there is no such proof.

    A and B are the payoffs as `positive_integers` gives them. Let (x, y) be an equilibrium with a nonsingular system on its
    supports and strictly worse actions outside. Equilibria of zero-sum games are interchangeable, so for any other, (x', z), the
    pair (x', y) is one too. Therefore x' plays best responses to y only, which are the support of x. It also makes the support of
    y indifferent, which only x does.
    """
    if not opposed(game):
        return None
    low_a, low_b = (min(map(min, M)) for M in (A, B))
    span_a, span_b = max(map(max, A)) - low_a, max(map(max, B)) - low_b
    # Exactly opposed: shares of the ranges add up to one.
    if any(
        (a - low_a) * span_b + (b - low_b) * span_a != span_a * span_b
        for row_a, row_b in zip(A, B)
        for a, b in zip(row_a, row_b)
    ):
        return None
    try:
        rows, columns = _optimal(np.ascontiguousarray(game.normalised[..., 0]), deadline)
    except ConvergenceError:
        return None
    supports = [np.flatnonzero(v > 1e-9).tolist() for v in (rows, columns)]
    return regular_equilibrium(game, A, B, *supports)


def _optimal(unit: FloatArray, deadline: Deadline) -> tuple[FloatArray, FloatArray]:
    """Both players' optimal strategies in the game with the row player's payoffs `unit`, entries in [0, 1]."""
    from scipy.optimize import linprog

    m, n = unit.shape
    answer = linprog(
        -np.ones(n),
        A_ub=1.0 + unit,
        b_ub=np.ones(m),
        bounds=(0, None),
        method="highs-ds",
        options=within(deadline),
    )
    if answer.x is None or answer.status != 0:
        raise ConvergenceError(
            f"the linear program of this {m}x{n} game was not solved: {answer.message}. Raise time_limit, or use "
            "'lemke-howson'",
            "linear-program",
        )
    columns, rows = np.maximum(answer.x, 0.0), np.maximum(-answer.ineqlin.marginals, 0.0)
    return rows / rows.sum(), columns / columns.sum()


def _polished(
    unit: FloatArray, rows: FloatArray, columns: FloatArray, supports: list[list[int]]
) -> tuple[FloatArray, FloatArray]:
    """The strategies that make the other's support exactly indifferent, where they are close; else those given."""
    out = []
    for v, own, other, table in (
        (rows, supports[0], supports[1], unit.T),
        (columns, supports[1], supports[0], unit),
    ):
        # Unknowns: the weights of the support and the value.
        system = np.zeros((len(other) + 1, len(own) + 1))
        system[:-1, :-1] = table[np.ix_(other, own)]
        system[:-1, -1] = -1.0
        system[-1, :-1] = 1.0
        right = np.zeros(len(other) + 1)
        right[-1] = 1.0
        weights = np.linalg.lstsq(system, right, rcond=None)[0][:-1]
        better = np.zeros(len(v))
        better[own] = weights
        close = weights.min() >= 0.0 and np.abs(better - v).max() < 1e-6
        out.append(better / better.sum() if close else v)
    return out[0], out[1]
