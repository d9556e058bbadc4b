"""Tables of what follows in every draw: shares with their errors, quantiles of premiums, regions, and all of it draw by draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.normal_form import Profile
from solvers.uncertainty._names import COMPETITION, describe
from solvers.uncertainty._shares import Share, share, share_of, share_table

if TYPE_CHECKING:
    import pandas as pd

    from solvers.uncertainty._outcomes import Outcomes

__all__ = ["frame", "observed_shares", "premiums", "regions", "shares"]

_QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


def shares(outcomes: Outcomes, against: str | None) -> pd.DataFrame:
    """Shares of draws with their errors, one row for each regime, condition and benchmark."""
    import pandas as pd

    benchmarks = (COMPETITION, *outcomes.observed) if against is None else (against,)
    keys: list[tuple[str, str, str]] = []
    found: dict[str, Share] = {}
    for regime in outcomes.regimes:
        for name in outcomes.known_conditions:
            needs = name.endswith(" gains") or name.startswith(("pays", "firm"))
            for benchmark in benchmarks if needs else ("",):
                keys.append((regime, name, benchmark))
                found[str(len(found))] = outcomes.share(name, regime, benchmark or COMPETITION)
        if outcomes.pair_leaves is not None:
            leaves = outcomes.pair_leaves[:, outcomes.regimes.index(regime)]
            for pair, column in zip(outcomes.pairs, leaves.T):
                keys.append((regime, f"{pair} leave", ""))
                found[str(len(found))] = share_of(column)
    frame = pd.DataFrame(keys, columns=["regime", "condition", "against"])
    return pd.concat([frame, pd.DataFrame(share_table(found))], axis=1)


def observed_shares(outcomes: Outcomes) -> pd.DataFrame:
    """How often each observed profile is an equilibrium, is kept at own patience, and how often each pure profile is one."""
    import pandas as pd

    profiles, hits = np.unique(outcomes.equilibria[:, 1:], axis=0, return_counts=True)
    rows: dict[Profile, int] = {tuple(int(a) for a in p): int(h) for p, h in zip(profiles, hits)}
    names = dict(zip(outcomes.observed_profiles, outcomes.observed))
    rows |= {p: 0 for p in names if p not in rows}
    ordered = sorted(rows.items(), key=lambda item: (-item[1], item[0]))
    out = []
    for profile, hit in ordered:
        found = share(hit, len(outcomes))
        kept = np.nan
        if profile in names:
            k = outcomes.observed.index(names[profile])
            kept = share_of((outcomes.discount >= outcomes.observed_nash[:, k]).all(axis=1)).value
        rank = 1 + sum(h > hit for h in rows.values())
        out.append(
            (describe(outcomes.model, profile), names.get(profile, ""), found.value, found.error, rank, kept)
        )
    return pd.DataFrame(out, columns=["profile", "observed", "share", "error", "rank", "kept"])


def premiums(outcomes: Outcomes, against: str, percent: bool) -> pd.DataFrame:
    """Quantiles over the draws of each power's premium, one row for each regime and power."""
    import pandas as pd

    rows: list[tuple[object, ...]] = []
    for regime in outcomes.regimes:
        low = outcomes.premium(regime, against).low
        table = 100 * low / outcomes.capability if percent else low
        for i, power in enumerate(outcomes.players):
            values = table[:, i][~np.isnan(table[:, i])]
            quantiles = np.quantile(values, _QUANTILES) if len(values) else np.full(len(_QUANTILES), np.nan)
            found = share_of(low[:, i] > 0)
            rows.append((regime, power, *quantiles, found.value, found.error))
    columns = ["regime", "power", "5 %", "25 %", "median", "75 %", "95 %", "gains", "error"]
    return pd.DataFrame(rows, columns=columns)


def regions(outcomes: Outcomes, regime: int) -> pd.DataFrame:
    """Autonomy by region under a regime and under competition: median and 90 % range over the draws, and what it loses."""
    import pandas as pd

    deal = outcomes.autonomy[:, regime]
    loses = [share_of(column) for column in (deal < outcomes.autonomy_competition.low).T]
    low, middle, high = np.quantile(deal, (0.05, 0.5, 0.95), axis=0)
    return pd.DataFrame(
        {
            "deal": middle,
            "5 %": low,
            "95 %": high,
            "competition": np.nanmedian(outcomes.autonomy_competition.low, axis=0)
            if not np.isnan(outcomes.autonomy_competition.low).all()
            else np.nan,
            "loses": [s.value for s in loses],
            "error": [s.error for s in loses],
        },
        index=pd.Index(outcomes.model.region_names, name="region"),
    )


def frame(outcomes: Outcomes) -> pd.DataFrame:
    """One row a draw, columns named `REGIME: QUANTITY, POWER`."""
    import pandas as pd

    columns: dict[str, npt.NDArray[Any]] = dict(outcomes.draws.columns)
    for i, power in enumerate(outcomes.players):
        columns[f"competition: payoff low, {power}"] = outcomes.competition.low[:, i]
        columns[f"competition: payoff high, {power}"] = outcomes.competition.high[:, i]
    columns["competition: equilibria"] = outcomes.count
    columns["competition: mixed"] = outcomes.mixed
    columns["competition: complete"] = outcomes.complete
    for k, name in enumerate(outcomes.observed):
        for i, power in enumerate(outcomes.players):
            columns[f"{name}: payoff, {power}"] = outcomes.observed_payoffs[:, k, i]
            columns[f"{name}: gain, {power}"] = outcomes.observed_gains[:, k, i]
            columns[f"{name}: critical discount, {power}"] = outcomes.observed_nash[:, k, i]
    for g, regime in enumerate(outcomes.regimes):
        premium = outcomes.premium(regime)
        arrays = {
            "payoff": outcomes.payoffs[:, g],
            "premium low": premium.low,
            "premium high": premium.high,
            "gain": outcomes.gains[:, g],
            "critical discount": outcomes.nash[:, g],
            "critical discount mildest": outcomes.nash_mildest[:, g],
            "critical discount status quo": outcomes.status_quo[:, g],
            "critical discount ostracism": outcomes.ostracism[:, g],
            "critical discount minmax": outcomes.minmax[:, g],
            "critical discount minmax pure": outcomes.minmax_pure[:, g],
        }
        for name, table in arrays.items():
            for i, power in enumerate(outcomes.players):
                columns[f"{regime}: {name}, {power}"] = table[:, i]
        if outcomes.pair_leaves is not None:
            for pair, column in zip(outcomes.pairs, outcomes.pair_leaves[:, g].T):
                columns[f"{regime}: leave, {pair}"] = column
        for name in ("pays all", "holds", "pays all and holds"):
            columns[f"{regime}: {name}"] = outcomes.condition(name, regime)
        if not np.isnan(outcomes.autonomy).any():
            lost = outcomes.lost(regime)
            for c, unit in enumerate(("people", "output")):
                columns[f"{regime}: autonomy lost low, {unit}"] = lost.low[:, c]
                columns[f"{regime}: autonomy lost high, {unit}"] = lost.high[:, c]
            for r, region in enumerate(outcomes.model.region_names):
                columns[f"{regime}: autonomy, {region}"] = outcomes.autonomy[:, g, r]
    return pd.DataFrame(columns, index=pd.RangeIndex(len(outcomes), name="draw"))
