"""A report as PDF, set by typst (the extra `pdf`)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

from games.errors import OutputError
from reports import figures, tables
from reports.document import Block, Bullets, Details, Document, Figure, GameView, Paragraph, Table

__all__ = ["render", "source"]


def render(report: Document) -> bytes:
    """The report as a PDF document. Raises OutputError where typst is not installed."""
    try:
        import typst
    except ImportError:
        raise OutputError(
            "cannot write PDF: the package typst is not installed; install the extra with pip install 'concert-of-powers[pdf]'"
        ) from None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        text, pictures = source(report)
        for number, svg in enumerate(pictures):
            (folder / f"{number}.svg").write_text(svg, encoding="utf-8")
        main = folder / "report.typ"
        main.write_text(text, encoding="utf-8")
        return bytes(typst.compile(str(main), root=str(folder)))


def source(report: Document) -> tuple[str, list[str]]:
    """The report as typst source, and the pictures `0.svg`, `1.svg`, ... that it refers to."""
    pictures: list[str] = []
    lines = [
        resources.files("reports").joinpath("templates/report.typ").read_text(encoding="utf-8"),
        f"#show: report.with({_string(report.title)}, {_string(report.subtitle)})",
        f"#verdict({_array(_string(sentence) for sentence in report.verdict)})",
    ]
    for section in report.sections:
        lines.append(f"#section({_string(section.title)}, {_string(section.lead)})")
        for block in section.blocks:
            lines.extend(_block(block, pictures))
    return "\n".join(lines) + "\n", pictures


def _block(block: Block, pictures: list[str]) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"#par({_string(block.text)})"
    elif isinstance(block, Bullets):
        yield f"#list(..{_array(_string(item) for item in block.items)})"
    elif isinstance(block, Table):
        yield _table(block)
    elif isinstance(block, Figure):

        def put(svg: str) -> str:
            pictures.append(svg)
            return f'"{len(pictures) - 1}.svg"'

        panels = _array(put(figures.render(panel, outlines=True)) for panel in block.panels)
        legend = _array(f"({put(figures.swatch(style))}, {_string(words)})" for style, words in block.legend)
        notes = _array(_string(note) for note in block.notes)
        yield f"#picture({_string(block.caption)}, {_string(block.alt)}, {panels}, {legend}, {notes})"
    elif isinstance(block, GameView):
        yield f"#game({_string(block.text)})"
    elif isinstance(block, Details):
        yield f"#heading(level: 2, {_string(block.summary)})"
        for inner in block.blocks:
            yield from _block(inner, pictures)


def _table(table: Table) -> str:
    numbers = _array("true" if tables.is_number(column) else "false" for column in table.columns)
    widths = _array(f"{_width(table, position):.2f}fr" for position in range(len(table.columns)))
    head = _array(_string(tables.heading(column)) for column in table.columns)
    rows = _array(
        _array(_string(tables.text(cell, column)) for cell, column in zip(row, table.columns))
        for row in table.rows
    )
    strong = _array(str(number) for number in table.strong)
    notes = _array(_string(note) for note in table.notes)
    return f"#sheet({_string(table.caption)}, {numbers}, {widths}, {head}, {rows}, {strong}, {notes})"


def _width(table: Table, position: int) -> float:
    """A share of the page for a column: one for numbers, more for words, up to four times as much."""
    column = table.columns[position]
    if tables.is_number(column):
        return 1.3 if any(isinstance(row[position], tuple) for row in table.rows) else 1.0
    longest = max((len(tables.text(row[position], column)) for row in table.rows), default=0)
    return min(4.0, max(0.9, longest / 12))


def _array(items: Iterator[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _string(words: str) -> str:
    """A typst string: nothing in it is read as markup."""
    return '"' + words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
