"""The command `concert`.

Heavy packages are imported by the command that needs them, so that help comes at once. Bad input ends in one line on
standard error and exit code 2; an interrupt ends in exit code 130.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from games.errors import ConcertError, FormatError, ScenarioError
from reports.writers import terminal

if TYPE_CHECKING:
    from games.spheres import SpheresModel

__all__ = ["app", "main"]

DEFAULT = "us-china-russia-2025"
ENDINGS = ".html, .pdf, .md or .json"


class _Group(TyperGroup):
    """Commands whose errors are told in one line."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ConcertError as error:
            message = " ".join(str(error).split())
            typer.echo(f"concert: {message}", err=True)
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            typer.echo("concert: interrupted", err=True)
            raise typer.Exit(130) from None


app = typer.Typer(
    cls=_Group,
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="""What does each great power get if they collude over spheres of influence rather than compete, would the deal
hold, what breaks it, and who else pays?

\b
[bold]Start here[/bold]
  concert report                            write report.html
  concert scenarios                         list scenarios and their maps
  concert report --map "Ukraine to Russia"  look at another deal
  concert bargain                           what they might agree on
  concert check my.toml                     check a scenario of your own""",
    epilog="Each command has its own help: concert report --help",
)

Scenario = Annotated[
    str,
    typer.Argument(help="Name of a scenario (see [bold]concert scenarios[/bold]) or path of a .toml file."),
]
MapName = Annotated[str, typer.Option("--map", "-m", help="The map of the deal, by name.", metavar="NAME")]
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
        help="Change one number of the scenario, as in powers.China.patience=0.9; may be given again.",
        metavar="PATH=VALUE",
    ),
]


@app.command()
def report(
    scenario: Scenario = DEFAULT,
    output: Annotated[
        Path, typer.Option("--output", "-o", help=f"File to write: {ENDINGS}.", metavar="FILE")
    ] = Path("report.html"),
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    index: IndexName = "",
    change: Changes = None,
) -> None:
    """Compare concert, or another regime of restraint, with competition and write the report.

    The file's ending chooses the format: .html (one file that needs nothing else), .pdf (needs the extra pdf), .md, .json.

    \b
    [bold]Examples[/bold]
      concert report
      concert report great-power-competition-2021 -o 2021.html
      concert report --map "Ukraine to Russia" --index cinc -o deal.json
      concert report --regime G2 -o g2.html
      concert report --set powers.Russia.patience=0.8
      concert report --set "powers.United States.patience=0.9"
    """
    from reports._build import build
    from reports.report import check_path

    check_path(output)
    model = _model(scenario, index, change)
    from solvers import compare

    result = compare.concert(model, map=map, regime=regime)
    with terminal.waiting("Writing"):
        made = build(result)
        path = made.write(output)
    console = terminal.console()
    terminal.print_head(console, made)
    from reports.document import Table as TableBlock

    first = next((b for s in made.sections for b in s.blocks if isinstance(b, TableBlock)), None)
    if first is not None:
        terminal.print_table(console, first)
    console.print(f"Report written to [bold]{terminal.plain(str(path))}[/bold]")


@app.command()
def bargain(
    scenario: Scenario = DEFAULT,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", help=f"Also write a report of this: {ENDINGS}.", metavar="FILE"),
    ] = None,
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
) -> None:
    """Bargain over the map: what solutions would choose, which divisions nobody would leave, who could swap what.

    The map named by --map is the deal that is shown beside the solutions; what is bargained over is every division.

    \b
    [bold]Examples[/bold]
      concert bargain
      concert bargain --without all-out
      concert bargain great-power-competition-2021 -o bargain.html
      concert bargain --set powers.Russia.patience=0.9
    """
    from reports.document import Table as TableBlock
    from reports.report import check_path

    if output is not None:
        check_path(output)
    model = _model(scenario, index, change)
    from reports import _build as comparison
    from solvers import compare

    result = compare.concert(model, map=map)
    with terminal.waiting("Bargaining"):
        made = comparison.bargain(result, without)
        if output is not None:
            made.write(output)
    console = terminal.console()
    terminal.print_head(console, made)
    for section in made.sections:
        for block in section.blocks:
            if isinstance(block, TableBlock):
                terminal.print_table(console, block)
    if output is not None:
        console.print(f"Report written to [bold]{terminal.plain(str(output))}[/bold]")


