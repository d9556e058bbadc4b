"""Scenario files: finding, reading, patching and checking them, and the model that they describe.

A scenario is a TOML file (format version 1; `docs/scenarios.md` describes it, `games.scenario_schema` checks it). A file with a
`base` key is a *patch*: the base scenario with the patch's keys laid over it, tables merged key by key. A bare number
in the place of a tagged one changes its value; an observed number so changed becomes an assumed one. `remove` lists paths
of entries to drop, as in `remove = ["regions.Greenland", "maps.status quo.Greenland"]`.
"""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from games.errors import ScenarioError, did_you_mean
from games.spheres import NOBODY, Power, Region, SpheresModel, Tie

if TYPE_CHECKING:
    import pandas as pd
    from pydantic import ValidationError

    from games.scenario_schema import Number, ScenarioFile

__all__ = ["Scenario", "load", "read", "scenarios"]

DEFAULT = "us-china-russia-2025"
_NUMBER_KEYS = {"value", "tag", "source", "year", "low", "high", "reason"}


def scenarios() -> dict[str, str]:
    """Names and titles of the scenarios that come with the project.

    >>> "us-china-russia-2025" in scenarios()
    True
    """
    return {path.stem: _toml(path)["title"] for path in _shipped().values()}


def load(scenario: str | Path = DEFAULT) -> SpheresModel:
    """Read a scenario by name or by path to a TOML file.

    Raises ScenarioError, naming file, table and key, for anything that is wrong with it.

    >>> load("us-china-russia-2025").players
    ('United States', 'China', 'Russia')
    """
    return read(scenario).model()


