"""Options that several commands share, and what the shell completes."""

from __future__ import annotations

from typing import Annotated

import typer

from games.errors import ConcertError

__all__ = [
    "DEFAULT",
    "ENDINGS",
    "Changes",
    "Draws",
    "Format",
    "IndexName",
    "Json",
    "MapName",
    "Output",
    "RegimeName",
    "Scenario",
    "Seed",
    "map_names",
    "scenario_names",
]

DEFAULT = "us-china-russia-2025"
ENDINGS = ".html, .pdf, .md or .json"


def scenario_names(incomplete: str) -> list[str]:
    from games import scenarios

    return [name for name in scenarios() if name.startswith(incomplete)]


def map_names(ctx: typer.Context, incomplete: str) -> list[str]:
    from games import load

    try:
        maps = load(str(ctx.params.get("scenario") or DEFAULT)).maps
    except ConcertError:
        return []
    return [name for name in maps if name.startswith(incomplete)]


Scenario = Annotated[
    str,
    typer.Argument(
        help="Name of a scenario (see [bold]concert scenarios[/bold]), path of a .toml or .xlsx file, or - for standard input.",
        autocompletion=scenario_names,
    ),
]
MapName = Annotated[
    str,
    typer.Option(
        "--map",
        "-m",
        help="The map of the deal: its name, or what it changes, as in 'Taiwan=China by force, Ukraine=neutral'.",
        metavar="MAP",
        autocompletion=map_names,
    ),
]
IndexName = Annotated[
    str,
    typer.Option(
        "--index", "-i", help="Capability index, by name; the scenario's own if left out.", metavar="NAME"
    ),
]
RegimeName = Annotated[
    str,
    typer.Option(
        "--regime", "-r", help="What the deal asks of the powers: a regime, by name.", metavar="NAME"
    ),
]
Changes = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        "-s",
        help="Change an input: a number (powers.China.patience=0.9), a word (claims=part) or a holder "
        "(regions.Ukraine.holder=Russia by force). May be given again.",
        metavar="PATH=VALUE",
    ),
]
Output = Annotated[
    str | None,
    typer.Option(
        "--output",
        "-o",
        help=f"Also write the answer to a file: {ENDINGS}; - for standard output.",
        metavar="FILE",
    ),
]
Format = Annotated[
    str,
    typer.Option("--format", help="Format of -o -: html, pdf, md (if left out) or json.", metavar="FORMAT"),
]
Json = Annotated[bool, typer.Option("--json", help="Print the answer as JSON and nothing else.")]
Draws = Annotated[
    int,
    typer.Option(
        "--draws",
        help="Draws of the assumed numbers behind the verdict's shares; 0 leaves them out.",
        metavar="N",
        min=0,
    ),
]
Seed = Annotated[int, typer.Option("--seed", help="Seed of the draws.", metavar="N", min=0)]
