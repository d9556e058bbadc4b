from __future__ import annotations

import re

import pytest

from reports.document import Figure, MapPanel, SharesPanel, Spot
from reports.figures import compose
from reports.figures.canvas import Circle, Stroke, Words

PANEL = SharesPanel("P", ("r",), ("US", "local"), ((0.5, 0.5),))


def extent(canvas):
    for shape in canvas.shapes:
        if isinstance(shape, Stroke):
            yield from (place for part in shape.parts for place in part)
        elif isinstance(shape, Circle):
            yield shape.x - shape.radius, shape.y - shape.radius
            yield shape.x + shape.radius, shape.y + shape.radius
        else:
            yield shape.x, shape.y


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5, 7])
def test_every_panel_and_word_is_inside_the_picture(count):
    legend = tuple((f"p{k}", f"a power with a long name, number {k}") for k in range(6))
    made = compose(Figure("A caption " * 20, "alt", (PANEL,) * count, legend))
    words = [shape.text for shape in made.shapes if isinstance(shape, Words)]
    assert words.count("P") == count
    assert {entry for _, entry in legend} <= set(words)
    for x, y in extent(made):
        assert -1 <= x <= made.width + 1
        assert -1 <= y <= made.height + 1


def test_four_panels_stand_two_by_two_and_maps_one_below_the_other():
    def corners(made, title):
        return {(round(s.x), round(s.y)) for s in made.shapes if isinstance(s, Words) and s.text == title}

    four = corners(compose(Figure("F", "alt", (PANEL,) * 4)), "P")
    assert len({x for x, _ in four}) == len({y for _, y in four}) == 2
    panel = MapPanel("M", ("A",), (Spot("x", 0.0, 0.0),))
    two = corners(compose(Figure("F", "alt", (panel, panel))), "M")
    assert len({x for x, _ in two}) == 1
    assert len({y for _, y in two}) == 2


def test_a_figure_without_panels_is_its_caption():
    made = compose(Figure("Nothing", "alt", ()))
    assert [shape.text for shape in made.shapes] == ["Nothing"]
    assert re.fullmatch(r"[\d.]+", f"{made.height}")
