"""Titles and labels that files bring along: what steers a terminal is refused on reading."""

from __future__ import annotations

from collections.abc import Iterable

from games.errors import FormatError

__all__ = ["refuse_control_characters"]


# What turns the text after it round; halves of characters, which cannot be written; the mark that begins a file, which is lost on
# reading; and what is no character at all.
_UNSEEN = frozenset(
    {*range(0x202A, 0x202F), *range(0x2066, 0x206A), *range(0xD800, 0xE000), 0xFEFF, 0xFFFE, 0xFFFF}
)


def refuse_control_characters(name: str, places: Iterable[tuple[str, str]]) -> None:
    """Raise FormatError for a text with a control character other than a tab or a line's end, or half a character.

    `places` are pairs of what a text is and the text; `name` is the file's.

    >>> refuse_control_characters("a.nfg", [("title", "Chicken")])
    """
    for what, text in places:
        for character in text:
            code = ord(character)
            if (code < 32 and character not in "\t\n\r") or 127 <= code < 160 or code in _UNSEEN:
                raise FormatError(
                    f"{name}: the {what} {text!r} holds the control character {character!r}; remove it"
                )
