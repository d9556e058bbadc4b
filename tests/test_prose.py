"""The prose that people read: plain English and short sentences in messages, docstrings, documents and data."""

from __future__ import annotations

import ast
import gc
import json
import re
import tomllib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[1]
CODE = ("games", "solvers", "reports")
MOST_WORDS = 30

# What nobody should have to read, and what is written instead.
_NAMES = "United States|United Kingdom|Soviet Union|Baltics|Philippines|Netherlands"
_BEFORE = "contests?|accommodates?|in|of|by|for|to|from|with|and|or|against"
_FINE = "longer|more|less|better|worse|other|one|doubt|larger|smaller|higher|lower|further|way"
_OLD = (
    "whence|thence|hitherto|thereof|whereof|wherein|thereby|whereby|lest|whilst|amongst|upon|anew|afresh|aught|shall|"
    "albeit|heretofore|henceforth|forthwith|betwixt|therein|thereupon|whereupon|oneself|wherefore"
)
FORBIDDEN = {
    r"\bfor ever\b": "forever",
    r"\bnoughts?\b|\bnil\b": "zero",
    r"\bdear(er|est|ly)?\b": "expensive, slow",
    r"\bbest (reply|replies)\b": "best response",
    rf"(?<!there )\b(is|are|was|were|be) no (?!{_FINE}\b)": "is not a ..., has no ...",
    r"\bworked out\b": "computed",
    r"\blooked at\b": "examined",
    r"\bone and the same\b": "the same",
    r"\bbut for\b": "except",
    r"\bby turns\b": "alternately",
    r"\bin shares of\b": "as a share of",
    rf"\b({_OLD})\b": "a modern word",
    r"\bmenage a trois\b": "ménage à trois",
    rf"\b({_BEFORE}) ({_NAMES})\b": "the article",
    r"\bUnited States's\b": "the United States'",
    r"(?<![\d.,/-])\b1 (others|regions|powers|draws|players|equilibria|profiles|games|states|numbers|years)\b": "the singular",
    r"\bnothing that\b": "no ... that",
}

# Formulas in which a pattern means something else.
ALLOWED = ("2**n - 1 equilibria", "2**k - 1 equilibria")


class Text(NamedTuple):
    """Some words and where they stand."""

    place: str
    words: str


def flat(node: ast.expr) -> str:
    """A string, or an f-string with a word for each value in it."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(part.value if isinstance(part, ast.Constant) else "N" for part in node.values)


@cache
def parsed(path: Path) -> ast.Module:
    # CPython 3.11 may miscount its depth where garbage is collected while it builds a tree, and then refuses the tree.
    gc.disable()
    try:
        return ast.parse(path.read_text(encoding="utf-8"))
    finally:
        gc.enable()


def strings(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Strings of three words and more in a file of code: messages, notes, headings. Docstrings are separate."""
    nodes: list[ast.AST] = [parsed(path)]
    for node in nodes:
        if isinstance(node, ast.JoinedStr):
            nodes.extend(part for value in node.values for part in ast.iter_child_nodes(value))
        elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
            nodes.extend(ast.iter_child_nodes(node))
        if isinstance(node, ast.JoinedStr) or (
            isinstance(node, ast.Constant) and isinstance(node.value, str)
        ):
            words = flat(node)
            if len(re.findall(r"[A-Za-z]+ ", words)) >= 2 and not re.search(r"<\w+[ >]|^\s*#", words):
                yield Text(f"{path.relative_to(root)}:{node.lineno}", words)


def docstrings(path: Path, root: Path = ROOT) -> Iterator[Text]:
    """Docstrings of the module and of what is public in it, as prose: without examples, lists and indented blocks."""
    place = str(path.relative_to(root))

    def walk(node: ast.AST, name: str, public: bool) -> Iterator[Text]:
        if public and isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            words = ast.get_docstring(node)
            if words:
                yield from (Text(f"{place} {name}", part) for part in paragraphs(words))
        for child in getattr(node, "body", []):
            if isinstance(child, (ast.ClassDef, ast.FunctionDef)) and not isinstance(node, ast.FunctionDef):
                yield from walk(child, f"{name}.{child.name}", public and not child.name.startswith("_"))

    yield from walk(parsed(path), "", True)


def paragraphs(words: str) -> Iterator[str]:
    """The paragraphs of a text in Markdown or of a docstring that are prose."""
    words = re.sub(r"^```.*?^```", "", words, flags=re.M | re.S)
    words = re.sub(r"^(>>>.*?)(?=\n\s*\n|\Z)", "", words, flags=re.M | re.S)
    for part in re.split(r"\n\s*\n|\n(?=\s*[-*] |\s*\d+\. )", words):
        lines = part.splitlines()
        if lines and not re.match(r"\s*(#|\||!\[|\$\$|<|:::|---|\[\w)|    ", lines[0] or lines[-1]):
            yield " ".join(" ".join(lines).split())


