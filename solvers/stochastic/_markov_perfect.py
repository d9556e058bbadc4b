"""Markov perfect equilibria in pure strategies: what is played depends on the state alone.

*All of them*: branch and bound over the states. There are bounds on what each state can be worth in an equilibrium.
They rule out pairs of a state and a profile from which somebody would depart whatever the rest of play is worth;
ruling out pairs tightens the bounds. Once few combinations are left they are all tried; otherwise the search
branches over the pairs of one state. Nothing is skipped, so the list is complete unless a limit on the combinations
is met.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, overload

import numpy as np

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import FloatArray
from games.stochastic import StochasticGame
from games.types import BoolArray, IndexArray
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.stochastic._pairs import Pairs, pairs_of
from solvers.stochastic._strategy import Strategy, markov

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MarkovPerfect", "few_equilibria", "markov_perfect"]

# Combinations solved at once: about 50 MB for ten states.
_BLOCK = 20_000
# Combinations tried unless told otherwise: a hundred blocks.
_LIMIT = 2_000_000
# Gains below this share of the payoff range count as rounding; bounds give way by as much.
_TOLERANCE = 1e-11
# Rounds of bounding between two branchings; it stops before, once bounds move too little to rule anything out.
_TIGHTEN = 60


@dataclass(frozen=True, eq=False, repr=False)
class MarkovPerfect(Result, Sequence[Strategy]):
    """All Markov perfect equilibria in pure strategies: a sequence of strategies.

    Attributes
    ----------
    game : StochasticGame
    policies : int array (E, S), flat profile numbers by state
    payoffs : array (E, S, N), what each equilibrium is worth from each state on
    complete : True if every pure policy was tried or ruled out
    tried : combinations that were solved
    seconds : processor time used
    """

    _rows_shown = 20

    game: StochasticGame
    policies: IndexArray
    payoffs: FloatArray
    complete: bool
    tried: int
    seconds: float

    def __len__(self) -> int:
        return len(self.policies)

    @overload
    def __getitem__(self, number: int) -> Strategy: ...
    @overload
    def __getitem__(self, number: slice) -> Sequence[Strategy]: ...
    def __getitem__(self, number: int | slice) -> Strategy | Sequence[Strategy]:
        if isinstance(number, slice):
            return [self[k] for k in range(*number.indices(len(self)))]
        profiles = [
            tuple(int(a) for a in np.unravel_index(int(a), stage.shape))
            for a, stage in zip(self.policies[number], self.game.stages)
        ]
        return markov(self.game, profiles)

    def __iter__(self) -> Iterator[Strategy]:
        return (self[k] for k in range(len(self)))

    def summary(self) -> str:
        count = len(self)
        head = f"{count or 'No'} Markov perfect equilibri{'um' if count == 1 else 'a'} in pure strategies"
        if self.complete:
            return f"{head}; the search was complete."
        return f"{head} found; the search was broken off after {counted(self.tried, 'combination')}, so there may be more."

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium and state: the profile, and what it is worth to each player from there on."""
        import pandas as pd

        rows = []
        for e, (policy, worth) in enumerate(zip(self.policies, self.payoffs)):
            for s, stage in enumerate(self.game.stages):
                profile = tuple(int(a) for a in np.unravel_index(int(policy[s]), stage.shape))
                rows.append((e + 1, self.game.names[s], ", ".join(stage.labels(profile)), *worth[s].tolist()))
        columns = ["equilibrium", "state", "profile", *self.game.players]
        return pd.DataFrame(rows, columns=columns).set_index(["equilibrium", "state"])


@checked
def markov_perfect(
    game: StochasticGame, *, max_combinations: int = _LIMIT, time_limit: float | None = None
) -> MarkovPerfect:
    """All Markov perfect equilibria in pure strategies, for any number of players (Maskin and Tirole 2001).

    Parameters
    ----------
    game : StochasticGame
    max_combinations : combinations of profiles to be solved at the most, after bounds have ruled out what they can; beyond
        that the result says that it is not complete
    time_limit : seconds of wall time, optional

    Returns
    -------
    MarkovPerfect

    Notes
    -----
    An equilibrium in mixed strategies always exists (Fink 1964); see `stochastic.logit_equilibrium`. One in pure
    strategies may not.

    Examples
    --------
    >>> from games import NormalFormGame, StochasticGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> found = markov_perfect(StochasticGame([pd, pd.rescale(2)], [[0.5, 0.5], [0.5, 0.5]], 0.9))
    >>> len(found), found.complete, found.payoffs[0]
    (1, True, array([[1.45, 1.45], [1.55, 1.55]]))
    """
    if max_combinations < 1:
        raise MethodError(f"max_combinations is {max_combinations}; at least one is needed")
    begun = time.process_time()
    pairs = pairs_of(game)
    search = _Search(pairs, max_combinations, Deadline(time_limit))
    search.run()
    policies = np.array(sorted(search.found), dtype=np.intp).reshape(-1, pairs.n_states)
    payoffs = np.array([_values(pairs, row[None, :])[0] for row in policies]).reshape(
        len(policies), pairs.n_states, pairs.n_players
    )
    return MarkovPerfect(
        game,
        policies - pairs.first[:-1],
        pairs.scale * payoffs + pairs.shift,
        search.complete,
        search.tried,
        time.process_time() - begun,
    )


