"""From draws to outcomes: the stage games of all draws in one array, and everything that follows from them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np

from games import stances
from games.errors import MethodError
from games.normal_form import BoolArray, FloatArray, Profile
from games.spheres import STATUS_QUO, Draws, MapLike, Observed, SpheresModel
from solvers.base.progress import track
from solvers.repeated.patience._thresholds import threshold
from solvers.uncertainty._mixed import Found, IntArray, Mixed, find
from solvers.uncertainty._outcomes import Outcomes, joined, weights
from solvers.uncertainty._stages import (
    Bounds,
    block_pairs,
    correlated_minmax,
    deviation_gains,
    own_first,
    pairs,
    payoffs_at,
    pure_minmax,
    rounding,
)

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ProfileLike", "evaluate", "named_profiles"]

ProfileLike: TypeAlias = "str | Sequence[Any] | Observed"

# Above this many powers the stage game does not fit in an array for each draw.
_WHOLE = 4
# Numbers in the stage games that are held at once: 16 MB.
_BLOCK = 2**21


def evaluate(
    model: SpheresModel,
    draws: Draws | pd.DataFrame,
    map: MapLike = STATUS_QUO,
    regimes: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    *,
    observed: str | Sequence[str] | Mapping[str, ProfileLike] | None = None,
    mixed: Mixed = "where none",
    autonomy: bool = True,
    starts: int = 8,
    seed: int = 0,
) -> Outcomes:
    """What follows in every draw: payoffs, equilibria, premiums, deviations, critical discount factors, pairs, autonomy.

    Parameters
    ----------
    model : SpheresModel
    draws : Draws, or a table with one column a number or switch
    map : the deal's map; competition and observed profiles are on the status quo map
    regimes : names of `model.regimes`, or a mapping of names to profiles; the first is *the deal*. Defaults to all regimes.
    observed : names of `model.observed` (by default all), or a mapping of names to profiles: action labels or numbers, or
        pairs (who contests, whom)
    mixed : which mixed equilibria belong to competition beside all pure ones: `where none` is pure, `all`, or `never`
    autonomy : whether to compute what is left of each region's autonomy
    starts, seed : with five powers or more, of the search for equilibria (see `solvers.spheres.equilibria`); it then finds
        pure ones only, perhaps not all; minmax bounds are not computed

    Raises
    ------
    MethodError
        For draws of another kind, no regime, or a `mixed` that does not apply to this many powers.
    ScenarioError, ProfileError
        For a number, map, regime or profile that is not in the model.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> found = evaluate(model, model.draws(64), regimes="concert")
    >>> found.share("pays all").draws
    64
    """
    table = as_draws(draws)
    names = tuple(model.regimes) if regimes is None else regimes
    chosen = named_profiles(model, names, "regimes")
    if not chosen:
        raise MethodError("regimes: name at least one, the deal")
    seen = named_profiles(model, tuple(model.observed) if observed is None else observed, "observed")
    n = len(model.players)
    if n > _WHOLE and mixed == "all":
        raise MethodError(f"mixed='all' needs the whole stage game, which {n} powers do not allow")
    task = _Task(model, map, chosen, seen, mixed, autonomy, starts, seed)
    size = max(1, min(4096, _BLOCK // (2 ** (n * (n - 1)) * n))) if n <= _WHOLE else 256
    blocks = range(0, len(table), size)
    parts = [
        task.run(table.take(slice(start, start + size)))
        for start in track(blocks, len(blocks), "Evaluating draws")
    ]
    return joined(parts)


def as_draws(draws: Draws | pd.DataFrame) -> Draws:
    """Draws, from a table where need be."""
    if isinstance(draws, Draws):
        return draws
    if hasattr(draws, "columns") and hasattr(draws, "to_numpy"):
        return Draws.from_frame(draws)
    raise MethodError(f"draws are a Draws or a table, not {type(draws).__name__}; see model.draws")


def named_profiles(
    model: SpheresModel, entries: str | Sequence[str] | Mapping[str, ProfileLike], what: str
) -> dict[str, Profile]:
    """Profiles by name, from names of the model's own or a mapping. Raises ProfileError for one that is not in the game."""
    if isinstance(entries, Mapping):
        return {str(name): profile_of(model, value) for name, value in entries.items()}
    names = (entries,) if isinstance(entries, str) else tuple(entries)
    for name in names:
        if not isinstance(name, str):
            raise MethodError(f"{what}: {name!r} is not a name; give a mapping of names to profiles")
    return {name: model.profile(name) for name in names}


def profile_of(model: SpheresModel, value: ProfileLike) -> Profile:
    """A profile from a name, labels, action numbers, an `Observed`, or pairs (who contests, whom)."""
    if isinstance(value, Observed):
        return stances.from_pairs(model.players, value.contests)
    if not isinstance(value, str) and all(
        isinstance(v, (tuple, list)) and len(v) == 2 and all(isinstance(x, str) for x in v) for v in value
    ):
        return stances.from_pairs(model.players, [(str(v[0]), str(v[1])) for v in value])
    return model.profile(value)


