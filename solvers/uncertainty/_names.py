"""From what a caller may hand in to what the arrays need: draws, profiles and maps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from games import stances
from games.errors import MethodError, ProfileError
from games.normal_form import FloatArray, Profile
from games.spheres import STATUS_QUO, Draws, MapLike, Observed, SpheresModel
from games.words import listed, the

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMPETITION",
    "ProfileLike",
    "as_draws",
    "capability",
    "describe",
    "map_words",
    "named_profiles",
    "profile_of",
    "same_map",
    "weights",
]

COMPETITION = "competition"
"""The benchmark of every equilibrium on the status quo map."""

ProfileLike: TypeAlias = "str | Sequence[Any] | Observed"


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
    if not isinstance(value, str | Sequence | np.ndarray):
        raise ProfileError(
            f"a profile is a name, or one action for each power, or pairs of powers; got {value!r}"
        )
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
    cinc, gdp = (model.capability_by_index[index] for index in ("CINC", "GDP"))
    return np.asarray(cinc ** (1 - z[:, None]) * gdp ** z[:, None])


def weights(model: SpheresModel) -> FloatArray:
    """Population (millions) and output ($bn) of each region, (R, 2)."""
    return np.array([[r.population, r.output] for r in model.regions])


def describe(model: SpheresModel, profile: Sequence[int]) -> str:
    """A profile in words: who contests whom."""
    matrix = model.profile_contests(tuple(profile))
    names = model.players
    words = []
    for i, power in enumerate(names):
        whom = [names[j] for j in np.flatnonzero(matrix[i])]
        if whom:
            words.append(f"{the(power)} contests {listed([the(p) for p in whom])}")
    return "; ".join(words) or "nobody contests"
