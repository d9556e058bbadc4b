"""The typed rows of a comparison are the rows of its tables."""

from __future__ import annotations

import pytest

from games import load
from solvers import compare
from solvers.base.rows import typed
from solvers.compare.rows import CaseRow, ObservedRow, RegionRow, SlackRow


@pytest.fixture(scope="module")
def result():
    return compare.concert(load("us-china-russia-2025"), map="Ukraine to Russia")


@pytest.mark.parametrize("table", ["maps", "by_index", "variants"])
def test_cases_have_a_premium_for_every_power(result, table):
    frame = getattr(result, table)
    rows = typed(frame, CaseRow, result.players)
    assert [row.holds_nash for row in rows] == frame["holds nash"].tolist()
    assert [row.premium_low[2] for row in rows] == frame["Russia premium low"].tolist()
    assert [row.premium_high[1] for row in rows] == frame["China premium high"].tolist()


def test_observed_stances_are_named_by_their_row(result):
    rows = typed(result.against_observed, ObservedRow, result.players)
    assert [row.observed for row in rows] == list(result.model.observed)
    assert [row.regret[0] for row in rows] == result.against_observed["United States regret"].tolist()


def test_regions_bring_something_to_every_power(result):
    for frame in result.regions:
        rows = typed(frame, RegionRow, result.players)
        assert [row.region for row in rows] == list(result.model.region_names)
        assert [row.by_player for row in rows] == [tuple(x) for x in frame[list(result.players)].to_numpy()]


def test_slacks_are_those_of_the_table(result):
    rows = typed(result.slack, SlackRow)
    assert [row.power for row in rows] == list(result.players)
    assert [row.minmax for row in rows] == result.slack["minmax"].tolist()
