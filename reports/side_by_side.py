"""Two or more comparisons in one table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from games.errors import MethodError
from reports.document import Cell, Column, Table
from reports.tables import COMMON_UNIT, interval, plain_cell

if TYPE_CHECKING:
    from solvers.compare import Comparison

__all__ = ["table"]


def table(results: Sequence[Comparison]) -> Table:
    """Each power's premium, critical discount, own discount and slack, scenario beside scenario.

    Powers are matched by name; one that a scenario lacks has a dash there. Raises MethodError for no result at all.
    """
    if not results:
        raise MethodError("a table side by side needs at least one comparison")
    names = _names(results)
    powers = list(dict.fromkeys(power for result in results for power in result.players))
    frames = [result.to_frame() for result in results]
    rows: list[tuple[Cell, ...]] = []
    for power in powers:
        for name, frame in zip(names, frames):
            if power not in frame.index:
                rows.append((power, name, None, None, None, None))
                continue
            row = frame.loc[power]
            rows.append(
                (
                    power,
                    name,
                    interval(row["premium low"], row["premium high"]),
                    plain_cell(row["critical discount"]),
                    plain_cell(row["own discount"]),
                    plain_cell(row["slack"]),
                )
            )
    return Table(
        "Side by side",
        (
            Column("power"),
            Column("scenario"),
            Column("premium", "signed", common_unit=True),
            Column("critical discount", "discount", 3),
            Column("own discount", "discount", 3),
            Column("slack", "signed", common_unit=True),
        ),
        tuple(rows),
        (COMMON_UNIT,),
    )


def _names(results: Sequence[Comparison]) -> list[str]:
    """Scenario names, numbered where two are the same."""
    names = [result.model.name for result in results]
    return [f"{name} ({n})" if names.count(name) > 1 else name for n, name in enumerate(names, start=1)]
