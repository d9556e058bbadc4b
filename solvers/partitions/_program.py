"""The best partition by an integer program, for maps too large to list.

What a deal pays is taken as the status quo's payoff plus what each handover adds (`_additive`). That is linear in the binary
variables `x[r, h]` (region r goes to holder h), so that HiGHS proves the optimum. The map found is then evaluated exactly.
Incentive constraints use reversion to the benchmarks of the status quo map. A power keeps the deal if no deviation d gains it
anything in the year, or else if for each `delta * (u_i - w_i) - (1 - delta) * (u_i(d) - u_i) >= 0`. A binary variable for each
power says which of the two holds.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from games.arguments import checked
from games.errors import BargainingError, MethodError, did_you_mean
from games.normal_form import FloatArray
from games.spheres import NOBODY, STATUS_QUO, SpheresModel
from solvers.base.deadline import Deadline
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE
from solvers.partitions._additive import Parts, collect
from solvers.repeated.patience import incentive_surplus

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Optimum", "optimise"]

OBJECTIVES = ("surplus", "welfare", "burden", "changes")


class Row(NamedTuple):
    """A side condition `coefficients . x + constant >= 0`, and how to name it to a person.

    With `power` set it is required only in one of that power's two modes: `ignored` (no deviation gains, none needs
    punishment) or not. With `floor` the left side bounds the smallest surplus from above instead of having to be positive.
    """

    name: str
    coefficients: FloatArray
    constant: float
    power: int | None = None
    ignored: bool = False
    floor: bool = False


@dataclass(frozen=True, eq=False, repr=False)
class Optimum(Result):
    """An optimal partition.

    Attributes
    ----------
    parts : the tables it was optimised over
    partition : the map as changes of the status quo: region -> power's name, or None for nobody
    objective : what was optimised, in words
    value : what the objective comes to on this map, evaluated exactly
    added, bound : what it comes to where the effects of handovers are added up, and the best that any partition could have by
        that count (equal when proven)
    payoffs : array (N,), exact; `surplus` the surplus of each power, (N,), points a year, exact
    seconds : processor time used
    """

    parts: Parts
    partition: dict[str, str | None]
    objective: str
    value: float
    added: float
    bound: float
    payoffs: FloatArray
    surplus: FloatArray
    seconds: float

    @property
    def proven(self) -> bool:
        """Is every partition at most as good, where effects are added up, to one part in a million?"""
        # Values in points are compared with the payoffs, whatever the unit of a point.
        scale = min(1.0, float(np.abs(self.payoffs).max()))
        return abs(self.added - self.bound) <= 1e-6 * max(scale, abs(self.added))

    def summary(self) -> str:
        proof = (
            "proven optimal where the effects of handovers are added up"
            if self.proven
            else f"NOT proven optimal: the best possible is no better than {self.bound:.6g}"
        )
        return (
            f"{self.objective}: {self.value:.6g} (integer program over {self.parts.size:,} partitions; {proof}, by which count "
            f"it is {self.added:.6g})."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each region that changes hands: holder now, holder in this partition."""
        import pandas as pd

        model = self.parts.model
        today = dict(zip(model.region_names, model.holder_names(STATUS_QUO)))
        rows = [(today[r], h or NOBODY) for r, h in self.partition.items()]
        return pd.DataFrame(
            rows, index=pd.Index(list(self.partition), name="region"), columns=["status quo", "holder"]
        )


