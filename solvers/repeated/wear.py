"""What wears a concert out: friction, concern with relative gains, and shifts of power."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, SupportsInt

import numpy as np
import numpy.typing as npt

from games.errors import DiscountError, GameError
from games.normal_form import FloatArray, NormalFormGame
from games.repeated import discount_vector
from solvers.repeated.patience import best_deviation, rounding, threshold
from solvers.result import Result

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres import MapLike, SpheresModel

__all__ = [
    "PowerShift",
    "RelativeGains",
    "friction_tolerance",
    "largest_tolerated",
    "model_friction_tolerance",
    "power_shift",
    "relative_gains",
]


def friction_tolerance(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    punishment_value: npt.ArrayLike,
    discount: npt.ArrayLike,
    exposure: npt.ArrayLike,
    punishment_exposure: npt.ArrayLike = 0.0,
) -> FloatArray:
    """The largest friction that each player bears before it deviates, shape (N,), where payoffs fall linearly in it.

    Parameters
    ----------
    game : NormalFormGame, payoffs without friction
    profile : what is to be sustained
    punishment_value : array (N,), values without friction, of a punishment for ever
    discount : one, or one for each player
    exposure : array like `game.payoffs`, or (N,) if friction touches only the payoffs of `profile`: what a unit takes
    punishment_exposure : array (N,), what a unit of friction takes from the punishment values

    Returns
    -------
    array (N,)
        inf where friction never makes deviating pay, negative where deviating pays without any.

    Notes
    -----
    Under friction phi, deviation b leaves the slack (u - phi f) - (1-d)(u_b - phi f_b) - d (w - phi f_w), linear in phi;
    the tolerance is the first root over all b. Prisoner's dilemma, friction on R only:
    phi = (R - (1-d) T - d P) / f, where the critical discount factor (T - R + phi f) / (T - P) reaches d.

    Examples
    --------
    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> friction_tolerance(pd, (0, 0), [1, 1], 0.75, [1, 1])
    array([1., 1.])
    """
    a = game.profile(profile)
    n = game.n_players
    d = discount_vector(discount, game)
    w = np.broadcast_to(np.asarray(punishment_value, dtype=np.float64), (n,))
    fw = np.broadcast_to(np.asarray(punishment_exposure, dtype=np.float64), (n,))
    f = np.asarray(exposure, dtype=np.float64)
    if f.shape == (n,):
        everywhere = np.zeros(game.payoffs.shape)
        everywhere[a] = f
        f = everywhere
    if f.shape != game.payoffs.shape:
        raise GameError(
            f"exposure has shape {f.shape}; it needs {(n,)} or that of the payoffs, {game.payoffs.shape}"
        )
    out = np.full(n, np.inf)
    for i, k in enumerate(game.shape):
        for b in range(k):
            if b == a[i]:
                continue
            other = (*a[:i], b, *a[i + 1 :])
            slack = game.payoffs[a][i] - (1 - d[i]) * game.payoffs[other][i] - d[i] * w[i]
            worn = f[a][i] - (1 - d[i]) * f[other][i] - d[i] * fw[i]
            if slack < -rounding(game)[i] and worn <= 0:
                out[i] = -np.inf
            elif worn > 0:
                out[i] = min(out[i], slack / worn)
    return out


def model_friction_tolerance(
    model: SpheresModel,
    punish: Sequence[Any],
    profile: str | Sequence[str | SupportsInt] = "concert",
    map: MapLike = "status quo",
    punish_map: MapLike = "status quo",
) -> FloatArray:
    """The largest friction at which each power of a model keeps to a profile at its own discount factor, shape (N,).

    Payoffs of a model of spheres are linear in friction, so `friction_tolerance` applies exactly. `punish` is the
    profile reverted to, pure or mixed, on `punish_map`; it is kept as it is at every friction (that it still is an
    equilibrium there is for the caller to check). Compare with `model.friction`.
    """
    agreed = model.profile(profile)
    without, with_one = (replace(model, friction=phi) for phi in (0.0, 1.0))
    game = without.stage(map)
    punished = without.stage(punish_map)
    values = punished.expected(punish)
    return friction_tolerance(
        game,
        agreed,
        values,
        model.discount,
        game.payoffs - with_one.stage(map).payoffs,
        values - with_one.stage(punish_map).expected(punish),
    )


def largest_tolerated(
    holds: Callable[[float], bool], low: float, high: float, width: float = 1e-9
) -> tuple[float, float]:
    """Bracket the largest x in [low, high] at which `holds(x)`, by halving; `holds` should fail for good once it fails.

    Returns (largest x seen to hold, smallest x above it seen to fail): (-inf, low) if it fails at `low`, (high, inf) if
    it holds at `high`. The bracket is narrower than `width` times its larger end (or than `width`).

    >>> low, high = largest_tolerated(lambda x: x * x <= 2, 0.0, 4.0)
    >>> round(low, 6), high - low < 1e-8
    (1.414214, True)
    """
    if not low < high:
        raise GameError(f"the search needs low < high; got {low} and {high}")
    if not holds(low):
        return -np.inf, low
    if holds(high):
        return high, np.inf
    while high - low > width * max(1.0, abs(high)):
        middle = (low + high) / 2
        low, high = (middle, high) if holds(middle) else (low, middle)
    return low, high


@dataclass(frozen=True, eq=False, repr=False)
class RelativeGains(Result):
    """How concern with rivals' payoffs raises the patience that a profile needs.

    Attributes
    ----------
    players : tuple of N names
    weights : array (W,), the weight r of the rivals' mean payoff, taken off one's own
    ratio : array (W, N), gain / (gain + u - w): the critical discount factor as far as it is below 1
    per_player : array (W, N), the critical discount factor; inf where the ratio is 1 or more
    limit : array (N,), the weight at which the ratio reaches 1 and cooperation becomes impossible; inf if none does
    """

    players: tuple[str, ...]
    weights: FloatArray
    ratio: FloatArray
    per_player: FloatArray
    limit: FloatArray

    def summary(self) -> str:
        first = int(self.limit.argmin())
        if np.isinf(self.limit[first]):
            return "No concern with relative gains makes cooperation impossible."
        return (
            f"{self.players[first]} is the first for whom no patience suffices: when it weighs its rivals' mean payoff "
            f"by {self.limit[first]:.4g} or more."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each weight, one column for each player: critical discount factors."""
        import pandas as pd

        return pd.DataFrame(
            self.per_player, index=pd.Index(self.weights, name="weight"), columns=list(self.players)
        )


