"""Maps of spheres: regions where they lie, each with the token of its holder (shape and colour), hatched by how it is held.

The projection is Equal Earth (Šavrič, Patterson and Jenny 2018, International Journal of Geographical Information
Science 33(3), 454-465): areas are true, and polynomials are all it takes.
"""

from __future__ import annotations

import math
from functools import cache
from importlib import resources

from reports.document import MapPanel, Point, Spot
from reports.figures.canvas import Canvas

__all__ = ["MAP_WIDTH", "draw", "project", "sample"]

MAP_WIDTH = 640.0
_TOP, _HEIGHT = 26.0, 300.0
_SOUTH, _NORTH = -57.0, 84.0
_RADIUS = 6.0
_SMALL = 3.2
"""The radius of a region's token, and that of a forward position."""
_NAMED = 9.0
_LETTER = 0.56
"""The mean width of a letter in units of its size: measured on the names of countries in DejaVu Sans, the widest font
that a picture asks for."""

CENTRE = 11.5
"""The meridian in the middle, degrees east: the map is then cut at 168.5 degrees west, through the Bering Strait."""

_A = (1.340264, -0.081106, 0.000893, 0.003796)
"""The coefficients of Equal Earth, equations (6) and (7) of the paper."""


def project(latitude: float, longitude: float) -> Point:
    """Equal Earth coordinates of a place, in radii of the globe: x grows eastwards, y northwards.

    >>> x, y = project(0.0, 180.0 + CENTRE)
    >>> round(x, 4), y
    (2.7066, 0.0)
    """
    if longitude < CENTRE - 180.0:
        longitude += 360.0
    root = math.sqrt(3) / 2
    angle = math.asin(root * math.sin(math.radians(latitude)))
    square = angle * angle
    six = square * square * square
    a, b, c, d = _A
    slope = a + 3 * b * square + six * (7 * c + 9 * d * square)
    x = math.radians(longitude - CENTRE) * math.cos(angle) / (root * slope)
    return x, angle * (a + b * square + six * (c + d * square))


def draw(panel: MapPanel) -> Canvas:
    """The map on a canvas of its own."""
    canvas = Canvas(MAP_WIDTH, _TOP + _HEIGHT)
    canvas.text(0, 13, panel.title, "ink", size=13, bold=True)
    for ring in _land():
        canvas.area([_place(x, y) for x, y in ring], "line", 0.75, 0.0)
    numbers = {power: k for k, power in enumerate(panel.powers)}
    places = [_place(*project(spot.latitude, spot.longitude)) for spot in panel.spots]
    where = _apart(places)
    for (x, y), (a, b) in zip(places, where):
        if math.hypot(a - x, b - y) > 1.0:
            canvas.path([(x, y), (a, b)], "muted", width=0.7)
    for power, latitude, longitude in panel.positions:
        _position(canvas, *_place(*project(latitude, longitude)), numbers.get(power))
    for spot, (x, y) in zip(panel.spots, where):
        _region(canvas, x, y, spot, numbers)
    boxes = [(x - _RADIUS - 1, x + _RADIUS + 1, y - _RADIUS - 1, y + _RADIUS + 1) for x, y in where]
    boxes += [
        (x - 6, x + 6, y - 6, y + 5)
        for x, y in (_place(*project(latitude, longitude)) for _, latitude, longitude in panel.positions)
    ]
    for spot, (x, y) in zip(panel.spots, where):
        _name(canvas, spot.name, x, y, 3.0 if spot.contested else 0.0, boxes)
    return canvas


def sample(canvas: Canvas, style: str) -> None:
    """What stands in the legend for `map p0`, `map force`, `map nobody`, `map contested` and `map position`."""
    kind = style.removeprefix("map ")
    if kind == "position":
        _position(canvas, 12, 7, None)
    elif kind == "contested":
        _ring(canvas, 12, 7)
    elif kind == "force":
        canvas.disc(12, 7, 5.5, "local", "panel", True)
    elif kind == "consent":
        canvas.disc(12, 7, 5.5, "local")
    elif kind == "nobody":
        _nobody(canvas, 12, 7)
    else:
        canvas.token(12, 7, 5.5, int(kind.removeprefix("p")))


def _region(canvas: Canvas, x: float, y: float, spot: Spot, numbers: dict[str, int]) -> None:
    forced = spot.mode == "force"
    if spot.holder in numbers:
        canvas.token(x, y, _RADIUS, numbers[spot.holder], "panel" if forced else None, forced)
    else:
        _nobody(canvas, x, y)
    if spot.contested:
        _ring(canvas, x, y)


def _nobody(canvas: Canvas, x: float, y: float) -> None:
    """An empty circle with a point in it: no power's token is empty."""
    canvas.disc(x, y, _RADIUS - 1.0, "panel")
    canvas.disc(x, y, 0.9, "ink")


