"""Bargaining in legislatures (Baron and Ferejohn 1989): a member drawn at random proposes, a majority decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import BargainingError, DiscountError
from games.lotteries import SUM_TOLERANCE
from games.normal_form import FloatArray
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Legislature", "OpenRule", "closed_rule", "open_rule"]

# Halvings of an interval of length about 1: to the last digit of a float.
_STEPS = 60


@dataclass(frozen=True, eq=False, repr=False)
class Legislature(Result):
    """The stationary equilibrium payoffs under the closed rule.

    Attributes
    ----------
    quota : votes that a proposal needs, the proposer's among them
    recognition : array (N,), the probability with which each member proposes
    discount : array (N,)
    values : array (N,), expected shares before a proposer is drawn
    reservation : array (N,), discount times value: the least share for which each votes yes
    proposer : array (N,), what each keeps if it proposes
    chosen : array (N,), the probability that each is offered its reservation share in a round
    """

    quota: int
    recognition: FloatArray
    discount: FloatArray
    values: FloatArray
    reservation: FloatArray
    proposer: FloatArray
    chosen: FloatArray

    def summary(self) -> str:
        return (
            f"Closed rule, {self.quota} of {len(self.values)} votes: the first proposal passes; a proposer keeps "
            f"{self.proposer.min():.6g} to {self.proposer.max():.6g} and buys the cheapest votes. Stationary equilibrium; "
            "its payoffs are unique."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each member."""
        import pandas as pd

        return pd.DataFrame(
            {
                "recognition": self.recognition,
                "discount": self.discount,
                "value": self.values,
                "reservation": self.reservation,
                "kept as proposer": self.proposer,
                "offered a share": self.chosen,
            },
            index=pd.RangeIndex(1, len(self.values) + 1, name="member"),
        )


@checked
def closed_rule(
    members: int,
    discount: npt.ArrayLike,
    *,
    quota: int | None = None,
    recognition: Sequence[float] | None = None,
) -> Legislature:
    """Divide a dollar by majority, closed rule, no last round (Baron and Ferejohn 1989; Eraslan 2002 for unequal members).

    In each round a member is drawn and proposes; if the quota of votes is missed, another is drawn. With equal members the
    proposer keeps `1 - discount * (n - 1) / (2 n)` under simple majority. With unequal ones the payoffs of stationary equilibria
    are still unique. Members below a cutoff are always offered their reservation share, those above it never, those at it
    sometimes. The cutoff and the price of a majority solve two monotone equations.

    Parameters
    ----------
    members : number of members n
    discount : in (0, 1), one number or one each
    quota : votes needed, 1 to n; left out, a simple majority
    recognition : probabilities with which members propose; left out, all the same

    Raises
    ------
    BargainingError
        For a quota outside 1 to n, or recognition probabilities that are negative or do not add up to 1.
    DiscountError
        For a discount factor outside (0, 1), or one number too few or too many.

    Examples
    --------
    >>> float(closed_rule(5, 0.8).proposer[0].round(6))
    0.68
    """
    n = members
    if n < 1:
        raise BargainingError(f"there are {n} members; at least one is needed")
    votes = n // 2 + 1 if quota is None else quota
    if not 1 <= votes <= n:
        raise BargainingError(f"the quota is {votes}; it is a number of votes between 1 and {n}")
    p = np.full(n, 1.0 / n) if recognition is None else np.asarray(recognition, dtype=np.float64)
    if p.shape != (n,) or not np.isfinite(p).all() or p.min() < 0 or abs(p.sum() - 1) > SUM_TOLERANCE:
        raise BargainingError(f"recognition must be {n} probabilities that add up to 1; got {p.tolist()}")
    d = np.asarray(discount, dtype=np.float64)
    if d.shape not in ((), (n,)) or not ((d > 0) & (d < 1)).all():
        raise DiscountError(f"discount must lie between 0 and 1, one number or {n}; got {d.tolist()}")
    d = np.broadcast_to(d, (n,)).copy()

    if votes == 1:
        return _legislature(votes, p, d, d * p, np.ones(n), np.zeros(n))
    if votes == n:
        price = float((d * p / (1 - d)).sum())
        price /= 1 + price
        reservation = d * p * (1 - price) / (1 - d)
        return _legislature(votes, p, d, reservation, 1 - price + reservation, 1 - p)
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        price = (low + high) / 2
        reservation, chosen = _at_price(price, votes, p, d)
        if np.sort(reservation)[:votes].sum() > price:
            low = price
        else:
            high = price
    # A proposer needs one vote fewer than the quota: the cheapest majority less its own share, or less the largest in it.
    cutoff = np.sort(reservation)[votes - 1]
    proposer = 1 - price + np.minimum(reservation, cutoff)
    return _legislature(votes, p, d, reservation, proposer, chosen)


def _legislature(
    votes: int,
    p: FloatArray,
    d: FloatArray,
    reservation: FloatArray,
    proposer: FloatArray,
    chosen: FloatArray,
) -> Legislature:
    return Legislature(votes, p, d, reservation / d, reservation, proposer, chosen)


