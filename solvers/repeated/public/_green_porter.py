"""Green and Porter's (1984) oligopoly: firms see the price, which demand shocks move, and fight for a while when it is low.

Inverse demand is `theta * (a - b Q)`, the shock theta independent from period to period with mean 1; cost is c a unit.
Each of n firms makes q until the price falls below the trigger; then all make their Cournot output for T - 1 periods. With
F the chance of that, and payoffs normalised by 1 - d,

    V - N = (1 - d) (profit(q) - N) / (1 - d + (d - d**T) F),

N being the Cournot profit. A firm that makes r instead shifts the chance of a low price; q is an equilibrium if
no r does better. Among all of these the output, trigger and length that are worth most are looked for (Porter 1983).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import DiscountError, GameError
from games.normal_form import FloatArray
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GreenPorter", "green_porter"]

# Lengths of reversion tried if none is given: every short one, and longer ones as they differ less and less.
_LENGTHS = (*range(2, 21), 25, 30, 40, 60, 100, np.inf)
# Points of the grids: outputs between half the monopoly's and Cournot's (where the slope changes sign, outputs are then halved to
# the last digit), triggers in steps of 0.07 shocks, departures in steps of an eight hundredth of what leaves no price.
_OUTPUTS, _TRIGGERS, _DEPARTURES = 201, 100, 801
_HALVINGS = 50
# As a share of profits: what halving leaves.
_SMALL = 1e-9


@dataclass(frozen=True, eq=False, repr=False)
class GreenPorter(Result):
    """The best trigger-price equilibrium of an oligopoly with demand shocks.

    Attributes
    ----------
    output : what each firm makes in good times
    trigger : the price below which reversion starts; 0 if none is better than Cournot
    length : T, so that reversion lasts T - 1 periods; inf for forever
    value : what it is worth to each firm a period
    reversion : the chance a period that reversion starts, in good times
    cournot, monopoly : arrays (2,), output and profit a period of each firm in competition and if they share the monopoly
    gain : the most a firm could gain by another output, on a fine grid; 0 up to rounding
    """

    output: float
    trigger: float
    length: float
    value: float
    reversion: float
    cournot: FloatArray
    monopoly: FloatArray
    gain: float

    @property
    def colludes(self) -> bool:
        """True if something better than Cournot was found."""
        return self.trigger > 0.0

    def summary(self) -> str:
        if not self.colludes:
            return (
                "No trigger price was found that is worth more than Cournot competition "
                f"({self.cournot[1]:.6g} a period to each firm)."
            )
        share = (self.value - self.cournot[1]) / (self.monopoly[1] - self.cournot[1])
        years = "forever" if np.isinf(self.length) else f"for {self.length - 1:.0f} periods"
        return (
            f"Each firm makes {self.output:.6g} (Cournot {self.cournot[0]:.6g}, monopoly {self.monopoly[0]:.6g}) "
            f"until the price falls "
            f"below {self.trigger:.6g}, which it does in {self.reversion:.1%} of good periods; then all fight "
            f"{years}. That captures "
            f"{share:.1%} of what collusion could add."
        )

    def to_frame(self) -> pd.DataFrame:
        """Three rows: Cournot, the trigger-price equilibrium, monopoly; output and value of each firm."""
        import pandas as pd

        rows = [self.cournot, np.array([self.output, self.value]), self.monopoly]
        return pd.DataFrame(
            rows, index=["Cournot", "trigger price", "monopoly"], columns=["output", "value a period"]
        )


@checked
@keeps_time("the search for a trigger price", "give the length of reversion")
def green_porter(
    firms: int,
    discount: float,
    shock: float,
    intercept: float = 1.0,
    slope: float = 1.0,
    cost: float = 0.0,
    length: float | None = None,
    *,
    time_limit: float | None = None,
) -> GreenPorter:
    """The best trigger-price equilibrium with linear demand and lognormal shocks.

    Parameters
    ----------
    firms : number of firms, at least 2
    discount : common discount factor
    shock : standard deviation of the logarithm of the demand shock, above 0
    intercept, slope, cost : a, b and c of `a - b Q` and of cost a unit; c below a
    length : T, at least 2 or inf; by default the best of 2 to 20, 25, 30, 40, 60, 100 and inf
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError, DiscountError
        If a number is out of range.

    Examples
    --------
    >>> found = green_porter(2, 0.95, 0.1)
    >>> found.colludes, bool(found.cournot[1] < found.value < found.monopoly[1]), found.gain < 1e-9
    (True, True, True)
    """
    if firms < 2:
        raise GameError(f"an oligopoly has at least two firms; firms is {firms}")
    if not 0.0 < discount < 1.0:
        raise DiscountError(f"the discount factor is {discount}; it must lie strictly between 0 and 1")
    if not (np.isfinite(shock) and shock > 0.0):
        raise GameError(
            f"shock is {shock}; it is a positive standard deviation (without noise see critical_discount)"
        )
    if not (0.0 < slope < np.inf and 0.0 <= cost < intercept < np.inf):
        raise GameError(
            "demand needs a positive slope and an intercept above the cost, which is at least 0; all are finite"
        )
    if length is not None and not length >= 2:
        raise GameError(f"length is {length}; reversion lasts length - 1 periods, at least one")
    market = _Market(firms, discount, shock, intercept, slope, cost)
    best = (market.cournot[1], market.cournot[0], 0.0, np.inf)
    for periods in _LENGTHS if length is None else (length,):
        for value, output, trigger in market.equilibria(float(periods), best[0]):
            if value > best[0] + _SMALL * abs(best[0]):
                best = (value, output, trigger, float(periods))
    value, output, trigger, periods = best
    gain = market.gain(output, trigger, periods)[0] if trigger > 0.0 else 0.0
    chance = float(market.chance(trigger, market.price(firms * output))) if trigger > 0.0 else 0.0
    return GreenPorter(
        float(output),
        float(trigger),
        float(periods),
        float(value),
        chance,
        market.cournot,
        market.monopoly,
        gain,
    )


class _Market:
    """Prices, profits and chances; arrays broadcast."""

    def __init__(
        self, firms: int, discount: float, shock: float, intercept: float, slope: float, cost: float
    ) -> None:
        self.n, self.d, self.sigma = firms, discount, shock
        self.a, self.b, self.c = intercept, slope, cost
        margin = intercept - cost
        q = margin / ((firms + 1) * slope)
        self.cournot = np.array([q, margin**2 / ((firms + 1) ** 2 * slope)])
        q = margin / (2 * firms * slope)
        self.monopoly = np.array([q, margin**2 / (4 * firms * slope)])

    def price(self, total: FloatArray | float) -> FloatArray:
        return np.maximum(self.a - self.b * np.asarray(total), 1e-12 * self.a)

    def chance(self, trigger: FloatArray | float, price: FloatArray) -> FloatArray:
        """The chance that the shocked price falls below the trigger; shocks have mean 1."""
        from scipy.special import ndtr

        return np.asarray(ndtr((np.log(trigger / price) + 0.5 * self.sigma**2) / self.sigma))

    def density(self, trigger: FloatArray | float, price: FloatArray) -> FloatArray:
        """How fast that chance grows with the output of one firm."""
        z = (np.log(trigger / price) + 0.5 * self.sigma**2) / self.sigma
        return np.asarray(np.exp(-0.5 * z**2) / np.sqrt(2.0 * np.pi) / self.sigma * self.b / price)

    def surplus(self, q: FloatArray, trigger: FloatArray | float, periods: float) -> FloatArray:
        """V - N."""
        after = self.d**periods if np.isfinite(periods) else 0.0
        price = self.price(self.n * q)
        alarm = self.chance(trigger, price)
        profit = q * (price - self.c)
        return np.asarray(
            (1.0 - self.d) * (profit - self.cournot[1]) / (1.0 - self.d + (self.d - after) * alarm)
        )

    def slope_of(self, q: FloatArray, trigger: FloatArray | float, periods: float) -> FloatArray:
        """How fast a firm's payoff grows with its own output at q."""
        after = self.d ** (periods - 1.0) if np.isfinite(periods) else 0.0
        price = self.price(self.n * q)
        today = (1.0 - self.d) * (price - self.c - self.b * q)
        lost = self.d * (1.0 - after) * self.surplus(q, trigger, periods)
        return np.asarray(today - lost * self.density(trigger, price))

    def equilibria(self, periods: float, least: float) -> list[tuple[float, float, float]]:
        """Value, output and trigger of equilibria of this length worth more than `least`: for each trigger of a grid that
        of least output."""
        q = np.linspace(0.5 * self.monopoly[0], self.cournot[0], _OUTPUTS)[:-1]
        # Triggers from far below to somewhat above the monopoly price, in equal steps of the shock.
        steps = np.linspace(-6.0, 1.0, _TRIGGERS)
        triggers = float(self.price(self.n * self.monopoly[0])) * np.exp(steps * self.sigma)
        slope = self.slope_of(q[None, :], triggers[:, None], periods)
        worth = self.cournot[1] + self.surplus(q[None, :], triggers[:, None], periods)
        out = []
        for row, trigger in enumerate(triggers):
            checkpoint()
            # A firm would make less below a crossing from above, and more above it: look where the slope falls through 0
            # or rises.
            change = np.flatnonzero(np.diff(np.sign(slope[row])) != 0)
            for k in change:
                if max(worth[row, k], worth[row, k + 1]) <= least:
                    continue
                low, high = q[k], q[k + 1]
                sign = np.sign(slope[row, k])
                for _ in range(_HALVINGS):
                    middle = 0.5 * (low + high)
                    if np.sign(self.slope_of(np.array(middle), trigger, periods)) == sign:
                        low = middle
                    else:
                        high = middle
                output = 0.5 * (low + high)
                surplus = float(self.surplus(np.array(output), trigger, periods))
                if surplus > 0.0 and self.gain(output, trigger, periods)[0] <= _SMALL * self.monopoly[1]:
                    out.append((float(self.cournot[1] + surplus), float(output), float(trigger)))
                    break
        return out

    def gain(self, q: float, trigger: float, periods: float) -> tuple[float, float]:
        """The most that a firm gains by another output, on a grid up to what leaves no price, and that output."""
        after = self.d ** (periods - 1.0) if np.isfinite(periods) else 0.0
        lost = self.d * (1.0 - after) * float(self.surplus(np.array(q), trigger, periods))
        r = np.append(np.linspace(0.0, self.a / self.b, _DEPARTURES), q)
        price = self.price(r + (self.n - 1) * q)
        worth = (1.0 - self.d) * r * (price - self.c) - lost * self.chance(trigger, price)
        best = int(worth.argmax())
        return max(0.0, float(worth[best] - worth[-1])), float(r[best])
