"""Logit quantal response equilibria of N players: the principal branch, one precision, the limit, and a fit to data.

At precision lambda (in units of one over payoff) a logit equilibrium is a mixed profile p with, for every action a of
every player i,

    p_a = exp(lambda * u_a(p)) / sum over b of exp(lambda * u_b(p))        (McKelvey and Palfrey 1995)

The principal branch is the curve of solutions that starts at uniform play, where lambda = 0; `solvers.quantal.curve` follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from games.arguments import checked
from games.errors import ConvergenceError, GameError, MethodError
from games.normal_form import NormalFormGame
from games.types import FloatArray, MixedProfile
from games.words import counted
from solvers.base.deadline import Deadline
from solvers.base.limits import seconds, whole
from solvers.base.result import Result, probabilities
from solvers.base.rounding import payoff_units, same_profile
from solvers.base.threads import one_thread
from solvers.equilibrium.results import Equilibrium
from solvers.quantal.curve import Curve

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Branch", "Fit", "QuantalEquilibrium", "branch", "equilibrium", "fit", "limiting"]

# In units of one over the payoff range: where the limit is looked for at the latest, and where slow convergence is accepted.
_FURTHEST = 1e10
_FAR = 1e4


@dataclass(frozen=True, eq=False, repr=False)
class Branch(Result):
    """Points along the principal branch of the logit correspondence, in the order of the curve.

    Attributes
    ----------
    game : NormalFormGame
    precisions : array (T,); not monotone where the branch turns
    profiles : N arrays (T, k_i)
    turns : positions of the points next to which the precision turns back
    complete : True if the branch was followed to the precision asked for
    """

    _rows_shown = 20

    game: NormalFormGame
    precisions: FloatArray
    profiles: tuple[FloatArray, ...]
    turns: tuple[int, ...]
    complete: bool

    def summary(self) -> str:
        turns = f"{len(self.turns)} turning point{'s' * (len(self.turns) != 1)}"
        end = "" if self.complete else "; broken off before the precision asked for"
        return (
            f"principal branch of the logit correspondence, {counted(len(self.precisions), 'point')} up to precision "
            f"{self.precisions.max():.6g}, {turns}{end}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each point: precision, then the probability of every action of every player."""
        return probabilities(self.game, self.profiles, self.precisions, "precision")


@dataclass(frozen=True, eq=False, repr=False)
class QuantalEquilibrium(Result):
    """A logit equilibrium at one precision; `residual` is the largest error of its equations, in log-probability."""

    game: NormalFormGame
    precision: float
    profile: MixedProfile
    payoffs: FloatArray
    residual: float

    def summary(self) -> str:
        return f"logit equilibrium at precision {self.precision:.6g} on the principal branch (residual {self.residual:.1g})"

    def to_frame(self) -> pd.DataFrame:
        """One row for each action: player, action, probability."""
        import pandas as pd

        rows = [
            (player, label, float(p))
            for player, labels, vector in zip(self.game.players, self.game.actions, self.profile)
            for label, p in zip(labels, vector)
        ]
        return pd.DataFrame(rows, columns=["player", "action", "probability"])


