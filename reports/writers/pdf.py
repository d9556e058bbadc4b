"""A report as PDF, set by typst (the extra `pdf`)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from games.errors import OutputError
from reports import figures, tables
from reports.document import Block, Bullets, Document, Figure, GameView, Paragraph, Table
from reports.figures import fonts
from reports.printable import printable
from reports.writers._attempt import attempt
from reports.writers._game_table import GameTables, tabulate

__all__ = ["render", "source"]

_PICTURE_FONT = "DejaVu Sans"
"""Comes with matplotlib, so that every machine has it; its letters are wide, so pictures are set a little smaller."""


def render(report: Document) -> bytes:
    """The report as a PDF document. Raises OutputError where typst is not installed or cannot set the report."""
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
        try:
            # With the warnings in hand nothing of them reaches the terminal: what matters of them is said in the document.
            content, _ = typst.compile_with_warnings(
                str(main), root=str(folder), font_paths=[str(fonts.folder())]
            )
        except RuntimeError as error:
            raise OutputError(f"cannot write PDF: typst says: {printable(str(error))}") from None
    return bytes(content)


def source(report: Document) -> tuple[str, list[str]]:
    """The report as typst source, and the pictures `0.svg`, `1.svg`, ... that it refers to."""
    pictures: list[str] = []
    body: list[str] = []
    for section in report.sections:
        body.append(f"#section({_string(section.title)}, {_string(section.lead)})")
        for block in section.blocks:
            body.extend(_block(block, pictures))
    if report.has_common_unit:
        body.append(f"#remarks(({_string(tables.COMMON_UNIT)},))")
    entries = report.provenance.entries() if report.provenance else ()
    changes = report.provenance.changes if report.provenance else ()
    head = [
        f"#verdict({_array(_string(sentence) for sentence in report.verdict)})",
        f"#provenance({_array(_array((_string(a), _string(b))) for a, b in entries)})",
        "#changed("
        + _array(
            _array((_string(c.path), _string(tables.exact(c.old)), _string(tables.exact(c.new))))
            for c in changes
        )
        + ")",
    ]
    words = "".join([report.title, report.subtitle, *head, *body])
    lost = fonts.missing(words)
    if lost:
        head.insert(0, f"#remarks(({_string(_lost(lost))},))")
    more = _array(_string(family) for family in fonts.families(words))
    template = resources.files("reports").joinpath("templates/report.typ").read_text(encoding="utf-8")
    show = f"#show: report.with({_string(report.title)}, {_string(report.subtitle)}, {more})"
    return "\n".join([template, show, *head, *body]) + "\n", pictures


def _lost(letters: str) -> str:
    """The note on letters that no font on this machine has."""
    codes = ", ".join(f"U+{ord(letter):04X}" for letter in letters[:12])
    codes += f" and {len(letters) - 12} more" if len(letters) > 12 else ""
    return (
        f"No font on this machine has {len(letters)} of the characters used here ({codes}); boxes or gaps stand for them. "
        "Install a font that has them, such as Noto Sans CJK for Chinese, Japanese and Korean, and write the file again."
    )


def _block(block: Block, pictures: list[str]) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield f"#par({_string(block.text)})"
    elif isinstance(block, Bullets):
        yield f"#list(..{_array(_string(item) for item in block.items)})"
    elif isinstance(block, Table):
        yield _table(block)
    elif isinstance(block, Figure):
        yield from _figure(block, pictures)
    elif isinstance(block, GameView):
        drawn, failure = attempt(tabulate)(block)
        yield f"#par({_string(failure)})" if drawn is None else _game(drawn)
    else:
        yield f"#heading(level: 2, {_string(block.summary)})"
        for inner in block.blocks:
            yield from _block(inner, pictures)


def _figure(block: Figure, pictures: list[str]) -> Iterator[str]:
    def draw(figure: Figure) -> tuple[list[str], list[str]]:
        return (
            [figures.render(panel, fonts=_PICTURE_FONT) for panel in figure.panels],
            [figures.swatch(style) for style, _ in figure.legend],
        )

    drawn, failure = attempt(draw)(block)
    if drawn is None:
        yield f"#par({_string(f'{block.caption}. {failure}')})"
        return

    def put(svg: str) -> str:
        pictures.append(svg)
        return f'"{len(pictures) - 1}.svg"'

    panels = _array(put(svg) for svg in drawn[0])
    legend = _array(f"({put(svg)}, {_string(words)})" for svg, (_, words) in zip(drawn[1], block.legend))
    notes = _array(_string(note) for note in block.notes)
    wide = "true" if block.panels and block.panels[0].kind == "map" else "false"
    yield f"#picture({_string(block.caption)}, {_string(block.alt)}, {panels}, {legend}, {notes}, {wide})"


def _game(game: GameTables) -> str:
    parts = _array(
        f"({_string(part.caption)}, {_array(_string(cell) for cell in part.head)}, "
        + _array(
            _array(f"({_string(cell.words)}, {_bool(cell.equilibrium)})" for cell in row) for row in part.rows
        )
        + ")"
        for part in game.parts
    )
    return f"#game({_string(game.title)}, {parts}, {_array(_string(note) for note in game.notes)})"


def _bool(value: bool) -> str:
    return "true" if value else "false"


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


def _array(items: Iterable[str]) -> str:
    return "(" + "".join(f"{item}, " for item in items) + ")"


def _string(words: str) -> str:
    """A typst string: nothing in it is read as markup."""
    words = printable(words).replace("\\", "\\\\").replace('"', '\\"')
    return '"' + words.replace("\n", "\\n").replace("\t", " ") + '"'
