"""Simulations of automata playing one another, many runs at once, with trembles and misperception."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked, whole
from games.errors import MethodError, SizeError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.strategies._automata import Automaton, Machine
from games.types import IntArray
from games.words import counted
from solvers.base.deadline import keeps_time, steps
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.repeated.play._markov import Noise, Strategies, chain, noise_of, seats

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Simulation", "simulate", "sparkline"]

_BLOCKS = "▁▂▃▄▅▆▇█"
_WIDTH = 60


@dataclass(frozen=True, eq=False, repr=False)
class Simulation(Result):
    """What happened in the runs, beside the exact averages from the Markov chain.

    Attributes
    ----------
    play : RepeatedGame
    rounds, runs, seed : int
    average : array (runs, N), each run's average payoffs
    discounted : array (runs, N), each run's discounted payoffs over its rounds, normalised by 1 - discount
    by_round : array (rounds, N), payoffs of each round, averaged over runs
    profiles : array (k_1, ..., k_N), share of all periods in which each profile was played
    first_run : int array (rounds, N), the actions of the first run
    expected : array (N,) or None, the exact mean of `average`; None if the chain is too large to compute
    long_run : array (N,) or None, exact average payoffs over unboundedly many rounds
    long_run_discounted : array (N,) or None, exact discounted payoffs over unboundedly many rounds
    """

    play: RepeatedGame
    rounds: int
    runs: int
    seed: int
    average: FloatArray
    discounted: FloatArray
    by_round: FloatArray
    profiles: FloatArray
    first_run: IntArray
    expected: FloatArray | None
    long_run: FloatArray | None
    long_run_discounted: FloatArray | None

    @property
    def mean(self) -> FloatArray:
        """Average payoffs over all runs and rounds, shape (N,)."""
        return np.asarray(self.average.mean(axis=0))

    @property
    def standard_error(self) -> FloatArray:
        """Standard errors of `mean`, shape (N,), from the spread between runs; NaN for a single run."""
        if self.runs < 2:
            return np.full(self.play.n_players, np.nan)
        return np.asarray(self.average.std(axis=0, ddof=1) / np.sqrt(self.runs))

    def sparklines(self, width: int = _WIDTH) -> str:
        """Play as text: for each player its payoffs in the first run and on average over runs, from its worst to its best."""
        game = self.play.stage
        flat = game.payoffs.reshape(-1, game.n_players)
        low, high = flat.min(axis=0), flat.max(axis=0)
        first = game.payoffs[tuple(self.first_run.T)]
        pad = max(len(name) for name in game.players)
        lines = []
        for i, name in enumerate(game.players):
            lines.append(f"{name:<{pad}}  first run  {sparkline(first[:, i], low[i], high[i], width)}")
            lines.append(f"{'':<{pad}}  all runs   {sparkline(self.by_round[:, i], low[i], high[i], width)}")
        return "\n".join(lines)

    def common_profiles(self) -> pd.Series[float]:
        """Share of periods in which each profile was played, the most common first; those never played are left out."""
        import pandas as pd

        game = self.play.stage
        flat = self.profiles.reshape(-1)
        order = [int(a) for a in np.argsort(-flat, kind="stable") if flat[a] > 0]
        labels = [game.labels(tuple(int(x) for x in np.unravel_index(a, game.shape))) for a in order]
        index = pd.MultiIndex.from_tuples(labels, names=game.players)
        return pd.Series(flat[order], index=index, name="share of periods")

    def summary(self) -> str:
        common = self.common_profiles()
        exact = (
            "The exact means beside them come from the Markov chain."
            if self.expected is not None
            else "The Markov chain is too large for exact means."
        )
        return (
            f"In {counted(self.runs, 'run')} of {counted(self.rounds, 'round')} (seed {self.seed}) the most common profile, "
            f"({', '.join(common.index[0])}), was played in {common.iloc[0]:.1%} of periods. {exact}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: simulated mean and its standard error, exact mean, exact long-run values."""
        import pandas as pd

        nothing = np.full(self.play.n_players, np.nan)

        def column(values: FloatArray | None) -> FloatArray:
            return nothing if values is None else values

        return pd.DataFrame(
            {
                "simulated": self.mean,
                "standard error": self.standard_error,
                "exact": column(self.expected),
                "simulated, discounted": self.discounted.mean(axis=0),
                "exact long-run average": column(self.long_run),
                "exact, discounted": column(self.long_run_discounted),
            },
            index=pd.Index(self.play.stage.players, name="player"),
        )


