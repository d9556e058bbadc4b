"""Voluntary payments: only the sum of the incentive constraints need hold.

Before every stage the players may pay one another; a player who withholds a payment is treated like one who deviates.
What one side has to spare can then be paid to the one who is tempted (Levin 2003, *American Economic Review* 93; Goldluecke and
Kranz 2013, *Journal of Economic Theory* 148). `joint_constraint` checks one profile and finds the payments; `payoff_set` and
`cutoffs` (`solvers.transfers._cutoffs`) give all equilibrium payoffs.

Payments need a unit that all players share: every result here depends on it, unlike critical discount factors without payments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.errors import DiscountError, MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import discount_vector
from solvers import repeated
from solvers.base.result import Result
from solvers.repeated.patience._thresholds import rounding, threshold
from solvers.transfers._cutoffs import UNIT, best_replies, cutoffs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNIT", "JointConstraint", "joint_constraint", "payments"]


def payments(slack: npt.ArrayLike, discount: npt.ArrayLike) -> FloatArray:
    """The smallest payments a period that make everybody keep to a deal: net receipts (..., N), NaN where none will do.

    `slack` (..., N) is what each loses a period by its best deviation (negative: deviating pays), `discount` (N,) or one
    number. A receipt of t raises i's slack by discount_i * t, since it is lost with the deal. So i needs
    -slack_i / discount_i, and payments exist exactly if these add up to no more than 0. Those who pay do so in
    proportion to what they have to spare. They are the same every period: with unequal discount factors others might do better.

    >>> payments([-1.0, 3.0], 0.5)
    array([ 2., -2.])
    >>> payments([-1.0, 0.5], 0.5)
    array([nan, nan])
    """
    need = -np.asarray(slack, dtype=np.float64) / np.asarray(discount, dtype=np.float64)
    wanted = np.maximum(need, 0.0)
    spare = np.maximum(-need, 0.0)
    total, available = wanted.sum(axis=-1, keepdims=True), spare.sum(axis=-1, keepdims=True)
    part = np.divide(total, available, out=np.zeros_like(total), where=available > 0)
    # A sum that is nil but for rounding is nil.
    enough = total <= available + 1e-12 * (total + available)
    return np.where(enough, wanted - spare * np.minimum(part, 1.0) + 0.0, np.nan)


@dataclass(frozen=True, eq=False, repr=False)
class JointConstraint(Result):
    """Does a profile hold, each player for itself, and does it hold with payments?

    Attributes
    ----------
    game, profile : what is to be sustained
    punishment : what happens to a deviator, in words
    discount : array (N,)
    slack : array (N,), what each loses a period by its best deviation; negative where deviating pays
    payments : array (N,), net receipts a period that make all keep to it (nil where all do anyway), NaN where none will do
    alone, together : the common discount factor from which the profile holds without and with payments; inf if none
    """

    game: NormalFormGame
    profile: Profile
    punishment: str
    discount: FloatArray
    slack: FloatArray
    payments: FloatArray
    alone: float
    together: float

    def __post_init__(self) -> None:
        for array in (self.discount, self.slack, self.payments):
            array.setflags(write=False)

    @property
    def holds_alone(self) -> bool:
        """Does every player keep to the profile without payments?"""
        return bool((self.slack >= 0).all())

    @property
    def holds(self) -> bool:
        """Do all keep to it with the right payments?"""
        return bool(np.isfinite(self.payments).all())

    @property
    def weaker(self) -> str:
        """The player with the weakest incentive, by what it would need a period (in the common unit)."""
        return self.game.players[int(np.argmin(self.slack / self.discount))]

    def summary(self) -> str:
        if self.holds_alone:
            what = "holds without payments"
        elif self.holds:
            paid = ", ".join(
                f"{player} {'receives' if t > 0 else 'pays'} {abs(t):.6g}"
                for player, t in zip(self.game.players, self.payments)
                if t
            )
            what = f"does not hold by itself, and holds if every period {paid}"
        else:
            what = "does not hold, with payments or without"
        common = [f"{d:.6g}" if np.isfinite(d) else "none" for d in (self.together, self.alone)]
        return (
            f"({', '.join(self.game.labels(self.profile))}) {what}; punishment: {self.punishment}. Common discount factor "
            f"needed: {common[0]} with payments, {common[1]} without. {UNIT}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: payoff, slack, payment, slack after the payment."""
        import pandas as pd

        return pd.DataFrame(
            {
                "payoff": self.game.payoffs[self.profile],
                "discount": self.discount,
                "slack": self.slack,
                "receives (common unit)": self.payments,
                "slack with payments": self.slack + self.discount * self.payments,
            },
            index=pd.Index(self.game.players, name="player"),
        )


