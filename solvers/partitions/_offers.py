"""What a power would have to be offered: the handovers that cost the regions least autonomy and pay all, and hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.errors import ProfileError, did_you_mean
from games.words import counted, the
from solvers.base.deadline import keeps_time
from solvers.base.result import Result
from solvers.partitions._table import Partitions, evaluate

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres import SpheresModel

__all__ = ["Offers", "offers"]


@dataclass(frozen=True, eq=False, repr=False)
class Offers(Result):
    """The cheapest handovers to a power. Made by `offers`.

    Attributes
    ----------
    power : who is made the offer
    table : the divisions searched
    rows : by condition, the division that meets it and costs least autonomy among those that hand regions to `power` alone; None
        where there is none
    anyhow : the same among all divisions, whoever gains a region
    """

    power: str
    table: Partitions
    rows: dict[str, int | None]
    anyhow: dict[str, int | None]

    def summary(self) -> str:
        full = "pays all and holds"
        row, wider = self.rows[full], self.anyhow[full]
        start = f"To bring {the(self.power)} into '{self.table.regime}'"
        if row is not None:
            lost = self.table.handed_over[row]
            if row == 0:
                return f"{start} nothing has to be handed over: the map as it is pays all and holds."
            return (
                f"{start} the cheapest handover that pays all and holds is {self.table.describe(row)}; it costs the regions "
                f"autonomy equivalent to full autonomy for {lost:.1f} million people."
            )
        if wider is not None:
            return (
                f"{start} no handover to it alone pays all and holds. Some division of the regions does: the cheapest is "
                f"{self.table.describe(wider)} ({self.table.handed_over[wider]:.1f} million people's autonomy)."
            )
        pays = self.rows[f"pays {self.power}"]
        short = (
            f" '{self.table.describe(pays)}' would pay it, but not all, or would not hold."
            if pays is not None and pays != 0
            else ""
        )
        return (
            f"{start} no division of the {counted(len(self.table.divisions.regions), 'region')} on the table pays all "
            f"and holds.{short}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each condition: what is handed over, autonomy lost (million people), premiums, critical discount factor."""
        import pandas as pd

        rows: list[dict[str, Any]] = []
        for whose, found in (("to the power alone", self.rows), ("any division", self.anyhow)):
            for condition, row in found.items():
                entry: dict[str, Any] = {"condition": condition, "handovers": whose}
                if row is None:
                    entry["changes"] = "none"
                else:
                    entry["changes"] = self.table.describe(row)
                    entry["autonomy lost"] = float(self.table.handed_over[row])
                    for i, power in enumerate(self.table.model.players):
                        entry[f"{power} premium"] = float(self.table.premium_low[row, i])
                    entry["critical discount"] = float(self.table.critical_discount[row].max())
                rows.append(entry)
        return pd.DataFrame(rows)


@checked
@keeps_time("the search for offers", "name fewer regions")
def offers(
    model: SpheresModel,
    power: str,
    regime: str = "concert",
    table: Partitions | None = None,
    *,
    time_limit: float | None = None,
    **options: Any,
) -> Offers:
    """What a power would have to be offered: the cheapest handovers, by the autonomy that the regions lose.

    Parameters
    ----------
    model : SpheresModel
    power : who is made the offer
    regime : the restraint that it is to buy
    table : divisions already evaluated; otherwise `options` go to `evaluate` (regions, nobody, annex, against, reversion)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises ProfileError for a power that is not there.

    Examples
    --------
    >>> from games import load
    >>> found = offers(load("us-china-russia-2025"), "China", regions=["Taiwan", "Ukraine"])
    >>> found.power
    'China'
    """
    if power not in model.players:
        raise ProfileError(f"there is no power {power!r}{did_you_mean(power, model.players)}")
    found = evaluate(model, regime, **options) if table is None else table
    i = model.players.index(power)
    choices = found.divisions.choices()
    alone = np.ones(len(found), dtype=np.bool_)
    for t, kinds in enumerate(found.divisions.options):
        to_power = np.array([lead == i for lead, _ in kinds])
        to_power[0] = True
        alone &= to_power[choices[:, t]]
    pays = found.premium_low[:, i] >= -found.tolerance[i]
    # Of two handovers that cost the same, the one that changes fewer regions.
    cost = found.handed_over + 1e-9 * found.changes
    conditions = {
        f"pays {power}": pays,
        "pays all": found.acceptable,
        "pays all and holds": found.acceptable & found.holds,
        "pays all, holds, no pair blocks": found.firm,
    }
    return Offers(
        power,
        found,
        {name: found.where(met & alone, cost) for name, met in conditions.items()},
        {name: found.where(met, cost) for name, met in conditions.items()},
    )
