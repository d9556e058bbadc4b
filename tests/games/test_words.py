"""Names as they stand in sentences."""

from __future__ import annotations

import pytest

from games.words import listed, the


@pytest.mark.parametrize(
    ("names", "words"), [(["A"], "A"), (["A", "B"], "A and B"), (["A", "B", "C", "D"], "A, B, C and D")]
)
def test_lists(names, words):
    assert listed(names) == words


def test_articles():
    assert the("United Kingdom") == "the United Kingdom"
    assert the("Russia") == "Russia"
    assert the("Unitedland") == "Unitedland"
