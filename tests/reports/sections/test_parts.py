from __future__ import annotations

import math

import pytest

from reports.document import Mark
from reports.sections import parts


@pytest.mark.parametrize(
    ("low", "high", "mark"),
    [
        (1.0, 2.0, Mark("competition", 1.0, 2.0)),
        (1.0, 1.0 + 1e-12, Mark("competition", 1.0)),
        (-1e-15, 1e-15, Mark("competition", -1e-15)),
        (0.3, math.inf, Mark("competition", 0.3, math.inf)),
        (math.inf, math.inf, Mark("competition", math.inf)),
    ],
)
def test_marks_are_points_only_where_low_and_high_agree(low, high, mark):
    assert parts.mark("competition", low, high) == mark


def test_sentences_begin_large_and_end():
    assert parts.sentences(["one thing", "Two"]) == "One thing. Two."
    assert parts.sentences([]) == ""


def test_the_reference_is_named_with_what_each_power_plays(comparison):
    words = parts.reference(comparison)
    assert words.startswith("“competition 1” (")
    for power in comparison.players:
        assert f"{power}: " in words
