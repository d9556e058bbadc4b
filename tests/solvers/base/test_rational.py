"""Linear systems in fractions: solutions, contradictions, free unknowns."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from solvers.base.rational import solve_exactly


def test_exact_systems() -> None:
    one = Fraction(1)
    assert solve_exactly([[one, one], [one, one]], [one, 2 * one]) is None
    assert solve_exactly([[one, one], [2 * one, 2 * one]], [one, 2 * one]) == [1, 0]


@pytest.mark.parametrize("seed", range(8))
def test_random_systems_are_solved_exactly(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [[Fraction(int(x)) for x in row] for row in rng.integers(-4, 5, size=(3, 4))]
    wanted = [Fraction(int(x), 7) for x in rng.integers(-9, 10, size=4)]
    right = [sum((a * x for a, x in zip(row, wanted)), Fraction(0)) for row in rows]
    found = solve_exactly(rows, right)
    assert found is not None
    assert [sum((a * x for a, x in zip(row, found)), Fraction(0)) for row in rows] == right