@checked
def optimise(
    model: SpheresModel,
    objective: str | Mapping[str, float] = "surplus",
    *,
    regime: str = "concert",
    fixed: Mapping[str, str | None] | None = None,
    at_least: Mapping[str, float] | str | None = None,
    holds: bool = False,
    most_changes: int | None = None,
    nobody: bool = False,
    regions: Sequence[str] | None = None,
    against: str = "competition",
    time_limit: float = 60.0,
) -> Optimum:
    """The partition with the best value of a linear objective, subject to side conditions.

    Parameters
    ----------
    model : SpheresModel of two to five powers
    objective : str or mapping
        `"surplus"`: the largest smallest surplus over all powers and deviations (points a year); `"welfare"`: the largest sum
        of the powers' payoffs; a mapping power -> weight: the largest weighted sum; `"burden"`: the least autonomy lost, in
        million people; `"changes"`: the fewest regions that change hands. The first two and weights compare powers in
        points, the common unit.
    regime : name of the stances that the deal asks for
    fixed : region -> holder that must stay so, as in `{"Taiwan": "United States"}`
    at_least : mapping power -> least payoff in points, or `"benchmark"`: every power gets at least its best benchmark
    holds : require that no deviation pays at the powers' own discount factors
    most_changes : the largest number of regions that may change hands
    nobody : also let regions be made neutral
    regions : names of the regions that can change hands; all by default
    against : what the powers compare with: every equilibrium of `competition`, or an observed profile by name
    time_limit : seconds; when it ends the best partition found is returned with the bound that is proven

    Raises
    ------
    BargainingError
        If no partition meets the side conditions; the message names those that could be dropped to make it feasible.

    Examples
    --------
    >>> from games import load
    >>> best = optimise(load("us-china-russia-2025"), "changes")
    >>> best.value, best.proven
    (0.0, True)
    """
    begun = time.process_time()
    deadline = Deadline(time_limit)
    parts = collect(model, regime, nobody, regions, against)
    conditions = _conditions(parts, fixed or {}, at_least, holds, most_changes)
    coefficients, constant, words, sign = _objective(parts, objective)
    rows = conditions + (_surplus_rows(parts, floor=True) if objective == "surplus" else [])
    outcome = _solve(parts, coefficients, rows, deadline)
    if outcome is None:
        raise BargainingError(_why(parts, conditions, deadline))
    x, minimum, bound = outcome
    holders = x.reshape(len(model.regions), parts.holders).argmax(axis=1)
    names = (*model.players, None)
    changed = np.flatnonzero(parts.moved[np.arange(len(holders)), holders] > 0)
    partition = {model.region_names[r]: names[holders[r]] for r in changed}
    found = model.unilateral(parts.profile, partition)
    surplus = _surplus(parts, found.payoffs, found.gains)
    return Optimum(
        parts,
        partition,
        words,
        _exactly(parts, objective, partition, found.payoffs, surplus),
        sign * minimum + constant,
        sign * bound + constant,
        found.payoffs,
        surplus,
        time.process_time() - begun,
    )


def _exactly(
    parts: Parts,
    objective: str | Mapping[str, float],
    partition: Mapping[str, str | None],
    payoffs: FloatArray,
    surplus: FloatArray,
) -> float:
    """The objective on one map, without adding up effects."""
    model = parts.model
    if isinstance(objective, Mapping):
        return float(sum(objective.get(p, 0.0) * u for p, u in zip(model.players, payoffs)))
    if objective == "welfare":
        return float(payoffs.sum())
    if objective == "surplus":
        return float(surplus.min())
    if objective == "changes":
        return float(len(partition))
    people = np.array([r.population for r in model.regions])
    contests = model.profile_contests(parts.profile)[None]
    return float((parts.benchmarks.autonomy @ people).max() - model.autonomy(contests, partition)[0] @ people)


def _objective(parts: Parts, objective: str | Mapping[str, float]) -> tuple[FloatArray, float, str, float]:
    """Coefficients to minimise, a constant, the objective in words, and the sign that turns the minimum back."""
    players = parts.model.players
    if isinstance(objective, Mapping):
        for power in objective:
            if power not in players:
                raise MethodError(
                    f"the objective weighs {power!r}, which is not a power here{did_you_mean(power, players)}"
                )
        weights = np.array([float(objective.get(p, 0.0)) for p in players])
        if not np.isfinite(weights).all():
            raise MethodError("the objective's weights must be finite numbers")
        return (
            -_flat(parts.payoff @ weights),
            float(parts.constant @ weights),
            "largest weighted sum of payoffs",
            -1.0,
        )
    if objective == "welfare":
        ones = np.ones(len(players))
        return (
            -_flat(parts.payoff @ ones),
            float(parts.constant.sum()),
            "largest sum of the powers' payoffs",
            -1.0,
        )
    if objective == "burden":
        people = np.array([r.population for r in parts.model.regions])
        base = float((parts.benchmarks.autonomy @ people).max()) - parts.kept
        return -_flat(parts.people), base, "least autonomy lost, million people", 1.0
    if objective == "changes":
        return _flat(parts.moved), 0.0, "fewest regions that change hands", 1.0
    if objective == "surplus":
        return np.zeros(parts.moved.size), 0.0, "largest smallest surplus, points a year", -1.0
    raise MethodError(f"there is no objective {objective!r}{did_you_mean(objective, OBJECTIVES)}")


