"""Bargaining problems: scale and shift, ideal payoffs, the outline, and errors that say what would be right."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import BargainingError
from solvers.bargaining import BargainingProblem, from_game, nash

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], ["A", "B"], [["C", "D"]] * 2)


@pytest.mark.parametrize(
    ("points", "disagreement", "message"),
    [
        ([[1, 0], [0, 1]], [0.6, 0.6], "lies outside the set"),
        ([[1, 0], [0, 1]], [2, 0], "lies outside the set"),
        ([[1, 0], [0, 1]], [0.5, 0.5], "set is empty"),
        ([[1, 0], [2, 0]], [0, 0], "gives more to Player 2"),
        ([[1, 0], [0, 1]], [0, 0, 0], "same players"),
        ([[1, 0], [0, 1]], [0, float("nan")], "finite"),
        ([[1, float("inf")], [0, 1]], [0, 0], "finite"),
        ([[1], [2]], [0], "at least two players"),
        ([[]], [0, 0], "row of payoffs"),
        ([["a", "b"]], [0, 0], "must be numbers"),
        ([[[1, 0], [0, 1]], [[1, 0, 0]]], [0, 0], "same players"),
    ],
)
def test_bad_problems_are_named(points: list, disagreement: list, message: str) -> None:
    with pytest.raises(BargainingError, match=message):
        BargainingProblem(points, disagreement)


def test_names_must_fit() -> None:
    with pytest.raises(BargainingError, match="as many names"):
        BargainingProblem([[1, 0], [0, 1]], [0, 0], ["A"])
    with pytest.raises(BargainingError, match="did you mean 'A one'"):
        BargainingProblem([[1, 0], [0, 1]], [0, 0], ["A one", "B"]).outline("A on", "B")


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e12])
@pytest.mark.parametrize("shift", [0.0, 1e6])
def test_scale_and_shift_do_not_make_or_break_a_problem(scale: float, shift: float) -> None:
    points = np.array([[1.0, 0], [0, 1]])
    threat = np.array([0.0, 0.25])
    found = nash(BargainingProblem((points + shift) * scale, (threat + shift) * scale))
    assert found.payoffs / scale - shift == pytest.approx([0.375, 0.625], abs=1e-8)
    with pytest.raises(BargainingError, match="outside"):
        BargainingProblem((points + shift) * scale, (threat + shift + 0.6) * scale)


def test_ideal_payoffs_respect_what_the_others_have_to_fall_back_on() -> None:
    assert BargainingProblem([[2, 0], [0, 1]], [0.5, 0.25]).ideal == pytest.approx([1.5, 0.75])


@pytest.mark.parametrize("seed", range(6))
def test_the_outline_is_the_convex_hull(seed: int) -> None:
    from scipy.spatial import ConvexHull

    rng = np.random.default_rng(seed)
    points = rng.normal(size=(40, 2)) if seed % 2 else rng.integers(0, 5, size=(40, 2)).astype(float)
    problem = BargainingProblem(points, points.mean(axis=0) - 0.1)
    hull = points[ConvexHull(points).vertices]
    assert {tuple(p) for p in problem.outline().round(9)} == {tuple(p) for p in hull.round(9)}
    area = problem.outline()
    x, y = area.T
    assert (x * np.roll(y, -1) - y * np.roll(x, -1)).sum() > 0


def test_the_outline_of_a_segment() -> None:
    problem = BargainingProblem([[1, 0], [0, 1], [0.5, 0.5]], [0, 0])
    assert sorted(problem.outline().tolist()) == [[0, 1], [1, 0]]


def test_repr() -> None:
    assert (
        repr(from_game(DILEMMA, "minmax"))
        == "<BargainingProblem: 4 agreements; without one (minmax): A 1, B 1>"
    )
