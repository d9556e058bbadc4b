"""Draw on until the shares are known well enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError, MethodError
from games.spheres import STATUS_QUO, MapLike, SpheresModel
from games.words import counted
from solvers.base.deadline import Deadline, TimeOver
from solvers.base.result import Result
from solvers.uncertainty._evaluate import evaluate
from solvers.uncertainty._names import COMPETITION
from solvers.uncertainty._outcomes import Outcomes, joined
from solvers.uncertainty._shares import Share

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Reached", "until"]


@dataclass(frozen=True, eq=False, repr=False)
class Reached(Result):
    """Shares drawn to a precision.

    Attributes
    ----------
    outcomes : Outcomes of all draws
    precision : the error asked for (half a 95 % interval)
    conditions, against : whose shares were to reach it
    history : pairs (draws, largest error), one for each doubling
    cut : True if the time limit ended the draws
    """

    outcomes: Outcomes
    precision: float
    conditions: tuple[str, ...]
    against: str
    history: tuple[tuple[int, float], ...]
    cut: bool

    @property
    def shares(self) -> dict[str, Share]:
        """The shares of the deal, by condition."""
        return {name: self.outcomes.share(name, None, self.against) for name in self.conditions}

    @property
    def reached(self) -> bool:
        """Is every error at most the precision?"""
        return self.history[-1][1] <= self.precision

    def summary(self) -> str:
        draws, error = self.history[-1]
        shares = "; ".join(f"{name} in {share}" for name, share in self.shares.items())
        text = f"{counted(draws, 'draw')} of the {self.outcomes.regimes[0]}: {shares}. The largest error is {error:.2g}"
        if self.reached:
            return text + f", within the {self.precision:g} asked for."
        limit = "time limit" if self.cut else "limit on draws"
        return text + f", more than the {self.precision:g} asked for: the {limit} was reached."

    def to_frame(self) -> pd.DataFrame:
        """One row for each condition: share, error, low, high, draws."""
        import pandas as pd

        rows = [(s.value, s.error, s.low, s.high, s.draws) for s in self.shares.values()]
        return pd.DataFrame(
            rows,
            columns=["share", "error", "low", "high", "draws"],
            index=pd.Index(self.shares, name="condition"),
        )


@checked
def until(
    model: SpheresModel,
    precision: float = 0.01,
    map: MapLike = STATUS_QUO,
    regime: str = "concert",
    *,
    conditions: Sequence[str] = ("pays all", "holds", "pays all and holds"),
    against: str = COMPETITION,
    first: int = 1024,
    most: int = 65_536,
    seed: int = 0,
    time_limit: float | None = None,
    **options: Any,
) -> Reached:
    """Double the number of draws until the error of every share is at most `precision`.

    Parameters
    ----------
    model, map, regime : the deal
    precision : half a 95 % interval, between 0 and 1
    conditions, against : whose shares; see `Outcomes.condition`
    first, most : draws to begin with (a power of two), and after how many to give up
    seed : of the draws; each doubling continues the same Sobol sequence
    time_limit : seconds of wall time, optional; the last doubling that is complete by then is returned and says so
    options : further arguments of `evaluate`, such as `mixed`

    Raises
    ------
    MethodError
        For a precision outside (0, 1), an unknown condition, or numbers of draws that do not fit.
    ConvergenceError
        If the time limit ends before the first draws are evaluated.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> until(model, 0.05, first=128).reached
    True
    """
    if not 0 < precision < 1:
        raise MethodError(f"precision is {precision!r}; it lies between 0 and 1")
    if first < 1 or first & (first - 1):
        raise MethodError(f"first is {first}; it must be a power of two, at which Sobol points are balanced")
    if most < first:
        raise MethodError(f"most is {most}, fewer than the {first} draws to begin with")
    options = {"autonomy": False, "observed": () if against == COMPETITION else (against,), **options}
    parts: list[Outcomes] = []
    history: list[tuple[int, float]] = []
    count = 0
    deadline = Deadline(time_limit)
    cut = False
    while True:
        target = first if not count else 2 * count
        try:
            with deadline.enforced():
                draws = model.draws(target, seed=seed).take(slice(count, target))
                more = evaluate(model, draws, map, (regime,), **options)
            if deadline.cut:
                raise TimeOver
        except TimeOver:
            if deadline.is_outer:
                raise
            if not count:
                raise ConvergenceError(
                    f"the first {first:,} draws were not done at the time limit of {float(time_limit or 0):g} s: "
                    f"{deadline.reached}; raise time_limit, or begin with fewer",
                    "until",
                ) from None
            cut = True
        else:
            parts.append(more)
            count = target
            history.append((count, _error(parts, conditions, against)))
        if cut or history[-1][1] <= precision or 2 * count > most:
            return Reached(joined(parts), float(precision), tuple(conditions), against, tuple(history), cut)


def _error(parts: Sequence[Outcomes], conditions: Sequence[str], against: str) -> float:
    from solvers.uncertainty._shares import share_of

    return max(
        share_of(np.concatenate([p.condition(name, None, against) for p in parts])).error
        for name in conditions
    )
