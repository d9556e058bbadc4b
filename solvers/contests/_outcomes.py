"""What the pure equilibria of a contest look like, whatever its form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import number
from games.errors import GameError
from games.normal_form import FloatArray
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Contest", "ContestOutcome", "checked_positive", "contestants", "falling"]


@dataclass(frozen=True, eq=False)
class ContestOutcome:
    """One equilibrium in pure strategies.

    Attributes
    ----------
    efforts, shares, payoffs : arrays (N,): what each spends, its share of (or chance at) the prize, value times share less effort
    regret : the most that anybody could gain by another effort, recomputed from the definition
    """

    efforts: FloatArray
    shares: FloatArray
    payoffs: FloatArray
    regret: float

    @property
    def active(self) -> tuple[int, ...]:
        """Who spends anything."""
        return tuple(int(i) for i in np.flatnonzero(self.efforts > 0))


@dataclass(frozen=True, eq=False, repr=False)
class Contest(Result):
    """All equilibria of a contest in pure strategies.

    Attributes
    ----------
    form : the contest in words
    values : array (N,), the prize's worth to each
    equilibria : all equilibria in pure strategies; there may be none
    """

    form: str
    values: FloatArray
    equilibria: tuple[ContestOutcome, ...]

    def summary(self) -> str:
        if not self.equilibria:
            return f"{self.form}: no equilibrium in pure strategies exists; every set of active contestants was examined."
        first = self.equilibria[0]
        spent = float(first.efforts.sum())
        count = len(self.equilibria)
        number = (
            "the only equilibrium in pure strategies"
            if count == 1
            else f"the first of {count} equilibria in pure strategies"
        )
        return (
            f"{self.form}: in {number} {len(first.active)} of {len(self.values)} spend {spent:.6g} together. "
            "Every set of active contestants was examined."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each equilibrium and contestant."""
        import pandas as pd

        rows = [
            (k + 1, i + 1, self.values[i], e.efforts[i], e.shares[i], e.payoffs[i])
            for k, e in enumerate(self.equilibria)
            for i in range(len(self.values))
        ]
        columns = ["equilibrium", "contestant", "value", "effort", "share", "payoff"]
        return pd.DataFrame(rows, columns=columns).set_index(["equilibrium", "contestant"])


def checked_positive(what: str, numbers: npt.ArrayLike, count: int | None = None) -> FloatArray:
    """Finite positive numbers, one each; a single one is repeated `count` times."""
    try:
        array = np.asarray(numbers, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise GameError(f"{what} must be numbers; got {numbers!r}") from None
    if array.ndim == 0 and count is not None:
        array = np.full(count, float(array))
    if array.ndim != 1 or not len(array) or (count is not None and len(array) != count):
        need = "a list of numbers" if count is None else f"{count} numbers"
        raise GameError(f"{what} must be {need}; got shape {array.shape}")
    if not np.isfinite(array).all() or array.min() <= 0:
        raise GameError(f"{what} must be finite and positive; got {array.tolist()}")
    return array


def contestants(values: npt.ArrayLike, decisiveness: float = 1.0) -> FloatArray:
    """What the prize is worth to each of two or more contestants, checked together with the decisiveness."""
    v = checked_positive("values", values)
    if len(v) < 2:
        raise GameError("a contest needs at least two contestants")
    number(decisiveness, "decisiveness must be positive and finite (all_pay is the limit)", above=0.0)
    return v


def falling(values: Sequence[float]) -> list[int]:
    """Indices in falling order of value; equal values keep their order."""
    return sorted(range(len(values)), key=lambda i: -values[i])
