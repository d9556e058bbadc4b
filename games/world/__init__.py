"""Worlds by rule: from tables of facts to a model of spheres, the same rules for every year.

`build(2021)` makes the world of an epoch from the shipped tables, or from any folder of tables laid out like them. A folder holds

- `states.csv`, a state in an epoch: epoch, code, name, cinc and gdp_share (shares of the world), share_note, gdp ($bn a
  year), population (millions), capital, lat, lon, power (1: a great power), listed (0: only where a scenario names it)
- `relations.csv`, a state and a power in an epoch: epoch, state, power (codes), land (1: next door by land), pact (1: the
  power is bound to defend it), rivalry (1: rivals within 20 years), disputes (militarised, in 20 years)
- `places.csv`, a place on a power's own land: power, name, lat, lon, from, to (years), overland (1: reached over own land)
- `claims.csv`, a territorial claim in an epoch: epoch, claimant, target, salience (0 to 12), entire (1: all of it),
  offshore, name, source
- `bonds.csv`, a bond beside the treaties: state, power, from, to, mode (`consent`: a statute or guarantee; `force`), source
- `pace.csv`, how fast strength travels: from, to, factor (on the half-distance), source
- `powers.csv`, a power in an epoch: epoch, power, changes (of leader), years (in which they are counted), growth (a year)
- `dyads.csv`, two great powers in a year, for validation only: first, second, year, rivalry, disputes (onsets), war (onset)

The first three are needed. `sources.toml` may give the source of each column. `faults(folder)` lists every fault, one line each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from games.arguments import checked
from games.errors import ScenarioError, did_you_mean
from games.world._tables import Tables, faults

if TYPE_CHECKING:
    from games.spheres import Assumption, SpheresModel

__all__ = ["Recipe", "Tables", "build", "columns", "epochs", "faults", "tables"]

KeepApart = Sequence["str | Sequence[str]"] | Mapping[str, "str | Sequence[str]"]


@checked
def epochs(data: str | Path | None = None) -> tuple[int, ...]:
    """The years that the tables describe.

    >>> epochs()[0], epochs()[-1]
    (1816, 2021)
    """
    return tables(data).epochs


@checked
def tables(data: str | Path | None = None) -> Tables:
    """The checked tables of a folder, or the shipped ones."""
    from games.world._tables import read

    return read(data)


def columns() -> dict[str, tuple[str, ...]]:
    """The columns of each table of a folder, in order."""
    from games.world._tables import COLUMNS

    return {table: tuple(names) for table, names in COLUMNS.items()}


@checked
def build(
    year: int,
    powers: Sequence[str] | None = None,
    keep_apart: KeepApart = (),
    data: str | Path | None = None,
    *,
    without: Sequence[str] = (),
    merge_km: float = 2000.0,
    claims: bool = True,
    rivalries: bool = True,
) -> SpheresModel:
    """Make the world of a year by rule.

    Parameters
    ----------
    year : int
        The nearest epoch at or before it gives the figures; places and statutes are those of the year itself.
    powers : names of the powers that play, optional
        Defaults to all great powers of the epoch. Powers left out are regions, bound as their treaties say.
    keep_apart : names of states, or a mapping of a region's name to its states, optional
        States that are regions of their own. They need not be bound or disputed.
    data : folder of tables, optional
    without : names of states to leave out altogether
    merge_km : float
        States that the game cannot tell apart make one region within this distance; 0 keeps all apart.
    claims, rivalries : bool
        Whether territorial claims, and rivalries and militarised disputes, put a state in dispute.

    Raises
    ------
    ScenarioError
        For a year before all epochs, an unknown name, or a fault in the tables.

    Examples
    --------
    >>> model = build(1816)
    >>> model.players
    ('United Kingdom', 'France', 'Prussia', 'Austria', 'Russia')
    """
    from games.spheres import SpheresModel
    from games.world import _rules

    source = tables(data)
    known = [epoch for epoch in source.epochs if epoch <= year]
    if isinstance(year, bool) or not known:
        raise ScenarioError(f"there is no world for the year {year}: the tables begin in {source.epochs[0]}")
    epoch = known[-1]
    if not (merge_km >= 0):
        raise ScenarioError(f"merge_km is {merge_km!r}; it must not be negative")
    apart = _named(keep_apart)
    players = _rules.powers_of(source, epoch, year, powers)
    inside = [name for names in apart.values() for name in names]
    states = _rules.states_of(source, epoch, year, players, inside, claims=claims, rivalries=rivalries)
    names = [s.name for s in states.values()]
    for name in without:
        if name not in names:
            raise ScenarioError(f"without: there is no state {name!r}{did_you_mean(name, names)}")
    states = {code: s for code, s in states.items() if s.name not in without}
    regions = _rules.regions_of(states, players, apart, merge_km)
    if claims:
        regions += _rules.pieces_of(source, epoch, players)
    note = f"; figures of {epoch} carried forward" if epoch != year else ""
    powers_ = tuple(_rules.power(source, row, epoch, year) for row in players.values())
    assumptions = _rules.assumptions_of(powers_)
    powers_ = tuple(replace(p, tremble=assumptions[f"powers.{p.name}.tremble"].value) for p in powers_)
    return SpheresModel(
        powers_,
        tuple(regions),
        assumptions=assumptions,
        pacts=_rules.pacts_of(source, epoch, players),
        pace=_rules.pace_of(source, year),
        year=year,
        name=f"world-{year}",
        title=f"The world of {year}",
        description=f"Made by rule from the tables of {epoch}{note}.",
        observed=_rules.observed_of(source, year, players),
        facts=_facts(source, epoch),
        source=Recipe(_tree(year, players, apart, data, without), assumptions),
    )


@dataclass(frozen=True)
class Recipe:
    """How a world was made, as the tree of a scenario file, and the assumptions that the rules gave it."""

    tree: Mapping[str, object]
    assumptions: Mapping[str, Assumption]

    def rules(self) -> Mapping[str, str]:
        """Stated rules by name: none beyond those of `games.world`."""
        return {}


def _tree(
    year: int,
    players: Mapping[str, Mapping[str, object]],
    apart: Mapping[str, Sequence[str]],
    data: str | Path | None,
    without: Sequence[str],
) -> dict[str, object]:
    tree: dict[str, object] = {"year": year, "powers": [row["name"] for row in players.values()]}
    if data is not None:
        tree["data"] = str(Path(data).resolve())
    if without:
        tree["without"] = list(without)
    if apart:
        tree["regions"] = {name: list(states) for name, states in apart.items()}
    return tree


def _named(keep_apart: KeepApart) -> dict[str, tuple[str, ...]]:
    """Region names and their states."""
    if isinstance(keep_apart, str):
        raise ScenarioError(
            f"keep_apart is {keep_apart!r}; it is a list of states or a mapping of regions to states"
        )
    if isinstance(keep_apart, Mapping):
        entries = list(keep_apart.items())
    else:
        for e in keep_apart:
            if not isinstance(e, str | Sequence) or not len(e):
                raise ScenarioError(
                    f"keep_apart has the entry {e!r}; an entry is a state or a list of states"
                )
        entries = [(e, e) if isinstance(e, str) else (e[0], e) for e in keep_apart]
    names = [name for name, _ in entries]
    for name in names:
        if names.count(name) > 1:
            raise ScenarioError(f"keep_apart: {name} is named twice")
    return {name: (states,) if isinstance(states, str) else tuple(states) for name, states in entries}


def _facts(source: Tables, epoch: int) -> dict[str, tuple[str, str, int | None]]:
    """Tag, source and year of the facts, by `powers.column` and `regions.column`."""
    titles = source.sources.get("columns", {})
    own = f"tables in {source.folder.name}"
    of = {
        "cinc": ("states.cinc", "observed"),
        "gdp": ("states.gdp_share", "observed"),
        "population": ("states.population", "observed"),
        "output": ("states.gdp", "observed"),
        "salience": ("claims.salience", "observed"),
    }
    out: dict[str, tuple[str, str, int | None]] = {}
    for key, (column, tag) in of.items():
        entry = titles.get(column, {})
        title = entry.get("title", own) if isinstance(entry, Mapping) else own
        for kind in ("powers", "regions"):
            out[f"{kind}.{key}"] = (tag, str(title), epoch)
    leaders = "exp(-changes of leader / years), 40 years about the epoch (Archigos, 1840 to 2015)"
    out["powers.survival"] = ("derived", leaders, None)
    out["powers.growth"] = (
        "derived",
        "yearly growth of CINC in the ten years up to the epoch; 0 where there is none",
        None,
    )
    return out
