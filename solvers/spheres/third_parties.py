"""Who else pays: the autonomy that the regions keep under a regime, and the burden of a deal on their people.

A region keeps its autonomy if nobody takes it (`games.spheres`): an ally by consent has all of it unless it is lost. What a deal
takes from it, against a benchmark, is weighed by population (million people's full autonomy) and by GDP ($bn). These burdens fall
on people who are not at the table; they are never netted against the powers' gains.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from games import stances
from games.arguments import checked
from games.normal_form import FloatArray, MixedProfile
from games.spheres import STATUS_QUO, MapLike, SpheresModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Burden", "autonomy", "burden", "support_profiles"]


@checked
def support_profiles(profile: MixedProfile) -> tuple[FloatArray, Any]:
    """Probabilities (B,) and action numbers (B, N) of the pure profiles that a mixed profile plays."""
    supports = [np.flatnonzero(vector > 0) for vector in profile]
    actions = np.stack([a.reshape(-1) for a in np.meshgrid(*supports, indexing="ij")], axis=1)
    weights = np.ones(len(actions))
    for i, vector in enumerate(profile):
        weights = weights * vector[actions[:, i]]
    return weights, actions


@checked
def autonomy(model: SpheresModel, profile: MixedProfile, map: MapLike = STATUS_QUO) -> FloatArray:
    """Expected autonomy of each region under a mixed profile on a map, shape (R,), between 0 and 1."""
    weights, actions = support_profiles(profile)
    return np.asarray(weights @ model.autonomy(stances.contest_matrices(actions), map))


class Burden(NamedTuple):
    """A row of `burden`: people in millions, GDP in billions of dollars."""

    region: str
    holder: str
    mode: str
    population: float
    gdp: float
    autonomy_concert: float
    autonomy_competition_low: float
    autonomy_competition_high: float
    lost_low: float
    lost_high: float
    person_burden_low: float
    person_burden_high: float
    gdp_burden_low: float
    gdp_burden_high: float


@checked
def burden(
    model: SpheresModel, deal: FloatArray, benchmarks: Sequence[FloatArray], map: MapLike = STATUS_QUO
) -> pd.DataFrame:
    """Autonomy lost under a deal, region by region, as an interval over the benchmarks.

    Parameters
    ----------
    model : SpheresModel
    deal : array (R,), autonomy under the deal
    benchmarks : one array (R,) for each benchmark; at least one
    map : the deal's map, for the column `holder`

    Returns
    -------
    DataFrame indexed by region: holder, mode (consent or force), population (millions), gdp ($bn), autonomy concert,
    autonomy competition low and high, lost low and high (negative: gained), person burden low and high (millions), gdp burden
    low and high ($bn)
    """
    import pandas as pd

    table = np.array(benchmarks)
    low, high = table.min(axis=0), table.max(axis=0)
    people = np.array([r.population for r in model.regions])
    gdp = np.array([r.output for r in model.regions])
    return pd.DataFrame(
        {
            "holder": model.holder_names(map),
            "mode": model.modes(map),
            "population": people,
            "gdp": gdp,
            "autonomy concert": deal,
            "autonomy competition low": low,
            "autonomy competition high": high,
            "lost low": low - deal,
            "lost high": high - deal,
            "person burden low": (low - deal) * people,
            "person burden high": (high - deal) * people,
            "gdp burden low": (low - deal) * gdp,
            "gdp burden high": (high - deal) * gdp,
        },
        index=pd.Index(model.region_names, name="region"),
    )