def few_equilibria(pairs: Pairs, limit: int = 50_000) -> list[FloatArray]:
    """Payoffs (S, N) of some Markov perfect equilibria, in the units of the pairs; as many as a short search finds."""
    search = _Search(pairs, limit, Deadline(2.0))
    search.run()
    return [_values(pairs, np.array([row]))[0] for row in sorted(search.found)]


def _values(pairs: Pairs, policies: IndexArray) -> FloatArray:
    """What policies (B, S) of pairs are worth, (B, S, N)."""
    step = pairs.step[policies]
    reward = pairs.payoffs[policies]
    d = pairs.discount
    out = np.empty_like(reward)
    for i in range(pairs.n_players):
        system = np.eye(pairs.n_states) - d[i] * step
        out[:, :, i] = np.linalg.solve(system, (1.0 - d[i]) * reward[:, :, i, None])[:, :, 0]
    return out


class _Search:
    """Branch and bound over which pairs are still possible."""

    def __init__(self, pairs: Pairs, limit: int, deadline: Deadline) -> None:
        self.pairs = pairs
        self.limit, self.deadline = limit, deadline
        self.found: set[tuple[int, ...]] = set()
        self.complete, self.tried = True, 0
        self.least = _TOLERANCE
        # Whoever departs takes any action: all pairs of its group, allowed in an equilibrium or not.
        self.members = [
            [np.flatnonzero(group == g) for g in range(int(group.max()) + 1)] for group in pairs.rivals.T
        ]

    def run(self) -> None:
        count = len(self.pairs.state)
        everything: BoolArray = np.ones(count, dtype=np.bool_)
        high = np.broadcast_to(self.pairs.payoffs.max(axis=0), self.pairs.minmax.shape)
        stack = [(everything, self.pairs.minmax - self.least, high)]
        while stack:
            if self.tried >= self.limit or self.deadline.passed:
                self.complete = False
                return
            allowed, low, high = stack.pop()
            tightened = self._tighten(allowed, low, high)
            if tightened is None:
                continue
            allowed, low, high = tightened
            sizes = np.add.reduceat(allowed.astype(np.int64), self.pairs.first[:-1])
            left = float(np.prod(sizes.astype(np.float64)))
            if left <= _BLOCK:
                self._try_all(allowed, int(left))
                continue
            # Branch where the fewest choices are left.
            open_ = np.where(sizes > 1, sizes, np.iinfo(np.int64).max)
            s = int(open_.argmin())
            mine = np.arange(self.pairs.first[s], self.pairs.first[s + 1])
            for pair in mine[allowed[mine]]:
                fewer = allowed.copy()
                fewer[mine] = False
                fewer[pair] = True
                stack.append((fewer, low, high))

    def _tighten(
        self, allowed: BoolArray, low: FloatArray, high: FloatArray
    ) -> tuple[BoolArray, FloatArray, FloatArray] | None:
        """Rule out what cannot be part of an equilibrium whose values lie between the bounds; None if a state has nothing
        left."""
        pairs, d = self.pairs, self.pairs.discount
        for _ in range(_TIGHTEN):
            down, up = pairs.worth(low), pairs.worth(high)
            best = pairs.best_response(down)
            fits = allowed & (up >= best - self.least).all(axis=1)
            if not np.logical_or.reduceat(fits, pairs.first[:-1]).all():
                return None
            most = pairs.by_state(np.where(fits[:, None], up, -np.inf), np.maximum)
            least = pairs.by_state(np.where(fits[:, None], best, np.inf), np.minimum)
            after_low, after_high = np.maximum(low, least - self.least), np.minimum(high, most + self.least)
            moved = max(float((after_low - low).max()), float((high - after_high).max()))
            stuck = np.array_equal(fits, allowed) and moved < 1e-3 * (1.0 - float(d.max()))
            allowed, low, high = fits, after_low, after_high
            if stuck:
                break
        return allowed, low, high

    def _try_all(self, allowed: BoolArray, count: int) -> None:
        pairs = self.pairs
        choices = [np.flatnonzero(allowed[b:e]) + b for b, e in zip(pairs.first[:-1], pairs.first[1:])]
        sizes = [len(c) for c in choices]
        block = max(1, _BLOCK // max(1, pairs.n_states // 4))
        for begin in range(0, count, block):
            numbers = np.arange(begin, min(begin + block, count))
            index = np.unravel_index(numbers, sizes)
            policies = np.stack([c[k] for c, k in zip(choices, index)], axis=1)
            self.tried += len(numbers)
            values = _values(pairs, policies)
            fine = np.ones(len(numbers), dtype=np.bool_)
            for s in range(pairs.n_states):
                fine &= self._nobody_departs(policies[:, s], values)
            self.found.update(tuple(int(p) for p in row) for row in policies[fine])

    def _nobody_departs(self, chosen: IndexArray, values: FloatArray) -> BoolArray:
        """Is each chosen pair (B,) a mutual best reply if next period's states are worth `values` (B, S, N)?"""
        pairs, d = self.pairs, self.pairs.discount
        fine = np.ones(len(chosen), dtype=np.bool_)
        for pair in np.unique(chosen):
            rows = np.flatnonzero(chosen == pair)
            for i in range(pairs.n_players):
                others = self.members[i][pairs.rivals[pair, i]]
                worth = (1.0 - d[i]) * pairs.payoffs[others, i] + d[i] * (
                    values[rows, :, i] @ pairs.step[others].T
                )
                own = worth[:, np.searchsorted(others, pair)]
                fine[rows] &= worth.max(axis=1) <= own + self.least
        return fine
