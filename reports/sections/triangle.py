"""The strategic triangle of three powers: friends and foes, and the price of turning one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.words import the
from reports.document import Column, Figure, Section, Table, TrianglePanel
from reports.sections.parts import yes
from reports.tables import plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.triangle import Triangles

__all__ = ["TITLE", "picture", "triangle", "triangle_figure"]

TITLE = "The strategic triangle"


def triangle(result: Comparison) -> Section:
    """The strategic triangle of three powers, and the price of turning one of them."""
    from solvers import triangle as triangles

    found = triangles.from_model(result.model, map=result.map)
    return Section(
        TITLE,
        "Each pair is friendly or hostile: which triangles last, and what would it cost to turn one power away from another?",
        (picture(found), _courtships(found), _balances(result)),
    )


def triangle_figure(result: Comparison) -> Figure:
    """The triangles of friends and foes."""
    from solvers import triangle as triangles

    return picture(triangles.from_model(result.model, map=result.map))


def picture(found: Triangles) -> Figure:
    """The triangles that matter: all friends, and each marriage with its outcast."""
    from solvers import triangle as triangles

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
    return Figure(
        caption="Triangles of friends and foes",
        alt=found.summary(),
        panels=tuple(panels),
        legend=(("friendly", "friendly: both accommodate"), ("hostile", "hostile: both contest")),
        notes=(
            "Under each name: its role and its payoff, in points a year, on this report's map. Stable: no power would "
            "turn a tie "
            "hostile, and no two would turn theirs friendly (pairwise stability, Jackson and Wolinsky 1996).",
        ),
    )


def _courtships(found: Triangles) -> Table:
    from solvers import triangle as triangles

    rows = []
    for courter in found.players:
        for courted in found.players:
            if courter == courted:
                continue
            bid = triangles.courtship(found, courter, courted)
            rows.append(
                (
                    f"{the(courter)} courts {the(courted)} away from {the(bid.rival)}",
                    plain_cell(bid.asked),
                    plain_cell(bid.worth),
                    plain_cell(bid.counter),
                    plain_cell(bid.price),
                    yes(bid.pays),
                )
            )
    return Table(
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
            "United States courting Russia away from China. A move pays if its worth exceeds what is asked plus the best "
            "counter-offer.",
        ),
    )


def _balances(result: Comparison) -> Table:
    from solvers.cooperative import balance

    triads = balance(result.model)
    return Table(
        caption="Who beats whom",
        columns=(
            Column("capability index"),
            Column("balance"),
            *(Column(f"{p} pivotal") for p in result.players),
        ),
        rows=tuple(
            (index, triads.sentence(index), *(yes(p not in idle) for p in result.players))
            for index, idle in ((index, triads.dummies(index)) for index in triads.games)
        ),
        notes=(
            "A coalition wins with more than half of all capability (Caplow 1956). Pivotal: some losing coalition wins "
            "if it joins.",
        ),
    )
