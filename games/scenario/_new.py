"""A complete scenario file as a start for one's own: what the rules give stands in it as comments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from games.spheres.names import check_name
from games.spheres.write import dump

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["new", "new_workbook"]


def new(
    name: str,
    powers: Sequence[str] | None = None,
    year: int = 2021,
    *,
    keep_apart: Sequence[str] = (),
    data: str | Path | None = None,
) -> str:
    """The text of a scenario file for a year and powers; `games.load` reads it as it stands.

    Comments list the regions that the rules make, who leads them and who disputes them, and every assumed number with its range.
    Take the `#` away and change what should differ. Raises ScenarioError as `games.world.build` does.

    >>> text = new("my-scenario", ["United States", "China", "Japan"], 2021, keep_apart=["Taiwan"])
    >>> text.splitlines()[2:4]
    ['version = 2', 'name = "my-scenario"']
    """
    model, top = _made(name, powers, year, keep_apart, data)
    first, second = model.players[:2]
    lines = [
        f"# A scenario made by rule. {model.description}",
        "# Lines that begin with # are comments; take the # away to use them. docs/scenarios.md describes every key.",
        dump(top).rstrip(),
        "",
        *_regions(model),
        "",
        *_maps(model),
        "",
        "# Blocs: powers of one bloc accommodate each other and contest the rest. The concert and all-out contest need no entry.",
        "[regimes]",
        f"# {dump({'against ' + second: [[p for p in model.players if p != second], [second]]}).strip()}",
        "",
        "# Stances that were seen, with their source.",
        *_observed(model),
        f'# [observed."my reading"]\n# rivals = [["{first}", "{second}"]]\n# source = "who says so"',
        "",
        *_numbers(model),
    ]
    return "\n".join(lines).rstrip() + "\n"


def new_workbook(
    name: str,
    powers: Sequence[str] | None = None,
    year: int = 2021,
    *,
    keep_apart: Sequence[str] = (),
    data: str | Path | None = None,
) -> bytes:
    """The same as an Excel workbook; what the rules give stands in rows behind a `#`.

    >>> new_workbook("mine", ["United States", "China"])[:2]
    b'PK'
    """
    from games.codecs import scenario_book

    model, top = _made(name, powers, year, keep_apart, data)
    free = [r for r in model.regions if r.piece is None]
    example = next((r for r in free if r.disputants), free[0] if free else None)
    hints: dict[str, list[list[object]]] = {
        "Regions": [
            [r.name, "; ".join(m.name for m in r.members), f"led by {r.lead}" if r.lead else "nobody's"]
            for r in free
            if r.name not in keep_apart
        ],
        "Deals": []
        if example is None
        else [[f"{example.name} to {model.players[-1]}", example.name, model.players[-1]]],
        "Observed": [
            [label, "contests", first, second, seen.source]
            for label, seen in model.observed.items()
            for first, second in seen.contests
        ],
        "Numbers": [
            [path, float(f"{a.value:.4g}"), "assumed", a.low, a.high, a.law, None, None, a.reason]
            for path, a in model.assumptions.items()
        ],
    }
    return scenario_book.to_bytes(top, f"{name}.xlsx", hints)


def _made(
    name: str, powers: Sequence[str] | None, year: int, keep_apart: Sequence[str], data: str | Path | None
) -> tuple[SpheresModel, dict[str, object]]:
    """The world of a new scenario, and the plain keys of its file."""
    from games import world

    check_name("name", name)
    model = world.build(year, powers, keep_apart, data)
    top: dict[str, object] = {
        "version": 2,
        "name": name,
        "title": f"{', '.join(model.players)}, {year}",
        "description": "Say here what the scenario is about.",
        "year": year,
        "powers": list(model.players),
    }
    if data is not None:
        top["data"] = str(Path(data).resolve())
    if keep_apart:
        top["on_table"] = list(keep_apart)
        top["regions"] = {region: region for region in keep_apart}
    return model, top


def _comment(text: str) -> str:
    """A text inside a comment: one line, whatever it holds."""
    return " ".join(text.split())


def _regions(model: SpheresModel) -> list[str]:
    lines = [
        '# Regions that the rules make. To keep some apart, name them in [regions], as in Baltics = ["Estonia", "Latvia"].'
    ]
    for region in model.regions:
        lead = f"led by {region.lead}" if region.lead else "nobody's"
        if region.forced:
            lead += " by force"
        disputed = region.piece.claimant if region.piece else ", ".join(sorted(region.disputants))
        states = "" if len(region.members) < 2 else f" ({', '.join(m.name for m in region.members)})"
        quarrel = f"; disputed by {disputed}" if disputed else ""
        lines.append(_comment(f"# - {region.name}{states}: {lead}{quarrel}"))
    return lines


def _maps(model: SpheresModel) -> list[str]:
    lines = [
        "# Maps of deals: what changes against the status quo. What changes hands is held by force, unless the entry says",
        '# "by consent"; "neutral" makes a buffer.',
        "[maps]",
    ]
    free = [r for r in model.regions if r.piece is None]
    example = next((r for r in free if r.disputants), free[0] if free else None)
    if example is not None:
        taker = next(iter(sorted(example.disputants)), model.players[-1])
        for title, holder in ((f"{example.name} to {taker}", taker), (f"{example.name} neutral", "neutral")):
            lines.append("# " + dump({"maps": {title: {example.name: holder}}}).strip().replace("\n", "\n# "))
    return lines


def _observed(model: SpheresModel) -> list[str]:
    return [
        _comment(
            f"# - By rule: {name!r}: {'; '.join(f'{a} contests {b}' for a, b in seen.contests)} ({seen.source})"
        )
        for name, seen in model.observed.items()
    ]


def _numbers(model: SpheresModel) -> list[str]:
    lines = ["# Assumed numbers and their ranges; these are the defaults.", "# [numbers]"]
    tables: dict[str, list[str]] = {}
    for path, a in model.assumptions.items():
        entry = {
            "value": float(f"{a.value:.4g}"),
            "tag": "assumed",
            "low": a.low,
            "high": a.high,
            "reason": a.reason,
            "law": a.law,
        }
        kind, _, rest = path.partition(".")
        owner, _, key = rest.rpartition(".")
        text = dump({key or kind: entry}).strip()
        note = f"   # {a.meaning}" if a.meaning else ""
        if rest:
            header = dump({"numbers": {kind: {owner: {}}}}).strip()
            tables.setdefault(header, []).append(f"# {text}{note}")
        else:
            lines.append(f"# {text}{note}")
    for header, rows in tables.items():
        lines += [f"# {header}", *rows]
    return lines
