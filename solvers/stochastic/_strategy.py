"""Strategies for stochastic games as automata, and whether they are equilibria.

A node says what is played in one state. After the state that follows is drawn, a public lottery picks the next node among those
of that state. There is one lottery for when everybody did as told, and another for each player who alone did not. Joint
departures are forgiven; no equilibrium condition depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np

from games.arguments import checked
from games.errors import AutomatonError, ProfileError
from games.lotteries import SUM_TOLERANCE
from games.normal_form import FloatArray, Profile
from games.stochastic import StochasticGame
from games.types import IndexArray
from games.words import counted
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.stochastic._decision import policy_values
from solvers.stochastic._pairs import pairs_of, refuse_shared_part

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Strategy", "check", "markov", "trigger"]


@dataclass(frozen=True, eq=False, repr=False)
class Strategy(Result):
    """A strategy of all players for a stochastic game.

    Attributes
    ----------
    game : StochasticGame
    state : array (M,), the state that each node belongs to
    outputs : tuple of M profiles, of action indices
    kept : array (M, M), the probability of the next node, given its state, if everybody did as told: the entries of a row add
        up to 1 over the nodes of every state that may follow
    departed : array (N, M, M), the same after player i alone did something else
    start : array (M,), the lottery over nodes in each state that play may start from; adds up to 1 over the nodes of a state
    """

    _rows_shown = 20

    game: StochasticGame
    state: IndexArray
    outputs: tuple[Profile, ...]
    kept: FloatArray
    departed: FloatArray
    start: FloatArray

    def __post_init__(self) -> None:
        count, n = len(self.state), self.game.n_players
        if self.kept.shape != (count, count) or self.departed.shape != (n, count, count):
            raise AutomatonError(
                f"{count} nodes and {n} players need kept of shape {(count, count)} and departed of shape "
                f"{(n, count, count)}; got {self.kept.shape} and {self.departed.shape}"
            )
        belongs = np.eye(self.game.n_states)[self.state]
        for m, (s, profile) in enumerate(zip(self.state, self.outputs)):
            stage, step = self.game.stages[s], self.game.transitions[s]
            for lottery, reached in self._next(m, stage.profile(profile), step):
                total = lottery @ belongs
                wrong = np.flatnonzero(reached & (np.abs(total - 1.0) > SUM_TOLERANCE))
                if len(wrong):
                    raise AutomatonError(
                        f"node {m} has no lottery over the nodes of state {self.game.names[int(wrong[0])]!r}, which may "
                        f"follow it: the probabilities add up to {total[wrong[0]]:.6g}"
                    )

    def _next(self, m: int, told: Profile, step: FloatArray) -> Any:
        yield self.kept[m], step[told] > 0.0
        for i in range(self.game.n_players):
            alone: Any = (*told[:i], slice(None), *told[i + 1 :])
            line = step[alone]
            if len(line) > 1:
                yield self.departed[i, m], (np.delete(line, told[i], axis=0) > 0.0).any(axis=0)

    @property
    def n_nodes(self) -> int:
        """Number of nodes M."""
        return len(self.state)

    @cached_property
    def values(self) -> FloatArray:
        """What each node is worth to each player if all do as told, (M, N), in stage units."""
        game = self.game
        reward = np.array([game.stages[s].payoff(a) for s, a in zip(self.state, self.outputs)])
        step = np.array([game.transitions[s][a] for s, a in zip(self.state, self.outputs)])
        onwards = step[:, self.state] * self.kept
        return np.column_stack(
            [policy_values(reward[:, i], onwards, float(d)) for i, d in enumerate(game.discount)]
        )

    @property
    def payoffs(self) -> FloatArray:
        """What the strategy is worth from each state on, (S, N); NaN for states it does not start in."""
        game = self.game
        out = np.full((game.n_states, game.n_players), np.nan)
        for s in np.unique(self.state[self.start > 0.0]):
            mine = self.state == s
            out[s] = self.start[mine] @ self.values[mine] / self.start[mine].sum()
        return out

    def summary(self) -> str:
        return f"A strategy of {counted(self.n_nodes, 'node')} for {counted(self.game.n_states, 'state')}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each node: its state, what is played, and what it is worth to each player."""
        import pandas as pd

        game = self.game
        frame = pd.DataFrame(
            {
                "state": [game.names[s] for s in self.state],
                "profile": [", ".join(game.stages[s].labels(a)) for s, a in zip(self.state, self.outputs)],
            },
            index=pd.RangeIndex(self.n_nodes, name="node"),
        )
        for i, player in enumerate(game.players):
            frame[f"worth to {player}"] = self.values[:, i]
        return frame


@checked
def markov(game: StochasticGame, profiles: Sequence[Sequence[str | SupportsInt]]) -> Strategy:
    """The Markov strategy that plays one profile in each state, whatever happened."""
    if len(profiles) != game.n_states:
        raise ProfileError(f"give one profile for each of {game.n_states} states; got {len(profiles)}")
    count, n = game.n_states, game.n_players
    outputs = tuple(stage.profile(a) for stage, a in zip(game.stages, profiles))
    everywhere = np.ones((count, count))
    return Strategy(game, np.arange(count), outputs, everywhere, np.ones((n, count, count)), np.ones(count))


