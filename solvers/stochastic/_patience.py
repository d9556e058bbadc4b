"""How patient players must be, state by state and year by year, for a concert to hold when power moves.

The concert is a profile for each state, kept up by the threat of competition (another profile for each state) forever after any
departure. In each state a player's constraint is

    C_i(s)  >=  max_b { (1 - d) g_i(s, b, a_-i) + d sum_t p(t | s, b, a_-i) D_i(t) },

C and D being what concert and competition are worth from a state on. A state may fail alone, at its own constraint. A concert
that is foreseen to fail later is worth less today, so that a certain end unravels it from the end backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import ProfileError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.stochastic import StochasticGame
from games.types import BoolArray, IndexArray
from solvers.base.deadline import checkpoint, keeps_time, steps
from solvers.base.result import Result
from solvers.stochastic._decision import policy_values
from solvers.stochastic._pairs import Pairs, pairs_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["StatePatience", "critical_discount", "path_patience"]

ProfileLike = Sequence[str | SupportsInt]

# Discount factors at which constraints are looked at, before the last step from failing to holding is halved.
_GRID = np.append(np.arange(1, 256) / 256.0, [0.998, 0.999, 0.9995, 0.9999])
# From a step of 1/256 to rounding.
_HALVINGS = 44
# Of constraints, as a share of the payoff range: rounding of values, as in `_markov_perfect`.
_TOLERANCE = 1e-11


@dataclass(frozen=True, eq=False, repr=False)
class StatePatience(Result):
    """The patience that a concert needs in each state.

    Attributes
    ----------
    game : StochasticGame
    concert, competition : a profile for each state, as action indices
    per_player : array (S, N), the common discount factor from which on (up to .9999) the player keeps to the concert in that
        state if it lasts in all others; 0 if it always does, inf if not even at .9999
    reach : boolean array (S, S), can state t follow state s while the concert lasts?
    slack : array (S, N), what the best departure loses at the game's own discount factors, in payoff units
    """

    _rows_shown = 40

    game: StochasticGame
    concert: tuple[Profile, ...]
    competition: tuple[Profile, ...]
    per_player: FloatArray
    reach: BoolArray
    slack: FloatArray

    @property
    def alone(self) -> FloatArray:
        """The discount factor that each state needs by itself, (S,)."""
        return np.asarray(self.per_player.max(axis=1))

    @property
    def onward(self) -> FloatArray:
        """The discount factor at which the concert holds in a state and in all that may follow, (S,)."""
        return np.asarray(np.where(self.reach, self.alone[None, :], -np.inf).max(axis=1))

    @property
    def holds_alone(self) -> BoolArray:
        """Does each state's own constraint hold at the game's own discount factors? (S,)"""
        small = _TOLERANCE * pairs_of(self.game).scale
        return np.asarray((self.slack >= -small).all(axis=1))

    @property
    def holds(self) -> BoolArray:
        """Does the concert hold in a state and in all that may follow? Exactly then it is an equilibrium from there on,
        (S,)."""
        return np.asarray(~(self.reach & ~self.holds_alone[None, :]).any(axis=1))

    @property
    def until(self) -> int | None:
        """The first state, in their order, whose own constraint fails; None if none does. On a path of years: how long it
        can last."""
        failing = np.flatnonzero(~self.holds_alone)
        return int(failing[0]) if len(failing) else None

    def weakest(self, state: str | int) -> str:
        """The player who needs the most patience in a state."""
        return self.game.players[int(self.per_player[self.game.state_index(state)].argmax())]

    def summary(self) -> str:
        first = self.until
        if first is None:
            return f"The concert holds in every state at these discount factors; it needs a common one of {self.alone.max():.6g}."
        name, who = self.game.names[first], self.weakest(first)
        needed = self.alone[first]
        want = (
            "no patience would do" if np.isinf(needed) else f"it would need a discount factor of {needed:.6g}"
        )
        early = (
            " If that is foreseen, the concert is not an equilibrium in the earlier states either."
            if not self.holds[:first].any() and first > 0
            else ""
        )
        return f"The concert first fails in {name!r}, where {who} departs: {want}.{early}"

    def to_frame(self) -> pd.DataFrame:
        """One row for each state: what it needs alone and onward, whether it holds, who is weakest, and each player's need."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "alone": self.alone,
                "onward": self.onward,
                "holds alone": self.holds_alone,
                "holds": self.holds,
                "weakest": [self.weakest(s) for s in range(self.game.n_states)],
            },
            index=pd.Index(self.game.names, name="state"),
        )
        for i, player in enumerate(self.game.players):
            frame[player] = self.per_player[:, i]
        return frame


