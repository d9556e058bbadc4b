from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from reports.figures import canvas


def drawn(draw, **options):
    made = canvas.Canvas(280, 100, **options)
    draw(made)
    return made.svg("i")


def test_words_stand_where_they_are_put():
    svg = drawn(lambda c: c.text(140, 20, "a < b & c", "ink", align="center", bold=True))
    (text,) = [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]
    assert text.text == "a < b & c"
    assert (text.get("x"), text.get("y")) == ("140", "20")
    assert "text-anchor:middle" in text.get("style")
    assert "font-weight:700" in text.get("style")


@pytest.mark.parametrize(("align", "share"), [("left", 0.0), ("center", 0.5), ("right", 1.0)])
def test_words_drawn_as_shapes_are_aligned_too(align, share):
    import matplotlib
    from matplotlib.font_manager import FontProperties

    with matplotlib.rc_context({"svg.fonttype": "path"}):
        svg = drawn(lambda c: c.text(140, 20, "width", "ink", align=align), outlines=True)
        left = drawn(lambda c: c.text(140, 20, "width", "ink"), outlines=True)
        font = FontProperties(family=["DejaVu Sans"], size=11.5)
        measure = canvas.Canvas(280, 100)._renderer.get_text_width_height_descent
        long, _, _ = measure("width", font, False)
    place = re.compile(r"translate\(([\d.]+)[ ,]+([\d.]+)\)")
    moved = float(place.search(left)[1]) - float(place.search(svg)[1])
    assert moved == pytest.approx(share * long, abs=0.02)
    assert "<text" not in svg


def test_places_are_counted_from_the_upper_left_corner():
    svg = drawn(lambda c: c.box(10, 20, 30, 5, "p0"))
    assert re.search(r'd="M 10 20 L 40 20 L 40 25 L 10 25 z', svg)
    svg = drawn(lambda c: c.mark(12, 34, "concert"))
    assert re.search(r'<use href="#[^"]+" x="12" y="34"', svg)


def test_lines_are_one_path_and_none_are_none():
    svg = drawn(lambda c: c.lines([((0, 0), (1, 1)), ((2, 2), (3, 3))], "line"))
    assert svg.count("<path") == 1
    assert "<path" not in drawn(lambda c: c.lines([], "line"))


def test_a_broken_line_has_dashes_and_a_whole_one_none():
    assert "stroke-dasharray" not in drawn(lambda c: c.path([(0, 0), (9, 9)], "ink"))
    looks = {drawn(lambda c, k=k: c.path([(0, 0), (9, 9)], "ink", k)) for k in range(5)}
    assert len(looks) == 5


def test_marks_differ_in_shape_as_well_as_colour():
    looks = {re.sub("#[0-9a-f]{6}", "", drawn(lambda c, s=s: c.mark(9, 9, s))) for s in canvas.MARKERS}
    assert len(looks) == len(canvas.MARKERS)


def test_hatched_bars():
    for style in (*canvas.HATCHED, "loss"):
        assert "url(#" in drawn(lambda c, s=style: c.box(0, 0, 9, 9, s))
    assert "url(#" not in drawn(lambda c: c.box(0, 0, 9, 9, "gain"))


def test_scales_end_at_their_edges():
    place = canvas.Scale(0.0, 2.0, 10.0, 30.0)
    assert [place(v) for v in (0.0, 1.0, 2.0, 5.0, -math.inf)] == [10.0, 20.0, 30.0, 30.0, 10.0]


def test_limits_show_every_finite_value():
    assert canvas.limits([], False) == (0.0, 1.0)
    assert canvas.limits([math.inf], True) == (-0.5, 0.5)
    low, high = canvas.limits([3.0, 5.0, -math.inf], True)
    assert low < 0 < 5 < high


def test_long_labels_are_cut():
    assert canvas.short("Ukraine", 7) == "Ukraine"
    assert canvas.short("United States", 7) == "United…"


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-3.2, 7.9), (0, 1e12), (1e-12, 3e-12), (1e6, 1e6 + 1), (-50, -49)]
)
def test_ticks_are_few_round_and_inside(low, high):
    ticks = canvas.ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert all(low - 1e-9 * abs(low) <= t <= high + 1e-9 * abs(high) for t in ticks)
