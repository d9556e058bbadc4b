"""Bargaining solutions: polygons with known answers, brute force, certificates, lotteries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import BargainingError
from solvers.bargaining import (
    BargainingProblem,
    egalitarian,
    equal_split,
    kalai_smorodinsky,
    nash,
    solve,
    solve_all,
    utilitarian,
)
from solvers.bargaining._solutions import SOLUTIONS

CASES = json.loads((Path(__file__).parents[2] / "cases" / "bargaining.json").read_text())
WEIGHTED = ("nash", "egalitarian", "utilitarian")


def random_problem(seed: int, n: int) -> BargainingProblem:
    rng = np.random.default_rng(seed)
    count = int(rng.integers(n + 1, 25))
    points = (
        rng.integers(0, 5, size=(count, n)).astype(float) if seed % 3 == 0 else rng.normal(size=(count, n))
    )
    points = np.vstack([points, points.max(axis=0)[None] * 0.9 + points.mean(axis=0)[None] * 0.1])
    return BargainingProblem(points, points[:-1].mean(axis=0) - 0.1 * rng.random(n))


@pytest.mark.parametrize("case", CASES["problems"], ids=lambda c: c["name"])
def test_polygons_with_known_answers(case: dict) -> None:
    problem = BargainingProblem(case["points"], case["disagreement"])
    for name in SOLUTIONS:
        if name in case:
            found = solve(problem, name, case.get("weights"))
            assert found.payoffs == pytest.approx(case[name], abs=1e-9)
    for name, function in (("kalai-smorodinsky", kalai_smorodinsky), ("egalitarian", egalitarian)):
        if f"lexicographic {name}" in case:
            assert not function(problem).efficient
            found = function(problem, lexicographic=True)
            assert found.payoffs == pytest.approx(case[f"lexicographic {name}"], abs=1e-9)
            assert found.efficient


def test_bill_and_jack() -> None:
    barter = CASES["barter"]
    goods = barter["goods"]
    blocks = [[[to_bill, 0], [0, to_jack]] for _, to_bill, to_jack in goods.values()]
    labels = [[f"{name}: {who}" for who in ("Bill", "Jack")] for name in goods]
    threat = [
        sum(g[1] for g in goods.values() if g[0] == "Bill"),
        sum(g[2] for g in goods.values() if g[0] == "Jack"),
    ]
    problem = BargainingProblem(blocks, threat, ["Bill", "Jack"], labels)
    assert problem.n_agreements == 2**9
    found = nash(problem)
    assert found.payoffs == pytest.approx(barter["payoffs"], abs=1e-9)
    ((probability, deal),) = found.agreements()
    assert probability == 1
    sides = dict(part.split(": ") for part in deal.split("; "))
    assert [g for g in goods if sides[g] == "Jack"] == barter["to_jack"]


@settings(max_examples=40, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 5))
def test_certificates_and_lotteries_hold(seed: int, n: int) -> None:
    problem = random_problem(seed, n)
    points = problem.blocks[0]
    for name in SOLUTIONS:
        found = solve(problem, name)
        assert (found.gains >= -1e-9 * problem.scale).all()
        assert sum(p for p, _ in found.lottery) == pytest.approx(1)
        mixed = sum(p * problem.payoffs(key) for p, key in found.lottery)
        assert found.attained == pytest.approx(mixed, abs=1e-9)
        if found.transfers is None:
            assert (found.attained >= found.payoffs - 1e-8 * problem.scale).all()
        else:
            assert found.attained + found.transfers == pytest.approx(found.payoffs, abs=1e-9)
            assert found.transfers.sum() == pytest.approx(0, abs=1e-9)
        # The tangent plane has no point of the set beyond it.
        beyond = (points - found.payoffs) @ found.normal
        assert beyond.max() <= 1e-7 * (1 + np.abs(found.normal * problem.scale).sum())
        assert (found.normal >= 0).all()
        assert len(found.lottery) <= n + 1


@pytest.mark.parametrize("seed", range(8))
def test_no_mixture_has_a_larger_nash_product(seed: int) -> None:
    problem = random_problem(seed, 2 + seed % 3)
    found = nash(problem)
    rng = np.random.default_rng(seed)
    best = np.log(found.gains).sum()
    mixes = (
        rng.dirichlet(np.full(len(problem.blocks[0]), 0.1), size=20_000) @ problem.blocks[0]
        - problem.disagreement
    )
    inside = mixes[(mixes > 0).all(axis=1)]
    assert not len(inside) or np.log(inside).sum(axis=1).max() <= best + 1e-9
    assert found.gap <= 1e-10


@pytest.mark.parametrize("seed", range(6))
def test_other_solvers_agree_on_the_nash_solution(seed: int) -> None:
    from scipy.optimize import minimize

    problem = random_problem(seed + 50, 3)
    gains = (problem.blocks[0] - problem.disagreement) / problem.scale
    start = np.zeros(len(gains))
    for p, key in egalitarian(problem).lottery:
        start[key[0]] = p
    solved = minimize(
        lambda mix: -np.log(np.maximum(mix @ gains, 1e-300)).sum(),
        start,
        jac=lambda mix: -(gains / np.maximum(mix @ gains, 1e-300)).sum(axis=1),
        bounds=[(0, 1)] * len(gains),
        constraints={"type": "eq", "fun": lambda mix: mix.sum() - 1, "jac": lambda mix: np.ones(len(mix))},
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-14},
    )
    assert nash(problem).gains / problem.scale == pytest.approx(solved.x @ gains, abs=1e-4)
    assert np.log(nash(problem).gains / problem.scale).sum() >= -solved.fun - 1e-9


@settings(max_examples=25, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10_000),
    scale=st.lists(st.sampled_from([1e-12, 1e-3, 1.0, 50.0, 1e12]), min_size=3, max_size=3),
    shift=st.lists(st.sampled_from([0.0, -3.0, 1000.0]), min_size=3, max_size=3),
)
def test_nash_and_kalai_smorodinsky_need_no_common_unit(seed: int, scale: list, shift: list) -> None:
    problem = random_problem(seed, 3)
    a, b = np.array(scale), np.array(shift)
    other = BargainingProblem(a * (problem.blocks[0] + b), a * (problem.disagreement + b))
    for solution in (nash, kalai_smorodinsky):
        ours, theirs = solution(problem), solution(other)
        assert (theirs.payoffs / a - b) / problem.scale == pytest.approx(
            ours.payoffs / problem.scale, abs=1e-6
        )
        assert not ours.needs_common_unit
    assert all(s(problem).needs_common_unit for s in (egalitarian, utilitarian, equal_split))


def test_units_far_apart_still_have_a_utilitarian_solution() -> None:
    points = np.array(
        [[1, 3, 2], [2, 2, 0], [1, 2, 0], [3, 1, 1], [1, 2, 0], [2, 2, 2], [2, 0, 0], [3, 2, 1]]
    )
    unit = np.array([1e-4, 0.1, 1e8])
    problem = BargainingProblem(points * unit, [1.873, 1.749, 0.748] * unit)
    found = utilitarian(problem)
    assert (found.gains >= -1e-9 * problem.scale).all()
    sums = problem.blocks[0].sum(axis=1)
    assert found.payoffs.sum() <= sums.max()
    assert found.payoffs[2] == pytest.approx(problem.ideal[2], rel=1e-6)


def test_a_million_agreements() -> None:
    points = np.random.default_rng(3).normal(size=(1_000_000, 4))
    problem = BargainingProblem(points, points.mean(axis=0))
    found = nash(problem)
    assert found.gap <= 1e-10
    assert ((points - found.payoffs) @ found.normal).max() <= 1e-9


def test_a_sum_of_sets_is_the_set_of_sums() -> None:
    rng = np.random.default_rng(8)
    blocks = [rng.normal(size=(3, 3)) for _ in range(5)]
    sums = np.array([sum(b[k] for b, k in zip(blocks, key)) for key in np.ndindex(*[3] * 5)])
    threat = sums.mean(axis=0)
    apart, together = BargainingProblem(blocks, threat), BargainingProblem(sums, threat)
    for name in SOLUTIONS:
        assert solve(apart, name).payoffs == pytest.approx(solve(together, name).payoffs, abs=1e-7)
    assert apart.ideal == pytest.approx(together.ideal)
    assert apart.n_agreements == together.n_agreements == 243


def test_all_solutions_side_by_side() -> None:
    problem = BargainingProblem([[0, 0, 0], [1, 0, 1], [0, 1, 1]], [0, 0, 0], ["A", "B", "C"])
    found = solve_all(problem)
    frame = found.to_frame()
    assert frame.index.tolist() == ["without agreement", *SOLUTIONS]
    assert frame.loc["kalai-smorodinsky", ["A", "B", "C"]].tolist() == pytest.approx([0.5, 0.5, 1])
    assert frame["efficient"].tolist() == [False, True, True, True, True, True]
    assert frame["needs common unit"].tolist() == [False, False, False, True, True, True]
    assert "Egalitarian, utilitarian and equal split need a common unit" in found.summary()
    plain = solve_all(problem, lexicographic=False)
    assert not plain.solutions["kalai-smorodinsky"].efficient


def test_words_and_table() -> None:
    problem = BargainingProblem([[2, 0], [0, 1]], [0, 0], ["A", "B"], ["all to A", "all to B"])
    found = nash(problem)
    assert "(all to A) with probability 0.5 and (all to B) with probability 0.5" in found.summary()
    assert "does not need a common unit" in found.summary()
    frame = equal_split(problem).to_frame()
    assert frame["side payment received"].tolist() == [-1, 1]
    assert frame["share of ideal gain"].tolist() == [0.5, 1]


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        ([0.5, 0.6], "add up to 1.1"),
        ([1.5, -0.5], "weight of Player 2 is -0.5"),
        ([1, 0], "weight of Player 2 is 0"),
        ([1], "one for each"),
        ([float("nan"), 1], "weight of Player 1 is nan"),
    ],
)
def test_bad_weights_are_named(weights: list, message: str) -> None:
    problem = BargainingProblem([[1, 0], [0, 1]], [0, 0])
    for name in WEIGHTED:
        with pytest.raises(BargainingError, match=message):
            solve(problem, name, weights)


def test_unknown_solutions_are_named() -> None:
    problem = BargainingProblem([[1, 0], [0, 1]], [0, 0])
    with pytest.raises(BargainingError, match="did you mean 'nash'"):
        solve(problem, "nahs")
    with pytest.raises(BargainingError, match="takes no option weights"):
        solve(problem, "kalai-smorodinsky", [0.5, 0.5])


NEARLY_ONE_POINT = (
    [
        [3.652533068, 3.089961875, 12.126123451],
        [15.185915941, 3.089961542, 12.126123451],
        [15.185915941, 3.089961542, 12.126123467],
    ],
    [-7.962522099, -18.209831776, -4.839206009],
)


@pytest.mark.parametrize("solution", [kalai_smorodinsky, egalitarian])
def test_points_that_differ_by_rounding_have_a_lexicographic_solution(solution) -> None:
    problem = BargainingProblem(*NEARLY_ONE_POINT)
    found = solution(problem, lexicographic=True)
    plain = solution(problem)
    assert found.efficient
    assert ((found.payoffs - plain.payoffs) / problem.scale >= -1e-9).all()
    assert ((found.attained - found.payoffs) / problem.scale >= -1e-8).all()
    # All but the first player are within rounding of the most they could get, so only the first is at stake.
    if solution is kalai_smorodinsky:
        assert found.payoffs[0] == pytest.approx(problem.ideal[0], abs=1e-5)


@pytest.mark.parametrize("seed", range(24))
def test_badly_scaled_problems_have_all_solutions(seed: int) -> None:
    """Units up to 1e9 apart and points as near as 1e-9: every solution answers, is attained, and leaves nobody worse off."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(2, 5))
    points = rng.normal(size=(1, n)) * 10 + rng.normal(size=(4, n)) * 10.0 ** rng.integers(-9, 2, size=(4, n))
    points = points * 10.0 ** rng.integers(-6, 10, size=n)
    disagreement = points.min(axis=0) - np.abs(points.min(axis=0)) * rng.uniform(0.1, 1.0)
    problem = BargainingProblem(points, disagreement)
    for found in solve_all(problem).solutions.values():
        assert (found.gains / problem.scale >= -1e-9).all()
        if found.transfers is None:
            assert ((found.attained - found.payoffs) / problem.scale >= -1e-7).all()


@pytest.mark.parametrize(
    ("name", "options", "says"),
    [
        ("nash", {"lexicographic": True}, "'nash' takes no option lexicographic"),
        ("kalai-smorodinsky", {"weights": [0.5, 0.5]}, "takes no option weights"),
        ("equal split", {"lexicographic": False}, "takes no option lexicographic"),
    ],
)
def test_options_that_do_not_apply_are_refused(name, options, says) -> None:
    with pytest.raises(BargainingError, match=says):
        solve(BargainingProblem([[1, 0], [0, 1]], [0, 0]), name, **options)
