"""Panels in the plane: one quantity against another, the shadow of a solid, and triangles of ties."""

from __future__ import annotations

from collections.abc import Sequence

from reports.figures import PALETTE, WIDTH, Canvas, Scale, limits, tick_label, ticks
from reports.report import PlanePanel, Point, TrianglePanel

__all__ = ["draw"]

_LEFT, _TOP, _SIDE = 36.0, 34.0, 218.0


def draw(panel: PlanePanel | TrianglePanel) -> Canvas:
    """The panel on a canvas of its own."""
    return _plane(panel) if isinstance(panel, PlanePanel) else _triangle(panel)


def _plane(panel: PlanePanel) -> Canvas:
    canvas = Canvas(WIDTH, _TOP + _SIDE + (40.0 if panel.axes else 12.0))
    canvas.title(panel.title, "")
    points = [p for outline in panel.outlines for p in outline]
    points += [p for _, curve in panel.curves for p in curve] + [p for _, _, p in panel.marks]
    if panel.limits is None:
        left, right = limits([x for x, _ in points], False)
        low, high = limits([y for _, y in points], False)
    else:
        left, right, low, high = panel.limits
    across = Scale(left, right, _LEFT, WIDTH - 8.0)
    up = Scale(low, high, _TOP + _SIDE, _TOP + 6.0)
    if panel.axes:
        _axes(canvas, panel, (left, right), (low, high), across, up)
    for outline in panel.outlines:
        _filled(canvas, [(across(x), up(y)) for x, y in outline], len(panel.outlines) > 1)
    for k, (label, curve) in enumerate(panel.curves):
        places = [(across(x), up(y)) for x, y in curve if low <= y <= high]
        if len(places) > 1:
            canvas.path(places, "ink" if panel.axes else "muted", dashes=k if panel.axes else 0)
            canvas.text(
                min(places[-1][0] + 3, WIDTH), places[-1][1] - 4, label, "muted", size=10.0, align="right"
            )
    taken: list[float] = []
    for style, label, (x, y) in panel.marks:
        a, b = across(x), up(y)
        canvas.mark(a, b, style)
        if label:
            # Labels of marks that lie close together stand one above the other.
            foot = b - 9
            while any(abs(foot - other) < 12 for other in taken):
                foot -= 12
            taken.append(foot)
            right_half = a > WIDTH * 0.6
            canvas.text(
                a - 7 if right_half else a + 7,
                foot,
                label,
                "ink",
                size=10.5,
                align="right" if right_half else "left",
            )
    return canvas


def _axes(
    canvas: Canvas,
    panel: PlanePanel,
    xs: tuple[float, float],
    ys: tuple[float, float],
    across: Scale,
    up: Scale,
) -> None:
    foot, left, right, top = _TOP + _SIDE, _LEFT, WIDTH - 8.0, _TOP + 6.0
    for tick in ticks(*xs):
        canvas.lines([((across(tick), top), (across(tick), foot))], "line")
        canvas.text(across(tick), foot + 13, tick_label(tick), "muted", size=10.0, align="center")
    for tick in ticks(*ys):
        canvas.lines([((left, up(tick)), (right, up(tick)))], "line")
        canvas.text(left - 4, up(tick) + 3.5, tick_label(tick), "muted", size=10.0, align="right")
    canvas.text(right, foot + 29, panel.x + " →", "muted", size=10.0, align="right")
    canvas.text(left, _TOP - 3, "↑ " + panel.y, "muted", size=10.0)


def _filled(canvas: Canvas, places: Sequence[Point], many: bool) -> None:
    from matplotlib.patches import Polygon

    canvas.figure.add_artist(
        Polygon(
            places,
            closed=True,
            facecolor=PALETTE["concert"],
            edgecolor=PALETTE["concert"],
            alpha=0.12 if many else 0.2,
            lw=0.8,
            transform=canvas.frame,
        )
    )


def _triangle(panel: TrianglePanel) -> Canvas:
    canvas = Canvas(WIDTH, 190.0)
    canvas.title(panel.title, panel.unit)
    corners = ((WIDTH / 2, 62.0), (52.0, 148.0), (WIDTH - 52.0, 148.0))
    ties = ((0, 1), (0, 2), (1, 2))
    for (i, j), sign in zip(ties, panel.signs):
        (x1, y1), (x2, y2) = corners[i], corners[j]
        near, far = 0.2, 0.8
        ends = [(x1 + (x2 - x1) * t, y1 + (y2 - y1) * t) for t in (near, far)]
        canvas.path(ends, "concert" if sign == 1 else "competition", dashes=0 if sign == 1 else 2, width=2.2)
        x, y = (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2
        canvas.text(
            x + (-8 if (i, j) == (0, 1) else 8 if (i, j) == (0, 2) else 0),
            y + (4 if (i, j) != (1, 2) else -6),
            "+" if sign == 1 else "−",
            "concert" if sign == 1 else "competition",
            size=15.0,
            align={(0, 1): "right", (0, 2): "left"}.get((i, j), "center"),
            bold=True,
        )
    for (x, y), name, note in zip(corners, panel.names, panel.notes):
        top = y < 100
        canvas.text(x, y - 14 if top else y + 14, name, "ink", align="center", bold=True)
        canvas.text(x, y - 1 if top else y + 28, note, "muted", size=10.0, align="center")
    return canvas
