"""How patient each power must be for a profile to be worth keeping to: critical discount factors.

Values are normalised by 1 - discount, so that they are in stage units. Keeping to the profile is worth `u` in every period;
the best deviation gains `g` once and is answered by a continuation worth `w`. It does not pay if its slack
(`solvers.repeated.patience._slack`) is not negative, that is, for a gain g > 0, if

    discount >= g / (g + u - w)

(Friedman 1971 for reversion to a Nash equilibrium; Abreu 1988 for the worst equilibrium as the harshest punishment.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, SupportsInt, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import instance, numbers
from games.errors import MethodError
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import discount_vector
from solvers.base.precision import from_lowest
from solvers.base.result import Result
from solvers.base.rounding import rounding
from solvers.repeated.patience._slack import incentive_slack

if TYPE_CHECKING:
    import pandas as pd


__all__ = ["CriticalDiscount", "best_deviation", "finite_threshold", "threshold"]

ProfileLike: TypeAlias = Sequence[str | SupportsInt]


def threshold(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The smallest discount factor at which a deviation does not pay: `gain / (gain + cooperative - punishment)`.

    All arguments are arrays that broadcast against one another (one entry each for a power, a partition, ...). Where the gain is
    no more than `tolerance` the answer is 0. Where there is a gain, the cooperative payoff must exceed the punishment value by
    more than `tolerance`; otherwise no discount factor is high enough, and the answer is inf. A deviation that gains nothing need
    not be punished, so 0 is the answer even where the punishment would reward it. Source: Friedman (1971), *Review of Economic
    Studies* 38.

    >>> threshold([2, 0, 1], 3, [1, 1, 3])
    array([0.5, 0. , inf])
    """
    g = numbers(gain, "gain")
    loss = numbers(cooperative, "cooperative") - numbers(punishment_value, "punishment_value")
    g, loss, least = np.broadcast_arrays(g, loss, numbers(tolerance, "tolerance"))
    out = np.full(g.shape, np.inf)
    # No patience outweighs a gain without bounds.
    np.divide(g, g + loss, out=out, where=(g > least) & (loss > least) & np.isfinite(g))
    out[g <= least] = 0.0
    return out


