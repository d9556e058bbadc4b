"""How long the deal would last: punishments, the payoffs that patience sustains, noise, the path of capabilities, friction."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from games.words import capital, possessive, the
from reports.document import (
    Block,
    Cell,
    Column,
    Details,
    Figure,
    MarkStyle,
    Paragraph,
    PlanePanel,
    Section,
    SolidPanel,
    Table,
)
from reports.figures import hulls
from reports.sections.horizon import horizon
from reports.sections.parts import called, yes
from reports.tables import plain_cell
from solvers.base.rows import typed
from solvers.spheres.endurance import Friction, Threshold, Window

if TYPE_CHECKING:
    from games.normal_form import BoolArray, FloatArray
    from solvers.compare import Comparison
    from solvers.repeated import PayoffSet

__all__ = ["TITLE", "endurance", "noise_figure", "payoff_set_figure", "payoff_set_picture"]

TITLE = "How long would it last?"

PLACES = {
    "inside": "The deal's payoffs lie inside the set: at that discount factor some equilibrium attains them.",
    "outside": "The deal's payoffs lie outside the set: at that discount factor no equilibrium in pure strategies attains them.",
    "undecided": "The deal's payoffs lie between the inner and outer bounds of the set, and may or may not belong to it.",
}


def endurance(result: Comparison) -> Section:
    """The section on repeated play."""
    found = result.endurance
    blocks: list[Block] = [Paragraph(found.summary()), _thresholds(result)]
    if found.small and 2 <= len(result.players) <= 3 and len(found.payoff_set.inner.vertices):
        blocks.append(payoff_set_figure(result))
    elif found.small:
        blocks.append(Paragraph(f"{found.payoff_set.summary()} {PLACES[found.place]}"))
    else:
        blocks.append(
            Paragraph("The stage game is too large to compute its set of equilibrium payoffs here.")
        )
    if _tempted(result).any():
        blocks.append(noise_figure(result))
    blocks += horizon(result)
    blocks.append(Details("Friction, and shifts of power", (_friction(result), _windows(result))))
    return Section(
        TITLE,
        "The same deal under every kind of punishment, and what wears it down: mistakes, years of growth, friction, and "
        "shifts of "
        "power.",
        tuple(blocks),
    )


def _thresholds(result: Comparison) -> Table:
    return Table(
        caption="Patience needed, by punishment",
        columns=(
            Column("punishment"),
            *(Column(power, "discount", 3) for power in result.players),
            Column("all together", "discount", 3),
        ),
        rows=tuple(
            (
                row.punishment,
                *map(plain_cell, row.by_player),
                plain_cell(row.overall),
            )
            for row in typed(result.endurance.thresholds, Threshold, result.players)
        ),
        notes=(
            "Critical discount factors; “none”: no discount factor is high enough. Reversion: to the equilibrium of "
            "the deal's own "
            "map harshest for the deviator, or to competition on the status quo map.",
            *(
                (
                    "Penance (renegotiation-proof): the deviator pays and the others are no worse off meanwhile, so no one "
                    "wants to renegotiate. Optimal: each deviator's worst equilibrium. Both assume a common discount factor.",
                )
                if result.endurance.small
                else ()
            ),
        ),
    )


Marked: TypeAlias = tuple[MarkStyle, str, "FloatArray"]


def payoff_set_figure(result: Comparison) -> Figure:
    """The set of equilibrium payoffs at the least patient power's discount factor."""
    found = result.endurance.payoff_set
    s = result.standing
    return payoff_set_picture(
        found,
        (
            ("competition", "competition", s.benchmarks[result.reference]),
            ("concert", called(result), s.payoffs),
        ),
        f"Points a year. Equilibrium payoffs of the repeated game on the deal's own map, in pure strategies with public "
        "lotteries, if all powers had the discount factor of the least patient one, "
        f"{result.endurance.common:.3f}. {_sure(found)}",
        f"{found.summary()} {PLACES[result.endurance.place]}",
    )


