"""Bargaining solutions: Nash, Kalai-Smorodinsky, egalitarian, utilitarian, equal split."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from games.arguments import checked, instance, numbers
from games.errors import BargainingError, ConvergenceError
from games.normal_form import FloatArray
from games.words import counted, listed, sentence, the
from solvers.bargaining._nash_product import maximise_log_product
from solvers.bargaining._problem import BargainingProblem, Key, Mixture
from solvers.base.deadline import keeps_time
from solvers.base.options import Method, Registry
from solvers.base.result import Result
from solvers.base.rounding import TOLERANCE

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "SOLUTIONS",
    "Solution",
    "SolutionTable",
    "egalitarian",
    "equal_split",
    "kalai_smorodinsky",
    "nash",
    "solve",
    "solve_all",
    "utilitarian",
]


@dataclass(frozen=True, eq=False, repr=False)
class Solution(Result):
    """One solution of a bargaining problem.

    Attributes
    ----------
    problem : BargainingProblem
    name : the solution's name
    payoffs : array (N,), what the solution gives each player
    attained : array (N,), the expected payoffs of `lottery`; at least `payoffs`, and equal to them unless something has
        to be thrown away (or, for the equal split, transferred)
    lottery : probabilities and agreements; see `problem.describe`
    normal, gap : `normal * p` is at most `normal * payoffs` for every point p of the set, up to `gap` (see the
        solution for the unit): the tangent plane that proves the solution optimal
    efficient : no point of the set is better for one player and worse for none, as a linear program checked
    needs_common_unit : the solution compares or adds payoffs of different players
    transfers : array (N,), side payments received, or None where the solution needs none
    """

    problem: BargainingProblem
    name: str
    payoffs: FloatArray
    attained: FloatArray
    lottery: tuple[tuple[float, Key], ...]
    normal: FloatArray
    gap: float
    efficient: bool
    needs_common_unit: bool
    transfers: FloatArray | None = None

    @property
    def gains(self) -> FloatArray:
        """Payoffs less the disagreement payoffs, shape (N,)."""
        return np.asarray(self.payoffs - self.problem.disagreement)

    def agreements(self) -> tuple[tuple[float, str], ...]:
        """The lottery in words: probabilities and agreements, likeliest first."""
        ordered = sorted(self.lottery, key=lambda entry: -entry[0])
        return tuple((p, self.problem.describe(key)) for p, key in ordered)

    def summary(self) -> str:
        shares = ", ".join(f"{p} {x:.6g}" for p, x in zip(self.problem.names, self.payoffs))
        unit = (
            "It needs a common unit of payoffs."
            if self.needs_common_unit
            else "It does not need a common unit of payoffs."
        )
        waste = (
            ""
            if self.efficient
            else " Some player could get more at no other player's cost (see `lexicographic`)."
        )
        lottery = listed([f"({what}) with probability {p:.4g}" for p, what in self.agreements()])
        return (
            f"The {self.name} solution gives {shares}. It is attained by {lottery}, out of {self.problem.n_agreements} "
            f"agreements and their lotteries; the disagreement point is {self.problem.source}. "
            f"It is proven optimal up to {self.gap:.2g}.{waste} {unit}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: payoffs without agreement and with it, the gain, and its share of the ideal gain."""
        import pandas as pd

        columns = {
            "without agreement": self.problem.disagreement,
            "payoff": self.payoffs,
            "gain": self.gains,
            "share of ideal gain": self.gains / (self.problem.ideal - self.problem.disagreement),
        }
        if self.transfers is not None:
            columns["side payment received"] = self.transfers
        return pd.DataFrame(columns, index=pd.Index(self.problem.names, name="player"))