def _surplus(parts: Parts, payoffs: FloatArray, gains: FloatArray) -> FloatArray:
    """Surplus of each power, (N,), with reversion to the benchmark of the status quo map that is worst for it."""
    return incentive_surplus(gains, payoffs, parts.benchmarks.payoffs.min(axis=0), parts.model.discount)


def _surplus_rows(parts: Parts, floor: bool = False) -> list[Row]:
    """What keeps each power from each deviation, in both modes."""
    d = parts.model.discount
    worst = parts.benchmarks.payoffs.min(axis=0)
    rows = []
    for n, (i, _) in enumerate(parts.deviations):
        name = f"{parts.model.players[i]} does not gain by deviating"
        own, other = parts.payoff[..., i], parts.deviation[..., n]
        # delta * (u - w) - (1 - delta) * (deviation - u) = u - delta * w - (1 - delta) * deviation
        constant = parts.constant[i] - d[i] * worst[i] - (1 - d[i]) * parts.deviation_constant[n]
        rows.append(Row(name, _flat(own - (1 - d[i]) * other), float(constant), i, False, floor))
        loss = float(parts.constant[i] - parts.deviation_constant[n])
        rows.append(Row(name, _flat(own - other), loss, i, True))
        if floor:
            rows.append(Row(name, _flat((1 - d[i]) * (own - other)), (1 - d[i]) * loss, i, True, floor))
    return rows


def _conditions(
    parts: Parts,
    fixed: Mapping[str, str | None],
    at_least: Mapping[str, float] | str | None,
    holds: bool,
    most_changes: int | None,
) -> list[Row]:
    model = parts.model
    rows = []
    for region, holder in fixed.items():
        if region not in model.region_names:
            raise BargainingError(
                f"fixed: there is no region {region!r}{did_you_mean(region, model.region_names)}"
            )
        if holder is not None and holder not in model.players:
            raise BargainingError(f"fixed: there is no power {holder!r}{did_you_mean(holder, model.players)}")
        column = len(model.players) if holder is None else model.players.index(holder)
        if not parts.allowed[model.region_names.index(region), column]:
            raise BargainingError(
                f"fixed: {region} cannot be held by {holder or 'nobody unless nobody=True'} in these partitions"
            )
        table = np.zeros(parts.moved.shape)
        table[model.region_names.index(region), column] = 1.0
        rows.append(Row(f"{region} held by {holder or NOBODY}", _flat(table), -1.0))
    if isinstance(at_least, str):
        if at_least != "benchmark":
            raise BargainingError(
                f"at_least is {at_least!r}; it is 'benchmark' or maps powers to least payoffs"
            )
        at_least = dict(zip(model.players, parts.benchmarks.payoffs.max(axis=0).tolist()))
    for power, least in (at_least or {}).items():
        if power not in model.players:
            raise BargainingError(
                f"at_least: there is no power {power!r}{did_you_mean(power, model.players)}"
            )
        i = model.players.index(power)
        rows.append(
            Row(
                f"{power} gets at least {least:.6g}",
                _flat(parts.payoff[..., i]),
                float(parts.constant[i] - least),
            )
        )
    if holds:
        rows += _surplus_rows(parts)
    if most_changes is not None:
        rows.append(
            Row(f"at most {most_changes} regions change hands", -_flat(parts.moved), float(most_changes))
        )
    return rows


