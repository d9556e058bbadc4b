"""The table of swaps: every exchange of concessions between two sides, with both incentive constraints."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from games.normal_form import BoolArray, FloatArray
from games.words import the
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING
from solvers.transfers import UNIT, payments

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Item", "Swaps", "efficient", "weaker_side"]


def weaker_side(discount: FloatArray, critical: FloatArray) -> npt.NDArray[np.intp]:
    """The side (0 or 1) with the weaker incentive: its discount factor exceeds the one it needs by less, (...).

    `critical` is (..., 2); a side whose punishment is not known (NaN) counts as the weaker.
    """
    margin = discount - np.minimum(critical, 2.0)
    return np.asarray(np.argmin(np.where(np.isnan(margin), -3.0, margin), axis=-1))


@dataclass(frozen=True)
class Item:
    """One matter that a swap can settle: its options, and for each the sides (0, 1) that concede something.

    `words` say for each option and side what it concedes, "" for nothing.
    """

    name: str
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Swaps(Result):
    """Every exchange of concessions between two sides, with both incentive constraints. Made by `swaps`.

    Attributes
    ----------
    sides : the two sides
    discount : array (2,), their discount factors
    items : the matters that can be settled
    choices : array (B, M), the option of each item in each of B bundles; 0 leaves it as it is
    gains : array (B, 2), how much more each side gets a period than without any agreement
    slack : array (B, 2), what each loses a period by breaking the bundle; negative where breaking it pays, NaN where the
        punishment is not known
    critical : array (B, 2), the discount factor from which on each keeps to it; inf if none is high enough
    weight : array (2,), how much a payment of 1 a period adds to the slack of the side that receives it
    efficient : array (B,), True where no other bundle (nor no agreement) gives one side more and the other as much
    unit : the unit of gains and slack
    context : what they are measured against, and what was left out, in sentences
    extra : further columns by name, arrays (B,)
    """

    sides: tuple[str, str]
    discount: FloatArray
    items: tuple[Item, ...]
    choices: npt.NDArray[np.intp]
    gains: FloatArray
    slack: FloatArray
    critical: FloatArray
    weight: FloatArray
    efficient: BoolArray
    unit: str
    context: str
    extra: Mapping[str, npt.NDArray[Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        arrays = (self.choices, self.gains, self.slack, self.critical, self.weight, self.efficient)
        for array in (*arrays, *self.extra.values()):
            array.setflags(write=False)

    def __len__(self) -> int:
        return len(self.choices)

    @property
    def mutual(self) -> BoolArray:
        """Where both sides gain, (B,)."""
        scale = np.abs(self.gains).max(axis=0, initial=0.0)
        return np.asarray((self.gains > ROUNDING * scale).all(axis=1))

    @property
    def holds(self) -> BoolArray:
        """Where both keep to it at their own discount factors, (B,)."""
        return np.asarray((self.slack >= 0).all(axis=1))

    @property
    def payments(self) -> FloatArray:
        """Net receipts a period (B, 2) with which both gain by each bundle and keep to it, NaN where none are enough.

        They need a common unit.
        """
        return payments(np.minimum(self.slack, self.weight * self.gains), self.weight)

    @property
    def weaker(self) -> npt.NDArray[np.intp]:
        """Which side (0 or 1) has the weaker incentive, (B,); see `weaker_side`."""
        return weaker_side(self.discount, self.critical)

    def concessions(self, bundle: int) -> tuple[str, str]:
        """What each side concedes in a bundle, in words."""
        words = [item.words[k] for item, k in zip(self.items, self.choices[bundle])]
        return ", ".join(w[0] for w in words if w[0]), ", ".join(w[1] for w in words if w[1])

    def select(self, rows: npt.ArrayLike) -> Swaps:
        """Some of the bundles only, by a mask or numbers."""
        at = np.asarray(rows)
        extra = {name: values[at] for name, values in self.extra.items()}
        return Swaps(
            self.sides, self.discount, self.items, self.choices[at], self.gains[at], self.slack[at],
            self.critical[at], self.weight, self.efficient[at], self.unit, self.context, extra,
        )  # fmt: skip

    def summary(self) -> str:
        mutual = self.mutual
        holding, best = int((mutual & self.holds).sum()), int((mutual & self.efficient).sum())
        paid = int((np.isfinite(self.payments).all(axis=1) & ~(mutual & self.holds)).sum())
        a, b = self.sides
        text = (
            f"Of {len(self):,} possible exchanges between {the(a)} and {the(b)}, both gain from {int(mutual.sum()):,}. Of these "
            f"{holding:,} hold{'s' * (holding == 1)} at their own discount factors, and {best:,} {'is' if best == 1 else 'are'} "
            f"Pareto-efficient. With a payment between the two, {paid:,} more would hold. {UNIT} All exchanges were evaluated. "
            f"{self.context}"
        )
        return text.strip()

    def to_frame(self, rows: npt.ArrayLike | None = None) -> pd.DataFrame:
        """A row for each exchange that both gain from, those that hold and need least patience first; or for `rows`.

        Columns: what each side concedes, gains, slacks, critical discount factors, which side is the weaker, whether
        it holds and is efficient. The last is the payment a period between them that would make it hold (0 if none
        is needed, NaN if none is enough; it needs a common unit).
        """
        import pandas as pd

        if rows is None:
            picked = np.flatnonzero(self.mutual)
            need = np.nan_to_num(self.critical[picked].max(axis=1), nan=np.inf)
            picked = picked[np.lexsort((need, ~self.holds[picked]))]
        else:
            picked = np.arange(len(self))[np.asarray(rows)]
        words = [self.concessions(int(row)) for row in picked]
        weaker = self.weaker[picked]
        columns: dict[str, Any] = {f"{s} concedes": [w[i] for w in words] for i, s in enumerate(self.sides)}
        for name, table in (
            ("gain", self.gains),
            ("slack", self.slack),
            ("critical discount", self.critical),
        ):
            for i, side in enumerate(self.sides):
                columns[f"{side} {name}"] = table[picked, i]
        columns["weaker"] = [self.sides[i] for i in weaker]
        columns["holds"] = self.holds[picked]
        columns["efficient"] = self.efficient[picked]
        columns["closing payment (common unit)"] = np.abs(self.payments[picked, 0])
        columns |= {name: values[picked] for name, values in self.extra.items()}
        return pd.DataFrame(columns, index=pd.Index(picked, name="swap"))


def efficient(gains: FloatArray) -> BoolArray:
    """Which points (B, 2) are Pareto-efficient among themselves and the origin; (B,).

    >>> efficient(np.array([[1.0, 1.0], [2.0, 0.0], [1.0, 0.5], [-1.0, 0.0]]))
    array([ True,  True, False, False])
    """
    points = np.vstack([gains, np.zeros((1, 2))])
    tolerance = ROUNDING * np.abs(points).max(axis=0)
    # Values that differ by rounding count as equal.
    first, second = (np.round(points[:, i] / max(tolerance[i], 1e-300) / 8) for i in range(2))
    order = np.lexsort((-second, -first))
    x, y = first[order], second[order]
    best_before = np.maximum.accumulate(np.append(-np.inf, y[:-1]))
    same = np.append(False, (x[1:] == x[:-1]) & (y[1:] == y[:-1]))
    undominated = y > best_before
    for row in np.flatnonzero(same):  # equal points are dominated together or not at all
        undominated[row] = undominated[row - 1]
    out = np.empty(len(points), dtype=np.bool_)
    out[order] = undominated
    return out[:-1]
