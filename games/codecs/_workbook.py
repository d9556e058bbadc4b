"""Payoff tables in Excel workbooks: the tables of `_tables`, in the first sheet."""

from __future__ import annotations

import io
import re
import zipfile
from typing import IO, Any, NamedTuple

from games.codecs._game_data import GameData
from games.codecs._tables import Table, long_table
from games.errors import FormatError

__all__ = ["from_bytes", "opened", "to_bytes"]

# A table of this many cells, empty ones among them, takes a few hundred megabytes to read.
_MOST_CELLS = 2_000_000
_MOST_BYTES = 200_000_000
# Of them so many may be empty: every one takes openpyxl some ten microseconds, a last one in row 1,048,576 ten seconds. Rows and
# cells that hold nothing but a format count, too.
_MOST_EMPTY = 100_000
# openpyxl takes some milliseconds for a sheet.
_MOST_SHEETS = 200
_CELL = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")


def to_bytes(game: GameData, name: str) -> bytes:
    """The game as a long table in an Excel workbook."""
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "payoffs"
    sheet.freeze_panes = "A2"
    workbook.properties.title = game.title or None
    n = len(game.players)
    try:
        for r, row in enumerate(long_table(game, name), start=1):
            for c, value in enumerate(row, start=1):
                cell = sheet.cell(r, c)
                cell.value = value
                # "s" is text, even if it begins with "=". A number goes in by its digits: openpyxl would round it to 16.
                number = r > 1 and c > n and "/" not in value and _fits_a_float(value)
                cell.data_type = "n" if number else "s"
    except IllegalCharacterError:
        raise FormatError(
            f"{name}: a label holds a control character, which Excel cannot store; use .json"
        ) from None
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def from_bytes(data: bytes, name: str) -> GameData:
    """The game in the first sheet of an Excel workbook."""
    from openpyxl.utils import get_column_letter

    workbook = opened(data, name)
    if not workbook.worksheets:
        raise FormatError(f"{name}: the workbook has no sheet with cells")
    sheet = workbook.worksheets[0]
    rows = [[_cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    title = str(workbook.properties.title or "")
    return Table(rows, name, lambda r, c: f"cell {get_column_letter(c + 1)}{r + 1}").game(title)


def opened(data: bytes, name: str, most_bytes: int = _MOST_BYTES, most_cells: int = _MOST_CELLS) -> Any:
    """A workbook of openpyxl, with the values of formulas. Raises FormatError for what is none, is damaged, or too large."""
    import warnings

    from openpyxl import load_workbook

    _refuse_if_too_large(data, name, most_bytes, most_cells)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops; only values matter here.
            warnings.simplefilter("ignore")
            return load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:
        # A damaged workbook fails in the unzipper, the XML parser or openpyxl itself, each with errors of its own.
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise FormatError(f"{name}: not an Excel workbook (.xlsx), or a damaged one: {reason}") from None


def _refuse_if_too_large(data: bytes, name: str, most_bytes: int, most_cells: int) -> None:
    """Look at where the cells are before they are read: one in the last row and column makes a table of billions.

    Raises FormatError for a workbook of more bytes unpacked, more cells in all its sheets, too many empty cells or sheets, and
    for what is not a workbook.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(part.file_size for part in archive.infolist()) > most_bytes:
                raise FormatError(
                    f"{name}: the workbook holds more than {most_bytes // 10**6} megabytes unpacked"
                )
            sheets = [part for part in archive.namelist() if part.startswith("xl/worksheets/")]
            if len(sheets) > _MOST_SHEETS:
                raise FormatError(
                    f"{name}: the workbook has {len(sheets):,} sheets; at most {_MOST_SHEETS} are read"
                )
            cells = empty = 0
            for sheet in sheets:
                with archive.open(sheet) as file:
                    reach = _reach(file, most_cells)
                cells += reach.cells
                empty += reach.cells - reach.filled
                if cells > most_cells:
                    raise FormatError(
                        f"{name}: a sheet reaches to cell {reach.where}, so that it has {reach.cells:,} cells; at most "
                        f"{most_cells:,} are read. Delete what stands far out"
                    )
                if empty > _MOST_EMPTY:
                    raise FormatError(
                        f"{name}: a sheet reaches to cell {reach.where}, and more than {_MOST_EMPTY:,} cells are empty. "
                        "Delete what stands far out, and rows that hold only formats"
                    )
    except FormatError:
        raise
    except Exception as error:
        # The unzipper fails on damaged files with errors of many kinds.
        raise FormatError(f"{name}: not an Excel workbook (.xlsx), or a damaged one: {error}") from None


class _Reach(NamedTuple):
    """How many cells a reader of a sheet goes through, how many of them hold something, and the one that reaches furthest."""

    cells: int
    filled: int
    where: str


def _reach(sheet: IO[bytes], most_cells: int) -> _Reach:
    """What of a sheet a reader goes through: all up to the last row and column with a cell, or every row and cell noted.

    Read as XML: quotes, blanks and small letters may stand where Excel writes none. A row or cell without a reference follows
    the one before it, and a merged range counts to its end. Reading stops where there are too many already.
    """
    from xml.etree.ElementTree import iterparse

    row = rows = column = columns = filled = 0
    noted: dict[str, int] = {}
    where = ""
    for event, element in iterparse(sheet, ("start", "end")):
        tag = element.tag.rpartition("}")[2]
        if max(noted.get("row", 0), noted.get("c", 0)) - filled > _MOST_EMPTY + 1:
            where = where or f"{row}, the last row noted"
            break
        if event == "end":
            filled += tag == "c" and len(element) > 0
            if tag not in ("v", "f", "is"):
                element.clear()
            continue
        noted[tag] = noted.get(tag, 0) + 1
        if tag == "row":
            row, column = int(element.get("r", row + 1)), 0
            continue
        if tag == "c":
            place = _CELL.fullmatch(element.get("r", ""))
            column, at = (_column(place[1]), int(place[2])) if place else (column + 1, row)
            last = (at, column)
        elif tag == "mergeCell":
            place = _CELL.fullmatch(element.get("ref", "").rpartition(":")[2])
            last = (int(place[2]), _column(place[1])) if place else (0, 0)
        else:
            continue
        if last[0] > rows or last[1] > columns:
            where = place[0].upper() if place else f"{last[1]} of row {last[0]}"
        rows, columns = max(rows, last[0]), max(columns, last[1])
        if rows * columns > most_cells:
            break
    return _Reach(max(rows * columns, noted.get("row", 0), noted.get("c", 0)), filled, where)


def _column(letters: str) -> int:
    number = 0
    for letter in letters.upper():
        number = 26 * number + ord(letter) - 64
    return number


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _fits_a_float(value: str) -> bool:
    # Excel keeps 15 to 17 digits; a longer integer stays text, so that nothing is rounded in silence.
    return not re.fullmatch(r"-?\d{16,}", value)
