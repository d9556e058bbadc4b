"""A workbook as a scenario's tree: every cell is checked before any fault is told."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from games.codecs._book_sheets import NUMBER_KEYS, README, SHEETS, Kind, Sheet
from games.codecs._workbook import opened
from games.errors import FormatError, ScenarioError, did_you_mean

__all__ = ["BookFaults", "from_bytes"]

# A scenario is a page or two: a workbook beyond these sizes is a mistake or an attack.
_MOST_CELLS = 200_000
_MOST_BYTES = 20_000_000
_MOST_FAULTS = 50

_LISTS = ("without", "on_table", "remove")
_WHOLE = ("version", "year")
_BY_NAME = {sheet.name.casefold(): sheet for sheet in SHEETS}


class BookFaults(ScenarioError):
    """Everything that is wrong with the cells of a workbook; `faults` holds one line each."""

    def __init__(self, name: str, faults: Sequence[str]) -> None:
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        super().__init__(f"{name}: {faults[0]}{more}")
        self.faults = tuple(f"{name}: {fault}" for fault in faults)


def from_bytes(data: bytes, name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The tree of a workbook, and where its entries stand: sheet and row by the path of each.

    Raises BookFaults with every cell that is wrong, ScenarioError for what is not a workbook or too large a one.
    """
    try:
        book = opened(data, name, _MOST_BYTES, _MOST_CELLS)
    except FormatError as error:
        raise ScenarioError(str(error)) from None
    reader = _Reader()
    for page in book.worksheets:
        title = page.title.strip()
        if title.casefold() == README.casefold():
            continue
        sheet = _BY_NAME.get(title.casefold())
        if sheet is None:
            known = did_you_mean(title, [*(s.name for s in SHEETS), README])
            reader.faults.append(f"there is no sheet {title!r} in a scenario{known}")
            continue
        _TREES[sheet.name](reader, list(reader.rows(page, sheet)))
    if reader.faults:
        cut = reader.faults[:_MOST_FAULTS]
        raise BookFaults(name, cut)
    return reader.tree, reader.places


class _Row(NamedTuple):
    """One row: its cells by column, and where it stands."""

    cells: Mapping[str, Any]
    where: str

    def text(self, column: str) -> str:
        return str(self.cells.get(column) or "")


@dataclass
class _Reader:
    tree: dict[str, Any] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)

    def rows(self, page: Any, sheet: Sheet) -> Iterator[_Row]:
        """The rows of a sheet with their cells checked; faults are kept, and rows that have some are left out."""
        from openpyxl.utils import get_column_letter

        columns = {column.name: column for column in sheet.columns}
        lines = page.iter_rows(values_only=True)
        head = [str(value).strip().casefold() if value is not None else "" for value in next(lines, ())]
        before = len(self.faults)
        for c, heading in enumerate(head):
            place = f"sheet {sheet.name}, cell {get_column_letter(c + 1)}1"
            if heading and heading not in columns:
                self.faults.append(f"{place}: there is no column {heading!r}{did_you_mean(heading, columns)}")
            elif heading and head.index(heading) != c:
                self.faults.append(f"{place}: the column {heading!r} stands twice")
        missing = [column.name for column in sheet.columns if column.required and column.name not in head]
        if missing and any(head):
            self.faults.append(f"sheet {sheet.name}, row 1: the column {missing[0]!r} is missing")
        if len(self.faults) > before or not any(head):
            return
        for r, line in enumerate(lines, start=2):
            if all(value is None or value == "" for value in line):
                continue
            first = next((value for value, heading in zip(line, head) if heading), None)
            if isinstance(first, str) and first.lstrip().startswith("#"):
                continue
            cells: dict[str, Any] = {}
            before = len(self.faults)
            for c, value in enumerate(line):
                place = f"sheet {sheet.name}, cell {get_column_letter(c + 1)}{r}"
                heading = head[c] if c < len(head) else ""
                if not heading:
                    if value is not None:
                        self.faults.append(f"{place}: {_shown(value)} stands under no heading")
                    continue
                try:
                    cells[heading] = _cell(value, columns[heading].kind)
                except ValueError as error:
                    self.faults.append(f"{place}: {error}")
            for column in sheet.columns:
                empty = column.required and cells.get(column.name) in (None, "", [])
                if empty and len(self.faults) == before:
                    letter = get_column_letter(head.index(column.name) + 1)
                    self.faults.append(f"sheet {sheet.name}, cell {letter}{r}: the {column.name} is missing")
            if len(self.faults) == before:
                yield _Row(cells, f"sheet {sheet.name}, row {r}")

    def place(self, path: str, where: str) -> None:
        self.places.setdefault(path, where)

    def once(self, path: str, row: _Row) -> bool:
        """Keep where an entry stands; a second one of the same path is a fault."""
        if path in self.places:
            self.faults.append(f"{row.where}: {path!r} already stands in {self.places[path]}")
            return False
        self.place(path, row.where)
        return True


