"""What the regions get: who leads them and how, what becomes of them, and how secure each holding is."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from games.words import keep, the
from reports.document import (
    Block,
    Cell,
    Column,
    Details,
    Figure,
    MapPanel,
    Mark,
    RowsPanel,
    Section,
    SharesPanel,
    Spot,
    Table,
)
from reports.sections.parts import (
    called,
    groups_note,
    legend_regimes,
    mark,
    reference,
    sentences,
)
from reports.tables import interval, plain_cell, text
from solvers.base.rows import typed
from solvers.compare.rows import RegionRow
from solvers.spheres.stability import Margin
from solvers.spheres.third_parties import Burden

if TYPE_CHECKING:
    from games.spheres import MapLike, Region, SpheresModel
    from solvers.compare import Comparison

__all__ = [
    "HOLDINGS",
    "MAP",
    "OUTCOMES",
    "THIRD_PARTIES",
    "autonomy_figure",
    "holdings",
    "map_figure",
    "outcomes",
    "outcomes_figure",
    "spheres",
    "third_parties",
]

MAP, OUTCOMES = "The map", "What becomes of the regions"
THIRD_PARTIES, HOLDINGS = "Who else pays", "How secure is each holding?"
_SHARE = Column("", "percent", 0)
LOCAL = "local"
_SAFE = 0.9
"""A region is marked as contested below this chance of being defended: in competition almost every region is at some small
risk, and a mark on all of them would say nothing."""


# ---------------------------------------------------------------------- the map


def spheres(result: Comparison) -> Section:
    """Who leads which region, today and in the deal."""
    model = result.model
    before = list(zip(model.holder_names(), model.modes()))
    after = list(zip(model.holder_names(result.map), model.modes(result.map)))
    moved = [(name, _held(*a), _held(*b)) for name, a, b in zip(model.region_names, before, after) if a != b]
    blocks: list[Block] = [map_figure(result)]
    if moved:
        blocks.append(
            Table(
                "What the deal changes",
                (Column("region"), Column("today"), Column("in the deal")),
                tuple(moved),
            )
        )
    return Section(
        MAP,
        "A region is in a power's sphere by consent (a treaty or a statute binds the power to it) or by force. "
        + (
            f"The deal changes {len(moved)} of {len(before)}."
            if moved
            else "The deal leaves every region where it is."
        ),
        tuple(blocks),
    )


def _held(holder: str, mode: str) -> str:
    return f"{holder} by {mode}" if mode else holder


def map_figure(result: Comparison) -> Figure:
    """The map of spheres today, and in the deal if that differs."""
    model = result.model
    contests = _contested(result)
    panels = [map_panel(model, "status quo", "Today", contests)]
    if result.map != "status quo":
        panels.append(map_panel(model, result.map, f"In the deal: {result.map_name}", frozenset()))
    words = sentences(f"{panel.title}: {'; '.join(spot.words() for spot in panel.spots)}" for panel in panels)
    positions = (("map position", "forward position of a power"),) if panels[0].positions else ()
    return Figure(
        caption="Spheres of influence",
        alt=words,
        panels=tuple(panels),
        legend=(
            *((f"map p{k}", power) for k, power in enumerate(model.players)),
            ("map nobody", "nobody"),
            ("map consent", "by consent"),
            ("map force", "by force"),
            ("map contested", "contested: lost with a chance above one in ten"),
            *positions,
        ),
        notes=(
            "Each mark is a region at the capital of its largest state, moved aside where others lie too near; shape and colour "
            "name its holder. Contested: in the "
            f"equilibrium {reference(result)} the defence fails with a chance above one in ten. Coasts: Natural Earth.",
        ),
    )


def map_panel(model: SpheresModel, map: MapLike, title: str, contested: frozenset[str]) -> MapPanel:
    """One map of spheres, from the model's own places."""
    spots = []
    for region, holder, mode in zip(model.regions, model.holder_names(map), model.modes(map)):
        place = _place(model, region)
        if place is None:
            continue
        spots.append(
            Spot(
                region.name,
                *place,
                holder if holder in model.players else "",
                _mode(mode),
                region.name in contested,
            )
        )
    positions = tuple(
        (power.name, place.lat, place.lon)
        for power in model.powers
        for place in power.places
        if not place.overland
    )
    return MapPanel(title, tuple(model.players), tuple(spots), positions)


