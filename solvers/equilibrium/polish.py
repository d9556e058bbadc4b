"""From nearly an equilibrium to one: solve its support's indifference conditions, then verify by regret."""

from __future__ import annotations

from typing import Any

import numpy as np

from games.normal_form import NormalFormGame
from games.types import BoolArray, FloatArray
from solvers.base.multilinear import StackedGame
from solvers.base.rounding import payoff_units
from solvers.equilibrium.results import Equilibrium

__all__ = ["TOLERANCE", "indifferent", "polished"]

# The largest regret, in units of each player's payoff range, that passes for an equilibrium.
TOLERANCE = 1e-10
_THRESHOLDS = (1e-2, 1e-4, 1e-6, 1e-8, 1e-10)


def polished(game: NormalFormGame, p: FloatArray, nearness: float = 1.0) -> Equilibrium | None:
    """The equilibrium nearest to the stacked profile p, or None where none is found within `nearness` of it.

    The support is guessed by several thresholds, its indifference conditions solved by Newton's method, and the outcome with
    the least regret is kept if that is within TOLERANCE. Two players: the supports are solved in rationals
    where they belong to a regular equilibrium. Strict pure equilibria are exact with any number of players; other regular
    ones get an interval proof.
    """
    stacked = StackedGame(game)
    best: Equilibrium | None = None
    seen: set[bytes] = set()
    for threshold in _THRESHOLDS:
        support = p > threshold
        if support.tobytes() in seen or not all(part.any() for part in stacked.split(support)):
            continue
        seen.add(support.tobytes())
        found = _exactly(game, stacked, support)
        if found is None:
            q = indifferent(stacked, p, support)
            found = None if q is None else Equilibrium(game, stacked.split(q), proof="numeric")
        if found is None or np.abs(np.concatenate(found.profile) - p).max() > nearness:
            continue
        regret = _relative(found)
        if regret <= TOLERANCE and (best is None or regret < _relative(best)):
            best = found
            if found.proof == "exact":
                break
    if best is None:
        asis = Equilibrium(game, _normalised(stacked, p), proof="numeric")
        best = asis if _relative(asis) <= TOLERANCE else None
    return None if best is None else _certified(best)


def _certified(found: Equilibrium) -> Equilibrium:
    """The same with an interval proof and its index, where there is one."""
    from solvers.equilibrium.proof import prove

    if found.proof != "numeric":
        return found
    certificate = prove(found.game, found.profile)
    if isinstance(certificate, str):
        return found
    return Equilibrium(found.game, found.profile, "interval", certificate.index, certificate.radius)


def indifferent(stacked: StackedGame, p: FloatArray, support: BoolArray) -> FloatArray | None:
    """Newton's method from p on: all actions of the support pay alike. None unless it ends with probabilities."""
    on = np.flatnonzero(support)
    n = len(stacked.parts)
    owner = stacked.owner[on]
    member = (owner[:, None] == np.arange(n)).astype(float)
    q = np.where(support, p, 0.0)
    q /= np.bincount(stacked.owner, q)[stacked.owner]
    best = np.bincount(stacked.owner, q * stacked.values(q))
    for _ in range(30):
        values, jacobian = stacked.values_and_jacobian(q)
        residual = np.concatenate([values[on] - best[owner], member.T @ q[on] - 1.0])
        system = np.block([[jacobian[np.ix_(on, on)], -member], [member.T, np.zeros((n, n))]])
        step = np.linalg.lstsq(system, -residual, rcond=1e-12)[0]
        q[on] += step[: len(on)]
        best += step[len(on) :]
        if not np.isfinite(q).all() or np.abs(q).max() > 1e3:
            return None
        if np.abs(step).max() < 1e-15:
            break
    if q.min() < -1e-12 or np.abs(residual).max() > 1e-9:
        return None
    return np.concatenate(_normalised(stacked, q))


def _normalised(stacked: StackedGame, p: FloatArray) -> tuple[FloatArray, ...]:
    return tuple(np.maximum(part, 0.0) / np.maximum(part, 0.0).sum() for part in stacked.split(p))


def _relative(found: Equilibrium) -> float:
    scale = payoff_units(found.game.ranges)
    return float((found.regret / scale).max())


def _exactly(game: NormalFormGame, stacked: StackedGame, support: BoolArray) -> Equilibrium | None:
    members = [np.flatnonzero(part).tolist() for part in stacked.split(support)]
    if all(len(m) == 1 for m in members):
        profile = tuple(m[0] for m in members)
        for i, a in enumerate(profile):
            line: tuple[Any, ...] = (*profile[:i], slice(None), *profile[i + 1 :])
            # Each gain is one difference of payoffs as given, so that its sign is right.
            if (np.delete(game.gains_over(i, a)[line], a) >= 0).any():
                return None
        return Equilibrium(game, game.mixed(profile), proof="exact", index=1)
    if game.n_players == 2:
        from solvers.equilibrium.rational import positive_integers, regular_equilibrium

        return regular_equilibrium(game, *positive_integers(game), *members)
    return None