def map_words(model: SpheresModel, map: MapLike) -> str:
    """A map in words."""
    if isinstance(map, str):
        return map
    if isinstance(map, Mapping):
        return "; ".join(f"{region}: {holder or 'nobody'}" for region, holder in map.items()) or STATUS_QUO
    return "handed in"


def same_map(model: SpheresModel, map: MapLike) -> bool:
    """Is this the status quo map?"""
    return bool(
        (model.holders(map) == model.holders(STATUS_QUO)).all()
        and (model.forced(map) == model.forced(STATUS_QUO)).all()
    )


def capability(model: SpheresModel, draws: Draws) -> FloatArray:
    """Capability of each power in each draw, in points, (D, N)."""
    if model.index != "mix":
        return np.tile(model.capability, (len(draws), 1))
    z = (
        np.asarray(draws["gdp_weight"], dtype=np.float64)
        if "gdp_weight" in draws.names
        else np.full(len(draws), model.parameters.gdp_weight)
    )
    cinc, gdp = (model.with_index(index).capability for index in ("CINC", "GDP"))
    return np.asarray(cinc ** (1 - z[:, None]) * gdp ** z[:, None])


class _Facts(NamedTuple):
    """What follows in a block of D draws, before it is put together.

    `own` and `base` bound each power's payoffs over the equilibria of the deal's map and of the status quo map; `outcast`,
    `minmax` and `minmax_pure` (D, N) are what a power gets when all others contest it, and its minmax values on the deal's map.
    `support` lists the pure profiles that the status quo's equilibria play: equilibrium (K,), weight (K,), contests (K, N, N).
    """

    payoffs: FloatArray
    gains: FloatArray
    pair_leaves: BoolArray | None
    observed_payoffs: FloatArray
    observed_gains: FloatArray
    rounding: FloatArray
    own: Bounds
    base: Bounds
    outcast: FloatArray
    minmax: FloatArray
    minmax_pure: FloatArray
    equilibria: IntArray
    rows: IntArray
    mixed: BoolArray
    complete: BoolArray
    support: tuple[IntArray, FloatArray, BoolArray]


