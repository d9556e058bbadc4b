"""Choosing among equilibria: criteria applied to a found set, and the equilibria that no coalition undoes.

A criterion is applied to the equilibria that were *found*. Where the search was not complete, an equilibrium that is missing
could overturn the criteria that compare equilibria with one another; every result says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import MethodError, did_you_mean
from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE
from solvers.coalitions._checks import CoalitionCheck, coalition_proof, strong
from solvers.equilibrium.results import Equilibria, Equilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CoalitionCheck",
    "Selection",
    "coalition_proof",
    "criteria",
    "limiting_logit",
    "pareto_undominated",
    "payoff_dominant",
    "risk_dominant",
    "select",
    "strict",
    "strong",
]


@dataclass(frozen=True, eq=False, repr=False)
class Selection(Result):
    """The equilibria of a found set that meet a criterion.

    Attributes
    ----------
    found : the equilibria that the criterion was applied to
    criterion : its name
    kept : positions in `found` of those that meet it
    guarantee : what was compared and what is guaranteed, in words
    """

    found: Equilibria
    criterion: str
    kept: tuple[int, ...]
    guarantee: str

    @property
    def equilibria(self) -> tuple[Equilibrium, ...]:
        """The equilibria that meet the criterion."""
        return tuple(self.found[e] for e in self.kept)

    def summary(self) -> str:
        return (
            f"{len(self.kept)} of {len(self.found)} equilibria found are {self.criterion}. {self.guarantee}"
        )

    def to_frame(self) -> pd.DataFrame:
        """The table of the found equilibria with a column that tells which meet the criterion."""
        frame = self.found.to_frame()
        frame.insert(1, self.criterion, [e in self.kept for e in range(len(self.found))])
        return frame


def criteria() -> tuple[str, ...]:
    """The names that `select` knows.

    >>> criteria()[:3]
    ('strict', 'pareto-undominated', 'payoff-dominant')
    """
    return tuple(_CRITERIA)


@checked
@keeps_time("the selection", "use another criterion")
def select(found: Equilibria, criterion: str, *, time_limit: float | None = None) -> Selection:
    """Apply a criterion by name; see `criteria`. Raises MethodError for one that is not known.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import NormalFormGame
    >>> from solvers import nash
    >>> hunt = NormalFormGame.from_bimatrix([[4, 0], [3, 3]], [[4, 3], [0, 3]])
    >>> select(nash.pure(hunt), "payoff-dominant").kept, select(nash.pure(hunt), "risk-dominant").kept
    ((0,), (1,))
    """
    if criterion not in _CRITERIA:
        raise MethodError(f"there is no criterion {criterion!r}{did_you_mean(criterion, _CRITERIA)}")
    return _CRITERIA[criterion](found)


@checked
@keeps_time("the selection", "use another criterion")
def strict(found: Equilibria, *, time_limit: float | None = None) -> Selection:
    """Equilibria in which every player's action is its only best response (Harsanyi 1973); they are pure.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    game = found.game
    kept = []
    for position, e in steps(enumerate(found), len(found), "equilibria"):
        best = game.best_responses(e.profile, tolerance=TOLERANCE)
        if e.is_pure and all(len(actions) == 1 for actions in best):
            kept.append(position)
    return Selection(
        found,
        "strict",
        tuple(kept),
        "Checked one by one: best responses within 1e-9 of the range count as ties.",
    )


@checked
@keeps_time("the selection", "use another criterion")
def pareto_undominated(found: Equilibria, *, time_limit: float | None = None) -> Selection:
    """Equilibria to which no other found one is at least as good for all players and better for one.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    payoffs = _units(found)
    kept = []
    for position, own in steps(enumerate(payoffs), len(payoffs), "equilibria"):
        better = (payoffs >= own - TOLERANCE).all(axis=1) & (payoffs > own + TOLERANCE).any(axis=1)
        if not better.any():
            kept.append(position)
    return Selection(found, "Pareto-undominated", tuple(kept), _compared(found))


@checked
@keeps_time("the selection", "use another criterion")
def payoff_dominant(found: Equilibria, *, time_limit: float | None = None) -> Selection:
    """The equilibrium that gives every player more than every other found one (Harsanyi and Selten 1988), if any.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    payoffs = _units(found)
    kept = []
    for position, own in steps(enumerate(payoffs), len(payoffs), "equilibria"):
        rest = np.delete(payoffs, position, axis=0)
        if (own > rest + TOLERANCE).all():
            kept.append(position)
    return Selection(found, "payoff-dominant", tuple(kept), _compared(found))


