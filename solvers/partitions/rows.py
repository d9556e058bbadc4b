"""Rows of the table of divisions as typed tuples, for `solvers.base.rows.typed`. Tuples hold one value a power."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["DivisionRow"]


class DivisionRow(NamedTuple):
    """A row of `Partitions.to_frame` and `named`: premiums in points, autonomy lost in million people."""

    changes: str
    acceptable: bool
    holds: bool
    blocked_by: str
    premium_low: tuple[float, ...]
    premium_high: tuple[float, ...]
    critical_discount: float
    person_burden_low: float
    person_burden_high: float
