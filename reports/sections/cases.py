"""The same deal on other maps and under other measures of power."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.words import listed, possessive
from reports.document import Block, Bullets, Column, Figure, Paragraph, RowsPanel, Section, Table
from reports.sections.gains import OWN_SCALES
from reports.sections.parts import mark, sentences, yes
from reports.tables import interval, text
from solvers.base.rows import typed
from solvers.compare.rows import CaseRow

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from solvers.compare import Comparison
    from solvers.spheres.standing import Standing

__all__ = ["INDICES", "MAPS", "indices", "maps", "overview_figure"]

MAPS, INDICES = "On other maps", "Does the measure of power matter?"


def maps(result: Comparison) -> Section:
    """The same restraint on the other maps."""
    return Section(
        MAPS,
        f"The same regime on every named map, always compared with competition on the status quo map. This report's map: "
        f"{result.map_name}.",
        _overview(result.maps, result.by_map, result.players, "map"),
    )


def indices(result: Comparison) -> Section:
    """Every capability index and structural variant side by side, and what changes between them."""
    changes = (
        Bullets(tuple(result.what_changes))
        if result.what_changes
        else Paragraph("No result changes with the index or under a variant.")
    )
    return Section(
        INDICES,
        "Capability indices disagree about who is strongest, and the model has structural variants. What changes comes first.",
        (
            changes,
            *_overview(result.by_index, result.by_capability, result.players, "index"),
            *_overview(result.variants, result.by_variant, result.players, "variant"),
        ),
    )


def _overview(
    frame: pd.DataFrame, standings: Mapping[str, Standing], players: tuple[str, ...], name: str
) -> tuple[Block, ...]:
    """Premiums and critical discount factors, case by case: a figure and a table."""
    partial = [
        f"'{case}'" for case, s in standings.items() if not (s.equilibria.complete and s.reversion.complete)
    ]
    notes: tuple[str, ...] = ()
    if partial:
        notes = (
            f"The search for equilibria was not complete under {listed(partial)}: premiums may lie outside the interval shown, "
            "and a punishment may be harsher.",
        )
    table = Table(
        caption=f"Would it hold, by {name}",
        columns=(
            Column(name),
            Column("holds by Nash reversion"),
            Column("could hold by minmax"),
            Column("critical discount, largest of all powers", "discount", 3),
            *(Column(f"premium of {power}", "signed", common_unit=True) for power in players),
        ),
        rows=tuple(
            (
                str(case),
                yes(row.holds_nash),
                yes(row.holds_minmax),
                interval(row.critical_overall_low, row.critical_overall_high),
                *(interval(*ends) for ends in zip(row.premium_low, row.premium_high)),
            )
            for case, row in zip(frame.index, typed(frame, CaseRow, players))
        ),
        notes=notes,
    )
    return overview_figure(frame, players, name), table


def maps_figure(result: Comparison) -> Figure:
    """Every power's premium on every map."""
    return overview_figure(result.maps, result.players, "map")


def indices_figure(result: Comparison) -> Figure:
    """Every power's premium under every capability index."""
    return overview_figure(result.by_index, result.players, "index")


def variants_figure(result: Comparison) -> Figure:
    """Every power's premium under every structural variant of the model."""
    return overview_figure(result.variants, result.players, "variant")


def overview_figure(frame: pd.DataFrame, players: tuple[str, ...], name: str) -> Figure:
    """Every power's premium, case by case."""
    signed = Column("", "signed")
    rows = typed(frame, CaseRow, players)
    spans = {p: [(row.premium_low[i], row.premium_high[i]) for row in rows] for i, p in enumerate(players)}
    return Figure(
        caption=f"Premium by {name}",
        alt=sentences(
            f"{possessive(power)} premium is "
            + ", ".join(
                f"{text(interval(*span), signed)} under {case}"
                for case, span in zip(frame.index, spans[power])
            )
            for power in players
        ),
        panels=tuple(
            RowsPanel(
                power,
                tuple(str(case) for case in frame.index),
                tuple((mark("competition", *span),) for span in spans[power]),
                tuple(text(interval(*span), signed) for span in spans[power]),
                "premium, points",
                zero=True,
            )
            for power in players
        ),
        legend=(("competition", "premium over competition, lowest to highest"),),
        notes=(OWN_SCALES,),
    )
