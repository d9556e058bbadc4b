"""The typed rows of the table of divisions."""

from __future__ import annotations

from games import load
from solvers import partitions
from solvers.base.rows import typed
from solvers.partitions.rows import DivisionRow


def test_a_row_of_the_table_says_what_its_division_says():
    found = partitions.evaluate(load("us-china-russia-2025"), regions=["Ukraine", "Taiwan"])
    frame = found.to_frame(top=None)
    rows = typed(frame, DivisionRow, found.model.players)
    assert len(rows) == len(found)
    for number, row in zip(frame.index, rows):
        assert row.changes == found.describe(number)
        assert row.premium_low == tuple(found.premium_low[number])
        assert row.premium_high == tuple(found.premium_high[number])
        assert (row.person_burden_low, row.person_burden_high) == tuple(found.burden[number])
        assert row.holds == found.holds[number]
