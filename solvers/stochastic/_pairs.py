"""A stochastic game as flat arrays: one row for each pair of a state and an action profile.

Values are worked with in units of each player's payoff range over all states, so that rounding means the same everywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from games.normal_form import FloatArray, NormalFormGame
from games.stochastic import StochasticGame
from games.types import BoolArray, IndexArray
from solvers.base.precision import from_lowest, refuse_rounding
from solvers.base.rounding import payoff_units
from solvers.stochastic._decision import harshest_policy

__all__ = ["Pairs", "pairs_of"]


@dataclass(frozen=True)
class Pairs:
    """M pairs of a state and a profile, ordered by state and then as by `numpy.ndindex`.

    Attributes
    ----------
    state : array (M,)
    payoffs : array (M, N), in units of payoff ranges
    step : array (M, S), probabilities of the next state
    rivals : array (M, N), the number of the group of pairs among which player i can choose alone; groups are numbered
        for each player apart
    first : array (S + 1,), where each state's pairs begin
    discount : array (N,)
    scale, shift : arrays (N,); the game's own payoffs are `scale * payoffs + shift`
    """

    state: IndexArray
    payoffs: FloatArray
    step: FloatArray
    rivals: IndexArray
    first: IndexArray
    discount: FloatArray
    scale: FloatArray
    shift: FloatArray

    @property
    def n_states(self) -> int:
        return len(self.first) - 1

    @property
    def n_players(self) -> int:
        return len(self.discount)

    @cached_property
    def common(self) -> bool:
        """True if all players discount alike."""
        return bool(np.ptp(self.discount) == 0.0)

    def worth(self, values: FloatArray) -> FloatArray:
        """What each pair is worth (M, N) if next period's state is worth `values` (S, N)."""
        d = self.discount
        return np.asarray((1.0 - d) * self.payoffs + d * (self.step @ values))

    @cached_property
    def _groups(self) -> list[tuple[IndexArray, IndexArray]]:
        """For each player its pairs sorted by group, and where the groups begin."""
        out = []
        for group in self.rivals.T:
            order = np.argsort(group, kind="stable")
            out.append((order, np.flatnonzero(np.diff(group[order], prepend=-1))))
        return out

    def best_response(self, worth: FloatArray) -> FloatArray:
        """The most that each player can reach by its own choice, the others' as in the pair, (M, N)."""
        out = np.empty_like(worth)
        for i, (order, begins) in enumerate(self._groups):
            out[:, i] = np.maximum.reduceat(worth[order, i], begins)[self.rivals[:, i]]
        return out

    def by_state(self, values: FloatArray, reduce: np.ufunc) -> FloatArray:
        """The largest or smallest entry of each state's pairs, (S, ...)."""
        return np.asarray(reduce.reduceat(values, self.first[:-1], axis=0))

    @cached_property
    def minmax(self) -> FloatArray:
        """The pure stationary minmax of each state (S, N): what a player can be held to, if it answers best each period."""
        return np.column_stack(
            [
                harshest_policy(self.payoffs[:, i], self.step, self.first, self.rivals[:, i], float(d))[0]
                for i, d in enumerate(self.discount)
            ]
        )

    @cached_property
    def reaches(self) -> BoolArray:
        """Can state t follow state s, in any number of periods and whatever is played? (S, S)"""
        one = np.add.reduceat(self.step, self.first[:-1], axis=0) > 0.0
        seen = one | np.eye(self.n_states, dtype=np.bool_)
        while True:
            more = (seen.astype(np.int64) @ seen.astype(np.int64)) > 0
            if np.array_equal(more, seen):
                return np.asarray(seen)
            seen = more

    def among(self, states: IndexArray) -> Pairs:
        """The pairs of some states, which play must not lead out of."""
        kept = np.isin(self.state, states)
        number = np.full(self.n_states, -1)
        number[states] = np.arange(len(states))
        sizes = np.diff(self.first)[states]
        return Pairs(
            number[self.state[kept]],
            self.payoffs[kept],
            self.step[kept][:, states],
            np.column_stack(
                [np.unique(group, return_inverse=True)[1].ravel() for group in self.rivals[kept].T]
            ),
            np.concatenate([[0], np.cumsum(sizes)]),
            self.discount,
            self.scale,
            self.shift,
        )


def pairs_of(game: StochasticGame, scaled: bool = True) -> Pairs:
    """The pairs of a game. A player whose payoffs never vary is worth 0 throughout."""
    n = game.n_players
    tables, origin = measured(game)
    if not scaled:
        refuse_shared_part(game)
        tables, origin = [stage.payoffs for stage in game.stages], np.zeros(n)
    payoffs = np.concatenate([table.reshape(-1, n) for table in tables])
    step = np.concatenate([p.reshape(-1, game.n_states) for p in game.transitions])
    sizes = np.array([int(np.prod(stage.shape)) for stage in game.stages])
    first = np.concatenate([[0], np.cumsum(sizes)])
    rivals = np.empty((len(payoffs), n), dtype=np.intp)
    for i in range(n):
        begin = 0
        for s, stage in enumerate(game.stages):
            others = (*stage.shape[:i], 1, *stage.shape[i + 1 :])
            count = int(np.prod(others))
            group = np.broadcast_to(np.arange(count).reshape(others), stage.shape)
            rivals[first[s] : first[s + 1], i] = begin + group.ravel()
            begin += count
    if scaled:
        shift = payoffs.min(axis=0)
        ranges = payoffs.max(axis=0) - shift
        scale = payoff_units(ranges)
    else:
        shift, scale = np.zeros(n), np.ones(n)
    state = np.repeat(np.arange(game.n_states), sizes)
    return Pairs(state, (payoffs - shift) / scale, step, rivals, first, game.discount, scale, shift + origin)


def measured(game: StochasticGame) -> tuple[list[FloatArray], FloatArray]:
    """Payoffs (k_1, ..., k_N, N) of each state, and what was taken off them for each player, (N,).

    A part that all of a player's payoffs share is taken off where it would cost digits of their differences; exactly, before
    anything is rounded. Raises PrecisionError where floats have lost the differences before they came here.
    """
    n = game.n_players
    whole, lowest = from_lowest(_together(game))
    if lowest is None:
        return [stage.payoffs for stage in game.stages], np.zeros(n)
    ends = np.cumsum([stage.payoffs.size // n for stage in game.stages])[:-1]
    tables = np.split(whole.payoffs.reshape(-1, n), ends)
    shaped = [table.reshape(*stage.shape, n) for table, stage in zip(tables, game.stages)]
    return shaped, lowest.astype(np.float64)


def refuse_shared_part(game: StochasticGame) -> None:
    """Raise PrecisionError where values in floats would lose more than 1e-9 of a player's range to a part that all share."""
    refuse_rounding(_together(game))


def _together(game: StochasticGame) -> NormalFormGame:
    """The payoffs of all states as those of one game, in which the first player names a state and its profile."""
    n = game.n_players
    tables = [
        (stage.exact if stage.rational and _beyond_floats(stage) else stage.payoffs) for stage in game.stages
    ]
    rows = np.concatenate([table.reshape(-1, n) for table in tables])
    return NormalFormGame(rows.reshape(-1, *[1] * (n - 1), n), game.players)


def _beyond_floats(stage: NormalFormGame) -> bool:
    return not stage.floats_are_exact or float(np.abs(stage.payoffs).max()) >= 2.0**53
