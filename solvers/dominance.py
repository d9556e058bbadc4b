"""Dominated actions, their iterated elimination with the order in which they fall, and rationalizable actions.

An action is *strictly* dominated if some strategy of the same player does better against every profile of the others. It is
*weakly* dominated if some strategy does at least as well against all and better against one. Dominating strategies may be
required to be pure (`by="pure"`) or may mix (`by="mixed"`, the default, which includes the pure ones). Payoffs of actions are
compared exactly as given. Those of mixtures count as equal within 1e-12 of the player's payoff range, or within the rounding of
their sums where that is larger.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, ProfileError, did_you_mean
from games.normal_form import NormalFormGame
from games.types import FloatArray
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time, reached
from solvers.base.matrix_game import solve_matrix_games
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "By",
    "Elimination",
    "Step",
    "iterated_strict",
    "iterated_weak",
    "rationalizable",
    "strictly_dominated",
    "weakly_dominated",
]

By: TypeAlias = Literal["pure", "mixed"]
"""Whether a dominating strategy may mix."""
_BY = ("pure", "mixed")
_EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, eq=False)
class Step:
    """One eliminated action.

    Attributes
    ----------
    round : the round of elimination, from 1; all actions of a round fall together
    player, action : indices in the original game
    by : array (k_i,), the dominating strategy over the player's original actions
    margin : strict: what `by` gains at least; weak: what it gains at most. In the player's payoff units, against
        the profiles of the others that are left in that round
    proof : `exact` if the comparison cannot be due to rounding, `numeric` for ties that hold up to rounding only
    """

    round: int
    player: int
    action: int
    by: FloatArray
    margin: float
    proof: Literal["exact", "numeric"]


@dataclass(frozen=True, eq=False, repr=False)
class Elimination(Result):
    """Which actions are dominated, in which order they fall, and what is left.

    Attributes
    ----------
    original : NormalFormGame
    notion : `strict` or `weak`
    by : `pure` or `mixed`
    iterated : whether elimination went on until nothing was dominated
    kept : for each player the indices of the actions that are left
    steps : tuple of Step, in order
    game : NormalFormGame restricted to the actions that are left
    """

    original: NormalFormGame
    notion: Literal["strict", "weak"]
    by: By
    iterated: bool
    kept: tuple[tuple[int, ...], ...]
    steps: tuple[Step, ...]
    guarantee: str

    @property
    def game(self) -> NormalFormGame:
        """The game that is left."""
        return self.original.restrict(self.kept)

    @property
    def rounds(self) -> int:
        """Number of rounds in which something was eliminated."""
        return max((step.round for step in self.steps), default=0)

    def belief(self, player: str | int, action: str | int) -> tuple[FloatArray, float]:
        """A belief about the others under which a kept action is a best response among those kept.

        The belief is a joint distribution over the others' kept actions (an array with their numbers as shape). Returned with it
        is what the action falls short of the best response under it, in payoff units. After elimination of strict dominance by
        mixed strategies that is zero up to rounding.

        Raises ProfileError for an action that was eliminated.
        """
        i = self.original.player_index(player)
        a = self.original.action_index(i, action)
        if a not in self.kept[i]:
            raise ProfileError(
                f"{self.original.actions[i][a]!r} of {self.original.players[i]} was eliminated; kept are "
                + ", ".join(repr(self.original.actions[i][b]) for b in self.kept[i])
            )
        table = np.moveaxis(self.original.normalised[np.ix_(*self.kept)][..., i], i, 0)
        flat = table.reshape(table.shape[0], -1)
        own = self.kept[i].index(a)
        shortfall = flat.max(axis=0) - flat[own]
        belief = np.zeros(flat.shape[1])
        if shortfall.min() == 0.0:
            belief[int(shortfall.argmin())] = 1.0
        else:
            belief = solve_matrix_games(flat - flat[own]).columns[0]
        values = (flat - flat[own]) @ belief
        return belief.reshape(table.shape[1:]), float(self.original.ranges[i] * values.max())

    def summary(self) -> str:
        left = "; ".join(
            f"{player}: {', '.join(labels[a] for a in kept)}"
            for player, labels, kept in zip(self.original.players, self.original.actions, self.kept)
        )
        count = len(self.steps)
        what = "no action is" if not count else "1 action is" if count == 1 else f"{count} actions are"
        over = f" in {self.rounds} round{'s' if self.rounds != 1 else ''}" if self.iterated and count else ""
        return f"{what} {self.notion}ly dominated by {self.by} strategies{over}. Left are {left}. {self.guarantee}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each eliminated action: round, player, action, what dominates it, margin, proof."""
        import pandas as pd

        rows = []
        for step in self.steps:
            labels = self.original.actions[step.player]
            words = " + ".join(
                labels[b] if step.by[b] == 1.0 else f"{step.by[b]:.4g} {labels[b]}"
                for b in np.flatnonzero(step.by)
            )
            rows.append(
                (
                    step.round,
                    self.original.players[step.player],
                    labels[step.action],
                    words,
                    step.margin,
                    step.proof,
                )
            )
        return pd.DataFrame(rows, columns=["round", "player", "action", "dominated by", "margin", "proof"])