@checked
@keeps_time("the selection", "use another criterion")
def risk_dominant(found: Equilibria, *, time_limit: float | None = None) -> Selection:
    """The risk-dominant of the two strict equilibria of a 2x2 game.

    Harsanyi and Selten (1988): the one with the larger product of the players' losses from deviating alone. With equal products
    neither is; with fewer than two strict equilibria there is nothing to compare.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Raises MethodError for a game that is not 2x2.
    """
    game = found.game
    if game.shape != (2, 2):
        raise MethodError(
            f"risk dominance is defined here for 2x2 games; this game is {'x'.join(map(str, game.shape))}"
        )
    kept = strict(found).kept
    words = "The product of both players' losses from deviating decides."
    if len(kept) < 2:
        return Selection(
            found,
            "risk-dominant",
            (),
            f"It compares two strict equilibria; of those found {len(kept) or 'none'} "
            f"{'is' if len(kept) == 1 else 'are'} strict.",
        )
    products = np.array([_deviation_loss(found[e]) for e in kept])
    first, second = products
    if abs(first - second) <= TOLERANCE * products.max():
        return Selection(found, "risk-dominant", (), f"{words} Here they are equal: neither dominates.")
    return Selection(found, "risk-dominant", (kept[int(products.argmax())],), words)


def _deviation_loss(equilibrium: Equilibrium) -> float:
    """Product over the players of what deviating to the other action costs, in units of their payoff ranges."""
    loss = 1.0
    game = equilibrium.game
    profile = tuple(int(played.argmax()) for played in equilibrium.profile)
    for i, a in enumerate(profile):
        deviation = (*profile[:i], 1 - a, *profile[i + 1 :])
        loss *= -float(game.gains_over(i, a)[deviation]) / float(game.ranges[i])
    return loss


@checked
@keeps_time("the selection", "use another criterion")
def limiting_logit(
    found: Equilibria, *, each_in_its_own_unit: bool = False, time_limit: float | None = None
) -> Selection:
    """The equilibrium to which the principal branch of the logit correspondence tends (McKelvey and Palfrey 1995).

    The branch is followed by `solvers.quantal.limiting`, which `each_in_its_own_unit` is passed on to; the found equilibrium
    within 1e-6 of its end is kept. Raises ConvergenceError if the branch could not be followed to an equilibrium.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.
    """
    from solvers import quantal

    limit = quantal.limiting(found.game, each_in_its_own_unit=each_in_its_own_unit)
    distance = [max(float(np.abs(p - q).max()) for p, q in zip(e.profile, limit.profile)) for e in found]
    kept = (int(np.argmin(distance)),) if distance and min(distance) < 1e-6 else ()
    unit = "payoffs in units of each player's range" if each_in_its_own_unit else "payoffs as they stand"
    words = f"The branch, for {unit}, ends at ({limit.describe()})" + (
        "." if kept else ", which is not among them."
    )
    return Selection(found, "limiting-logit", kept, words)


def _units(found: Equilibria) -> FloatArray:
    """Payoffs of the found equilibria in units of the players' ranges, (E, N)."""
    game = found.game
    rows = []
    for e in found:
        shares = game.normalised
        for vector in e.profile:
            shares = np.tensordot(vector, shares, axes=(0, 0))
        rows.append(shares)
    return np.array(rows).reshape(-1, game.n_players)


def _compared(found: Equilibria) -> str:
    words = "Compared with the other equilibria found"
    if not found.complete:
        return f"{words}; the search was NOT complete, so one that is missing could change this."
    if found.degenerate:
        return f"{words}; the game is degenerate, so other members of connected sets were not compared."
    return f"{words}, which are all that there are of the kind searched for."


def _by_coalitions(
    name: str, check: Callable[[NormalFormGame, MixedProfile], CoalitionCheck], found: Equilibria
) -> Selection:
    checks = [check(found.game, e.profile) for e in found]
    kept = tuple(position for position, c in enumerate(checks) if c.stable)
    return Selection(found, name, kept, checks[0].checked if checks else "")


_CRITERIA: dict[str, Callable[[Equilibria], Selection]] = {
    "strict": strict,
    "pareto-undominated": pareto_undominated,
    "payoff-dominant": payoff_dominant,
    "risk-dominant": risk_dominant,
    "limiting-logit": limiting_logit,
    "strong": lambda found: _by_coalitions("strong", strong, found),
    "coalition-proof": lambda found: _by_coalitions("coalition-proof", coalition_proof, found),
}
