"""One Markov perfect equilibrium, mixed if need be, at the end of the curve of logit equilibria that starts at uniform play.

At precision lambda every player in every state plays each action with a probability proportional to `exp(lambda * Q)`, Q
being what the action is worth if everybody goes on like that (McKelvey and Palfrey 1998, by states). The curve of solutions that
starts at uniform play leads to a Markov perfect equilibrium for almost all games (Eibelshaeuser and Poensgen 2019). It is
the curve of `solvers.quantal` for a game whose players are the pairs of a state and a player, with values that solve
Bellman's equations.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import ConvergenceError, GameError, ProfileError
from games.normal_form import FloatArray
from games.stochastic import StochasticGame
from games.types import IndexArray
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.base.threads import one_thread
from solvers.quantal.curve import Curve
from solvers.stochastic._pairs import measured

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LogitEquilibrium", "logit_equilibrium", "regrets"]

# Regret, as a share of the payoff range, at which the support is tried to be read off, and the one that counts as none.
_NEAR, _NONE = 1e-3, 1e-10
# Guesses at the support, the boldest first. Actions below this share of the likeliest one are taken to be on their way out.
_OUT = (1e-2, 1e-3, 1e-5)
# Newton's method doubles its digits: six steps from a good guess, and forty only where damping is needed.
_NEWTON_STEPS = 40
# Points of the path until it counts as endless; and how many lie between two attempts to read off the support, for one costs as
# much as a few points.
_LIMIT = 20_000
_EVERY = 5

# Payoffs beyond this, or its inverse, have squares beside which floats lose everything.
_SMALLEST = 1e-100


@dataclass(frozen=True, eq=False, repr=False)
class LogitEquilibrium(Result):
    """A Markov perfect equilibrium, possibly mixed.

    Attributes
    ----------
    game : StochasticGame
    profile : for each state a mixed profile, N probability vectors
    payoffs : array (S, N), what it is worth from each state on
    regret : the most that anybody could gain by one departure, in payoff units
    precision : lambda at which the curve was left, in units of one over payoff
    points : points of the curve
    """

    game: StochasticGame
    profile: tuple[tuple[FloatArray, ...], ...]
    payoffs: FloatArray
    regret: float
    precision: float
    points: int

    @property
    def is_pure(self) -> bool:
        """True if nobody mixes anywhere."""
        return all(float(vector.max()) == 1.0 for mixed in self.profile for vector in mixed)

    def summary(self) -> str:
        how = "pure" if self.is_pure else "mixed"
        return (
            f"A Markov perfect equilibrium ({how}), at the end of the curve of logit equilibria; the best "
            f"one-shot deviation gains "
            f"{self.regret:.2g}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each state, player and action: its probability."""
        import pandas as pd

        rows = [
            (name, player, label, float(p))
            for name, stage, mixed in zip(self.game.names, self.game.stages, self.profile)
            for player, labels, vector in zip(stage.players, stage.actions, mixed)
            for label, p in zip(labels, vector)
        ]
        return pd.DataFrame(rows, columns=["state", "player", "action", "probability"])


@checked
@one_thread
def logit_equilibrium(game: StochasticGame, *, time_limit: float | None = None) -> LogitEquilibrium:
    """One Markov perfect equilibrium, for any number of players, by following the curve of logit equilibria.

    Parameters
    ----------
    game : StochasticGame
    time_limit : seconds of wall time, optional

    Returns
    -------
    LogitEquilibrium

    Raises
    ------
    ConvergenceError
        If the curve cannot be followed to an equilibrium, as in games without generic payoffs it may branch.

    Examples
    --------
    >>> from games import NormalFormGame, StochasticGame
    >>> pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    >>> game = StochasticGame([pennies, pennies.rescale(3)], [[0.5, 0.5], [0.2, 0.8]], 0.9)
    >>> logit_equilibrium(game).profile[1][0]
    array([0.5, 0.5])
    """
    deadline = Deadline(time_limit)
    curve = _AgentCurve(game)
    regret, profile, precision, count = np.inf, np.zeros(0), 0.0, 0
    for count, (point, _) in enumerate(curve.points(np.inf), start=1):
        precision = float(point[-1]) / curve.unit
        profile = curve.probabilities(point)
        regret = curve.agents.regret(profile)
        if regret <= _NEAR * curve.unit and count % _EVERY == 0:
            exact = _polished(curve, profile)
            if exact is not None:
                profile, regret = exact, curve.agents.regret(exact)
                break
        if regret <= _NONE * curve.unit:
            break
        if deadline.passed or count >= _LIMIT:
            raise ConvergenceError(
                f"the curve of logit equilibria was left at precision {precision:.6g}, where somebody still gains {regret:.3g}"
                + ("; the time limit was reached: raise time_limit" if deadline.passed else ""),
                "logit",
                None,
                regret,
            )
    values = curve.agents.values(profile)
    return LogitEquilibrium(game, curve.agents.by_state(profile), values, regret, precision, count)


