"""The lottery contest: closed form against a bisection, textbook answers, invariances."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import contest
from games.errors import GameError

weights = st.lists(st.floats(0.01, 100), min_size=1, max_size=6)


def equilibrium_by_aggregate(stakes: np.ndarray, strengths: np.ndarray) -> np.ndarray:
    """Shares found another way: bisect for the total influence X at which sum of max(0, 1 - X / w) is 1."""
    w = stakes * strengths
    low, high = 0.0, w.max()
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if np.maximum(0, 1 - middle / w).sum() > 1 else (low, middle)
    return np.maximum(0, 1 - low / w)


@pytest.mark.parametrize("stake", [1.0, 7.0, 1e9])
def test_three_equals_burn_two_thirds(stake):
    outcome = contest.lottery([stake] * 3, [1.0] * 3)
    assert outcome.efforts == pytest.approx([2 * stake / 9] * 3, rel=1e-14)
    assert outcome.efforts.sum() == pytest.approx(2 * stake / 3, rel=1e-14)
    assert outcome.payoffs == pytest.approx([stake / 9] * 3, rel=1e-14)


def test_two_sides_share_by_weight():
    outcome = contest.lottery([6, 2], [1, 1])
    assert outcome.shares == pytest.approx([0.75, 0.25])
    assert outcome.efforts == pytest.approx([6 * 0.75 * 0.25, 2 * 0.25 * 0.75])
    assert outcome.payoffs == pytest.approx([6 * 0.75**2, 2 * 0.25**2])


@given(w=weights, e=st.lists(st.floats(0.1, 10), min_size=6, max_size=6))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_the_closed_form_is_the_fixed_point_of_best_responses(w, e):
    strengths = np.array(e[: len(w)])
    stakes = np.array(w) / strengths
    found = contest.lottery(stakes, strengths)
    if len(w) > 1:
        assert found.shares == pytest.approx(equilibrium_by_aggregate(stakes, strengths), abs=1e-9)
    influence = strengths * found.efforts
    for s in range(len(w)):
        rest = influence.sum() - influence[s]
        if rest == 0:
            continue
        trials = np.linspace(0, stakes[s], 2001)
        values = stakes[s] * strengths[s] * trials / (strengths[s] * trials + rest) - trials
        assert found.payoffs[s] >= values.max() - 1e-9 * stakes[s]


@given(w=weights, scale=st.sampled_from([1e-150, 1e-12, 1.0, 1e12, 1e150]))
@settings(max_examples=50, deadline=None, derandomize=True)
def test_shares_add_up_and_do_not_depend_on_scale_or_order(w, scale):
    plain = contest.shares(w)
    assert plain.sum() == pytest.approx(1.0, abs=1e-12)
    assert (plain >= 0).all()
    assert contest.shares(np.array(w) * scale) == pytest.approx(plain, abs=1e-12)
    order = np.argsort(w)[::-1]
    assert contest.shares(np.array(w)[order]) == pytest.approx(plain[order], abs=1e-12)


def test_only_the_member_with_most_weight_spends_and_the_other_rides_free():
    outcome = contest.lottery([4, 3, 2], [1, 1, 1], sides=[0, 1, 1])
    assert outcome.shares == pytest.approx([4 / 7, 3 / 7, 0])
    assert outcome.efforts[2] == 0
    assert outcome.payoffs == pytest.approx([4 * (4 / 7) ** 2, 3 * (3 / 7) ** 2, 2 * 3 / 7])


def test_a_tie_within_a_side():
    tied = contest.lottery([4, 3, 3], [1, 1, 1], sides=[0, 1, 1])
    assert tied.payoffs[1] == tied.payoffs[2] == pytest.approx(3 * 3 / 7 * (1 - 4 / 7 / 2))
    led = contest.lottery([4, 3, 3], [1, 1, 1], sides=[0, 1, 1], first_spender=2)
    assert led.payoffs[1:] == pytest.approx([3 * 3 / 7, 3 * (3 / 7) ** 2])


def test_those_absent_neither_spend_nor_gain():
    outcome = contest.lottery([4, 3, 2], [1, 1, 1], present=[True, False, True])
    assert outcome.shares == pytest.approx([2 / 3, 0, 1 / 3])
    assert outcome.payoffs[1] == outcome.efforts[1] == 0


def test_one_side_alone_keeps_all_and_nobody_keeps_nothing():
    assert contest.lottery([5, 0], [1, 1]).payoffs.tolist() == [5, 0]
    assert contest.shares([0.0, 0.0]).tolist() == [0, 0]
    assert contest.shares([1.0, 1e-300]).tolist() == [1, 0]


def test_a_batch_is_as_good_as_one_by_one():
    rng = np.random.default_rng(3)
    stakes, strengths = rng.uniform(0, 5, (40, 4)), rng.uniform(0, 2, (40, 4))
    sides = rng.integers(0, 4, (40, 4))
    batch = contest.lottery(stakes, strengths, sides)
    for b in range(40):
        single = contest.lottery(stakes[b], strengths[b], sides[b])
        for many, one in zip(batch, single):
            assert many[b] == pytest.approx(one, abs=1e-14)


def test_ties_in_a_batch_are_as_good_as_one_by_one():
    """Small whole numbers, so that several members of a side have the largest weight, or none has any."""
    rng = np.random.default_rng(4)
    stakes, strengths = rng.integers(0, 3, (60, 5)), rng.integers(0, 2, (60, 5))
    sides, present = rng.integers(0, 3, (60, 5)), rng.random((60, 5)) < 0.8
    for first in (None, 3):
        batch = contest.lottery(stakes, strengths, sides, present, first)
        for b in range(60):
            single = contest.lottery(stakes[b], strengths[b], sides[b], present[b], first)
            for many, one in zip(batch, single):
                assert many[b] == pytest.approx(one, abs=1e-14)
            # What a side spends in all does not depend on who of those tied spends it.
            weight = np.where(present[b], stakes[b] * strengths[b], 0)
            for s in range(3):
                tied = (sides[b] == s) & (weight == weight[sides[b] == s].max(initial=0)) & present[b]
                if tied.any() and weight[tied].max() > 0:
                    spent = (strengths[b] * single.efforts)[sides[b] == s].sum()
                    share = single.shares[s]
                    assert spent == pytest.approx(weight[tied].max() * share * (1 - share))


@pytest.mark.parametrize("bad", [[-1.0, 1.0], [np.nan, 1.0], [np.inf, 1.0], 3.0, [], np.zeros((0, 2))])
def test_bad_weights(bad):
    with pytest.raises(GameError, match="weights must be finite numbers"):
        contest.shares(bad)


@given(seed=st.integers(0, 10_000), members=st.integers(2, 6))
@settings(max_examples=40, deadline=None)
def test_no_member_of_two_sides_gains_by_another_effort(seed, members):
    """301 efforts of every member, from none to four times its gain, against the formula's."""
    rng = np.random.default_rng(seed)
    gains, strengths = rng.exponential(size=members), rng.exponential(size=members)
    defends = np.arange(members) % 2 == 0
    advantage = 1 + rng.random()
    found = contest.two_sides(gains, strengths, defends, advantage)
    influence = np.sqrt(2 * strengths * found.costs)
    for i in range(members):
        costs = np.linspace(0, 4 * gains[i], 301)
        side = influence[defends == defends[i]].sum() - influence[i]
        other = influence[defends != defends[i]].sum()
        own = (side + np.sqrt(2 * strengths[i] * costs)) ** 2 * (advantage if defends[i] else 1.0)
        against = other**2 * (1.0 if defends[i] else advantage)
        payoffs = gains[i] * own / (own + against) - costs
        won = found.held if defends[i] else 1 - found.held
        assert payoffs.max() <= gains[i] * won - found.costs[i] + 1e-9