def _at_price(price: float, votes: int, p: FloatArray, d: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Reservation shares and how often each is chosen, at a given price of a majority (all its members' shares)."""
    always = d * p * (1 - price) / (1 - d)
    low, high = 0.0, float(always.max()) + 1.0
    for _ in range(_STEPS):
        cutoff = (low + high) / 2
        if _chosen(always, cutoff, price, p, d).sum() < votes - 1:
            low = cutoff
        else:
            high = cutoff
    reservation = np.minimum(always, np.maximum(high, d * p * (1 - price + high)))
    return reservation, _chosen(always, high, price, p, d)


def _chosen(always: FloatArray, cutoff: float, price: float, p: FloatArray, d: FloatArray) -> FloatArray:
    never = d * p * (1 - price + cutoff)
    mixed = (cutoff / d - p * (1 - price + cutoff)) / cutoff
    return np.asarray(
        np.where(always < cutoff, 1 - p, np.where(never > cutoff, 0.0, np.clip(mixed, 0.0, 1 - p)))
    )


@dataclass(frozen=True, eq=False, repr=False)
class OpenRule(Result):
    """The stationary equilibrium under the open rule, with members alike.

    Attributes
    ----------
    members : number of members n
    discount : common discount factor
    included : m, the number of others to whom a proposal gives a share
    proposer : what the proposer keeps
    offer : what each of the m gets
    value : expected payoff of the member who has just proposed
    accepted : probability that the next member recognised moves to a vote instead of amending
    expected_rounds : expected number of rounds until the vote
    """

    members: int
    discount: float
    included: int
    proposer: float
    offer: float
    value: float
    accepted: float
    expected_rounds: float

    def summary(self) -> str:
        return (
            f"Open rule, {self.members} members: the proposer keeps {self.proposer:.6g} and gives {self.offer:.6g} to each of "
            f"{self.included} others; the proposal passes in the first round with probability {self.accepted:.6g}. One "
            "stationary equilibrium (an amender first includes those left out); others exist that differ slightly."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: all numbers."""
        import pandas as pd

        names = (
            "members",
            "discount",
            "included",
            "proposer",
            "offer",
            "value",
            "accepted",
            "expected_rounds",
        )
        return pd.DataFrame([{k: getattr(self, k) for k in names}])


@checked
@keeps_time("the open-rule equilibrium", "take fewer members")
def open_rule(members: int, discount: float, *, time_limit: float | None = None) -> OpenRule:
    """Divide a dollar by simple majority under the open rule (Baron and Ferejohn 1989).

    After a proposal another member is drawn, who either moves to a vote or proposes an amendment; the winner of a vote
    between the two stands in the next round. A proposer shares with m others, who move to a vote when drawn: more of them
    pass it sooner and cost more. An amender never includes the member whose proposal it amends, and includes all whom that left
    out (Primo 2006 shows that other amendments also make equilibria, with slightly different payoffs). m is the number at
    which no proposer would rather include more or fewer, all others keeping to theirs.

    Parameters
    ----------
    members : an odd number n of at least 3
    discount : in (0, 1]
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    BargainingError
        For an even number of members, or fewer than three.
    DiscountError
        For a discount factor outside (0, 1].

    Examples
    --------
    >>> found = open_rule(3, 0.5)
    >>> found.included, found.proposer
    (2, 0.5)
    """
    if members < 3 or members % 2 == 0:
        raise BargainingError(f"there are {members} members; an odd number of at least 3 is needed")
    if not 0 < discount <= 1:
        raise DiscountError(f"discount is {discount}; it must lie above 0 and not above 1")
    best: tuple[float, OpenRule] | None = None
    sizes = range((members - 1) // 2, members)
    for m in steps(sizes, len(sizes), "numbers of included members"):
        value, left_out = _open_values(members, discount, m)
        offer = discount * value
        payoffs = {
            k: k / (members - 1) * (1 - k * offer) + (members - 1 - k) / (members - 1) * discount * left_out
            for k in sizes
        }
        regret = max(payoffs.values()) - payoffs[m]
        accepted = m / (members - 1)
        found = OpenRule(members, discount, m, 1 - m * offer, offer, value, accepted, 1 / accepted)
        if best is None or regret < best[0] - 1e-12:
            best = regret, found
    assert best is not None
    if best[0] > 1e-9:
        raise BargainingError(
            f"no number of included members makes a pure stationary equilibrium (regret {best[0]:.3g}); proposers would mix"
        )
    return best[1]


def _open_values(n: int, discount: float, m: int) -> tuple[float, float]:
    """Values of having just proposed, and of having been left out of the proposal that stands, if all include m others.

    Unknowns: P (has proposed), I (included), O (left out). A member included is indifferent: its share is discount * P.
    """
    d, others = discount, n - 1
    amend = others - m
    kept = (m - (amend - 1)) / m
    rows = np.array(
        [
            # P = (m (1 - m d P) + amend d O) / others
            [others + m * m * d, 0.0, -amend * d],
            # I = (m d P + amend d (kept I + (1 - kept) O)) / others
            [-m * d, others - amend * d * kept, -amend * d * (1 - kept)],
            # O = (d P + (amend - 1) d I) / others: amends itself, or is included by another who was left out
            [-d, -(amend - 1) * d, float(others)],
        ]
    )
    if amend == 0:
        return 1 / (1 + others * d), 0.0
    solved = np.linalg.solve(rows, np.array([float(m), 0.0, 0.0]))
    return float(solved[0]), float(solved[2])
