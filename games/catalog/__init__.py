"""Textbook and international-relations games by name, each with its source and known equilibria.

Every game is a function with default parameters (`catalog.prisoners_dilemma(T=6)`); `names`, `entry` and `table` say what
there is and where it comes from. The known equilibria of an entry are those at the default parameters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from games.arguments import checked
from games.catalog import trees
from games.catalog.classics import (
    abreu_sannikov,
    asymmetric_matching_pennies,
    aumann_chicken,
    colonel_blotto,
    cournot,
    judd_yeltekin_conklin,
    moulin_vial,
    nash_demand,
    oneill,
    rock_paper_scissors,
    shapley_cycling,
    shapley_inaccessible,
    travellers_dilemma,
    von_stengel_3x2,
    von_stengel_6x6,
    von_stengel_degenerate,
    war_of_attrition,
    winkels,
)
from games.catalog.many_players import (
    anti_coordination,
    beauty_contest,
    el_farol,
    jordan,
    mckelvey_mclennan,
    minimum_effort,
    minority,
    nau_continuum,
    nau_irrational,
    public_goods,
    seltens_horse,
    volunteers_dilemma,
)
from games.catalog.registry import ENTRIES, Entry
from games.catalog.statecraft import (
    alliance_burden_sharing,
    arms_race,
    cuban_missile_crisis,
    deterrence,
    hegemonic_stability,
    inspection,
    relative_gains,
    security_dilemma,
    tariff_war,
    three_person_majority,
)
from games.catalog.symmetric import (
    assurance,
    battle_of_the_sexes,
    chicken,
    compromise,
    concord,
    coordination,
    deadlock,
    harmony,
    hawk_dove,
    hero,
    leader,
    matching_pennies,
    peace,
    prisoners_dilemma,
    safe_coordination,
    stag_hunt,
)
from games.errors import GameError, did_you_mean
from games.normal_form import NormalFormGame

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Entry",
    "abreu_sannikov",
    "alliance_burden_sharing",
    "anti_coordination",
    "arms_race",
    "assurance",
    "asymmetric_matching_pennies",
    "aumann_chicken",
    "battle_of_the_sexes",
    "beauty_contest",
    "chicken",
    "colonel_blotto",
    "compromise",
    "concord",
    "coordination",
    "cournot",
    "cuban_missile_crisis",
    "deadlock",
    "deterrence",
    "el_farol",
    "entry",
    "get",
    "harmony",
    "hawk_dove",
    "hegemonic_stability",
    "hero",
    "inspection",
    "jordan",
    "judd_yeltekin_conklin",
    "leader",
    "matching_pennies",
    "mckelvey_mclennan",
    "minimum_effort",
    "minority",
    "moulin_vial",
    "names",
    "nash_demand",
    "nau_continuum",
    "nau_irrational",
    "oneill",
    "peace",
    "prisoners_dilemma",
    "public_goods",
    "relative_gains",
    "rock_paper_scissors",
    "safe_coordination",
    "security_dilemma",
    "seltens_horse",
    "shapley_cycling",
    "shapley_inaccessible",
    "stag_hunt",
    "table",
    "tariff_war",
    "three_person_majority",
    "travellers_dilemma",
    "trees",
    "volunteers_dilemma",
    "von_stengel_3x2",
    "von_stengel_6x6",
    "von_stengel_degenerate",
    "war_of_attrition",
    "winkels",
]


def names(tag: str | None = None) -> tuple[str, ...]:
    """Names of all games, or of those with a tag.

    >>> "chicken" in names("symmetric")
    True
    """
    if tag is not None:
        tags = sorted({t for e in ENTRIES.values() for t in e.tags})
        if tag not in tags:
            raise GameError(f"no game has the tag {tag!r}{did_you_mean(tag, tags)}")
    return tuple(name for name, e in ENTRIES.items() if tag is None or tag in e.tags)


@checked
def entry(name: str) -> Entry:
    """The entry of a game: title, source, known equilibria, tags. GameError for an unknown name."""
    if name not in ENTRIES:
        raise GameError(f"the catalogue has no game {name!r}{did_you_mean(name, ENTRIES)}")
    return ENTRIES[name]


@checked
def get(name: str, **parameters: Any) -> NormalFormGame:
    """Make a game by name, with the parameters of its function.

    >>> get("prisoners_dilemma", T=4).payoff((1, 0))
    array([4., 0.])
    """
    return entry(name).make(**parameters)


def table() -> pd.DataFrame:
    """One row for each game: title, size, how many equilibria are known, whether they are all, source, tags."""
    import pandas as pd

    rows = [
        {
            "title": e.title,
            "size": "x".join(map(str, e.make().shape)),
            "known equilibria": len(e.known),
            "all known": e.complete,
            "source": e.source,
            "tags": ", ".join(e.tags),
        }
        for e in ENTRIES.values()
    ]
    return pd.DataFrame(rows, index=pd.Index(list(ENTRIES), name="name"))
