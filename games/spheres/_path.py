"""A spheres model on its way: the same map and stances year after year, while the powers grow at their own rates."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.errors import ScenarioError, did_you_mean
from games.spheres.maps import STATUS_QUO, MapLike
from games.stochastic import StochasticGame

if TYPE_CHECKING:
    from games.spheres.model import SpheresModel

__all__ = ["grown", "path"]


def grown(model: SpheresModel, years: float, extra: Mapping[str, float] | None = None) -> SpheresModel:
    """The model after so many years of every power's own growth, capabilities times `exp(extra)` where named."""
    changes: dict[str, float | str] = {}
    for power in model.powers:
        factor = (1.0 + power.growth) ** years * math.exp((extra or {}).get(power.name, 0.0))
        for name in ("cinc", "gdp"):
            share = getattr(power, name) * factor
            if not 0.0 < share <= 1.0:
                raise ScenarioError(
                    f"after {years:g} years of growth {power.name} would hold {share:.3g} of the world's {name}; "
                    "a share is at most 1"
                )
            changes[f"powers.{power.name}.{name}"] = share
    return model.vary(changes)


def path(
    model: SpheresModel,
    until: int,
    map: MapLike = STATUS_QUO,
    step: int = 1,
    shock: tuple[str, float] | None = None,
    discount: npt.ArrayLike | None = None,
) -> StochasticGame:
    """The stochastic game of `SpheresModel.path`."""
    begin = model.year
    if begin is None:
        raise ScenarioError("a path needs a model that says its year")
    if step < 1 or until <= begin or (until - begin) % step:
        raise ScenarioError(
            f"a path leads from {begin} in whole steps to a later year; got until {until} in steps of {step}"
        )
    count = (until - begin) // step + 1
    yearly = model.discount if discount is None else np.asarray(discount, dtype=np.float64)
    years = [begin + step * t for t in range(count)]
    if shock is None:
        stages = [grown(model, step * t).stage(map) for t in range(count)]
        return StochasticGame.path(stages, yearly**step, [str(y) for y in years], step)
    who, spread = shock
    if who not in model.players:
        raise ScenarioError(f"there is no power {who!r} to be shocked{did_you_mean(who, model.players)}")
    if not (math.isfinite(spread) and spread > 0.0):
        raise ScenarioError(f"the spread of a shock is a positive number; got {spread}")
    # A recombining lattice: up, stay or down by sqrt(3) standard deviations with chances 1/6, 2/3 and 1/6 matches five moments.
    move = spread * math.sqrt(3.0 * step)
    places = [(t, k) for t in range(count) for k in range(-t, t + 1)]
    number = {place: s for s, place in enumerate(places)}
    stages = [grown(model, step * t, {who: k * move}).stage(map) for t, k in places]
    table = np.zeros((len(places), len(places)))
    for s, (t, k) in enumerate(places):
        if t == count - 1:
            table[s, s] = 1.0
            continue
        for change, chance in ((-1, 1 / 6), (0, 2 / 3), (1, 1 / 6)):
            table[s, number[t + 1, k + change]] = chance
    names = [f"{years[t]}" + (f", {who} {k:+d}" if k else "") for t, k in places]
    return StochasticGame(stages, table, yearly**step, names, step)
