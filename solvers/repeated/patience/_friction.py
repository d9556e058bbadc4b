"""Friction: how much ideological distance a deal bears before a power would rather break it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
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

    Payoffs of a model of spheres are linear in friction, so `friction_tolerance` applies exactly. `punish` is the
    profile reverted to, pure or mixed, on `punish_map`; it is kept as it is at every friction (that it still is an
    equilibrium there is for the caller to check). Compare with `model.friction`.
    """
    agreed = model.profile(profile)
    without, with_one = (replace(model, friction=phi) for phi in (0.0, 1.0))
    game = without.stage(map)
    punished = without.stage(punish_map)
    values = punished.expected(punish)
    return friction_tolerance(
        game,
        agreed,
        values,
        model.discount,
        game.payoffs - with_one.stage(map).payoffs,
        values - with_one.stage(punish_map).expected(punish),
    )


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
