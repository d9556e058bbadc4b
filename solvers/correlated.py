"""Correlated and coarse correlated equilibria that are best by some linear objective, for any number of players.

A mediator draws a profile from a distribution p and tells each player its own action. p is a *correlated equilibrium* (Aumann
1974) if obeying is a best response for each player i, whatever a_i it was told:

    sum over a_-i of p(a) (u_i(b, a_-i) - u_i(a)) <= 0    for every b,

and a *coarse* one (Moulin and Vial 1978) if no player gains by fixing one action b before hearing its own: the same sum
over all profiles. Both sets are polytopes, so the best point of either is a linear program; every Nash equilibrium
lies in both.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import MethodError, SizeError, did_you_mean
from games.normal_form import NormalFormGame
from games.types import BoolArray, FloatArray
from solvers.base.deadline import Deadline, keeps_time, steps
from solvers.base.limits import seconds
from solvers.base.matrix_game import opposed, solve_matrix_games
from solvers.base.precision import refuse_lost_differences
from solvers.base.programs import TIGHT, within
from solvers.base.result import Result

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CorrelatedBounds", "CorrelatedEquilibrium", "Objective", "bounds", "regret", "solve"]

Objective: TypeAlias = str | tuple[str, str | int] | npt.ArrayLike
"""What a correlated equilibrium is to be best by; see `solve`."""
_LARGEST = 10_000_000
# Up to this many coefficients all constraints go into the linear program at once: for random games from 12x12 to 10x10x10 that
# takes a half to a fifth of the time of adding them as they are broken; for 12x12x12 and 40x40 it is the other way round.
_WHOLE = 40_000
# Up to this many entries, zeros included, a full table costs less than keeping it sparse.
_DENSE = 50_000
# Constraints that are added as they are broken stay few, or come in hundreds of rounds. From a tenth of the profiles on, and
# after so many rounds, an interior point method gets all of them: of 50x50 games it takes 6 s where the simplex method took 146.
_SHARE, _ROUNDS = 0.1, 30
# Multiplications between two looks at the clock: a fraction of a second.
_PRODUCT = 2**29
# What a constraint may be broken by, in units of the payoff range, and how many are added at a time at least.
_BROKEN = 1e-9
_ADDED = 100
_FEASIBLE = 1e-6


@dataclass(frozen=True, eq=False, repr=False)
class CorrelatedEquilibrium(Result):
    """One (coarse) correlated equilibrium, optimal by an objective.

    Attributes
    ----------
    game : NormalFormGame
    coarse : bool
    objective : what was maximised or minimised, in words
    distribution : array (k_1, ..., k_N), the probability of each profile
    payoffs : array (N,)
    value : the objective at this equilibrium, in payoff units
    bound : no equilibrium of this kind does better than this (less, if it is minimised): from the dual solution, recomputed
    regret : array (N,), what each player could still gain by disobeying, in its payoff units
    seconds : processor time used
    """

    game: NormalFormGame
    coarse: bool
    objective: str
    distribution: FloatArray
    payoffs: FloatArray
    value: float
    bound: float
    regret: FloatArray
    seconds: float

    @property
    def gap(self) -> float:
        """How far from optimal the objective can be at most."""
        return abs(self.bound - self.value)

    def summary(self) -> str:
        kind = "coarse correlated" if self.coarse else "correlated"
        return (
            f"{kind} equilibrium with the {self.objective}: {self.value:.6g} (optimal within {self.gap:.2g}, proven by "
            f"the dual solution; largest gain from disobeying {self.regret.max():.2g})"
        )

    def to_frame(self) -> pd.DataFrame:
        """One row for each profile played: its action labels, its probability and its payoffs."""
        import pandas as pd

        played = np.argwhere(self.distribution > 0)
        rows = [
            (*self.game.labels(a), float(self.distribution[tuple(a)]), *self.game.payoffs[tuple(a)].tolist())
            for a in played.tolist()
        ]
        names = [f"payoff of {player}" for player in self.game.players]
        return pd.DataFrame(rows, columns=[*self.game.players, "probability", *names])


@dataclass(frozen=True, eq=False, repr=False)
class CorrelatedBounds(Result):
    """Each player's worst and best payoffs over all (coarse) correlated equilibria.

    Attributes
    ----------
    lower, upper : arrays (N,)
    worst, best : for each player an equilibrium that attains it
    """

    game: NormalFormGame
    coarse: bool
    worst: tuple[CorrelatedEquilibrium, ...]
    best: tuple[CorrelatedEquilibrium, ...]

    @property
    def lower(self) -> FloatArray:
        """Each player's lowest equilibrium payoff, shape (N,)."""
        return np.array([e.value for e in self.worst])

    @property
    def upper(self) -> FloatArray:
        """Each player's highest equilibrium payoff, shape (N,)."""
        return np.array([e.value for e in self.best])

    def summary(self) -> str:
        kind = "coarse correlated" if self.coarse else "correlated"
        gap = max(e.gap for e in (*self.worst, *self.best))
        return f"payoffs over all {kind} equilibria (each bound optimal within {gap:.2g}, proven by its dual solution)"

    def to_frame(self) -> pd.DataFrame:
        """One row for each player: worst and best payoff."""
        import pandas as pd

        return pd.DataFrame(
            {"worst": self.lower, "best": self.upper}, index=pd.Index(self.game.players, name="player")
        )