def _mode(mode: str) -> Literal["consent", "force", ""]:
    return "consent" if mode == "consent" else "force" if mode == "force" else ""


def _place(model: SpheresModel, region: Region) -> tuple[float, float] | None:
    """Latitude and longitude of a region's capital; of a piece of a power's land, its place nearest the claimant's capital."""
    if region.members:
        return region.members[0].lat, region.members[0].lon
    if region.piece is None:
        return None
    by_name = {power.name: power for power in model.powers}
    near = by_name[region.piece.claimant].places[0]
    places = by_name[region.piece.owner].places
    nearest = min(places, key=lambda p: math.hypot(p.lat - near.lat, p.lon - near.lon))
    return nearest.lat, nearest.lon


def _contested(result: Comparison) -> frozenset[str]:
    """Regions that are defended with a chance of less than nine in ten in the reference equilibrium."""
    rows = typed(result.regions[1], RegionRow, result.players)
    return frozenset(row.region for row in rows if row.defended < _SAFE)


# ---------------------------------------------------------------------- what becomes of them


def outcomes(result: Comparison) -> Section:
    """How often each region stays out of force, and what it brings each power."""
    return Section(
        OUTCOMES,
        "A region that is defended keeps its autonomy; one that is taken loses it. Chances are those of the contest "
        "over it, not "
        "forecasts.",
        (outcomes_figure(result), Details("Region by region", tuple(_region_tables(result)))),
    )


def outcomes_figure(result: Comparison) -> Figure:
    """The autonomy that remains in each region, in the deal and in competition."""
    panels = []
    for title, frame in zip((f"In {called(result)}", "In competition"), result.regions):
        rows = typed(frame, RegionRow, result.players)
        kept = [min(max(row.autonomy, 0.0), 1.0) for row in rows]
        panels.append(
            SharesPanel(
                title,
                tuple(row.region for row in rows),
                ("autonomy kept", LOCAL),
                tuple((share, 1.0 - share) for share in kept),
            )
        )
    return Figure(
        caption="Autonomy that the regions keep",
        alt=sentences(
            f"{panel.title.lower()}, "
            + ", ".join(
                f"{the(region)} {keep(region)} {row[0]:.0%}"
                for region, row in zip(panel.labels, panel.shares)
            )
            for panel in panels
        ),
        panels=tuple(panels),
        legend=(("p0", "autonomy kept"), (LOCAL, "autonomy lost")),
        notes=(
            f"Competition here is its equilibrium {reference(result)}, on the status quo map.",
            *groups_note(label for panel in panels for label in panel.labels),
        ),
    )


def _region_tables(result: Comparison) -> list[Table]:
    return [
        Table(
            caption=caption,
            columns=(
                Column("region"),
                Column("led by"),
                Column("defended", "percent", 0),
                Column("autonomy", "percent", 0),
                *(Column(f"to {power}", "signed", common_unit=True) for power in result.players),
            ),
            rows=tuple(
                (
                    row.region,
                    _held(row.holder, row.mode),
                    plain_cell(row.defended),
                    plain_cell(row.autonomy),
                    *map(plain_cell, row.by_player),
                )
                for row in typed(frame, RegionRow, result.players)
            ),
        )
        for caption, frame in zip((f"Regions in {called(result)}", "Regions in competition"), result.regions)
    ]


# ---------------------------------------------------------------------- who else pays


