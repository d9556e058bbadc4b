"""The operators of mutation testing: what they change, what they leave alone, and that nothing sticks."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

from tests.mutants.operators import code_of, mutants

HERE = Path(__file__).parent


def changes(source):
    return [m.change for m in mutants(ast.parse(source))]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = a < b", ["a < b -> a <= b", "a < b -> a > b"]),
        ("x = a == b", ["a == b -> a != b"]),
        ("x = a < b <= c", ["a < b <= c -> a <= b <= c", "a < b <= c -> a > b <= c", "a < b <= c -> a < b < c",
                            "a < b <= c -> a < b > c"]),
        ("x = a + b", ["a + b -> a - b"]),
        ("x = a and b", ["a and b -> a or b"]),
        ("x = not a", ["not a -> a"]),
        ("x = 7", ["7 -> 8", "7 -> 6"]),
        ("x = .5", ["0.5 -> 1.5"]),
        ("x = True", ["True -> False"]),
        ("x = max(a, b)", ["max -> min"]),
        ("x = a.min()", ["a.min -> a.max"]),
        ("x = a.sum(axis=-1)", ["-1 -> 0"]),
        ("x = a.sum(axis=0)", ["0 -> -1"]),
        ("x += y", ["x += y -> x -= y"]),
        ("f(x)", ["f(x) -> pass"]),
        ("x[a] = y", ["x[a] = y -> pass"]),
        ("for x in y:\n    break", ["break -> continue"]),
        ("if a:\n    x = y", ["a -> not a"]),
        ("if a:\n    raise Error('3 is bad')", ["a -> not a", "raise Error('3 is bad') -> pass"]),
    ],
)  # fmt: skip
def test_one_change_at_a_time(source, expected):
    assert changes(source) == expected


@pytest.mark.parametrize(
    "source",
    [
        '"""A docstring with 1 < 2."""',
        "x: Literal[1] = y",
        "def f(x: Literal[1]) -> Literal[2]: return x",
        "from a import b",
        "@wraps(limit=3)\ndef f(): return x",
        "x = f'{a + 1:.3f}'",
        "x = 'one' + two",
        "__all__ = ['a', 1]",
        "if TYPE_CHECKING:\n    x = 1 < 2",
        "x = a.reshape(-1)",
    ],
)
def test_words_and_types_are_left_alone(source):
    assert changes(source) == []


def test_a_mutant_knows_its_place_and_leaves_the_tree_as_it_was():
    source = "class A:\n    def f(self, x):\n        if (\n            x\n            > 2\n        ):\n            return 1\n"
    source += "        return 0\n"
    tree = ast.parse(source)
    every = mutants(tree)
    assert {m.where for m in every} == {"A.f"}
    assert every[0].key == "A.f: x > 2 -> x >= 2"
    assert every[0].lines == range(3, 7)
    for m in every:
        space = {}
        exec(code_of(tree, m, "none.py"), space)
        results = [space["A"]().f(x) for x in (1, 2, 3)]
        assert results != [0, 0, 1]
    assert ast.unparse(tree) == ast.unparse(ast.parse(source))


def test_every_excuse_is_for_a_mutant_that_there_is():
    """A function that is renamed or rewritten takes its excuses along, or loses them."""
    excused = tomllib.loads((HERE / "equivalent.toml").read_text(encoding="utf-8"))
    for file, entries in excused.items():
        keys = {m.key for m in mutants(ast.parse((HERE.parents[1] / file).read_text(encoding="utf-8")))}
        stale = [e["mutant"] for e in entries if e["mutant"] not in keys]
        assert not stale, (file, stale)
