"""A scenario's tree as a workbook."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from games import files
from games.codecs._book_sheets import NUMBER_KEYS, README, SHEETS
from games.errors import ScenarioError

__all__ = ["to_bytes"]


def to_bytes(
    tree: Mapping[str, Any], name: str, hints: Mapping[str, Sequence[Sequence[Any]]] | None = None
) -> bytes:
    """The tree of a scenario as a workbook. Equal trees give equal bytes.

    `hints` are further rows by sheet, written behind a `#` so that they are not read: what rules give, to be changed.
    Raises ScenarioError for text that Excel cannot store.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter
    from openpyxl.utils.exceptions import IllegalCharacterError

    book = Workbook()
    book.remove(book.active)
    readme = [
        ["sheet", "what it holds", "columns"],
        *([s.name, s.about, ", ".join(c.name for c in s.columns)] for s in SHEETS),
        [
            "any sheet",
            "A row whose first cell begins with # is not read. Columns may stand in any order.",
            "",
        ],
        ["then", "Check the workbook with: concert check --all FILE.xlsx", ""],
    ]
    contents = {README: readme}
    for sheet in SHEETS:
        rows = [[column.name for column in sheet.columns], *_ROWS[sheet.name](tree)]
        rows += [[f"# {row[0]}", *row[1:]] for row in (hints or {}).get(sheet.name, ())]
        contents[sheet.name] = rows
    try:
        for title, rows in contents.items():
            page = book.create_sheet(title)
            page.freeze_panes = "A2"
            for r, row in enumerate(rows, start=1):
                for c, value in enumerate(row, start=1):
                    if value is None or value == "":
                        continue
                    cell = page.cell(r, c)
                    # A number goes in by its digits, which openpyxl would round to 16; text stays text, even with "=" before it.
                    number = isinstance(value, float)
                    cell.value = repr(value) if number else value
                    if number or isinstance(value, str):
                        cell.data_type = "n" if number else "s"
                    if r == 1:
                        cell.font = Font(bold=True)
                    if title == README:
                        cell.alignment = Alignment(wrap_text=True, vertical="top")
            for c in range(1, len(rows[0]) + 1):
                longest = max(
                    (len(str(row[c - 1])) for row in rows if len(row) >= c and row[c - 1] is not None),
                    default=8,
                )
                page.column_dimensions[get_column_letter(c)].width = min(60, max(10, longest + 2))
    except IllegalCharacterError:
        raise ScenarioError(
            f"{name}: a text holds a control character, which Excel cannot store; write .toml"
        ) from None
    out = io.BytesIO()
    book.save(out)
    return files.without_clock(out.getvalue())


def _joined(values: Any) -> str:
    return "; ".join(map(str, [values] if isinstance(values, str) else values))


def _top(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    for key, value in tree.items():
        if not isinstance(value, Mapping) and key != "powers":
            yield [key, _joined(value) if isinstance(value, list | tuple) else value]


def _regions(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    for name, entry in tree.get("regions", {}).items():
        note = entry.get("note", "") if isinstance(entry, Mapping) else ""
        states = entry.get("states", []) if isinstance(entry, Mapping) else entry
        yield [name, _joined(states), note]


def _deals(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    for name, entries in tree.get("maps", {}).items():
        yield from [[name, region, holder] for region, holder in entries.items()] or [[name]]


def _observed(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    for name, seen in tree.get("observed", {}).items():
        pairs = [[what, *pair] for what in ("rivals", "contests") for pair in seen.get(what, ())]
        for k, pair in enumerate(pairs or [["", "", ""]]):
            yield [name, *pair, seen.get("source", "") if k == 0 else ""]


def _kinds(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    for power, own in tree.get("kinds", {}).items():
        for kind, entry in own.items():
            changes = list(entry.get("changes", {}).items()) or [("", None)]
            for k, (path, value) in enumerate(changes):
                first = k == 0
                yield [
                    power,
                    kind,
                    entry.get("probability") if first else None,
                    entry.get("discount") if first else None,
                    path,
                    value,
                    entry.get("reason", "") if first else "",
                ]


def _numbers(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
    def walk(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[list[Any]]:
        for key, value in table.items():
            where = (*path, key)
            if isinstance(value, Mapping) and "value" not in value:
                yield from walk(value, where)
            elif isinstance(value, Mapping):
                yield [".".join(where), value["value"], *(value.get(name) for name in NUMBER_KEYS)]
            else:
                yield [".".join(where), value]

    yield from walk(tree.get("numbers", {}), ())


def _pairs(key: str, *inner: str) -> Callable[[Mapping[str, Any]], Iterator[list[Any]]]:
    def rows(tree: Mapping[str, Any]) -> Iterator[list[Any]]:
        for name, entry in tree.get(key, {}).items():
            yield [name, *(entry.get(part, "") for part in inner)] if inner else [name, entry]

    return rows


_ROWS: Mapping[str, Callable[[Mapping[str, Any]], Iterator[list[Any]]]] = {
    "Scenario": _top,
    "Powers": lambda tree: ([power] for power in tree.get("powers") or ()),
    "Regions": _regions,
    "Deals": _deals,
    "Regimes": lambda tree: (
        [name, _joined(bloc)] for name, blocs in tree.get("regimes", {}).items() for bloc in blocs
    ),
    "Observed": _observed,
    "Kinds": _kinds,
    "Numbers": _numbers,
    "Switches": lambda tree: (
        [name, value] for name, value in tree.get("switches", {}).items() if value != ""
    ),
    "Rules": _pairs("rules"),
    "Sources": _pairs("sources", "title", "note", "url"),
}
