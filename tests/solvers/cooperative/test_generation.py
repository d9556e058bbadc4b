"""Classes of coalitions: surplus, worst classes and exact levels, against brute force."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from games.typed import TypedGame
from solvers.cooperative._generation import Classes, least_total


def game(seed: int) -> TypedGame:
    rng = np.random.default_rng(seed)
    worths = rng.integers(-5, 20, size=(3, 2, 4))
    worths[0, 0, 0] = 0
    return TypedGame(worths, {"A": 2, "B": 1, "C": 3})


@pytest.mark.parametrize("seed", range(5))
def test_worst_and_exact_level_agree_with_brute_force(seed: int) -> None:
    one = game(seed)
    classes = Classes(one)
    shares = [Fraction(1, 7), Fraction(-2, 3), Fraction(1, 5)]
    counts = one.counts(np.arange(24))
    excess = [
        classes.surplus(k) - sum((int(m) * x for m, x in zip(counts[k], shares)), Fraction(0))
        for k in range(24)
    ]
    proper = range(1, 23)
    top = max(excess[k] for k in proper)
    level, where = classes.exact_level(shares, np.empty((0, 3)))
    assert level == top
    assert sorted(where.tolist()) == [k for k in proper if excess[k] == top]
    found = classes.worst(np.array([float(x) for x in shares]), np.empty((0, 3)), count=4)
    assert [e for e, _ in found] == pytest.approx(
        sorted(map(float, (excess[k] for k in proper)), reverse=True)[:4]
    )
    # Outside the span of one class: that class and its multiples do not count.
    direction = counts[found[0][1]].astype(float)
    complement = np.linalg.svd(direction[None, :])[2][1:]
    others = [k for k in proper if np.abs(complement @ counts[k]).max() > 1e-9]
    assert classes.exact_level(shares, complement)[0] == max(excess[k] for k in others)


def test_surplus_is_measured_from_what_each_has_alone() -> None:
    classes = Classes(TypedGame([[0, 1, 2], [3, 4, 6]], {"A": 1, "B": 2}))
    assert classes.unit == 1
    assert [classes.surplus(k) for k in range(6)] == [0, 0, 0, 0, 0, 1]
    assert least_total(classes)[0] == pytest.approx(0)
