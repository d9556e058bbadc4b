"""When does a shift of power bring war? Two published conditions, and the equilibrium outcomes behind them.

A flow of 1 a year is to be divided; a war divides it for all time at costs c. The declining side can be bought off this
year with all there is at the most, and next year expects what the rising side, stronger then, leaves it:

    it fights if   1 - p(t) - c_D  >  1 - d + d D(t + 1),    D being what it is worth from next year on.

*Powell* (2006, International Organization 60; 1999, In the Shadow of Power, chapter 4): whatever the bargaining protocol,
the rising side gets its own war payoff next year at least, D <= 1 - p(t + 1) + c_R, so that war is certain if `d p(t+1) -
p(t) > c_D + d c_R`. *Fearon* (1995, International Organization 49, p. 406): the rising side makes the demands next year
and leaves the other its war payoff, D = 1 - p(t + 1) - c_D, so that war comes earlier: if `d p(t+1) - p(t) > c_D (1 - d)`.
His costs are paid once: with c_D = (1 - d) c_B that is his `d p2 - p1 > c_B (1 - d)**2`.

The outcomes are those of the subgame-perfect equilibrium of `games.stochastic.crisis` with demands of any size, found from
the last year backwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import DiscountError, GameError
from games.normal_form import FloatArray
from games.types import BoolArray
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PreventiveWar", "preventive_war"]


@dataclass(frozen=True, eq=False, repr=False)
class PreventiveWar(Result):
    """What happens each year of a shift of power, in equilibrium, beside the two conditions.

    Attributes
    ----------
    strength : array (T,), the rising side's chance to win, year by year; the last lasts
    discount, cost_declining, cost_rising : as given; costs as shares of the flow at stake for all time
    proposer : `rising` or `declining`, the side that makes the demands
    war : boolean array (T,), is there war in that year, if it is reached in peace?
    demand : array (T,), what the rising side gets in that year in peace; NaN in war
    rising, declining : arrays (T,), what the sides are worth from that year on
    powell, fearon : arrays (T - 1,), by how much each condition for war is exceeded; war where positive
    """

    strength: FloatArray
    discount: float
    cost_declining: float
    cost_rising: float
    proposer: Literal["rising", "declining"]
    war: BoolArray
    demand: FloatArray
    rising: FloatArray
    declining: FloatArray
    powell: FloatArray
    fearon: FloatArray

    @property
    def window(self) -> tuple[int, ...]:
        """The years, counted from 0, in which war is the outcome if they are reached."""
        return tuple(int(t) for t in np.flatnonzero(self.war))

    @property
    def outbreak(self) -> int | None:
        """The year in which war breaks out on the path of play; None if peace lasts."""
        return self.window[0] if self.window else None

    def summary(self) -> str:
        def years(excess: FloatArray) -> str:
            found = np.flatnonzero(excess > 0)
            return ", ".join(map(str, found)) if len(found) else "none"

        outcome = f"war breaks out in year {self.outbreak}" if self.outbreak is not None else "peace lasts"
        return (
            f"With the {self.proposer} side making the demands, {outcome}. Years of war by Powell's condition, "
            f"under every protocol: "
            f"{years(self.powell)}; by Fearon's, the rising side demanding: {years(self.fearon)}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each year: strength, outcome, demand, values, and what the two conditions exceed."""
        import pandas as pd

        return pd.DataFrame(
            {
                "strength": self.strength,
                "war": self.war,
                "rising gets": self.demand,
                "worth to rising": self.rising,
                "worth to declining": self.declining,
                "Powell's excess": np.append(self.powell, np.nan),
                "Fearon's excess": np.append(self.fearon, np.nan),
            },
            index=pd.RangeIndex(len(self.strength), name="year"),
        )


@checked
def preventive_war(
    strength: npt.ArrayLike,
    discount: float,
    cost_declining: float,
    cost_rising: float,
    proposer: Literal["rising", "declining"] = "rising",
) -> PreventiveWar:
    """War or peace in each year of a shift of power, in the subgame-perfect equilibrium of take-it-or-leave-it demands.

    Parameters
    ----------
    strength : array (T,), the rising side's chance to win a war, year by year; the last lasts
    discount : common discount factor of a year
    cost_declining, cost_rising : costs of war, at least 0, as shares of the flow at stake for all time; a cost that is
    paid once is
        (1 - discount) times that
    proposer : the side that makes the demands each year

    Returns
    -------
    PreventiveWar

    Examples
    --------
    Power shifts from .3 to .5; war costs each side a year's flow once. Fearon's rising side cannot buy peace, Powell's could.

    >>> [preventive_war([0.3, 0.5], 0.9, 0.1, 0.1, side).outbreak for side in ("rising", "declining")]
    [0, None]
    """
    p = np.array(strength, dtype=np.float64)
    if p.ndim != 1 or len(p) < 1 or not ((p >= 0) & (p <= 1)).all():
        raise GameError("strength needs at least one probability between 0 and 1, one a year")
    if not 0.0 < discount < 1.0:
        raise DiscountError(f"the discount factor is {discount}; it must lie strictly between 0 and 1")
    for name, cost in (("cost_declining", cost_declining), ("cost_rising", cost_rising)):
        if not (np.isfinite(cost) and cost >= 0):
            raise GameError(f"{name} is {cost}; a cost of war is a number of at least 0")
    if proposer not in ("rising", "declining"):
        raise GameError(f"proposer is {proposer!r}; it is 'rising' or 'declining'")
    d = float(discount)
    years = len(p)
    fight = np.column_stack([p - cost_rising, 1.0 - p - cost_declining])
    worth, demand, war = np.empty((years, 2)), np.full(years, np.nan), np.zeros(years, dtype=np.bool_)
    mine, other = (0, 1) if proposer == "rising" else (1, 0)
    for t in reversed(range(years)):
        if t == years - 1:
            # Strength stays: the side that answers is held to its war payoff, or to nothing at all.
            worth[t, other] = max(fight[t, other], 0.0)
            worth[t, mine] = 1.0 - worth[t, other]
            demand[t] = worth[t, 0]
            continue
        # What the answering side must be left this year so that it does not fight.
        left = (fight[t, other] - d * worth[t + 1, other]) / (1.0 - d)
        left = max(left, 0.0)
        peace = (1.0 - d) * (1.0 - left) + d * worth[t + 1, mine]
        if left > 1.0 or peace < fight[t, mine]:
            war[t], worth[t] = True, fight[t]
            continue
        worth[t, mine] = peace
        worth[t, other] = (1.0 - d) * left + d * worth[t + 1, other]
        demand[t] = 1.0 - left if proposer == "rising" else left
    lure = d * p[1:] - p[:-1]
    for array in (p, war, demand, worth):
        array.setflags(write=False)
    return PreventiveWar(
        p,
        d,
        float(cost_declining),
        float(cost_rising),
        proposer,
        war,
        demand,
        worth[:, 0],
        worth[:, 1],
        lure - cost_declining - d * cost_rising,
        lure - cost_declining * (1.0 - d),
    )
