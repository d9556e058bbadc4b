"""What groups of players can do together: joint deviations from a profile while all others keep to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any, NamedTuple, SupportsInt

import numpy as np

from games.arguments import instance
from games.errors import MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.types import IntArray
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.precision import refuse_lost_differences
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE, payoff_units

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "CoalitionDeviations",
    "JointDeviation",
    "JointDeviations",
    "PairRow",
    "deviations_of",
    "joint_deviations",
]


@dataclass(frozen=True, eq=False)
class JointDeviation:
    """One joint deviation of a coalition from a profile.

    Attributes
    ----------
    coalition : names of the members
    actions : their labels after the deviation
    gains : array (members,), each member's payoff less its payoff at the profile
    normalised : array (members,), the gains as shares of each member's payoff range: free of units
    others : names of the players outside
    losses : array (others,), what each player outside loses (negative: gains)
    self_enforcing : no part of the coalition would go further (Bernheim, Peleg and Whinston 1987); for a pair:
        neither member gains by changing its own action once more
    """

    coalition: tuple[str, ...]
    actions: tuple[str, ...]
    gains: FloatArray
    normalised: FloatArray
    others: tuple[str, ...]
    losses: FloatArray
    self_enforcing: bool

    @property
    def bribe(self) -> float:
        """What the players outside would have to be paid to lose nothing, summed. Needs a common unit of payoffs."""
        return float(np.maximum(self.losses, 0.0).sum())

    @property
    def payable(self) -> bool:
        """Could the members pay that bribe out of their gains? Needs a common unit of payoffs."""
        return bool(self.bribe <= self.gains.sum())

    @property
    def loyalty_price(self) -> float:
        """What it takes to keep one member, the cheapest, at the profile: its gain. It needs a common unit of payoffs."""
        return float(self.gains.min())

    @property
    def most_easily_kept(self) -> str:
        """The member whose gain is smallest, and which is therefore cheapest to keep at the profile."""
        return self.coalition[int(self.gains.argmin())]


@dataclass(frozen=True, eq=False, repr=False)
class CoalitionDeviations(Result):
    """All pure joint deviations by which every member of one coalition gains strictly.

    Attributes
    ----------
    game, profile : the game and the profile (action indices) from which the coalition deviates
    members : indices of the coalition's players
    actions : int array (M, members), the joint actions, best first: by the smallest normalised gain
    gains : array (M, members)
    searched : number of joint actions examined (all of them)
    """

    game: NormalFormGame
    profile: Profile
    members: tuple[int, ...]
    actions: IntArray
    gains: FloatArray
    searched: int

    def __len__(self) -> int:
        return len(self.actions)

    def __getitem__(self, position: int) -> JointDeviation:
        joint = tuple(int(a) for a in self.actions[position])
        after = _replace(self.profile, self.members, joint)
        others = tuple(i for i in range(self.game.n_players) if i not in self.members)
        change = self.game.measured[after] - self.game.measured[self.profile]
        gains = change[list(self.members)]
        names = self.game.players
        return JointDeviation(
            tuple(names[i] for i in self.members),
            tuple(self.game.actions[i][a] for i, a in zip(self.members, joint)),
            gains,
            _normalise(gains, self.game.ranges[list(self.members)]),
            tuple(names[i] for i in others),
            -change[list(others)],
            _self_enforcing(self.game, after, self.members),
        )

    @property
    def best(self) -> JointDeviation | None:
        """The deviation with the largest smallest normalised gain; None if no joint action makes all gain."""
        return self[0] if len(self) else None

    @property
    def best_self_enforcing(self) -> JointDeviation | None:
        """The first of them that is self-enforcing; None if none is."""
        # Only an equilibrium among the members can be: that is quick to check, and leaves few candidates.
        table = _reachable(self.game, self.profile, self.members)
        calm = np.ones(table.shape[:-1], dtype=np.bool_)
        for axis, i in enumerate(self.members if len(self.members) > 1 else ()):
            own = table[..., i]
            calm &= own.max(axis=axis, keepdims=True) - own <= TOLERANCE * self.game.ranges[i]
        candidates = np.flatnonzero(calm[tuple(self.actions.T)])
        return next((d for d in (self[int(m)] for m in candidates) if d.self_enforcing), None)

    def summary(self) -> str:
        who = " + ".join(self.game.players[i] for i in self.members)
        count = f"{len(self)} of {self.searched} joint actions give every member a strict gain"
        return f"{who}: {count}. All pure joint actions were examined; lotteries over them were not."

    def to_frame(self) -> pd.DataFrame:
        """One row for each joint deviation, best first; the columns are those of `JointDeviations.to_frame`."""
        import pandas as pd

        return pd.DataFrame([_row(self[m]) for m in range(len(self))], columns=_columns(len(self.members)))


class PairRow(NamedTuple):
    """A row of `JointDeviations.to_frame`."""

    pair: str
    joint_action_A: str
    joint_action_B: str
    gain_A: float
    gain_B: float
    self_enforcing: bool
    bribe: float
    third: str
    payable: bool


@dataclass(frozen=True, eq=False, repr=False)
class JointDeviations(Result):
    """The best joint deviation of every pair, and of all players together, from one profile.

    Attributes
    ----------
    game, profile : the game and the profile
    pairs : for each pair of players, in player order, its `CoalitionDeviations`
    grand : the same for all players together
    """

    game: NormalFormGame
    profile: Profile
    pairs: tuple[CoalitionDeviations, ...]
    grand: CoalitionDeviations

    def summary(self) -> str:
        at = "; ".join(self.game.labels(self.profile))
        able = [c for c in self.pairs if len(c)]
        enforcing = [c for c in able if c.best_self_enforcing is not None]
        together = (
            ""
            if len(self.game.players) == 2
            else (
                " All players together can gain." if len(self.grand) else " All players together cannot gain."
            )
        )
        return (
            f"From ({at}), {len(able)} of {len(self.pairs)} pairs gain by a joint deviation, "
            f"{len(enforcing)} of them by a self-enforcing one.{together} All pure joint actions were examined. "
            "Bribes need a common unit of payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each pair: its best joint deviation.

        Columns: joint action A, joint action B, gain A, gain B, self-enforcing, bribe (what those outside would have
        to be paid; it needs a common unit), third (the players outside), payable (out of the gains). A pair that cannot gain
        has the actions `none`, gains of zero and an empty bribe.
        """
        import pandas as pd

        rows = [_row(c.best, self.game.players, c.members) for c in self.pairs]
        index = pd.Index(
            [" + ".join(self.game.players[i] for i in c.members) for c in self.pairs], name="pair"
        )
        return pd.DataFrame(rows, columns=_columns(2), index=index)