def read(scenario: str | Path = DEFAULT) -> Scenario:
    """Read and check a scenario by name or path, and keep it as data."""
    path = _find(scenario)
    return Scenario(str(path), _resolve(path, ()), path.stem)


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario as data: `origin` (for messages) and the merged `tree` of a file and what it patches."""

    origin: str
    tree: Mapping[str, Any]
    stem: str = "unnamed"

    def checked(self) -> ScenarioFile:
        """The tree as a checked schema object. Raises ScenarioError."""
        from pydantic import ValidationError

        from games.scenario_schema import ScenarioFile

        tree = {"name": self.stem, **self.tree}
        try:
            file = ScenarioFile.model_validate(tree)
        except ValidationError as error:
            raise ScenarioError(f"{self.origin}: {_explain(error)}") from None
        _cross_check(self.origin, file)
        return file

    def model(self) -> SpheresModel:
        """The model that the scenario describes. Raises ScenarioError."""
        file = self.checked()
        powers = tuple(
            Power(
                name,
                {index: x.value for index, x in p.capability.items()},
                p.patience.value,
                p.survival.value,
                p.tremble.value,
                p.benefit.value,
                p.upkeep.value,
                p.growth.value if p.growth else 0.0,
            )
            for name, p in file.powers.items()
        )
        regions = tuple(
            Region(
                name,
                _values(r.stakes),
                dict(r.aims),
                _values(r.distances),
                r.strength.value,
                r.stake.value,
                r.population.value,
                r.gdp.value,
            )
            for name, r in file.regions.items()
        )
        ties = tuple(
            Tie(
                _pair(key),
                _values(t.cooperation),
                _values(t.contesting),
                _values(t.contested),
                _values(t.war_loss),
                t.risk.value,
                t.distance.value,
            )
            for key, t in file.ties.items()
        )
        at_home = file.maps["status quo"]
        maps = {
            name: {r: None if h == NOBODY else h for r, h in {**at_home, **entries}.items()}
            for name, entries in file.maps.items()
        }
        try:
            return SpheresModel(
                powers,
                regions,
                ties,
                maps,
                file.parameters.half_distance.value,
                file.parameters.overstretch.value,
                file.parameters.friction.value,
                file.parameters.denial,
                file.parameters.index,
                file.regimes,
                file.parameters.benchmark,
                file.name,
                file.title,
                file.description,
                self,
            )
        except ScenarioError as error:
            raise ScenarioError(f"{self.origin}: {error}") from None

    def inputs(self) -> pd.DataFrame:
        """Every tagged number: path, value, tag, source, year, low, high, reason; one row each."""
        import pandas as pd

        file = self.checked()
        rows = []
        for path, number in _numbers(file):
            source = file.sources[number.source].title if number.source else None
            reason = number.reason
            if reason in file.rules:
                reason = f"rule: {reason}"
            rows.append(
                (path, number.value, number.tag, source, number.year, number.low, number.high, reason)
            )
        columns = ["path", "value", "tag", "source", "year", "low", "high", "reason"]
        return pd.DataFrame(rows, columns=columns).astype({"year": "Int64"})

    def rules(self) -> Mapping[str, str]:
        """The rules that the scenario states, by name."""
        return self.checked().rules

    def vary(self, changes: Mapping[str, float]) -> SpheresModel:
        """The model with the numbers at some paths changed. Raises ScenarioError for a path that is not there."""
        tree = copy.deepcopy(dict(self.tree))
        for path, value in changes.items():
            _set(tree, path, value)
        return Scenario(self.origin, tree, self.stem).model()


# ---------------------------------------------------------------------- finding and merging files


@cache
def _shipped() -> dict[str, Path]:
    folder = Path(str(files("games"))) / "scenarios"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _find(scenario: str | Path, beside: Path | None = None) -> Path:
    name = str(scenario)
    candidates = [Path(name)] if beside is None else [beside / name, beside / f"{name}.toml"]
    for path in candidates:
        if path.suffix == ".toml" and path.is_file():
            return path
    if name in _shipped():
        return _shipped()[name]
    if name.endswith(".toml") or "/" in name:
        raise ScenarioError(f"there is no scenario file {name!r}")
    raise ScenarioError(f"there is no scenario {name!r}{did_you_mean(name, _shipped())}")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: this is not valid TOML: {error}") from None
    except UnicodeDecodeError:
        raise ScenarioError(f"{path}: this is not a text file in UTF-8") from None
    except OSError as error:
        raise ScenarioError(f"{path}: cannot be read: {error.strerror}") from None


def _resolve(path: Path, chain: tuple[Path, ...]) -> dict[str, Any]:
    """The tree of a file with the bases under it merged in."""
    here = path.resolve()
    if here in chain:
        names = " -> ".join(p.name for p in (*chain, here))
        raise ScenarioError(f"{path}: the patches go round in a circle: {names}")
    tree = _toml(path)
    if "base" not in tree:
        return tree
    base = tree.pop("base")
    if not isinstance(base, str):
        raise ScenarioError(f"{path}: base is {base!r}; it names a scenario or a file")
    if tree.get("version") != 1:
        raise ScenarioError(f"{path}: version is {tree.get('version')!r}; this release reads version 1")
    try:
        below = _find(base, beside=path.parent)
    except ScenarioError as error:
        raise ScenarioError(f"{path}: base: {error}") from None
    merged = _resolve(below, (*chain, here))
    merged.pop("name", None)
    removed = tree.pop("remove", [])
    if not (isinstance(removed, list) and all(isinstance(entry, str) for entry in removed)):
        raise ScenarioError(
            f"{path}: remove is {removed!r}; it is a list of paths such as 'regions.Greenland'"
        )
    for entry in removed:
        try:
            parent, key = _step_to(merged, entry)
        except ScenarioError as error:
            raise ScenarioError(f"{path}: remove: {error}") from None
        del parent[key]
    _lay_over(merged, tree, str(path))
    return merged


def _step_to(tree: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The table that holds the last key of a path, and that key. Raises ScenarioError if there is no such entry."""
    node: Any = tree
    *parents, last = path.split(".")
    for depth, key in enumerate((*parents, last)):
        table = node if isinstance(node, dict) and not _is_number(node) else {}
        if key not in table:
            place = ".".join(parents[:depth]) or "the scenario"
            raise ScenarioError(f"there is no {path!r}: {place} has no {key!r}{did_you_mean(key, table)}")
        if depth < len(parents):
            node = node[key]
    return node, last


