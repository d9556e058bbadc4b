"""What follows from a choice as HTML, and the one protocol by which a notebook and a local page ask for it."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from games.errors import ConcertError, FormatError
from games.spheres import STATUS_QUO
from games.words import listed, sentence
from reports.document import Column, Figure, Panel, Table
from reports.explore import _blocks
from reports.explore._state import Choice, Explorer, View
from reports.printable import printable
from reports.tables import COMMON_UNIT, heading, is_number, text
from solvers.base.deadline import Deadline, TimeOver, whole

__all__ = ["answer", "regions_html", "still", "view_html"]


def answer(explorer: Explorer, request: Mapping[str, Any], time_limit: float | None = None) -> dict[str, Any]:
    """The answer to one request of the page, as plain data.

    `ask` names what is wanted: `settings` (of a scenario), `view`, `shares` or `save` (of a choice). What is wrong with a
    request comes back as `error`, in a sentence, and so does the end of the time limit.
    """
    try:
        with Deadline(time_limit).enforced():
            return whole(lambda: _ANSWERS[_word(request, "ask", _ANSWERS)](explorer, request))
    except TimeOver:
        return {
            "error": f"The answer was not there within {time_limit:g} seconds; start the explorer with more time."
        }
    except ConcertError as error:
        return {"error": sentence(printable(str(error)))}


def _settings(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    return explorer.settings(_text(request, "scenario") or explorer.start)


def _view(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    view = explorer.view(_choice(request))
    prefix = re.sub(r"[^a-z0-9]", "", _text(request, "prefix").lower()) or "x"
    return {
        "headline": _blocks.headline(view),
        "said": _blocks.said(view),
        "html": view_html(explorer, view, prefix),
        "regions": regions_html(view),
    }


def _shares(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    choice = _choice(request)
    steps = explorer.steps(choice)
    steps.advance()
    return {"html": _table(_blocks.shares(steps, choice)), "done": steps.done}


def _save(explorer: Explorer, request: Mapping[str, Any]) -> dict[str, Any]:
    choice = _choice(request)
    target = explorer.save(choice, _text(request, "file"))
    return {
        "message": f"Written: {target.name}. The report of this deal: concert report {target.name} "
        f'--map "{choice.map}" --regime "{choice.regime}"',
        "name": target.name,
        "title": explorer.titles[target.name],
    }


_ANSWERS: Mapping[str, Callable[[Explorer, Mapping[str, Any]], dict[str, Any]]] = {
    "settings": _settings,
    "view": _view,
    "shares": _shares,
    "save": _save,
}


# ---------------------------------------------------------------------- what follows from a choice


def view_html(explorer: Explorer, view: View, prefix: str = "x") -> str:
    """The tables and pictures of a view. `prefix` begins the identifiers in its pictures."""
    parts = [
        _table(_blocks.payoffs(view)),
        _table(_blocks.patience(view)),
        _picture(_blocks.patience_figure(view), f"{prefix}a"),
        _picture(_blocks.map_figure(explorer, view), f"{prefix}b"),
        _table(_blocks.equilibria(view)),
        f"<p>{_words(view.standing.equilibria.summary())}</p>",
        f"<p>{_words(COMMON_UNIT)}</p>",
    ]
    return "".join(parts)


def regions_html(view: View) -> str:
    """The table of the regions: who leads each, today and in the deal, and the autonomy that it keeps."""
    return _table(_blocks.regions(view))


def still(explorer: Explorer) -> dict[str, str]:
    """The first view for readers that cannot move anything, as HTML and as plain text."""
    view = explorer.view(Choice(explorer.start))
    words = f"Explorer of {explorer.start}. {_blocks.headline(view)}"
    note = "This is the first view, as it stands; the sliders move where a kernel runs."
    tables = "".join(_table(table) for table in (_blocks.payoffs(view), _blocks.patience(view)))
    return {"text/plain": words, "text/html": f"<p>{_words(words)}</p>{tables}<p>{note}</p>"}


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
        # Whole numbers of JSON may be longer than any float.
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not abs(value) <= sys.float_info.max
        ):
            raise FormatError(f"{path} is {str(value)[:40]}; it must be a number")
        values[str(path)] = float(value)
    switches = request.get("switches", {})
    if not isinstance(switches, Mapping):
        raise FormatError("switches: an object of names and levels is needed")
    levels = {}
    for name, level in switches.items():
        if isinstance(level, bool) or not isinstance(level, (int, float, str)):
            raise FormatError(f"{name} is {level!r}; it must be a word or a number")
        levels[str(name)] = level if isinstance(level, str) else float(level)
    return Choice(
        _text(request, "scenario"),
        _text(request, "map") or STATUS_QUO,
        _text(request, "regime") or "concert",
        _text(request, "observed"),
        values,
        levels,
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
