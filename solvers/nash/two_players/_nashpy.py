"""nashpy's answers for two-player games, asked for with care: inputs rescaled, every call capped, every answer verified.

nashpy's Lemke-Howson has no limit of iterations, its enumerations take any size, games with a single action for
one player can hang, and wrong answers come without a warning. So nothing here calls what cannot be bounded, and an answer
counts only if its regret, computed by us, is nothing.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from games.errors import ConvergenceError, MethodError, SizeError
from games.normal_form import NormalFormGame
from games.types import FloatArray
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.limits import seconds, whole
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE
from solvers.equilibrium.results import Equilibria, Equilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SecondOpinion", "nashpy_lemke_howson", "second_opinion"]

Enumeration: TypeAlias = Literal["support enumeration", "vertex enumeration", "lemke-howson"]

_SAME = 1e-6
_MAX_SUPPORT_PAIRS = 20_000
_MAX_ACTIONS = 16


@dataclass(frozen=True, eq=False, repr=False)
class SecondOpinion(Result):
    """What nashpy finds in a game, next to what we found.

    Attributes
    ----------
    ours : the set that was checked
    method : nashpy's method
    confirmed : ours that nashpy finds as well
    unconfirmed : ours that it does not find; of a degenerate game it misses some without saying so
    others : its verified answers that are not among ours (of a degenerate game they may be other points of our components)
    rejected : how many of its answers are not equilibria
    """

    ours: Equilibria
    method: str
    confirmed: tuple[Equilibrium, ...]
    unconfirmed: tuple[Equilibrium, ...]
    others: tuple[Equilibrium, ...]
    rejected: int

    def summary(self) -> str:
        return (
            f"nashpy's {self.method} finds {len(self.confirmed)} of our {len(self.ours)} equilibria and {len(self.others)} "
            f"others; {self.rejected} of its answers are not equilibria"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium: its profile in words, and who finds it."""
        import pandas as pd

        rows = [
            {"profile": e.describe(), "ours": mine, "nashpy": theirs}
            for found, mine, theirs in (
                (self.confirmed, True, True),
                (self.unconfirmed, True, False),
                (self.others, False, True),
            )
            for e in found
        ]
        return pd.DataFrame(rows, columns=["profile", "ours", "nashpy"])


def second_opinion(ours: Equilibria, method: Enumeration = "vertex enumeration") -> SecondOpinion:
    """Ask nashpy about the same game and compare.

    Parameters
    ----------
    ours : the equilibria of a two-player game
    method : `vertex enumeration`, `support enumeration` (which loses some equilibria of generic games to rounding),
        or `lemke-howson` (from every label)

    Raises
    ------
    MethodError
        If the game does not have two players with two actions or more each, or there is no such method.
    SizeError
        If the enumeration would take more than some seconds.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix
    >>> found = enumerate_bimatrix(NormalFormGame.from_bimatrix([[3, 0], [0, 2]], [[2, 0], [0, 3]]))
    >>> second_opinion(found).summary()
    "nashpy's vertex enumeration finds 3 of our 3 equilibria and 0 others; 0 of its answers are not equilibria"
    """
    game = ours.game
    A, B = _rescaled(game)
    answers = _ask(A, B, method)
    verified: list[Equilibrium] = []
    rejected = 0
    for answer in answers:
        found = _verified(game, answer)
        if found is None:
            rejected += 1
        elif not any(_same(found, other) for other in verified):
            verified.append(found)
    return SecondOpinion(
        ours,
        method,
        tuple(e for e in ours if any(_same(e, v) for v in verified)),
        tuple(e for e in ours if not any(_same(e, v) for v in verified)),
        tuple(v for v in verified if not any(_same(v, e) for e in ours)),
        rejected,
    )


