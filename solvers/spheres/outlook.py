"""How long would it last? The patience that a deal needs, year by year, while the powers grow at their own rates.

In each year the deal answers a breach with competition forever after: in every year the pure stage equilibrium that leaves the
powers least in all. A deal holds in a year if no power gains by breaking it then, the deal lasting otherwise. It holds from a
year on if it holds in all later ones, too: what is known to fail later unravels.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.spheres import STATUS_QUO, MapLike
from solvers.base.rounding import payoff_units, pure_equilibria, rounding
from solvers.repeated import threshold
from solvers.stochastic import StatePatience, critical_discount

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["outlook", "standing_still"]


@checked
def outlook(
    model: SpheresModel,
    until: int = 2050,
    map: MapLike = STATUS_QUO,
    profile: str = "concert",
    *,
    step: int = 1,
    shock: tuple[str, float] | None = None,
    discount: npt.ArrayLike | None = None,
    moving: Sequence[str] = (),
    leaders: Mapping[str, tuple[float, float]] | None = None,
) -> StatePatience:
    """The critical patience of a deal along the path of capabilities to a year; see `SpheresModel.path` for the options.

    Raises
    ------
    MethodError
        If some year's stage game has no pure equilibrium to return to.

    Notes
    -----
    Discount factors are a period's, as in the path: with `step` years in a period take the root of that order for a year's.

    Examples
    --------
    >>> from games import load
    >>> found = outlook(load("us-china-russia-2025"), until=2035, step=5)
    >>> found.game.names, found.alone.shape
    (('2025', '2030', '2035'), (3,))
    """
    game = model.path(until, map, step=step, shock=shock, discount=discount, moving=moving, leaders=leaders)
    told = model.profile(profile)
    # A next leader takes the stance of its power; whoever is out of office has one action.
    told = (*told, *(told[model.players.index(name)] for name in leaders or ()))
    deal = [tuple(a if k > 1 else 0 for a, k in zip(told, stage.shape)) for stage in game.stages]
    competition = [_harshest(stage, name) for stage, name in zip(game.stages, game.names)]
    return critical_discount(game, deal, competition)


def standing_still(found: StatePatience) -> FloatArray:
    """The discount factor that each player needs in each state if that state's game were repeated forever, (S, N).

    The same deal, answered by the same competition: `per_player` of the path differs from it by what the powers foresee.
    """
    out = np.empty((found.game.n_states, found.game.n_players))
    for s, (stage, deal, other) in enumerate(zip(found.game.stages, found.concert, found.competition)):
        kept, gain = stage.payoff(deal), stage.regret(stage.mixed(deal))
        tolerance = rounding(stage)
        out[s] = threshold(gain, kept, stage.payoff(other), tolerance)
    return out


def _harshest(stage: NormalFormGame, name: str) -> Profile:
    """The pure equilibrium with the least joint payoff, every power's payoff range counted as 1."""
    found = np.argwhere(pure_equilibria(stage))
    if not len(found):
        raise MethodError(f"the stage game of {name} has no pure equilibrium to return to")
    units = payoff_units(stage.ranges)
    worth = [float((stage.payoffs[tuple(a)] / units).sum()) for a in found]
    return tuple(int(x) for x in found[int(np.argmin(worth))])
