"""Imperfect monitoring: false alarms, missed violations, and how long a concert can be expected to last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import number, numbers, whole
from games.errors import GameError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import discount_vector
from solvers.base.deadline import keeps_time
from solvers.base.result import Result
from solvers.repeated.patience._critical_discount import critical_discount, known_options
from solvers.repeated.patience._thresholds import CriticalDiscount

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["Breakdown", "FalseAlarms", "breakdown", "false_alarms", "noisy_threshold"]


def noisy_threshold(
    gain: npt.ArrayLike,
    cooperative: npt.ArrayLike,
    punishment_value: npt.ArrayLike,
    false_alarm: npt.ArrayLike,
    detection: npt.ArrayLike,
    tolerance: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The smallest discount factor at which cooperating pays if an alarm, right or wrong, ends cooperation permanently.

    Each period a public alarm goes off with probability e (`false_alarm`) if all players cooperated, and q
    (`detection`) if one deviated. Cooperating is then worth V = (1-d) u + d ((1-e) V + e w), so that
    V - w = (1-d)(u-w) / (1 - d(1-e)). A deviation that gains g does not pay if (1-d) g <= d (q-e) (V-w), that is, if

        d >= g / ((q - e) (u - w) + (1 - e) g)

    (Mailath and Samuelson 2006, *Repeated Games and Reputations*, section 7.2.1: the prisoner's dilemma with public signals and
    permanent reversion). The answer is 0 without a gain and inf where that number is not below 1. All arguments broadcast.

    >>> noisy_threshold(2, 3, 1, [0, 0.05, 0.1], [1, 0.9, 0.7])
    array([0.5   , 0.5556, 0.6667])
    """
    g, u, w, e, q, least = np.broadcast_arrays(
        *(
            numbers(x, what)
            for x, what in (
                (gain, "gain"),
                (cooperative, "cooperative"),
                (punishment_value, "punishment_value"),
                (false_alarm, "false_alarm"),
                (detection, "detection"),
                (tolerance, "tolerance"),
            )
        )
    )
    for name, rate in (("false_alarm", e), ("detection", q)):
        if not ((rate >= 0) & (rate <= 1)).all():
            raise GameError(f"{name} must lie between 0 and 1: it is a probability")
    out = np.full(g.shape, np.inf)
    lost = (q - e) * (u - w)
    # Below 1 exactly if what an alarm takes away outweighs the gain kept back by false ones.
    deterred = (g > least) & (u - w > least) & (lost > e * g + least)
    np.divide(g, lost + (1 - e) * g, out=out, where=deterred)
    out[g <= least] = 0.0
    return out


