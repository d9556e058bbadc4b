"""Discounted sums along a Markov chain."""

import numpy as np
import pytest

from solvers.base import discounting
from solvers.base.deadline import Deadline, TimeOver
from solvers.base.discounting import discounted_sums


@pytest.mark.parametrize("discount", [0.0, 0.3, 0.999])
@pytest.mark.parametrize("shape", [(), (2,), (2, 3)])
def test_blocks_give_what_the_whole_gives(monkeypatch, discount, shape):
    rng = np.random.default_rng(5)
    step = rng.dirichlet(np.full(23, 0.2), 23)
    step[3], step[4] = np.eye(23)[3], np.eye(23)[5]
    reward = rng.normal(size=(23, *shape))
    whole = np.linalg.solve(np.eye(23) - discount * step, reward.reshape(23, -1)).reshape(reward.shape)
    monkeypatch.setattr(discounting, "_WHOLE", 4)
    for block in (3, 5, 23, 50):
        monkeypatch.setattr(discounting, "_BLOCK", block)
        found = discounted_sums(step, discount, reward)
        assert found == pytest.approx(whole, rel=1e-10, abs=1e-10)
        # By its definition, a second way.
        assert found == pytest.approx(reward + discount * np.tensordot(step, found, axes=1))


def test_the_time_limit_is_kept_between_blocks(monkeypatch, clock):
    monkeypatch.setattr(discounting, "_WHOLE", 4)
    monkeypatch.setattr(discounting, "_BLOCK", 2)
    step, reward = np.full((12, 12), 1 / 12), np.ones(12)
    clock.step = 1.0
    with Deadline(5.0).enforced(), pytest.raises(TimeOver):
        discounted_sums(step, 0.5, reward)
    with Deadline(500.0).enforced():
        assert discounted_sums(step, 0.5, reward) == pytest.approx(2.0)
