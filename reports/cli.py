"""The command `concert`.

Heavy packages are imported by the command that needs them, so that help comes at once. Exit status: 0 for an answer, 1 for an
answer from which something is missing (the output says what), 2 for bad input (one line on standard error, nothing is
written), 130 for an interrupt (Ctrl-C), 143 for SIGTERM.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from games.errors import ConcertError, FormatError
from games.words import counted
from reports import _changes, _interrupt, _outputs
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from games import NormalFormGame
    from games.spheres import SpheresModel
    from reports.document import Document, Provenance, Table
    from solvers.compare import Comparison
    from solvers.equilibrium.results import Component
    from solvers.uncertainty import Assessment

__all__ = ["app", "main"]

DEFAULT = "us-china-russia-2025"
ENDINGS = ".html, .pdf, .md or .json"


_called: list[str] = []


class _Group(TyperGroup):
    """Commands whose errors are told in one line, and which remember the words that they were called with."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        _called[:] = args
        return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except ConcertError as error:
            _outputs.warn(str(error))
            raise typer.Exit(2) from None
        except KeyboardInterrupt:
            _outputs.warn("interrupted")
            raise typer.Exit(_interrupt.status()) from None


app = typer.Typer(
    cls=_Group,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog="Each command has its own help: concert report --help. Exit status: 0 done; 1 done, but something is missing and the "
    "output says what; 2 bad input, nothing written; 130 interrupted, 143 by SIGTERM.",
)


