"""Payoff tables as CSV and Excel.

The *long table* has a column for each player's action and a column `payoff of NAME` for each player's payoff, and a row for
each profile, in any order; actions are numbered in the order in which they first appear:

    Row,Column,payoff of Row,payoff of Column
    C,C,3,3
    C,D,0,5
    D,C,5,0
    D,D,1,1

For two players a *bimatrix* is read too: the first row holds the second player's actions, the first column the first player's,
each cell two payoffs; the corner may name the players:

    Row \\ Column,C,D
    C,"3, 3","0, 5"
    D,"5, 0","1, 1"

Games are always written as long tables.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

import numpy as np

from games.errors import FormatError, GameError
from games.formats.numbers import NUMBERS_WANTED, parse, written
from games.normal_form import NormalFormGame

__all__ = ["from_csv", "from_xlsx", "to_csv", "to_xlsx"]

_PAYOFF = "payoff of "


def to_csv(game: NormalFormGame, name: str) -> str:
    """The game as a long table in CSV; `name` is the file's, for messages."""
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(_long_table(game, name))
    return out.getvalue()


def to_xlsx(game: NormalFormGame, name: str) -> bytes:
    """The game as a long table in an Excel workbook."""
    from openpyxl import Workbook
    from openpyxl.utils.exceptions import IllegalCharacterError

    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "payoffs"
    sheet.freeze_panes = "A2"
    workbook.properties.title = game.title or None
    n = game.n_players
    try:
        for r, row in enumerate(_long_table(game, name), start=1):
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


