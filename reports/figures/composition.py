"""A whole figure on one canvas: caption, legend and panels, as it goes into a slide or a paper."""

from __future__ import annotations

from reports.document import Figure
from reports.figures.canvas import Canvas
from reports.figures.render import draw, sample

__all__ = ["compose"]

_EDGE, _GAP = 14.0, 22.0
_LETTER = 0.58
"""The mean width of a letter in units of its size, on the safe side for the fonts that a picture asks for."""


def compose(figure: Figure) -> Canvas:
    """The figure on one canvas: panels at most three abreast, four in two rows of two."""
    panels = [draw(panel) for panel in figure.panels]
    wide = max((panel.width for panel in panels), default=280.0)
    abreast = 1 if wide > 400 else min(len(panels), 2 if len(panels) == 4 else 3) or 1
    width = 2 * _EDGE + abreast * wide + (abreast - 1) * _GAP
    caption = _lines(figure.caption, width - 2 * _EDGE, 15.0)
    entries = _legend_places(figure, width - 2 * _EDGE)
    top = _EDGE + 20.0 * len(caption) + (16.0 + entries[-1][1] if entries else 0.0) + 10.0
    rows = [panels[k : k + abreast] for k in range(0, len(panels), abreast)]
    heights = [max(panel.height for panel in row) for row in rows]
    canvas = Canvas(width, top + sum(heights) + _GAP * max(0, len(rows) - 1) + _EDGE)
    for number, line in enumerate(caption):
        canvas.text(_EDGE, _EDGE + 14 + 20 * number, line, "ink", size=15.0, bold=True)
    for (x, y), (style, words) in zip(entries, figure.legend):
        with canvas.at(_EDGE + x, _EDGE + 20 * len(caption) + 4 + y):
            canvas.add(sample(style))
            canvas.text(30, 11, words, "muted", size=11.0)
    for row, height in zip(rows, heights):
        for number, panel in enumerate(row):
            with canvas.at(_EDGE + number * (wide + _GAP), top):
                canvas.add(panel)
        top += height + _GAP
    return canvas


def _legend_places(figure: Figure, room: float) -> list[tuple[float, float]]:
    """Where each entry of the legend begins, in lines no longer than there is room for."""
    places = []
    x = y = 0.0
    for _, words in figure.legend:
        long = 30 + _LETTER * 11.0 * len(words) + 12
        if x and x + long > room:
            x, y = 0.0, y + 18.0
        places.append((x, y))
        x += long
    return places


def _lines(words: str, room: float, size: float) -> list[str]:
    """Words broken into lines that fit the room."""
    from textwrap import wrap

    return wrap(words, max(10, int(room / (_LETTER * size)))) or [""]
