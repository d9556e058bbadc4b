"""Friction: how much ideological distance a deal bears before a power would rather break it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.errors import GameError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import discount_vector
from solvers.repeated.patience._thresholds import rounding

if TYPE_CHECKING:
    from games.spheres import MapLike, SpheresModel

__all__ = ["friction_tolerance", "largest_tolerated", "model_friction_tolerance"]


def friction_tolerance(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    punishment_value: npt.ArrayLike,
    discount: npt.ArrayLike,
    exposure: npt.ArrayLike,
    punishment_exposure: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The largest friction that each player bears before it deviates, shape (N,), where payoffs fall linearly in it.

    Parameters
    ----------
    game : NormalFormGame, payoffs without friction
    profile : what is to be sustained
    punishment_value : array (N,), values without friction, of a punishment for ever
    discount : one, or one for each player
    exposure : array like `game.payoffs`, or (N,) if friction touches only the payoffs of `profile`: what a unit takes
    punishment_exposure : array (N,), what a unit of friction takes from the punishment values

    Returns
    -------
    array (N,)
        inf where friction never makes deviating pay, negative where deviating pays without any.

    Notes
    -----
    Under friction phi, deviation b leaves the slack (u - phi f) - (1-d)(u_b - phi f_b) - d (w - phi f_w), linear in phi;
    the tolerance is the first root over all b. Prisoner's dilemma, friction on R only:
    phi = (R - (1-d) T - d P) / f, where the critical discount factor (T - R + phi f) / (T - P) reaches d.

    Examples
    --------
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> friction_tolerance(pd, (0, 0), [1, 1], 0.75, [1, 1])
    array([1., 1.])
    """
    a = game.profile(profile)
    n = game.n_players
    d = discount_vector(discount, game)
    w = np.broadcast_to(np.asarray(punishment_value, dtype=np.float64), (n,))
    fw = np.broadcast_to(np.asarray(punishment_exposure, dtype=np.float64), (n,))
    f = np.asarray(exposure, dtype=np.float64)
    if f.shape == (n,):
        everywhere = np.zeros(game.payoffs.shape)
        everywhere[a] = f
        f = everywhere
    if f.shape != game.payoffs.shape:
        raise GameError(
            f"exposure has shape {f.shape}; it needs {(n,)} or that of the payoffs, {game.payoffs.shape}"
        )
    out = np.full(n, np.inf)
    for i, k in enumerate(game.shape):
        for b in range(k):
            if b == a[i]:
                continue
            other = (*a[:i], b, *a[i + 1 :])
            slack = game.payoffs[a][i] - (1 - d[i]) * game.payoffs[other][i] - d[i] * w[i]
            worn = f[a][i] - (1 - d[i]) * f[other][i] - d[i] * fw[i]
            if slack < -rounding(game)[i] and worn <= 0:
                out[i] = -np.inf
            elif worn > 0:
                out[i] = min(out[i], slack / worn)
    return out


def model_friction_tolerance(
    model: SpheresModel,
    punish: Sequence[Any],
    profile: str | Sequence[str | SupportsInt] = "concert",
    map: MapLike = "status quo",
    punish_map: MapLike = "status quo",
) -> FloatArray:
    """The largest friction at which each power of a model keeps to a profile at its own discount factor, shape (N,).

    inf where no friction makes it deviate, -inf where it deviates without any. A tie's friction takes no more than the tie
    brings, so that payoffs are linear in friction between the frictions at which one of the ties has nothing left; the slack is
    computed at those and is exact between them. `punish` is the profile reverted to, pure or mixed, on `punish_map`; it is kept
    as it is at every friction (that it still is an equilibrium there is for the caller to check).
    """
    import pandas as pd

    from games.spheres import Draws, stances

    count = len(model.players)
    limits = model.friction_limits()
    kinks = np.unique(limits[np.isfinite(limits)])
    if not len(kinks):
        kinks = np.array([1.0])
    grid = np.concatenate([[0.0], kinks])
    draws = Draws.from_frame(pd.DataFrame({"friction": grid}))
    found = model.unilateral(model.profile(profile), map, draws)
    contests = stances.contest_matrices(stances.all_profiles(count))
    weights = np.array(1.0)
    for vector in punish:
        weights = np.multiply.outer(weights, np.asarray(vector, dtype=np.float64))
    values = np.tensordot(weights.ravel(), model.payoffs(contests, punish_map, draws), axes=(0, 1))
    d = model.discount
    best = found.deviations.max(axis=-1)
    slack = d * (found.payoffs - values) - (1 - d) * (best - found.payoffs)
    small = 1e-12 * np.abs(found.deviations).max(axis=(0, 2))
    out = np.full(count, np.inf)
    for i in range(count):
        bad = np.flatnonzero(slack[:, i] < -small[i])
        if len(bad) and bad[0] == 0:
            out[i] = -np.inf
        elif len(bad):
            k = int(bad[0])
            high, low = slack[k - 1, i], slack[k, i]
            out[i] = grid[k - 1] + (grid[k] - grid[k - 1]) * max(high, 0.0) / (high - low)
    return out


def largest_tolerated(
    holds: Callable[[float], bool], low: float, high: float, width: float = 1e-9
) -> tuple[float, float]:
    """Bracket the largest x in [low, high] at which `holds(x)`, by halving; `holds` should fail for good once it fails.

    Returns (largest x seen to hold, smallest x above it seen to fail): (-inf, low) if it fails at `low`, (high, inf) if
    it holds at `high`. The bracket is narrower than `width` times its larger end (or than `width`).

    >>> low, high = largest_tolerated(lambda x: x * x <= 2, 0.0, 4.0)
    >>> round(low, 6), high - low < 1e-8
    (1.414214, True)
    """
    if not low < high:
        raise GameError(f"the search needs low < high; got {low} and {high}")
    if not holds(low):
        return -np.inf, low
    if holds(high):
        return high, np.inf
    while high - low > width * max(1.0, abs(high)):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high
