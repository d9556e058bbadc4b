"""War and deals: the bargaining range, stakes that cannot be divided, and the commitment problem of a power shift."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.errors import BargainingError, DiscountError
from games.normal_form import BoolArray, FloatArray
from solvers.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "BargainingRange",
    "IndivisibleStake",
    "PowerShift",
    "bargaining_range",
    "indivisible_stake",
    "power_shift",
]


@dataclass(frozen=True, eq=False, repr=False)
class BargainingRange(Result):
    """The divisions that both sides prefer to war.

    Attributes
    ----------
    p : A's chance of winning a war; the stake is 1
    cost_a, cost_b : costs of war, in units of the stake
    low, high : A's shares that both accept, within [0, 1]
    """

    p: float
    cost_a: float
    cost_b: float

    @property
    def low(self) -> float:
        """The least share that A prefers to war, p - c_A, not below 0."""
        return max(0.0, self.p - self.cost_a)

    @property
    def high(self) -> float:
        """The largest share of A's that B prefers to war, p + c_B, not above 1."""
        return min(1.0, self.p + self.cost_b)

    @property
    def width(self) -> float:
        """Width of the range within [0, 1]; c_A + c_B where neither end is cut off."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2

    def who_fights(self, share: float) -> str:
        """Who prefers war to A's having that share: `A`, `B` or `nobody`.

        >>> bargaining_range(0.5, 0.1, 0.2).who_fights(0.3)
        'A'
        """
        if not 0 <= share <= 1:
            raise BargainingError(f"the share is {share:g}; it is a part of the stake, between 0 and 1")
        return "A" if share < self.p - self.cost_a else "B" if share > self.p + self.cost_b else "nobody"

    def summary(self) -> str:
        return (
            f"Both sides prefer any share of A's between {self.low:.6g} and {self.high:.6g} to war "
            f"(width {self.width:.6g}, middle {self.middle:.6g}), if the stake can be divided, the odds are known to both "
            "and the deal will be kept."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: low, high, width, middle."""
        import pandas as pd

        return pd.DataFrame([{k: getattr(self, k) for k in ("low", "high", "width", "middle")}])


def bargaining_range(p: float, cost_a: float, cost_b: float) -> BargainingRange:
    """The range of deals that both sides prefer to war, [p - c_A, p + c_B] (Fearon 1995).

    Parameters
    ----------
    p : A's chance of winning, in [0, 1]
    cost_a, cost_b : what war costs each, in units of the stake, not negative

    Raises
    ------
    BargainingError
        For a chance outside [0, 1] or a negative cost.

    Examples
    --------
    >>> found = bargaining_range(0.6, 0.1, 0.2)
    >>> round(found.low, 6), round(found.high, 6), round(found.width, 6)
    (0.5, 0.8, 0.3)
    """
    _chance("p", p)
    _cost(cost_a=cost_a, cost_b=cost_b)
    return BargainingRange(float(p), float(cost_a), float(cost_b))


@dataclass(frozen=True, eq=False, repr=False)
class IndivisibleStake(Result):
    """Can a stake that one side must hold whole be settled without war, and at what side payment?

    Attributes
    ----------
    p, cost_a, cost_b : as in `BargainingRange`
    payments : holder (`A` or `B`) -> (low, high): the payments from the holder to the other that both prefer to war, or
        None if there are none that the holder's funds allow. They need a common unit, that of the stake.
    """

    p: float
    cost_a: float
    cost_b: float
    payments: dict[str, tuple[float, float] | None]

    @property
    def war_without_payments(self) -> bool:
        """Would the two fight if nothing could be paid: does each side prefer war to the other's holding the stake?"""
        return self.p - self.cost_a > 0 and self.p + self.cost_b < 1

    @property
    def war(self) -> bool:
        """Do they fight although payments can be made?"""
        return all(interval is None for interval in self.payments.values())

    def summary(self) -> str:
        without = "war" if self.war_without_payments else "no war"
        deals = [
            f"{holder} holds it and pays between {x[0]:.6g} and {x[1]:.6g}"
            for holder, x in self.payments.items()
            if x is not None
        ]
        settled = f"With them: {'; or '.join(deals)}." if deals else "With them: war too, for want of funds."
        return f"A stake that cannot be divided. Without side payments: {without}. {settled} Needs a common unit."

    def to_frame(self) -> pd.DataFrame:
        """One row for each possible holder: the least and the most that it would pay."""
        import pandas as pd

        rows = [x if x is not None else (float("nan"),) * 2 for x in self.payments.values()]
        return pd.DataFrame(rows, columns=["low", "high"], index=pd.Index(list(self.payments), name="holder"))


