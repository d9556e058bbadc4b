"""The divisions of a map: which regions are on the table, which holders each can have, and what they are measured against."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

import numpy as np
import numpy.typing as npt

from games.errors import MethodError, ScenarioError, SizeError, did_you_mean
from games.normal_form import FloatArray, Profile
from games.spheres import NOBODY, Holdings, SpheresModel
from games.words import counted
from solvers.spheres import third_parties
from solvers.spheres.standing import competition

__all__ = ["Benchmarks", "Divisions", "benchmarks_of", "deviating_profiles", "pair_profiles"]

# A division takes about 3 kB at its peak (distances, payoffs and gains of three powers over thirty regions).
LARGEST = 300_000
Option = tuple[int, bool]


@dataclass(frozen=True, eq=False)
class Benchmarks:
    """What divisions are measured against, on the status quo map: names, payoffs (E, N), autonomy (E, R), and are these all?"""

    names: tuple[str, ...]
    payoffs: FloatArray
    autonomy: FloatArray
    complete: bool


def benchmarks_of(model: SpheresModel, against: str = "competition") -> Benchmarks:
    """Every equilibrium of competition that was found, or one observed profile of the model by its name."""
    if against == "competition":
        names, profiles, payoffs, complete = competition(model)
        autonomy = np.array([third_parties.autonomy(model, p) for p in profiles])
        return Benchmarks(names, payoffs, autonomy, complete)
    if against not in model.observed:
        raise MethodError(
            f"against is {against!r}; it is 'competition' or an observed profile of the model"
            f"{did_you_mean(against, model.observed)}"
        )
    contests = model.profile_contests(against)[None]
    return Benchmarks((against,), model.payoffs(contests), model.autonomy(contests), True)


def deviating_profiles(profile: Profile, count: int) -> tuple[tuple[int, Profile], ...]:
    """Every unilateral deviation from a profile of stances: who deviates, and the profile after it."""
    out: list[tuple[int, Profile]] = []
    for i in range(count):
        others = (a for a in range(2 ** (count - 1)) if a != profile[i])
        out += [(i, (*profile[:i], action, *profile[i + 1 :])) for action in others]
    return tuple(out)


def pair_profiles(profile: Profile, count: int) -> dict[tuple[int, int], list[Profile]]:
    """For each pair the profiles in which both members have changed their actions."""
    size = 2 ** (count - 1)
    out: dict[tuple[int, int], list[Profile]] = {}
    for i, j in combinations(range(count), 2):
        out[i, j] = []
        for a, b in product(range(size), repeat=2):
            if a != profile[i] and b != profile[j]:
                after = list(profile)
                after[i], after[j] = a, b
                out[i, j].append(tuple(after))
    return out


@dataclass(frozen=True, eq=False)
class Divisions:
    """The maps that differ from the status quo in the regions on the table only.

    Attributes
    ----------
    model : SpheresModel
    regions : indices of the regions on the table
    options : for each of them the leads and modes that it can have, (lead, held by force); the present ones first
    """

    model: SpheresModel
    regions: tuple[int, ...]
    options: tuple[tuple[Option, ...], ...]

    @classmethod
    def of(
        cls,
        model: SpheresModel,
        regions: Sequence[str] | None = None,
        nobody: bool = False,
        annex: bool = False,
    ) -> Divisions:
        """Divisions of some regions by name: `None` takes those that the model puts on the table, else all.

        Each can stay as it is or go to another power, which then holds it by force. With `nobody` it can also be made neutral,
        and with `annex` its own lead can take it by force. A piece of a power's land goes to its claimant or its owner only.
        """
        names = list(regions if regions is not None else model.on_table or model.region_names)
        for name in names:
            if name not in model.region_names:
                raise ScenarioError(f"there is no region {name!r}{did_you_mean(name, model.region_names)}")
        if len(set(names)) < len(names):
            raise ScenarioError("a region is on the table twice")
        lead, forced = model.holders(), model.forced()
        where, options = [], []
        for name in names:
            r = model.region_names.index(name)
            h, piece = int(lead[r]), model.regions[r].piece
            found: list[Option] = [(h, bool(forced[r]))]
            if piece is not None:
                parties = (model.players.index(piece.owner), model.players.index(piece.claimant))
                found += [(p, False) for p in parties if p != h]
            else:
                found += [(p, True) for p in range(len(model.players)) if p != h]
                if annex and h >= 0 and not forced[r]:
                    found.append((h, True))
                if nobody and h >= 0:
                    found.append((-1, False))
            where.append(r)
            options.append(tuple(found))
        return cls(model, tuple(where), tuple(options))

    @cached_property
    def shape(self) -> tuple[int, ...]:
        """How many options each region on the table has."""
        return tuple(len(o) for o in self.options)

    @property
    def size(self) -> int:
        """Number of divisions."""
        return int(np.prod([float(k) for k in self.shape]))

    def check_size(self) -> None:
        """Raise SizeError where there are more than 300,000 divisions."""
        if self.size > LARGEST:
            raise SizeError(
                f"{counted(len(self.regions), 'region')} on the table make {counted(self.size, 'division')}; at "
                f"most {LARGEST:,} are evaluated one by one",
                "Name fewer regions, or use partitions.optimise, an integer program",
            )

    def choices(self, rows: npt.ArrayLike | None = None) -> npt.NDArray[np.intp]:
        """Number of the option chosen for each region on the table, (P, T), for some rows or all."""
        at = np.arange(self.size) if rows is None else np.asarray(rows, dtype=np.intp)
        if not self.regions:
            return np.zeros((len(at), 0), dtype=np.intp)
        return np.stack(np.unravel_index(at, self.shape), axis=-1)

    def holdings(self, choices: npt.NDArray[np.intp]) -> Holdings:
        """The maps of choices (P, T)."""
        lead = np.tile(self.model.holders().astype(np.int64), (len(choices), 1))
        forced = np.tile(self.model.forced(), (len(choices), 1))
        for t, r in enumerate(self.regions):
            table = np.array(self.options[t])
            lead[:, r], forced[:, r] = table[choices[:, t], 0], table[choices[:, t], 1].astype(bool)
        return Holdings(lead, forced)

    def entries(self, row: int) -> dict[str, str | None]:
        """A division as changes of the status quo map, as `SpheresModel` takes them."""
        out: dict[str, str | None] = {}
        for t, k in enumerate(self.choices([row])[0]):
            if k:
                lead, forced = self.options[t][k]
                own = lead == self.options[t][0][0]
                name = (
                    None if lead < 0 else self.model.players[lead] + (" by force" if own and forced else "")
                )
                out[self.model.region_names[self.regions[t]]] = name
        return out

    def number(self, partition: str | dict[str, str | None]) -> int:
        """Row number of a named map, or of changes of the status quo map. MethodError where it is not among the divisions."""
        lead, forced = self.model.holders(partition), self.model.forced(partition)
        now, mode = self.model.holders(), self.model.forced()
        digits = []
        for t, r in enumerate(self.regions):
            state = (int(lead[r]), bool(forced[r]))
            if state not in self.options[t]:
                raise MethodError(
                    f"these divisions do not hold {self.model.region_names[r]} as that map does; evaluate with nobody=True or "
                    "annex=True"
                )
            digits.append(self.options[t].index(state))
        rest = np.delete(np.arange(len(lead)), self.regions)
        if (lead[rest] != now[rest]).any() or (forced[rest] != mode[rest]).any():
            moved = [self.model.region_names[r] for r in rest if lead[r] != now[r] or forced[r] != mode[r]]
            raise MethodError(f"that map also changes {', '.join(moved)}, which is not on the table")
        return int(np.ravel_multi_index(digits, self.shape)) if digits else 0

    def describe(self, row: int) -> str:
        """What changes against the status quo map, in words."""
        moves: dict[str, list[str]] = {}
        for region, entry in self.entries(row).items():
            if entry is None:
                verb = "made neutral"
            elif entry.endswith(" by force"):
                verb = f"annexed by {entry.removesuffix(' by force')}"
            else:
                verb = f"to {entry}"
            moves.setdefault(verb, []).append(region)
        return "; ".join(f"{', '.join(regions)} {verb}" for verb, regions in moves.items()) or "as today"

    def holders_of(self, row: int) -> dict[str, str]:
        """The holder of each region on the table in a division, `nobody` where it has none."""
        held = self.holdings(self.choices([row]))
        return {
            self.model.region_names[r]: NOBODY if held.lead[0, r] < 0 else self.model.players[held.lead[0, r]]
            for r in self.regions
        }
