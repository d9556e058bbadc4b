"""Tables: from result to data, and how a cell is written."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from reports.document import Cell, Column, Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "COMMON_UNIT",
    "ZERO",
    "exact",
    "from_frame",
    "heading",
    "interval",
    "is_number",
    "plain_cell",
    "text",
]

COMMON_UNIT = (
    "† Comparing or adding these numbers across powers assumes a common unit of value; each power's own figures do not "
    "depend on it."
)
"""What the dagger in a heading means. Writers print it once, at the end."""

ZERO = 1e-12
"""Smaller numbers are rounding errors of a difference that is zero."""

_NUMBERS = ("number", "signed", "percent", "discount")


def text(cell: Cell, column: Column) -> str:
    """A cell as it is written in every format.

    >>> text(-0.126, Column("premium", "signed"))
    '−0.13'
    >>> text((0.25, 0.5), Column("critical discount", "discount"))
    '0.25 to 0.50'
    >>> text(float("inf"), Column("critical discount", "discount"))
    'none'
    >>> text(None, Column("anything"))
    '–'
    """
    if cell is None:
        return "–"
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, tuple):
        low, high = (_number(value, column) for value in cell)
        if low == high:
            return low
        return f"{low} to {high}"
    if isinstance(cell, str):
        return cell
    return _number(cell, column)


def exact(cell: Cell) -> str:
    """A value as it would be typed into a scenario.

    >>> exact(0.1), exact("China"), exact(None), exact(3000.0)
    ('0.1', 'China', 'none', '3000')
    """
    if cell is None:
        return "none"
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, tuple):
        return f"{exact(cell[0])} to {exact(cell[1])}"
    return cell if isinstance(cell, str) else f"{cell:.12g}"


def heading(column: Column) -> str:
    """A column's heading with its unit, and the dagger that marks a common unit."""
    unit = f",\u00a0{column.unit}" if column.unit else ""
    return column.name + unit + ("\u00a0†" if column.common_unit else "")


def is_number(column: Column) -> bool:
    """True for columns that are set to the right."""
    return column.kind in _NUMBERS


def from_frame(frame: pd.DataFrame, caption: str, digits: int = 3) -> Table:
    """Any DataFrame as a table: its index first, numbers with `digits` after the point."""
    import pandas as pd

    index = frame.index
    names = [str(name) if name is not None else "" for name in index.names]
    columns = [Column(name) for name in names]
    # What is rounding depends on the size of the numbers beside it.
    sizes = [float(frame[name].abs().max()) for name in frame if pd.api.types.is_float_dtype(frame[name])]
    zero = ZERO * min(1.0, max((size for size in sizes if 0.0 < size < math.inf), default=1.0))
    for name in frame.columns:
        column = frame[name]
        if pd.api.types.is_bool_dtype(column) or not pd.api.types.is_numeric_dtype(column):
            columns.append(Column(str(name)))
        elif pd.api.types.is_integer_dtype(column):
            columns.append(Column(str(name), "number", 0))
        else:
            columns.append(Column(str(name), "number", digits, zero=zero))
    rows = []
    for key, values in zip(index, frame.itertuples(index=False, name=None)):
        keys = key if isinstance(key, tuple) else (key,)
        rows.append((*(str(k) for k in keys), *(plain_cell(v) for v in values)))
    return Table(caption, tuple(columns), tuple(rows))


def plain_cell(value: Any) -> Cell:
    """A value of pandas or NumPy as a plain Python one; NaN and missing become None."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, tuple):
        low, high = (float(v) for v in value)
        return None if math.isnan(low) or math.isnan(high) else (low, high)
    if type(value).__name__ in ("NAType", "NaTType"):
        return None
    if hasattr(value, "item"):
        value = value.item()
    if isinstance(value, float) and math.isnan(value):
        return None
    return value if isinstance(value, (bool, int, float)) else str(value)


def _number(value: float, column: Column) -> str:
    if math.isinf(value):
        if column.kind == "discount":
            return "none" if value > 0 else "0"
        return "∞" if value > 0 else "−∞"
    if column.kind == "text":
        written = f"{value:g}"
        return "−" + written[1:] if written.startswith("-") else written
    if abs(value) < column.zero:
        value = 0.0
    scaled = value * 100 if column.kind == "percent" else value
    digits = column.digits
    if value and (abs(value) >= 1e9 or abs(value) < 1e-4):
        written = f"{scaled:.1e}"
    elif value and abs(scaled) <= 0.5 * 10.0**-digits:
        # What is not nothing is not shown as nothing.
        written = f"{scaled:.{1 - math.floor(math.log10(abs(scaled)))}f}"
    else:
        written = f"{scaled:,.{digits}f}"
    if column.kind == "signed" and scaled > 0:
        written = f"+{written}"
    if written.startswith("-"):
        written = "−" + written[1:]
    return written + ("%" if column.kind == "percent" else "")


def interval(low: Any, high: Any) -> Cell:
    """The cell from low to high; one number where they are the same, nothing where either is missing.

    >>> interval(1.0, 2.0), interval(1.0, 1.0), interval(1.0, float("nan"))
    ((1.0, 2.0), 1.0, None)
    """
    if low is None or high is None:
        return None
    a, b = float(low), float(high)
    if math.isnan(a) or math.isnan(b):
        return None
    return a if a == b else (a, b)
