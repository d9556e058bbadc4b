"""Repeated games: a stage game, discount factors, the length of a period, and what players see of one another."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from games.arguments import instance, number
from games.errors import DiscountError
from games.normal_form import FloatArray, NormalFormGame

__all__ = ["Monitoring", "RepeatedGame"]


@dataclass(frozen=True)
class Monitoring:
    """What a power learns about a rival's stance each period.

    `false_alarm` is the probability that accommodation is mistaken for contest, `detection` the probability that
    contest is recognised. The default is perfect monitoring.
    """

    false_alarm: float = 0.0
    detection: float = 1.0

    def __post_init__(self) -> None:
        for name in ("false_alarm", "detection"):
            number(getattr(self, name), f"{name} is a probability between 0 and 1", least=0.0, most=1.0)

    @property
    def perfect(self) -> bool:
        """True if there are no false alarms and every contest is detected."""
        return self.false_alarm == 0.0 and self.detection == 1.0


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
        object.__setattr__(self, "monitoring", monitoring or Monitoring())

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
