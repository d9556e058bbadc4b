"""What patient players can reach with public signals: the scores of Fudenberg and Levine (1994), for any number of players.

In direction l, profile a can be held up to the score

    k(a, l) = max l.v  such that  v_i  = g_i(a) + sum_y p(y | a) x_i(y),
                                  v_i >= g_i(b, a_-i) + sum_y p(y | b, a_-i) x_i(y)  for every b,
                                  l.x(y) <= 0  for every signal y,

and no discount factor lets equilibrium payoffs go beyond max_a k(a, l). If the set within all these half-spaces has an
interior, equilibrium payoffs come as close to each point of it as one likes when patience grows (Fudenberg, Levine and
Maskin 1994; Fudenberg and Levine 1994, theorem 3.1). Where it has none, see Fudenberg, Levine and Takahashi (2007): this
set is then only a bound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.programs import TIGHT, linprog
from solvers.base.result import Result
from solvers.repeated.payoff_sets.polytope import Polytope, distinct
from solvers.repeated.public._programs import SignalGame, signal_game

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LimitSet", "limit_set", "scores"]

# Depth, in payoff ranges, below which a set is flat: a thousand times what the programs are solved to.
_THIN = 1e-7
# Entries of a program's matrix: 16 MB.
_LARGEST = 2_000_000
# Directions to begin with: so many around the circle for two players, a grid for up to five, the axes and pairs of them beyond.
_AROUND, _GRID = 180, 5
# Facets move by less than this, as a share of the payoff range, where the directions beside them count as tried enough.
_SHARP = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class LimitSet(Result):
    """The payoffs that patient players can reach with public signals, in pure strategies.

    Attributes
    ----------
    play : RepeatedGame
    bound : Polytope of the half-spaces of all directions tried; without vertices if they have nothing in common
    directions, levels : arrays (K, N) and (K,), in the units of the stage game: `directions @ v <= levels`
    solid : True if the bound has an interior; then it is the limit set except for directions not tried
    sharp : True if the directions beside its facets that were tried last moved the bound by no more than 1e-6 of the
    payoff range
        (scores jump with the direction, so this does not prove that none would)
    """

    play: RepeatedGame
    bound: Polytope
    directions: FloatArray
    levels: FloatArray
    solid: bool
    sharp: bool

    def summary(self) -> str:
        if self.bound.dimension < 0 or not self.solid:
            return (
                "The scores of patient players leave a set without interior: a bound on equilibrium payoffs at every discount "
                "factor, not shown to be reached."
            )
        how = "" if self.sharp else " More directions would still cut it back a little."
        return (
            "Patient players can reach the payoffs of a polytope with "
            f"{counted(len(self.bound.vertices), 'vertex', 'vertices')} (perfect public "
            f"equilibria, pure strategies, discount factors near 1); {len(self.levels)} directions were tried.{how}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: its worst and best payoff in the bound."""
        import pandas as pd

        return pd.DataFrame(
            {"worst": self.bound.lowest, "best": self.bound.highest},
            index=pd.Index(self.play.stage.players, name="player"),
        )


@checked
@keeps_time("the limit set", "take fewer rounds")
def limit_set(play: RepeatedGame, *, rounds: int = 10, time_limit: float | None = None) -> LimitSet:
    """The payoffs of perfect public equilibria in pure strategies as all players become patient.

    Parameters
    ----------
    play : RepeatedGame with public signals; its discount factors do not matter
    rounds : how often directions beside those of the facets are added, closer each time; two and three players only
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        If the game has no public signals.
    SizeError
        If there are too many profiles, players and signals.

    Examples
    --------
    With two signals that tell the players' actions apart too little, cooperation of both is out of reach however patient
    they are.

    >>> from games import Monitoring, NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> price = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]])
    >>> float(scores(RepeatedGame(pd, 0.9, monitoring=price), [[1.0, 1.0]])[0]) / 2
    1.66667
    """
    if not play.monitoring.public:
        raise MethodError(
            "limit_set needs public signals: RepeatedGame(..., monitoring=Monitoring(signals=...))"
        )
    game = signal_game(play)
    n = game.n_players
    _small_enough(game)
    # Where nothing is hidden from anybody, the limit is cut from the hull of stage payoffs.
    normals = _first(n)
    feasible = Polytope.hull(game.payoffs)
    if feasible.dimension == n:
        fresh = (feasible.normals @ normals.T).max(axis=1) < 1.0 - 1e-12
        normals = np.vstack([normals, feasible.normals[fresh]])
    levels = _scores(game, normals)
    bound = _intersection(normals, levels)
    sharp = False
    for k in range(rounds if n <= 3 else 0):
        if bound is None:
            break
        new = _beside(bound, normals, 0.5 ** (k + 1))
        if not len(new):
            continue
        added = _scores(game, new)
        sharp = float(((bound.vertices @ new.T).max(axis=0) - added).max()) <= _SHARP
        normals, levels = np.vstack([normals, new]), np.append(levels, added)
        bound = _intersection(normals, levels)
    units = normals / game.scale
    found = Polytope.nothing(n) if bound is None else bound.scaled(game.scale, game.shift)
    return LimitSet(play, found, units, levels + units @ game.shift, bound is not None, sharp)


