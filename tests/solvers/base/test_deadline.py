"""Time limits."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from games.errors import MethodError
from solvers.base.deadline import Deadline, TimeOver, checkpoint, limited, whole


def test_a_deadline_passes():
    deadline = Deadline(0.02)
    assert not deadline.passed
    time.sleep(0.03)
    assert deadline.passed
    assert deadline.left == 0.0
    assert Deadline(None).left == float("inf")


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_a_time_limit_is_positive(seconds):
    with pytest.raises(ValueError, match="a time limit is a positive number of seconds"):
        Deadline(seconds)


@pytest.mark.parametrize("seconds", ["1", [1], True, object()])
def test_a_time_limit_is_a_number(seconds):
    with pytest.raises(MethodError, match="a time limit is a positive number of seconds; got"):
        Deadline(seconds)


def test_an_infinite_time_limit_is_none():
    assert not Deadline(float("inf")).finite
    assert Deadline(1e9).finite


def test_checkpoints_stop_only_what_a_deadline_is_enforced_for():
    checkpoint()
    with Deadline(60).enforced():
        checkpoint()
        assert limited()
        with Deadline(1e-9).enforced(), pytest.raises(TimeOver):
            checkpoint()
        checkpoint()
    assert not limited()
    with Deadline(None).enforced():
        assert not limited()


def test_the_allowance_of_another_solver_is_never_zero():
    assert Deadline(None).allowance is None
    assert Deadline(float("inf")).allowance is None
    assert 9.0 < Deadline(10.0).allowance <= 10.0
    over = Deadline(0.001)
    time.sleep(0.002)
    assert over.passed
    # A limit that our own solvers take.
    assert Deadline(over.allowance).left > 0.0


def test_what_rests_on_a_search_cut_short_is_not_made(clock):
    def cut():
        clock.now += 10.0
        with suppress(TimeOver):
            checkpoint()
        return "a part"

    with Deadline(1.0).enforced():
        assert whole(lambda: "all") == "all"
        with pytest.raises(TimeOver):
            whole(cut)
        with pytest.raises(TimeOver):
            whole(lambda: "too late to begin")
    assert whole(lambda: "without a limit") == "without a limit"
