"""Titles and labels that files bring along: what steers a terminal is refused on reading."""

from __future__ import annotations

from collections.abc import Iterable

from games.errors import FormatError

__all__ = ["refuse_control_characters"]


def refuse_control_characters(name: str, places: Iterable[tuple[str, str]]) -> None:
    """Raise FormatError for a text with a control character other than a tab or a line's end.

    `places` are pairs of what a text is and the text; `name` is the file's.

    >>> refuse_control_characters("a.nfg", [("title", "Chicken")])
    """
    for what, text in places:
        for character in text:
            code = ord(character)
            if (code < 32 and character not in "\t\n\r") or 127 <= code < 160:
                raise FormatError(
                    f"{name}: the {what} {text!r} holds the control character {character!r}; remove it"
                )
