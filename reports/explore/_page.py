"""What follows from a choice as HTML, and the one protocol by which a notebook and a local page ask for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, Any

import numpy as np

from games.errors import ConcertError, FormatError
from games.normal_form import BoolArray
from games.spheres import STATUS_QUO
from games.words import counted, listed, sentence, the, with_articles
from reports.document import Cell, Column, Figure, Panel, Table
from reports.explore._state import Choice, Explorer, View
from reports.printable import printable
from reports.tables import COMMON_UNIT, heading, interval, is_number, text

if TYPE_CHECKING:
    from solvers.uncertainty import Outcomes

__all__ = ["answer", "headline", "regions_html", "shares_html", "view_html"]

_SAFE = 0.9
"""A region that keeps less of its autonomy is marked on the map, as in the report's map."""


def answer(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    """The answer to one request of the page, as plain data.

    `ask` names what is wanted: `settings` (of a scenario), `view`, `shares` or `save` (of a choice). What is wrong with a
    request comes back as `error`, in a sentence.
    """
    try:
        return _ANSWERS[_word(request, "ask", _ANSWERS)](explorer, request)
    except ConcertError as error:
        return {"error": sentence(printable(str(error)))}


def _settings(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    return explorer.settings(_text(request, "scenario") or explorer.start)


def _view(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    view = explorer.view(_choice(request))
    prefix = re.sub(r"[^a-z0-9]", "", _text(request, "prefix").lower()) or "x"
    return {
        "headline": headline(view),
        "html": view_html(explorer, view, prefix),
        "regions": regions_html(view),
    }


def _shares(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    choice = _choice(request)
    return {"html": shares_html(explorer.outcomes(choice), choice)}


def _save(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    choice = _choice(request)
    target = explorer.save(choice, _text(request, "file"))
    return {
        "message": f"Written: {target.name}. The report of this deal: concert report {target.name} "
        f'--map "{choice.map}" --regime "{choice.regime}"'
    }


_ANSWERS: Mapping[str, Callable[[Explorer, Mapping[str, Any]], dict[str, Any]]] = {
    "settings": _settings,
    "view": _view,
    "shares": _shares,
    "save": _save,
}


# ---------------------------------------------------------------------- what follows from a choice


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


def view_html(explorer: Explorer, view: View, prefix: str = "x") -> str:
    """The tables and pictures of a view. `prefix` begins the identifiers in its pictures."""
    parts = [
        _table(_payoffs(view)),
        _table(_patience(view)),
        _picture(_patience_figure(view), f"{prefix}a"),
        _picture(_map_figure(explorer, view), f"{prefix}b"),
        _table(_equilibria(view)),
        f"<p>{_words(view.standing.equilibria.summary())}</p>",
        f"<p>{_words(COMMON_UNIT)}</p>",
    ]
    return "".join(parts)


def regions_html(view: View) -> str:
    """The table of the regions: who leads each, today and in the deal, and the autonomy that it keeps."""
    return _table(_regions(view))


def shares_html(outcomes: Outcomes, choice: Choice) -> str:
    """The shares of draws in which something is true of the deal."""
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
    notes = (
        f"{counted(len(outcomes), 'draw')} of the assumed numbers over their ranges{fixed}. The margin is the 95 "
        "% interval of sampling.",
        *(
            [f"In {counted(lacking, 'draw')} the search for equilibria of competition was not complete."]
            if lacking
            else []
        ),
    )
    return _table(Table("How sure is this?", tuple(columns), tuple(rows), notes=notes))


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


def _payoffs(view: View) -> Table:
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


def _patience(view: View) -> Table:
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


def _patience_figure(view: View) -> Figure:
    from reports.sections.incentives import patience_figure

    return patience_figure(view.comparison)


def _map_figure(explorer: Explorer, view: View) -> Figure:
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


def _equilibria(view: View) -> Table:
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


def _regions(view: View) -> Table:
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


# ---------------------------------------------------------------------- blocks as HTML


def _table(table: Table) -> str:
    """A table. Every number also stands in `data-value`, unrounded: two with a space between them for an interval."""
    head = "".join(
        f'<th scope="col"{_kind(column)}>{_words(heading(column).strip())}</th>' for column in table.columns
    )
    body = []
    for row in table.rows:
        first = f'<th scope="row">{_words(text(row[0], table.columns[0]))}</th>'
        cells = "".join(
            f"<td{_kind(column)}{_value(cell)}>{_words(text(cell, column))}</td>"
            for cell, column in zip(row[1:], table.columns[1:])
        )
        body.append(f"<tr>{first}{cells}</tr>")
    notes = "".join(f"<p>{_words(note)}</p>" for note in table.notes)
    caption = _words(table.caption)
    return (
        f'<div class="scroll" role="region" tabindex="0" aria-label="Table: {caption}"><table>'
        f"<caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table></div>{notes}"
    )


def _kind(column: Column) -> str:
    return ' class="n"' if is_number(column) else ""


def _value(cell: Any) -> str:
    if isinstance(cell, tuple):
        return f' data-value="{float(cell[0])!r} {float(cell[1])!r}"'
    return f' data-value="{float(cell)!r}"' if isinstance(cell, float) else ""


@lru_cache(maxsize=64)
def _drawn(panel: Panel, prefix: str) -> str:
    """A panel as SVG; most moves of a slider leave the maps as they were."""
    from reports import figures

    return figures.render(panel, prefix)


def _picture(figure: Figure, prefix: str) -> str:
    from reports import figures

    panels = "".join(
        f'<div class="panel">{_drawn(panel, f"{prefix}p{k}-")}</div>' for k, panel in enumerate(figure.panels)
    )
    legend = "".join(
        f"<li>{figures.swatch(style, f'{prefix}l{k}-')} {_words(words)}</li>"
        for k, (style, words) in enumerate(figure.legend)
    )
    notes = "".join(f"<p>{_words(note)}</p>" for note in figure.notes)
    wide = " wide" if figure.panels[0].kind == "map" else ""
    return (
        f'<figure><figcaption class="title">{_words(figure.caption)}</figcaption><ul class="legend">{legend}</ul>'
        f'<div class="panels{wide}">{panels}</div>{notes}</figure>'
    )


def _words(words: str) -> str:
    return escape(printable(words))


# ---------------------------------------------------------------------- requests


def _choice(request: Mapping[str, Any]) -> Choice:
    numbers = request.get("numbers", {})
    if not isinstance(numbers, Mapping):
        raise FormatError("numbers: an object of paths and values is needed")
    values = {}
    for path, value in numbers.items():
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not np.isfinite(value):
            raise FormatError(f"{path} is {value!r}; it must be a number")
        values[str(path)] = float(value)
    return Choice(
        _text(request, "scenario"),
        _text(request, "map") or STATUS_QUO,
        _text(request, "regime") or "concert",
        _text(request, "observed"),
        values,
    )


def _text(request: Mapping[str, Any], name: str) -> str:
    value = request.get(name, "")
    if not isinstance(value, str):
        raise FormatError(f"{name} is {value!r}; it must be text")
    return value


def _word(request: Mapping[str, Any], name: str, known: Mapping[str, Any]) -> str:
    value = _text(request, name)
    if value not in known:
        raise FormatError(f"{name} is {value!r}; it must be one of {listed(list(known))}")
    return value
