"""Until when would it hold? The deal's critical patience along the path of capabilities, with its band over the draws."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from games.errors import ConcertError
from games.spheres.inputs import rows as rows_of
from games.words import capital, the
from reports.document import Block, Column, Figure, Paragraph, PlanePanel, Table
from reports.sections.parts import called
from reports.writers._attempt import reason

if TYPE_CHECKING:
    from games.normal_form import FloatArray
    from solvers.compare import Comparison
    from solvers.uncertainty import Horizon

__all__ = ["horizon", "horizon_figure"]

DRAWS = 256
# Every second year: with these draws a third of a second of processor time for three powers.
STEP = 2
# Where the debate ends, and how far to look from a year that is past it or long before it.
UNTIL, AHEAD = 2050, 25
# Whole stage games over years and draws would take minutes for four powers.
MOST_POWERS = 3


def horizon(result: Comparison) -> tuple[Block, ...]:
    """Figure, shares and growth; or one sentence on why there are none."""
    model = result.model
    if model.year is None:
        return (Paragraph("The scenario says no year, so that no path of capabilities leads on from it."),)
    if len(model.players) > MOST_POWERS:
        size = 2 ** (len(model.players) * (len(model.players) - 1))
        return (
            Paragraph(
                f"The patience needed in later years is not drawn here: with {len(model.players)} powers each year's game has "
                f"{size:,} profiles, in every draw. `solvers.spheres.outlook` computes it at one set of numbers."
            ),
        )
    try:
        found = _found(result)
    except ConcertError as error:
        return (Paragraph(f"The path of capabilities is left out: {reason(error)}."),)
    return (Paragraph(found.summary()), _figure(result, found), _shares(found), _growth(result, found))


def horizon_figure(result: Comparison) -> Figure:
    """Each power's critical discount factor along the path of capabilities, with its band over draws, and its own."""
    return _figure(result, _found(result))


def _found(result: Comparison) -> Horizon:
    from solvers import uncertainty

    model = result.model
    assert model.year is not None
    until = UNTIL if UNTIL - AHEAD <= model.year < UNTIL else model.year + AHEAD
    years = sorted({*range(model.year, until, STEP), until})
    return uncertainty.horizon(model, model.draws(DRAWS), until, result.map, result.regime, years=years)


def _figure(result: Comparison, found: Horizon) -> Figure:
    first, last = int(found.years[0]), int(found.years[-1])
    band = found.band()
    own = np.median(found.discount, axis=0)
    panels = tuple(
        _panel(power, found, np.minimum(band[:, :, i], 1.0), float(own[i]))
        for i, power in enumerate(result.players)
    )
    ends = [
        f"{capital(the(power))} needs {_need(band[1, 0, i])} in {first} and {_need(band[1, -1, i])} in {last} "
        f"(median; own {own[i]:.2f})"
        for i, power in enumerate(result.players)
    ]
    return Figure(
        caption=f"Patience that the {called(result)} needs, {first} to {last}",
        alt=f"{'; '.join(ends)}.",
        panels=panels,
        legend=(
            ("set", "nine draws of ten"),
            ("curve", "needed: median, and the ends of the band"),
            ("level", "own discount factor (median)"),
        ),
        notes=(
            f"Critical discount factors over {len(found.draws):,} draws of the assumed numbers, on the deal's own map, with "
            "reversion to that year's pure equilibrium harshest for the deviator. Each year is taken as a repeated game of its "
            "own: as if its powers stayed as strong as they are then. At the upper edge no discount factor is high enough. A "
            "power "
            "keeps the deal in the draws in which what it needs lies below what it has.",
        ),
    )


def _panel(power: str, found: Horizon, band: FloatArray, own: float) -> PlanePanel:
    low, middle, high = (
        tuple((float(y), float(v)) for y, v in zip(found.years, row) if np.isfinite(v)) for row in band
    )
    width = max(v for _, v in high) - min(v for _, v in low) if low else 0.0
    return PlanePanel(
        power,
        "year",
        "critical discount factor",
        outlines=((*low, *reversed(high)),) if width > 0 else (),
        curves=tuple(
            (name, line) for name, line in (("median", middle), ("5 %", low), ("95 %", high)) if line
        ),
        levels=((f"own: {own:.2f}", own),),
        # A little room on the right, so that the last year's number is not cut off.
        limits=(float(found.years[0]), float(found.years[-1] + 0.06 * np.ptp(found.years)), 0.0, 1.0),
    )


def _need(value: float) -> str:
    return (
        "more than any discount factor"
        if np.isinf(value)
        else "an unknown one"
        if np.isnan(value)
        else f"{value:.2f}"
    )


def _shares(found: Horizon) -> Table:
    ends = found.ends
    failing = 0.0
    gone = []
    for year in found.years:
        name = "from the start" if year == found.years[0] else f"by {year}"
        failing += float(ends["share"].get(name, 0.0))
        gone.append(failing)
    years = found.years.tolist()
    shown = [
        t for t, year in enumerate(years) if t in (0, len(years) - 1) or (year - years[0]) % (4 * STEP) == 0
    ]
    error = max(found.share(year).error for year in years)
    return Table(
        caption="Until when it holds: shares of draws",
        columns=(
            Column("year"),
            Column("holds", "percent", 0),
            Column("undecided", "percent", 0),
            Column("has failed by then", "percent", 0),
            Column("foreseen: holds from then on", "percent", 0),
            Column("foreseen: undecided", "percent", 0),
        ),
        rows=tuple(
            (
                str(years[t]),
                float(found.holds[:, t].mean()),
                float(found.undecided[:, t].mean()),
                gone[t],
                float(found.foreseen[:, t].mean()),
                float(found.foreseen_undecided[:, t].mean()),
            )
            for t in shown
        ),
        notes=(
            f"The error of each share is at most {100 * error:.1f} percentage points. Holds: at the powers' own discount "
            "factors, that year's game taken as repeated forever. Has failed: in that year or an earlier one, all before "
            "having held. Undecided: the game has no pure equilibrium to return to, and the minmax bound does not exclude "
            "the deal.",
            "Foreseen: the whole path is one game, in which the powers know what is to come and the last year lasts forever. A "
            "deal that is known to fail later can be worth too little to be kept now; one that is worth more later can hold now.",
        ),
    )


def _growth(result: Comparison, found: Horizon) -> Table:
    inputs = {row.path: row for row in rows_of(result.model)}
    years = int(found.years[-1] - found.years[0])
    rows = []
    for power in result.model.powers:
        row = inputs[f"powers.{power.name}.growth"]
        words = row.reason or row.source or ""
        now = float(result.model.capability[result.players.index(power.name)])
        rows.append((power.name, power.growth, row.tag, words, now, now * (1 + power.growth) ** years))
    return Table(
        caption="Growth that the path assumes",
        columns=(
            Column("power"),
            Column("growth a year", "percent", 2),
            Column("tag"),
            Column("where the rate comes from"),
            Column(f"capability in {found.years[0]}", "number", 1),
            Column(f"in {found.years[-1]}", "number", 1),
        ),
        rows=tuple(rows),
        notes=(
            "A derived rate comes from data: the Correlates of War's composite index (CINC), National Material Capabilities 7.0. "
            "That it lasts is an assumption for every power, and not a forecast. Capability in per cent of the world; "
            "regions stay "
            "as large as they are.",
        ),
    )
