"""What the command line prints: verdicts, tables that fit the terminal, and a bar for those who wait."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from reports.printable import printable

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table as RichTable

    from reports.document import Block, Change, Document, Table

__all__ = [
    "console",
    "plain",
    "print_block",
    "print_changes",
    "print_common_unit",
    "print_head",
    "print_sections",
    "print_table",
    "print_verdict",
    "waiting",
]

_WAIT = 1.0


def console() -> Console:
    from rich.console import Console

    return Console(highlight=False)


def plain(words: str) -> str:
    """Words in which square brackets are square brackets, not rich's markup, and control characters are written out."""
    from rich.markup import escape

    return escape(printable(words))


def print_head(console: Console, made: Document) -> None:
    """Title, where it comes from, what was changed, and the verdict."""
    console.print(f"\n[bold]{plain(made.title)}[/bold]")
    if made.subtitle:
        console.print(f"[dim]{plain(made.subtitle)}[/dim]")
    if made.provenance:
        for label, words in made.provenance.entries():
            console.print(f"[dim]{label}: {plain(words)}[/dim]")
        print_changes(console, made.provenance.changes)
    console.print()
    print_verdict(console, made.verdict)


def print_changes(console: Console, changes: tuple[Change, ...]) -> None:
    """Each input that differs from the scenario file."""
    from reports.tables import exact

    if changes:
        console.print("[bold]Changed from the scenario[/bold]")
    for change in changes:
        console.print(f"  {plain(change.path)}: {plain(exact(change.old))} → {plain(exact(change.new))}")


def print_verdict(console: Console, sentences: tuple[str, ...]) -> None:
    """Numbered sentences with a hanging indent."""
    from rich.table import Table as RichTable

    shown = RichTable.grid(padding=(0, 1))
    for number, sentence in enumerate(sentences, start=1):
        shown.add_row(f"[bold red]{number}[/bold red]", plain(sentence))
    console.print(shown)
    console.print()


def print_table(console: Console, block: Table) -> None:
    from rich import box
    from rich.table import Table as RichTable

    from reports import tables

    shown = RichTable(
        title=plain(block.caption),
        title_justify="left",
        title_style="bold",
        box=box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        show_edge=False,
    )
    numbers = [tables.is_number(column) for column in block.columns]
    longest = [_longest(block, position) for position in range(len(block.columns))]
    room = console.width - sum(longest) - 2 * len(longest)
    share = max(0, room) // len(longest)
    widths = [
        min(max(least, len(tables.heading(c))), least + share) for c, least in zip(block.columns, longest)
    ]
    # What room is left goes to columns of words; nothing is cut.
    share = max(0, room - sum(widths) + sum(longest)) // max(1, numbers.count(False))
    for column, number, least, width in zip(block.columns, numbers, longest, widths):
        shown.add_column(
            plain(tables.heading(column)),
            justify="right" if number else "left",
            min_width=least,
            max_width=width if number else width + share,
        )
    for row in block.rows:
        shown.add_row(*(plain(tables.text(cell, column)) for cell, column in zip(row, block.columns)))
    if room < 0:
        shown = _as_cards(block)
    console.print(shown)
    for note in block.notes:
        console.print(f"[dim]{plain(note)}[/dim]")
    console.print()


def print_sections(console: Console, made: Document) -> None:
    """Every section with all of its blocks, and what the dagger means."""
    for section in made.sections:
        console.print(f"[bold]{plain(section.title)}[/bold]")
        if section.lead:
            console.print(plain(section.lead))
        console.print()
        for block in section.blocks:
            print_block(console, block)
    print_common_unit(console, made.blocks())


def print_block(console: Console, block: Block) -> None:
    """One block; a picture as what it shows in words."""
    from reports.document import Bullets, Details, Figure, GameView, Paragraph, Table

    if isinstance(block, Table):
        print_table(console, block)
        return
    if isinstance(block, Paragraph):
        console.print(plain(block.text))
    elif isinstance(block, Bullets):
        for item in block.items:
            console.print(f"• {plain(item)}")
    elif isinstance(block, GameView):
        from games import view

        console.print(plain(view.text(block.game()).rstrip()), soft_wrap=True)
    elif isinstance(block, Figure):
        from reports.figures.describe import describe

        console.print(f"[bold]{plain(block.caption)}[/bold]")
        console.print(plain(block.alt))
        for panel in block.panels:
            console.print(f"• {plain(f'{panel.title}: {describe(panel)}')}")
        if block.legend:
            console.print(f"[dim]Marks: {plain('; '.join(words for _, words in block.legend))}.[/dim]")
        for note in block.notes:
            console.print(f"[dim]{plain(note)}[/dim]")
    else:
        assert isinstance(block, Details)
        console.print(f"[bold]{plain(block.summary)}[/bold]")
        for inner in block.blocks:
            print_block(console, inner)
    console.print()


def print_common_unit(console: Console, blocks: Iterable[Block]) -> None:
    """What the dagger in a heading means, if any of the tables has one."""
    from reports import tables
    from reports.document import Table

    if any(column.common_unit for block in blocks if isinstance(block, Table) for column in block.columns):
        console.print(f"[dim]{plain(tables.COMMON_UNIT)}[/dim]\n")


def _longest(block: Table, position: int) -> int:
    """Letters of what cannot be broken in a column: its longest word, or number."""
    from reports import tables

    column = block.columns[position]
    cells = [tables.text(row[position], column) for row in block.rows]
    words = cells if tables.is_number(column) else [word for cell in cells for word in cell.split()]
    return max(map(len, [*words, *tables.heading(column).replace("\u00a0", " ").split()]))


def _as_cards(block: Table) -> RichTable:
    """A table too wide for the terminal: its rows one below the other, a line for each column."""
    from rich.table import Table as Grid

    from reports import tables

    shown = Grid(
        title=plain(block.caption), title_justify="left", title_style="bold", box=None, show_header=False
    )
    for row in block.rows:
        for position, (cell, column) in enumerate(zip(row, block.columns)):
            name, words = plain(tables.heading(column)), plain(tables.text(cell, column))
            shown.add_row(f"[bold]{name}[/bold]" if position == 0 else f"  {name}", words)
        shown.add_row("", "")
    return shown


@contextmanager
def waiting(label: str) -> Iterator[None]:
    """A bar on standard error for whoever waits longer than a second at a terminal."""
    if not sys.stderr.isatty():
        yield
        return
    from threading import Timer

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    bar = Progress(
        TextColumn(label), BarColumn(), TimeElapsedColumn(), console=Console(stderr=True), transient=True
    )
    bar.add_task(label, total=None)
    timer = Timer(_WAIT, bar.start)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        timer.join()
        bar.stop()
