"""The slides of a comparison: each has a computed sentence for a title, one figure or table, and how it was found."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from games.spheres import STATUS_QUO
from games.words import counted, listed, sentence, the
from reports import provenance
from reports.deck._deck import Deck
from reports.document import (
    Bullets,
    Column,
    Figure,
    Mark,
    Paragraph,
    Provenance,
    RowsPanel,
    Section,
    Table,
)
from reports.sections.parts import fares
from reports.tables import interval, text
from reports.writers._attempt import safely
from solvers.base.rows import typed
from solvers.spheres.third_parties import Burden
from solvers.uncertainty.rows import SwingRow

if TYPE_CHECKING:
    from solvers.compare import Comparison
    from solvers.uncertainty import Assessment

__all__ = ["build"]

_SIGNED, _SHARE = Column("", "signed", 1), Column("", "percent", 0)
_DOES = {
    "gains": "pays",
    "loses": "costs",
    "gains or loses": "may pay or cost",
    "neither gains nor loses": "leaves as they are",
}
"""What the deal does to a power, by how the power fares."""
_ROWS = 8
"""Rows that can still be read from the last bench of a lecture room."""
_VISIBLE = 0.05
"""Millions of people below which a gain or loss is shown as zero."""
_LONGEST = 160
"""Letters of a title that fit two lines of a slide."""


def build(result: Comparison, source: Provenance | None = None, assessment: Assessment | None = None) -> Deck:
    """The deck of a comparison; `assessment` (from `solvers.uncertainty.assess`) adds how sure it is and what it turns on.

    >>> from games import load
    >>> from solvers import compare
    >>> deck = build(compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia"))
    >>> deck.sections[1].title
    'The deal moves Ukraine: from nobody to Russia by force.'
    """
    model = result.model
    makers: list[Callable[[], Section]] = [
        lambda: _powers(result),
        lambda: _map(result),
        lambda: _payoffs(result),
        lambda: _items(result),
        lambda: _patience(result),
        lambda: _third_parties(result),
    ]
    if assessment is not None:
        makers += [lambda: _certainty(assessment), lambda: _turns(assessment)]
    else:
        makers += [lambda: _variants(result)]
    makers += [lambda: _limits(result, assessment)]
    origin = source or provenance.of(model)
    if assessment is not None:
        origin = replace(origin, seed=assessment.outcomes.draws.seed)
    where = "today's map" if result.map == STATUS_QUO else f"the map “{result.map_name}”"
    return Deck(
        title=f"What would {listed([the(p) for p in result.players])} get by {_deal(result)} on {where}, and would it hold?",
        subtitle=model.title or model.name,
        verdict=_question(result),
        sections=(*(safely(make, _instead) for make in makers), _citation()),
        provenance=origin,
    )


def _instead(why: str) -> Section:
    """The slide that says why another one is not there."""
    return Section("This slide is left out.", "", (Paragraph(sentence(why)),))


def _deal(result: Comparison) -> str:
    return "a concert" if result.regime == "concert" else f"the regime “{result.regime}”"


def _question(result: Comparison) -> tuple[str, ...]:
    """What is asked, in three sentences."""
    number = len(result.equilibria)
    return (
        "Each power takes a stance toward each rival, year after year: it accommodates or contests.",
        "In the concert every power accommodates every rival."
        if result.regime == "concert"
        else f"In the regime “{result.regime}” powers of one bloc accommodate each other and contest the rest.",
        f"Competition is what each does alone: {'the one equilibrium' if number == 1 else f'{number} equilibria'} of the "
        "one-year game on today's map.",
    )


def _powers(result: Comparison) -> Section:
    model = result.model
    capability = model.capability
    shares = capability / capability.sum()
    order = shares.argsort()
    first, last = int(order[-1]), int(order[0])
    return Section(
        sentence(
            f"{the(model.players[first])} has {shares[first]:.0%} of the powers' capability and "
            f"{the(model.players[last])} {shares[last]:.0%}"
        ),
        f"Capability index: {'a mix of CINC and GDP' if model.index == 'mix' else model.index}, in per cent of the world's"
        + (f", {model.year}" if model.year else "")
        + ". The discount factor is patience times the chance that the leadership lasts a year.",
        (
            Figure(
                "Capability and patience",
                " ".join(
                    f"{p}: capability {c:.1f}, discount factor {d:.3f}."
                    for p, c, d in zip(model.players, capability, model.discount)
                ),
                (
                    RowsPanel(
                        "Capability",
                        model.players,
                        tuple((Mark("concert", float(c)),) for c in capability),
                        tuple(f"{c:.1f}" for c in capability),
                        "% of the world",
                        (0.0, float(capability.max()) * 1.1),
                    ),
                    RowsPanel(
                        "Discount factor",
                        model.players,
                        tuple((Mark("own", float(d)),) for d in model.discount),
                        tuple(f"{d:.3f}" for d in model.discount),
                        "weight on next year",
                        (0.0, 1.0),
                    ),
                ),
                (("concert", "capability"), ("own", "discount factor")),
            ),
        ),
    )


def _map(result: Comparison) -> Section:
    from reports.sections import regions

    made = regions.spheres(result)
    figure = regions.map_figure(result)
    # One map is large enough to read from the last bench; the title says what was there before.
    figure = replace(figure, panels=figure.panels[-1:])
    moved = [block.rows for block in made.blocks if isinstance(block, Table)]
    rows = moved[0] if moved else ()
    if not rows:
        title = f"The deal leaves all {len(result.model.regions)} regions where they are."
    else:
        changes = [f"{region}: from {before} to {after}" for region, before, after in rows]
        title = f"The deal moves {'; '.join(changes)}."
        if len(title) > _LONGEST:
            title = f"The deal moves {len(rows)} of {len(result.model.regions)} regions: {listed([str(r[0]) for r in rows])}."
    return Section(title, " ".join(figure.notes), (replace(figure, notes=()),))


def _payoffs(result: Comparison) -> Section:
    from reports.sections import gains

    table = next(b for b in gains.payoffs(result).blocks if isinstance(b, Table))
    wanted = [
        k
        for k, column in enumerate(table.columns)
        if column.name not in ("premium by own size", "critical discount", "own discount", "slack")
    ]
    s = result.standing
    groups: dict[str, list[str]] = {}
    for i, power in enumerate(result.players):
        low, high = float(s.premium[:, i].min()), float(s.premium[:, i].max())
        low_words, high_words = text(low, _SIGNED), text(high, _SIGNED)
        amount = low_words if low_words == high_words else f"{low_words} to {high_words}"
        groups.setdefault(_DOES[fares(result, power)], []).append(f"{the(power)} ({amount})")
    parts = [f"{what} {listed(groups[what])}" for what in _DOES.values() if what in groups]
    return Section(
        sentence(f"The deal {listed(parts)}, in points a year"),
        "Premium: the deal's payoff less competition's, over the equilibria found. "
        + sentence(result.equilibria.summary())
        + " One point is one per cent of the world's capability, held for a year.",
        (
            Table(
                "What each power gets",
                tuple(table.columns[k] for k in wanted),
                tuple(tuple(row[k] for k in wanted) for row in table.rows),
            ),
        ),
    )


def _items(result: Comparison) -> Section:
    from reports.sections import gains

    figure = gains.ledger_figure(result)
    largest: dict[str, list[str]] = {}
    for panel in figure.panels:
        steps = [
            step for step in getattr(panel, "steps", ()) if not re.fullmatch(r"[0-9,]+ others?", step[0])
        ]
        if steps:
            name = max(steps, key=lambda step: abs(step[1]))[0].removeprefix("tie: ")
            largest.setdefault(name, []).append(the(panel.title))
    parts = [f"{the(name)} for {listed(powers)}" for name, powers in largest.items()]
    return Section(
        sentence(f"Against competition, what changes most is {listed(parts)}")
        if parts
        else "Nothing changes.",
        f"The difference between competition and {_deal(result)}, item by item. " + " ".join(figure.notes),
        (replace(figure, notes=()),),
    )


def _patience(result: Comparison) -> Section:
    from reports.sections import incentives

    s = result.standing
    figure = incentives.patience_figure(result)
    ways = result.ways_it_breaks
    breaking = list(dict.fromkeys(ways["deviator"][ways["status"] == "breaks now"]))
    who = f": {listed([the(str(p)) for p in breaking])} would break it" if breaking else ""
    if s.holds:
        title = "The deal would hold: a return to competition deters every power at its own patience"
    elif s.could_hold:
        title = f"A return to competition would not hold the deal{who}. Harsher punishments might"
    else:
        title = f"No punishment could hold the deal{who}"
    return Section(
        sentence(title),
        "Each power's deviations, all examined. " + " ".join(figure.notes),
        (replace(figure, notes=()),),
    )


def _third_parties(result: Comparison) -> Section:
    def size(row: Burden) -> float:
        return max(abs(row.person_burden_low), abs(row.person_burden_high))

    burden = typed(result.burden, Burden)
    shown = sorted((row for row in burden if size(row) > _VISIBLE), key=size, reverse=True)[:_ROWS]
    rows = tuple(
        (
            row.region,
            row.population,
            row.autonomy_concert,
            interval(row.autonomy_competition_low, row.autonomy_competition_high),
            interval(-row.person_burden_high, -row.person_burden_low),
        )
        for row in shown
    )
    title = result.verdict[2].rstrip(".")
    if len(title) > _LONGEST:
        title = title.split("; ")[0]
    rest = len(burden) - len(rows)
    return Section(
        sentence(title),
        "Autonomy is the chance that a region is not held by force. People: autonomy gained against competition, times "
        "population. It is never set off against the powers' gains."
        + (f" The report has the other {counted(rest, 'region')}." if rest else ""),
        (
            Table(
                "Where the people gain or lose most",
                (
                    Column("region"),
                    Column("population", "number", 1, "m"),
                    Column("autonomy in the deal", "percent", 0),
                    Column("in competition", "percent", 0),
                    Column("people", "signed", 1, "m"),
                ),
                rows,
            ),
        ),
    )


def _certainty(found: Assessment) -> Section:
    from reports.sections import certainty

    pays, holds, both = (found.outcomes.share(c) for c in ("pays all", "holds", "pays all and holds"))
    drawn = found.outcomes.draws
    figure = certainty.premium_figure(found)
    return Section(
        f"It pays every power in {pays.value:.0%} of {pays.draws:,} draws, holds in {holds.value:.0%}, and does both in "
        f"{both.value:.0%}.",
        f"Each assumed number was drawn over its range ({drawn.how}). Shares are within "
        f"± {max(pays.error, holds.error, both.error):.1%}; none is the chance that something happens. "
        + " ".join(figure.notes),
        (replace(figure, notes=()),),
    )


def _turns(found: Assessment) -> Section:
    from reports.sections import draws

    swings = typed(found.swings.swings, SwingRow, found.players)
    turning = [_plain(row.number) for row in swings if row.turns]
    title = (
        f"One at a time, {listed(turning[:5])} {'turns' if len(turning) == 1 else 'turn'} who gains or whether it holds"
        if turning
        else "No number, taken alone over its range, turns who gains or whether it holds"
    )
    variants = [str(n) for n in found.by_variant.index if str(found.by_variant["turns"][n])]
    figure = draws.tornado_figure(found.swings, most=_ROWS, digits=1)
    panels = tuple(
        replace(panel, labels=tuple(map(_plain, panel.labels))) if isinstance(panel, RowsPanel) else panel
        for panel in figure.panels
    )
    note = (
        f"Of the model's structural variants {listed([f'“{v}”' for v in variants])} "
        f"{'turns' if len(variants) == 1 else 'turn'} the verdict."
        if variants
        else "No structural variant of the model turns the verdict."
    )
    return Section(
        sentence(title),
        "Each number or switch moved alone over its range, the others as they are; the widest spans are shown. "
        + note,
        (
            replace(
                figure,
                caption="Each power's premium over the range of one number at a time",
                panels=panels,
                notes=(),
            ),
        ),
    )


def _plain(path: str) -> str:
    """The path of a number as words.

    >>> _plain("powers.China.patience"), _plain("half_distance")
    ('powers China patience', 'half distance')
    """
    if path == "left_out":
        return "a region left out"
    return path.replace("_", " ").replace(".", " ")


def _variants(result: Comparison) -> Section:
    from reports.sections import cases
    from solvers.compare import what_changes

    said = what_changes(result)
    figure = cases.variants_figure(result)
    title = said[0] if said else "No variant of the model and no capability index turns the verdict."
    return Section(
        title if len(title) <= _LONGEST else f"{len(said)} variants of the model turn the verdict.",
        "The same deal under other choices of structure. No numbers were drawn. " + " ".join(figure.notes),
        (replace(figure, notes=()),),
    )


def _limits(result: Comparison, assessment: Assessment | None) -> Section:
    left_out = tuple(result.leaves_out)
    return Section(
        f"{result.model.assumed_share:.0%} of the input numbers are assumed, and the model leaves much out.",
        "Assumed numbers have a range and a reason; the report lists each."
        + (
            ""
            if assessment is not None
            else " How sure the verdict is was not computed: the deck was made without draws."
        ),
        (Bullets(left_out),),
    )


def _citation() -> Section:
    return Section(
        "To cite this deck, name the tool, its version, the scenario and its digest.",
        "Please also cite the data that the scenario uses; the report lists every source.",
        (Paragraph(provenance.citation()),),
    )
