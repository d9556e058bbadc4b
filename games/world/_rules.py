"""The rules that turn tables of facts into powers and regions, the same for every year.

1. Regions are of three kinds:
   - every state bound to a power by a treaty of defence or a statute;
   - every other state that a power disputes;
   - for each pair of powers, what one claims of the other's own land.
2. States with the same bonds and disputes whose capitals all lie within 2,000 km of each other make one region.
3. States can be named to be kept apart, in regions of their own.
4. A great power that does not play is a state like any other.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations
from typing import Any

import numpy as np

from games.errors import ScenarioError, did_you_mean
from games.spheres import ASSUMPTIONS, Assumption, Claim, Member, Observed, Piece, Place, Power, Region
from games.spheres.geography import distance_km
from games.spheres.parameters import PATIENCE
from games.world._clusters import complete_linkage
from games.world._tables import Tables

__all__ = [
    "MERGE_KM",
    "State",
    "disputes_of",
    "merged",
    "observed_of",
    "pace_of",
    "pacts_of",
    "pieces_of",
    "powers_of",
    "regions_of",
    "states_of",
]

MERGE_KM = 2000.0
# Militarised disputes in twenty years that count like a rivalry (Diehl and Goertz 2000: an enduring rivalry has six).
_DISPUTES = 6
# The highest salience score of a claim in the ICOW data.
_FULL_SALIENCE = 12.0


@dataclass
class State:
    """A state outside the powers in one epoch, with its ties to the powers that play."""

    row: Mapping[str, Any]
    bound: set[str] = field(default_factory=set)
    forced: bool = False
    claims: dict[str, Claim] = field(default_factory=dict)
    land: set[str] = field(default_factory=set)

    @property
    def name(self) -> str:
        return str(self.row["name"])

    @property
    def disputants(self) -> frozenset[str]:
        """Powers that dispute it under the main rule, those bound to it left out."""
        return frozenset(p for p, c in self.claims.items() if c.land) - self.bound

    @property
    def matters(self) -> bool:
        """Whether it is bound to a power or disputed by one (rule 1)."""
        return bool(self.bound or self.disputants) and self.row["cinc"] > 0


def powers_of(
    tables: Tables, epoch: int, year: int, names: Sequence[str] | None
) -> dict[str, Mapping[str, Any]]:
    """The powers that play, by code, as rows of `states`: those named (or given by code), or all great powers of the epoch."""
    rows = list(tables.at("states", epoch))
    chosen: list[Mapping[str, Any]] = []
    if names is None:
        chosen = [row for row in rows if row["power"]]
    else:
        by_name = {row[key]: row for key in ("code", "name") for row in rows}
        placed = {row["power"] for row in tables.during("places", year)}
        able = [row["name"] for row in rows if row["code"] in placed]
        for name in names:
            if name not in by_name:
                raise ScenarioError(
                    f"powers: there is no state {name!r} in {epoch}{did_you_mean(name, able)}"
                )
            found = by_name[name]
            if found["name"] not in able:
                raise ScenarioError(
                    f"powers: {name} has no places in {year}, so it cannot project strength; known: {', '.join(sorted(able))}"
                )
            if found in chosen:
                raise ScenarioError(f"powers: {name} is named twice")
            chosen.append(found)
    if not 2 <= len(chosen) <= 8:
        raise ScenarioError(f"powers: a model has two to eight powers; {epoch} gives {len(chosen)}")
    return {row["code"]: row for row in chosen}


def power(tables: Tables, row: Mapping[str, Any], epoch: int, year: int) -> Power:
    """One power: its shares, the places on its own land in a year (its capital first), and how long its leaders last.

    A leadership's yearly chance to survive is that of no change in a Poisson process with the observed rate of changes
    (Goemans, Gleditsch and Chiozza 2009, Archigos).
    """
    places = [
        Place(p["name"], p["lat"], p["lon"], p["overland"])
        for p in tables.during("places", year)
        if p["power"] == row["code"]
    ]
    if not places:
        raise ScenarioError(f"powers: {row['name']} has no places in {year}")
    out = Power(row["name"], row["cinc"], row["gdp_share"], tuple(places), PATIENCE.value)
    for facts in tables.at("powers", epoch):
        if facts["power"] == row["code"]:
            survival = math.exp(-facts["changes"] / facts["years"])
            return replace(out, survival=survival, growth=facts["growth"] or 0.0)
    return out


def assumptions_of(powers: Sequence[Power]) -> dict[str, Assumption]:
    """The assumed numbers of a world: the eight free ones, and each power's patience and trembles."""
    out = dict(ASSUMPTIONS)
    for power in powers:
        out[f"powers.{power.name}.patience"] = PATIENCE
    for power in powers:
        out[f"powers.{power.name}.tremble"] = tremble_of(len(powers))
    return out


