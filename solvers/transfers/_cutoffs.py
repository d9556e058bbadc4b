"""Equilibrium payoffs of repeated games with voluntary payments, at every common discount factor.

Before every stage the players may pay one another; a player who withholds a payment is treated like one who deviates.
What one player has to spare can then be paid to the one who is tempted. With a common discount factor d, perfect monitoring and
pure strategies (Goldluecke and Kranz 2012, *Journal of Economic Theory* 147; Levin 2003, *American Economic Review* 93, for two):

    a profile a can be played exactly if   (1 - d) (C(a) - G(a)) <= d (U - V),

with G(a) the joint payoff and C(a) the sum of the best-response payoffs c_i(a). U is the largest joint payoff of a
profile that can be played. V is the sum of the punishment payoffs v_i, each the smallest c_i(a) of a profile that
can be played. The equilibrium payoffs are the simplex of all u with u_i >= v_i and sum u <= U (payments may also be
burnt).

Payments need a unit that all players share: every result here depends on it, unlike critical discount factors without payments.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.arguments import instance, numbers
from games.errors import DiscountError, GameError, MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import RepeatedGame, discount_vector
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE, best_response_payoffs, rounding
from solvers.repeated.patience._thresholds import threshold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["UNIT", "Cutoffs", "TransferSet", "cutoffs", "payoff_set"]

# Discount factors that differ by less are one: the same cutoff reached by two sums that round differently.
_SAME = 1e-12

UNIT = "This needs a unit that all players share."
"""What a result says if it rests on payments."""


@dataclass(frozen=True, eq=False, repr=False)
class TransferSet(Result):
    """The equilibrium payoffs of a repeated game with voluntary payments, at one discount factor: a simplex.

    Attributes
    ----------
    game : NormalFormGame
    discount : the common discount factor
    joint : U, the largest sum of payoffs; NaN if there is no equilibrium in pure strategies
    lowest : array (N,), the punishment payoffs v
    profile : what is played on the path that gives U, as action indices; None without an equilibrium
    punishments : for each player the profile that punishes it
    """

    game: NormalFormGame
    discount: float
    joint: float
    lowest: FloatArray
    profile: Profile | None
    punishments: tuple[Profile, ...]

    def __post_init__(self) -> None:
        self.lowest.setflags(write=False)

    @property
    def empty(self) -> bool:
        """True if no equilibrium in pure strategies exists at this discount factor."""
        return self.profile is None

    @property
    def vertices(self) -> FloatArray:
        """The N corners of the Pareto frontier, shape (N, N): all surplus over the punishment payoffs goes to one player."""
        if self.empty:
            return np.empty((0, self.game.n_players))
        return np.asarray(self.lowest + (self.joint - self.lowest.sum()) * np.eye(self.game.n_players))

    def contains(self, payoffs: npt.ArrayLike) -> bool:
        """Are these payoffs (N,) those of an equilibrium? To 1e-9 of the payoff ranges."""
        u = numbers(payoffs, "payoffs")
        if u.shape != (self.game.n_players,):
            raise GameError(
                f"payoffs has shape {u.shape}; give one for each of {', '.join(self.game.players)}"
            )
        tolerance = TOLERANCE * self.game.ranges + rounding(self.game)
        return not self.empty and bool(
            (u >= self.lowest - tolerance).all() and u.sum() <= self.joint + tolerance.sum()
        )

    def summary(self) -> str:
        if self.profile is None:
            return (
                f"With voluntary payments and a common discount factor of {self.discount:.6g}, no equilibrium in pure "
                f"strategies exists. {UNIT}"
            )
        return (
            f"With voluntary payments and a common discount factor of {self.discount:.6g}, the players can share up to "
            f"{self.joint:.6g} by playing ({', '.join(self.game.labels(self.profile))}), and each gets at least its punishment "
            f"payoff. These are all equilibrium payoffs in pure strategies, perfect monitoring, if money may be burnt. {UNIT}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: punishment payoff, largest payoff, and the profile that punishes it."""
        import pandas as pd

        return pd.DataFrame(
            {
                "at least (common unit)": self.lowest,
                "at most (common unit)": np.diag(self.vertices) if not self.empty else np.nan,
                "punished by": [", ".join(self.game.labels(p)) for p in self.punishments]
                or [""] * self.game.n_players,
            },
            index=pd.Index(self.game.players, name="player"),
        )


