"""Which axioms each bargaining solution satisfies: by theorem, and as checked on one problem."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import instance
from games.errors import BargainingError
from games.normal_form import FloatArray
from games.words import counted
from solvers.bargaining._problem import BargainingProblem, Key
from solvers.bargaining._solutions import SOLUTIONS, Solution, solve
from solvers.base.deadline import keeps_time
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["GUARANTEED", "AxiomCheck", "check_axioms"]

# What the theorems say (Nash 1950; Kalai and Smorodinsky 1975; Kalai 1977; Roth 1979; Thomson 1994).
GUARANTEED: Mapping[str, frozenset[str]] = {
    "Pareto efficiency": frozenset({"nash", "utilitarian", "equal split"}),
    "symmetry": frozenset(SOLUTIONS),
    "scale invariance": frozenset({"nash", "kalai-smorodinsky"}),
    "independence of irrelevant alternatives": frozenset(
        {"nash", "egalitarian", "utilitarian", "equal split"}
    ),
    "monotonicity": frozenset({"egalitarian", "equal split"}),
    "restricted monotonicity": frozenset({"kalai-smorodinsky", "egalitarian", "equal split"}),
}
_TOLERANCE = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class AxiomCheck(Result):
    """The axioms, solution by solution, on one problem.

    Attributes
    ----------
    problem : BargainingProblem
    misses : axiom -> solution -> by how much it fails here, as a share of payoff scales (0 if it holds)
    """

    problem: BargainingProblem
    misses: Mapping[str, Mapping[str, float]]

    def satisfies(self, axiom: str, solution: str) -> bool:
        """Was the axiom satisfied by the solution in every change of this problem that was tried?"""
        return self.misses[axiom][solution] <= _TOLERANCE

    def summary(self) -> str:
        broken = [
            f"{s}: {axiom}"
            for axiom, row in self.misses.items()
            for s in row
            if s in self._promised(axiom) and not self.satisfies(axiom, s)
        ]
        verdict = (
            "every axiom that the theorems promise is satisfied here"
            if not broken
            else f"these are NOT satisfied although promised: {'; '.join(broken)}"
        )
        return (
            f"Axioms of bargaining, checked on {counted(self.problem.n_agreements, 'agreement')}: {verdict}. "
            "`always` is by theorem; "
            "`here` means that no change of this problem that was tried violated the axiom."
        )

    def _promised(self, axiom: str) -> frozenset[str]:
        extra = (
            {"kalai-smorodinsky"} if axiom == "Pareto efficiency" and self.problem.n_players == 2 else set()
        )
        return GUARANTEED[axiom] | extra

    def to_frame(self) -> pd.DataFrame:
        """Rows are axioms, columns solutions: `always`, `here`, or `no` and by how much it fails."""
        import pandas as pd

        def entry(axiom: str, solution: str) -> str:
            if not self.satisfies(axiom, solution):
                return f"no ({self.misses[axiom][solution]:.2g})"
            return "always" if solution in self._promised(axiom) else "here"

        names = list(next(iter(self.misses.values())))
        rows = [[entry(axiom, s) for s in names] for axiom in self.misses]
        return pd.DataFrame(rows, index=pd.Index(list(self.misses), name="axiom"), columns=names)


@keeps_time("the check of axioms", "name fewer solutions")
def check_axioms(
    problem: BargainingProblem,
    solutions: Sequence[str] = tuple(SOLUTIONS),
    *,
    time_limit: float | None = None,
) -> AxiomCheck:
    """Check six axioms for the named solutions by changing the problem and solving again.

    Symmetry: the players change places. Scale invariance: each player's payoffs get another unit and another
    zero. Independence: the set shrinks to a smaller one that still contains the solution. Monotonicity: agreements are
    removed, one at a time, and no player may gain by that; restricted, if every player's ideal payoff stays the same.
    With three or more players the utilitarian solution may not be unique, and may then change.

    `time_limit` is in seconds of wall time: a ConvergenceError then says how far the work had come.

    Examples
    --------
    >>> problem = BargainingProblem([[4, 0], [3, 3], [0, 3.5]], [0, 0])
    >>> check_axioms(problem, ["nash", "egalitarian"]).to_frame().loc["scale invariance"].str[:2].tolist()
    ['al', 'no']
    """
    n = instance(problem, BargainingProblem, "the problem", BargainingError).n_players
    if isinstance(solutions, str) or not isinstance(solutions, Sequence):
        raise BargainingError(f"solutions must be a list of names; got {solutions!r}")
    order = np.roll(np.arange(n), 1)
    factor, shift = 2.0 ** np.arange(n), np.arange(n) * problem.scale
    swapped = _changed(problem, lambda b: b[:, order], problem.disagreement[order])
    first = [np.ones((len(b), 1)) if k == 0 else np.zeros((len(b), 1)) for k, b in enumerate(problem.blocks)]
    rescaled = BargainingProblem(
        [b * factor + one * shift for b, one in zip(problem.blocks, first)],
        problem.disagreement * factor + shift,
    )
    base = [key for _, key in problem.optimise(np.zeros(n), 1.0, np.ones(n)).lottery]
    hopes = [key for i in range(n) for _, key in problem.optimise(np.eye(n)[i], 0.0, np.zeros(n)).lottery]
    known = list(problem._pool)[:12]
    fewer = [_subset(problem, [*base, *(k for k in known if k != gone)]) for gone in known]
    same_hopes = _subset(problem, [*base, *hopes])

    misses: dict[str, dict[str, float]] = {axiom: {} for axiom in GUARANTEED}
    for name in solutions:
        found = solve(problem, name)

        def off(payoffs: FloatArray, expected: FloatArray = found.payoffs) -> float:
            return float(np.abs((payoffs - expected) / problem.scale).max())

        def gained(smaller: Iterable[BargainingProblem], found: Solution = found, name: str = name) -> float:
            rises = [((solve(s, name).payoffs - found.payoffs) / problem.scale).max() for s in smaller]
            return float(max(0.0, *rises))

        lottery = [key for _, key in found.lottery]
        back = np.empty(n)
        back[order] = solve(swapped, name).payoffs
        misses["Pareto efficiency"][name] = 0.0 if found.efficient else _waste(found)
        misses["symmetry"][name] = off(back)
        misses["scale invariance"][name] = off((solve(rescaled, name).payoffs - shift) / factor)
        misses["independence of irrelevant alternatives"][name] = off(
            solve(_subset(problem, [*base, *lottery]), name).payoffs
        )
        misses["monotonicity"][name] = gained(fewer)
        misses["restricted monotonicity"][name] = gained([same_hopes])
    return AxiomCheck(problem, misses)


def _changed(
    problem: BargainingProblem, change: Callable[[FloatArray], FloatArray], disagreement: FloatArray
) -> BargainingProblem:
    return BargainingProblem([change(b) for b in problem.blocks], disagreement)


def _subset(problem: BargainingProblem, keys: Iterable[Key]) -> BargainingProblem:
    """The problem with only the named agreements (and lotteries over them)."""
    return BargainingProblem(
        np.array([problem.payoffs(k) for k in dict.fromkeys(keys)]), problem.disagreement
    )


def _waste(found: Solution) -> float:
    """The most that one player could gain at no other player's cost, as a share of its payoff scale."""
    problem = found.problem
    n = problem.n_players
    gains = found.gains / problem.scale
    levels = [problem.optimise(np.eye(n)[i], 0.0, np.zeros(n), floor=gains - 1e-9).level for i in range(n)]
    return float((np.array(levels) - gains).max())
