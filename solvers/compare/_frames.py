"""Tables of a comparison: item by item, against what was observed, and case by case."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from games.spheres import STATUS_QUO
from solvers.base.rounding import TOLERANCE
from solvers.spheres import third_parties

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from solvers.compare._concert import Comparison
    from solvers.spheres.standing import Standing

__all__ = ["against_observed", "ledger", "overview"]


def ledger(result: Comparison) -> pd.DataFrame:
    """See `Comparison.ledger`."""
    import pandas as pd

    weights, actions = third_parties.support_profiles(result.standing.benchmark_profiles[result.reference])
    parts = []
    for power in result.players:
        frame = result.model.ledger(power, result.standing.profile, result.map)
        frame = frame.rename(columns={"payoff": "concert"})
        base = sum(
            w * result.model.ledger(power, tuple(a), STATUS_QUO)["payoff"].to_numpy()
            for w, a in zip(weights, actions)
        )
        frame.insert(0, "power", power)
        frame["competition"] = base
        frame["difference"] = frame["concert"] - frame["competition"]
        parts.append(frame)
    return pd.concat(parts, ignore_index=True)


def against_observed(result: Comparison) -> pd.DataFrame:
    """See `Comparison.against_observed`."""
    import pandas as pd

    rows: list[dict[str, Any]] = []
    for name, payoffs in result.standing.observed.items():
        regret = result.standing.regret(name)
        small = TOLERANCE * np.maximum(result.benchmark_game.ranges, np.finfo(float).tiny)
        row: dict[str, Any] = {
            "source": result.model.observed[name].source,
            "equilibrium": bool((regret <= small).all()),
        }
        for i, power in enumerate(result.players):
            row[f"{power} payoff"] = float(payoffs[i])
            row[f"{power} premium"] = float(result.standing.payoffs[i] - payoffs[i])
            row[f"{power} regret"] = float(regret[i])
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(list(result.standing.observed), name="observed"))


def overview(standings: Mapping[str, Standing], name: str) -> pd.DataFrame:
    """Whether each case holds, its critical discount factors, and premiums: one row for each."""
    import pandas as pd

    rows = []
    for s in standings.values():
        row: dict[str, Any] = {
            "holds nash": s.holds,
            "holds minmax": s.could_hold,
            "critical overall low": float(s.reversion.per_player.max()),
            "critical overall high": float(s.reversion.worst.max()),
        }
        for i, power in enumerate(s.model.players):
            row[f"{power} premium low"] = float(s.premium[:, i].min())
            row[f"{power} premium high"] = float(s.premium[:, i].max())
        rows.append(row)
    return pd.DataFrame(rows, index=pd.Index(standings, name=name))
