"""Every partition of the regions among the powers, evaluated as arrays.

With H holders and R regions there are H ** R partitions; partition number p has as digits in base H the holders of the
regions, the last region being the last digit. Columns are sums over regions, built up one region at a time.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from games import stances
from games.errors import BargainingError, MethodError, SizeError, did_you_mean
from games.normal_form import BoolArray, FloatArray
from games.spheres import NOBODY, SpheresModel
from solvers.base.progress import track
from solvers.base.result import Result
from solvers.partitions._parts import Parts, by_holder, collect, pair_profiles
from solvers.repeated.patience._thresholds import threshold

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Partitions", "evaluate", "pareto_front"]

LARGEST = 3_000_000
_TOLERANCE = 1e-9


def sums(table: FloatArray, constant: npt.ArrayLike = 0.0) -> FloatArray:
    """One table entry for each region, added up for every partition.

    `table` has shape (R, H, ...); the result (H ** R, ...).

    >>> sums(np.array([[[0.0], [10.0]], [[1.0], [2.0]]])).ravel()
    array([ 1.,  2., 11., 12.])
    """
    total = np.zeros((1, *table.shape[2:])) + constant
    for region in table:
        total = (total[:, None] + region[None]).reshape(-1, *table.shape[2:])
    return np.asarray(total)


def pareto_front(points: FloatArray) -> npt.NDArray[np.intp]:
    """Indices of the points (P, N) that no other point weakly beats in every coordinate and strictly in one.

    >>> pareto_front(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.4, 0.4]])).tolist()
    [0, 1, 2]
    """
    # A point can be dominated only by one with a larger sum, so the survivors of a pass in falling order are final.
    order = np.argsort(-points.sum(axis=1), kind="stable")
    left, kept = order, []
    while len(left):
        best = points[left[0]]
        kept.append(left[0])
        survives = (points[left] > best).any(axis=1)
        equal = (points[left[1:]] == best).all(axis=1)
        kept.extend(left[1:][equal])
        left = left[survives]
    return np.sort(np.array(kept, dtype=np.intp))


def efficient_partitions(table: FloatArray) -> npt.NDArray[np.intp]:
    """Numbers of the partitions whose payoffs no other partition dominates; `table` is (R, H, N).

    Because payoffs add over regions, a choice for some regions that another one dominates cannot be completed to an efficient
    partition, so dominated beginnings are dropped region by region.
    """
    total, number = np.zeros((1, table.shape[2])), np.zeros(1, dtype=np.intp)
    for region in table:
        total = (total[:, None] + region[None]).reshape(-1, table.shape[2])
        number = (number[:, None] * len(region) + np.arange(len(region))).reshape(-1)
        front = pareto_front(total)
        total, number = total[front], number[front]
    return np.sort(number)


@dataclass(frozen=True, eq=False, repr=False)
class Partitions(Result):
    """All partitions under one regime of restraint, with P rows in every array. Made by `evaluate`.

    Attributes
    ----------
    parts : the tables by region and holder from which everything is summed
    payoffs : array (P, N), the deal's payoffs
    gains : array (P, N), each power's gain from its best one-year deviation
    best_action : array (P, N), the action number of that deviation
    seconds : processor time used
    """

    parts: Parts
    payoffs: FloatArray
    gains: FloatArray
    best_action: npt.NDArray[np.int8]
    seconds: float

    # ------------------------------------------------------------------ columns

    @property
    def model(self) -> SpheresModel:
        """The model."""
        return self.parts.model

    def __len__(self) -> int:
        return len(self.payoffs)

    @cached_property
    def premium_low(self) -> FloatArray:
        """Payoff less the benchmark best for the power, (P, N)."""
        return np.asarray(self.payoffs - self.parts.benchmarks.max(axis=0))

    @cached_property
    def premium_high(self) -> FloatArray:
        """Payoff less the benchmark worst for the power, (P, N)."""
        return np.asarray(self.payoffs - self.parts.benchmarks.min(axis=0))

    @cached_property
    def rational(self) -> BoolArray:
        """Does every power get at least as much as in every benchmark? (P,)"""
        return np.asarray((self.premium_low >= -self.tolerance).all(axis=1))

    @cached_property
    def tolerance(self) -> FloatArray:
        """Differences of payoffs below this count as rounding, (N,): 1e-9 of the power's range over all that is compared here."""
        top = np.maximum(self.payoffs + np.maximum(self.gains, 0.0), self.parts.benchmarks.max(axis=0)).max(
            axis=0
        )
        bottom = np.minimum(self.payoffs.min(axis=0), self.parts.benchmarks.min(axis=0))
        largest = np.maximum(np.abs(top), np.abs(bottom))
        return np.asarray(_TOLERANCE * (top - bottom) + 64 * np.finfo(np.float64).eps * largest)

    @cached_property
    def critical_discount(self) -> FloatArray:
        """Critical discount factors (P, N) with reversion to the status quo benchmark harshest for the deviator."""
        return threshold(self.gains, self.payoffs, self.parts.benchmarks.min(axis=0), self.tolerance)

    @cached_property
    def slack(self) -> FloatArray:
        """Slack at the powers' own discount factors (P, N), points a year, with the same reversion."""
        d = self.model.discount
        loss = self.premium_high
        # Without a gain there is nothing to punish.
        loss = np.where(self.gains <= self.tolerance, np.maximum(loss, 0.0), loss)
        return np.asarray(d * loss - (1 - d) * self.gains)

    @cached_property
    def holds(self) -> BoolArray:
        """Does no power gain by deviating at its own discount factor? (P,)"""
        return np.asarray((self.critical_discount <= self.model.discount).all(axis=1))

    @cached_property
    def efficient(self) -> BoolArray:
        """Is there no partition better for one power and worse for none? (P,)"""
        out = np.zeros(len(self), dtype=np.bool_)
        out[efficient_partitions(self.parts.payoff)] = True
        return out

    @cached_property
    def burden(self) -> FloatArray:
        """Autonomy lost, in million persons: lowest and highest over the benchmarks, (P, 2)."""
        return self._lost(np.array([r.population for r in self.model.regions]))

    @cached_property
    def burden_gdp(self) -> FloatArray:
        """Autonomy lost, weighed by GDP in $bn: lowest and highest over the benchmarks, (P, 2)."""
        return self._lost(np.array([r.gdp for r in self.model.regions]))

    def _lost(self, weight: FloatArray) -> FloatArray:
        kept = sums((self.parts.autonomy * weight[:, None])[..., None])
        base = self.parts.base_autonomy @ weight
        return np.concatenate([base.min() - kept, base.max() - kept], axis=1)

    @cached_property
    def changes(self) -> npt.NDArray[np.intp]:
        """Number of regions whose holder is not that of the status quo map, (P,)."""
        return np.rint(sums(self.parts.moved[..., None])[:, 0]).astype(np.intp)

    def estimate(self, column: Literal["blocking", "reversion"]) -> float:
        """Seconds of processor time that a dear column will take: one of its passes is timed, and the passes are counted.

        >>> from games import load
        >>> evaluate(load("us-china-russia-2025")).estimate("blocking") < 60
        True
        """
        passes = {
            "blocking": sum(len(table) for table, _ in self._joint.values()),
            "reversion": 2 ** ((len(self.model.players) - 1) * len(self.model.players)),
        }
        if column not in passes:
            raise MethodError(f"no dear column {column!r}{did_you_mean(column, passes)}")
        width = 2 if column == "blocking" else len(self.model.players)
        spent = []
        for _ in range(2):  # the first also pays for fresh memory
            begun = time.process_time()
            (sums(self.parts.payoff[..., :width], self.parts.constant[:width]) > self.payoffs[:, :width]).all(
                axis=1
            )
            spent.append(time.process_time() - begun)
        return float(passes[column] * min(spent))

    @cached_property
    def blocking(self) -> BoolArray:
        """Which pairs have a joint deviation, both members changing their action, by which both gain: (P, pairs).

        Dear on large maps: `estimate("blocking")` says how dear.
        """
        columns = []
        for (i, j), (table, ties) in track(self._joint.items(), len(self._joint), "Pairs"):
            blocked = np.zeros(len(self), dtype=np.bool_)
            for b in range(len(table)):
                gain = sums(table[b][..., [i, j]], ties[b][[i, j]]) - self.payoffs[:, [i, j]]
                blocked |= (gain > self.tolerance[[i, j]]).all(axis=1)
            columns.append(blocked)
        return np.stack(columns, axis=1)

    def blocking_at(self, rows: npt.ArrayLike) -> BoolArray:
        """`blocking` of a few partitions, by row number, without working out the others: (rows, pairs)."""
        at = np.asarray(rows, dtype=np.intp)
        shape = (self.parts.holders,) * len(self.model.regions)
        digits = np.unravel_index(at, shape)
        columns = []
        for (i, j), (table, ties) in self._joint.items():
            blocked = np.zeros(len(at), dtype=np.bool_)
            for b in range(len(table)):
                total = np.tile(ties[b][[i, j]], (len(at), 1))
                for region, holder in zip(table[b], digits):
                    total += region[holder][:, [i, j]]
                blocked |= (total - self.payoffs[at][:, [i, j]] > self.tolerance[[i, j]]).all(axis=1)
            columns.append(blocked)
        return np.stack(columns, axis=1)

    @cached_property
    def _joint(self) -> dict[tuple[int, int], tuple[FloatArray, FloatArray]]:
        """For each pair its joint deviations: payoffs by region and holder, and from ties."""
        model, nobody = self.model, self.parts.holders > len(self.model.players)
        deviations = pair_profiles(self.parts.profile, len(model.players))
        return {pair: by_holder(model, after, nobody) for pair, after in deviations.items()}

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """Names of the pairs, the columns of `blocking`."""
        return tuple(
            f"{self.model.players[i]} + {self.model.players[j]}"
            for i, j in pair_profiles(self.parts.profile, len(self.model.players))
        )

    @cached_property
    def reversion(self) -> FloatArray:
        """Critical discount factors (P, N) with reversion to a pure equilibrium of the partition's own stage game.

        The harshest pure equilibrium for each deviator; NaN for all powers where a partition has none (mixed ones are not
        searched). This looks at every profile of every partition and is the dearest column; see `estimate`.
        """
        count = len(self.model.players)
        nobody = self.parts.holders > count
        profiles = [tuple(p) for p in stances.all_profiles(count).tolist()]
        work = len(profiles) * len(self)
        if work > 50_000_000:
            raise SizeError(
                f"reversion on every partition's own map looks at {work:,} payoff vectors; at most 50,000,000 fit. "
                "Use critical_discount (reversion to the status quo), or compare single maps with solvers.compare"
            )
        table, ties = by_holder(self.model, profiles, nobody)
        shape = (2 ** (count - 1),) * count
        worst = np.full((len(self), count), np.inf)
        stage = np.empty((*shape, len(self), count))
        flat = stage.reshape(len(profiles), len(self), count)
        for b in track(range(len(profiles)), len(profiles), "Stage games"):
            flat[b] = sums(table[b], ties[b])
        equilibrium = np.ones((*shape, len(self)), dtype=np.bool_)
        for i in range(count):
            own = stage[..., i]
            equilibrium &= own >= own.max(axis=i, keepdims=True) - self.tolerance[i]
        for i in range(count):
            values = np.where(equilibrium, stage[..., i], np.inf)
            worst[:, i] = values.reshape(len(profiles), -1).min(axis=0)
        found = np.isfinite(worst)
        critical = threshold(self.gains, self.payoffs, np.where(found, worst, 0.0), self.tolerance)
        return np.where(found, critical, np.nan)

    # ------------------------------------------------------------------ single partitions

    def number(self, partition: str | Mapping[str, str | None]) -> int:
        """Row number of a named map or of a mapping region -> power's name or None."""
        holders = self.model.holders(partition)
        base = self.parts.holders
        number = 0
        for region, h in zip(self.model.region_names, holders):
            if h < 0 and base == len(self.model.players):
                raise BargainingError(
                    f"{region} is held by nobody, and these partitions give every region to a power; "
                    "evaluate with nobody=True"
                )
            number = number * base + (int(h) if h >= 0 else base - 1)
        return number

    def partition(self, number: int) -> dict[str, str | None]:
        """The partition of a row number: region -> power's name, or None for nobody."""
        digits = []
        for _ in self.model.regions:
            number, digit = divmod(number, self.parts.holders)
            digits.append(digit)
        names = (*self.model.players, None)
        return {r: names[d] for r, d in zip(self.model.region_names, reversed(digits))}

    def describe(self, number: int) -> str:
        """What changes hands against the status quo map, in words."""
        today = self.model.maps["status quo"]
        moves: dict[str, list[str]] = {}
        for region, holder in self.partition(number).items():
            if holder != today[region]:
                moves.setdefault(holder or NOBODY, []).append(region)
        if not moves:
            return "as today"
        return "; ".join(f"{', '.join(regions)} to {holder}" for holder, regions in moves.items())

    def where(self, condition: Sequence[bool] | BoolArray, by: FloatArray, lowest: bool = True) -> int | None:
        """The row with the lowest (or highest) value of `by` among those where the condition is true; None if none is."""
        rows = np.flatnonzero(np.asarray(condition))
        if not len(rows):
            return None
        values = by[rows] if lowest else -by[rows]
        return int(rows[np.argmin(values)])

    @cached_property
    def firm(self) -> BoolArray:
        """Partitions that nobody would leave: every power gets its benchmark, none gains by deviating, no pair blocks. (P,)"""
        out = self.rational & self.holds
        # Few partitions come this far, so the dear question is put to these alone.
        rows = np.flatnonzero(out)
        out[rows] = ~self.blocking_at(rows).any(axis=1)
        return np.asarray(out)

    @cached_property
    def named(self) -> pd.DataFrame:
        """The partitions that a search names, one row each, with what changes hands; missing where there is none.

        Rows: `fewest changes` (the change of today's map with the fewest regions that no power loses by and that holds;
        ties go to the largest smallest premium), `least patience`, `least burden`, `largest smallest premium`. All of them
        are partitions that nobody would leave (`firm`). Premiums are compared between powers in points, the common unit.
        """
        import pandas as pd

        smallest = self.premium_low.min(axis=1)
        patience = self.critical_discount.max(axis=1)
        # Each criterion breaks its ties by the smallest premium.
        tie = 0.5 * smallest / max(float(np.abs(smallest).max()), np.finfo(np.float64).tiny)
        chosen = {
            "fewest changes": self.where(self.firm, self.changes - tie),
            "least patience": self.where(self.firm, patience - 1e-6 * tie),
            "least burden": self.where(self.firm, self.burden[:, 1]),
            "largest smallest premium": self.where(self.firm, smallest, lowest=False),
        }
        rows = []
        for row in chosen.values():
            if row is None:
                rows.append({"what changes hands": "no such partition"})
            else:
                rows.append(self._row(row))
        return pd.DataFrame(rows, index=pd.Index(chosen, name="search"), columns=self._columns())

    def _columns(self) -> list[str]:
        powers = self.model.players
        return [
            "what changes hands", "changes", "rational", "holds", "efficient", "blocked by",
            *(f"{p} payoff" for p in powers), *(f"{p} premium low" for p in powers), *(f"{p} premium high" for p in powers),
            "critical discount", "smallest slack", "person burden low", "person burden high",
        ]  # fmt: skip

    def _row(self, number: int) -> dict[str, Any]:
        blocked = [pair for pair, b in zip(self.pairs, self.blocking_at([number])[0]) if b]
        row: dict[str, Any] = {
            "what changes hands": self.describe(number),
            "changes": int(self.changes[number]),
            "rational": bool(self.rational[number]),
            "holds": bool(self.holds[number]),
            "efficient": bool(self.efficient[number]),
            "blocked by": ", ".join(blocked) or "nobody",
            "critical discount": float(self.critical_discount[number].max()),
            "smallest slack": float(self.slack[number].min()),
            "person burden low": float(self.burden[number, 0]),
            "person burden high": float(self.burden[number, 1]),
        }
        for i, power in enumerate(self.model.players):
            row[f"{power} payoff"] = float(self.payoffs[number, i])
            row[f"{power} premium low"] = float(self.premium_low[number, i])
            row[f"{power} premium high"] = float(self.premium_high[number, i])
        return row

    def summary(self) -> str:
        count = len(self)
        vacant = (
            ", any region to a power or to nobody" if self.parts.holders > len(self.model.players) else ""
        )
        found = "" if self.parts.complete else " The search for equilibria of competition was not complete."
        return (
            f"{count:,} partitions under '{self.parts.regime}'{vacant}: {int(self.rational.sum()):,} give every power at least "
            f"what competition on the status quo map does, {int(self.holds.sum()):,} hold at the powers' own patience, "
            f"{int(self.firm.sum()):,} nobody would leave, {int(self.efficient.sum()):,} are Pareto efficient. "
            f"All were looked at.{found}"
        )

    def to_frame(self, top: int | None = 20) -> pd.DataFrame:
        """The first `top` partitions (all if None): those that nobody would leave first, then by the smallest premium.

        Payoffs and premiums are in points; comparing them between powers needs that common unit.
        """
        import pandas as pd

        order = np.lexsort((-self.premium_low.min(axis=1), ~self.rational, ~self.firm))[:top]
        frame = pd.DataFrame([self._row(int(p)) for p in order], columns=self._columns())
        frame.index = pd.Index(order, name="partition")
        return frame


