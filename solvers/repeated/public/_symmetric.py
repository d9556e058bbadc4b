"""Strongly symmetric public equilibria: after every history everybody plays alike, and is worth the same.

Their payoffs are an interval. Its ends solve one-dimensional programs: promises after each signal lie between them, and at
the best end only bad news is punished (Abreu, Pearce and Stacchetti 1986; Mailath and Samuelson 2006, section 11.1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import DiscountError, MethodError
from games.normal_form import FloatArray
from games.repeated import RepeatedGame
from games.words import counted
from solvers.base.deadline import keeps_time, reached
from solvers.base.programs import TIGHT, linprog
from solvers.base.result import Result
from solvers.repeated.public._programs import SignalGame, signal_game

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SymmetricSet", "strongly_symmetric"]

# An interval shrinks by a factor d a round at the least: enough for a discount factor of .998 to the last digit.
_ROUNDS = 20_000


@dataclass(frozen=True, eq=False, repr=False)
class SymmetricSet(Result):
    """The payoffs of strongly symmetric perfect public equilibria: an interval, with public lotteries.

    Attributes
    ----------
    play : RepeatedGame
    worst, best : ends of the interval, up to 1e-9 of the payoff range; NaN if there is no such equilibrium
    actions : the action that everybody plays at the worst and at the best end, or None
    """

    play: RepeatedGame
    worst: float
    best: float
    actions: tuple[int, int] | None

    @property
    def empty(self) -> bool:
        """True if there is no such equilibrium in pure strategies."""
        return self.actions is None

    def summary(self) -> str:
        if self.actions is None:
            return "No strongly symmetric public equilibrium in pure strategies."
        label = self.play.stage.actions[0][self.actions[1]]
        return (
            f"Strongly symmetric public equilibria pay each player between {self.worst:.6g} and {self.best:.6g}; "
            f"the best one begins "
            f"with {label!r}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row: the ends of the interval."""
        import pandas as pd

        return pd.DataFrame({"worst": [self.worst], "best": [self.best]})


@checked
@keeps_time("the interval of strongly symmetric payoffs", "use payoff_set, which stops with a bracket")
def strongly_symmetric(play: RepeatedGame, *, time_limit: float | None = None) -> SymmetricSet:
    """The payoffs of strongly symmetric perfect public equilibria of a symmetric game with public signals.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    MethodError
        If the game has no public signals, or players' payoffs or signals differ in their actions.
    DiscountError
        If discount factors differ.

    Examples
    --------
    The noisy prisoner's dilemma of Mailath and Samuelson (2006, section 7.2): 2 - (1 - p) / (p - q) at the most.

    >>> from games import Monitoring, NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> price = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]])
    >>> strongly_symmetric(RepeatedGame(pd, 0.8, monitoring=price)).best
    1.66667
    """
    if not play.monitoring.public:
        raise MethodError(
            "strongly_symmetric needs public signals: RepeatedGame(..., monitoring=Monitoring(signals=...))"
        )
    if np.ptp(play.discount) > 0.0:
        raise DiscountError("strongly symmetric equilibria need one discount factor for all players")
    game = signal_game(play)
    _symmetric(game)
    count, n = game.shape[0], game.n_players
    same = [int(np.ravel_multi_index([a] * n, game.shape)) for a in range(count)]
    d = float(game.discount[0])
    low, high = float(game.payoffs[:, 0].min()), float(game.payoffs[:, 0].max())
    alive = [True] * count
    best: list[FloatArray | None] = [None] * count
    for rounds in range(_ROUNDS):
        reached(
            f"after {counted(rounds, 'round')} the payoffs lay between {low:.6g} and {high:.6g} of the range"
        )
        ends = [_ends(game, a, low, high, best[k]) if alive[k] else None for k, a in enumerate(same)]
        alive = [end is not None for end in ends]
        best = [None if end is None else end[2] for end in ends]
        if not any(alive):
            return SymmetricSet(play, np.nan, np.nan, None)
        lows = np.array([np.inf if end is None else end[0] for end in ends])
        highs = np.array([-np.inf if end is None else end[1] for end in ends])
        after = max(low, float(lows.min())), min(high, float(highs.max()))
        moved = max(after[0] - low, high - after[1])
        low, high = after
        if moved <= 1e-11 * (1.0 - d):
            break
    scale, shift = float(game.scale[0]), float(game.shift[0])
    return SymmetricSet(
        play, scale * low + shift, scale * high + shift, (int(lows.argmin()), int(highs.argmax()))
    )


def _ends(
    game: SignalGame, a: int, low: float, high: float, before: FloatArray | None
) -> tuple[float, float, FloatArray] | None:
    """The least and the most that profile a can be made to pay with promises between low and high, one for each signal.

    Also by how much less than `high` the best promises are; `before` are those of a wider interval.
    """
    who, less, gain = game.departures(a)
    first = who == 0
    d = float(game.discount[0])
    chances = game.signals[a]
    base = (1.0 - d) * float(game.payoffs[a, 0])
    # A promise of the same to all signals moves payoffs, not incentives: only what lies below `high` is looked for.
    rows, limits = less[first], -(1.0 - d) / d * gain[first]
    bounds = (0.0, high - low)
    found = []
    for sign in (-1.0, 1.0):
        if sign > 0.0 and before is not None and before.max(initial=0.0) <= high - low:
            # What is best among more promises, and is still among them, is best.
            found.append(before)
            continue
        answer = linprog(sign * chances, rows, limits, bounds=bounds, options=TIGHT)
        if answer.status != 0:
            return None
        found.append(answer.x)
    least, most = (base + d * (high - float(chances @ x)) for x in found)
    return least, most, found[1]


def _symmetric(game: SignalGame) -> None:
    """Refuse games in which it matters who plays what."""
    n = game.n_players
    table = (game.payoffs * game.scale + game.shift).reshape(*game.shape, n)
    signals = game.signals.reshape(*game.shape, -1)
    small = 1e-9 * float(game.scale.max())
    if len(set(game.shape)) > 1:
        raise MethodError("the game is not symmetric: players have different numbers of actions")
    for i in range(1, n):
        order = list(range(n))
        order[0], order[i] = i, 0
        swapped = table.transpose(*order, n)[..., order]
        if not np.allclose(swapped, table, atol=small, rtol=0.0):
            raise MethodError(
                f"the game is not symmetric: it matters whether player 1 or {i + 1} plays an action"
            )
        if not np.allclose(signals.transpose(*order, n), signals, atol=1e-9, rtol=0.0):
            raise MethodError(
                f"the signals tell player 1 and {i + 1} apart; strong symmetry asks that they do not"
            )
