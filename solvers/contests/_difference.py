"""Contests in which the difference of efforts decides (Hirshleifer 1989): all equilibria in pure strategies."""

from __future__ import annotations

from math import exp, log, sqrt

import numpy as np
import numpy.typing as npt

from solvers.base.deadline import keeps_time, steps
from solvers.contests._outcomes import Contest, ContestOutcome, contestants

__all__ = ["difference"]

_TOLERANCE = 1e-12


@keeps_time("the contest", "take fewer contestants")
def difference(
    values: npt.ArrayLike, decisiveness: float = 1.0, *, time_limit: float | None = None
) -> Contest:
    """All pure equilibria of the contest with success `exp(k x_i) / sum exp(k x_j)` (Hirshleifer 1989), at linear cost.

    Whoever spends at a best response has a share s with `k v s (1 - s) = 1` on the concave side, s > 1/2: in a pure
    equilibrium at most one contestant spends. The N + 1 candidates are examined: nobody (peace), or one.

    Parameters
    ----------
    values : what the prize is worth to each of N contestants
    decisiveness : k, per unit of effort, positive and finite
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For fewer than two contestants, or numbers that are not positive and finite.

    Examples
    --------
    Two-sided peace where nobody's value times the decisiveness exceeds four; beyond, pure equilibria may not exist.

    >>> difference([1, 1], decisiveness=4).equilibria[0].efforts.tolist()
    [0.0, 0.0]
    >>> len(difference([1, 1], decisiveness=6).equilibria)
    0
    """
    v = contestants(values, decisiveness)
    n = len(v)
    candidates = [np.zeros(n)]
    for i in range(n):
        effort = _interior(float(v[i]), decisiveness, log(n - 1))
        if effort is not None and effort > 0:
            alone = np.zeros(n)
            alone[i] = effort
            candidates.append(alone)
    found = []
    for efforts in steps(candidates, len(candidates), "candidates"):
        power = decisiveness * efforts
        weights = np.exp(power - power.max())
        shares = weights / weights.sum()
        payoffs = v * shares - efforts
        regrets = np.zeros(n)
        for i in range(n):
            rest = np.delete(power, i)
            others = float(rest.max() + log(np.exp(rest - rest.max()).sum()))
            regrets[i] = max(0.0, _best(float(v[i]), decisiveness, others) - float(payoffs[i]))
        # Payoffs are differences of numbers as large as a value or the effort that is spent.
        if (regrets <= _TOLERANCE * np.maximum(v, efforts)).all():
            found.append(ContestOutcome(efforts, shares, payoffs, float(regrets.max())))
    return Contest(f"Difference contest of decisiveness {decisiveness:g}", v, tuple(found))


def _interior(v: float, k: float, others: float) -> float | None:
    """The effort at the local maximum against others of log influence `others`; None if there is none.

    There the share is s = (1 + sqrt(1 - 4 / (k v))) / 2, and k x = others + log(s / (1 - s)).
    """
    room = 1 - 4 / (k * v)
    if room < 0:
        return None
    # 1 - s without cancellation: s (1 - s) = 1 / (k v).
    s = (1 + sqrt(room)) / 2
    return (others + log(s * s * k * v)) / k


def _best(v: float, k: float, others: float) -> float:
    """The best payoff: of no effort at all, or of the local maximum."""
    best = v / (1 + exp(min(others, 700.0)))
    effort = _interior(v, k, others)
    if effort is not None and effort > 0:
        best = max(best, v * (1 + sqrt(1 - 4 / (k * v))) / 2 - effort)
    return best
