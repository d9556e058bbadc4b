"""The numbers and switches that can be varied, by name: their point values, ends and quantiles."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from games.errors import MethodError, did_you_mean
from games.normal_form import FloatArray
from games.spheres import Draws, SpheresModel
from games.spheres.inputs import drawable
from games.spheres.parameters import SWITCHES

__all__ = ["Setting", "check_number", "one_at_a_time", "point", "quantile", "ranged", "settings"]

# A number's value, or a switch's level.
Setting: TypeAlias = "float | str"


def ranged(model: SpheresModel) -> tuple[str, ...]:
    """Names of the assumed numbers whose range is more than a point, and which may differ from draw to draw."""
    known = set(drawable(model))
    return tuple(name for name, a in model.assumptions.items() if a.high > a.low and name in known)


def check_number(model: SpheresModel, name: str, what: str = "number") -> None:
    """Raise MethodError unless a name is one of the ranged numbers."""
    known = ranged(model)
    if name not in known:
        raise MethodError(f"{what}: no number with a range is called {name!r}{did_you_mean(name, known)}")


def point(model: SpheresModel, name: str) -> Setting:
    """The model's own value of a number or switch."""
    if name in SWITCHES:
        value: Setting = getattr(model.parameters, name)
        return value
    return model.assumptions[name].value


def settings(model: SpheresModel, name: str) -> tuple[Setting, ...]:
    """The ends of a number's range, or the levels of a switch other than the model's own."""
    if name not in SWITCHES:
        assumption = model.assumptions[name]
        return assumption.low, assumption.high
    switch = SWITCHES[name]
    if switch.levels is None:
        levels: tuple[Setting, ...] = (switch.low, switch.high)
    else:
        levels = switch.levels or ("", *model.region_names)
    return tuple(level for level in levels if level != point(model, name))


def quantile(model: SpheresModel, name: str, u: npt.ArrayLike) -> FloatArray:
    """Quantiles of a number over its range, by its law."""
    a = model.assumptions[name]
    level = np.asarray(u, dtype=np.float64)
    if a.law == "log-uniform":
        return np.asarray(a.low * (a.high / a.low) ** level)
    return np.asarray(a.low + (a.high - a.low) * level)


def one_at_a_time(model: SpheresModel, rows: Sequence[tuple[str, Setting]]) -> Draws:
    """Draws with the model's own values first, then one row for each (name, setting) with that one changed."""
    columns: dict[str, npt.NDArray[Any]] = {}
    for name in dict.fromkeys(name for name, _ in rows):
        own = point(model, name)
        values = [own, *(setting if n == name else own for n, setting in rows)]
        columns[name] = np.array(values, dtype=np.str_ if isinstance(own, str) else np.float64)
    return Draws(columns, dict.fromkeys(columns, "one at a time"), "one number at a time over its range")


def fixed(model: SpheresModel, columns: Mapping[str, npt.ArrayLike], how: str) -> Draws:
    """Draws from columns of numbers; what they leave out keeps the model's own values."""
    table = {name: np.array(values, dtype=np.float64) for name, values in columns.items()}
    return Draws(table, dict.fromkeys(table, how), how)
