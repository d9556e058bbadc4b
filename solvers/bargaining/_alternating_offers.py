"""Alternating offers between two players: Rubinstein's division, with outside options, and over any two-player set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import instance, number, numbers, whole
from games.errors import BargainingError, DiscountError
from games.normal_form import FloatArray
from games.words import the
from solvers.bargaining._problem import BargainingProblem
from solvers.base.deadline import keeps_time
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Offers", "alternating_offers", "offers_over"]


@dataclass(frozen=True, eq=False, repr=False)
class Offers(Result):
    """The unique subgame-perfect division: whichever player proposes, the offer is accepted at once.

    Attributes
    ----------
    players : the two names
    proposed : array (2, 2); row i is the division that player i proposes, payoffs in player order
    proposer : which player, 0 or 1, makes the first offer
    discount : array (2,), weight of the next round against this one
    binding : for each player, does its outside option bind when it responds?
    """

    players: tuple[str, str]
    proposed: FloatArray
    proposer: int
    discount: FloatArray
    binding: tuple[bool, bool]

    @property
    def payoffs(self) -> FloatArray:
        """What the two get, shape (2,)."""
        return np.asarray(self.proposed[self.proposer])

    def summary(self) -> str:
        shares = ", ".join(f"{p} {x:.6g}" for p, x in zip(self.players, self.payoffs))
        bound = [p for p, b in zip(self.players, self.binding) if b]
        options = f" The outside option of {' and of '.join(the(p) for p in bound)} binds." if bound else ""
        return (
            f"With alternating offers, {the(self.players[self.proposer])} proposing first, the first offer is accepted: {shares}."
            f"{options} This is the unique subgame-perfect equilibrium."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each proposer: what each player gets."""
        import pandas as pd

        index = pd.Index([f"{p} proposes" for p in self.players], name="offer")
        return pd.DataFrame(self.proposed, index=index, columns=list(self.players))


def alternating_offers(
    discount: npt.ArrayLike,
    outside: npt.ArrayLike = (0.0, 0.0),
    pie: float = 1.0,
    proposer: int = 0,
    players: Sequence[str] = ("Player 1", "Player 2"),
) -> Offers:
    """Divide a pie by alternating offers, each side free to leave for its outside option when it responds.

    Parameters
    ----------
    discount : weight of the next round, one number or two, each in (0, 1)
    outside : what each gets at once if it rejects an offer and leaves, in units of the pie
    pie : what is divided
    proposer : 0 or 1, the player that offers first

    Raises
    ------
    DiscountError
        For a discount factor outside (0, 1).
    BargainingError
        For outside options that are negative or together exceed the pie, so that there is nothing to bargain over.

    Notes
    -----
    Without outside options the proposer gets (1 - d2) / (1 - d1 d2), that is 1 / (1 + d) for equal factors (Rubinstein
    1982). An outside option matters only if it exceeds what its owner would get by continuing; then the owner gets exactly
    that when it responds (Binmore, Shaked and Sutton 1989).

    Examples
    --------
    >>> alternating_offers(0.8).payoffs.round(6).tolist()
    [0.555556, 0.444444]
    >>> alternating_offers(0.8, outside=[0, 0.6]).payoffs.tolist()
    [0.4, 0.6]
    """
    d = _discount(discount)
    options = numbers(outside, "outside options", BargainingError)
    if options.shape not in ((), (2,)):
        raise BargainingError(f"outside options have shape {options.shape}; give one number or two")
    w = np.array(np.broadcast_to(options, (2,)))
    proposer = _check_players(proposer, players)
    pie = number(pie, "the pie must be a positive number", BargainingError, above=0.0)
    if not np.isfinite(w).all() or w.min() < 0 or w.sum() > pie:
        raise BargainingError(
            f"the outside options are {w.tolist()} and the pie is {pie:g}; none may be negative, and together they "
            "may not exceed the pie"
        )
    # What each gets when it proposes; a responder gets the better of continuing and leaving.
    for binding in ((False, False), (False, True), (True, False), (True, True)):
        if binding == (False, False):
            first = pie * (1 - d[1]) / (1 - d[0] * d[1])
            own = np.array([first, pie - d[0] * first])
        elif binding == (False, True):
            own = np.array([pie - w[1], pie - d[0] * (pie - w[1])])
        elif binding == (True, False):
            own = np.array([pie - d[1] * (pie - w[0]), pie - w[0]])
        else:
            own = pie - w[::-1]
        waits = d * own
        if all((w[i] > waits[i]) == binding[i] for i in range(2)):
            break
    accepted = np.maximum(waits, w)
    proposed = np.array([[pie - accepted[1], accepted[1]], [accepted[0], pie - accepted[0]]])
    return Offers((players[0], players[1]), proposed, proposer, d, (bool(binding[0]), bool(binding[1])))


