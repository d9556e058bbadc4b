"""Pictures of results over many draws, for `result.plot`: shares, premiums, tornado, indices, phases, boxes, variants."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from games.errors import MethodError
from games.normal_form import FloatArray
from reports.document import Column, Figure, Mark, MarkStyle, PlanePanel, RowsPanel
from reports.sections.certainty import premium_figure
from reports.tables import text
from solvers.base.rows import typed
from solvers.uncertainty.rows import IndexRow, LearnedRow, PremiumRow, ShareRow, SwingRow

if TYPE_CHECKING:
    from solvers.uncertainty import (
        Assessment,
        Discovery,
        Matched,
        Outcomes,
        Phase,
        SobolIndices,
        Tornado,
        Variants,
    )

__all__ = [
    "assessed_premiums_figure",
    "indices_figure",
    "learned_figure",
    "phase_figure",
    "premiums_figure",
    "shares_figure",
    "tornado_figure",
    "trajectory_figure",
    "variants_figure",
]

# Rows of a panel: what moves least is of no use to a reader.
_MOST = 12
# Shares at which a map of shares has a line.
_LEVELS = (0.1, 0.5, 0.9)


def premiums_figure(found: Outcomes, against: str = "competition") -> Figure:
    """Each power's premium over the draws, regime by regime, in per cent of its own capability."""
    table = typed(found.premiums(against), PremiumRow)
    panels, said = [], []
    for power in found.players:
        rows = {r.regime: (r.percentile_5, r.median, r.percentile_95) for r in table if r.power == power}
        panels.append(_intervals(power, rows, "premium, % of own capability", "{:+.0f} %", zero=True))
        said += [
            f"{power}, {name}: median {m:+.0f} %, {low:+.0f} to {high:+.0f}"
            for name, (low, m, high) in rows.items()
        ]
    return Figure(
        caption=f"Premium against {against} over {len(found):,} draws, on the map {found.map}",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(("concert", "median"), ("bound", "nine draws of ten")),
    )


def shares_figure(found: Outcomes, against: str = "competition") -> Figure:
    """The share of draws in which each condition is true, with its error, regime by regime."""
    table = typed(found.shares(against), ShareRow)
    panels, said = [], []
    for regime in found.regimes:
        rows = {r.condition: (100 * r.low, 100 * r.share, 100 * r.high) for r in table if r.regime == regime}
        panels.append(_intervals(regime, rows, "% of the draws", "{:.0f} %", limits=(0.0, 100.0)))
        said += [f"{regime}, {name}: {value:.0f} %" for name, (_, value, _) in rows.items()]
    return Figure(
        caption=f"In how many of {len(found):,} draws, against {against}, on the map {found.map}",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(("concert", "share of draws"), ("bound", "95 % interval of the share")),
    )


def tornado_figure(found: Tornado, most: int = _MOST, digits: int = 2) -> Figure:
    """Each power's premium over the range of one number at a time: the `most` numbers with the widest ranges."""
    signed = Column("", "signed", digits)
    rows = typed(found.swings.head(most), SwingRow, found.outcomes.players)
    panels, said = [], []
    for i, power in enumerate(found.outcomes.players):
        spans = [(row.low[i], row.high[i]) for row in rows]
        words = [f"{text(low, signed)} to {text(high, signed)}" for low, high in spans]
        panels.append(
            RowsPanel(
                power,
                tuple(row.number for row in rows),
                tuple((Mark("bound", low, high), Mark("own", float(found.base[i]))) for low, high in spans),
                tuple(words),
                "premium, points",
                zero=True,
            )
        )
        said += [f"{power}, {row.number}: {span}" for row, span in zip(rows, words)]
    left = len(found.swings) - len(rows)
    return Figure(
        caption=f"One number at a time: premium of the {found.regime} against {found.against}, on the map {found.outcomes.map}",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(("own", "at the model's own values"), ("bound", "least and most over the number's range")),
        notes=((f"{left} numbers that move less are left out.",) if left > 0 else ()),
    )


def indices_figure(found: SobolIndices) -> Figure:
    """First-order and total Sobol indices of every result, the most important number first."""
    panels, said = [], []
    for result in found.table["result"].unique():
        part = typed(found.of(str(result)).head(_MOST).dropna(), IndexRow)
        if not part:
            continue
        marks, notes = [], []
        for row in part:
            marks.append(
                (
                    Mark("bound", row.total - row.total_error, row.total + row.total_error),
                    Mark("concert", row.total),
                    Mark("other", row.first),
                )
            )
            notes.append(f"{row.total:.2f}")
            said.append(f"{result}, {row.number}: total {row.total:.2f}, first {row.first:.2f}")
        panels.append(
            RowsPanel(
                str(result),
                tuple(row.number for row in part),
                tuple(marks),
                tuple(notes),
                "share of the variance",
                zero=True,
            )
        )
    if not panels:
        raise MethodError("there is nothing to draw: no result varies")
    return Figure(
        caption=f"Sobol indices of {found.what}",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(
            ("concert", "total index"),
            ("bound", "95 % bootstrap interval of the total index"),
            ("other", "first-order index"),
        ),
    )


