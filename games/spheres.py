"""The model of spheres of influence: powers take a stance toward each rival, regions are fought over or left alone.

A stage game belongs to a *map*, which names the holder of each region. Its payoffs are a sum of three parts: the regions,
the ties between powers, and the order that they keep together. Units are points, a common cardinal unit.

Regions. In a region held by h the sides of a lottery contest (`games.contest`) are h; every power that contests h there
with the aim `control`, each for itself; and the local side: the local actor and every power that contests h with the
aim `denial` (it wants h kept out, not itself in). A region that nobody holds is fought over by all who have a stake in it,
whatever their stances. Power j's strength in region r is

    e_jr = capability_j * 2 ** (-distance_jr / half_distance) * fronts_j ** (-overstretch)

(Boulding 1962, loss of strength with distance), with `fronts_j` the number of rivals with whom j is in a contest either
way, at least 1. The local side's share is the region's remaining autonomy. A power whose aim is denial gets its
stake in that share only while it contests the holder (`denial = "contesting"`, the default), so that contesting can pay it
even where it changes nothing. With `denial = "always"` it values the region's autonomy also while it stands by, and whether it
contests turns on what its effort changes. The two can lead to different equilibria: compare them.

Ties. With friction phi and ideological distance D, power i gets from its tie with j: `cooperation - phi * D` where both
accommodate; `-contesting` where only i contests; `-contested` where only j does; `-contesting - contested - risk * war_loss`
where both do.

Order. Each power gets `benefit` times the share of pairs that accommodate each other, less `upkeep` times the share of
its rivals that it accommodates.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Literal, Protocol, SupportsInt, TypeAlias

import numpy as np
import numpy.typing as npt

from games import stances
from games.actors import Aim, Power, Region, Tie, check_parameters
from games.contest import Outcome, lottery
from games.errors import ProfileError, ScenarioError, SizeError, did_you_mean
from games.normal_form import BoolArray, FloatArray, NormalFormGame, Profile

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Aim", "Power", "Region", "SpheresModel", "Tie"]

MapLike: TypeAlias = "str | Mapping[str, str | None]"

STATUS_QUO = "status quo"
MEAN_INDEX = "mean"
NOBODY = "nobody"
_LARGEST_STAGE = 3_000_000


class Source(Protocol):
    """What a model read from a scenario file can still tell about its inputs."""

    def inputs(self) -> pd.DataFrame: ...
    def rules(self) -> Mapping[str, str]: ...
    def vary(self, changes: Mapping[str, float]) -> SpheresModel: ...


@dataclass(frozen=True, eq=False)
class SpheresModel:
    """Powers, regions, ties and maps: everything from which stage games are made.

    Usually made by `games.load`; can be built by hand. `maps` give the holder (a power's name, or None for nobody) of every
    region and always include `status quo`. `blocs` names further regimes by their blocs. `index` names the capability index
    in use, `mean` the mean of the powers' shares under all of them.

    Raises
    ------
    ScenarioError
        For names that do not fit together, too few or too many powers (2 to 6), a missing tie or map entry, and numbers
        that are missing, not finite or out of bounds.

    Examples
    --------
    >>> from games import load
    >>> model = load("us-china-russia-2025")
    >>> model.stage().shape
    (4, 4, 4)
    """

    powers: tuple[Power, ...]
    regions: tuple[Region, ...]
    ties: tuple[Tie, ...]
    maps: Mapping[str, Mapping[str, str | None]]
    half_distance: float
    overstretch: float = 0.5
    friction: float = 0.0
    denial: Literal["contesting", "always"] = "contesting"
    index: str = MEAN_INDEX
    blocs: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    benchmark: str = "competition"
    name: str = "unnamed"
    title: str = ""
    description: str = ""
    source: Source | None = None

    def __post_init__(self) -> None:
        names = self.players
        if not 2 <= len(names) <= 6:
            raise ScenarioError(f"a model has two to six powers; this one has {len(names)}")
        _distinct(names, "power")
        _distinct(self.region_names, "region")
        check_parameters(self.half_distance, self.overstretch, self.friction, self.denial, self.benchmark)
        for power in self.powers:
            power.check(tuple(self.powers[0].capability))
        for region in self.regions:
            region.check(names)
        for tie in self.ties:
            tie.check()
        for name in {"competition", "concert", "all-out"} & set(self.blocs):
            raise ScenarioError(
                f"the regime {name!r} has a meaning of its own; give these blocs another name"
            )
        if self.index != MEAN_INDEX and self.index not in self.indices:
            raise ScenarioError(f"no capability index {self.index!r}{did_you_mean(self.index, self.indices)}")
        pairs = [frozenset(tie.between) for tie in self.ties]
        for i, a in enumerate(names):
            for b in names[i + 1 :]:
                if pairs.count(frozenset((a, b))) != 1:
                    raise ScenarioError(f"there must be exactly one tie between {a} and {b}")
        if len(pairs) != len(names) * (len(names) - 1) // 2:
            raise ScenarioError(f"a tie joins two different powers of {', '.join(names)}")
        if STATUS_QUO not in self.maps:
            raise ScenarioError(f"there must be a map named {STATUS_QUO!r}")
        for name in self.maps:
            self.holders(name)

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
        """Names of the capability indices, `mean` last."""
        return (*self.powers[0].capability, MEAN_INDEX)

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

    @cached_property
    def capability_shares(self) -> dict[str, FloatArray]:
        """Each index as shares that add up to 1 over the powers, and their `mean`; arrays (N,)."""
        out = {}
        for index in self.powers[0].capability:
            values = np.array([p.capability[index] for p in self.powers])
            out[index] = values / values.sum()
        out[MEAN_INDEX] = np.mean(list(out.values()), axis=0)
        return out

    @property
    def capability(self) -> FloatArray:
        """The powers' shares under the index in use, shape (N,)."""
        return self.capability_shares[self.index]

    @cached_property
    def regimes(self) -> dict[str, tuple[str, ...]]:
        """Named profiles of stances, as action labels: `concert`, `all-out` and the wedges."""
        labels = self._labels
        named = stances.name_regimes(self.players, self.blocs)
        return {name: tuple(labels[i][a] for i, a in enumerate(p)) for name, p in named.items()}

    @cached_property
    def _labels(self) -> tuple[tuple[str, ...], ...]:
        return tuple(stances.action_labels(self.players, i) for i in range(len(self.players)))

    def with_index(self, index: str) -> SpheresModel:
        """The same model under another capability index (one of `indices`)."""
        return replace(self, index=index)

    def with_denial(self, denial: Literal["contesting", "always"]) -> SpheresModel:
        """The same model with the other rule for powers whose aim is denial."""
        return replace(self, denial=denial)

    def inputs(self) -> pd.DataFrame:
        """Every number that went in: path, value, tag, source, year, low, high, reason (scenario files only)."""
        return self._source().inputs()

    @property
    def rules(self) -> Mapping[str, str]:
        """The rules by which assumed and derived numbers were chosen, by the name that `inputs` gives as their reason."""
        return self._source().rules()

    @property
    def assumed_share(self) -> float:
        """The share of the input numbers that are assumed."""
        return float((self.inputs()["tag"] == "assumed").mean())

    def vary(self, changes: Mapping[str, float]) -> SpheresModel:
        """The model with some input numbers changed, each named by its path in the scenario file.

        >>> from games import load
        >>> load("us-china-russia-2025").vary({"parameters.friction": 2.0}).friction
        2.0
        """
        return replace(
            self._source().vary(changes), index=self.index, denial=self.denial, benchmark=self.benchmark
        )

    def _source(self) -> Source:
        if self.source is None:
            raise ScenarioError(
                f"the model {self.name!r} was built by hand and keeps no record of its inputs"
            )
        return self.source

    # ------------------------------------------------------------------ maps and profiles

    def holders(self, map: MapLike = STATUS_QUO) -> npt.NDArray[np.intp]:
        """Holder of each region as a player index, -1 for nobody, shape (R,). `map` is a name or region -> power."""
        if isinstance(map, str):
            if map not in self.maps:
                raise ScenarioError(f"no map {map!r}{did_you_mean(map, self.maps)}")
            where, entries = f"map {map!r}", self.maps[map]
        else:
            where, entries = "the partition", map
        for region in entries:
            if region not in self.region_names:
                raise ScenarioError(f"{where}: no region {region!r}{did_you_mean(region, self.region_names)}")
        out = np.empty(len(self.regions), dtype=np.intp)
        for r, region in enumerate(self.region_names):
            if region not in entries:
                raise ScenarioError(f"{where} does not say who holds {region}")
            holder = entries[region]
            if holder is not None and holder not in self.players:
                raise ScenarioError(
                    f"{where}: {region} is held by {holder!r}, which is no power here"
                    f"{did_you_mean(holder, self.players)}"
                )
            out[r] = -1 if holder is None else self.players.index(holder)
        return out

    def holder_names(self, map: MapLike = STATUS_QUO) -> list[str]:
        """Name of each region's holder in region order, `nobody` where it has none."""
        return [NOBODY if h < 0 else self.players[h] for h in self.holders(map)]

    def profile(self, profile: str | Sequence[str | SupportsInt]) -> Profile:
        """A regime's name, or a profile of labels or action numbers, as a tuple of action numbers."""
        if isinstance(profile, str):
            if profile not in self.regimes:
                raise ProfileError(f"no regime {profile!r}{did_you_mean(profile, self.regimes)}")
            profile = self.regimes[profile]
        if len(profile) != len(self.players):
            raise ProfileError(
                f"a profile names one action for each of {', '.join(self.players)}; got {profile!r}"
            )
        out = []
        for name, labels, action in zip(self.players, self._labels, profile):
            if isinstance(action, str):
                if action not in labels:
                    raise ProfileError(f"{name} has no action {action!r}{did_you_mean(action, labels)}")
                out.append(labels.index(action))
            elif 0 <= int(action) < len(labels):
                out.append(int(action))
            else:
                raise ProfileError(
                    f"{name} has no action number {action}; numbers run from 0 to {len(labels) - 1}"
                )
        return tuple(out)

    def profile_contests(self, profile: str | Sequence[str | SupportsInt]) -> BoolArray:
        """The contest matrix (N, N) of a profile: does i contest j?"""
        return np.asarray(stances.contest_matrices(np.array([self.profile(profile)]))[0])

    # ------------------------------------------------------------------ payoffs

    def stage(self, map: MapLike = STATUS_QUO) -> NormalFormGame:
        """The stage game on a map: 2^(N-1) actions for each of N powers, payoffs in points.

        `map` is a map's name or a mapping region -> power's name or None. Raises SizeError for six powers, whose game has
        more than a thousand million profiles; `payoffs` evaluates any of them.
        """
        count = len(self.players)
        size = 2 ** (count - 1)
        if size**count > _LARGEST_STAGE:
            raise SizeError(
                f"the stage game of {count} powers has {size**count:,} profiles, too many for an array; "
                "use payoffs() on the profiles that matter, or a model of at most five powers"
            )
        contests = stances.contest_matrices(stances.all_profiles(count))
        payoffs = self.payoffs(contests, self.holders(map))
        title = f"{self.title or self.name}: {map if isinstance(map, str) else 'a partition'}"
        return NormalFormGame(payoffs.reshape((size,) * count + (count,)), self.players, self._labels, title)

    def payoffs(self, contests: BoolArray, holders: npt.NDArray[np.intp]) -> FloatArray:
        """Payoffs (B, N) at contest matrices (B, N, N), with the regions held as in `holders` (R,)."""
        total = self.tie_payoffs(contests)
        for holder in range(-1, len(self.players)):
            held = np.flatnonzero(holders == holder)
            if len(held):
                table, row = self._contests_over(held, holder, contests)
                # Regions add up, so sum over them before spreading over the profiles.
                total += table.payoffs[..., :-1].sum(axis=1)[row]
        return total

    def region_payoffs(self, contests: BoolArray) -> FloatArray:
        """What each power gets from each region under each holder, (B, R, N + 1, N); holder N means nobody."""
        return self._over_holders(contests, lambda outcome: outcome.payoffs[..., :-1])

    def autonomy(self, contests: BoolArray) -> FloatArray:
        """The local side's share of each region under each holder, (B, R, N + 1); holder N means nobody."""
        return self._over_holders(contests, lambda outcome: outcome.shares[..., -1:])[..., 0]

    def region_shares(self, contests: BoolArray) -> FloatArray:
        """Each power's and the local side's share of each region by holder, (B, R, N + 1, N + 1)."""
        return self._over_holders(contests, lambda outcome: outcome.shares)

    def tie_payoffs(self, contests: BoolArray) -> FloatArray:
        """Payoffs (B, N) from ties and order, which do not depend on the map."""
        rows = self.tie_rows(contests)
        total = self.order_payoffs(contests)
        for i in range(len(self.players)):
            for j in stances.rivals(len(self.players), i):
                total[:, i] += rows[i, j]
        return total

    def tie_rows(self, contests: BoolArray) -> dict[tuple[int, int], FloatArray]:
        """What i gets from its tie with j, arrays (B,) by (i, j)."""
        table = self._tie_table
        out = {}
        for i in range(len(self.players)):
            for j in stances.rivals(len(self.players), i):
                both = 2 * contests[:, i, j].astype(np.intp) + contests[:, j, i]
                out[i, j] = np.asarray(table[i, j][both])
        return out

    def order_payoffs(self, contests: BoolArray) -> FloatArray:
        """Payoffs (B, N) from order-keeping: benefit times accommodating pairs, less upkeep."""
        count = len(self.players)
        upper = np.triu_indices(count, 1)
        peaceful = ~(contests | contests.transpose(0, 2, 1))[:, upper[0], upper[1]]
        accommodated = (count - 1) - contests.sum(axis=2)
        benefit = np.array([p.benefit for p in self.powers])
        upkeep = np.array([p.upkeep for p in self.powers])
        return np.asarray(peaceful.mean(axis=1)[:, None] * benefit - accommodated / (count - 1) * upkeep)

    @cached_property
    def _tie_table(self) -> dict[tuple[int, int], FloatArray]:
        """By (i, j): i's payoff indexed by 2 * (i contests j) + (j contests i)."""
        out = {}
        for tie in self.ties:
            for a, b in (tie.between, tie.between[::-1]):
                alone, suffered = tie.contesting[a], tie.contested[a]
                out[self.players.index(a), self.players.index(b)] = np.array(
                    [
                        tie.cooperation[a] - self.friction * tie.distance,
                        -suffered,
                        -alone,
                        -alone - suffered - tie.risk * tie.war_loss[a],
                    ]
                )
        return out

    @cached_property
    def _region_table(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        """Stakes and strengths on one front (R, N + 1), and who aims at denial (R, N); the local actor comes last."""
        stakes = np.array([[*(r.stakes[p] for p in self.players), r.stake] for r in self.regions])
        distances = np.array([[r.distances[p] for p in self.players] for r in self.regions])
        reach = self.capability * 2.0 ** (-distances / self.half_distance)
        strengths = np.column_stack([reach, [r.strength for r in self.regions]])
        denial = np.array([[r.aims[p] == "denial" for p in self.players] for r in self.regions])
        return stakes, strengths, denial

    def _contests_over(
        self, regions: npt.NDArray[np.intp], holder: int, contests: BoolArray
    ) -> tuple[Outcome, npt.NDArray[np.intp]]:
        """Solve the contests over regions of one holder for every distinct situation, and say which profile is in which.

        What happens in a region depends only on who contests its holder and on how many fronts each power has, so a
        million profiles come down to a few thousand situations.
        """
        count = len(self.players)
        fronts = np.maximum((contests | contests.transpose(0, 2, 1)).sum(axis=2), 1)
        code = fronts @ (count ** np.arange(count))
        if holder >= 0:
            code = code * 2**count + contests[:, :, holder] @ (1 << np.arange(count))
        first = np.full(int(code.max()) + 1, -1, dtype=np.intp)
        first[code[::-1]] = np.arange(len(code))[::-1]
        distinct = np.flatnonzero(first >= 0)
        row = np.cumsum(first >= 0)[code] - 1
        sample = first[distinct]

        stakes, strengths = self._region_table[0][regions], self._region_table[1][regions]
        denial = self._region_table[2][regions]
        situations = len(sample)
        e = np.broadcast_to(strengths, (situations, *strengths.shape)).copy()
        e[..., :count] *= (fronts[sample] ** -self.overstretch)[:, None, :]
        sides = np.where(denial, count, np.arange(count))
        sides = np.column_stack([sides, np.full(len(regions), count)])
        present = np.ones((situations, len(regions), count + 1), dtype=np.bool_)
        if holder >= 0:
            present[..., :count] = contests[sample, :, holder][:, None, :]
            present[..., holder] = True
            sides[:, holder] = holder  # a holder defends its hold, whatever it would want elsewhere
        outcome = lottery(stakes, e, sides, present, first_spender=count)
        if self.denial == "always":
            watching = denial & ~present[..., :count]
            worth = stakes[..., :count] * outcome.shares[..., count:]
            outcome.payoffs[..., :count][watching] = worth[watching]
        return outcome, row

    def _over_holders(self, contests: BoolArray, pick: Callable[[Outcome], FloatArray]) -> FloatArray:
        every = np.arange(len(self.regions))
        parts = []
        for holder in (*range(len(self.players)), -1):
            outcome, row = self._contests_over(every, holder, contests)
            parts.append(pick(outcome)[row])
        return np.stack(parts, axis=2)

    # ------------------------------------------------------------------ tables

    def ledger(
        self, power: str, profile: str | Sequence[str | SupportsInt], map: MapLike = STATUS_QUO
    ) -> pd.DataFrame:
        """Why a power gets what it gets: one row for each region, tie and the order, whose sum is the payoff.

        Columns: item, kind (`region`, `tie` or `order`), payoff in points.
        """
        import pandas as pd

        if power not in self.players:
            raise ProfileError(f"no power {power!r}{did_you_mean(power, self.players)}")
        i = self.players.index(power)
        contests = self.profile_contests(profile)[None]
        by_region = self.region_payoffs(contests)[0]
        rows = [
            (region, "region", float(by_region[r, holder, i]))
            for r, (region, holder) in enumerate(zip(self.region_names, self.holders(map)))
        ]
        ties = self.tie_rows(contests)
        rows += [(self.players[j], "tie", float(ties[i, j][0])) for j in stances.rivals(len(self.players), i)]
        rows.append(("order", "order", float(self.order_payoffs(contests)[0, i])))
        return pd.DataFrame(rows, columns=["item", "kind", "payoff"])

    def shares(self, profile: str | Sequence[str | SupportsInt], map: MapLike = STATUS_QUO) -> pd.DataFrame:
        """Who ends up with what share of each region: columns holder, one for each power, and `local` (autonomy)."""
        import pandas as pd

        holders = self.holders(map)
        by_holder = self.region_shares(self.profile_contests(profile)[None])[0]
        table = by_holder[np.arange(len(self.regions)), holders]
        frame = pd.DataFrame(
            table, index=pd.Index(self.region_names, name="region"), columns=[*self.players, "local"]
        )
        frame.insert(0, "holder", self.holder_names(map))
        return frame

    def __repr__(self) -> str:
        return (
            f"<SpheresModel {self.name!r}: powers {', '.join(self.players)}; {len(self.regions)} regions; "
            f"maps {', '.join(repr(m) for m in self.maps)}; capability index {self.index!r}>"
        )

    def _repr_html_(self) -> str:
        from html import escape

        frame = self.maps_frame()
        return (
            f"<p><b>{escape(self.title or self.name)}</b> (capability index: {escape(self.index)})</p>"
            + str(frame.to_html(border=0))
        )

    def maps_frame(self) -> pd.DataFrame:
        """Holder of each region (rows) on each map (columns), a power or `nobody`."""
        import pandas as pd

        columns = {
            name: [entries[r] or NOBODY for r in self.region_names] for name, entries in self.maps.items()
        }
        return pd.DataFrame(columns, index=pd.Index(self.region_names, name="region"), dtype=object)


def _distinct(names: Sequence[str], what: str) -> None:
    for name in names:
        if names.count(name) > 1:
            raise ScenarioError(f"two {what}s are named {name!r}; names must differ")