@checked
def trigger(
    game: StochasticGame,
    concert: Sequence[Sequence[str | SupportsInt]],
    competition: Sequence[Sequence[str | SupportsInt]],
) -> Strategy:
    """Play `concert` (a profile for each state) until anybody departs, then `competition` forever (Friedman 1971, by state)."""
    for name, profiles in (("concert", concert), ("competition", competition)):
        if len(profiles) != game.n_states:
            raise ProfileError(
                f"{name} needs one profile for each of {game.n_states} states; got {len(profiles)}"
            )
    count, n = game.n_states, game.n_players
    outputs = tuple(
        stage.profile(a) for part in (concert, competition) for stage, a in zip(game.stages, part)
    )
    first, second = np.zeros((2 * count, 2 * count)), np.zeros((2 * count, 2 * count))
    first[:count, :count] = first[count:, count:] = 1.0
    second[:, count:] = 1.0
    start = np.concatenate([np.ones(count), np.zeros(count)])
    return Strategy(game, np.tile(np.arange(count), 2), outputs, first, np.stack([second] * n), start)


@dataclass(frozen=True, eq=False, repr=False)
class Check(Result):
    """Every one-shot departure from a strategy, the most tempting first.

    Attributes
    ----------
    strategy : Strategy
    nodes, players, actions : arrays (D,) of indices, one entry for each departure
    margins : array (D,), what the departure loses in the player's payoff units; ascending relative to its payoff range
    tolerance : margins above minus this share of the player's payoff range count as no gain
    """

    _rows_shown = 12
    _ranked = True

    strategy: Strategy
    nodes: IndexArray
    players: IndexArray
    actions: IndexArray
    margins: FloatArray
    tolerance: float

    @property
    def payoffs(self) -> FloatArray:
        """What the strategy is worth from each state on, (S, N)."""
        return self.strategy.payoffs

    @property
    def is_equilibrium(self) -> bool:
        """True if no departure gains more than the tolerance: subgame perfect, up to rounding."""
        scale = _ranges(self.strategy.game)
        return bool((self.margins >= -self.tolerance * scale[self.players]).all())

    def summary(self) -> str:
        if not len(self.margins):
            return "An equilibrium: nobody ever has a choice."
        game, s = self.strategy.game, int(self.strategy.state[self.nodes[0]])
        i, b = int(self.players[0]), int(self.actions[0])
        what = f"{game.players[i]} playing {game.stages[s].actions[i][b]!r} in {game.names[s]!r}"
        if self.is_equilibrium:
            loss = max(float(self.margins[0]), 0.0)
            return f"A subgame-perfect equilibrium: the most tempting deviation, {what}, loses {loss:.6g}."
        return f"Not an equilibrium: the best deviation, {what}, gains {-float(self.margins[0]):.6g}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each departure, the most tempting first: node, state, player, action, margin."""
        import pandas as pd

        game, state = self.strategy.game, self.strategy.state[self.nodes]
        return pd.DataFrame(
            {
                "node": self.nodes,
                "state": [game.names[s] for s in state],
                "player": [game.players[i] for i in self.players],
                "action": [
                    game.stages[s].actions[i][b] for s, i, b in zip(state, self.players, self.actions)
                ],
                "margin": self.margins,
            }
        )


@checked
@keeps_time("the check", "take a strategy with fewer nodes")
def check(
    game: StochasticGame, strategy: Strategy, *, tolerance: float = 1e-9, time_limit: float | None = None
) -> Check:
    """What every one-shot departure from a strategy would lose, at the game's own discount factors.

    By the one-shot deviation principle the strategy is subgame perfect exactly if none gains.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Raises AutomatonError if the strategy belongs to a game with other states.

    >>> from games import NormalFormGame, StochasticGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> game = StochasticGame([pd, pd.rescale(2)], [[0.5, 0.5], [0.5, 0.5]], 0.6)
    >>> grim = trigger(game, [("C", "C")] * 2, [("D", "D")] * 2)
    >>> check(game, grim).is_equilibrium, check(game.with_discount(0.55), grim).is_equilibrium
    (True, False)
    """
    if [g.shape for g in game.stages] != [g.shape for g in strategy.game.stages]:
        raise AutomatonError("the strategy belongs to another game than the one that is played")
    if game is not strategy.game:
        strategy = Strategy(
            game, strategy.state, strategy.outputs, strategy.kept, strategy.departed, strategy.start
        )
    refuse_shared_part(game)
    values, scale = strategy.values, _ranges(game)
    rows = []
    for m, (s, told) in steps(
        enumerate(zip(strategy.state, strategy.outputs)), len(strategy.outputs), "nodes"
    ):
        stage, step = game.stages[s], game.transitions[s]
        for i, k in enumerate(stage.shape):
            d = game.discount[i]
            for b in range(k):
                if b == told[i]:
                    continue
                other = (*told[:i], b, *told[i + 1 :])
                follows = (step[other][strategy.state] * strategy.departed[i, m]) @ values[:, i]
                worth = (1.0 - d) * stage.payoffs[other][i] + d * follows
                rows.append((m, i, b, values[m, i] - worth))
    if not rows:
        empty = np.zeros(0, dtype=np.intp)
        return Check(strategy, empty, empty, empty, np.zeros(0), tolerance)
    node, player, action, margin = (np.array(column) for column in zip(*rows))
    order = np.argsort(margin / scale[player], kind="stable")
    return Check(strategy, node[order], player[order], action[order], margin[order], tolerance)


def _ranges(game: StochasticGame) -> FloatArray:
    ranges = pairs_of(game).scale
    return np.asarray(ranges)
