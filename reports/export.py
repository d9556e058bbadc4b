"""Pictures and tables of a report as files of their own: SVG and PNG; CSV, LaTeX and Excel."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from games import files
from games.errors import OutputError
from reports import tables
from reports.document import Block, Cell, Column, Details, Document, Figure, Section, Table
from reports.printable import printable
from reports.writers._attempt import reason

__all__ = ["latex", "write_figures", "write_tables"]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CONTROL = re.compile("[\x00-\x1f\x7f]")


def write_figures(report: Document, folder: str | Path) -> tuple[list[Path], list[str]]:
    """Write every picture of the report as SVG and PNG, each a file that displays on its own.

    Returns the paths written, and a sentence for each picture that could not be drawn. The folder is made if it is missing.
    Raises OutputError where it cannot be.
    """
    from reports.figures import compose, mpl, svg

    target = _folder(folder)
    written: list[Path] = []
    failures: list[str] = []
    for name, figure in _named(report, Figure):
        path = target / name
        try:
            canvas = compose(figure)
            contents = {
                ".svg": svg.write(canvas, "i", figure.caption, figure.alt).encode(),
                ".png": mpl.png(canvas),
            }
        except Exception as error:
            failures.append(f"the picture '{figure.caption}' is left out: {reason(error)}")
            continue
        for ending, content in contents.items():
            files.write(path.with_name(path.name + ending), content)
            written.append(path.with_name(path.name + ending))
    return written, failures


def write_tables(report: Document, folder: str | Path) -> list[Path]:
    """Write every table of the report as CSV (full precision), LaTeX (two decimals, booktabs), and all in one Excel file.

    An interval takes two columns in CSV and Excel, its low and high end. Words that a spreadsheet would take for a formula
    are written as text. Returns the paths written. The folder is made if it is missing.
    """
    target = _folder(folder)
    written: list[Path] = []
    named = list(_named(report, Table))
    for name, table in named:
        for ending, content in ((".csv", _csv(table)), (".tex", latex(table))):
            path = target / (name + ending)
            files.write(path, content.encode())
            written.append(path)
    if named:
        path = target / "tables.xlsx"
        files.write(path, _workbook(named))
        written.append(path)
    return written


def latex(table: Table) -> str:
    r"""The table in LaTeX, with the rules of `booktabs` and numbers with two decimals.

    >>> print(latex(Table("A & B", (Column("power"), Column("gain", "signed")), (("China", 1.25),))))
    % Needs \usepackage{booktabs}.
    \begin{table}
    \caption{A \& B}
    \begin{tabular}{lr}
    \toprule
    power & gain \\
    \midrule
    China & $+1.25$ \\
    \bottomrule
    \end{tabular}
    \end{table}
    <BLANKLINE>
    """
    align = "".join("r" if tables.is_number(column) else "l" for column in table.columns)
    rows = []
    for number, row in enumerate(table.rows):
        cells = [_tex_cell(cell, column) for cell, column in zip(row, table.columns)]
        if number in table.strong:
            cells = [rf"\textbf{{{cell}}}" if cell else "" for cell in cells]
        rows.append(" & ".join(cells) + r" \\")
    notes = [rf"\par\footnotesize {_tex(note)}" for note in table.notes]
    if any(column.common_unit for column in table.columns):
        notes.append(rf"\par\footnotesize {_tex(tables.COMMON_UNIT)}")
    return "\n".join(
        [
            r"% Needs \usepackage{booktabs}.",
            r"\begin{table}",
            rf"\caption{{{_tex(table.caption)}}}",
            rf"\begin{{tabular}}{{{align}}}",
            r"\toprule",
            " & ".join(_tex(tables.heading(column)) for column in table.columns) + r" \\",
            r"\midrule",
            *rows,
            r"\bottomrule",
            r"\end{tabular}",
            *notes,
            r"\end{table}",
            "",
        ]
    )


# ---------------------------------------------------------------------- names of files


def _folder(folder: str | Path) -> Path:
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise OutputError(f"cannot write into {target}: it is a file, not a folder") from None
    except OSError as error:
        raise OutputError(f"cannot make the folder {target}: {error.strerror or error}") from None
    files.check_folder(target / "x")
    return target


def _named(report: Document, kind: type[Any]) -> Iterator[tuple[str, Any]]:
    """Blocks of a kind in reading order, each with the name of its file: a number, the section, the caption."""
    number = 0
    for section in report.sections:
        for block in _walk(section):
            if isinstance(block, kind):
                number += 1
                yield f"{number:02d}-{_slug(block.caption) or 'untitled'}", block


def _walk(section: Section) -> Iterator[Block]:
    stack = list(reversed(section.blocks))
    while stack:
        block = stack.pop()
        yield block
        if isinstance(block, Details):
            stack += reversed(block.blocks)


def _slug(words: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")[:60].rstrip("-")


# ---------------------------------------------------------------------- spreadsheets


def _spread(table: Table) -> tuple[list[str], list[list[Any]]]:
    """Headings and rows for a spreadsheet: plain numbers, an interval as two columns."""
    pairs = [any(isinstance(row[k], tuple) for row in table.rows) for k in range(len(table.columns))]
    head: list[str] = []
    for column, pair in zip(table.columns, pairs):
        name = tables.heading(column).replace("\u00a0", " ")
        head += [f"{name} (low)", f"{name} (high)"] if pair else [name]
    rows = []
    for row in table.rows:
        out: list[Any] = []
        for cell, pair in zip(row, pairs):
            low, high = cell if isinstance(cell, tuple) else (cell, cell)
            out += [low, high] if pair else [cell]
        rows.append(out)
    return head, rows


def _guarded(words: str) -> str:
    """Words that a spreadsheet takes for words: control characters written out, formulas behind an apostrophe."""
    plain = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", printable(words))
    return "'" + plain if words.startswith(_FORMULA) else plain


def _csv(table: Table) -> str:
    head, rows = _spread(table)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([_guarded(name) for name in head])
    for row in rows:
        writer.writerow([_csv_cell(cell) for cell in row])
    return buffer.getvalue()


def _csv_cell(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, str):
        return _guarded(cell)
    return repr(cell)


def _workbook(named: list[tuple[str, Table]]) -> bytes:
    """All tables in one Excel file, one a sheet."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, table in named:
        # Excel allows 31 characters.
        sheet = book.create_sheet(name[:31].rstrip("-"))
        head, rows = _spread(table)
        for number, values in enumerate([head, *rows], start=1):
            for position, value in enumerate(values, start=1):
                _put(sheet.cell(number, position), value)
    buffer = io.BytesIO()
    book.save(buffer)
    return files.without_clock(buffer.getvalue())