@dataclass(frozen=True, eq=False, repr=False)
class Cutoffs(Result):
    """The equilibrium payoffs with voluntary payments for every common discount factor at once.

    Attributes
    ----------
    game : NormalFormGame
    discount : array (K,), rising: from each of these on the next row holds; below the first there is no equilibrium
    joint : array (K,), the largest sum of payoffs U
    lowest : array (K, N), punishment payoffs v
    profiles : K profiles that give U
    punishments : K tuples of N profiles that give v
    """

    game: NormalFormGame
    discount: FloatArray
    joint: FloatArray
    lowest: FloatArray
    profiles: tuple[Profile, ...]
    punishments: tuple[tuple[Profile, ...], ...]

    def __post_init__(self) -> None:
        for array in (self.discount, self.joint, self.lowest):
            array.setflags(write=False)

    def at(self, discount: float) -> TransferSet:
        """The payoff set at one discount factor, strictly between 0 and 1."""
        d = float(discount_vector(discount, self.game)[0])
        k = int(np.searchsorted(self.discount, d + _SAME, side="right")) - 1
        if k < 0:
            nothing = np.full(self.game.n_players, np.nan)
            return TransferSet(self.game, d, float("nan"), nothing, None, ())
        return TransferSet(
            self.game, d, float(self.joint[k]), self.lowest[k], self.profiles[k], self.punishments[k]
        )

    def summary(self) -> str:
        if not len(self.discount):
            return f"With voluntary payments, no equilibrium in pure strategies exists at any common discount factor. {UNIT}"
        first = float(self.discount[np.argmax(self.joint == self.joint[-1])])
        return (
            f"With voluntary payments, the largest joint payoff, {self.joint[-1]:.6g}, is reached from a common discount "
            f"factor of {first:.6g} on, after {len(self.discount)} step{'s' * (len(self.discount) != 1)}. This is exact for pure "
            f"strategies and perfect monitoring. {UNIT}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each step: from which discount factor on, U, the profile played, and each player's punishment payoff."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "joint (common unit)": self.joint,
                "profile": [", ".join(self.game.labels(p)) for p in self.profiles],
            },
            index=pd.Index(self.discount, name="from discount"),
        )
        for i, player in enumerate(self.game.players):
            frame[f"{player} at least (common unit)"] = self.lowest[:, i]
        return frame


@keeps_time("the list of cutoffs", "restrict the game to fewer actions")
def cutoffs(game: NormalFormGame, *, time_limit: float | None = None) -> Cutoffs:
    """Solve a game with voluntary payments for all common discount factors.

    Exactly, in whole numbers, for payoffs given as integers or fractions. For floats, liquidities and discount factors that
    rounding cannot distinguish (to 1e-12) count as the same.

    Profiles are taken in ascending order of the liquidity C(a) - G(a) that they need. The first k of them determine U and V,
    and they sustain one another from d = L / (L + U - V) on, L the k-th liquidity. At any d the longest such list is what
    can be played (Goldluecke and Kranz 2012).

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import catalog
    >>> cutoffs(catalog.prisoners_dilemma()).to_frame().index.to_numpy()
    array([0.  , 0.25, 0.5 ])
    """
    n = instance(game, NormalFormGame, "the game").n_players
    flat, unit = _whole_payoffs(game)
    best, flat = best_response_payoffs(flat).reshape(-1, n), flat.reshape(-1, n)
    # Whole numbers are not rounded; floats are compared up to rounding.
    small = 0 if unit else float(rounding(game).sum())
    joint = flat.sum(axis=1)
    need = (best - flat).sum(axis=1)
    need[need <= small] = 0
    checkpoint()
    if need.dtype == object:
        order = np.array(sorted(range(len(need)), key=lambda k: (need[k], -joint[k])))
    else:
        order = np.lexsort((-joint, need))
    checkpoint()
    need, joint, best = need[order], joint[order], best[order]

    most = np.maximum.accumulate(joint)
    least = np.minimum.accumulate(best, axis=0)
    surplus = most - least.sum(axis=1)
    last = np.flatnonzero(
        np.append(need[1:] > need[:-1] + small, True)
    )  # profiles with equal needs enter together
    from_d, sooner = _from_discounts(need[last], surplus[last], small, bool(unit))
    # The longest list counts: a level matters only if no later one is reached at the same discount factor or a lower one.
    steps = [k for k in range(len(last)) if sooner[k]]
    rungs: list[int] = []
    for k in steps:
        if (
            not rungs
            or most[last[k]] > most[last[rungs[-1]]] + small
            or (least[last[k]] < least[last[rungs[-1]]] - small).any()
        ):
            rungs.append(k)

    def profile(position: int) -> Profile:
        return tuple(int(x) for x in np.unravel_index(int(order[position]), game.shape))

    checkpoint()
    levels = [int(last[k]) for k in rungs]
    return Cutoffs(
        game,
        from_d[rungs],
        np.asarray(most[levels] / (unit or 1), dtype=np.float64),
        np.asarray(least[levels] / (unit or 1), dtype=np.float64),
        tuple(profile(int(np.argmax(joint[: level + 1]))) for level in levels),
        tuple(tuple(profile(int(np.argmin(best[: level + 1, i]))) for i in range(n)) for level in levels),
    )


