"""Scenarios: those that are shipped, a new one, and what is wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from games.errors import FormatError
from games.words import counted
from reports.commands import _outputs
from reports.commands._app import app
from reports.commands._options import (
    DEFAULT,
    Changes,
    Format,
    IndexName,
    Json,
    Output,
    Scenario,
)
from reports.commands._parts import read, source_of
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

_File = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        help="File to write: .toml, .xlsx or .json; - for standard output.",
        metavar="FILE",
    ),
]
_AsJson = Annotated[bool, typer.Option("--json", help="Print the scenario as JSON instead.")]


@app.command()
def scenarios(output: Output = None, form: Format = "", as_json: Json = False) -> None:
    """List the scenarios that come with the package, and their maps and indices."""
    from games import load
    from games import scenarios as shipped
    from reports.document import Column, Section, Table
    from reports.report import Report

    _outputs.check(output, form)
    entries = []
    for name, title in shipped().items():
        model = load(name)
        entries.append(
            (
                name,
                title,
                ", ".join(model.players),
                ", ".join(model.region_names),
                "; ".join(model.maps),
                f"{', '.join(model.indices)} (in use: {model.index})",
            )
        )
    names = ("scenario", "title", "powers", "regions", "maps", "indices")
    table = Table("Scenarios", tuple(Column(name) for name in names), tuple(entries))
    made = Report("Scenarios", "", (), (Section("Scenarios", "", (table,)),), source_of(None))

    def show(console: Console) -> None:
        for name, title, *rest in entries:
            console.print(f"[bold]{terminal.plain(name)}[/bold]  {terminal.plain(title)}")
            for label, words in zip(names[2:], rest):
                console.print(f"  {label:<8} {terminal.plain(words)}")
            console.print()

    _outputs.deliver(made, output, as_json, form, show)


@app.command()
def new(
    name: Annotated[str, typer.Argument(help="Name of the new scenario.")],
    powers: Annotated[
        list[str] | None,
        typer.Option("--power", "-p", help="A power; give the option once for each.", metavar="NAME"),
    ] = None,
    year: Annotated[int, typer.Option("--year", "-y", help="The year.")] = 2021,
    apart: Annotated[
        list[str] | None,
        typer.Option(
            "--keep-apart",
            "-k",
            help="A state that is a region of its own; may be given again.",
            metavar="STATE",
        ),
    ] = None,
    output: _File = _outputs.STDOUT,
    excel: Annotated[
        bool, typer.Option("--excel", help="Write an Excel workbook, NAME.xlsx unless -o says otherwise.")
    ] = False,
    as_json: _AsJson = False,
) -> None:
    """Write a complete, commented scenario, made by rule, as a start for your own.

    \b
    [bold]Examples[/bold]
      concert new mine -o mine.toml
      concert new mine --excel
      concert new quad -p "United States" -p China -p Russia -p India --year 2021 -o quad.toml
    """
    from games import scenario as library

    if excel and output == _outputs.STDOUT:
        output = f"{name}.xlsx"
    if excel and not output.endswith(".xlsx"):
        raise FormatError(f"--excel writes a workbook; {output} does not end in .xlsx")
    how = {"powers": powers or None, "year": year, "keep_apart": tuple(apart or ())}
    _check_ending(output)
    if output.endswith(".xlsx"):
        _put(output, library.new_workbook(name, **how), "Scenario")  # type: ignore[arg-type]
        return
    text = library.new(name, **how)  # type: ignore[arg-type]
    if as_json or output.endswith(".json"):
        import tomllib

        text = _as_json(tomllib.loads(text))
    _put(output, text.encode(), "Scenario")


@app.command()
def write(
    scenario: Scenario = DEFAULT,
    output: _File = _outputs.STDOUT,
    index: IndexName = "",
    change: Changes = None,
    as_json: _AsJson = False,
) -> None:
    """Write a scenario, with changes if you like, as a file of its own: TOML, or one Excel workbook.

    \b
    [bold]Examples[/bold]
      concert write us-china-russia-2025 -o mine.xlsx
      concert write us-china-russia-2025 --set friction=0.1 -o mine.toml
      concert write mine.xlsx -o mine.toml
    """
    from games.codecs import scenario_book
    from games.spheres.write import dump, tree_of

    _check_ending(output)
    with read(scenario, index, change) as (model, _):
        tree = tree_of(model)
    if output.endswith(".xlsx"):
        content = scenario_book.to_bytes(tree, output)
    else:
        content = (_as_json(tree) if as_json or output.endswith(".json") else dump(tree)).encode()
    _put(output, content, "Scenario")


def _check_ending(output: str) -> None:
    if output != _outputs.STDOUT and not output.endswith((".toml", ".xlsx", ".json")):
        raise FormatError(f"cannot write {output}: a scenario file ends in .toml or .xlsx")


def _as_json(tree: Mapping[str, Any]) -> str:
    import json

    return json.dumps(tree, ensure_ascii=False, indent=1) + "\n"


def _put(output: str, content: bytes, what: str) -> None:
    from games import files

    if output == _outputs.STDOUT:
        typer.echo(content.decode(), nl=False)
        return
    files.write(Path(output), content)
    typer.echo(f"{what} written to {output}", err=True)


@app.command()
def check(
    file: Annotated[
        str,
        typer.Argument(
            help="Scenario file (.toml or .xlsx), the name of a scenario, or - for standard input."
        ),
    ],
    everything: Annotated[
        bool, typer.Option("--all", help="List every mistake, not only the first.")
    ] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of scenario files, for editors, and stop.")
    ] = False,
    output: Output = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Check a scenario file: say what is wrong with it, or what is in it.

    \b
    [bold]Example[/bold] of a file that changes two numbers of another scenario:
      version = 2
      base = "us-china-russia-2025"
      numbers.half_distance = 3000
      numbers.powers.Russia.patience = 0.9
    """
    from games import scenario as library

    _outputs.check(output, form)
    if schema:
        import json

        typer.echo(json.dumps(library.json_schema(), ensure_ascii=False, indent=1))
        return
    with _outputs.from_stdin(file, _outputs.scenario_ending) as path:
        where = str(path) if file == _outputs.STDIN else file
        if everything:
            faults = [
                fault.replace(str(path), "standard input") if file == _outputs.STDIN else fault
                for fault in library.faults(where)
            ]
            for fault in faults:
                _outputs.warn(fault)
            if faults:
                raise typer.Exit(2)
        with read(where, "", None) as (model, source):
            pass
    from games.spheres import inputs
    from reports.document import Cell, Column, Section, Table
    from reports.report import Report

    tags = inputs.tags(model)
    counts = ", ".join(f"{tags[tag]} {tag}" for tag in ("observed", "derived", "assumed"))
    total = tags.total()
    rows: tuple[tuple[Cell, ...], ...] = (
        ("powers", len(model.players), ", ".join(model.players)),
        ("regions", len(model.regions), ", ".join(model.region_names)),
        ("maps", len(model.maps), "; ".join(model.maps)),
        ("inputs", total, f"{counts} ({model.assumed_share:.0%} assumed)"),
    )
    shown = "standard input" if file == _outputs.STDIN else file
    table = Table("What is in it", (Column("what"), Column("number", "number", 0), Column("which")), rows)
    made = Report(f"{shown} is valid", model.title, (), (Section("What is in it", "", (table,)),), source)

    def show(console: Console) -> None:
        console.print(f"[bold]{terminal.plain(shown)}[/bold] is valid: {terminal.plain(model.title)}")
        for what, number, which in rows:
            console.print(
                f"  {counted(int(str(number)), str(what).removesuffix('s')):<12} {terminal.plain(str(which))}"
            )

    _outputs.deliver(made, output, as_json, form, show)
