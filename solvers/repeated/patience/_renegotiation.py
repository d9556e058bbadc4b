"""Weakly renegotiation-proof cooperation: deviators do penance, and never do all players prefer to skip it.

An equilibrium is weakly renegotiation-proof if no two of its continuation values are strictly Pareto-ranked (Farrell and
Maskin 1989, *Games and Economic Behavior* 1, definition 1; van Damme 1989, *Journal of Economic Theory* 47, for the prisoner's
dilemma): otherwise all would agree to move from the worse to the better one. Here it is sought among *penance
codes*. All cooperate. After player i deviates, they play a profile a^i in which i repents and some other player
gains, for k periods or until a public lottery ends it. They then cooperate again. A deviation during penance starts
the deviator's own penance from the beginning. The conditions, for cooperative payoffs u, best-deviation payoffs
c_i(a) = max over b of u_i(b, a_-i), and L_j the weight of the penance in player j's value:

    value of i's penance to j:  x_j = L_j u_j(a^i) + (1 - L_j) u_j,        w_i = x_i
    i repents:                  w_i >= c_i(a^i)
    j plays its part:           x_j >= (1 - d_j) c_j(a^i) + d_j w_j         (at every stage of the penance)
    nobody deviates:            u_i >= (1 - d_i) c_i(u) + d_i w_i
    no Pareto ranking among the values of cooperation and of all stages of all penances

with L_j = 1 - d_j**k, or (1 - d_j) / (1 - d_j p) where a lottery prolongs the penance with probability p.

On the prisoner's dilemma T > R > P > S the least discount factor is max((T-R)/(T-P), (P-S)/(R-S)) with the lottery, and
max((T-R)/(R-S), (P-S)/(R-S)) with one period of penance. A player whom no deviation tempts needs no penance, and its
deviations are disregarded.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import numpy.typing as npt

from games.arguments import instance, whole
from games.normal_form import FloatArray, NormalFormGame, Profile
from games.repeated import discount_vector
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.precision import from_lowest
from solvers.base.rounding import best_response_payoffs, payoff_units, rounding
from solvers.repeated.patience._thresholds import best_deviation

__all__ = ["penance_code", "penance_thresholds"]

_GRID = np.arange(1, 128) / 128
_STEPS = 48
_PERIODS = "a penance lasts a whole number of periods, at least one period"


def penance_thresholds(
    game: NormalFormGame, profile: Profile, years: int | None = None, discount: npt.ArrayLike | None = None
) -> tuple[FloatArray, FloatArray, tuple[str, ...]]:
    """The least discount factors at which a penance code sustains `profile`.

    Parameters
    ----------
    game, profile
    years : length of the penance; None for a public lottery over its end
    discount : array (N,), to vary one player's factor at a time while the others' stay; None for one common factor

    Returns
    -------
    values : array (1, N), what a deviator is held to at that factor (NaN where there is none)
    thresholds : array (1, N), inf where no factor of a grid up to 127/128 admits a code
    notes : what was searched, in words
    """
    if years is not None:
        years = whole(years, _PERIODS, least=1)
    n = game.n_players
    gain, _ = best_deviation(game, profile)
    how = "a public lottery ends it" if years is None else f"it lasts {years} period{'s' * (years != 1)}"
    note = (
        f"Only penances that repeat one profile were searched ({how}). Other codes may need less patience, though none needs "
        "less than the minmax bound."
    )
    if (gain <= rounding(game)).all():
        return game.payoffs[profile][None, :].copy(), np.zeros((1, n)), (note,)
    if discount is None:
        best, at = _least(game, profile, years, lambda d: np.full(n, d))
        return at[None, :], np.full((1, n), best), (note,)
    given = discount_vector(discount, game)
    values, out = np.empty((1, n)), np.empty((1, n))
    for i in range(n):
        factors = partial(_with_one, given, i)
        out[0, i], at = _least(game, profile, years, factors)
        values[0, i] = at[i]
    return values, out, (note,)


@keeps_time("the search for a penance code", "give the number of years")
def penance_code(
    game: NormalFormGame,
    profile: Profile,
    discount: npt.ArrayLike,
    years: int | None = None,
    *,
    time_limit: float | None = None,
) -> tuple[tuple[Profile, ...], FloatArray] | None:
    """A penance code that sustains `profile` at these discount factors: the profile of each player's penance, and w (N,).

    None if this search finds no code (there may be one).

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.

    >>> from games import NormalFormGame
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> penance_code(pd, (0, 0), 0.7, years=1)
    (((0, 1), (1, 0)), array([2.1, 2.1]))
    """
    a = instance(game, NormalFormGame, "the game").profile(profile)
    d = discount_vector(discount, game)
    if years is not None:
        years = whole(years, _PERIODS, least=1)
    game, lowest = from_lowest(game)
    stage = _Stage(game, a)
    for all_gain in (False, True):
        code = stage.code(d, years, all_gain)
        if code is not None:
            profiles, values = code
            return profiles, values if lowest is None else values + lowest.astype(np.float64)
    return None


def _with_one(given: FloatArray, player: int, d: float) -> FloatArray:
    return np.where(np.arange(len(given)) == player, d, given)


def _least(
    game: NormalFormGame, profile: Profile, years: int | None, factors: Callable[[float], FloatArray]
) -> tuple[float, FloatArray]:
    n = game.n_players

    def code(d: float) -> tuple[tuple[Profile, ...], FloatArray] | None:
        return penance_code(game, profile, factors(d), years)

    failing = -1
    for g in reversed(range(len(_GRID))):
        if code(float(_GRID[g])) is None:
            failing = g
            break
    if failing == len(_GRID) - 1:
        return np.inf, np.full(n, np.nan)
    low, high = (0.0 if failing < 0 else float(_GRID[failing])), float(_GRID[failing + 1])
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if middle > 0 and code(middle) is not None:
            high = middle
        else:
            low = middle
    found = code(high)
    return high, np.full(n, np.nan) if found is None else found[1]


class _Stage:
    """Payoffs of all A profiles scaled to a range of 1 for each player, cooperative ones at zero."""

    def __init__(self, game: NormalFormGame, profile: Profile) -> None:
        n = game.n_players
        self.game = game
        self.scale = payoff_units(game.ranges)
        self.u = game.payoffs[profile]
        table = (game.payoffs - self.u) / self.scale
        self.payoffs = table.reshape(-1, n)
        self.cheat = best_response_payoffs(table).reshape(-1, n)
        self.agreed = int(np.ravel_multi_index(profile, game.shape))
        self.tempted = self.cheat[self.agreed]

    def code(
        self, d: FloatArray, years: int | None, all_gain: bool
    ) -> tuple[tuple[Profile, ...], FloatArray] | None:
        """Least fixed point of the deviators' values: each penance is as harsh as the others are willing to carry out."""
        n = self.game.n_players
        tiny = 1e-13
        most = -(1 - d) * self.tempted / d  # w_i must not exceed this, or deviating from cooperation pays
        w = np.full(n, -np.inf)
        chosen = np.zeros(n, dtype=np.int64)
        weights = np.zeros((n, n))
        for _ in range(200):
            before = w.copy()
            for i in range(n):
                checkpoint()
                found = self._harshest(i, d, years, w, float(most[i]), all_gain)
                if found is None and self.tempted[i] <= tiny:
                    found = (0.0, self.agreed, 1 - d)
                if found is None:
                    return None
                w[i], chosen[i], weights[i] = found
            if np.all(np.abs(w - before) <= tiny):
                break
        else:
            return None
        if self._ranked(d, years, chosen, weights):
            return None
        profiles = tuple(tuple(int(x) for x in np.unravel_index(int(a), self.game.shape)) for a in chosen)
        return profiles, self.u + self.scale * w

    def _harshest(
        self, i: int, d: FloatArray, years: int | None, w: FloatArray, most: float, all_gain: bool
    ) -> tuple[float, int, FloatArray] | None:
        """The lowest value of i's penance, its profile, and the weights L of the penance in the players' values."""
        tiny = 1e-13
        n = len(d)
        x, cheat = self.payoffs, self.cheat
        others = np.arange(n) != i
        gains = x[:, others] >= -tiny
        fit = gains.all(axis=1) if all_gain else gains.any(axis=1)
        fit &= x[:, i] < 0
        if not fit.any():
            return None
        candidates = np.flatnonzero(fit)
        x, cheat = x[candidates], cheat[candidates]
        # What each must get in the penance: i its best cheat, j its own penance after cheating.
        floor = cheat.copy()
        known = np.where(np.isfinite(w), w, -1e9)
        floor[:, others] = ((1 - d) * cheat + d * known)[:, others]
        first, last = (1 - d if years is None else 1 - d**years), 1 - d
        if years is not None:
            values = first * x
            ok = (values >= floor - tiny).all(axis=1)
            # Those who gain from the penance are most tempted at its end.
            ok &= (np.where(others, last * x, 0.0) >= np.where(others, floor, -1.0) - tiny).all(axis=1)
            ok &= values[:, i] <= most + tiny
            if not ok.any():
                return None
            best = int(np.where(ok, values[:, i], np.inf).argmin())
            return float(values[best, i]), int(candidates[best]), first
        # With a lottery the weight runs from 1 - d (one period) to 1 (forever): find the p that each constraint allows.
        with np.errstate(divide="ignore", invalid="ignore"):
            limit = floor / x  # L x >= floor: an upper limit on L where x < 0, a lower one where x > 0
        upper = np.where(x < 0, np.minimum(limit, 1.0), 1.0)
        lower = np.where(x > 0, np.maximum(limit, 0.0), 0.0)
        impossible = ((np.abs(x) <= 0) & (floor > tiny)).any(axis=1)
        for_i = most / x[:, i]  # L x_i <= most: a lower limit on L_i, since x_i < 0
        lower[:, i] = np.maximum(lower[:, i], for_i)
        least = (1 - d) * (1 - tiny)
        fails = (upper < least).any(axis=1) | (lower > 1 + tiny).any(axis=1) | impossible
        with np.errstate(divide="ignore", invalid="ignore"):
            p_high = np.where(upper >= 1, 1.0, (1 - (1 - d) / upper) / d).min(axis=1)
            p_low = np.where(lower <= 1 - d, 0.0, (1 - (1 - d) / np.minimum(lower, 1.0)) / d).max(axis=1)
        p = np.clip(p_high, 0.0, 1.0)
        fails |= p_low > p + 1e-13
        if fails.all():
            return None
        weight = (1 - d[i]) / (1 - d[i] * p)
        best = int(np.where(fails, np.inf, weight * x[:, i]).argmin())
        share = (1 - d) / (1 - d * p[best])
        return float(share[i] * x[best, i]), int(candidates[best]), share

    def _ranked(
        self, d: FloatArray, years: int | None, chosen: npt.NDArray[np.int64], weights: FloatArray
    ) -> bool:
        """Does every player strictly prefer one continuation to another, among cooperation and all penances' stages?"""
        values = [np.zeros_like(d)]
        for i, a in enumerate(chosen):
            if years is None:
                values.append(weights[i] * self.payoffs[a])
            else:
                values.extend((1 - d**left) * self.payoffs[a] for left in range(1, years + 1))
        table = np.array(values)
        better = (table[:, None, :] > table[None, :, :] + 1e-12).all(axis=2)
        return bool(better.any())
