"""A canvas that records strokes, bars, marks and words; its colours; and scales from numbers to places.

A panel is 280 units wide, so that it can be read on a telephone and stands three abreast on a desk. Meaning is carried
by shape and hatching as well as by colour. What is recorded is plain data: `svg` writes it as text, `mpl` draws it with
matplotlib. The same strokes give the same bytes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Literal, NamedTuple, TypeAlias

from reports.document import MarkStyle, Point

__all__ = [
    "HATCHED",
    "MARKERS",
    "PALETTE",
    "TOKENS",
    "WIDTH",
    "Align",
    "Canvas",
    "Circle",
    "Scale",
    "Shape",
    "Stroke",
    "Words",
    "limits",
    "short",
    "tick_label",
    "ticks",
]

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
"""Parts of a bar that belong to nobody, or are not known: hatched."""

_WOVEN = ("p1",)
"""The second part of a bar: crossed lines over the colour, because in grey, or in the dark, it is as light as the first."""

Align: TypeAlias = Literal["left", "center", "right"]
_DASHES: tuple[tuple[float, ...], ...] = ((), (6, 2), (3, 3), (1, 2), (6, 2, 1, 2))
_TINY = 10.0


def _regular(corners: int, turn: float = 0.0, inner: float = 1.0) -> tuple[Point, ...]:
    """Corners on a circle of radius one half, first at the top; with `inner` every second one lies further in."""
    steps = corners if inner == 1.0 else 2 * corners
    out = []
    for k in range(steps):
        angle = 2 * math.pi * (k + turn) / steps
        radius = 0.5 * (inner if inner != 1.0 and k % 2 else 1.0)
        out.append((radius * math.sin(angle), -radius * math.cos(angle)))
    return tuple(out)


_OUTLINES: dict[str, tuple[Point, ...]] = {
    "diamond": ((0.0, -0.7), (0.7, 0.0), (0.0, 0.7), (-0.7, 0.0)),
    "square": ((-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "up": ((0.0, -0.5), (0.5, 0.5), (-0.5, 0.5)),
    "down": ((-0.5, -0.5), (0.5, -0.5), (0.0, 0.5)),
    "right": ((-0.5, -0.5), (0.5, 0.0), (-0.5, 0.5)),
    "star": _regular(5, inner=0.382),
    "hexagon": _regular(6),
    "plus": tuple(
        (x / 6, y / 6)
        for x, y in (
            *((-1, -3), (1, -3), (1, -1), (3, -1), (3, 1), (1, 1)),
            *((1, 3), (-1, 3), (-1, 1), (-3, 1), (-3, -1), (-1, -1)),
        )
    ),
}
"""Filled shapes of size one around the origin, y growing downwards."""

TOKENS: dict[str, tuple[str, float]] = {
    "p0": ("circle", 2.0),
    "p1": ("square", 1.8),
    "p2": ("up", 2.2),
    "p3": ("diamond", 1.75),
    "p4": ("down", 2.2),
    "p5": ("star", 2.75),
    "p6": ("plus", 2.1),
    "p7": ("hexagon", 2.05),
}
"""The token of each power, in their order: its shape, and how large it is drawn so that all cover about the area of the
circle of radius 1. A picture printed without colour still tells the powers apart."""

_LINES: dict[str, tuple[tuple[Point, Point], ...]] = {
    "bar": (((0.0, -0.5), (0.0, 0.5)),),
    "cross": (((-0.5, -0.5), (0.5, 0.5)), ((-0.5, 0.5), (0.5, -0.5))),
}

MARKERS: dict[str, tuple[str, float, str, str]] = {
    "concert": ("circle", 9.0, "concert", "concert"),
    "competition": ("diamond", 7.0, "competition", "competition"),
    "own": ("up", 9.0, "ink", "ink"),
    "bound": ("bar", 13.0, "ink", "ink"),
    "other": ("circle", 7.0, "panel", "muted"),
    "threat": ("cross", 8.0, "ink", "ink"),
    "nash": ("star", 13.0, "p0", "ink"),
    "kalai-smorodinsky": ("square", 7.5, "p1", "ink"),
    "egalitarian": ("plus", 9.5, "p2", "ink"),
    "utilitarian": ("down", 9.5, "p4", "ink"),
    "equal split": ("hexagon", 9.0, "panel", "ink"),
}
"""Marks by style: shape, size, and the colours of face and edge."""


class Stroke(NamedTuple):
    """Lines or polygons: `parts` are runs of places. Colours are names in `PALETTE`; None draws nothing.

    `hatch` names the colour of oblique lines over the fill; `crossed` adds the other direction.
    """

    parts: tuple[tuple[Point, ...], ...]
    closed: bool = False
    fill: str | None = None
    opacity: float = 1.0
    stroke: str | None = None
    width: float = 0.0
    dashes: tuple[float, ...] = ()
    hatch: str | None = None
    crossed: bool = False


class Circle(NamedTuple):
    """A circle, filled and edged, perhaps hatched."""

    x: float
    y: float
    radius: float
    fill: str
    stroke: str
    width: float
    hatch: str | None = None
    crossed: bool = False


class Words(NamedTuple):
    """Words with their foot at y."""

    x: float
    y: float
    text: str
    colour: str
    size: float
    align: Align
    bold: bool


Shape: TypeAlias = Stroke | Circle | Words


class Canvas:
    """A picture whose places are counted from its upper left corner; `shapes` holds what was drawn, in order."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.shapes: list[Shape] = []
        self._x, self._y = 0.0, 0.0

    @contextmanager
    def at(self, x: float, y: float) -> Iterator[None]:
        """Within this block places are counted from (x, y)."""
        before = self._x, self._y
        self._x, self._y = before[0] + x, before[1] + y
        try:
            yield
        finally:
            self._x, self._y = before

    def add(self, other: Canvas) -> None:
        """All shapes of another canvas, its upper left corner where places are counted from."""
        for shape in other.shapes:
            if isinstance(shape, Stroke):
                self._draw(shape._replace(parts=self._moved(shape.parts)))
            else:
                self._draw(shape._replace(x=self._x + shape.x, y=self._y + shape.y))

    # ------------------------------------------------------------------ strokes

    def lines(self, ends: Sequence[tuple[Point, Point]], colour: str) -> None:
        """Thin lines, all of them one path."""
        if ends:
            self._draw(Stroke(self._moved(ends), stroke=colour, width=0.8))

    def path(self, places: Sequence[Point], colour: str, dashes: int = 0, width: float = 1.4) -> None:
        """A line through places, whole (0) or broken in one of several ways."""
        pattern = tuple(d * width for d in _DASHES[dashes % len(_DASHES)])
        self._draw(Stroke(self._moved([places]), stroke=colour, width=width, dashes=pattern))

    def interval(self, low: float, high: float, y: float, style: str) -> None:
        """A broad pale bar from low to high."""
        colour = style if style in PALETTE else "muted"
        self._draw(Stroke(self._box(low, y - 2.5, high - low, 5), True, colour, 0.4))

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A bar, plain or hatched."""
        corners = self._box(x, y, width, height)
        if style == "loss" or style in HATCHED:
            colour, edge = ("competition", 1.0) if style == "loss" else ("local", 0.8)
            self._draw(Stroke(corners, True, "panel", 1.0, colour, edge, hatch=colour))
        else:
            colour = "concert" if style == "gain" else style
            woven = style in _WOVEN
            lines = "panel" if woven else None
            self._draw(Stroke(corners, True, colour, 1.0, "panel", 0.8, hatch=lines, crossed=woven))

    def area(self, places: Sequence[Point], colour: str, shade: float = 0.2, edge: float = 0.8) -> None:
        """A filled polygon; `shade` is how much of its colour covers the ground."""
        self._draw(Stroke(self._moved([places]), True, colour, shade, colour if edge else None, edge))

    def disc(
        self, x: float, y: float, radius: float, fill: str, hatch: str | None = None, crossed: bool = False
    ) -> None:
        """A circle in a colour, with a thin edge in ink; `hatch` draws oblique lines over it."""
        self._draw(Circle(self._x + x, self._y + y, radius, fill, "ink", 0.8, hatch, crossed))

    def token(
        self, x: float, y: float, radius: float, power: int, hatch: str | None = None, crossed: bool = False
    ) -> None:
        """The token of a power by its number: its own shape, about as large as a circle of that radius, in its colour."""
        shape, scale = TOKENS[f"p{power % len(TOKENS)}"]
        fill = f"p{power % 6}"
        if shape == "circle":
            self.disc(x, y, radius, fill, hatch, crossed)
            return
        outline = _OUTLINES[shape]
        # A triangle's weight lies nearer its base than the middle of its height.
        down = {"up": -1 / 8, "down": 1 / 8}.get(shape, 0.0)
        places = [(x + radius * scale * a, y + radius * scale * (b + down)) for a, b in outline]
        self._draw(Stroke(self._moved([places]), True, fill, 1.0, "ink", 0.8, hatch=hatch, crossed=crossed))

    def mark(self, x: float, y: float, style: MarkStyle, beyond: bool = False) -> None:
        """A mark of the given style, or the arrow that says that the place lies beyond the edge."""
        shape, size, face, edge = MARKERS[style]
        if shape in _LINES and not beyond:
            ends = [tuple((x + size * a, y + size * b) for a, b in line) for line in _LINES[shape]]
            self._draw(Stroke(self._moved(ends), stroke=edge, width=2.0))
            return
        if shape == "circle" and not beyond:
            self._draw(Circle(self._x + x, self._y + y, size / 2, face, edge, 1.3))
            return
        outline = _OUTLINES["right" if beyond else shape]
        places = [(x + size * a, y + size * b) for a, b in outline]
        self._draw(Stroke(self._moved([places]), True, face, 1.0, edge, 1.3))

    def text(
        self,
        x: float,
        y: float,
        words: str,
        colour: str,
        size: float = 11.5,
        align: Align = "left",
        bold: bool = False,
    ) -> None:
        """Words with their foot at y."""
        if words:
            self._draw(Words(self._x + x, self._y + y, words, colour, size, align, bold))

    def title(self, title: str, unit: str) -> None:
        """The panel's heading, and the unit at its right."""
        self.text(0, 13, title, "ink", size=13, bold=True)
        if unit:
            self.text(WIDTH, 13, unit, "muted", size=_TINY, align="right")

    def _draw(self, shape: Shape) -> None:
        self.shapes.append(shape)

    def _moved(self, parts: Sequence[Sequence[Point]]) -> tuple[tuple[Point, ...], ...]:
        return tuple(tuple((self._x + x, self._y + y) for x, y in part) for part in parts)

    def _box(self, x: float, y: float, width: float, height: float) -> tuple[tuple[Point, ...], ...]:
        return self._moved([[(x, y), (x + width, y), (x + width, y + height), (x, y + height)]])