def _lay_over(tree: dict[str, Any], patch: Mapping[str, Any], where: str, path: tuple[str, ...] = ()) -> None:
    for key, new in patch.items():
        old: Any = tree.get(key)
        if _is_number(old) and isinstance(new, (int, float)) and not isinstance(new, bool):
            tree[key] = _changed(old, new, f"changed by {Path(where).name}")
        elif _is_number(old) and isinstance(new, Mapping) and "tag" in new:
            tree[key] = dict(new)
        elif isinstance(old, dict) and isinstance(new, Mapping):
            _lay_over(old, new, where, (*path, key))
        elif isinstance(old, dict):
            raise ScenarioError(f"{where}: {'.'.join((*path, key))} is {new!r}; the base has a table there")
        else:
            tree[key] = copy.deepcopy(new)


def _is_number(entry: Any) -> bool:
    return isinstance(entry, dict) and "value" in entry and entry.keys() <= _NUMBER_KEYS


def _changed(old: Mapping[str, Any], value: float, reason: str) -> dict[str, Any]:
    """A tagged number with another value: no longer observed, its range widened to hold both."""
    bounds = [x for x in (old.get("low"), old.get("high"), old["value"], value) if x is not None]
    return {"value": value, "tag": "assumed", "low": min(bounds), "high": max(bounds), "reason": reason}


def _set(tree: dict[str, Any], path: str, value: float) -> None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        try:
            value = float(value)
        except (TypeError, ValueError):
            raise ScenarioError(f"{path}: {value!r} is not a number") from None
    parent, key = _step_to(tree, path)
    if not _is_number(parent[key]):
        raise ScenarioError(
            f"{path!r} names no single number; a path ends at a number, as in 'parameters.friction'"
        )
    parent[key] = _changed(parent[key], float(value), "varied")


# ---------------------------------------------------------------------- checking


def _cross_check(origin: str, file: ScenarioFile) -> None:
    """What a schema cannot say: that names used in one table exist in another."""

    def fail(where: str, text: str) -> None:
        raise ScenarioError(f"{origin}: {where}: {text}")

    powers = list(file.powers)
    for what, names in (("powers", powers), ("regions", list(file.regions))):
        lowered = [name.casefold().strip() for name in names]
        for name, low in zip(names, lowered):
            if "." in name or "&" in name:
                fail(f"{what}.{name}", "a name holds neither a dot nor an ampersand")
            if lowered.count(low) > 1:
                fail(what, f"two of them are called {name!r} but for capitals or spaces; names must differ")
            if low in (NOBODY, "local", "order"):
                fail(f"{what}.{name}", f"{name!r} is a word of the format and cannot be a name")
    first = file.powers[powers[0]].capability
    for name, power in file.powers.items():
        for index in first.keys() ^ power.capability.keys():
            fail(f"powers.{name}.capability", f"the index {index!r} is not given for every power")
    for index in file.indices.keys() - first.keys():
        fail("indices", f"{index!r} is described but no power has it{did_you_mean(index, first)}")
    if file.parameters.index != "mean" and file.parameters.index not in first:
        fail(
            "parameters.index",
            f"no index {file.parameters.index!r}{did_you_mean(file.parameters.index, first)}",
        )

    def by_power(where: str, table: Mapping[str, object], wanted: list[str]) -> None:
        for name in table:
            if name not in wanted:
                fail(where, f"{name!r} does not belong here{did_you_mean(name, wanted)}")
        for name in wanted:
            if name not in table:
                fail(where, f"{name} is missing")

    for name, region in file.regions.items():
        for field in ("stakes", "aims", "distances"):
            by_power(f"regions.{name}.{field}", getattr(region, field), powers)
    seen: dict[frozenset[str], str] = {}
    for key, tie in file.ties.items():
        pair = list(_pair(key)) if key.count("&") == 1 else []
        if len(set(pair)) != 2 or not set(pair) <= set(powers):
            bad = next((p for p in pair if p not in powers), key)
            fail(f"ties.{key}", f"a tie is named by two powers, as in 'A & B'{did_you_mean(bad, powers)}")
        if frozenset(pair) in seen:
            fail(f"ties.{key}", f"this tie is already there as {seen[frozenset(pair)]!r}")
        seen[frozenset(pair)] = key
        for field in ("cooperation", "contesting", "contested", "war_loss"):
            by_power(f"ties.{key}.{field}", getattr(tie, field), pair)
    for i, a in enumerate(powers):
        for b in powers[i + 1 :]:
            if frozenset((a, b)) not in seen:
                fail("ties", f"there is no tie '{a} & {b}'")
    if "status quo" not in file.maps:
        fail("maps", "there must be a map named 'status quo'")
    for name, entries in file.maps.items():
        for place, holder in entries.items():
            if place not in file.regions:
                fail(f"maps.{name}", f"no region {place!r}{did_you_mean(place, file.regions)}")
            if holder != NOBODY and holder not in powers:
                fail(
                    f"maps.{name}.{place}",
                    f"held by {holder!r}, which is neither a power nor 'nobody'{did_you_mean(holder, powers)}",
                )
    for place in file.regions:
        if place not in file.maps["status quo"]:
            fail("maps.status quo", f"it does not say who holds {place}; write a power's name or 'nobody'")
    for name, groups in file.regimes.items():
        members = [m for group in groups for m in group]
        for member in members:
            if member not in powers:
                fail(f"regimes.{name}", f"no power {member!r}{did_you_mean(member, powers)}")
            if members.count(member) > 1:
                fail(f"regimes.{name}", f"{member} is in two blocs; blocs do not overlap")
    for path, number in _numbers(file):
        if number.source is not None and number.source not in file.sources:
            fail(path, f"no source {number.source!r}{did_you_mean(number.source, file.sources)}")