@keeps_time("the list of joint deviations", "ask with deviations_of for one coalition")
def joint_deviations(
    game: NormalFormGame, profile: Sequence[str | SupportsInt], *, time_limit: float | None = None
) -> JointDeviations:
    """The best pure joint deviation of every pair of players, and of all together, from a profile.

    A joint deviation counts if every member gains strictly. The one shown has the largest smallest gain. Each gain is taken as a
    share of the member's payoff range, so that the choice does not depend on units. Ties go to the larger sum of those shares,
    then to the first in order.

    Parameters
    ----------
    game : NormalFormGame of two or more players
    profile : one action label or index for each player
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    ProfileError
        If the profile is not one of the game.

    Notes
    -----
    Self-enforcing is the notion of Bernheim, Peleg and Whinston (1987, Journal of Economic Theory 42).

    Examples
    --------
    From mutual defection both gain by cooperating, but each would then deviate further on its own.

    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> best = joint_deviations(game, ("D", "D")).pairs[0].best
    >>> best.actions, best.gains.tolist(), best.self_enforcing
    (('C', 'C'), [2.0, 2.0], False)
    """
    refuse_lost_differences(instance(game, NormalFormGame, "the game"))
    start = game.profile(profile)
    pairs = tuple(_deviations(game, start, pair) for pair in combinations(range(game.n_players), 2))
    return JointDeviations(game, start, pairs, _deviations(game, start, tuple(range(game.n_players))))


