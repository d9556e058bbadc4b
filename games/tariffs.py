"""A tariff war between two economies of unequal size, solved exactly.

Two countries hold endowments of two goods and trade them; both have Cobb-Douglas tastes with the same expenditure share.
Each taxes its import at an ad valorem tariff and hands the revenue back. The world price that clears the markets, each
country's optimum tariff and welfare are closed forms; the Nash equilibrium in tariffs is where the optimum tariffs meet.

The large country can win such a war (Johnson 1953, *Review of Economic Studies* 21; Kennan and Riezman 1988,
*International Economic Review* 29): its market power in trade is the greater. A country's optimum tariff is the inverse of the
elasticity of the other's export supply. Prohibitive tariffs on both sides are always an equilibrium as well, without trade.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from games.arguments import number, numbers, table
from games.errors import ConvergenceError, GameError, ProfileError, did_you_mean
from games.types import FloatArray
from games.words import the

__all__ = ["ExchangeEconomy"]

_ROUNDS = 10_000


@dataclass(frozen=True)
class ExchangeEconomy:
    """Two countries that exchange two goods.

    Parameters
    ----------
    countries : two names; the first exports good 1, the second good 2
    endowments : country -> (good 1, good 2), all positive, in one unit
    share : expenditure share of good 1 in both countries, strictly between 0 and 1

    Raises
    ------
    GameError
        If an endowment is not positive, or comparative advantage runs the other way (then swap the two names).

    Examples
    --------
    >>> equal = ExchangeEconomy(("Home", "Foreign"), {"Home": (0.7, 0.3), "Foreign": (0.3, 0.7)})
    >>> equal.real_income([0, 0])
    array([1., 1.])
    >>> equal.real_income(equal.nash_tariffs()) < 1
    array([ True,  True])
    """

    countries: tuple[str, str]
    endowments: Mapping[str, Sequence[float]]
    share: float = 0.5

    def __post_init__(self) -> None:
        if len(self.countries) != 2 or self.countries[0] == self.countries[1]:
            raise GameError(
                f"an exchange economy has two countries with different names; got {self.countries!r}"
            )
        for country in self.countries:
            held = numbers(self.endowments.get(country, ()), f"the endowment of {country}")
            if held.shape != (2,) or not (np.isfinite(held) & (held > 0)).all():
                raise GameError(
                    f"the endowment of {country} is {held.tolist()}; give two positive amounts, good 1 and good 2"
                )
        number(
            self.share, "the expenditure share of good 1 lies strictly between 0 and 1", above=0.0, below=1.0
        )
        (a1, a2), (b1, b2) = (self.endowments[c] for c in self.countries)
        if a1 * b2 <= a2 * b1:
            raise GameError(
                f"{self.countries[0]} must hold relatively more of good 1 than {self.countries[1]}, which it exports; "
                "it does not: name the countries in the other order"
            )

    @classmethod
    def by_size(cls, sizes: Mapping[str, float], import_share: float, share: float = 0.5) -> ExchangeEconomy:
        """Two countries that differ in size only: `import_share` (below a half) of each endowment is the good that it imports.

        >>> ExchangeEconomy.by_size({"Large": 10, "Small": 1}, 0.3).endowments["Small"]
        (0.3, 0.7)
        """
        import_share = number(
            import_share, "import_share lies strictly between 0 and 0.5", above=0.0, below=0.5
        )
        if len(table(sizes, "sizes")) != 2:
            raise GameError(f"sizes names {len(sizes)} countries; a tariff war here is between two")
        first, second = sizes
        own, other = 1 - import_share, import_share
        endowments = {
            first: (own * sizes[first], other * sizes[first]),
            second: (other * sizes[second], own * sizes[second]),
        }
        return cls((first, second), endowments, share)

    def price(self, tariffs: npt.ArrayLike) -> FloatArray:
        """World price of good 2 in terms of good 1 at tariffs (..., 2), as rates (0.25 is 25 per cent).

        Where tariffs prohibit trade the price is not determined; what is returned is then outside the range in which both trade.
        """
        t, s = self._rates(tariffs)
        (a1, a2), (b1, b2) = self._endowments
        k = self.share / (1 - self.share)
        home, foreign = 1 + k * (1 + t), k + 1 + s
        return np.asarray((a1 / home + (1 + s) * b1 / foreign) / (k * b2 / foreign + k * (1 + t) * a2 / home))

    def consumption(self, tariffs: npt.ArrayLike) -> FloatArray:
        """What each country consumes of each good at tariffs (..., 2): shape (..., 2 countries, 2 goods)."""
        t, _ = self._rates(tariffs)
        (a1, a2), (b1, b2) = self._endowments
        k = self.share / (1 - self.share)
        p = self.price(tariffs)
        imports = np.maximum((a1 - k * (1 + t) * p * a2) / (p * (1 + k * (1 + t))), 0.0)
        # Where the price would make a country import its export good, nothing is traded.
        exports = np.where(imports > 0, p * imports, 0.0)
        first = np.stack([a1 - exports, a2 + imports], axis=-1)
        second = np.stack([b1 + exports, b2 - imports], axis=-1)
        return np.stack([first, second], axis=-2)

    def real_income(self, tariffs: npt.ArrayLike) -> FloatArray:
        """Each country's welfare at tariffs (..., 2) as income at free-trade prices (equivalent income), shape (..., 2).

        In the unit of the endowments valued at the free-trade world price of good 1, so that the two can be added.
        """
        a = self.share
        free = self.consumption([0.0, 0.0])
        income = free[:, 0] + float(self.price([0.0, 0.0])) * free[:, 1]
        logs = np.log(self.consumption(tariffs)) - np.log(free)
        return np.asarray(income * np.exp(a * logs[..., 0] + (1 - a) * logs[..., 1]))

    def optimum_tariff(self, country: str, other_tariff: float = 0.0) -> float:
        """The tariff that is best for a country while the other's stays the same (a rate).

        It equals the inverse of the elasticity of the other's export supply at the volume then traded.
        """
        side = self._side(country)
        self._rates([0.0, other_tariff])
        k = self.share / (1 - self.share)
        (a1, a2), (b1, b2) = self._endowments
        if side == 1:
            # Seen from the second country the goods change names, and so do the expenditure shares.
            (a1, a2), (b1, b2), k = (b2, b1), (a2, a1), 1 / k
        wedge = 1 + other_tariff
        # On the other's offer curve N of good 1 buys b2 k N / D of good 2, D = (k + wedge) N + wedge b1. The best N solves a
        # quadratic; the tariff is then D / (wedge b1) - 1.
        h, c = k + wedge, wedge * b1
        square = a2 * h * h + b2 * k * h
        linear = 2 * a2 * h * c + b2 * k * c + b2 * c
        constant = a2 * c * c - b2 * c * a1
        if constant >= 0:
            return 0.0  # the other's tariff already prohibits trade
        exports = -2 * constant / (linear + np.sqrt(linear * linear - 4 * square * constant))
        return float(h * exports / c)

    def export_supply_elasticity(self, country: str, tariffs: npt.ArrayLike) -> float:
        """Elasticity of a country's export supply with respect to the world price of its export, at its own tariff.

        `tariffs` (2,) say where on the supply curve: at the volume that they let through. Infinite without trade.
        """
        side = self._side(country)
        k = self.share / (1 - self.share)
        (a1, a2), (b1, _) = self._endowments
        traded = self.consumption(tariffs)[0]
        exports = a1 - traded[0]  # of good 1 by the first country, which is what the second imports
        if exports <= 0:
            return float("inf")
        rates = numbers(tariffs, "tariffs")
        if side == 1:
            wedge, own, slope = 1 + rates[1], b1, k
            imported = exports
        else:
            wedge, own, slope = 1 + rates[0], a2, 1 / k
            imported = traded[1] - a2
        # Supply E(N) = b2 k N / D: d ln p / d ln E with p = N / E = D / (b2 k) gives the inverse elasticity.
        return float(wedge * own / ((slope + wedge) * imported))

    def nash_tariffs(self) -> FloatArray:
        """The tariffs (2,) that are best responses to each other, with trade.

        Each country in turn sets its optimum tariff. Raises ConvergenceError if they do not converge in 10,000 rounds.
        """
        first, second = self.countries
        tariffs = np.zeros(2)
        for _ in range(_ROUNDS):
            t = self.optimum_tariff(first, tariffs[1])
            s = self.optimum_tariff(second, t)
            change = np.abs(np.array([t, s]) - tariffs).max()
            tariffs = np.array([t, s])
            if change <= 1e-14 * (1 + tariffs.max()):
                return tariffs
        raise ConvergenceError(
            f"the optimum tariffs of {the(first)} and {the(second)} have not converged",
            "alternating best responses",
            tariffs,
            float(change),
        )

    @property
    def _endowments(self) -> tuple[tuple[float, float], tuple[float, float]]:
        first, second = (self.endowments[c] for c in self.countries)
        return (first[0], first[1]), (second[0], second[1])

    def _side(self, country: str) -> int:
        if country not in self.countries:
            raise ProfileError(f"there is no country {country!r}{did_you_mean(country, self.countries)}")
        return self.countries.index(country)

    def _rates(self, tariffs: npt.ArrayLike) -> tuple[FloatArray, FloatArray]:
        rates = numbers(tariffs, "tariffs")
        if rates.shape[-1:] != (2,) or not np.isfinite(rates).all() or not (rates >= 0).all():
            raise GameError(
                f"tariffs are two rates, one for each of {' and '.join(self.countries)}, finite and not negative "
                f"(0.25 is 25 per cent); got {tariffs!r}"
            )
        return rates[..., 0], rates[..., 1]