def _explain(error: ValidationError) -> str:
    """The first problem that the schema found, in one line, and how many more there are."""
    problems = error.errors(include_url=False)
    first = problems[0]
    where = ".".join(str(part) for part in first["loc"])
    kind = first["type"]
    if kind == "missing":
        parent = ".".join(str(part) for part in first["loc"][:-1])
        text = f"{parent or 'the file'} has no {str(first['loc'][-1])!r}"
        where = ""
    elif kind == "extra_forbidden":
        text = f"unknown key {str(first['loc'][-1])!r}{did_you_mean(first['loc'][-1], _known_keys(first['loc']))}"
        where = ".".join(str(part) for part in first["loc"][:-1])
    elif kind == "literal_error":
        text = f"is {first['input']!r}; it must be {first['ctx']['expected']}"
    elif kind == "model_type":
        text = f"is {first['input']!r}; a table is needed here"
    elif kind == "scenario":
        text = first["msg"]
    else:
        text = (
            f"is {first['input']!r}: {first['msg'][0].lower()}{first['msg'][1:]}"
            if not isinstance(first["input"], (dict, list))
            else first["msg"]
        )
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return f"{where}: {text}{more}" if where else f"{text}{more}"


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys allowed in the table where an unknown one stands."""
    from games import scenario_schema as schema

    tables: dict[str, dict[str, Any]] = {
        "powers": schema.PowerSchema.model_fields,
        "regions": schema.RegionSchema.model_fields,
        "ties": schema.TieSchema.model_fields,
    }
    if len(location) == 1:
        return list(schema.ScenarioFile.model_fields)
    top = str(location[0])
    if top == "parameters" and len(location) == 2:
        return list(schema.ParametersSchema.model_fields)
    if top == "sources":
        return list(schema.SourceSchema.model_fields)
    if top in tables and len(location) == 3:
        return list(tables[top])
    return sorted(_NUMBER_KEYS)


# ---------------------------------------------------------------------- small helpers


def _pair(key: str) -> tuple[str, str]:
    a, b = key.split("&")
    return a.strip(), b.strip()


def _values(numbers: Mapping[str, Number]) -> dict[str, float]:
    return {name: number.value for name, number in numbers.items()}


def _numbers(file: ScenarioFile) -> Iterator[tuple[str, Number]]:
    """Every tagged number with its path."""
    from games.scenario_schema import Number

    def walk(node: Any, path: tuple[str, ...]) -> Iterator[tuple[str, Number]]:
        if isinstance(node, Number):
            yield ".".join(path), node
        elif isinstance(node, dict):
            for key, child in node.items():
                yield from walk(child, (*path, key))
        elif hasattr(type(node), "model_fields"):
            for key in type(node).model_fields:
                yield from walk(getattr(node, key), (*path, key))

    yield from walk(file, ())
