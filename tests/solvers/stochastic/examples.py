"""The games of the tests, from the file of cases and from random numbers."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from games import NormalFormGame, StochasticGame

CASES = json.loads((Path(__file__).parents[2] / "cases" / "stochastic.json").read_text())


def named(name: str, discount: float) -> StochasticGame:
    case = CASES["games"][name]
    if "gift" in case:
        gifts = np.array(list(np.ndindex(2, 2, 2)))
        worth = case["gift"]["return"] * gifts.sum(axis=1, keepdims=True) - case["gift"]["cost"] * gifts
        low = NormalFormGame(worth.reshape(2, 2, 2, 3))
        stages = [low, low.rescale(1, case["gift"]["bonus"])]
    else:
        stages = [NormalFormGame(np.array(table)) for table in case["stages"]]
    return StochasticGame(stages, [np.array(rows) for rows in case["transitions"]], discount)


def random_game(
    seed: int, players: int = 2, states: int = 2, actions: int = 2, discount=None
) -> StochasticGame:
    rng = np.random.default_rng(seed)
    shape = (actions,) * players
    stages = [NormalFormGame(rng.normal(size=(*shape, players))) for _ in range(states)]
    steps = [rng.dirichlet(np.ones(states), size=shape) for _ in range(states)]
    return StochasticGame(stages, steps, rng.uniform(0.2, 0.9) if discount is None else discount)


def reserves(most: int, price: int, least: int, largest: int, discount: float) -> StochasticGame:
    """The Cournot duopoly of Goldluecke and Kranz with reserves that are used up and refilled by chance."""
    levels = most + 1
    stages, steps = [], []
    for own in range(levels):
        for other in range(levels):
            q1, q2 = np.meshgrid(np.arange(own + 1), np.arange(other + 1), indexing="ij")
            margin = np.maximum(price - q1 - q2, 0)
            stages.append(NormalFormGame(np.stack([margin * q1, margin * q2], axis=-1).astype(float)))
            step = np.zeros((*q1.shape, levels, levels))
            draws = range(least, largest + 1)
            for x in draws:
                for y in draws:
                    left = np.clip(own - q1 + x, 0, most), np.clip(other - q2 + y, 0, most)
                    rows = np.indices(q1.shape)
                    step[rows[0], rows[1], left[0], left[1]] += 1.0 / len(draws) ** 2
            steps.append(step.reshape(*q1.shape, -1))
    return StochasticGame(stages, steps, discount)
