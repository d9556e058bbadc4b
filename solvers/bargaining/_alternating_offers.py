"""Alternating offers between two: Rubinstein's division, with outside options, and over any two-player set."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.errors import BargainingError, DiscountError
from games.normal_form import FloatArray
from solvers.bargaining._problem import BargainingProblem
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Offers", "alternating_offers", "offers_over"]


@dataclass(frozen=True, eq=False, repr=False)
class Offers(Result):
    """The unique subgame-perfect division: whoever proposes, the offer is accepted at once.

    Attributes
    ----------
    players : the two names
    proposed : array (2, 2); row i is the division that player i proposes, payoffs in player order
    proposer : who makes the first offer
    discount : array (2,), weight of the next round against this one
    binding : for each player, does its outside option bind when it answers?
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
        options = f" The outside option of {' and of '.join(bound)} binds." if bound else ""
        return (
            f"Alternating offers, {self.players[self.proposer]} first, accepted at once: {shares}.{options} "
            "The unique subgame-perfect equilibrium."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each proposer: what the two get."""
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
    """Divide a pie by alternating offers, each side free to leave for its outside option when it answers.

    Parameters
    ----------
    discount : weight of the next round, one number or two, each in (0, 1)
    outside : what each gets at once if it rejects an offer and leaves, in units of the pie
    pie : what there is to divide
    proposer : 0 or 1, who offers first

    Raises
    ------
    DiscountError
        For a discount factor outside (0, 1).
    BargainingError
        For outside options that are negative or together exceed the pie: then there is nothing to bargain over.

    Notes
    -----
    Without outside options the proposer gets (1 - d2) / (1 - d1 d2), that is 1 / (1 + d) for equal factors (Rubinstein
    1982). An outside option matters only if it exceeds what its owner would get by going on; then the owner gets just
    that when it answers (Binmore, Shaked and Sutton 1989).

    Examples
    --------
    >>> alternating_offers(0.8).payoffs.round(6).tolist()
    [0.555556, 0.444444]
    >>> alternating_offers(0.8, outside=[0, 0.6]).payoffs.tolist()
    [0.4, 0.6]
    """
    d = _discount(discount)
    w = np.array(np.broadcast_to(np.asarray(outside, dtype=np.float64), (2,)))
    _check_players(proposer, players)
    if not (np.isfinite(pie) and pie > 0):
        raise BargainingError(f"the pie is {pie:g}; it must be positive")
    if not np.isfinite(w).all() or w.min() < 0 or w.sum() > pie:
        raise BargainingError(
            f"the outside options are {w.tolist()} of a pie of {pie:g}; none may be negative, and together they "
            "may not exceed the pie"
        )
    # What each gets when it proposes; an answerer gets the better of going on and leaving.
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
    given = np.maximum(waits, w)
    proposed = np.array([[pie - given[1], given[1]], [given[0], pie - given[0]]])
    return Offers((players[0], players[1]), proposed, proposer, d, (bool(binding[0]), bool(binding[1])))


def offers_over(problem: BargainingProblem, discount: npt.ArrayLike, proposer: int = 0) -> Offers:
    """Alternating offers over any two-player bargaining set; the disagreement payoffs flow while they disagree.

    Each proposes the efficient point at which the other gains just its discount factor times what it would gain by its
    own proposal. As both factors go to 1 at one rate the two proposals meet at the Nash solution (Binmore 1987).

    Raises
    ------
    BargainingError
        For a problem that has not two players.

    Examples
    --------
    >>> offers_over(BargainingProblem([[1, 0], [0, 1]], [0, 0]), 0.8).payoffs.round(6).tolist()
    [0.555556, 0.444444]
    """
    from scipy.optimize import brentq

    if problem.n_players != 2:
        raise BargainingError(
            f"alternating offers are between two; this problem has {problem.n_players} players"
        )
    d = _discount(discount)
    _check_players(proposer, problem.names)
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


def _check_players(proposer: int, players: Sequence[str]) -> None:
    if proposer not in (0, 1) or len(players) != 2:
        raise BargainingError(
            f"offers alternate between two players; got proposer {proposer} and players {players!r}"
        )


def _discount(discount: npt.ArrayLike) -> FloatArray:
    given = np.asarray(discount, dtype=np.float64)
    if given.shape not in ((), (1,), (2,)):
        raise DiscountError(f"discount has shape {given.shape}; give one number or two")
    d = np.array(np.broadcast_to(given, (2,)))
    if not ((d > 0) & (d < 1)).all():
        raise DiscountError(f"the discount factors are {d.tolist()}; they must lie strictly between 0 and 1")
    return d
