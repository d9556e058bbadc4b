"""Courtship: what it costs to win one power over from another, and what it costs to prevent that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from games.arguments import instance
from games.errors import MethodError
from games.words import the
from solvers.base.result import Result
from solvers.triangle._triangles import Signs, Triangles, check

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Courtship", "courtship"]


@dataclass(frozen=True, eq=False, repr=False)
class Courtship(Result):
    """The price of turning one power from another: a reverse Kissinger, and the counter-offer that prevents it.

    Amounts are in a common unit, per period.

    Attributes
    ----------
    triangles : the payoffs
    courter, courted, rival : the power that courts, the power that is courted, and the power from which it is courted
    start, end : the triangles before and after
    asked : what the courted power loses by the change: the least that it must be offered (0 if it gains)
    worth : what the courter gains: the most that it would offer
    counter : what the rival loses: the most that it would offer the courted power to stay
    """

    triangles: Triangles
    courter: str
    courted: str
    rival: str
    start: Signs
    end: Signs
    asked: float
    worth: float
    counter: float

    @property
    def price(self) -> float:
        """What the courter must offer to win against the rival's best counter-offer."""
        return max(0.0, self.asked + max(0.0, self.counter))

    @property
    def pays(self) -> bool:
        """Would the courter pay that price?"""
        return self.worth > self.price

    @property
    def pays_unopposed(self) -> bool:
        """Would the courter pay what is asked if the rival offered nothing?"""
        return self.worth > max(0.0, self.asked)

    @property
    def keeping_price(self) -> float:
        """The counter-offer that keeps the courted power where it is, if the courter offers as much as it would."""
        return max(0.0, self.worth - self.asked)

    def summary(self) -> str:
        courter, courted, rival = (the(p) for p in (self.courter, self.courted, self.rival))
        asks = (
            f"{courted} asks {self.asked:.4g}"
            if self.asked > 0
            else f"{courted} would change sides without payment (it gains {-self.asked:.4g})"
        )
        limit = max(0.0, self.counter)
        if self.pays:
            end = f"{courter} would pay it, because the change is worth more to it"
        else:
            end = (
                f"{courter} would not pay it, and a counter-offer of {self.keeping_price:.4g} keeps {courted} and {rival} "
                "together"
            )
        return (
            f"From {self.triangles.label(self.start)} to {self.triangles.label(self.end)}: {asks}, the change is worth "
            f"{self.worth:.4g} to {courter}, and {rival} would give up to {limit:.4g} to prevent it. Against that the price is "
            f"{self.price:.4g}: {end}. Amounts are in a common unit."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each power: its payoff before and after, and the most that it would pay or the least it asks."""
        import pandas as pd

        before, after = self.triangles.payoff(self.start), self.triangles.payoff(self.end)
        most = {self.courter: self.worth, self.courted: float("nan"), self.rival: self.counter}
        return pd.DataFrame(
            {
                "before": before,
                "after": after,
                "change": after - before,
                "would pay at most": [
                    max(0.0, most[p]) if p != self.courted else most[p] for p in self.triangles.players
                ],
                "asks at least": [
                    max(0.0, self.asked) if p == self.courted else float("nan")
                    for p in self.triangles.players
                ],
            },
            index=pd.Index(self.triangles.players, name="power"),
        )


def courtship(
    triangles: Triangles, courter: str, courted: str, keep_tie: bool = False, start: Signs | None = None
) -> Courtship:
    """What it costs a power to win another over from a third, and what the third would pay to prevent that.

    Parameters
    ----------
    triangles : from `from_model`, `from_payoffs` or `textbook`
    courter, courted : the power that courts and the one that is courted; the rival is the third power
    keep_tie : the courted power keeps its tie with the rival (it becomes the pivot of a romantic triangle) instead of
        turning against it (a stable marriage with the rival the outcast)
    start : the triangle before; by default the stable marriage of the courted power and the rival

    Notes
    -----
    Both bid for the courted power (a first-price contest in which each knows the other's limit): the courter wins if
    its gain exceeds what the courted power loses and what the rival would give. *Reverse Kissinger* is the US courting
    Russia away from China.

    Examples
    --------
    >>> from solvers.triangle import textbook
    >>> found = courtship(textbook(("US", "China", "Russia")), "US", "Russia")
    >>> found.asked, found.worth, found.counter, found.price, found.pays
    (0.0, 4.0, 4.0, 4.0, False)
    """
    instance(triangles, Triangles, "triangles", MethodError)
    i, j = triangles._index(courter), triangles._index(courted)
    if i == j:
        raise MethodError(f"{courter} cannot court itself")
    k = 3 - i - j
    signs = triangles.named("stable marriage", courter) if start is None else check(start)
    after = (
        triangles.named("romantic triangle", courted)
        if keep_tie
        else triangles.named("stable marriage", triangles.players[k])
    )
    change = triangles.payoff(after) - triangles.payoff(signs)
    return Courtship(
        triangles,
        courter,
        courted,
        triangles.players[k],
        signs,
        after,
        float(-change[j]) + 0.0,
        float(change[i]),
        float(-change[k]) + 0.0,
    )
