"""How secure each holding is, and how far power would have to reach for another to be the strongest there."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games import stances
from games.arguments import checked
from games.normal_form import FloatArray
from games.spheres import NOBODY, STATUS_QUO, Draws, MapLike, SpheresModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Margin", "flips", "margins"]

# Half-distances looked at between the ends of the range, evenly spaced in their logarithm: a step is below one per cent.
_GRID = 200


@checked
def flips(model: SpheresModel, map: MapLike = STATUS_QUO) -> pd.DataFrame:
    """Who brings most strength to bear in each region, and the half-distances at which that changes.

    Strength falls by half with every half-distance (Boulding 1962). It is computed on a grid of 200 half-distances over the range
    that the model gives. `flips below km` and `flips above km` are the nearest grid points at which another power is the
    strongest, NaN where there are none.

    Returns
    -------
    DataFrame indexed by region: strongest, flips below km, flips above km, flips to (who is the strongest at the nearer)
    """
    import pandas as pd

    law = model.assumptions["half_distance"]
    own = model.parameters.half_distance
    grid = np.unique(np.append(np.geomspace(min(law.low, own), max(law.high, own), _GRID), own))
    here = int(np.searchsorted(grid, own))
    draws = Draws.from_frame(pd.DataFrame({"half_distance": grid}))
    strongest = model.strength(map, draws).argmax(axis=2)  # (H, R)
    rows = []
    for r in range(len(model.regions)):
        now = int(strongest[here, r])
        other = np.flatnonzero(strongest[:, r] != now)
        below, above = other[other < here], other[other > here]
        nearest = sorted((*below[-1:], *above[:1]), key=lambda k: abs(float(np.log(grid[k] / own))))
        rows.append(
            {
                "strongest": model.players[now],
                "flips below km": float(grid[below[-1]]) * model.pace if len(below) else np.nan,
                "flips above km": float(grid[above[0]]) * model.pace if len(above) else np.nan,
                "flips to": model.players[int(strongest[nearest[0], r])] if nearest else None,
            }
        )
    return pd.DataFrame(rows, index=pd.Index(model.region_names, name="region"))


class Margin(NamedTuple):
    """A row of `margins`; what a region has none of is None or NaN."""

    region: str
    holder: str
    mode: str
    owner_value: float
    best_contester: str | None
    contester_value: float
    margin: float
    strongest: str
    flips_above_km: float
    flips_below_km: float
    flips_to: str | None


@checked
def margins(model: SpheresModel, map: MapLike = STATUS_QUO) -> pd.DataFrame:
    """Region by region: what holding it is worth to its holder, less what contesting it would bring the best contester.

    Both are payoffs from that region alone, in points: the holder's while all accommodate, and the contester's gain when it
    alone contests the holder, against leaving it in peace. The difference needs the common unit. A region that nobody holds has
    no margin.

    Returns
    -------
    DataFrame indexed by region: holder, mode, owner value, best contester, contester value, margin, and the columns of `flips`
    """
    import pandas as pd

    n = len(model.players)
    holders = model.holders(map)
    # Profile 0 is the concert; profile 1 + n * j + h has j alone contesting h.
    contests = np.zeros((1 + n * n, n, n), dtype=np.bool_)
    for j in range(n):
        for h in stances.rivals(n, j):
            contests[1 + n * j + h, j, h] = True
    value: FloatArray = model.region_payoffs(contests, map)
    rows = []
    for r, (h, mode) in enumerate(zip(holders, model.modes(map))):
        if h < 0:
            rows.append({"holder": NOBODY, "mode": "", "owner value": np.nan, "best contester": None})
            continue
        rivals = stances.rivals(n, int(h))
        gains = [float(value[1 + n * j + h, r, j] - value[0, r, j]) for j in rivals]
        best = int(np.argmax(gains))
        own = float(value[0, r, h])
        rows.append(
            {
                "holder": model.players[h],
                "mode": mode,
                "owner value": own,
                "best contester": model.players[rivals[best]],
                "contester value": gains[best],
                "margin": own - gains[best],
            }
        )
    columns = ["holder", "mode", "owner value", "best contester", "contester value", "margin"]
    frame = pd.DataFrame(rows, index=pd.Index(model.region_names, name="region"), columns=columns)
    return frame.join(flips(model, map))
