"""The axioms of bargaining as properties of random problems, and their failures where theory has them fail."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvers.bargaining import BargainingProblem, check_axioms, egalitarian, kalai_smorodinsky, nash
from solvers.bargaining._axioms import GUARANTEED
from solvers.bargaining._solutions import SOLUTIONS, solve


def random_problem(seed: int, n: int) -> BargainingProblem:
    rng = np.random.default_rng(seed)
    points = rng.normal(size=(int(rng.integers(n + 1, 20)), n))
    points = np.vstack([points, points.max(axis=0)[None] * 0.9 + points.mean(axis=0)[None] * 0.1])
    return BargainingProblem(points, points[:-1].mean(axis=0) - 0.1 * rng.random(n))


@settings(max_examples=12, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), n=st.integers(2, 4))
def test_every_axiom_that_the_theorems_promise_holds(seed: int, n: int) -> None:
    found = check_axioms(random_problem(seed, n))
    for axiom, promised in GUARANTEED.items():
        for name in promised:
            assert found.satisfies(axiom, name), (axiom, name, found.misses[axiom][name])
    if n == 2:
        assert found.satisfies("Pareto efficiency", "kalai-smorodinsky")
    assert "every axiom that the theorems promise is satisfied here" in found.summary()


@settings(max_examples=20, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000))
def test_symmetric_problems_have_symmetric_solutions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    half = rng.random((6, 2))
    problem = BargainingProblem(np.vstack([half, half[:, ::-1]]), [-0.1, -0.1])
    for name in SOLUTIONS:
        a, b = solve(problem, name).payoffs
        assert a == pytest.approx(b, abs=1e-7)


def test_kalai_and_smorodinskys_complaint() -> None:
    before = BargainingProblem([[0, 0], [1, 0], [0.75, 0.75], [0, 1]], [0, 0])
    after = BargainingProblem([[0, 0], [1, 0], [1, 0.7], [0, 1], [0.75, 0.75]], [0, 0])
    assert nash(after).payoffs[1] < nash(before).payoffs[1] - 0.04
    assert (kalai_smorodinsky(after).payoffs >= kalai_smorodinsky(before).payoffs).all()
    assert (egalitarian(after).payoffs >= egalitarian(before).payoffs).all()


def test_the_table_shows_where_theory_has_axioms_fail() -> None:
    problem = BargainingProblem([[4, 0], [3, 3], [1, 4], [0, 4.2]], [0, 0])
    frame = check_axioms(problem).to_frame()
    assert frame.loc["scale invariance", "nash"] == "always"
    assert frame.loc["scale invariance", "egalitarian"].startswith("no")
    assert frame.loc["scale invariance", "equal split"].startswith("no")
    assert frame.loc["monotonicity", "egalitarian"] == "always"
    three = BargainingProblem([[0, 0, 0], [1, 0, 1], [0, 1, 1]], [0, 0, 0])
    found = check_axioms(three, ["nash", "kalai-smorodinsky"])
    assert found.misses["Pareto efficiency"]["kalai-smorodinsky"] == pytest.approx(0.5, abs=1e-6)
    assert found.satisfies("Pareto efficiency", "nash")
