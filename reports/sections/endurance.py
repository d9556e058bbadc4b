"""How long the deal would last: punishments, the payoffs that patience sustains, noise, friction, shifts of power."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from reports.document import (
    Block,
    Cell,
    Column,
    Details,
    Figure,
    MarkStyle,
    Paragraph,
    Place,
    PlanePanel,
    Point,
    Section,
    SolidPanel,
    Table,
)
from reports.sections.parts import called, rows_of, yes
from reports.tables import COMMON_UNIT, plain_cell

if TYPE_CHECKING:
    import numpy.typing as npt

    from games.normal_form import FloatArray
    from solvers.compare import Comparison
    from solvers.repeated import PayoffSet

__all__ = ["endurance"]

PLACES = {
    "inside": "The deal's payoffs lie inside the set: at that patience some equilibrium brings them about.",
    "outside": "The deal's payoffs lie outside the set: at that patience no equilibrium in pure strategies brings them about.",
    "undecided": "Whether the deal's payoffs belong to the set is not decided: they lie between its inner and outer bounds.",
}


def endurance(result: Comparison) -> Section:
    """The section on repeated play."""
    found = result.endurance
    blocks: list[Block] = [Paragraph(found.summary()), _thresholds(result)]
    if found.small and 2 <= len(result.players) <= 3 and len(found.payoff_set.inner.vertices):
        blocks.append(_payoffs(result))
    elif found.small:
        blocks.append(Paragraph(f"{found.payoff_set.summary()} {PLACES[found.place]}"))
    else:
        blocks.append(
            Paragraph("The stage game is too large for its set of equilibrium payoffs to be worked out here.")
        )
    if 0 < result.standing.reversion.overall < np.inf:
        blocks.append(_noise(result))
    blocks.append(Details("Friction, and shifts of power", (_friction(result), _windows(result))))
    return Section(
        "How long would it last?",
        "The same deal under every kind of punishment, and what wears it out: mistakes, friction, shifts of power.",
        tuple(blocks),
    )


def _thresholds(result: Comparison) -> Table:
    frame = result.endurance.thresholds
    return Table(
        caption="Patience needed, by punishment",
        columns=(
            Column("punishment"),
            *(Column(power, "discount", 3) for power in result.players),
            Column("all together", "discount", 3),
        ),
        rows=tuple(
            (name, *(plain_cell(row[p]) for p in result.players), plain_cell(row["overall"]))
            for name, row in rows_of(frame)
        ),
        notes=(
            "Critical discount factors; “none” means that no patience suffices. Reversion: to the equilibrium of the deal's own "
            "map harshest for the one who broke it, or to competition on the status quo map. Penance: the breaker makes good "
            "while the others lose nothing by waiting, so that nobody would rather start afresh. Optimal: the worst "
            "equilibrium for each breaker; it and penance assume that all share one discount factor.",
        ),
    )


def _payoffs(result: Comparison) -> Figure:
    found = result.endurance.payoff_set
    s = result.standing
    inner = np.asarray(found.inner.vertices)
    marked: list[tuple[MarkStyle, str, FloatArray]] = [
        ("bound", "minmax", np.asarray(found.minmax)),
        ("competition", "competition", s.benchmarks[result.reference]),
        ("concert", called(result), s.payoffs),
    ]
    panels: list[PlanePanel | SolidPanel] = [
        PlanePanel(
            f"{result.players[i]}, {result.players[j]}",
            result.players[i],
            result.players[j],
            outlines=(polygon(inner[:, [i, j]]),),
            marks=tuple((style, name, (float(v[i]), float(v[j]))) for style, name, v in marked),
        )
        for i, j in combinations(range(len(result.players)), 2)
    ]
    if len(result.players) == 3:
        one, two, three = result.players
        solid = tuple((style, (float(v[0]), float(v[1]), float(v[2]))) for style, _, v in marked)
        panels.append(SolidPanel("All three", (one, two, three), faces(inner), solid))
    return Figure(
        caption="The payoffs that patience sustains",
        alt=f"{found.summary()} {PLACES[result.endurance.place]}",
        panels=tuple(panels),
        legend=(
            ("set", "payoffs of equilibria"),
            ("concert", called(result)),
            ("competition", "competition"),
            ("bound", "minmax"),
        ),
        notes=(
            f"Points a year; equilibrium payoffs of the game on the deal's own map in pure strategies, with public lotteries, "
            f"if all powers had the discount factor of the least patient one, {result.endurance.common:.3f}. {_sure(found)} "
            f"{PLACES[result.endurance.place]}",
            *(
                (
                    "The solid is turned to show most of itself, each payoff scaled to its own range; marks stand before it.",
                )
                if len(result.players) == 3
                else ()
            ),
        ),
    )


def _sure(found: PayoffSet) -> str:
    if found.exact:
        return "The set is exact: it is checked to sustain itself, and proved to hold every equilibrium."
    return (
        "Between the set drawn, which is checked to sustain itself, and a bound that contains every equilibrium lies at most "
        f"{found.gap:.1g} of the payoff range."
    )


def polygon(points: FloatArray) -> tuple[Point, ...]:
    """The convex hull of points in the plane, as a polygon; a segment or a point where they are flat."""
    return tuple((float(x), float(y)) for x, y in points[_ring(points)])


def faces(points: FloatArray) -> tuple[tuple[Place, ...], ...]:
    """The faces of the convex hull of points in space, corners anticlockwise as seen from outside.

    A flat hull has one face, a segment or a point where it is flatter still.
    """
    from scipy.spatial import ConvexHull, QhullError

    scaled = (points - points.min(axis=0)) / np.maximum(np.ptp(points, axis=0), 1e-12)
    # Corners that nobody could tell apart make faces without a direction.
    _, apart = np.unique(np.round(scaled, 5), axis=0, return_index=True)
    points, scaled = points[apart], scaled[apart]
    try:
        hull = ConvexHull(scaled)
    except QhullError:
        axes = np.linalg.svd(scaled - scaled.mean(axis=0))[2]
        rings = [_ring(scaled @ axes[:2].T)]
    else:
        rings = []
        for part in _flat_parts(hull.equations, hull.neighbors):
            corners = np.unique(hull.simplices[part])
            arms = scaled[corners] - scaled[corners].mean(axis=0)
            up = hull.equations[part[0], :3]
            turn = np.arctan2(arms @ np.cross(up, arms[0]), arms @ arms[0])
            rings.append(corners[np.argsort(turn)])
    return tuple(tuple((float(x), float(y), float(z)) for x, y, z in points[ring]) for ring in rings)


def _flat_parts(equations: FloatArray, neighbours: npt.NDArray[np.intc]) -> list[list[int]]:
    """Triangles of a hull in groups that lie next to each other in one plane."""
    groups: list[list[int]] = []
    seen: set[int] = set()
    for first in range(len(equations)):
        if first in seen:
            continue
        seen.add(first)
        group = [first]
        for one in group:
            near = neighbours[one][np.abs(equations[neighbours[one]] - equations[first]).max(axis=1) < 1e-6]
            group += [k for k in near.tolist() if k not in seen]
            seen.update(group)
        groups.append(group)
    return groups


def _ring(points: FloatArray) -> npt.NDArray[np.intp]:
    """The rows of points in the plane that are corners of their convex hull, anticlockwise; both ends of a flat one."""
    from scipy.spatial import ConvexHull, QhullError

    try:
        return np.asarray(ConvexHull(points).vertices, dtype=np.intp)
    except QhullError:
        return np.asarray(np.lexsort(points.T)[[0, -1]])


def _noise(result: Comparison) -> Figure:
    """Discount by noise: the closed form, and where the least willing power stands."""
    from solvers.repeated import noisy_threshold

    s = result.standing
    reversion = s.reversion
    gap = result.discount - reversion.per_player
    i = int(np.argmin(np.where(reversion.gain > 0, gap, np.inf)))
    rates = np.linspace(0.0, 0.2, 81)
    curves = []
    for detection in (1.0, 0.9, 0.7, 0.5):
        values = noisy_threshold(
            reversion.gain[i], reversion.cooperative[i], reversion.punishment_values[i], rates, detection
        )
        line = tuple((float(e), float(d)) for e, d in zip(rates, values) if np.isfinite(d))
        if len(line) > 1:
            curves.append((f"{detection:.0%}", line))
    power = result.players[i]
    own = float(result.discount[i])
    least = min(float(reversion.per_player[i]), own)
    return Figure(
        caption="Discount by noise",
        alt=(
            f"The critical discount factor of {power}, who has least to spare, rises from "
            f"{reversion.per_player[i]:.3f} with perfect monitoring as false alarms grow and detection falls; its own is "
            f"{own:.3f}."
        ),
        panels=(
            PlanePanel(
                f"Patience that {power} needs",
                "false alarms a year",
                "critical discount factor",
                curves=tuple(curves),
                levels=((f"own: {own:.3f}", own),),
                limits=(0.0, 0.2, least - 0.1 * (1.0 - least), 1.0),
            ),
        ),
        legend=(
            ("curve", "needed, where that share of breaches is detected"),
            ("level", "own discount factor"),
        ),
        notes=(
            "Of the power with least to spare. Where a curve runs above the level of its own patience the deal does not hold. "
            "Closed form g / ((q − e)(u − w) + (1 − e) g) with false alarms e and detection q, Nash reversion. A forum in "
            "which powers can ask before they answer lowers e and raises q.",
        ),
    )


def _friction(result: Comparison) -> Table:
    return Table(
        caption="Friction that the deal bears",
        columns=(
            Column("power"),
            Column("friction now", "number"),
            Column("friction tolerated", "number"),
            Column("bears it"),
        ),
        rows=tuple(
            (name, plain_cell(row["friction"]), plain_cell(row["tolerated"]), yes(row["bears it"]))
            for name, row in rows_of(result.endurance.friction)
        ),
        notes=(
            "Points for each unit of ideological distance, at the powers' own patience, with reversion to competition on the "
            "status quo map. A negative figure: the power would deviate without any friction.",
        ),
    )


def _windows(result: Comparison) -> Table:
    def row(values: Any) -> tuple[Cell, ...]:
        return (
            f"{values['rising']} rising on {values['declining']}",
            plain_cell(values["largest yearly shift"]),
            str(int(values["years open"])),
            plain_cell(values["cost that would close it"]),
            plain_cell(values["cost to the declining"]),
            plain_cell(values["cost to the rising"]),
        )

    return Table(
        caption="Windows of power shift, thirty years",
        columns=(
            Column("pair"),
            Column("largest yearly shift", "number", 4),
            Column("years open"),
            Column("cost that closes it", "number", 3, common_unit=True),
            Column("cost to the declining", "number", 3),
            Column("cost to the rising", "number", 3),
        ),
        rows=tuple(row(values) for _, values in result.endurance.windows.iterrows()),
        notes=(
            "Powell's condition: the declining power fights where discount · p(next year) − p exceeds its cost and the "
            "discounted cost of the other. Capabilities grow as the scenario assumes; costs are shares of what each has at "
            "stake.",
            COMMON_UNIT,
        ),
    )
