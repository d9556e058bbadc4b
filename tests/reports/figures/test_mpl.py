from __future__ import annotations

import io

import numpy as np
import pytest

from reports.document import Figure, MapPanel, Mark, RowsPanel, SharesPanel, Spot
from reports.figures import compose, mpl
from reports.figures.canvas import PALETTE, Canvas

ROWS = RowsPanel(
    "$x$ <b>", ("a",), ((Mark("concert", 1.0), Mark("bound", 2.0), Mark("competition", 0.0, 3.0)),)
)
SHARES = SharesPanel("S", ("r",), ("US", "local"), ((0.5, 0.5),))
MAP = MapPanel("M", ("A", "B"), (Spot("x", 0.0, 0.0, "A", "force", True),))


def pixels(data):
    from matplotlib.image import imread

    return imread(io.BytesIO(data), format="png")


def test_the_picture_has_the_size_and_colours_of_the_canvas():
    canvas = Canvas(72, 36)
    canvas.box(18, 9, 36, 18, "p0")
    image = pixels(mpl.png(canvas))
    assert image.shape[:2] == (100, 200)
    colour = [int(PALETTE["p0"][k : k + 2], 16) / 255 for k in (1, 3, 5)]
    assert image[50, 100, :3] == pytest.approx(colour, abs=0.01)
    ground = [int(PALETTE["panel"][k : k + 2], 16) / 255 for k in (1, 3, 5)]
    assert image[5, 5, :3] == pytest.approx(ground, abs=0.01)


def test_what_is_above_on_the_canvas_is_above_in_the_picture():
    canvas = Canvas(72, 72)
    canvas.box(0, 0, 72, 20, "ink")
    image = pixels(mpl.png(canvas))
    assert image[10, 100, :3].max() < 0.3
    assert image[190, 100, :3].min() > 0.9


@pytest.mark.parametrize("panel", [ROWS, SHARES, MAP], ids=lambda p: p.kind)
def test_every_kind_of_shape_is_drawn_and_twice_the_same(panel):
    canvas = compose(Figure("F", "alt", (panel,), (("p0", "x"), ("threat", "y"))))
    data = mpl.png(canvas)
    assert data == mpl.png(canvas)
    assert np.ptp(pixels(data)[..., :3]) > 0.5


def test_a_plot_is_a_matplotlib_figure_that_notebooks_show():
    from matplotlib.figure import Figure as MatplotlibFigure

    plot = mpl.plot(compose(Figure("F", "alt", (SHARES,))))
    assert isinstance(plot, MatplotlibFigure)
    assert plot._repr_png_().startswith(b"\x89PNG")
    assert {"F", "S", "r"} <= {text.get_text() for text in plot.axes[0].texts}


def test_words_are_never_mathematics_and_controls_are_written_out():
    canvas = Canvas(100, 20)
    canvas.text(0, 10, "$\\frac$ \x1b", "ink")
    plot = mpl.plot(canvas)
    assert plot.axes[0].texts[0].get_text() == "$\\frac$ \\x1b"
    plot.savefig(io.BytesIO(), format="png")
