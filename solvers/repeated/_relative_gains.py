"""Concern with relative gains: how it changes the patience that a profile needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked, instance, numbers
from games.errors import GameError
from games.normal_form import FloatArray, NormalFormGame
from games.words import the
from solvers.base.deadline import keeps_time, steps
from solvers.base.precision import from_lowest
from solvers.base.result import Result
from solvers.base.rounding import rounding
from solvers.repeated.patience import best_deviation, threshold

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["RelativeGains", "relative_gains"]


@dataclass(frozen=True, eq=False, repr=False)
class RelativeGains(Result):
    """How concern with rivals' payoffs changes the patience that a profile needs.

    Attributes
    ----------
    players : tuple of N names
    weights : array (W,), the weight r of the rivals' mean payoff, which is subtracted from one's own
    ratio : array (W, N), gain / (gain + u - w): the critical discount factor as far as it is below 1
    per_player : array (W, N), the critical discount factor; inf where the ratio is 1 or more
    limit : array (N,), the weight at which the ratio reaches 1 and cooperation becomes impossible; inf if none does
    """

    players: tuple[str, ...]
    weights: FloatArray
    ratio: FloatArray
    per_player: FloatArray
    limit: FloatArray

    def summary(self) -> str:
        first = int(self.limit.argmin())
        if np.isinf(self.limit[first]):
            return "At no weight on relative gains does cooperation become impossible."
        return (
            f"For {the(self.players[first])} no discount factor is high enough once the weight on its rivals' mean payoff is "
            f"{self.limit[first]:.4g} or more; it is the first."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each weight, one column for each player: critical discount factors."""
        import pandas as pd

        return pd.DataFrame(
            self.per_player, index=pd.Index(self.weights, name="weight"), columns=list(self.players)
        )


@checked
@keeps_time("the list of thresholds", "give fewer weights")
def relative_gains(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    punish: Sequence[str | SupportsInt],
    weights: npt.ArrayLike = (0.0, 0.25, 0.5, 1.0),
    *,
    time_limit: float | None = None,
) -> RelativeGains:
    """Critical discount factors under grim trigger, each player valuing its payoff less r times its rivals' mean payoff.

    Source: Snidal (1991), *American Political Science Review* 85. Payoffs of different players must be in one unit.
    `punish` is the profile reverted to; it stays the same at every weight.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Examples
    --------
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> relative_gains(pd, (0, 0), (1, 1), [0.25, 0.5, 1.0]).ratio[:, 0]
    array([0.647, 0.778, 1.   ])
    """
    n = instance(game, NormalFormGame, "the game").n_players
    if n < 2:
        raise GameError("relative gains need at least two players")
    game = from_lowest(game)[0]
    r = np.atleast_1d(numbers(weights, "weights"))
    if r.ndim != 1 or not np.isfinite(r).all():
        raise GameError(f"weights must be finite numbers in one row; got {weights!r}")
    rivals = (game.payoffs.sum(axis=-1, keepdims=True) - game.payoffs) / (n - 1)
    ratio, per_player = np.empty((len(r), n)), np.empty((len(r), n))
    for row, weight in steps(enumerate(r), len(r), "weights"):
        valued = NormalFormGame(game.payoffs - weight * rivals, game.players, game.actions)
        gain, _ = best_deviation(valued, profile)
        u, w = valued.payoff(profile), valued.payoff(punish)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio[row] = np.where(gain > 0, gain / (gain + u - w), 0.0)
        per_player[row] = threshold(gain, u, w, rounding(valued))
    own = game.payoff(profile) - game.payoff(punish)
    theirs = np.asarray(rivals[game.profile(profile)] - rivals[game.profile(punish)])
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.where(theirs > 0, own / theirs, np.where(own > 0, np.inf, -np.inf))
    return RelativeGains(game.players, r, ratio, per_player, limit)
