"""Equilibria that are not isolated: points on the connected sets of equilibria of a degenerate game.

All equilibria of a nearby generic game are moved onto the game itself. A connected set of equilibria that is stable against small
changes of the payoffs has an equilibrium of every nearby game close to it (Kohlberg and Mertens, "On the strategic stability of
equilibria", Econometrica 1986). Such sets are therefore met; others may be missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.base.rounding import ROUNDING
from solvers.equilibrium.proof import is_exact_equilibrium

__all__ = ["attract", "clusters", "rational"]

_THRESHOLDS = (0.0, 1e-6, 1e-4, 1e-3, 1e-2, 5e-2)


def attract(game: NormalFormGame, profile: MixedProfile) -> MixedProfile | None:
    """An equilibrium of the game (regret below 1e-12 of each payoff range) near a profile, or None.

    Probabilities below some threshold are set to zero. Gauss-Newton steps of least norm then lead to the nearest point where each
    support is indifferent, whether or not such points are isolated.
    """
    for threshold in _THRESHOLDS:
        supports = [np.flatnonzero(v > threshold) for v in profile]
        # Many actions with small probabilities may all be set to zero.
        point = _settle(game, profile, supports) if all(map(len, supports)) else None
        if point is not None and is_equilibrium(game, point):
            return point
    return None


def is_equilibrium(game: NormalFormGame, profile: MixedProfile) -> bool:
    """Whether no player can gain more than 1e-12 of its payoff range."""
    return bool((game.regret(profile) <= ROUNDING * game.ranges).all())


def _settle(
    game: NormalFormGame, profile: MixedProfile, supports: Sequence[np.ndarray[tuple[int], np.dtype[np.intp]]]
) -> MixedProfile | None:
    x = []
    for vector, support in zip(profile, supports):
        start = np.zeros(len(vector))
        start[support] = vector[support]
        x.append(start / start.sum())
    payoffs = game.normalised
    n, sizes = game.n_players, [len(s) for s in supports]
    totals = np.repeat(np.eye(n), sizes, axis=1)
    for _ in range(30):
        equations, slopes = [], []
        for i, support in enumerate(supports):
            values = _without(payoffs[..., i], x, {i})
            equations.append(values[support[0]] - values[support[1:]])
            row = []
            for j in range(n):
                if j == i:
                    row.append(np.zeros((len(support) - 1, len(supports[j]))))
                    continue
                slope = _without(payoffs[..., i], x, {i, j})
                slope = slope if i < j else slope.T
                row.append((slope[support[1:]] - slope[support[:1]])[:, supports[j]])
            slopes.append(np.concatenate(row, axis=1))
        residual = np.concatenate([*equations, [1.0 - v.sum() for v in x]])
        step = np.linalg.lstsq(np.concatenate([*slopes, totals]), residual, rcond=1e-10)[0]
        for v, support, part in zip(x, supports, np.split(step, np.cumsum(sizes)[:-1])):
            v[support] += part
        # Written so that an undefined number does not pass.
        if not all(np.abs(v).max() < 10 for v in x):
            return None
        if np.abs(step).max() < 1e-15:
            break
    out = []
    for v in x:
        if v.min() < -1e-10:
            return None
        v = np.maximum(v, 0.0)
        out.append(v / v.sum())
    return tuple(out)


def _without(tensor: FloatArray, x: Sequence[FloatArray], keep: set[int]) -> FloatArray:
    for j in reversed(range(len(x))):
        if j not in keep:
            tensor = np.tensordot(tensor, x[j], axes=(j, 0))
    return tensor


def rational(game: NormalFormGame, profile: MixedProfile) -> bool:
    """Whether the profile's simplest fractions (denominators up to 1,000) are an equilibrium in rational arithmetic."""
    guess = [[Fraction(float(p)).limit_denominator(1000) for p in v] for v in profile]
    close = all(abs(float(q) - p) < 1e-12 for w, v in zip(guess, profile) for q, p in zip(w, v))
    return close and is_exact_equilibrium(game, guess)


def clusters(game: NormalFormGame, points: Sequence[MixedProfile]) -> list[list[int]]:
    """Group points that are joined by straight segments of equilibria, as far as five points on each can tell."""
    label = list(range(len(points)))
    for a in range(len(points)):
        for b in range(a):
            if label[a] != label[b] and _joined(game, points[a], points[b]):
                old, new = label[a], label[b]
                label = [new if value == old else value for value in label]
    return [[k for k, value in enumerate(label) if value == group] for group in sorted(set(label))]


def _joined(game: NormalFormGame, one: MixedProfile, other: MixedProfile) -> bool:
    return all(
        is_equilibrium(game, tuple((1 - s) * v + s * w for v, w in zip(one, other)))
        for s in (0.5, 0.25, 0.75, 0.125, 0.875)
    )
