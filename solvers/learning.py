"""How players might come to an equilibrium, or not: dynamics of learning and adjustment for any number of players.

All payoffs are measured in units of each player's payoff range, so that no dynamic depends on anybody's units. Random
choices come from a seed; nothing depends on a global random state.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError, MethodError
from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from games.words import counted
from solvers.base.multilinear import StackedGame
from solvers.base.result import Result, probabilities

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Path",
    "best_response_dynamics",
    "fictitious_play",
    "logit_dynamics",
    "regret_matching",
    "replicator",
]


@dataclass(frozen=True, eq=False, repr=False)
class Path(Result):
    """Where a dynamic went.

    Attributes
    ----------
    game : NormalFormGame
    dynamic : its name, with what was chosen
    times : array (T,), in units of time or rounds
    profiles : N read-only arrays (T, k_i): the mixed profile at each time; for play in rounds the frequencies of
        actions so far
    joint : array (k_1, ..., k_N), the frequencies of whole profiles over all rounds; None for dynamics in continuous time
    settled : True if the dynamic came to rest, False if not, None where that is not defined
    """

    _rows_shown = 20

    game: NormalFormGame
    dynamic: str
    times: FloatArray
    profiles: tuple[FloatArray, ...]
    joint: FloatArray | None = None
    settled: bool | None = None

    @property
    def final(self) -> MixedProfile:
        """The mixed profile at the end."""
        return tuple(array[-1] for array in self.profiles)

    @property
    def regret(self) -> FloatArray:
        """What each player could gain by deviating from the final profile, shape (N,)."""
        return self.game.regret(self.final)

    def summary(self) -> str:
        rest = {True: "; it came to rest", False: "; it did not come to rest", None: ""}[self.settled]
        return (
            f"{self.dynamic}: {counted(len(self.times), 'point')} from {self.times[0]:g} to {self.times[-1]:g}; "
            f"largest regret at the end {self.regret.max():.3g}{rest}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each time, one column for each action of each player."""
        return probabilities(self.game, self.profiles, self.times, "time")


# ------------------------------------------------------------------ continuous time


@checked
def replicator(
    game: NormalFormGame,
    start: Sequence[Any] | None = None,
    *,
    duration: float = 50.0,
    points: int = 201,
    engine: Literal["auto", "nashpy", "scipy"] = "auto",
) -> Path:
    """The replicator dynamics with one population for each player: dp_a / dt = p_a * (u_a - average of u).

    Taylor (1979). Shares are followed as logarithms by SciPy; with two players and no action left out at the start nashpy's
    asymmetric replicator dynamics does the work, and its answer is taken if it stays among the probabilities.

    Parameters
    ----------
    game : a game of any number of players
    start : a mixed profile; by default weights 1, 2, 3, ... on each player's actions, since uniform play may be at rest
    duration : in units of one over payoff range
    points : at how many times to report
    engine : `nashpy` (two players), `scipy`, or the first that applies

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = replicator(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), duration=100)
    >>> [p.round(6).tolist() for p in path.final]
    [[0.0, 1.0], [0.0, 1.0]]
    """
    stacked, p, times = _setting(game, start, duration, points)
    if engine not in ("auto", "nashpy", "scipy"):
        raise MethodError(f"replicator has no engine {engine!r}; known: 'auto', 'nashpy', 'scipy'")
    if engine == "nashpy" and game.n_players != 2:
        raise MethodError(f"nashpy's replicator dynamics needs 2 players; this game has {game.n_players}")
    if engine == "nashpy" or (engine == "auto" and game.n_players == 2):
        rows = _nashpy_replicator(game, stacked.split(p), times)
        if rows is not None:
            return _path(game, "replicator dynamics (nashpy)", times, rows)
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
    path = _integrate(velocity, logs, times, "replicator")
    rows = np.array([_softmax(stacked, np.where(played, x, -np.inf)) for x in path])
    return _path(game, "replicator dynamics (scipy)", times, rows)


