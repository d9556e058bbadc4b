"""The formulas of critical discount factors against a table of cases, and what holds of them for any numbers."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import MethodError
from solvers import repeated
from solvers.base.rounding import rounding
from solvers.repeated.patience._thresholds import best_deviation

TABLE = json.loads((Path(__file__).parents[3] / "cases" / "critical_discount.json").read_text())


def number(value):
    return np.inf if value == "none" else value


@pytest.mark.parametrize("case", TABLE["threshold"])
def test_threshold(case):
    found = repeated.threshold(case["gain"], case["cooperative"], case["punishment"])
    assert found == pytest.approx(number(case["critical"]), rel=1e-15)


def test_threshold_broadcasts_over_arrays_of_partitions():
    rng = np.random.default_rng(0)
    gain, u, w = rng.normal(size=(3, 2000, 3))
    whole = repeated.threshold(gain, u, w)
    for row in range(0, 2000, 97):
        for i in range(3):
            g, a, b = gain[row, i], u[row, i], w[row, i]
            expected = 0.0 if g <= 0 else (g / (g + a - b) if a > b else np.inf)
            assert whole[row, i] == pytest.approx(expected, rel=1e-14)


def test_longer_punishments_need_less_patience_and_tend_to_grim():
    gains = [repeated.finite_threshold(2.0, 3.0, 1.0, k) for k in (2, 3, 5, 10, 40, 200)]
    assert all(a >= b for a, b in pairwise(gains))
    assert gains[-1] == pytest.approx(0.5, abs=1e-15)
    assert repeated.finite_threshold(2.0, 3.0, 1.0, np.inf) == 0.5


def test_best_deviation_of_a_player_without_a_choice():
    game = NormalFormGame([[[1, 2], [3, 4]]])
    gain, action = best_deviation(game, (0, 1))
    assert gain == pytest.approx([0, -2])
    assert action == (0, 0)
    assert (rounding(game) >= 0).all()


@pytest.mark.parametrize("years", [1, 2, 3, 10])
def test_a_punishment_that_ends_is_just_long_enough_at_the_root(years):
    for gain, loss in ((0.5, 2.0), (1.9, 2.0), (1.0, 1.5)):
        d = float(repeated.finite_threshold(gain, loss, 0.0, years))
        if gain >= years * loss:
            assert np.isinf(d)
        else:
            assert sum(d**t for t in range(1, years + 1)) * loss == pytest.approx(gain, rel=1e-13)
    # Some numbers of periods among several that are none are refused, and gains that are rounding need no patience.
    with pytest.raises(MethodError, match="whole number of periods"):
        repeated.finite_threshold(2.0, 3.0, 1.0, [years, 2.5])
    with pytest.raises(MethodError, match="at least 1"):
        repeated.finite_threshold(2.0, 3.0, 1.0, 0)
    assert repeated.finite_threshold(1e-13, 2.0, 0.0, years, 1e-12) == 0.0
    # What a single period just makes good no discount factor below 1 does.
    assert np.isinf(repeated.finite_threshold(2.0, 2.0, 0.0, 1))
    assert repeated.finite_threshold(2.0, 2.0, 0.0, 2) == pytest.approx((5**0.5 - 1) / 2)


def of_two_punishments():
    game = NormalFormGame(
        [[[3, 3], [0, 5]], [[5, 0], [1, 1]]], ["North", "South"], [["keep", "break"], ["keep", "break"]]
    )
    return repeated.critical_discount(game, (0, 0), [[1, 2], [2, 1]])


def test_harshest_mildest_and_one_for_all():
    found = of_two_punishments()
    np.testing.assert_allclose(found.thresholds, [[1 / 2, 2 / 3], [2 / 3, 1 / 2]])
    assert found.per_player.tolist() == [0.5, 0.5]
    assert found.worst.tolist() == pytest.approx([2 / 3, 2 / 3])
    assert found.overall == 0.5
    assert found.uniform == pytest.approx(2 / 3)
    assert found.uniform_punishment == "punishment 1"
    assert found.punishment_values.tolist() == [1, 1]
    assert found.binding == "North"
    assert found.deviation == ("break", "break")
    # (u - w) / 2 less half of the gain, with the harshest for each.
    assert found.slack(0.5).tolist() == [0.0, 0.0]
    assert found.slack([0.5, 0.75]).tolist() == [0.0, 1.0]
    assert found.slack_by_punishment(0.5).to_numpy().tolist() == [[0.0, -0.5], [-0.5, 0.0]]
    frame = found.to_frame()
    assert frame["with the mildest"].tolist() == pytest.approx([2 / 3, 2 / 3])
    assert frame["gain"].tolist() == [2, 2]
    words = found.summary()
    assert "(North: keep, South: keep) is sustained by" in words
    assert "from a common discount factor of 0.5; North binds" in words
    assert "harshest for it; if the same punishment must answer every deviator, it is 0.666667." in words


def test_one_punishment_is_its_own_mildest():
    game = of_two_punishments().game
    found = repeated.critical_discount(game, (0, 0), [[1, 1]])
    assert "with the mildest" not in found.to_frame()
    assert "must answer every deviator" not in found.summary()
    harsh_and_mild = repeated.critical_discount(game, (0, 0), [[2, 2], [1, 1]])
    assert (harsh_and_mild.uniform, harsh_and_mild.uniform_punishment) == (0.5, "punishment 2")
    none = repeated.critical_discount(game, (0, 0), [[1, 4], [4, 1]])
    assert none.overall == 0.5
    assert np.isinf(none.uniform)
    assert "must answer every deviator, none is high enough." in none.summary()
    hopeless = repeated.critical_discount(game, (0, 0), [[4, 1]])
    assert "cannot be sustained by" in hopeless.summary()
    assert "North gains by deviating at any discount factor." in hopeless.summary()
    idle = repeated.critical_discount(game, (1, 1), [[0, 0]])
    assert "is a stage equilibrium, so no patience is needed" in idle.summary()


def test_solved_factors_stand_as_they_are_and_have_no_slack():
    found = replace(of_two_punishments(), solved=np.array([[0.25, 0.75], [0.5, 0.5]]))
    assert found.per_player.tolist() == [0.25, 0.5]
    assert found.worst.tolist() == [0.5, 0.75]
    with pytest.raises(MethodError, match="there is no slack"):
        found.slack(0.5)


def test_the_loss_is_the_difference_unless_it_is_given():
    found = of_two_punishments()
    assert found.loss.tolist() == [[2, 1], [1, 2]]
    other = replace(found, loss=np.array([[2.0, 2.0], [2.0, 2.0]]))
    assert other.worst.tolist() == [0.5, 0.5]
    with pytest.raises(ValueError, match="read-only"):
        found.gain[0] = 1.0