@keeps_time("the list of deviations", "take a smaller coalition")
def deviations_of(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    coalition: Sequence[str | int],
    *,
    time_limit: float | None = None,
) -> CoalitionDeviations:
    """All pure joint deviations from a profile by which every member of the named coalition gains strictly.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]], actions=[["C", "D"]] * 2)
    >>> len(deviations_of(game, ("C", "C"), game.players))
    0
    """
    refuse_lost_differences(instance(game, NormalFormGame, "the game"))
    if not isinstance(coalition, Sequence) or isinstance(coalition, str):
        raise MethodError(f"a coalition is a list of players; got {coalition!r}")
    members = tuple(sorted({game.player_index(p) for p in coalition}))
    if not members:
        raise MethodError("a coalition needs at least one member")
    return _deviations(game, game.profile(profile), members)


def _deviations(game: NormalFormGame, profile: Profile, members: tuple[int, ...]) -> CoalitionDeviations:
    """All joint deviations of the members that make each of them gain, best first."""
    checkpoint()
    gains = _reachable(game, profile, members) - game.measured[profile]
    shape = gains.shape[:-1]
    own = gains.reshape(-1, game.n_players)[:, list(members)]
    share = _normalise(own, game.ranges[list(members)])
    better = np.flatnonzero((share > TOLERANCE).all(axis=1))
    order = better[np.lexsort((-share[better].sum(axis=1), -share[better].min(axis=1)))]
    actions = np.stack(np.unravel_index(order, shape), axis=1).astype(np.int64)
    return CoalitionDeviations(game, profile, members, actions, own[order], len(own))


def _reachable(game: NormalFormGame, profile: Profile, members: Sequence[int]) -> FloatArray:
    """All players' measured payoffs for every joint action of the members, the others keeping to the profile."""
    index: list[slice | int] = [slice(None) if i in members else a for i, a in enumerate(profile)]
    return np.asarray(game.measured[tuple(index)])


def _normalise(gains: FloatArray, ranges: FloatArray) -> FloatArray:
    return np.asarray(gains / payoff_units(ranges))


def _replace(profile: Profile, members: Sequence[int], actions: Sequence[int]) -> Profile:
    out = list(profile)
    for i, a in zip(members, actions):
        out[i] = a
    return tuple(out)


def _self_enforcing(game: NormalFormGame, profile: Profile, members: tuple[int, ...]) -> bool:
    """Does no proper part of the coalition have a self-enforcing deviation from `profile` by which all its members gain?

    Bernheim, Peleg and Whinston's recursion, smaller parts first: most profiles fail at a single member.
    """
    for size in range(1, len(members)):
        for part in combinations(members, size):
            further = _deviations(game, profile, part)
            if size == 1 and len(further):
                return False
            for joint in further.actions:
                after = _replace(profile, part, [int(a) for a in joint])
                if _self_enforcing(game, after, part):
                    return False
    return True


def _columns(size: int) -> list[str]:
    letters = [chr(ord("A") + k) for k in range(size)] if size <= 26 else [str(k + 1) for k in range(size)]
    return [
        *(f"joint action {x}" for x in letters),
        *(f"gain {x}" for x in letters),
        "self-enforcing",
        "bribe",
        "third",
        "payable",
    ]


def _row(
    deviation: JointDeviation | None, players: Sequence[str] = (), members: Sequence[int] = ()
) -> list[Any]:
    if deviation is None:
        others = ", ".join(p for i, p in enumerate(players) if i not in members)
        return [*["none"] * len(members), *[0.0] * len(members), False, float("nan"), others, False]
    return [
        *deviation.actions,
        *deviation.gains.tolist(),
        deviation.self_enforcing,
        deviation.bribe,
        ", ".join(deviation.others),
        deviation.payable,
    ]
