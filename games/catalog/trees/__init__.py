"""Games in extensive form and Bayesian games by name, each with its source and known answers.

Every game is a function with default parameters (`catalog.trees.beer_quiche(surly="1/2")`); `names`, `entry` and `table` say what
there is and where it comes from. Functions return an `ExtensiveGame`, those tagged `bayesian` a `BayesianGame`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from games.arguments import checked
from games.bayesian import BayesianGame
from games.catalog.trees._classics import (
    beer_quiche,
    centipede,
    chain_store,
    kreps_wilson,
    kuhn_poker,
    lemons,
    seltens_horse,
    three_movers,
)
from games.catalog.trees._crises import (
    audience_costs,
    fearon_demand,
    international_interaction,
    powell_offers,
)
from games.catalog.trees._deterrence import (
    entry_deterrence,
    kydd_trust,
    unilateral_deterrence,
    zagare_kilgour,
)
from games.catalog.trees._registry import ENTRIES, Known, TreeEntry
from games.catalog.trees._signals import costly_gesture, sunk_costs, tied_hands
from games.errors import GameError, did_you_mean
from games.extensive import ExtensiveGame

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Known",
    "TreeEntry",
    "audience_costs",
    "beer_quiche",
    "centipede",
    "chain_store",
    "costly_gesture",
    "entry",
    "entry_deterrence",
    "fearon_demand",
    "get",
    "international_interaction",
    "kreps_wilson",
    "kuhn_poker",
    "kydd_trust",
    "lemons",
    "names",
    "powell_offers",
    "seltens_horse",
    "sunk_costs",
    "table",
    "three_movers",
    "tied_hands",
    "unilateral_deterrence",
    "zagare_kilgour",
]


def names(tag: str | None = None) -> tuple[str, ...]:
    """Names of all games, or of those with a tag.

    >>> "beer_quiche" in names("signalling")
    True
    """
    if tag is not None:
        tags = sorted({t for e in ENTRIES.values() for t in e.tags})
        if tag not in tags:
            raise GameError(f"no tree has the tag {tag!r}{did_you_mean(tag, tags)}")
    return tuple(name for name, e in ENTRIES.items() if tag is None or tag in e.tags)


@checked
def entry(name: str) -> TreeEntry:
    """The entry of a game: title, source, known equilibria, tags. GameError for an unknown name."""
    if name not in ENTRIES:
        raise GameError(f"the catalogue has no tree {name!r}{did_you_mean(name, ENTRIES)}")
    return ENTRIES[name]


@checked
def get(name: str, **parameters: Any) -> ExtensiveGame | BayesianGame:
    """Make a game by name, with the parameters of its function.

    >>> get("centipede", moves=6).n_nodes
    13
    """
    return entry(name).make(**parameters)


def table() -> pd.DataFrame:
    """One row for each game: title, kind, size, source, tags."""
    import pandas as pd

    rows = []
    for e in ENTRIES.values():
        game = e.make()
        tree = game.tree() if isinstance(game, BayesianGame) else game
        rows.append(
            {
                "title": e.title,
                "kind": "Bayesian" if isinstance(game, BayesianGame) else "extensive",
                "players": tree.n_players,
                "nodes": tree.n_nodes,
                "information sets": len(tree.information_sets),
                "source": e.source,
                "tags": ", ".join(e.tags),
            }
        )
    return pd.DataFrame(rows, index=pd.Index(list(ENTRIES), name="name"))