def nashpy_lemke_howson(
    game: NormalFormGame, label: int = 0, max_pivots: int = 1000, time_limit: float | None = None
) -> Equilibrium:
    """One equilibrium from nashpy's Lemke-Howson tableaux, with a cap on the pivots, verified by its regret.

    Raises MethodError for a game that it cannot take, ConvergenceError if it comes to no end or to no equilibrium.

    >>> from games import NormalFormGame
    >>> nashpy_lemke_howson(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])).profile
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    A, B = _rescaled(game)
    whole("max_pivots", max_pivots, 1)
    deadline = Deadline(seconds("time_limit", time_limit))
    if not 0 <= whole("label", label, 0) < sum(game.shape):
        raise MethodError(
            f"label {label} does not exist; the labels of this game run from 0 to {sum(game.shape) - 1}"
        )
    answer = _capped_lemke_howson(A, B, label, max_pivots, deadline)
    if answer is None:
        raise ConvergenceError(
            f"nashpy's Lemke-Howson from label {label} did not end within max_pivots = {max_pivots} pivots"
            + ("" if time_limit is None else f" and {float(time_limit):g} s")
            + "; drop another label, or use 'lemke-howson'",
            "nashpy",
        )
    found = _verified(game, answer)
    if found is None:
        raise ConvergenceError(f"nashpy's answer from label {label} is not an equilibrium", "nashpy", answer)
    return found


def _rescaled(game: NormalFormGame) -> tuple[FloatArray, FloatArray]:
    """Both payoff matrices with entries from 1 to 2."""
    if game.n_players != 2:
        raise MethodError(f"nashpy solves two-player games; this game has {game.n_players} players")
    if min(game.shape) < 2:
        raise MethodError(
            "nashpy may hang on games in which a player has a single action; it is not asked about them"
        )
    unit = game.normalised + 1.0
    return np.ascontiguousarray(unit[..., 0]), np.ascontiguousarray(unit[..., 1])


def _ask(A: FloatArray, B: FloatArray, method: str) -> list[Any]:
    import nashpy

    m, n = A.shape
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        if method == "support enumeration":
            pairs = comb(m + n, m) - 1
            if pairs > _MAX_SUPPORT_PAIRS:
                raise SizeError(
                    f"nashpy would try {counted(pairs, 'pair')} of supports, some {pairs * 2e-4:.0f} s; "
                    f"at most {_MAX_SUPPORT_PAIRS} are asked for"
                )
            # Even so it loses equilibria of generic games, where a probability off the support comes out at -1e-17.
            return list(nashpy.Game(A, B).support_enumeration(tol=1e-9))
        if method == "vertex enumeration":
            if m + n > _MAX_ACTIONS:
                raise SizeError(
                    f"nashpy's vertex enumeration is asked about at most {_MAX_ACTIONS} actions "
                    f"of both players together, not {m + n}"
                )
            return list(nashpy.Game(A, B).vertex_enumeration())
        if method == "lemke-howson":
            answers = (_capped_lemke_howson(A, B, label, 1000) for label in range(m + n))
            return [answer for answer in answers if answer is not None]
    raise MethodError(
        f"second_opinion has no method {method!r}; known: 'support enumeration', 'vertex enumeration', 'lemke-howson'"
    )


def _capped_lemke_howson(
    A: FloatArray, B: FloatArray, label: int, max_pivots: int, deadline: Deadline | None = None
) -> Any:
    """nashpy's loop with a bound, on nashpy's own tableaux; None if it comes to no end."""
    from nashpy.linalg import create_col_tableau, create_row_tableau

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        columns, rows = create_col_tableau(A, True), create_row_tableau(B, True)
        turn = (rows, columns) if label in rows.non_basic_variables else (columns, rows)
        everything = columns.labels
        entering = label
        for pivot in range(max_pivots):
            if deadline is not None and deadline.passed:
                return None
            try:
                entering = turn[pivot % 2].pivot_and_drop_label(entering)
            except (ValueError, IndexError, KeyError):
                return None
            if columns.non_basic_variables | rows.non_basic_variables == everything:
                return rows.to_strategy(columns.non_basic_variables), columns.to_strategy(
                    rows.non_basic_variables
                )
    return None


def _verified(game: NormalFormGame, answer: Sequence[Any]) -> Equilibrium | None:
    vectors = [np.asarray(v, dtype=np.float64) for v in answer]
    if any(v.shape != (k,) for v, k in zip(vectors, game.shape)):
        return None
    if not all(np.isfinite(v).all() and v.min() > -1e-9 and v.sum() > 0 for v in vectors):
        return None
    vectors = [np.maximum(v, 0.0) for v in vectors]
    found = Equilibrium(game, tuple(v / v.sum() for v in vectors), proof="numeric")
    return found if (found.regret <= TOLERANCE * game.ranges).all() else None


def _same(a: Equilibrium, b: Equilibrium) -> bool:
    pairs: Iterable[tuple[FloatArray, FloatArray]] = zip(a.profile, b.profile)
    return all(float(np.abs(p - q).max()) < _SAME for p, q in pairs)
