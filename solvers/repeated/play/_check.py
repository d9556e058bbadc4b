"""Is an automaton an equilibrium? Exact values of every state, and every one-shot deviation, ranked.

The test is the one-shot deviation principle (Blackwell 1965; Mailath and Samuelson 2006, propositions 2.2.1 and
2.4.1). Under perfect monitoring an automaton is a subgame-perfect equilibrium exactly if in no state any player
gains by deviating from it once and then returning to it. All states count, since each can be reached by some
history.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.arguments import instance, number
from games.errors import AutomatonError, MethodError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import RepeatedGame
from games.strategies._automata import Automaton
from games.types import IntArray
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.discounting import discounted_sums
from solvers.base.precision import from_lowest
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING, TOLERANCE, payoff_units, rounding

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Check", "Deviation", "best_response", "check", "nash_thresholds", "state_values"]

# Transitions may miss a mixture of the signals' by this much.
_MEASURABLE = 1e-8


class Deviation(NamedTuple):
    """A one-shot deviation: in this state the player plays this action instead, and loses `margin` (gains if negative)."""

    state: str
    player: str
    action: str
    margin: float


@dataclass(frozen=True, eq=False, repr=False)
class Check(Result):
    """Every one-shot deviation from an automaton, the most tempting first.

    Attributes
    ----------
    play : RepeatedGame
    automaton : Automaton
    values : array (S, N), what the automaton is worth to each player from each state on, in stage units
    states, players, actions : arrays (M,) of indices, one entry for each deviation
    margins : array (M,), what the deviation loses, in the player's payoff units; ascending relative to its payoff range
    tolerance : margins above minus this share of the player's payoff range count as no gain
    """

    _rows_shown = 12
    _ranked = True

    play: RepeatedGame
    automaton: Automaton
    values: FloatArray
    states: IntArray
    players: IntArray
    actions: IntArray
    margins: FloatArray
    tolerance: float

    @property
    def payoffs(self) -> FloatArray:
        """What the automaton is worth to each player from the start, shape (N,)."""
        return np.asarray(self.automaton.start @ self.values)

    @cached_property
    def is_equilibrium(self) -> bool:
        """True if no deviation gains more than the tolerance: the automaton is subgame perfect, up to rounding."""
        return bool((self.margins >= -self._allowed[self.players]).all())

    @property
    def binding(self) -> Deviation | None:
        """The most tempting deviation relative to the player's payoff range; None if no player has a choice."""
        return self[0] if len(self.margins) else None

    @property
    def profitable(self) -> tuple[Deviation, ...]:
        """All deviations that gain."""
        gains = np.flatnonzero(self.margins < -self._allowed[self.players])
        return tuple(self[int(m)] for m in gains)

    @property
    def _allowed(self) -> FloatArray:
        stage = from_lowest(self.play.stage)[0]
        return np.asarray(self.tolerance * _scale(self.play) + rounding(stage))

    def __getitem__(self, rank: int) -> Deviation:
        game = self.play.stage
        i = int(self.players[rank])
        return Deviation(
            self.automaton.names[self.states[rank]],
            game.players[i],
            game.actions[i][self.actions[rank]],
            float(self.margins[rank]),
        )

    def __len__(self) -> int:
        return len(self.margins)

    def summary(self) -> str:
        worst = self.binding
        if worst is None:
            return "The automaton is an equilibrium: no player ever has a choice."
        what = f"{worst.player} playing {worst.action!r} in state {worst.state!r}"
        if self.is_equilibrium:
            kind = "perfect public" if self.play.monitoring.public else "subgame-perfect"
            head = (
                f"The automaton is a {kind} equilibrium: the most tempting deviation, {what}, loses "
                f"{max(worst.margin, 0.0):.6g}."
            )
        else:
            head = f"{len(self.profitable)} of {len(self)} one-shot deviations gain; the best, {what}, gains {-worst.margin:.6g}."
            if _private(self.automaton):
                head = (
                    "The automaton was not shown to be an equilibrium: the machines draw lots in private, and a player who knew "
                    f"the draws would deviate. {head}"
                )
            else:
                head = f"The automaton is not an equilibrium: {head}"
        return head

    def to_frame(self) -> pd.DataFrame:
        """One row for each deviation, the most tempting first: state, player, action, margin, margin / payoff range."""
        import pandas as pd

        frame = pd.DataFrame(
            [self[m] for m in range(len(self))], columns=["state", "player", "action", "margin"]
        )
        frame["margin / range"] = self.margins / _scale(self.play)[self.players]
        return frame

    def values_frame(self) -> pd.DataFrame:
        """One row for each state, one column for each player: what it is worth from there on."""
        import pandas as pd

        return pd.DataFrame(
            self.values,
            index=pd.Index(self.automaton.names, name="state"),
            columns=list(self.play.stage.players),
        )


