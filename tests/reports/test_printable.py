from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.printable import printable


@pytest.mark.parametrize(
    "letter", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9b", "\u2028", "\u202e", "\u2066", "\ud800"]
)
def test_what_steers_is_written_out(letter):
    shown = printable(f"a{letter}b")
    assert letter not in shown
    assert eval(f"'{shown}'") == f"a{letter}b"


@settings(deadline=None)
@given(st.text(st.characters(categories=["L", "N", "P", "S", "Zs"])))
def test_words_stay_as_they_are(words):
    assert printable(words) == words
