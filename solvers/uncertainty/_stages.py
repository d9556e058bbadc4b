"""What follows from many stage games at once: arrays of payoffs (D, k_1, ..., k_N, N), one game for each of D draws.

No function loops over draws. Profiles are tuples of N action numbers, the same in every draw; results have the draws first.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Any, NamedTuple

import numpy as np

from games.normal_form import BoolArray, FloatArray
from solvers.base.deviations import deviation_gains, payoffs_at
from solvers.base.rounding import TOLERANCE, rounding_many

__all__ = [
    "Bounds",
    "block_pairs",
    "correlated_minmax",
    "deviation_gains",
    "equilibrium_bounds",
    "own_first",
    "pairs",
    "payoffs_at",
    "pure_equilibria",
    "pure_minmax",
    "rounding_many",
]


class Bounds(NamedTuple):
    """The least and the most that each player gets over some outcomes, (D, N) each; NaN where there is none."""

    low: FloatArray
    high: FloatArray


def pairs(count: int) -> list[tuple[int, int]]:
    """All pairs of players in order."""
    return list(combinations(range(count), 2))


def own_first(payoffs: FloatArray, player: int) -> FloatArray:
    """A player's payoffs (D, k_i, profiles of the others)."""
    table = np.moveaxis(payoffs[..., player], 1 + player, 1)
    return table.reshape(*table.shape[:2], -1)


def pure_equilibria(payoffs: FloatArray) -> BoolArray:
    """Which profiles are equilibria in pure strategies, (D, k_1, ..., k_N); payoffs are compared exactly."""
    mask = np.ones(payoffs.shape[:-1], dtype=np.bool_)
    for i in range(payoffs.shape[-1]):
        own = payoffs[..., i]
        mask &= own == own.max(axis=1 + i, keepdims=True)
    return mask


def equilibrium_bounds(payoffs: FloatArray, mask: BoolArray) -> Bounds:
    """Least and largest payoffs over the profiles of a mask, (D, N); NaN in draws without one."""
    flat = payoffs.reshape(len(payoffs), -1, payoffs.shape[-1])
    chosen = mask.reshape(len(payoffs), -1, 1)
    low = np.where(chosen, flat, np.inf).min(axis=1)
    high = np.where(chosen, flat, -np.inf).max(axis=1)
    return Bounds(np.where(np.isinf(low), np.nan, low), np.where(np.isinf(high), np.nan, high))


def pure_minmax(payoffs: FloatArray) -> FloatArray:
    """The least to which the others can hold each player by one profile of theirs, (D, N)."""
    count = payoffs.shape[-1]
    return np.stack([own_first(payoffs, i).max(axis=1).min(axis=1) for i in range(count)], axis=-1)


def correlated_minmax(payoffs: FloatArray) -> FloatArray:
    """The least to which the others can hold each player by randomising together, (D, N).

    Equals the player's mixed maxmin (von Neumann 1928, Mathematische Annalen 100, 295-320). Where the matrix game has a
    saddle point in pure strategies that is its value; elsewhere it is solved.
    """
    from solvers.base.matrix_game import solve_matrix_games

    out = np.empty((len(payoffs), payoffs.shape[-1]))
    for i in range(payoffs.shape[-1]):
        table = own_first(payoffs, i)
        upper, lower = table.max(axis=1).min(axis=1), table.min(axis=2).max(axis=1)
        out[:, i] = upper
        rest = np.flatnonzero(upper > lower)
        if len(rest):
            solved = solve_matrix_games(table[rest])
            out[rest, i] = np.clip(solved.upper, lower[rest], upper[rest])
    return out


def block_pairs(payoffs: FloatArray, profile: Sequence[int]) -> BoolArray:
    """Which pairs could leave a profile together, both gaining in the year itself, (D, P); pairs as in `pairs`.

    All pure joint actions of the pair are compared while the others keep to the profile.
    """
    count = payoffs.shape[-1]
    flat = payoffs.reshape(len(payoffs), -1, count)
    small = TOLERANCE * (flat.max(axis=1) - flat.min(axis=1))
    base = payoffs_at(payoffs, profile)
    out = np.zeros((len(payoffs), len(pairs(count))), dtype=np.bool_)
    for p, (i, j) in enumerate(pairs(count)):
        index: tuple[Any, ...] = (
            slice(None),
            *(slice(None) if k in (i, j) else profile[k] for k in range(count)),
        )
        table = payoffs[index].reshape(len(payoffs), -1, count)
        both = np.ones(table.shape[:2], dtype=np.bool_)
        for k in (i, j):
            both &= table[..., k] - base[:, k, None] > small[:, k, None]
        out[:, p] = both.any(axis=1)
    return out
