"""Games in files of their own, solved."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from games.errors import FormatError, SizeError
from reports.commands import _outputs
from reports.commands._app import app
from reports.commands._limits import TimeLimit
from reports.commands._options import (
    Format,
    Json,
    Output,
)
from reports.commands._parts import source_of
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from games import NormalFormGame
    from games.extensive import ExtensiveGame
    from reports.document import Section, Table
    from solvers.equilibrium.results import Component


_LIMITS = (
    "It lists equilibria and does not choose among them; solvers.selection and solvers.sequential.intuitive do.",
    "It does not look for perfect, proper or sequential equilibria; solvers.sequential.check tests one against the latter.",
    "It solves finite games, played once. For repeated play see solvers.repeated; for types of players, solvers.bayesian.",
)
"""What the command cannot do, said with every answer about a tree."""


@app.command()
def solve(
    game: Annotated[
        str,
        typer.Argument(
            help="A game in normal form (.nfg, .json, .csv or .xlsx) or extensive form (.efg); - for standard input.",
            metavar="GAME",
        ),
    ],
    time_limit: TimeLimit = None,
    output: Output = None,
    form: Format = "",
    as_json: Json = False,
) -> None:
    """Find every Nash equilibrium of a game, and say whether the search was complete (exit status 1 if not).

    Of a game in extensive form also every subgame perfect equilibrium. Connected sets of equilibria are listed with their
    extreme points. It does not choose among equilibria, refine them further, or solve repeated games.

    \b
    [bold]Examples[/bold]
      concert solve chicken.nfg
      concert solve poker.efg -o poker.html
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
    from games.extensive import ExtensiveGame
    from reports.document import Table
    from reports.report import Report

    read: NormalFormGame | ExtensiveGame
    with _outputs.from_stdin(game, _ending) as path:
        read = ExtensiveGame.read(path) if path.suffix.lower() == ".efg" else NormalFormGame.read(path)
        content = path.read_bytes()
    name = read.title or ("standard input" if game == _outputs.STDIN else Path(game).name)
    with terminal.waiting("Solving"):
        if isinstance(read, ExtensiveGame):
            sections, sentences, complete = _tree(read, time_limit)
        else:
            sections, sentences, complete = _normal_form(read, name, time_limit)
    made = Report(
        f"{'Nash equilibria' if isinstance(read, NormalFormGame) else 'Equilibria'} of {name}",
        "",
        sentences,
        sections,
        source_of(None, scenario=name, content=content),
    )

    def show(console: Console) -> None:
        for block in made.blocks():
            if isinstance(block, Table):
                terminal.print_table(console, block)
        for sentence in sentences:
            console.print(terminal.plain(sentence))

    _outputs.deliver(made, output, as_json, form, show, complete)


def _normal_form(
    game: NormalFormGame, name: str, time_limit: float | None
) -> tuple[tuple[Section, ...], tuple[str, ...], bool]:
    """All Nash equilibria of a game in normal form: sections, sentences, and whether the search was complete."""
    from reports import tables
    from reports.document import Section
    from solvers import nash

    try:
        found = nash.find_all(game, time_limit=time_limit)
    except SizeError as error:
        raise SizeError(error.fact, "Give --time-limit SECONDS for what is found in that time") from None
    blocks = []
    if len(found):
        blocks.append(tables.from_frame(found.to_frame(), f"Nash equilibria of {name}", 4))
    for number, component in enumerate(found.components, start=1):
        blocks.append(_component(game, component, number))
    return (Section("Equilibria", "", tuple(blocks)),), (found.summary(),), found.complete


def _tree(tree: ExtensiveGame, time_limit: float | None) -> tuple[tuple[Section, ...], tuple[str, ...], bool]:
    """Subgame perfect and Nash equilibria of a tree; what cannot be found is said in its place."""
    from games.errors import ConcertError
    from reports import tables
    from reports.document import Bullets, Section
    from solvers import sequential

    sections: list[Section] = []
    sentences: list[str] = []
    complete = True
    if tree.recall_fault is not None:
        made, said, complete = _normal_form(tree.normal_form(), tree.title or "the tree", time_limit)
        sections += [replace(section, title="Nash equilibria in mixed strategies") for section in made]
        sentences += [
            f"{tree.recall_fault}.",
            "Behaviour strategies are not enough then, and subgame perfection is not defined. What follows are the Nash "
            "equilibria in mixed strategies of the reduced normal form.",
            *said,
        ]
    else:
        for title, search in (
            ("Subgame perfect equilibria", sequential.subgame_perfect),
            ("Nash equilibria in behaviour strategies", sequential.find_all),
        ):
            try:
                found = search(tree, time_limit=time_limit)
            except ConcertError as error:
                sentences.append(f"{title} could not all be found: {error}.")
                complete = False
                continue
            table = [tables.from_frame(found.to_frame(), title, 4)] if len(found) else []
            sections.append(Section(title, "", tuple(table)))
            sentences.append(found.summary())
            complete = complete and found.complete
    sections.append(Section("What this does not do", "", (Bullets(_LIMITS),)))
    return tuple(sections), tuple(sentences), complete


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
    if head.startswith((b"NFG", b"EFG")):
        return ".nfg" if head.startswith(b"NFG") else ".efg"
    return ".json" if head.startswith((b"{", b"[")) else ".csv"
