"""One equilibrium of a game of any number of players by Newton's method on the complementarity problem, from many starts."""

from __future__ import annotations

import numpy as np

from games.errors import ConvergenceError
from games.normal_form import NormalFormGame
from games.types import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.limits import seconds, whole
from solvers.base.multilinear import StackedGame
from solvers.base.threads import one_thread
from solvers.equilibrium.polish import polished
from solvers.equilibrium.results import Equilibrium

__all__ = ["newton"]

_PATIENCE = 10
# Starts times the cube of the number of actions: one second of a processor. Where ten starts have failed in games of this size,
# more have not helped, and a machine that is busy otherwise may take ten times as long.
_WORK = 80_000_000


def newton(
    game: NormalFormGame,
    *,
    starts: int | None = None,
    seed: int = 0,
    max_iterations: int = 100,
    time_limit: float | None = None,
) -> Equilibrium:
    """One equilibrium by a damped Newton method; none is guaranteed, whatever is returned is verified by its regret.

    Let v_i be the value of the game to player i. In an equilibrium, for each action a of each player i, p_a >= 0,
    v_i - u_a(p) >= 0 and one of the two is zero. Each such pair is written as one equation by the function of
    Fischer (1992), a + b - sqrt(a^2 + b^2) = 0. The system is solved by the Levenberg-Marquardt form of Newton's
    method, first from uniform play, then from random profiles.

    Parameters
    ----------
    game : a game of any number of players
    starts : profiles to start from, the first of them uniform; by default 100, fewer (but 10) where all players have
        more than about 90 actions together, so that a refusal does not take minutes
    seed : of the random profiles
    max_iterations : Newton steps from one start
    time_limit : seconds of wall time

    Raises
    ------
    ConvergenceError
        If no start led to an equilibrium; it holds the profile that came closest and its regret.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> newton(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])).describe()
    'Player 1: 1 (0.5), 2 (0.5); Player 2: 1 (0.5), 2 (0.5)'
    """
    if starts is None:
        starts = max(10, min(100, _WORK // sum(game.shape) ** 3))
    whole("starts", starts, 1)
    whole("max_iterations", max_iterations, 1)
    stacked = StackedGame(game)
    rng = np.random.default_rng(whole("seed", seed, 0))
    deadline = Deadline(seconds("time_limit", time_limit))
    closest, least = stacked.uniform, np.inf
    tried = 0
    for start in range(starts):
        if start and deadline.passed:
            break
        # By turns from all over the simplex and from near its edges, where equilibria with small supports are.
        spread = 1.0 if start % 2 else 0.2
        p = (
            stacked.uniform
            if start == 0
            else np.concatenate([rng.dirichlet(np.full(k, spread)) for k in game.shape])
        )
        p = _descend(stacked, p, max_iterations, deadline)
        tried += 1
        positive = np.maximum(p, 1e-300)
        p = positive / np.bincount(stacked.owner, positive)[stacked.owner]
        values = stacked.values(p)
        best = np.array([part.max() for part in stacked.split(values)])
        regret = float((best - np.bincount(stacked.owner, p * values)).max())
        if regret < least:
            closest, least = p, regret
        if regret < 1e-3:
            found = polished(game, p, nearness=0.1)
            if found is not None:
                return found
    raise ConvergenceError(
        f"newton found no equilibrium from {tried} starts; the closest profile has a regret of {least:.2g} payoff ranges. "
        "Raise starts, or use another method ('logit', with two players 'lemke-howson')",
        "newton",
        stacked.split(closest),
        least,
    )


@one_thread
def _descend(stacked: StackedGame, p: FloatArray, max_iterations: int, deadline: Deadline) -> FloatArray:
    n = len(stacked.parts)
    member = (stacked.owner[:, None] == np.arange(n)).astype(float)
    z = np.concatenate([p, [part.max() for part in stacked.split(stacked.values(p))]])
    system, residual = _system(stacked, member, z)
    size = float(residual @ residual)
    damping = 1e-3
    mark = np.inf
    for iteration in range(max_iterations):
        if size < 1e-26 or deadline.passed:
            break
        if iteration % _PATIENCE == 0:
            # A descent that stalls has met a minimum that is no root; another start is worth more than waiting.
            if size > 0.5 * mark:
                break
            mark = size
        gradient = system.T @ residual
        normal = system.T @ system
        try:
            step = np.linalg.solve(normal + damping * np.eye(len(z)), -gradient)
        except np.linalg.LinAlgError:
            damping *= 5
            continue
        trial = z + step
        new_system, new_residual = _system(stacked, member, trial)
        new_size = float(new_residual @ new_residual)
        if new_size < size:
            z, system, residual, size = trial, new_system, new_residual, new_size
            damping = max(damping / 10, 1e-15)
        else:
            damping *= 5
            if damping > 1e6:
                break
    return z[: stacked.size]


def _system(stacked: StackedGame, member: FloatArray, z: FloatArray) -> tuple[FloatArray, FloatArray]:
    """The equations' derivatives and values at z = (p, v)."""
    p, v = z[: stacked.size], z[stacked.size :]
    values, jacobian = stacked.values_and_jacobian(p)
    gap = v[stacked.owner] - values
    length = np.hypot(p, gap)
    safe = np.where(length > 0, length, 1.0)
    # At the kink any element of the generalised derivative will do.
    by_p = 1.0 - np.where(length > 0, p / safe, np.sqrt(0.5))
    by_gap = 1.0 - np.where(length > 0, gap / safe, np.sqrt(0.5))
    top = np.hstack([np.diag(by_p) - by_gap[:, None] * jacobian, by_gap[:, None] * member])
    bottom = np.hstack([member.T, np.zeros((len(v), len(v)))])
    return np.vstack([top, bottom]), np.concatenate([p + gap - length, member.T @ p - 1.0])
