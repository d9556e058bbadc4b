"""Friction: how much ideological distance a deal withstands before a power prefers to break it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked, instance, number, numbers
from games.errors import GameError, MethodError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import discount_vector
from games.words import listed
from solvers.base.deadline import keeps_time, reached
from solvers.base.rounding import ROUNDING, rounding
from solvers.repeated.patience._slack import incentive_slack

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
    """The largest friction at which each player does not deviate, shape (N,), where payoffs fall linearly in it.

    Parameters
    ----------
    game : NormalFormGame, payoffs without friction
    profile : what is to be sustained
    punishment_value : array (N,), values without friction, of a punishment without end
    discount : one, or one for each player
    exposure : array like `game.payoffs`, or (N,) if friction affects only the payoffs of `profile`: by how much a unit of
        friction lowers the payoffs
    punishment_exposure : array (N,), by how much a unit of friction lowers the punishment values

    Returns
    -------
    array (N,)
        inf where no friction makes deviating pay, negative where deviating pays without friction.

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
    instance(game, NormalFormGame, "the game")
    a = game.profile(profile)
    n = game.n_players
    d = discount_vector(discount, game)
    w = _one_each(punishment_value, "punishment_value", game)
    fw = _one_each(punishment_exposure, "punishment_exposure", game)
    f = numbers(exposure, "exposure")
    if f.shape == (n,):
        everywhere = np.zeros(game.payoffs.shape)
        everywhere[a] = f
        f = everywhere
    if f.shape != game.payoffs.shape or not np.isfinite(f).all():
        raise GameError(
            f"exposure has shape {f.shape}; it needs finite numbers of shape {(n,)}, or {game.payoffs.shape} as the payoffs"
        )
    out = np.full(n, np.inf)
    for i, k in enumerate(game.shape):
        for b in range(k):
            if b == a[i]:
                continue
            other = (*a[:i], b, *a[i + 1 :])
            gain = game.payoffs[other][i] - game.payoffs[a][i]
            slack = float(incentive_slack(gain, game.payoffs[a][i], w[i], d[i]))
            lost = f[a][i] - (1 - d[i]) * f[other][i] - d[i] * fw[i]
            if slack < -rounding(game)[i] and lost <= 0:
                out[i] = -np.inf
            elif lost > 0:
                out[i] = min(out[i], slack / lost)
    return out


def _one_each(values: npt.ArrayLike, what: str, game: NormalFormGame) -> FloatArray:
    table = numbers(values, what)
    if table.shape not in ((), (game.n_players,)) or not np.isfinite(table).all():
        raise GameError(
            f"{what} has shape {table.shape}; it needs one finite number, or one for each of {listed(game.players)}"
        )
    return np.broadcast_to(table, (game.n_players,))


@checked
@keeps_time("the friction that is tolerated", "take a map with fewer regions")
def model_friction_tolerance(
    model: SpheresModel,
    punish: Sequence[Any],
    profile: str | Sequence[str | SupportsInt] = "concert",
    map: MapLike = "status quo",
    punish_map: MapLike = "status quo",
    *,
    time_limit: float | None = None,
) -> FloatArray:
    """The largest friction at which each power of a model keeps to a profile at its own discount factor, shape (N,).

    inf where no friction makes it deviate, -inf where it deviates without any. A tie's friction takes no more than the tie
    brings. Payoffs are therefore linear in friction between the frictions at which one of the ties has nothing left. The slack is
    computed at those and is exact between them. `punish` is the profile reverted to, pure or mixed, on `punish_map`; it is kept
    as it is at every friction (that it still is an equilibrium there is for the caller to check).

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
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
    contests = stances.every_contest(count)
    weights = np.array(1.0)
    for vector in punish:
        weights = np.multiply.outer(weights, np.asarray(vector, dtype=np.float64))
    values = np.tensordot(weights.ravel(), model.payoffs(contests, punish_map, draws), axes=(0, 1))
    d = model.discount
    # Each deviation's slack is linear between the kinks; the best deviation may change there, so each is followed alone.
    gain = found.deviations - found.payoffs[..., None]
    slack = incentive_slack(gain, found.payoffs[..., None], values[..., None], d[:, None])
    small = ROUNDING * np.abs(found.deviations).max(axis=(0, 2))
    out = np.full(count, np.inf)
    for i in range(count):
        for path in slack[:, i].T:
            bad = np.flatnonzero(path < -small[i])
            if not len(bad):
                continue
            k = int(bad[0])
            borne = -np.inf
            if k > 0:
                high, low = max(path[k - 1], 0.0), path[k]
                borne = grid[k - 1] + (grid[k] - grid[k - 1]) * high / (high - low)
            out[i] = min(out[i], borne)
    return out


@keeps_time("the search", "ask for a larger width")
def largest_tolerated(
    holds: Callable[[float], bool],
    low: float,
    high: float,
    width: float = 1e-9,
    *,
    time_limit: float | None = None,
) -> tuple[float, float]:
    """Bracket the largest x in [low, high] at which `holds(x)`, by bisection; above an x where it fails it should always fail.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Returns (largest x seen to hold, smallest x above it seen to fail): (-inf, low) if it fails at `low`, (high, inf) if
    it holds at `high`. The bracket is narrower than `width` times its larger end (or than `width`).

    >>> low, high = largest_tolerated(lambda x: x * x <= 2, 0.0, 4.0)
    >>> round(low, 6), high - low < 1e-8
    (1.414214, True)
    """
    if not callable(holds):
        raise GameError(f"holds must be a function of one number; got {holds!r}")
    low, high = (number(x, f"{name} is a finite number") for name, x in (("low", low), ("high", high)))
    width = number(width, "width is a positive number", MethodError, above=0.0)
    if not low < high:
        raise GameError(f"the search needs low < high; got {low} and {high}")
    if not holds(low):
        return -np.inf, low
    if holds(high):
        return high, np.inf
    while high - low > width * max(1.0, abs(high)):
        reached(f"it lies between {low:.6g} and {high:.6g}")
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high