@checked
@keeps_time("the critical discount factor", "take fewer states")
def critical_discount(
    game: StochasticGame,
    concert: Sequence[ProfileLike],
    competition: Sequence[ProfileLike],
    *,
    time_limit: float | None = None,
) -> StatePatience:
    """How patient the players must be in each state for a concert that competition forever answers a breach of.

    Parameters
    ----------
    game : StochasticGame
    concert, competition : a profile for each state. That competition is an equilibrium itself is for the caller to see to
        (`stochastic.check` with `stochastic.markov`).
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError
        If there is not one profile for each state.

    Notes
    -----
    Critical discount factors are common to all players and found on a grid, the last step from failing to holding being halved;
    where a constraint holds, fails and holds again, the last of these counts. Slack is at the game's own discount factors.

    Examples
    --------
    >>> from games import NormalFormGame, StochasticGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"], ["C", "D"]])
    >>> found = critical_discount(StochasticGame([pd], [[1.0]], 0.6), [("C", "C")], [("D", "D")])
    >>> found.alone, found.holds
    (array([0.5]), array([ True]))
    """
    told = _profiles(game, concert, "concert")
    held = _profiles(game, competition, "competition")
    pairs = pairs_of(game)
    rows = [_rows(game, pairs, part) for part in (told, held)]
    slack = _slack(pairs, rows[0], rows[1], game.discount)
    n = game.n_players
    grid = np.stack(
        [_slack(pairs, rows[0], rows[1], np.full(n, d)) for d in steps(_GRID, len(_GRID), "discount factors")]
    )
    holds = grid >= -_TOLERANCE
    need = np.zeros(slack.shape)
    last = np.where(holds.all(axis=0), -1, len(_GRID) - 1 - (~holds[::-1]).argmax(axis=0))
    need[last == len(_GRID) - 1] = np.inf
    for s, i in np.argwhere((last >= 0) & (last < len(_GRID) - 1)):
        low, high = _GRID[last[s, i]], _GRID[last[s, i] + 1]
        for _ in range(_HALVINGS):
            checkpoint()
            middle = 0.5 * (low + high)
            if _slack(pairs, rows[0], rows[1], np.full(n, middle))[s, i] >= -_TOLERANCE:
                high = middle
            else:
                low = middle
        need[s, i] = high
    step = pairs.step[rows[0]] > 0.0
    seen = step | np.eye(game.n_states, dtype=np.bool_)
    while True:
        more = (seen.astype(np.int64) @ seen.astype(np.int64)) > 0
        if np.array_equal(more, seen):
            break
        seen = more
    return StatePatience(game, told, held, need, seen, slack * pairs.scale)


@checked
@keeps_time("the critical discount factor", "take fewer years")
def path_patience(
    stages: Sequence[NormalFormGame],
    concert: ProfileLike | Sequence[ProfileLike],
    competition: ProfileLike | Sequence[ProfileLike],
    discount: npt.ArrayLike,
    years: Sequence[int | str] | None = None,
    *,
    time_limit: float | None = None,
) -> StatePatience:
    """Year by year along a foreseen path of stage games, the last of which lasts: until when can the concert hold?

    Parameters
    ----------
    stages : sequence of T NormalFormGames
    concert, competition : one profile for all years, or T profiles
    discount : float or array (N,)
    years : T names of the years, optional
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Examples
    --------
    A tempted side whose gain from breaking the deal grows year by year:

    >>> from games import NormalFormGame
    >>> stages = [NormalFormGame.from_bimatrix([[3, 0], [t, 1]], [[3, 5], [0, 1]]) for t in (4, 5, 6, 9)]
    >>> found = path_patience(stages, (0, 0), (1, 1), 0.65, years=[2025, 2030, 2035, 2040])
    >>> found.game.names[found.until], found.alone
    ('2040', array([0.5 , 0.5 , 0.6 , 0.75]))
    """
    count = len(stages)
    names = None if years is None else [str(year) for year in years]
    game = StochasticGame.path(stages, discount, names)

    def every(given: ProfileLike | Sequence[ProfileLike]) -> Sequence[ProfileLike]:
        first = given[0] if len(given) else None
        one = isinstance(first, str) or np.ndim(first) == 0  # type: ignore[arg-type]
        return [given] * count if one else given  # type: ignore[list-item,return-value]

    return critical_discount(game, every(concert), every(competition))


def _profiles(game: StochasticGame, given: Sequence[ProfileLike], name: str) -> tuple[Profile, ...]:
    if len(given) != game.n_states:
        raise ProfileError(f"{name} needs one profile for each of {game.n_states} states; got {len(given)}")
    return tuple(stage.profile(a) for stage, a in zip(game.stages, given))


def _rows(game: StochasticGame, pairs: Pairs, profiles: tuple[Profile, ...]) -> IndexArray:
    flat = [int(np.ravel_multi_index(a, stage.shape)) for a, stage in zip(profiles, game.stages)]
    return np.asarray(pairs.first[:-1] + np.array(flat))


def _slack(pairs: Pairs, concert: IndexArray, competition: IndexArray, discount: FloatArray) -> FloatArray:
    """What the best departure from the concert loses in each state (S, N), in units of payoff ranges."""
    kept, broken = (
        np.column_stack(
            [
                policy_values(pairs.payoffs[rows, i], pairs.step[rows], float(d))
                for i, d in enumerate(discount)
            ]
        )
        for rows in (concert, competition)
    )
    worth = (1.0 - discount) * pairs.payoffs + discount * (pairs.step @ broken)
    # To stay is no departure: only the player's other actions count.
    worth[concert] = -np.inf
    slack = kept - pairs.best_response(worth)[concert]
    return np.where(np.isfinite(slack), slack, 0.0)
