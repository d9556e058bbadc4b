"""What follows from a choice as sentences, tables and pictures: plain data, before any HTML."""

from __future__ import annotations

from typing import Any

import numpy as np

from games.normal_form import BoolArray
from games.spheres import STATUS_QUO
from games.words import counted, listed, sentence, the, with_articles
from reports.document import Cell, Column, Figure, Table
from reports.explore._controls import label
from reports.explore._state import Choice, Explorer, View
from reports.explore._steps import Steps
from reports.tables import interval, text

__all__ = [
    "equilibria",
    "headline",
    "map_figure",
    "patience",
    "patience_figure",
    "payoffs",
    "regions",
    "said",
    "shares",
]

_SAFE = 0.9
"""A region that keeps less of its autonomy is marked on the map, as in the report's map."""


def headline(view: View) -> str:
    """One sentence: whether the deal would hold, and who gains by it whichever equilibrium it is measured against."""
    s = view.standing
    players = s.model.players
    if s.holds:
        held = "The deal would hold"
    elif s.could_hold:
        held = "The threat of reversion would not hold the deal; a harsher punishment might"
    else:
        held = "The deal would not hold under any punishment"
    gains: BoolArray = s.premium.min(axis=0) > 0
    loses: BoolArray = s.premium.max(axis=0) < 0
    parts = [
        f"{listed([the(p) for p, yes in zip(players, mask) if yes])} {verb}{'s' if mask.sum() == 1 else ''}"
        for mask, verb in ((gains, "gain"), (loses, "lose"))
        if mask.any()
    ]
    rest = ~gains & ~loses
    if rest.any():
        names = listed([the(p) for p, yes in zip(players, rest) if yes])
        parts.append(f"for {names} it depends on the equilibrium or changes nothing")
    return f"{held}. {sentence('; '.join(parts))}"


def said(view: View) -> str:
    """What has to be said of the chosen numbers: which of them lie outside their stated range."""
    chosen = {**view.choice.numbers, **view.choice.switches}
    return " ".join(
        f"{label(view.standing.model, path)}: {chosen[path]:g} lies outside the stated range, {low:g} to {high:g}."
        for path, (low, high) in view.beyond.items()
    )


def shares(steps: Steps, choice: Choice) -> Table:
    """The shares of draws in which something is true of the deal, of those evaluated so far."""
    outcomes = steps.outcomes
    assert outcomes is not None
    columns = [Column("of the deal"), Column("share of draws, against competition")]
    observed = choice.observed
    if observed:
        columns.append(Column(f"against “{observed}”"))
    frame = outcomes.shares()
    rows = []
    for condition in dict.fromkeys(frame["condition"]):
        if condition.endswith(" leave"):
            continue
        cells = [_condition(str(condition)), str(outcomes.share(condition))]
        if observed:
            differs = len(frame[frame["condition"] == condition]) > 1
            cells.append(
                str(outcomes.share(condition, against=observed)) if differs else "the same by definition"
            )
        rows.append(tuple(cells))
    count = len(choice.numbers)
    fixed = ""
    if count:
        fixed = (
            "; the number that you set keeps its value"
            if count == 1
            else f"; the {count} that you set keep their values"
        )
    lacking = int((~outcomes.complete).sum())
    so_far = (
        []
        if steps.done
        else [
            f"So far {len(outcomes)} of {steps.total} draws: the others have no equilibrium in pure strategies and take longer. "
            "The shares will change."
        ]
    )
    notes = (
        *so_far,
        f"{counted(steps.total, 'draw')} of the assumed numbers over their ranges{fixed}. The margin is the 95 "
        "% interval of sampling.",
        *(
            [f"In {counted(lacking, 'draw')} the search for equilibria of competition was not complete."]
            if lacking
            else []
        ),
    )
    return Table("How sure is this?", tuple(columns), tuple(rows), notes=notes)


_CONDITIONS = {
    "pays all": "Every power gains by the deal",
    "holds": "It holds: no power gains by breaking it, if competition on its map follows",
    "could hold": "It could hold, if the others then do their worst",
    "holds by ostracism": "It holds, if all others then contest the breaker",
    "pays all and holds": "Every power gains, and it holds",
    "equilibrium": "It is an equilibrium of one year, so that no patience is needed",
    "no pair leaves": "No two powers gain in the year by leaving it together",
    "firm": "Every power gains, it holds, and no two leave it",
}


def _condition(name: str) -> str:
    """A condition of `solvers.uncertainty.Outcomes` in words."""
    return _CONDITIONS.get(name) or sentence(the(name)).rstrip(".")


def payoffs(view: View) -> Table:
    """What each power gets in the deal, in competition and in the observed profile."""
    s = view.standing
    deal, observed = view.choice.regime, view.choice.observed
    columns = [
        Column("power"),
        Column(deal, "number", common_unit=True),
        Column("competition", "number", common_unit=True),
        Column("premium", "signed", common_unit=True),
    ]
    if observed:
        columns += [
            Column(f"“{observed}”", "number", common_unit=True),
            Column("premium over it", "signed", common_unit=True),
            Column("gain by leaving it", "signed", common_unit=True),
        ]
    rows = []
    for i, power in enumerate(s.model.players):
        row: list[Any] = [
            power,
            float(s.payoffs[i]),
            interval(s.benchmarks[:, i].min(), s.benchmarks[:, i].max()),
            interval(s.premium[:, i].min(), s.premium[:, i].max()),
        ]
        if view.observed is not None and view.regret is not None:
            row += [
                float(view.observed[i]),
                float(s.payoffs[i] - view.observed[i]),
                float(view.regret[i]),
            ]
        rows.append(tuple(row))
    return Table("What each power gets, in points", tuple(columns), tuple(rows))