def relative_gains(
    game: NormalFormGame,
    profile: Sequence[str | SupportsInt],
    punish: Sequence[str | SupportsInt],
    weights: npt.ArrayLike = (0.0, 0.25, 0.5, 1.0),
) -> RelativeGains:
    """Grim thresholds when each player values its payoff less r times its rivals' mean payoff.

    Source: Snidal (1991), *American Political Science Review* 85. Payoffs of different players must be in one unit.
    `punish` is the profile reverted to; it stays the same at every weight.

    >>> pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    >>> relative_gains(pd, (0, 0), (1, 1), [0.25, 0.5, 1.0]).ratio[:, 0]
    array([0.647, 0.778, 1.   ])
    """
    n = game.n_players
    if n < 2:
        raise GameError("relative gains need at least two players")
    r = np.atleast_1d(np.asarray(weights, dtype=np.float64))
    rivals = (game.payoffs.sum(axis=-1, keepdims=True) - game.payoffs) / (n - 1)
    ratio, per_player = np.empty((len(r), n)), np.empty((len(r), n))
    for row, weight in enumerate(r):
        minded = NormalFormGame(game.payoffs - weight * rivals, game.players, game.actions)
        gain, _ = best_deviation(minded, profile)
        u, w = minded.payoff(profile), minded.payoff(punish)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio[row] = np.where(gain > 0, gain / (gain + u - w), 0.0)
        per_player[row] = threshold(gain, u, w, rounding(minded))
    own = game.payoff(profile) - game.payoff(punish)
    theirs = np.asarray(rivals[game.profile(profile)] - rivals[game.profile(punish)])
    with np.errstate(divide="ignore", invalid="ignore"):
        limit = np.where(theirs > 0, own / theirs, np.where(own > 0, np.inf, -np.inf))
    return RelativeGains(game.players, r, ratio, per_player, limit)