@checked
@keeps_time("the Nash solution", "take fewer outcomes")
def nash(
    problem: BargainingProblem, weights: npt.ArrayLike | None = None, *, time_limit: float | None = None
) -> Solution:
    """The Nash solution: the largest product of gains, each to the power of the player's weight (Nash 1950; Kalai 1977).

    `weights` (N,) are positive and add up to 1; equal if left out. `gap` bounds how much the weighted mean of the
    logarithms of the gains could still rise.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Examples
    --------
    One unit, divided between two players that get 0 and .2 without an agreement.

    >>> nash(BargainingProblem([[1, 0], [0, 1]], disagreement=[0, 0.2])).payoffs.round(6).tolist()
    [0.4, 0.6]
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    w = _weights(problem, weights)
    gains, lottery, gap = maximise_log_product(problem, w)
    payoffs = problem.disagreement + gains * problem.scale
    normal = w / (gains * problem.scale)
    name = "Nash" if weights is None else "weighted Nash"
    return _solution(problem, name, payoffs, lottery, normal, gap, needs_common_unit=False)


@checked
@keeps_time("the Kalai-Smorodinsky solution", "take fewer outcomes")
def kalai_smorodinsky(
    problem: BargainingProblem, lexicographic: bool = False, *, time_limit: float | None = None
) -> Solution:
    """The Kalai-Smorodinsky solution: every player gets the same share of its ideal gain (1975).

    With three or more players that point may leave gains unused; `lexicographic` then raises the players that can
    gain at no other player's cost (Imai 1983). `gap` is a share of the ideal gain.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> kalai_smorodinsky(BargainingProblem([[1, 0], [1, 0.5], [0, 1]], [0, 0])).payoffs.round(6).tolist()
    [0.666667, 0.666667]
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    direction = (problem.ideal - problem.disagreement) / problem.scale
    return _along(problem, "Kalai-Smorodinsky", direction, lexicographic, needs_common_unit=False)


@checked
@keeps_time("the egalitarian solution", "take fewer outcomes")
def egalitarian(
    problem: BargainingProblem,
    weights: npt.ArrayLike | None = None,
    lexicographic: bool = False,
    *,
    time_limit: float | None = None,
) -> Solution:
    """The egalitarian solution: every player gains the same, or in proportion to its weight (Kalai 1977).

    It needs a common unit. `weights` (N,) are positive and add up to 1. `lexicographic` raises the players that can gain at
    no other player's cost. `gap` is in payoff units of the mean gain.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> egalitarian(BargainingProblem([[2, 0], [0, 1]], disagreement=[0, 0])).payoffs.round(6).tolist()
    [0.666667, 0.666667]
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    w = _weights(problem, weights)
    name = "egalitarian" if weights is None else "proportional"
    direction = w / problem.scale
    return _along(problem, name, direction / direction.max(), lexicographic, needs_common_unit=True)


@checked
@keeps_time("the utilitarian solution", "take fewer outcomes")
def utilitarian(
    problem: BargainingProblem, weights: npt.ArrayLike | None = None, *, time_limit: float | None = None
) -> Solution:
    """The utilitarian solution: the largest (weighted) sum of payoffs that leaves no player worse off than without agreement.

    It needs a common unit. Of several such points it is the one whose smallest gain, as a share of the payoff range, is largest.
    `gap` is in units of the weighted sum.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> utilitarian(BargainingProblem([[2, 0], [0, 1]], disagreement=[0, 0.25])).payoffs.round(6).tolist()
    [1.5, 0.25]
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    w = _weights(problem, weights)
    worth = w * problem.scale
    unit = worth.max()
    best = problem.optimise(worth / unit, 0.0, np.zeros(problem.n_players))
    try:
        among = problem.optimise(
            np.zeros(problem.n_players),
            1.0,
            np.ones(problem.n_players),
            floor=np.zeros(problem.n_players),
            rows=[(worth / unit, best.level - 1e-12)],
        )
    except ConvergenceError:
        # Units so far apart (1e9 and more) that HiGHS drops the smaller ones: ties cannot be distinguished from rounding.
        among = best
    payoffs = problem.disagreement + np.maximum(among.gains, 0.0) * problem.scale
    name = "utilitarian" if weights is None else "weighted utilitarian"
    normal = best.normal / problem.scale * unit
    return _solution(problem, name, payoffs, among.lottery, normal, best.gap * unit, needs_common_unit=True)