def tremble_of(powers: int) -> Assumption:
    """Each power's yearly chance to break a deal by mistake, such that the joint hazard is that of the Concert of Europe.

    It lasted 39 years, 1815 to 1854. One event in 39 years has the exact 95 % interval .00065 to .14 a year.
    """

    def each(hazard: float) -> float:
        return float(f"{1 - (1 - hazard) ** (1 / powers):.3g}")

    reason = (
        "the Concert of Europe lasted 39 years: a joint yearly hazard of 1/39, 95 % interval .00065 to .14"
    )
    return Assumption(
        each(1 / 39),
        each(0.00065),
        each(0.14),
        reason,
        "log-uniform",
        "tremble",
        meaning="yearly chance of a breach by mistake",
    )


def bonds_of(state: State, tables: Tables, year: int, powers: Mapping[str, Mapping[str, Any]]) -> None:
    """Add who is bound by treaty (Leeds et al., ATOP) or by a statute or settlement in force (table `bonds`)."""
    code = state.row["code"]
    for bond in tables.during("bonds", year):
        if bond["state"] == code and bond["power"] in powers:
            name = powers[bond["power"]]["name"]
            if bond["mode"] == "force":
                state.bound, state.forced = {name}, True
                return
            state.bound.add(name)


def disputes_of(
    relation: Mapping[str, Any] | None, claims: Iterable[Mapping[str, Any]], *, parts: bool = True
) -> Claim | None:
    """What one power disputes with a state: a rivalry (Thompson et al. 2021) or six militarised disputes in 20 years
    (Gibler, Miller and Little 2016; Diehl and Goertz 2000), and territorial claims (ICOW).

    A claim on a part of a great power, which is often a colony, does not put the whole of it in dispute. `parts` is False for a
    great power that does not play.
    """
    rival = relation is not None and (relation["rivalry"] or relation["disputes"] >= _DISPUTES)
    rows = list(claims)
    if not rival and not rows:
        return None
    return Claim(
        salience=sum(c["salience"] for c in rows if not c["entire"]) / _FULL_SALIENCE,
        whole=any(c["entire"] for c in rows),
        land=rival or any(c["entire"] or (parts and not c["offshore"]) for c in rows),
    )


def states_of(
    tables: Tables,
    epoch: int,
    year: int,
    powers: Mapping[str, Mapping[str, Any]],
    named: Iterable[str] = (),
    *,
    claims: bool = True,
    rivalries: bool = True,
) -> dict[str, State]:
    """Every state outside the powers that plays no power's part, by code, with bonds, disputes and land borders.

    Rows with `listed` 0 (parts of states that no data set lists) come in only where they are `named`.
    """
    wanted = set(named)
    states: dict[str, State] = {}
    rows = list(tables.at("states", epoch))
    for row in sorted(rows, key=lambda r: r["power"]):
        if row["code"] not in powers and (row["listed"] or row["name"] in wanted):
            states[row["code"]] = State(row)
    relations = {(r["state"], r["power"]): r for r in tables.at("relations", epoch) if r["power"] in powers}
    against: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for claim in tables.at("claims", epoch) if claims else ():
        against.setdefault((claim["target"], claim["claimant"]), []).append(claim)
    for code, state in states.items():
        for other, facts in powers.items():
            relation = relations.get((code, other))
            if relation is not None:
                if relation["pact"]:
                    state.bound.add(facts["name"])
                if relation["land"]:
                    state.land.add(facts["name"])
            claimed = against.get((code, other), [])
            dispute = disputes_of(relation if rivalries else None, claimed, parts=not state.row["power"])
            if dispute is not None:
                state.claims[facts["name"]] = dispute
        bonds_of(state, tables, year, powers)
    return states


def merged(states: Sequence[State], km: float = MERGE_KM) -> list[list[State]]:
    """Rule 2: states that the game cannot tell apart and whose capitals lie within `km` of each other (complete linkage)."""
    alike: dict[tuple[frozenset[str], frozenset[str], bool], list[State]] = {}
    for state in states:
        alike.setdefault((frozenset(state.bound), state.disputants, state.forced), []).append(state)
    groups = []
    for members in alike.values():
        if len(members) == 1:
            groups.append(members)
            continue
        places = np.array([[s.row["lat"], s.row["lon"]] for s in members])
        apart = distance_km(places[:, None], places[None])
        groups += [[members[k] for k in group] for group in complete_linkage(apart, km)]
    return groups