def _solve(
    parts: Parts, coefficients: FloatArray, rows: list[Row], deadline: Deadline
) -> tuple[FloatArray, float, float] | None:
    """Minimise by HiGHS. Returns x, the minimum and its proven bound, or None if infeasible.

    The variables are x, one mode for each power, and, where a row is a floor, the smallest surplus, which is then maximised.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    # HiGHS works to absolute tolerances, so that numbers far from 1 are first brought near it.
    shared = _unit(*(x for row in rows if row.floor for x in (*row.coefficients, row.constant)))
    rows = [_in_units(row, shared if row.floor else _unit(*row.coefficients, row.constant)) for row in rows]
    priced = _unit(*coefficients)
    regions, holders = parts.moved.shape
    size, powers = regions * holders, len(parts.model.players)
    floor = any(row.floor for row in rows)
    width = size + powers + floor
    matrix = np.zeros((regions + len(rows), width))
    matrix[np.repeat(np.arange(regions), holders), np.arange(size)] = 1.0
    low = np.ones(regions + len(rows))
    high = np.concatenate([np.ones(regions), np.full(len(rows), np.inf)])
    reach = 1.0
    for n, row in enumerate(rows, start=regions):
        table = row.coefficients.reshape(regions, holders)
        least = float(table.min(axis=1).sum()) + row.constant
        most = float(table.max(axis=1).sum()) + row.constant
        matrix[n, :size] = row.coefficients
        # A condition met with equality must survive rounding.
        low[n] = -row.constant - (0.0 if row.floor else TOLERANCE * max(1.0, abs(row.constant)))
        if row.floor:
            matrix[n, -1] = -1.0
            reach = max(reach, abs(least), abs(most))
    for n, row in enumerate(rows, start=regions):
        if row.power is not None:
            table = row.coefficients.reshape(regions, holders)
            spare = (
                max(0.0, -float(table.min(axis=1).sum()) - row.constant) + (reach if row.floor else 0.0) + 1.0
            )
            matrix[n, size + row.power] = -spare if row.ignored else spare
            if row.ignored:
                low[n] -= spare
    cost = np.concatenate([coefficients / priced, np.zeros(powers), -np.ones(int(floor))])
    ends = np.full(int(floor), reach)
    answer = milp(
        cost,
        constraints=LinearConstraint(matrix, low, high),
        integrality=np.concatenate([np.ones(size + powers), np.zeros(int(floor))]),
        bounds=Bounds(
            np.concatenate([np.zeros(size + powers), -ends]),
            np.concatenate([parts.allowed.reshape(-1).astype(np.float64), np.ones(powers), ends]),
        ),
        options={"time_limit": max(deadline.left, 1e-3), "mip_rel_gap": 1e-9},
    )
    if answer.x is None:
        if answer.status == 2:
            return None
        raise BargainingError(
            f"the integer program ended without a partition ({answer.message.strip()}); give a longer time_limit"
        )
    x = np.rint(answer.x[:size])
    attained = -float(answer.x[-1]) * shared if floor else float(coefficients @ x)
    bound = -np.inf
    if answer.mip_dual_bound is not None:
        bound = float(answer.mip_dual_bound) * (shared if floor else priced)
    return x, attained, min(bound, attained)


def _unit(*numbers: float) -> float:
    """A power of two near the largest number, 1 where that is no larger than a thousand and no smaller than one."""
    largest = max((abs(float(x)) for x in numbers), default=0.0)
    return 1.0 if largest == 0 or 1.0 <= largest <= 1e3 else float(2.0 ** np.floor(np.log2(largest)))


def _in_units(row: Row, unit: float) -> Row:
    return (
        row if unit == 1 else row._replace(coefficients=row.coefficients / unit, constant=row.constant / unit)
    )


def _why(parts: Parts, conditions: list[Row], deadline: Deadline) -> str:
    """Which conditions to drop: each alone, named if the rest can then be met."""
    names = list(dict.fromkeys(row.name for row in conditions))
    zero = np.zeros(parts.moved.size)
    mending = []
    for name in names:
        if deadline.passed:
            return "no partition meets all the conditions; the time limit was reached before one to drop was found"
        rest = [row for row in conditions if row.name != name]
        if _solve(parts, zero, rest, deadline) is not None:
            mending.append(name)
    if mending:
        listed = "; or ".join(f"'{name}'" for name in mending)
        return f"no partition meets all the conditions; the others can be met without {listed}"
    return (
        "no partition meets all the conditions, and dropping any single one of them does not help: "
        + "; ".join(f"'{name}'" for name in names)
    )


def _flat(table: FloatArray) -> FloatArray:
    return np.ascontiguousarray(table).reshape(-1)
