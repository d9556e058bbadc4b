from __future__ import annotations

import re
from itertools import combinations, pairwise, product
from xml.etree import ElementTree

import numpy as np
import pytest

from reports import figures
from reports.document import Document, Figure, PlanePanel, Section, SolidPanel, TrianglePanel
from reports.figures import canvas, planes
from reports.sections.endurance import faces
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
    svg = figures.render(panel)
    assert ElementTree.fromstring(svg).attrib["viewBox"].startswith("0 0 280 ")
    assert svg == figures.render(panel)
    assert set(re.findall(r"#[0-9a-f]{6}\b", svg)) <= set(canvas.PALETTE.values())
    assert words(figures.render(panel, outlines=True)) == set()


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_panels_survive_json(panel):
    made = Document("A", "", ("B.",), (Section("C", "", (Figure("F", "alt", (panel,)),)),))
    assert plain.load(plain.dump(made)) == made


def test_the_plane_names_its_axes_curves_levels_and_marks():
    assert {"A, B <c>", "A →", "↑ B", "90%", "own: 2", "Nash"} <= words(figures.render(PLANE))


def test_marks_stand_where_their_numbers_say():
    panel = PlanePanel("", "x", "y", marks=(("concert", "", (1.0, 3.0)),), limits=(0.0, 2.0, 2.0, 4.0))
    found = re.search(r'<use href="#[^"]+" x="([\d.]+)" y="([\d.]+)"', figures.render(panel))
    assert float(found[1]) == pytest.approx((36 + 272) / 2)
    assert float(found[2]) == pytest.approx((42 + 252) / 2)


def test_a_curve_ends_where_it_leaves_through_the_upper_edge():
    panel = PlanePanel("", "x", "y", curves=(("c", ((0.0, 0.0), (2.0, 2.0))),), limits=(0.0, 2.0, 0.0, 1.0))
    line = re.search(
        r'd="M 36 252 L ([\d.]+) ([\d.]+) " style="fill: none; stroke: #1d2530', figures.render(panel)
    )
    assert [float(v) for v in line.groups()] == pytest.approx([154.0, 42.0])


def test_labels_do_not_cover_each_other():
    spread = tuple(("other", f"label {k}", (0.5 + 0.01 * k, 0.5)) for k in range(5))
    svg = figures.render(PlanePanel("", "x", "y", marks=spread, limits=(0.0, 1.0, 0.0, 1.0)))
    boxes = []
    for node in texts(svg):
        if node.text.startswith("label"):
            x, foot, long = float(node.get("x")), float(node.get("y")), 5.6 * len(node.text)
            x -= long * (
                0.5 if "middle" in node.get("style") else 1.0 if "anchor:end" in node.get("style") else 0
            )
            boxes.append((x, x + long, foot - 9, foot))
    assert len(boxes) == 5
    for (a, b, c, d), (e, f, g, h) in combinations(boxes, 2):
        assert b <= e or f <= a or d <= g or h <= c


def test_a_box_shows_three_of_its_six_sides_and_fills_the_panel():
    assert len(CUBE) == 6
    svg = figures.render(SOLID)
    shown = re.findall(r'<path d="([^"]+) z " style="fill: #0d6a82', svg)
    assert len(shown) == 3
    heights = [float(v) for d in shown for v in re.findall(r"[\d.]+ ([\d.]+)(?: L|$)", d)]
    assert max(heights) - min(heights) > 150
    assert {"↑ C"} < words(svg)
    assert {"A", "B"} == {re.sub("[ ←→]", "", w) for w in words(svg) if "←" in w or "→" in w}


@pytest.mark.parametrize("view", [(1, 1), (1, -1), (-1, 1), (-1, -1)])
def test_each_name_points_where_its_quantity_grows(view):
    made = canvas.Canvas(280, 286)
    planes._frame(made, SOLID, view)
    for node in texts(made.svg("i")):
        label = "".join(node.itertext())
        k = "ABC".index(label.strip("←→↑ "))
        step = tuple(1.0 if k == m else 0.0 for m in range(3))
        (a, b), (c, d) = planes._seen((0.0, 0.0, 0.0), view), planes._seen(step, view)
        assert {"←": c < a, "→": c > a, "↑": d < b}[label.strip("ABC ")]


@pytest.mark.parametrize(
    ("points", "count", "corners"),
    [
        ([[0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1]], 4, 3),
        ([[0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0]], 1, 4),
        ([[0, 0, 0], [1, 1, 1], [0.5, 0.5, 0.5]], 1, 2),
        ([[2, 2, 2]], 1, None),
    ],
)
def test_faces_of_solid_and_flat_sets(points, count, corners):
    found = faces(np.array(points, dtype=float))
    assert len(found) == count
    if corners:
        assert {len(face) for face in found} == {corners}
    assert figures.render(SolidPanel("", ("A", "B", "C"), found)).startswith("<svg")


def test_faces_enclose_the_volume_of_the_hull():
    from scipy.spatial import ConvexHull

    points = np.random.default_rng(5).normal(size=(40, 3)).round(1) * [1.0, 10.0, 1e-3]
    volume = 0.0
    for face in faces(points):
        first, *rest = (np.array(p) for p in face)
        volume += sum(np.linalg.det([first, p, q]) for p, q in pairwise(rest)) / 6
    assert volume == pytest.approx(ConvexHull(points * [1.0, 0.1, 1e3]).volume / 100, rel=1e-9)


def test_ties_differ_by_more_than_colour():
    svg = figures.render(TRIANGLE)
    assert svg.count("stroke-dasharray") == 2
    assert {"+", "−", "A", "B", "C", "outcast", "stable"} <= words(svg)