@checked
@keeps_time("the equal split", "take fewer outcomes")
def equal_split(problem: BargainingProblem, *, time_limit: float | None = None) -> Solution:
    """The equal split with side payments: the largest sum of payoffs, its excess over the disagreement payoffs in equal parts.

    It needs a common unit in which side payments can be made; these are `transfers`. `gap` is in that unit.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> split = equal_split(BargainingProblem([[2, 0], [0, 1]], disagreement=[0, 0.5]))
    >>> split.payoffs.tolist(), split.transfers.tolist()
    ([0.75, 1.25], [-1.25, 1.25])
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    value, key = problem.best_in(problem.scale)
    payoffs = problem.disagreement + value / problem.n_players
    attained = problem.payoffs(key)
    return Solution(
        problem,
        "equal split",
        payoffs,
        attained,
        ((1.0, key),),
        np.ones(problem.n_players),
        0.0,
        True,
        True,
        payoffs - attained,
    )


def _along(
    problem: BargainingProblem, name: str, direction: FloatArray, lexicographic: bool, needs_common_unit: bool
) -> Solution:
    """The largest t with t * direction inside; lexicographically, then the largest for those that can still gain."""
    n = problem.n_players
    best = problem.optimise(np.zeros(n), 1.0, direction)
    gains = best.level * direction
    mixture: Mixture = best
    normal = best.normal / problem.scale
    gap = best.gap * float(direction @ problem.scale) / n if needs_common_unit else best.gap
    if lexicographic:
        fixed = np.zeros(n, dtype=np.bool_)
        while True:
            gains = np.where(fixed, gains, mixture.level * direction)
            fixed |= mixture.duals[:n] * direction > 1e-7
            if fixed.all():
                break
            # What was attained is the floor, not what the program promised: so the next program has a solution.
            floor = np.where(fixed, np.minimum(gains, mixture.gains) * (1 - 1e-13) - 1e-13, 0.0)
            try:
                mixture = problem.optimise(np.zeros(n), 1.0, np.where(fixed, 0.0, direction), floor=floor)
            except ConvergenceError:
                # Differences between agreements that HiGHS drops (1e-9 of a player's scale): what is left to gain is rounding.
                break
        name = f"lexicographic {name}"
    payoffs = problem.disagreement + gains * problem.scale
    return _solution(problem, name, payoffs, mixture.lottery, normal, gap, needs_common_unit)


def _solution(
    problem: BargainingProblem,
    name: str,
    payoffs: FloatArray,
    lottery: Sequence[tuple[float, Key]],
    normal: FloatArray,
    gap: float,
    needs_common_unit: bool,
) -> Solution:
    lottery = [(p, key) for p, key in lottery if p > 1e-9]
    total = sum(p for p, _ in lottery)
    lottery = [(p / total, key) for p, key in lottery]
    attained = np.asarray(sum(p * problem.payoffs(key) for p, key in lottery))
    gains = (payoffs - problem.disagreement) / problem.scale
    # The floor gives way a little, and what that alone can bring does not count as a gain.
    give = 1e-9
    problem.remember(key for _, key in lottery)
    n = problem.n_players
    more = problem.optimise(np.ones(n), 0.0, np.zeros(n), floor=gains - give)
    efficient = bool(more.level - gains.sum() <= n * TOLERANCE + give * more.duals.sum())
    return Solution(
        problem, name, payoffs, attained, tuple(lottery), normal, gap, efficient, needs_common_unit
    )


def _weights(problem: BargainingProblem, weights: npt.ArrayLike | None) -> FloatArray:
    n = problem.n_players
    if weights is None:
        return np.full(n, 1.0 / n)
    vector = numbers(weights, "weights", BargainingError)
    if vector.shape != (n,):
        raise BargainingError(
            f"weights have shape {vector.shape}; they need one for each of {', '.join(problem.names)}"
        )
    for name, w in zip(problem.names, vector):
        if not (np.isfinite(w) and w > 0):
            raise BargainingError(f"the weight of {the(name)} is {w:g}; every weight must be positive")
    if abs(vector.sum() - 1.0) > 1e-9:
        raise BargainingError(f"the weights add up to {vector.sum():.9g}; they must add up to 1")
    return vector


SOLUTIONS: Registry[Callable[..., Solution]] = Registry(
    "bargaining solution",
    [
        Method("nash", nash, ("weights",), about="the largest product of gains"),
        Method(
            "kalai-smorodinsky",
            kalai_smorodinsky,
            ("lexicographic",),
            about="equal shares of the ideal gains",
        ),
        Method("egalitarian", egalitarian, ("weights", "lexicographic"), about="equal gains"),
        Method("utilitarian", utilitarian, ("weights",), about="the largest sum of payoffs"),
        Method(
            "equal split", equal_split, about="the largest sum, its excess shared equally by side payments"
        ),
    ],
    BargainingError,
)
"""The solutions by name, with the options of each."""


@checked
@keeps_time("the solution", "take fewer outcomes")
def solve(
    problem: BargainingProblem,
    name: str,
    weights: npt.ArrayLike | None = None,
    lexicographic: bool | None = None,
    *,
    time_limit: float | None = None,
) -> Solution:
    """A solution by its name: nash, kalai-smorodinsky, egalitarian, utilitarian, equal split.

    Raises BargainingError for an unknown name, or for an option that the solution does not take.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> solve(BargainingProblem([[1, 0], [0, 1]], [0, 0]), "equal split").payoffs.tolist()
    [0.5, 0.5]
    """
    instance(problem, BargainingProblem, "the problem", BargainingError)
    options = SOLUTIONS.options(name, {"weights": weights, "lexicographic": lexicographic})
    return SOLUTIONS[name].run(problem, **options)


@dataclass(frozen=True, eq=False, repr=False)
class SolutionTable(Result):
    """Several solutions of one problem side by side.

    Attributes
    ----------
    problem : BargainingProblem
    solutions : name -> Solution
    """

    problem: BargainingProblem
    solutions: Mapping[str, Solution]

    def summary(self) -> str:
        unit = [name for name, s in self.solutions.items() if s.needs_common_unit]
        return (
            f"These are {len(self.solutions)} solutions over {counted(self.problem.n_agreements, 'agreement')} "
            "and their lotteries; the "
            f"disagreement point is {self.problem.source}. {sentence(listed(unit or ['none']))[:-1]} "
            f"need{'s' * (len(unit) < 2)} a common unit of payoffs."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each solution, and one without agreement: payoffs; is it efficient, does it need a common unit?"""
        import pandas as pd

        rows = [[*self.problem.disagreement.tolist(), False, False]]
        rows += [[*s.payoffs.tolist(), s.efficient, s.needs_common_unit] for s in self.solutions.values()]
        return pd.DataFrame(
            rows,
            index=pd.Index(["without agreement", *self.solutions], name="solution"),
            columns=[*self.problem.names, "efficient", "needs common unit"],
        )


@checked
@keeps_time("the table of solutions", "ask for one with solve")
def solve_all(
    problem: BargainingProblem, lexicographic: bool = True, *, time_limit: float | None = None
) -> SolutionTable:
    """All named solutions of a problem; Kalai-Smorodinsky and egalitarian lexicographic by default.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    >>> solve_all(BargainingProblem([[2, 0], [0, 1]], [0, 0])).to_frame().loc["nash", "Player 1"].item()
    1.0
    """
    found = {}
    for name in SOLUTIONS:
        takes = "lexicographic" in SOLUTIONS[name].options
        found[name] = solve(problem, name, lexicographic=True if lexicographic and takes else None)
    return SolutionTable(problem, found)