@app.command()
def scenarios() -> None:
    """List the scenarios that come with the package, and their maps and indices."""
    from games import load
    from games import scenarios as shipped

    console = terminal.console()
    for name, title in shipped().items():
        model = load(name)
        console.print(f"[bold]{terminal.plain(name)}[/bold]  {terminal.plain(title)}")
        console.print(f"  powers   {terminal.plain(', '.join(model.players))}")
        console.print(f"  regions  {terminal.plain(', '.join(model.region_names))}")
        console.print(f"  maps     {terminal.plain('; '.join(model.maps))}")
        console.print(
            f"  indices  {terminal.plain(', '.join(model.indices))} (in use: {terminal.plain(model.index)})\n"
        )


@app.command()
def check(
    file: Annotated[str, typer.Argument(help="Scenario file (.toml), or the name of a scenario.")],
) -> None:
    """Check a scenario file: say what is wrong with it, or what is in it.

    \b
    [bold]Example[/bold] of a file that changes two numbers of another scenario:
      version = 1
      base = "us-china-russia-2025"
      parameters.half_distance.value = 3000
      powers.Russia.patience.value = 0.9
    """
    model = _load(file)
    inputs = model.inputs()
    console = terminal.console()
    tags = inputs["tag"].value_counts()
    counts = ", ".join(f"{int(tags.get(tag, 0))} {tag}" for tag in ("observed", "derived", "assumed"))
    console.print(f"[bold]{terminal.plain(file)}[/bold] is a sound scenario: {terminal.plain(model.title)}")
    console.print(f"  {len(model.players)} powers    {terminal.plain(', '.join(model.players))}")
    console.print(f"  {len(model.regions)} regions   {terminal.plain(', '.join(model.region_names))}")
    console.print(f"  {len(model.maps)} maps      {terminal.plain('; '.join(model.maps))}")
    console.print(f"  {len(inputs)} numbers  {counts} ({model.assumed_share:.0%} assumed)")


@app.command()
def solve(
    game: Annotated[
        Path, typer.Argument(help="A game in normal form: .nfg, .json, .csv or .xlsx.", metavar="GAME")
    ],
) -> None:
    """Find every Nash equilibrium of a game, and say whether the search was complete.

    \b
    [bold]Examples[/bold]
      concert solve chicken.nfg
      concert solve payoffs.csv
    """
    from games import NormalFormGame
    from reports import tables
    from solvers import nash

    if not game.exists():
        raise FormatError(f"there is no file {game}")
    if game.is_dir():
        raise FormatError(f"{game} is a folder; name a game file")
    read = NormalFormGame.read(game)
    with terminal.waiting("Solving"):
        found = nash.find_all(read)
    console = terminal.console()
    if len(found):
        terminal.print_table(
            console, tables.from_frame(found.to_frame(), f"Nash equilibria of {read.title or game.name}", 4)
        )
    console.print(terminal.plain(found.summary()))


@app.command()
def compare(
    first: Annotated[str, typer.Argument(help="A scenario, by name or path.", metavar="A")],
    second: Annotated[str, typer.Argument(help="Another scenario, by name or path.", metavar="B")],
    map: MapName = "status quo",
    index: IndexName = "",
    change: Changes = None,
) -> None:
    """Set two scenarios side by side: premium, critical discount, slack and verdict of each.

    \b
    [bold]Example[/bold]
      concert compare us-china-russia-2025 great-power-competition-2021
    """
    from reports import side_by_side
    from solvers import compare as solver

    models = [_model(name, index, change) for name in (first, second)]
    results = [solver.concert(model, map=map) for model in models]
    console = terminal.console()
    terminal.print_table(console, side_by_side.table(results))
    for result in results:
        console.print(f"[bold]{terminal.plain(result.model.name)}[/bold]")
        terminal.print_verdict(console, result.verdict)


def main() -> None:
    """Run the command line."""
    # The matrices here are small: threads that wait for each other cost more time than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is made while libraries are imported stays: looking for garbage among it takes a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    try:
        app()
    except KeyboardInterrupt:
        sys.exit(130)
    finally:
        # As Python ends it would look through all of it once more, although everything goes anyway.
        gc.freeze()


# ---------------------------------------------------------------------- parts


def _model(scenario: str, index: str, changes: list[str] | None) -> SpheresModel:
    model = _load(scenario)
    if changes:
        model = model.vary(_numbers(changes))
    return model.with_index(index) if index else model


def _load(scenario: str) -> SpheresModel:
    from games import load

    return load(scenario)


def _numbers(changes: list[str]) -> dict[str, float]:
    """Read `PATH=VALUE` pairs."""
    out = {}
    for change in changes:
        path, equals, value = change.rpartition("=")
        if not equals or not path.strip():
            raise ScenarioError(
                f"--set {change}: write a path, an equals sign and a number, as in parameters.friction=2"
            )
        try:
            out[path.strip()] = float(value)
        except ValueError:
            raise ScenarioError(f"--set {change}: {value!r} is not a number") from None
    return out
