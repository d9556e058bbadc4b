"""Would it hold, and what breaks it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from games.spheres import STATUS_QUO
from games.words import capital, listed, the, with_articles
from reports.document import Block, Column, Figure, Mark, Paragraph, RowsPanel, Section, Table
from reports.sections.parts import mark, sentences, span, yes
from reports.tables import interval, plain_cell, text
from solvers.base.rows import typed
from solvers.coalitions import PairRow
from solvers.compare.rows import SlackRow

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["BREAKING", "PATIENCE", "breaking", "patience", "patience_figure"]

PATIENCE, BREAKING = "Would it hold?", "Ways it breaks"
_SIGNED, _DISCOUNT = Column("", "signed"), Column("", "discount", 3)


def patience(result: Comparison) -> Section:
    """Would it hold: premiums, and critical discount factors beside the powers' own."""
    return Section(
        PATIENCE,
        "A power keeps the deal if the years after a breach cost it more than the breach brings.",
        (patience_figure(result), _incentives(result)),
    )


def patience_figure(result: Comparison) -> Figure:
    """The premium of every power, and its own discount factor beside the one that it needs."""
    s = result.standing
    premium, notes, marks, words = [], [], [], []
    for i in range(len(result.players)):
        _, said = span(s.premium[:, i], _SIGNED)
        premium.append((mark("competition", s.premium[:, i].min(), s.premium[:, i].max()),))
        notes.append(said)
        own, low, high = s.model.discount[i], s.reversion.per_player[i], s.reversion.worst[i]
        marks.append(
            (
                mark("competition", low, high),
                Mark("bound", float(s.correlated.per_player[i])),
                Mark("own", float(own)),
            )
        )
        words.append(f"own {text(float(own), _DISCOUNT)}, needs {text(interval(low, high), _DISCOUNT)}")
    return Figure(
        caption="Does it pay, and would it last?",
        alt=sentences(f"{the(power)}: {note}" for power, note in zip(result.players, words)),
        panels=(
            RowsPanel("Premium", result.players, tuple(premium), tuple(notes), "points", zero=True),
            RowsPanel("Discount factors", result.players, tuple(marks), tuple(words), "", (0.0, 1.0)),
        ),
        legend=(
            ("competition", "interval over the equilibria of competition"),
            ("own", "own discount factor"),
            ("bound", "least that any punishment needs (correlated minmax)"),
        ),
        notes=(
            "A power keeps the deal if its triangle is right of the left diamond (harshest reversion) or, for any reversion, "
            "right of both. An arrow at the edge: no discount factor is high enough.",
        ),
    )


def _incentives(result: Comparison) -> Table:
    s = result.standing
    elsewhere = result.map != STATUS_QUO
    slack = typed(result.slack, SlackRow)
    rows = tuple(
        (
            power,
            with_articles(s.reversion.deviation[i], result.players),
            float(s.reversion.gain[i]),
            interval(s.reversion.per_player[i], s.reversion.worst[i]),
            *([interval(s.status_quo.per_player[i], s.status_quo.worst[i])] * elsewhere),
            float(s.pure.per_player[i]),
            float(s.correlated.per_player[i]),
            float(s.model.discount[i]),
            interval(slack[i].nash_low, slack[i].nash_high),
            *([interval(slack[i].status_quo_low, slack[i].status_quo_high)] * elsewhere),
            plain_cell(slack[i].minmax),
        )
        for i, power in enumerate(result.players)
    )
    return Table(
        caption="Incentives to keep it",
        columns=(
            Column("power"),
            Column("best breach"),
            Column("gain", "signed", common_unit=True),
            Column("needed: reversion", "discount", 3),
            *([Column("needed: status quo", "discount", 3)] * elsewhere),
            Column("needed: pure minmax", "discount", 3),
            Column("needed: minmax", "discount", 3),
            Column("own", "discount", 3),
            Column("slack: reversion", "signed", common_unit=True),
            *([Column("slack: status quo", "signed", common_unit=True)] * elsewhere),
            Column("slack: minmax", "signed", common_unit=True),
        ),
        rows=rows,
        notes=(
            "Gain: what the best breach earns in the year it is made; if negative, no breach pays. Needed: the "
            "critical discount "
            "factor for each punishment. Own: the power's discount factor. Slack: what the breach loses a year at the "
            "power's own "
            "discount factor.",
            "Reversion: an equilibrium of the deal's own map forever, from the one harshest for the deviator to the mildest. "
            "Status quo: competition on today's map. Minmax: the worst that the others can do (correlated, or by pure "
            "actions), a "
            "bound that no punishment beats.",
            "A discount factor of 0.9 values next year's point at nine tenths of this year's. Discount factors, and "
            "the signs of "
            "slack, do not change if any power's payoffs are put in other units.",
        ),
    )


def breaking(result: Comparison) -> Section:
    """What breaks it, ranked, and what pairs could do."""
    ranked = Table(
        caption="Ways it breaks, the nearest first",
        columns=(
            Column("way"),
            Column("status"),
            Column("deviator"),
            Column("deviation"),
            Column("size", "number"),
            Column("unit"),
            Column("what happens"),
        ),
        rows=tuple(
            (
                f"{rank}. {way.way}",
                way.status,
                way.deviator,
                with_articles(way.deviation, result.players),
                way.size,
                way.unit,
                capital(way.what),
            )
            for rank, way in enumerate(result.ways, start=1)
        ),
        notes=(
            "Listed in order: what breaks the deal now; what may break it (in some equilibria, or if two act "
            "together); what is "
            "deterred, smallest margin first.",
        ),
    )
    return Section(BREAKING, "Ranked by how little it takes.", (ranked, _pairs(result)))


def _pairs(result: Comparison) -> Block:
    able = [row for row in typed(result.coalitions, PairRow) if row.joint_action_A != "none"]
    if not able:
        return Paragraph("No two powers could both gain by breaking it together.")
    return Table(
        caption="What two powers could gain by breaking it together",
        columns=(
            Column("pair"),
            Column("joint action"),
            Column("gains", common_unit=True),
            Column("self-enforcing"),
            Column("bribe", "number", common_unit=True),
            Column("to whom"),
            Column("payable"),
        ),
        rows=tuple(
            (
                row.pair,
                with_articles(f"{row.joint_action_A}; {row.joint_action_B}", result.players),
                listed([text(plain_cell(gain), _SIGNED) for gain in (row.gain_A, row.gain_B)]),
                yes(row.self_enforcing),
                plain_cell(row.bribe),
                row.third or "nobody",
                yes(row.payable),
            )
            for row in able
        ),
        notes=(
            "The best joint breach of each pair. Self-enforcing: neither of the two would then deviate further alone. "
            "Bribe: the "
            "yearly payment that would compensate those outside; payable: the two can afford it out of their gains.",
        ),
    )
