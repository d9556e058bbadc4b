from __future__ import annotations

import pytest

from games.errors import MethodError
from reports import side_by_side
from solvers import compare


def test_numbers_are_those_of_the_comparisons(comparison):
    table = side_by_side.table([comparison, comparison])
    assert len(table.rows) == 2 * len(comparison.players)
    frame = comparison.to_frame()
    for power, name, _, critical, own, slack in table.rows:
        assert name in ("us-china-russia-2025 (1)", "us-china-russia-2025 (2)")
        assert critical == frame.loc[power, "critical discount"]
        assert own == frame.loc[power, "own discount"]
        assert slack == frame.loc[power, "slack"]


def test_none_is_refused():
    with pytest.raises(MethodError):
        side_by_side.table([])


def test_what_differs_and_what_flips_is_said(comparison):
    other = compare.concert(
        comparison.model.vary({"half_distance": 3000, "claims": "part"}), map=comparison.map
    )
    made = side_by_side.report([comparison, other], None, ["one", "two"])
    words = " ".join(made.verdict)
    assert "2 inputs differ; in words and holders: claims" in words
    flips = side_by_side.what_changes([comparison, other], ["one", "two"])
    holds = {r.standing.could_hold for r in (comparison, other)}
    assert ("could hold it" in " ".join(flips)) == (len(holds) == 2)
    outcomes = side_by_side.outcomes([comparison, other], ["one", "two"])
    assert [row[0] for row in outcomes.rows] == ["one", "two"]
    for row, result in zip(outcomes.rows, (comparison, other)):
        for power, low in zip(result.players, result.standing.premium.min(axis=0)):
            assert (power in str(row[2])) == (low > 0)
    figure = side_by_side.figure([comparison, other], ["one", "two"])
    assert [panel.labels for panel in figure.panels] == [("one", "two")] * len(comparison.players)
    (sentence,) = side_by_side.moves([comparison, other], ["one", "two"])
    shares = {
        power: abs(comparison.premium["share high"][power] - other.premium["share high"][power])
        for power in comparison.players
    }
    assert max(shares, key=lambda power: shares[power]) in sentence


def test_equal_cases_do_not_differ(comparison):
    made = side_by_side.report([comparison, comparison], None, ["one", "two"])
    assert made.verdict[0].startswith("Nothing changes")
    assert made.verdict[-1] == "No input differs."
    assert side_by_side.moves([comparison, comparison]) == ()
