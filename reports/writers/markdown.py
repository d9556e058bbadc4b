"""A report as Markdown text (the GitHub kind, with tables); figures become the numbers that they show."""

from __future__ import annotations

from collections.abc import Iterator

from reports import tables
from reports.document import Block, Bullets, Column, Details, Document, Figure, GameView, Paragraph, Table

__all__ = ["render"]


def render(report: Document) -> str:
    """The report as text that ends with a line break.

    >>> print(render(Document("A", "b", ("C.",), ())))
    # A
    <BLANKLINE>
    b
    <BLANKLINE>
    1. C.
    <BLANKLINE>
    """
    parts = [f"# {report.title}"]
    if report.subtitle:
        parts.append(_escape(report.subtitle))
    parts.append("\n".join(f"{n}. {_escape(sentence)}" for n, sentence in enumerate(report.verdict, start=1)))
    for section in report.sections:
        parts.append(f"## {section.title}")
        if section.lead:
            parts.append(_escape(section.lead))
        for block in section.blocks:
            parts.extend(_block(block, 3))
    return "\n\n".join(parts) + "\n"


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _escape(block.text)
    elif isinstance(block, Bullets):
        yield "\n".join(f"- {_escape(item)}" for item in block.items)
    elif isinstance(block, Table):
        yield f"{'#' * level} {_escape(block.caption)}"
        yield _table(block)
        for note in block.notes:
            yield f"*{_escape(note)}*"
    elif isinstance(block, Figure):
        yield f"*{_escape(block.caption)}.* {_escape(block.alt)}"
        for note in block.notes:
            yield f"*{_escape(note)}*"
    elif isinstance(block, GameView):
        yield f"```text\n{block.text.rstrip()}\n```"
    elif isinstance(block, Details):
        yield f"{'#' * level} {_escape(block.summary)}"
        for inner in block.blocks:
            yield from _block(inner, level + 1)


def _table(table: Table) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"

    def bar(column: Column) -> str:
        return "---:" if tables.is_number(column) else "---"

    rows = [line([_escape(tables.heading(column)) for column in table.columns])]
    rows.append("|" + "|".join(bar(column) for column in table.columns) + "|")
    for number, row in enumerate(table.rows):
        cells = [_escape(tables.text(cell, column)) for cell, column in zip(row, table.columns)]
        if number in table.strong:
            cells = [f"**{cell}**" if cell else "" for cell in cells]
        rows.append(line(cells))
    return "\n".join(rows)


def _escape(words: str) -> str:
    """Keep marks of Markdown from being read as such."""
    for mark in ("\\", "*", "_", "`", "<", ">", "#"):
        words = words.replace(mark, f"\\{mark}")
    return words
