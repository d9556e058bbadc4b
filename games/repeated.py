"""Repeated games: a stage game, discount factors, the length of a period, and what players see of one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from games.arguments import instance, number
from games.errors import DiscountError, GameError
from games.lotteries import lotteries
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["Monitoring", "RepeatedGame"]


@dataclass(frozen=True, eq=False)
class Monitoring:
    """What players learn of one another's play each period.

    Either what a power learns of a rival's stance: `false_alarm` is the probability that accommodation is taken for contest,
    `detection` the probability that contest is seen for what it is. The default is perfect monitoring. Or `signals`:
    nobody sees the others' actions, but all see the same signal, whose chances depend on what was played.

    Parameters
    ----------
    false_alarm, detection : probabilities
    signals : array (k_1, ..., k_N, Y), optional
        `signals[a]` is the lottery over Y public signals after profile a.
    labels : sequence of Y distinct strings, optional
        Names of the signals; `signal 1`, `signal 2`, ... by default.

    Raises
    ------
    GameError
        If a rate is not a probability, a row of signals is not a lottery, or rates and signals are both given.

    Examples
    --------
    A noisy price: high with probability .9 if both restrain output, .6 if one does not, .3 if neither does.

    >>> price = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.6, 0.4], [0.3, 0.7]]], labels=["high", "low"])
    >>> price.public, price.perfect, price.labels
    (True, False, ('high', 'low'))
    """

    false_alarm: float = 0.0
    detection: float = 1.0
    signals: FloatArray | None = None
    labels: tuple[str, ...] = ()

    def __init__(
        self,
        false_alarm: float = 0.0,
        detection: float = 1.0,
        signals: npt.ArrayLike | None = None,
        labels: Sequence[str] | None = None,
    ) -> None:
        for name, value in (("false_alarm", false_alarm), ("detection", detection)):
            number(value, f"{name} is a probability between 0 and 1", least=0.0, most=1.0)
        object.__setattr__(self, "false_alarm", float(false_alarm))
        object.__setattr__(self, "detection", float(detection))
        table = None
        if signals is not None:
            if not (false_alarm == 0.0 and detection == 1.0):
                raise GameError("give false_alarm and detection, or signals; not both")
            table = _signals(signals)
        elif labels is not None:
            raise GameError("labels name signals, but no signals are given")
        count = 0 if table is None else table.shape[-1]
        names = tuple(f"signal {y + 1}" for y in range(count)) if labels is None else tuple(map(str, labels))
        if len(names) != count or len(set(names)) != count:
            raise GameError(f"labels must be {count} distinct names, one for each signal; got {list(names)}")
        object.__setattr__(self, "signals", table)
        object.__setattr__(self, "labels", names)

    @classmethod
    def revealing(cls, stage: NormalFormGame) -> Monitoring:
        """Public signals that say exactly what was played."""
        count = int(np.prod(stage.shape))
        names = [", ".join(stage.labels(a)) for a in np.ndindex(*stage.shape)]
        return cls(signals=np.eye(count).reshape(*stage.shape, count), labels=names)

    @property
    def perfect(self) -> bool:
        """True if everybody sees what was played."""
        return self.signals is None and self.false_alarm == 0.0 and self.detection == 1.0

    @property
    def public(self) -> bool:
        """True if players see public signals instead of actions."""
        return self.signals is not None

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Monitoring):
            return NotImplemented
        same = (self.false_alarm, self.detection, self.labels) == (
            other.false_alarm,
            other.detection,
            other.labels,
        )
        if self.signals is None or other.signals is None:
            return same and self.signals is other.signals
        return same and np.array_equal(self.signals, other.signals)

    def __hash__(self) -> int:
        return hash((self.false_alarm, self.detection, self.labels))

    def __repr__(self) -> str:
        if self.signals is None:
            return f"Monitoring(false_alarm={self.false_alarm!r}, detection={self.detection!r})"
        return f"<Monitoring by public signals: {', '.join(self.labels)}>"


def _signals(given: npt.ArrayLike) -> FloatArray:
    """Signal probabilities, checked and read-only."""
    try:
        table = np.array(given, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise GameError(f"signals must be an array of numbers: {error}") from None
    if table.ndim < 2 or table.size == 0:
        raise GameError(
            f"signals have shape {table.shape}; they need (k_1, ..., k_N, Y), a lottery over Y signals for each profile"
        )
    return lotteries(
        table,
        lambda a, total, least: GameError(
            f"the signals after profile {a} are not a lottery: they sum to {total:.6g} with smallest entry "
            f"{least:.6g}; probabilities are at least 0 and sum to 1"
        ),
    )


@dataclass(frozen=True, eq=False)
class RepeatedGame:
    """A stage game played in every period, without end.

    Parameters
    ----------
    stage : NormalFormGame
    discount : float or array of shape (N,)
        Weight of next period's payoff against this one's, each in the open interval (0, 1). Values are normalised by
        1 - discount, so that they are in stage units.
    period : float
        Length of a period in years.
    monitoring : Monitoring

    Raises
    ------
    DiscountError
        For a discount factor outside (0, 1), NaN, or the wrong number of them.

    Examples
    --------
    >>> from games import catalog
    >>> RepeatedGame(catalog.prisoners_dilemma(), discount=0.6).discount
    array([0.6, 0.6])
    """

    stage: NormalFormGame
    discount: FloatArray
    period: float = 1.0
    monitoring: Monitoring = field(default_factory=Monitoring)

    def __init__(
        self,
        stage: NormalFormGame,
        discount: npt.ArrayLike,
        period: float = 1.0,
        monitoring: Monitoring | None = None,
    ) -> None:
        object.__setattr__(self, "stage", instance(stage, NormalFormGame, "the stage game"))
        object.__setattr__(self, "discount", discount_vector(discount, stage))
        years = number(period, "period is a positive number of years", above=0.0)
        object.__setattr__(self, "period", years)
        sight = monitoring or Monitoring()
        if sight.signals is not None and sight.signals.shape[:-1] != stage.shape:
            raise GameError(
                f"the signals are given for profiles of shape {sight.signals.shape[:-1]}; this game has {stage.shape}"
            )
        object.__setattr__(self, "monitoring", sight)

    @property
    def n_players(self) -> int:
        """Number of players N."""
        return self.stage.n_players

    @property
    def yearly_discount(self) -> FloatArray:
        """The discount factors per year, shape (N,): `discount ** (1 / period)`."""
        return np.asarray(self.discount ** (1.0 / self.period))

    def __repr__(self) -> str:
        factors = ", ".join(f"{name} {d:.4g}" for name, d in zip(self.stage.players, self.discount))
        return f"<RepeatedGame of {self.stage!r}: discount {factors}; a period is {self.period:g} years>"


def discount_vector(discount: npt.ArrayLike, stage: NormalFormGame) -> FloatArray:
    """Check discount factors and return one for each player, shape (N,), read-only."""
    try:
        factors = np.asarray(discount, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise DiscountError(
            f"a discount factor is a number between 0 and 1; got {discount!r} ({error})"
        ) from None
    n = stage.n_players
    if factors.ndim > 1 or (factors.ndim == 1 and factors.shape != (n,)):
        raise DiscountError(
            f"discount has shape {factors.shape}; give one number, or one for each of {', '.join(stage.players)}"
        )
    vector = np.array(np.broadcast_to(factors, (n,)))
    for name, d in zip(stage.players, vector):
        if not 0.0 < d < 1.0:
            raise DiscountError(
                f"the discount factor of {name} is {d:g}; it must lie strictly between 0 and 1"
            )
    vector.setflags(write=False)
    return vector
