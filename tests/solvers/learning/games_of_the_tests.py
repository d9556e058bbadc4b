"""Games of the tests of learning."""

from __future__ import annotations

import numpy as np

from games import NormalFormGame

PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
DILEMMA = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])


def random_game(shape: tuple[int, ...], seed: int) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng(seed).random((*shape, len(shape))))


def potential_game(shape: tuple[int, ...], seed: int) -> NormalFormGame:
    """All players have the same payoffs."""
    common = np.random.default_rng(seed).random(shape)
    return NormalFormGame(np.stack([common] * len(shape), axis=-1))
