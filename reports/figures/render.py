"""Figures: small pictures, one function for each kind of panel."""

from __future__ import annotations

import math
from functools import cache

from reports.document import (
    MapPanel,
    Panel,
    RowsPanel,
    SharesPanel,
    WaterfallPanel,
)
from reports.figures import svg
from reports.figures.canvas import (
    HATCHED,
    MARKERS,
    WIDTH,
    Align,
    Canvas,
    Scale,
    limits,
    short,
    tick_label,
    ticks,
)
from reports.figures.describe import describe

__all__ = ["draw", "render", "sample", "swatch"]

_TINY = 10.0
_DIGIT = 0.7
"""The mean width of a digit or minus sign in units of its size, in the widest font that a picture asks for."""
_WORDS, _LETTERS = 124.0, 18
"""Room for the labels of bars, and the letters that fit in it in the widest font that a picture asks for."""


def render(panel: Panel, prefix: str = "i", fonts: str = svg.FONTS) -> str:
    """One panel as an SVG element that stands on its own, 280 units wide (a map: three times as wide).

    `prefix` begins the identifiers in it, so that they differ from those of other pictures in one page.
    """
    title = panel.title or "Figure"
    return svg.write(draw(panel), prefix, title, describe(panel), fonts=fonts)


def draw(panel: Panel) -> Canvas:
    """The panel on a canvas of its own."""
    if isinstance(panel, RowsPanel):
        return _rows(panel)
    if isinstance(panel, WaterfallPanel):
        return _waterfall(panel)
    if isinstance(panel, SharesPanel):
        return _shares(panel)
    if isinstance(panel, MapPanel):
        from reports.figures import maps

        return maps.draw(panel)
    from reports.figures import planes

    return planes.draw(panel)


def swatch(style: str, prefix: str = "i") -> str:
    """The sample of a mark, bar or hatch that stands in a legend, as an SVG element."""
    return svg.write(sample(style), prefix, ground=False)


@cache
def sample(style: str) -> Canvas:
    """The sample of a mark, bar or hatch on a canvas of 24 by 14."""
    canvas = Canvas(24, 14)
    if style == "competition":
        canvas.interval(3, 21, 7, style)
    if style in MARKERS:
        canvas.mark(12, 7, style)  # type: ignore[arg-type]
    elif style == "set":
        canvas.area([(2, 1.5), (22, 1.5), (22, 12.5), (2, 12.5)], "concert")
    elif style in ("friendly", "hostile"):
        from reports.figures.planes import TIES

        colour, dashes = TIES[1 if style == "friendly" else -1]
        canvas.path([(1, 7), (23, 7)], colour, dashes, 2.2)
    elif style in ("curve", "level"):
        canvas.path(
            [(1, 7), (23, 7)],
            "ink" if style == "curve" else "concert",
            width=1.4 if style == "curve" else 2.0,
        )
    elif style.startswith("map "):
        from reports.figures import maps

        maps.sample(canvas, style)
    else:
        canvas.box(2, 1.5, 20, 11, style)
    return canvas


# ---------------------------------------------------------------------- the kinds of panel