@checked
def solve(
    game: NormalFormGame,
    objective: Objective = "welfare",
    *,
    coarse: bool = False,
    time_limit: float | None = None,
) -> CorrelatedEquilibrium:
    """The (coarse) correlated equilibrium that is best by a linear objective or by the payoff of the worst off.

    Parameters
    ----------
    game : NormalFormGame
    objective : what to maximise
        `"welfare"` (or `"utilitarian"`): the sum of payoffs. `"egalitarian"`: the smallest payoff. `("best", player)` or
        `("worst", player)`: one player's highest or lowest payoff. An array (N,): weights on the players' payoffs. An
        array (k_1, ..., k_N): a weight for each profile. Sums and minima over players compare payoffs as they stand, so
        all but `best` and `worst` depend on the players' units.
    coarse : whether players commit before hearing their own action
    time_limit : seconds of wall time

    Raises
    ------
    MethodError
        For an objective that is not known.
    SizeError
        If the linear program has more than 10 million coefficients (about a minute and two gigabytes), or the time
        limit passed before it was solved.

    Examples
    --------
    Aumann's (1974) game of chicken, where correlation pays more than any equilibrium in the hull of Nash payoffs:

    >>> from games import NormalFormGame
    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> round(solve(chicken).value, 9)
    10.5
    """
    return _Program(game, coarse, time_limit).solve(objective)


@checked
def bounds(
    game: NormalFormGame, *, coarse: bool = False, time_limit: float | None = None
) -> CorrelatedBounds:
    """Each player's worst and best payoffs over all (coarse) correlated equilibria: 2 N linear programs.

    `time_limit` is in seconds of wall time, for all of them. Raises SizeError as `solve` does.

    >>> from games import NormalFormGame
    >>> chicken = NormalFormGame.from_bimatrix([[6, 2], [7, 0]], [[6, 7], [2, 0]])
    >>> bounds(chicken).upper
    array([7., 7.])
    """
    program = _Program(game, coarse, time_limit)
    worst = tuple(program.solve(("worst", i)) for i in range(game.n_players))
    best = tuple(program.solve(("best", i)) for i in range(game.n_players))
    return CorrelatedBounds(game, coarse, worst, best)


@checked
@keeps_time("the regret", "take fewer actions")
def regret(
    game: NormalFormGame,
    distribution: npt.ArrayLike,
    *,
    coarse: bool = False,
    time_limit: float | None = None,
) -> FloatArray:
    """What each player could gain by disobeying a distribution over profiles, shape (N,); zero at an equilibrium.

    Correlated: by the best reaction to each action it may be told. Coarse: by the best action fixed beforehand.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    p = np.asarray(distribution, dtype=np.float64)
    if p.shape != game.shape:
        raise MethodError(f"the distribution has shape {p.shape}; this game needs one of shape {game.shape}")
    out = np.empty(game.n_players)
    for i, k in enumerate(game.shape):
        rows, told = _payoff_rows(game, i), np.moveaxis(p, i, 0).reshape(k, -1).T
        block = max(1, _PRODUCT // told.size)
        parts = range(0, k, block)
        gain = np.concatenate(
            [rows[b : b + block] @ told for b in steps(parts, len(parts), "blocks of actions")]
        )
        gain -= np.diagonal(gain)[None, :].copy()
        # gain[b, a]: what playing b when told a adds.
        loss = max(0.0, gain.sum(axis=1).max()) if coarse else np.maximum(gain, 0.0).max(axis=0).sum()
        out[i] = game.ranges[i] * loss
    return out


def _payoff_rows(game: NormalFormGame, i: int) -> FloatArray:
    """Player i's normalised payoffs, (k_i, profiles of the others)."""
    return np.moveaxis(game.normalised[..., i], i, 0).reshape(game.shape[i], -1)


