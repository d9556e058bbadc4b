"""The sheets of a scenario's workbook."""

from __future__ import annotations

from typing import Literal, NamedTuple

__all__ = ["NUMBER_KEYS", "README", "SHEETS", "Column", "Kind", "Sheet"]

Kind = Literal["text", "list", "number", "whole", "any"]


class Column(NamedTuple):
    """A column of a sheet: `list` is names with semicolons between them, `any` a number, a yes or no, or text."""

    name: str
    kind: Kind = "text"
    required: bool = False


class Sheet(NamedTuple):
    """A sheet: its name, its columns, and what it is for."""

    name: str
    columns: tuple[Column, ...]
    about: str


_NEEDED = True
SHEETS: tuple[Sheet, ...] = (
    Sheet(
        "Scenario",
        (Column("key", required=_NEEDED), Column("value", "any")),
        "One key a row: version (2), name, title, description, year, without, on_table, benchmark, data; or base and remove to "
        "change another scenario. Several names have semicolons between them.",
    ),
    Sheet(
        "Powers",
        (Column("power", required=_NEEDED),),
        "The powers that play, one a row; all great powers of the year if empty.",
    ),
    Sheet(
        "Regions",
        (Column("region", required=_NEEDED), Column("states", "list"), Column("note")),
        "Regions kept apart, with their states (semicolons between them; if empty, the region itself). Rules make the rest.",
    ),
    Sheet(
        "Deals",
        (Column("deal", required=_NEEDED), Column("region"), Column("holder")),
        "What a deal changes against the status quo, one region a row. The holder is a power, 'POWER by consent', 'POWER by "
        "force', 'neutral' or 'nobody'.",
    ),
    Sheet(
        "Regimes",
        (Column("regime", required=_NEEDED), Column("bloc", "list", _NEEDED)),
        "Blocs, one a row: the powers of a bloc accommodate each other and contest the rest.",
    ),
    Sheet(
        "Observed",
        (
            Column("observed", required=_NEEDED),
            Column("relation"),
            Column("first"),
            Column("second"),
            Column("source"),
        ),
        "Stances that were seen, one pair a row: 'rivals' contest each other, 'contests' means that the first contests the "
        "second. The source stands in the first row of each.",
    ),
    Sheet(
        "Kinds",
        (
            Column("power", required=_NEEDED),
            Column("kind", required=_NEEDED),
            Column("probability", "any"),
            Column("discount", "number"),
            Column("change"),
            Column("value", "number"),
            Column("reason"),
        ),
        "Ways a power may be that the others do not know; one changed number a row. Probability, discount factor and reason "
        "stand in the first row of each.",
    ),
    Sheet(
        "Numbers",
        (
            Column("number", required=_NEEDED),
            Column("value", "number", _NEEDED),
            Column("tag"),
            Column("low", "number"),
            Column("high", "number"),
            Column("law"),
            Column("source"),
            Column("year", "whole"),
            Column("reason"),
        ),
        "Numbers in place of those that rules give, by path: half_distance, powers.China.patience, ties.China & Russia.ideology. "
        "The tag is observed (source and year), derived (reason) or assumed (low, high and reason); a value "
        "alone keeps its rule's range.",
    ),
    Sheet(
        "Switches",
        (Column("switch", required=_NEEDED), Column("value", "any", _NEEDED)),
        "Choices of structure, one a row.",
    ),
    Sheet(
        "Rules",
        (Column("rule", required=_NEEDED), Column("text", required=_NEEDED)),
        "The rules by which numbers were chosen.",
    ),
    Sheet(
        "Sources",
        (
            Column("source", required=_NEEDED),
            Column("title", required=_NEEDED),
            Column("note"),
            Column("url"),
        ),
        "Works that numbers or readings are taken from.",
    ),
)
"""The sheets of a workbook, README apart, in order."""

README = "README"
NUMBER_KEYS = ("tag", "low", "high", "law", "source", "year", "reason")
"""What a tagged number says of itself, besides its value."""