_STRICT = (
    "Each elimination was checked by recomputation; an action that a mixture dominates by less than 1e-12 of the "
    "payoff range, or by less than rounding, may be left."
)
_WEAK = (
    "In comparisons with mixtures, payoffs closer than 1e-12 of the range, or than rounding, count as equal."
)


@checked
@keeps_time("the search for dominated actions", "ask for dominance by pure strategies (by='pure')")
def strictly_dominated(
    game: NormalFormGame, by: By = "mixed", *, time_limit: float | None = None
) -> Elimination:
    """The strictly dominated actions of every player (one round).

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [0, 3], [1, 1]], [[0, 0], [0, 0], [0, 0]])
    >>> strictly_dominated(game, by="pure").kept, strictly_dominated(game).kept
    (((0, 1, 2), (0, 1)), ((0, 1), (0, 1)))
    """
    return _eliminate(game, "strict", by, False, _STRICT)


@checked
@keeps_time("the search for dominated actions", "ask for dominance by pure strategies (by='pure')")
def weakly_dominated(
    game: NormalFormGame, by: By = "mixed", *, time_limit: float | None = None
) -> Elimination:
    """The weakly dominated actions of every player (one round); strictly dominated ones are among them.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.
    """
    return _eliminate(game, "weak", by, False, _WEAK)


@checked
@keeps_time("the elimination", "ask for dominance by pure strategies (by='pure')")
def iterated_strict(
    game: NormalFormGame, by: By = "mixed", *, time_limit: float | None = None
) -> Elimination:
    """Eliminate strictly dominated actions until none is left, all of a round together.

    What is left does not depend on the order (Gilboa, Kalai and Zemel 1990), and holds every Nash and every correlated
    equilibrium.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> iterated_strict(pd).game.actions
    (('D',), ('D',))
    """
    return _eliminate(game, "strict", by, True, "The order of elimination does not matter. " + _STRICT)


@checked
@keeps_time("the elimination", "ask for dominance by pure strategies (by='pure')")
def iterated_weak(game: NormalFormGame, by: By = "mixed", *, time_limit: float | None = None) -> Elimination:
    """Eliminate weakly dominated actions until none is left, all of a round together.

    Another order can leave other actions, and equilibria can be lost; at least one Nash equilibrium survives.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.
    """
    words = (
        "Another order of eliminating weakly dominated actions can leave others; here all of a round fall "
        "together. Equilibria may be lost on the way. "
    )
    return _eliminate(game, "weak", by, True, words + _WEAK)


