"""A take-it-or-leave-it demand to a rival whose cost of war is not known: the risk-return trade-off."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import BargainingError
from solvers.bargaining._war import _chance, _cost
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Demand", "demand"]


@dataclass(frozen=True, eq=False, repr=False)
class Demand(Result):
    """The best demand, and what it risks.

    Attributes
    ----------
    p : A's chance of winning a war; the stake is 1
    cost_a : A's cost of war, in units of the stake
    low, high : B's cost of war is uniform on this interval
    share : the share that A demands
    risk : the probability of war
    """

    p: float
    cost_a: float
    low: float
    high: float
    share: float
    risk: float

    @property
    def payoff(self) -> float:
        """A's expected payoff."""
        return self.risk * (self.p - self.cost_a) + (1 - self.risk) * self.share

    @property
    def safe(self) -> float:
        """The largest share that every type of B grants, at most 1."""
        return min(1.0, self.p + self.low)

    def summary(self) -> str:
        return (
            f"A demands {self.share:.6g}, which is refused with probability {self.risk:.6g}; the largest demand that is never "
            f"refused is {self.safe:.6g}. A expects {self.payoff:.6g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: demand, risk of war, A's payoff, the safe demand."""
        import pandas as pd

        return pd.DataFrame(
            [{"demand": self.share, "risk": self.risk, "payoff": self.payoff, "safe": self.safe}]
        )


@checked
def demand(p: float, cost_a: float, low: float, high: float) -> Demand:
    """A's best take-it-or-leave-it demand to a rival whose cost of war is uniform on [low, high] (Fearon 1995, appendix).

    A demand of x is refused by the types with costs below x - p. Its best value is p + (high - c_A) / 2, within [p + low, p +
    high] and at most 1. A bolder demand pays more if it is granted, and is refused more often.

    Parameters
    ----------
    p : A's chance of winning, in [0, 1]
    cost_a : A's cost of war, in units of the stake, not negative
    low, high : ends of the interval of B's costs, 0 <= low < high

    Raises
    ------
    BargainingError
        For a chance outside [0, 1], a negative cost, or an interval without width.

    Examples
    --------
    >>> found = demand(0.5, 0.1, 0.0, 0.5)
    >>> round(found.share, 6), round(found.risk, 6)
    (0.7, 0.4)
    """
    p, cost_a = _chance("p", p), _cost("cost_a", cost_a)
    low, high = _cost("low", low), _cost("high", high)
    if not low < high:
        raise BargainingError(
            f"low is {low:g} and high is {high:g}; B's costs need an interval with low < high"
        )
    share = min(1.0, max(p + low, p + (high - cost_a) / 2))
    risk = min(1.0, max(0.0, (share - p - low) / (high - low)))
    return Demand(float(p), float(cost_a), float(low), float(high), share, risk)
