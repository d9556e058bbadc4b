"""Reports on one deal: the whole one, how sure it is, and what might be agreed on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from reports.commands import _changes, _limits, _outputs, _parts
from reports.commands._app import app
from reports.commands._limits import TimeLimit
from reports.commands._options import (
    DEFAULT,
    ENDINGS,
    Changes,
    Draws,
    Format,
    IndexName,
    Json,
    MapName,
    Output,
    RegimeName,
    Scenario,
    Seed,
)
from reports.commands._parts import export, print_tables, read
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console


@app.command()
def report(
    scenario: Scenario = DEFAULT,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            help=f"File to write: {ENDINGS}; - for standard output. If left out: report.html.",
            metavar="FILE",
        ),
    ] = None,
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    index: IndexName = "",
    change: Changes = None,
    draws: Draws = 2048,
    seed: Seed = 0,
    figures: Annotated[
        Path | None,
        typer.Option(
            "--figures", help="Also write every picture into this folder, as SVG and PNG.", metavar="DIR"
        ),
    ] = None,
    tables: Annotated[
        Path | None,
        typer.Option(
            "--tables",
            help="Also write every table into this folder, as CSV, LaTeX and Excel.",
            metavar="DIR",
        ),
    ] = None,
    time_limit: TimeLimit = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Compare concert, or another regime of restraint, with competition and write the report.

    The file's ending chooses the format: .html (one file that needs nothing else), .pdf (needs the extra pdf), .md, .json.

    \b
    [bold]Examples[/bold]
      concert report
      concert report us-china-russia-2021 -o 2021.html
      concert report --map "Ukraine to Russia" --index CINC -o deal.json
      concert report --map "Taiwan=China by force, Ukraine=neutral"
      concert report --regime G2 -o g2.html
      concert report --set powers.Russia.patience=0.8 --set claims=part
      concert report --figures pictures --tables tables
    """
    if output is None and not as_json:
        output = "report.html"
    _outputs.check(output, form)
    with _limits.kept(time_limit), read(scenario, index, change) as (model, source):
        from reports._build import build
        from solvers import compare

        result = compare.concert(model, map=_changes.as_map(map), regime=regime)
        complete = result.equilibria.complete
        assessment = _parts.assessment(result, draws, seed)
        complete = complete and (assessment is not None or not _parts.wanted(result, draws))
        with terminal.waiting("Writing"):
            made = build(result, source, assessment)
    exported = export(made, figures, tables)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        print_tables(console, made, only_first=True)
        for line in exported:
            console.print(terminal.plain(line))

    _outputs.deliver(made, output, as_json, form, show, complete)


@app.command()
def uncertainty(
    scenario: Scenario = DEFAULT,
    output: Output = None,
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    change: Changes = None,
    draws: Annotated[
        int, typer.Option("--draws", help="How many draws of the assumed numbers.", metavar="N", min=1)
    ] = 2048,
    seed: Seed = 0,
    together: Annotated[
        float,
        typer.Option(
            "--together",
            help="How far numbers of one rule move together, 0 to 1.",
            metavar="SHARE",
            min=0,
            max=1,
        ),
    ] = 0.0,
    observed: Annotated[
        str, typer.Option("--observed", help="Match with this observed profile only.", metavar="NAME")
    ] = "",
    tolerance: Annotated[
        float,
        typer.Option(
            "--tolerance",
            help="Regret allowed in a match, as a share of each power's capability.",
            metavar="SHARE",
            min=0,
        ),
    ] = 0.0,
    time_limit: TimeLimit = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """How sure is the verdict: shares over draws of the assumed numbers, and in worlds that fit what was observed.

    \b
    [bold]Examples[/bold]
      concert uncertainty
      concert uncertainty us-china-russia-2021 --draws 4096 -o sure.html
      concert uncertainty --map "Taiwan to China" --observed "2025: two rivals" --tolerance 0.01
    """
    _outputs.check(output, form)
    with _limits.kept(time_limit), read(scenario, "", change) as (model, source):
        from dataclasses import replace

        from games.errors import ProfileError, did_you_mean
        from reports._build import assessed
        from solvers.uncertainty import assess

        if observed:
            if observed not in model.observed:
                raise ProfileError(
                    f"there is no observed profile {observed!r}{did_you_mean(observed, model.observed)}"
                )
            model = replace(model, observed={observed: model.observed[observed]})
        found = assess(
            model, _changes.as_map(map), regime, draws, seed=seed, together=together, tolerance=tolerance
        )
        made = assessed(found, source)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        print_tables(console, made, only_first=True)

    _outputs.deliver(made, output, as_json, form, show, bool(found.outcomes.complete.all()))


@app.command()
def bargain(
    scenario: Scenario = DEFAULT,
    output: Output = None,
    map: MapName = "status quo",
    without: Annotated[
        str,
        typer.Option(
            "--without",
            "-w",
            help="What happens without an agreement: a regime by name, minmax, or nash:1. If left out: competition, or "
            "where that leaves nothing to bargain over, minmax, then all-out.",
            metavar="NAME",
        ),
    ] = "",
    index: IndexName = "",
    change: Changes = None,
    time_limit: TimeLimit = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Bargain over the map: solutions, stable divisions, and possible swaps.

    The map named by --map is the deal that is shown beside the solutions; every division is bargained over.

    \b
    [bold]Examples[/bold]
      concert bargain
      concert bargain --without all-out
      concert bargain us-china-russia-2021 -o bargain.html
      concert bargain --set powers.Russia.patience=0.9
    """
    _outputs.check(output, form)
    with _limits.kept(time_limit), read(scenario, index, change) as (model, source):
        from reports._build import bargain as compose
        from solvers import compare

        result = compare.concert(model, map=_changes.as_map(map))
        with terminal.waiting("Bargaining"):
            made = compose(result, without, source)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        print_tables(console, made)

    _outputs.deliver(made, output, as_json, form, show, result.equilibria.complete)