def test_two_singletons_are_the_lottery_of_two():
    found, lottery = contest.two_sides([2, 3], [1, 4], [True, False]), contest.lottery([2, 3], [1, 4])
    assert found.held == pytest.approx(lottery.shares[0])
    assert found.costs == pytest.approx(lottery.efforts)


def test_allies_add_up_and_none_rides_free():
    alone = contest.two_sides([1, 1], [1, 1], [True, False])
    allied = contest.two_sides([1, 1, 1], [1, 1, 1], [True, True, False])
    assert allied.held == pytest.approx(2 / 3)
    assert allied.held > alone.held
    assert (allied.costs > 0).all()


def test_where_nobody_attacks_the_defence_holds_for_nothing():
    found = contest.two_sides([1, 0], [1, 1], [True, False])
    assert found.held == 1.0
    assert found.costs.tolist() == [0.0, 0.0]
    # Nor where nobody would win anything.
    nothing = contest.two_sides([0, 0], [1, 1], [True, False])
    assert (nothing.held, nothing.costs.tolist()) == (1.0, [0.0, 0.0])


@pytest.mark.parametrize(
    ("gains", "strengths"),
    [
        ([-1, 1], [1, 1]),
        ([-0.5, 1], [1, 1]),
        ([1, 1], [1, -0.5]),
        ([np.nan, 1], [1, 1]),
        ([1, 1], [np.inf, 1]),
    ],
)
def test_two_sides_take_numbers_only(gains, strengths):
    with pytest.raises(GameError, match="not negative"):
        contest.two_sides(gains, strengths, [True, False])


@pytest.mark.parametrize(
    ("gains", "strengths", "defends"),
    [
        ([], [], []),
        (1.0, 1.0, True),
        ([1, 1], [1, 1, 1], [True, False]),
        ([1, 1], [1, 1], [True, False, True]),
        ([1, 1], [1, 1], [[True, False]]),
    ],
)
def test_a_contest_has_one_number_for_each_member(gains, strengths, defends):
    with pytest.raises(GameError, match="one number for each member"):
        contest.two_sides(gains, strengths, defends)


def test_two_sides_in_a_batch_are_as_good_as_one_by_one():
    rng = np.random.default_rng(2)
    gains, strengths = rng.exponential(size=(2, 4, 3))
    defends = rng.random((4, 3)) < 0.5
    advantage = 1 + rng.random(4)
    found = contest.two_sides(gains, strengths, defends, advantage)
    for b in range(4):
        one = contest.two_sides(gains[b], strengths[b], defends[b], advantage[b])
        assert found.held[b] == pytest.approx(float(one.held))
        assert found.costs[b] == pytest.approx(one.costs)


@pytest.mark.parametrize("advantage", [0.0, -1.0, np.inf, np.nan])
def test_the_weight_of_the_defence_is_positive_and_finite(advantage):
    with pytest.raises(GameError, match="must be positive and finite"):
        contest.two_sides([1, 1], [1, 1], [True, False], advantage)
