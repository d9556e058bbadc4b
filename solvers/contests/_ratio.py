"""Tullock's contest with any decisiveness: all equilibria in pure strategies, by sets of active contestants."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import GameError, SizeError
from games.normal_form import FloatArray
from solvers.base.deadline import keeps_time, steps
from solvers.contests._outcomes import Contest, ContestOutcome, checked_positive, contestants

__all__ = ["tullock"]

_MOST_SETS = 12
# Halvings of an interval: to the last digits of a float.
_STEPS = 64
# As a share of each one's own value. Where an entrant is just indifferent, rounding must not decide.
_TOLERANCE = 1e-9
# Beyond, a share cannot be told from 0 or 1 well enough for the weaker one's own reckoning.
_MOST_APART = 1e6


@checked
@keeps_time("the contest", "take fewer contestants")
def tullock(
    values: npt.ArrayLike,
    decisiveness: float = 1.0,
    efficiency: npt.ArrayLike = 1.0,
    *,
    time_limit: float | None = None,
) -> Contest:
    """All pure equilibria of the contest with success `e_i x_i**r / sum e_j x_j**r` (Tullock 1980), at linear cost.

    A contestant's first-order condition, as a function of its share and the total influence, has one root at which
    spending is best (for r > 1 that of a share of at least `1 - 1/r`, below which it would rather stay out). The share falls
    in the total, so that for each set of active contestants at most one total makes the shares add up to 1 (Cornes and
    Hartley 2005). For r <= 1 the equilibrium is unique; for r < 1 all are active. For r > 1 every set is examined. Two
    contestants have a pure equilibrium where `r <= 1 + (v_2 / v_1)**r` (Nti 1999), N equal ones where `r <= N / (N - 1)`.
    Above that they mix: `tullock_mixed`.

    Parameters
    ----------
    values : what the prize is worth to each of N contestants
    decisiveness : r, positive and finite
    efficiency : e, influence per effort to the power r; one number or one each
    time_limit : seconds of wall time, optional; a ConvergenceError then says how far the work had come

    Raises
    ------
    GameError
        For fewer than two contestants, numbers that are not positive and finite, or values a million times apart and more.
    SizeError
        For more than 12 contestants with r > 1.

    Examples
    --------
    >>> found = tullock([1, 1], decisiveness=1.5)
    >>> found.equilibria[0].efforts.round(6).tolist()
    [0.375, 0.375]
    >>> len(tullock([1, 1], decisiveness=2.5).equilibria)
    0
    """
    v = contestants(values, decisiveness)
    n = len(v)
    e = checked_positive("efficiency", efficiency, n)
    if decisiveness > 1 and n > _MOST_SETS:
        raise SizeError(
            f"with a decisiveness above 1 at most {_MOST_SETS} contestants are taken; there are {n}"
        )
    # Influence per value: all that shares depend on. Scaled, so that no power over- or underflows needlessly.
    strength = (e / e.max()) ** (1 / decisiveness) * (v / v.max())
    if strength.max() > _MOST_APART * strength.min():
        raise GameError(
            f"influence per value differs by a factor of {strength.max() / strength.min():.3g}; at most {_MOST_APART:g} is taken"
        )
    if decisiveness <= 1:
        sets = [tuple(range(n))]
    else:
        sets = [s for k in range(2, n + 1) for s in combinations(range(n), k)]
    found = []
    for active in steps(sets, len(sets), "sets of active contestants"):
        shares = np.zeros(n)
        inner = _shares(strength[list(active)], decisiveness)
        if inner is None:
            continue
        shares[list(active)] = inner
        outcome, regrets = _outcome(v, e, shares, decisiveness)
        if (regrets <= _TOLERANCE * v).all():
            found.append(outcome)
    return Contest(f"Tullock contest of decisiveness {decisiveness:g}", v, tuple(found))


def _share(total: float, strength: FloatArray, r: float) -> FloatArray:
    """Each share at a total influence (scaled): the root of `(1 - s) s**(1 - 1/r) = total / (r * strength)`.

    Searched above `1 - 1/r` for r > 1, where the left side falls; 0 for r = 1 where even a share of 0 asks for too much.
    """
    low = np.full(len(strength), max(0.0, 1 - 1 / r))
    high = np.ones(len(strength))
    target = total / (r * strength)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        with np.errstate(divide="ignore", over="ignore"):
            left = (1 - middle) * middle ** (1 - 1 / r)
        more = left > target
        low, high = np.where(more, middle, low), np.where(more, high, middle)
    return np.asarray(high if r > 1 else low)


def _shares(strength: FloatArray, r: float) -> FloatArray | None:
    """Shares that add up to 1 when exactly these contestants may be active, or None."""
    # At a total this large nobody wants a share; at zero everybody wants all.
    low, high = 0.0, float(r * strength.max()) * len(strength)
    if r < 1:
        # The left side is unbounded near a share of 0: shares shrink, but never end.
        while _share(high, strength, r).sum() > 1:
            high *= 2
    for _ in range(_STEPS):
        total = (low + high) / 2
        if _share(total, strength, r).sum() > 1:
            low = total
        else:
            high = total
    shares = _share(high, strength, r)
    if abs(shares.sum() - 1) > 1e-6:
        return None
    # Who stays out at r = 1 has a share of exactly zero.
    shares = np.where(shares > 1e-15, shares, 0.0)
    return np.asarray(shares / shares.sum())


def _outcome(v: FloatArray, e: FloatArray, shares: FloatArray, r: float) -> tuple[ContestOutcome, FloatArray]:
    """Efforts from the first-order condition `x = r v s (1 - s)`, and each one's regret by a search over all efforts."""
    # What a share lacks of 1 is what the others have: exact where one has nearly all.
    n = len(v)
    others_share = [np.delete(shares, i).sum() for i in steps(range(n), n, "contestants' shares")]
    efforts = r * v * shares * np.array(others_share)
    payoffs = v * shares - efforts
    regrets = np.zeros(n)
    for i in steps(range(n), n, "contestants' best replies"):
        others = np.delete(e * _power(efforts, r), i).sum()
        regrets[i] = max(0.0, _best(v[i], e[i], others, r, efforts[i]) - payoffs[i])
    return ContestOutcome(efforts, shares, payoffs, float(regrets.max())), regrets


def _power(x: FloatArray, r: float) -> FloatArray:
    return np.asarray(np.where(x > 0, np.maximum(x, 1e-300) ** r, 0.0))


def _best(v: float, e: float, others: float, r: float, effort: float) -> float:
    """The best payoff against a total influence of the others: a grid over all efforts, refined about its best point."""
    grid = np.concatenate([v * np.linspace(0, 1, 2001), [effort], v * np.logspace(-12, 0, 500)])
    best = 0.0
    for _ in range(4):
        influence = e * _power(grid, r)
        payoffs = v * influence / np.maximum(influence + others, 1e-300) - grid
        k = int(payoffs.argmax())
        best = max(best, float(payoffs[k]))
        width = v / 1000 if len(grid) > 2001 else float(grid[1] - grid[0])
        grid = np.clip(np.linspace(grid[k] - width, grid[k] + width, 401), 0, None)
    return best
