"""Until when would a deal hold? The patience that it needs, year by year and draw by draw, while the powers grow.

Two readings stand side by side. *Each year alone*: its stage game is taken as if it were repeated forever. A breach is answered
by that year's own pure equilibrium, the one harshest for the deviator (Friedman 1971). *Foreseen*: the path is one stochastic
game. With C and W what the deal and its breach are worth to power i from a year on,

    C(t) = (1 - d) u(t) + d C(t + 1),    W(t) = (1 - d) w(t) + d W(t + 1),    the last year forever,
    the deal holds in year t if  d (C(t + 1) - W(t + 1)) >= (1 - d) g(t),  and from t on if that is so in every later year.

A year that is left out counts as the one before it. `solvers.spheres.outlook` takes chance and regions that move into account.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.normal_form import BoolArray, FloatArray
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel, stances
from solvers.base.deadline import keeps_time, steps
from solvers.base.result import Result
from solvers.repeated import threshold
from solvers.repeated.patience import incentive_slack
from solvers.uncertainty import _stages
from solvers.uncertainty._names import as_draws
from solvers.uncertainty._shares import Share, share_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Horizon", "horizon"]

# Payoffs computed in all: 64 million, half a gigabyte in blocks and some seconds.
_LARGEST = 64_000_000
# Payoffs held at once: 32 MB.
_BLOCK = 2**22


@dataclass(frozen=True, eq=False, repr=False)
class Horizon(Result):
    """The patience that a deal needs along the path of capabilities, over draws.

    Attributes
    ----------
    model, draws : what was drawn
    map, regime : the deal
    years : array (T,)
    critical : array (D, T, N), critical discount factors; 0 where no deviation gains, inf where none is high enough, NaN where
        the year's game has no pure equilibrium to return to
    discount : array (D, N), the powers' own
    holds : bool array (D, T), no deviation pays at the powers' own discount factors
    undecided : bool array (D, T), there is no pure equilibrium to return to, and the minmax bound does not exclude the deal
    foreseen : bool array (D, T), the path being one game, the deal holds in that year and all later ones
    foreseen_undecided : bool array (D, T), the same only if some year without a pure equilibrium is punished harder
    """

    _rows_shown = 40

    model: SpheresModel
    draws: Draws
    map: str
    regime: str
    years: npt.NDArray[np.int64]
    critical: FloatArray
    discount: FloatArray
    holds: BoolArray
    undecided: BoolArray
    foreseen: BoolArray
    foreseen_undecided: BoolArray

    def share(self, year: int) -> Share:
        """The share of draws in which the deal holds in a year."""
        return share_of(self.holds[:, self._at(year)])

    def band(self, low: float = 0.05, high: float = 0.95) -> FloatArray:
        """Low quantile, median and high quantile of each power's critical discount factor, (3, T, N).

        Each is the factor of some draw; inf counts as above all others, and draws without an equilibrium are left out.
        """
        with np.errstate(invalid="ignore"):
            found = np.nanquantile(self.critical, [low, 0.5, high], axis=0, method="inverted_cdf")
        return np.asarray(found)

    @property
    def ends(self) -> pd.DataFrame:
        """When the deal stops holding, as shares of draws: `from the start`, the first year examined in which it fails, `not
        before ...`, and `undecided` where a year that is undecided comes first.

        Columns: share, error, low, high, draws.
        """
        import pandas as pd

        count = len(self.years)
        first = np.where(self.holds.all(axis=1), count, self.holds.argmin(axis=1))
        at = np.minimum(first, count - 1)
        unsure = (first < count) & self.undecided[np.arange(len(first)), at]
        rows = {"from the start": (first == 0) & ~unsure}
        rows |= {f"by {self.years[t]}": (first == t) & ~unsure for t in range(1, count)}
        rows |= {f"not before {self.years[-1]}": first == count, "undecided": unsure}
        shares = {
            name: share_of(hits) for name, hits in rows.items() if hits.any() or not name.startswith("by")
        }
        return pd.DataFrame(
            [(s.value, s.error, s.low, s.high, s.draws) for s in shares.values()],
            columns=["share", "error", "low", "high", "draws"],
            index=pd.Index(shares, name="stops holding"),
        )

    def summary(self) -> str:
        first, last = int(self.years[0]), int(self.years[-1])
        text = (
            f"Over {len(self.draws):,} draws the {self.regime} on the map {self.map!r} holds in {share_of(self.holds[:, 0])} "
            f"in {first} and in {share_of(self.holds[:, -1])} in {last}, each year's game being taken as if it lasted forever."
        )
        open_ = self.undecided[:, [0, -1]].mean(axis=0)
        if open_.any():
            text += (
                f" It is undecided in {100 * open_[0]:.0f} % in {first} and {100 * open_[1]:.0f} % in {last}, where there is no "
                "pure equilibrium to return to."
            )
        return text + (
            f" If the powers foresee the whole path, it holds from {first} on in {share_of(self.foreseen[:, 0])}."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each year: the shares in which the deal holds (with its error) or is undecided, the year alone and the path
        foreseen, and each power's 5 %, median and 95 % need."""
        import pandas as pd

        low, middle, high = self.band()
        shares = [share_of(self.holds[:, t]) for t in range(len(self.years))]
        frame = pd.DataFrame(
            {
                "holds": [s.value for s in shares],
                "error": [s.error for s in shares],
                "undecided": self.undecided.mean(axis=0),
                "foreseen": self.foreseen.mean(axis=0),
                "foreseen undecided": self.foreseen_undecided.mean(axis=0),
            },
            index=pd.Index(self.years, name="year"),
        )
        for i, power in enumerate(self.model.players):
            frame[f"{power} 5 %"], frame[f"{power} median"], frame[f"{power} 95 %"] = (
                low[:, i],
                middle[:, i],
                high[:, i],
            )
        return frame

    def _at(self, year: int) -> int:
        where = np.flatnonzero(self.years == year)
        if not len(where):
            raise MethodError(
                f"there is no year {year} here; the years are {', '.join(map(str, self.years))}"
            )
        return int(where[0])


