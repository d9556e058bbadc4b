"""Other deals: every division of the regions on the table, and the best by each criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.errors import SizeError
from reports.document import Block, Column, Paragraph, Section, Table
from reports.sections.parts import too_large, yes
from reports.tables import interval, plain_cell
from solvers.base.rows import typed
from solvers.partitions.rows import DivisionRow

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare import Comparison

__all__ = ["TITLE", "partitions"]

TITLE = "Is there a better map?"

_ROWS = 6


def partitions(result: Comparison) -> Section:
    """Every way to divide the map, and the best ones by each criterion."""
    try:
        found = result.partitions
    except SizeError as error:
        return Section(TITLE, "", (too_large(error),))
    blocks: list[Block] = [Paragraph(found.summary())]
    if found.firm.any():
        blocks.append(_table("Best divisions by criterion", "criterion", found.named, result))
    else:
        blocks.append(
            Paragraph(
                "No division of the map gives every power its competitive payoff, holds, and withstands every pair. The table "
                "shows those that come nearest, acceptable ones first, then by the smallest premium."
            )
        )
        rows = found.to_frame(_ROWS)
        rows.index = [str(n) for n in range(1, len(rows) + 1)]
        blocks.append(_table("Nearest divisions", "rank", rows, result))
    return Section(
        TITLE,
        "Every division of the regions on the table among the powers, under the same regime of restraint.",
        tuple(blocks),
    )


def _table(caption: str, first: str, frame: pd.DataFrame, result: Comparison) -> Table:
    reversion = {"own map": "division's own map"}.get(result.partitions.reversion, "status quo map")
    return Table(
        caption=caption,
        columns=(
            Column(first),
            Column("changes"),
            *(Column(f"premium of {p}", "signed", common_unit=True) for p in result.players),
            Column("acceptable"),
            Column("holds"),
            Column("critical discount", "discount", 3),
            Column("blocked by"),
            Column("autonomy lost", "signed", 1, "m people"),
        ),
        rows=tuple(
            (
                name,
                row.changes,
                *(interval(*ends) for ends in zip(row.premium_low, row.premium_high)),
                yes(row.acceptable),
                yes(row.holds),
                plain_cell(row.critical_discount),
                row.blocked_by,
                interval(row.person_burden_low, row.person_burden_high),
            )
            for name, row in zip(frame.index, typed(frame, DivisionRow, result.players))
        ),
        notes=(
            f"Critical discount: largest over the powers, with reversion to competition on the {reversion}. Autonomy "
            f"lost is never "
            "netted against the powers' gains.",
        ),
    )