def payoff_set_picture(found: PayoffSet, more: Sequence[Marked], note: str, alt: str) -> Figure:
    """A set of equilibrium payoffs, by two players at a time, and of three players as a solid; `more` marks points."""
    players = found.play.stage.players
    inner = np.asarray(found.inner.vertices)
    marked: list[Marked] = [("bound", "minmax", np.asarray(found.minmax)), *more]
    panels: list[PlanePanel | SolidPanel] = [
        PlanePanel(
            f"{players[i]}, {players[j]}",
            players[i],
            players[j],
            outlines=(hulls.polygon(inner[:, [i, j]]),),
            marks=tuple((style, name, (float(v[i]), float(v[j]))) for style, name, v in marked),
        )
        for i, j in combinations(range(len(players)), 2)
    ]
    notes = [note]
    if len(players) == 3:
        one, two, three = players
        solid = tuple((style, (float(v[0]), float(v[1]), float(v[2]))) for style, _, v in marked)
        panels.append(SolidPanel("All three", (one, two, three), hulls.faces(inner), solid))
        notes.append(
            "The solid is turned to show as much of it as possible, each payoff on its own scale; marks are drawn in front."
        )
    return Figure(
        caption="The payoffs that patience sustains",
        alt=alt,
        panels=tuple(panels),
        legend=(("set", "payoffs of equilibria"), *((style, name) for style, name, _ in reversed(marked))),
        notes=tuple(notes),
    )


def _sure(found: PayoffSet) -> str:
    if found.exact:
        return "The set is exact: it is self-generating, and no equilibrium payoff lies outside it."
    return (
        "The set drawn is self-generating; a bound that contains every equilibrium payoff lies at most "
        f"{found.gap:.1g} of the payoff range outside it."
    )


def _tempted(result: Comparison) -> BoolArray:
    """Powers that gain by a breach but keep the deal at some discount factor, (N,)."""
    reversion = result.standing.reversion
    return np.asarray((reversion.gain > 0) & np.isfinite(reversion.per_player))


def noise_figure(result: Comparison) -> Figure:
    """Discount by noise: the closed form, and where the least willing power stands."""
    from solvers.repeated import noisy_threshold

    s = result.standing
    reversion = s.reversion
    gap = result.discount - reversion.per_player
    i = int(np.argmin(np.where(_tempted(result), gap, np.inf)))
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
        caption="Discount factor needed, by noise",
        alt=(
            f"{capital(possessive(power))} critical discount factor, closest to its own, rises from "
            f"{reversion.per_player[i]:.3f} with perfect "
            f"monitoring as false alarms grow and detection falls; its own is {own:.3f}."
        ),
        panels=(
            PlanePanel(
                f"Patience needed by {the(power)}",
                "false alarms a year",
                "critical discount factor",
                curves=tuple(curves),
                levels=((f"own: {own:.3f}", own),),
                limits=(0.0, 0.2, least - 0.1 * (1.0 - least), 1.0),
            ),
        ),
        legend=(
            ("curve", "needed, if that share of breaches is detected"),
            ("level", "own discount factor"),
        ),
        notes=(
            "For the power with the smallest margin of those that some discount factor can hold. The deal does not "
            "hold where a curve lies above its own discount factor. "
            "Closed form g / ((q − e)(u − w) + (1 − e) g) with false alarms e, detection q and Nash reversion. A forum where "
            "powers can ask before they respond lowers e and raises q.",
        ),
    )


def _friction(result: Comparison) -> Table:
    return Table(
        caption="Friction that the deal tolerates",
        columns=(
            Column("power"),
            Column("friction now", "number"),
            Column("friction tolerated", "number"),
            Column("tolerates it"),
        ),
        rows=tuple(
            (row.power, plain_cell(row.friction), plain_cell(row.tolerated), yes(row.bears_it))
            for row in typed(result.endurance.friction, Friction)
        ),
        notes=(
            "Points for each unit of ideological distance, at the powers' own discount factors, with reversion to "
            "competition on the "
            "status quo map. A negative figure means that the power would deviate even without friction.",
        ),
    )


def _windows(result: Comparison) -> Table:
    def row(window: Window) -> tuple[Cell, ...]:
        return (
            f"{the(window.rising)} gains on {the(window.declining)}",
            plain_cell(window.largest_yearly_shift),
            str(window.years_open),
            plain_cell(window.cost_that_would_close_it),
            plain_cell(window.cost_to_the_declining),
            plain_cell(window.cost_to_the_rising),
        )

    return Table(
        caption="Shifts of power over thirty years",
        columns=(
            Column("pair"),
            Column("largest yearly shift", "number", 4),
            Column("years open"),
            Column("cost that closes it", "number", 3, common_unit=True),
            Column("cost to the declining", "number", 3),
            Column("cost to the rising", "number", 3),
        ),
        rows=tuple(row(window) for window in typed(result.endurance.windows, Window)),
        notes=(
            "Powell's condition: the declining power fights if discount · p(next year) − p exceeds its cost plus the "
            "other's discounted "
            "cost. Capabilities grow as the scenario assumes; costs are shares of what each power has at stake.",
        ),
    )
