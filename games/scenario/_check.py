"""Every fault of a scenario file, one line each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from games.errors import ConcertError, ScenarioError, did_you_mean

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from games.scenario._schema import ScenarioFile
    from games.spheres import SpheresModel

__all__ = ["model_faults", "schema_faults"]


def schema_faults(tree: Mapping[str, Any]) -> tuple[ScenarioFile | None, list[str]]:
    """The checked file, or None and what is wrong with its shape."""
    from pydantic import ValidationError

    from games.scenario._schema import ScenarioFile

    try:
        file = ScenarioFile.model_validate(dict(tree))
    except ValidationError as error:
        return None, [_one_line(_explain(problem)) for problem in error.errors(include_url=False)]
    lines = [_one_line(line) for line in _across(file)]
    return (None if lines else file), lines


def _across(file: ScenarioFile) -> Iterator[str]:
    """What a schema cannot say, without looking at the world."""
    from games.scenario._numbers import numbers
    from games.spheres.names import check_name

    if file.powers is not None and not 2 <= len(file.powers) <= 8:
        yield f"powers: a scenario has two to eight powers; this one has {len(file.powers)}"
    seen: dict[str, str] = {}
    for name in file.regions:
        try:
            check_name(f"regions.{name}" if name.isprintable() else "regions", name)
        except ScenarioError as error:
            yield str(error)
        key = " ".join(name.casefold().split())
        if key in seen:
            yield f"regions: two regions differ only in capitals or spaces: {seen[key]!r} and {name!r}; names must be distinct"
        seen[key] = name
    for path, number in numbers(file, ["*"]):
        shown = path.removeprefix("powers.*.")
        if number.source is not None and number.source not in file.sources:
            yield f"numbers.{shown}: no source {number.source!r}{did_you_mean(number.source, file.sources)}"
    for key in file.numbers.ties:
        if len({x.strip() for x in key.split("&")}) != 2:
            yield f"numbers.ties.{key}: a tie is named by two powers, as in 'A & B'"


def model_faults(base: SpheresModel, file: ScenarioFile, assemble: Callable[[], object]) -> list[str]:
    """What is wrong between a scenario and its world: each map's entry, regime, profile and number tried alone."""
    lines: list[str] = []

    def attempt(where: str, make: Callable[[], object]) -> None:
        try:
            make()
        except ConcertError as error:
            text = str(error)
            line = _one_line(text if text.startswith(where) else f"{where}: {text}")
            if line not in lines:
                lines.append(line)

    from games.scenario._numbers import as_assumption, numbers
    from games.spheres import Kind, Observed, inputs

    for name, entries in file.maps.items():
        attempt(f"maps.{name}", lambda n=name: replace(base, maps={n: {}}))  # type: ignore[misc]
        for region, holder in entries.items():
            attempt(f"map {name!r}", lambda n=name, r=region, h=holder: replace(base, maps={n: {r: h}}))  # type: ignore[misc]
    for name, groups in file.regimes.items():
        attempt(f"regimes.{name}", lambda n=name, g=groups: replace(base, blocs={n: g}))  # type: ignore[misc]
    for name, seen in file.observed.items():
        for pair in (*seen.rivals, *seen.contests):
            attempt(
                f"observed.{name}",
                lambda n=name, p=pair: replace(base, observed={n: Observed((p,), "source")}),  # type: ignore[misc]
            )
        attempt(f"observed.{name}", lambda n=name: replace(base, observed={n: Observed((), "source")}))  # type: ignore[misc]
    for power, own in file.kinds.items():
        kinds = tuple(Kind(label, k.probability, k.changes, k.discount) for label, k in own.items())
        attempt(f"kinds.{power}", lambda p=power, k=kinds: replace(base, kinds={p: k}))  # type: ignore[misc]
        for kind in kinds:
            attempt(f"kinds.{power}.{kind.label}.changes", lambda k=kind: base.vary(dict(k.changes)))  # type: ignore[misc]
    for path, number in numbers(file, base.players):
        attempt(
            f"numbers.{path}",
            lambda p=path, v=number.value: replace(base, **inputs.assign(base, {p: v}, keep=True)),  # type: ignore[misc]
        )
        if number.tag == "assumed" and not lines:
            attempt(
                f"numbers.{path}",
                lambda p=path, n=number: replace(  # type: ignore[misc]
                    base, assumptions={**base.assumptions, p: as_assumption(p, n, file)}
                ),
            )
    for name in file.on_table:
        attempt("on_table", lambda n=name: replace(base, on_table=(n,)))  # type: ignore[misc]
    if not lines:
        attempt("the scenario", assemble)
        lines = [line.removeprefix("the scenario: ") for line in lines]
    return lines


def _one_line(text: str) -> str:
    """The text with hostile characters spelled out, so that no name breaks the line."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)


def _explain(problem: ErrorDetails) -> str:
    """One problem that the schema found, in one line."""
    location = tuple(problem["loc"])
    where = ".".join(str(part) for part in location)
    kind = problem["type"]
    value = problem["input"]
    if kind == "missing":
        parent = ".".join(str(part) for part in location[:-1])
        return f"{parent or 'the file'} has no {str(location[-1])!r}"
    if kind == "extra_forbidden":
        parent = ".".join(str(part) for part in location[:-1])
        known = did_you_mean(location[-1], _known_keys(location))
        text = f"unknown key {str(location[-1])!r}{known}"
        return f"{parent}: {text}" if parent else text
    if kind == "literal_error":
        text = f"is {value!r}; it must be {problem['ctx']['expected']}"
    elif kind == "model_type":
        text = f"is {value!r}; a table is needed here"
    elif kind == "scenario" or isinstance(value, dict | list):
        text = problem["msg"]
    else:
        text = f"is {value!r}: {problem['msg'][0].lower()}{problem['msg'][1:]}"
    return f"{where}: {text}"


def _known_keys(location: tuple[int | str, ...]) -> list[str]:
    """The keys allowed in the table where an unknown one stands."""
    from games.scenario import _schema as schema
    from games.scenario._patches import NUMBER_KEYS

    top = str(location[0])
    if len(location) == 1:
        return list(schema.ScenarioFile.model_fields)
    if top == "numbers" and len(location) == 2:
        return list(schema.NumbersSchema.model_fields)
    if top == "numbers" and len(location) == 4:
        tables: dict[str, Any] = {
            "powers": schema.PowerNumbers,
            "regions": schema.RegionNumbers,
            "ties": schema.TieNumbers,
        }
        return list(tables[str(location[1])].model_fields) if str(location[1]) in tables else []
    if top == "kinds" and len(location) == 4:
        return list(schema.KindSchema.model_fields)
    tops: dict[str, Any] = {
        "sources": schema.SourceSchema,
        "observed": schema.ObservedSchema,
        "regions": schema.RegionSchema,
        "switches": schema.SwitchesSchema,
    }
    return list(tops[top].model_fields) if top in tops else sorted(NUMBER_KEYS)
