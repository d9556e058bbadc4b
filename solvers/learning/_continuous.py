"""Dynamics in continuous time: shares of actions that move by differential equations."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any, Literal

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError, MethodError
from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from solvers.base.deadline import Deadline
from solvers.base.multilinear import StackedGame
from solvers.learning._path import Path, path_of

__all__ = ["logit_dynamics", "replicator"]


@checked
def replicator(
    game: NormalFormGame,
    start: Sequence[Any] | None = None,
    *,
    duration: float = 50.0,
    points: int = 201,
    engine: Literal["auto", "nashpy", "scipy"] = "auto",
    time_limit: float | None = None,
) -> Path:
    """The replicator dynamics with one population for each player: dp_a / dt = p_a * (u_a - average of u).

    Taylor (1979). Shares are followed as logarithms by SciPy. With two players and no action left out at the start nashpy's
    asymmetric replicator dynamics does the work. Its answer is taken if it stays among the probabilities.

    Parameters
    ----------
    game : a game of any number of players
    start : a mixed profile; by default weights 1, 2, 3, ... on each player's actions, since uniform play may be at rest
    duration : in units of one over payoff range
    points : at how many times to report
    engine : `nashpy` (two players, no time limit), `scipy`, or the first that applies
    time_limit : seconds of wall time, optional; after it the path is cut short and says so

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = replicator(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), duration=100)
    >>> [p.round(6).tolist() for p in path.final]
    [[0.0, 1.0], [0.0, 1.0]]
    """
    deadline = Deadline(time_limit)
    stacked, p, times = _setting(game, start, duration, points)
    if engine not in ("auto", "nashpy", "scipy"):
        raise MethodError(f"replicator has no engine {engine!r}; known: 'auto', 'nashpy', 'scipy'")
    if engine == "nashpy" and game.n_players != 2:
        raise MethodError(f"nashpy's replicator dynamics needs 2 players; this game has {game.n_players}")
    if engine == "nashpy" and deadline.finite:
        raise MethodError("nashpy's replicator dynamics takes no time limit; the engine 'scipy' does")
    if engine == "nashpy" or (engine == "auto" and game.n_players == 2 and not deadline.finite):
        rows = _nashpy_replicator(game, stacked.split(p), times)
        if rows is not None:
            return path_of(game, "replicator dynamics (nashpy)", times, rows)
        if engine == "nashpy":
            raise ConvergenceError(
                "nashpy's replicator dynamics left the set of probabilities", "nashpy replicator"
            )
    played = p > 0

    def velocity(_: float, logs: FloatArray) -> FloatArray:
        q = _softmax(stacked, np.where(played, logs, -np.inf))
        values = stacked.values(q)
        # Up to a term common to a player's actions, which the shares do not see.
        return np.asarray(values - np.bincount(stacked.owner, q * values)[stacked.owner])

    with np.errstate(divide="ignore"):
        logs = np.where(played, np.log(np.where(played, p, 1.0)), 0.0)
    path = _integrate(velocity, logs, times, "replicator", deadline)
    rows = np.array([_softmax(stacked, np.where(played, x, -np.inf)) for x in path])
    return _reached(game, "replicator dynamics (scipy)", times, rows)


@checked
def logit_dynamics(
    game: NormalFormGame,
    precision: float,
    start: Sequence[Any] | None = None,
    *,
    duration: float = 50.0,
    points: int = 201,
    time_limit: float | None = None,
) -> Path:
    """The perturbed best-response dynamics: dp / dt = logit response to p less p (Fudenberg and Levine 1998, ch. 4).

    Its rest points are the logit quantal response equilibria of the game with payoffs in units of each player's range.

    Parameters
    ----------
    game : a game of any number of players
    precision : of the logit response, in units of one over each player's payoff range
    start : a mixed profile; by default weights 1, 2, 3, ... on each player's actions
    duration : in units of the rate at which players revise
    points : at how many times to report
    time_limit : seconds of wall time, optional; after it the path is cut short and says so

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = logit_dynamics(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), 2.0)
    >>> [p.round(6).tolist() for p in path.final]
    [[0.5, 0.5], [0.5, 0.5]]
    """
    if not (np.isfinite(precision) and precision >= 0):
        raise MethodError(f"a precision is a finite number, not negative; got {precision}")
    deadline = Deadline(time_limit)
    stacked, p, times = _setting(game, start, duration, points)

    def velocity(_: float, q: FloatArray) -> FloatArray:
        return _softmax(stacked, precision * stacked.values(q)) - q

    rows = np.maximum(_integrate(velocity, p, times, "logit dynamics", deadline), 0.0)
    return _reached(game, f"logit dynamics at precision {precision:g}", times, rows)


def _setting(
    game: NormalFormGame, start: Sequence[Any] | None, duration: float, points: int
) -> tuple[StackedGame, FloatArray, FloatArray]:
    if not (np.isfinite(duration) and duration > 0 and points >= 2):
        raise MethodError(f"duration must be positive and points at least 2; got {duration} and {points}")
    if start is None:
        start = [np.arange(1.0, k + 1.0) / (k * (k + 1) / 2) for k in game.shape]
    return StackedGame(game), np.concatenate(game.mixed(start)), np.linspace(0.0, duration, points)


def _softmax(stacked: StackedGame, y: FloatArray) -> FloatArray:
    starts = [part.start for part in stacked.parts]
    weights = np.exp(y - np.maximum.reduceat(y, starts)[stacked.owner])
    return np.asarray(weights / np.add.reduceat(weights, starts)[stacked.owner])


def _integrate(
    velocity: Callable[[float, FloatArray], FloatArray],
    start: FloatArray,
    times: FloatArray,
    name: str,
    deadline: Deadline,
) -> FloatArray:
    """The solution at the times, or at the first of them if the deadline passes before the last is reached."""
    from scipy.integrate import DOP853

    solver = DOP853(velocity, times[0], start, times[-1], rtol=1e-9, atol=1e-11)
    rows = [np.asarray(start, dtype=np.float64)]
    while len(rows) < len(times) and not deadline.passed:
        message = solver.step()
        if solver.status == "failed":
            raise ConvergenceError(f"{name}: {message}", name)
        within = times[len(rows) :]
        within = within[within <= solver.t]
        if len(within):
            rows.extend(solver.dense_output()(within).T)
    return np.array(rows)


def _reached(game: NormalFormGame, dynamic: str, times: FloatArray, rows: FloatArray) -> Path:
    return path_of(game, dynamic, times[: len(rows)], rows, complete=len(rows) == len(times))


def _nashpy_replicator(game: NormalFormGame, start: MixedProfile, times: FloatArray) -> FloatArray | None:
    from nashpy.learning.replicator_dynamics import asymmetric_replicator_dynamics

    unit = game.normalised
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        parts = asymmetric_replicator_dynamics(
            unit[..., 0], unit[..., 1], x0=start[0], y0=start[1], timepoints=times
        )
    rows = [np.asarray(part, dtype=np.float64) for part in parts]
    for row in rows:
        if not np.isfinite(row).all() or row.min() < -1e-6 or np.abs(row.sum(axis=1) - 1.0).max() > 1e-6:
            return None
    clean = [np.maximum(row, 0.0) for row in rows]
    return np.hstack([row / row.sum(axis=1, keepdims=True) for row in clean])
