"""Bargaining problems: disagreement points by name, the outline, and errors that say what would be right."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import BargainingError, ProfileError
from solvers.bargaining import BargainingProblem, from_game, nash

DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], ["A", "B"], [["C", "D"]] * 2)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("nash:1", [1, 1]),
        ("minmax", [1, 1]),
        ("minmax pure", [1, 1]),
        (("D", "D"), [1, 1]),
        ([0.5, 0.25], [0.5, 0.25]),
        (np.array([0, 0]), [0, 0]),
        ("quarrel", [1, 1]),
    ],
)
def test_disagreement_points_by_name(name: object, expected: list) -> None:
    problem = from_game(DILEMMA, name, {"quarrel": ("D", "D")})
    assert problem.threat == pytest.approx(expected)
    assert problem.names == ("A", "B")
    assert problem.describe((0,)) == "C, C"


def test_the_dilemma_is_bargained_to_cooperation() -> None:
    found = nash(from_game(DILEMMA, "nash:1"))
    assert found.payoffs == pytest.approx([3, 3])
    assert found.agreements() == ((1.0, "C, C"),)
    assert "equilibrium 1" in found.summary()


def test_names_that_do_not_exist() -> None:
    with pytest.raises(BargainingError, match="no equilibrium number 2"):
        from_game(DILEMMA, "nash:2")
    with pytest.raises(BargainingError, match="did you mean 'minmax'"):
        from_game(DILEMMA, "minimax")
    with pytest.raises(ProfileError, match="no action"):
        from_game(DILEMMA, ("X", "D"))


@pytest.mark.parametrize(
    ("points", "disagreement", "message"),
    [
        ([[1, 0], [0, 1]], [0.6, 0.6], "lies outside the set"),
        ([[1, 0], [0, 1]], [2, 0], "lies outside the set"),
        ([[1, 0], [0, 1]], [0.5, 0.5], "set is empty"),
        ([[1, 0], [2, 0]], [0, 0], "gives Player 2 more"),
        ([[1, 0], [0, 1]], [0, 0, 0], "same players"),
        ([[1, 0], [0, 1]], [0, float("nan")], "finite"),
        ([[1, float("inf")], [0, 1]], [0, 0], "finite"),
        ([[1], [2]], [0], "at least two players"),
        ([[]], [0, 0], "row of payoffs"),
        ([["a", "b"]], [0, 0], "arrays of numbers"),
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


def test_partitions_of_a_model_pay_what_its_stage_games_pay() -> None:
    from games import load
    from solvers.bargaining import from_model, utilitarian

    model = load("us-china-russia-2025")
    problem = from_model(model, "all-out")
    concert = model.regimes["concert"]
    assert problem.threat == pytest.approx(model.stage().payoff(model.regimes["all-out"]))
    holders = (*model.players, None)
    rng = np.random.default_rng(1)
    for _ in range(5):
        key = (0, *(int(rng.integers(0, len(block))) for block in problem.blocks[1:]))
        partition = dict(zip(model.region_names, (holders[k] for k in key[1:])))
        assert problem.payoffs(key) == pytest.approx(model.stage(partition).payoff(concert))
        assert f"{model.region_names[0]}: {partition[model.region_names[0]] or 'nobody'}" in problem.describe(
            key
        )
    found = utilitarian(problem)
    assert found.payoffs.sum() == pytest.approx(found.attained.sum())
    vacant = sum(holder is None for holder in model.maps["status quo"].values())
    n, r = len(model.players), len(model.regions)
    assert problem.n_agreements == n ** (r - vacant) * (n + 1) ** vacant
    today = tuple(n if h < 0 else int(h) for h in model.holders())
    assert problem.payoffs((0, *today)) == pytest.approx(model.stage().payoff(concert))
    stances = from_model(model, "all-out", over="stances")
    assert stances.n_agreements == 4 ** len(model.players)
    assert "accommodate" in stances.describe((0,))
    with pytest.raises(BargainingError, match="did you mean 'partitions'"):
        from_model(model, over="partition")