def from_csv(text: str, name: str) -> NormalFormGame:
    """The game in a CSV table; the cells are separated by commas, semicolons or tabs, as the first line shows."""
    head = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    separator = next((s for s in ",;\t" if s in head), ",")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True
    )
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            rows.append([cell.strip() for cell in row])
            lines.append(line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(f"{name}, line {reader.line_num}: not a CSV table: {error}") from None
    return _Table(rows, name, lambda r, c: f"line {lines[r]}, column {c + 1}").game("")


def from_xlsx(data: bytes, name: str) -> NormalFormGame:
    """The game in the first sheet of an Excel workbook."""
    import warnings

    from openpyxl import load_workbook
    from openpyxl.utils import get_column_letter

    try:
        with warnings.catch_warnings():
            # openpyxl warns of styles and extensions that it drops; only values matter here.
            warnings.simplefilter("ignore")
            workbook = load_workbook(io.BytesIO(data), data_only=True)
    except Exception as error:
        # A damaged workbook fails in the unzipper, the XML parser or openpyxl itself, each with errors of its own.
        reason = (str(error).splitlines() or [type(error).__name__])[0]
        raise FormatError(f"{name}: not an Excel workbook (.xlsx), or a damaged one: {reason}") from None
    if not workbook.worksheets:
        raise FormatError(f"{name}: the workbook has no sheet with cells")
    sheet = workbook.worksheets[0]
    rows = [[_cell_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
    title = str(workbook.properties.title or "")
    return _Table(rows, name, lambda r, c: f"cell {get_column_letter(c + 1)}{r + 1}").game(title)


class _Table:
    """Rows of text with a way to say where a cell is."""

    def __init__(self, rows: list[list[str]], name: str, where: Callable[[int, int], str]) -> None:
        self.name = name
        self.locate = where
        kept = [r for r, row in enumerate(rows) if any(row)]
        self.numbers = kept
        width = max((max(c for c, cell in enumerate(rows[r]) if cell) + 1 for r in kept), default=0)
        self.rows = [[*rows[r], *[""] * width][:width] for r in kept]

    def fail(self, r: int, c: int, what: str) -> NoReturn:
        place = self.locate(self.numbers[r], c)
        raise FormatError(f"{self.name}, {place}: {what}")

    def game(self, title: str) -> NormalFormGame:
        if len(self.rows) < 2:
            raise FormatError(
                f"{self.name}: the table needs a row of headings and a row for each profile "
                "(columns: one for each player's action, then 'payoff of NAME' for each player)"
            )
        long = any(cell.lower().startswith(_PAYOFF) for cell in self.rows[0])
        try:
            return self.long(title) if long else self.bimatrix(title)
        except GameError as error:
            raise FormatError(f"{self.name}: {error}") from None

    def long(self, title: str) -> NormalFormGame:
        head = self.rows[0]
        players = [cell for cell in head if not cell.lower().startswith(_PAYOFF)]
        columns = [c for c, cell in enumerate(head) if not cell.lower().startswith(_PAYOFF)]
        payoff_columns = []
        for player, column in zip(players, columns):
            if not player:
                self.fail(0, column, "the heading is empty; it must name a player")
            if players.count(player) > 1:
                self.fail(0, column, f"the player {player!r} has two columns; names must differ")
            found = [c for c, cell in enumerate(head) if cell.lower() == (_PAYOFF + player).lower()]
            if len(found) != 1:
                self.fail(0, column, f"the player {player!r} needs one column headed '{_PAYOFF}{player}'")
            payoff_columns.append(found[0])
        for c, cell in enumerate(head):
            if c not in columns and c not in payoff_columns:
                self.fail(
                    0, c, f"{cell!r} belongs to no player; the players are {', '.join(players) or 'missing'}"
                )
        actions: list[dict[str, int]] = [{} for _ in players]
        cells: dict[tuple[int, ...], tuple[int, list[Fraction]]] = {}
        for r, row in enumerate(self.rows[1:], start=1):
            for seen, player, c in zip(actions, players, columns):
                if not row[c]:
                    self.fail(r, c, f"the action of {player} is missing")
                seen.setdefault(row[c], len(seen))
            profile = tuple(seen[row[c]] for seen, c in zip(actions, columns))
            if profile in cells:
                labels = ", ".join(row[c] for c in columns)
                self.fail(r, 0, f"the profile ({labels}) stands twice; each profile has one row")
            cells[profile] = r, [self.number(r, c, row[c]) for c in payoff_columns]
        shape = tuple(len(seen) for seen in actions)
        total = 1
        for k in shape:
            total *= k
        if len(cells) != total:
            missing = next(p for p in np.ndindex(shape) if p not in cells)
            labels = ", ".join(list(seen)[a] for seen, a in zip(actions, missing))
            raise FormatError(
                f"{self.name}: {total - len(cells)} of {total} profiles are missing, the first is ({labels}); "
                "each profile needs a row"
            )
        payoffs = np.empty((*shape, len(players)), dtype=object)
        for profile, (_, values) in cells.items():
            payoffs[profile] = values
        return NormalFormGame(payoffs, players, [list(seen) for seen in actions], title)

    def bimatrix(self, title: str) -> NormalFormGame:
        head = self.rows[0]
        named = [part.strip() for part in re.split(r"[\\/|]", head[0])]
        players = named if len(named) == 2 and all(named) else None
        columns = head[1:]
        for c, cell in enumerate(columns, start=1):
            if not cell:
                self.fail(0, c, "the heading is empty; it must name an action of the second player")
        payoffs = np.empty((len(self.rows) - 1, len(columns), 2), dtype=object)
        labels = []
        for r, row in enumerate(self.rows[1:], start=1):
            if not row[0]:
                self.fail(r, 0, "the first cell is empty; it must name an action of the first player")
            labels.append(row[0])
            for c, cell in enumerate(row[1:], start=1):
                parts = [p for p in re.split(r"\s*[,;]\s*|\s+", cell.strip("() ")) if p]
                if len(parts) != 2:
                    self.fail(
                        r,
                        c,
                        f"{cell!r} is not a pair of payoffs such as '3, 5' (or, in a long table, head the payoff columns "
                        f"'{_PAYOFF}NAME')",
                    )
                payoffs[r - 1, c - 1] = [self.number(r, c, part) for part in parts]
        return NormalFormGame(payoffs, players, [labels, columns], title)

    def number(self, r: int, c: int, text: str) -> Fraction:
        value = parse(text)
        if value is None:
            self.fail(
                r, c, f"{text!r} is not a payoff; {NUMBERS_WANTED}" if text else "the payoff is missing"
            )
        return value


def _long_table(game: NormalFormGame, name: str) -> list[list[str]]:
    for label in (*game.players, *(a for labels in game.actions for a in labels)):
        if label != label.strip():
            raise FormatError(
                f"{name}: the label {label!r} has space at an end, which a table would lose; use .json"
            )
    for player in game.players:
        if player.lower().startswith(_PAYOFF):
            raise FormatError(f"{name}: the player {player!r} would be taken for a payoff column; use .json")
    lower = [player.lower() for player in game.players]
    if len(set(lower)) < len(lower):
        raise FormatError(
            f"{name}: players' names differ by capitals only, which a table cannot tell apart; use .json"
        )
    rows = [[*game.players, *(_PAYOFF + p for p in game.players)]]
    numbers = written(game)
    rows.extend([*game.labels(p), *numbers[p].tolist()] for p in np.ndindex(game.shape))
    return rows


def _cell_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value).strip()


def _fits_a_float(value: str) -> bool:
    # Excel keeps 15 to 17 digits; a longer integer stays text, so that nothing is rounded in silence.
    return not re.fullmatch(r"-?\d{16,}", value)
