"""The point of a convex hull with the largest weighted product of gains, and a proven gap."""

from __future__ import annotations

import numpy as np

from games.normal_form import FloatArray
from solvers.bargaining._problem import BargainingProblem, Key

__all__ = ["maximise_log_product"]

_ROUNDS = 1000
_GAP = 1e-13


def maximise_log_product(
    problem: BargainingProblem, weights: FloatArray
) -> tuple[FloatArray, tuple[tuple[float, Key], ...], float]:
    """Maximise sum_i w_i log x_i over the scaled gains x of a bargaining problem.

    This is Wolfe's (1976) method for the nearest point of a polytope, with Newton's step in place of the projection. It takes the
    best point among a few agreements, then adds the agreement that lies furthest beyond the tangent plane, until none does.

    Returns
    -------
    gains (N,) as shares of each player's payoff range; the lottery over agreements; and a bound on the shortfall of the
    objective: with g_i = w_i / x_i, every point p of the set has sum_i w_i log p_i - sum_i w_i log x_i <= g * (p - x),
    because the logarithm is concave.
    """
    start = problem.optimise(np.zeros(problem.n_players), 1.0, np.ones(problem.n_players))
    keys = [key for _, key in start.lottery]
    atoms = np.array([problem.gains(key) for key in keys])
    mix = np.array([p for p, _ in start.lottery])
    best_gap = np.inf
    best: tuple[FloatArray, list[Key], FloatArray] = (mix, keys, mix @ atoms)
    for _ in range(_ROUNDS):
        mix, used = _inner(atoms, mix, weights)
        atoms, keys = atoms[used], [keys[k] for k in used]
        gains = mix @ atoms
        slope = weights / gains
        value, key = problem.best_in(slope)
        gap = max(0.0, value - float(slope @ gains))
        if gap < best_gap:
            best_gap, best = gap, (mix, list(keys), gains)
        if gap <= _GAP or key in keys:
            break
        atoms, keys, mix = np.vstack([atoms, problem.gains(key)]), [*keys, key], np.append(mix, 0.0)
    mix, keys, gains = best
    return gains, tuple((float(p), k) for p, k in zip(mix, keys) if p > 0), float(best_gap)


def _inner(atoms: FloatArray, mix: FloatArray, weights: FloatArray) -> tuple[FloatArray, list[int]]:
    """The best mixture of the given points, and which of them it uses: Newton's method with an active set."""
    used = list(range(len(mix)))
    for _ in range(200):
        points = atoms[used]
        gains = mix @ points
        if len(used) == 1:
            break
        # Directions that keep the sum of the probabilities: relative to the most likely, whose own must not vanish.
        base = int(mix.argmax())
        free = [k for k in range(len(used)) if k != base]
        moves = points[free] - points[base]
        slope = moves @ (weights / gains)
        curved = moves * (np.sqrt(weights) / gains)
        # curved.T @ step = sqrt(weights) in the least-squares sense is Newton's equation, without squaring its condition.
        step = np.linalg.lstsq(curved.T, np.sqrt(weights), rcond=1e-12)[0]
        rise = float(slope @ step)
        if rise <= 1e-30:
            break
        whole = np.zeros(len(used))
        whole[free] = step
        whole[base] = -step.sum()
        falling = whole < 0
        limits = np.where(falling, mix / np.where(falling, -whole, 1.0), np.inf)
        limit = float(limits.min())
        size = min(1.0 if rise < 0.0625 else 1.0 / (1.0 + np.sqrt(rise / weights.min())), limit)
        change = whole @ points
        now = float(weights @ np.log(gains))
        while size > 1e-18:
            after = gains + size * change
            if after.min() > 0 and float(weights @ np.log(after)) >= now:
                break
            size /= 2
        else:
            break
        mix = mix + size * whole
        if size == limit:
            gone = int(limits.argmin())
            mix[gone] = 0.0
            stay = [k for k in range(len(used)) if k != gone]
            mix, used = mix[stay], [used[k] for k in stay]
        mix = np.maximum(mix, 0.0)
        mix = mix / mix.sum()
        if rise <= 1e-26:
            break
    return mix, used
