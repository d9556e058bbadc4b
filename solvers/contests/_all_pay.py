"""The all-pay contest with complete information: the highest effort wins, and everybody has spent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.normal_form import FloatArray
from solvers.base.result import Result
from solvers.contests._outcomes import checked_positive, contestants, falling

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AllPay", "all_pay"]


@dataclass(frozen=True, eq=False, repr=False)
class AllPay(Result):
    """An equilibrium of the all-pay contest, in mixed strategies.

    Attributes
    ----------
    values, efficiency : arrays (N,): the prize's worth to each, and its score per unit of effort
    favourite, rival : the two who may spend
    top : the highest effort of each, array (N,); efforts are uniform between 0 and it, except for the atom
    atoms : array (N,), the probability of no effort at all
    efforts : array (N,), expected efforts
    shares : array (N,), chances to win
    payoffs : array (N,), the same in every equilibrium
    unique : no other equilibrium exists
    """

    values: FloatArray
    efficiency: FloatArray
    favourite: int
    rival: int
    top: FloatArray
    atoms: FloatArray
    efforts: FloatArray
    shares: FloatArray
    payoffs: FloatArray
    unique: bool

    def summary(self) -> str:
        only = (
            "the only equilibrium"
            if self.unique
            else "one of many equilibria, in which only two are active; payoffs are the same in all of them, efforts may not be"
        )
        return (
            f"All-pay contest: contestant {self.favourite + 1} wins with probability {self.shares[self.favourite]:.6g}; "
            f"{self.efforts.sum():.6g} is spent in expectation. In mixed strategies, {only}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each contestant."""
        import pandas as pd

        return pd.DataFrame(
            {
                "value": self.values,
                "spends nothing": self.atoms,
                "highest effort": self.top,
                "expected effort": self.efforts,
                "share": self.shares,
                "payoff": self.payoffs,
            },
            index=pd.RangeIndex(1, len(self.values) + 1, name="contestant"),
        )


@checked
def all_pay(values: npt.ArrayLike, efficiency: npt.ArrayLike = 1.0) -> AllPay:
    """The all-pay contest with complete information (Hillman and Riley 1989; Baye, Kovenock and de Vries 1996).

    The highest score, efficiency times effort, wins. Let w be the value of the prize in units of score (efficiency
    times value), and w_1 >= w_2 >= .... The first spends a uniform score on [0, w_2]. The second does the same with
    an atom of `1 - w_2 / w_1` at zero; all others spend nothing. The equilibrium is unique if w_2 > w_3; otherwise
    payoffs are unique.

    Parameters
    ----------
    values : what the prize is worth to each of N contestants
    efficiency : score per unit of effort, one number or one each

    Raises
    ------
    GameError
        For fewer than two contestants, or numbers that are not positive and finite.

    Examples
    --------
    >>> found = all_pay([2, 1])
    >>> found.efforts.tolist(), found.shares.tolist(), found.payoffs.tolist()
    ([0.5, 0.25], [0.75, 0.25], [1.0, 0.0])
    """
    v = contestants(values)
    n = len(v)
    e = checked_positive("efficiency", efficiency, n)
    worth = v * e
    first, second, *others = falling(worth.tolist())
    ratio = float(worth[second] / worth[first])
    atoms, top, efforts, shares, payoffs = np.ones(n), np.zeros(n), np.zeros(n), np.zeros(n), np.zeros(n)
    atoms[first], atoms[second] = 0.0, 1 - ratio
    for i in (first, second):
        top[i] = worth[second] / e[i]
        efforts[i] = (1 - atoms[i]) * top[i] / 2
    shares[first], shares[second] = 1 - ratio / 2, ratio / 2
    payoffs[first] = v[first] - top[first]
    unique = not others or bool(worth[others[0]] < worth[second])
    return AllPay(v, e, first, second, top, atoms, efforts, shares, payoffs, unique)
