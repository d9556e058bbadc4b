"""Trigger strategies on public signals: cooperate, punish for some periods after bad news, and start again.

With b the chance of bad news if all cooperate and n periods of punishment, cooperating is worth V with

    V - w = (1 - d) (u - w) / (1 - d (1 - b) - d**(n + 1) b),

and a departure that gains g and raises the chance of bad news to b' does not pay if `(1 - d) g <= d (b' - b) (1 - d**n) (V
- w)` (Green and Porter 1984, with n = T - 1; Mailath and Samuelson 2006, section 7.2). Both the deterrent and its cost
grow with n: the shortest punishment that deters is the best.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, SupportsInt

import numpy as np

from games.arguments import checked
from games.errors import GameError, MethodError
from games.normal_form import FloatArray, Profile
from games.repeated import Monitoring, RepeatedGame
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.base.rounding import payoff_units
from solvers.repeated.patience import noisy_threshold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ForumValue", "Triggers", "forum_value", "triggers"]

# Signals up to which every set of them is tried as bad news; beyond, those that the likelihood ratio puts first.
_ALL = 10
# Gains and probabilities below this are rounding.
_SMALL = 1e-12


@dataclass(frozen=True, eq=False, repr=False)
class Triggers(Result):
    """Trigger strategies, one for each set of signals that counts as bad news; the best first.

    Attributes
    ----------
    play : RepeatedGame
    cooperate, punish : profiles, as action indices
    bad : tuple of sets of signals, by label
    false_alarm : array (B,), the chance of bad news if all cooperate
    length : array (B,), the fewest periods of punishment that deter everybody; inf for forever, NaN if not even that does
    payoffs : array (B, N), what cooperating with that length is worth; the punishment's where none deters
    critical : array (B,), the common discount factor from which punishing forever deters; inf if none
    """

    _rows_shown = 12
    _ranked = True

    play: RepeatedGame
    cooperate: Profile
    punish: Profile
    bad: tuple[tuple[str, ...], ...]
    false_alarm: FloatArray
    length: FloatArray
    payoffs: FloatArray
    critical: FloatArray

    @property
    def works(self) -> bool:
        """True if some trigger strategy is an equilibrium at these discount factors."""
        return not bool(np.isnan(self.length[0]))

    @property
    def critical_discount(self) -> float:
        """The smallest common discount factor at which some trigger strategy is an equilibrium."""
        return float(self.critical.min())

    def summary(self) -> str:
        game = self.play.stage
        told = ", ".join(game.labels(self.cooperate))
        if not self.works:
            needed = (
                f"from a common discount factor of {self.critical_discount:.6g} on one would be"
                if np.isfinite(self.critical_discount)
                else "at no discount factor is one"
            )
            return f"No trigger strategy on these signals makes ({told}) an equilibrium; {needed}."
        years = "forever" if np.isinf(self.length[0]) else f"for {self.length[0]:.0f} periods"
        worth = ", ".join(f"{p} {v:.6g}" for p, v in zip(game.players, self.payoffs[0]))
        return (
            f"Best trigger strategy for ({told}): after {' or '.join(self.bad[0])}, punish {years}; bad news "
            f"comes by accident with "
            f"probability {self.false_alarm[0]:.3g} a period. Worth: {worth}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each set of bad news, the best first: false alarms, length, payoffs, critical discount factor."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "bad news": [" or ".join(row) for row in self.bad],
                "false alarm": self.false_alarm,
                "periods": self.length,
                "critical discount": self.critical,
            }
        )
        for i, player in enumerate(self.play.stage.players):
            frame[f"worth to {player}"] = self.payoffs[:, i]
        return frame


@checked
@keeps_time("the comparison of triggers", "name the bad signals")
def triggers(
    play: RepeatedGame,
    cooperate: Sequence[str | SupportsInt],
    punish: Sequence[str | SupportsInt],
    bad: Sequence[str] | None = None,
    *,
    time_limit: float | None = None,
) -> Triggers:
    """The best trigger strategy: which signals to take for bad news, and for how long to punish.

    Parameters
    ----------
    play : RepeatedGame with public signals
    cooperate, punish : profiles; `punish` must be a stage equilibrium
    bad : labels of the signals that count as bad news, optional
        By default every set of up to ten signals is tried; with more, sets in the order of how much likelier a departure makes
        them.
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        If the game has no public signals, or `punish` is not a stage equilibrium.
    GameError
        If a signal is not known.

    Examples
    --------
    >>> from games import Monitoring, NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> price = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]], labels=["high", "low"])
    >>> found = triggers(RepeatedGame(pd, 0.8, monitoring=price), (0, 0), (1, 1))
    >>> found.bad[0], float(found.length[0]), found.payoffs[0], found.critical_discount
    (('low',), 4.0, array([1.618, 1.618]), 0.666667)
    """
    table = play.monitoring.signals
    if table is None:
        raise MethodError(
            "triggers need public signals: RepeatedGame(..., monitoring=Monitoring(signals=...))"
        )
    game, d = play.stage, play.discount
    told, held = game.profile(cooperate), game.profile(punish)
    if float((game.regret(held) / np.maximum(game.ranges, _SMALL)).max()) > 1e-9:
        raise MethodError(
            f"({', '.join(game.labels(held))}) is not a stage equilibrium; a punishment must be one"
        )
    who, gain, chance = [], [], []
    for i, k in enumerate(game.shape):
        for b in range(k):
            if b != told[i]:
                other = (*told[:i], b, *told[i + 1 :])
                who.append(i)
                gain.append(float(game.payoffs[other][i] - game.payoffs[told][i]))
                chance.append(table[other])
    sets = _sets(play.monitoring, table[told], np.array(chance).reshape(len(who), -1), bad)
    u, w = game.payoffs[told], game.payoffs[held]
    rows = []
    for signals in steps(sets, len(sets), "sets of bad news"):
        alarm = float(table[told][list(signals)].sum())
        seen = np.array([float(p[list(signals)].sum()) for p in chance])
        length = _length(d[who], np.array(gain), seen - alarm, (u - w)[who], alarm)
        worth = w.copy() if np.isnan(length) else _worth(d, u, w, alarm, length)
        needed = noisy_threshold(gain, u[who], w[who], alarm, seen).max(initial=0.0) if who else 0.0
        rows.append((signals, alarm, length, worth, float(needed)))
    scale = payoff_units(game.ranges)
    rows.sort(key=lambda r: (np.isnan(r[2]), -float((r[3] / scale).sum()), r[4], len(r[0])))
    names = play.monitoring.labels
    return Triggers(
        play,
        told,
        held,
        tuple(tuple(names[y] for y in row[0]) for row in rows),
        np.array([row[1] for row in rows]),
        np.array([row[2] for row in rows]),
        np.array([row[3] for row in rows]),
        np.array([row[4] for row in rows]),
    )


def _worth(d: FloatArray, u: FloatArray, w: FloatArray, alarm: float, length: float) -> FloatArray:
    after = d * d**length if np.isfinite(length) else np.zeros_like(d)
    return np.asarray(w + (1.0 - d) * (u - w) / (1.0 - d * (1.0 - alarm) - after * alarm))


def _length(d: FloatArray, gain: FloatArray, rise: FloatArray, stake: FloatArray, alarm: float) -> float:
    """The fewest periods that deter every departure; inf for forever, NaN if not even that does."""
    tempting = gain > _SMALL
    d, gain, rise, stake = d[tempting], gain[tempting], rise[tempting], stake[tempting]
    if not len(gain):
        return 1.0
    # With x = d**n: gain (1 - d (1 - b) - d b x) <= d rise stake (1 - x).
    strength = d * rise * stake
    slope = strength - gain * d * alarm
    room = strength - gain * (1.0 - d * (1.0 - alarm))
    if (room < -_SMALL * gain).any() or (slope <= 0.0).any():
        return np.nan
    most = room / slope
    if (most <= _SMALL).any():
        return np.inf
    return float(max(1.0, np.ceil((np.log(np.minimum(most, 1.0)) / np.log(d)).max() - 1e-9)))


def _sets(
    monitoring: Monitoring, told: FloatArray, chance: FloatArray, bad: Sequence[str] | None
) -> list[tuple[int, ...]]:
    names = monitoring.labels
    if bad is not None:
        for label in bad:
            if label not in names:
                raise GameError(f"there is no signal {label!r}; known: {', '.join(map(repr, names))}")
        return [tuple(sorted(names.index(label) for label in bad))]
    count = len(names)
    if count <= _ALL:
        return [c for k in range(1, max(count, 2)) for c in combinations(range(count), k)]
    ratio = np.where(told > 0, chance.mean(axis=0) / np.maximum(told, _SMALL), np.inf)
    order = np.argsort(-ratio, kind="stable")
    return [tuple(sorted(int(y) for y in order[: k + 1])) for k in range(count - 1)]


@dataclass(frozen=True, eq=False, repr=False)
class ForumValue(Result):
    """What sharper signals are worth to players who use the best trigger strategy.

    Attributes
    ----------
    before, after : Triggers
    """

    before: Triggers
    after: Triggers

    @property
    def points(self) -> FloatArray:
        """What each player gains a period, (N,), in stage units; where no trigger strategy works the punishment is played."""
        return np.asarray(self.after.payoffs[0] - self.before.payoffs[0])

    @property
    def patience(self) -> float:
        """By how much the common discount factor may be lower; inf where only the sharper signals make cooperation possible."""
        before, after = self.before.critical_discount, self.after.critical_discount
        return 0.0 if before == after else float(before - after)

    def summary(self) -> str:
        players = self.before.play.stage.players
        points = ", ".join(f"{p} {v:+.4g}" for p, v in zip(players, self.points))
        before, after = (
            "none" if np.isinf(t.critical_discount) else f"{t.critical_discount:.4g}"
            for t in (self.before, self.after)
        )
        return f"Sharper signals are worth, a period: {points}. The critical discount factor goes from {before} to {after}."

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: what cooperation is worth before and after, and the difference."""
        import pandas as pd

        return pd.DataFrame(
            {"before": self.before.payoffs[0], "after": self.after.payoffs[0], "points": self.points},
            index=pd.Index(self.before.play.stage.players, name="player"),
        )


@checked
@keeps_time("the comparison of triggers", "compare two calls of triggers with named bad signals")
def forum_value(
    play: RepeatedGame,
    sharper: Monitoring,
    cooperate: Sequence[str | SupportsInt],
    punish: Sequence[str | SupportsInt],
    *,
    time_limit: float | None = None,
) -> ForumValue:
    """What a forum that sharpens public signals is worth, in points a period and in patience.

    `play` has the signals of today, `sharper` those with the forum; see `triggers`.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import Monitoring, NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[2, -1], [3, 0]], [[2, 3], [-1, 0]])
    >>> blurred = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.35, 0.65]]])
    >>> sharp = Monitoring(signals=[[[0.95, 0.05], [0.3, 0.7]], [[0.3, 0.7], [0.1, 0.9]]])
    >>> found = forum_value(RepeatedGame(pd, 0.7, monitoring=blurred), sharp, (0, 0), (1, 1))
    >>> found.points, found.patience
    (array([0.229, 0.229]), 0.222222)
    """
    other = RepeatedGame(play.stage, play.discount, play.period, sharper)
    return ForumValue(triggers(play, cooperate, punish), triggers(other, cooperate, punish))
