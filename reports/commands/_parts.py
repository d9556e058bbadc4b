"""What several commands do: read a scenario, say where an answer comes from, print tables, draw."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from games.words import counted
from reports.commands import _changes, _outputs
from reports.commands._app import called
from reports.writers import terminal

if TYPE_CHECKING:
    from rich.console import Console

    from games.spheres import SpheresModel
    from reports.document import Document, Provenance
    from solvers.compare import Comparison
    from solvers.uncertainty import Assessment

__all__ = ["assessment", "command", "export", "print_tables", "read", "source_of", "wanted"]


@contextmanager
def read(scenario: str, index: str, changes: list[str] | None) -> Iterator[tuple[SpheresModel, Provenance]]:
    """The model of a scenario with its changes, and where it comes from."""
    from games import load
    from games import scenario as library
    from reports import provenance

    with _outputs.from_stdin(scenario, _outputs.scenario_ending) as path:
        name = str(path) if scenario == _outputs.STDIN else scenario
        base = load(name)
        file = Path(library.read(name).origin)
        model = _changes.apply(base, _changes.read(changes or ()))
        if index:
            model = model.with_index(index)
        source = provenance.of(model, base=base, file=file, command=command())
        yield model, source


def command() -> str:
    """The command line as it would be typed again."""
    from reports import provenance

    return provenance.command_line(called)


def source_of(model: SpheresModel | None, scenario: str = "", content: bytes = b"") -> Provenance:
    """Where an answer comes from that is not about one scenario."""
    from dataclasses import replace

    from reports import provenance

    found = provenance.of(model, command=command())
    return replace(found, scenario=scenario, digest=provenance.digest(content) if content else "")


def print_tables(console: Console, made: Document, only_first: bool = False) -> None:
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


def assessment(result: Comparison, draws: int, seed: int) -> Assessment | None:
    """The deal over many draws; None where none are wanted, the game is too large for them, or the time is short.

    Of a time limit they take half of what is left, so that the rest of the report comes, too.
    """
    from games.errors import ConvergenceError
    from solvers import uncertainty
    from solvers.base.deadline import limited, seconds_left

    if not wanted(result, draws):
        return None
    half = None
    if limited():
        # The verdict at the point values is what nobody wants to miss.
        _ = result.verdict
        half = max(seconds_left() / 2.0, 1e-3)
    try:
        return uncertainty.assess(result.model, result.map, result.regime, draws, seed=seed, time_limit=half)
    except ConvergenceError:
        if half is None:
            raise
        _outputs.warn("how sure the verdict is was left out: the draws took too long for the time limit")
        return None


def wanted(result: Comparison, draws: int) -> bool:
    """Are draws asked for, and possible?"""
    return draws > 0 and len(result.players) <= 4


def export(made: Document, figures: Path | None, tables: Path | None) -> list[str]:
    """Write pictures and tables into their folders, and say what was written."""
    from reports import export

    lines = []
    if figures is not None:
        written, failures = export.write_figures(made, figures)
        for failure in failures:
            _outputs.warn(failure)
        lines.append(f"{counted(len(written), 'file')} of pictures written to {figures}")
    if tables is not None:
        lines.append(
            f"{counted(len(export.write_tables(made, tables)), 'file')} of tables written to {tables}"
        )
    return lines
