"""What Gambit's text files share: their tokens, quoted labels, and numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import NoReturn

from games.codecs.numbers import NUMBERS_WANTED, parse
from games.errors import FormatError

__all__ = ["Reader", "distinct", "quoted", "unquoted"]

_TOKEN = re.compile(
    r'\s+|(?P<brace>[{}])|(?P<comma>,)|"(?P<text>(?:[^"\\]|\\.)*)"|(?P<open>")|(?P<word>[^\s{},"]+)',
    re.DOTALL,
)


class Reader:
    """A walk through the tokens of a file, with messages that name the file and the line."""

    def __init__(self, text: str, name: str) -> None:
        self.name = name
        self.tokens = self.scan(text)
        self.kind, self.value, self.line = "", "", 1
        self.next()

    def scan(self, text: str) -> Iterator[tuple[str, str, int]]:
        line, place = 1, 0
        while place < len(text):
            found = _TOKEN.match(text, place)
            if found is None or found.lastgroup == "open":
                self.line = line
                self.fail("a text that begins with a quotation mark does not end; close it with another")
            if found.lastgroup is not None:
                yield found.lastgroup, found[found.lastgroup], line
            line += found[0].count("\n")
            place = found.end()
        while True:
            yield "end", "the end of the file", line

    def next(self) -> None:
        self.kind, self.value, self.line = next(self.tokens)

    def fail(self, what: str) -> NoReturn:
        raise FormatError(f"{self.name}, line {self.line}: {what}")

    def wanted(self, what: str) -> NoReturn:
        shown = f'"{self.value}"' if self.kind == "text" else self.value
        self.fail(f"found {shown[:60]} where {what} should stand")

    def take(self, kind: str, what: str, value: str | None = None) -> str:
        if self.kind != kind or (value is not None and self.value != value):
            self.wanted(what)
        taken = self.value
        self.next()
        return taken

    def head(self, first: str, version: str) -> tuple[str, list[str]]:
        """Title and players, with which both kinds of files begin; `first` begins with the word that tells them apart."""
        self.take("word", first, first[:3])
        self.take("word", f"the version, {version},", version)
        if self.value not in ("R", "D"):
            self.wanted("R (the data type)")
        self.next()
        title = unquoted(self.take("text", "the title in quotation marks"))
        self.take("brace", "{ before the players' names", "{")
        players = distinct(self.texts())
        self.take("brace", "} after the players' names (names stand in quotation marks)", "}")
        if not players:
            self.fail("the file names no player; write their names in quotation marks between { and }")
        return title, players

    def number(self, what: str) -> Fraction:
        value = parse(self.value) if self.kind == "word" else None
        if value is None:
            self.wanted(f"{what} ({NUMBERS_WANTED})")
        self.next()
        return value

    def count(self, what: str) -> int:
        value = self.number(what)
        if value.denominator != 1 or value < 0:
            self.fail(f"{what} is {value}; it must be a whole number, not negative")
        return int(value)

    def texts(self) -> list[str]:
        out = []
        while self.kind == "text":
            out.append(unquoted(self.value))
            self.next()
        return out


def quoted(label: str) -> str:
    # Gambit reads a lone backslash as itself; it is doubled only where the next character would be taken for escaped.
    label = re.sub(r'\\(?=[\\"]|\Z)', r"\\\\", label)
    return '"' + label.replace('"', '\\"') + '"'


def unquoted(text: str) -> str:
    return re.sub(r'\\([\\"])', r"\1", text)


def distinct(labels: Sequence[str]) -> list[str]:
    count = Counter(labels)
    used = set(labels)
    given: Counter[str] = Counter()
    out = []
    for label in labels:
        new = label
        if count[label] > 1 or not label.strip():
            while new in used or not new.strip():
                given[label] += 1
                new = f"{label}_{given[label]}"
            used.add(new)
        out.append(new)
    return out
