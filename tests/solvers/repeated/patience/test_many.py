"""Critical discount factors of many games at once are those of each game alone."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import GameError, ProfileError
from solvers import repeated


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2), (1, 3), (4,)])
@pytest.mark.parametrize("whole", [True, False])
def test_each_game_has_what_it_has_alone(shape, whole):
    rng = np.random.default_rng([len(shape), shape[0], whole])
    size = (40, *shape, len(shape))
    payoffs = rng.integers(0, 5, size) if whole else rng.normal(size=size)
    profile = tuple(int(rng.integers(k)) for k in shape)
    punishment = rng.integers(0, 4, (40, len(shape))) if whole else rng.normal(size=(40, len(shape)))
    found = repeated.critical_discount_many(payoffs, profile, punishment)
    for game, values, row in zip(payoffs, punishment, found):
        alone = repeated.critical_discount(NormalFormGame(game), profile, values).per_player
        assert row == pytest.approx(alone, abs=1e-12)
    assert np.isinf(found).any() or len(shape) == 1
    same = repeated.critical_discount_many(payoffs, profile, punishment[0])
    assert same[0] == pytest.approx(found[0])


@pytest.mark.parametrize(
    ("payoffs", "profile", "punishment", "error"),
    [
        (np.zeros((3, 2, 2)), (0, 0), 0, GameError),
        (np.zeros((3, 0, 2, 2)), (0, 0), 0, GameError),
        (np.zeros((3, 2, 2, 3)), (0, 0), 0, GameError),
        (np.full((3, 2, 2, 2), np.nan), (0, 0), 0, GameError),
        ("no", (0, 0), 0, GameError),
        (np.zeros((3, 2, 2, 2)), (0, 2), 0, ProfileError),
        (np.zeros((3, 2, 2, 2)), (0,), 0, ProfileError),
        (np.zeros((3, 2, 2, 2)), (0, 0.5), 0, GameError),
        (np.zeros((3, 2, 2, 2)), (0, 0), [0, 0, 0], GameError),
    ],
)
def test_what_is_not_many_games_is_refused(payoffs, profile, punishment, error):
    with pytest.raises(error):
        repeated.critical_discount_many(payoffs, profile, punishment)


def test_no_games_at_all_have_no_numbers():
    assert repeated.critical_discount_many(np.zeros((0, 2, 2, 2)), (0, 0), 0).shape == (0, 2)