@checked
@keeps_time("the list of scores", "give fewer directions")
def scores(play: RepeatedGame, directions: npt.ArrayLike, *, time_limit: float | None = None) -> FloatArray:
    """The largest score of any pure profile in each direction (K, N), an array (K,), in the units of the stage game.

    No perfect public equilibrium in pure strategies, at any common discount factor, has `direction @ payoffs` above it.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.
    """
    if not play.monitoring.public:
        raise MethodError("scores need public signals: RepeatedGame(..., monitoring=Monitoring(signals=...))")
    game = signal_game(play)
    _small_enough(game)
    given = np.atleast_2d(np.asarray(directions, dtype=np.float64))
    if given.shape[1] != game.n_players or not np.isfinite(given).all():
        raise MethodError(
            f"directions need shape (K, {game.n_players}) and finite numbers; got shape {given.shape}"
        )
    return np.asarray(_scores(game, given * game.scale) + given @ game.shift)


def _small_enough(game: SignalGame) -> None:
    size = len(game.payoffs) * game.signals.shape[1] * game.n_players * sum(game.shape)
    if size > _LARGEST:
        raise SizeError(
            f"{len(game.payoffs)} profiles, {game.signals.shape[1]} signals and {sum(game.shape)} actions make "
            f"linear programs with "
            f"{size:.2g} entries in all; {_LARGEST:.2g} fit"
        )


def _scores(game: SignalGame, normals: FloatArray) -> FloatArray:
    """The largest score in each direction (K,); profiles whose stage payoff cannot beat it are left out."""
    out = np.empty(len(normals))
    for k, normal in steps(enumerate(normals), len(normals), "directions"):
        caps = game.payoffs @ normal
        best = -np.inf
        for a in np.argsort(-caps, kind="stable"):
            if caps[a] <= best:
                break
            best = max(best, _score(game, int(a), normal))
        out[k] = best
    return out


def _score(game: SignalGame, a: int, normal: FloatArray) -> float:
    """k(a, l) by a linear program in x (N * Y); minus infinity if nothing enforces the profile."""
    n, signals = game.n_players, game.signals.shape[1]
    who, less, gain = game.departures(a)
    incentive = np.zeros((len(who), n, signals))
    incentive[np.arange(len(who)), who] = -less
    budget = np.zeros((signals, n, signals))
    budget[np.arange(signals), :, np.arange(signals)] = normal
    # Signals that never come after a cost nothing, and are not bounded from below: any budget that is met will do.
    cost = -np.outer(normal, game.signals[a]).ravel()
    rows = np.vstack([incentive.reshape(len(who), -1), budget.reshape(signals, -1)])
    limits = np.concatenate([-gain, np.zeros(signals)])
    answer = linprog(cost, rows, limits, bounds=(None, None), options=TIGHT)
    if answer.status != 0:
        return -np.inf
    return float(game.payoffs[a] @ normal - answer.fun)


def _first(n: int) -> FloatArray:
    if n == 2:
        turn = 2.0 * np.pi * np.arange(_AROUND) / _AROUND
        return np.column_stack([np.cos(turn), np.sin(turn)]).round(15)
    if n <= _GRID:
        steps = [-2.0, -1.0, 0.0, 1.0, 2.0] if n == 3 else [-1.0, 0.0, 1.0]
        grid = np.stack(np.meshgrid(*[steps] * n, indexing="ij"), axis=-1).reshape(-1, n)
        grid = grid[np.abs(grid).sum(axis=1) > 0]
    else:
        eye = np.eye(n)
        pairs = [
            s * eye[i] + t * eye[j] for i in range(n) for j in range(i) for s in (-1, 1) for t in (-1, 1)
        ]
        grid = np.vstack([eye, -eye, np.ones((1, n)), -np.ones((1, n)), *pairs])
    return distinct(grid / np.sqrt((grid**2).sum(axis=1))[:, None], 12)


def _beside(bound: Polytope, normals: FloatArray, share: float) -> FloatArray:
    """Directions beside those of the facets: turned by a share of the way towards each facet that they share a corner with."""
    parts = []
    for vertex in bound.vertices:
        checkpoint()
        own = bound.normals[np.abs(bound.normals @ vertex - bound.offsets) <= 1e-9]
        parts.append(
            (own[:, None, :] + share * (own[None, :, :] - own[:, None, :])).reshape(-1, own.shape[1])
        )
    every = np.concatenate(parts)
    size = np.sqrt((every**2).sum(axis=1))
    every = every[size > 1e-9] / size[size > 1e-9, None]
    fresh = (every @ normals.T).max(axis=1) < 1.0 - 1e-13
    return distinct(every[fresh], 10) if fresh.any() else every[:0]


def _intersection(normals: FloatArray, levels: FloatArray) -> Polytope | None:
    """The polytope of the half-spaces; None if it is empty or flat."""
    from scipy.spatial import HalfspaceIntersection

    if not np.isfinite(levels).all():
        return None
    n = normals.shape[1]
    widest = linprog(
        [0.0] * n + [-1.0],
        np.column_stack([normals, np.ones(len(normals))]),
        levels,
        bounds=[(None, None)] * n + [(0.0, 10.0)],
    )
    if widest.status != 0 or widest.x[n] < _THIN:
        return None
    corners = HalfspaceIntersection(np.column_stack([normals, -levels]), widest.x[:n]).intersections
    return Polytope.hull(corners, 1e-10)
