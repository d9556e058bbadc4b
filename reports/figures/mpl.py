"""A canvas drawn by matplotlib: figures for notebooks, and pictures as PNG."""

from __future__ import annotations

import io
from typing import Any

from matplotlib.figure import Figure as MatplotlibFigure

from reports.document import Point
from reports.figures.canvas import PALETTE, Canvas, Circle, Stroke, Words
from reports.figures.fonts import families
from reports.printable import printable

__all__ = ["Plot", "plot", "png"]

_DPI = 200


class Plot(MatplotlibFigure):
    """A matplotlib figure that a notebook shows whether or not pyplot is in use."""

    def _repr_png_(self) -> bytes:
        buffer = io.BytesIO()
        self.savefig(buffer, format="png", dpi=110, metadata={"Software": None})
        return buffer.getvalue()


def plot(canvas: Canvas) -> Plot:
    """The canvas as a matplotlib figure with one pair of axes, one unit of the canvas 1/72 inch.

    Data coordinates are those of the canvas, y growing downwards, so that whatever is added lands where it is meant.
    """
    figure = Plot(figsize=(canvas.width / 72, canvas.height / 72), facecolor=PALETTE["panel"])
    axes: Any = figure.add_axes((0.0, 0.0, 1.0, 1.0))
    axes.set_xlim(0, canvas.width)
    axes.set_ylim(canvas.height, 0)
    axes.set_axis_off()
    words = "".join(shape.text for shape in canvas.shapes if isinstance(shape, Words))
    fonts = ["DejaVu Sans", *families(words)]
    for order, shape in enumerate(canvas.shapes):
        if isinstance(shape, Words):
            axes.text(
                shape.x,
                shape.y,
                printable(shape.text),
                color=PALETTE[shape.colour],
                # The letters of DejaVu Sans are wider than those a page would choose.
                fontsize=0.9 * shape.size,
                family=fonts,
                ha=shape.align,
                va="baseline",
                weight="bold" if shape.bold else "normal",
                parse_math=False,
                zorder=order,
            )
        else:
            _patch(axes, shape, order)
    return figure


def png(canvas: Canvas) -> bytes:
    """The canvas as a PNG image of 200 dots an inch. The same canvas gives the same bytes."""
    buffer = io.BytesIO()
    plot(canvas).savefig(buffer, format="png", dpi=_DPI, metadata={"Software": None})
    return buffer.getvalue()


def _patch(axes: Any, shape: Stroke | Circle, order: int) -> None:
    from matplotlib.colors import to_rgba
    from matplotlib.patches import Circle as CirclePatch
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    look: dict[str, Any] = {"linewidth": shape.width, "zorder": order, "joinstyle": "round"}
    look["edgecolor"] = PALETTE[shape.stroke] if shape.stroke and shape.width else "none"
    look["facecolor"] = PALETTE[shape.fill] if shape.fill else "none"
    outline: Any = None
    if isinstance(shape, Stroke):
        codes: list[Any] = []
        places: list[Point] = []
        for part in shape.parts:
            places += part
            codes += [Path.MOVETO, *[Path.LINETO] * (len(part) - 1)]
            if shape.closed:
                places.append(part[0])
                codes.append(Path.CLOSEPOLY)
        outline = Path(places, codes)
        if shape.opacity != 1.0 and shape.fill:
            look["facecolor"] = to_rgba(PALETTE[shape.fill], shape.opacity)
        if shape.dashes and shape.width:
            look["linestyle"] = (0, tuple(d / shape.width for d in shape.dashes))

    def patch() -> Any:
        if isinstance(shape, Circle):
            return CirclePatch((shape.x, shape.y), shape.radius, **look)
        return PathPatch(outline, **look)

    # The limits of the axes are fixed; `add_patch` would ask how far every patch reaches.
    axes.add_artist(patch())
    if shape.hatch:
        lines = patch()
        lines.set_facecolor("none")
        lines.set_hatch("xxxxxx" if shape.crossed else "//////")
        lines.set_edgecolor(PALETTE[shape.hatch])
        lines.set_linewidth(0.0)
        axes.add_artist(lines)
