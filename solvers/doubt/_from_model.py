"""Doubt in the world of spheres: powers whose costs, patience or intentions are types with a prior."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from games.arguments import checked
from games.spheres import STATUS_QUO, Kind, MapLike, SpheresModel
from games.spheres.actors import check_kinds
from solvers.base.deadline import checkpoint, keeps_time
from solvers.doubt._trial import PowerType, Trial, trial
from solvers.spheres.standing import stand

__all__ = ["Kind", "from_model"]


@checked
@keeps_time("the trial", "take fewer kinds")
def from_model(
    model: SpheresModel,
    kinds: Mapping[str, Sequence[Kind]] | None = None,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    time_limit: float | None = None,
) -> Trial:
    """Try a deal in a world in which some powers may be of several kinds.

    Parameters
    ----------
    model : SpheresModel of two to five powers
    kinds : for each power in doubt its kinds, by default those of the scenario; powers left out are as the model says
    map, regime : the deal, as for `compare.concert`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    Trial
        Competition after a breach is the equilibrium found first in the stage game on the status quo map of the model as it
        is; each kind values it by its own payoffs.

    Raises ScenarioError for a power that is not in the model, or probabilities that do not add up to 1.

    Examples
    --------
    >>> from games import load
    >>> model = load("us-china-russia-2025")
    >>> doubt = {"Russia": [Kind("as it says", "3/4"), Kind("breaks it when it can", "1/4", discount=0.0)]}
    >>> found = from_model(model, doubt, "Ukraine to Russia")
    >>> found.game.types[2]
    ('as it says', 'breaks it when it can')
    """
    if kinds is None:
        kinds = model.kinds
    check_kinds(kinds, model.players)
    base = stand(model, map, regime, {})
    types: dict[str, list[PowerType]] = {}
    for i, power in enumerate(model.players):
        own = []
        for kind in kinds.get(power) or [Kind("as the model says", 1)]:
            checkpoint()
            other = model.vary(dict(kind.changes)) if kind.changes else model
            discount = float(other.discount[i]) if kind.discount is None else float(kind.discount)
            deal = base.game if other is model else other.stage(map)
            rivalry = base.benchmark_game if other is model else other.stage()
            own.append(PowerType(kind.label, kind.probability, deal, rivalry, discount))
        types[power] = own
    return trial(types, base.profile, base.benchmark_profiles[0], f"{regime}: {base.map_name}")
