"""A deck of slides from one command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands import _changes, _limits, _outputs, _parts
from reports.commands._app import app
from reports.commands._limits import TimeLimit
from reports.commands._options import (
    DEFAULT,
    Changes,
    Draws,
    IndexName,
    Json,
    MapName,
    RegimeName,
    Scenario,
    Seed,
)
from reports.commands._parts import read
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

_FORMATS = ("html", "pptx", "md", "json")


@app.command()
def slides(
    scenario: Scenario = DEFAULT,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help="File to write (.html, .pptx, .md or .json), a folder for slides.html and slides.pptx, or - for standard "
            "output. If left out: slides.html.",
            metavar="FILE|DIR",
        ),
    ] = None,
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    index: IndexName = "",
    change: Changes = None,
    draws: Draws = 2048,
    seed: Seed = 0,
    time_limit: TimeLimit = None,
    form: Annotated[
        str,
        typer.Option(
            "--format", help="Format of -o -: html (if left out), pptx, md or json.", metavar="FORMAT"
        ),
    ] = "",
    as_json: Json = False,
) -> None:
    """Make a deck of figures for one lecture: each slide a computed sentence, a figure, and how it was found.

    The .html turns with the arrow keys, loads nothing from anywhere, and prints one slide a page. The .pptx needs the extra
    slides (pip install 'concert-of-powers[slides]').

    \b
    [bold]Examples[/bold]
      concert slides
      concert slides us-china-russia-2025 --map "Ukraine to Russia" -o lecture.html
      concert slides -o lecture.pptx --draws 0
    """
    from reports import deck

    if output is None and not as_json:
        output = "slides.html"
    _outputs.check(output, form, _FORMATS, deck.check_path)
    with _limits.kept(time_limit), read(scenario, index, change) as (model, source):
        from solvers import compare

        result = compare.concert(model, map=_changes.as_map(map), regime=regime)
        assessment = _parts.assessment(result, draws, seed)
        with terminal.waiting("Drawing"):
            made = deck.build(result, source, assessment)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        for number, section in enumerate(made.sections, start=2):
            console.print(f"{number:>3}  {terminal.plain(section.title)}")

    _outputs.deliver(made, output, as_json, form or "html", show, result.equilibria.complete)