@checked
@keeps_time("the horizon", "take fewer draws or years")
def horizon(
    model: SpheresModel,
    draws: Draws | pd.DataFrame,
    until: int = 2050,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    years: Sequence[int] | None = None,
    time_limit: float | None = None,
) -> Horizon:
    """The patience that a deal needs in each year up to `until`, in every draw, while every power grows at its own rate.

    Parameters
    ----------
    model : SpheresModel with a year, of at most four powers
    draws : Draws, or a table; rates of growth may be among them (`powers.China.growth`)
    until : the last year
    map, regime : the deal; a breach is answered on the same map
    years : the years examined; every one up to `until` by default
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    MethodError
        For a model without a year, or years that do not lead onward from it.
    ScenarioError
        For a share of the world that would grow beyond 1, and for draws, maps or regimes that do not fit.
    SizeError
        Before the work, for more than 64 million payoffs; the message has the estimate.

    Notes
    -----
    A year's stage game is taken as repeated forever. Growth is extrapolated from the ten years before the epoch.

    Examples
    --------
    >>> from games import load
    >>> model = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    >>> found = horizon(model, model.draws(64), years=[2025, 2035, 2050])
    >>> found.critical.shape, list(found.ends.index)[0]
    ((64, 3, 3), 'from the start')
    """
    if model.year is None:
        raise MethodError("a horizon needs a model that says its year")
    chosen = list(range(model.year, until + 1)) if years is None else [int(y) for y in years]
    if not chosen or chosen != sorted(set(chosen)) or chosen[0] < model.year or chosen[-1] > until:
        raise MethodError(
            f"years lead onward from {model.year} to {until}, each named once; got {chosen or 'none'}"
        )
    table = as_draws(draws)
    n = len(model.players)
    size = 2 ** (n - 1)
    total = len(table) * len(chosen) * size**n * n
    if total > _LARGEST:
        raise SizeError(
            f"{len(table):,} draws in {len(chosen)} years of {size**n:,} profiles make {total:.2g} payoffs; {_LARGEST:.2g} "
            "fit. Take fewer draws or years; of five powers and more use a single year's comparison"
        )
    told = model.profile(regime)
    contests = stances.every_contest(n)
    at = np.repeat(np.arange(len(table)), len(chosen))
    moments = np.tile(np.array(chosen, dtype=np.float64), len(table))
    step = max(1, _BLOCK // (size**n * n))
    gains, kept, floors, bounds = [], [], [], []
    starts = range(0, len(at), step)
    for start in steps(starts, len(starts), "blocks of draws and years"):
        block = slice(start, start + step)
        worlds = table.take(at[block]).fix({"year": moments[block]})
        payoffs = model.payoffs(contests, map, worlds).reshape(-1, *(size,) * n, n)
        gains.append(_stages.deviation_gains(payoffs, told))
        kept.append(_stages.payoffs_at(payoffs, told))
        floor = _stages.equilibrium_bounds(payoffs, _stages.pure_equilibria(payoffs)).low
        bound = floor.copy()
        missing = np.isnan(floor).any(axis=-1)
        if missing.any():
            bound[missing] = _stages.correlated_minmax(payoffs[missing])
        floors.append(floor)
        bounds.append(bound)
    shape = (len(table), len(chosen), n)
    gain, u, w, bound = (np.concatenate(parts).reshape(shape) for parts in (gains, kept, floors, bounds))
    known = np.asarray(~np.isnan(w).any(axis=-1))
    # Differences below this are rounding, as everywhere in repeated play.
    tolerance = 1e-12 * np.maximum(1.0, np.abs(u))
    critical = np.where(
        known[..., None], threshold(gain, u, np.where(known[..., None], w, u), tolerance), np.nan
    )
    discount = np.broadcast_to(model.discounts(table), (len(table), n))
    slack = incentive_slack(gain, u, bound, discount[:, None], tolerance=tolerance)
    keeps = np.asarray((slack >= 0.0).all(axis=-1))
    onward = _foreseen(np.array(chosen), gain, u, bound, discount, tolerance)
    # A year without a pure equilibrium leaves all earlier ones open, too.
    later = np.logical_and.accumulate(known[:, ::-1], axis=1)[:, ::-1]
    arrays = (critical, keeps & known, keeps & ~known, onward & later, onward & ~later)
    for array in arrays:
        array.setflags(write=False)
    critical, holds, undecided, foreseen, foreseen_undecided = arrays
    return Horizon(
        model,
        table,
        map if isinstance(map, str) else "a partition",
        regime,
        np.array(chosen, dtype=np.int64),
        critical,
        np.asarray(discount),
        holds,
        undecided,
        foreseen,
        foreseen_undecided,
    )


def _foreseen(
    years: npt.NDArray[np.int64],
    gain: FloatArray,
    kept: FloatArray,
    punished: FloatArray,
    discount: FloatArray,
    tolerance: FloatArray,
) -> BoolArray:
    """Does the deal hold in each year and all later ones of the path as one game, (D, T)? Payoffs are (D, T, N)."""
    out = np.ones(gain.shape[:2], dtype=np.bool_)
    # What the deal is worth above its breach, from a year on.
    premium = kept - punished
    ahead = premium[:, -1]
    for t in reversed(range(len(years))):
        last = t == len(years) - 1
        rest = 0.0 if last else discount ** (years[t + 1] - years[t] - 1.0)
        # From the year after this one on: the years that this one stands for, then the next one examined.
        after = (1.0 - rest) * premium[:, t] + rest * ahead
        # Of the years that one stands for, the first or the last has the least to lose.
        for at_stake in (after, ahead):
            slack = incentive_slack(gain[:, t], at_stake, 0.0, discount, tolerance=tolerance[:, t])
            out[:, t] &= (slack >= 0.0).all(axis=-1)
        if not last:
            out[:, t] &= out[:, t + 1]
        ahead = premium[:, t] * (1.0 - discount) + discount * after
    return out
