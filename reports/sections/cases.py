"""The same deal on other maps and under other measures of power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reports.document import Block, Bullets, Column, Figure, Paragraph, RowsPanel, Section, Table
from reports.sections.parts import mark, rows_of, sentences, yes
from reports.tables import COMMON_UNIT, interval, text

if TYPE_CHECKING:
    import pandas as pd

    from solvers.compare import Comparison

__all__ = ["indices", "maps"]


def maps(result: Comparison) -> Section:
    """The same restraint on the other maps."""
    return Section(
        "On other maps",
        f"The same restraint on every named map, always against competition on the status quo map. This report's map: "
        f"{result.map}.",
        _overview(result.maps, result.players, "map"),
    )


def indices(result: Comparison) -> Section:
    """Every capability index side by side, and what flips between them."""
    flips = Bullets(tuple(result.flips)) if result.flips else Paragraph("Nothing flips between the indices.")
    return Section(
        "Does the measure of power matter?",
        "Capability indices disagree about who is strongest. What changes with the index comes first.",
        (flips, *_overview(result.by_index, result.players, "index")),
    )


def _overview(frame: pd.DataFrame, players: tuple[str, ...], name: str) -> tuple[Block, ...]:
    """Premiums and critical discount factors, case by case: a figure and a table."""
    signed = Column("", "signed")
    spans = {p: list(zip(frame[f"{p} premium low"], frame[f"{p} premium high"])) for p in players}
    panels = tuple(
        RowsPanel(
            power,
            tuple(str(case) for case in frame.index),
            tuple((mark("competition", *span),) for span in spans[power]),
            tuple(text(interval(*span), signed) for span in spans[power]),
            "premium, points",
            zero=True,
        )
        for power in players
    )
    figure = Figure(
        caption=f"Premium by {name}",
        alt=sentences(
            f"{power}'s premium is "
            + ", ".join(
                f"{text(interval(*span), signed)} under {case}"
                for case, span in zip(frame.index, spans[power])
            )
            for power in players
        ),
        panels=panels,
        legend=(("competition", "premium over competition, lowest to highest"),),
        notes=("Each power has its own scale; comparing two powers' points supposes a common unit.",),
    )
    table = Table(
        caption=f"Would it hold, by {name}",
        columns=(
            Column(name),
            Column("holds by Nash reversion"),
            Column("could hold by minmax"),
            Column("critical discount of the least willing", "discount", 3),
            *(Column(f"premium of {power}", "signed", common_unit=True) for power in players),
        ),
        rows=tuple(
            (
                case,
                yes(row["holds nash"]),
                yes(row["holds minmax"]),
                interval(row["critical overall low"], row["critical overall high"]),
                *(interval(row[f"{power} premium low"], row[f"{power} premium high"]) for power in players),
            )
            for case, row in rows_of(frame)
        ),
        notes=(COMMON_UNIT,),
    )
    return figure, table
