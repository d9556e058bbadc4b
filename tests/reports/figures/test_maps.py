from __future__ import annotations

import math
import re
from importlib import resources
from itertools import combinations
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import FormatError
from reports import figures
from reports.document import MapPanel, Spot
from reports.figures import canvas, maps

POWERS = ("United States", "China", "Russia")
SPOTS = (
    Spot("Ukraine", 49.0, 32.0, "Russia", "force", True),
    Spot("Taiwan", 23.7, 121.0),
    Spot("Philippines", 13.0, 122.0, "United States", "consent"),
    Spot("South China Sea", 12.0, 114.0, "China", "force", True),
    Spot("Baltics", 57.0, 25.0, "United States", "consent"),
    Spot("Poland", 52.0, 20.0, "United States", "consent"),
    Spot("Belarus", 53.0, 28.0, "Russia", "consent"),
    Spot("Moldova", 47.0, 28.5),
)
PANEL = MapPanel("2025", POWERS, SPOTS, (("United States", 13.5, 144.8),))


@pytest.mark.parametrize(
    ("latitude", "longitude", "x", "y"),
    # PROJ 9.5.1, `+proj=eqearth +R=1`.
    [
        (0, 180, 2.7066299836960748, 0.0),
        (45, 180, 2.319708998205967, 0.8602310855220102),
        (60, -100, -1.1328111597619772, 1.0883008355053196),
        (-30, 20, 0.2813001862030295, -0.592935119848017),
        (90, 180, 1.6035886482840516, 1.3173627591574133),
    ],
)
def test_the_projection_is_that_of_proj(latitude, longitude, x, y):
    assert maps.project(latitude, maps.CENTRE + longitude) == pytest.approx((x, y), abs=1e-12)


@settings(deadline=None, derandomize=True, max_examples=100)
@given(st.floats(-85, 85), st.floats(-165, 175))
def test_areas_are_true(latitude, longitude):
    """The Jacobian of an equal-area projection is the cosine of the latitude everywhere."""
    h = 1e-4
    a, b = maps.project(latitude + h, longitude), maps.project(latitude - h, longitude)
    c, d = maps.project(latitude, longitude + h), maps.project(latitude, longitude - h)
    matrix = np.array([[c[0] - d[0], a[0] - b[0]], [c[1] - d[1], a[1] - b[1]]]) / (2 * math.radians(h))
    assert np.linalg.det(matrix) == pytest.approx(math.cos(math.radians(latitude)), rel=1e-4)


def test_the_outline_is_small_closed_and_never_crosses_the_edge():
    data = resources.files("reports").joinpath("figures/land.txt").read_text(encoding="utf-8")
    assert len(data.encode()) < 8_000
    assert "public domain" in data.splitlines()[0]
    for ring in maps._land():
        assert len(ring) >= 3
        widths = [abs(x - a) for (x, _), (a, _) in zip(ring, ring[1:] + ring[:1])]
        assert max(widths) < 1.0


def test_known_places_lie_on_land_and_at_sea():
    def inside(latitude, longitude):
        x, y = maps.project(latitude, longitude)
        hits = 0
        for ring in maps._land():
            for (a, b), (c, d) in zip(ring, ring[1:] + ring[:1]):
                if (b > y) != (d > y) and x < a + (y - b) * (c - a) / (d - b):
                    hits += 1
        return hits % 2 == 1

    for place in ((55.0, 37.0), (40.0, -100.0), (35.0, 105.0), (49.0, 32.0), (-25.0, 135.0), (66.0, -174.0)):
        assert inside(*place), place
    for place in ((0.0, -30.0), (40.0, -40.0), (0.0, 80.0), (30.0, -170.0), (20.0, 140.0)):
        assert not inside(*place), place


def test_a_map_names_every_region_and_marks_holder_force_and_contest():
    svg = figures.render(PANEL)
    root = ElementTree.fromstring(svg)
    words = {node.text for node in root.iter() if node.tag.endswith("text")}
    assert {spot.name for spot in SPOTS} | {"2025"} == words
    for shape, power, holder in (
        ("circle", "p0", "United States"),
        ("path", "p1", "China"),
        ("path", "p2", "Russia"),
    ):
        held = sum(spot.holder == holder for spot in SPOTS) + sum(p == holder for p, *_ in PANEL.positions)
        assert len(re.findall(f'<{shape} [^>]*fill="{canvas.PALETTE[power]}"', svg)) == held
    assert len(re.findall(r'fill="url\(#', svg)) == sum(spot.mode == "force" for spot in SPOTS)
    rings = re.findall(f'stroke="{canvas.PALETTE["competition"]}"', svg)
    assert len(rings) == 4 * sum(spot.contested for spot in SPOTS)
    assert "Ukraine: Russia, by force, contested" in root.find("{*}desc").text