@keeps_time("the offers", "take fewer outcomes")
def offers_over(
    problem: BargainingProblem, discount: npt.ArrayLike, proposer: int = 0, *, time_limit: float | None = None
) -> Offers:
    """Alternating offers over any two-player bargaining set; while they disagree, both get their disagreement payoffs.

    Each proposes the efficient point at which the other gains exactly its discount factor times what it would gain by its
    own proposal. As both factors go to 1 at the same rate, the two proposals converge to the Nash solution (Binmore 1987).

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Raises
    ------
    BargainingError
        For a problem that does not have two players.

    Examples
    --------
    >>> offers_over(BargainingProblem([[1, 0], [0, 1]], [0, 0]), 0.8).payoffs.round(6).tolist()
    [0.555556, 0.444444]
    """
    from scipy.optimize import brentq

    if instance(problem, BargainingProblem, "the problem", BargainingError).n_players != 2:
        raise BargainingError(
            f"alternating offers are between two players; this problem has {problem.n_players}"
        )
    d = _discount(discount)
    proposer = _check_players(proposer, problem.names)
    corners = (problem.outline() - problem.disagreement) / problem.scale
    top = corners[np.lexsort((corners[:, 0], corners[:, 1]))[-1]]
    right = corners[np.lexsort((corners[:, 1], corners[:, 0]))[-1]]
    edge = corners[(corners[:, 0] >= top[0]) & (corners[:, 1] >= right[1])]
    edge = edge[np.argsort(edge[:, 0])]

    def frontier(gain: float) -> float:
        """The most that the second can gain while the first gains at least that much."""
        return float(np.interp(gain, edge[:, 0], edge[:, 1]))

    def excess(gain: float) -> float:
        return frontier(gain) - float(d[1]) * frontier(float(d[0]) * gain)

    most = float(edge[-1, 0])
    limit = most
    if edge[-1, 1] < 0:
        limit = float(np.interp(0.0, edge[::-1, 1], edge[::-1, 0]))
    first = limit if excess(limit) >= 0 else float(brentq(excess, 0.0, limit, xtol=1e-15, rtol=1e-14))
    offers = np.array([[first, frontier(first)], [d[0] * first, frontier(d[0] * first)]])
    return Offers(
        (problem.names[0], problem.names[1]),
        problem.disagreement + offers * problem.scale,
        proposer,
        d,
        (False, False),
    )


def _check_players(proposer: int, players: Sequence[str]) -> int:
    if isinstance(players, str) or not isinstance(players, Sequence) or len(players) != 2:
        raise BargainingError(f"offers alternate between two players; got players {players!r}")
    return whole(
        proposer, "offers alternate between two players: the proposer is 0 or 1", BargainingError, most=1
    )


def _discount(discount: npt.ArrayLike) -> FloatArray:
    factors = numbers(discount, "discount factors", DiscountError)
    if factors.shape not in ((), (1,), (2,)):
        raise DiscountError(f"discount has shape {factors.shape}; give one number or two")
    d = np.array(np.broadcast_to(factors, (2,)))
    if not ((d > 0) & (d < 1)).all():
        raise DiscountError(f"the discount factors are {d.tolist()}; they must lie strictly between 0 and 1")
    return d
