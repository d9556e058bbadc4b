"""The model of spheres of influence: powers take a stance toward each rival, and regions are attacked, defended or left alone.

A stage game belongs to a *map*, which names the lead of each region and whether it leads by consent or by force. Payoffs are
the sum of what a power gets from the regions (`games.spheres.payoffs`), from its ties with rivals, and from order:

    U_i = sum_r u_ir - sum_j [kappa min(m_i, m_j) (C_ij + C_ji) + mu m_i C_ij C_ji] + order_i - friction_i

with C_ij = 1 where i contests j. The unit is one per cent of the world's capability, held for a year.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol, SupportsInt

import numpy as np
import numpy.typing as npt

from games.arguments import checked
from games.errors import ProfileError, ScenarioError, SizeError, did_you_mean
from games.normal_form import BoolArray, FloatArray, NormalFormGame, Profile
from games.spheres import _evaluate, _path, _tables, inputs, maps, stances
from games.spheres._arena import Facts, Worlds
from games.spheres._evaluate import Unilateral
from games.spheres.actors import Kind, Observed, Power, Region, check_kinds
from games.spheres.draws import Draws, LawLike, sample
from games.spheres.maps import CONSENT, FORCE, NOBODY, STATUS_QUO, Holdings, MapLike
from games.spheres.names import check_names
from games.spheres.parameters import ASSUMPTIONS, Assumption, Parameters
from games.stochastic import StochasticGame
from games.words import counted, listed

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd

__all__ = ["Observed", "SpheresModel", "Unilateral"]

ProfileLike = str | Sequence[str | SupportsInt]

_LARGEST_STAGE = 3_000_000
MIX = "mix"
INDICES = ("CINC", "GDP", MIX)


class Source(Protocol):
    """Where a model comes from: the tree of its scenario file, and the assumptions that rules gave without being typed."""

    @property
    def tree(self) -> Mapping[str, Any]: ...
    @property
    def assumptions(self) -> Mapping[str, Assumption]: ...
    def rules(self) -> Mapping[str, str]: ...


@dataclass(frozen=True, eq=False)
class SpheresModel:
    """Powers, regions, maps and free numbers: everything from which stage games are made.

    Usually made by `games.load` or `games.world.build`; can be built by hand. `maps` name what changes against the status quo,
    region by region: a power (`China`, `China by consent`), or `nobody` or `neutral`. `assumptions` holds every assumed
    number with its range by path, as `inputs` and `draws` name them. `pace` scales the half-distance (slower travel);
    `pacts` are pairs of powers under a treaty of defence, `ideology` distances between powers. `kinds` are
    ways a power may be that the others do not
    know (see `solvers.doubt`). `observed` names profiles
    that were seen. `index` is `CINC`, `GDP` or `mix`.

    Raises
    ------
    ScenarioError
        For names that do not fit together, one power or more than eight, and numbers out of bounds.

    Examples
    --------
    >>> from games import world
    >>> model = world.build(2021, ["United States", "China", "Russia"])
    >>> model.stage().shape
    (4, 4, 4)
    """

    powers: tuple[Power, ...]
    regions: tuple[Region, ...]
    maps: Mapping[str, Mapping[str, str | None]] = field(default_factory=dict)
    parameters: Parameters = field(default_factory=Parameters)
    assumptions: Mapping[str, Assumption] = field(default_factory=lambda: dict(ASSUMPTIONS))
    pacts: frozenset[frozenset[str]] = frozenset()
    ideology: Mapping[frozenset[str], float] = field(default_factory=dict)
    pace: float = 1.0
    index: str = MIX
    blocs: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    observed: Mapping[str, Observed] = field(default_factory=dict)
    kinds: Mapping[str, tuple[Kind, ...]] = field(default_factory=dict)
    on_table: tuple[str, ...] = ()
    benchmark: str = "competition"
    year: int | None = None
    name: str = "unnamed"
    title: str = ""
    description: str = ""
    facts: Mapping[str, tuple[str, str, int | None]] = field(default_factory=dict)
    source: Source | None = None

    def __post_init__(self) -> None:
        names = self.players
        if not 2 <= len(names) <= 8:
            raise ScenarioError(f"a model has two to eight powers; this one has {len(names)}")
        if not self.regions:
            raise ScenarioError("a model has at least one region")
        for what, group in (("powers", names), ("regions", self.region_names)):
            check_names(what, group)
        for power in self.powers:
            power.check()
        for region in self.regions:
            region.check(names)
        if not (np.isfinite(self.pace) and self.pace > 0):
            raise ScenarioError(f"pace is {self.pace!r}; it must be positive")
        if self.index not in INDICES:
            raise ScenarioError(
                f"there is no capability index {self.index!r}{did_you_mean(self.index, INDICES)}"
            )
        for pair in (*self.pacts, *self.ideology):
            if len(pair) != 2 or not pair <= set(names):
                raise ScenarioError(f"a tie joins two different powers of {', '.join(names)}")
        _tables.check_words(self)
        object.__setattr__(self, "maps", {STATUS_QUO: {}, **self.maps})
        for name in self.maps:
            self._holdings(name)
        for name in self.regimes:
            self.profile(name)
        for name in self.observed:
            self.profile(name)
        check_kinds(self.kinds, names)
        inputs.check(self)
        for kind in (kind for own in self.kinds.values() for kind in own):
            inputs.assign(self, dict(kind.changes), keep=True)

    # ------------------------------------------------------------------ what it holds

    @cached_property
    def players(self) -> tuple[str, ...]:
        """Names of the N powers."""
        return tuple(power.name for power in self.powers)

    @cached_property
    def region_names(self) -> tuple[str, ...]:
        """Names of the R regions."""
        return tuple(region.name for region in self.regions)

    @property
    def indices(self) -> tuple[str, ...]:
        """Names of the capability indices: the two published ones, and their `mix`."""
        return INDICES

    @cached_property
    def patience(self) -> FloatArray:
        """Yearly patience of each power, shape (N,)."""
        return np.array([p.patience for p in self.powers])

    @cached_property
    def survival(self) -> FloatArray:
        """Yearly probability that each power's leadership lasts, shape (N,)."""
        return np.array([p.survival for p in self.powers])

    @cached_property
    def tremble(self) -> FloatArray:
        """Yearly probability that each power breaks a deal by mistake, shape (N,)."""
        return np.array([p.tremble for p in self.powers])

    @property
    def discount(self) -> FloatArray:
        """Yearly discount factors: patience times survival, shape (N,)."""
        return self.patience * self.survival

    @property
    def friction(self) -> float:
        """What a unit of ideological distance takes from the gains of a pair that accommodates, in points."""
        return self.parameters.friction

    @property
    def half_distance(self) -> float:
        """Km in which strength and interest halve, at this year's pace of travel."""
        return self.parameters.half_distance * self.pace

    @cached_property
    def capability(self) -> FloatArray:
        """Capability of each power in per cent of the world, (N,)."""
        return np.asarray(self._worlds(None, None).capability()[:, 0])

    @cached_property
    def capability_by_index(self) -> dict[str, FloatArray]:
        """Capability of each power in per cent of the world under each index, arrays (N,)."""
        return {index: self.with_index(index).capability for index in INDICES}

    @cached_property
    def capability_shares(self) -> dict[str, FloatArray]:
        """Each index as shares that add up to 1 over the powers, arrays (N,)."""
        return {index: values / values.sum() for index, values in self.capability_by_index.items()}

    @cached_property
    def regimes(self) -> dict[str, tuple[str, ...]]:
        """Named profiles of stances, as action labels: `concert`, `all-out`, the scenario's blocs, and the wedges."""
        named = stances.name_regimes(self.players, self.blocs)
        return {name: tuple(self._labels[i][a] for i, a in enumerate(p)) for name, p in named.items()}

    @cached_property
    def _labels(self) -> tuple[tuple[str, ...], ...]:
        return tuple(stances.action_labels(self.players, i) for i in range(len(self.players)))

    def with_index(self, index: str) -> SpheresModel:
        """The same model under another capability index: `CINC`, `GDP` or the `mix` of both."""
        return self if index == self.index else replace(self, index=index)

    def with_parameters(self, **changes: float | str) -> SpheresModel:
        """As `vary`, for free numbers and switches by name (see `games.spheres.parameters`)."""
        for name in changes:
            if name not in Parameters.names():
                raise ScenarioError(
                    f"there is no number or switch {name!r}{did_you_mean(name, Parameters.names())}"
                )
        return self.vary(changes)

    def vary(self, changes: Mapping[str, float | str]) -> SpheresModel:
        """The model with some input numbers changed, each named by its path in `inputs`.

        >>> from games import world
        >>> model = world.build(2021, ["United States", "China", "Russia"])
        >>> model.vary({"half_distance": 3000}).parameters.half_distance
        3000.0
        """
        return inputs.vary(self, changes)

    def variants(self, regions: bool = True) -> dict[str, SpheresModel]:
        """The structural variants of the model by name, `main` first; with `regions`, also each region left out."""
        out = {
            "main": self,
            "claims on parts": self.with_parameters(claims="part"),
            "claims on parts, rivalries whole": self.with_parameters(claims="part or rivalry"),
            "defence weighs more": self.with_parameters(defence_advantage=3.0**0.5),
            "pacts count": self.with_parameters(pact_cost=2.0),
        }
        if regions:
            out |= {f"without {name}": self.with_parameters(left_out=name) for name in self.region_names}
        return out

    def inputs(self) -> pd.DataFrame:
        """Every number that went in: path, value, tag, source, year, low, high, reason."""
        return inputs.inputs(self)

    @property
    def rules(self) -> Mapping[str, str]:
        """The rules by which numbers were chosen, by the name that `inputs` gives as their reason."""
        return {} if self.source is None else self.source.rules()

    @property
    def assumed_share(self) -> float:
        """The share of the input numbers that are assumed."""
        counts = inputs.tags(self)
        return counts["assumed"] / counts.total()

    def write(self, path: str | Path) -> None:
        """Write the model as a scenario file (.toml or .xlsx) that `games.load` reads back."""
        from games.spheres import write

        write.write(self, path)

    # ------------------------------------------------------------------ maps and profiles

    @cached_property
    def _status_quo(self) -> Holdings:
        return maps.status_quo(self.regions, self.players)

    def _holdings(self, map: MapLike) -> Holdings:
        if isinstance(map, Holdings):
            return map
        if isinstance(map, str):
            if map not in self.maps:
                raise ScenarioError(f"there is no map {map!r}{did_you_mean(map, self.maps)}")
            return maps.parse(f"map {map!r}", self.maps[map], self.regions, self.players, self._status_quo)
        if isinstance(map, Mapping):
            return maps.parse("the partition", map, self.regions, self.players, self._status_quo)
        try:
            leads = np.asarray(map)
        except ValueError:
            leads = np.empty(0, dtype=np.intp)
        if leads.dtype.kind not in "iu" or leads.shape[-1:] != (len(self.regions),):
            raise ScenarioError(
                f"an array of holders has one integer for each of {len(self.regions)} regions on its last axis"
            )
        return maps.by_rule(leads, self._status_quo)

    def holders(self, map: MapLike = STATUS_QUO) -> npt.NDArray[np.intp]:
        """Lead of each region as a player index, -1 for nobody, shape (R,).

        `map` is a name, a mapping region -> entry that changes the status quo, or an array of leads.
        """
        return self._holdings(map).lead.astype(np.intp)

    def forced(self, map: MapLike = STATUS_QUO) -> BoolArray:
        """Which regions are held by force, shape (R,)."""
        return self._holdings(map).forced

    def modes(self, map: MapLike = STATUS_QUO) -> list[str]:
        """How each region is held: `consent`, `force`, or an empty string for nobody's."""
        held = self._holdings(map)
        return ["" if h < 0 else FORCE if f else CONSENT for h, f in zip(held.lead, held.forced)]

    def holder_names(self, map: MapLike = STATUS_QUO) -> list[str]:
        """Name of each region's lead in region order, `nobody` where it has none."""
        return [NOBODY if h < 0 else self.players[h] for h in self.holders(map)]

    def holding(self, lead: npt.ArrayLike, forced: npt.ArrayLike | None = None) -> Holdings:
        """Many maps at once from arrays (..., R); without `forced`, what changes hands is held by force."""
        made = self._holdings(np.asarray(lead))
        return made if forced is None else Holdings(made.lead, np.asarray(forced, dtype=np.bool_))

    @checked
    def profile(self, profile: ProfileLike) -> Profile:
        """A regime, an observed profile, or a profile of labels or action numbers, as a tuple of action numbers."""
        if isinstance(profile, str):
            if profile in self.regimes:
                profile = self.regimes[profile]
            elif profile in self.observed:
                return stances.from_pairs(self.players, self.observed[profile].contests)
            else:
                known = [*self.regimes, *self.observed]
                raise ProfileError(f"there is no regime {profile!r}{did_you_mean(profile, known)}")
        return stances.parse(self.players, self._labels, profile)

    def profile_contests(self, profile: ProfileLike) -> BoolArray:
        """The contest matrix (N, N) of a profile: does i contest j?"""
        return np.asarray(stances.contest_matrices(np.array([self.profile(profile)]))[0])

    # ------------------------------------------------------------------ payoffs

    @checked
    def draws(
        self,
        n: int,
        seed: int = 0,
        together: float = 0.0,
        laws: Mapping[str, LawLike] | None = None,
        switches: Sequence[str] = (),
    ) -> Draws:
        """Draw every assumed number over its range; see `games.spheres.draws.sample`.

        A region's size (its CINC and GDP) differs from draw to draw where it has a range, which facts have only once a
        scenario or `vary` gives one. Its population and output, which weigh what third parties lose, do not. They keep their
        values, and `how` of the draws names them.
        """
        known = set(inputs.drawable(self))
        drawn = {name: a for name, a in self.assumptions.items() if name in known}
        held = [name for name, a in self.assumptions.items() if name not in known and a.high > a.low]
        for name in laws or {}:
            if name in held:
                raise ScenarioError(
                    f"draws: {name} does not differ from draw to draw; use vary() for another value of it"
                )
        found = sample(drawn, n, seed, together, laws, switches, self.region_names)
        if not held:
            return found
        return replace(found, how=f"{found.how}; not drawn, but held at their values: {listed(held)}")

    @cached_property
    def _facts(self) -> Facts:
        return Facts(self.powers, self.regions, self._status_quo)

    def _worlds(self, map: MapLike | None, draws: Draws | None) -> Worlds:
        held = self._status_quo if map is None else self._holdings(map)
        return Worlds(
            self._facts,
            inputs.arrays(self, draws),
            held,
            self.pace,
            *inputs.between(self, draws),
            inputs.shares(self, draws),
            inputs.sizes(self, draws),
        )

    def stage(self, map: MapLike = STATUS_QUO) -> NormalFormGame:
        """The stage game on a map: 2^(N-1) actions for each of N powers, payoffs in points.

        Raises SizeError for six powers and more, whose game does not fit into an array; `payoffs` evaluates any profiles, and
        `unilateral` all deviations from one.
        """
        count = len(self.players)
        size = 2 ** (count - 1)
        if size**count > _LARGEST_STAGE:
            raise SizeError(
                f"the stage game of {count} powers has {size**count:,} profiles, too many for an array; "
                "use payoffs() on the profiles that matter, or a model of at most five powers"
            )
        table = self.payoffs(stances.every_contest(count), map)
        title = f"{self.title or self.name}: {map if isinstance(map, str) else 'a partition'}"
        return NormalFormGame(table.reshape((size,) * count + (count,)), self.players, self._labels, title)

    @checked
    def path(
        self,
        until: int,
        map: MapLike = STATUS_QUO,
        *,
        step: int = 1,
        shock: tuple[str, float] | None = None,
        discount: npt.ArrayLike | None = None,
        moving: Sequence[str] = (),
        leaders: Mapping[str, tuple[float, float]] | None = None,
    ) -> StochasticGame:
        """The stage games from this year on, as a stochastic game; the powers grow at their own rates until the last year.

        Parameters
        ----------
        until : the last year
        map : who holds what at the start
        step : years in a period; payoffs stay those of a year
        shock : a power and the yearly standard deviation of the logarithm of its capability, optional.
            States then say how far the power has strayed, in steps of sqrt(3) standard deviations.
        discount : yearly discount factors, the powers' own by default
        moving : names of regions that change hands when a contest over them is won; the others stay where they are
            A period has one contest a region. Its outcome has the chances of `outcomes`, independent across regions, and
            next period's map is what came of it. What changes hands is held by force. A claim on a part of a region moves
            all of it, with the part as its chance.
        leaders : power -> (hazard a year, patience of the next leader), optional
            A leader is a player of its own (McGillivray and Smith 2000): it acts while in office and gets nothing later, so
            that each keeps one discount factor. Its next leader is a player more, `next leader of ...`. Before the
            replacement the leader's discount factor is its patience alone, the hazard being in the transitions; afterwards
            it is the next patience times survival.

        Raises
        ------
        ScenarioError
            For years, regions, powers or chances that do not fit.
        SizeError
            Before any work, if the transition probabilities would not fit (50 million: some 880 states of three powers); the
            message has the estimate.

        Notes
        -----
        Both of a power's indices grow by its `growth`, the rate of the ten years before the epoch: an extrapolation, not a
        forecast. In the last year capability stands still; contests and replacements go on. That a leader gets 0 out of
        office says nothing on what it prefers, because the hazard does not depend on what is played.

        Examples
        --------
        >>> from games import load
        >>> game = load("us-china-russia-2025").path(2030, step=5, moving=["Taiwan"], leaders={"Russia": (0.1, 0.8)})
        >>> game.names[:4], game.n_players
        (('2025', '2025, next leader of Russia', '2025, Taiwan: China', '2025, Taiwan: China, next leader of Russia'), 4)
        """
        return _path.path(self, until, map, step, shock, discount, moving, leaders)

    def payoffs(
        self, contests: BoolArray, map: MapLike = STATUS_QUO, draws: Draws | None = None
    ) -> FloatArray:
        """Payoffs at profiles given as contest matrices.

        Parameters
        ----------
        contests : bool array (B, N, N), or (D, B, N, N) with profiles of each draw's own
        map : a map, or many as an array of leads (M, R) or `holding(...)`
        draws : Draws, optional; left out, the point values

        Returns
        -------
        array (B, N); with D draws (D, B, N), with M maps (M, B, N), with both (D, M, B, N)
        """
        return _evaluate.totals(*self._inputs(contests, map, draws))

    def region_payoffs(
        self, contests: BoolArray, map: MapLike = STATUS_QUO, draws: Draws | None = None
    ) -> FloatArray:
        """What each power gets from each region, (..., B, R, N); axes as for `payoffs`."""
        return _evaluate.regions(*self._inputs(contests, map, draws))

    def autonomy(
        self, contests: BoolArray, map: MapLike = STATUS_QUO, draws: Draws | None = None
    ) -> FloatArray:
        """What is left of each region's autonomy, (..., B, R); axes as for `payoffs`."""
        return _evaluate.autonomy(*self._inputs(contests, map, draws))

    @checked
    def outcomes(
        self, contests: BoolArray, map: MapLike = STATUS_QUO, draws: Draws | None = None
    ) -> FloatArray:
        """Who holds each region once the year's contests are over: (..., B, R, N + 1), the chance of each power and last of
        nobody.

        With chance p the defence keeps the region as it is, and with q phi_k the attack wins and power k takes it. Otherwise the
        region is nobody's, but a piece of a power's own land stays where it is. Axes in front as for `payoffs`.
        """
        return _evaluate.outcomes(*self._inputs(contests, map, draws))

    @checked
    def strength(self, map: MapLike = STATUS_QUO, draws: Draws | None = None) -> FloatArray:
        """What each power can bring to bear in each region, in points: (R, N); axes in front as for `payoffs`."""
        return self._of_powers(map, draws, "strength")

    @checked
    def stakes(self, map: MapLike = STATUS_QUO, draws: Draws | None = None) -> FloatArray:
        """What each region is worth to each power, in points: (R, N); axes in front as for `payoffs`."""
        return self._of_powers(map, draws, "stake")

    def friction_limits(self) -> FloatArray:
        """The friction from which on a pair has nothing left to lose by it, (N, N); inf without ideological distance."""
        _, ideology = inputs.between(self)
        # Friction takes no more than a tie's gains, so at a huge one it takes just those.
        gains = self.with_parameters(friction=1e12)._worlds(None, None).costs(0, 1).friction[..., 0]
        limits = np.full(ideology.shape, np.inf)
        return np.asarray(np.divide(gains, ideology, out=limits, where=ideology > 0))

    def _of_powers(self, map: MapLike, draws: Draws | None, name: str) -> FloatArray:
        held = self._holdings(map)
        worlds = self._worlds(held, draws)
        table: FloatArray = getattr(worlds.arena(0, worlds.count), name)  # (N, R, W)
        axes = (() if draws is None else (worlds.draws,)) + held.lead.shape[:-1]
        return np.ascontiguousarray(table.transpose(2, 1, 0)).reshape(*axes, *table.shape[1::-1])

    def tie_payoffs(self, contests: BoolArray, draws: Draws | None = None) -> FloatArray:
        """Payoffs (..., B, N) from ties and order, which do not depend on the map."""
        return _evaluate.ties(*self._inputs(contests, STATUS_QUO, draws))

    def distinct(self, maps: Holdings) -> tuple[Holdings, npt.NDArray[np.int64]]:
        """Fewer maps that stand for many: K representatives of M maps, and which one stands for each map in each region,
        (M, R).

        A region's payoffs and autonomy on map m are those on its representative, so tables over the K suffice.
        """
        rows, where = self._worlds(maps, None).distinct()
        return Holdings(maps.lead[rows], maps.forced[rows]), where

    @checked
    def unilateral(
        self, profile: ProfileLike | BoolArray, map: MapLike = STATUS_QUO, draws: Draws | None = None
    ) -> Unilateral:
        """Payoffs of a profile and of every power's deviations from it, without the array of the whole game."""
        if isinstance(profile, np.ndarray) and profile.dtype == np.bool_:
            base = profile
        else:
            base = self.profile_contests(profile)  # type: ignore[arg-type]
        return _evaluate.unilateral(*self._inputs(base, map, draws))

    @checked
    def discounts(self, draws: Draws | None = None) -> FloatArray:
        """Yearly discount factors, (N,), or (D, N) over draws."""
        return inputs.discounts(self, draws)

    def _inputs(
        self, contests: BoolArray, map: MapLike, draws: Draws | None
    ) -> tuple[Worlds, BoolArray, tuple[int, ...]]:
        held = self._holdings(map)
        worlds = self._worlds(held, draws)
        return worlds, contests, (() if draws is None else (worlds.draws,)) + held.lead.shape[:-1]

    # ------------------------------------------------------------------ tables

    def ledger(self, power: str, profile: ProfileLike, map: MapLike = STATUS_QUO) -> pd.DataFrame:
        """Why a power gets what it gets: one row for each region, tie and the order, whose sum is the payoff.

        Columns: item, kind (`region`, `tie` or `order`), payoff in points.
        """
        return _tables.ledger(self, power, profile, map)

    def autonomy_of(self, profile: ProfileLike, map: MapLike = STATUS_QUO) -> pd.Series:
        """What is left of each region's autonomy, 0 to 1, by region's name."""
        import pandas as pd

        values = self.autonomy(self.profile_contests(profile)[None], map)[0]
        return pd.Series(values, index=pd.Index(self.region_names, name="region"), name="autonomy")

    def region_frame(self, profile: ProfileLike, map: MapLike = STATUS_QUO) -> pd.DataFrame:
        """What happens in each region: holder, mode, chance that it is defended, autonomy, and each power's payoff."""
        return _tables.region_frame(self, profile, map)

    def maps_frame(self) -> pd.DataFrame:
        """Lead of each region (rows) on each map (columns), with the mode where it is force; else `nobody`."""
        return _tables.maps_frame(self)

    def facts_frame(self) -> pd.DataFrame:
        """What the data say of each region: bound powers, disputants, size, population, output, note."""
        return _tables.facts_frame(self)

    def __repr__(self) -> str:
        return (
            f"<SpheresModel {self.name!r}: powers {', '.join(self.players)}; {counted(len(self.regions), 'region')}; "
            f"maps {', '.join(repr(m) for m in self.maps)}; capability index {self.index!r}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        return (
            f"<p><b>{escape(self.title or self.name)}</b> (capability index: {escape(self.index)})</p>"
            + str(self.maps_frame().to_html(border=0, escape=True))
        )
