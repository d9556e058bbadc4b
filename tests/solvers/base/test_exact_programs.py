"""Linear programs in fractions, against HiGHS and against what must hold at an optimum."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from scipy.optimize import linprog

from solvers.base.exact_programs import maximise


@pytest.mark.parametrize("seed", range(60))
def test_against_highs(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n, m, k = rng.integers(1, 6), rng.integers(1, 6), rng.integers(0, 3)
    A = rng.integers(-3, 5, (m, n))
    b = rng.integers(-2, 9, m)
    E = rng.integers(-3, 4, (k, n))
    f = rng.integers(-3, 4, k)
    c = rng.integers(-4, 5, n)
    box = [([int(j == i) for j in range(n)], 7) for i in range(n)]
    answer = maximise(c.tolist(), [*zip(A.tolist(), b.tolist()), *box], list(zip(E.tolist(), f.tolist())))
    theirs = linprog(-c, A_ub=A, b_ub=b, A_eq=E if k else None, b_eq=f if k else None, bounds=[(0, 7)] * n)
    if theirs.status == 2:
        assert answer is None
        return
    assert answer is not None
    x, value = answer
    assert float(value) == pytest.approx(-theirs.fun)
    assert all(v >= 0 for v in x)
    assert all(sum(a * v for a, v in zip(row, x)) <= bound for row, bound in zip(A.tolist(), b.tolist()))
    assert all(sum(a * v for a, v in zip(row, x)) == bound for row, bound in zip(E.tolist(), f.tolist()))


def test_fractions_cycling_and_redundant_rows() -> None:
    third = Fraction(1, 3)
    assert maximise([third], [([third], Fraction(1, 7))]) == ([Fraction(3, 7)], Fraction(1, 7))
    # Beale's example, on which the rule of the largest coefficient cycles.
    rows = [
        ([Fraction(1, 4), -60, Fraction(-1, 25), 9], 0),
        ([Fraction(1, 2), -90, Fraction(-1, 50), 3], 0),
        ([0, 0, 1, 0], 1),
    ]
    answer = maximise([Fraction(3, 4), -150, Fraction(1, 50), -6], rows)
    assert answer is not None
    assert answer[1] == Fraction(1, 20)
    assert maximise([1, 0], [], [([1, 1], 1), ([2, 2], 2)]) == ([1, 0], 1)
    assert maximise([0], [([1], -1)]) is None
    with pytest.raises(ValueError, match="unbounded"):
        maximise([1])
