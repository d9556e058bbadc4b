"""A report as one HTML page that loads nothing: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

from reports import figures, tables
from reports.document import Cell, Document, Figure, GameView
from reports.figures.canvas import PALETTE
from reports.printable import printable
from reports.writers._attempt import attempt

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment", "frame", "parts", "render"]


def render(report: Document) -> str:
    """The page, complete from doctype to `</html>`."""
    page = environment().get_template("report.html").render(**parts(report), anchors=_anchors(report))
    return re.sub(r"\n\s*\n+", "\n", page).strip() + "\n"


def parts(report: Document) -> dict[str, Any]:
    """What a template needs to show a document: its parts, and the functions that draw and write them."""
    numbers = iter(range(1_000_000))

    def pictures(figure: Figure) -> list[str]:
        return [figures.render(panel, f"f{next(numbers)}-") for panel in figure.panels]

    def legend(figure: Figure) -> list[tuple[str, str]]:
        return [(figures.swatch(style, f"f{next(numbers)}-"), words) for style, words in figure.legend]

    return {
        "report": report,
        "provenance": report.provenance.entries() if report.provenance else (),
        "pictures": attempt(pictures),
        "legend": attempt(legend),
        "game": attempt(_game),
        "text": tables.text,
        "exact": tables.exact,
        "heading": tables.heading,
        "is_number": tables.is_number,
        "is_loss": _is_loss,
        "palette": PALETTE,
        "common_unit": tables.COMMON_UNIT if report.has_common_unit else "",
    }


def _game(block: GameView) -> str:
    from games import view

    return view.html(block.game())


def frame(report: Document) -> str:
    """The page inside a frame of its own, as a notebook shows it, so that neither's style touches the other's."""
    return (
        f'<iframe title="{escape(report.title)}" srcdoc="{escape(render(report))}" sandbox '
        'style="width:100%;height:80vh;border:1px solid #d6d3cb"></iframe>'
    )


def _is_loss(cell: Cell) -> bool:
    """Is the number, or the whole interval, negative?"""
    value = cell[1] if isinstance(cell, tuple) else cell
    return isinstance(value, float) and value < -tables.ZERO


def _anchors(report: Document) -> list[str]:
    """A name for each section, from its title; no two are the same."""
    found: list[str] = []
    for section in report.sections:
        name = re.sub(r"[^a-z0-9]+", "-", section.title.lower()).strip("-") or "section"
        while name in found:
            name += "-2"
        found.append(name)
    return found


@cache
def environment() -> Environment:
    """Where the templates are; every expression in them is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
        # Every expression of a template passes through here before it is escaped.
        finalize=_printable,
    )


def _printable(value: Any) -> Any:
    return printable(value) if type(value) is str else value