def _cell(value: Any, kind: Kind) -> Any:
    """A cell's value as its column wants it; ValueError says what is wrong."""
    if value is None:
        return None
    if isinstance(value, str):
        value = value.strip()
        if value.startswith("#") and value.endswith(("!", "?", "/0!", "#N/A")) and value.isupper():
            raise ValueError(f"the formula here gives {value}; mend it, and save the file in Excel")
    elif not isinstance(value, bool | int | float):
        raise ValueError(f"{_shown(value)} is a date or the like; write it as text or as a number")
    if kind == "any":
        return value
    if kind in ("text", "list"):
        words = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        return words if kind == "text" else [part.strip() for part in words.split(";") if part.strip()]
    if isinstance(value, bool):
        raise ValueError(f"{_shown(value)} is not a number")
    if isinstance(value, str):
        if not value:
            return None
        try:
            value = float(value)
        except ValueError:
            raise ValueError(f"{_shown(value)} is not a number; write it with a point, as in 0.5") from None
    if not math.isfinite(value):
        raise ValueError(f"{value} is not a finite number")
    if kind == "whole" and float(value) != int(value):
        raise ValueError(f"{value:g} is not a whole number")
    return int(value) if kind == "whole" else value


def _shown(value: Any) -> str:
    text = repr(value) if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _read_top(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        key, value = row.text("key"), row.cells.get("value")
        if not reader.once(key, row) or value is None:
            continue
        if key in _LISTS:
            value = [part.strip() for part in str(value).split(";") if part.strip()]
        elif key in _WHOLE and isinstance(value, float) and value.is_integer():
            value = int(value)
        elif key not in _WHOLE and isinstance(value, int | float):
            # A title such as 1984 is a title.
            value = f"{value:g}" if isinstance(value, float) else str(value)
        reader.tree[key] = value


def _read_powers(reader: _Reader, rows: list[_Row]) -> None:
    names = [row.text("power") for row in rows]
    for row in rows:
        reader.place("powers", row.where)
        reader.place(f"powers.{row.text('power')}", row.where)
    if names:
        reader.tree["powers"] = names


def _read_regions(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        name = row.text("region")
        if reader.once(f"regions.{name}", row):
            states = row.cells.get("states") or [name]
            entry: Any = states[0] if len(states) == 1 else states
            if row.text("note"):
                entry = {"states": states, "note": row.text("note")}
            reader.tree.setdefault("regions", {})[name] = entry


def _read_deals(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        deal, region, holder = row.text("deal"), row.text("region"), row.text("holder")
        reader.place(f"maps.{deal}", row.where)
        reader.place(f"map {deal!r}", row.where)
        entries = reader.tree.setdefault("maps", {}).setdefault(deal, {})
        if bool(region) != bool(holder):
            lacking = "holder" if region else "region"
            reader.faults.append(f"{row.where}: the {lacking} is missing")
        elif region and reader.once(f"maps.{deal}.{region}", row):
            entries[region] = holder


def _read_regimes(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        name = row.text("regime")
        reader.place(f"regimes.{name}", row.where)
        reader.tree.setdefault("regimes", {}).setdefault(name, []).append(row.cells["bloc"])


def _read_observed(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        name, relation = row.text("observed"), row.text("relation")
        reader.place(f"observed.{name}", row.where)
        seen = reader.tree.setdefault("observed", {}).setdefault(name, {})
        if row.text("source"):
            seen["source"] = row.text("source")
        pair = [row.text("first"), row.text("second")]
        if relation not in ("", "rivals", "contests"):
            known = did_you_mean(relation, ("rivals", "contests"))
            reader.faults.append(f"{row.where}: the relation cannot be {relation!r}{known}")
        elif relation and not all(pair):
            reader.faults.append(f"{row.where}: {relation} needs two powers, first and second")
        elif relation:
            seen.setdefault(relation, []).append(pair)
        elif any(pair):
            reader.faults.append(f"{row.where}: the relation is missing; it is rivals or contests")


def _read_kinds(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        power, kind = row.text("power"), row.text("kind")
        reader.place(f"kinds.{power}", row.where)
        reader.place(f"kinds.{power}.{kind}", row.where)
        entry = reader.tree.setdefault("kinds", {}).setdefault(power, {}).setdefault(kind, {})
        for key in ("probability", "discount"):
            if row.cells.get(key) not in (None, ""):
                value = row.cells[key]
                entry[key] = float(value) if isinstance(value, int | float) else value
        if row.text("reason"):
            entry["reason"] = row.text("reason")
        change, value = row.text("change"), row.cells.get("value")
        if bool(change) != (value is not None):
            reader.faults.append(f"{row.where}: a change needs the path of a number and its value")
        elif change:
            entry.setdefault("changes", {})[change] = float(row.cells["value"])


def _read_numbers(reader: _Reader, rows: list[_Row]) -> None:
    for row in rows:
        path = row.text("number")
        if not reader.once(f"numbers.{path}", row):
            continue
        kind, _, rest = path.partition(".")
        owner, _, key = rest.rpartition(".")
        table = reader.tree.setdefault("numbers", {})
        if rest:
            table = table.setdefault(kind, {})
            if not isinstance(table, dict) or "value" in table:
                reader.faults.append(f"{row.where}: there is no number {path!r}")
                continue
            table = table.setdefault(owner, {})
        given = {name: row.cells.get(name) for name in NUMBER_KEYS if row.cells.get(name) not in (None, "")}
        table[key or kind] = {"value": row.cells["value"], **given} if given else row.cells["value"]


def _read_pairs(reader: _Reader, rows: list[_Row], key: str, name: str, *inner: str) -> None:
    for row in rows:
        entry = row.text(name)
        if reader.once(f"{key}.{entry}", row):
            value: Any = row.cells.get("text" if key == "rules" else "value")
            if inner:
                value = {part: row.text(part) for part in inner if row.text(part)}
            reader.tree.setdefault(key, {})[entry] = value


_TREES: Mapping[str, Callable[[_Reader, list[_Row]], None]] = {
    "Scenario": _read_top,
    "Powers": _read_powers,
    "Regions": _read_regions,
    "Deals": _read_deals,
    "Regimes": _read_regimes,
    "Observed": _read_observed,
    "Kinds": _read_kinds,
    "Numbers": _read_numbers,
    "Switches": lambda reader, rows: _read_pairs(reader, rows, "switches", "switch"),
    "Rules": lambda reader, rows: _read_pairs(reader, rows, "rules", "rule"),
    "Sources": lambda reader, rows: _read_pairs(reader, rows, "sources", "source", "title", "note", "url"),
}
