"""A report as one HTML page that loads nothing: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import re
from functools import cache
from html import escape
from typing import TYPE_CHECKING

from reports import figures, tables
from reports.document import Cell, Document, Figure
from reports.figures import canvas

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["frame", "render"]


def render(report: Document) -> str:
    """The page, complete from doctype to `</html>`."""
    numbers = iter(range(1_000_000))

    def pictures(figure: Figure) -> list[str]:
        return [_inline(figures.render(panel, f"f{next(numbers)}-")) for panel in figure.panels]

    def legend(figure: Figure) -> list[tuple[str, str]]:
        return [
            (_inline(figures.swatch(style, f"f{next(numbers)}-")), words) for style, words in figure.legend
        ]

    page = (
        _environment()
        .get_template("report.html")
        .render(
            report=report,
            kind=lambda block: type(block).__name__,
            anchors=_anchors(report),
            pictures=pictures,
            legend=legend,
            text=tables.text,
            heading=tables.heading,
            is_number=tables.is_number,
            is_loss=_is_loss,
            palette=canvas.PALETTE,
        )
    )
    return re.sub(r"\n\s*\n+", "\n", page).strip() + "\n"


def frame(report: Document) -> str:
    """The page inside a frame of its own, as a notebook shows it, so that neither's style touches the other's."""
    return (
        f'<iframe title="{escape(report.title)}" srcdoc="{escape(render(report))}" '
        'style="width:100%;height:80vh;border:1px solid #d6d3cb"></iframe>'
    )


def _inline(svg: str) -> str:
    """The figure as part of the page, in the page's colours (which change with a dark background)."""
    for name, colour in canvas.PALETTE.items():
        svg = svg.replace(colour, f"var(--{name})")
    svg = svg.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    return svg.replace("<svg ", '<svg aria-hidden="true" focusable="false" ', 1)


def _is_loss(cell: Cell) -> bool:
    """Is the number, or the whole interval, negative?"""
    value = cell[1] if isinstance(cell, tuple) else cell
    return isinstance(value, float) and value < -tables.NOUGHT


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
def _environment() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    return Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        auto_reload=False,
    )