@dataclass(frozen=True)
class _Task:
    model: SpheresModel
    map: MapLike
    regimes: Mapping[str, Profile]
    observed: Mapping[str, Profile]
    mixed: Mixed
    autonomy: bool
    starts: int
    seed: int

    def run(self, draws: Draws) -> Outcomes:
        """Outcomes of a block of draws."""
        return self.assemble(
            draws, self.whole(draws) if len(self.model.players) <= _WHOLE else self.large(draws)
        )

    def whole(self, draws: Draws) -> _Facts:
        """From whole stage games."""
        model, n = self.model, len(self.model.players)
        contests = stances.contest_matrices(stances.all_profiles(n))
        shape = (len(draws), *(2 ** (n - 1),) * n, n)
        base = model.payoffs(contests, STATUS_QUO, draws).reshape(shape)
        found = find(base, self.mixed)
        own, own_bounds = base, found.bounds()
        if not same_map(model, self.map):
            own = model.payoffs(contests, self.map, draws).reshape(shape)
            own_bounds = find(own, self.mixed).bounds()
        deals, seen = list(self.regimes.values()), list(self.observed.values())
        return _Facts(
            _stacked([payoffs_at(own, p) for p in deals], len(draws), n),
            _stacked([deviation_gains(own, p) for p in deals], len(draws), n),
            np.stack([block_pairs(own, p) for p in deals], axis=1),
            _stacked([payoffs_at(base, p) for p in seen], len(draws), n),
            _stacked([deviation_gains(base, p) for p in seen], len(draws), n),
            rounding(own),
            own_bounds,
            found.bounds(),
            np.stack([own_first(own, i)[:, :, _outcast(n, i)].max(axis=1) for i in range(n)], axis=-1),
            correlated_minmax(own),
            pure_minmax(own),
            np.column_stack([found.rows, found.actions])[found.pure],
            found.rows,
            np.bincount(found.rows, weights=~found.pure, minlength=len(draws)) > 0,
            found.complete,
            _supports(found),
        )

    def large(self, draws: Draws) -> _Facts:
        """From unilateral deviations and the equilibria that a search finds."""
        from solvers.spheres.equilibria import search

        model, n = self.model, len(self.model.players)
        found = search(model, draws, STATUS_QUO, starts=self.starts, seed=self.seed)
        bounds = own_bounds = _bounds(found.rows, found.payoffs, len(draws))
        if not same_map(model, self.map):
            own = search(model, draws, self.map, starts=self.starts, seed=self.seed)
            own_bounds = _bounds(own.rows, own.payoffs, len(draws))
        deals = [_alone(model, p, self.map, draws) for p in self.regimes.values()]
        seen = [_alone(model, p, STATUS_QUO, draws) for p in self.observed.values()]
        outcast = np.empty((len(draws), n))
        for i in range(n):
            matrix = np.zeros((n, n), dtype=np.bool_)
            matrix[:, i] = np.arange(n) != i
            outcast[:, i] = model.unilateral(matrix, self.map, draws).deviations[:, i].max(axis=-1)
        actions = np.array(
            [[stances.action_of(list(c[i]), i) for i in range(n)] for c in found.contests], dtype=np.int64
        ).reshape(-1, n)
        leaves = None
        if n <= _JOINT:
            leaves = np.stack(
                [_pairs_alone(model, p, self.map, draws) for p in self.regimes.values()], axis=1
            )
        unknown = np.full((len(draws), n), np.nan)
        # Without the whole game its range is unknown; the largest payoff in sight stands in for it.
        small = 1e-12 * np.abs(deals[0][2]).max(axis=-1)
        return _Facts(
            _stacked([d[0] for d in deals], len(draws), n),
            _stacked([d[1] for d in deals], len(draws), n),
            leaves,
            _stacked([d[0] for d in seen], len(draws), n),
            _stacked([d[1] for d in seen], len(draws), n),
            small,
            own_bounds,
            bounds,
            outcast,
            unknown,
            unknown.copy(),
            np.column_stack([found.rows, actions]),
            found.rows,
            np.zeros(len(draws), dtype=np.bool_),
            np.zeros(len(draws), dtype=np.bool_),
            (np.arange(len(found.rows)), np.ones(len(found.rows)), found.contests),
        )

    def assemble(self, draws: Draws, facts: _Facts) -> Outcomes:
        """Critical discount factors and autonomy, and all of it as outcomes."""
        model = self.model

        def critical(value: FloatArray, payoffs: FloatArray, gains: FloatArray) -> FloatArray:
            # Where no equilibrium was found nothing punishes.
            punishment = np.where(np.isnan(value)[:, None], payoffs, value[:, None])
            return threshold(gains, payoffs, punishment, facts.rounding[:, None])

        def deal(value: FloatArray) -> FloatArray:
            return critical(value, facts.payoffs, facts.gains)

        unknown = np.isnan(facts.minmax).all()
        blank = np.full_like(facts.payoffs, np.nan)
        autonomy = self.autonomies(draws, facts)
        discount = np.broadcast_to(model.discounts(draws), (len(draws), len(model.players))).copy()
        return Outcomes(
            model,
            draws,
            map_words(model, self.map),
            tuple(self.regimes),
            tuple(self.regimes.values()),
            tuple(self.observed),
            tuple(self.observed.values()),
            facts.payoffs,
            facts.gains,
            deal(facts.own.low),
            deal(facts.own.high),
            deal(facts.base.low),
            deal(facts.outcast),
            blank if unknown else deal(facts.minmax),
            blank.copy() if unknown else deal(facts.minmax_pure),
            facts.pair_leaves,
            facts.base,
            facts.own,
            facts.equilibria,
            np.bincount(facts.rows, minlength=len(draws)),
            facts.mixed,
            facts.complete,
            facts.observed_payoffs,
            facts.observed_gains,
            critical(facts.base.low, facts.observed_payoffs, facts.observed_gains),
            *autonomy,
            discount,
            capability(model, draws),
            self.mixed,
        )

    def autonomies(self, draws: Draws, facts: _Facts) -> tuple[FloatArray, FloatArray, Bounds, Bounds]:
        """Autonomy (D, G, R) and (D, O, R), its bounds over the equilibria (D, R), and the weighed sums' (D, 2)."""
        model = self.model
        count, regions = len(draws), len(model.regions)
        if not self.autonomy:
            blank = Bounds(np.full((count, regions), np.nan), np.full((count, regions), np.nan))
            sums = Bounds(np.full((count, 2), np.nan), np.full((count, 2), np.nan))
            deal = np.full((count, len(self.regimes), regions), np.nan)
            return deal, np.full((count, len(self.observed), regions), np.nan), blank, sums
        deal = model.autonomy(
            stances.contest_matrices(np.array(list(self.regimes.values()))), self.map, draws
        )
        seen = np.zeros((count, 0, regions))
        if self.observed:
            seen = model.autonomy(
                stances.contest_matrices(np.array(list(self.observed.values()))), STATUS_QUO, draws
            )
        which, weight, contests = facts.support
        rows = facts.rows[which]
        expected = np.zeros((len(facts.rows), regions))
        if len(rows):
            played = model.autonomy(contests[:, None], STATUS_QUO, draws.take(rows))[:, 0]
            np.add.at(expected, which, weight[:, None] * played)
        return (
            deal,
            seen,
            _bounds(facts.rows, expected, count),
            _bounds(facts.rows, expected @ weights(model), count),
        )


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
        out[:, p] = (gain > 1e-9 * np.abs(table).max(axis=1, keepdims=True)).all(axis=-1).any(axis=1)
    return out
