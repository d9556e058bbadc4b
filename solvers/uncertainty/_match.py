"""Only worlds that fit what was seen: the draws in which the observed stances are an equilibrium, or can be sustained.

No selection rule is assumed: a draw is kept if the observed profile is *among* the equilibria of its game. Ciliberto and Tamer
(2009, *Econometrica* 77) infer likewise from games with several equilibria.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SampleError, did_you_mean
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import STATUS_QUO
from games.words import counted
from solvers.base.deadline import keeps_time
from solvers.base.result import Result
from solvers.base.rounding import ROUNDING
from solvers.repeated.patience._thresholds import threshold
from solvers.uncertainty._names import ProfileLike, describe, profile_of
from solvers.uncertainty._outcomes import Outcomes
from solvers.uncertainty._shares import Share, share_of

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["FEWEST", "How", "Matched", "match"]

How: TypeAlias = Literal["equilibrium", "sustainable"]
_HOW = {
    "equilibrium": "an equilibrium of the year's game",
    "sustainable": "sustainable by Nash reversion at the powers' own patience",
}

# Fewer kept draws than this say nothing: a share of 30 is known to about 18 points of a hundred.
FEWEST = 30


@dataclass(frozen=True, eq=False, repr=False)
class Matched(Result):
    """The draws that fit an observed profile.

    Attributes
    ----------
    before : Outcomes of all draws
    name, profile : the observed profile and its action numbers
    how : `equilibrium` or `sustainable`
    tolerance : regret allowed, as a share of each power's own capability
    regret : array (D, N), what each power could have gained by another action in the year, in points
    mask : bool array (D,), the draws kept
    """

    before: Outcomes
    name: str
    profile: Profile
    how: How
    tolerance: float
    regret: FloatArray
    mask: BoolArray

    _rows_shown = 40

    @property
    def share(self) -> Share:
        """The share of draws kept."""
        return share_of(self.mask)

    @cached_property
    def outcomes(self) -> Outcomes:
        """Outcomes of the draws kept."""
        return self.before.take(self.mask)

    @cached_property
    def learned(self) -> pd.DataFrame:
        """What the match taught about each number, what it taught most about first.

        Columns hold the median, 5 % and 95 % before and after. `distance` is the Kolmogorov distance between the draws kept and
        all draws (for a switch, the total variation distance). `by chance` is what it exceeds in one case of twenty where nothing
        is learned.
        """
        import pandas as pd

        kept, total = int(self.mask.sum()), len(self.mask)
        chance = 1.358 * np.sqrt((1 / kept) * (1 - kept / total))
        rows = {}
        for name, column in self.before.draws.columns.items():
            after = column[self.mask]
            if column.dtype.kind in "fiub":
                old, new = (np.quantile(x, (0.05, 0.5, 0.95)) for x in (column, after))
                rows[name] = (*old, *new, kolmogorov(column, after), chance)
            else:
                blank = (np.nan,) * 6
                rows[name] = (*blank, _total_variation(column, after), chance)
        columns = ["before 5 %", "before median", "before 95 %", "after 5 %", "after median", "after 95 %"]
        frame = pd.DataFrame.from_dict(rows, orient="index", columns=[*columns, "distance", "by chance"])
        frame.index.name = "number"
        return frame.sort_values("distance", ascending=False, kind="stable")

    def summary(self) -> str:
        slack = (
            ""
            if self.tolerance == 0
            else f", up to a regret of {100 * self.tolerance:g} per cent of each power's own capability"
        )
        text = (
            f"The stances of {self.name!r} ({describe(self.before.model, self.profile)}) are {_HOW[self.how]}{slack} in "
            f"{self.share} of {counted(len(self.mask), 'draw')}; {int(self.mask.sum()):,} are kept."
        )
        learned = self.learned
        clear = learned[learned["distance"] > learned["by chance"]]
        if not len(clear):
            return (
                text + " They differ from the rest in no single number by more than chance would make them."
            )
        parts = []
        for name, row in clear.head(3).iterrows():
            if np.isnan(row["after median"]):
                parts.append(f"{name}")
            else:
                parts.append(
                    f"{name} (median {row['before median']:.3g} before, {row['after median']:.3g} after)"
                )
        return text + f" The match teaches most about {'; '.join(parts)}."

    def to_frame(self) -> pd.DataFrame:
        """`learned`."""
        return self.learned.copy()


@checked
@keeps_time("the match", "take fewer draws")
def match(
    outcomes: Outcomes,
    observed: ProfileLike,
    how: How = "equilibrium",
    tolerance: float = 0.0,
    *,
    time_limit: float | None = None,
) -> Matched:
    """Keep the draws that fit an observed profile on the status quo map.

    Parameters
    ----------
    outcomes : Outcomes, of `evaluate`
    observed : name of an observed profile of the outcomes, or stances: action labels or numbers, or pairs (who contests, whom)
    how : `equilibrium` of the year's game, or, weaker, `sustainable` by Nash reversion at own patience
    tolerance : regret allowed, as a share of each power's own capability; only for `equilibrium`
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    SampleError
        If fewer than 30 draws are kept.
    MethodError
        For another `how`, or a tolerance that is negative, not finite, or does not apply.
    ProfileError
        For stances that are not in the game.

    Examples
    --------
    >>> from games import world
    >>> from solvers import uncertainty
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = uncertainty.evaluate(model, model.draws(512), regimes="concert")
    >>> pairs = [("United States", "China"), ("China", "United States"), ("United States", "Russia"), ("Russia", "United States")]
    >>> match(found, pairs).share.value > 0.1
    True
    """
    if how not in _HOW:
        raise MethodError(f"how is {how!r}{did_you_mean(how, _HOW)}")
    if not (np.isfinite(tolerance) and tolerance >= 0):
        raise MethodError(f"tolerance is {tolerance!r}; it is a finite share of capability, not negative")
    if how == "sustainable" and tolerance:
        raise MethodError("a tolerance in regret applies to how='equilibrium' only")
    model = outcomes.model
    if isinstance(observed, str) and observed in outcomes.observed:
        k = outcomes.observed.index(observed)
        name, profile = observed, outcomes.observed_profiles[k]
        payoffs, gains = outcomes.observed_payoffs[:, k], outcomes.observed_gains[:, k]
        critical = outcomes.observed_nash[:, k]
    else:
        profile = profile_of(model, observed)
        name = observed if isinstance(observed, str) else "handed in"
        payoffs, deviations = model.unilateral(profile, STATUS_QUO, outcomes.draws)
        gains = deviations.max(axis=-1) - payoffs
        low = outcomes.competition.low
        small = ROUNDING * np.abs(deviations).max(axis=-1)
        critical = threshold(gains, payoffs, np.where(np.isnan(low), payoffs, low), small)
    regret = np.maximum(gains, 0.0)
    if how == "equilibrium":
        # Rounding is no regret: the threshold is 0 exactly where no gain exceeds it.
        mask = ((critical == 0) | (regret <= tolerance * outcomes.capability)).all(axis=1)
    else:
        mask = (outcomes.discount >= critical).all(axis=1)
    kept = int(mask.sum())
    if kept < FEWEST:
        raise SampleError(
            f"the stances of {name!r} are {_HOW[how]} in {kept:,} of {len(mask):,} draws; at least {FEWEST} are needed to say "
            "anything: draw more, or allow a tolerance"
        )
    return Matched(outcomes, name, profile, how, float(tolerance), regret, mask)


def kolmogorov(one: npt.ArrayLike, other: npt.ArrayLike) -> float:
    """The largest difference between two samples' distribution functions.

    >>> kolmogorov([1.0, 2.0, 3.0, 4.0], [3.0, 4.0])
    0.5
    """
    a, b = np.sort(np.asarray(one, dtype=np.float64)), np.sort(np.asarray(other, dtype=np.float64))
    points = np.concatenate([a, b])
    return float(
        np.abs(
            np.searchsorted(a, points, side="right") / len(a)
            - np.searchsorted(b, points, side="right") / len(b)
        ).max()
    )


def _total_variation(one: npt.NDArray[np.str_], other: npt.NDArray[np.str_]) -> float:
    return 0.5 * sum(abs(float((one == v).mean()) - float((other == v).mean())) for v in np.unique(one))
