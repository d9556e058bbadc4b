"""The payoffs of all subgame-perfect equilibria of a stochastic game, state by state, between an outer and an inner polytope.

Pure strategies, perfect monitoring, a public lottery before every period. The sets V*(s) are the largest bounded ones with V*(s)
= B(V*)(s) for the operator of Abreu, Pearce and Stacchetti (1990) by state (`_operator`). Polytopes are shrunk towards them from
outside by `_outer`, and proved to consist of equilibrium payoffs by `_inner`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, overload

import numpy as np

from games.arguments import checked
from games.errors import MethodError
from games.normal_form import FloatArray
from games.stochastic import StochasticGame
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.repeated.payoff_sets.polytope import Polytope
from solvers.stochastic._inner import inner_sets
from solvers.stochastic._markov_perfect import few_equilibria
from solvers.stochastic._outer import Outer, Status, outer_sets
from solvers.stochastic._pairs import Pairs, pairs_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["PayoffSets", "StatePayoffSet", "payoff_set"]

# Tolerances: of finite sets, to rounding; of three players' sets on many vertices, and of curved ones, what seconds afford.
_FINE, _COARSE, _CURVED = 1e-13, 2e-4, 2e-3


@dataclass(frozen=True, eq=False, repr=False)
class StatePayoffSet(Result):
    """The equilibrium payoffs from one state on, bracketed, in the units of the stage games.

    Attributes
    ----------
    state : name of the state
    players : names of the N players
    outer : Polytope that contains every equilibrium payoff, up to rounding; without vertices if there is none
    inner : Polytope of equilibrium payoffs, checked; without vertices if none was found
    gap : distance of the outer polytope's furthest vertex from the inner one, every player's payoff range (over all states)
        counted as 1; infinity without an inner polytope, 0 where the two are one set
    empty : True if it is proved that no equilibrium in pure strategies starts here
    why_empty : what emptied it; "" unless empty
    minmax : array (N,), the pure stationary minmax payoffs
    """

    state: str
    players: tuple[str, ...]
    outer: Polytope
    inner: Polytope
    gap: float
    empty: bool
    why_empty: str
    minmax: FloatArray

    @property
    def exact(self) -> bool:
        """True if outer and inner are the same set."""
        return self.gap == 0.0 and not self.empty

    def worst(self, player: str | int) -> float:
        """The player's worst payoff in the inner polytope; infinity if there is none."""
        return float(self.inner.lowest[self._index(player)])

    def best(self, player: str | int) -> float:
        """The player's best payoff in the inner polytope; minus infinity if there is none."""
        return float(self.inner.highest[self._index(player)])

    def _index(self, player: str | int) -> int:
        return self.players.index(player) if isinstance(player, str) else player

    def summary(self) -> str:
        if self.empty:
            return f"From {self.state!r} on: {self.why_empty}"
        what = {0: "a point", 1: "a segment", 2: "a polygon"}.get(
            self.outer.dimension, f"a polytope of dimension {self.outer.dimension}"
        )
        head = f"From {self.state!r} on, the equilibrium payoffs (pure strategies, public lotteries)"
        if self.exact:
            return f"{head} are {what} with {counted(len(self.inner.vertices), 'vertex', 'vertices')}, exactly up to rounding."
        if self.inner.dimension < 0:
            return (
                f"{head} lie in {what} with {counted(len(self.outer.vertices), 'vertex', 'vertices')}; no "
                "self-generating polytope was found inside "
                "(one may still exist)."
            )
        return (
            f"{head} fill {what} between an inner polytope with "
            f"{counted(len(self.inner.vertices), 'vertex', 'vertices')}, checked to be "
            f"self-generating, and an outer one with {len(self.outer.vertices)}. They differ by at most {self.gap:.2g} of the "
            "payoff range."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: minmax, and the worst and best payoffs of the outer and the inner polytope."""
        import pandas as pd

        frame = pd.DataFrame({"minmax": self.minmax}, index=pd.Index(self.players, name="player"))
        for name, found in (("outer", self.outer), ("inner", self.inner)):
            frame[f"worst ({name})"] = found.lowest if len(found.vertices) else np.nan
            frame[f"best ({name})"] = found.highest if len(found.vertices) else np.nan
        return frame


@dataclass(frozen=True, eq=False, repr=False)
class PayoffSets(Result, Sequence[StatePayoffSet]):
    """The equilibrium payoffs of a stochastic game: a sequence by state, each a `StatePayoffSet`.

    Attributes
    ----------
    game : StochasticGame
    states : tuple of S results
    status : `converged`, `iteration limit` or `time limit`; outer and inner are sound in every case
    iterations : rounds of the outer polytopes
    seconds : processor time used
    """

    game: StochasticGame
    states: tuple[StatePayoffSet, ...]
    status: Status
    iterations: int
    seconds: float
    pairs: Pairs = field(compare=False)
    alive: tuple[int, ...] = field(compare=False)
    cores: tuple[Polytope, ...] = field(compare=False)

    @property
    def converged(self) -> bool:
        """True if the iteration met its tolerance."""
        return self.status == "converged"

    @property
    def gap(self) -> float:
        """The largest gap of any state."""
        return max(found.gap for found in self.states)

    @property
    def exact(self) -> bool:
        """True if the sets of all states are known up to rounding."""
        return self.gap == 0.0

    @property
    def empty(self) -> bool:
        """True if no equilibrium in pure strategies starts in any state."""
        return all(found.empty for found in self.states)

    @overload
    def __getitem__(self, state: int | str) -> StatePayoffSet: ...
    @overload
    def __getitem__(self, state: slice) -> Sequence[StatePayoffSet]: ...
    def __getitem__(self, state: int | str | slice) -> StatePayoffSet | Sequence[StatePayoffSet]:
        if isinstance(state, str):
            return self.states[self.game.state_index(state)]
        return self.states[state]

    def __len__(self) -> int:
        return len(self.states)

    def __iter__(self) -> Iterator[StatePayoffSet]:
        return iter(self.states)

    def summary(self) -> str:
        if self.empty:
            return self.states[0].why_empty
        gone = [found.state for found in self.states if found.empty]
        lost = f" None starts in {', '.join(gone)}." if gone else ""
        how = (
            "known exactly, up to rounding"
            if self.exact
            else "bracketed; no inner polytopes were found"
            if np.isinf(self.gap)
            else f"bracketed to within {self.gap:.2g} of the payoff range"
        )
        end = "" if self.converged else f" Stopped at the {self.status}: more time narrows the gap."
        return (
            f"Equilibrium payoffs (pure strategies, perfect monitoring, public lotteries) of {len(self)} "
            f"state{'s' * (len(self) > 1)}, {how}.{lost}{end}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each state and player: minmax, and the worst and best payoffs of the outer and the inner polytope."""
        import pandas as pd

        return pd.concat({found.state: found.to_frame() for found in self.states}, names=["state", "player"])


@checked
def payoff_set(
    game: StochasticGame,
    *,
    tolerance: float | None = None,
    max_iterations: int = 5000,
    time_limit: float | None = None,
) -> PayoffSets:
    """The subgame-perfect equilibrium payoffs of each state, in pure strategies with public lotteries.

    Parameters
    ----------
    game : StochasticGame with two or three players
    tolerance : float, optional
        Iteration from outside stops when the polytopes move by less, in units of the payoff range. The default with a common
        discount factor is 1e-13 for two players and 2e-4 for three (finite sets on few vertices are followed to the end); with
        unequal ones, whose sets are curved, 1e-5 and 2e-3. A smaller one narrows the gap and takes longer.
    max_iterations : int
    time_limit : seconds of wall time, optional

    Returns
    -------
    PayoffSets, a sequence by state

    Raises
    ------
    MethodError
        If the game has one player or more than three, or an option is out of range.

    Notes
    -----
    Abreu, Brooks and Sannikov (2020), Econometrica 88, for two players and a common discount factor; the
    operator by state is the same for any number. With voluntary payments see `stochastic.transfers`, for any number of players.

    Examples
    --------
    The prisoner's dilemma of Abreu, Brooks and Sannikov: everybody gets 2 more in the second state.

    >>> from games import NormalFormGame, StochasticGame
    >>> low = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> same, other = [[1 / 3, 2 / 3], [0.5, 0.5]], [[0.5, 0.5], [1 / 3, 2 / 3]]
    >>> step = np.array([same, other])
    >>> game = StochasticGame([low, low.rescale(1, 2)], [step, step[..., ::-1]], 0.7)
    >>> found = payoff_set(game)
    >>> found.exact, found[0].inner.highest, found[1].worst(0)
    (True, array([3.4414, 3.4414]), 1.2432)
    """
    if game.n_players not in (2, 3):
        raise MethodError(
            f"payoff_set takes two or three players; this game has {game.n_players}. "
            "stochastic.transfers takes any number, with voluntary payments"
        )
    if tolerance is not None and not 0.0 < tolerance < 1.0:
        raise MethodError(f"tolerance is {tolerance}; it is a share of the payoff range between 0 and 1")
    if max_iterations < 1:
        raise MethodError(f"max_iterations is {max_iterations}; at least one is needed")
    begun = time.process_time()
    deadline = Deadline(time_limit)
    pairs = pairs_of(game)
    if tolerance is None:
        fine, coarse = (_FINE, 1e-5) if game.n_players == 2 else (_COARSE, _CURVED)
        tolerance = fine if pairs.common else coarse
    outer = outer_sets(pairs, tolerance, max_iterations, deadline, _FINE)
    cores: list[Polytope] = []
    gaps = np.zeros(0)
    if len(outer.alive):
        cores, gaps = inner_sets(
            outer.pairs,
            outer.sets,
            lambda: few_equilibria(outer.pairs),
            outer.moved,
            tolerance,
            deadline,
        )
    states = _labelled(game, pairs, outer, cores, gaps)
    return PayoffSets(
        game,
        states,
        outer.status,
        outer.rounds,
        time.process_time() - begun,
        outer.pairs,
        tuple(int(s) for s in outer.alive),
        tuple(cores),
    )


def _labelled(
    game: StochasticGame, pairs: Pairs, outer: Outer, cores: list[Polytope], gaps: FloatArray
) -> tuple[StatePayoffSet, ...]:
    place = {int(s): k for k, s in enumerate(outer.alive)}
    minmax = pairs.scale * pairs.minmax + pairs.shift
    none = Polytope.nothing(game.n_players)
    out = []
    for s, name in enumerate(game.names):
        if s not in place:
            why = (
                "No subgame-perfect equilibrium in pure strategies exists at these discount factors. Here, or in "
                "a state that play may lead to, no action profile is left that any promise or punishment could enforce. Greater "
                "patience or mixed strategies would be needed."
            )
            out.append(StatePayoffSet(name, game.players, none, none, 0.0, True, why, minmax[s]))
            continue
        k = place[s]
        inside = cores[k].scaled(pairs.scale, pairs.shift)
        outside = inside if gaps[k] == 0.0 else outer.sets[k].scaled(pairs.scale, pairs.shift)
        out.append(StatePayoffSet(name, game.players, outside, inside, float(gaps[k]), False, "", minmax[s]))
    return tuple(out)
