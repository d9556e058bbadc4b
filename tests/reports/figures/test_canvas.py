from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from reports.figures import canvas, svg


def drawn(draw):
    made = canvas.Canvas(280, 100)
    draw(made)
    return svg.write(made, ground=False)


def test_words_stand_where_they_are_put():
    picture = drawn(lambda c: c.text(140, 20, "a < b & c", "ink", align="center", bold=True))
    (text,) = [node for node in ElementTree.fromstring(picture).iter() if node.tag.endswith("text")]
    assert text.text == "a < b & c"
    assert (text.get("x"), text.get("y")) == ("140", "20")
    assert text.get("text-anchor") == "middle"
    assert text.get("font-weight") == "700"


def test_places_are_counted_from_the_upper_left_corner():
    assert 'd="M10 20L40 20L40 25L10 25Z"' in drawn(lambda c: c.box(10, 20, 30, 5, "p0"))
    assert '<circle cx="12" cy="34" r="4.5"' in drawn(lambda c: c.mark(12, 34, "concert"))


def test_within_a_block_places_are_counted_from_its_corner():
    def draw(c):
        with c.at(100, 10):
            c.mark(12, 34, "concert")
            with c.at(1, 1):
                c.text(0, 0, "x", "ink")
        c.mark(1, 2, "concert")

    picture = drawn(draw)
    assert re.findall(r'cx="(\d+)" cy="(\d+)"', picture) == [("112", "44"), ("1", "2")]
    assert '<text x="101" y="11"' in picture


def test_a_canvas_added_to_another_keeps_its_shapes():
    inner, outer = canvas.Canvas(10, 10), canvas.Canvas(100, 100)
    inner.box(1, 2, 3, 4, "loss")
    inner.text(1, 2, "x", "ink")
    inner.mark(5, 5, "concert")
    with outer.at(20, 30):
        outer.add(inner)
    direct = canvas.Canvas(100, 100)
    direct.box(21, 32, 3, 4, "loss")
    direct.text(21, 32, "x", "ink")
    direct.mark(25, 35, "concert")
    assert outer.shapes == direct.shapes


def test_lines_are_one_path_and_none_are_none():
    picture = drawn(lambda c: c.lines([((0, 0), (1, 1)), ((2, 2), (3, 3))], "line"))
    assert picture.count("<path") == 1
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
    assert canvas.short("Germany and 6 others", 18) == "Germany +6"
    assert canvas.short("Azerbaijan and 1 other", 18) == "Azerbaijan +1"
    assert len(canvas.short("Dominican Republic and 12 others", 18)) == 17


@pytest.mark.parametrize(
    ("low", "high"), [(0, 1), (-3.2, 7.9), (0, 1e12), (1e-12, 3e-12), (1e6, 1e6 + 1), (-50, -49)]
)
def test_ticks_are_few_round_and_inside(low, high):
    ticks = canvas.ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert all(low - 1e-9 * abs(low) <= t <= high + 1e-9 * abs(high) for t in ticks)


def test_parts_of_a_bar_differ_without_colour():
    from reports.figures import swatch

    looks = {style: re.sub("#[0-9a-f]{6}", "", swatch(style)) for style in ("p0", "p1", "assumed")}
    assert len(set(looks.values())) == 3
