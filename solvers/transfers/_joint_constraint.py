"""Voluntary payments: only the sum of the incentive constraints need hold.

Before every stage the players may pay one another; a player who withholds a payment is treated like one who deviates.
What one player has to spare can then be paid to the one who is tempted (Levin 2003, *American Economic Review* 93; Goldluecke and
Kranz 2012, *Journal of Economic Theory* 147). `joint_constraint` checks one profile and finds the payments; `payoff_set` and
`cutoffs` (`solvers.transfers._cutoffs`) give all equilibrium payoffs.

Payments need a unit that all players share: every result here depends on it, unlike critical discount factors without payments.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import instance, numbers
from games.errors import DiscountError, MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import discount_vector
from games.words import the
from solvers import repeated
from solvers.base.deadline import keeps_time
from solvers.base.precision import from_lowest
from solvers.base.result import Result
from solvers.base.rounding import best_response_payoffs, rounding
from solvers.repeated.patience import incentive_slack, incentive_surplus
from solvers.repeated.patience._critical_discount import known_options
from solvers.repeated.patience._thresholds import best_deviation, threshold
from solvers.transfers._cutoffs import UNIT, cutoffs

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNIT", "JointConstraint", "joint_constraint", "payments"]


def payments(surplus: npt.ArrayLike, discount: npt.ArrayLike) -> FloatArray:
    """The smallest payments a period that make all players keep to a profile: net receipts (..., N), NaN where none are enough.

    `surplus` (..., N) is what each loses a period by its best deviation or by withholding a payment (negative: it gains),
    `discount` (N,) or one number. A receipt of t raises i's surplus by discount_i * t, since it is lost with the agreement. So i
    needs -surplus_i / discount_i, and payments exist exactly if these add up to no more than 0. Those who pay do so in
    proportion to what they have to spare. Payments are the same every period: with unequal discount factors others might do
    better.

    >>> payments([-1.0, 3.0], 0.5)
    array([ 2., -2.])
    >>> payments([-1.0, 0.5], 0.5)
    array([nan, nan])
    """
    left, factors = numbers(surplus, "surplus"), numbers(discount, "discount", DiscountError)
    if left.ndim == 0 or factors.shape not in ((), left.shape[-1:]):
        raise DiscountError(
            f"surplus has shape {left.shape} and discount {factors.shape}; give one surplus for each player, and one discount "
            "factor or one for each"
        )
    need = -left / factors
    wanted = np.maximum(need, 0.0)
    spare = np.maximum(-need, 0.0)
    total, available = wanted.sum(axis=-1, keepdims=True), spare.sum(axis=-1, keepdims=True)
    part = np.divide(total, available, out=np.zeros_like(total), where=available > 0)
    # A sum that is zero except for rounding is zero.
    enough = total <= available + 1e-12 * (total + available)
    return np.where(enough, wanted - spare * np.minimum(part, 1.0) + 0.0, np.nan)


@dataclass(frozen=True, eq=False, repr=False)
class JointConstraint(Result):
    """Does a profile hold by itself, and does it hold with payments?

    Attributes
    ----------
    game, profile : what is to be sustained
    punishment : what happens to a deviator, in words
    discount : array (N,)
    slack : array (N,), what each loses a period by its best deviation; negative where deviating pays
    surplus : array (N,), the same if withholding a payment counts as a deviation that gains nothing by itself: what each can pay
        away, divided by its discount factor
    payments : array (N,), net receipts a period that make all keep to it (zero if all do anyway), NaN where none are enough
    alone, together : the common discount factor from which the profile holds without and with payments; inf if none
    """

    game: NormalFormGame
    profile: Profile
    punishment: str
    discount: FloatArray
    slack: FloatArray
    surplus: FloatArray
    payments: FloatArray
    alone: float
    together: float

    def __post_init__(self) -> None:
        for array in (self.discount, self.slack, self.surplus, self.payments):
            array.setflags(write=False)

    @property
    def holds(self) -> bool:
        """Does every player keep to the profile without payments?"""
        return bool((self.slack >= 0).all())

    @property
    def holds_with_payments(self) -> bool:
        """Do all keep to it with the right payments?"""
        return bool(np.isfinite(self.payments).all())

    @property
    def weaker(self) -> str:
        """The player with the weakest incentive, by what it would need a period (in the common unit)."""
        return self.game.players[int(np.argmin(self.surplus / self.discount))]

    def summary(self) -> str:
        if self.holds:
            what = "holds without payments"
        elif self.holds_with_payments:
            paid = ", ".join(
                f"{the(player)} {'receives' if t > 0 else 'pays'} {abs(t):.6g}"
                for player, t in zip(self.game.players, self.payments)
                if t
            )
            what = f"does not hold by itself, but it holds if every period {paid}"
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


@keeps_time("the joint constraint", "give the punishment's values as numbers")
def joint_constraint(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    discount: npt.ArrayLike,
    punishment: str | npt.ArrayLike = "nash",
    *,
    time_limit: float | None = None,
    **options: Any,
) -> JointConstraint:
    """Check a profile's incentive constraints one by one and added up, and find the payments that make it hold.

    Payments are the same every period and are made before the stage; a player who withholds one is punished like a deviator. With
    unequal discount factors the constraints are added up in payments a period: sum_i (u_i - w_i - (1 - d_i) g_i / d_i) >= 0,
    g_i at least 0.

    Parameters
    ----------
    game, profile : the stage game and what is to be sustained
    discount : one number or one for each player
    punishment : `"nash"`, `"minmax"` or values (N,), as in `repeated.critical_discount`, with its options; or
        `"optimal"`: the harshest that payments allow (`cutoffs`), for a common discount factor, without options
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    One side gains little and is tempted; the other can pay it.

    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[2, 0], [5, 1]], [[6, 7], [0, 1]])
    >>> result = joint_constraint(game, (0, 0), 0.5, punishment=[1, 1])
    >>> result.holds, result.payments
    (False, array([ 2., -2.]))
    """
    instance(game, NormalFormGame, "the game")
    a = game.profile(profile)
    factors = discount_vector(discount, game)
    base = from_lowest(game)[0]
    least = rounding(base)
    if isinstance(punishment, str) and punishment == "optimal":
        for option in options:
            raise MethodError(f"with payments the punishment 'optimal' takes no option {option}")
        return replace(_optimal(base, a, factors), game=game)
    found = repeated.critical_discount(game, a, punishment, **known_options(options))
    if found.solved is not None or np.isfinite(found.years):
        raise MethodError(
            "payments need a punishment that lasts forever and whose value is known: nash, minmax, optimal or values"
        )
    assert found.loss is not None
    u = base.payoffs[a]
    w = u - found.loss.max(axis=0)
    gain = np.where(found.gain > least, found.gain, 0.0)
    together = float(threshold(gain.sum(), u.sum(), w.sum(), least.sum()))
    if u.sum() < w.sum() - least.sum():
        together = float("inf")
    alone = threshold(gain, u, w, least)
    alone[u < w - least] = np.inf
    return replace(_result(base, a, found.punishment, factors, w, float(alone.max()), together), game=game)


def _optimal(game: NormalFormGame, a: Profile, factors: FloatArray) -> JointConstraint:
    if np.ptp(factors) > 0:
        raise DiscountError("optimal punishments with payments need one discount factor for all players")
    d, least = float(factors[0]), rounding(game)
    ladder = cutoffs(game)
    u = game.payoffs[a]
    best = best_response_payoffs(game.payoffs)[a]
    gain = np.where(best - u > least, best - u, 0.0)
    # Punishments become harsher at the steps of the ladder; between two of them the threshold is a formula.
    ends = np.append(ladder.discount[1:], 1.0)
    found = {"alone": float("inf"), "together": float("inf")}
    for low, high, v in zip(ladder.discount, ends, ladder.lowest):
        needed = {
            "alone": float(np.where(u < v - least, np.inf, threshold(gain, u, v, least)).max()),
            "together": float(threshold(gain.sum(), u.sum(), v.sum(), least.sum()))
            if u.sum() >= v.sum() - least.sum()
            else float("inf"),
        }
        for key, value in needed.items():
            if value < high:
                found[key] = min(found[key], max(value, float(low)))
    at = ladder.at(d)
    words = "the harshest that payments allow"
    result = _result(
        game, a, words, factors, best if at.empty else at.lowest, found["alone"], found["together"]
    )
    return replace(result, payments=np.full(game.n_players, np.nan)) if at.empty else result


def _result(
    game: NormalFormGame,
    a: Profile,
    words: str,
    factors: FloatArray,
    w: FloatArray,
    alone: float,
    together: float,
) -> JointConstraint:
    u, least = game.payoffs[a], rounding(game)
    gain = best_deviation(game, a)[0]
    slack = incentive_slack(gain, u, w, factors, tolerance=least)
    surplus = incentive_surplus(np.where(gain > least, gain, 0.0), u, w, factors, tolerance=least)
    receipts = np.zeros(game.n_players) if (slack >= 0).all() else payments(surplus, factors)
    return JointConstraint(game, a, words, factors, slack, surplus, receipts, alone, together)
