"""Words made safe for any writer: what would steer a terminal or spoil a page is shown as an escape."""

from __future__ import annotations

import re

__all__ = ["printable"]

# Control characters but line break and tab; marks that turn the direction of writing; halves of surrogate pairs; the two
# non-characters that XML forbids.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def printable(words: str) -> str:
    r"""The words with control characters written out, as Python would write them.

    >>> printable("a\x1b[31mb")
    'a\\x1b[31mb'
    >>> printable("two\nlines")
    'two\nlines'
    """
    return _UNPRINTABLE.sub(_escaped, words)


def _escaped(match: re.Match[str]) -> str:
    code = ord(match[0])
    return f"\\x{code:02x}" if code < 256 else f"\\u{code:04x}"