def region(
    group: Sequence[State], powers: Mapping[str, Mapping[str, Any]], name: str | None = None
) -> Region:
    """A group of states as a region: sizes add up, the largest gives the place, the strongest of the bound powers leads."""
    ordered = sorted(group, key=lambda s: -s.row["cinc"])
    strength = {row["name"]: row["cinc"] for row in powers.values()}
    bound = set().union(*(s.bound for s in group))
    others = len(group) - 1
    members = tuple(
        Member(s.name, s.row["cinc"], s.row["gdp_share"], s.row["lat"], s.row["lon"], dict(s.claims))
        for s in ordered
    )
    note = ""
    if len({frozenset(s.bound) for s in group}) > 1 or len({s.disputants for s in group}) > 1:
        note = "Its states differ in their bonds or disputes; the region has those of all."
    return Region(
        name or ordered[0].name + (f" and {others} other{'s' if others > 1 else ''}" if others else ""),
        members,
        tuple(sorted(bound, key=lambda p: -strength[p])),
        frozenset().union(*(s.land for s in group)),
        all(s.forced for s in group),
        sum(s.row["population"] or 0.0 for s in group),
        sum(s.row["gdp"] or 0.0 for s in group),
        note=note,
    )


def regions_of(
    states: Mapping[str, State],
    powers: Mapping[str, Mapping[str, Any]],
    keep_apart: Mapping[str, Sequence[str]],
    km: float = MERGE_KM,
) -> list[Region]:
    """Rules 1a, 1b, 2 and 3: the regions outside the powers."""
    by_name = {s.name: s for s in states.values()}
    apart: dict[str, str] = {}
    for title, names in keep_apart.items():
        for name in names:
            if name in {row["name"] for row in powers.values()}:
                raise ScenarioError(f"keep_apart: {name} is a power here, not a region")
            if name not in by_name:
                raise ScenarioError(f"keep_apart: there is no state {name!r}{did_you_mean(name, by_name)}")
            if name in apart:
                raise ScenarioError(f"keep_apart: {name} is named twice")
            apart[name] = title
    free = [s for s in states.values() if s.name not in apart and s.matters]
    out = [region([by_name[name] for name in names], powers, title) for title, names in keep_apart.items()]
    return out + [region(group, powers) for group in merged(free, km)]


def pieces_of(tables: Tables, epoch: int, powers: Mapping[str, Mapping[str, Any]]) -> list[Region]:
    """Rule 1c: for each pair of powers what one claims of the other's own land."""
    salience: dict[tuple[str, str], float] = {}
    for claim in tables.at("claims", epoch):
        if claim["claimant"] in powers and claim["target"] in powers:
            pair = (claim["claimant"], claim["target"])
            salience[pair] = salience.get(pair, 0.0) + claim["salience"] / _FULL_SALIENCE
    next_door = {(r["state"], r["power"]) for r in tables.at("relations", epoch) if r["land"]}
    out = []
    for (one, other), size in sorted(salience.items()):
        claimant, owner = powers[one]["name"], powers[other]["name"]
        land = {owner} | ({claimant} if (other, one) in next_door or (one, other) in next_door else set())
        out.append(
            Region(
                f"{owner} (claimed by {claimant})",
                bound=(owner,),
                land=frozenset(land),
                piece=Piece(claimant, owner, size),
            )
        )
    return out


def pacts_of(
    tables: Tables, epoch: int, powers: Mapping[str, Mapping[str, Any]]
) -> frozenset[frozenset[str]]:
    """Pairs of the powers that are under a treaty of defence."""
    return frozenset(
        frozenset((powers[r["state"]]["name"], powers[r["power"]]["name"]))
        for r in tables.at("relations", epoch)
        if r["pact"] and r["state"] in powers and r["power"] in powers
    )


def observed_of(tables: Tables, year: int, powers: Mapping[str, Mapping[str, Any]]) -> dict[str, Observed]:
    """The rivalries of a year as an observed profile, named by the year: rivals contest each other.

    None where the data end more than a year before, or do not cover a pair of the powers.
    """
    known = [r for r in tables.rows["dyads"] if r["rivalry"] is not None]
    last = min(year, max((r["year"] for r in known), default=0))
    rows = {frozenset((r["first"], r["second"])): r for r in known if r["year"] == last}
    pairs = list(combinations(powers, 2))
    found = [rows.get(frozenset(pair)) for pair in pairs]
    if not year - 1 <= last <= year or any(r is None for r in found):
        return {}
    rivals = [
        (powers[a]["name"], powers[b]["name"])
        for (a, b), r in zip(pairs, found)
        if r is not None and r["rivalry"]
    ]
    source = f"Thompson, Sakuwa and Suhas 2021: strategic rivalries of {last}"
    return {str(year): Observed(tuple(p for pair in rivals for p in (pair, pair[::-1])), source)}


def pace_of(tables: Tables, year: int) -> float:
    """How fast strength travels: the factor on the half-distance (Bueno de Mesquita 1981); 1 where the tables say nothing."""
    for row in tables.during("pace", year):
        return float(row["factor"])
    return 1.0
