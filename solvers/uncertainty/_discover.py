"""Where in the space of numbers something is true: boxes found by the patient rule induction method (PRIM).

Friedman and Fisher (1999, *Statistics and Computing* 9, 123-143); used to describe scenarios by Bryant and Lempert (2010,
*Technological Forecasting and Social Change* 77), from whom coverage and density are taken. A box gives up a small
part of the draws at a time, from either end of one number (or one level of a switch). It does so where that raises
the share of hits most for the draws given up. Of all boxes on the way the one with the best balance of coverage and
density is taken. Limits that it can do without, or that chance could explain (Bryant and Lempert's quasi-p-value
above .05), are dropped. Boxes are found on one half of the draws and checked on the other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SampleError
from games.normal_form import BoolArray
from games.words import listed
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.uncertainty._names import COMPETITION
from solvers.uncertainty._outcomes import Outcomes
from solvers.uncertainty._shares import Share, share_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Box", "Discovery", "discover", "find_box"]

Limit: TypeAlias = "tuple[float, float] | tuple[str, ...]"
Columns: TypeAlias = Mapping[str, npt.NDArray[Any]]

# The share of the remaining draws peeled at a time: patient, as Friedman and Fisher advise (.05 to .1).
_PEEL = 0.05
# A limit that chance explains this often is dropped.
_CHANCE = 0.05
# Fewer hits than this say nothing about where they lie.
_FEWEST = 30


@dataclass(frozen=True)
class Box:
    """Limits on some numbers: (low, high), infinite where open, or the levels of a switch that are inside.

    coverage : of the hits, the share inside; density : of the draws inside, the share of hits; both on draws that the box was not
    found on. `found_coverage` and `found_density` are those on the draws that it was found on.
    """

    limits: Mapping[str, Limit]
    coverage: Share
    density: Share
    mass: float
    found_coverage: float
    found_density: float

    def inside(self, columns: Columns) -> BoolArray:
        """Which draws lie in the box, (D,)."""
        size = len(next(iter(columns.values())))
        out = np.ones(size, dtype=np.bool_)
        for name, limit in self.limits.items():
            out &= _within(columns[name], limit)
        return out

    def words(self) -> str:
        """The limits in words: `contest_cost is at least 0.12 and externality is at most 0.4`."""
        if not self.limits:
            return "anywhere"
        return listed([_limit_words(name, limit) for name, limit in self.limits.items()])


@dataclass(frozen=True, eq=False, repr=False)
class Discovery(Result):
    """Boxes in which something is true, the best first; each next one is found on the draws outside those before.

    Attributes
    ----------
    what : the condition in words
    base : the share of hits among all draws
    boxes : tuple of Box
    trajectory : DataFrame of the first box's peeling: number peeled, coverage, density, mass, one row a step
    """

    what: str
    base: Share
    boxes: tuple[Box, ...]
    trajectory: pd.DataFrame

    def summary(self) -> str:
        box = self.boxes[0]
        if not box.limits or box.density.low <= self.base.value:
            return (
                f"{self.what} in {self.base} of the draws; no box of the numbers has a clearly higher share on draws that it was "
                "not found on."
            )
        text = (
            f"{self.what} in {self.base} of the draws. Where {box.words()}, it does in {box.density} of them, which is "
            f"{100 * box.coverage.value:.0f} % of all such draws (checked on draws that the box was not found on)."
        )
        if box.found_density - box.density.value > 2 * box.density.error:
            text += " The box does clearly worse there than on its own draws."
        return text

    def to_frame(self) -> pd.DataFrame:
        """One row for each limit: box, number, low, high, levels; with the box's coverage, density and mass."""
        import pandas as pd

        rows = []
        for k, box in enumerate(self.boxes):
            tail = (box.coverage.value, box.density.value, box.mass)
            for name, limit in box.limits.items() or [("", (-np.inf, np.inf))]:
                if isinstance(limit[0], str):
                    rows.append((k + 1, name, np.nan, np.nan, ", ".join(str(v) for v in limit), *tail))
                else:
                    rows.append((k + 1, name, limit[0], limit[1], "", *tail))
        return pd.DataFrame(
            rows, columns=["box", "number", "low", "high", "levels", "coverage", "density", "mass"]
        )


