"""Mixed equilibria of Tullock contests: published worths, a grid game solved by a linear program, departures, units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from games.errors import GameError, MethodError
from solvers.contests import all_pay, tullock, tullock_mixed
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["tullock_mixed"], ids=lambda c: c["source"])
def test_published_worths(case: dict) -> None:
    found = tullock_mixed(case["values"], case["r"])
    assert found.kind == case["kind"]
    for name in ("efforts", "shares", "payoffs"):
        assert getattr(found, name) == pytest.approx(case[name], abs=1e-12)


def grid_game(values: list[float], r: float, points: int) -> tuple[np.ndarray, ...]:
    """Expected efforts, chance of the first, and payoffs in an equilibrium of the contest with efforts on a grid.

    Each payoff divided by the value, and the other's cost added, the game is constant-sum: one linear program each.
    """
    top = min(values)
    x = np.linspace(0.0, 1.02 * top, points)
    power = x**r
    total = power[:, None] + power[None, :]
    win = np.where(total > 0, power[:, None] / np.where(total > 0, total, 1.0), 0.5)
    table = win - x[:, None] / values[0] + x[None, :] / values[1]

    def maxmin(rows: np.ndarray) -> np.ndarray:
        count = len(rows)
        answer = linprog(
            np.append(np.zeros(count), -1.0),
            np.column_stack([-rows.T, np.ones(rows.shape[1])]),
            np.zeros(rows.shape[1]),
            np.append(np.ones(count), 0.0)[None, :],
            [1.0],
            bounds=[(0, None)] * count + [(None, None)],
        )
        assert answer.status == 0
        return np.asarray(answer.x[:count])

    p, q = maxmin(table), maxmin(-table.T)
    chance = float(p @ win @ q)
    efforts = np.array([p @ x, q @ x])
    return efforts, np.array([chance, 1 - chance]), np.array(values) * [chance, 1 - chance] - efforts


@pytest.mark.parametrize(
    ("values", "r"),
    [([1, 1], 2.5), ([1, 1], 6), ([2, 1], 2.5), ([1.5, 1], 4), ([2, 1], 1.7), ([1.2, 1], 1.95)],
)
def test_a_grid_of_efforts_comes_near(values: list[float], r: float) -> None:
    found = tullock_mixed(values, r)
    efforts, shares, payoffs = grid_game(values, r, 201)
    assert efforts == pytest.approx(found.efforts, abs=0.02)
    assert shares == pytest.approx(found.shares, abs=0.02)
    assert payoffs == pytest.approx(found.payoffs, abs=0.02)
    # Baye, Kovenock and de Vries: no more is spent in expectation than the prize is worth.
    assert efforts.sum() <= max(values) + 1e-9


@settings(max_examples=40, deadline=None, derandomize=True)
@given(ratio=st.floats(0.05, 1.0), share=st.floats(0.0, 1.0), unit=st.floats(1e-3, 1e3))
def test_nobody_gains_by_departing_from_a_semi_mixed_equilibrium(
    ratio: float, share: float, unit: float
) -> None:
    low, high = 1.0, 2.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if middle < 1 + ratio**middle else (low, middle)
    r = high + share * (2.0 - high)
    values = unit * np.array([1.0, ratio])
    found = tullock_mixed(values, r)
    assert found.kind == "semi-mixed"
    one, q = found.efforts[0], min(found.enters[1], 1.0)
    other = found.efforts[1] / found.enters[1]
    x = np.concatenate([values[0] * np.linspace(1e-9, 1, 3001), [one]])
    first = values[0] * (1 - q + q * x**r / (x**r + other**r)) - x
    assert first.max() <= found.payoffs[0] + 1e-9 * unit
    assert first[-1] == pytest.approx(found.payoffs[0], rel=1e-9)
    y = np.concatenate([values[1] * np.linspace(0, 1, 3001), [other]])
    second = values[1] * y**r / (y**r + one**r) - y
    assert second.max() <= 1e-9 * unit
    assert second[-1] == pytest.approx(0.0, abs=1e-9 * unit)


def test_it_takes_over_where_pure_equilibria_end_and_efficiency_is_value() -> None:
    pure = tullock([1, 0.5], 1.38).equilibria[0]
    mixed = tullock_mixed([1, 0.5], 1.384)
    assert mixed.enters[1] == pytest.approx(1.0, abs=0.02)
    assert mixed.efforts == pytest.approx(pure.efforts, abs=0.01)
    with pytest.raises(MethodError, match=r"nobody mixes: up to 1\.38"):
        tullock_mixed([1, 0.5], 1.2)
    # Efforts in another unit: influence (c x)**r at a value of v is influence x**r at a value of c v.
    c, r = 0.5, 3.0
    scaled, plain = tullock_mixed([1, 1], r, [1, c**r]), tullock_mixed([1, c], r)
    assert scaled.shares == pytest.approx(plain.shares)
    assert scaled.efforts * [1, c] == pytest.approx(plain.efforts)
    assert scaled.payoffs * [1, c] == pytest.approx(plain.payoffs)
    assert tullock_mixed([5, 3, 2], 9).payoffs == pytest.approx(all_pay([5, 3, 2]).payoffs)


def test_what_makes_no_contest_is_refused() -> None:
    with pytest.raises(GameError, match="at least two"):
        tullock_mixed([1], 3)
    with pytest.raises(GameError, match="all_pay"):
        tullock_mixed([1, 1], float("inf"))
    with pytest.raises(GameError, match="positive"):
        tullock_mixed([1, -1], 3)
    with pytest.raises(MethodError, match="above 2"):
        tullock_mixed([1, 1, 1], 1.9)


def test_views() -> None:
    assert "all-pay contest" in tullock_mixed([1, 1], 3).summary()
    assert "Other equilibria" in tullock_mixed([1, 1, 1], 3).summary()
    assert "mixes between no effort and one" in tullock_mixed([2, 1], 1.8).summary()
    assert tullock_mixed([2, 1], 3).to_frame()["share"].tolist() == pytest.approx([0.75, 0.25])
