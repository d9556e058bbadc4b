"""Scenarios as data, and the models that they describe."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from games.arguments import checked
from games.errors import ConcertError, ScenarioError
from games.scenario import _patches
from games.scenario._numbers import as_assumption, numbers, reason
from games.spheres import ASSUMPTIONS, Assumption, Kind, Observed, SpheresModel, inputs, maps
from games.spheres.parameters import PATIENCE

if TYPE_CHECKING:
    from games.scenario._schema import ScenarioFile

__all__ = ["DEFAULT", "Scenario", "load", "read", "scenarios"]

DEFAULT = "us-china-russia-2025"
"""The name of the default scenario."""


def scenarios() -> dict[str, str]:
    """Names and titles of the scenarios that come with the project.

    >>> "us-china-russia-2025" in scenarios()
    True
    """
    return {name: str(_patches.resolve(path)["title"]) for name, path in _patches.shipped().items()}


@checked
def load(scenario: str | Path = DEFAULT, powers: Sequence[str] | None = None) -> SpheresModel:
    """Read a scenario by name or by path to a TOML or Excel file; `powers` plays it with other powers.

    A power that joins stops being a region, on every map; one that leaves becomes a region, bound as its treaties say.

    Raises ScenarioError, naming file, table and key, for anything that is wrong with it.

    >>> load("us-china-russia-2025").players
    ('United States', 'China', 'Russia')
    """
    found = read(scenario)
    return found.model() if powers is None else found.with_powers(powers).model()


def read(scenario: str | Path = DEFAULT) -> Scenario:
    """Read a scenario by name or path, and keep it as data."""
    path = _patches.find(scenario)
    return Scenario(str(path), _patches.resolve(path), path.stem, _patches.places(path))


@dataclass(frozen=True, eq=False)
class Scenario:
    """A scenario as data: `origin` (for messages) and the merged `tree` of a file and what it patches.

    `places` says where the entries of a workbook stand.
    """

    origin: str
    tree: Mapping[str, Any]
    stem: str = "unnamed"
    places: Mapping[str, str] = field(default_factory=dict)

    def located(self, fault: str) -> str:
        """A fault with the sheet and row of the entry that it is about, where the scenario is a workbook."""
        unknown = re.match(r"(?:(.*): )?unknown key '([^']*)'", fault)
        if unknown:
            key = ".".join(filter(None, unknown.groups()))
            return f"{self.places[key]}: {fault}" if key in self.places else fault
        found = [path for path in self.places if fault.startswith(path)]
        if not found:
            return fault
        # A fault of a map names the region in its words; a suggestion may come behind it.
        about = sorted(self._regions_of(fault))
        return f"{self.places[about[0][2] if about else max(found, key=len)]}: {fault}"

    def _regions_of(self, fault: str) -> Iterator[tuple[int, int, str]]:
        """Where a fault of a map names the region of an entry `maps.DEAL.REGION`, longer names first, and that entry."""
        for path in self.places:
            deal, _, region = path.removeprefix("maps.").rpartition(".")
            for start in (f"map {deal!r}", f"maps.{deal}"):
                words = fault.removeprefix(start)
                if path.startswith("maps.") and deal and words != fault and region in words:
                    yield words.index(region), -len(region), path

    @cached_property
    def checked(self) -> ScenarioFile:
        """The tree as a checked schema object. Raises ScenarioError with the first fault and how many more there are."""
        from games.scenario import _check

        file, faults = _check.schema_faults(self.complete)
        if file is None:
            raise _first(self.origin, [self.located(fault) for fault in faults])
        return file

    @property
    def complete(self) -> dict[str, Any]:
        """The tree with its name, and with bare numbers given the range that their rule has."""
        tree = copy.deepcopy(dict(self.tree))
        tree.setdefault("name", self.stem)
        numbers = tree.get("numbers")
        if isinstance(numbers, dict):
            _give_ranges(numbers, f"changed by {Path(self.origin).name}")
        return tree

    def with_powers(self, powers: Sequence[str]) -> Scenario:
        """The same scenario played by other powers.

        A power that joins stops being a region, on every map. One that leaves takes with it the maps on which it gains, the
        regimes and numbers that name it, and its part of what was observed.
        """
        if isinstance(powers, str):
            raise ScenarioError(f"powers is {powers!r}; it is a list of names")
        from games import world

        tree = copy.deepcopy(dict(self.tree))
        before = self.world().players
        # A power may be given by its code, as in `world.build`.
        chosen = world.build(self.checked.year, list(powers), data=self.checked.data).players
        tree["powers"] = list(chosen)
        _join(tree, [p for p in chosen if p not in before])
        _leave(tree, [p for p in before if p not in chosen])
        return Scenario(self.origin, tree, self.stem, self.places)

    def rules(self) -> Mapping[str, str]:
        """The rules that the scenario states, by name."""
        return self.checked.rules

    def world(self) -> SpheresModel:
        """The world under the scenario: what the rules make of its year, powers and regions. Raises ScenarioError."""
        from games import world

        file = self.checked
        try:
            return world.build(
                file.year,
                file.powers,
                {name: region.states for name, region in file.regions.items()},
                file.data,
                without=file.without,
            )
        except ScenarioError as error:
            raise ScenarioError(f"{self.origin}: {error}") from None

    def model(self) -> SpheresModel:
        """The model that the scenario describes. Raises ScenarioError with the first fault and how many more there are."""
        file, base = self.checked, self.world()
        try:
            return assemble(base, file, self)
        except ConcertError as error:
            from games.scenario import _check

            found = _check.model_faults(base, file, lambda: assemble(base, file, self)) or [str(error)]
            raise _first(self.origin, [self.located(fault) for fault in found]) from None


def _join(tree: dict[str, Any], joining: Sequence[str]) -> None:
    """Take states that become powers out of the regions, the maps and the table."""
    for name, entry in list(tree.get("regions", {}).items()):
        states = entry if isinstance(entry, str | list) else entry.get("states", [])
        names = [states] if isinstance(states, str) else states
        rest = [s for s in names if s not in joining]
        if not rest:
            del tree["regions"][name]
            for entries in tree.get("maps", {}).values():
                entries.pop(name, None)
            if name in tree.get("on_table", []):
                tree["on_table"].remove(name)
            tree.get("numbers", {}).get("regions", {}).pop(name, None)
        elif len(rest) < len(names):
            tree["regions"][name] = rest


def _leave(tree: dict[str, Any], leaving: Sequence[str]) -> None:
    """Drop what names powers that no longer play."""
    for name, entries in list(tree.get("maps", {}).items()):
        if any(maps.split(str(holder))[0] in leaving for holder in entries.values()):
            del tree["maps"][name]
    regimes = tree.get("regimes", {})
    for name in [n for n, groups in regimes.items() if any(p in leaving for group in groups for p in group)]:
        del regimes[name]
    for name, seen in list(tree.get("observed", {}).items()):
        for key in ("rivals", "contests"):
            if key in seen:
                seen[key] = [pair for pair in seen[key] if not any(p in leaving for p in pair)]
        if not seen.get("rivals") and not seen.get("contests"):
            del tree["observed"][name]
    numbers = tree.get("numbers", {})
    for name in leaving:
        tree.get("kinds", {}).pop(name, None)
        numbers.get("powers", {}).pop(name, None)
    ties = numbers.get("ties", {})
    for key in [k for k in ties if any(p.strip() in leaving for p in k.split("&"))]:
        del ties[key]


def _first(origin: str, faults: Sequence[str]) -> ScenarioError:
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return ScenarioError(f"{origin}: {faults[0]}{more}")


@dataclass(frozen=True, eq=False)
class Origin:
    """What a scenario's model keeps of it: the tree, its rules, and the assumptions that rules gave without being typed."""

    tree: Mapping[str, Any]
    stated: Mapping[str, str]
    assumptions: Mapping[str, Assumption]

    def rules(self) -> Mapping[str, str]:
        """The rules that the scenario states, by name."""
        return self.stated


