"""Contests between groups whose members decide on their own efforts (Esteban and Ray 1999, 2011)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError
from games.normal_form import FloatArray
from games.words import counted
from solvers.base.result import Result
from solvers.contests._outcomes import checked_positive

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GroupContest", "group_contest"]

# Halvings of an interval: to the last digits of a float.
_STEPS = 64


@dataclass(frozen=True, eq=False, repr=False)
class GroupContest(Result):
    """The equilibrium of a contest between groups; unique.

    Attributes
    ----------
    sizes : array (G,), members of each group
    efforts : array (G,), effort of one member
    shares : array (G,), each group's chance to win
    payoffs : array (G,), payoff of one member, its own cost deducted
    conflict : all efforts together
    residual : the largest relative error of a first-order condition
    """

    sizes: FloatArray
    efforts: FloatArray
    shares: FloatArray
    payoffs: FloatArray
    conflict: float
    residual: float

    def summary(self) -> str:
        shares = ", ".join(f"{s:.4g}" for s in self.shares)
        return (
            f"Contest between {counted(len(self.sizes), 'group')}: chances {shares}; all efforts together "
            f"{self.conflict:.6g}. The "
            f"equilibrium is unique; first-order conditions hold to {self.residual:.1g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each group."""
        import pandas as pd

        return pd.DataFrame(
            {
                "members": self.sizes,
                "effort of a member": self.efforts,
                "share": self.shares,
                "payoff of a member": self.payoffs,
            },
            index=pd.RangeIndex(1, len(self.sizes) + 1, name="group"),
        )


@checked
def group_contest(
    values: npt.ArrayLike,
    sizes: npt.ArrayLike,
    cost_exponent: float = 2.0,
    private: float = 0.0,
    altruism: float = 0.0,
) -> GroupContest:
    """Efforts and chances of groups whose members choose alone, at convex cost `x**b / b` (Esteban and Ray 1999, 2011).

    A group wins with the share of its members' efforts in all efforts. A part `private` of the prize is divided among the
    winners' members, the rest each enjoys in full. A member weighs its fellows' payoffs by `altruism`. With v the value to a
    member, `v * (1 - private + private / n)`, and n members, each spends until

        (1 + altruism * (n - 1)) * v * (1 - p) / R = x**(b - 1),    x = p R / n,

    where R is all efforts together. Each p falls in R, so that one R makes them add up to 1. With two groups, b = 2 and a
    public prize the odds are the square root of (n_1 v_1) / (n_2 v_2): numbers tell, in spite of free riding. At linear cost
    (b = 1) only the keenest member spends: `games.contest.lottery`.

    Parameters
    ----------
    values : what the prize is worth to a group (to each member, where it is public), G numbers
    sizes : members of each group; need not be whole
    cost_exponent : b, above 1
    private : share of the prize that has to be divided, from 0 to 1
    altruism : weight on each fellow member's payoff, from 0 to 1

    Raises
    ------
    GameError
        For fewer than two groups, numbers that are not positive, or an exponent or weight outside its range.

    Examples
    --------
    Four against one with the same quadratic cost and a public prize: two to one.

    >>> group_contest([1, 1], [4, 1]).shares.round(6).tolist()
    [0.666667, 0.333333]
    """
    v = checked_positive("values", values)
    if len(v) < 2:
        raise GameError("a contest needs at least two groups")
    n = checked_positive("sizes", sizes, len(v))
    if not 1 < cost_exponent < float("inf"):
        raise GameError(
            f"the cost exponent is {cost_exponent}; it must exceed 1 (at linear cost use games.contest.lottery)"
        )
    for name, number in (("private", private), ("altruism", altruism)):
        if not 0 <= number <= 1:
            raise GameError(f"{name} is {number}; it must lie between 0 and 1")
    own = v * (1 - private + private / n)
    scale = float(own.max())
    # In units of the largest value; efforts scale with its root of order b.
    drive = own / scale * (1 + altruism * (n - 1))
    b = cost_exponent
    # (1 - p) / p**(b - 1) = R**b / (drive n**(b - 1)): p falls in t = R**b.
    weight = drive * n ** (b - 1)
    low, high = 0.0, float(weight.sum()) * len(v) ** max(b, 2.0) + 1.0
    for _ in range(_STEPS):
        t = (low + high) / 2
        if _shares(t / weight, b).sum() > 1:
            low = t
        else:
            high = t
    shares = _shares(high / weight, b)
    shares = shares / shares.sum()
    conflict = float(high ** (1 / b))
    efforts = shares * conflict / n
    left, right = drive * (1 - shares) / conflict, efforts ** (b - 1)
    residual = float((np.abs(left - right) / np.maximum(left, right)).max())
    unit = scale ** (1 / b)
    payoffs = own * shares - (efforts * unit) ** b / b
    return GroupContest(n, efforts * unit, shares, payoffs, conflict * unit, residual)


def _shares(target: FloatArray, b: float) -> FloatArray:
    """The roots in (0, 1) of (1 - p) = target * p**(b - 1)."""
    low, high = np.zeros_like(target), np.ones_like(target)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        more = 1 - middle > target * middle ** (b - 1)
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray((low + high) / 2)