@checked
@keeps_time(
    "the search for rationalizable actions", "use iterated_strict with by='pure', which leaves at least these"
)
def rationalizable(game: NormalFormGame, *, time_limit: float | None = None) -> Elimination:
    """The rationalizable actions, with the order in which the others fall.

    For two players these are the actions of Bernheim (1984) and Pearce (1984, Lemma 3). With more players the
    beliefs about the rivals may be correlated (Brandenburger and Dekel 1987): then an action is a best response to
    some belief exactly if no mixture strictly dominates it. With independent beliefs fewer actions may be
    rationalizable; that notion is not computed here. `Elimination.belief` gives a belief for each action that is kept.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.
    """
    if game.n_players <= 2:
        words = "The actions left are exactly the rationalizable ones. "
    else:
        words = (
            "The actions left are those rationalizable with correlated beliefs about the others; with independent "
            "beliefs there may be fewer. "
        )
    return _eliminate(game, "strict", "mixed", True, words + _STRICT)


def _eliminate(
    game: NormalFormGame, notion: Literal["strict", "weak"], by: By, iterated: bool, guarantee: str
) -> Elimination:
    if by not in _BY:
        raise MethodError(f"dominance by {by!r} is not known{did_you_mean(by, _BY)}")
    refuse_lost_differences(game)
    kept = [list(range(k)) for k in game.shape]
    steps: list[Step] = []
    for number in range(1, sum(game.shape) + 1 if iterated else 2):
        fallen: list[Step] = []
        for i in range(game.n_players):
            reached(f"{counted(len(steps), 'action')} had fallen by round {number}")
            if len(kept[i]) > 1:
                fallen += _round(game, i, kept, notion, by, number)
        if not fallen:
            break
        for step in fallen:
            kept[step.player].remove(step.action)
        steps += fallen
    return Elimination(game, notion, by, iterated, tuple(tuple(k) for k in kept), tuple(steps), guarantee)


def _round(
    game: NormalFormGame,
    i: int,
    kept: list[list[int]],
    notion: Literal["strict", "weak"],
    by: By,
    number: int,
) -> list[Step]:
    """The actions of player i that are dominated in what is left of the game."""
    own = kept[i]

    def rows(payoffs: npt.NDArray[Any]) -> npt.NDArray[Any]:
        return np.moveaxis(payoffs[np.ix_(*kept)][..., i], i, 0).reshape(len(own), -1)

    table = rows(game.normalised)
    scale = float(game.ranges[i])
    # The rounding of payoffs and of a mixture of them: a larger gain is a gain of the numbers given.
    tie = max(ROUNDING, 8.0 * (len(own) + 2) * _EPSILON)
    found: dict[int, tuple[FloatArray, float, Literal["exact", "numeric"]]] = {}

    beaten = _pure(rows(game.payoffs if game.floats_are_exact else game.exact), notion)
    dominated = beaten.any(axis=0)
    for a in np.flatnonzero(dominated):
        # Dominance is transitive, so some dominating action is not itself dominated.
        b = int(np.flatnonzero(beaten[:, a] & ~dominated)[0])
        gain = np.moveaxis(game.gains_over(i, own[a])[np.ix_(*kept)], i, 0)[b]
        margin = float(gain.min() if notion == "strict" else gain.max())
        found[int(a)] = np.eye(len(own))[b], margin, "exact"

    rest = np.flatnonzero(~dominated)
    if by == "mixed" and len(rest) > 2:
        best = table.max(axis=0)
        at_best = table[rest] == best
        # A best response to some profile is not strictly dominated; the only one is not weakly dominated either.
        safe = (
            at_best.any(axis=1) if notion == "strict" else (at_best & (at_best.sum(axis=0) == 1)).any(axis=1)
        )
        suspects = rest[~safe]
        if len(suspects):
            others = np.stack([rest[rest != a] for a in suspects])
            gains = table[others] - table[suspects][:, None, :]
            solved = solve_matrix_games(gains)
            for s, a in enumerate(suspects):
                mixture = np.zeros(len(own))
                if solved.lower[s] > tie:
                    mixture[others[s]] = solved.rows[s]
                    gain = solved.lower[s] if notion == "strict" else (solved.rows[s] @ gains[s]).max()
                    found[int(a)] = (mixture, scale * float(gain), "exact")
                elif notion == "weak" and solved.upper[s] > -tie:
                    weights = _weak_mixture(gains[s], tie)
                    if weights is None:
                        continue
                    mixture[others[s]] = weights
                    exact = _weak_exactly(game, i, kept, int(a), mixture)
                    gain = (weights @ gains[s]).max()
                    found[int(a)] = (mixture, scale * float(gain), "exact" if exact else "numeric")

    out = []
    for position, (mixture, margin, proof) in sorted(found.items()):
        strategy = np.zeros(game.shape[i])
        strategy[own] = mixture
        strategy.setflags(write=False)
        out.append(Step(number, i, own[position], strategy, margin, proof))
    return out


