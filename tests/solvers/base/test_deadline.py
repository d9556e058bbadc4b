"""Time limits."""

from __future__ import annotations

import time

import pytest

from solvers.base.deadline import Deadline


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
