"""Reading a folder of tables of facts, and one line for each fault in it."""

from __future__ import annotations

import csv
import math
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from games.arguments import checked
from games.errors import ScenarioError, did_you_mean
from games.spheres.names import check_name

__all__ = ["COLUMNS", "Tables", "faults", "read"]

SHIPPED = Path(__file__).parent / "data"


@dataclass(frozen=True)
class Column:
    """What a cell may hold: its kind (`int`, `float`, `flag`, `text`), bounds, and whether it may be empty."""

    kind: str
    low: float = -math.inf
    high: float = math.inf
    empty: bool = False
    one_of: tuple[str, ...] = ()


_EPOCH = Column("int", 1, 9999)
_CODE = Column("text")
_FLAG = Column("flag")
_LAT, _LON = Column("float", -90, 90), Column("float", -180, 180)
_FROM_TO = Column("int", 1, 9999)

# Columns of each table, in order; tables after `places` may be left out of a folder.
COLUMNS: Mapping[str, Mapping[str, Column]] = {
    "states": {
        "epoch": _EPOCH,
        "code": _CODE,
        "name": _CODE,
        "cinc": Column("float", 0, 1),
        "gdp_share": Column("float", 0, 1),
        "share_note": Column("text", empty=True),
        "gdp": Column("float", 0, empty=True),
        "population": Column("float", 0, empty=True),
        "capital": Column("text", empty=True),
        "lat": _LAT,
        "lon": _LON,
        "power": _FLAG,
        "listed": _FLAG,
    },
    "relations": {
        "epoch": _EPOCH,
        "state": _CODE,
        "power": _CODE,
        "land": _FLAG,
        "pact": _FLAG,
        "rivalry": _FLAG,
        "disputes": Column("int", 0),
    },
    "places": {
        "power": _CODE,
        "name": _CODE,
        "lat": _LAT,
        "lon": _LON,
        "from": _FROM_TO,
        "to": _FROM_TO,
        "overland": _FLAG,
    },
    "claims": {
        "epoch": _EPOCH,
        "claimant": _CODE,
        "target": _CODE,
        "salience": Column("float", 0, 12),
        "entire": _FLAG,
        "offshore": _FLAG,
        "name": Column("text", empty=True),
        "source": Column("text", empty=True),
    },
    "bonds": {
        "state": _CODE,
        "power": _CODE,
        "from": _FROM_TO,
        "to": _FROM_TO,
        "mode": Column("text", one_of=("consent", "force")),
        "source": _CODE,
    },
    "pace": {
        "from": _FROM_TO,
        "to": _FROM_TO,
        "factor": Column("float", 1e-6, 1e6),
        "source": _CODE,
    },
    "powers": {
        "epoch": _EPOCH,
        "power": _CODE,
        "changes": Column("int", 0),
        "years": Column("int", 1),
        "growth": Column("float", -0.5, 0.5, empty=True),
    },
    "dyads": {
        "first": _CODE,
        "second": _CODE,
        "year": _EPOCH,
        "rivalry": Column("flag", empty=True),
        "disputes": Column("int", 0, empty=True),
        "war": Column("flag", empty=True),
    },
}
REQUIRED = ("states", "relations", "places")

Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Tables:
    """The tables of a folder: rows as dictionaries of typed values, by table. `sources` is the folder's `sources.toml`."""

    folder: Path
    rows: Mapping[str, tuple[Row, ...]]
    sources: Mapping[str, Any]

    @property
    def epochs(self) -> tuple[int, ...]:
        """Years that the tables describe, in order."""
        return tuple(sorted({row["epoch"] for row in self.rows["states"]}))

    def at(self, table: str, epoch: int) -> Iterator[Row]:
        """The rows of one epoch."""
        return (row for row in self.rows[table] if row["epoch"] == epoch)

    def during(self, table: str, year: int) -> Iterator[Row]:
        """The rows of a table with `from` and `to` that hold in a year."""
        return (row for row in self.rows[table] if row["from"] <= year <= row["to"])


