from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.nash import find_all


def test_one_player_takes_the_best_action():
    found = find_all(NormalFormGame(np.array([[1.0], [3.0], [2.0]])))
    assert [e.support for e in found] == [((1,),)]
    assert found.complete
    assert found.degenerate is False
    assert found[0].index == 1


def test_one_player_with_a_tie_may_mix():
    found = find_all(NormalFormGame(np.array([[3.0], [3.0], [2.0]])))
    assert len(found) == 2
    assert found.degenerate is True
    assert len(found.components) == 1
    assert found.components[0].exact_extreme
    assert [e.index for e in found] == [None, None]


@pytest.mark.parametrize("shape", [(3, 4), (1, 1), (2, 1), (2, 2, 2)])
def test_every_number_of_players_has_the_same_face(shape):
    rng = np.random.default_rng(7)
    found = find_all(NormalFormGame(rng.random((*shape, len(shape)))))
    assert found.complete
    assert len(found) % 2 == 1
    assert sum(e.index for e in found) == 1


@pytest.mark.parametrize("shape", [(2,), (2, 2), (2, 2, 2)])
def test_a_time_limit_must_be_positive(shape):
    with pytest.raises(ValueError, match="positive"):
        find_all(NormalFormGame(np.random.default_rng(0).random((*shape, len(shape)))), time_limit=0)
