"""A report as Markdown text (the GitHub kind, with tables); figures become the numbers that they show."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reports import tables
from reports.document import Block, Bullets, Change, Column, Document, Figure, GameView, Paragraph, Table
from reports.figures.describe import describe, minus
from reports.printable import printable
from reports.writers._attempt import attempt

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
    parts = [f"# {_escape(report.title)}"]
    if report.subtitle:
        parts.append(_escape(report.subtitle))
    if report.provenance:
        parts.append(
            "\n".join(f"- {label}: {_escape(words)}" for label, words in report.provenance.entries())
        )
        if report.provenance.changes:
            parts += ["**Changed from the scenario**", _changes(report.provenance.changes)]
    parts.append("\n".join(f"{n}. {_escape(sentence)}" for n, sentence in enumerate(report.verdict, start=1)))
    for section in report.sections:
        parts.append(f"## {_escape(section.title)}")
        if section.lead:
            parts.append(_escape(section.lead))
        for block in section.blocks:
            parts.extend(_block(block, 3))
    if report.has_common_unit:
        parts.append(_escape(tables.COMMON_UNIT))
    return "\n\n".join(part for part in parts if part) + "\n"


def _block(block: Block, level: int) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield _escape(block.text)
    elif isinstance(block, Bullets):
        yield "\n".join(f"- {_escape(item)}" for item in block.items)
    elif isinstance(block, Table):
        yield f"{'#' * min(level, 6)} {_escape(block.caption)}"
        yield _table(block)
        for note in block.notes:
            yield f"*{_escape(note)}*"
    elif isinstance(block, Figure):
        yield from _figure(block)
    elif isinstance(block, GameView):
        drawn, failure = attempt(_game)(block)
        yield failure if drawn is None else drawn
    else:
        yield f"{'#' * min(level, 6)} {_escape(block.summary)}"
        for inner in block.blocks:
            yield from _block(inner, level + 1)


def _figure(block: Figure) -> Iterator[str]:
    """A picture in words: its caption, what it shows, each panel's numbers, what its marks mean, and its notes."""
    yield f"**{_escape(block.caption)}**"
    if block.alt:
        yield _escape(block.alt)
    panels = []
    for panel in block.panels:
        words = describe(panel)
        # A map's description for those who cannot see it says all that its panels do.
        if words.rstrip(".") not in minus(block.alt):
            panels.append(f"- {_escape(f'{panel.title}: {words}' if panel.title else words)}")
    if panels:
        yield "\n".join(panels)
    if block.legend:
        yield _escape(f"Marks: {'; '.join(words for _, words in block.legend)}.")
    for note in block.notes:
        yield f"*{_escape(note)}*"


def _game(block: GameView) -> str:
    """The game in a fenced block, its fence longer than any run of backticks inside."""
    from games import view

    words = printable(view.text(block.game()).rstrip())
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", words)), default=0))
    return f"{fence}text\n{words}\n{fence}"


def _changes(changes: tuple[Change, ...]) -> str:
    rows = ["| input | in the scenario | here |", "|---|---|---|"]
    for change in changes:
        cells = (change.path, tables.exact(change.old), tables.exact(change.new))
        rows.append("| " + " | ".join(_escape(cell) for cell in cells) + " |")
    return "\n".join(rows)


def _table(table: Table) -> str:
    def line(cells: list[str]) -> str:
        return "| " + " | ".join(cells) + " |"

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


_MARKS = re.compile(r"[\\`*_{}\[\]<>#|~!&]")
_FIRST = re.compile(r"^(?:[-+](?=\s|$)|[-=](?=[-=\s]*$)|\d{1,9}(?=[.)](?:\s|$)))")
_URL = re.compile(r"(?i)\b(https?:|ftp:|mailto:|www\.)")


def _escape(words: str) -> str:
    r"""Words on one line, in which no mark of Markdown or HTML is read as such.

    >>> _escape("![x](y) <b>&amp;")
    '\\!\\[x\\](y) \\<b\\>\\&amp;'
    """
    line = " ".join(printable(words).split())
    line = _MARKS.sub(lambda match: "\\" + match[0], line)
    # A line that begins like a list, a number with a point, a rule or a heading underlined is none of those.
    line = _FIRST.sub(_first, line)
    # GitHub makes links of bare addresses; these are words.
    return _URL.sub(lambda match: match[0][:-1] + ("\\:" if match[0][-1] == ":" else "\\."), line)


def _first(match: re.Match[str]) -> str:
    return match[0] + "\\" if match[0].isdigit() else "\\" + match[0]
