"""The curve of logit equilibria that starts at uniform play, followed by its arc length.

At lambda = 0 all actions are equally likely. The principal branch is the curve of solutions that starts there; it may
turn back in lambda, so it is followed by its arc length (Turocy 2005). We write p as the softmax of y and follow

    y_a - lambda * (u_a(p) - mean over b of u_b(p)) = 0.

In y and lambda the curve straightens out as lambda grows, so that steps can grow with it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from games.errors import ConvergenceError
from games.normal_form import NormalFormGame
from games.types import FloatArray
from solvers.base.deadline import Deadline
from solvers.base.multilinear import StackedGame
from solvers.base.precision import refuse_lost_differences

__all__ = ["Agents", "Curve"]

_ACCURACY = 1e-12
_SMALLEST_STEP = 1e-9
# Over one step the tangent may turn by 8 degrees and a probability change by this much: on 300 random games of six sizes
# steps so bounded end where steps of a tenth do, even without the test of orientation.
_COSINE = 0.99
_MOVE = 0.05
# Trial steps along one curve; on 300 random games of six sizes none takes a tenth of it.
_MOST_STEPS = 100_000
# The smallest distance between two branches that is told from their crossing.
_GAP = 1e-7


class Agents(Protocol):
    """Who plays, and what the actions of all, K in one vector, are worth."""

    @property
    def owner(self) -> npt.NDArray[np.intp]: ...
    @property
    def parts(self) -> Sequence[slice]: ...
    @property
    def size(self) -> int: ...
    def split(self, p: FloatArray) -> tuple[FloatArray, ...]: ...
    def values_and_jacobian(self, p: FloatArray) -> tuple[FloatArray, FloatArray]: ...


class Curve:
    """The principal branch in the space of (y, lambda), lambda in units of one over `unit`."""

    stacked: Agents

    def __init__(self, game: NormalFormGame, units: FloatArray | None = None) -> None:
        self.game = game
        refuse_lost_differences(game)
        largest = float(game.ranges.max())
        self.unit = largest if largest > 0 else 1.0
        stacked = StackedGame(game, np.full(game.n_players, self.unit) if units is None else units)
        self._seat(stacked, np.array(game.shape))

    def _seat(self, stacked: Agents, counts: npt.NDArray[np.int64]) -> None:
        """Prepare for these agents, who have so many actions each."""
        self.stacked = stacked
        owner = stacked.owner
        self._actions = np.asarray(counts, dtype=np.float64)
        self._starts = np.array([part.start for part in stacked.parts])
        self._owner = owner

    def regret(self, profile: tuple[FloatArray, ...]) -> float:
        """The most that anybody gains by departing from the profile."""
        return float(self.game.regret(profile).max())

    def log_probabilities(self, point: FloatArray) -> FloatArray:
        y = point[:-1]
        shifted = y - np.maximum.reduceat(y, self._starts)[self._owner]
        return np.asarray(shifted - np.log(np.add.reduceat(np.exp(shifted), self._starts))[self._owner])

    def probabilities(self, point: FloatArray) -> FloatArray:
        return np.exp(self.log_probabilities(point))

    def log_slope(self, point: FloatArray, tangent: FloatArray) -> FloatArray:
        """The derivative of the log-probabilities along the curve."""
        p = self.probabilities(point)
        mean = np.add.reduceat(p * tangent[:-1], self._starts)
        return np.asarray(tangent[:-1] - mean[self._owner])

    def _centred(self, rows: FloatArray) -> FloatArray:
        """Each player's rows less their mean."""
        means = np.add.reduceat(rows, self._starts, axis=0)
        means = means / (self._actions if rows.ndim == 1 else self._actions[:, None])
        return np.asarray(rows - means[self._owner])

    def equations(self, point: FloatArray) -> tuple[FloatArray, FloatArray]:
        """The K residuals and their K x (K + 1) derivatives."""
        p = self.probabilities(point)
        values, jacobian = self.stacked.values_and_jacobian(p)
        centred = self._centred(values)
        # The derivative of p is diag(p) - p p' within each player; player by player this costs no product of matrices.
        through = (jacobian - np.add.reduceat(jacobian * p, self._starts, axis=1)[:, self._owner]) * p
        system = np.empty((len(p), len(p) + 1))
        system[:, :-1] = -point[-1] * self._centred(through)
        np.einsum("kk->k", system[:, :-1])[:] += 1.0
        system[:, -1] = -centred
        return point[:-1] - point[-1] * centred, system

    def tangent(self, system: FloatArray, previous: FloatArray | None = None) -> FloatArray:
        """The unit tangent, turned the way of `previous` (of growing lambda without one)."""
        last = np.zeros(system.shape[1])
        last[-1] = 1.0
        direction = _solve(np.vstack([system, last if previous is None else previous]), last)
        return np.asarray(direction / np.linalg.norm(direction))

    def orientation(self, system: FloatArray, tangent: FloatArray) -> float:
        """A sign that stays the same along one branch and changes where branches cross (Keller 1977)."""
        return float(np.linalg.slogdet(np.vstack([system, tangent]))[0])

    def correct(self, point: FloatArray, row: FloatArray) -> tuple[FloatArray, FloatArray, int]:
        """Newton's method back to the curve, in the hyperplane across `row`; raises _Lost if it does not contract.

        Returns the point, the derivatives there and the number of steps.
        """
        last = np.inf
        for iteration in range(8):
            residual, system = self.equations(point)
            # What rounding leaves of a residual grows with the size of y.
            size = float(np.abs(residual).max()) / (1.0 + float(np.abs(point).max()))
            if size < _ACCURACY:
                return point, system, iteration
            if size > last:
                break
            last = size
            point = point + _solve(np.vstack([system, row]), np.append(-residual, 0.0))
        raise _Lost

    def points(
        self, until: float, longest: float = np.inf, deadline: Deadline | None = None
    ) -> Iterator[tuple[FloatArray, FloatArray]]:
        """Points and tangents in the order of the curve: the first is (0, 0), the caller says when it is enough.

        They end when the deadline has passed, and with ConvergenceError after 100,000 steps.

        A step never passes `until` by much more than its own length at that time; `longest` bounds
        the steps near the start, and in proportion further out.
        """
        point = np.zeros(self.stacked.size + 1)
        start = self.equations(point)[1]
        tangent = self.tangent(start)
        side = self.orientation(start, tangent)
        yield point, tangent
        step = min(0.1, longest, 1.1 * until)
        for _ in range(_MOST_STEPS):
            if deadline is not None and deadline.passed:
                return
            try:
                trial, system, iterations = self.correct(point + step * tangent, tangent)
                turned = self.tangent(system, tangent)
                there = self.orientation(system, turned)
            except _Lost:
                trial, turned, iterations, there = point, -tangent, 8, side
            cosine = float(turned @ tangent)
            moved = float(np.abs(self.probabilities(trial) - self.probabilities(point)).max())
            # Uniform play is the only solution at precision 0, so the curve never comes back to it.
            if cosine < _COSINE or moved > _MOVE or trial[-1] <= 0:
                step /= 2.0
                if step < _SMALLEST_STEP * (1.0 + float(np.abs(point).max())):
                    profile = self.stacked.split(self.probabilities(point))
                    raise ConvergenceError(
                        f"the logit branch cannot be followed past precision {point[-1] / self.unit:.6g}: it may branch there",
                        "logit",
                        profile,
                        self.regret(profile),
                    )
                continue
            if there != side and step > _GAP * (1.0 + float(np.abs(point).max())):
                # Either a jump to a branch that comes close, or a bifurcation, in symmetric games; short steps tell them apart.
                step /= 2.0
                continue
            point, tangent, side = trial, turned, there
            yield point, tangent
            if iterations <= 3 and cosine > 0.9985 and moved < _MOVE / 2:
                step *= 2.0
            elif iterations > 5:
                step /= 2.0
            step = min(step, longest * (1.0 + abs(float(point[-1])) / 10.0))
            ahead = until - point[-1]
            if 0 < ahead < step * tangent[-1]:
                step = 1.01 * ahead / float(tangent[-1]) + 1e-9
        profile = self.stacked.split(self.probabilities(point))
        raise ConvergenceError(
            f"the logit branch was followed for {_MOST_STEPS:,} steps, to precision {point[-1] / self.unit:.6g}, and had no "
            "end there; ask for a smaller precision, or use another method ('newton', 'lemke-howson')",
            "logit",
            profile,
            float(self.game.regret(profile).max()),
        )

    def at_precision(self, before: FloatArray, after: FloatArray, target: float) -> FloatArray:
        """The point of the curve between two neighbours at which lambda is `target`."""
        row = np.zeros(len(before))
        row[-1] = 1.0
        share = (target - before[-1]) / (after[-1] - before[-1])
        guess = before + share * (after - before)
        try:
            return self.correct(guess, row)[0]
        except _Lost:
            tangent = self.tangent(self.equations(before)[1])
            return self.bisect(before, tangent, after, lambda point, _: target - point[-1])

    def bisect(
        self,
        point: FloatArray,
        tangent: FloatArray,
        after: FloatArray,
        sign: Callable[[FloatArray, FloatArray], float],
    ) -> FloatArray:
        """The point between two neighbours of the curve at which `sign` goes from positive to zero or less."""
        chord = after - point
        low, high = 0.0, 1.0
        found = after
        for _ in range(100):
            middle = 0.5 * (low + high)
            found, system, _ = self.correct(point + middle * chord, chord / np.linalg.norm(chord))
            here = self.tangent(system, tangent)
            if sign(found, here) > 0:
                low = middle
            else:
                high = middle
            if high - low < 1e-15:
                break
        return found


class _Lost(Exception):
    """Newton's method did not return to the curve."""


def _solve(system: FloatArray, right: Any) -> FloatArray:
    try:
        out = np.linalg.solve(system, right)
    except np.linalg.LinAlgError:
        raise _Lost from None
    if not np.isfinite(out).all():
        raise _Lost
    return np.asarray(out)
