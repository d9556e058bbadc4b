"""The ways in which a deal breaks: ranked, complete, and the same as rows and as a table."""

from __future__ import annotations

import pytest

from games import load
from solvers import compare


@pytest.fixture(scope="module")
def results():
    model = load("us-china-russia-2025")
    return {name: compare.concert(model, name) for name in ("status quo", "Ukraine to Russia")}


def test_ways_it_breaks_are_ranked(results):
    rank = {"breaks now": 0, "may break": 1, "deterred": 2}
    for r in results.values():
        table = r.ways_it_breaks
        keys = [(rank[s], m) for s, m in zip(table["status"], table["margin"])]
        assert keys == sorted(keys)
        assert table.index.tolist() == list(range(1, len(table) + 1))
        for power in r.players:
            cheats = ((table["way"] == "cheats alone") & (table["deviator"] == power)).any()
            assert cheats == (r.deviation.loc[power, "gain"] > 1e-7)


def test_rows_and_table_say_the_same(results):
    for r in results.values():
        table = r.ways_it_breaks
        assert [tuple(row) for row in table.itertuples(index=False)] == [tuple(way) for way in r.ways]
        assert list(table.columns) == list(compare.Way._fields)
