"""The points of a large set that no other point beats."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from games.arguments import checked, numbers
from games.errors import MethodError
from games.normal_form import FloatArray
from solvers.base.deadline import keeps_time, reached

__all__ = ["pareto_front"]


@checked
@keeps_time("the search for undominated points", "take fewer points")
def pareto_front(points: FloatArray, *, time_limit: float | None = None) -> npt.NDArray[np.intp]:
    """Indices of the points (P, N) that no other point weakly beats in every coordinate and strictly in one.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> pareto_front(np.array([[1.0, 0.0], [0.0, 1.0], [0.5, 0.5], [0.4, 0.4]])).tolist()
    [0, 1, 2]
    """
    points = numbers(points, "points", MethodError)
    if points.ndim != 2:
        raise MethodError(f"points have shape {points.shape}; they need one row for each point")
    # A point can be dominated only by one with a larger sum, so the survivors of a pass in falling order are final.
    left = np.argsort(-points.sum(axis=1), kind="stable")
    columns = [np.ascontiguousarray(c) for c in points[left].T]
    kept: list[int] = []
    total = len(left)
    while len(left):
        reached(f"{total - len(left):,} of {total:,} points were settled")
        above = np.zeros(len(left), dtype=np.bool_)
        equal = np.ones(len(left), dtype=np.bool_)
        for column in columns:
            above |= column > column[0]
            equal &= column == column[0]
        kept.extend(left[equal])
        left = left[above]
        columns = [column[above] for column in columns]
    return np.sort(np.array(kept, dtype=np.intp))