def _position(canvas: Canvas, x: float, y: float, power: int | None) -> None:
    """A forward position: the power's token, small, on a mast."""
    canvas.path([(x, y - 1), (x, y + 6)], "ink", width=1.0)
    if power is None:
        canvas.disc(x, y - 2, _SMALL, "local")
    else:
        canvas.token(x, y - 2, _SMALL, power)


def _ring(canvas: Canvas, x: float, y: float) -> None:
    """A broken ring around a region that is contested."""
    for k in range(4):
        arc = [k * math.pi / 2 + step * math.pi / 16 - math.pi / 8 for step in range(5)]
        canvas.path([(x + 8.5 * math.cos(t), y + 8.5 * math.sin(t)) for t in arc], "competition", width=1.8)


def _place(x: float, y: float) -> Point:
    """From the projection to the canvas."""
    left, right = -2.7066, 2.7066
    low, high = project(_SOUTH, 0.0)[1], project(_NORTH, 0.0)[1]
    scale = min(MAP_WIDTH / (right - left), _HEIGHT / (high - low))
    return MAP_WIDTH / 2 + scale * x, _TOP + scale * (high - y)


def _apart(places: list[Point]) -> list[Point]:
    """Discs pushed apart until none covers another; each keeps as close to its place as the others allow."""
    spots = list(places)
    least = 2 * _RADIUS + 3.0
    for _ in range(60):
        moved = False
        for i in range(len(spots)):
            for j in range(i):
                (a, b), (c, d) = spots[i], spots[j]
                gap = math.hypot(a - c, b - d)
                if gap >= least - 0.01:
                    continue
                # Two regions at one place part in a direction that depends on their order alone.
                angle = math.atan2(b - d, a - c) if gap > 1e-9 else 2.4 * i
                push = (least - gap) / 2
                spots[i] = (a + push * math.cos(angle), b + push * math.sin(angle))
                spots[j] = (c - push * math.cos(angle), d - push * math.sin(angle))
                moved = True
        if not moved:
            break
    edge = _RADIUS + 3.0
    return [
        (min(MAP_WIDTH - edge, max(edge, x)), min(_TOP + _HEIGHT - edge, max(_TOP + edge, y)))
        for x, y in spots
    ]


def _name(
    canvas: Canvas,
    name: str,
    x: float,
    y: float,
    more: float,
    boxes: list[tuple[float, float, float, float]],
) -> None:
    """The name beside its disc where it covers least; `more` is how much further off a ring asks it to stand."""
    long = _LETTER * _NAMED * len(name)
    best: tuple[float, float, float, tuple[float, float, float, float]] | None = None
    beside, over = 9.0 + more, 9.0 + more
    away = False
    near = [
        (beside, 3.0),
        (-beside - long, 3.0),
        (-long / 2, -over),
        (-long / 2, over + 6),
        (beside - 2, -6.0),
        (beside - 2, 12.0),
        (2 - beside - long, -6.0),
        (2 - beside - long, 12.0),
    ]
    # Further off only where nothing nearer is free, and then with a line to the disc.
    far = [
        (side if side > 0 else side - long, 3.0 + down)
        for reach in (14.0, 26.0, 38.0)
        for side in (reach, -reach)
        for down in (-reach, reach, -1.6 * reach, 1.6 * reach)
    ]
    for k, (dx, dy) in enumerate([*near, *far]):
        box = (x + dx, x + dx + long, y + dy - 7, y + dy + 2)
        hidden = sum(
            max(0.0, min(box[1], b[1]) - max(box[0], b[0])) * max(0.0, min(box[3], b[3]) - max(box[2], b[2]))
            for b in boxes
        )
        if box[0] < 0 or box[1] > MAP_WIDTH or box[2] < _TOP - 8 or box[3] > _TOP + _HEIGHT:
            hidden += 1e4
        if best is None or hidden < best[0]:
            best = hidden, x + dx, y + dy, box
            away = k >= len(near)
        if not hidden:
            break
    assert best is not None
    _, left, foot, box = best
    boxes.append(box)
    if away:
        edge = left - 1.0 if left > x else left + long + 1.0
        slope = math.atan2(foot - 3.0 - y, edge - x)
        start = (x + _RADIUS * math.cos(slope), y + _RADIUS * math.sin(slope))
        canvas.path([start, (edge, foot - 3.0)], "muted", width=0.7)
    canvas.text(left, foot, name, "ink", size=_NAMED)


@cache
def _land() -> tuple[tuple[Point, ...], ...]:
    """The coastlines in the projection."""
    text = resources.files("reports").joinpath("figures/land.txt").read_text(encoding="utf-8")
    rings = []
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        steps = [int(word) for word in line.split()]
        longitude = latitude = 0
        ring = []
        for east, north in zip(steps[::2], steps[1::2]):
            longitude, latitude = longitude + east, latitude + north
            ring.append(project(latitude / 2, longitude / 2))
        rings.append(tuple(ring))
    return tuple(rings)
