"""Figures: small pictures drawn by matplotlib as SVG.

Each is 280 units wide, so that it can be read on a telephone and stands three abreast on a desk. What is meant is
told by shape and hatching as well as by colour. Colours are those of `PALETTE`, so that a page can put its own
in their place for a dark background. The same data give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from typing import Any

from reports.report import MarkStyle, Panel, PlanePanel, RowsPanel, SharesPanel, TrianglePanel, WaterfallPanel

__all__ = ["HATCHED", "PALETTE", "Canvas", "Scale", "limits", "render", "swatch", "tick_label", "ticks"]

WIDTH = 280.0
PALETTE = {
    "ink": "#1d2530",
    "muted": "#5b6470",
    "line": "#d6d3cb",
    "concert": "#0d6a82",
    "competition": "#b4472b",
    "local": "#8d8a83",
    "panel": "#fefdfb",
    "p0": "#27568b",
    "p1": "#cc7a29",
    "p2": "#79aea1",
    "p3": "#6d4a7e",
    "p4": "#d3b84c",
    "p5": "#8f4a52",
}
"""Colours by role; p0 to p5 are the powers in their order, told apart by lightness too."""

HATCHED = ("local", "assumed")
"""Parts of a bar that are nobody's, or not known: hatched."""

_TINY = 10.0
_MARKERS: dict[MarkStyle, str] = {"concert": "o", "competition": "D", "own": "^", "bound": "|", "other": "o"}
_SETTINGS: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "concert-of-powers",
    "hatch.linewidth": 1.1,
    "path.simplify": False,
    "font.family": ["DejaVu Sans"],
}


def render(panel: Panel, prefix: str = "i", outlines: bool = False) -> str:
    """One panel as an SVG element of its own, 280 units wide.

    `prefix` begins the names of its parts, so that they differ from those of other figures in one page; `outlines`
    draws letters as shapes, for a reader that may lack the fonts.
    """
    import matplotlib

    with matplotlib.rc_context({**_SETTINGS, "svg.fonttype": "path" if outlines else "none"}):
        if isinstance(panel, RowsPanel):
            canvas = _rows(panel)
        elif isinstance(panel, WaterfallPanel):
            canvas = _waterfall(panel)
        elif isinstance(panel, (PlanePanel, TrianglePanel)):
            from reports import planes

            canvas = planes.draw(panel)
        else:
            canvas = _shares(panel)
        return canvas.svg(prefix)


def swatch(style: str, prefix: str = "i") -> str:
    """The sample of a mark, bar or hatch that stands in a legend."""
    import matplotlib

    with matplotlib.rc_context(_SETTINGS):
        canvas = Canvas(24, 14)
        if style == "competition":
            canvas.interval(3, 21, 7, style)
        if style in _MARKERS:
            canvas.mark(12, 7, style)
        else:
            canvas.box(2, 1.5, 20, 11, style)
        return canvas.svg(prefix)


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
        canvas.text(place(tick), tracks[-1] + 21, tick_label(tick), "muted", size=_TINY, align="center")
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
    left, right, step, top = 104.0, WIDTH - 46.0, 19.0, 36.0
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
        canvas.text(0, y + 4, _short(label, 17), "ink", bold=total)
        canvas.text(
            WIDTH, y + 4, _signed(value, total), "ink" if total else "muted", align="right", bold=total
        )
    canvas.lines(joints, "muted")
    return canvas


def _shares(panel: SharesPanel) -> Canvas:
    left, step, top = 104.0, 19.0, 36.0
    bottom = top + step * len(panel.labels)
    canvas = Canvas(WIDTH, bottom + 8)
    canvas.title(panel.title, "")
    place = Scale(0.0, 1.0, left, WIDTH - 1.0)
    for r, (label, shares) in enumerate(zip(panel.labels, panel.shares)):
        y = top + step * r
        canvas.text(0, y + 4, _short(label, 17), "ink")
        begin = 0.0
        for k, (part, share) in enumerate(zip(panel.parts, shares)):
            if share > 0:
                style = part if part in HATCHED else f"p{k % 6}"
                canvas.box(place(begin), y - 6.5, place(begin + share) - place(begin), 13, style)
                begin += share
    canvas.lines([((place(0.5), top - 9), (place(0.5), bottom - 9))], "panel")
    for share, align in ((0.0, "left"), (0.5, "center"), (1.0, "right")):
        canvas.text(place(share), bottom + 4, f"{share:.0%}", "muted", size=_TINY, align=align)
    return canvas