@keeps_time("the simulation", "take fewer rounds or runs")
def simulate(
    play: RepeatedGame,
    strategies: Strategies,
    rounds: int = 200,
    runs: int = 100,
    *,
    seed: int,
    tremble: npt.ArrayLike | None = None,
    misperception: npt.ArrayLike | None = None,
    time_limit: float | None = None,
) -> Simulation:
    """Play automata against one another.

    Parameters
    ----------
    play : RepeatedGame; if its monitoring is imperfect and `misperception` is not given, that is what players see
    strategies : an Automaton for all players, or one Machine for each player
    rounds, runs : periods in a run, and runs, all played at once
    seed : int, of numpy's default generator
    tremble : probability of playing another action than intended (each equally likely); one number, or one for each player
    misperception : probability that a rival, each by itself, sees another action than was played; likewise
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    AutomatonError
        For strategies of another game.
    MethodError
        For an automaton with public lotteries under misperception; for no rounds or runs.

    Examples
    --------
    >>> from games import NormalFormGame, RepeatedGame, strategies
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> pavlov = strategies.win_stay_lose_shift(pd, ("C", "C"), ("D", "D"))
    >>> simulate(RepeatedGame(pd, 0.9), pavlov, rounds=50, runs=2, seed=1).mean
    array([3., 3.])
    """
    rounds, runs = (
        whole(value, f"simulate needs at least one round and one run, whole numbers; {name} is not", least=1)
        for name, value in (("rounds", rounds), ("runs", runs))
    )
    seed = whole(seed, "the seed is a whole number, at least 0")
    public, machines = seats(play, strategies)
    noise = noise_of(play, public, machines, tremble, misperception)
    rng = np.random.default_rng(seed)
    game, n = play.stage, play.n_players
    table = game.payoffs.reshape(-1, n)
    strides = np.array([int(np.prod(game.shape[i + 1 :])) for i in range(n)])
    together = public is not None and noise.sight is None
    state = _starts(rng, public if together else None, machines, runs)

    total, discounted = np.zeros((runs, n)), np.zeros((runs, n))
    by_round, counts = np.empty((rounds, n)), np.zeros(len(table))
    first_run = np.empty((rounds, n), dtype=np.int64)
    weight = 1.0 - play.discount
    for t in steps(track(range(rounds), total=rounds, label="playing"), rounds, "rounds"):
        if together and public is not None:
            actions = public.outputs[state[:, 0]]
        else:
            actions = np.stack([m.outputs[state[:, i]] for i, m in enumerate(machines)], axis=1)
        if noise.tremble is not None:
            actions = np.stack([_draw(rng, k[actions[:, i]]) for i, k in enumerate(noise.tremble)], axis=1)
        profile = actions @ strides
        payoffs = table[profile]
        total += payoffs
        discounted += weight * payoffs
        weight = weight * play.discount
        by_round[t] = payoffs.mean(axis=0)
        counts += np.bincount(profile, minlength=len(table))
        first_run[t] = actions[0]
        if together and public is not None:
            state[:, 0] = _next(rng, public, state[:, 0], profile)
        else:
            for i, m in enumerate(machines):
                state[:, i] = _next(rng, m, state[:, i], _view(rng, noise, actions, i) @ strides)

    try:
        exact = chain(play, strategies, tremble=tremble, misperception=misperception)
    except SizeError:
        exact = None
    return Simulation(
        play=play,
        rounds=rounds,
        runs=runs,
        seed=seed,
        average=total / rounds,
        discounted=discounted,
        by_round=by_round,
        profiles=(counts / counts.sum()).reshape(game.shape),
        first_run=first_run,
        expected=None if exact is None else exact.over(rounds),
        long_run=None if exact is None else exact.average,
        long_run_discounted=None if exact is None else exact.discounted,
    )


@checked
def sparkline(values: npt.ArrayLike, low: float, high: float, width: int = _WIDTH) -> str:
    """Numbers as a row of blocks between `low` and `high`; longer rows are averaged down to `width` blocks.

    >>> sparkline([0, 1, 2, 3], 0, 3)
    '▁▃▆█'
    """
    series = np.asarray(values, dtype=np.float64)
    if series.ndim != 1 or width < 1:
        raise MethodError("a row of blocks needs a row of numbers and a width of at least 1")
    if len(series) > width:
        series = np.array([part.mean() for part in np.array_split(series, width)])
    share = (series - low) / (high - low) if high > low else np.full(len(series), 0.5)
    top = len(_BLOCKS) - 1
    return "".join(_BLOCKS[int(level)] for level in np.clip(np.rint(share * top), 0, top))


def _starts(
    rng: np.random.Generator, public: Automaton | None, machines: tuple[Machine, ...], runs: int
) -> IntArray:
    if public is not None:
        return rng.choice(public.n_states, size=(runs, 1), p=public.start)
    return np.stack([rng.choice(m.n_states, size=runs, p=m.start) for m in machines], axis=1)


def _draw(rng: np.random.Generator, chances: FloatArray) -> IntArray:
    """One draw from each row of probabilities (runs, k)."""
    below = chances.cumsum(axis=1)
    # Scaling the draw by the row's sum keeps rounding from ever choosing an entry of no probability.
    u = rng.random(len(chances)) * below[:, -1]
    return np.asarray((below <= u[:, None]).sum(axis=1), dtype=np.int64)


def _next(rng: np.random.Generator, who: Automaton | Machine, state: IntArray, seen: IntArray) -> IntArray:
    after = who.flat[state, seen]
    return _draw(rng, after) if who.is_random else np.asarray(after, dtype=np.int64)


def _view(rng: np.random.Generator, noise: Noise, actions: IntArray, observer: int) -> IntArray:
    """What one player sees of the actions (runs, N): its own as they are, the others' through its own noise."""
    if noise.sight is None:
        return actions
    seen = [a if j == observer else _draw(rng, k[a]) for j, (a, k) in enumerate(zip(actions.T, noise.sight))]
    return np.stack(seen, axis=1)