@checked
@keeps_time("the search for a box", "take fewer draws or boxes")
def discover(
    outcomes: Outcomes,
    condition: str | npt.NDArray[np.bool_],
    regime: str | None = None,
    against: str = COMPETITION,
    *,
    boxes: int = 1,
    smallest: float = 0.03,
    seed: int = 0,
    time_limit: float | None = None,
) -> Discovery:
    """Describe in which part of the space of numbers a condition is true.

    Parameters
    ----------
    outcomes : Outcomes
    condition : see `Outcomes.condition`, or a boolean array (D,)
    regime, against : of which deal, against which benchmark
    boxes : how many to look for
    smallest : the least share of the draws that a box may hold
    seed : of the split into draws to find and draws to check
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    SampleError
        Where fewer than 30 draws are hits, or fewer than 30 are not; or where one of the halves has too few hits.
    MethodError
        For an unknown condition, or an option out of bounds.

    Examples
    --------
    >>> from games import world
    >>> from solvers import uncertainty
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = uncertainty.evaluate(model, model.draws(512), regimes="concert", autonomy=False)
    >>> discover(found, "Russia gains").base.draws
    512
    """
    if isinstance(condition, str):
        hits = outcomes.condition(condition, regime, against)
        name = regime or outcomes.regimes[0]
        what = f"{condition!r} of the {name} on the map {outcomes.map!r} is true"
    else:
        hits = np.asarray(condition)
        if hits.dtype != np.bool_ or hits.shape != (len(outcomes),):
            raise MethodError(f"condition is a name or a boolean array of {len(outcomes)} entries")
        what = "the condition is true"
    return prim(outcomes.draws.columns, hits, what, boxes=boxes, smallest=smallest, seed=seed)