def indivisible_stake(
    p: float, cost_a: float, cost_b: float, funds_a: float = float("inf"), funds_b: float = float("inf")
) -> IndivisibleStake:
    """A stake that cannot be divided, settled by a side payment from its holder (Fearon 1995, on indivisible issues).

    Parameters
    ----------
    p, cost_a, cost_b : as in `bargaining_range`
    funds_a, funds_b : the most that each side can pay, in units of the stake

    Examples
    --------
    >>> found = indivisible_stake(0.5, 0.1, 0.1, funds_b=0.2)
    >>> found.war_without_payments, [round(x, 6) for x in found.payments["A"]], found.payments["B"]
    (True, [0.4, 0.6], None)
    """
    _chance("p", p)
    _cost(cost_a=cost_a, cost_b=cost_b, funds_a=funds_a, funds_b=funds_b)
    ends = {
        "A": (1 - p - cost_b, min(1 - p + cost_a, funds_a)),
        "B": (p - cost_a, min(p + cost_b, funds_b)),
    }
    payments = {
        h: (max(0.0, low), high) if max(0.0, low) <= high else None for h, (low, high) in ends.items()
    }
    return IndivisibleStake(float(p), float(cost_a), float(cost_b), payments)


@dataclass(frozen=True, eq=False, repr=False)
class PowerShift(Result):
    """When a declining side would rather fight than see power shift.

    Attributes
    ----------
    years : labels of the T years
    power : array (T,), the rising side's chance of winning in each year
    discount : the declining side's weight of next year against this one
    cost_declining, cost_rising : costs of war, in units of a year's stake forever
    """

    years: tuple[float, ...]
    power: FloatArray
    discount: float
    cost_declining: float
    cost_rising: float

    @property
    def pull(self) -> FloatArray:
        """discount * p(t+1) - p(t) for each year but the last, shape (T-1,)."""
        return np.asarray(self.discount * self.power[1:] - self.power[:-1])

    @property
    def bound(self) -> float:
        """c_D + discount * c_R: the pull above which no promise of the rising side's keeps the peace."""
        return self.cost_declining + self.discount * self.cost_rising

    @property
    def threshold(self) -> FloatArray:
        """For each year but the last the next year's chance above which there is war, shape (T-1,)."""
        return np.asarray((self.power[:-1] + self.bound) / self.discount)

    @property
    def war(self) -> BoolArray:
        """Whether each year but the last lies in the window, shape (T-1,)."""
        return np.asarray(self.pull > self.bound)

    @property
    def window(self) -> tuple[float, ...]:
        """The years in which the declining side would rather fight."""
        return tuple(y for y, w in zip(self.years, self.war) if w)

    @property
    def closing_cost(self) -> float:
        """How much dearer war would have to be, in c_D + discount * c_R, to close the window (0 if there is none)."""
        return float(max(0.0, self.pull.max() - self.bound))

    def summary(self) -> str:
        if not self.window:
            return f"No power-shift window: the largest pull, {self.pull.max():.6g}, is not above {self.bound:.6g}."
        years = ", ".join(f"{y:g}" for y in self.window)
        return (
            f"Power-shift window in {years}: the declining side would rather fight. It closes if war costs "
            f"{self.closing_cost:.6g} more (c_D + discount * c_R, now {self.bound:.6g})."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each year but the last: the chances, the pull, the threshold for next year's chance, the window."""
        import pandas as pd

        return pd.DataFrame(
            {
                "chance": self.power[:-1],
                "next chance": self.power[1:],
                "pull": self.pull,
                "threshold": self.threshold,
                "in window": self.war,
            },
            index=pd.Index(self.years[:-1], name="year"),
        )


def power_shift(
    power: npt.ArrayLike,
    discount: float,
    cost_declining: float,
    cost_rising: float,
    years: Sequence[float] | None = None,
) -> PowerShift:
    """The years in which a declining side fights because the rising one cannot promise not to use its power later.

    War comes in year t if discount * p(t+1) - p(t) > c_D + discount * c_R (Powell 2006): even the whole stake this
    year does not make up for what the declining side loses next year.

    Parameters
    ----------
    power : array (T,), the rising side's chance of winning a war in each year, T at least 2
    discount : the declining side's weight of next year, in (0, 1)
    cost_declining, cost_rising : costs of war, not negative
    years : labels of the T years, 0 to T - 1 if left out

    Raises
    ------
    BargainingError
        For chances outside [0, 1], fewer than two years or negative costs.
    DiscountError
        For a discount factor outside (0, 1).

    Examples
    --------
    >>> found = power_shift([0.31, 0.54, 0.6], 0.95, 0.1, 0.1)
    >>> found.threshold.round(4).tolist(), found.window
    ([0.5316, 0.7737], (0,))
    """
    path = np.array(power, dtype=np.float64)
    if path.ndim != 1 or len(path) < 2:
        raise BargainingError(
            f"power has shape {path.shape}; a chance for each of at least two years is needed"
        )
    for k, p in enumerate(path):
        _chance(f"power[{k}]", float(p))
    if not 0 < discount < 1:
        raise DiscountError(f"the discount factor is {discount:g}; it must lie strictly between 0 and 1")
    _cost(cost_declining=cost_declining, cost_rising=cost_rising)
    labels = tuple(range(len(path))) if years is None else tuple(years)
    if len(labels) != len(path):
        raise BargainingError(f"{len(labels)} years are named for {len(path)} chances")
    path.setflags(write=False)
    return PowerShift(labels, path, float(discount), float(cost_declining), float(cost_rising))


def _chance(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise BargainingError(f"{name} is {value:g}; it is a probability between 0 and 1")


def _cost(**values: float) -> None:
    for name, value in values.items():
        if not value >= 0:
            raise BargainingError(f"{name} is {value:g}; it must not be negative")