class _Program:
    """The incentive constraints of one game, in units of each player's payoff range."""

    def __init__(self, game: NormalFormGame, coarse: bool, time_limit: float | None) -> None:
        refuse_lost_differences(game)
        self.game, self.coarse, self.time_limit = game, coarse, seconds("time_limit", time_limit)
        self.deadline = Deadline(self.time_limit)
        self.opposed = opposed(game)
        # Incentive constraints that have mattered in a solution so far: what the next objective starts with.
        self.active: BoolArray = np.zeros(0, dtype=np.bool_)

    @cached_property
    def incentives(self) -> Any:
        """The incentive constraints, a matrix with a column for each profile; a sparse one if it is large."""
        game, coarse = self.game, self.coarse
        profiles = int(np.prod(game.shape))
        count = sum(k - 1 for k in game.shape) * profiles
        if count > _LARGEST:
            raise SizeError(
                f"the linear program of this {'x'.join(map(str, game.shape))} game has {count:,} coefficients; up to "
                f"{_LARGEST:,} are accepted. Eliminate dominated actions first (solvers.dominance) or merge actions"
            )
        index = np.arange(profiles).reshape(game.shape)
        rows, columns, data, first = [], [], [], 0
        for i, k in enumerate(game.shape):
            if k == 1 or game.ranges[i] == 0.0:
                continue
            own = _payoff_rows(game, i)
            at = np.moveaxis(index, i, 0).reshape(k, -1)
            for b in range(k):
                gain = own[b] - own
                told, other = np.nonzero(gain)
                rows.append(np.full(len(told), first + b) if coarse else first + told * k + b)
                columns.append(at[told, other])
                data.append(gain[told, other])
            first += k if coarse else k * k
        if not data:
            return np.zeros((0, profiles))
        values, places = np.concatenate(data), (np.concatenate(rows), np.concatenate(columns))
        if first * profiles <= _DENSE:
            dense = np.zeros((first, profiles))
            dense[places] = values
            return dense[dense.any(axis=1)]
        from scipy.sparse import coo_array

        matrix = coo_array((values, places), shape=(first, profiles)).tocsr()
        return matrix[np.diff(matrix.indptr) > 0]

    def solve(self, objective: Objective) -> CorrelatedEquilibrium:
        begun = time.process_time()
        words, sense, weights = _objective(self.game, objective)
        if self.opposed and not _by_profile(objective):
            p, bound = self._value(weights, sense)
        elif weights is None:
            p, bound = self._egalitarian()
        else:
            p, bound = self._linear(sense * weights)
            bound *= sense
        p = np.where(p > 0.0, p, 0.0)
        p = (p / p.sum()).reshape(self.game.shape)
        left = regret(self.game, p, coarse=self.coarse)
        if (left > _FEASIBLE * self.game.ranges).any():
            raise SizeError(
                f"the linear program was not solved: the point reached leaves gains from disobeying of {left.max():.2g}"
                + self._limit()
            )
        payoffs = _expected(self.game.payoffs, p)
        value = float(payoffs.min()) if weights is None else float(_expected(weights[..., None], p)[0])
        for array in (p, payoffs, left):
            array.setflags(write=False)
        return CorrelatedEquilibrium(
            self.game, self.coarse, words, p, payoffs, value, bound, left, time.process_time() - begun
        )

    def _limit(self) -> str:
        return "" if self.time_limit is None else f" within the time limit of {float(self.time_limit):g} s"

    def _value(self, weights: FloatArray | None, sense: float) -> tuple[FloatArray, float]:
        """Optimal strategies of a game with opposed interests, and the bound on any objective of the players' payoffs.

        In every (coarse) correlated equilibrium each player gets at least what it can secure, so both get the value of the
        game (Forges, "Correlated equilibrium in two-person zero-sum games", Econometrica 1990).
        """
        solved = solve_matrix_games(self.game.normalised[..., 0])
        p = np.outer(solved.rows[0], solved.columns[0])
        # The first player's share of its range lies between these, the second's is the rest.
        low = self.game.payoffs.reshape(-1, 2).min(axis=0)
        ends = np.array([[share, 1.0 - share] for share in (solved.lower[0], solved.upper[0])])
        payoffs = low + self.game.ranges * ends
        if weights is None:
            # The smaller of the two may peak in between, by no more than the ends are apart.
            apart = float((np.abs(payoffs[1] - payoffs[0])).max())
            return p, float(payoffs.min(axis=1).max()) + apart
        # The objective is a weighted sum of payoffs, so a function of p's payoffs: its ends are those of the interval.
        share = self.game.normalised[..., 0]
        at = [
            float(weights[np.unravel_index(place, share.shape)]) for place in (share.argmin(), share.argmax())
        ]
        values = [at[0] + (at[1] - at[0]) * float(end) for end in ends[:, 0]]
        return p, max(sense * value for value in values) * sense

    def _linear(self, weights: FloatArray) -> tuple[FloatArray, float]:
        """Maximise weights @ p; returns p and an upper bound on the maximum."""
        flat = weights.reshape(-1)
        low = flat.min()
        span = float(flat.max() - low) or 1.0
        cost = (flat - low) / span
        p, multipliers = self._highs(-cost, self.incentives, np.ones((1, len(flat))), (0, None))
        # Weak duality: with multipliers >= 0, no p gives more than the largest reduced payoff.
        bound = float((cost - self.incentives.T @ multipliers).max())
        return p, low + span * bound

    def _egalitarian(self) -> tuple[FloatArray, float]:
        """Maximise the smallest payoff; returns p and an upper bound on it."""
        everyone = self.game.payoffs.reshape(-1, self.game.n_players)
        high = float(everyone.max(axis=0).min())
        # Who never gets less than the most another can get is never the worst off alone.
        binding = everyone.min(axis=0) < high
        if not binding.any():
            return self._linear(np.zeros(self.game.shape))[0], high
        payoffs = everyone[:, binding]
        low = float(payoffs.min())
        scale = high - low
        # In the row of player i: (low + scale * t - u_i @ p) / unit_i <= 0.
        unit = np.maximum(self.game.ranges[binding], scale)
        rows = np.hstack([(low - payoffs.T) / unit[:, None], (scale / unit)[:, None]])
        obey, empty = self.incentives, np.zeros((self.incentives.shape[0], 1))
        if isinstance(obey, np.ndarray):
            matrix: Any = np.vstack([np.hstack([obey, empty]), rows])
        else:
            from scipy.sparse import csr_array, hstack, vstack

            matrix = vstack([hstack([obey, csr_array(empty)]), csr_array(rows)]).tocsr()
        cost = np.zeros(payoffs.shape[0] + 1)
        cost[-1] = -1.0
        total = np.ones((1, len(cost)))
        total[0, -1] = 0.0
        limits = [(0.0, None)] * payoffs.shape[0] + [(None, 1.0)]
        x, multipliers = self._highs(cost, matrix, total, limits)
        share = multipliers[-len(unit) :] * (scale / unit)
        # Any multipliers >= 0 and shares that sum to 1 prove a bound; the solver's are the ones that prove the best.
        share = share / share.sum() if share.sum() > 0.0 else np.full(len(unit), 1.0 / len(unit))
        reduced = (payoffs - low) @ share - scale * (self.incentives.T @ multipliers[: -len(unit)])
        return x[:-1], min(high, low + float(reduced.max()))

    def _highs(
        self, cost: FloatArray, matrix: Any, total: FloatArray, limits: Any
    ) -> tuple[FloatArray, FloatArray]:
        from scipy.optimize import linprog

        count = matrix.shape[0]
        if isinstance(matrix, np.ndarray) or matrix.nnz <= _WHOLE:
            chosen = np.ones(count, dtype=np.bool_)
        else:
            # Of many incentive constraints few bind: start without them (but those of the objective, which come last) and
            # add the ones that a solution breaks.
            chosen = np.zeros(count, dtype=np.bool_)
            chosen[: len(self.active)] = self.active
            chosen[self.incentives.shape[0] :] = True
        multipliers = np.zeros(count)
        rounds = 0
        while True:
            many = rounds > 0 and (rounds >= _ROUNDS or chosen.sum() > _SHARE * cost.size)
            if many:
                chosen[:] = True
            if self.deadline.passed:
                raise SizeError(f"the linear program was not solved{self._limit()}; raise time_limit")
            rows = matrix[chosen]
            answer = linprog(
                cost,
                A_ub=rows,
                b_ub=np.zeros(rows.shape[0]),
                A_eq=total,
                b_eq=np.ones(1),
                bounds=limits,
                method="highs-ipm" if many else "highs-ds",
                options={**TIGHT, **within(self.deadline)},
            )
            if answer.x is None or answer.status == 1:
                raise SizeError(f"the linear program was not solved{self._limit()}: {answer.message}")
            x = np.asarray(answer.x)
            excess = matrix @ x
            broken = np.flatnonzero((excess > _BROKEN) & ~chosen)
            if not len(broken):
                multipliers[chosen] = np.maximum(-np.asarray(answer.ineqlin.marginals), 0.0)
                self.active = chosen[: self.incentives.shape[0]]
                return x, multipliers
            worst = np.argsort(-excess[broken], kind="stable")[: max(_ADDED, cost.size // 4)]
            chosen[broken[worst]] = True
            rounds += 1


def _by_profile(objective: Objective) -> bool:
    """Whether an objective weighs profiles, not players."""
    named = isinstance(objective, str) or (isinstance(objective, tuple) and isinstance(objective[0], str))
    return not named and np.ndim(objective) == 2


def _expected(values: FloatArray, p: FloatArray) -> FloatArray:
    """Expectations of (k_1, ..., k_N, m) values; taken of the differences from the minimum, which keeps small ones."""
    flat = values.reshape(-1, values.shape[-1])
    low = flat.min(axis=0)
    return np.asarray(low + p.reshape(-1) @ (flat - low))


def _objective(game: NormalFormGame, objective: Objective) -> tuple[str, float, FloatArray | None]:
    """The objective in words, +1 to maximise or -1 to minimise, and a weight for each profile (None: egalitarian)."""
    names = ("welfare", "utilitarian", "egalitarian")
    if isinstance(objective, str):
        if objective == "egalitarian":
            return "largest smallest payoff", 1.0, None
        if objective not in names:
            raise MethodError(f"there is no objective {objective!r}{did_you_mean(objective, names)}")
        return "largest sum of payoffs", 1.0, game.payoffs.sum(axis=-1)
    if isinstance(objective, tuple) and len(objective) == 2 and isinstance(objective[0], str):
        if objective[0] not in ("best", "worst"):
            raise MethodError(
                f"there is no objective {objective!r}; use ('best', player) or ('worst', player)"
            )
        i = game.player_index(objective[1])
        word, sense = ("highest", 1.0) if objective[0] == "best" else ("lowest", -1.0)
        return f"{word} payoff of {game.players[i]}", sense, game.payoffs[..., i]
    weights = _numbers(objective)
    if weights.shape == (game.n_players,):
        given = ", ".join(f"{player} {w:g}" for player, w in zip(game.players, weights))
        return f"largest weighted sum of payoffs ({given})", 1.0, np.asarray(game.payoffs @ weights)
    if weights.shape == game.shape:
        return "largest expectation of the given weights of profiles", 1.0, weights
    raise MethodError(
        f"the objective has shape {weights.shape}; give a name, one weight for each of {game.n_players} players, or "
        f"one for each profile, shape {game.shape}"
    )


def _numbers(objective: Sequence[Any] | Any) -> FloatArray:
    try:
        weights = np.asarray(objective, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise MethodError(f"the objective {objective!r} is neither a name nor an array of numbers") from None
    if not np.isfinite(weights).all():
        raise MethodError("the objective holds NaN or infinity; every weight must be a finite number")
    return weights
