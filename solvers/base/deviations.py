"""What one profile pays in many games of one size at once, and what leaving it alone gains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from games.normal_form import FloatArray

__all__ = ["deviation_gains", "payoffs_at"]


def payoffs_at(payoffs: FloatArray, profile: Sequence[int]) -> FloatArray:
    """Payoffs of a profile in games (D, k_1, ..., k_N, N), (D, N).

    >>> payoffs_at(np.array([[[[3.0, 3], [0, 5]], [[5, 0], [1, 1]]]]), (0, 1))
    array([[0., 5.]])
    """
    index: tuple[Any, ...] = (slice(None), *profile)
    return np.asarray(payoffs[index])


def deviation_gains(payoffs: FloatArray, profile: Sequence[int]) -> FloatArray:
    """What each player's best *other* action gains it at a profile, (D, N): negative where every deviation costs.

    A player with one action has no deviation, gain 0.

    >>> deviation_gains(np.array([[[[3.0, 3], [0, 5]], [[5, 0], [1, 1]]]]), (1, 1))
    array([[-1., -1.]])
    """
    gains = np.zeros((len(payoffs), payoffs.shape[-1]))
    for i, k in enumerate(payoffs.shape[1:-1]):
        if k == 1:
            continue
        index: tuple[Any, ...] = (slice(None), *profile[:i], slice(None), *profile[i + 1 :], i)
        own = payoffs[index]
        others = np.where(np.arange(k) == profile[i], -np.inf, own)
        gains[:, i] = others.max(axis=1) - own[:, profile[i]]
    return gains
