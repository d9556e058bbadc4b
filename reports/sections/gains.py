"""What each power gets, and why: the payoff table, payoffs by regime, the ledger, the game itself."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from games.spheres import STATUS_QUO
from games.words import counted, the, with_articles
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
from reports.sections.parts import (
    called,
    groups_note,
    legend_regimes,
    mark,
    reference,
    sentences,
    span,
)
from reports.tables import ZERO, from_frame, interval, plain_cell, text
from solvers.base.rows import typed
from solvers.compare.rows import ObservedRow, SlackRow

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = [
    "LEDGER",
    "PAYOFFS",
    "STAGE_GAME",
    "ledger",
    "ledger_figure",
    "payoffs",
    "payoffs_figure",
    "stage_game",
]

PAYOFFS, LEDGER, STAGE_GAME = "What each power gets", "Why these numbers", "The game of one year"

LARGEST_VIEW = 256
"""Games with more profiles are too long to print."""

_NUMBER, _SIGNED = Column("", "number"), Column("", "signed")
OWN_SCALES = (
    "Each power has its own scale: comparing lengths across powers assumes that points are a common unit."
)


def payoffs(result: Comparison) -> Section:
    """What each power gets: the payoff table, what was observed, and payoffs by regime."""
    s = result.standing
    binds = result.to_frame()["what binds"]
    slack = typed(result.slack, SlackRow)
    share = result.premium
    rows = tuple(
        (
            power,
            float(s.payoffs[i]),
            interval(s.benchmarks[:, i].min(), s.benchmarks[:, i].max()),
            interval(s.premium[:, i].min(), s.premium[:, i].max()),
            interval(share["share low"][power] / 100, share["share high"][power] / 100),
            float(s.reversion.per_player[i]),
            float(s.model.discount[i]),
            plain_cell(slack[i].nash_high),
            with_articles(str(binds[power]), result.players),
        )
        for i, power in enumerate(result.players)
    )
    table = Table(
        caption="The payoff table",
        columns=(
            Column("power"),
            Column(called(result), "number", common_unit=True),
            Column("competition", "number", common_unit=True),
            Column("premium", "signed", common_unit=True),
            Column("premium by own size", "percent", 0),
            Column("critical discount", "discount", 3),
            Column("own discount", "discount", 3),
            Column("slack", "signed", common_unit=True),
            Column("most tempting deviation"),
        ),
        rows=rows,
        notes=(
            "Premium: the deal's payoff less competition's, an interval over the equilibria found; by own size, in per cent of "
            "the power's own capability. Critical discount: the smallest weight on next year at which keeping the deal "
            "pays. A breach is answered forever by the equilibrium of the deal's own map that is worst for the deviator. "
            "“None” means that no discount factor is high enough. Slack: what the power would lose a year by its "
            "best deviation, at its own "
            "discount factor; a negative slack means that deviating pays.",
            f"Competition: {result.equilibria.summary()}",
        ),
    )
    blocks: list[Block] = [table]
    if len(result.against_observed):
        blocks.append(_observed(result))
    return Section(
        PAYOFFS,
        (
            "The concert has every power accommodate every rival on this map"
            if result.regime == "concert"
            else f"The deal is the regime “{result.regime}” on this map"
        )
        + "; competition is every Nash equilibrium found of the one-year game on the status quo map.",
        (*blocks, payoffs_figure(result)),
    )


def _observed(result: Comparison) -> Table:
    """The deal against what the powers were seen to do."""
    return Table(
        caption="Against what was observed",
        columns=(
            Column("observed stances"),
            Column("equilibrium"),
            *(Column(f"{power}: premium", "signed", common_unit=True) for power in result.players),
            *(Column(f"{power}: regret", "number", common_unit=True) for power in result.players),
            Column("source"),
        ),
        rows=tuple(
            (
                row.observed,
                row.equilibrium,
                *map(plain_cell, row.premium),
                *map(plain_cell, row.regret),
                row.source,
            )
            for row in typed(result.against_observed, ObservedRow, result.players)
        ),
        notes=(
            "Premium: the deal's payoff less that of the observed stances on the status quo map. Regret: what the power would "
            "gain by leaving them alone; zero for all means that they are an equilibrium of the model.",
        ),
    )


def payoffs_figure(result: Comparison) -> Figure:
    """Payoffs of every power in the deal, in competition and under the other regimes."""
    s = result.standing
    table = result.payoffs
    others = [
        str(name) for name in table.index if not str(name).startswith("competition") and name != result.regime
    ]
    panels = []
    words = []
    for i, power in enumerate(result.players):
        cell, competition = span(s.benchmarks[:, i], _NUMBER)
        low, high = cell if isinstance(cell, tuple) else (cell, cell)
        own = table[power]
        marks: list[tuple[Mark, ...]] = [
            (Mark("concert", float(own[result.regime])),),
            (mark("competition", low, high),),
            *((Mark("other", float(own[name])),) for name in others),
        ]
        notes = [text(float(own[result.regime]), _NUMBER), competition]
        notes += [text(float(own[name]), _NUMBER) for name in others]
        labels = (result.regime, "competition", *others)
        panels.append(RowsPanel(power, labels, tuple(marks), tuple(notes), "points", zero=True))
        words.append(f"{the(power)} gets {notes[0]} in {result.regime} and {notes[1]} in competition")
    return Figure(
        caption="Payoffs by regime",
        alt=sentences(words),
        panels=tuple(panels),
        legend=legend_regimes(result),
        notes=(OWN_SCALES,),
    )


def ledger(result: Comparison) -> Section:
    """Why these numbers: the difference between competition and concert, item by item."""
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
            (power, item, kind, float(concert), float(competition), float(difference))
            for power, item, kind, concert, competition, difference in _ledger_rows(result)
        ),
    )
    return Section(
        LEDGER,
        "A payoff is a sum over regions, ties and the order that the powers keep together. The waterfalls split the difference "
        f"between competition and {called(result)} into these items.",
        (ledger_figure(result), Details("Every row of the ledger", (full,))),
    )


_LEDGER = ["power", "item", "kind", "concert", "competition", "difference"]


def _ledger_rows(result: Comparison) -> list[tuple[str, str, str, float, float, float]]:
    return [
        (str(power), str(item), str(kind), float(a), float(b), float(d))
        for power, item, kind, a, b, d in result.ledger[_LEDGER].itertuples(index=False, name=None)
    ]


def ledger_figure(result: Comparison) -> Figure:
    """From competition to the deal, item by item, for every power."""
    rows = _ledger_rows(result)
    panels = []
    words = []
    for power in result.players:
        own = [row for row in rows if row[0] == power]
        start, end = sum(row[4] for row in own), sum(row[3] for row in own)
        items = sorted(
            ((kind, item, value) for _, item, kind, _, _, value in own), key=lambda row: -abs(row[2])
        )
        scale = max((abs(value) for *_, value in items), default=0.0)
        named = [row for row in items if abs(row[2]) > max(0.01 * scale, ZERO)][:10]
        shown = [(f"tie: {item}" if kind == "tie" else item, value) for kind, item, value in named]
        rest = end - start - sum(value for _, value in shown)
        if abs(rest) > ZERO * max(1.0, abs(start), abs(end)):
            shown.append((counted(len(items) - len(named), "other"), rest))
        panels.append(
            WaterfallPanel(power, ("competition", start), tuple(shown), (called(result), end), "points")
        )
        if shown:
            kind, item, value = named[0] if named else ("", *shown[0])
            said = f"the tie to {the(item)}" if kind == "tie" else item
            words.append(f"for {the(power)} the largest item is {said}, {text(value, _SIGNED)}")
    return Figure(
        caption=f"From competition to {called(result)}, item by item",
        alt=sentences(words),
        panels=tuple(panels),
        legend=(("gain", f"{called(result)} brings more"), ("loss", f"{called(result)} brings less")),
        notes=(
            "Points; each power has its own scale, and the rows add up exactly. Competition here is its equilibrium "
            f"{reference(result)}, on the status quo map.",
            *groups_note(label for panel in panels for label, _ in panel.steps),
        ),
    )


def stage_game(result: Comparison) -> Section:
    """The one-year game, annotated, and its equilibria."""
    game = result.game
    size = math.prod(game.shape)
    blocks: list[Block] = []
    if size <= LARGEST_VIEW and game.n_players <= 3:
        blocks.append(GameView.of(game))
    else:
        blocks.append(
            Paragraph(
                f"With {size:,} profiles the game is too large to print. The table shows what each power could do alone "
                f"against "
                f"the {result.regime}."
            )
        )
        blocks.append(_unilateral(result))
    found = result.equilibria
    table = from_frame(found.to_frame(), "Nash equilibria of competition")
    blocks.append(
        Details("The equilibria of competition, with payoffs and proof", (Paragraph(found.summary()), table))
    )
    return Section(
        STAGE_GAME,
        "Each power accommodates or contests each rival. "
        + (
            "The equilibria of this game are what competition means here."
            if result.map == STATUS_QUO
            else "This is the game on the deal's own map; competition means the equilibria of the game on the status quo map, "
            "listed below."
        ),
        tuple(blocks),
    )


def _unilateral(result: Comparison) -> Table:
    """Each power's three best actions while the others keep the deal."""
    game = result.game
    profile = result.standing.profile
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
    )