@keeps_time("the check", "take an automaton with fewer states")
def check(
    play: RepeatedGame, automaton: Automaton, *, tolerance: float = TOLERANCE, time_limit: float | None = None
) -> Check:
    """Compute what every state of an automaton is worth, and what every one-shot deviation would lose.

    Parameters
    ----------
    play : RepeatedGame, with perfect monitoring or public signals
    automaton : Automaton of the same stage game
    tolerance : a gain up to this share of a player's payoff range counts as rounding
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    AutomatonError
        If the automaton belongs to another game, or moves in a way that public signals do not tell.
    MethodError
        If there is other noise (see `repeated.simulate` and `repeated.false_alarms` for that).
    PrecisionError
        If the payoffs are floats whose rounding has erased a player's differences.

    Notes
    -----
    With public signals a strategy follows the signals alone, and the equilibrium is perfect public: the same condition, with
    expectations over signals. States that no history leads to do not count.

    Where the automaton is composed of machines with *private* lotteries, states are joint states that no player
    knows for sure. A positive answer is then still right (a player who knows less cannot do better); a negative one is not a
    proof.

    Examples
    --------
    >>> from games import NormalFormGame, RepeatedGame, strategies
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> grim = strategies.grim(pd, ("C", "C"), ("D", "D"))
    >>> check(RepeatedGame(pd, 0.5), grim).is_equilibrium, check(RepeatedGame(pd, 0.49), grim).is_equilibrium
    (True, False)
    """
    game = instance(play, RepeatedGame, "the repeated game").stage
    instance(automaton, Automaton, "the automaton", AutomatonError)
    tolerance = number(
        tolerance, "tolerance is a share of the payoff range, at least 0", MethodError, least=0.0
    )
    if automaton.game is not game and automaton.game != game:
        raise AutomatonError("the automaton belongs to a different game from the one that is played")
    as_given = play
    game, lowest = from_lowest(game)
    if lowest is not None:
        play = RepeatedGame(game, play.discount, play.period, play.monitoring)
    if play.monitoring.public:
        _follows_signals(play, automaton)
    elif not play.monitoring.perfect:
        raise MethodError(
            "check assumes perfect monitoring or public signals; for other noise use simulate or false_alarms"
        )
    values = state_values(play, automaton)
    # What no history leads to needs no incentives.
    rows = np.flatnonzero(automaton.reachable)
    parts = []
    for i, k in enumerate(game.shape):
        own = game.payoffs.reshape(-1, game.n_players)[:, i]
        for b in range(k):
            states = rows[automaton.outputs[rows, i] != b]
            if not states.size:
                continue
            profile = automaton.outputs[states].copy()
            profile[:, i] = b
            flat = np.ravel_multi_index(tuple(profile.T), game.shape)
            after = automaton.flat[states, flat]
            follows = after @ values[:, i] if automaton.is_random else values[after, i]
            worth = (1 - play.discount[i]) * own[flat] + play.discount[i] * follows
            parts.append(
                (states, np.full(len(states), i), np.full(len(states), b), values[states, i] - worth)
            )
    values = values if lowest is None else values + lowest.astype(np.float64)
    if not parts:
        empty = np.zeros(0, dtype=np.int64)
        return Check(as_given, automaton, values, empty, empty, empty, np.zeros(0), tolerance)
    state, player, action, margin = (np.concatenate(column) for column in zip(*parts))
    order = np.argsort(margin / _scale(play)[player], kind="stable")
    return Check(
        as_given, automaton, values, state[order], player[order], action[order], margin[order], tolerance
    )


def _follows_signals(play: RepeatedGame, automaton: Automaton) -> None:
    """Refuse an automaton that tells apart what public signals do not."""
    from scipy.optimize import nnls

    assert play.monitoring.signals is not None
    signals = play.monitoring.signals.reshape(-1, play.monitoring.signals.shape[-1])
    for s, table in steps(enumerate(automaton.probabilities), automaton.n_states, "states"):
        for column in table.T:
            checkpoint()
            if nnls(signals, column)[1] > _MEASURABLE:
                raise AutomatonError(
                    f"in state {automaton.names[s]!r} the automaton moves in a way that the public signals do not tell; "
                    "build it with strategies.on_signals"
                )