EIGHT = tuple("ABCDEFGH")


def test_holders_and_modes_differ_by_more_than_colour():
    """Without any colour, every holder, mode, contest and forward position looks different."""

    def colourless(spots, positions=()):
        svg = figures.render(MapPanel("m", EIGHT, spots, positions))
        return re.sub("#[0-9a-f]{6}", "", re.sub("<desc.*?</desc>", "", svg))

    looks = [
        colourless((Spot("x", 0.0, 0.0, holder, mode, contested),))
        for holder in (*EIGHT, "")
        for mode in (("consent", "force") if holder else ("",))
        for contested in (False, True)
    ]
    looks += [colourless((), ((power, 0.0, 0.0),)) for power in EIGHT]
    assert len(looks) == len(set(looks)) == 8 * 4 + 2 + 8


def test_the_legend_shows_the_token_of_the_map():
    """The outline of each power on the map is that of its sample, moved and scaled."""

    def outline(drawing, fill):
        (shape,) = (s for s in drawing.shapes if getattr(s, "fill", None) == fill)
        if isinstance(shape, canvas.Circle):
            return "circle"
        ((first, *rest),) = shape.parts
        size = math.dist(first, rest[0])
        return tuple(round((v - o) / size, 6) for place in rest for v, o in zip(place, first))

    for k, power in enumerate(EIGHT[:6]):
        sample = canvas.Canvas(24, 14)
        maps.sample(sample, f"map p{k}")
        drawn = maps.draw(MapPanel("m", EIGHT, (Spot("x", 0.0, 0.0, power, "consent"),)))
        assert outline(sample, f"p{k}") == outline(drawn, f"p{k}")


def test_tokens_cover_about_the_area_of_their_circle():
    for k in range(1, len(canvas.TOKENS)):
        drawing = canvas.Canvas(4, 4)
        drawing.token(2, 2, 1.0, k)
        (places,) = drawing.shapes[0].parts
        x, y = np.array(places).T
        area = abs(np.dot(x, np.roll(y, 1)) - np.dot(y, np.roll(x, 1))) / 2
        assert 0.65 * math.pi < area < 1.1 * math.pi, k


def test_regions_at_one_place_do_not_cover_each_other():
    crowd = tuple(Spot(f"r{k}", 50.0, 20.0, "United States", "consent") for k in range(12))
    places = re.findall(r'<circle cx="([\d.]+)" cy="([\d.]+)"', figures.render(MapPanel("m", POWERS, crowd)))
    assert len(places) == 12
    for (a, b), (c, d) in combinations([(float(x), float(y)) for x, y in places], 2):
        assert math.hypot(a - c, b - d) > 11.0


@pytest.mark.parametrize("place", [(91.0, 0.0), (0.0, 181.0), (math.nan, 0.0), (0.0, math.inf)])
def test_a_place_off_the_globe_is_refused(place):
    with pytest.raises(FormatError, match="latitudes run from -90 to 90"):
        Spot("Nowhere", *place)


@pytest.mark.parametrize("place", [(90.0, 0.0), (-90.0, 180.0), (0.0, -180.0), (0.0, 180.0), (65.0, -168.5)])
def test_places_at_the_edges_stay_in_the_picture(place):
    svg = figures.render(MapPanel("m", POWERS, (Spot("x", *place, "United States", "consent"),)))
    x, y = re.search(r'<circle cx="([-\d.]+)" cy="([-\d.]+)"', svg).groups()
    assert 0 <= float(x) <= maps.MAP_WIDTH
    assert 0 <= float(y) <= 326


@pytest.mark.parametrize(
    "style", ["map p0", "map p7", "map nobody", "map force", "map consent", "map contested", "map position"]
)
def test_swatches_of_maps(style):
    assert len(ElementTree.fromstring(figures.swatch(style))) >= 1
