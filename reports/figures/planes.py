"""Panels in the plane: one quantity against another, a solid of three, and triangles of ties."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from reports.document import PlanePanel, Point, SolidPanel, TrianglePanel, Triple
from reports.figures.canvas import WIDTH, Align, Canvas, Scale, limits, short, tick_label, ticks

__all__ = ["TIES", "draw"]

TIES: dict[int, tuple[str, int]] = {1: ("concert", 0), -1: ("competition", 2)}
"""Colour and dashes of friendly (1) and hostile (-1) ties."""

_LEFT, _RIGHT, _TOP, _FOOT = 36.0, WIDTH - 8.0, 42.0, 252.0
_SMALL = 10.0


def draw(panel: PlanePanel | SolidPanel | TrianglePanel) -> Canvas:
    """The panel on a canvas of its own."""
    if isinstance(panel, PlanePanel):
        return _plane(panel)
    return _solid(panel) if isinstance(panel, SolidPanel) else _triangle(panel)


# ---------------------------------------------------------------------- one quantity against another


def _plane(panel: PlanePanel) -> Canvas:
    canvas = Canvas(WIDTH, _FOOT + 34.0)
    canvas.title(panel.title, "")
    points = [p for outline in panel.outlines for p in outline]
    points += [p for _, curve in panel.curves for p in curve] + [p for _, _, p in panel.marks]
    if panel.limits is None:
        left, right = limits(limits([x for x, _ in points], False), False)
        low, high = limits(limits([y for _, y in points], False), False)
    else:
        left, right, low, high = panel.limits
    across, up = Scale(left, right, _LEFT, _RIGHT), Scale(low, high, _FOOT, _TOP)
    canvas.lines([((across(t), _TOP), (across(t), _FOOT)) for t in ticks(left, right)], "line")
    canvas.lines([((_LEFT, up(t)), (_RIGHT, up(t))) for t in ticks(low, high)], "line")
    for t in ticks(left, right):
        canvas.text(across(t), _FOOT + 13, tick_label(t), "muted", size=_SMALL, align="center")
    for t in ticks(low, high):
        canvas.text(_LEFT - 4, up(t) + 3.5, tick_label(t), "muted", size=_SMALL, align="right")
    canvas.text(_RIGHT, _FOOT + 28, f"{panel.x} →", "muted", size=_SMALL, align="right")
    canvas.text(0, _TOP - 11, f"↑ {panel.y}", "muted", size=_SMALL)
    labels = _Labels(canvas)
    for outline in panel.outlines:
        places = [(across(x), up(y)) for x, y in outline]
        canvas.area(places, "concert")
        labels.avoid(_along([*places, places[0]]))
    drawn = []
    for k, (label, curve) in enumerate(panel.curves):
        places = [(across(x), up(y)) for x, y in _below(curve, high)]
        if len(places) > 1:
            canvas.path(places, "ink" if label else "muted", dashes=k, width=1.4 if label else 1.0)
            drawn.append((label, places))
            labels.avoid(_along(places))
    for label, level in panel.levels:
        ends = [(_LEFT, up(level)), (_RIGHT, up(level))]
        canvas.path(ends, "concert", width=2.0)
        labels.avoid(_along(ends))
        drawn.append((label, ends))
    for style, _, (x, y) in panel.marks:
        canvas.mark(across(x), up(y), style)
        labels.avoid([(across(x), up(y))] * 4)
    for _, label, (x, y) in panel.marks:
        labels.put(label, (spot for near in (9.0, 21.0) for spot in _around(across(x), up(y), near)))
    for label, places in drawn:
        labels.put(label, (side for place in reversed(_along(places)) for side in _around(*place, near=5.0)))
    return canvas


class _Labels:
    """Puts labels where they hide least of what is drawn and of each other."""

    def __init__(self, canvas: Canvas) -> None:
        self.canvas = canvas
        self.points: list[Point] = []
        self.boxes: list[tuple[float, float, float, float]] = []

    def avoid(self, points: Sequence[Point]) -> None:
        self.points += points

    def put(self, words: str, spots: Iterator[tuple[float, float, Align]]) -> None:
        """Write the words at the best of several spots (x, foot, alignment); earlier ones win where equal."""
        if not words:
            return
        long = 6.3 * len(words)
        places = np.array(self.points).reshape(-1, 2)
        best: tuple[int, float, float, Align, tuple[float, float, float, float]] | None = None
        for x, foot, align in spots:
            a = x - {"left": 0.0, "center": 0.5, "right": 1.0}[align] * long
            box = (a, a + long, foot - 9.0, foot + 2.0)
            low, high = (box[0] - 2, box[2] - 2), (box[1] + 2, box[3] + 2)
            hidden = int(((low < places) & (places < high)).all(axis=1).sum())
            hidden += 50 * sum(
                box[0] < d and c < box[1] and box[2] < f and e < box[3] for c, d, e, f in self.boxes
            )
            hidden += 100 * (box[0] < _LEFT or box[1] > WIDTH or box[2] < _TOP or box[3] > _FOOT)
            if best is None or hidden < best[0]:
                best = hidden, x, foot, align, box
            if not hidden:
                break
        assert best is not None
        _, x, foot, align, box = best
        self.boxes.append(box)
        self.canvas.text(x, foot, words, "ink", size=_SMALL, align=align)


def _around(x: float, y: float, near: float) -> Iterator[tuple[float, float, Align]]:
    """Places for a label at a point: beside it, above and below."""
    yield from ((x + near, y - near + 3, "left"), (x - near, y - near + 3, "right"))
    yield from ((x + near, y + near + 6, "left"), (x - near, y + near + 6, "right"))
    yield from ((x, y - near - 3, "center"), (x, y + near + 12, "center"))
    yield from ((x + near + 3, y + 3.5, "left"), (x - near - 3, y + 3.5, "right"))


def _below(curve: Sequence[Point], high: float) -> list[Point]:
    """The curve up to where it leaves through the upper edge."""
    kept: list[Point] = []
    for (x, y), (a, b) in zip(curve, [*curve[1:], curve[-1]]):
        if y <= high:
            kept.append((x, y))
            if b > high:
                kept.append((x + (a - x) * (high - y) / (b - y), high))
    return kept


def _along(places: Sequence[Point], step: float = 6.0) -> list[Point]:
    """Points at most a step apart along a line through places."""
    out = [places[0]]
    for (a, b), (c, d) in pairwise(places):
        parts = max(1, math.ceil(math.hypot(c - a, d - b) / step))
        out += [(a + (c - a) * k / parts, b + (d - b) * k / parts) for k in range(1, parts + 1)]
    return out


# ---------------------------------------------------------------------- a solid of three quantities


def _solid(panel: SolidPanel) -> Canvas:
    canvas = Canvas(WIDTH, _FOOT + 34.0)
    canvas.title(panel.title, "")
    places = [p for face in panel.faces for p in face] + [p for _, p in panel.marks]
    ends = [limits([p[k] for p in places], False) for k in range(3)]

    def unit(p: Triple) -> Triple:
        a, b, c = ((v - low) / (high - low) for v, (low, high) in zip(p, ends))
        return a, b, c

    solid = [[unit(p) for p in face] for face in panel.faces]
    view = max(_VIEWS, key=lambda view: sum(abs(_area([_seen(p, view) for p in face])) for face in solid))
    _frame(canvas, panel, view)
    for face in solid:
        shown = [_seen(p, view) for p in face]
        # Faces turned away lie behind those turned to the reader; a flat set has but one, seen from either side.
        if len(solid) == 1 or _area(shown) < 0:
            x, y, z = _normal(face)
            level, right = max(z, 0.0) ** 2, (view[0] * y - view[1] * x) / math.sqrt(2)
            canvas.area(shown, "panel", 1.0)
            canvas.area(shown, "concert", 0.12 * level + (1 - level) * (0.42 + 0.24 * right), 0.5)
    for style, place in panel.marks:
        canvas.mark(*_seen(unit(place), view), style)
    return canvas


_VIEWS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
"""Corners of the box over which the reader may stand: high (1) or low (-1) in the first and second quantity."""


def _seen(p: Triple, view: tuple[int, int]) -> Point:
    """Where a point of the unit cube stands on the canvas."""
    a, b, c = p[0] - 0.5, p[1] - 0.5, p[2] - 0.5
    across, near = view[0] * b - view[1] * a, view[0] * a + view[1] * b
    return WIDTH / 2 + 108.0 * across, 148.0 + 53.0 * near - 106.0 * c


def _frame(canvas: Canvas, panel: SolidPanel, view: tuple[int, int]) -> None:
    """The far edges of the box and the names along its near ones."""
    far, near = ((1 - view[0]) // 2, (1 - view[1]) // 2), ((1 + view[0]) // 2, (1 + view[1]) // 2)
    sides = sorted(((far[0], near[1]), (near[0], far[1])), key=lambda s: _seen((*s, 0), view))
    left, right = sides
    ring = [(*left, 1), (*left, 0), (*near, 0), (*right, 0), (*right, 1), (*far, 1)]
    rim = [_seen(corner, view) for corner in ring]
    canvas.lines(list(zip(rim, rim[1:] + rim[:1])), "line")
    back = _seen((*far, 0), view)
    canvas.lines([(back, rim[k]) for k in (1, 3, 5)], "line")
    names: tuple[tuple[tuple[int, int], Point, Align], ...] = (
        (left, rim[1], "right"),
        (right, rim[3], "left"),
    )
    for side, (x, y), align in names:
        # Along an edge to the nearest corner one quantity changes: it grows that way or the other.
        k = 0 if side[0] != near[0] else 1
        grows_near = near[k] > side[k]
        name = short(panel.names[k], 15)
        words = f"{name} →" if grows_near == (align == "right") else f"← {name}"
        shift = -4 if align == "right" else 4
        canvas.text(
            (x + rim[2][0]) / 2 + shift, (y + rim[2][1]) / 2 + 16, words, "muted", size=_SMALL, align=align
        )
    canvas.text(
        max(0.0, rim[0][0] - 24), rim[0][1] - 10, f"↑ {short(panel.names[2], 15)}", "muted", size=_SMALL
    )


def _area(places: Sequence[Point]) -> float:
    """The signed area of a polygon; negative where its corners run anticlockwise on a canvas, whose y grows downwards."""
    return 0.5 * sum(a * d - c * b for (a, b), (c, d) in zip(places, [*places[1:], places[0]]))


def _normal(corners: Sequence[Triple]) -> Triple:
    """The unit normal of a flat polygon whose corners run anticlockwise as seen from outside."""
    total = [0.0, 0.0, 0.0]
    for (a, b, c), (d, e, f) in zip(corners, [*corners[1:], corners[0]]):
        total[0] += b * f - c * e
        total[1] += c * d - a * f
        total[2] += a * e - b * d
    long = math.hypot(*total) or 1.0
    return total[0] / long, total[1] / long, total[2] / long


# ---------------------------------------------------------------------- three powers and their ties


def _triangle(panel: TrianglePanel) -> Canvas:
    canvas = Canvas(WIDTH, 184.0)
    canvas.title(panel.title, panel.unit)
    corners = ((WIDTH / 2, 62.0), (52.0, 142.0), (WIDTH - 52.0, 142.0))
    pairs = ((0, 1), (0, 2), (1, 2))
    beside: tuple[tuple[float, float, Align], ...] = (
        (-8.0, 2.0, "right"),
        (8.0, 2.0, "left"),
        (0.0, -6.0, "center"),
    )
    for (i, j), sign, (over, down, align) in zip(pairs, panel.signs, beside):
        (a, b), (c, d) = corners[i], corners[j]
        ends = [(a + (c - a) * t, b + (d - b) * t) for t in ((0.2, 0.8) if i == 0 else (0.08, 0.92))]
        colour, dashes = TIES[sign]
        canvas.path(ends, colour, dashes=dashes, width=2.2)
        x, y = (ends[0][0] + ends[1][0]) / 2, (ends[0][1] + ends[1][1]) / 2
        canvas.text(x + over, y + down, "+" if sign == 1 else "−", colour, size=15.0, align=align, bold=True)
    for (x, y), name, note in zip(corners, panel.names, panel.notes):
        top = y < 100
        canvas.text(x, y - 14 if top else y + 16, name, "ink", align="center", bold=True)
        canvas.text(x, y - 1 if top else y + 30, note, "muted", size=_SMALL, align="center")
    return canvas
