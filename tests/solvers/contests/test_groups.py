"""Group contests: closed forms, deviations of single members, units."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import contest
from games.errors import GameError
from solvers.contests import group_contest
from tests.solvers.contests.known_contests import CASES


@pytest.mark.parametrize("case", CASES["groups"], ids=lambda c: c["source"])
def test_known_shares(case: dict) -> None:
    assert group_contest(case["values"], case["sizes"]).shares == pytest.approx(case["shares"])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(
    seed=st.integers(0, 10**6),
    groups=st.integers(2, 4),
    exponent=st.floats(1.2, 4),
    private=st.floats(0, 1),
    altruism=st.floats(0, 1),
)
def test_no_member_gains_by_another_effort(
    seed: int, groups: int, exponent: float, private: float, altruism: float
) -> None:
    rng = np.random.default_rng(seed)
    values, sizes = rng.uniform(0.2, 5, groups), rng.integers(1, 6, groups)
    found = group_contest(values, sizes, exponent, private, altruism)
    assert found.shares.sum() == pytest.approx(1)
    assert found.residual < 1e-6
    for i in range(groups):
        own = values[i] * (1 - private + private / sizes[i])
        rest = found.conflict - found.efforts[i]
        weight = own * (1 + altruism * (sizes[i] - 1))

        def objective(x: np.ndarray, i=i, rest=rest, weight=weight) -> np.ndarray:
            others = found.efforts[i] * (sizes[i] - 1)
            return weight * (x + others) / (x + rest) - x**exponent / exponent

        kept = objective(np.array([found.efforts[i]]))[0]
        assert objective(np.linspace(0, 4 * found.conflict, 301)).max() <= kept + 1e-9 * max(weight, 1)


def test_nearly_linear_cost_comes_near_the_lottery() -> None:
    found = group_contest([3, 1], [1, 1], cost_exponent=1.0001)
    assert found.shares == pytest.approx(contest.lottery([3, 1], [1, 1]).shares, abs=1e-3)


def test_units_scale_efforts_by_the_root() -> None:
    one, many = group_contest([1, 2], [3, 2], 3.0), group_contest([1e6, 2e6], [3, 2], 3.0)
    assert many.shares == pytest.approx(one.shares)
    assert many.efforts == pytest.approx(one.efforts * 100)
    assert many.payoffs == pytest.approx(one.payoffs * 1e6)


def test_a_private_prize_favours_the_small_group() -> None:
    # Olson's argument: with a prize to be divided and linear-like cost the larger group does worse.
    public = group_contest([1, 1], [10, 1], 1.5)
    divided = group_contest([1, 1], [10, 1], 1.5, private=1.0)
    assert public.shares[0] > 0.5 > divided.shares[0]


def test_bad_input_and_views() -> None:
    for call, words in (
        (lambda: group_contest([1], [1]), "at least two"),
        (lambda: group_contest([1, 1], [1]), "2 numbers"),
        (lambda: group_contest([1, 1], [1, 1], 1.0), "exceed 1"),
        (lambda: group_contest([1, 1], [1, 1], private=2), "private is 2"),
        (lambda: group_contest([1, 1], [1, 1], altruism=-1), "altruism is -1"),
    ):
        with pytest.raises(GameError, match=words):
            call()
    found = group_contest([1, 1], [4, 1])
    assert "chances 0.6667, 0.3333" in found.summary()
    assert found.to_frame()["members"].tolist() == [4, 1]
