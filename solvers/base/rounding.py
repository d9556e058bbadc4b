"""What counts as rounding: units of payoffs, tolerances, and the best responses and pure equilibria that they decide."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from games.normal_form import BoolArray, FloatArray, NormalFormGame

__all__ = [
    "ROUNDING",
    "SAME",
    "TOLERANCE",
    "best_response_payoffs",
    "payoff_units",
    "pure_equilibria",
    "rounding",
    "rounding_many",
    "same_profile",
]

TOLERANCE = 1e-9
"""Share of a player's payoff range below which a difference is taken for rounding where other solvers' answers enter.

Linear programs are solved to some 1e-10, equilibria are polished to as much: ten times that."""

SAME = 1e-9
"""Probabilities closer than this are one: far above what polishing leaves, far below what tells two equilibria apart."""

ROUNDING = 1e-12
"""Share of a player's payoff range below which a difference between payoffs of one game is taken for rounding.

Sums of a thousand terms round to some 1e-13 of the range. Where the range is not known, the largest payoff in sight stands in."""


def payoff_units(ranges: npt.ArrayLike) -> FloatArray:
    """Each player's unit of payoff: its range, or 1 if its payoffs never vary; the shape of `ranges`.

    >>> payoff_units([3.0, 0.0])
    array([3., 1.])
    """
    size = np.asarray(ranges, dtype=np.float64)
    return np.where(size > 0.0, size, 1.0)


def rounding(game: NormalFormGame) -> FloatArray:
    """Differences of payoffs below this are rounding, shape (N,): 1e-12 of the range plus a few float spacings."""
    largest = np.abs(game.payoffs).reshape(-1, game.n_players).max(axis=0)
    return _least(game.ranges, largest)


def rounding_many(payoffs: FloatArray) -> FloatArray:
    """`rounding` of many games of one size, (D, N) for payoffs (D, k_1, ..., k_N, N).

    >>> bool((rounding_many(np.ones((2, 3, 3, 2))) == 8 * np.finfo(float).eps).all())
    True
    """
    # Not -1, which no games at all leave open.
    flat = payoffs.reshape(len(payoffs), prod(payoffs.shape[1:-1]), payoffs.shape[-1])
    return _least(flat.max(axis=1) - flat.min(axis=1), np.abs(flat).max(axis=1))


def _least(ranges: FloatArray, largest: FloatArray) -> FloatArray:
    return np.asarray(ROUNDING * ranges + 8 * np.finfo(np.float64).eps * largest)


def same_profile(one: Sequence[npt.NDArray[Any]], other: Sequence[npt.NDArray[Any]]) -> bool:
    """Are two mixed profiles, arrays of probabilities for each player, the same up to `SAME`?

    >>> same_profile([np.array([0.5, 0.5])], [np.array([0.5 + 1e-12, 0.5 - 1e-12])])
    True
    """
    return all(bool(np.abs(v - w).max() < SAME) for v, w in zip(one, other))


def best_response_payoffs(payoffs: FloatArray) -> FloatArray:
    """What each player gets by its best response to the others' actions at each profile, in the shape of `payoffs`.

    `payoffs` is an array (k_1, ..., k_N, N).

    >>> best_response_payoffs(np.array([[[3.0, 3], [0, 5]], [[5, 0], [1, 1]]]))[0, 0]
    array([5., 5.])
    """
    n = payoffs.shape[-1]
    columns = [
        np.broadcast_to(payoffs[..., i].max(axis=i, keepdims=True), payoffs.shape[:-1]) for i in range(n)
    ]
    return np.stack(columns, axis=-1)


def pure_equilibria(game: NormalFormGame) -> BoolArray:
    """Which profiles are pure Nash equilibria, up to `ROUNDING` of the payoff ranges; shape (k_1, ..., k_N).

    For exact ties only, see `game.best_response_mask`.

    >>> from games import catalog
    >>> pure_equilibria(catalog.prisoners_dilemma()).tolist()
    [[False, False], [False, True]]
    """
    best = best_response_payoffs(game.measured)
    return np.asarray((game.measured >= best - ROUNDING * game.ranges).all(axis=-1))
