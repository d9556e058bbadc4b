"""One application of the operator to a polytope: what its promises can make the profiles pay, by linear programs."""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from games.types import BoolArray, IndexArray
from solvers.repeated.public._programs import Furthest, SignalGame

__all__ = ["Bounds", "image"]

# Rounds of settling, each a product of matrices: cheap beside one linear program.
_GOINGS = 300


def image(
    game: SignalGame,
    vertices: FloatArray,
    normals: FloatArray,
    possible: BoolArray,
    capped: bool,
    bounds: Bounds | None = None,
) -> tuple[FloatArray, FloatArray] | None:
    """Bounds (K,) on what the operator makes of the polytope in each direction, and the payoffs that it reaches (P, N).

    Profiles that nothing enforces are struck off `possible`. With `capped` a profile's value in a direction is at most that of
    its own stage payoff, and profiles that cannot win for that reason are not tried.
    """
    reach = (vertices @ (game.discount * normals).T).max(axis=0)
    caps = ((1.0 - game.discount) * game.payoffs) @ normals.T + reach
    if capped:
        caps = np.minimum(caps, game.payoffs @ normals.T)
    caps[~possible] = -np.inf
    best = np.full(len(normals), -np.inf)
    points = []
    tried = np.zeros(caps.shape, dtype=np.bool_)
    while True:
        left = np.where(tried, -np.inf, caps)
        candidate = left.argmax(axis=0)
        worth = left.max(axis=0) > best
        if not worth.any():
            break
        for a in np.unique(candidate[worth]):
            mine = np.flatnonzero(worth & (candidate == a))
            answer = game.furthest(int(a), vertices, normals[mine])
            tried[a, mine] = True
            if answer is None:
                possible[a] = False
                caps[a] = -np.inf
                continue
            best[mine] = np.maximum(best[mine], np.minimum(answer.values, caps[a, mine]))
            points.append(answer.points)
            if bounds is not None:
                cap = game.payoffs[a] @ normals[mine].T if capped else np.full(len(mine), np.inf)
                bounds.add(mine, answer, cap)
    if bounds is not None:
        bounds.floor = left.max(axis=0)
    return (best, np.concatenate(points)) if points else None


class Bounds:
    """In the plane: what the levels of all directions are at most, given one another, without further linear programs.

    The duals of the programs of one round bound each profile's reach by the levels of the directions next to their prices, in
    whatever set. Going round with them does at once what the operator would do over many rounds.
    """

    def __init__(self, normals: FloatArray, levels: FloatArray) -> None:
        self.order = np.argsort(np.arctan2(normals[:, 1], normals[:, 0]))
        self.normals, self.levels = normals, levels
        self.floor = np.full(len(normals), -np.inf)
        self.rows: list[tuple[IndexArray, FloatArray, FloatArray, FloatArray]] = []

    def add(self, mine: IndexArray, answer: Furthest, cap: FloatArray) -> None:
        """Take in the bounds of one profile in the directions `mine`."""
        count, signals, _ = answer.prices.shape
        matrix = np.zeros((count, len(self.normals)))
        ring = self.normals[self.order]
        angles = np.arctan2(ring[:, 1], ring[:, 0])
        flat = answer.prices.reshape(-1, 2)
        place = np.searchsorted(angles, np.arctan2(flat[:, 1], flat[:, 0]), side="right")
        one, other = self.order[place - 1], self.order[place % len(ring)]
        system = np.stack([self.normals[one], self.normals[other]], axis=2)
        parts = np.linalg.solve(system, flat[:, :, None])[:, :, 0]
        row = np.repeat(np.arange(count), signals)
        np.add.at(matrix, (row, one), np.maximum(parts[:, 0], 0.0))
        np.add.at(matrix, (row, other), np.maximum(parts[:, 1], 0.0))
        # Rounding of the multipliers is worth no more than this, payoffs lying between 0 and 1.
        spare = 4e-16 + np.minimum(parts, 0.0).min(initial=0.0) * -2.0
        self.rows.append((mine, answer.constant + spare, matrix, cap))

    def settled(self, levels: FloatArray) -> FloatArray:
        """Levels after going round until they stay, none above those given."""
        mine = np.concatenate([row[0] for row in self.rows])
        constant, matrix, cap = (np.concatenate([row[k] for row in self.rows]) for k in (1, 2, 3))
        for _ in range(_GOINGS):
            after = self.floor.copy()
            np.maximum.at(after, mine, np.minimum(cap, constant + matrix @ levels))
            after = np.minimum(levels, after)
            moved = float((levels - after).max())
            levels = after
            if moved <= 1e-12:
                break
        return levels
