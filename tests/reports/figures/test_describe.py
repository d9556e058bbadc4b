"""Panels in words: minus signs before numbers, and hyphens within names."""

from __future__ import annotations

import pytest

from reports.document import Mark, RowsPanel, WaterfallPanel
from reports.figures.describe import describe, minus


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Lombardy-Venetia: -0.5", "Lombardy-Venetia: −0.5"),
        (
            "all-out: -9.41; kalai-smorodinsky at -1.03, -1.42",
            "all-out: −9.41; kalai-smorodinsky at −1.03, −1.42",
        ),
        ("1945-46: 3", "1945-46: 3"),
        ("(-2)", "(−2)"),
        ("a - b", "a - b"),
    ],
)
def test_only_minus_signs_are_minus_signs(text, expected):
    assert minus(text) == expected


def test_panels_keep_the_hyphens_of_names():
    rows = RowsPanel("", ("Lombardy-Venetia",), ((Mark("concert", -0.12),),), unit="points")
    assert describe(rows) == "Lombardy-Venetia: deal −0.12 (points)."
    falls = WaterfallPanel("", ("all-out", -2.0), (("Bosnia-Herzegovina", -0.5),), ("deal", -2.5), "points")
    assert describe(falls) == "all-out −2.00; Bosnia-Herzegovina −0.50; deal −2.50 (points)."
