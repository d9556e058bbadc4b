"""A canvas that matplotlib's SVG renderer draws on, its colours, and scales from numbers to places.

Each picture is 280 units wide, so that it can be read on a telephone and stands three abreast on a desk. What is meant
is told by shape and hatching as well as by colour. Colours are those of `PALETTE`, so that a page can put its own in
their place for a dark background. The same strokes give the same bytes.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Sequence
from html import escape
from typing import Any

from reports.document import MarkStyle, Point

__all__ = [
    "HATCHED",
    "MARKERS",
    "PALETTE",
    "WIDTH",
    "Canvas",
    "Scale",
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
"""Parts of a bar that are nobody's, or not known: hatched."""

MARKERS: dict[str, tuple[str, float, str, str]] = {
    "concert": ("o", 9.0, "concert", "concert"),
    "competition": ("D", 7.0, "competition", "competition"),
    "own": ("^", 9.0, "ink", "ink"),
    "bound": ("|", 13.0, "ink", "ink"),
    "other": ("o", 7.0, "panel", "muted"),
    "threat": ("x", 8.0, "ink", "ink"),
    "nash": ("*", 13.0, "p0", "ink"),
    "kalai-smorodinsky": ("s", 7.5, "p1", "ink"),
    "egalitarian": ("P", 9.5, "p2", "ink"),
    "utilitarian": ("v", 9.5, "p4", "ink"),
    "equal split": ("h", 9.0, "panel", "ink"),
}
"""Marks by style: matplotlib's name of the shape, its size, and the colours of its face and edge."""

_TINY = 10.0
_DASHES: tuple[tuple[float, ...] | None, ...] = (None, (6, 2), (3, 3), (1, 2), (6, 2, 1, 2))


