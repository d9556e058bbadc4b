"""Every division of the regions on the table, evaluated as arrays.

A *partition* says who holds each region; here only those on the table differ from the status quo map. Partition number p has as
digits the options of its regions (`Divisions`), the last region being the last digit; number 0 is the map as it is.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SizeError, did_you_mean
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import SpheresModel
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE
from solvers.partitions._divisions import (
    Benchmarks,
    Divisions,
    benchmarks_of,
    deviating_profiles,
    pair_profiles,
)
from solvers.partitions._pareto import pareto_front
from solvers.repeated.patience import incentive_surplus, threshold
from solvers.spheres.totals import Totals, harshest_equilibrium

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Partitions", "Reversion", "evaluate"]

Reversion: TypeAlias = Literal["own map", "status quo"]
REVERSIONS = ("own map", "status quo")
# Payoffs of joint deviations that are held at once: 32 MB. Fewer at a time would solve the same contests again and again.
_GAINS = 2**22
# Stage games with more profiles than this (four powers have as many) are not solved on every map.
_LARGEST_STAGE = 4096


@dataclass(frozen=True, eq=False, repr=False)
class Partitions(Result):
    """All divisions under one regime of restraint, with P rows in every array. Made by `evaluate`.

    Attributes
    ----------
    divisions : which regions are on the table, and what each can become
    regime, profile : the stances that the deal asks for
    benchmarks : what payoffs and autonomy are measured against, on the status quo map
    reversion : where a breach leads: to the harshest pure equilibrium for the deviator on the partition's `own map`, or to the
        harshest benchmark of the `status quo` map
    payoffs : array (P, N), the deal's payoffs
    gains : array (P, N), each power's gain from its best one-year deviation
    best_action : array (P, N), the action number of that deviation
    autonomy : array (P, R), autonomy of every region under the deal
    seconds : processor time used
    """

    divisions: Divisions
    regime: str
    profile: Profile
    benchmarks: Benchmarks
    reversion: Reversion
    payoffs: FloatArray
    gains: FloatArray
    best_action: npt.NDArray[np.int16]
    autonomy: FloatArray
    totals: Totals
    seconds: float

    # ------------------------------------------------------------------ columns

    @property
    def model(self) -> SpheresModel:
        """The model."""
        return self.divisions.model

    def __len__(self) -> int:
        return len(self.payoffs)

    @cached_property
    def premium_low(self) -> FloatArray:
        """Payoff less the benchmark best for the power, (P, N)."""
        return np.asarray(self.payoffs - self.benchmarks.payoffs.max(axis=0))

    @cached_property
    def premium_high(self) -> FloatArray:
        """Payoff less the benchmark worst for the power, (P, N)."""
        return np.asarray(self.payoffs - self.benchmarks.payoffs.min(axis=0))

    @cached_property
    def acceptable(self) -> BoolArray:
        """Does every power get at least as much as in every benchmark? (P,)"""
        return np.asarray((self.premium_low >= -self.tolerance).all(axis=1))

    @cached_property
    def tolerance(self) -> FloatArray:
        """Differences of payoffs below this count as rounding, (N,): 1e-9 of the power's range over all that is compared here."""
        base = self.benchmarks.payoffs
        top = np.maximum(self.payoffs + np.maximum(self.gains, 0.0), base.max(axis=0)).max(axis=0)
        bottom = np.minimum(self.payoffs.min(axis=0), base.min(axis=0))
        largest = np.maximum(np.abs(top), np.abs(bottom))
        return np.asarray(TOLERANCE * (top - bottom) + 64 * np.finfo(np.float64).eps * largest)

    @cached_property
    def punishment(self) -> FloatArray:
        """What a breach leaves each power from then on, (P, N); NaN where the own map has no pure equilibrium."""
        if self.reversion == "status quo":
            return np.broadcast_to(self.benchmarks.payoffs.min(axis=0), self.payoffs.shape)
        return harshest_equilibrium(self.totals, self.tolerance)

    @cached_property
    def critical_discount(self) -> FloatArray:
        """Critical discount factors (P, N) under the reversion; NaN where it leads nowhere, unless no deviation gains."""
        known = ~np.isnan(self.punishment)
        value = np.where(known, self.punishment, 0.0)
        critical = threshold(self.gains, self.payoffs, value, self.tolerance)
        return np.where(known | (self.gains <= self.tolerance), critical, np.nan)

    @cached_property
    def surplus(self) -> FloatArray:
        """Surplus at the powers' own discount factors (P, N), points a year, with the same reversion."""
        return incentive_surplus(self.gains, self.payoffs, self.punishment, self.model.discount)

    @cached_property
    def holds(self) -> BoolArray:
        """Does no power gain by deviating at its own discount factor, under the reversion? (P,)"""
        with np.errstate(invalid="ignore"):
            return np.asarray((self.critical_discount <= self.model.discount).all(axis=1))

    @cached_property
    def efficient(self) -> BoolArray:
        """Is there no division better for one power and worse for none? (P,)"""
        out = np.zeros(len(self), dtype=np.bool_)
        out[pareto_front(self.payoffs)] = True
        return out

    @cached_property
    def burden(self) -> FloatArray:
        """Autonomy lost, in million people: lowest and highest over the benchmarks, (P, 2)."""
        return self._lost(np.array([r.population for r in self.model.regions]))

    @cached_property
    def burden_gdp(self) -> FloatArray:
        """Autonomy lost, weighed by GDP in $bn: lowest and highest over the benchmarks, (P, 2)."""
        return self._lost(np.array([r.output for r in self.model.regions]))

    def _lost(self, weight: FloatArray) -> FloatArray:
        kept = (self.autonomy @ weight)[:, None]
        base = self.benchmarks.autonomy @ weight
        return np.concatenate([base.min() - kept, base.max() - kept], axis=1)

    @cached_property
    def handed_over(self) -> FloatArray:
        """Autonomy that the regions on the table lose against the same restraint on the status quo map, million people, (P,)."""
        people = np.array([r.population for r in self.model.regions])
        table = list(self.divisions.regions)
        kept = self.autonomy[:, table] @ people[table]
        return np.asarray(kept[0] - kept)

    @cached_property
    def changes(self) -> npt.NDArray[np.intp]:
        """Number of regions whose lead or mode is not that of the status quo map, (P,)."""
        return np.asarray((self.divisions.choices() > 0).sum(axis=1))

    @cached_property
    def blocking(self) -> BoolArray:
        """Which pairs have a joint deviation, both members changing their action, by which both gain: (P, pairs)."""
        return self.blocking_at(np.arange(len(self)))

    def blocking_at(self, rows: npt.ArrayLike) -> BoolArray:
        """`blocking` of a few divisions, by row number, without computing the others: (rows, pairs)."""
        at = np.asarray(rows, dtype=np.intp)
        columns = []
        for (i, j), profiles in self._joint.items():
            blocked = np.zeros(len(at), dtype=np.bool_)
            step = max(1, _GAINS // (len(profiles) * len(self.model.players)))
            for start in range(0, len(at), step):
                checkpoint()
                part = at[start : start + step]
                gain = self.totals.payoffs(profiles, part)[..., [i, j]] - self.payoffs[part][:, None, [i, j]]
                both = np.asarray((gain > self.tolerance[[i, j]]).all(axis=2))
                blocked[start : start + step] = both.any(axis=1)
            columns.append(blocked)
        return np.stack(columns, axis=1)

    @cached_property
    def _joint(self) -> dict[tuple[int, int], list[Profile]]:
        return pair_profiles(self.profile, len(self.model.players))

    @cached_property
    def pairs(self) -> tuple[str, ...]:
        """Names of the pairs, the columns of `blocking`."""
        return tuple(f"{self.model.players[i]} + {self.model.players[j]}" for i, j in self._joint)

    # ------------------------------------------------------------------ single divisions

    def number(self, partition: str | Mapping[str, str | None]) -> int:
        """Row number of a named map, or of changes of the status quo map."""
        return self.divisions.number(partition if isinstance(partition, str) else dict(partition))

    def partition(self, number: int) -> dict[str, str | None]:
        """The division of a row number, as changes of the status quo map."""
        return self.divisions.entries(number)

    def describe(self, number: int) -> str:
        """What changes against the status quo map, in words."""
        return self.divisions.describe(number)

    def where(self, condition: Sequence[bool] | BoolArray, by: FloatArray, lowest: bool = True) -> int | None:
        """The row with the lowest (or highest) value of `by` among those where the condition is true; None if none is."""
        rows = np.flatnonzero(np.asarray(condition))
        if not len(rows):
            return None
        values = by[rows] if lowest else -by[rows]
        return int(rows[np.argmin(values)])

    @cached_property
    def firm(self) -> BoolArray:
        """Divisions that nobody would leave: acceptable to every power, holding, and blocked by no pair. (P,)"""
        out = self.acceptable & self.holds
        # Few divisions come this far, so the slow question is put to these alone.
        rows = np.flatnonzero(out)
        if len(rows):
            out[rows] = ~self.blocking_at(rows).any(axis=1)
        return np.asarray(out)

    @cached_property
    def sound(self) -> npt.NDArray[np.intp]:
        """Rows that are Pareto efficient and blocked by no pair: the maps worth reporting."""
        rows = np.flatnonzero(self.efficient)
        return rows[~self.blocking_at(rows).any(axis=1)] if len(rows) else rows

    @cached_property
    def named(self) -> pd.DataFrame:
        """The best division by each criterion, one row each, with what changes; missing where there is none.

        Rows: `fewest changes`, `least patience`, `least autonomy lost`, `largest smallest premium`, each among the firm ones
        (acceptable to every power, holding, blocked by no pair). Premiums are compared between powers in points, the common unit.
        """
        import pandas as pd

        smallest = self.premium_low.min(axis=1)
        patience = np.nan_to_num(self.critical_discount.max(axis=1), nan=np.inf)
        # Each criterion breaks its ties by the smallest premium.
        tie = 0.5 * smallest / max(float(np.abs(smallest).max()), np.finfo(np.float64).tiny)
        chosen = {
            "fewest changes": self.where(self.firm, self.changes - tie),
            "least patience": self.where(self.firm, patience - 1e-6 * tie),
            "least autonomy lost": self.where(self.firm, self.burden[:, 1] - 1e-6 * tie),
            "largest smallest premium": self.where(self.firm, smallest, lowest=False),
        }
        rows = [{"changes": "none is firm"} if row is None else self._row(row) for row in chosen.values()]
        return pd.DataFrame(rows, index=pd.Index(chosen, name="criterion"), columns=self._columns())

    def _columns(self) -> list[str]:
        powers = self.model.players
        return [
            "changes", "regions changed", "acceptable", "holds", "efficient", "blocked by",
            *(f"{p} payoff" for p in powers), *(f"{p} premium low" for p in powers), *(f"{p} premium high" for p in powers),
            "critical discount", "smallest surplus", "person burden low", "person burden high", "handed over",
        ]  # fmt: skip

    def _row(self, number: int) -> dict[str, Any]:
        blocked = [pair for pair, b in zip(self.pairs, self.blocking_at([number])[0]) if b]
        row: dict[str, Any] = {
            "changes": self.describe(number),
            "regions changed": int(self.changes[number]),
            "acceptable": bool(self.acceptable[number]),
            "holds": bool(self.holds[number]),
            "efficient": bool(self.efficient[number]),
            "blocked by": ", ".join(blocked) or "nobody",
            "critical discount": float(self.critical_discount[number].max()),
            "smallest surplus": float(self.surplus[number].min()),
            "person burden low": float(self.burden[number, 0]),
            "person burden high": float(self.burden[number, 1]),
            "handed over": float(self.handed_over[number]),
        }
        for i, power in enumerate(self.model.players):
            row[f"{power} payoff"] = float(self.payoffs[number, i])
            row[f"{power} premium low"] = float(self.premium_low[number, i])
            row[f"{power} premium high"] = float(self.premium_high[number, i])
        return row

    def summary(self) -> str:
        found = (
            "" if self.benchmarks.complete else " The search for equilibria of competition was not complete."
        )
        unknown = int(np.isnan(self.critical_discount).any(axis=1).sum())
        gaps = f" {unknown:,} have no pure equilibrium to revert to." if unknown else ""
        against = (
            "competition on the status quo map"
            if self.benchmarks.names[0].startswith("competition")
            else f"'{self.benchmarks.names[0]}'"
        )
        return (
            f"{counted(len(self), 'division')} of {counted(len(self.divisions.regions), 'region')} under '{self.regime}': "
            f"{int(self.acceptable.sum()):,} give every power at least what {against} does, {int(self.holds.sum()):,} hold "
            f"at the powers' own discount factors (reversion: {self.reversion}), and {int(self.efficient.sum()):,} are Pareto "
            "efficient. "
            f"{int(self.firm.sum()):,} are firm (acceptable to all, holding, and blocked by no pair). All were "
            f"evaluated.{gaps}{found}"
        )

    def to_frame(self, top: int | None = 20, only: Literal["sound", "all"] = "all") -> pd.DataFrame:
        """The first `top` divisions (all if None): firm ones first, then by the smallest premium.

        `only="sound"` keeps those that are efficient and blocked by no pair. Payoffs and premiums are in points; comparing them
        between powers needs that common unit.
        """
        import pandas as pd

        if only not in ("sound", "all"):
            raise MethodError(f"only is {only!r}; it is 'sound' or 'all'")
        rows = self.sound if only == "sound" else np.arange(len(self))
        order = np.lexsort((-self.premium_low.min(axis=1)[rows], ~self.acceptable[rows], ~self.firm[rows]))
        order = rows[order][:top]
        frame = pd.DataFrame([self._row(int(p)) for p in order], columns=self._columns())
        frame.index = pd.Index(order, name="partition")
        return frame


@checked
@keeps_time("the evaluation of divisions", "name fewer regions, or use optimise")
def evaluate(
    model: SpheresModel,
    regime: str = "concert",
    *,
    regions: Sequence[str] | None = None,
    nobody: bool = False,
    annex: bool = False,
    against: str = "competition",
    reversion: Reversion | None = None,
    time_limit: float | None = None,
) -> Partitions:
    """Evaluate every division of the regions on the table under one regime of restraint.

    Parameters
    ----------
    model : SpheresModel of two to five powers
    regime : name of the stances that the deal asks for
    regions : names of the regions on the table; by default those that the model puts there, else all
    nobody : a region can also be made neutral
    annex : a power can also take its own ally by force
    against : what the powers compare with: every equilibrium of `competition`, or an observed profile by name
    reversion : where a breach leads, `own map` or `status quo`; by default the own map for up to four powers
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Returns
    -------
    Partitions; its slower columns (`blocking`, `critical_discount`) are computed when first asked for

    Raises
    ------
    SizeError
        For more than 300,000 divisions; `optimise` solves those by an integer program.

    Examples
    --------
    >>> from games import load
    >>> table = evaluate(load("us-china-russia-2025"), regions=["Ukraine", "Taiwan"])
    >>> len(table)
    12
    """
    begun = time.process_time()
    count = len(model.players)
    if count > 5:
        raise SizeError(
            "divisions are compared with the equilibria of the stage game; six powers' does not fit in memory"
        )
    stage = 2 ** (count * (count - 1))
    if reversion is None:
        reversion = "own map" if stage <= _LARGEST_STAGE else "status quo"
    if reversion not in REVERSIONS:
        raise MethodError(f"there is no reversion {reversion!r}{did_you_mean(reversion, REVERSIONS)}")
    if reversion == "own map" and stage > _LARGEST_STAGE:
        raise SizeError(
            f"the stage game of {count} powers has {stage:,} profiles, too many to solve on every map; use reversion='status quo'"
        )
    divisions = Divisions.of(model, regions, nobody, annex)
    divisions.check_size()
    profile = model.profile(regime)
    totals = Totals(model, divisions.holdings(divisions.choices()))
    deviating = deviating_profiles(profile, count)
    table = totals.payoffs([profile, *(after for _, after in deviating)])
    payoffs = np.ascontiguousarray(table[:, 0])
    gains = np.full_like(payoffs, -np.inf)
    action = np.zeros(payoffs.shape, dtype=np.int16)
    for d, (i, after) in enumerate(deviating, start=1):
        gain = table[:, d, i] - payoffs[:, i]
        better = gain > gains[:, i]
        gains[better, i] = gain[better]
        action[better, i] = after[i]
    result = Partitions(
        divisions,
        regime,
        profile,
        benchmarks_of(model, against),
        reversion,
        payoffs,
        gains,
        action,
        totals.autonomy([profile])[0],
        totals,
        0.0,
    )
    return replace(result, seconds=time.process_time() - begun)