def _version(wanted: bool) -> None:
    if wanted:
        from reports import provenance

        typer.echo(f"concert-of-powers {provenance.version()}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    ctx: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """What does each great power get if they collude over spheres of influence rather than compete, would the deal
    hold, what breaks it, and who else pays?

    \b
    [bold]Start here[/bold]
      concert report                            write report.html
      concert scenarios                         list scenarios and their maps
      concert report --map "Ukraine to Russia"  examine another deal
      concert bargain                           what they might agree on
      concert new mine > mine.toml              start a scenario of your own
      concert check mine.toml                   check it
    """
    if ctx.invoked_subcommand is None:
        print(ctx.get_help())
        raise typer.Exit


def _scenario_names(incomplete: str) -> list[str]:
    from games import scenarios

    return [name for name in scenarios() if name.startswith(incomplete)]


def _map_names(ctx: typer.Context, incomplete: str) -> list[str]:
    from games import load

    try:
        maps = load(str(ctx.params.get("scenario") or DEFAULT)).maps
    except ConcertError:
        return []
    return [name for name in maps if name.startswith(incomplete)]


Scenario = Annotated[
    str,
    typer.Argument(
        help="Name of a scenario (see [bold]concert scenarios[/bold]), path of a .toml file, or - for standard input.",
        autocompletion=_scenario_names,
    ),
]
MapName = Annotated[
    str,
    typer.Option(
        "--map",
        "-m",
        help="The map of the deal: its name, or what it changes, as in 'Taiwan=China by force, Ukraine=neutral'.",
        metavar="MAP",
        autocompletion=_map_names,
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
    draws: Annotated[
        int,
        typer.Option(
            "--draws",
            help="Draws of the assumed numbers behind the verdict's shares; 0 leaves them out.",
            metavar="N",
            min=0,
        ),
    ] = 2048,
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.", metavar="N", min=0)] = 0,
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
    with _read(scenario, index, change) as (model, source):
        from reports._build import build
        from solvers import compare

        result = compare.concert(model, map=_changes.as_map(map), regime=regime)
        assessment = _assessment(result, draws, seed)
        with terminal.waiting("Writing"):
            made = build(result, source, assessment)
            exported = _export(made, figures, tables)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        _print_tables(console, made, only_first=True)
        for line in exported:
            console.print(terminal.plain(line))

    _outputs.deliver(made, output, as_json, form, show, result.equilibria.complete)


def _assessment(result: Comparison, draws: int, seed: int) -> Assessment | None:
    """The deal over many draws; None where none are wanted or the game is too large for them."""
    from solvers import uncertainty

    if draws == 0 or len(result.players) > 4:
        return None
    return uncertainty.assess(result.model, result.map, result.regime, draws, seed=seed)


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
    seed: Annotated[int, typer.Option("--seed", help="Seed of the draws.", metavar="N", min=0)] = 0,
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
    with _read(scenario, "", change) as (model, source):
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
        _print_tables(console, made, only_first=True)

    _outputs.deliver(made, output, as_json, form, show, bool(found.outcomes.complete.all()))


def _export(made: Document, figures: Path | None, tables: Path | None) -> list[str]:
    """Write pictures and tables into their folders, and say what was written."""
    from reports import export

    lines = []
    if figures is not None:
        written, failures = export.write_figures(made, figures)
        for failure in failures:
            _outputs.warn(failure)
        lines.append(f"{counted(len(written), 'file')} of pictures written to {figures}")
    if tables is not None:
        lines.append(f"{len(export.write_tables(made, tables))} files of tables written to {tables}")
    return lines


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
    with _read(scenario, index, change) as (model, source):
        from reports._build import bargain as compose
        from solvers import compare

        result = compare.concert(model, map=_changes.as_map(map))
        with terminal.waiting("Bargaining"):
            made = compose(result, without, source)

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        _print_tables(console, made)

    _outputs.deliver(made, output, as_json, form, show, result.equilibria.complete)


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
    made = Report("Scenarios", "", (), (Section("Scenarios", "", (table,)),), _source(None))

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
    output: Annotated[
        str,
        typer.Option("--output", "-o", help="File to write: .toml; - for standard output.", metavar="FILE"),
    ] = _outputs.STDOUT,
    as_json: Annotated[bool, typer.Option("--json", help="Print the scenario as JSON instead.")] = False,
) -> None:
    """Write a complete, commented scenario, made by rule, as a start for your own.

    \b
    [bold]Examples[/bold]
      concert new mine -o mine.toml
      concert new quad -p "United States" -p China -p Russia -p India --year 2021 -o quad.toml
    """
    from games import files
    from games import scenario as library

    text = library.new(name, powers or None, year, keep_apart=tuple(apart or ()))
    if as_json:
        import json
        import tomllib

        text = json.dumps(tomllib.loads(text), ensure_ascii=False, indent=1) + "\n"
    if output == _outputs.STDOUT:
        typer.echo(text, nl=False)
        return
    if not output.endswith((".toml", ".json")):
        raise FormatError(f"cannot write {output}: a scenario file ends in .toml")
    files.write(Path(output), text.encode())
    typer.echo(f"Scenario written to {output}", err=True)


@app.command()
def check(
    file: Annotated[
        str, typer.Argument(help="Scenario file (.toml), the name of a scenario, or - for standard input.")
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
    with _outputs.from_stdin(file, lambda _: ".toml") as path:
        where = str(path) if file == _outputs.STDIN else file
        if everything:
            faults = [
                fault.replace(str(path), "standard input") if file == "-" else fault
                for fault in library.faults(where)
            ]
            for fault in faults:
                _outputs.warn(fault)
            if faults:
                raise typer.Exit(2)
        with _read(where, "", None) as (model, source):
            pass
    from reports.document import Cell, Column, Section, Table
    from reports.report import Report

    tags = model.inputs()["tag"].value_counts()
    counts = ", ".join(f"{int(tags.get(tag, 0))} {tag}" for tag in ("observed", "derived", "assumed"))
    total = int(tags.sum())
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
            console.print(f"  {_counted(int(str(number)), str(what)):<12} {terminal.plain(str(which))}")

    _outputs.deliver(made, output, as_json, form, show)


def _counted(number: int, what: str) -> str:
    """A number of things.

    >>> _counted(1, "regions"), _counted(2, "regions")
    ('1 region', '2 regions')
    """
    return f"{number} {what.removesuffix('s') if number == 1 else what}"


@app.command()
def solve(
    game: Annotated[
        str,
        typer.Argument(
            help="A game in normal form: .nfg, .json, .csv or .xlsx; - for standard input.", metavar="GAME"
        ),
    ],
    time_limit: Annotated[
        float | None,
        typer.Option("--time-limit", "-t", help="Stop the search after so many seconds.", metavar="SECONDS"),
    ] = None,
    output: Output = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Find every Nash equilibrium of a game, and say whether the search was complete (exit status 1 if not).

    Connected sets of equilibria are listed with their extreme points.

    \b
    [bold]Examples[/bold]
      concert solve chicken.nfg
      concert solve payoffs.csv --json
      cat chicken.nfg | concert solve -
    """
    _outputs.check(output, form)
    if game != _outputs.STDIN:
        if not Path(game).exists():
            raise FormatError(f"there is no file {game}")
        if Path(game).is_dir():
            raise FormatError(f"{game} is a folder; name a game file")
    from games import NormalFormGame
    from reports import tables
    from reports.document import Section
    from reports.report import Report
    from solvers import nash

    with _outputs.from_stdin(game, _ending) as path:
        read = NormalFormGame.read(path)
        content = path.read_bytes()
    with terminal.waiting("Solving"):
        found = nash.find_all(read, time_limit=time_limit)
    name = read.title or ("standard input" if game == _outputs.STDIN else Path(game).name)
    blocks = []
    if len(found):
        blocks.append(tables.from_frame(found.to_frame(), f"Nash equilibria of {name}", 4))
    for number, component in enumerate(found.components, start=1):
        blocks.append(_component(read, component, number))
    summary = found.summary()
    made = Report(
        f"Nash equilibria of {name}",
        "",
        (summary,),
        (Section("Equilibria", "", tuple(blocks)),),
        _source(None, scenario=name, content=content),
    )

    def show(console: Console) -> None:
        for block in blocks:
            terminal.print_table(console, block)
        console.print(terminal.plain(summary))

    _outputs.deliver(made, output, as_json, form, show, found.complete)


def _component(game: NormalFormGame, component: Component, number: int) -> Table:
    """A connected set of equilibria by the members that are known."""
    from reports.document import Cell, Column, Table

    rows: list[tuple[Cell, ...]] = []
    for profile in component.vertices:
        mixed = (
            ", ".join(
                f"{label} {w:.4g}" if w < 1 else label for label, w in zip(labels, weights.tolist()) if w > 0
            )
            for labels, weights in zip(game.actions, profile)
        )
        rows.append((*mixed, *(float(x) for x in game.expected(profile))))
    kind = "all its extreme points" if component.exact_extreme else "some of its points"
    return Table(
        f"Connected set {number} of equilibria: {kind}",
        (
            *(Column(player) for player in game.players),
            *(Column(f"payoff of {player}", "number", 4) for player in game.players),
        ),
        tuple(rows),
    )


def _ending(content: bytes) -> str:
    """What kind of game file this is, by how it begins."""
    head = content.lstrip()
    if head.startswith(b"PK"):
        return ".xlsx"
    if head.startswith(b"NFG"):
        return ".nfg"
    return ".json" if head.startswith((b"{", b"[")) else ".csv"


@app.command()
def compare(
    scenarios: Annotated[
        list[str],
        typer.Argument(
            help="Scenarios, by name or path; a map may follow after a colon, as in 'us-china-russia-2025:Byers swap'.",
            metavar="A B ...",
            autocompletion=_scenario_names,
        ),
    ],
    map: MapName = "status quo",
    regime: RegimeName = "concert",
    index: IndexName = "",
    change: Changes = None,
    output: Output = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Set scenarios side by side: what differs in the inputs, what changes in the results, and each one's numbers.

    \b
    [bold]Examples[/bold]
      concert compare us-china-russia-2017 us-china-russia-2021 us-china-russia-2025
      concert compare us-china-russia-2025 "us-china-russia-2025:Byers swap" -o maps.html
    """
    _outputs.check(output, form)
    from reports import side_by_side
    from solvers import compare as solver

    results = []
    for entry in scenarios:
        name, colon, where = entry.rpartition(":")
        if not colon or entry.endswith(".toml"):
            name, where = entry, map
        with _read(name, index, change) as (model, _):
            results.append(solver.concert(model, map=_changes.as_map(where), regime=regime))
    made = side_by_side.report(results, _source(None))

    def show(console: Console) -> None:
        terminal.print_head(console, made)
        _print_tables(console, made)
        for result in results:
            console.print(
                f"[bold]{terminal.plain(result.model.name)}: {terminal.plain(result.map_name)}[/bold]"
            )
            terminal.print_verdict(console, result.verdict)

    _outputs.deliver(made, output, as_json, form, show, all(r.equilibria.complete for r in results))


@app.command()
def explore(
    scenario: Scenario = DEFAULT,
    port: Annotated[
        int, typer.Option("--port", help="Port of the page; if left out, a free one.", min=0, max=65535)
    ] = 0,
    browser: Annotated[bool, typer.Option("--open", help="Also open the page in the browser.")] = False,
) -> None:
    """Explore a deal with menus and sliders, on a page that only this machine can open.

    \b
    [bold]Examples[/bold]
      concert explore
      concert explore us-china-russia-2021 --open
    """
    from games import load
    from reports.explore import Explorer, serve

    def say(address: str) -> None:
        typer.echo(f"The explorer is at {address} (this machine only). Ctrl-C ends it.")
        if browser:
            typer.launch(address)

    with _outputs.from_stdin(scenario, lambda _: ".toml") as path:
        explorer = Explorer(load(path) if scenario == _outputs.STDIN else scenario)
    serve(explorer, port, say)


def main() -> None:
    """Run the command line."""
    # The matrices here are small: threads that wait for each other cost more time than they save.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What is made while libraries are imported stays: looking for garbage among it takes a tenth of the time.
    gc.set_threshold(100_000, 50, 100)
    _interrupt.install()
    try:
        app()
    except KeyboardInterrupt:
        _outputs.warn("interrupted")
        sys.exit(_interrupt.status())
    finally:
        # As Python ends it would look through all of it once more, although everything goes anyway.
        gc.freeze()


# ---------------------------------------------------------------------- parts


@contextmanager
def _read(scenario: str, index: str, changes: list[str] | None) -> Iterator[tuple[SpheresModel, Provenance]]:
    """The model of a scenario with its changes, and where it comes from."""
    from games import load
    from games import scenario as library
    from reports import provenance

    with _outputs.from_stdin(scenario, lambda _: ".toml") as path:
        name = str(path) if scenario == _outputs.STDIN else scenario
        base = load(name)
        file = Path(library.read(name).origin)
        model = _changes.apply(base, _changes.read(changes or ()))
        if index:
            model = model.with_index(index)
        source = provenance.of(model, base=base, file=file, command=_command())
        yield model, source


def _command() -> str:
    """The command line as it would be typed again."""
    from reports import provenance

    return provenance.command_line(_called)


def _source(model: SpheresModel | None, scenario: str = "", content: bytes = b"") -> Provenance:
    """Where an answer comes from that is not about one scenario."""
    from dataclasses import replace

    from reports import provenance

    found = provenance.of(model, command=_command())
    return replace(found, scenario=scenario, digest=provenance.digest(content) if content else "")


def _print_tables(console: Console, made: Document, only_first: bool = False) -> None:
    """The tables of a document, and what the dagger in their headings means."""
    from reports.document import Table
    from reports.sections.gains import PAYOFFS

    sections = made.sections
    if only_first:
        # Of a comparison the payoffs are what a terminal has room for.
        sections = tuple(s for s in sections if s.title == PAYOFFS) or sections
    blocks = [block for section in sections for block in section.blocks if isinstance(block, Table)]
    for block in blocks[: 1 if only_first else None]:
        terminal.print_table(console, block)
    terminal.print_common_unit(console, blocks[: 1 if only_first else None])
