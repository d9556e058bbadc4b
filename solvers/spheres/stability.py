"""How firmly each region lies with its holder, and how far power would have to reach for that to change."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games import stances
from games.normal_form import FloatArray
from games.spheres import NOBODY, STATUS_QUO, MapLike, SpheresModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["flip_distances", "margins"]


def flip_distances(
    capability: npt.ArrayLike, distances: npt.ArrayLike, half_distance: float
) -> tuple[int, tuple[float, int], tuple[float, int]]:
    """Who is strongest at a place, and the half-distances at which that changes.

    Strength is `capability * 2 ** (-distance / H)` (Boulding 1962). Two powers are level at
    `H = (d_j - d_i) / log2(m_j / m_i)`; the strongest one stays so until the nearest such H on either side.

    Parameters
    ----------
    capability, distances : arrays (N,); km
    half_distance : the H at which to start, km

    Returns
    -------
    strongest : player index
    below : (H, successor) for the largest H below `half_distance` at which another takes over, (0, -1) if none
    above : (H, successor) for the smallest H above, (inf, -1) if none

    Examples
    --------
    Russia is the strongest at Kyiv only while the reach of power is short (capability index 2022):

    >>> flip_distances([0.12357, 0.23410, 0.03820], [7834, 6430, 744], 2000)
    (2, (0.0, -1), (2173.97, 1))
    """
    m = np.log2(np.asarray(capability, dtype=np.float64))
    d = np.asarray(distances, dtype=np.float64)
    strongest = int(np.argmax(m - d / half_distance))
    below, above = (0.0, -1), (np.inf, -1)
    for j in range(len(m)):
        if j == strongest or m[j] == m[strongest]:
            continue
        level = float((d[j] - d[strongest]) / (m[j] - m[strongest]))
        if below[0] < level <= half_distance:
            below = (level, j)
        elif half_distance < level < above[0]:
            above = (level, j)
    return strongest, below, above


def margins(model: SpheresModel, map: MapLike = STATUS_QUO) -> pd.DataFrame:
    """Region by region: what holding it is worth to its holder, less what contesting it would bring the best contester.

    Both are payoffs from that region alone, in points: the holder's while all accommodate, and the contester's when it
    alone contests the holder. The difference needs the common unit. A region that nobody holds has no margin.

    Returns
    -------
    DataFrame indexed by region: holder, owner value, best contester, contester value, margin, strongest (the power with the
    most strength there), flips above km and flips below km (the half-distances at which another becomes the strongest),
    flips to (who does at the first, else at the second)
    """
    import pandas as pd

    n = len(model.players)
    holders = model.holders(map)
    # Profile 0 is the concert; profile 1 + n * j + h has j alone contesting h.
    contests = np.zeros((1 + n * n, n, n), dtype=np.bool_)
    for j in range(n):
        for h in stances.rivals(n, j):
            contests[1 + n * j + h, j, h] = True
    value = model.region_payoffs(contests)
    rows = []
    for r, region in enumerate(model.regions):
        h = int(holders[r])
        row: dict[str, object] = {"holder": NOBODY, "owner value": np.nan, "best contester": None}
        row |= {"contester value": np.nan, "margin": np.nan}
        if h >= 0:
            own = float(value[0, r, h, h])
            rivals = stances.rivals(n, h)
            gains = [float(value[1 + n * j + h, r, h, j]) for j in rivals]
            best = int(np.argmax(gains))
            row = {
                "holder": model.players[h],
                "owner value": own,
                "best contester": model.players[rivals[best]],
                "contester value": gains[best],
                "margin": own - gains[best],
            }
        distances: FloatArray = np.array([region.distances[p] for p in model.players])
        strongest, below, above = flip_distances(model.capability, distances, model.half_distance)
        successor = above[1] if above[1] >= 0 else below[1]
        row |= {
            "strongest": model.players[strongest],
            "flips above km": above[0],
            "flips below km": below[0] if below[1] >= 0 else np.nan,
            "flips to": model.players[successor] if successor >= 0 else None,
        }
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(model.region_names, name="region"))