def _rows(panel: RowsPanel) -> Canvas:
    first, step = 36.0, 31.0
    tracks = [first + 10 + step * r for r in range(len(panel.labels))]
    canvas = Canvas(WIDTH, tracks[-1] + 28)
    canvas.title(panel.title, panel.unit)
    values = [v for row in panel.marks for m in row for v in (m.low, m.high) if v is not None]
    low, high = panel.limits or limits(values, panel.zero)
    place = Scale(low, high, 7.0, WIDTH - 7.0)
    marks_at = ticks(low, high)
    canvas.lines([((0.0, y), (WIDTH, y)) for y in tracks], "line")
    canvas.lines([((place(t), y - 3), (place(t), y + 3)) for y in tracks for t in marks_at], "line")
    if low < 0.0 < high:
        canvas.lines([((place(0.0), y - 6.5), (place(0.0), y + 6.5)) for y in tracks], "muted")
    for tick in marks_at:
        label = tick_label(tick)
        # At an end of the axis the middle of a label moves in, so that nothing of it is cut off.
        half = _DIGIT * _TINY * len(label) / 2
        middle = min(max(place(tick), half), WIDTH - half)
        canvas.text(middle, tracks[-1] + 21, label, "muted", size=_TINY, align="center")
    for r, (label, marks, y) in enumerate(zip(panel.labels, panel.marks, tracks)):
        canvas.text(0, y - 10, label, "ink")
        if panel.notes:
            canvas.text(WIDTH, y - 10, panel.notes[r], "muted", align="right")
        for mark in marks:
            ends = [mark.low] if mark.high is None else [mark.low, mark.high]
            places = [place(v) for v in ends]
            if places[-1] - places[0] > 0.5:
                canvas.interval(places[0], places[-1], y, mark.style)
            for value, x in zip(ends, places):
                canvas.mark(x, y, mark.style, beyond=math.isinf(value))
    return canvas


def _waterfall(panel: WaterfallPanel) -> Canvas:
    left, right, step, top = _WORDS, WIDTH - 46.0, 19.0, 36.0
    rows = [panel.start, *panel.steps, panel.end]
    canvas = Canvas(WIDTH, top + step * len(rows) - 4)
    canvas.title(panel.title, panel.unit)
    levels = [0.0, panel.start[1]]
    for _, change in panel.steps:
        levels.append(levels[-1] + change)
    low, high = min(levels), max(levels)
    place = Scale(low, high if high > low else low + 1.0, left, right)
    canvas.lines([((place(0.0), top - 9), (place(0.0), top + step * len(rows) - 10))], "muted")
    level = 0.0
    joints = []
    for r, (label, value) in enumerate(rows):
        y = top + step * r
        total = r in (0, len(rows) - 1)
        begin, end = (0.0, value) if total else (level, level + value)
        style = ("competition" if r == 0 else "concert") if total else ("gain" if value >= 0 else "loss")
        a, b = sorted((place(begin), place(end)))
        canvas.box(a, y - 6, max(b - a, 0.8), 12, style)
        if r < len(rows) - 1:
            joints.append(((place(end), y + 6), (place(end), y + step - 6)))
        level = end
        canvas.text(0, y + 4, short(label, _LETTERS), "ink", bold=total)
        canvas.text(
            WIDTH, y + 4, _signed(value, total), "ink" if total else "muted", align="right", bold=total
        )
    canvas.lines(joints, "muted")
    return canvas


def _shares(panel: SharesPanel) -> Canvas:
    left, step, top = _WORDS, 19.0, 36.0
    bottom = top + step * len(panel.labels)
    canvas = Canvas(WIDTH, bottom + 8)
    canvas.title(panel.title, "")
    place = Scale(0.0, 1.0, left, WIDTH - 1.0)
    for r, (label, shares) in enumerate(zip(panel.labels, panel.shares)):
        y = top + step * r
        canvas.text(0, y + 4, short(label, _LETTERS), "ink")
        begin = 0.0
        for k, (part, share) in enumerate(zip(panel.parts, shares)):
            if share > 0:
                style = part if part in HATCHED else f"p{k % 6}"
                canvas.box(place(begin), y - 6.5, place(begin + share) - place(begin), 13, style)
                begin += share
    canvas.lines([((place(0.5), top - 9), (place(0.5), bottom - 9))], "panel")
    places: tuple[tuple[float, Align], ...] = ((0.0, "left"), (0.5, "center"), (1.0, "right"))
    for share, align in places:
        canvas.text(place(share), bottom + 4, f"{share:.0%}", "muted", size=_TINY, align=align)
    return canvas


def _signed(value: float, plain: bool) -> str:
    digits = 2 if abs(value) < 100 else 0
    written = f"{value:.{digits}f}" if plain else f"{value:+.{digits}f}"
    return written.replace("-", "−")