def patience(view: View) -> Table:
    """The best breach of each power, and the discount factor that it would need to forgo it."""
    s = view.standing
    columns = (
        Column("power"),
        Column("best breach"),
        Column("gain of it", "signed", common_unit=True),
        Column("needed: reversion", "discount", 3),
        Column("needed: status quo", "discount", 3),
        Column("needed: minmax", "discount", 3),
        Column("own", "discount", 3),
        Column("keeps the deal"),
    )
    rows = tuple(
        (
            power,
            with_articles(s.reversion.deviation[i], s.model.players),
            float(s.reversion.gain[i]),
            interval(s.reversion.per_player[i], s.reversion.worst[i]),
            interval(s.status_quo.per_player[i], s.status_quo.worst[i]),
            float(s.correlated.per_player[i]),
            float(s.model.discount[i]),
            "yes" if s.spare[i] >= 0 else "no",
        )
        for i, power in enumerate(s.model.players)
    )
    notes = (
        "Needed: the critical discount factor, for each answer to a breach. The answers last forever: the worst to the "
        "mildest equilibrium of the deal's map, competition on the status quo map, or the worst that the others can do. "
        "A power keeps the deal if its "
        "own discount factor is at least the first of these.",
    )
    return Table("Patience", columns, rows, notes=notes)


def patience_figure(view: View) -> Figure:
    """The same as a picture."""
    from reports.sections import incentives

    return incentives.patience_figure(view.comparison)


def map_figure(explorer: Explorer, view: View) -> Figure:
    """The map of spheres today and in the deal."""
    from reports.sections.regions import map_panel

    # The places are those of the scenario; its own model knows its distances already.
    model = explorer.model(view.choice.scenario)
    names = np.array(model.region_names)

    def marked(autonomy: Any) -> frozenset[str]:
        return frozenset(str(name) for name in names[autonomy < _SAFE])

    panels = [
        map_panel(model, STATUS_QUO, "Today, in competition", marked(view.autonomy_competition.min(axis=0)))
    ]
    panels.append(
        map_panel(
            model,
            view.choice.map,
            f"In the deal: {view.choice.map}, {view.choice.regime}",
            marked(view.autonomy),
        )
    )
    positions = (("map position", "forward position of a power"),) if panels[0].positions else ()
    return Figure(
        "The map of spheres",
        "Two maps of spheres of influence: today, and in the deal",
        tuple(panels),
        (
            *((f"map p{k}", power) for k, power in enumerate(model.players)),
            ("map nobody", "nobody"),
            ("map consent", "by consent"),
            ("map force", "by force"),
            ("map contested", "keeps less than nine tenths of its autonomy"),
            *positions,
        ),
        ("Coasts: Natural Earth. The regions are listed in the table below, with holder and autonomy.",),
    )


def equilibria(view: View) -> Table:
    """The equilibria of competition on the status quo map."""
    s = view.standing
    players = s.model.players
    rows: list[tuple[Cell, ...]] = []
    for name, profile, payoffs in zip(s.benchmark_names, s.benchmark_profiles, s.benchmarks):
        parts = []
        for power, actions, weights in zip(players, s.benchmark_game.actions, profile):
            played = [(label, w) for label, w in zip(actions, weights.tolist()) if w > 0]
            words = " or ".join(label if len(played) == 1 else f"{label} ({w:.0%})" for label, w in played)
            parts.append(f"{power}: {with_articles(words, players)}")
        rows.append((name, "; ".join(parts), *(float(x) for x in payoffs)))
    columns = (
        Column("equilibrium"),
        Column("what they do"),
        *(Column(power, "number", common_unit=True) for power in players),
    )
    return Table("Competition on the status quo map", columns, tuple(rows))


def regions(view: View) -> Table:
    """The regions: who leads each, today and in the deal, and the autonomy that it keeps."""
    model, where = view.standing.model, view.choice.map
    low, high = view.autonomy_competition.min(axis=0), view.autonomy_competition.max(axis=0)
    rows = tuple(
        (
            name,
            f"{holder} {'by ' + mode if mode else ''}".strip(),
            f"{now} {'by ' + how if how else ''}".strip(),
            interval(low[r], high[r]),
            float(view.autonomy[r]),
            interval(view.autonomy[r] - high[r], view.autonomy[r] - low[r]),
        )
        for r, (name, holder, mode, now, how) in enumerate(
            zip(
                model.region_names,
                model.holder_names(STATUS_QUO),
                model.modes(STATUS_QUO),
                model.holder_names(where),
                model.modes(where),
            )
        )
    )
    people, output = (
        text(interval(-view.lost[:, k].max(), -view.lost[:, k].min()), Column("", "signed", 0))
        for k in (0, 1)
    )
    return Table(
        "Autonomy of the regions (0 to 1)",
        (
            Column("region"),
            Column("leads it today"),
            Column("in the deal"),
            Column("autonomy in competition", "number"),
            Column("in the deal ", "number"),
            Column("change", "signed"),
        ),
        rows,
        notes=(
            f"The change adds up to the full autonomy of {people} million people; by output, {output} billion dollars.",
        ),
    )
