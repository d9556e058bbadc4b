from __future__ import annotations

import math
import re
from xml.etree import ElementTree

import pytest

from reports import figures
from reports.document import Mark, RowsPanel, SharesPanel, WaterfallPanel
from reports.figures import canvas

ROWS = RowsPanel(
    "Premium",
    ("A <b>", "B & co"),
    ((Mark("competition", -1.0, 2.0), Mark("own", 0.5)), (Mark("concert", 3.0), Mark("bound", math.inf))),
    ("−1.00 to 2.00", "$3$"),
    "points",
    zero=True,
)
FALL = WaterfallPanel(
    "China", ("competition", -1.0), (("Taiwan", 2.0), ("Ukraine", -0.5)), ("concert", 0.5), "points"
)
SHARES = SharesPanel(
    "In concert", ("Ukraine", "A region with a very long name"), ("US", "local"), ((0.25, 0.75), (1.0, 0.0))
)
PANELS = [ROWS, FALL, SHARES]


def words(svg):
    return [
        "".join(node.itertext()) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    ]


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_panels_stand_on_their_own(panel):
    svg = figures.render(panel)
    root = ElementTree.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.attrib["viewBox"].startswith("0 0 280 ")
    assert "var(" not in svg
    assert "<style" not in svg
    assert "class=" not in svg
    assert root.attrib["font-family"]
    assert root.find("{*}title").text == panel.title
    assert len(root.find("{*}desc").text) > 10
    assert [root.find("{*}title").get("id"), root.find("{*}desc").get("id")] == root.attrib[
        "aria-labelledby"
    ].split()
    assert len(svg) < 12_000


@pytest.mark.parametrize(("low", "high"), [(-10.1, 0.5), (-0.5, 10000.4)])
def test_a_label_at_an_end_of_the_axis_is_not_cut_off(low, high):
    panel = RowsPanel("t", ("row",), ((Mark("own", 0.0),),), (), "points", limits=(low, high))
    labels = [
        (float(node.get("x")), node.text)
        for node in ElementTree.fromstring(figures.render(panel)).iter()
        if node.get("text-anchor") == "middle"
    ]
    assert {"−10", "0"} <= {t for _, t in labels} or {"0", "10000"} <= {t for _, t in labels}
    # Ten units high, and .7 of that wide a letter.
    for x, text in labels:
        assert 3.5 * len(text) <= x <= 280 - 3.5 * len(text)


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_the_same_panel_gives_the_same_bytes(panel):
    assert figures.render(panel) == figures.render(panel)


@pytest.mark.parametrize("panel", PANELS, ids=lambda p: type(p).__name__)
def test_names_carry_the_prefix_and_all_references_resolve(panel):
    svg = figures.render(panel, "zz")
    defined = re.findall(r' id="([^"]+)"', svg)
    refers = re.findall(r"url\(#([^)]+)", svg) + re.search('aria-labelledby="([^"]+)"', svg)[1].split()
    assert len(set(defined)) == len(defined)
    assert all(name.startswith("zz") for name in defined)
    assert set(refers) == set(defined)


def test_words_are_text_as_given():
    found = words(figures.render(ROWS))
    assert {"Premium", "A <b>", "B & co", "−1.00 to 2.00", "$3$", "points"} <= set(found)
    assert {"China", "Taiwan", "+2.00", "−0.50", "−1.00", "0.50"} <= set(words(figures.render(FALL)))
    assert "A region with a v…" in words(figures.render(SHARES))


def test_only_colours_of_the_palette_are_used():
    for panel in PANELS:
        used = set(re.findall(r"#[0-9a-f]{6}\b", figures.render(panel)))
        assert used <= set(canvas.PALETTE.values())


def test_values_beyond_the_scale_stand_at_its_edge_as_an_arrow():
    inside = RowsPanel("", ("a",), ((Mark("concert", 0.5),),), limits=(0.0, 1.0))
    beyond = RowsPanel("", ("a",), ((Mark("concert", math.inf),),), limits=(0.0, 1.0))
    assert '<circle cx="140"' in figures.render(inside)
    svg = figures.render(beyond)
    assert "<circle" not in svg
    corners = re.search(r'd="M([^"]+)Z" fill="#0d6a82"', svg)[1].split("L")
    xs = [float(corner.split()[0]) for corner in corners]
    assert len(xs) == 3
    assert (min(xs) + max(xs)) / 2 == pytest.approx(273.0)


def test_positions_are_proportional():
    panel = RowsPanel("", ("a",), (tuple(Mark("other", v) for v in (0.0, 0.25, 1.0)),), limits=(0.0, 1.0))
    places = [float(x) for x in re.findall(r'<circle cx="([\d.]+)"', figures.render(panel))]
    assert (places[1] - places[0]) / (places[2] - places[0]) == pytest.approx(0.25, abs=1e-3)


def test_words_cannot_become_markup_or_controls():
    nasty = 'a"><script>alert(1)</script>\x1b[31m\x00&amp;'
    panel = SharesPanel(nasty, (nasty,), (nasty, "local"), ((0.5, 0.5),))
    root = ElementTree.fromstring(figures.render(panel, "p"))
    assert {node.tag.split("}")[1] for node in root.iter()} <= {
        *("svg", "title", "desc", "defs", "pattern", "path", "rect", "text"),
    }
    assert "\\x1b[31m\\x00&amp;" in root.find("{*}title").text


@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e12, 1e-12])
def test_rows_of_one_value_still_have_a_scale(value):
    panel = RowsPanel("", ("a", "b"), ((Mark("concert", value),), (Mark("competition", value, value),)))
    assert figures.render(panel).startswith("<svg")


def test_rows_of_infinities_still_have_a_scale():
    assert figures.render(RowsPanel("", ("a",), ((Mark("concert", math.inf),),))).startswith("<svg")


@pytest.mark.parametrize(
    "style",
    [*canvas.MARKERS, "gain", "loss", "local", "p0", "p5", "set", "curve", "level", "friendly", "hostile"],
)
def test_swatches(style):
    assert ElementTree.fromstring(figures.swatch(style)) is not None


def test_kinds_are_told_apart_by_more_than_colour():
    grey = {
        style: re.sub(r"#[0-9a-f]{6}", "", figures.swatch(style))
        for style in (*canvas.MARKERS, "gain", "loss", "set", "friendly", "hostile")
    }
    assert len(set(grey.values())) == len(grey)
