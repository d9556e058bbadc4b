"""What the controls of the explorer offer for a model, as plain data: sliders, switches, and presets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from games.spheres import SpheresModel
from games.spheres.inputs import OFF
from games.spheres.parameters import SWITCHES

__all__ = ["INDEX", "beyond", "label", "numbers", "presets", "switches"]

INDEX = "index"
"""The switch that is not one of `SWITCHES`: a model under another capability index is another model."""

_TERMS = {
    "order": "Gain from joint order, as a yearly share of capability",
    "upkeep": "Cost of accommodating all rivals, as a yearly share of capability",
    "friction": "Loss from ideological distance, points a unit",
}
"""The terms that worlds made by rule leave out."""

_LEVELS = {("left_out", ""): "none", (INDEX, "mix"): "mix of both"}


def numbers(model: SpheresModel, paths: Iterable[str]) -> list[dict[str, Any]]:
    """A slider for each assumed number, over its stated range; then the terms of `OFF`, with a box alone if they are off."""
    found: list[dict[str, Any]] = []
    for path in dict.fromkeys([*paths, *OFF]):
        a = model.assumptions.get(path)
        value = a.value if a else float(getattr(model.parameters, path))
        found.append(
            {
                "path": path,
                "label": label(model, path),
                "value": value,
                "low": a.low if a else None,
                "high": a.high if a else None,
                "law": a.law if a else "",
            }
        )
    return found


def switches(model: SpheresModel) -> list[dict[str, Any]]:
    """Every choice of structure: its levels in order, or the range of one that is a number."""
    found: list[dict[str, Any]] = [
        {
            "name": INDEX,
            "label": "Capability index",
            "meaning": "What capability is measured by: the composite index of national capability, GDP, or a mix of both.",
            "value": model.index,
            "levels": _levels(INDEX, model.indices),
        }
    ]
    for name, switch in SWITCHES.items():
        value = getattr(model.parameters, name)
        entry = {
            "name": name,
            "label": label(model, name),
            "meaning": switch.meaning,
            "value": value,
        }
        if switch.levels is None:
            entry |= {"low": switch.low, "high": switch.high, "law": "log-uniform"}
        else:
            levels = switch.levels or ("", *model.region_names)
            entry["levels"] = _levels(name, levels if value in levels else (*levels, value))
        found.append(entry)
    return found


def presets(model: SpheresModel) -> list[dict[str, Any]]:
    """The structural variants that every report shows, as the switches that they set."""
    found = []
    for title, variant in model.variants(regions=False).items():
        own = {name: getattr(variant.parameters, name) for name in SWITCHES}
        found.append(
            {
                "title": "the scenario's own" if title == "main" else title,
                "switches": {
                    name: own[name] for name in SWITCHES if own[name] != getattr(model.parameters, name)
                },
            }
        )
    return found


def beyond(model: SpheresModel, chosen: Mapping[str, float | str]) -> dict[str, tuple[float, float]]:
    """The stated range of each chosen number or switch that lies outside it; a term that is off states none."""
    ranges = {path: (a.low, a.high) for path, a in model.assumptions.items()}
    ranges |= {name: (s.low, s.high) for name, s in SWITCHES.items() if s.levels is None}
    return {
        path: ranges[path]
        for path, value in chosen.items()
        if path in ranges and not ranges[path][0] <= float(value) <= ranges[path][1]
    }


def _levels(name: str, levels: Iterable[float | str]) -> list[dict[str, Any]]:
    return [
        {
            "value": level,
            "label": _LEVELS.get((name, str(level)), f"{level:g}" if isinstance(level, float) else level),
        }
        for level in levels
    ]


def label(model: SpheresModel, path: str) -> str:
    """What a control is called: the number's meaning, with the power or region that it belongs to, or the switch's name."""
    if path in SWITCHES:
        return path.replace("_", " ").capitalize()
    kind, _, rest = path.partition(".")
    name, _, key = rest.rpartition(".")
    if path in _TERMS:
        return _TERMS[path]
    meaning = model.assumptions[path].meaning or (key or kind).replace("_", " ")
    return f"{name}: {meaning}" if rest else meaning[:1].upper() + meaning[1:]
