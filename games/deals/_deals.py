"""Worked cases, bundles and threats, each with its source: `names`, `get`, `inputs`, `table`.

The numbers are in `deals.toml`, each tagged observed, derived or assumed as in a scenario file; an assumed one has a range and
a reason. What the cases consist of (`Issue`, `Bundle`, `Threat`) is described in `games.issues`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from copy import deepcopy
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked, number
from games.arguments import table as table_of
from games.errors import GameError, ScenarioError, did_you_mean
from games.issues import Bundle, Issue, Threat

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Bundle", "Issue", "Threat", "get", "inputs", "names", "table"]


def names() -> tuple[str, ...]:
    """Names of the worked cases.

    >>> "philippines" in names()
    True
    """
    return tuple(_catalogue()["deals"])


@checked
def get(name: str, changes: Mapping[str, float] | None = None) -> Bundle | Threat:
    """A worked case by name; `changes` sets some of its numbers to other values, by their paths in `inputs(name)`.

    >>> get("philippines").sides
    ('United States', 'China')
    >>> get("philippines", {"discount.China": 0.5}).discount
    array([0.8177, 0.5   ])
    """
    case = deepcopy(_case(name))
    for path, value in table_of(changes or {}, "changes", ScenarioError).items():
        known = dict(_numbers(case))
        if path not in known:
            raise ScenarioError(f"{name} has no number {path!r}{did_you_mean(path, known)}")
        known[path]["value"] = number(value, f"{path} must be a finite number", ScenarioError)
    source = "; ".join(_catalogue()["sources"][key] for key in case["sources"])
    discount = _values(case["discount"])
    kind = case["kind"]
    if kind == "threat":
        return Threat(
            threatener=case["by"],
            target=case["to"],
            demand=case["demand"],
            penalty=case["penalty"],
            complied=_values(case["complied"]),
            status_quo=_values(case["status_quo"]),
            carried_out=_values(case["carried_out"]),
            discount=discount[case["by"]],
            title=case["title"],
            source=source,
        )
    if kind == "tariffs":
        issues = [_tariff_issue(case)]
    else:
        issues = [_issue(entry) for entry in case["issues"]]
    noise = _values(case.get("alarms", {}))
    return Bundle(issues, discount, case["title"], source, case["unit"], **noise)


@checked
def inputs(name: str) -> pd.DataFrame:
    """Every number of a worked case: path, value, tag, source, year, low, high, reason, as for a scenario."""
    import pandas as pd

    from games.scenario import Number

    rows = []
    for path, raw in _numbers(_case(name)):
        n = Number.model_validate({k: float(v) if k in _FLOATS else v for k, v in raw.items()})
        source = _catalogue()["sources"][n.source] if n.source else None
        rows.append((path, n.value, n.tag, source, n.year, n.low, n.high, n.reason))
    columns = ["path", "value", "tag", "source", "year", "low", "high", "reason"]
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})


def table() -> pd.DataFrame:
    """One row for each worked case: title, kind, sides, issues, the share of its numbers that are assumed, unit, source."""
    import pandas as pd

    rows = []
    for name in names():
        case, what = _case(name), get(name)
        sides = what.sides if isinstance(what, Bundle) else (what.threatener, what.target)
        about = [i.name for i in what.issues] if isinstance(what, Bundle) else [what.demand]
        rows.append(
            {
                "title": what.title,
                "kind": case["kind"],
                "sides": " and ".join(sides),
                "issues": "; ".join(about),
                "assumed": float((inputs(name)["tag"] == "assumed").mean()),
                "unit": case["unit"],
                "source": what.source,
            }
        )
    return pd.DataFrame(rows, index=pd.Index(names(), name="name"))


_FLOATS = {"value", "low", "high"}


@cache
def _catalogue() -> dict[str, Any]:
    return tomllib.loads((files("games.deals") / "deals.toml").read_text(encoding="utf-8"))


def _case(name: str) -> dict[str, Any]:
    cases: dict[str, Any] = _catalogue()["deals"]
    if not isinstance(name, str) or name not in cases:
        raise GameError(f"there is no worked case {name!r}{did_you_mean(name, cases)}")
    case: dict[str, Any] = cases[name]
    return case


def _numbers(entry: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every tagged number below an entry, with its path; entries of a list go by their names."""
    if isinstance(entry, dict) and "tag" in entry:
        yield path, entry
    elif isinstance(entry, dict):
        for key, value in entry.items():
            yield from _numbers(value, f"{path}.{key}" if path else key)
    elif isinstance(entry, list):
        for value in entry:
            if isinstance(value, dict):
                yield from _numbers(value, f"{path}.{value['name']}")


def _values(numbers: Mapping[str, Any]) -> dict[str, float]:
    return {key: float(number["value"]) for key, number in numbers.items()}


def _issue(entry: Mapping[str, Any]) -> Issue:
    if "by" in entry:
        cost, value = float(entry["cost"]["value"]), float(entry["value"]["value"])
        return Issue.concession(entry["name"], entry["by"], entry["to"], cost, value)
    tables = (_values(entry[key]) for key in ("cooperate", "defect", "breakdown"))
    return Issue.mutual(entry["name"], *tables)


def _tariff_issue(case: Mapping[str, Any]) -> Issue:
    """Tariffs as an issue: breakdown is the Nash equilibrium in tariffs, options are free trade and the schedules named."""
    from games.tariffs import ExchangeEconomy

    economy = ExchangeEconomy.by_size(_values(case["sizes"]), float(case["import_share"]["value"]))
    options = {"tariff war": economy.nash_tariffs(), "free trade": np.zeros(2)}
    for schedule in case.get("schedules", []):
        rates = _values({c: schedule[c] for c in economy.countries})
        options[schedule["name"]] = np.array([rates[c] / 100 for c in economy.countries])
    agreed = np.array([economy.real_income(tariffs) for tariffs in options.values()])
    gain = np.zeros_like(agreed)
    for row, tariffs in enumerate(options.values()):
        for i, country in enumerate(economy.countries):
            if row:
                alone = tariffs.copy()
                alone[i] = economy.optimum_tariff(country, tariffs[1 - i])
                gain[row, i] = max(economy.real_income(alone)[i] - agreed[row, i], 0.0)
    return Issue("tariffs", economy.countries, tuple(options), agreed, gain)
