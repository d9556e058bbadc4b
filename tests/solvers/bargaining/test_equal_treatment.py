"""What equality costs the strongest, by hand."""

from __future__ import annotations

import pytest

from games.errors import BargainingError
from solvers.bargaining import BargainingProblem, equal_treatment_cost


def test_the_price_of_equal_treatment() -> None:
    problem = BargainingProblem([[2, 0], [0, 1]], [0, 0], ["strong", "weak"])
    found = equal_treatment_cost(problem)
    assert found.strongest == "strong"
    assert found.cost == pytest.approx([1 / 3, -1 / 6])
    assert "costs strong 0.333333" in found.summary()
    assert "common unit" in found.summary()
    assert found.to_frame().loc["weak", "cost"] == pytest.approx(-1 / 6)
    weighted = equal_treatment_cost(problem, "nash", "nash", weights=[0.3, 0.7])
    assert weighted.strongest == "weak"
    assert weighted.cost == pytest.approx([-0.4, 0.2])
    with pytest.raises(BargainingError, match="did you mean 'weak'"):
        equal_treatment_cost(problem, strongest="week")


def test_the_strongest_loses_most_by_its_own_scale() -> None:
    """Equal treatment costs the second six times as much in points, but the first more of what is at stake for it."""
    problem = BargainingProblem([[2, 20, 0], [1, 40, 1], [5, 20, 2], [5, 10, 2]], [0, 0, 0])
    found = equal_treatment_cost(problem)
    assert found.cost == pytest.approx([3, 18, 0], abs=1e-6)
    assert found.strongest == "Player 1"