@checked
def regrets(game: StochasticGame, profile: Sequence[Sequence[FloatArray]]) -> FloatArray:
    """What each player could gain in each state by departing once from mixed Markov strategies, (S, N)."""
    agents = _Agents(game)
    if len(profile) != game.n_states:
        raise ProfileError(f"a profile has one entry for each of {game.n_states} states; got {len(profile)}")
    flat = np.concatenate([v for stage, mixed in zip(game.stages, profile) for v in stage.mixed(mixed)])
    return agents.regrets(flat)


class _Agents:
    """Every pair of a state and a player as a player of its own; probabilities of all their actions in one vector (K,)."""

    def __init__(self, game: StochasticGame) -> None:
        self.game = game
        self.payoffs, self.origin = measured(game)
        sizes = [k for stage in game.stages for k in stage.shape]
        ends = np.cumsum(sizes)
        self.parts = [slice(int(e) - k, int(e)) for e, k in zip(ends, sizes)]
        self.owner: IndexArray = np.repeat(np.arange(len(sizes)), sizes)
        self.sizes = np.array(sizes)
        self.size = int(ends[-1])

    def split(self, p: FloatArray) -> tuple[FloatArray, ...]:
        return tuple(p[part] for part in self.parts)

    def by_state(self, p: FloatArray) -> tuple[tuple[FloatArray, ...], ...]:
        n = self.game.n_players
        vectors = self.split(p)
        return tuple(vectors[s * n : (s + 1) * n] for s in range(self.game.n_states))

    def _average(self, table: FloatArray, mixed: tuple[FloatArray, ...], free: tuple[int, ...]) -> FloatArray:
        """The table (k_1, ..., k_N, ...) averaged over everybody's play but that of the `free` players."""
        for j in reversed(range(len(mixed))):
            if j not in free:
                table = np.tensordot(mixed[j], table, axes=(0, j))
        return table

    def values(self, p: FloatArray) -> FloatArray:
        """What the mixed Markov strategies are worth from each state on, (S, N), in stage units."""
        return self._solved(p)[0] + self.origin

    def _solved(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        game, profile = self.game, self.by_state(p)
        reward = np.array([self._average(g, m, ()) for g, m in zip(self.payoffs, profile)])
        step = np.array([self._average(t, m, ()) for t, m in zip(game.transitions, profile)])
        d = game.discount
        inverse = np.linalg.inv(np.eye(game.n_states) - d[:, None, None] * step)
        return np.einsum("nst,tn->sn", inverse, (1.0 - d) * reward), inverse

    def values_and_jacobian(self, p: FloatArray) -> tuple[FloatArray, FloatArray]:
        """What each action is worth (K,), and how that changes with the probabilities (K, K)."""
        game, n = self.game, self.game.n_players
        d = game.discount
        V, inverse = self._solved(p)
        worth = np.empty(self.size)
        jacobian = np.zeros((self.size, self.size))
        # By player: where each action leads, and what a probability adds to the worth of its own state.
        leads = np.empty((n, self.size, game.n_states))
        adds = np.empty((n, self.size))
        for s, mixed in enumerate(self.by_state(p)):
            table = (1.0 - d) * self.payoffs[s] + d * (game.transitions[s] @ V)
            for i in range(n):
                own = self.parts[s * n + i]
                worth[own] = self._average(table[..., i], mixed, (i,))
                leads[i, own] = self._average(game.transitions[s], mixed, (i,))
                for j in range(n):
                    other = self.parts[s * n + j]
                    adds[i, other] = self._average(table[..., i], mixed, (j,))
                    if j > i:
                        jacobian[own, other] = self._average(table[..., i], mixed, (i, j))
                        jacobian[other, own] = self._average(table[..., j], mixed, (i, j)).T
        state = self.owner // n
        for i in range(n):
            mine = self.owner % n == i
            jacobian[mine] += d[i] * (leads[i, mine] @ inverse[i][:, state]) * adds[i]
        return worth, jacobian

    def regrets(self, p: FloatArray) -> FloatArray:
        worth = self.values_and_jacobian(p)[0]
        starts = np.array([part.start for part in self.parts])
        gains = np.maximum.reduceat(worth, starts) - np.add.reduceat(worth * p, starts)
        return np.asarray(np.maximum(gains, 0.0).reshape(-1, self.game.n_players))

    def regret(self, p: FloatArray | tuple[FloatArray, ...]) -> float:
        flat = np.concatenate(p) if isinstance(p, tuple) else p
        return float(self.regrets(flat).max())


class _AgentCurve(Curve):
    """The principal branch for the agents."""

    def __init__(self, game: StochasticGame) -> None:
        self.agents = _Agents(game)
        tables = [table.reshape(-1, game.n_players) for table in self.agents.payoffs]
        most = np.max([table.max(axis=0) for table in tables], axis=0)
        least = np.min([table.min(axis=0) for table in tables], axis=0)
        largest = float((most - least).max())
        if largest > 0 and not _SMALLEST < largest < 1 / _SMALLEST:
            raise GameError(
                f"the payoffs of a player differ by {largest:.3g}, whose square no float holds; rescale them"
            )
        self.unit = largest if largest > 0 else 1.0
        self._seat(self.agents, self.agents.sizes)

    def regret(self, profile: tuple[FloatArray, ...]) -> float:
        return self.agents.regret(profile)


def _polished(curve: _AgentCurve, profile: FloatArray) -> FloatArray | None:
    """The equilibrium on the support that the profile suggests, by Newton's method; None if there is none near."""
    agents = curve.agents
    for out in _OUT:
        most = np.maximum.reduceat(profile, curve._starts)[agents.owner]
        support = profile > out * most
        p = _indifferent(agents, np.where(support, profile, 0.0), support, curve.unit)
        if p is not None and agents.regret(p) <= _NONE * curve.unit:
            return p
    return None


def _indifferent(
    agents: _Agents, p: FloatArray, support: npt.NDArray[np.bool_], unit: float
) -> FloatArray | None:
    """Probabilities on the support that leave everybody indifferent, from p on."""
    rows = np.flatnonzero(support)
    owner = agents.owner[rows]
    first = np.concatenate([[True], np.diff(owner) > 0])
    lead = np.flatnonzero(first)[np.cumsum(first) - 1]
    totals = np.add.reduceat(p[rows], np.flatnonzero(first))
    p = p.copy()
    p[rows] /= totals[np.cumsum(first) - 1]
    for _ in range(_NEWTON_STEPS):
        worth, jacobian = agents.values_and_jacobian(p)
        W, J = worth[rows] / unit, jacobian[np.ix_(rows, rows)] / unit
        residual, system = W - W[lead], J - J[lead]
        sums = owner[:, None] == owner[None, :]
        residual[first] = np.add.reduceat(p[rows], np.flatnonzero(first)) - 1.0
        system[first] = sums[first]
        if float(np.abs(residual).max()) <= 1e-14:
            break
        try:
            move = np.linalg.solve(system, residual)
        except np.linalg.LinAlgError:
            return None
        p[rows] -= move
        if not np.isfinite(p).all() or p.min() < -0.5:
            return None
        if float(np.abs(move).max()) <= 1e-16:
            break
    if p.min() < -1e-12:
        return None
    p = np.maximum(p, 0.0)
    # One action alone has probability one, whatever rounding says.
    single = np.bincount(owner, minlength=int(agents.owner.max()) + 1)[agents.owner] == 1
    return np.where(single & support, 1.0, p)
