from __future__ import annotations

import re
from itertools import combinations, product
from xml.etree import ElementTree

import numpy as np
import pytest

from reports import figures
from reports.document import Document, Figure, PlanePanel, Section, SolidPanel, TrianglePanel
from reports.figures import canvas, planes, svg
from reports.figures.hulls import faces
from reports.writers import json as plain

CUBE = faces(np.array(list(product((0.0, 1.0), (0.0, 2.0), (0.0, 3.0)))))
PLANE = PlanePanel(
    "A, B <c>",
    "A",
    "B",
    outlines=(((0.0, 0.0), (4.0, 0.0), (0.0, 4.0)),),
    curves=(("90%", ((0.0, 1.0), (4.0, 5.0))), ("", ((1.0, 4.0), (1.0, 1.0)))),
    levels=(("own: 2", 2.0),),
    marks=(("nash", "Nash", (2.0, 2.0)), ("threat", "", (1.0, 1.0))),
)
SOLID = SolidPanel("All three", ("A", "B", "C"), CUBE, (("concert", (1.0, 2.0, 3.0)),))
TRIANGLE = TrianglePanel("Marriage", ("A", "B", "C"), ("friend", "friend", "outcast"), (1, -1, -1), "stable")
PANELS = [PLANE, SOLID, TRIANGLE]


def texts(svg):
    return [node for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]


def words(svg):
    return {"".join(node.itertext()) for node in texts(svg)}


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_panels_are_bare_the_same_twice_and_in_the_palette(panel):
    picture = figures.render(panel)
    assert ElementTree.fromstring(picture).attrib["viewBox"].startswith("0 0 280 ")
    assert picture == figures.render(panel)
    assert set(re.findall(r"#[0-9a-f]{6}\b", picture)) <= set(canvas.PALETTE.values())


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_panels_survive_json(panel):
    made = Document("A", "", ("B.",), (Section("C", "", (Figure("F", "alt", (panel,)),)),))
    assert plain.load(plain.dump(made)) == made


def test_the_plane_names_its_axes_curves_levels_and_marks():
    assert {"A, B <c>", "A →", "↑ B", "90%", "own: 2", "Nash"} <= words(figures.render(PLANE))


def test_marks_stand_where_their_numbers_say():
    panel = PlanePanel("", "x", "y", marks=(("concert", "", (1.0, 3.0)),), limits=(0.0, 2.0, 2.0, 4.0))
    found = re.search(r'<circle cx="([\d.]+)" cy="([\d.]+)"', figures.render(panel))
    assert float(found[1]) == pytest.approx((36 + 272) / 2)
    assert float(found[2]) == pytest.approx((42 + 252) / 2)


def test_a_curve_ends_where_it_leaves_through_the_upper_edge():
    panel = PlanePanel("", "x", "y", curves=(("c", ((0.0, 0.0), (2.0, 2.0))),), limits=(0.0, 2.0, 0.0, 1.0))
    line = re.search(r'd="M36 252L([\d.]+) ([\d.]+)" fill="none" stroke="#1d2530"', figures.render(panel))
    assert [float(v) for v in line.groups()] == pytest.approx([154.0, 42.0])


def test_labels_do_not_cover_each_other():
    spread = tuple(("other", f"label {k}", (0.5 + 0.01 * k, 0.5)) for k in range(5))
    picture = figures.render(PlanePanel("", "x", "y", marks=spread, limits=(0.0, 1.0, 0.0, 1.0)))
    boxes = []
    for node in texts(picture):
        if node.text.startswith("label"):
            x, foot, long = float(node.get("x")), float(node.get("y")), 5.6 * len(node.text)
            x -= long * ({"middle": 0.5, "end": 1.0, None: 0.0}[node.get("text-anchor")])
            boxes.append((x, x + long, foot - 9, foot))
    assert len(boxes) == 5
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert b <= e or f <= a or d <= g or h <= c


def test_a_box_shows_three_of_its_six_sides_and_fills_the_panel():
    assert len(CUBE) == 6
    picture = figures.render(SOLID)
    shown = re.findall(r'<path d="M([^"]+)Z" fill="#0d6a82"', picture)
    assert len(shown) == 3
    heights = [float(place.split()[1]) for d in shown for place in d.split("L")]
    assert max(heights) - min(heights) > 150
    assert {"↑ C"} < words(picture)
    assert {"A", "B"} == {re.sub("[ ←→]", "", w) for w in words(picture) if "←" in w or "→" in w}


@pytest.mark.parametrize("view", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_each_name_points_where_its_quantity_grows(view):
    made = canvas.Canvas(280, 286)
    planes._frame(made, SOLID, view)
    for node in texts(svg.write(made)):
        label = "".join(node.itertext())
        k = "ABC".index(label.strip("←→↑ "))
        step = tuple(1.0 if k == m else 0.0 for m in range(3))
        (a, b), (c, d) = planes._seen((0.0, 0.0, 0.0), view), planes._seen(step, view)
        assert {"←": c < a, "→": c > a, "↑": d < b}[label.strip("ABC ")]


def test_ties_differ_by_more_than_colour():
    picture = figures.render(TRIANGLE)
    assert picture.count("stroke-dasharray") == 2
    assert {"+", "−", "A", "B", "C", "outcast", "stable"} <= words(picture)
