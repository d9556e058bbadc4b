"""What tests of payments share: random games, and the set of profiles that can be played found the slow way."""

from __future__ import annotations

from itertools import product

import numpy as np

from games import NormalFormGame


def random_game(seed, shape=(3, 3), high=10):
    rng = np.random.default_rng(seed)
    return NormalFormGame(rng.integers(0, high, (*shape, len(shape))).astype(float))


def best_replies(game):
    """What each player gets by its best reply, profile by profile."""
    out = {}
    for a in product(*map(range, game.shape)):
        out[a] = [
            max(game.payoffs[(*a[:i], k, *a[i + 1 :], i)] for k in range(game.shape[i]))
            for i in range(game.n_players)
        ]
    return out


def by_iteration(game, d):
    """Goldluecke and Kranz's fixed point from above: drop what cannot be played until nothing drops."""
    best = best_replies(game)
    allowed = set(best)
    while allowed:
        joint = max(game.payoffs[a].sum() for a in allowed)
        lowest = [min(best[a][i] for a in allowed) for i in range(game.n_players)]
        kept = {
            a
            for a in allowed
            if (1 - d) * (sum(best[a]) - game.payoffs[a].sum()) <= d * (joint - sum(lowest)) + 1e-9
        }
        if kept == allowed:
            return joint, lowest
        allowed = kept
    return None