@dataclass(frozen=True, eq=False, repr=False)
class Fit(Result):
    """The precision under which observed choices are likeliest, along the principal branch.

    Attributes
    ----------
    estimate : QuantalEquilibrium at the fitted precision
    log_likelihood : of the observed counts, without the multinomial constant
    standard_error : of the precision, from the expected information; NaN at the ends of the range
    at_end : True if the likelihood is greatest at precision 0 or still rises at the largest precision examined
    counts : N arrays (k_i,) as given
    """

    estimate: QuantalEquilibrium
    log_likelihood: float
    standard_error: float
    at_end: bool
    counts: tuple[FloatArray, ...]

    @property
    def precision(self) -> float:
        """The fitted precision."""
        return self.estimate.precision

    def summary(self) -> str:
        end = "; the likelihood is greatest at the end of the range" if self.at_end else ""
        return (
            f"maximum-likelihood precision {self.precision:.6g} (standard error {self.standard_error:.3g}), "
            f"log-likelihood {self.log_likelihood:.6g}{end}"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each action: player, action, fitted probability, observed frequency."""
        frame = self.estimate.to_frame()
        frame["observed"] = np.concatenate([c / c.sum() if c.sum() > 0 else c * np.nan for c in self.counts])
        return frame


@checked
@one_thread
def branch(
    game: NormalFormGame,
    *,
    max_precision: float | None = None,
    max_points: int = 10_000,
    time_limit: float | None = None,
) -> Branch:
    """Follow the principal branch from uniform play until the precision passes `max_precision`.

    Parameters
    ----------
    game : a game of any number of players
    max_precision : in units of one over payoff; by default 1000 over the largest payoff range
    max_points, time_limit : where to break off; the branch is then marked incomplete

    Raises
    ------
    ConvergenceError
        If the curve cannot be followed even with the smallest step.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> found = branch(NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[1, 0], [0, 9]]))
    >>> found.complete, found.turns
    (True, ())
    """
    curve = Curve(game)
    end = 1000.0 if max_precision is None else _positive(max_precision) * curve.unit
    whole("max_points", max_points, 1)
    deadline = Deadline(seconds("time_limit", time_limit))
    points: list[FloatArray] = []
    complete = False
    for point, _ in curve.points(until=end, deadline=deadline):
        points.append(point)
        complete = bool(point[-1] >= end)
        if complete or len(points) >= max_points or deadline.passed:
            break
    if complete and len(points) > 1:
        points[-1] = curve.at_precision(points[-2], points[-1], end)
    table = np.array(points)
    steps = np.sign(np.diff(table[:, -1]))
    turns = tuple(int(k) + 1 for k in np.flatnonzero(steps[1:] * steps[:-1] < 0))
    probabilities = np.array([curve.probabilities(point) for point in points])
    profiles = tuple(probabilities[:, part] for part in curve.stacked.parts)
    for array in profiles:
        array.setflags(write=False)
    return Branch(game, table[:, -1] / curve.unit, profiles, turns, complete)


@checked
@one_thread
def equilibrium(
    game: NormalFormGame, precision: float, *, time_limit: float | None = None
) -> QuantalEquilibrium:
    """The logit equilibrium at one precision: the first point of the principal branch that has it.

    Raises MethodError for a negative precision, ConvergenceError if the branch cannot be followed so far, or not within
    `time_limit` seconds.

    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[9, -1], [-1, 1]], [[-1, 1], [1, -1]])
    >>> equilibrium(game, 0.0).profile
    (array([0.5, 0.5]), array([0.5, 0.5]))
    """
    curve = Curve(game)
    if precision == 0:
        return _result(curve, np.zeros(curve.stacked.size + 1))
    target = _positive(precision) * curve.unit
    before = np.zeros(curve.stacked.size + 1)
    deadline = Deadline(seconds("time_limit", time_limit))
    for point, _ in curve.points(until=target, deadline=deadline):
        if point[-1] >= target:
            return _result(curve, curve.at_precision(before, point, target))
        before = point
    raise _out_of_time(curve, before, time_limit)


@checked
@one_thread
def limiting(
    game: NormalFormGame, *, each_in_its_own_unit: bool = False, time_limit: float | None = None
) -> Equilibrium:
    """The Nash equilibrium to which the principal branch tends: McKelvey and Palfrey's (1995) selection for generic games.

    The limit depends on how the players' payoffs compare, since one precision holds for all. With
    `each_in_its_own_unit` every player's payoffs are first divided by their range, which makes the selection invariant to
    rescaling any one player's payoffs.

    The branch is followed until the equilibrium on the support it tends to lies close by, which is then verified by its regret.

    Raises
    ------
    ConvergenceError
        If the branch did not come close to an equilibrium, or the time limit is over; it holds the last profile and its regret.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> limiting(NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[9, 0], [0, 1]])).describe()
    'Player 1: 1; Player 2: 1'
    """
    curve = Curve(game, game.ranges if each_in_its_own_unit else None)
    deadline = Deadline(seconds("time_limit", time_limit))
    next_try = 100.0
    point = np.zeros(curve.stacked.size + 1)
    near: tuple[Equilibrium, float] | None = None
    stopped = ""
    try:
        for point, tangent in curve.points(until=_FURTHEST, deadline=deadline):
            if tangent[-1] < 0:
                near = None
            if point[-1] >= next_try:
                found, distance = _nearest(curve, point)
                # Near twice, and nearer the second time: the branch tends there and is not just passing.
                if (
                    found is not None
                    and near is not None
                    and _same(near[0], found)
                    and distance <= max(0.5 * near[1], 1e-9)
                ):
                    return found
                near = None if found is None else (found, distance)
                next_try = 10.0 * point[-1]
            if point[-1] >= _FURTHEST or deadline.passed:
                break
    except ConvergenceError as error:
        stopped = f" ({error})"
    if point[-1] >= _FAR:
        # Towards an equilibrium that is not regular the branch creeps: take what lies near so far out.
        found, _ = _nearest(curve, point)
        if found is not None:
            return found
    if deadline.passed:
        stopped = "; the time limit was reached: raise time_limit, or use find_one with another method"
    profile = curve.stacked.split(curve.probabilities(point))
    regret = float((game.regret(profile) / payoff_units(game.ranges)).max())
    raise ConvergenceError(
        f"the logit branch did not come close to an equilibrium by precision {point[-1] / curve.unit:.3g}: "
        f"the regret is still {regret:.2g} payoff ranges{stopped}",
        "logit",
        profile,
        regret,
    )


@checked
@one_thread
def fit(
    game: NormalFormGame,
    counts: Sequence[Sequence[float]],
    *,
    max_precision: float | None = None,
    time_limit: float | None = None,
) -> Fit:
    """The precision that makes observed choices likeliest, along the principal branch.

    Every local maximum of the likelihood along the curve is refined, and the greatest is returned. A fit by bare minimisation
    over the precision would stop at the first, and would not see the points behind a turn. Haile, Hortacsu and Kosenok (2008) say
    what such a fit can and cannot tell.

    Parameters
    ----------
    game : a game of any number of players
    counts : for each player, how often each action was observed: N sequences of length k_i, none negative
    max_precision : in units of one over payoff; by default 1000 over the largest payoff range
    time_limit : seconds of wall time

    Raises
    ------
    GameError
        If the counts do not match the game, or are all zero.
    ConvergenceError
        If the branch cannot be followed to `max_precision`, or not in time.

    Examples
    --------
    >>> from games import NormalFormGame
    >>> game = NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    >>> expected = [1000 * p for p in equilibrium(game, 0.7).profile]
    >>> round(fit(game, expected).precision, 4)
    0.7
    """
    given = _counts(game, counts)
    weights = np.concatenate(given)
    curve = Curve(game)
    end = 1000.0 if max_precision is None else _positive(max_precision) * curve.unit

    def slope(point: FloatArray, tangent: FloatArray) -> float:
        # Where the likelihood is flat to rounding it counts as rising still.
        return float(weights @ curve.log_slope(point, tangent) + 1e-12 * weights.sum())

    def likelihood(point: FloatArray) -> float:
        return float(weights @ np.where(weights > 0, curve.log_probabilities(point), 0.0))

    before: tuple[FloatArray, FloatArray] | None = None
    candidates: list[tuple[FloatArray, bool]] = []
    deadline = Deadline(seconds("time_limit", time_limit))
    point = np.zeros(curve.stacked.size + 1)
    for point, tangent in curve.points(until=end, longest=0.5, deadline=deadline):
        if before is None:
            candidates.append((point, True))
        elif slope(*before) > 0 >= slope(point, tangent):
            candidates.append((curve.bisect(*before, point, slope), False))
        before = point, tangent
        if point[-1] >= end:
            candidates.append((point, True))
            break
    else:
        raise _out_of_time(curve, point, time_limit)
    best, at_end = max(candidates, key=lambda c: likelihood(c[0]))
    error = np.nan
    if not at_end:
        tangent = curve.tangent(curve.equations(best)[1])
        rate = curve.log_slope(best, tangent) / tangent[-1] * curve.unit
        totals = np.array([c.sum() for c in given])[curve.stacked.owner]
        information = float((totals * curve.probabilities(best)) @ rate**2)
        error = information**-0.5 if information > 0 else np.nan
    return Fit(_result(curve, best), likelihood(best), float(error), at_end, given)


def _out_of_time(curve: Curve, point: FloatArray, time_limit: float | None) -> ConvergenceError:
    profile = curve.stacked.split(curve.probabilities(point))
    limit = "" if time_limit is None else f" of {float(time_limit):g} s"
    return ConvergenceError(
        f"the logit branch had come to precision {point[-1] / curve.unit:.3g} when the time limit{limit} was "
        "reached; raise time_limit, or ask for a smaller precision",
        "logit",
        profile,
        float(curve.game.regret(profile).max()),
    )


def _nearest(curve: Curve, point: FloatArray) -> tuple[Equilibrium | None, float]:
    """The verified equilibrium near a point of the branch, and its distance."""
    from solvers.equilibrium.polish import polished

    p = curve.probabilities(point)
    found = polished(curve.game, p, nearness=0.05)
    return found, np.inf if found is None else _distance(np.concatenate(found.profile), p)


def _distance(p: FloatArray, q: FloatArray) -> float:
    return float(np.abs(p - q).max())


def _same(a: Equilibrium, b: Equilibrium) -> bool:
    return same_profile(a.profile, b.profile)


def _counts(game: NormalFormGame, counts: Sequence[Sequence[float]]) -> tuple[FloatArray, ...]:
    given = tuple(np.array(c, dtype=np.float64) for c in counts)
    if tuple(c.shape for c in given) != tuple((k,) for k in game.shape):
        raise GameError(
            f"counts need one number for each action: lengths {game.shape}; got {tuple(c.shape for c in given)}"
        )
    flat = np.concatenate(given)
    if not np.isfinite(flat).all() or flat.min() < 0 or flat.sum() == 0:
        raise GameError("counts must be finite, not negative and not all zero")
    for c in given:
        c.setflags(write=False)
    return given


def _positive(precision: float) -> float:
    if not (np.isfinite(precision) and precision > 0):
        raise MethodError(
            f"a precision is a finite positive number (or 0 for one equilibrium); got {precision}"
        )
    return float(precision)


def _result(curve: Curve, point: FloatArray) -> QuantalEquilibrium:
    profile = curve.stacked.split(curve.probabilities(point))
    for vector in profile:
        vector.setflags(write=False)
    residual, _ = curve.equations(point)
    return QuantalEquilibrium(
        curve.game,
        float(point[-1] / curve.unit),
        profile,
        curve.game.expected(profile),
        float(np.abs(residual).max()),
    )
