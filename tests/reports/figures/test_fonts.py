from __future__ import annotations

from reports.figures import fonts


def test_what_comes_with_matplotlib_needs_no_search():
    assert fonts.covers("United States, Россия, Ελλάδα − † ● ◆ ★ → ∞")
    assert fonts.families("Россия") == ()
    assert fonts.missing("Россия") == ""


def test_letters_are_found_in_some_font_or_named_as_missing():
    words = "中国 Россия"
    assert not fonts.covers(words)
    missing = fonts.missing(words)
    assert set(missing) <= set("中国")
    if missing != "中国":
        assert fonts.families(words)


def test_a_letter_that_no_font_has_is_missing():
    # A private letter, which no font should have.
    assert fonts.missing("a\U0010fffd") == "\U0010fffd"
