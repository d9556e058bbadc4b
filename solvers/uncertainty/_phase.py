"""A map of where something is true, over any two numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, did_you_mean
from games.normal_form import FloatArray
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.words import counted
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.result import Result
from solvers.repeated.patience._monitoring import noisy_threshold
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._laws import point, quantile, ranged
from solvers.uncertainty._names import COMPETITION
from solvers.uncertainty._outcomes import Outcomes

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DISCOUNT", "MISSED", "NOISE", "Phase", "phase"]

DISCOUNT, NOISE, MISSED = "discount", "false alarms", "missed breaches"
# Numbers of the repeated game that are no numbers of the model: name, default range.
_REPEATED = {DISCOUNT: (0.02, 0.98), NOISE: (0.0, 0.3), MISSED: (0.0, 0.9)}


@dataclass(frozen=True, eq=False, repr=False)
class Phase(Result):
    """Where a deal holds (or something else is true of it), over two numbers.

    Attributes
    ----------
    x, y : names of the numbers
    xs, ys : arrays (X,) and (Y,) of their values
    share : array (Y, X), the share of draws in which it is true; 0 or 1 without draws
    condition, regime, map, against : what is true, and of which deal
    draws : number of draws, 0 where the other numbers keep the model's own values
    own : the model's own values of x and y, NaN for those that the model has no one value of
    """

    x: str
    y: str
    xs: FloatArray
    ys: FloatArray
    share: FloatArray
    condition: str
    regime: str
    map: str
    against: str
    draws: int
    own: tuple[float, float]

    def summary(self) -> str:
        where = (
            f"over {counted(self.draws, 'draw')} of the other numbers"
            if self.draws
            else "other numbers at the model's own values"
        )
        true = self.share > 0.5
        text = (
            f"{self.condition!r} of the {self.regime} on the map {self.map!r}, over {self.x} from {self.xs[0]:.3g} to "
            f"{self.xs[-1]:.3g} and {self.y} from {self.ys[0]:.3g} to {self.ys[-1]:.3g}, {where}: "
        )
        if not true.any():
            return text + (
                "true nowhere."
                if not (self.share > 0).any()
                else "nowhere true in more than half of the draws."
            )
        if true.all():
            return text + (
                "true everywhere." if not self.draws else "true in more than half of the draws everywhere."
            )
        kind = "true in" if not self.draws else "true in more than half of the draws in"
        return text + f"{kind} {100 * true.mean():.0f} per cent of the map."

    def to_frame(self) -> pd.DataFrame:
        """Shares, one row for each value of y (the largest first) and one column for each value of x."""
        import pandas as pd

        return pd.DataFrame(
            self.share[::-1],
            index=pd.Index(self.ys[::-1], name=self.y),
            columns=pd.Index(self.xs, name=self.x),
        )


@checked
@keeps_time("the map", "take a smaller size or fewer draws")
def phase(
    model: SpheresModel,
    x: str,
    y: str,
    *,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    condition: str = "holds",
    against: str = COMPETITION,
    xs: npt.ArrayLike | None = None,
    ys: npt.ArrayLike | None = None,
    size: int = 33,
    draws: Draws | None = None,
    time_limit: float | None = None,
) -> Phase:
    """Map where a condition is true of a deal.

    Parameters
    ----------
    model : SpheresModel
    x, y : two different numbers: assumed numbers by name, `discount` (one discount factor for all powers), `false alarms` (chance
        a year that the deal ends by mistake), or `missed breaches` (chance that a breach stays unseen)
    map, regime : the deal
    condition : see `Outcomes.condition`; `discount`, `false alarms` and `missed breaches` matter only to `holds` and
        `pays all and holds`
    against : the benchmark of `pays all`
    xs, ys : values, ascending; by default `size` of them over the range, evenly by its law
    draws : Draws of the other numbers, so that a cell is a share; left out, they keep the model's own values
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For an unknown number, the same number twice, values that do not ascend, or an axis that does not matter to the condition.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = phase(model, "contest_cost", "discount", size=5)
    >>> found.share.shape
    (5, 5)
    """
    if x == y:
        raise MethodError(f"a map needs two different numbers; both are {x!r}")
    axes = {x: _values(model, x, xs, size), y: _values(model, y, ys, size)}
    repeated = [name for name in axes if name in _REPEATED]
    if repeated and condition not in ("holds", "pays all and holds"):
        raise MethodError(
            f"{repeated[0]!r} matters to 'holds' and 'pays all and holds' only, not to {condition!r}"
        )
    kernel = [name for name in axes if name not in _REPEATED]
    grids = np.meshgrid(*(axes[name] for name in kernel), indexing="ij") if kernel else []
    cells = grids[0].size if grids else 1
    count = 1 if draws is None else len(draws)
    if draws is None:
        columns = {name: grid.reshape(-1) for name, grid in zip(kernel, grids)}
        name = next(iter(ranged(model)), None)
        if not columns and name is None:
            raise MethodError("the model has no number with a range")
        table = Draws(columns or {str(name): np.array([float(point(model, str(name)))])}, {}, "a grid")
    else:
        # Draws run fastest.
        repeated_draws = draws.take(np.tile(np.arange(count), cells))
        table = repeated_draws.fix({n: np.repeat(g.reshape(-1), count) for n, g in zip(kernel, grids)})
    observed = () if against == COMPETITION else (against,)
    found = evaluate(model, table, map, (regime,), observed=observed, autonomy=False)
    shape = (*(len(axes[name]) for name in kernel), count)
    if not repeated:
        true = found.condition(condition, regime, against).reshape(shape).mean(axis=-1)
        share = true.T  # kernel axes are (x, y)
    else:
        share = _repeated(found, axes, x, y, shape, condition, against)
    own = (_own(model, x), _own(model, y))
    return Phase(
        x,
        y,
        axes[x],
        axes[y],
        share,
        condition,
        regime,
        found.map,
        against,
        0 if draws is None else count,
        own,
    )


def _own(model: SpheresModel, name: str) -> float:
    return float("nan") if name in _REPEATED else float(point(model, name))


def _values(model: SpheresModel, name: str, values: npt.ArrayLike | None, size: int) -> FloatArray:
    known = (*ranged(model), *_REPEATED)
    if name not in known:
        raise MethodError(f"there is no number {name!r}{did_you_mean(name, known)}")
    if values is None:
        if size < 2:
            raise MethodError(f"size is {size}; a map needs at least 2 values on each axis")
        if name in _REPEATED:
            return np.linspace(*_REPEATED[name], size)
        return quantile(model, name, np.linspace(0.0, 1.0, size))
    array = np.asarray(values, dtype=np.float64)
    if array.ndim != 1 or not len(array) or not np.isfinite(array).all() or (np.diff(array) <= 0).any():
        raise MethodError(f"values of {name!r} must be finite numbers that ascend")
    if name in _REPEATED and not (array[0] >= 0 and array[-1] <= 1):
        raise MethodError(f"values of {name!r} lie between 0 and 1")
    return array


def _repeated(
    found: Outcomes,
    axes: dict[str, FloatArray],
    x: str,
    y: str,
    shape: tuple[int, ...],
    condition: str,
    against: str,
) -> FloatArray:
    """Shares (Y, X) where one axis or both belong to the repeated game."""
    n = len(found.players)
    gains, deal = found.gains[:, 0].reshape(*shape, n), found.payoffs[:, 0].reshape(*shape, n)
    low = found.reversion.low.reshape(*shape, n)
    value = np.where(np.isnan(low), deal, low)
    small = np.where(found.nash[:, 0] == 0, np.inf, 0.0).reshape(*shape, n)
    pays = found.condition("pays all", found.regimes[0], against).reshape(shape)
    out = np.empty((len(axes[y]), len(axes[x])))
    for a, one in enumerate(axes[y]):
        for b, other in enumerate(axes[x]):
            checkpoint()
            at = {y: float(one), x: float(other)}
            # The kernel's axes come in the order x, y.
            index = tuple({x: b, y: a}[name] for name in (x, y) if name not in _REPEATED)
            false_alarm, detection = at.get(NOISE, 0.0), 1 - at.get(MISSED, 0.0)
            critical = noisy_threshold(
                gains[index], deal[index], value[index], false_alarm, detection, small[index]
            )
            discount = at[DISCOUNT] if DISCOUNT in at else found.discount.reshape(*shape, n)[index]
            true = (discount >= critical).all(axis=-1)
            if condition == "pays all and holds":
                true = true & pays[index]
            out[a, b] = true.mean()
    return out
