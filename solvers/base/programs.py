"""Linear programs: one way to state them, to solve them with HiGHS, and to say that one could not be solved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from games.errors import ConvergenceError
from games.normal_form import FloatArray
from solvers.base.deadline import Deadline, TimeOver, checkpoint

__all__ = ["TIGHT", "Program", "cut_short", "linprog", "minimise", "within"]

TIGHT = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
"""Options of HiGHS: the tightest tolerances that it takes; its own are 1e-7."""

# Tried in turn. HiGHS's presolve can call a program infeasible, or unbounded, that is feasible within the tolerances; another
# algorithm, without presolve, and at last with HiGHS's own tolerances, then settles it.
_ATTEMPTS = (
    ("first", True, 1e-10),
    ("first", False, 1e-10),
    ("highs-ipm", False, 1e-10),
    ("first", True, 1e-7),
    ("highs-ipm", True, 1e-7),
)


def within(deadline: Deadline) -> dict[str, float]:
    """HiGHS's own time limit, for its options: one large program can take longer than what is left.

    >>> within(Deadline(None))
    {}
    """
    seconds = deadline.allowance
    return {} if seconds is None else {"time_limit": seconds}


def cut_short(solved: Any, deadline: Deadline) -> bool:
    """Was the time over before a program with the options of `within` was solved?

    HiGHS measures its time itself and may end a moment before the deadline; its status is then 1.
    """
    return deadline.passed or solved.status == 1


@dataclass(frozen=True)
class Program:
    """The solution of a linear program.

    Attributes
    ----------
    value : the least value of the objective
    x : array (V,), where it is attained
    upper_duals : array (U,), by how much the value rises if a limit is lowered by one, at least 0
    equal_duals : array (E,), by how much it falls if a total is raised by one
    """

    value: float
    x: FloatArray
    upper_duals: FloatArray
    equal_duals: FloatArray


def linprog(*arguments: Any, options: Any = None, **named: Any) -> Any:
    """`scipy.optimize.linprog` within the time limit that is enforced.

    Raises TimeOver where that limit breaks the program off, so that no point on the way is taken for the optimum.

    >>> float(linprog([1.0], bounds=(2.0, 3.0)).fun)
    2.0
    """
    from scipy.optimize import linprog as solve

    # A deadline without a limit of its own has that of the one that is enforced.
    left = Deadline(None).allowance
    own = (options or {}).get("time_limit", np.inf)
    if left is None or own <= left:
        return solve(*arguments, options=options, **named)
    checkpoint()
    solved = solve(*arguments, options={**(options or {}), "time_limit": left}, **named)
    # Status 1 is a limit, of time or of iterations; with a time limit it is that.
    if solved.status == 1:
        raise TimeOver
    return solved


def minimise(
    cost: Any,
    *,
    upper: Any = None,
    limits: Any = None,
    equal: Any = None,
    totals: Any = None,
    bounds: Any = (0, None),
    method: str = "highs-ds",
    what: str = "a linear program",
) -> Program:
    """Minimise cost @ x subject to upper @ x <= limits, equal @ x = totals and the bounds on each variable.

    Parameters
    ----------
    cost, upper, limits, equal, totals, bounds, method : as `c`, `A_ub`, `b_ub`, `A_eq`, `b_eq`, `bounds`, `method` of
        `scipy.optimize.linprog`
    what : what the program is for, in the error message

    Raises
    ------
    ConvergenceError
        If HiGHS finds no solution in several attempts: with and without presolve, by the simplex and the interior-point method,
        and with looser tolerances (1e-7 instead of 1e-10).

    Examples
    --------
    >>> found = minimise([-1, -2], upper=[[1, 1]], limits=[1])
    >>> found.value, found.x, found.upper_duals
    (-2.0, array([0., 1.]), array([2.]))
    """
    for algorithm, presolve, tolerance in _ATTEMPTS:
        solved = linprog(
            cost,
            A_ub=upper,
            b_ub=limits,
            A_eq=equal,
            b_eq=totals,
            bounds=bounds,
            method=method if algorithm == "first" else algorithm,
            options={
                "presolve": presolve,
                "primal_feasibility_tolerance": tolerance,
                "dual_feasibility_tolerance": tolerance,
            },
        )
        if solved.status == 0:
            return Program(
                float(solved.fun),
                np.asarray(solved.x),
                np.maximum(-np.asarray(solved.ineqlin.marginals), 0.0),
                -np.asarray(solved.eqlin.marginals),
            )
    raise ConvergenceError(f"{what} was not solved: {solved.message}", "HiGHS", solved.x)