def sentences(words: str, ends: str = ".!?") -> Iterator[str]:
    """The sentences of a paragraph, without asides in brackets; code and formulas count as one word."""
    words = re.sub(r"\$[^$]*\$|`+[^`]*`+", "X", words)
    words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", words)
    words = re.sub(r"\([^()]*\)", "", words)
    words = re.sub(r"\b(e\.g|i\.e|cf|pp|p|vs|al|ed|No|St)\.", r"\1", words)
    yield from (s for s in re.split(rf"(?<=[{ends}])\s+", words) if s)


def length(sentence: str) -> int:
    return len(re.findall(r"[^\W\d_][\w’'-]*|\d[\d.,]*", sentence))


def pages() -> list[Path]:
    return [
        *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
        *sorted(p for p in (ROOT / "docs").rglob("*.md") if "_build" not in p.parts),
    ]


def code() -> list[Path]:
    return sorted(p for package in CODE for p in (ROOT / package).rglob("*.py"))


def documents() -> Iterator[Text]:
    for page in pages():
        for part in paragraphs(page.read_text(encoding="utf-8")):
            yield Text(str(page.relative_to(ROOT)), part)
    for book in sorted((ROOT / "notebooks").glob("*.ipynb")):
        for k, cell in enumerate(json.loads(book.read_text(encoding="utf-8"))["cells"]):
            if cell["cell_type"] == "markdown":
                for part in paragraphs("".join(cell["source"])):
                    yield Text(f"{book.name}, cell {k}", part)


def data() -> Iterator[Text]:
    """Texts of shipped TOML files: titles, descriptions, reasons."""

    def walk(value: object, place: str) -> Iterator[Text]:
        if isinstance(value, dict):
            for key, below in value.items():
                yield from walk(below, f"{place} {key}")
        elif isinstance(value, list):
            for below in value:
                yield from walk(below, place)
        elif isinstance(value, str) and len(value.split()) > 3:
            yield Text(place, value)

    for package in CODE:
        for path in sorted((ROOT / package).rglob("*.toml")):
            yield from walk(tomllib.loads(path.read_text(encoding="utf-8")), str(path.relative_to(ROOT)))


BY_KIND = {
    "messages": cache(lambda: [t for p in code() for t in strings(p)]),
    "docstrings": cache(lambda: [t for p in code() for t in docstrings(p)]),
    "documents": cache(lambda: list(documents())),
    "data": cache(lambda: list(data())),
}


def faults(texts: Iterable[Text]) -> list[str]:
    """What is written that should not be, with the place and what to write instead."""
    out = []
    for place, words in texts:
        for pattern, instead in FORBIDDEN.items():
            found = re.search(pattern, words, 0 if _NAMES in pattern else re.I)
            if found and not any(a in words for a in ALLOWED):
                out.append(f"{place}: '{found[0]}' (write: {instead}) in '{words[:80]}'")
    return out


# Docstrings that are help texts of the command line, laid out in columns.
LAID_OUT = ("reports/commands/_app.py .start", "reports/commands/_report.py .report")


def long_ones(texts: Iterable[Text], ends: str = ".!?") -> list[str]:
    """Sentences of more than thirty words; what stands in brackets or in code does not count."""
    return [
        f"{place}: {length(s)} words: {s}"
        for place, words in texts
        for s in sentences(words, ends)
        if length(s) > MOST_WORDS and place not in LAID_OUT
    ]


@pytest.mark.parametrize("kind", BY_KIND)
def test_words_that_nobody_should_have_to_read_are_not_written(kind):
    assert not (found := faults(BY_KIND[kind]())), "\n".join(found)


@pytest.mark.parametrize("kind", BY_KIND)
def test_sentences_are_short(kind):
    """In docstrings a semicolon or a colon ends a sentence: they define symbols in lists."""
    found = long_ones(BY_KIND[kind](), ".!?:;" if kind == "docstrings" else ".!?")
    assert not found, "\n".join(found)


def test_enough_is_read():
    counts = {kind: len(texts()) for kind, texts in BY_KIND.items()}
    assert counts["messages"] > 2000
    assert counts["docstrings"] > 1500
    assert counts["documents"] > 300
    assert counts["data"] > 100


@pytest.mark.parametrize(
    "words",
    [
        "contest United States",
        "it is no power here",
        "They last for ever.",
        "1 regions",
        "the least is nil",
        "exact but for rounding",
        "India and 1 others",
    ],
)
def test_a_forbidden_turn_of_phrase_is_noticed(words, tmp_path):
    page = tmp_path / "messages.py"
    page.write_text(f'raise ValueError(f"{{name}}: there are some words, {words}")', encoding="utf-8")
    (text,) = strings(page, tmp_path)
    assert faults([text])


def test_a_long_sentence_is_noticed_in_each_place(tmp_path):
    page = tmp_path / "words.py"
    many = "word " * 31
    page.write_text(
        f'def public():\n    """One.\n\n    {many}\n    """\n    return "{many}"\n', encoding="utf-8"
    )
    assert len(long_ones(strings(page, tmp_path))) == len(long_ones(docstrings(page, tmp_path))) == 1
    assert len(long_ones([Text("page", f"Short. {many}. Short.")])) == 1
    assert not long_ones([Text("page", "word " * 20 + "(" + "word " * 20 + ")")])
