"""Linear programs: against the definition of optimum and duals, and with what HiGHS calls infeasible by rounding."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from games.errors import ConvergenceError
from solvers.base.deadline import Deadline
from solvers.base.programs import TIGHT, cut_short, minimise, within


@pytest.mark.parametrize("seed", range(8))
def test_strong_duality(seed):
    rng = np.random.default_rng(seed)
    a, x = rng.normal(size=(5, 4)), rng.random(4)
    limits, cost = a @ x + rng.random(5), rng.random(4)
    found = minimise(cost, upper=a, limits=limits, equal=np.ones((1, 4)), totals=[x.sum()])
    assert found.value == pytest.approx(cost @ found.x)
    assert (a @ found.x <= limits + 1e-8).all()
    assert found.upper_duals.min() >= 0
    # The dual objective: what the limits and the total are worth.
    assert -found.upper_duals @ limits - found.equal_duals @ [x.sum()] == pytest.approx(found.value, abs=1e-7)


def test_no_solution_is_a_named_error():
    with pytest.raises(ConvergenceError, match="the plan was not solved"):
        minimise([1.0], upper=[[1.0], [-1.0]], limits=[0.0, -1.0], what="the plan")
    with pytest.raises(ConvergenceError, match="was not solved"):
        minimise([-1.0])


def test_highs_takes_the_shared_options():
    from scipy.optimize import linprog

    options = {**TIGHT, **within(Deadline(60.0))}
    assert set(options) == {"primal_feasibility_tolerance", "dual_feasibility_tolerance", "time_limit"}
    # An option that it did not take would be a warning, and so an error of the test.
    assert linprog([-1.0], A_ub=[[1.0]], b_ub=[2.0], method="highs-ds", options=options).fun == -2.0
    assert within(Deadline(None)) == {}


def test_the_time_is_over_by_our_clock_or_by_that_of_the_solver():
    late, early, free = SimpleNamespace(status=1), SimpleNamespace(status=0), Deadline(None)
    assert cut_short(late, free)
    assert not cut_short(early, free)
    assert not cut_short(SimpleNamespace(status=2), free)
    assert cut_short(early, Deadline(1e-9))
