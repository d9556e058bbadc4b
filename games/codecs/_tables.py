"""Payoff tables in CSV, and the tables in workbooks.

The *long table* has a column for each player's action, a column `payoff of NAME` for each player's payoff, and a row for each
profile, in any order. Actions are numbered in the order in which they first appear:

    Row,Column,payoff of Row,payoff of Column
    C,C,3,3
    C,D,0,5
    D,C,5,0
    D,D,1,1

The payoff columns may be headed `u1`, `u2` or `payoff1`, `payoff 2` as well, in the order of the players.

For two players a *bimatrix* is read too. The first row holds the second player's actions, the first column the first player's.
Each cell holds two payoffs, or one for a zero-sum game. The corner may name the players:

    Row \\ Column,C,D
    C,"3, 3",0:5
    D,5 0,1; 1

Lines before the table that begin with # are left out. Numbers may have a decimal comma where it cannot be mistaken: not in a
table that has decimal points too. Games are always written as long tables.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from fractions import Fraction
from typing import NoReturn

import numpy as np

from games.codecs._game_data import GameData
from games.codecs.numbers import NUMBERS_WANTED, parse
from games.errors import FormatError

__all__ = ["Table", "from_csv", "long_table", "to_csv"]

_PAYOFF = "payoff of "
_NUMBERED = re.compile(r"(?:u|payoffs?|utility)[ _]?([1-9]\d?)", re.IGNORECASE)
_COMMA = re.compile(r"[+\-\N{MINUS SIGN}]?\d+,\d+")
_THOUSAND = re.compile(r"[+\-\N{MINUS SIGN}]?[1-9]\d{0,2},\d{3}")
_FORMULA = ("=", "+", "-", "@", "'")


def to_csv(game: GameData, name: str) -> str:
    """The game as a long table in CSV; `name` is the file's, for messages."""
    out = io.StringIO(newline="")
    n = len(game.players)
    rows = long_table(game, name)
    guarded = [[_guarded(cell) for cell in rows[0]]]
    guarded += [[*(_guarded(cell) for cell in row[:n]), *row[n:]] for row in rows[1:]]
    csv.writer(out, lineterminator="\n").writerows(guarded)
    return out.getvalue()


def from_csv(text: str, name: str) -> GameData:
    """The game in a CSV table; the cells are separated by commas, semicolons, tabs or bars, as the first line shows."""
    # Excel writes "sep=;" before a table, people comments.
    skipped = begin = 0
    while (end := text.find("\n", begin)) >= 0 and re.match(r"\s*#|sep=.\s*$", text[begin:end]):
        begin = end + 1
        skipped += 1
    text = text[begin:]
    head = re.sub(r'"[^"]*"', "", text.split("\n", 1)[0])
    separator = next((s for s in ",;\t|" if s in head), ",")
    reader = csv.reader(
        io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True, strict=True
    )
    rows: list[list[str]] = []
    lines: list[int] = []
    line = 1
    try:
        for row in reader:
            if any(row):
                rows.append([_unguarded(cell.strip()) for cell in row])
                lines.append(line + skipped)
            line = reader.line_num + 1
    except csv.Error as error:
        raise FormatError(f"{name}, line {reader.line_num + skipped}: not a CSV table: {error}") from None
    return Table(rows, name, lambda r, c: f"line {lines[r]}, column {c + 1}", separator != ",").game("")


