from __future__ import annotations

import pytest

from games.errors import MethodError
from reports import side_by_side


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
