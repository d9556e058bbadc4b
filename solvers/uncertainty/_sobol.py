"""How much of the variance of each result each number is responsible for: Sobol indices, by SALib.

First-order index: the share of the variance that goes away on average if the number is known. Total index: the share that is
left on average if all *other* numbers are known (Sobol 2001; Saltelli et al. 2010; estimators of SALib, Herman and Usher 2017).
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SampleError
from games.normal_form import FloatArray
from games.spheres import STATUS_QUO, MapLike, SpheresModel
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._laws import check_number, fixed, quantile, ranged
from solvers.uncertainty._names import COMPETITION
from solvers.uncertainty._outcomes import Outcomes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SobolIndices", "indices", "sobol"]


@dataclass(frozen=True, eq=False, repr=False)
class SobolIndices(Result):
    """First-order and total Sobol indices.

    Attributes
    ----------
    table : DataFrame, one row for each result and number: result, number, first, first error, total, total error (half the 95 %
        bootstrap interval); NaN for a result that does not vary
    evaluations : how many games were evaluated
    what : the deal in words
    """

    table: pd.DataFrame
    evaluations: int
    what: str

    _rows_shown = 40

    def of(self, result: str) -> pd.DataFrame:
        """The numbers behind one result, the most important first."""
        part = self.table[self.table["result"] == result]
        if not len(part):
            from games.errors import did_you_mean

            raise MethodError(
                f"there is no result {result!r}{did_you_mean(result, self.table['result'].unique())}"
            )
        return (
            part.drop(columns="result")
            .set_index("number")
            .sort_values("total", ascending=False, kind="stable")
        )

    def summary(self) -> str:
        parts = [f"Sobol indices of {self.what}, from {self.evaluations:,} evaluations."]
        for result in self.table["result"].unique():
            part = self.of(result)
            if part["total"].isna().all():
                parts.append(f"{result} does not vary.")
                continue
            top = [
                f"{name} (total {row['total']:.2f} ± {row['total error']:.2f})"
                for name, row in part.head(2).iterrows()
            ]
            parts.append(f"{result} depends most on {' and '.join(top)}.")
        return " ".join(parts)

    def to_frame(self) -> pd.DataFrame:
        """`table`."""
        return self.table.copy()


@checked
@keeps_time("the list of Sobol indices", "take a smaller n or fewer numbers")
def sobol(
    model: SpheresModel,
    n: int = 1024,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    against: str = COMPETITION,
    *,
    conditions: Sequence[str] = ("pays all", "holds"),
    numbers: Sequence[str] | None = None,
    seed: int = 0,
    time_limit: float | None = None,
) -> SobolIndices:
    """Sobol indices of each power's premium and of some conditions (as 0 and 1), for a deal.

    Parameters
    ----------
    model, map, regime : the deal
    n : base sample, a power of two; n (K + 2) games are evaluated for K numbers
    against : the benchmark of the premiums: `competition` (the least premium over its equilibria) or an observed profile
    conditions : see `Outcomes.condition`
    numbers : names of assumed numbers, by default all that have a range; each is drawn alone over it
    seed : of the points and of the bootstrap
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        If SALib is not installed, n is not a power of two, or a name is unknown.
    SampleError
        If some draws have no equilibrium to compare with.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = sobol(model, 16, numbers=["half_distance", "contest_cost"])
    >>> found.evaluations
    64
    """
    names = ranged(model) if numbers is None else tuple(numbers)
    for name in names:
        check_number(model, name, "numbers")
    if not names:
        raise MethodError("the model has no number with a range")
    observed = () if against == COMPETITION else (against,)
    found: list[Outcomes] = []

    def results(points: FloatArray) -> dict[str, FloatArray]:
        columns = {name: quantile(model, name, points[:, k]) for k, name in enumerate(names)}
        outcomes = evaluate(
            model,
            fixed(model, columns, "Saltelli's points"),
            map,
            (regime,),
            observed=observed,
            autonomy=False,
        )
        found.append(outcomes)
        premium = outcomes.premium(regime, against).low
        lacking = int(np.isnan(premium).any(axis=1).sum())
        if lacking:
            raise SampleError(
                f"in {lacking:,} of {len(outcomes):,} draws no equilibrium was found to compare with; indices need all: take an "
                "observed profile as the benchmark"
            )
        out = {f"premium of {power}": premium[:, i] for i, power in enumerate(outcomes.players)}
        return out | {
            name: outcomes.condition(name, regime, against).astype(np.float64) for name in conditions
        }

    table, count = indices(results, names, n, seed)
    return SobolIndices(table, count, f"the {regime} on the map {found[0].map!r} against {against}")


def indices(
    function: Callable[[FloatArray], Mapping[str, FloatArray]], names: Sequence[str], n: int, seed: int = 0
) -> tuple[pd.DataFrame, int]:
    """Indices of any function of points (M, K) in the unit cube that returns results (M,) by name; and M.

    Raises MethodError if SALib is not installed, or n is not a power of two.
    """
    import pandas as pd

    try:
        from SALib.analyze import sobol as analysis
        from SALib.sample import sobol as sampling
    except ImportError:
        raise MethodError(
            "Sobol indices need the package SALib: pip install 'concert-of-powers[uncertainty]'"
        ) from None
    if isinstance(n, bool) or int(n) != n or n < 2 or int(n) & (int(n) - 1):
        raise MethodError(f"n is {n!r}; it must be a power of two, at least 2")
    problem = {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}
    points = sampling.sample(problem, int(n), calc_second_order=False, seed=seed)
    rows = []
    for result, values in function(points).items():
        checkpoint()
        if np.ptp(values) <= 1e-12 * np.abs(values).max():
            rows += [(result, name, *(np.nan,) * 4) for name in names]
            continue
        with warnings.catch_warnings():
            # A rare result is constant in some of SALib's resamples, which says nothing about the result itself.
            warnings.filterwarnings("ignore", message="Constant values encountered")
            # SALib takes a seed of 0 for none.
            found = analysis.analyze(problem, np.asarray(values), calc_second_order=False, seed=seed + 1)
        rows += [
            (result, name, found["S1"][k], found["S1_conf"][k], found["ST"][k], found["ST_conf"][k])
            for k, name in enumerate(names)
        ]
    columns = ["result", "number", "first", "first error", "total", "total error"]
    return pd.DataFrame(rows, columns=columns), len(points)