def _pure(table: npt.NDArray[Any], notion: Literal["strict", "weak"]) -> npt.NDArray[np.bool_]:
    """Boolean matrix: does action b (row) dominate action a (column)?"""
    k = table.shape[0]
    out = np.zeros((k, k), dtype=np.bool_)
    for b in range(k):
        checkpoint()
        if notion == "strict":
            out[b] = (table[b] > table).all(axis=1)
        else:
            out[b] = (table[b] >= table).all(axis=1) & (table[b] > table).any(axis=1)
    return out


def _weak_mixture(gains: FloatArray, tie: float) -> FloatArray | None:
    """Weights (k,) with weights @ gains >= 0 everywhere and > 0 somewhere, or None; gains (k, n) in units of the range.

    Maximises the summed gain over {w >= 0, sum(w) <= 1, w @ gains >= 0}, in which w = 0 is feasible, by the
    simplex method on the condensed tableau; Bland's rule, because every constraint but one is tight at the start.
    """
    k, n = gains.shape
    table = np.zeros((n + 2, k + 1))
    table[:n, :k] = -gains.T
    table[n, :k] = 1.0
    table[n, -1] = 1.0
    table[n + 1, :k] = -gains.sum(axis=1)
    outside, inside = np.arange(k), k + np.arange(n + 1)
    for _ in range(200 * (k + 1)):
        checkpoint()
        eligible = np.flatnonzero(table[-1, :k] < -1e-11)
        if not len(eligible):
            break
        enter = int(eligible[outside[eligible].argmin()])
        column = table[:-1, enter]
        usable = column > 1e-11
        ratio = np.divide(table[:-1, -1], column, out=np.full(n + 1, np.inf), where=usable)
        tied = np.flatnonzero(ratio <= ratio.min() + 1e-14)
        leave = int(tied[inside[tied].argmin()])
        pivot = table[leave, enter]
        column = table[:, enter].copy()
        row = table[leave] / pivot
        table -= np.outer(column, row)
        table[:, enter] = -column / pivot
        table[leave] = row
        table[leave, enter] = 1.0 / pivot
        outside[enter], inside[leave] = inside[leave], outside[enter]
    weights = np.zeros(k + n + 1)
    weights[inside] = table[:-1, -1]
    answer = np.maximum(weights[:k], 0.0)
    if answer.sum() <= 0.5:
        return None
    answer = np.where(answer > tie, answer, 0.0)
    answer /= answer.sum()
    margins = answer @ gains
    if margins.min() < -tie or margins.max() <= 100.0 * tie:
        return None
    return np.asarray(answer)


def _weak_exactly(game: NormalFormGame, i: int, kept: list[list[int]], a: int, mixture: FloatArray) -> bool:
    """Does the mixture, or the simple fractions next to it, weakly dominate the payoffs exactly as they were given?"""
    flat = np.moveaxis(game.exact[np.ix_(*kept)][..., i], i, 0).reshape(len(kept[i]), -1)
    played = [int(b) for b in np.flatnonzero(mixture)]
    for weights in (
        [Fraction(float(mixture[b])).limit_denominator(10**6) for b in played],
        [Fraction(float(mixture[b])) for b in played],
    ):
        total = sum(weights, Fraction(0))
        gains = sum(w * flat[b] for w, b in zip(weights, played)) / total - flat[a]
        if (gains >= 0).all() and (gains > 0).any():
            return True
    return False
