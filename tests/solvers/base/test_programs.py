"""Linear programs: against the definition of optimum and duals, and with what HiGHS calls infeasible by rounding."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import ConvergenceError
from solvers.base.programs import minimise


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
