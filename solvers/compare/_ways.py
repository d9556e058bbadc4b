"""The ways in which a deal breaks, ranked, as typed rows and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.arguments import checked
from games.spheres import STATUS_QUO
from games.words import the, with_articles
from solvers.base.rounding import TOLERANCE
from solvers.compare._phrases import amount
from solvers.spheres.standing import NONE_FOUND

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare._concert import Comparison

__all__ = ["Way", "ways", "ways_it_breaks"]


class Way(NamedTuple):
    """One way in which a deal can break.

    `status` is `breaks now`, `may break` or `deterred`; `size` is what the deviator gains, in `unit`; `what` says it in words.
    `margin` is a number without a unit. For cheating it is the own less the critical discount factor. For leaving and for pairs
    it is the loss (negative: gain) as a share of the power's payoff range.
    """

    way: str
    deviator: str
    deviation: str
    status: str
    size: float
    unit: str
    margin: float
    what: str


def ways(result: Comparison) -> tuple[Way, ...]:
    """The ways in which the deal breaks: what breaks it now, what may break it, what is deterred (smallest margin first)."""
    s = result.standing
    rows: list[Way] = []
    ranges = np.maximum(s.game.ranges, np.finfo(float).tiny)
    rival = "under all-out contest" if s.model.benchmark == "all-out" else "in competition"
    for i, power in enumerate(result.players):
        low, high = float(s.premium[:, i].min()), float(s.premium[:, i].max())
        if low < -TOLERANCE * ranges[i]:
            status = "breaks now" if high < -TOLERANCE * ranges[i] else "may break"
            rows.append(
                Way(
                    way="prefers competition",
                    deviator=power,
                    deviation="staying out of the deal",
                    status=status,
                    size=-low,
                    unit="points a year",
                    margin=low / ranges[i],
                    what=f"{the(power)} gets {amount(-high)} points a year more {rival} than in the deal"
                    if -high > 0 and low - high > -TOLERANCE * ranges[i]
                    else f"{the(power)} gets {amount(-high)} to {amount(-low)} points a year more {rival} than in the deal"
                    if status == "breaks now"
                    else f"{the(power)} gets up to {amount(-low)} points a year more in some equilibria of competition "
                    "than in the deal",
                )
            )
        gain = float(s.reversion.gain[i])
        if gain > TOLERANCE * ranges[i]:
            own = float(s.model.discount[i])
            easy, hard = float(s.reversion.per_player[i]), float(s.reversion.worst[i])
            status = "breaks now" if own < easy else "may break" if own < hard else "deterred"
            # Sentence one measures against the status quo map; what a cheat is answered with is competition on the deal's.
            elsewhere = s.map != STATUS_QUO
            back = "a return to competition" + (" on that map" if elsewhere else "")
            back += "" if s.reversion.complete else ", as far as it was found,"
            otherwise = (
                ", though a return to the status quo map would"
                if elsewhere and own >= s.status_quo.per_player[i]
                else ""
            )
            resists = (
                f"resisting that needs a discount factor of {easy:.3f}, and its own is {own:.3f}"
                if np.isfinite(easy)
                else "no equilibrium was found a return to which might deter it"
                if s.reversion.punishment_names == (NONE_FOUND,)
                else f"{back} would not deter it at any discount factor{otherwise}"
            )
            margin = own - easy if np.isfinite(easy) else -1.0
            action = with_articles(s.reversion.deviation[i], result.players)
            rows.append(
                Way(
                    way="cheats alone",
                    deviator=power,
                    deviation=s.reversion.deviation[i],
                    status=status,
                    size=gain,
                    unit="points in the year",
                    margin=margin,
                    what=f"{the(power)} gains {amount(gain)} points in the first year by '{action}', and {resists}",
                )
            )
    for group in result.joint.pairs:
        best = group.best_self_enforcing or group.best
        if best is None:
            continue
        status = "may break" if best.self_enforcing else "deterred"
        pair = " and ".join(the(p) for p in best.coalition)
        kind = (
            "a self-enforcing deviation"
            if best.self_enforcing
            else "a deviation on which one of them would cheat in turn"
        )
        rows.append(
            Way(
                way="pair deviates",
                deviator=" and ".join(best.coalition),
                deviation="; ".join(f"{p}: {a}" for p, a in zip(best.coalition, best.actions)),
                status=status,
                size=float(best.gains.min()),
                unit="points in the year, to the one who gains less",
                margin=-float(best.normalised.min()),
                what=f"{pair} both gain in the year, at least {amount(float(best.gains.min()))} points each, by {kind}",
            )
        )
    if not rows:
        rows.append(
            Way(
                way="none found",
                deviator="nobody",
                deviation="no deviation of one power or of two gains",
                status="deterred",
                size=0.0,
                unit="points",
                margin=1.0,
                what="no power and no pair gains by any pure deviation, even in the year itself",
            )
        )
    order = {"breaks now": 0, "may break": 1, "deterred": 2}
    return tuple(sorted(rows, key=lambda way: (order[way.status], way.margin)))


@checked
def ways_it_breaks(result: Comparison) -> pd.DataFrame:
    """The ways in which the deal breaks, ranked: what breaks it now, what may break it, what is deterred (smallest margin first).

    Returns
    -------
    DataFrame with the fields of `Way` as columns, indexed by rank
    """
    import pandas as pd

    found = result.ways
    return pd.DataFrame(found, columns=list(Way._fields), index=pd.RangeIndex(1, len(found) + 1, name="rank"))
