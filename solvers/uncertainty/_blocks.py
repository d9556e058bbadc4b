"""One block of draws: the stage games of all its draws in one array, and everything that follows from them.

Up to four powers the whole stage game is there. Beyond that there are unilateral deviations, and equilibria that a search finds.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from games import stances
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import STATUS_QUO, Draws, MapLike, SpheresModel
from games.types import IntArray
from solvers.base.deadline import checkpoint
from solvers.base.rounding import ROUNDING, TOLERANCE
from solvers.repeated.patience._thresholds import threshold
from solvers.uncertainty._mixed import Found, Mixed, find
from solvers.uncertainty._names import capability, map_words, same_map, weights
from solvers.uncertainty._outcomes import Outcomes
from solvers.uncertainty._stages import (
    Bounds,
    block_pairs,
    correlated_minmax,
    deviation_gains,
    own_first,
    pairs,
    payoffs_at,
    pure_minmax,
    rounding_many,
)

__all__ = ["WHOLE", "Task"]

# Above this many powers the stage game does not fit in an array for each draw.
WHOLE = 4


class _Base(NamedTuple):
    """Competition on the status quo map in a block of D draws.

    `bounds` are over its equilibria: `rows` (M',) is the draw of each, `equilibria` (M, 1 + N) lists the pure ones. `support`
    lists the pure profiles that they play: equilibrium (K,), weight (K,), contests (K, N, N). `game` is the whole stage game, if
    there is one.
    """

    game: FloatArray | None
    payoffs: FloatArray
    gains: FloatArray
    bounds: Bounds
    rounding: FloatArray
    equilibria: IntArray
    rows: IntArray
    mixed: BoolArray
    complete: BoolArray
    support: tuple[IntArray, FloatArray, BoolArray]


class _Deal(NamedTuple):
    """Regimes on one map in a block of D draws: (D, G, N), and what punishes on that map, (D, N)."""

    payoffs: FloatArray
    gains: FloatArray
    pair_leaves: BoolArray | None
    rounding: FloatArray
    bounds: Bounds
    outcast: FloatArray
    minmax: FloatArray
    minmax_pure: FloatArray


@dataclass(frozen=True)
class Task:
    model: SpheresModel
    maps: Mapping[str, MapLike]
    regimes: Mapping[str, Profile]
    observed: Mapping[str, Profile]
    mixed: Mixed
    autonomy: bool
    starts: int
    seed: int

    def run(self, draws: Draws) -> dict[str, Outcomes]:
        """Outcomes of a block of draws on each map."""
        whole = len(self.model.players) <= WHOLE
        base = self.whole_base(draws) if whole else self.large_base(draws)
        competition = self.competition(draws, base)
        out = {}
        for name, map in self.maps.items():
            checkpoint()
            deal = self.whole_deal(draws, map, base) if whole else self.large_deal(draws, map, base)
            out[name] = self.assemble(draws, map, base, deal, competition)
        return out

    # ------------------------------------------------------------------ two to four powers: whole stage games

    def game(self, draws: Draws, map: MapLike) -> FloatArray:
        """Stage games (D, A, ..., A, N)."""
        n = len(self.model.players)
        contests = stances.every_contest(n)
        return self.model.payoffs(contests, map, draws).reshape(len(draws), *(2 ** (n - 1),) * n, n)

    def whole_base(self, draws: Draws) -> _Base:
        game = self.game(draws, STATUS_QUO)
        found = find(game, self.mixed)
        seen, n = list(self.observed.values()), game.shape[-1]
        return _Base(
            game,
            _stacked([payoffs_at(game, p) for p in seen], len(draws), n),
            _stacked([deviation_gains(game, p) for p in seen], len(draws), n),
            found.bounds(),
            rounding_many(game),
            np.column_stack([found.rows, found.actions])[found.pure],
            found.rows,
            np.bincount(found.rows, weights=~found.pure, minlength=len(draws)) > 0,
            found.complete,
            _supports(found),
        )

    def whole_deal(self, draws: Draws, map: MapLike, base: _Base) -> _Deal:
        assert base.game is not None
        game, bounds = base.game, base.bounds
        if not same_map(self.model, map):
            game = self.game(draws, map)
            bounds = find(game, self.mixed).bounds()
        deals, n = list(self.regimes.values()), game.shape[-1]
        return _Deal(
            _stacked([payoffs_at(game, p) for p in deals], len(draws), n),
            _stacked([deviation_gains(game, p) for p in deals], len(draws), n),
            np.stack([block_pairs(game, p) for p in deals], axis=1),
            rounding_many(game),
            bounds,
            np.stack([own_first(game, i)[:, :, _outcast(n, i)].max(axis=1) for i in range(n)], axis=-1),
            correlated_minmax(game),
            pure_minmax(game),
        )

    # ------------------------------------------------------------------ five powers and more: deviations and a search

    def large_base(self, draws: Draws) -> _Base:
        from solvers.spheres.equilibria import search

        model, n = self.model, len(self.model.players)
        found = search(model, draws, STATUS_QUO, starts=self.starts, seed=self.seed)
        seen = [_alone(model, p, STATUS_QUO, draws) for p in self.observed.values()]
        actions = np.array(
            [[stances.action_of(list(c[i]), i) for i in range(n)] for c in found.contests], dtype=np.int64
        ).reshape(-1, n)
        return _Base(
            None,
            _stacked([d[0] for d in seen], len(draws), n),
            _stacked([d[1] for d in seen], len(draws), n),
            _bounds(found.rows, found.payoffs, len(draws)),
            _sight(seen, len(draws), n),
            np.column_stack([found.rows, actions]),
            found.rows,
            np.zeros(len(draws), dtype=np.bool_),
            np.zeros(len(draws), dtype=np.bool_),
            (np.arange(len(found.rows)), np.ones(len(found.rows)), found.contests),
        )

    def large_deal(self, draws: Draws, map: MapLike, base: _Base) -> _Deal:
        from solvers.spheres.equilibria import search

        model, n = self.model, len(self.model.players)
        bounds = base.bounds
        if not same_map(model, map):
            own = search(model, draws, map, starts=self.starts, seed=self.seed)
            bounds = _bounds(own.rows, own.payoffs, len(draws))
        deals = [_alone(model, p, map, draws) for p in self.regimes.values()]
        outcast = np.empty((len(draws), n))
        for i in range(n):
            matrix = np.zeros((n, n), dtype=np.bool_)
            matrix[:, i] = np.arange(n) != i
            outcast[:, i] = model.unilateral(matrix, map, draws).deviations[:, i].max(axis=-1)
        leaves = None
        if n <= _JOINT:
            leaves = np.stack([_pairs_alone(model, p, map, draws) for p in self.regimes.values()], axis=1)
        unknown = np.full((len(draws), n), np.nan)
        return _Deal(
            _stacked([d[0] for d in deals], len(draws), n),
            _stacked([d[1] for d in deals], len(draws), n),
            leaves,
            _sight(deals, len(draws), n),
            bounds,
            outcast,
            unknown,
            unknown.copy(),
        )

    # ------------------------------------------------------------------ both

    def assemble(
        self,
        draws: Draws,
        map: MapLike,
        base: _Base,
        deal: _Deal,
        competition: tuple[FloatArray, Bounds, Bounds],
    ) -> Outcomes:
        """Critical discount factors and autonomy, and all of it as outcomes."""
        model = self.model

        def critical(value: FloatArray) -> FloatArray:
            return _critical(value, deal.payoffs, deal.gains, deal.rounding)

        unknown = np.isnan(deal.minmax).all()
        blank = np.full_like(deal.payoffs, np.nan)
        autonomy = np.full((len(draws), len(self.regimes), len(model.regions)), np.nan)
        if self.autonomy:
            profiles = stances.contest_matrices(np.array(list(self.regimes.values())))
            autonomy = model.autonomy(profiles, map, draws)
        seen, by_region, weighed = competition
        return Outcomes(
            model,
            draws,
            map_words(model, map),
            tuple(self.regimes),
            tuple(self.regimes.values()),
            tuple(self.observed),
            tuple(self.observed.values()),
            deal.payoffs,
            deal.gains,
            critical(deal.bounds.low),
            critical(deal.bounds.high),
            critical(base.bounds.low),
            critical(deal.outcast),
            blank if unknown else critical(deal.minmax),
            blank.copy() if unknown else critical(deal.minmax_pure),
            deal.pair_leaves,
            base.bounds,
            deal.bounds,
            base.equilibria,
            np.bincount(base.rows, minlength=len(draws)),
            base.mixed,
            base.complete,
            base.payoffs,
            base.gains,
            _critical(base.bounds.low, base.payoffs, base.gains, base.rounding),
            autonomy,
            seen,
            by_region,
            weighed,
            np.broadcast_to(model.discounts(draws), (len(draws), len(model.players))).copy(),
            capability(model, draws),
            self.mixed,
        )

    def competition(self, draws: Draws, base: _Base) -> tuple[FloatArray, Bounds, Bounds]:
        """Autonomy under observed profiles (D, O, R); its bounds over the equilibria by region (D, R), weighed sums (D, 2)."""
        model = self.model
        count, regions = len(draws), len(model.regions)
        seen = np.full((count, len(self.observed), regions), np.nan)
        if not self.autonomy:
            blank = np.full((count, regions), np.nan)
            sums = np.full((count, 2), np.nan)
            return seen, Bounds(blank, blank.copy()), Bounds(sums, sums.copy())
        if self.observed:
            profiles = stances.contest_matrices(np.array(list(self.observed.values())))
            seen = model.autonomy(profiles, STATUS_QUO, draws)
        which, weight, contests = base.support
        rows = base.rows[which]
        expected = np.zeros((len(base.rows), regions))
        if len(rows):
            played = model.autonomy(contests[:, None], STATUS_QUO, draws.take(rows))[:, 0]
            np.add.at(expected, which, weight[:, None] * played)
        weighed = _bounds(base.rows, expected @ weights(model), count)
        return seen, _bounds(base.rows, expected, count), weighed


def _critical(value: FloatArray, payoffs: FloatArray, gains: FloatArray, small: FloatArray) -> FloatArray:
    """Critical discount factors (D, G, N) of profiles if deviators get `value` (D, N); where it is unknown nothing punishes."""
    punishment = np.where(np.isnan(value)[:, None], payoffs, value[:, None])
    return threshold(gains, payoffs, punishment, small[:, None])


def _sight(
    profiles: Sequence[tuple[FloatArray, FloatArray, FloatArray]], draws: int, powers: int
) -> FloatArray:
    """What is rounding, (D, N): without the whole game its range is unknown, and the largest payoff in sight stands in for it."""
    if not profiles:
        return np.zeros((draws, powers))
    return np.asarray(ROUNDING * np.abs(profiles[0][2]).max(axis=-1))


# Up to this many powers the joint actions of every pair are compared without the whole stage game.
_JOINT = 6


def _stacked(tables: Sequence[FloatArray], draws: int, powers: int) -> FloatArray:
    return np.stack(tables, axis=1) if len(tables) else np.zeros((draws, 0, powers))


def _bounds(rows: IntArray, values: FloatArray, draws: int) -> Bounds:
    low, high = np.full((draws, values.shape[1]), np.inf), np.full((draws, values.shape[1]), -np.inf)
    np.minimum.at(low, rows, values)
    np.maximum.at(high, rows, values)
    none = np.bincount(rows, minlength=draws) == 0
    low[none] = high[none] = np.nan
    return Bounds(low, high)


def _outcast(n: int, player: int) -> int:
    """Position, among the profiles of the others, of the one in which all of them contest this player and nobody else."""
    position = 0
    for j in range(n):
        if j != player:
            action = stances.action_of([k == player for k in range(n)], j)
            position = position * 2 ** (n - 1) + action
    return position


def _supports(found: Found) -> tuple[IntArray, FloatArray, BoolArray]:
    """The pure profiles that each equilibrium plays: equilibrium (K,), probability (K,), contests (K, N, N)."""
    n = len(found.strategies)
    pure = np.flatnonzero(found.pure)
    which, weight, actions = [pure], [np.ones(len(pure))], [found.actions[pure]]
    mixed = np.flatnonzero(~found.pure)
    if len(mixed):
        joint = np.ones((len(mixed), 1))
        for strategies in found.strategies:
            joint = (joint[:, :, None] * strategies[mixed][:, None, :]).reshape(len(mixed), -1)
        row, code = np.nonzero(joint)
        which.append(mixed[row])
        weight.append(joint[row, code])
        actions.append(np.stack(np.unravel_index(code, [s.shape[1] for s in found.strategies]), axis=1))
    table = np.concatenate(actions).reshape(-1, n)
    return np.concatenate(which), np.concatenate(weight), stances.contest_matrices(table)


def _alone(
    model: SpheresModel, profile: Profile, map: MapLike, draws: Draws
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Payoffs (D, N), gains of the best other action (D, N), and all payoffs of deviations (D, N, A)."""
    payoffs, deviations = model.unilateral(profile, map, draws)
    others = deviations.copy()
    for i, action in enumerate(profile):
        others[:, i, action] = -np.inf
    return payoffs, np.asarray(others.max(axis=-1) - payoffs), deviations


def _pairs_alone(model: SpheresModel, profile: Profile, map: MapLike, draws: Draws) -> BoolArray:
    """As `block_pairs` without the whole stage game: a gain counts above 1e-9 of the largest payoff in sight."""
    n = len(profile)
    size = 2 ** (n - 1)
    out = np.zeros((len(draws), len(pairs(n))), dtype=np.bool_)
    for p, (i, j) in enumerate(pairs(n)):
        actions = np.tile(np.array(profile), (size * size, 1))
        actions[:, i], actions[:, j] = np.divmod(np.arange(size * size), size)
        base = int(profile[i]) * size + int(profile[j])
        table = model.payoffs(stances.contest_matrices(actions), map, draws)[..., [i, j]]
        gain = table - table[:, base, None]
        out[:, p] = (gain > TOLERANCE * np.abs(table).max(axis=1, keepdims=True)).all(axis=-1).any(axis=1)
    return out
