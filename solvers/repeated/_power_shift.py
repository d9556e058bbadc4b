"""Shifts of power: the years in which a declining power prefers to fight now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import number, numbers
from games.errors import DiscountError, GameError
from games.normal_form import FloatArray
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["PowerShift", "power_shift"]


@dataclass(frozen=True, eq=False, repr=False)
class PowerShift(Result):
    """The years in which a declining power prefers fighting to waiting.

    Attributes
    ----------
    strength : array (T + 1,), the rising power's probability of winning, year by year
    discount, cost_declining, cost_rising : the declining power's discount factor and both costs of war, as shares of
        what is at stake
    excess : array (T,), `discount * p(t+1) - p(t) - cost_declining - discount * cost_rising`; war where positive
    """

    strength: FloatArray
    discount: float
    cost_declining: float
    cost_rising: float
    excess: FloatArray

    @property
    def window(self) -> tuple[int, ...]:
        """The years t (counted from 0) in which no settlement keeps the declining power from war."""
        return tuple(int(t) for t in np.flatnonzero(self.excess > 0))

    @property
    def closing_cost(self) -> float:
        """The cost of war that, if each side bore it, would just close the window; 0 if it is closed without any cost."""
        return max(0.0, float(self._lure.max()) / (1.0 + self.discount))

    @property
    def closing_cost_declining(self) -> float:
        """The cost to the declining power that would just close the window, while the rising power's stays."""
        return max(0.0, float(self._lure.max()) - self.discount * self.cost_rising)

    @property
    def largest_safe(self) -> FloatArray:
        """For each year the largest strength next year that keeps the peace, shape (T,) (above 1: every strength does)."""
        return np.asarray(
            (self.strength[:-1] + self.cost_declining + self.discount * self.cost_rising) / self.discount
        )

    @property
    def _lure(self) -> FloatArray:
        return np.asarray(self.discount * self.strength[1:] - self.strength[:-1])

    def summary(self) -> str:
        if not self.window:
            return (
                f"The window stays closed: power never shifts fast enough. Costs of war of {self.closing_cost:.4g} for each "
                "side would be enough to keep it closed."
            )
        years = ", ".join(map(str, self.window))
        return (
            f"The window is open in year {years}: the declining power prefers to fight. Costs of "
            f"{self.closing_cost:.4g} for each side would close it."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each year: strength now and next year, largest safe strength, excess, war."""
        import pandas as pd

        return pd.DataFrame(
            {
                "strength": self.strength[:-1],
                "next year": self.strength[1:],
                "largest safe": self.largest_safe,
                "excess": self.excess,
                "war": self.excess > 0,
            },
            index=pd.RangeIndex(len(self.excess), name="year"),
        )


def power_shift(
    strength: npt.ArrayLike, discount: float, cost_declining: float, cost_rising: float
) -> PowerShift:
    """When does a shift of power bring war? In years with `discount * p(t+1) - p(t) > c_D + discount * c_R`.

    Source: Powell (1999), *In the Shadow of Power*, chapter 4; Powell (2006), *International Organization* 60: the rising
    power cannot commit to giving back later what it gains by its strength. This is the condition for war under every bargaining
    protocol. Where the rising side makes the demands, as in Fearon (1995, *International Organization* 49, p. 406), less is
    enough: `discount * p(t+1) - p(t) > c_D * (1 - discount)**2`. `strength` is the rising power's probability of winning, T + 1
    of them for T years; costs are shares of what is at stake. The numbers of the example are our own.

    >>> power_shift([0.31, 0.5316], 0.95, 0.1, 0.1).window, power_shift([0.31, 0.5315], 0.95, 0.1, 0.1).window
    ((0,), ())
    """
    p = np.array(numbers(strength, "strength"))
    if p.ndim != 1 or len(p) < 2 or not ((p >= 0) & (p <= 1)).all():
        raise GameError("strength needs at least two probabilities between 0 and 1, one a year")
    discount = number(
        discount, "the discount factor must lie strictly between 0 and 1", DiscountError, above=0.0, below=1.0
    )
    cost_declining, cost_rising = (
        number(cost, f"{name} is a cost of war, a number of at least 0", least=0.0)
        for name, cost in (("cost_declining", cost_declining), ("cost_rising", cost_rising))
    )
    p.setflags(write=False)
    excess = discount * p[1:] - p[:-1] - cost_declining - discount * cost_rising
    return PowerShift(p, discount, cost_declining, cost_rising, excess)