def finite_threshold(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    years: npt.ArrayLike,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """As `threshold` for a punishment of `years` periods, after which cooperation resumes.

    A deviation does not pay if `gain <= (d + d**2 + ... + d**years) * (cooperative - punishment)`; the answer is the root d, and
    inf where even d = 1 would not be enough. `years` may be infinite.

    >>> finite_threshold(2, 3, 1, [1, 2, 1000]).round(4)
    array([  inf, 0.618, 0.5  ])
    """
    try:
        periods = numbers(years, "years", MethodError)
    except MethodError:
        periods = np.array(np.nan)
    if not ((periods >= 1) & ((periods == np.floor(periods)) | np.isinf(periods))).all():
        raise MethodError(f"a punishment lasts a whole number of periods, at least 1; years is {years!r}")
    permanent = threshold(gain, cooperative, punishment_value, tolerance)
    loss = np.asarray(cooperative, dtype=np.float64) - np.asarray(punishment_value, dtype=np.float64)
    g, loss, periods, least, out = np.broadcast_arrays(gain, loss, periods, tolerance, permanent)
    out = out.copy()
    short = (g > least) & (loss > least) & np.isfinite(periods)
    out[short & (g >= np.where(short, periods, 1.0) * loss)] = np.inf
    search = short & np.isfinite(out)
    need, k = (g[search] / loss[search]), periods[search]
    low, high = out[search], np.ones(int(search.sum()))
    # The sum of the first powers grows with d, so bisection finds its root to the last digit.
    for _ in range(55):
        middle = (low + high) / 2
        enough = middle * (1 - middle**k) >= need * (1 - middle)
        low, high = np.where(enough, low, middle), np.where(enough, middle, high)
    out[search] = high
    return out


def best_deviation(game: NormalFormGame, profile: ProfileLike) -> tuple[FloatArray, Profile]:
    """Each player's gain from its best one-period deviation (N,), and the action that attains it.

    The gain is the best *other* action's payoff less the profile's, so it is negative where every deviation costs;
    a player with one action has no deviation, gain 0.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> best_deviation(pd, (0, 0))
    (array([2., 2.]), (1, 1))
    """
    instance(game, NormalFormGame, "the game")
    a = game.profile(profile)
    gain = np.zeros(game.n_players)
    action = list(a)
    for i, k in enumerate(game.shape):
        if k == 1:
            continue
        index: tuple[Any, ...] = (*a[:i], slice(None), *a[i + 1 :], i)
        own = game.payoffs[index]
        others = np.where(np.arange(k) == a[i], -np.inf, own)
        action[i] = int(others.argmax())
        gain[i] = others[action[i]] - own[a[i]]
    return gain, tuple(action)


@dataclass(frozen=True, eq=False, repr=False)
class CriticalDiscount(Result):
    """How patient each player must be for a profile to be sustained, under one kind of punishment.

    Attributes
    ----------
    game : NormalFormGame
    profile : tuple of N action indices, the profile to be sustained
    punishment : what happens to a deviator, in words
    gain : array (N,), what the best one-period deviation gains (negative where every deviation costs)
    best_action : tuple of N action indices, that deviation
    cooperative : array (N,), the payoffs of the profile
    punishments : array (E, N), the continuation values considered, one row for each punishment
    punishment_names : tuple of E strings
    complete : False if there may be further punishments of this kind that were not found
    notes : what was left out, in words
    years : how many periods a punishment lasts; inf if it never ends
    solved : array (E, N) of critical discount factors where no formula gives them, else None
    bracket : array (2, N), numbers between which each of `solved` provably lies, or None
    loss : array (E, N), the payoffs of the profile less the continuation values; to be given where these have a part in common
        that would cost digits of the difference
    """

    game: NormalFormGame
    profile: Profile
    punishment: str
    gain: FloatArray
    best_action: Profile
    cooperative: FloatArray
    punishments: FloatArray
    punishment_names: tuple[str, ...]
    complete: bool
    notes: tuple[str, ...] = ()
    years: float = np.inf
    solved: FloatArray | None = None
    bracket: FloatArray | None = None
    loss: FloatArray | None = None

    def __post_init__(self) -> None:
        if self.loss is None:
            object.__setattr__(self, "loss", np.asarray(self.cooperative) - self.punishments)
        for name in ("gain", "cooperative", "punishments", "loss"):
            array = np.array(getattr(self, name), dtype=np.float64)
            array.setflags(write=False)
            object.__setattr__(self, name, array)

    @cached_property
    def thresholds(self) -> FloatArray:
        """Critical discount factors under each punishment, shape (E, N)."""
        if self.solved is not None:
            return self.solved
        assert self.loss is not None
        return finite_threshold(self.gain, self.loss, 0.0, self.years, self.tolerance)

    @cached_property
    def tolerance(self) -> FloatArray:
        """Differences of payoffs below this count as rounding, shape (N,)."""
        return rounding(from_lowest(self.game)[0])

    @property
    def deviation(self) -> tuple[str, ...]:
        """Labels of each player's best deviation."""
        return self.game.labels(self.best_action)

    @property
    def punishment_values(self) -> FloatArray:
        """The harshest value found for each player, shape (N,); what `per_player` rests on."""
        return np.asarray(self.punishments.min(axis=0))

    @property
    def per_player(self) -> FloatArray:
        """Critical discount factors if each deviator is met with the punishment harshest for it, shape (N,).

        inf where no discount factor sustains the profile, 0 where no deviation gains.
        """
        return np.asarray(self.thresholds.min(axis=0))

    @property
    def worst(self) -> FloatArray:
        """Critical discount factors if each deviator is met with the punishment mildest for it, shape (N,)."""
        return np.asarray(self.thresholds.max(axis=0))

    @property
    def overall(self) -> float:
        """The largest of `per_player`: a common discount factor this high sustains the profile."""
        return float(self.per_player.max())

    @property
    def uniform(self) -> float:
        """The common discount factor needed if the same punishment answers every deviator."""
        return float(self.thresholds.max(axis=1).min())

    @property
    def uniform_punishment(self) -> str:
        """The punishment that attains `uniform`."""
        return self.punishment_names[int(self.thresholds.max(axis=1).argmin())]

    @property
    def binding(self) -> str:
        """The player who needs the most patience."""
        return self.game.players[int(self.per_player.argmax())]

    def slack(self, discount: npt.ArrayLike) -> FloatArray:
        """What each player loses by its best deviation at these discount factors, shape (N,), in its own payoff units.

        `discount * (u - w) - (1 - discount) * gain` with the harshest punishment (for one of k years times
        `1 - discount**k` in the first term), negative exactly where deviating pays. It can be negative where `per_player`
        is 0: the deviation gains nothing, but the punishment pays more than the profile.
        """
        return np.asarray(self._slack(discount).max(axis=0))

    def _slack(self, discount: npt.ArrayLike) -> FloatArray:
        if self.solved is not None:
            raise MethodError(
                f"{self.punishment} holds a deviator to a value that changes with the discount factor, so there is no slack; "
                "use repeated.check or repeated.payoff_set at one discount factor"
            )
        d = discount_vector(discount, self.game)
        assert self.loss is not None
        return incentive_slack(self.gain, self.loss, 0.0, d, years=self.years)

    def slack_by_punishment(self, discount: npt.ArrayLike) -> pd.DataFrame:
        """Slack under each punishment: one row a punishment, one column a player."""
        import pandas as pd

        return pd.DataFrame(
            self._slack(discount), index=list(self.punishment_names), columns=list(self.game.players)
        )

    @property
    def by_punishment(self) -> pd.DataFrame:
        """Critical discount factors under each punishment: one row a punishment, a column a player, and `overall`."""
        import pandas as pd

        frame = pd.DataFrame(
            self.thresholds, index=list(self.punishment_names), columns=list(self.game.players)
        )
        frame["overall"] = self.thresholds.max(axis=1)
        return frame

    def summary(self) -> str:
        played = ", ".join(
            f"{player}: {label}" for player, label in zip(self.game.players, self.game.labels(self.profile))
        )
        if np.isinf(self.overall):
            sure = "at any discount factor" + ("" if self.complete else ", with the punishments found")
            head = f"({played}) cannot be sustained by {self.punishment}: {self.binding} gains by deviating {sure}"
        elif self.overall == 0.0:
            head = f"({played}) is a stage equilibrium, so no patience is needed"
        else:
            head = (
                f"({played}) is sustained by {self.punishment} from a common discount factor of "
                f"{self.overall:.6g}; {self.binding} binds"
            )
        several = ""
        if len(self.punishments) > 1:
            needed = f"it is {self.uniform:.6g}" if np.isfinite(self.uniform) else "none is high enough"
            several = (
                f" Each deviator meets the one of {len(self.punishments)} punishments that is harshest for it; if the same "
                f"punishment must answer every deviator, {needed}."
            )
        return f"{head}.{several}" + "".join(f" {note}" for note in self.notes)

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: payoff, best deviation, gain, punishment value, critical discount."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "payoff": self.cooperative,
                "best deviation": self.deviation,
                "gain": self.gain,
                "punishment value": self.punishment_values,
                "critical discount": self.per_player,
            },
            index=pd.Index(self.game.players, name="player"),
        )
        if len(self.punishments) > 1:
            frame["with the mildest"] = self.worst
        return frame