def joint_constraint(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    discount: npt.ArrayLike,
    punishment: str | npt.ArrayLike = "nash",
    **options: Any,
) -> JointConstraint:
    """Check a profile's incentive constraints one by one and added up, and find the payments that make it hold.

    Payments are the same every period and are made before the stage; who withholds one is punished like a deviator. With
    discount factors of their own the constraints are added up in payments a period: sum_i (u_i - w_i - (1 - d_i) g_i / d_i) >= 0.

    Parameters
    ----------
    game, profile : the stage game and what is to be sustained
    discount : one number or one for each player
    punishment : `"nash"`, `"minmax"` or values (N,), as in `repeated.critical_discount`, with its options; or
        `"optimal"`: the harshest that payments allow (`cutoffs`), for a common discount factor

    Examples
    --------
    One side gains little and is tempted; the other can pay it.

    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [5, 1]], [[6, 7], [0, 1]])
    >>> result = joint_constraint(game, (0, 0), 0.5, punishment=[1, 1])
    >>> result.holds_alone, result.payments
    (False, array([ 2., -2.]))
    """
    a = game.profile(profile)
    factors = discount_vector(discount, game)
    small = rounding(game)
    if isinstance(punishment, str) and punishment == "optimal":
        return _optimal(game, a, factors)
    found = repeated.critical_discount(game, a, punishment, **options)
    if found.solved is not None or np.isfinite(found.years):
        raise MethodError(
            "payments need a punishment that lasts for ever and whose value is known: nash, minmax, optimal or values"
        )
    w = found.punishment_values
    gain = np.where(found.gain > small, found.gain, 0.0)
    slack = _slack(found.cooperative, gain, w, factors, small)
    together = float(threshold(gain.sum(), found.cooperative.sum(), w.sum(), small.sum()))
    if found.cooperative.sum() < w.sum() - small.sum():
        together = float("inf")
    alone = threshold(gain, found.cooperative, w, small)
    alone[found.cooperative < w - small] = np.inf
    return JointConstraint(
        game,
        a,
        found.punishment,
        factors,
        slack,
        payments(slack, factors),
        float(alone.max()),
        together,
    )


def _optimal(game: NormalFormGame, a: Profile, factors: FloatArray) -> JointConstraint:
    if np.ptp(factors) > 0:
        raise DiscountError("optimal punishments with payments need one discount factor for all players")
    d, small = float(factors[0]), rounding(game)
    ladder = cutoffs(game)
    u = game.payoffs[a]
    best = best_replies(game)[a]
    gain = np.where(best - u > small, best - u, 0.0)
    here = ladder.at(d)
    w = best if here.empty else here.lowest
    slack = _slack(u, gain, w, factors, small)
    # Punishments harden at the steps of the ladder; between two of them the threshold is a formula.
    ends = np.append(ladder.discount[1:], 1.0)
    found = {"alone": float("inf"), "together": float("inf")}
    for low, high, v in zip(ladder.discount, ends, ladder.lowest):
        needed = {
            "alone": float(np.where(u < v - small, np.inf, threshold(gain, u, v, small)).max()),
            "together": float(threshold(gain.sum(), u.sum(), v.sum(), small.sum()))
            if u.sum() >= v.sum() - small.sum()
            else float("inf"),
        }
        for key, value in needed.items():
            if value < high:
                found[key] = min(found[key], max(value, float(low)))
    what = "the harshest that payments allow"
    receipts = np.full(game.n_players, np.nan) if here.empty else payments(slack, factors)
    return JointConstraint(game, a, what, factors, slack, receipts, found["alone"], found["together"])


def _slack(
    u: FloatArray, gain: FloatArray, w: FloatArray, factors: FloatArray, small: FloatArray
) -> FloatArray:
    slack = factors * (u - w) - (1 - factors) * gain
    return np.asarray(np.where(np.abs(slack) <= small, 0.0, slack))
