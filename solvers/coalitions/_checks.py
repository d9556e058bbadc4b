"""Profiles that no coalition can undo: strong and coalition-proof equilibria.

A coalition deviates jointly while all other players keep to their strategies, mixed or not. It does so if all its members
gain strictly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from games.arguments import choice, instance
from games.normal_form import FloatArray, MixedProfile, NormalFormGame
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.matrix_game import solve_matrix_games
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE, payoff_units

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CoalitionCheck", "coalition_proof", "strong"]


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionCheck(Result):
    """Whether some coalition (a single player counts as one) can undo a profile to which the others keep.

    Attributes
    ----------
    concept : `strong` or `coalition-proof`
    stable : whether no coalition can
    coalition : names of the first coalition that can, smallest first; None if none can
    deviation : what it does: an array (k_j for each member j), the probability of each joint action; None if none can
    gains : array (members,), what each member gains by it; None if none can
    checked : which deviations were examined, in words
    """

    game: NormalFormGame
    profile: MixedProfile
    concept: Literal["strong", "coalition-proof"]
    stable: bool
    coalition: tuple[str, ...] | None
    deviation: FloatArray | None
    gains: FloatArray | None
    checked: str

    def summary(self) -> str:
        if self.coalition is None:
            return f"The profile is {self.concept}: no coalition can undo it. {self.checked}"
        return f"The profile is not {self.concept}: {' + '.join(self.coalition)} can undo it. {self.checked}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each joint action of the deviation: the members' actions and its probability."""
        import pandas as pd

        if self.coalition is None or self.deviation is None:
            return pd.DataFrame(columns=["probability"])
        members = [self.game.player_index(player) for player in self.coalition]
        rows = [
            (*(self.game.actions[j][a] for j, a in zip(members, joint)), float(self.deviation[tuple(joint)]))
            for joint in np.argwhere(self.deviation > 0).tolist()
        ]
        return pd.DataFrame(rows, columns=[*self.coalition, "probability"])


@keeps_time("the check for a strong equilibrium", "ask with deviations_of for one coalition")
def strong(
    game: NormalFormGame,
    profile: Sequence[Any],
    deviations: Literal["pure", "correlated"] = "pure",
    *,
    time_limit: float | None = None,
) -> CoalitionCheck:
    """Is the profile a strong equilibrium: does no coalition have a joint deviation by which all its members gain?

    Aumann (1959). The others keep to their (possibly mixed) strategies.

    Parameters
    ----------
    profile : action labels, indices or probability vectors, one for each player
    deviations : `pure`: joint actions. `correlated`: also lotteries over joint actions that the members draw together, which
        include all their mixed deviations; gains are then expected payoffs.
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> strong(pd, (1, 1)).coalition
    ('Player 1', 'Player 2')
    """
    refuse_lost_differences(instance(game, NormalFormGame, "the game"))
    choice(deviations, ("pure", "correlated"), "deviations")
    mixed = game.mixed(profile)
    words = (
        "Every pure joint deviation of every coalition was examined; lotteries over them were not."
        if deviations == "pure"
        else "Every joint deviation of every coalition was examined, including lotteries."
    )
    for members in steps(_coalitions(game.n_players), 2**game.n_players - 1, "coalitions"):
        gains = _gains(game, mixed, members)
        flat = gains.reshape(-1, len(members))
        least = flat.min(axis=1)
        best = np.zeros(len(flat))
        best[int(least.argmax())] = 1.0
        gained = float(least.max())
        if deviations == "correlated" and gained <= TOLERANCE and len(members) > 1:
            solved = solve_matrix_games(flat)
            best, gained = solved.rows[0], float(solved.lower[0])
        if gained > TOLERANCE:
            return _undone(game, mixed, "strong", members, gains, best, words)
    return CoalitionCheck(game, mixed, "strong", True, None, None, None, words)


