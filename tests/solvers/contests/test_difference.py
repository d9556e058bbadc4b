"""Difference contests: known equilibria, and no other pure equilibrium on a grid of efforts."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import GameError
from solvers.contests import difference
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["difference"], ids=lambda c: c["source"])
def test_known_equilibria(case: dict) -> None:
    found = difference(case["values"], case["k"])
    assert len(found.equilibria) == len(case["efforts"])
    for outcome, efforts in zip(found.equilibria, case["efforts"]):
        assert outcome.efforts == pytest.approx(efforts, abs=1e-12)


@pytest.mark.parametrize("seed", range(12))
def test_the_same_as_best_responses_on_a_grid(seed: int) -> None:
    """Two contestants with 400 efforts each: cells from which nobody gains more than the grid's width lie at an equilibrium."""
    rng = np.random.default_rng(seed)
    values, k = rng.uniform(0.5, 8, 2), float(rng.uniform(0.2, 3))
    grid = np.linspace(0, values.max(), 400)
    win = 1 / (1 + np.exp(-k * (grid[:, None] - grid[None, :])))
    first, second = values[0] * win - grid[:, None], values[1] * (1 - win) - grid[None, :]
    slack = 1e-3 * values.max()
    regret = np.maximum(first.max(axis=0)[None, :] - first, second.max(axis=1)[:, None] - second)
    found = difference(values, k)
    for outcome in found.equilibria:
        i, j = (int(np.abs(grid - e).argmin()) for e in outcome.efforts)
        assert regret[i, j] <= 2 * (grid[1] - grid[0])
    if not found.equilibria:
        assert regret.min() > slack / 100


def test_bad_input_and_views() -> None:
    with pytest.raises(GameError, match="at least two"):
        difference([1])
    with pytest.raises(GameError, match="positive and finite"):
        difference([1, 1], float("nan"))
    assert "spend 0 together" in difference([1, 1, 1]).summary()
    # A decisive contest overflows nothing.
    assert len(difference([1e6, 1.0], 1e3).equilibria) <= 1