# ---------------------------------------------------------------------- shared parts


class Canvas:
    """A picture whose places are counted from its upper left corner, in units of 1/72 inch.

    Drawn straight on matplotlib's Figure: axes with their ticks would cost most of the time and show none of it.
    """

    def __init__(self, width: float, height: float) -> None:
        from matplotlib.backends.backend_svg import FigureCanvasSVG
        from matplotlib.figure import Figure
        from matplotlib.transforms import Affine2D

        self.figure = Figure(figsize=(width / 72, height / 72), dpi=72, frameon=False)
        FigureCanvasSVG(self.figure)
        self.frame = Affine2D().scale(1 / width, -1 / height).translate(0, 1) + self.figure.transFigure

    def lines(self, ends: Sequence[tuple[tuple[float, float], tuple[float, float]]], colour: str) -> None:
        """Thin lines, all of them one path."""
        from matplotlib.lines import Line2D

        xs = [x for (a, _), (b, _) in ends for x in (a, b, math.nan)]
        ys = [y for (_, a), (_, b) in ends for y in (a, b, math.nan)]
        self.figure.add_artist(
            Line2D(xs, ys, color=PALETTE[colour], lw=0.8, solid_capstyle="butt", transform=self.frame)
        )

    def path(
        self, places: Sequence[tuple[float, float]], colour: str, dashes: int = 0, width: float = 1.4
    ) -> None:
        """A line through places, whole (0) or broken in one of several ways."""
        from matplotlib.lines import Line2D

        style: Any = ["-", (0, (6, 2)), (0, (3, 3)), (0, (1, 2)), (0, (6, 2, 1, 2))][dashes % 5]
        xs, ys = zip(*places)
        self.figure.add_artist(
            Line2D(xs, ys, color=PALETTE[colour], lw=width, linestyle=style, transform=self.frame)
        )

    def interval(self, low: float, high: float, y: float, style: str) -> None:
        """A broad pale bar from low to high."""
        from matplotlib.patches import Rectangle

        colour = PALETTE[style if style in PALETTE else "muted"]
        self.figure.add_artist(
            Rectangle((low, y - 2.5), high - low, 5, facecolor=colour, alpha=0.4, lw=0, transform=self.frame)
        )

    def mark(self, x: float, y: float, style: MarkStyle, beyond: bool = False) -> None:
        """A mark of the given style, or the arrow that says that the place lies beyond the edge."""
        from matplotlib.lines import Line2D

        look = _marker(style)
        if beyond:
            look["marker"] = ">"
        self.figure.add_artist(Line2D([x], [y], transform=self.frame, **look))

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A bar, plain or hatched."""
        from matplotlib.patches import Rectangle

        self.figure.add_artist(Rectangle((x, y), width, height, transform=self.frame, **_bar(style)))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: str,
        size: float = 11.5,
        align: str = "left",
        bold: bool = False,
    ) -> None:
        """Words with their foot at y."""
        self.figure.text(
            x,
            y,
            words,
            size=size,
            color=PALETTE[colour],
            ha=align,
            va="baseline",
            weight="bold" if bold else "normal",
            transform=self.frame,
            parse_math=False,
        )

    def title(self, title: str, unit: str) -> None:
        """The panel's heading, and the unit at its right."""
        self.text(0, 13, title, "ink", size=13, bold=True)
        if unit:
            self.text(WIDTH, 13, unit, "muted", size=_TINY, align="right")

    def svg(self, prefix: str) -> str:
        """The figure as a bare `<svg>` element: no prologue, no metadata, and no names but those referred to.

        Fonts are left to the page around it; `prefix` keeps the names of several figures in one page apart.
        """
        buffer = io.StringIO()
        self.figure.savefig(
            buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
        text = buffer.getvalue()
        text = text[text.index("<svg") :]
        text = re.sub(
            r"<metadata>.*?</metadata>|<!--.*?-->|<style.*?</style>|<clipPath.*?</clipPath>",
            "",
            text,
            flags=re.S,
        )
        text = re.sub(
            r' (?:version|xmlns:xlink|clip-path)="[^"]*"| font-family: [^;"]*;| transform="rotate\(-0[^"]*"',
            "",
            text,
        )
        text = re.sub(r'(width|height)="([\d.]+)pt"', r'\1="\2"', text).replace("xlink:href", "href")
        # Hundredths of a point are enough for places; words are left alone.
        text = re.sub(r"<[^>]*>", lambda m: re.sub(r"([1-9]\d*\.\d\d)\d+", r"\1", m[0]), text)
        text = (
            re.sub(r"\s*\n\s*", " ", text)
            .replace("> <", "><")
            .replace("<defs></defs>", "")
            .replace("<defs/>", "")
        )
        defined = re.findall(r' id="([^"]*)"', text)
        used = dict.fromkeys(name for name in re.findall(r"#([\w.-]+)", text) if name in defined)
        names = {name: f"{prefix}{number}" for number, name in enumerate(used)}
        text = re.sub(r' id="([^"]*)"', lambda m: f' id="{names[m[1]]}"' if m[1] in names else "", text)
        text = re.sub(r"#([\w.-]+)", lambda m: f"#{names.get(m[1], m[1])}", text)
        return text.replace("<svg ", '<svg stroke-linejoin="round" ', 1).strip()


class Scale:
    """From numbers to places between two edges; what lies beyond stands at the edge."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        self.low, self.high, self.left, self.right = low, high, left, right

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))


def limits(values: Sequence[float], zero: bool) -> tuple[float, float]:
    finite = [v for v in values if math.isfinite(v)] + ([0.0] if zero else [])
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    if high <= low:
        pad = abs(low) or 1.0
        return low - 0.5 * pad, high + 0.5 * pad
    pad = 0.05 * (high - low)
    return low - pad, high + pad


def ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers between low and high."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - raw))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def tick_label(value: float) -> str:
    return f"{value:.6g}".replace("-", "−")


def _signed(value: float, plain: bool) -> str:
    digits = 2 if abs(value) < 100 else 0
    written = f"{value:.{digits}f}" if plain else f"{value:+.{digits}f}"
    return written.replace("-", "−")


def _short(label: str, length: int) -> str:
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


def _marker(style: MarkStyle) -> dict[str, Any]:
    colour = {"concert": "concert", "competition": "competition", "own": "ink", "bound": "ink"}.get(
        style, "muted"
    )
    return {
        "marker": _MARKERS[style],
        "markersize": {"concert": 9.0, "competition": 7.0, "own": 9.0, "bound": 13.0}.get(style, 7.0),
        "markerfacecolor": PALETTE["panel"] if style == "other" else PALETTE[colour],
        "markeredgecolor": PALETTE[colour],
        "markeredgewidth": 2.0 if style == "bound" else 1.3,
        "linestyle": "none",
    }


def _bar(style: str) -> dict[str, Any]:
    if style == "loss":
        return {
            "facecolor": PALETTE["panel"],
            "edgecolor": PALETTE["competition"],
            "hatch": "/////",
            "linewidth": 1.0,
        }
    if style in HATCHED:
        return {
            "facecolor": PALETTE["panel"],
            "edgecolor": PALETTE["local"],
            "hatch": "/////",
            "linewidth": 0.8,
        }
    colour = PALETTE["concert" if style == "gain" else style]
    return {"facecolor": colour, "edgecolor": PALETTE["panel"], "linewidth": 0.8}
