"""Long loops of the games can be stopped by whoever listens."""

from __future__ import annotations

import numpy as np
import pytest

from games import coalitional, heartbeat, world
from games.exact import exactly_all


class Over(Exception):
    pass


def raising(once):
    beats = iter(range(once))

    def listener():
        if next(beats, None) is None:
            raise Over

    return listener


@pytest.mark.parametrize(
    "work",
    [
        lambda: coalitional.war({f"P{k}": k + 1 for k in range(12)}),
        lambda: coalitional.CoalitionalGame(np.arange(2**13)).exact,
        lambda: exactly_all(np.arange(5000.0)),
        lambda: world.build(1853).stage(),
    ],
    ids=["war", "worths as fractions", "payoffs as fractions", "a stage game of five powers"],
)
def test_long_work_is_stopped_by_a_listener(work, monkeypatch):
    monkeypatch.setattr(heartbeat, "_listeners", [raising(2)])
    with pytest.raises(Over):
        work()


def test_beats_come_before_the_first_of_every_so_many(monkeypatch):
    heard = []
    monkeypatch.setattr(heartbeat, "_listeners", [])
    heartbeat.listen(lambda: heard.append(len(taken)))
    taken = []
    taken.extend(heartbeat.beating(range(10), every=4))
    assert taken == list(range(10))
    assert len(heard) == 3


def test_who_listens_twice_is_called_once(monkeypatch):
    heard = []

    def listener():
        heard.append(1)

    monkeypatch.setattr(heartbeat, "_listeners", [])
    heartbeat.listen(listener)
    heartbeat.listen(listener)
    heartbeat.beat()
    assert heard == [1]
