"""Other deals: every partition of the regions, what bargaining would choose, coalitions, and the strategic triangle."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from games.errors import SizeError
from reports.document import Block, Column, Figure, Paragraph, Section, Table, TrianglePanel
from reports.sections.parts import rows_of, yes
from reports.tables import COMMON_UNIT, interval, plain_cell, text

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare import Comparison

__all__ = ["partitions", "triangle"]

_ROWS = 6


def partitions(result: Comparison) -> Section:
    """Every way to divide the map, and the ones a search names."""
    title = "Is there a better map?"
    try:
        found = result.partitions
    except SizeError as error:
        return Section(title, "", (Paragraph(f"Not worked out here: {error}."),))
    named = found.named
    blocks: list[Block] = [Paragraph(found.summary())]
    if (named["what changes hands"] == "no such partition").all():
        blocks.append(
            Paragraph(
                "No map at all makes a deal that gives every power at least what it has in competition, that holds, and "
                "that no pair would block. The table shows those that come nearest by the smallest premium."
            )
        )
        rows = found.to_frame(_ROWS)
        rows.index = [str(n) for n in range(1, len(rows) + 1)]
        blocks.append(_table("Nearest partitions", "", rows, result))
    else:
        blocks.append(_table("Partitions that a search names", "search", named, result))
    return Section(
        title,
        "Every division of the regions among the powers, or into nobody's sphere, under the same restraint.",
        tuple(blocks),
    )


def _table(caption: str, first: str, frame: pd.DataFrame, result: Comparison) -> Table:
    def premium(row: Any, power: str) -> Any:
        return interval(row[f"{power} premium low"], row[f"{power} premium high"])

    return Table(
        caption=caption,
        columns=(
            Column(first or "rank"),
            Column("what changes hands"),
            *(Column(f"premium of {p}", "signed", common_unit=True) for p in result.players),
            Column("holds"),
            Column("critical discount", "discount", 3),
            Column("blocked by"),
            Column("autonomy lost", "signed", 1, "m people"),
        ),
        rows=tuple(
            (
                name,
                str(row["what changes hands"]),
                *(premium(row, p) for p in result.players),
                yes(row["holds"]),
                plain_cell(row["critical discount"]),
                str(row["blocked by"]),
                interval(row["person burden low"], row["person burden high"]),
            )
            for name, row in rows_of(frame)
        ),
        notes=(
            "Critical discount: with reversion to competition on the status quo map. Autonomy lost is never netted against "
            "the powers' gains.",
            COMMON_UNIT,
        ),
    )


def triangle(result: Comparison) -> Section:
    """The strategic triangle of three powers, and the price of turning one of them."""
    from solvers import triangle as triangles
    from solvers.cooperative import balance

    found = triangles.from_model(result.model, map=result.map)
    panels = []
    for signs in ((1, 1, 1), *(found.named("stable marriage", odd) for odd in found.players)):
        roles = triangles.roles(signs)
        payoff = found.payoff(signs)
        notes = tuple(
            f"{role}, {text(x, Column('', 'number', 1))}" for role, x in zip(roles, payoff.tolist())
        )
        panels.append(
            TrianglePanel(
                found.label(signs).split(",")[0].capitalize(),
                found.players,
                (notes[0], notes[1], notes[2]),
                signs,
                "stable" if not found.leaks(signs) else "not stable",
            )
        )
    figure = Figure(
        caption="Triangles of friends and foes",
        alt=found.summary(),
        panels=tuple(panels),
        legend=(("friendly", "friendly: both accommodate"), ("hostile", "hostile: both contest")),
        notes=(
            "Under each name its role and its payoff, in points a year, on this report's map. Stable: no power would turn a "
            "tie hostile, and no two would turn theirs friendly (pairwise, Jackson and Wolinsky 1996). "
            + found.summary(),
        ),
    )
    rows = []
    for courter in found.players:
        for courted in found.players:
            if courter == courted:
                continue
            bid = triangles.courtship(found, courter, courted)
            rows.append(
                (
                    f"{courter} courts {courted} from {bid.rival}",
                    plain_cell(bid.asked),
                    plain_cell(bid.worth),
                    plain_cell(bid.counter),
                    plain_cell(bid.price),
                    yes(bid.pays),
                )
            )
    table = Table(
        caption="What it takes to split two powers",
        columns=(
            Column("move"),
            Column("asked by the courted", "signed", common_unit=True),
            Column("worth to the courter", "signed", common_unit=True),
            Column("the rival would pay to stop it", "signed", common_unit=True),
            Column("price", "number", common_unit=True),
            Column("pays"),
        ),
        rows=tuple(rows),
        notes=(
            "From two friends against the courter to the courter and the courted against the rival. A reverse Kissinger is the "
            "United States courting Russia from China. It pays if its worth exceeds what is asked and the best counter-offer "
            "together.",
            COMMON_UNIT,
        ),
    )
    triads = balance(result.model)
    balances = Table(
        caption="Who beats whom",
        columns=(
            Column("capability index"),
            Column("balance"),
            *(Column(f"{p} pivotal") for p in result.players),
        ),
        rows=tuple(
            (name, str(row["balance"]), *(yes(row[f"{p} pivotal"]) for p in result.players))
            for name, row in rows_of(triads.to_frame())
        ),
        notes=(
            "A coalition wins with more than half of all strength (Caplow 1956). Pivotal: makes some coalition win.",
        ),
    )
    return Section(
        "The strategic triangle",
        "Each pair friendly or hostile: which triangles last, and what would it cost to turn one power from another?",
        (figure, table, balances),
    )
