"""Tables of a model for people: ledger, regions, maps and facts; and the rules that names obey."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from games.errors import ProfileError, ScenarioError, did_you_mean
from games.spheres import stances
from games.spheres._ties import tie_rows
from games.spheres.maps import FORCE
from games.spheres.names import check_title
from games.spheres.payoffs import region_parts

_REGIMES = ("competition", "concert", "all-out")

if TYPE_CHECKING:
    import pandas as pd

    from games.spheres.maps import MapLike
    from games.spheres.model import ProfileLike, SpheresModel


def check_words(model: SpheresModel) -> None:
    """Raise ScenarioError unless maps, regimes and observed profiles have names of their own."""
    for name in (*model.blocs, *model.observed):
        if name in _REGIMES:
            raise ScenarioError(f"the regime {name!r} has a meaning of its own; choose another name")
    for what, text in (("name", model.name), ("title", model.title)):
        if any(unicodedata.category(c) in ("Cc", "Cf") for c in text):
            raise ScenarioError(f"{what}: {text!r} holds a control or formatting character")
    for what, names in (("maps", model.maps), ("regimes", model.blocs), ("observed", model.observed)):
        for name in names:
            check_title(what, name)
    for name in model.on_table:
        if name not in model.region_names:
            raise ScenarioError(
                f"on the table: there is no region {name!r}{did_you_mean(name, model.region_names)}"
            )
    if model.benchmark not in ("competition", "all-out", *model.observed):
        known = ("competition", "all-out", *model.observed)
        raise ScenarioError(
            f"there is no benchmark {model.benchmark!r}{did_you_mean(model.benchmark, known)}"
        )


def ledger(model: SpheresModel, power: str, profile: ProfileLike, map: MapLike) -> pd.DataFrame:
    """One row for each region, tie and the order; columns item, kind, payoff."""
    import pandas as pd

    if power not in model.players:
        raise ProfileError(f"there is no power {power!r}{did_you_mean(power, model.players)}")
    i = model.players.index(power)
    contests = model.profile_contests(profile)[None]
    worlds = model._worlds(map, None)
    by_region = region_parts(worlds.arena(0, 1), contests).payoffs[0, 0, :, i]
    ties, order = tie_rows(worlds.costs(0, 1), contests)
    rows = [(region, "region", float(x)) for region, x in zip(model.region_names, by_region)]
    rows += [
        (model.players[j], "tie", float(ties[0, 0, i, j])) for j in stances.rivals(len(model.players), i)
    ]
    rows.append(("order", "order", float(order[0, 0, i])))
    return pd.DataFrame(rows, columns=["item", "kind", "payoff"])


def region_frame(model: SpheresModel, profile: ProfileLike, map: MapLike) -> pd.DataFrame:
    """One row for each region: holder, mode, defended, autonomy, and each power's payoff."""
    import pandas as pd

    parts = region_parts(model._worlds(map, None).arena(0, 1), model.profile_contests(profile)[None])
    frame = pd.DataFrame(
        parts.payoffs[0, 0], index=pd.Index(model.region_names, name="region"), columns=list(model.players)
    )
    frame.insert(0, "autonomy", parts.autonomy[0, 0])
    frame.insert(0, "defended", parts.defended[0, 0])
    frame.insert(0, "mode", model.modes(map))
    frame.insert(0, "holder", model.holder_names(map))
    return frame


def maps_frame(model: SpheresModel) -> pd.DataFrame:
    """Lead of each region (rows) on each map (columns)."""
    import pandas as pd

    columns = {
        name: [
            f"{holder} by {FORCE}" if mode == FORCE else holder
            for holder, mode in zip(model.holder_names(name), model.modes(name))
        ]
        for name in model.maps
    }
    return pd.DataFrame(columns, index=pd.Index(model.region_names, name="region"), dtype=object)


def facts_frame(model: SpheresModel) -> pd.DataFrame:
    """What the data say of each region."""
    import pandas as pd

    rows = []
    for region in model.regions:
        piece = region.piece
        rows.append(
            {
                "states": ", ".join(m.name for m in region.members),
                "bound": ", ".join(region.bound),
                "mode": model.modes()[model.region_names.index(region.name)],
                "disputed by": piece.claimant if piece else ", ".join(sorted(region.disputants)),
                "CINC %": 100 * region.cinc,
                "GDP %": 100 * region.gdp,
                "population": region.population,
                "output": region.output,
                "note": region.note,
            }
        )
    return pd.DataFrame(rows, index=pd.Index(model.region_names, name="region"))