def _put(place: Any, value: Cell) -> None:
    if isinstance(value, str):
        place.value = _CONTROL.sub(lambda match: f"\\x{ord(match[0]):02x}", printable(value))
        # Never a formula, whatever it begins with.
        place.data_type = "s"
    elif isinstance(value, float) and not math.isfinite(value):
        place.value = "none" if math.isinf(value) else ""
    else:
        place.value = value


# ---------------------------------------------------------------------- LaTeX

_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "†": r"$\dagger$",
    "−": "$-$",
    "∞": r"$\infty$",
    "–": "--",
    "“": "``",
    "”": "''",
    "\u00a0": "~",
    **{mark: f"\\{mark}" for mark in "&%$#_{}"},
}


def _tex(words: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in printable(" ".join(words.split(" "))))


def _tex_cell(cell: Cell, column: Column) -> str:
    """A cell with two decimals at most; numbers in mathematics mode, so that signs are signs."""
    if not tables.is_number(column) or isinstance(cell, str) or cell is None:
        return _tex(tables.text(cell, column))
    two = Column(column.name, column.kind, min(column.digits, 2), column.unit, column.common_unit)
    words = tables.text(cell, two)
    parts = words.split(" to ")
    return " to ".join(_tex_number(part) for part in parts)


def _tex_number(words: str) -> str:
    if not any(letter.isdigit() for letter in words):
        return _tex(words)
    return "$" + words.replace("−", "-").replace("%", r"\%").replace(",", "{,}") + "$"
