from __future__ import annotations

import io
import subprocess
import sys

import numpy as np
import pytest

from games import RepeatedGame, catalog
from games.errors import MethodError
from reports import plot
from reports.document import Figure
from solvers import bargaining, nash, repeated, triangle
from solvers.base import plots

NAMES = [
    *(
        "payoffs",
        "ledger",
        "patience",
        "map",
        "regions",
        "autonomy",
        "payoff_set",
        "noise",
        "horizon",
        "maps",
        "indices",
    ),
    *("variants", "bargaining", "triangle", "inputs"),
]


def test_every_picture_of_a_comparison_is_listed(comparison):
    assert dir(comparison.plot) == sorted([*NAMES, "figure"])
    for name in NAMES:
        assert f".{name}()" in repr(comparison.plot)


@pytest.mark.parametrize("name", NAMES)
def test_every_picture_is_a_matplotlib_figure(comparison, name):
    made = getattr(comparison.plot, name)()
    assert made._repr_png_().startswith(b"\x89PNG")
    buffer = io.BytesIO()
    made.savefig(buffer, format="pdf")
    assert buffer.getvalue().startswith(b"%PDF")
    words = {text.get_text() for text in made.axes[0].texts}
    figure = comparison.plot.figure(name)
    assert isinstance(figure, Figure)
    assert {panel.title for panel in figure.panels if panel.title} <= words


def test_the_picture_is_that_of_the_report(comparison, report):
    shown = {block.caption: block for block in report.blocks() if isinstance(block, Figure)}
    for name in ("payoffs", "ledger", "patience", "map", "payoff_set", "triangle"):
        figure = comparison.plot.figure(name)
        assert shown[figure.caption] == figure


def test_a_picture_that_does_not_exist_names_those_that_do(comparison):
    with pytest.raises(MethodError, match="a Comparison has no picture 'payofs'; did you mean 'payoffs'"):
        comparison.plot.payofs()


def test_a_result_without_pictures_says_so():
    found = nash.pure(catalog.prisoners_dilemma())
    with pytest.raises(
        MethodError, match=r"there are no pictures of a Equilibria|of an Equilibria|Equilibria"
    ):
        _ = found.plot


def test_other_results_have_pictures_of_their_own(comparison):
    game = catalog.prisoners_dilemma()
    found = repeated.payoff_set(RepeatedGame(game, 0.8))
    assert isinstance(found.plot.figure("payoff_set"), Figure)
    problem = bargaining.from_game(game, "minmax")
    solved = bargaining.solve_all(problem)
    (panel,) = solved.plot.figure("bargaining").panels
    marks = {style: point for style, _, point in panel.marks}
    assert np.allclose(marks["nash"], solved.solutions["nash"].payoffs)
    assert "competition" not in marks
    ties = triangle.from_model(comparison.model)
    assert len(ties.plot.triangle().axes) == 1


def test_a_payoff_set_of_four_players_is_not_drawn():
    game = catalog.volunteers_dilemma(4) if hasattr(catalog, "volunteers_dilemma") else None
    if game is None:
        pytest.skip("no game of four players in the catalogue")
    found = repeated.payoff_set(RepeatedGame(game, 0.5))
    with pytest.raises(MethodError, match="two and three players"):
        found.plot.payoff_set()


def test_the_accessor_is_what_the_backend_gives(comparison, monkeypatch):
    assert isinstance(comparison.plot, plot.Plots)
    monkeypatch.setattr(plots, "BACKEND", "no_such_module_anywhere")
    with pytest.raises(MethodError, match="no_such_module_anywhere, which is not installed"):
        _ = comparison.plot


def test_solvers_do_not_import_reports_before_somebody_asks():
    code = "import sys; import solvers; from solvers import nash, repeated, compare; print('reports' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True
    )
    assert done.stdout.strip() == "False"