@keeps_time("the check for a coalition-proof equilibrium", "ask with deviations_of for one coalition")
def coalition_proof(
    game: NormalFormGame, profile: Sequence[Any], *, time_limit: float | None = None
) -> CoalitionCheck:
    """Is the profile coalition-proof: does no coalition have a *self-enforcing* joint deviation by which all members gain?

    Bernheim, Peleg and Whinston (1987). A joint deviation is self-enforcing if no proper part of the coalition has in turn a
    self-enforcing deviation from it by which all of that part gain. Deviations are pure joint actions, the others keep to
    their (possibly mixed) strategies. Every strong equilibrium is coalition-proof.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> coalition_proof(pd, (1, 1)).stable
    True
    """
    refuse_lost_differences(instance(game, NormalFormGame, "the game"))
    mixed = game.mixed(profile)
    words = (
        "Every pure joint deviation of every coalition was examined, and every further pure deviation of its parts; "
        "lotteries were not."
    )
    for members in steps(_coalitions(game.n_players), 2**game.n_players - 1, "coalitions"):
        gains = _gains(game, mixed, members)
        able = (gains > TOLERANCE).all(axis=-1)
        if not able.any():
            continue
        able &= _self_enforcing(gains)
        if able.any():
            flat = np.where(able, gains.min(axis=-1), -np.inf).reshape(-1)
            best = np.zeros(len(flat))
            best[int(flat.argmax())] = 1.0
            return _undone(game, mixed, "coalition-proof", members, gains, best, words)
    return CoalitionCheck(game, mixed, "coalition-proof", True, None, None, None, words)


def _coalitions(n: int) -> list[tuple[int, ...]]:
    return [members for size in range(1, n + 1) for members in combinations(range(n), size)]


def _gains(game: NormalFormGame, mixed: MixedProfile, members: tuple[int, ...]) -> FloatArray:
    """What each member gains by each joint action, the others kept to the profile: (k_j for members j, members).

    In units of the members' payoff ranges.
    """
    low = game.measured.reshape(-1, game.n_players).min(axis=0)
    table = ((game.measured - low) / payoff_units(game.ranges))[..., list(members)]
    for j in reversed(range(game.n_players)):
        if j not in members:
            table = np.tensordot(table, mixed[j], axes=(j, 0))
    now = table
    for j in members:
        now = np.tensordot(mixed[j], now, axes=(0, 0))
    return np.asarray(table - now)


def _self_enforcing(payoffs: FloatArray) -> npt.NDArray[np.bool_]:
    """Which profiles of a coalition's own game (k_1, ..., k_n, n) no proper part of it would leave.

    stay[S] marks the profiles that S itself would not leave by a self-enforcing deviation, smaller S first. What S could
    move to is self-enforcing where no proper part of S would move on.
    """
    n = payoffs.shape[-1]
    stay: dict[tuple[int, ...], npt.NDArray[np.bool_]] = {}
    for size in range(1, n):
        for part in combinations(range(n), size):
            settled = np.ones(payoffs.shape[:-1], dtype=np.bool_)
            for smaller in range(1, size):
                for inner in combinations(part, smaller):
                    settled &= stay[inner]
            stay[part] = _unimproved(payoffs, part, settled)
    out = np.ones(payoffs.shape[:-1], dtype=np.bool_)
    for staying in stay.values():
        out &= staying
    return out


def _unimproved(
    payoffs: FloatArray, part: tuple[int, ...], settled: npt.NDArray[np.bool_]
) -> npt.NDArray[np.bool_]:
    """Where does `part` have no settled profile, the others' actions unchanged, that gives each of its members more?"""
    front = tuple(range(len(part)))
    own = np.moveaxis(payoffs[..., list(part)], part, front)
    shape = own.shape[: len(part)]
    own = own.reshape(int(np.prod(shape)), -1, len(part))
    at = np.moveaxis(settled, part, front).reshape(own.shape[:2])
    out = np.ones(own.shape[:2], dtype=np.bool_)
    for joint in np.flatnonzero(at.any(axis=1)):
        checkpoint()
        out &= ~((own[joint] > own + TOLERANCE).all(axis=2) & at[joint])
    rest = np.moveaxis(settled, part, front).shape[len(part) :]
    return np.moveaxis(out.reshape(*shape, *rest), front, part)


def _undone(
    game: NormalFormGame,
    mixed: MixedProfile,
    concept: Literal["strong", "coalition-proof"],
    members: tuple[int, ...],
    gains: FloatArray,
    deviation: FloatArray,
    words: str,
) -> CoalitionCheck:
    shares = deviation @ gains.reshape(-1, len(members))
    return CoalitionCheck(
        game,
        mixed,
        concept,
        False,
        tuple(game.players[i] for i in members),
        deviation.reshape(gains.shape[:-1]),
        shares * game.ranges[list(members)],
        words,
    )
