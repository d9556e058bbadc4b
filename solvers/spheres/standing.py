"""Where one deal stands: its payoffs, what it is measured against, and the patience that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from games.arguments import checked
from games.errors import MethodError, SizeError
from games.normal_form import FloatArray, MixedProfile, NormalFormGame, Profile
from games.spheres import NOBODY, STATUS_QUO, MapLike, SpheresModel
from solvers.base.deadline import checkpoint, keeps_time
from solvers.base.rounding import same_profile

if TYPE_CHECKING:
    from solvers.equilibrium.results import Equilibria
    from solvers.repeated.patience._thresholds import CriticalDiscount

__all__ = ["Standing", "competition", "map_name", "stand"]

NONE_FOUND = "none found"


@dataclass(frozen=True, eq=False)
class Standing:
    """One deal under one capability index: its payoffs, benchmarks and critical discount factors.

    Attributes
    ----------
    model, map, profile : the deal; `map` is a map's name, or changes of the status quo map
    game, benchmark_game : the stage games on the deal's map and on the status quo map
    equilibria : what was found of the Nash equilibria of `benchmark_game`
    benchmark_names, benchmark_profiles : names and mixed profiles of the E benchmarks
    benchmarks : array (E, N), their payoffs
    observed : payoffs (N,) of each observed profile on the status quo map, by name
    reversion, status_quo, correlated, pure : critical discount factors under Nash reversion on the deal's own
        map, reversion to a benchmark of the status quo map, the correlated and the pure minmax bound
    """

    model: SpheresModel
    map: MapLike
    profile: Profile
    game: NormalFormGame
    benchmark_game: NormalFormGame
    equilibria: Equilibria
    benchmark_names: tuple[str, ...]
    benchmark_profiles: tuple[MixedProfile, ...]
    benchmarks: FloatArray
    observed: dict[str, FloatArray]
    reversion: CriticalDiscount
    status_quo: CriticalDiscount
    correlated: CriticalDiscount
    pure: CriticalDiscount

    @property
    def payoffs(self) -> FloatArray:
        """The deal's payoffs, shape (N,)."""
        return np.asarray(self.game.payoffs[self.profile])

    @property
    def premium(self) -> FloatArray:
        """The deal's payoffs less each benchmark's, shape (E, N)."""
        return np.asarray(self.payoffs - self.benchmarks)

    @property
    def map_name(self) -> str:
        """The map's name, or what it changes in words."""
        return self.map if isinstance(self.map, str) else map_name(self.map)

    def regret(self, name: str) -> FloatArray:
        """What each power would gain by leaving an observed profile on the status quo map, (N,); 0 for all: an equilibrium."""
        return np.asarray(self.model.unilateral(name).gains)

    def ostracism(self) -> FloatArray:
        """Critical discount factors, (N,), where a deviator is contested by all others forever and answers as best it can.

        That the others would keep to it is not checked: this is the sanction of the literature on concerts, not a proof.
        """
        from solvers.repeated.patience import threshold

        count = len(self.model.players)
        values = np.empty(count)
        for i in range(count):
            contests = np.zeros((count, count), dtype=np.bool_)
            contests[:, i] = True
            contests[i, i] = False
            values[i] = self.model.unilateral(contests, self.map).deviations[i].max()
        return np.asarray(threshold(self.reversion.gain, self.payoffs, values, 1e-12))

    @property
    def spare(self) -> FloatArray:
        """Own discount factor less the critical one under Nash reversion, shape (N,); negative: the deal does not hold."""
        return np.asarray(self.model.discount - self.reversion.per_player)

    @property
    def holds(self) -> bool:
        """Does no power gain by deviating, with the harshest Nash reversion found on the deal's own map?"""
        return bool((self.spare >= 0).all())

    @property
    def could_hold(self) -> bool:
        """Does no power gain by deviating if it could be held to its minmax value, which no punishment beats?"""
        return bool((self.model.discount >= self.correlated.per_player).all())


@checked
def map_name(map: MapLike) -> str:
    """A map in words: its name, or what it changes against the status quo.

    >>> map_name({"Taiwan": "China", "Ukraine": None})
    'Taiwan to China, Ukraine to nobody'
    """
    if isinstance(map, str):
        return map
    if isinstance(map, Mapping):
        return ", ".join(f"{region} to {holder or NOBODY}" for region, holder in map.items()) or STATUS_QUO
    return "a map of its own"