class Canvas:
    """A picture whose places are counted from its upper left corner, in units of 1/72 inch.

    Drawn straight on matplotlib's SVG renderer: figures and axes would cost most of the time and show none of it. Letters
    are left to the page's own fonts, or with `outlines` drawn as shapes, for a reader that may lack the fonts.
    """

    def __init__(self, width: float, height: float, outlines: bool = False) -> None:
        from matplotlib.backends.backend_svg import RendererSVG
        from matplotlib.transforms import Affine2D

        untyped: Any = RendererSVG
        self._buffer = io.StringIO()
        bare = dict.fromkeys(("Date", "Creator", "Format", "Type"))
        self._renderer: Any = untyped(width, height, self._buffer, image_dpi=72, metadata=bare)
        self._upright = Affine2D().scale(1, -1).translate(0, height)
        self._outlines = outlines
        self._words: list[str] = []

    # ------------------------------------------------------------------ strokes

    def lines(self, ends: Sequence[tuple[Point, Point]], colour: str) -> None:
        """Thin lines, all of them one path."""
        if ends:
            self._draw([list(pair) for pair in ends], self._pen(colour, 0.8), None)

    def path(self, places: Sequence[Point], colour: str, dashes: int = 0, width: float = 1.4) -> None:
        """A line through places, whole (0) or broken in one of several ways."""
        pen = self._pen(colour, width)
        pen.set_dashes(0, _DASHES[dashes % len(_DASHES)])
        self._draw([places], pen, None)

    def interval(self, low: float, high: float, y: float, style: str) -> None:
        """A broad pale bar from low to high."""
        colour = style if style in PALETTE else "muted"
        self._draw(
            [_corners(low, y - 2.5, high - low, 5)], self._pen(colour, 0), self._ink(colour, 0.4), True
        )

    def box(self, x: float, y: float, width: float, height: float, style: str) -> None:
        """A bar, plain or hatched."""
        corners = [_corners(x, y, width, height)]
        if style == "loss" or style in HATCHED:
            pen = self._pen("competition" if style == "loss" else "local", 1.0 if style == "loss" else 0.8)
            pen.set_hatch("/////")
            pen.set_hatch_color(pen.get_rgb())
            self._draw(corners, pen, self._ink("panel"), True)
        else:
            colour = "concert" if style == "gain" else style
            self._draw(corners, self._pen("panel", 0.8), self._ink(colour), True)

    def area(self, places: Sequence[Point], colour: str, shade: float = 0.2, edge: float = 0.8) -> None:
        """A filled polygon; `shade` is how much of its colour covers the ground."""
        self._draw([places], self._pen(colour, edge), self._ink(colour, shade), True)

    def mark(self, x: float, y: float, style: MarkStyle, beyond: bool = False) -> None:
        """A mark of the given style, or the arrow that says that the place lies beyond the edge."""
        from matplotlib.markers import MarkerStyle
        from matplotlib.path import Path

        shape, size, face, edge = MARKERS[style]
        marker: Any = MarkerStyle(">" if beyond else shape)
        pen = self._pen(edge, 2.0 if shape in "|x" else 1.3)
        pen.set_joinstyle(marker.get_joinstyle())
        shown = self._ink(face) if marker.is_filled() else None
        turn = marker.get_transform().scale(size)
        self._renderer.draw_markers(pen, marker.get_path(), turn, Path([(x, y)]), self._upright, shown)

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
        if not words:
            return
        if self._outlines:
            from matplotlib.font_manager import FontProperties

            font = FontProperties(family=["DejaVu Sans"], size=size, weight="bold" if bold else "normal")
            long, _, _ = self._renderer.get_text_width_height_descent(words, font, False)
            x -= long * {"left": 0.0, "center": 0.5, "right": 1.0}[align]
            self._renderer.draw_text(self._pen(colour, 1), x, y, words, font, 0)
        else:
            anchor = {"left": "", "center": ";text-anchor:middle", "right": ";text-anchor:end"}[align]
            weight = ";font-weight:700" if bold else ""
            self._words.append(
                f'<text x="{x:.6g}" y="{y:.6g}" style="font-size:{size:g}px{weight}{anchor};fill:{PALETTE[colour]}">'
                f"{escape(words, quote=False)}</text>"
            )

    def title(self, title: str, unit: str) -> None:
        """The panel's heading, and the unit at its right."""
        self.text(0, 13, title, "ink", size=13, bold=True)
        if unit:
            self.text(WIDTH, 13, unit, "muted", size=_TINY, align="right")

    def _pen(self, colour: str, width: float) -> Any:
        pen = self._renderer.new_gc()
        pen.set_foreground(self._ink(colour), isRGBA=True)
        pen.set_linewidth(width)
        return pen

    @staticmethod
    def _ink(colour: str, alpha: float = 1.0) -> tuple[float, float, float, float]:
        code = PALETTE[colour]
        red, green, blue = (int(code[k : k + 2], 16) / 255 for k in (1, 3, 5))
        return red, green, blue, alpha

    def _draw(self, parts: Sequence[Sequence[Point]], pen: Any, face: Any, closed: bool = False) -> None:
        from matplotlib.path import Path

        places: list[Point] = []
        codes: list[Any] = []
        for part in parts:
            places += part
            codes += [Path.MOVETO, *[Path.LINETO] * (len(part) - 1)]
            if closed:
                places.append(part[0])
                codes.append(Path.CLOSEPOLY)
        self._renderer.draw_path(pen, Path(places, codes), self._upright, face)

    # ------------------------------------------------------------------ the picture

    def svg(self, prefix: str) -> str:
        """The picture as a bare `<svg>` element: no prologue, no metadata, and no names but those referred to.

        Fonts are left to the page around it; `prefix` keeps the names of several pictures in one page apart.
        """
        self._renderer.finalize()
        text = self._buffer.getvalue()
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
        # Hundredths of a point are enough for places.
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
        text = text.replace("<svg ", '<svg stroke-linejoin="round" ', 1).strip()
        return text.removesuffix("</svg>") + "".join(self._words) + "</svg>"


class Scale:
    """From numbers to places between two edges; what lies beyond stands at the edge."""

    def __init__(self, low: float, high: float, left: float, right: float) -> None:
        self.low, self.high, self.left, self.right = low, high, left, right

    def __call__(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * min(1.0, max(0.0, share))


def limits(values: Sequence[float], zero: bool) -> tuple[float, float]:
    """Ends of an axis that shows all finite values with a little room; with `zero` nought too."""
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
    """A round number as it stands at an axis."""
    return f"{value:.6g}".replace("-", "−")


def short(label: str, length: int) -> str:
    """A label cut to a length, with an ellipsis where something was cut."""
    return label if len(label) <= length else label[: length - 1].rstrip() + "…"


def _corners(x: float, y: float, width: float, height: float) -> list[Point]:
    return [(x, y), (x + width, y), (x + width, y + height), (x, y + height)]