@checked
def logit_dynamics(
    game: NormalFormGame,
    precision: float,
    start: Sequence[Any] | None = None,
    *,
    duration: float = 50.0,
    points: int = 201,
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

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = logit_dynamics(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), 2.0)
    >>> [p.round(6).tolist() for p in path.final]
    [[0.5, 0.5], [0.5, 0.5]]
    """
    if not (np.isfinite(precision) and precision >= 0):
        raise MethodError(f"a precision is a finite number, not negative; got {precision}")
    stacked, p, times = _setting(game, start, duration, points)

    def velocity(_: float, q: FloatArray) -> FloatArray:
        return _softmax(stacked, precision * stacked.values(q)) - q

    rows = np.maximum(_integrate(velocity, p, times, "logit dynamics"), 0.0)
    return _path(game, f"logit dynamics at precision {precision:g}", times, rows)


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
    velocity: Callable[[float, FloatArray], FloatArray], start: FloatArray, times: FloatArray, name: str
) -> FloatArray:
    from scipy.integrate import solve_ivp

    solution = solve_ivp(
        velocity, (times[0], times[-1]), start, t_eval=times, method="DOP853", rtol=1e-9, atol=1e-11
    )
    if not solution.success:
        raise ConvergenceError(f"{name}: {solution.message}", name)
    return np.asarray(solution.y.T)


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


def _path(
    game: NormalFormGame,
    dynamic: str,
    times: FloatArray,
    rows: FloatArray,
    joint: FloatArray | None = None,
    settled: bool | None = None,
) -> Path:
    ends = np.cumsum((0, *game.shape))
    profiles = []
    for a, b in pairwise(ends):
        part = np.array(rows[:, a:b])
        part /= part.sum(axis=1, keepdims=True)
        part.setflags(write=False)
        profiles.append(part)
    return Path(game, dynamic, times, tuple(profiles), joint, settled)


# ------------------------------------------------------------------ play in rounds


@checked
def fictitious_play(
    game: NormalFormGame, rounds: int = 1000, start: Sequence[Any] | None = None, *, seed: int = 0
) -> Path:
    """Every round each player plays a best response to the others' frequencies so far (Brown 1951).

    Parameters
    ----------
    game : a game of any number of players
    rounds : how many
    start : the pure profile of the first round; by default drawn at random
    seed : of the first profile and of choices among best responses that tie

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = fictitious_play(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), 20_000)
    >>> bool(path.regret.max() < 0.02)
    True
    """

    def choose(
        round_: int, stacked: StackedGame, frequencies: FloatArray, rng: np.random.Generator
    ) -> list[int]:
        out = []
        for values in stacked.split(stacked.values(frequencies)):
            best = np.flatnonzero(values >= values.max() - 1e-12)
            out.append(int(best[0] if len(best) == 1 else rng.choice(best)))
        return out

    return _rounds(game, f"fictitious play (seed {seed})", rounds, start, seed, choose)


@checked
def regret_matching(
    game: NormalFormGame, rounds: int = 1000, start: Sequence[Any] | None = None, *, seed: int = 0
) -> Path:
    """Every round each player plays each action in proportion to the regret for not having always played it.

    Unconditional regret matching (Hart and Mas-Colell 2000): the frequencies of whole profiles, `joint`,
    approach the set of coarse correlated equilibria; the frequencies of single actions need not approach an equilibrium.

    Parameters and result as in `fictitious_play`; `seed` drives every choice.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = regret_matching(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), 500)
    >>> round(float(path.joint[1, 1]), 1)
    1.0
    """
    regrets = np.zeros(sum(game.shape))
    last: list[int] = []

    def choose(
        round_: int, stacked: StackedGame, frequencies: FloatArray, rng: np.random.Generator
    ) -> list[int]:
        nonlocal last
        if last:
            played = np.zeros(stacked.size)
            chosen = np.array([part.start + a for part, a in zip(stacked.parts, last)])
            played[chosen] = 1.0
            values = stacked.values(played)
            regrets[:] += values - values[chosen][stacked.owner]
        positive = np.maximum(regrets, 0.0)
        last = []
        for weights, draw in zip(stacked.split(positive), rng.random(game.n_players)):
            total = weights.sum()
            if total > 0:
                action = int(np.searchsorted(np.cumsum(weights), draw * total, side="right"))
            else:
                action = int(draw * len(weights))
            last.append(min(action, len(weights) - 1))
        return last

    def first(profile: list[int]) -> None:
        nonlocal last
        last = profile

    return _rounds(game, f"regret matching (seed {seed})", rounds, start, seed, choose, first)


@checked
def best_response_dynamics(
    game: NormalFormGame,
    start: Sequence[Any] | None = None,
    *,
    rounds: int = 1000,
    order: Literal["in turn", "at once", "random"] = "in turn",
    seed: int = 0,
) -> Path:
    """Players move to a best response to the others' present actions, until nobody wants to move or a cycle closes.

    A player who is content stays; of several best responses the first in the list of actions is taken. Coming to rest means
    a pure equilibrium; in potential games play in turn always comes to rest (Monderer and Shapley 1996).

    Parameters
    ----------
    game : a game of any number of players
    start : a pure profile; by default drawn at random
    rounds : after how many rounds to stop; in a round each player may move once (with `random`, one player drawn at random)
    order : players move one after the other, all together, or one drawn at random
    seed : of the first profile and the order

    Returns
    -------
    Path
        `profiles` are the pure profiles round by round; `settled` is False if play went round in a cycle or was stopped.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> path = best_response_dynamics(NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]]), (0, 0))
    >>> path.settled, [int(p.argmax()) for p in path.final]
    (True, [1, 1])
    """
    if order not in ("in turn", "at once", "random"):
        raise MethodError(
            f"best-response dynamics has no order {order!r}; known: 'in turn', 'at once', 'random'"
        )
    _check_rounds(rounds)
    rng = np.random.default_rng(seed)
    n = game.n_players
    profile = _first(game, start, rng)
    visited = [tuple(profile)]
    seen = {visited[0]}
    mask = game.best_response_mask
    settled = bool(mask[visited[0]].all())
    while not settled and len(visited) <= rounds:
        movers = [int(rng.integers(n))] if order == "random" else range(n)
        old = list(profile)
        for i in movers:
            held = old if order == "at once" else profile
            if not mask[(*held, i)]:
                line: tuple[Any, ...] = (*held[:i], slice(None), *held[i + 1 :], i)
                profile[i] = int(np.argmax(mask[line]))
        here = tuple(profile)
        visited.append(here)
        settled = bool(mask[here].all())
        if not settled and here in seen and order != "random":
            break
        seen.add(here)
    rows = np.zeros((len(visited), sum(game.shape)))
    offsets = np.cumsum((0, *game.shape[:-1]))
    rows[np.arange(len(visited))[:, None], np.array(visited) + offsets] = 1.0
    joint = np.zeros(game.shape)
    np.add.at(joint, tuple(np.array(visited).T), 1.0 / len(visited))
    joint.setflags(write=False)
    return _path(
        game, f"best-response dynamics, {order}", np.arange(float(len(visited))), rows, joint, settled
    )


Choice = Callable[[int, StackedGame, FloatArray, np.random.Generator], list[int]]


def _rounds(
    game: NormalFormGame,
    dynamic: str,
    rounds: int,
    start: Sequence[Any] | None,
    seed: int,
    choose: Choice,
    first: Callable[[list[int]], None] | None = None,
) -> Path:
    _check_rounds(rounds)
    rng = np.random.default_rng(seed)
    stacked = StackedGame(game)
    offsets = np.array([part.start for part in stacked.parts])
    plays = np.empty((rounds, game.n_players), dtype=np.intp)
    plays[0] = _first(game, start, rng)
    if first is not None:
        first(plays[0].tolist())
    counts = np.zeros(stacked.size)
    counts[plays[0] + offsets] += 1.0
    for t in range(1, rounds):
        plays[t] = choose(t, stacked, counts / t, rng)
        counts[plays[t] + offsets] += 1.0
    indicators = np.zeros((rounds, stacked.size))
    indicators[np.arange(rounds)[:, None], plays + offsets] = 1.0
    times = np.arange(1.0, rounds + 1.0)
    joint = np.zeros(game.shape)
    np.add.at(joint, tuple(plays.T), 1.0 / rounds)
    joint.setflags(write=False)
    return _path(game, dynamic, times, np.cumsum(indicators, axis=0) / times[:, None], joint)


def _first(game: NormalFormGame, start: Sequence[Any] | None, rng: np.random.Generator) -> list[int]:
    return [int(rng.integers(k)) for k in game.shape] if start is None else list(game.profile(start))


def _check_rounds(rounds: int) -> None:
    if rounds < 1:
        raise MethodError(f"at least one round is needed; got {rounds}")
