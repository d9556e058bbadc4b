"""Equilibrium payoffs of stochastic games with voluntary payments, for any number of players.

Before and after every stage the players may pay one another; who withholds a payment is treated like one who deviates.
The discount factor d is common, monitoring perfect, and strategies pure (Goldluecke and Kranz 2018, Economic Theory
66). Let A(s) be the profiles that can be played in state s, and U(s) the largest joint payoff of a policy in A. Let
v_i(s) be the smallest payoff that a policy in A leaves player i if it answers best. Profile a stays in A(s) exactly
if

    (1 - d) G(s, a) + d E[U | s, a]  >=  sum_i max_b { (1 - d) g_i(s, b, a_-i) + d E[v_i | s, b, a_-i] },

G being the joint payoff. Leaving out what fails and starting again ends at the largest such A. The payoffs from state s on are
then all u with u_i >= v_i(s) and sum u <= U(s) (payments may also be burnt).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import DiscountError, GameError
from games.normal_form import FloatArray, Profile
from games.stochastic import StochasticGame
from games.types import BoolArray
from games.words import counted
from solvers.base.deadline import keeps_time, reached
from solvers.base.result import Result
from solvers.stochastic._decision import best_policy, harshest_policy
from solvers.stochastic._pairs import Pairs, pairs_of
from solvers.transfers import UNIT

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TransferSets", "transfers"]

# A joint constraint missed by less than this share of the players' payoff ranges, added up, is met.
_TOLERANCE = 1e-11


@dataclass(frozen=True, eq=False, repr=False)
class TransferSets(Result):
    """The equilibrium payoffs with voluntary payments: from each state on a simplex.

    Attributes
    ----------
    game : StochasticGame
    joint : array (S,), the largest sum of payoffs U; NaN where no equilibrium in pure strategies starts
    lowest : array (S, N), the punishment payoffs v
    profiles : for each state what is played on the path that gives U; None without an equilibrium
    punishments : for each state and player the profile in A whose rivals' part holds the player down
    possible : for each state a boolean array of its profiles' shape: can it be played?
    rounds : rounds of leaving out
    """

    game: StochasticGame
    joint: FloatArray
    lowest: FloatArray
    profiles: tuple[Profile | None, ...]
    punishments: tuple[tuple[Profile, ...], ...]
    possible: tuple[BoolArray, ...]
    rounds: int

    @property
    def empty(self) -> bool:
        """True if no equilibrium in pure strategies starts in any state."""
        return all(profile is None for profile in self.profiles)

    def vertices(self, state: str | int) -> FloatArray:
        """The N corners of the Pareto frontier from a state on, shape (N, N): all surplus goes to one player."""
        s = self.game.state_index(state)
        if self.profiles[s] is None:
            return np.empty((0, self.game.n_players))
        spare = self.joint[s] - self.lowest[s].sum()
        return np.asarray(self.lowest[s] + spare * np.eye(self.game.n_players))

    def contains(self, state: str | int, payoffs: npt.ArrayLike) -> bool:
        """Are these payoffs (N,) those of an equilibrium from the state on? To 1e-9 of the payoff ranges."""
        s = self.game.state_index(state)
        u = np.asarray(payoffs, dtype=np.float64)
        if u.shape != (self.game.n_players,):
            raise GameError(
                f"payoffs has shape {u.shape}; give one for each of {', '.join(self.game.players)}"
            )
        small = 1e-9 * pairs_of(self.game).scale
        return self.profiles[s] is not None and bool(
            (u >= self.lowest[s] - small).all() and u.sum() <= self.joint[s] + small.sum()
        )

    def summary(self) -> str:
        if self.empty:
            return f"With voluntary payments no equilibrium in pure strategies starts in any state. {UNIT}"
        parts = [
            f"{self.joint[s]:.6g} from {self.game.names[s]!r} on ({', '.join(self.game.stages[s].labels(profile))})"
            for s, profile in enumerate(self.profiles)
            if profile is not None
        ]
        told = "; ".join(parts[:4]) + ("; ..." if len(parts) > 4 else "")
        return f"With voluntary payments the players can share up to {told}. All pure equilibria, perfect monitoring. {UNIT}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each state: the joint payoff, the profile that gives it, and each player's punishment payoff."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "joint (common unit)": self.joint,
                "profile": [
                    "" if a is None else ", ".join(stage.labels(a))
                    for a, stage in zip(self.profiles, self.game.stages)
                ],
            },
            index=pd.Index(self.game.names, name="state"),
        )
        for i, player in enumerate(self.game.players):
            frame[f"{player} at least (common unit)"] = self.lowest[:, i]
        return frame


@checked
@keeps_time("the payoff sets with payments", "take fewer states or actions")
def transfers(game: StochasticGame, *, time_limit: float | None = None) -> TransferSets:
    """All equilibrium payoffs by state with voluntary payments, for any number of players; exact in pure strategies.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Raises
    ------
    DiscountError
        If the players' discount factors differ.

    Examples
    --------
    >>> from games import NormalFormGame, StochasticGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> found = transfers(StochasticGame([pd], [[1.0]], 0.5))
    >>> found.joint, found.vertices(0)
    (array([6.]), array([[5., 1.], [1., 5.]]))
    """
    if np.ptp(game.discount) > 0:
        factors = ", ".join(f"{name} {d:g}" for name, d in zip(game.players, game.discount))
        raise DiscountError(f"payments need one discount factor for all; they are {factors}")
    pairs = pairs_of(game, scaled=False)
    small = _TOLERANCE * float(pairs_of(game).scale.sum())
    alive = np.arange(game.n_states)
    allowed = np.ones(len(pairs.state), dtype=np.bool_)
    rounds = 0
    while len(alive):
        reached(f"{counted(rounds, 'round')} were done")
        rounds += 1
        joint, path, lowest, held = _policies(pairs, allowed)
        d = float(pairs.discount[0])
        together = (1.0 - d) * pairs.payoffs.sum(axis=1) + d * (pairs.step @ joint)
        needed = pairs.best_response(pairs.worth(lowest)).sum(axis=1)
        fits = allowed & (together >= needed - small)
        if np.array_equal(fits, allowed):
            return _labelled(game, alive, pairs, allowed, joint, path, lowest, held, rounds)
        left = np.logical_or.reduceat(fits, pairs.first[:-1])
        if left.all():
            allowed = fits
            continue
        kept = np.flatnonzero(~pairs.reaches[:, ~left].any(axis=1))
        allowed = fits[np.isin(pairs.state, kept)]
        alive = alive[kept]
        if len(kept):
            pairs = pairs.among(kept)
    nothing = np.full((game.n_states, game.n_players), np.nan)
    never = tuple(np.zeros(stage.shape, dtype=np.bool_) for stage in game.stages)
    return TransferSets(
        game, nothing[:, 0], nothing, (None,) * game.n_states, ((),) * game.n_states, never, rounds
    )


def _policies(
    pairs: Pairs, allowed: BoolArray
) -> tuple[FloatArray, npt.NDArray[np.intp], FloatArray, list[npt.NDArray[np.intp]]]:
    """U (S,) and its pairs, v (S, N) and for each player the groups that hold it down, as pairs in A."""
    d = float(pairs.discount[0])
    joint, path = best_policy(pairs.payoffs.sum(axis=1), pairs.step, pairs.first, d, allowed)
    columns, held = [], []
    for i in range(pairs.n_players):
        group = pairs.rivals[:, i]
        worth, reply = harshest_policy(pairs.payoffs[:, i], pairs.step, pairs.first, group, d, allowed)
        columns.append(worth)
        usable = np.flatnonzero(allowed)
        held.append(np.array([int(usable[group[usable] == group[m]][0]) for m in reply]))
    return joint, path, np.column_stack(columns), held


def _labelled(
    game: StochasticGame,
    alive: npt.NDArray[np.intp],
    pairs: Pairs,
    allowed: BoolArray,
    joint: FloatArray,
    path: npt.NDArray[np.intp],
    lowest: FloatArray,
    held: list[npt.NDArray[np.intp]],
    rounds: int,
) -> TransferSets:
    every_joint = np.full(game.n_states, np.nan)
    every_lowest = np.full((game.n_states, game.n_players), np.nan)
    every_joint[alive], every_lowest[alive] = joint, lowest
    place = {int(s): k for k, s in enumerate(alive)}
    profiles: list[Profile | None] = []
    punishments: list[tuple[Profile, ...]] = []
    possible: list[BoolArray] = []
    for s, stage in enumerate(game.stages):
        if s not in place:
            profiles.append(None)
            punishments.append(())
            possible.append(np.zeros(stage.shape, dtype=np.bool_))
            continue
        k = place[s]
        begin = int(pairs.first[k])

        def profile(pair: int, begin: int = begin, shape: tuple[int, ...] = stage.shape) -> Profile:
            return tuple(int(a) for a in np.unravel_index(int(pair) - begin, shape))

        profiles.append(profile(path[k]))
        punishments.append(tuple(profile(pairs_of_player[k]) for pairs_of_player in held))
        possible.append(allowed[begin : int(pairs.first[k + 1])].reshape(stage.shape))
    return TransferSets(
        game, every_joint, every_lowest, tuple(profiles), tuple(punishments), tuple(possible), rounds
    )