class Scale:
    """From numbers to places between two edges; what lies beyond stands at the edge."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        self.low, self.high, self.left, self.right = low, high, left, right

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))


def limits(values: Sequence[float], zero: bool) -> tuple[float, float]:
    """Ends of an axis that shows all finite values with a little room; with `zero` zero too."""
    finite = [v for v in values if math.isfinite(v)] + ([0.0] if zero else [])
    if not finite:
        return 0.0, 1.0
    low, high = min(finite), max(finite)
    if high <= low:
        pad = abs(low) or 1.0
        return low - 0.5 * pad, high + 0.5 * pad
    pad = 0.05 * (high - low)
    return low - pad, high + pad


_GROUP = re.compile(r"(?P<first>.+) and (?P<count>\d+) others?")
"""How a region of several states is named."""


def ticks(low: float, high: float) -> list[float]:
    """Three to six round numbers between low and high."""
    raw = (high - low) / 4
    power = 10.0 ** math.floor(math.log10(raw))
    step = min((m * power for m in (1, 2, 2.5, 5, 10)), key=lambda s: abs(s - raw))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [k * step for k in range(first, last + 1)]


def tick_label(value: float) -> str:
    """A round number as it stands at an axis."""
    return f"{value:.6g}".replace("-", "−")


def short(label: str, length: int) -> str:
    """A label cut to a length: first "and 6 others" becomes "+6", then an ellipsis marks what was cut.

    >>> short("Germany and 6 others", 18), short("Dominican Republic and 3 others", 18)
    ('Germany +6', 'Dominican Rep… +3')
    """
    if len(label) <= length:
        return label
    group = _GROUP.fullmatch(label)
    first, count = (group["first"], f" +{group['count']}") if group else (label, "")
    room = length - len(count) - bool(count)
    return (first if len(first) <= room else first[: room - 1].rstrip() + "…") + count
