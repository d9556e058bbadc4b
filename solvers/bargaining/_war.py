"""War and settlements: the bargaining range, and stakes that cannot be divided.

The commitment problem of a power shift (`power_shift`) is in `solvers.repeated`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.arguments import number
from games.errors import BargainingError
from solvers.base.result import Result
from solvers.repeated import PowerShift, power_shift

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
        """The smallest share that A prefers to war, p - c_A, not below 0."""
        return max(0.0, self.p - self.cost_a)

    @property
    def high(self) -> float:
        """A's largest share that B prefers to war, p + c_B, not above 1."""
        return min(1.0, self.p + self.cost_b)

    @property
    def width(self) -> float:
        """Width of the range within [0, 1]; c_A + c_B if neither end is cut off."""
        return self.high - self.low

    @property
    def middle(self) -> float:
        """The middle of the range."""
        return (self.low + self.high) / 2

    def who_fights(self, share: float) -> str:
        """Which side prefers war if A has that share: `A`, `B` or `nobody`.

        >>> bargaining_range(0.5, 0.1, 0.2).who_fights(0.3)
        'A'
        """
        share = number(
            share, "the share is a part of the stake, between 0 and 1", BargainingError, least=0.0, most=1.0
        )
        return "A" if share < self.p - self.cost_a else "B" if share > self.p + self.cost_b else "nobody"

    def summary(self) -> str:
        return (
            f"Both sides prefer to war any division that gives A between {self.low:.6g} and {self.high:.6g} "
            f"(width {self.width:.6g}, middle {self.middle:.6g}). This assumes that the stake can be divided, that both know "
            "the odds, and that the settlement will be kept."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: low, high, width, middle."""
        import pandas as pd

        return pd.DataFrame([{k: getattr(self, k) for k in ("low", "high", "width", "middle")}])


def bargaining_range(p: float, cost_a: float, cost_b: float) -> BargainingRange:
    """The range of settlements that both sides prefer to war, [p - c_A, p + c_B] (Fearon 1995).

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
    return BargainingRange(_chance("p", p), _cost("cost_a", cost_a), _cost("cost_b", cost_b))


@dataclass(frozen=True, eq=False, repr=False)
class IndivisibleStake(Result):
    """Can a stake that one side must hold as a whole be settled without war, and at what side payment?

    Attributes
    ----------
    p, cost_a, cost_b : as in `BargainingRange`
    payments : holder (`A` or `B`) -> (low, high): the payments from the holder to the other that both prefer to war, or
        None if the holder's funds allow none. They are in the unit of the stake, which both sides must share.
    """

    p: float
    cost_a: float
    cost_b: float
    payments: dict[str, tuple[float, float] | None]

    @property
    def war_without_payments(self) -> bool:
        """Would the two fight if no payments could be made: does each prefer war if the other holds the stake?"""
        return self.p - self.cost_a > 0 and self.p + self.cost_b < 1

    @property
    def war(self) -> bool:
        """Do the two fight although payments can be made?"""
        return all(interval is None for interval in self.payments.values())

    def summary(self) -> str:
        without = "there is war" if self.war_without_payments else "there is no war"
        settlements = [
            f"{holder} can hold it and pay between {x[0]:.6g} and {x[1]:.6g}"
            for holder, x in self.payments.items()
            if x is not None
        ]
        settled = f"{', or '.join(settlements)}" if settlements else "there is war too, for lack of funds"
        return f"The stake cannot be divided. Without side payments {without}; with them {settled}. Payments need a common unit."

    def to_frame(self) -> pd.DataFrame:
        """One row for each possible holder: the smallest and the largest payment."""
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
    p, cost_a, cost_b = _chance("p", p), _cost("cost_a", cost_a), _cost("cost_b", cost_b)
    funds_a, funds_b = _cost("funds_a", funds_a, finite=False), _cost("funds_b", funds_b, finite=False)
    ends = {
        "A": (1 - p - cost_b, min(1 - p + cost_a, funds_a)),
        "B": (p - cost_a, min(p + cost_b, funds_b)),
    }
    payments = {
        h: (max(0.0, low), high) if max(0.0, low) <= high else None for h, (low, high) in ends.items()
    }
    return IndivisibleStake(p, cost_a, cost_b, payments)


def _chance(name: str, value: float) -> float:
    return number(value, f"{name} is a probability between 0 and 1", BargainingError, least=0.0, most=1.0)


def _cost(name: str, value: float, finite: bool = True) -> float:
    return number(value, f"{name} must not be negative", BargainingError, least=0.0, finite=finite)