class Table:
    """Rows of text with a way to say where a cell is."""

    def __init__(
        self,
        rows: list[list[str]],
        name: str,
        where: Callable[[int, int], str],
        commas_are_decimal: bool = False,
    ) -> None:
        self.name = name
        self.locate = where
        kept = [r for r, row in enumerate(rows) if any(row)]
        self.numbers = kept
        width = max((max(c for c, cell in enumerate(rows[r]) if cell) + 1 for r in kept), default=0)
        self.rows = [[*rows[r], *[""] * width][:width] for r in kept]
        cells = [cell for row in self.rows[1:] for cell in row]
        self.points = any(re.search(r"\d\.\d", cell) for cell in cells)
        # "1,234" may be a thousand or a fraction; where cells are not separated by commas, or another number has no three
        # digits after its comma, it is a fraction.
        commas = [cell for cell in cells if _COMMA.fullmatch(cell)]
        self.commas = commas_are_decimal or any(not _THOUSAND.fullmatch(cell) for cell in commas)

    def fail(self, r: int, c: int, what: str) -> NoReturn:
        place = self.locate(self.numbers[r], c)
        raise FormatError(f"{self.name}, {place}: {what}")

    def game(self, title: str) -> GameData:
        if len(self.rows) < 2:
            raise FormatError(
                f"{self.name}: the table needs a row of headings and a row for each profile "
                "(columns: one for each player's action, then 'payoff of NAME' for each player)"
            )
        return self.long(title) if self.name_payoffs() else self.bimatrix(title)

    def name_payoffs(self) -> bool:
        """Whether this is a long table; headings such as `u1` are then written out as `payoff of NAME`."""
        head = self.rows[0]
        if any(cell.lower().startswith(_PAYOFF) for cell in head):
            return True
        found = [_NUMBERED.fullmatch(cell) for cell in head]
        numbers = [int(f[1]) for f in found if f]
        players = [cell for cell, f in zip(head, found) if not f]
        if not numbers or sorted(numbers) != list(range(1, len(players) + 1)):
            return False
        self.rows[0] = [f"{_PAYOFF}{players[int(f[1]) - 1]}" if f else cell for cell, f in zip(head, found)]
        return True

    def long(self, title: str) -> GameData:
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
        return GameData(payoffs, players, [list(seen) for seen in actions], title)

    def bimatrix(self, title: str) -> GameData:
        head = self.rows[0]
        named = [part.strip() for part in re.split(r"[\\/|]", head[0])]
        players = named if len(named) == 2 and all(named) else ["Player 1", "Player 2"]
        columns = head[1:]
        for c, cell in enumerate(columns, start=1):
            if not cell:
                self.fail(0, c, "the heading is empty; it must name an action of the second player")
        payoffs = np.empty((len(self.rows) - 1, len(columns), 2), dtype=object)
        labels = []
        parts = [[_parts(cell) for cell in row[1:]] for row in self.rows[1:]]
        zero_sum = all(len(p) == 1 for row in parts for p in row)
        for c, cell in enumerate(columns, start=1):
            if zero_sum and _NUMBERED.fullmatch(cell):
                self.fail(
                    0,
                    c,
                    f"{cell!r} looks like a payoff column; number these from 1, one for each player's column",
                )
        for r, row in enumerate(self.rows[1:], start=1):
            if not row[0]:
                self.fail(r, 0, "the first cell is empty; it must name an action of the first player")
            labels.append(row[0])
            for c, cell in enumerate(row[1:], start=1):
                found = parts[r - 1][c - 1]
                if zero_sum:
                    value = self.number(r, c, found[0])
                    payoffs[r - 1, c - 1] = [value, -value]
                    continue
                if len(found) != 2:
                    self.fail(
                        r,
                        c,
                        f"{cell!r} is not a pair of payoffs such as '3, 5' (or, in a long table, head the payoff columns "
                        f"'{_PAYOFF}NAME'; a zero-sum table has one number in every cell)",
                    )
                payoffs[r - 1, c - 1] = [self.number(r, c, part) for part in found]
        return GameData(payoffs, players, [labels, columns], title)

    def number(self, r: int, c: int, text: str) -> Fraction:
        value = parse(text)
        if value is None and _COMMA.fullmatch(text):
            if self.points or not self.commas:
                self.fail(
                    r,
                    c,
                    f"{text!r}: the comma may mark decimals or thousands; write decimals with points, thousands without a mark",
                )
            value = parse(text.replace(",", "."))
        if value is None:
            self.fail(
                r, c, f"{text!r} is not a payoff; {NUMBERS_WANTED}" if text else "the payoff is missing"
            )
        return value


def _parts(cell: str) -> list[str]:
    """The payoffs in a cell: apart from each other by a colon, a semicolon, space or, failing these, a comma."""
    text = cell.strip("() ")
    for separator in (r"\s*[;:|]\s*", r"\s*,\s+|\s+", r"\s*,\s*"):
        parts = [p for p in re.split(separator, text) if p]
        if len(parts) > 1:
            return parts
    return [text] if text else []


def long_table(game: GameData, name: str) -> list[list[str]]:
    """The rows of the long table; raises FormatError for labels that a table would not give back."""
    for label in (*game.players, *(a for labels in game.actions for a in labels)):
        if label != label.strip():
            raise FormatError(
                f"{name}: the label {label!r} has space at an end, which a table would lose; use .json"
            )
        if "\r" in label:
            raise FormatError(
                f"{name}: the label {label!r} has a carriage return, which a table would lose; use .json"
            )
    for player in game.players:
        if player.lower().startswith(_PAYOFF):
            raise FormatError(f"{name}: the player {player!r} would be taken for a payoff column; use .json")
    if game.players[0].startswith("#") or re.fullmatch(r"sep=.", game.players[0]):
        raise FormatError(f"{name}: the player {game.players[0]!r} would be taken for a comment; use .json")
    lower = [player.lower() for player in game.players]
    if len(set(lower)) < len(lower):
        raise FormatError(
            f"{name}: players' names differ by capitals only, which a table cannot tell apart; use .json"
        )
    rows = [[*game.players, *(_PAYOFF + p for p in game.players)]]
    numbers = game.numbers()
    rows.extend([*game.labels(p), *numbers[p].tolist()] for p in np.ndindex(game.shape))
    return rows


def _guarded(label: str) -> str:
    """A label as text for programs that would compute it: an apostrophe before =, +, -, @ (and before another apostrophe)."""
    return f"'{label}" if label[:1] in _FORMULA else label


def _unguarded(cell: str) -> str:
    return cell[1:] if cell[:1] == "'" and cell[1:2] in _FORMULA and len(cell) > 1 else cell