@dataclass(frozen=True, eq=False, repr=False)
class PowerShift(Result):
    """The years in which a declining power would rather fight than wait.

    Attributes
    ----------
    strength : array (T + 1,), the rising power's probability of winning, year by year
    discount, cost_declining, cost_rising : the declining power's discount factor and both costs of war, as shares of
        what is at stake
    excess : array (T,), `discount * p(t+1) - p(t) - cost_declining - discount * cost_rising`; war where positive
    """

    strength: FloatArray
    discount: float
    cost_declining: float
    cost_rising: float
    excess: FloatArray

    @property
    def window(self) -> tuple[int, ...]:
        """The years t (counted from 0) in which no settlement keeps the declining power from war."""
        return tuple(int(t) for t in np.flatnonzero(self.excess > 0))

    @property
    def closing_cost(self) -> float:
        """The cost of war that, borne by each side alike, would just close the window; 0 if it is closed at no cost."""
        return max(0.0, float(self._lure.max()) / (1.0 + self.discount))

    @property
    def closing_cost_declining(self) -> float:
        """The cost to the declining power that would just close the window, the rising power's as given."""
        return max(0.0, float(self._lure.max()) - self.discount * self.cost_rising)

    @property
    def largest_safe(self) -> FloatArray:
        """For each year the largest strength next year that keeps the peace, shape (T,) (above 1: any does)."""
        return np.asarray(
            (self.strength[:-1] + self.cost_declining + self.discount * self.cost_rising) / self.discount
        )

    @property
    def _lure(self) -> FloatArray:
        return np.asarray(self.discount * self.strength[1:] - self.strength[:-1])

    def summary(self) -> str:
        if not self.window:
            return (
                f"The window stays closed: power never shifts fast enough. Costs of war of {self.closing_cost:.4g} on each "
                "side would do."
            )
        years = ", ".join(map(str, self.window))
        return (
            f"The window is open in year {years}: the declining power would rather fight. Costs of "
            f"{self.closing_cost:.4g} on each side would close it."
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each year: strength now and next year, largest safe strength, excess, war."""
        import pandas as pd

        return pd.DataFrame(
            {
                "strength": self.strength[:-1],
                "next year": self.strength[1:],
                "largest safe": self.largest_safe,
                "excess": self.excess,
                "war": self.excess > 0,
            },
            index=pd.RangeIndex(len(self.excess), name="year"),
        )


def power_shift(
    strength: npt.ArrayLike, discount: float, cost_declining: float, cost_rising: float
) -> PowerShift:
    """When does a shift of power bring war? In years with `discount * p(t+1) - p(t) > c_D + discount * c_R`.

    Source: Powell (1999), *In the Shadow of Power*, chapter 4; Powell (2006), *International Organization* 60: the rising
    power cannot commit to give back later what it is bought off with now. `strength` is its probability of winning,
    T + 1 of them for T years; costs are shares of what is at stake.

    >>> power_shift([0.31, 0.5316], 0.95, 0.1, 0.1).window, power_shift([0.31, 0.5315], 0.95, 0.1, 0.1).window
    ((0,), ())
    """
    p = np.array(strength, dtype=np.float64)
    if p.ndim != 1 or len(p) < 2 or not ((p >= 0) & (p <= 1)).all():
        raise GameError("strength needs at least two probabilities between 0 and 1, one a year")
    if not 0.0 < discount < 1.0:
        raise DiscountError(f"the discount factor is {discount}; it must lie strictly between 0 and 1")
    for name, cost in (("cost_declining", cost_declining), ("cost_rising", cost_rising)):
        if not (np.isfinite(cost) and cost >= 0):
            raise GameError(f"{name} is {cost}; a cost of war is a number of at least 0")
    p.setflags(write=False)
    excess = discount * p[1:] - p[:-1] - cost_declining - discount * cost_rising
    return PowerShift(p, float(discount), float(cost_declining), float(cost_rising), excess)
