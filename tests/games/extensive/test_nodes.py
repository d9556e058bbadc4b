"""The parts of a tree."""

from __future__ import annotations

from fractions import Fraction

import pytest

from games.errors import GameError
from games.extensive import Chance, Decision, Terminal


def test_parts_say_what_they_are() -> None:
    assert repr(Terminal({"A": 1, "B": 2}, "peace")) == "<Terminal 'peace': A 1, B 2>"
    assert repr(Decision("A", {"x": Terminal([1])}, "h")) == "<Decision of A at 'h': x>"
    assert repr(Chance({"x": (Fraction(1), Terminal([1]))})) == "<Chance: x 1>"


def test_branches_must_be_mappings() -> None:
    with pytest.raises(GameError, match="a mapping from actions to nodes"):
        Decision("A", [Terminal([1])])  # type: ignore[arg-type]
    with pytest.raises(GameError, match="must be a pair"):
        Chance({"x": Terminal([1])})  # type: ignore[dict-item]
    with pytest.raises(GameError, match="a mapping from labels"):
        Chance([1])  # type: ignore[arg-type]
