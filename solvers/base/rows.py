"""Rows of a table as typed tuples, so that what reads them names fields and not strings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from games.errors import GameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BY_PLAYER", "typed"]

Row = TypeVar("Row", bound=NamedTuple)

BY_PLAYER = "by_player"
"""The field that holds the columns named after the players alone."""


def typed(frame: pd.DataFrame, kind: type[Row], players: Sequence[str] = ()) -> tuple[Row, ...]:
    """The rows of a table as tuples of a kind: fields are columns, with underscores for spaces and hyphens.

    The field that has the name of the index takes its labels. A column `5 %` is the field `percentile_5`. With `players`, a
    field may stand for one column a player: `gain` holds the tuple of the columns `A gain`, `B gain`, and `by_player` that
    of the columns `A`, `B`. Columns without a field are left out; GameError for a field without a column.

    >>> import pandas as pd
    >>> Gain = NamedTuple("Gain", [("power", str), ("own_gain", float)])
    >>> frame = pd.DataFrame({"own gain": [1.5]}, index=pd.Index(["A"], name="power"))
    >>> typed(frame, Gain)
    (Gain(power='A', own_gain=1.5),)
    >>> Case = NamedTuple("Case", [("map", str), ("premium", tuple[float, ...])])
    >>> frame = pd.DataFrame({"map": ["now"], "A premium": [1.5], "B premium": [-0.5]})
    >>> typed(frame, Case, players=["A", "B"])
    (Case(map='now', premium=(1.5, -0.5)),)
    """
    columns: dict[str, list[Any]] = {_field(str(name)): column.tolist() for name, column in frame.items()}
    columns.setdefault(str(frame.index.name), frame.index.tolist())
    for field in kind._fields:
        own = [_field(player if field == BY_PLAYER else f"{player} {field}") for player in players]
        if own and field not in columns and all(name in columns for name in own):
            columns[field] = list(zip(*(columns[name] for name in own)))
    missing = [field for field in kind._fields if field not in columns]
    if missing:
        raise GameError(f"the table has no column for {missing[0]!r}{did_you_mean(missing[0], columns)}")
    return tuple(kind(*values) for values in zip(*(columns[field] for field in kind._fields)))


def _field(column: str) -> str:
    return re.sub(r"[ -]", "_", re.sub(r"(\d+) %", r"percentile_\1", column))
