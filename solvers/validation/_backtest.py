"""Predicted contests of every pair of great powers, beside what was seen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from games import world
from games.arguments import checked
from games.errors import ScenarioError
from solvers.base.deadline import keeps_time
from solvers.base.progress import track

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EPOCHS", "backtest", "outcome"]

# The epochs on which the rules were made. 1945 is in the tables for a scenario and was never scored.
EPOCHS = (1816, 1830, 1853, 1870, 1890, 1913, 1938, 1950, 1962, 1972, 1985, 2001, 2010, 2016, 2021)
# Disputes and wars are looked for in so many years from the epoch's on.
_YEARS = 10
COLUMNS = ("epoch", "first", "second", "predicted", "rivalry", "dispute", "war")
# What baselines are made of, and how the prediction came about.
FURTHER = (
    "first contests",
    "second contests",
    "settled",
    "ratio",
    "next door",
    "claim",
    "pact",
    "rivals before",
)


@checked
@keeps_time("the back-test", "take fewer draws or epochs")
def backtest(
    data: str | Path | None = None,
    epochs: Sequence[int] | None = None,
    draws: int = 60,
    seed: int = 0,
    *,
    starts: int = 6,
    time_limit: float | None = None,
    **rules: Any,
) -> pd.DataFrame:
    """Predict which great powers quarrel, epoch by epoch, by the rules of `games.world` alone.

    A pair's prediction is the mean over draws of the share of a draw's equilibria in which one of the two contests the other.
    Draws in which none was found are left out (`settled` is the share of draws kept).

    Parameters
    ----------
    data : folder of tables, optional; the shipped ones by default. New epochs are rows in it.
    epochs : years; by default the fifteen on which the rules were made, or all of a folder's
    draws, seed : of the free numbers, the same in every epoch
    starts : of the search for equilibria (`solvers.spheres.equilibria`)
    rules : options of `games.world.build`: `claims`, `rivalries`, `merge_km`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    DataFrame, one row a pair and epoch: epoch, first, second, predicted, rivalry (in that year, or the last one known), dispute
    (militarised, begun within ten years), war (begun within ten years); 0, 1, or NaN where the tables do not say. Further columns
    for baselines: ratio (log of the smaller CINC over the larger), next door, claim, pact, rivals before (in the epoch before;
    NaN for a pair that was not there).

    Raises
    ------
    ScenarioError
        For an epoch that the tables do not hold, or tables without `dyads`.

    Examples
    --------
    >>> table = backtest(epochs=[1972], draws=8)
    >>> len(table), bool(table["predicted"].between(0, 1).all())
    (10, True)
    """
    import pandas as pd

    from solvers.spheres.equilibria import search

    tables = world.tables(data)
    if not tables.rows["dyads"]:
        raise ScenarioError(
            f"{tables.folder} has no table of dyads, so there is nothing to compare predictions with"
        )
    known = tables.epochs
    chosen = tuple(epochs) if epochs is not None else EPOCHS if data is None else known
    for epoch in chosen:
        if epoch not in known:
            raise ScenarioError(
                f"there is no epoch {epoch} in the tables; known: {', '.join(str(e) for e in known)}"
            )
    dyads = _by_pair(tables.rows["dyads"])
    rows: list[tuple[Any, ...]] = []
    for epoch in track(chosen, len(chosen), "Back-testing"):
        model = world.build(epoch, data=data, **rules)
        found = search(model, model.draws(draws, seed=seed), starts=starts, seed=seed)
        quarrels, contests = found.quarrel_shares, found.contest_shares
        settled = float((found.count > 0).mean())
        codes = {row["name"]: row["code"] for row in tables.at("states", epoch) if row["power"]}
        ties = _ties(tables, epoch, codes)
        before = [e for e in known if e < epoch and e in chosen]
        for i, first in enumerate(model.players):
            for j in range(i + 1, len(model.players)):
                second = model.players[j]
                history = dyads.get(frozenset((codes[first], codes[second])), {})
                ratio = sorted((model.powers[i].cinc, model.powers[j].cinc))
                rows.append(
                    (
                        epoch,
                        first,
                        second,
                        quarrels[i, j],
                        *(outcome(history, epoch, kind) for kind in ("rivalry", "dispute", "war")),
                        contests[i, j],
                        contests[j, i],
                        settled,
                        float(np.log(ratio[0] / ratio[1])),
                        *ties[frozenset((first, second))],
                        _rivals_at(history, before[-1]) if before else np.nan,
                    )
                )
    return pd.DataFrame(rows, columns=[*COLUMNS, *FURTHER])


History = dict[int, dict[str, Any]]


def _by_pair(rows: Iterable[dict[str, Any]]) -> dict[frozenset[str], History]:
    out: dict[frozenset[str], History] = {}
    for row in rows:
        out.setdefault(frozenset((row["first"], row["second"])), {})[row["year"]] = row
    return out


def outcome(history: History, epoch: int, kind: str) -> float:
    """What was seen of a pair: 0, 1, or NaN.

    `rivalry`: in the epoch's year or the last year before it that has data, at most five years back. `dispute` and `war`: begun
    in the ten years from the epoch on; NaN where fewer than half of those years have data and nothing was seen in them.
    """
    if kind == "rivalry":
        for year in range(epoch, epoch - 6, -1):
            value = history.get(year, {}).get("rivalry")
            if value is not None and value == value:
                return float(value)
        return float("nan")
    column = {"dispute": "disputes", "war": "war"}[kind]
    values = [history.get(year, {}).get(column) for year in range(epoch, epoch + _YEARS)]
    given = [v for v in values if v is not None and v == v]
    if not given or (len(given) < _YEARS / 2 and not any(given)):
        return float("nan")
    return float(any(v > 0 for v in given))


def _rivals_at(history: History, epoch: int) -> float:
    """Rivals in an earlier epoch; NaN for a pair of which one was no great power then."""
    return outcome(history, epoch, "rivalry") if epoch in history else float("nan")


def _ties(
    tables: world.Tables, epoch: int, codes: dict[str, str]
) -> dict[frozenset[str], tuple[float, float, float]]:
    """Of every pair of powers: next door, one claims land of the other, under a pact."""
    names = {code: name for name, code in codes.items()}
    out = {frozenset((a, b)): [0.0, 0.0, 0.0] for a in codes for b in codes if a != b}
    for row in tables.at("relations", epoch):
        if row["state"] in names and row["power"] in names:
            pair = out[frozenset((names[row["state"]], names[row["power"]]))]
            pair[0], pair[2] = max(pair[0], float(row["land"])), max(pair[2], float(row["pact"]))
    for row in tables.at("claims", epoch):
        if row["claimant"] in names and row["target"] in names:
            out[frozenset((names[row["claimant"]], names[row["target"]]))][1] = 1.0
    return {pair: (v[0], v[1], v[2]) for pair, v in out.items()}
