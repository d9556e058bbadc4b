"""Which fonts have the letters of a text: DejaVu Sans, which comes with matplotlib, and what else the machine has."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["covers", "families", "folder", "missing"]


def folder() -> Path:
    """The folder of the fonts that come with matplotlib, DejaVu Sans among them."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def covers(words: str) -> bool:
    """True if DejaVu Sans has every letter of the words.

    >>> covers("Россия"), covers("中国")
    (True, False)
    """
    return not _rest(words)


def families(words: str) -> tuple[str, ...]:
    """Families of fonts on this machine that have the letters which DejaVu Sans lacks; as few as are needed."""
    return _search(frozenset(_rest(words)))[0]


def missing(words: str) -> str:
    """The letters that no font of this machine has, in the order of their codes."""
    return _search(frozenset(_rest(words)))[1]


def _rest(words: str) -> set[str]:
    own = _letters(str(folder() / "DejaVuSans.ttf"))
    return {letter for letter in words if ord(letter) > 127 and ord(letter) not in own}


@cache
def _letters(file: str) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(file).get_charmap())


@cache
def _search(letters: frozenset[str]) -> tuple[tuple[str, ...], str]:
    """Families that have some of the letters, and the letters that none has."""
    if not letters:
        return (), ""
    from matplotlib.font_manager import fontManager

    rest = set(letters)
    found: list[str] = []
    for entry in sorted(
        fontManager.ttflist, key=lambda entry: (entry.style != "normal", entry.name, entry.fname)
    ):
        if not rest:
            break
        if entry.name in found or entry.name == "Last Resort" or "LastResort" in entry.fname:
            continue
        try:
            have = {letter for letter in rest if ord(letter) in _letters(entry.fname)}
        except (OSError, RuntimeError):
            continue
        if have:
            found.append(entry.name)
            rest -= have
    return tuple(found), "".join(sorted(rest))