def evaluate(model: SpheresModel, regime: str = "concert", *, nobody: bool = False) -> Partitions:
    """Evaluate every partition of the regions among the powers under one regime of restraint.

    Parameters
    ----------
    model : SpheresModel of two to five powers
    regime : name of the stances that the deal asks for
    nobody : also let regions lie in nobody's sphere

    Returns
    -------
    Partitions; its dearer columns (`blocking`, `reversion`) are worked out when first asked for

    Raises
    ------
    SizeError
        For more than 3,000,000 partitions; `optimise` solves those by an integer program.

    Examples
    --------
    >>> from games import load
    >>> table = evaluate(load("us-china-russia-2025"))
    >>> len(table)
    19683
    """
    begun = time.process_time()
    holders = len(model.players) + nobody
    size = holders ** len(model.regions)
    if size > LARGEST:
        raise SizeError(
            f"{len(model.regions)} regions among {holders} holders make {size:,} partitions; at most {LARGEST:,} are "
            "evaluated one by one. Use partitions.optimise, an integer program"
        )
    parts = collect(model, regime, nobody)
    payoffs = sums(parts.payoff, parts.constant)
    gains = np.full_like(payoffs, -np.inf)
    action = np.zeros(payoffs.shape, dtype=np.int8)
    for d, (i, a) in enumerate(parts.deviations):
        gain = sums(parts.deviation[..., d : d + 1], parts.deviation_constant[d])[:, 0] - payoffs[:, i]
        better = gain > gains[:, i]
        gains[better, i] = gain[better]
        action[better, i] = a
    result = Partitions(parts, payoffs, gains, action, 0.0)
    return replace(result, seconds=time.process_time() - begun)