def read(folder: str | Path | None = None) -> Tables:
    """Read a folder of tables, or the shipped ones. Raises ScenarioError with the first fault and how many more there are."""
    path = SHIPPED if folder is None else Path(folder)
    if folder is None:
        return _shipped()
    tables, problems = _load(path)
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        raise ScenarioError(f"{problems[0]}{more}")
    assert tables is not None
    return tables


@checked
def faults(folder: str | Path) -> list[str]:
    """Every fault of a folder of tables, one line each; empty for a sound one."""
    return _load(Path(folder))[1]


@lru_cache(maxsize=1)
def _shipped() -> Tables:
    tables, problems = _load(SHIPPED)
    if tables is None:  # pragma: no cover - the shipped tables are tested
        raise ScenarioError(problems[0])
    return tables


def _load(folder: Path) -> tuple[Tables | None, list[str]]:
    problems: list[str] = []
    rows: dict[str, tuple[Row, ...]] = {}
    if not folder.is_dir():
        return None, [f"there is no folder of tables {str(folder)!r}"]
    for table, columns in COLUMNS.items():
        path = folder / f"{table}.csv"
        if not path.is_file():
            if table in REQUIRED:
                problems.append(f"{path}: this table is missing")
            rows[table] = ()
            continue
        rows[table] = tuple(_rows(path, columns, problems))
    sources: Mapping[str, Any] = {}
    if (folder / "sources.toml").is_file():
        try:
            sources = tomllib.loads((folder / "sources.toml").read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            problems.append(f"{folder / 'sources.toml'}: this is not valid TOML: {error}")
    if not problems:
        problems += _across(folder, rows)
    return (None if problems else Tables(folder, rows, sources)), problems


def _rows(path: Path, columns: Mapping[str, Column], problems: list[str]) -> Iterator[Row]:
    try:
        with path.open(newline="", encoding="utf-8-sig") as handle:
            lines = list(csv.reader(handle, strict=True))
    except UnicodeDecodeError:
        problems.append(f"{path}: this is not a text file in UTF-8")
        return
    except (csv.Error, OSError) as error:
        problems.append(f"{path}: cannot be read: {error}")
        return
    if not lines:
        problems.append(f"{path}: this table is empty")
        return
    header = [cell.strip() for cell in lines[0]]
    wrong = False
    for name in columns:
        if name not in header:
            problems.append(f"{path}: column {name!r} is missing")
            wrong = True
    for name in header:
        if name not in columns:
            problems.append(f"{path}: unknown column {name!r}{did_you_mean(name, columns)}")
            wrong = True
        elif header.count(name) > 1:
            problems.append(f"{path}: column {name!r} stands there twice")
            return
    if wrong:
        return
    cells = [(name, _Cells(columns[name])) for name in header]
    for number, line in enumerate(lines[1:], start=2):
        if not line:
            continue
        if len(line) != len(header):
            problems.append(f"{path}, row {number}: {len(line)} cells; the table has {len(header)} columns")
            continue
        row: Row = {}
        sound = True
        for (name, known), raw in zip(cells, line):
            try:
                row[name] = known[raw]
            except ValueError as error:
                problems.append(f"{path}, row {number}, column {name}: {error}")
                sound = False
        if sound:
            row["row"] = number
            yield row


class _Cells(dict[str, Any]):
    """The values of a column's cells by what is written there; years, codes and names stand there a hundred times."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self.column = column

    def __missing__(self, raw: str) -> Any:
        value = self[raw] = _cell(self.column, raw.strip())
        return value


def _cell(column: Column, raw: str) -> Any:
    if raw == "":
        if column.empty:
            return None if column.kind != "text" else ""
        raise ValueError("the cell is empty")
    if column.kind == "text":
        if column.one_of and raw not in column.one_of:
            raise ValueError(f"{raw!r} is none of {', '.join(map(repr, column.one_of))}")
        return raw
    if column.kind == "flag":
        if raw not in ("0", "1"):
            raise ValueError(f"{raw!r} is neither 0 nor 1")
        return raw == "1"
    try:
        value = int(raw) if column.kind == "int" else float(raw)
    except ValueError:
        kind = "a whole number" if column.kind == "int" else "a number"
        raise ValueError(f"{raw!r} is not {kind}") from None
    if not math.isfinite(value):
        raise ValueError(f"{raw!r} is not a finite number")
    if not column.low <= value <= column.high:
        limits = (
            f"at least {column.low:g}"
            if math.isinf(column.high)
            else f"between {column.low:g} and {column.high:g}"
        )
        raise ValueError(f"{raw} is out of bounds; it must be {limits}")
    return value


def _across(folder: Path, rows: Mapping[str, tuple[Row, ...]]) -> Iterator[str]:
    """What one cell cannot show: that codes fit together, that nothing stands twice, and that names are sound."""
    known: dict[tuple[int, str], Row] = {}
    codes: set[str] = set()
    places = {row["power"] for row in rows["places"]}
    names: dict[tuple[int, str], int] = {}
    sound: set[str] = set()
    for row in rows["states"]:
        where = f"{folder / 'states.csv'}, row {row['row']}"
        key = (row["epoch"], row["code"])
        if key in known:
            yield f"{where}, column code: {row['code']} stands in epoch {row['epoch']} twice"
        known[key] = row
        codes.add(row["code"])
        name = (row["epoch"], row["name"])
        if name in names:
            yield f"{where}, column name: {row['name']!r} stands in epoch {row['epoch']} twice"
        names[name] = row["row"]
        if row["name"] not in sound:
            try:
                check_name(f"{where}, column name", row["name"])
                sound.add(row["name"])
            except ScenarioError as error:
                yield str(error)
        if row["power"] and row["code"] not in places:
            yield f"{where}, column power: {row['name']} is a power, but places.csv has no place of {row['code']}"
        if row["power"] and not (row["cinc"] > 0 and row["gdp_share"] > 0):
            yield f"{where}, column cinc: {row['name']} is a power; its shares must be above 0"
    if not rows["states"]:
        yield f"{folder / 'states.csv'}: this table has no rows"
    for row in rows["powers"]:
        if (row["epoch"], row["power"]) not in known:
            yield f"{folder / 'powers.csv'}, row {row['row']}, column power: no state {row['power']} in epoch {row['epoch']}"
    for table, columns in (("relations", ("state", "power")), ("claims", ("claimant", "target"))):
        seen: set[tuple[object, ...]] = set()
        for row in rows[table]:
            where = f"{folder / f'{table}.csv'}, row {row['row']}"
            for column in columns:
                if (row["epoch"], row[column]) not in known:
                    yield f"{where}, column {column}: no state {row[column]} in epoch {row['epoch']}"
            if row[columns[0]] == row[columns[1]]:
                yield f"{where}, column {columns[1]}: {row[columns[1]]} stands in both columns"
            if table == "relations":
                pair = (row["epoch"], row["state"], row["power"])
                if pair in seen:
                    yield f"{where}: this pair stands in epoch {row['epoch']} twice"
                seen.add(pair)
    for table, column in (
        ("places", "power"),
        ("bonds", "state"),
        ("bonds", "power"),
        ("dyads", "first"),
        ("dyads", "second"),
    ):
        for row in rows[table]:
            if row[column] not in codes:
                yield f"{folder / f'{table}.csv'}, row {row['row']}, column {column}: no state {row[column]}"
    for table in ("places", "bonds", "pace"):
        for row in rows[table]:
            if row["from"] > row["to"]:
                yield f"{folder / f'{table}.csv'}, row {row['row']}, column to: {row['to']} is before {row['from']}"
