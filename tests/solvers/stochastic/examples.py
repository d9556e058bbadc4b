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


def risk_sharing(levels: int, steps: int, discount: float) -> StochasticGame:
    """Two players who insure each other: endowments on a grid of `levels`, gifts in multiples of a step."""
    stages = []
    for level in range(levels):
        given, got = np.meshgrid(
            np.arange(level * steps + 1), np.arange((levels - 1 - level) * steps + 1), indexing="ij"
        )
        left = (level * steps - given + got) / ((levels - 1) * steps)
        stages.append(NormalFormGame(np.sqrt(np.stack([left, 1 - left], axis=-1))))
    return StochasticGame(stages, np.full((levels, levels), 1 / levels), discount)


def arms_race(discount: float) -> StochasticGame:
    """Kranz's arms race: each waits or attacks, and destroys, keeps or builds a weapon."""
    case = CASES["arms race"]
    most = case["most"]

    def actions(own: int) -> list[tuple[str, str]]:
        changes = [*(["destroy"] if own else []), "keep", *(["build"] if own < most else [])]
        return [(what, change) for what in ("wait", "attack")[: 1 + (own > 0)] for change in changes]

    def payoff(own: int, other: int, mine: tuple[str, str], theirs: tuple[str, str]) -> float:
        harm = case["attack"] * own * (mine[0] == "attack") + other * (theirs[0] == "attack")
        return -harm - case["build"] * (mine[1] == "build") - case["upkeep"] * own

    def after(own: int, change: str) -> dict[int, float]:
        if change == "build":
            return {own: 1 - case["success"], own + 1: case["success"]}
        return {own - (change == "destroy"): 1.0}

    states = list(np.ndindex(most + 1, most + 1))
    stages, rows = [], []
    for x, y in states:
        mine, theirs = actions(x), actions(y)
        payoffs = [[[payoff(x, y, a, b), payoff(y, x, b, a)] for b in theirs] for a in mine]
        step = np.zeros((len(mine), len(theirs), most + 1, most + 1))
        for k, (_, change) in enumerate(mine):
            for m, (_, other) in enumerate(theirs):
                for u, p in after(x, change).items():
                    for v, q in after(y, other).items():
                        step[k, m, u, v] += p * q
        labels = [[" ".join(a) for a in mine], [" ".join(b) for b in theirs]]
        stages.append(NormalFormGame(np.array(payoffs), actions=labels))
        rows.append(step.reshape(len(mine), len(theirs), -1))
    return StochasticGame(stages, rows, discount, names=[f"{x} and {y}" for x, y in states])