def third_parties(result: Comparison) -> Section:
    """Who else pays: autonomy lost, never netted against the powers' gains."""
    burden = typed(result.burden, Burden)
    rows: list[tuple[Cell, ...]] = [
        (
            row.region,
            _held(row.holder, row.mode),
            row.population,
            row.gdp,
            row.autonomy_concert,
            interval(row.autonomy_competition_low, row.autonomy_competition_high),
            interval(row.lost_low, row.lost_high),
            interval(row.person_burden_low, row.person_burden_high),
            interval(row.gdp_burden_low, row.gdp_burden_high),
        )
        for row in burden
    ]
    total = result.burden_total
    rows.append(
        (
            "total",
            "",
            sum(row.population for row in burden),
            sum(row.gdp for row in burden),
            *(None, None, None),
            interval(total["person burden low"], total["person burden high"]),
            interval(total["gdp burden low"], total["gdp burden high"]),
        )
    )
    table = Table(
        caption="The third-party ledger",
        columns=(
            Column("region"),
            Column("led by"),
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
            "Autonomy lost: competition's less the deal's; a negative loss is a gain. People and GDP: autonomy lost, "
            "weighted by "
            "population and by GDP, so that one million people stands for the full autonomy of one million.",
            "These are not the powers' points and are never netted against the powers' gains.",
        ),
        strong=(len(rows) - 1,),
    )
    return Section(
        THIRD_PARTIES,
        "People who are not at the table pay part of the price of a deal. This ledger is theirs and is kept apart.",
        (autonomy_figure(result), table),
    )


def autonomy_figure(result: Comparison) -> Figure:
    """Autonomy of every region in the deal and over the equilibria of competition."""
    burden = typed(result.burden, Burden)
    third = (len(burden) + 2) // 3
    panels = [
        _autonomy_panel(burden[begin : begin + third], begin == 0, result)
        for begin in range(0, len(burden), third)
    ]
    return Figure(
        caption="The autonomy that is left to the regions",
        alt=sentences(
            f"{the(row.region)} {keep(str(row.region))} {text(row.autonomy_concert, _SHARE)} in {called(result)} and "
            f"{text(interval(row.autonomy_competition_low, row.autonomy_competition_high), _SHARE)} in competition"
            for row in burden
        ),
        panels=tuple(panels),
        legend=legend_regimes(result)[:2],
    )


def _autonomy_panel(part: Sequence[Burden], first: bool, result: Comparison) -> RowsPanel:
    spans = [(row.autonomy_competition_low, row.autonomy_competition_high) for row in part]
    return RowsPanel(
        "Autonomy" if first else "",
        tuple(row.region for row in part),
        tuple(
            (Mark("concert", row.autonomy_concert), mark("competition", *ends))
            for row, ends in zip(part, spans)
        ),
        tuple(
            f"{text(row.autonomy_concert, _SHARE)} · {text(interval(*ends), _SHARE)}"
            for row, ends in zip(part, spans)
        ),
        f"{called(result)} · competition",
        (0.0, 1.0),
    )


# ---------------------------------------------------------------------- how secure


def holdings(result: Comparison) -> Section:
    """Region by region: would any rival value it more, and at what reach of power does the strongest there change?"""
    table = Table(
        caption="How secure each holding is",
        columns=(
            Column("region"),
            Column("led by"),
            Column("worth to its holder", "number", common_unit=True),
            Column("best contester"),
            Column("gain to the contester", "number", common_unit=True),
            Column("margin", "signed", common_unit=True),
            Column("strongest there"),
            Column("flips above", "number", 0, "km"),
            Column("flips below", "number", 0, "km"),
            Column("flips to"),
        ),
        rows=tuple(
            (
                row.region,
                _held(row.holder, row.mode),
                plain_cell(row.owner_value),
                plain_cell(row.best_contester),
                plain_cell(row.contester_value),
                plain_cell(row.margin),
                row.strongest,
                plain_cell(row.flips_above_km),
                plain_cell(row.flips_below_km),
                plain_cell(row.flips_to),
            )
            for row in typed(result.stability, Margin)
        ),
        notes=(
            "Worth: the holder's payoff from this region alone while all accommodate. Gain: what the best contester "
            "would gain from "
            "it by contesting the holder alone. A negative margin: contesting would bring more than keeping.",
            "Strongest there: the power that brings most strength to bear, which halves with every half-distance. It "
            "flips where "
            "the half-distance, the reach of power, rises above or falls below the figures given; “–” means not within "
            "the range "
            "examined.",
        ),
    )
    return Section(
        HOLDINGS,
        "A holding is secure if no rival values the region more than its holder does.",
        (table,),
    )
