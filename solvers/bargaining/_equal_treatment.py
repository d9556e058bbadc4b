"""What equality costs: the difference of two bargaining solutions to the strongest player."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import instance
from games.errors import BargainingError, did_you_mean
from games.normal_form import FloatArray
from games.words import the
from solvers.bargaining._problem import BargainingProblem
from solvers.bargaining._solutions import Solution, solve
from solvers.base.deadline import keeps_time
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["EqualTreatment", "equal_treatment_cost"]


@dataclass(frozen=True, eq=False, repr=False)
class EqualTreatment(Result):
    """What treating all players as equals costs: the difference of two solutions.

    Attributes
    ----------
    equal, unequal : the two solutions
    cost : array (N,), payoffs under `unequal` less those under `equal`
    strongest : the player that counts as the strongest
    """

    equal: Solution
    unequal: Solution
    cost: FloatArray
    strongest: str

    def summary(self) -> str:
        price = self.cost[self.equal.problem.names.index(self.strongest)]
        strongest = the(self.strongest)
        effect = f"costs {strongest} {price:.6g}" if price >= 0 else f"gives {strongest} {-price:.6g}"
        needed = self.equal.needs_common_unit or self.unequal.needs_common_unit
        unit = " One of the two needs a common unit of payoffs." if needed else ""
        return (
            f"Equal treatment ({self.equal.name}) instead of the {self.unequal.name} solution {effect}.{unit}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: both payoffs and the difference."""
        import pandas as pd

        return pd.DataFrame(
            {self.unequal.name: self.unequal.payoffs, self.equal.name: self.equal.payoffs, "cost": self.cost},
            index=pd.Index(self.equal.problem.names, name="player"),
        )


@keeps_time("the comparison", "take fewer outcomes")
def equal_treatment_cost(
    problem: BargainingProblem,
    equal: str = "egalitarian",
    unequal: str = "nash",
    weights: npt.ArrayLike | None = None,
    strongest: str | None = None,
    *,
    time_limit: float | None = None,
) -> EqualTreatment:
    """What the strongest player loses if all are treated as equals: the difference of two solutions.

    `weights` go to the unequal solution (capability shares, for example). The strongest is the player named so; by default the
    one with the largest weight, or without weights the one that loses most as a share of its payoff scale.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> found = equal_treatment_cost(BargainingProblem([[1, 0], [0, 1]], [0, 0]), weights=[0.7, 0.3])
    >>> found.strongest, found.cost.round(6).tolist()
    ('Player 1', [0.2, -0.2])
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    if strongest is not None and strongest not in problem.names:
        raise BargainingError(f"there is no player {strongest!r}{did_you_mean(strongest, problem.names)}")
    first, second = solve(problem, equal), solve(problem, unequal, weights)
    cost = second.payoffs - first.payoffs
    if strongest is None:
        by = cost / problem.scale if weights is None else np.asarray(weights)
        strongest = problem.names[int(by.argmax())]
    return EqualTreatment(first, second, cost, strongest)
