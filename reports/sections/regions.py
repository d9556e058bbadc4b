"""What the regions get: shares, autonomy, and how firmly they lie where they lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from reports.document import Block, Cell, Column, Figure, Mark, RowsPanel, Section, SharesPanel, Table
from reports.sections.parts import called, legend_regimes, mark, reference, rows_of, sentences
from reports.tables import COMMON_UNIT, interval, plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["partition", "shares", "third_parties"]


def shares(result: Comparison) -> Section:
    """Who holds how much of what, in concert and in competition."""
    panels = []
    for title, frame in zip((f"In {called(result)}", "In competition"), result.shares):
        parts = tuple(str(c) for c in frame.columns if c != "holder")
        panels.append(
            SharesPanel(
                title,
                tuple(str(region) for region in frame.index),
                parts,
                tuple(tuple(float(row[part]) for part in parts) for _, row in frame.iterrows()),
            )
        )
    first = panels[0]
    local = first.parts.index("local")
    blocks: list[Block] = [
        Figure(
            caption="Shares by region",
            alt=sentences(
                f"{panel.title.lower()}, the local side keeps "
                + ", ".join(
                    f"{row[local]:.0%} of {region}" for region, row in zip(panel.labels, panel.shares)
                )
                for panel in panels
            ),
            panels=tuple(panels),
            legend=tuple(
                (part if part == "local" else f"p{k}", "the local side" if part == "local" else part)
                for k, part in enumerate(first.parts)
            ),
            notes=(f"Competition is here its equilibrium {reference(result)}, on the status quo map.",),
        )
    ]
    return Section(
        "Who gets how much of what",
        "Shares of each contest: a power's chance to prevail, or its part of what is at stake. The local side's share is the "
        "autonomy that remains; it is nobody's payoff.",
        tuple(blocks),
    )


def third_parties(result: Comparison) -> Section:
    """Who else pays: autonomy lost, never netted against the powers' gains."""
    burden = result.burden
    share = Column("", "percent", 0)

    def cells(name: str, row: Any) -> tuple[Cell, ...]:
        return (
            name,
            (plain_cell(row["holder"]) or "nobody") if "holder" in row else "",
            plain_cell(row["population"]),
            plain_cell(row["gdp"]),
            plain_cell(row.get("autonomy concert")),
            interval(row.get("autonomy competition low"), row.get("autonomy competition high")),
            interval(row.get("lost low"), row.get("lost high")),
            interval(row["person burden low"], row["person burden high"]),
            interval(row["gdp burden low"], row["gdp burden high"]),
        )

    rows = [cells(str(name), row) for name, row in rows_of(burden)]
    total = {name: float(burden[name].sum()) for name in ("population", "gdp")}
    rows.append(cells("total", {**total, **result.burden_total}))
    table = Table(
        caption="The third-party ledger",
        columns=(
            Column("region"),
            Column("holder"),
            Column("population", "number", 1, "m"),
            Column("GDP", "number", 0, "$bn"),
            Column(f"autonomy in {called(result)}", "percent", 0),
            Column("autonomy in competition", "percent", 0),
            Column("autonomy lost", "percent", 0),
            Column("people", "signed", 1, "m"),
            Column("GDP under it", "signed", 0, "$bn"),
        ),
        rows=tuple(rows),
        notes=(
            "Autonomy is the local side's share of the contest for its region. Lost: competition's less the deal's; a "
            "negative loss is a gain of autonomy. People and GDP: autonomy lost, weighted by population and by GDP.",
            "These are not the powers' points and are never netted against the powers' gains.",
        ),
        strong=(len(rows) - 1,),
    )
    names = [str(name) for name in burden.index]
    half = (len(names) + 1) // 2
    panels = []
    for begin, stop in ((0, half), (half, len(names))):
        part = burden.iloc[begin:stop]
        if not len(part):
            continue
        panels.append(
            RowsPanel(
                "Autonomy" if begin == 0 else "",
                tuple(names[begin:stop]),
                tuple(
                    (
                        Mark("concert", float(row["autonomy concert"])),
                        mark(
                            "competition", row["autonomy competition low"], row["autonomy competition high"]
                        ),
                    )
                    for _, row in rows_of(part)
                ),
                tuple(
                    f"{text(plain_cell(row['autonomy concert']), share)} · "
                    f"{text(interval(row['autonomy competition low'], row['autonomy competition high']), share)}"
                    for _, row in rows_of(part)
                ),
                f"{called(result)} · competition",
                (0.0, 1.0),
            )
        )
    figure = Figure(
        caption="What is left to the regions themselves",
        alt=sentences(
            f"{name} keeps {text(plain_cell(row['autonomy concert']), share)} in {called(result)} and "
            f"{text(interval(row['autonomy competition low'], row['autonomy competition high']), share)} in competition"
            for name, row in rows_of(burden)
        ),
        panels=tuple(panels),
        legend=legend_regimes(result)[:2],
    )
    return Section(
        "Who else pays",
        "A deal of the powers is paid for in part by people who are not at the table. This ledger is theirs and is "
        "kept apart.",
        (figure, table),
    )


def partition(result: Comparison) -> Section:
    """Region by region: would anybody else value holding it more, and at what reach does it flip?"""
    table = Table(
        caption="How firmly each region lies where it lies",
        columns=(
            Column("region"),
            Column("holder"),
            Column("worth to its holder", "number", common_unit=True),
            Column("best contester"),
            Column("worth to the contester", "number", common_unit=True),
            Column("margin", "signed", common_unit=True),
            Column("strongest there"),
            Column("flips above", "number", 0, "km"),
            Column("flips below", "number", 0, "km"),
            Column("flips to"),
        ),
        rows=tuple(
            (
                name,
                plain_cell(row["holder"]) or "nobody",
                plain_cell(row["owner value"]),
                plain_cell(row["best contester"]),
                plain_cell(row["contester value"]),
                plain_cell(row["margin"]),
                str(row["strongest"]),
                plain_cell(row["flips above km"]),
                plain_cell(row["flips below km"]),
                plain_cell(row["flips to"]),
            )
            for name, row in rows_of(result.stability)
        ),
        notes=(
            "Worth: the payoff from this region alone, to the holder while all accommodate, to the contester when it alone "
            "contests the holder. A negative margin: the contester would get more out of contesting than the holder out of "
            "keeping.",
            "Strongest there: by capability halved with every half-distance, whoever holds the region. It flips where the "
            "half-distance, the reach of power, rises above or falls below the figures given; ∞ means never.",
            COMMON_UNIT,
        ),
    )
    return Section("Which spheres are firm", "A sphere is firm where its holder values it most.", (table,))