def phase_figure(found: Phase) -> Figure:
    """Where a condition is true over two numbers: lines at 10, 50 and 90 per cent of the draws, or the border without draws."""
    levels = _LEVELS if found.draws else (0.5,)
    curves: list[tuple[str, tuple[tuple[float, float], ...]]] = []
    missing = []
    for level in levels:
        lines = _contours(found.xs, found.ys, found.share, level)
        words = f"{100 * level:.0f} %" if found.draws else "border"
        if not lines:
            missing.append(words)
        curves += [(words, line) for line in lines]
    marks: tuple[tuple[MarkStyle, str, tuple[float, float]], ...] = ()
    if not np.isnan(found.own).any():
        marks = (("own", "the model's own values", (float(found.own[0]), float(found.own[1]))),)
    ends = (float(found.xs[0]), float(found.xs[-1]), float(found.ys[0]), float(found.ys[-1]))
    corners = [("low", "low", 0, 0), ("high", "low", 0, -1), ("low", "high", -1, 0), ("high", "high", -1, -1)]
    said = "; ".join(
        f"{found.x} {a}, {found.y} {b}: {100 * found.share[j, k]:.0f} %" for a, b, j, k in corners
    )
    of = "share of the draws" if found.draws else "100 % is true, 0 % is not"
    return Figure(
        caption=f"Where {found.condition!r} is true of the {found.regime} on the map {found.map}",
        alt=f"{found.summary()} {said}",
        panels=(PlanePanel("", found.x, found.y, curves=tuple(curves), marks=marks, limits=ends),),
        legend=((("own", "the model's own values"),) if marks else ()),
        notes=(
            f"At the corners ({of}): {said}.",
            *(
                (f"The map has no line at {', '.join(missing)}: it lies on one side of it everywhere.",)
                if missing
                else ()
            ),
        ),
    )


def trajectory_figure(found: Discovery) -> Figure:
    """How a box grows denser as it is peeled: density against coverage (Bryant and Lempert 2010)."""
    steps = found.trajectory
    box = found.boxes[0]
    points = tuple((100 * float(c), 100 * float(d)) for c, d in zip(steps["coverage"], steps["density"]))
    return Figure(
        caption="Peeling a box: how dense, at what coverage",
        alt=found.summary(),
        panels=(
            PlanePanel(
                "",
                "coverage, % of all hits inside",
                "density, % of the draws inside that are hits",
                curves=(("peeling", points),),
                levels=(("all draws", 100 * found.base.value),),
                marks=(
                    ("concert", "", (100 * box.found_coverage, 100 * box.found_density)),
                    ("own", "", (100 * box.coverage.value, 100 * box.density.value)),
                ),
                limits=(0.0, 100.0, 0.0, 100.0),
            ),
        ),
        legend=(("concert", "the box on the draws it was found on"), ("own", "the box on other draws")),
        notes=(f"The box: {box.words()}.",),
    )


def learned_figure(found: Matched) -> Figure:
    """How far a match moves each number: its Kolmogorov distance, beside what chance explains."""
    rows = typed(found.learned.head(_MOST), LearnedRow)
    return Figure(
        caption=f"What '{found.name}' teaches about the numbers",
        alt="; ".join(f"{row.number}: {row.distance:.2f}" for row in rows),
        panels=(
            RowsPanel(
                "",
                tuple(row.number for row in rows),
                tuple((Mark("bound", 0.0, row.by_chance), Mark("own", row.distance)) for row in rows),
                tuple(f"{row.distance:.2f}" for row in rows),
                "Kolmogorov distance (0: nothing learned, 1: all)",
                zero=True,
            ),
        ),
        legend=(
            ("own", "distance between the draws kept and all draws"),
            ("bound", "explained by chance in 19 cases of 20"),
        ),
    )


def variants_figure(found: Variants, sample: str = "all draws") -> Figure:
    """The share of draws in which each condition is true, variant by variant."""
    if sample not in found.samples:
        raise MethodError(f"no sample {sample!r} here; there is {', '.join(found.samples)}")
    panels, said = [], []
    for where, condition in found.shares:
        if where != sample:
            continue
        known = {n: s for n, s in zip(found.names, found.shares[where, condition]) if s is not None}
        rows = {n: (100 * s.low, 100 * s.value, 100 * s.high) for n, s in known.items()}
        panels.append(_intervals(condition, rows, "% of the draws", "{:.0f} %", limits=(0.0, 100.0)))
        said += [f"{condition}, {n}: {s}" for n, s in known.items()]
    return Figure(
        caption=f"The {found.regime} on the map {found.map} under every variant of the model, in {sample}",
        alt="; ".join(said),
        panels=tuple(panels),
        legend=(("concert", "share of draws"), ("bound", "95 % interval of the share")),
    )


def assessed_premiums_figure(found: Assessment) -> Figure:
    """Each power's premium over all draws, and over those that fit each observed reading."""
    return premium_figure(found)


def _intervals(
    title: str,
    rows: Mapping[str, Sequence[float]],
    unit: str,
    note: str,
    limits: tuple[float, float] | None = None,
    zero: bool = False,
) -> RowsPanel:
    """Rows of (low, middle, high) as an interval with a point in it."""
    return RowsPanel(
        title,
        tuple(rows),
        tuple(
            (Mark("bound", float(low), float(high)), Mark("concert", float(at)))
            for low, at, high in rows.values()
        ),
        # What rounds to nothing has no sign.
        tuple(note.format(round(at) + 0.0) for _, at, _ in rows.values()),
        unit,
        limits,
        zero,
    )


def _contours(
    xs: FloatArray, ys: FloatArray, table: FloatArray, level: float
) -> list[tuple[tuple[float, float], ...]]:
    """Lines of equal height on a grid (Y, X)."""
    from contourpy import contour_generator

    if min(table.shape) < 2:
        return []
    lines = contour_generator(xs, ys, table).lines(level)
    return [tuple((float(x), float(y)) for x, y in np.asarray(line)) for line in lines]
