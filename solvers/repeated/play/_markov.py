"""Exact play of automata under trembles and misperception: a Markov chain on the players' joint states.

Each period every player intends what its state prescribes, and trembles change what it does. The others may see something other
than what it did. Each then moves to its next state. All this is a finite Markov chain, so that payoffs over any number of
periods, discounted over all periods, or on average in the long run come from linear algebra.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import instance, numbers
from games.errors import AutomatonError, GameError, MethodError, SizeError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import Monitoring, RepeatedGame
from games.strategies._automata import Automaton, Machine
from solvers.base.deadline import TimeOver, checkpoint, keeps_time, seconds_left
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Chain", "LongRun", "Noise", "Strategies", "chain", "long_run"]

Strategies: TypeAlias = "Automaton | Sequence[Machine]"

_LARGEST = 60_000_000
# The cube of the size of a linear system that a processor solves in a second, with room for a busy one: 1,000 equations take
# some 30 milliseconds, 4,000 one to two seconds.
_PIVOTS_A_SECOND = 2e10


@dataclass(frozen=True, eq=False)
class Noise:
    """What goes wrong: kernels for each player, `tremble[i][intended, played]` and `sight[i][played, seen]`.

    `sight[i]` is how each other player, each by itself, sees what i played. None stands for no error. Made by `Noise.of`.
    """

    tremble: tuple[FloatArray, ...] | None
    sight: tuple[FloatArray, ...] | None

    @classmethod
    def of(
        cls,
        game: NormalFormGame,
        agreed: Profile,
        tremble: npt.ArrayLike | None,
        misperception: npt.ArrayLike | None,
        monitoring: Monitoring,
    ) -> Noise:
        """Kernels from error rates.

        A `tremble` rate (one, or one a player) is the probability of playing another action than intended, each other one equally
        likely. A `misperception` rate is likewise the probability of being seen, by each rival separately, to play another action
        than one did. Without one, imperfect `monitoring` counts. The agreed action is mistaken for another one with probability
        false_alarm in all. Another action is recognised with probability detection, and otherwise mistaken for the agreed one.
        """
        trembles = _uniform(game, tremble, "tremble")
        sight = _uniform(game, misperception, "misperception")
        if misperception is None and not monitoring.perfect:
            sight = tuple(_monitored(k, a, monitoring) for k, a in zip(game.shape, agreed))
        return cls(trembles, sight)


@dataclass(frozen=True, eq=False)
class Chain:
    """The Markov chain of joint play: X joint states, their transitions, start and expected stage payoffs.

    Attributes
    ----------
    play : RepeatedGame
    names : tuple of X strings
    matrix : array (X, X) of transition probabilities
    start : array (X,)
    payoffs : array (X, N), expected payoffs of one period
    """

    play: RepeatedGame
    names: tuple[str, ...]
    matrix: FloatArray
    start: FloatArray
    payoffs: FloatArray

    @cached_property
    def distribution(self) -> FloatArray:
        """Long-run share of periods in each joint state from the start on, shape (X,).

        A chain with several closed classes ends in each with its probability of absorption; a periodic one is averaged.
        """
        from scipy.sparse import csr_matrix
        from scipy.sparse.csgraph import connected_components

        x = len(self.names)
        count, label = connected_components(csr_matrix(self.matrix > 0), directed=True, connection="strong")
        leaves = np.zeros(count, dtype=np.bool_)
        source, target = np.nonzero(self.matrix > 0)
        leaves[label[source[label[source] != label[target]]]] = True
        passing = np.flatnonzero(leaves[label])
        settled = np.flatnonzero(~leaves[label])
        arrive = np.zeros(x)
        arrive[settled] = self.start[settled]
        if passing.size:
            inner = self.matrix[np.ix_(passing, passing)]
            visits = _solve((np.eye(len(passing)) - inner).T, self.start[passing])
            arrive[settled] += visits @ self.matrix[np.ix_(passing, settled)]
        out = np.zeros(x)
        for c in np.flatnonzero(~leaves):
            members = np.flatnonzero(label == c)
            out[members] = arrive[members].sum() * _stationary(self.matrix[np.ix_(members, members)])
        return out

    @cached_property
    def average(self) -> FloatArray:
        """Long-run average payoffs from the start, shape (N,)."""
        return np.asarray(self.distribution @ self.payoffs)

    @cached_property
    def discounted(self) -> FloatArray:
        """Expected discounted payoffs from the start, normalised by 1 - discount, shape (N,)."""
        out = np.empty(self.play.n_players)
        for i, d in enumerate(self.play.discount):
            level = self.payoffs[0, i]
            values = _solve(np.eye(len(self.names)) - d * self.matrix, self.payoffs[:, i] - level)
            out[i] = level + (1 - d) * (self.start @ values)
        return out

    def over(self, rounds: int) -> FloatArray:
        """Expected average payoffs over the first `rounds` periods, shape (N,)."""
        where = self.start.copy()
        total = np.zeros(len(where))
        for _ in range(rounds):
            checkpoint()
            total += where
            where = where @ self.matrix
        return np.asarray(total @ self.payoffs / rounds)


@dataclass(frozen=True, eq=False, repr=False)
class LongRun(Result):
    """Exact payoffs of automata playing one another.

    Attributes
    ----------
    chain : Chain, the joint states and how play moves among them
    average : array (N,), long-run average payoffs
    discounted : array (N,), expected discounted payoffs, normalised by 1 - discount
    """

    chain: Chain
    average: FloatArray
    discounted: FloatArray

    def states(self) -> pd.Series[float]:
        """Share of periods spent in each joint state in the long run, the most common first."""
        import pandas as pd

        series = pd.Series(self.chain.distribution, index=list(self.chain.names), name="share of periods")
        return series.sort_values(ascending=False, kind="stable")

    def summary(self) -> str:
        share = self.states()
        return (
            f"These payoffs are exact: they come from a Markov chain of {len(self.chain.names)} joint states. In the long run "
            f"{share.iloc[0]:.1%} of periods are spent in {share.index[0]!r}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: long-run average and discounted payoff."""
        import pandas as pd

        return pd.DataFrame(
            {"long-run average": self.average, "discounted": self.discounted},
            index=pd.Index(self.chain.play.stage.players, name="player"),
        )