def prim(
    columns: Columns, hits: BoolArray, what: str, *, boxes: int = 1, smallest: float = 0.03, seed: int = 0
) -> Discovery:
    """`discover` on plain columns (D,)."""
    if boxes < 1:
        raise MethodError(f"boxes is {boxes}; look for at least one")
    if not 0 < smallest < 1:
        raise MethodError(f"smallest is {smallest!r}; it lies between 0 and 1")
    total = int(hits.sum())
    if min(total, len(hits) - total) < _FEWEST:
        raise SampleError(
            f"{what} in {total:,} of {len(hits):,} draws; a box needs at least {_FEWEST} hits and {_FEWEST} misses"
        )
    order = np.random.default_rng(seed).permutation(len(hits))
    half = np.zeros(len(hits), dtype=np.bool_)
    half[order[: len(hits) // 2]] = True
    free = np.ones(len(hits), dtype=np.bool_)
    found: list[Box] = []
    first: pd.DataFrame | None = None
    for _ in range(boxes):
        train, test = half & free, ~half & free
        if hits[train].sum() < _FEWEST // 2 or hits[test].sum() < 1:
            break
        part = {k: c[train] for k, c in columns.items()}
        limits, trajectory = find_box(part, hits[train], smallest)
        first = trajectory if first is None else first
        inside = _all_within(columns, limits, len(hits))
        if not (inside & test).any():
            break
        found.append(
            Box(
                limits,
                share_of(inside[test & hits]),
                share_of(hits[test & inside]),
                float(inside[test].mean()),
                float(inside[train & hits].mean()),
                float(hits[train & inside].mean()),
            )
        )
        free &= ~inside
    if first is None or not found:
        raise SampleError(
            f"{what} in {total:,} of {len(hits):,} draws, too few of them in one of the halves: draw more, or take another seed"
        )
    return Discovery(what, share_of(hits), tuple(found), first)


def find_box(columns: Columns, hits: BoolArray, smallest: float) -> tuple[dict[str, Limit], pd.DataFrame]:
    """Peel one box: its limits, and the trajectory (number peeled, coverage, density, mass)."""
    import pandas as pd

    limits: dict[str, Limit] = {}
    inside = np.ones(len(hits), dtype=np.bool_)
    steps: list[dict[str, Limit]] = [dict(limits)]
    rows = [("", 1.0, float(hits.mean()), 1.0)]
    while inside.mean() > smallest and hits[inside].mean() < 1:
        best: tuple[float, str, Limit, BoolArray] | None = None
        for name, limit, keep in _peels(columns, limits, inside):
            left = int(keep.sum())
            if left < smallest * len(hits) or left == inside.sum():
                continue
            rise = hits[keep].mean() - hits[inside].mean()
            score = float(rise / (inside.sum() - left))
            if best is None or score > best[0]:
                best = (score, name, limit, keep)
        if best is None:
            break
        _, name, limit, inside = best
        limits = {**limits, name: limit}
        steps.append(limits)
        rows.append((name, float(inside[hits].mean()), float(hits[inside].mean()), float(inside.mean())))
    quality = [_balance(coverage, density) for _, coverage, density, _ in rows]
    chosen = _without_idle_limits(columns, hits, steps[int(np.argmax(quality))])
    return chosen, pd.DataFrame(rows, columns=["peeled", "coverage", "density", "mass"])


def _peels(
    columns: Columns, limits: Mapping[str, Limit], inside: BoolArray
) -> list[tuple[str, Limit, BoolArray]]:
    """Every way to make the box a little smaller: (number, its new limit, the draws kept)."""
    out: list[tuple[str, Limit, BoolArray]] = []
    for name, column in columns.items():
        checkpoint()
        values = column[inside]
        if column.dtype.kind not in "fiub":
            levels = np.unique(values)
            for level in levels if len(levels) > 1 else ():
                left = tuple(str(v) for v in levels if v != level)
                out.append((name, left, inside & (column != level)))
            continue
        low, high = limits.get(name, (-np.inf, np.inf))
        low_cut, high_cut = np.quantile(values, (_PEEL, 1 - _PEEL))
        # Where many draws tie at an end, the peel goes past the tie.
        for keep, new in (
            (column >= low_cut if (values < low_cut).any() else column > low_cut, "low"),
            (column <= high_cut if (values > high_cut).any() else column < high_cut, "high"),
        ):
            kept = inside & keep
            if kept.any():
                edge = float(column[kept].min() if new == "low" else column[kept].max())
                out.append((name, (edge, float(high)) if new == "low" else (float(low), edge), kept))
    return out


def _without_idle_limits(columns: Columns, hits: BoolArray, limits: dict[str, Limit]) -> dict[str, Limit]:
    """Drop limits as long as the balance of coverage and density does not fall; two-sided ones side by side."""

    def balance(candidate: Mapping[str, Limit]) -> float:
        checkpoint()
        inside = _all_within(columns, candidate, len(hits))
        return _balance(float(inside[hits].mean()), float(hits[inside].mean()))

    now = balance(limits)
    while limits:
        trials: list[dict[str, Limit]] = []
        for name, limit in limits.items():
            rest = {k: v for k, v in limits.items() if k != name}
            trials.append(rest)
            if not isinstance(limit[0], str) and np.isfinite(limit[0]) and np.isfinite(float(limit[1])):
                trials += [
                    {**limits, name: (-np.inf, float(limit[1]))},
                    {**limits, name: (float(limit[0]), np.inf)},
                ]
        values = [balance(t) for t in trials]
        best = int(np.argmax(values))
        if values[best] < now:
            break
        limits, now = trials[best], values[best]
    while limits:
        chances = {name: _by_chance(columns, hits, limits, name) for name in limits}
        idle = max(chances, key=lambda name: chances[name])
        if chances[idle] <= _CHANCE:
            break
        limits = {k: v for k, v in limits.items() if k != idle}
    return limits


def _by_chance(columns: Columns, hits: BoolArray, limits: Mapping[str, Limit], name: str) -> float:
    """The chance of at least so many hits in the box if the limit on `name` told nothing."""
    # The tail of the binomial law as an incomplete beta function: `scipy.stats` takes most of a second to load.
    from scipy.special import betainc

    inside = _all_within(columns, limits, len(hits))
    without = _all_within(columns, {k: v for k, v in limits.items() if k != name}, len(hits))
    count, met = int(inside.sum()), int(hits[inside].sum())
    return float(betainc(met, count - met + 1, hits[without].mean())) if met else 1.0


def _balance(coverage: float, density: float) -> float:
    """The harmonic mean of both."""
    return 0.0 if coverage + density == 0 else 2 * coverage * density / (coverage + density)


def _within(column: npt.NDArray[Any], limit: Limit) -> BoolArray:
    if isinstance(limit[0], str):
        return np.isin(column.astype(str), np.array(limit))
    return np.asarray((column >= limit[0]) & (column <= limit[1]))


def _all_within(columns: Columns, limits: Mapping[str, Limit], size: int) -> BoolArray:
    out = np.ones(size, dtype=np.bool_)
    for name, limit in limits.items():
        out &= _within(columns[name], limit)
    return out


def _limit_words(name: str, limit: Limit) -> str:
    if isinstance(limit[0], str):
        return f"{name} is {listed([repr(v) for v in limit])}"
    low, high = float(limit[0]), float(limit[1])
    if np.isinf(low):
        return f"{name} is at most {high:.3g}"
    if np.isinf(high):
        return f"{name} is at least {low:.3g}"
    return f"{name} lies between {low:.3g} and {high:.3g}"