@checked
@keeps_time("the search for equilibria of competition", "use the all-out benchmark")
def stand(
    model: SpheresModel,
    map: MapLike,
    regime: str | Sequence[Any],
    solved: dict[Any, Any],
    *,
    time_limit: float | None = None,
) -> Standing:
    """Where one deal stands; `solved` keeps the equilibria of stage games already met.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    from solvers import repeated

    def equilibria(where: MapLike) -> tuple[NormalFormGame, Equilibria]:
        # A map by name and one by what it changes never share a key, whatever they are called.
        changes = (
            tuple(sorted((r, h or "") for r, h in where.items())) if isinstance(where, Mapping) else where
        )
        key = (model.index, model.parameters, changes)
        if key not in solved:
            solved[key] = _today(model) if where == STATUS_QUO else _solved(model.stage(where))
        found: tuple[NormalFormGame, Equilibria] = solved[key]
        return found

    profile = model.profile(regime)
    game, own = equilibria(map)
    base, found = equilibria(STATUS_QUO)
    names, profiles, benchmarks = _benchmarks(model, base, found)
    return Standing(
        model,
        map,
        profile,
        game,
        base,
        found,
        names,
        profiles,
        benchmarks,
        {name: base.payoffs[model.profile(name)] for name in model.observed},
        _reversion(game, profile, own),
        repeated.critical_discount(game, profile, benchmarks),
        repeated.critical_discount(game, profile, "minmax", kind="correlated"),
        repeated.critical_discount(game, profile, "minmax", kind="pure"),
    )


def _reversion(game: NormalFormGame, profile: Profile, own: Equilibria) -> CriticalDiscount:
    """Reversion to what was found of the equilibria; where nothing was, nothing punishes."""
    from solvers import repeated

    if own.found or own.components:
        return repeated.critical_discount(game, profile, "nash", equilibria=own)
    unpunished = repeated.critical_discount(game, profile, game.payoffs[profile][None])
    return replace(
        unpunished,
        punishment="Nash reversion",
        punishment_names=(NONE_FOUND,),
        complete=False,
        notes=("No equilibrium was found to revert to.",),
    )


@checked
@keeps_time("the search for equilibria of competition", "use the all-out benchmark")
def competition(
    model: SpheresModel, *, time_limit: float | None = None
) -> tuple[tuple[str, ...], tuple[MixedProfile, ...], FloatArray, bool]:
    """What a deal is measured against: names, mixed profiles and payoffs (E, N) of the benchmarks, and whether all were found.

    A ConvergenceError at `time_limit` seconds of wall time says how far the work had come.
    """
    base, found = _today(model)
    return *_benchmarks(model, base, found), found.complete


def _benchmarks(
    model: SpheresModel, base: NormalFormGame, found: Equilibria
) -> tuple[tuple[str, ...], tuple[MixedProfile, ...], FloatArray]:
    if model.benchmark == "all-out":
        names: tuple[str, ...] = ("all-out",)
        profiles = [base.mixed(model.profile("all-out"))]
    else:
        profiles = [e.profile for e in found]
        for component in found.components:
            profiles += [
                v for v in component.vertices if not any(same_profile(v, other) for other in profiles)
            ]
        if not profiles:
            raise MethodError(
                f"no equilibrium was found ({found.summary()}), so there is no competition to compare with; "
                "set benchmark = 'all-out' in [parameters]"
            )
        names = tuple(f"competition {e + 1}" for e in range(len(profiles)))
    return names, tuple(profiles), np.array([base.expected(p) for p in profiles])


# Everything is measured against competition on the status quo map, so that it is asked for again and again.
_known: WeakKeyDictionary[SpheresModel, tuple[NormalFormGame, Equilibria]] = WeakKeyDictionary()


def _today(model: SpheresModel) -> tuple[NormalFormGame, Equilibria]:
    """The stage game on the status quo map and its equilibria, once for each model."""
    if model not in _known:
        _known[model] = _solved(model.stage(STATUS_QUO))
    return _known[model]


def _solved(game: NormalFormGame) -> tuple[NormalFormGame, Equilibria]:
    found = _equilibria(game)
    # What was cut short by a caller's time limit must not be kept for later callers.
    checkpoint()
    return game, found


def _equilibria(game: NormalFormGame) -> Equilibria:
    from solvers import nash

    try:
        return nash.find_all(game)
    except SizeError:
        found = nash.pure(game)
    note = "The game is too large for a search for mixed equilibria: only pure ones were searched for."
    return replace(found, complete=False, notes=(*found.notes, note))
