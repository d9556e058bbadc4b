"""Two histories that the rules were not fitted to: the triangle of Washington, Beijing and Moscow, and the Concert of Europe."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from games import world
from games.arguments import checked
from games.errors import ScenarioError
from games.words import listed
from solvers.base.deadline import keeps_time
from solvers.base.progress import track
from solvers.uncertainty._shares import share_of
from solvers.validation._backtest import _by_pair, outcome

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["concert", "triangle"]

_TRIANGLE = ("2", "710", "365")
TRIANGLE_YEARS = (1950, 1962, 1972, 1985, 2001, 2010, 2016, 2021)
CONCERT_YEARS = (1816, 1830, 1853)


@checked
@keeps_time("the table of triangles", "take fewer draws or years")
def triangle(
    years: Sequence[int] = TRIANGLE_YEARS,
    powers: Sequence[str] = _TRIANGLE,
    data: str | Path | None = None,
    draws: int = 1000,
    seed: int = 0,
    *,
    time_limit: float | None = None,
) -> pd.DataFrame:
    """How often the rules give exactly the rivalries that were seen among three powers, and its rank among the eight patterns.

    A draw counts with the share of its pure equilibria (all of them) that have exactly these quarrels; one without any counts 0.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Returns
    -------
    DataFrame, one row a year: observed (the pairs that were rivals), share, rank (1 to 8), first (the most frequent pattern), its
    share, and without (the share of draws that have no pure equilibrium)
    """
    import pandas as pd

    from solvers.uncertainty import evaluate

    tables = world.tables(data)
    dyads = _by_pair(tables.rows["dyads"])
    rows = []
    for year in track(years, len(years), "Triangles"):
        model = world.build(year, powers, data=data)
        if len(model.players) != 3:
            raise ScenarioError(f"a triangle has three powers; got {listed(list(model.players))}")
        found = evaluate(
            model,
            model.draws(draws, seed=seed),
            regimes="concert",
            observed=(),
            mixed="never",
            autonomy=False,
        )
        actions = found.equilibria[:, 1:]
        # Bit 0 of an action is the first of the other two powers, bit 1 the second.
        contests = np.stack([actions & 1, actions >> 1 & 1], axis=-1).astype(bool)
        pairs = np.stack(
            [
                contests[:, 0, 0] | contests[:, 1, 0],
                contests[:, 0, 1] | contests[:, 2, 0],
                contests[:, 1, 1] | contests[:, 2, 1],
            ],
            axis=-1,
        )
        pattern = pairs @ np.array([1, 2, 4])
        count = found.count
        weight = 1.0 / (count[found.equilibria[:, 0]] * len(found))
        shares = np.bincount(pattern, weights=weight, minlength=8)
        codes = [_code(tables, year, name) for name in model.players]
        links = [(0, 1), (0, 2), (1, 2)]
        seen = [outcome(dyads.get(frozenset((codes[i], codes[j])), {}), year, "rivalry") for i, j in links]
        if any(np.isnan(seen)):
            raise ScenarioError(f"the tables do not say who were rivals in {year}")
        observed = int(np.dot(seen, [1, 2, 4]))
        top = int(shares.argmax())
        rows.append(
            (
                year,
                _pattern(model.players, observed),
                shares[observed],
                1 + int((shares > shares[observed]).sum()),
                _pattern(model.players, top),
                shares[top],
                float((count == 0).mean()),
            )
        )
    columns = ["year", "observed", "share", "rank", "first", "its share", "without"]
    return pd.DataFrame(rows, columns=columns).set_index("year")


def _code(tables: world.Tables, year: int, name: str) -> str:
    epoch = max(e for e in tables.epochs if e <= year)
    return next(str(row["code"]) for row in tables.at("states", epoch) if row["name"] == name)


def _pattern(players: Sequence[str], code: int) -> str:
    links = [
        f"{players[i]} - {players[j]}" for k, (i, j) in enumerate([(0, 1), (0, 2), (1, 2)]) if code >> k & 1
    ]
    return ", ".join(links) or "none"


@checked
@keeps_time("the table of concerts", "take fewer draws or years")
def concert(
    years: Sequence[int] = CONCERT_YEARS,
    discount: float = 0.887,
    data: str | Path | None = None,
    draws: int = 200,
    seed: int = 0,
    *,
    time_limit: float | None = None,
) -> pd.DataFrame:
    """Would a concert of all great powers have held, and who would have gained by leaving it?

    `discount` is one yearly discount factor for all powers: .95 for time and .934 for a leadership's lasting the year.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Returns
    -------
    DataFrame, one row a year: equilibrium (share of draws in which no power gains by leaving alone), ostracism (share in which
    being contested by all others deters leaving), reversion (in which the harshest equilibrium found does), their errors, and
    one column for each power: the share of draws in which it gains by leaving, NaN where it was not a great power
    """
    import pandas as pd

    from solvers.uncertainty import evaluate

    if not 0 < discount < 1:
        raise ScenarioError(f"discount is {discount!r}; it lies between 0 and 1")
    rows = []
    for year in track(years, len(years), "Concerts"):
        model = world.build(year, data=data)
        found = evaluate(
            model, model.draws(draws, seed=seed), regimes="concert", observed=(), autonomy=False, seed=seed
        )
        kept = {
            "equilibrium": found.condition("equilibrium"),
            "ostracism": (found.ostracism[:, 0] <= discount).all(axis=1),
            "reversion": (found.nash[:, 0] <= discount).all(axis=1),
        }
        row: dict[str, object] = {"year": year}
        for name, mask in kept.items():
            row[name], row[f"{name} error"] = share_of(mask).value, share_of(mask).error
        leaving = (found.nash[:, 0] > 0).mean(axis=0)
        rows.append(row | dict(zip(model.players, leaving)))
    return pd.DataFrame(rows).set_index("year")
