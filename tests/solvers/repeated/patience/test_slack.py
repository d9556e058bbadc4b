"""The slack: one value for one case, wherever it is asked for; against the value of the deviation itself."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.issues import Bundle, Issue
from solvers import linkage, repeated, transfers
from solvers.repeated.patience._slack import incentive_slack, incentive_surplus, weight

numbers = st.floats(-100, 100)
quick = settings(max_examples=50, deadline=None, derandomize=True)

# Every deviation costs something by itself, and the "punishment" pays more than the profile.
REWARDED = NormalFormGame.from_bimatrix([[2, 0], [1, 5]], [[2, 0], [1, 5]])


def test_one_value_wherever_it_is_asked_for():
    found = repeated.critical_discount(REWARDED, (0, 0), [5, 5])
    assert found.gain.tolist() == [-1, -2]
    assert found.slack(0.5).tolist() == [-1, -0.5]
    assert repeated.slack(REWARDED, (0, 0), 0.5, [5, 5]).tolist() == [-1, -0.5]
    joint = transfers.joint_constraint(REWARDED, (0, 0), 0.5, [5, 5])
    assert joint.slack.tolist() == [-1, -0.5]
    # With payments a player may also just stop paying, which costs nothing by itself: another word for another number.
    assert joint.surplus.tolist() == [-1.5, -1.5]
    assert not joint.holds
    assert not joint.holds_with_payments


@quick
@given(numbers, numbers, numbers, st.floats(0.01, 0.99))
def test_what_a_deviation_loses(gain, u, w, d):
    """Keeping to it forever pays u; deviating pays u + gain once and w afterwards, weighted by 1 - d and d."""
    expected = u - ((1 - d) * (u + gain) + d * w)
    assert incentive_slack(gain, u, w, d) == pytest.approx(expected, abs=1e-10)
    assert incentive_surplus(gain, u, w, d) == pytest.approx(min(expected, d * (u - w)), abs=1e-10)


@quick
@given(numbers, numbers, numbers, st.floats(0.01, 0.95), st.integers(1, 8))
def test_a_punishment_that_ends(gain, u, w, d, years):
    stream = [u + gain, *[w] * years, *[u] * 400]
    worth = (1 - d) * sum(d**t * x for t, x in enumerate(stream)) + d ** len(stream) * u
    assert incentive_slack(gain, u, w, d, years=years) == pytest.approx(u - worth, abs=1e-8)


@quick
@given(
    st.floats(0, 50),
    numbers,
    numbers,
    st.floats(0.05, 0.95),
    st.floats(0, 0.5),
    st.floats(0.5, 1),
)
def test_alarms(gain, u, w, d, e, q):
    """An alarm ends it with probability e if all keep to it and q if not: the values solve two linear equations."""
    kept = np.linalg.solve([[1 - d * (1 - e)]], [(1 - d) * u + d * e * w])[0]
    broken = (1 - d) * (u + gain) + d * ((1 - q) * kept + q * w)
    assert incentive_slack(gain, u, w, d, false_alarm=e, detection=q) == pytest.approx(
        kept - broken, abs=1e-9
    )


def test_slack_within_the_tolerance_is_zero():
    assert incentive_slack(1.0, 1.0, 0.0, 0.5, tolerance=0.0) == 0
    assert incentive_slack(1.0, 1.0 - 1e-13, 0.0, 0.5, tolerance=1e-12) == 0
    assert incentive_slack(1.0, 1.0 - 1e-13, 0.0, 0.5) < 0
    assert incentive_slack(0.0, 1.0, 0.5, 0.5, tolerance=0.25) == 0
    # Perfect monitoring and no end: the discount factor itself, to the last bit.
    discounts = np.linspace(0, 1, 1000, endpoint=False)
    assert (weight(discounts) == discounts).all()


@quick
@given(st.floats(0.2, 0.9), st.floats(0.2, 0.9), st.integers(0, 10_000))
def test_a_bundle_has_the_slack_of_the_game_it_comes_from(d, e, seed):
    rng = np.random.default_rng(seed)
    reward, breakdown = rng.uniform(1, 2, 2), rng.uniform(-1, 0.9, 2)
    tempting = reward + rng.uniform(0.1, 2, 2)
    game = NormalFormGame.from_bimatrix(
        [[reward[0], -9], [tempting[0], breakdown[0]]], [[reward[1], tempting[1]], [-9, breakdown[1]]]
    )
    sides = game.players
    issue = Issue.mutual("arms", *(dict(zip(sides, x.tolist())) for x in (reward, tempting, breakdown)))
    bundle = Bundle([issue], dict(zip(sides, (d, e))))
    expected = repeated.slack(game, (0, 0), [d, e], breakdown)
    assert linkage.pooling(bundle).pooled_slack == pytest.approx(expected, abs=1e-12)
    assert transfers.joint_constraint(game, (0, 0), [d, e], breakdown).slack == pytest.approx(expected)
