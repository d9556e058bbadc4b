"""One equilibrium of a zero-sum tree of two players by the sequence form's linear program, for trees of thousands of ends."""

from __future__ import annotations

from typing import Any

import numpy as np

from games.errors import ConvergenceError
from games.extensive import ExtensiveGame
from games.normal_form import FloatArray
from solvers.base.programs import linprog
from solvers.equilibrium.sequence_form import Plans, of_tree

__all__ = ["solve_zero_sum"]

_CLEAN = 1e-12


def solve_zero_sum(tree: ExtensiveGame) -> tuple[list[Any], list[Any]]:
    """Behaviour vectors of both players by information set, in floats; None where a plan keeps play from coming.

    Each player's plan leaves the other the least that it can secure (Romanovskii 1962; von Stengel 1996, section 3); HiGHS
    solves one linear program, the other plan is its dual solution.
    """
    from scipy.sparse import coo_matrix

    form = of_tree(tree)
    first, second = form.first, form.second
    # Player 2's best answer to x is worth q_0; minimise it. Unknowns: x, then q_0 and q_h.
    keys = list(form.payoffs)
    # Measured from the player's smallest payoff: a part that all payoffs share would cost digits of their differences.
    least = tree.exact[:, 1].min()
    values = np.array([float(form.payoffs[k][1] - least * form.weights[k]) for k in keys])
    unit = np.abs(values).max(initial=0.0) or 1.0
    rows = [c for _, c in keys]
    columns = [r for r, _ in keys]
    entries = (values / unit).tolist()
    number = {s: h for h, (_, after) in enumerate(second.sets) for s in after}
    for c in range(second.size):
        rows.append(c)
        columns.append(first.size + (0 if c == 0 else 1 + number[c]))
        entries.append(-1.0)
    for h, (before, _) in enumerate(second.sets):
        rows.append(before)
        columns.append(first.size + 1 + h)
        entries.append(1.0)
    n = first.size + 1 + len(second.sets)
    inequality = coo_matrix((entries, (rows, columns)), shape=(second.size, n)).tocsr()
    equality = _tree_constraints(first, n)
    right = np.zeros(1 + len(first.sets))
    right[0] = 1.0
    cost = np.zeros(n)
    cost[first.size] = 1.0
    answer = linprog(
        cost,
        A_ub=inequality,
        b_ub=np.zeros(second.size),
        A_eq=equality,
        b_eq=right,
        bounds=[(0, None)] * first.size + [(None, None)] * (n - first.size),
        method="highs",
    )
    if answer.status != 0:
        raise ConvergenceError(
            f"the linear program of the sequence form failed: {answer.message}", "sequence form"
        )
    x = _cleaned(first, answer.x[: first.size])
    y = _cleaned(second, -np.asarray(answer.ineqlin.marginals))
    return first.behaviour(x.tolist()), second.behaviour(y.tolist())


def _tree_constraints(plans: Plans, width: int) -> Any:
    from scipy.sparse import coo_matrix

    rows, columns, entries = [0], [0], [1.0]
    for h, (before, after) in enumerate(plans.sets):
        rows += [h + 1] * (1 + len(after))
        columns += [before, *after]
        entries += [-1.0] + [1.0] * len(after)
    return coo_matrix((entries, (rows, columns)), shape=(1 + len(plans.sets), width)).tocsr()


def _cleaned(plans: Plans, plan: FloatArray) -> FloatArray:
    """The plan without rounding: nothing negative, and every information set sharing out exactly what comes to it."""
    out = np.where(plan > _CLEAN, plan, 0.0)
    out[0] = 1.0
    for before, after in sorted(plans.sets, key=lambda item: item[1]):
        own = out[list(after)]
        total = own.sum()
        out[list(after)] = own * (out[before] / total) if total > 0 else out[before] / len(after)
    return np.asarray(out)


def as_floats(plan: Any) -> FloatArray:
    """A plan as an array of floats."""
    return np.array([float(v) for v in plan])
