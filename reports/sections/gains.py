"""What each power gets, and why: the payoff table, payoffs by regime, the ledger, the game itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from games.spheres import STATUS_QUO
from reports.document import (
    Block,
    Cell,
    Column,
    Details,
    Figure,
    GameView,
    Mark,
    Paragraph,
    RowsPanel,
    Section,
    Table,
    WaterfallPanel,
)
from reports.sections.parts import called, legend_regimes, mark, reference, rows_of, sentences
from reports.tables import COMMON_UNIT, NOUGHT, from_frame, interval, plain_cell, text

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["ledger", "payoffs", "stage_game"]

LARGEST_VIEW = 256
"""Games with more profiles are too long to print."""


def payoffs(result: Comparison) -> Section:
    """What each power gets: the payoff table, and payoffs by regime."""
    summary = result.to_frame()
    rows = tuple(
        (
            power,
            plain_cell(row["concert"]),
            interval(row["competition low"], row["competition high"]),
            interval(row["premium low"], row["premium high"]),
            plain_cell(row["critical discount"]),
            plain_cell(row["own discount"]),
            plain_cell(row["slack"]),
            str(row["what binds"]),
        )
        for power, row in rows_of(summary)
    )
    table = Table(
        caption="The payoff table",
        columns=(
            Column("power"),
            Column(called(result), "number", common_unit=True),
            Column("competition", "number", common_unit=True),
            Column("premium", "signed", common_unit=True),
            Column("critical discount", "discount", 3),
            Column("own discount", "discount", 3),
            Column("slack", "signed", common_unit=True),
            Column("what binds"),
        ),
        rows=rows,
        notes=(
            "Premium: the deal's payoff less competition's, for every equilibrium found, hence an interval. "
            "Critical discount: the least weight on next year at which keeping the deal pays, if a breach is answered "
            "for ever by the equilibrium, on the deal's own map, that is worst for the one who broke it; “none” means that no "
            "patience suffices. Slack: what the power would lose a year by breaking it, at its own discount factor; negative "
            "means that breaking it pays.",
            f"Competition: {result.equilibria.summary()}",
            COMMON_UNIT,
        ),
    )
    competition = {
        power: (row["competition low"], row["competition high"]) for power, row in rows_of(summary)
    }
    others = [
        str(name) for name in result.payoffs.index if not _is_competition(name) and name != result.regime
    ]
    panels = []
    words = []
    for power in result.players:
        low, high = (float(v) for v in competition[power])
        own = result.payoffs[power]
        marks: list[tuple[Mark, ...]] = [
            (Mark("concert", float(own[result.regime])),),
            (mark("competition", low, high),),
            *((Mark("other", float(own[name])),) for name in others),
        ]
        column = Column("", "number")
        notes = [text(float(own[result.regime]), column), text((low, high), column)]
        notes += [text(float(own[name]), column) for name in others]
        labels = (result.regime, "competition", *others)
        panels.append(RowsPanel(power, labels, tuple(marks), tuple(notes), "points", zero=True))
        words.append(f"{power} gets {notes[0]} in {result.regime} and {notes[1]} in competition")
    figure = Figure(
        caption="Payoffs by regime",
        alt=sentences(words),
        panels=tuple(panels),
        legend=legend_regimes(result),
        notes=("Each power has its own scale; comparing two powers' points supposes a common unit.",),
    )
    return Section(
        "What each power gets",
        (
            "The concert has every power accommodate every rival on this map"
            if result.regime == "concert"
            else f"The deal is the regime “{result.regime}” on this map"
        )
        + "; competition is every Nash equilibrium found of the one-year game on the status quo map.",
        (table, figure),
    )


def ledger(result: Comparison) -> Section:
    """Why these numbers: the difference between competition and concert, item by item."""
    frame = result.ledger
    panels = []
    words = []
    for power in result.players:
        own = frame[frame["power"] == power]
        start, end = float(own["competition"].sum()), float(own["concert"].sum())
        steps = [
            (f"tie: {item}" if kind == "tie" else str(item), float(value))
            for item, kind, value in zip(own["item"], own["kind"], own["difference"])
        ]
        steps.sort(key=lambda step: -abs(step[1]))
        scale = max((abs(value) for _, value in steps), default=0.0)
        kept = [step for step in steps if abs(step[1]) > max(0.01 * scale, NOUGHT)][:10]
        rest = end - start - sum(value for _, value in kept)
        if abs(rest) > NOUGHT * max(1.0, abs(start), abs(end)):
            kept.append((f"{len(steps) - len(kept)} others", rest))
        panels.append(
            WaterfallPanel(power, ("competition", start), tuple(kept), (called(result), end), "points")
        )
        if kept:
            words.append(
                f"for {power} the largest item is {kept[0][0]}, {text(kept[0][1], Column('', 'signed'))}"
            )
    figure = Figure(
        caption=f"From competition to {called(result)}, item by item",
        alt=sentences(words),
        panels=tuple(panels),
        legend=(("gain", f"{called(result)} brings more"), ("loss", f"{called(result)} brings less")),
        notes=(
            "Points; each power has its own scale. The rows add up exactly. Competition is here its equilibrium "
            f"{reference(result)}, on the status quo map.",
        ),
    )
    full = Table(
        caption="The whole ledger",
        columns=(
            Column("power"),
            Column("item"),
            Column("kind"),
            Column(called(result), "number", 3, common_unit=True),
            Column("competition", "number", 3, common_unit=True),
            Column("difference", "signed", 3, common_unit=True),
        ),
        rows=tuple(
            (
                str(row["power"]),
                str(row["item"]),
                str(row["kind"]),
                plain_cell(row["concert"]),
                plain_cell(row["competition"]),
                plain_cell(row["difference"]),
            )
            for _, row in frame.iterrows()
        ),
        notes=(COMMON_UNIT,),
    )
    return Section(
        "Why these numbers",
        "A payoff is a sum over regions, ties and the order that the powers keep together. The waterfalls take the difference "
        f"between competition and {called(result)} apart.",
        (figure, Details("Every row of the ledger", (full,))),
    )


def stage_game(result: Comparison) -> Section:
    """The one-year game, annotated, and its equilibria."""
    from games import view

    game = result.game
    size = math.prod(game.shape)
    blocks: list[Block] = []
    if size <= LARGEST_VIEW and game.n_players <= 3:
        blocks.append(GameView(view.html(game), view.text(game)))
    else:
        blocks.append(
            Paragraph(
                f"With {size:,} profiles the game is too large to print. What each power could do alone against "
                f"the {result.regime} stands below."
            )
        )
        blocks.append(_unilateral(result))
    found = result.equilibria
    table = from_frame(found.to_frame(), "Nash equilibria of competition")
    blocks.append(
        Details("The equilibria of competition, with payoffs and proof", (Paragraph(found.summary()), table))
    )
    return Section(
        "The game of one year",
        "Each power accommodates or contests each rival. "
        + (
            "The equilibria of this game are what competition means here."
            if result.map == STATUS_QUO
            else "The game shown is that on the deal's own map; competition means the equilibria of the one on the status "
            "quo map, listed below."
        ),
        tuple(blocks),
    )


def _unilateral(result: Comparison) -> Table:
    """Each power's three best actions against the others' concert."""
    game = result.game
    profile = game.profile(result.model.regimes[result.regime])
    rows: list[tuple[Cell, ...]] = []
    for i, power in enumerate(game.players):
        index: list[Any] = list(profile)
        index[i] = slice(None)
        values = game.payoffs[(*index, i)]
        best = sorted(range(len(values)), key=lambda a: -values[a])[:3]
        rows += [
            (power, game.actions[i][a], float(values[a]), float(values[a] - values[profile[i]])) for a in best
        ]
    return Table(
        caption=f"The three best actions of each power while the others keep the {result.regime}",
        columns=(
            Column("power"),
            Column("action"),
            Column("payoff", "number", common_unit=True),
            Column("gain over the deal", "signed", common_unit=True),
        ),
        rows=tuple(rows),
        notes=(COMMON_UNIT,),
    )


def _is_competition(name: Any) -> bool:
    return str(name).startswith("competition")