def state_values(play: RepeatedGame, automaton: Automaton) -> FloatArray:
    """What each state is worth to each player if all follow the automaton, normalised by 1 - discount, shape (S, N).

    Solves `v_i = (1 - d_i) u_i + d_i P v_i` for each player.
    """
    game = play.stage
    flat = game.payoffs.reshape(-1, game.n_players)[automaton.played]
    # Subtracting a level first keeps small differences of large payoffs.
    level = flat[0]
    out = np.empty((automaton.n_states, game.n_players))
    for d in np.unique(play.discount):
        alike = play.discount == d
        system = np.eye(automaton.n_states) - d * automaton.path_matrix
        out[:, alike] = level[alike] + np.linalg.solve(system, (1 - d) * (flat - level)[:, alike])
    return out


@keeps_time("the best response", "take an automaton with fewer states")
def best_response(
    play: RepeatedGame, automaton: Automaton, player: str | int, *, time_limit: float | None = None
) -> tuple[FloatArray, IntArray]:
    """The most that one player can get against the others' parts of an automaton, by policy iteration (Howard 1960).

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    Returns the value of each state to the player (S,), in stage units, and the action to take there (S,). The player is assumed
    to know the state. Ties go to what the automaton prescribes.
    """
    game = instance(play, RepeatedGame, "the repeated game").stage
    instance(automaton, Automaton, "the automaton", AutomatonError)
    i = game.player_index(player)
    d = play.discount[i]
    states = np.arange(automaton.n_states)
    profiles = np.repeat(automaton.outputs[:, None, :], game.shape[i], axis=1)
    profiles[:, :, i] = np.arange(game.shape[i])
    flat = np.ravel_multi_index(tuple(np.moveaxis(profiles, -1, 0)), game.shape)
    reward = game.payoffs.reshape(-1, game.n_players)[flat, i]
    level = float(reward[0, 0])
    reward = (1 - d) * (reward - level)
    after = automaton.flat[states[:, None], flat]
    policy = automaton.outputs[:, i].copy()
    # Gains within rounding must not make the policy cycle.
    least = 1e-14 * float(game.ranges[i])
    while True:
        checkpoint()
        step = np.zeros((len(states), len(states)))
        if automaton.is_random:
            step[:] = after[states, policy]
        else:
            step[states, after[states, policy]] = 1.0
        values = discounted_sums(step, float(d), reward[states, policy])
        follows = after @ values if automaton.is_random else values[after]
        worth = reward + d * follows
        better = worth.max(axis=1) > worth[states, policy] + least
        if not better.any():
            return level + values, policy
        policy = np.where(better, worth.argmax(axis=1), policy)


def nash_thresholds(game: NormalFormGame, automaton: Automaton) -> FloatArray:
    """For each player the discount factor from which on following the automaton is a best response, shape (N,).

    The values are compared with the best response on a grid of discount factors up to .9999, and the last step from failing to
    holding is bisected. The answer is inf where it fails at .9999, and 0 where it never fails. The others' discount factors do
    not matter, since their parts of the automaton are fixed.
    """
    grid = np.append(np.arange(1, 128) / 128, 0.9999)
    out = np.empty(game.n_players)
    for i in range(game.n_players):

        def holds(d: float, i: int = i) -> bool:
            play = RepeatedGame(game, d)
            most, _ = best_response(play, automaton, i)
            followed = state_values(play, automaton)[:, i]
            allowed = ROUNDING * game.ranges[i] + rounding(game)[i]
            return bool(automaton.start @ (most - followed) <= allowed)

        failing = next((g for g in reversed(range(len(grid))) if not holds(grid[g])), -1)
        if failing == len(grid) - 1:
            out[i] = np.inf
        elif failing < 0:
            out[i] = 0.0
        else:
            low, high = grid[failing], grid[failing + 1]
            for _ in range(48):
                middle = (low + high) / 2
                low, high = (low, middle) if holds(middle) else (middle, high)
            out[i] = high
    return out


def _private(automaton: Automaton) -> bool:
    return automaton.machines is not None and automaton.is_random


def _scale(play: RepeatedGame) -> FloatArray:
    return payoff_units(play.stage.ranges)
