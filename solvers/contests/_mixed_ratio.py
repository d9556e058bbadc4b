"""Tullock's contest where no equilibrium is in pure strategies: what mixing is worth, from the sources' theorems."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import FloatArray
from solvers.base.result import Result
from solvers.contests._all_pay import all_pay
from solvers.contests._outcomes import checked_positive, contestants, falling

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MixedTullock", "tullock_mixed"]


@dataclass(frozen=True, eq=False, repr=False)
class MixedTullock(Result):
    """What an equilibrium in mixed strategies is worth.

    Attributes
    ----------
    values : array (N,), the prize's worth to each
    decisiveness : r
    kind : `semi-mixed`, where only the weaker one mixes, between nothing and one effort; or `all-pay`, where expected
        efforts, chances and payoffs are those of the all-pay contest
    efforts : array (N,), expected efforts
    shares : array (N,), chances to win
    payoffs : array (N,)
    enters : array (N,), the probability of any effort if `semi-mixed`, and the effort then is `efforts / enters`; NaN
        for those who mix if `all-pay`: the distributions have no closed form
    unique : no equilibrium has other expected efforts, chances or payoffs
    """

    values: FloatArray
    decisiveness: float
    kind: Literal["semi-mixed", "all-pay"]
    efforts: FloatArray
    shares: FloatArray
    payoffs: FloatArray
    enters: FloatArray
    unique: bool

    def summary(self) -> str:
        first = int(self.shares.argmax())
        how = {
            "semi-mixed": "the weaker contestant mixes between no effort and one",
            "all-pay": "expected efforts, chances and payoffs are those of the all-pay contest",
        }[self.kind]
        only = "" if self.unique else " Other equilibria may be worth something else."
        return (
            f"Tullock contest of decisiveness {self.decisiveness:g}, in mixed strategies: {how}. Contestant {first + 1} wins "
            f"with probability {self.shares[first]:.6g}; {self.efforts.sum():.6g} is spent in expectation.{only}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each contestant."""
        import pandas as pd

        return pd.DataFrame(
            {
                "value": self.values,
                "enters": self.enters,
                "expected effort": self.efforts,
                "share": self.shares,
                "payoff": self.payoffs,
            },
            index=pd.RangeIndex(1, len(self.values) + 1, name="contestant"),
        )


@checked
def tullock_mixed(
    values: npt.ArrayLike, decisiveness: float, efficiency: npt.ArrayLike = 1.0
) -> MixedTullock:
    """Expected efforts, chances and payoffs of the contest `e_i x_i**r / sum e_j x_j**r` where it has no pure equilibrium.

    With w the value in units of influence (`e**(1/r)` times value), w_1 >= w_2 and r at least `1 + (w_2 / w_1)**r`:

    - up to r = 2, two contestants: the stronger makes one effort for sure, the weaker another with probability
      `q = (w_2 / w_1) (r - 1)**(-1/r)` and else none, which leaves it nothing (Wang 2010);
    - beyond 2, the two strongest mix, all others stay out, and efforts, chances and payoffs are those of `all_pay` (Baye,
      Kovenock and de Vries 1994 for equals; Alcalde and Dahm 2010). With two contestants that holds in every equilibrium
      (Ewerhart 2017); all probability is then on countably many efforts (Ewerhart 2015).

    Parameters
    ----------
    values : what the prize is worth to each of N contestants
    decisiveness : r, finite
    efficiency : e, influence per effort to the power r; one number or one each

    Raises
    ------
    GameError
        For fewer than two contestants, or numbers that are not positive and finite.
    MethodError
        If `tullock` has the equilibrium: for r below `1 + (w_2 / w_1)**r`; and for three contestants or more with r up to 2.

    Examples
    --------
    >>> found = tullock_mixed([2, 1], decisiveness=3)
    >>> found.kind, found.efforts.tolist(), found.payoffs.tolist()
    ('all-pay', [0.5, 0.25], [1.0, 0.0])
    """
    from scipy.optimize import brentq

    v = contestants(values, decisiveness)
    n, r = len(v), float(decisiveness)
    e = checked_positive("efficiency", efficiency, n)
    scale = (e / e.max()) ** (1.0 / r)
    worth = scale * v
    strong, weak = falling(worth.tolist())[:2]
    ratio = float(worth[weak] / worth[strong])
    if r > 2.0:
        found = all_pay(v, scale)
        enters = np.where(found.top > 0.0, np.nan, 0.0)
        return MixedTullock(v, r, "all-pay", found.efforts, found.shares, found.payoffs, enters, n == 2)
    if n > 2:
        raise MethodError(
            f"with {n} contestants tullock_mixed takes a decisiveness above 2; it is {r:g}. tullock lists pure equilibria"
        )
    if r < 1.0 + ratio**r:
        least = brentq(lambda x: x - 1.0 - ratio**x, 1.0, 2.0)
        raise MethodError(
            f"with a decisiveness of {r:g} nobody mixes: up to {least:.6g} the equilibrium is pure, and tullock gives it"
        )
    # Where it enters, the weaker has the share 1 - 1/r at which entering is worth nothing.
    chance = ratio * (r - 1.0) ** (-1.0 / r)
    efforts, shares, payoffs, enters = np.zeros(2), np.zeros(2), np.zeros(2), np.ones(2)
    enters[weak] = chance
    efforts[weak] = chance * v[weak] * (r - 1.0) / r
    efforts[strong] = chance * v[strong] * (r - 1.0) / r
    shares[weak] = chance * (r - 1.0) / r
    shares[strong] = 1.0 - shares[weak]
    payoffs[strong] = v[strong] * shares[strong] - efforts[strong]
    return MixedTullock(v, r, "semi-mixed", efforts, shares, payoffs, enters, True)