def assemble(base: SpheresModel, file: ScenarioFile, scenario: Scenario) -> SpheresModel:
    """The world with a scenario's numbers, maps, regimes and observed profiles laid over it."""
    values: dict[str, float] = {}
    assumptions = dict(base.assumptions)
    facts = dict(base.facts)
    for path, number in numbers(file, base.players):
        values[path] = number.value
        assumptions.pop(path, None)
        facts.pop(path, None)
        if number.tag == "assumed":
            assumptions[path] = as_assumption(path, number, file)
        elif number.tag == "observed":
            title = file.sources[number.source].title if number.source in file.sources else str(number.source)
            facts[path] = ("observed", title, number.year)
        else:
            facts[path] = ("derived", reason(number, file), number.year)
    model = inputs.assign(base, values, keep=True)
    regions = tuple(
        replace(r, note=file.regions[r.name].note or r.note) if r.name in file.regions else r
        for r in model["regions"]
    )
    switches = file.switches
    return replace(
        base,
        powers=model["powers"],
        regions=regions,
        ideology=model["ideology"],
        parameters=replace(
            model["parameters"],
            claims=switches.claims,
            defence_advantage=switches.defence_advantage,
            pact_cost=switches.pact_cost,
            left_out=switches.left_out,
        ),
        index=switches.index,
        assumptions=assumptions,
        facts=facts,
        maps={name: dict(entries) for name, entries in file.maps.items()},
        blocs=file.regimes,
        observed={
            **base.observed,
            **{
                name: Observed(
                    tuple(p for pair in o.rivals for p in (pair, pair[::-1])) + tuple(o.contests), o.source
                )
                for name, o in file.observed.items()
            },
        },
        kinds={
            power: tuple(
                Kind(label, k.probability, k.changes, k.discount, k.reason) for label, k in own.items()
            )
            for power, own in file.kinds.items()
        },
        on_table=tuple(file.on_table),
        benchmark=file.benchmark,
        name=file.name,
        title=file.title,
        description=" ".join(filter(None, (file.description.strip(), base.description))),
        source=Origin(scenario.complete, file.rules, base.assumptions),
    )


def _give_ranges(numbers: dict[str, Any], reason: str) -> None:
    """Turn bare numbers into tagged ones where a rule gives their range."""
    ranges: dict[str, Assumption] = {**ASSUMPTIONS, "patience": PATIENCE}
    tables = [numbers, *(t for t in _tables(numbers.get("powers")))]
    for table in tables:
        for name, raw in table.items():
            if name in ranges and isinstance(raw, int | float) and not isinstance(raw, bool):
                known = ranges[name]
                table[name] = _patches.changed(
                    {"value": known.value, "low": known.low, "high": known.high, "law": known.law},
                    float(raw),
                    reason,
                )


def _tables(entry: Any) -> list[dict[str, Any]]:
    return [t for t in entry.values() if isinstance(t, dict)] if isinstance(entry, dict) else []