@keeps_time("the long run", "use simulate, or an automaton with fewer states")
def long_run(
    play: RepeatedGame,
    strategies: Strategies,
    *,
    tremble: npt.ArrayLike | None = None,
    misperception: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> LongRun:
    """Exact long-run average and discounted payoffs of automata, with trembles and misperception.

    Parameters
    ----------
    play : RepeatedGame; if its monitoring is imperfect and `misperception` is not given, that is what players see
    strategies : an Automaton for all players, or one Machine for each player
    tremble : probability of playing another action than intended; one number, or one for each player
    misperception : probability that a rival, each by itself, sees another action than was played; likewise
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    AutomatonError, SizeError
        For strategies of another game; for more joint states than fit.
    MethodError
        For an automaton with public lotteries under misperception, where no state is shared any more.

    Examples
    --------
    Two players of tit for tat who tremble spend equal time in all four states (Molander 1985):

    >>> from games import NormalFormGame, RepeatedGame, strategies
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> tft = strategies.tit_for_tat(pd, ("C", "C"), ("D", "D"))
    >>> long_run(RepeatedGame(pd, 0.9), tft, tremble=0.01).average
    array([2.25, 2.25])
    """
    found = chain(play, strategies, tremble=tremble, misperception=misperception)
    return LongRun(found, found.average, found.discounted)


def chain(
    play: RepeatedGame,
    strategies: Strategies,
    *,
    tremble: npt.ArrayLike | None = None,
    misperception: npt.ArrayLike | None = None,
) -> Chain:
    """The Markov chain of joint play; arguments as in `long_run`."""
    public, machines = seats(play, strategies)
    noise = noise_of(play, public, machines, tremble, misperception)
    if noise.sight is None and public is not None:
        return _public_chain(play, public, noise)
    return _private_chain(play, machines, noise)


def seats(play: RepeatedGame, strategies: Strategies) -> tuple[Automaton | None, tuple[Machine, ...]]:
    """The automaton with its public state (None if each player keeps its own), and each player's machine."""
    game = instance(play, RepeatedGame, "the repeated game").stage
    if isinstance(strategies, Automaton):
        machines = tuple(strategies.machine(i) for i in range(game.n_players))
        public = strategies if strategies.machines is None else None
    else:
        machines = tuple(strategies) if isinstance(strategies, Sequence) else (strategies,)
        public = None
        for machine in machines:
            instance(machine, Machine, "each strategy", AutomatonError)
    if [m.player for m in machines] != list(range(game.n_players)):
        raise AutomatonError("give one automaton for all players, or one machine for each player in order")
    if any(m.game is not game and m.game != game for m in machines):
        raise AutomatonError("the strategies belong to a different game from the one that is played")
    return public, machines


def noise_of(
    play: RepeatedGame,
    public: Automaton | None,
    machines: tuple[Machine, ...],
    tremble: npt.ArrayLike | None,
    misperception: npt.ArrayLike | None,
) -> Noise:
    """The kernels of trembles and misperception; what was agreed is what the initial states prescribe."""
    agreed = tuple(int(m.outputs[m.start.argmax()]) for m in machines)
    noise = Noise.of(play.stage, agreed, tremble, misperception, play.monitoring)
    if noise.sight is not None and public is not None and public.is_random:
        raise MethodError(
            "the automaton draws public lotteries, but players who see different things share no state to draw from; "
            "drop the misperception, or compose the automaton of machines"
        )
    return noise


def _public_chain(play: RepeatedGame, automaton: Automaton, noise: Noise) -> Chain:
    game = play.stage
    payoffs = game.payoffs.reshape(-1, game.n_players)
    if noise.tremble is None:
        return Chain(play, automaton.names, automaton.path_matrix, automaton.start, payoffs[automaton.played])
    _fits(automaton.n_states**2 * len(payoffs))
    chance = _played(noise.tremble, automaton.outputs)
    matrix = np.einsum("xa,xay->xy", chance, automaton.probabilities)
    return Chain(play, automaton.names, matrix, automaton.start, chance @ payoffs)


def _private_chain(play: RepeatedGame, machines: tuple[Machine, ...], noise: Noise) -> Chain:
    game = play.stage
    payoffs = game.payoffs.reshape(-1, game.n_players)
    sizes = [m.n_states for m in machines]
    x, a = int(np.prod(sizes)), len(payoffs)
    _fits(x * x * (a if noise.tremble is not None else 1))
    each = np.indices(sizes).reshape(len(sizes), -1)
    intended = np.stack([m.outputs[s] for m, s in zip(machines, each)], axis=1)
    start = np.ones(1)
    for m in machines:
        start = np.multiply.outer(start, m.start).reshape(-1)
    moves = [_seen(game, m, noise.sight) for m in machines]
    names = tuple(" | ".join(m.names[s] for m, s in zip(machines, row)) for row in each.T)
    if noise.tremble is None:
        flat = np.ravel_multi_index(tuple(intended.T), game.shape)
        matrix = np.ones((x, 1))
        for move, states in zip(moves, each):
            checkpoint()
            matrix = (matrix[:, :, None] * move[states, flat][:, None, :]).reshape(x, -1)
        return Chain(play, names, matrix, start, payoffs[flat])
    chance = _played(noise.tremble, intended)
    joint = np.ones((1, a, 1))
    for move in moves:
        checkpoint()
        joint = np.einsum("iaj,kal->ikajl", joint, move)
        joint = joint.reshape(joint.shape[0] * joint.shape[1], a, -1)
    return Chain(play, names, np.einsum("xa,xay->xy", chance, joint), start, chance @ payoffs)


def _seen(game: NormalFormGame, machine: Machine, sight: tuple[FloatArray, ...] | None) -> FloatArray:
    """Probability of each next state of a machine by its state and what was really played, (S, A, S)."""
    table = machine.probabilities
    if sight is None:
        return table
    states = machine.n_states
    table = table.reshape(states, *game.shape, states)
    for j, kernel in enumerate(sight):
        if j != machine.player:  # every player knows what it did itself
            table = np.moveaxis(np.tensordot(kernel, table, axes=(1, 1 + j)), 0, 1 + j)
    return np.asarray(table.reshape(states, -1, states))


def _played(tremble: tuple[FloatArray, ...], intended: npt.NDArray[np.int64]) -> FloatArray:
    """Probability of each action profile given what is intended, (X, N) -> (X, A)."""
    chance = np.ones((len(intended), 1))
    for i, kernel in enumerate(tremble):
        chance = (chance[:, :, None] * kernel[intended[:, i]][:, None, :]).reshape(len(intended), -1)
    return chance


def _stationary(matrix: FloatArray) -> FloatArray:
    """The stationary distribution of an irreducible chain, by elimination without subtraction.

    Source: Grassmann, Taksar and Heyman (1985), *Operations Research* 33: accurate to rounding in every entry.
    """
    p = matrix.copy()
    size = len(p)
    for n in range(size - 1, 0, -1):
        checkpoint()
        p[:n, n] /= p[n, :n].sum()
        p[:n, :n] += np.outer(p[:n, n], p[n, :n])
    out = np.ones(size)
    for n in range(1, size):
        out[n] = out[:n] @ p[:n, n]
    return np.asarray(out / out.sum())


def _solve(matrix: FloatArray, right: FloatArray) -> FloatArray:
    """A linear system. Nothing can interrupt it, so that one that would outlast the time limit is not begun."""
    if len(matrix) ** 3 / _PIVOTS_A_SECOND > seconds_left():
        raise TimeOver
    return np.asarray(np.linalg.solve(matrix, right))


def _uniform(game: NormalFormGame, rate: npt.ArrayLike | None, what: str) -> tuple[FloatArray, ...] | None:
    if rate is None:
        return None
    rates = numbers(rate, what)
    if rates.ndim > 1 or (rates.ndim == 1 and rates.shape != (game.n_players,)):
        raise GameError(
            f"{what} has shape {rates.shape}; give one rate, or one for each of {', '.join(game.players)}"
        )
    rates = np.broadcast_to(rates, (game.n_players,))
    if not ((rates >= 0) & (rates <= 1)).all():
        raise GameError(f"{what} is {rate}; a rate is a probability between 0 and 1")
    if not rates.any():
        return None
    kernels = []
    for k, r in zip(game.shape, rates):
        kernel = np.full((k, k), r / max(k - 1, 1))
        np.fill_diagonal(kernel, 1.0 - r if k > 1 else 1.0)
        kernels.append(kernel)
    return tuple(kernels)


def _monitored(count: int, agreed: int, monitoring: Monitoring) -> FloatArray:
    kernel = np.diag(np.full(count, monitoring.detection))
    kernel[:, agreed] += 1.0 - monitoring.detection
    kernel[agreed] = monitoring.false_alarm / max(count - 1, 1)
    kernel[agreed, agreed] = 1.0 - monitoring.false_alarm if count > 1 else 1.0
    return kernel


def _fits(size: int) -> None:
    if size > _LARGEST:
        raise SizeError(
            f"the chain of joint play needs {size:.2g} numbers, but at most {_LARGEST:.2g} fit; simulate instead, or use "
            "fewer states"
        )
