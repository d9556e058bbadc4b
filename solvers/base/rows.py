"""Rows of a table as typed tuples, so that what reads them names fields and not strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from games.errors import GameError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["typed"]

Row = TypeVar("Row", bound=NamedTuple)


def typed(frame: pd.DataFrame, kind: type[Row]) -> tuple[Row, ...]:
    """The rows of a table as tuples of a kind: fields are columns, with underscores for spaces and hyphens.

    The field that has the name of the index takes its labels. Columns without a field are left out; GameError for a field
    without a column.

    >>> import pandas as pd
    >>> Gain = NamedTuple("Gain", [("power", str), ("own_gain", float)])
    >>> frame = pd.DataFrame({"own gain": [1.5]}, index=pd.Index(["A"], name="power"))
    >>> typed(frame, Gain)
    (Gain(power='A', own_gain=1.5),)
    """
    columns: dict[str, list[Any]] = {
        re.sub(r"[ -]", "_", str(name)): column.tolist() for name, column in frame.items()
    }
    columns.setdefault(str(frame.index.name), frame.index.tolist())
    missing = [field for field in kind._fields if field not in columns]
    if missing:
        raise GameError(f"the table has no column for {missing[0]!r}{did_you_mean(missing[0], columns)}")
    return tuple(kind(*values) for values in zip(*(columns[field] for field in kind._fields)))