def _whole_payoffs(game: NormalFormGame) -> tuple[npt.NDArray[Any], int]:
    """Payoffs as whole numbers and the number they were multiplied by; for games given in floats the floats, and 0."""
    if not game.rational:
        return game.payoffs, 0
    exact = game.exact
    unit = lcm(*{x.denominator for x in exact.reshape(-1)})
    whole = np.empty(exact.shape, dtype=object)
    whole.reshape(-1)[:] = [int(x * unit) for x in exact.reshape(-1)]
    bound = max(abs(int(x)) for x in whole.reshape(-1))
    return (whole.astype(np.int64) if 4 * game.n_players * bound < 2**62 else whole), unit


def _from_discounts(
    need: npt.NDArray[Any], surplus: npt.NDArray[Any], small: float, exact: bool
) -> tuple[FloatArray, list[bool]]:
    """From which discount factor each level suffices, and whether that is below those of all later levels."""
    if not exact:
        found = threshold(need, surplus, np.zeros(len(need)), small)
        later = np.append(np.minimum.accumulate(found[::-1])[::-1][1:], np.inf)
        # Thresholds are quotients of sums of floats: closer than this they cannot be told apart.
        return found, (found < later * (1 - _SAME) - 1e-300).tolist()
    levels = [
        Fraction(0) if L == 0 else Fraction(int(L), int(L + s)) if s > 0 else None
        for L, s in zip(need.tolist(), surplus.tolist())
    ]
    sooner, least_later = [], None
    for level in reversed(levels):
        sooner.append(level is not None and (least_later is None or level < least_later))
        if level is not None and (least_later is None or level < least_later):
            least_later = level
    return np.array([np.inf if x is None else float(x) for x in levels]), sooner[::-1]


@keeps_time("the payoff set with payments", "restrict the game to fewer actions")
def payoff_set(play: RepeatedGame, *, time_limit: float | None = None) -> TransferSet:
    """The equilibrium payoffs of a repeated game with voluntary payments, exact in pure strategies; see `cutoffs`.

    Raises DiscountError if the players' discount factors differ (then see `joint_constraint`), MethodError if monitoring is not
    perfect.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> from games import RepeatedGame, catalog
    >>> payoff_set(RepeatedGame(catalog.prisoners_dilemma(), discount=0.5)).vertices
    array([[5., 1.], [1., 5.]])
    """
    instance(play, RepeatedGame, "the repeated game")
    if np.ptp(play.discount) > 0:
        factors = ", ".join(f"{name} {d:g}" for name, d in zip(play.stage.players, play.discount))
        raise DiscountError(
            f"the payoff set with payments needs one discount factor for all players; they have {factors}. "
            "transfers.joint_constraint takes different ones"
        )
    if not play.monitoring.perfect:
        raise MethodError(
            "the payoff set with payments needs perfect monitoring: false_alarm 0 and detection 1"
        )
    return cutoffs(play.stage).at(float(play.discount[0]))
