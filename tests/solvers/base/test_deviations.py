"""Deviations from one profile in many games, beside those of each game alone."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from solvers.base.deviations import deviation_gains, payoffs_at


@pytest.mark.parametrize("shape", [(2, 2), (3, 1, 2), (2, 3, 2, 2)])
def test_each_game_has_what_it_has_alone(shape):
    rng = np.random.default_rng(len(shape))
    tables = rng.integers(-5, 6, (20, *shape, len(shape))).astype(float)
    profile = tuple(int(rng.integers(k)) for k in shape)
    gains, paid = deviation_gains(tables, profile), payoffs_at(tables, profile)
    for table, gain, own in zip(tables, gains, paid):
        game = NormalFormGame(table)
        assert own.tolist() == game.payoff(profile).tolist()
        assert np.maximum(gain, 0.0) == pytest.approx(game.regret(profile))
        for i, k in enumerate(shape):
            rest = [table[(*profile[:i], a, *profile[i + 1 :])][i] for a in range(k) if a != profile[i]]
            assert gain[i] == (max(rest) - own[i] if rest else 0.0)