@dataclass(frozen=True, eq=False, repr=False)
class FalseAlarms(Result):
    """Critical discount factors of a profile when violations can be missed and imagined.

    Attributes
    ----------
    perfect : CriticalDiscount, the same under perfect monitoring
    false_alarm : probability that some alarm goes off in a period if all cooperate
    detection : probability that some alarm goes off in a period if somebody deviates
    """

    perfect: CriticalDiscount
    false_alarm: float
    detection: float

    @property
    def per_player(self) -> FloatArray:
        """Critical discount factors with the punishment harshest for each deviator, shape (N,)."""
        p = self.perfect
        assert p.loss is not None
        loss = p.loss.max(axis=0)
        return noisy_threshold(p.gain, loss, 0.0, self.false_alarm, self.detection, p.tolerance)

    @property
    def overall(self) -> float:
        """The largest of `per_player`."""
        return float(self.per_player.max())

    def values(self, discount: npt.ArrayLike) -> FloatArray:
        """What cooperating is worth if false alarms can end it, shape (N,), in stage units."""
        p = self.perfect
        d = discount_vector(discount, p.game)
        w = p.punishment_values
        return np.asarray(w + (1 - d) * (p.cooperative - w) / (1 - d * (1 - self.false_alarm)))

    def tolerated(self, discount: npt.ArrayLike) -> FloatArray:
        """The largest false-alarm rate at which each player still cooperates, shape (N,), at the same detection rate.

        Negative where no rate is small enough; from (1-d(1-e)) g <= d (q-e) (u-w). At most the detection rate.
        """
        p = self.perfect
        d = discount_vector(discount, p.game)
        assert p.loss is not None
        loss = p.loss.max(axis=0)
        gain = np.maximum(p.gain, 0.0)
        with np.errstate(divide="ignore", invalid="ignore"):
            limit = (d * self.detection * loss - (1 - d) * gain) / (d * (gain + loss))
        return np.where(gain <= p.tolerance, 1.0, np.where(loss > 0, limit, -np.inf))

    def summary(self) -> str:
        if np.isfinite(self.overall):
            what = f"the common discount factor needed is {self.overall:.6g}"
        else:
            what = "no discount factor sustains the profile"
        perfect = self.perfect.overall
        return (
            f"With a false-alarm rate of {self.false_alarm:.3g} and a detection rate of {self.detection:.3g} a period, {what} "
            f"(under perfect monitoring {'no one is high enough' if np.isinf(perfect) else f'it is {perfect:.6g}'}). "
            f"The punishment is {self.perfect.punishment}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: gain, critical discount with and without noise."""
        import pandas as pd

        return pd.DataFrame(
            {
                "gain": self.perfect.gain,
                "critical discount": self.per_player,
                "under perfect monitoring": self.perfect.per_player,
            },
            index=pd.Index(self.perfect.game.players, name="player"),
        )


@keeps_time("the critical discount factor", "give the punishment's values as numbers")
def false_alarms(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    false_alarm: float = 0.0,
    detection: float = 1.0,
    punishment: str | npt.ArrayLike = "nash",
    watched: int = 1,
    *,
    time_limit: float | None = None,
    **options: Any,
) -> FalseAlarms:
    """How patient players must be if alarms can be false and violations missed; see `noisy_threshold`.

    Parameters
    ----------
    game, profile
    false_alarm, detection : rates a period of one public alarm
    punishment : `"nash"`, `"minmax"` or values, with the `options` of `critical_discount`
    watched : how many stances are monitored, each separately at these rates: with m of them some alarm goes off with
        probability 1 - (1-e)**m if all cooperate, and 1 - (1-q) (1-e)**(m-1) if one of them is broken (three powers
        that accommodate one another have six)
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For rates outside [0, 1], a punishment that ends, or one whose value changes with the discount factor.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> false_alarms(pd, (0, 0), 0.1, 0.7, punishment=[1, 1]).overall
    0.6667
    """
    perfect = critical_discount(game, profile, punishment, **known_options(options))
    if perfect.solved is not None or np.isfinite(perfect.years):
        raise GameError(
            "false alarms need a punishment that lasts forever and whose value is known: nash, minmax or values"
        )
    watched = whole(watched, "watched is how many stances are monitored, at least 1", GameError, least=1)
    false_alarm, detection = (
        number(rate, f"{name} is a probability between 0 and 1", least=0.0, most=1.0)
        for name, rate in (("false_alarm", false_alarm), ("detection", detection))
    )
    quiet = (1.0 - false_alarm) ** (watched - 1)
    return FalseAlarms(
        perfect,
        float(false_alarm + (1.0 - false_alarm) * (1.0 - quiet)),
        float(detection + (1.0 - detection) * (1.0 - quiet)),
    )


@dataclass(frozen=True, eq=False, repr=False)
class Breakdown(Result):
    """How soon a deal that no one wants to break is broken by accident.

    Attributes
    ----------
    players : tuple of N names
    tremble : array (N,), yearly probability of each breaking it
    hazard : yearly probability that some player does
    """

    players: tuple[str, ...]
    tremble: FloatArray
    hazard: float

    @property
    def expected_life(self) -> float:
        """Expected years until some player breaks it, including the year in which that happens: 1 / hazard."""
        return float("inf") if self.hazard == 0 else 1.0 / self.hazard

    def survival(self, years: npt.ArrayLike) -> FloatArray:
        """Probability that the deal is still intact after so many years."""
        return np.asarray((1.0 - self.hazard) ** np.asarray(years, dtype=np.float64))

    def summary(self) -> str:
        return (
            f"The deal is broken by accident with probability {self.hazard:.4g} a year. Its expected life is "
            f"{self.expected_life:.4g} years, and it lasts ten years with probability {self.survival(10):.1%}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: its yearly tremble, and the hazard if it never trembled."""
        import pandas as pd

        without = [1.0 - float(np.prod(1.0 - np.delete(self.tremble, i))) for i in range(len(self.tremble))]
        return pd.DataFrame(
            {"tremble": self.tremble, "hazard without it": without},
            index=pd.Index(self.players, name="player"),
        )


def breakdown(tremble: npt.ArrayLike, players: Sequence[str] | None = None) -> Breakdown:
    """The yearly hazard 1 - prod(1 - tremble_i) of a concert that ends when any player trembles, and its expected life.

    >>> breakdown([0.01, 0.01, 0.02]).expected_life
    25.32
    """
    rates = np.array(numbers(tremble, "tremble"))
    if rates.ndim != 1 or rates.size == 0 or not ((rates >= 0) & (rates <= 1)).all():
        raise GameError(
            f"tremble is {tremble!r}; give one yearly probability, between 0 and 1, for each player"
        )
    names = tuple(players) if players is not None else tuple(f"Player {i + 1}" for i in range(len(rates)))
    if len(names) != len(rates):
        raise GameError(f"tremble has {len(rates)} rates for {len(names)} players")
    rates.setflags(write=False)
    # Summing logarithms keeps a hazard of one in a million accurate.
    with np.errstate(divide="ignore"):
        hazard = float(-np.expm1(np.log1p(-rates).sum()))
    return Breakdown(names, rates, hazard)
