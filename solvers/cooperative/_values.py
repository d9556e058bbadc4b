"""Values built from marginal contributions v(S + i) - v(S): the Shapley value and the Banzhaf index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.coalitional import CoalitionalGame
from games.normal_form import FloatArray
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.precision import refuse_lost_worths
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Allocation", "banzhaf", "dummies", "pivotal", "shapley"]

# A contribution this close to zero, as a share of the game's scale, is rounding.
_TOLERANCE = 1e-12
# Coalitions compared between two looks at the clock.
_BLOCK = 2**14


@dataclass(frozen=True, eq=False, repr=False)
class Allocation(Result):
    """What each player gets under one value.

    Attributes
    ----------
    game : CoalitionalGame
    name : the value's name
    payoffs : array (N,), in the game's common unit
    """

    game: CoalitionalGame
    name: str
    payoffs: FloatArray

    @property
    def excesses(self) -> FloatArray:
        """v(S) - x(S) of every coalition, shape (2**N,): positive where a coalition would do better alone."""
        return np.asarray(self.game.values - self.game.membership @ self.payoffs)

    def summary(self) -> str:
        shares = ", ".join(f"{p} {x:.6g}" for p, x in zip(self.game.players, self.payoffs))
        worst = int(self.excesses[1:-1].argmax()) + 1 if self.game.n_players > 1 else 1
        return (
            f"{self.name}: {shares}; in all {self.payoffs.sum():.6g} of {self.game.values[-1]:.6g}. "
            f"Most discontent: {self.game.label(worst)}, by {self.excesses[worst]:.6g}. Needs a common unit of payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: its payoff, what it is worth alone, what it adds to all the others."""
        import pandas as pd

        full = len(self.game.values) - 1
        return pd.DataFrame(
            {
                self.name: self.payoffs,
                "alone": self.game.values[self.game.singletons],
                "adds to all others": self.game.values[full] - self.game.values[full - self.game.singletons],
            },
            index=pd.Index(self.game.players, name="player"),
        )


def _contributions(game: CoalitionalGame, i: int) -> tuple[FloatArray, FloatArray]:
    """For every coalition without player i: what i adds to it, and its number of members."""
    masks = np.arange(len(game.values))
    without = masks[(masks >> i & 1) == 0]
    sizes = game.membership[without].sum(axis=1)
    if game.floats_are_exact:
        return np.asarray(game.values[without | 1 << i] - game.values[without]), sizes
    beyond = game.surplus[without | 1 << i] - game.surplus[without]
    return np.asarray(game.values[1 << i] + beyond), sizes


@checked
@keeps_time("the Shapley value", "describe the game by types (typed_shapley)")
def shapley(game: CoalitionalGame, *, time_limit: float | None = None) -> Allocation:
    """The Shapley value: the mean marginal contribution over all orders in which players may join (Shapley 1953).

    For a simple voting game it is the Shapley-Shubik index.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.coalitional import gloves
    >>> shapley(gloves(["left"], ["right 1", "right 2"])).payoffs.round(4).tolist()
    [0.6667, 0.1667, 0.1667]
    """
    refuse_lost_worths(game)
    n = game.n_players
    weight = np.array([factorial(s) * factorial(n - s - 1) / factorial(n) for s in range(n)])
    out = np.empty(n)
    for i in steps(range(n), n, "players"):
        added, sizes = _contributions(game, i)
        out[i] = weight[sizes.astype(np.intp)] @ added
    return Allocation(game, "Shapley value", out)


@checked
@keeps_time("the Banzhaf index", "describe the game by types (typed_banzhaf)")
def banzhaf(game: CoalitionalGame, normalised: bool = True, *, time_limit: float | None = None) -> Allocation:
    """The Banzhaf index: the mean marginal contribution over all coalitions (Penrose 1946; Banzhaf 1965).

    `normalised` scales it to add up to the worth of all together, where the contributions do not cancel to zero.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.coalitional import weighted_voting
    >>> banzhaf(weighted_voting([3, 2, 2])).payoffs.round(4).tolist()
    [0.3333, 0.3333, 0.3333]
    """
    refuse_lost_worths(game)
    n = game.n_players
    out = np.array([_contributions(game, i)[0].mean() for i in steps(range(n), n, "players")])
    total = out.sum()
    if normalised and abs(total) > _TOLERANCE * game.scale:
        out = out * (game.values[-1] / total)
    return Allocation(game, "Banzhaf index" if normalised else "Banzhaf value", out)


@checked
@keeps_time("the search for dummies", "take fewer players")
def dummies(game: CoalitionalGame, *, time_limit: float | None = None) -> tuple[str, ...]:
    """The players who add nothing to any coalition: null players, in voting games called dummies.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.coalitional import weighted_voting
    >>> dummies(weighted_voting({"A": 4, "B": 2, "C": 1}))
    ('B', 'C')
    """
    refuse_lost_worths(game)
    values = game.exact
    return tuple(
        player
        for i, player in steps(enumerate(game.players), game.n_players, "players")
        if _adds_nothing(values, i)
    )


def _adds_nothing(values: Sequence[Fraction], i: int) -> bool:
    for begin in range(0, len(values), _BLOCK):
        checkpoint()
        block = range(begin, min(begin + _BLOCK, len(values)))
        if any(values[s | 1 << i] != values[s] for s in block if not s >> i & 1):
            return False
    return True


@checked
@keeps_time("the search for pivotal players", "take fewer players")
def pivotal(game: CoalitionalGame, *, time_limit: float | None = None) -> tuple[str, ...]:
    """The players who are not dummies: each makes a difference to some coalition.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games.coalitional import weighted_voting
    >>> pivotal(weighted_voting({"A": 3, "B": 2, "C": 2}))
    ('A', 'B', 'C')
    """
    refuse_lost_worths(game)
    idle = dummies(game)
    return tuple(p for p in game.players if p not in idle)
