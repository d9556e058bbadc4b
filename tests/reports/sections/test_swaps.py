from __future__ import annotations

import dataclasses
from types import SimpleNamespace

import numpy as np
import pytest

from games.errors import SizeError
from games.words import with_articles
from reports.document import Table
from reports.sections import swaps as sections
from solvers import linkage


def test_swaps_are_those_of_the_solver(comparison):
    section = sections.swaps(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    for pair, first, second, gain, other, *_ in table.rows:
        found = linkage.swaps(comparison.model, *pair.split(", "))
        told = [
            tuple(with_articles(words, found.sides) or "nothing" for words in found.concessions(k))
            for k in range(len(found))
        ]
        row = told.index((first, second))
        assert [gain, other] == pytest.approx(found.gains[row].tolist())
        assert gain + other > 0
    examined = sum(
        len(linkage.swaps(comparison.model, *p))
        for p in (("United States", "China"), ("United States", "Russia"), ("China", "Russia"))
    )
    assert f"{examined:,} possible exchanges" in section.blocks[0].text


def test_swaps_that_both_gain_from_come_first():
    from games import deals

    found = linkage.swaps(deals.get("taiwan"))
    found = dataclasses.replace(found, extra={"persons burden": np.zeros(len(found))})
    best = np.flatnonzero(found.mutual)
    assert len(best)
    rows = sections._rows(found)
    assert rows[0][7] in found.sides
    assert rows[0][3] > 0
    assert rows[0][4] > 0


def test_too_many_swaps_are_told(comparison, monkeypatch):
    """One reason for all pairs is said once; where some pairs are computed, those that are not are named."""
    from solvers import linkage

    def refuse(*_, **options):
        raise SizeError("too many games", "Use another reversion")

    monkeypatch.setattr("solvers.linkage.swaps", refuse)
    (block,) = sections.swaps(comparison).blocks
    assert block.text == (
        "No exchange is computed here: too many games. For `solvers.linkage.swaps`: use another reversion."
    )
    monkeypatch.undo()
    compute = linkage.swaps

    def refuse_one(model, a, b, **options):
        if {a, b} == {"China", "Russia"}:
            raise SizeError("too many")
        return compute(model, a, b, **options)

    monkeypatch.setattr("solvers.linkage.swaps", refuse_one)
    texts = [block.text for block in sections.swaps(comparison).blocks if hasattr(block, "text")]
    assert texts[0].startswith("Of ")
    assert texts[1] == "Between China and Russia: no exchange is computed here: too many."


def test_beyond_four_powers_a_breach_brings_back_competition(monkeypatch):
    asked = []

    def between(model, a, b, reversion):
        asked.append(reversion)
        raise SizeError("not now")

    monkeypatch.setattr("solvers.linkage.swaps", between)
    sections.swaps(SimpleNamespace(players=tuple("ABCD"), model=None))
    assert set(asked) == {"own map"}
    asked.clear()
    sections.swaps(SimpleNamespace(players=tuple("ABCDE"), model=None))
    assert asked == ["status quo"] * 10
    assert "competition on the status quo map" in sections._swap_table([], own_map=False).notes[0]
    assert "swap's own map" in sections._swap_table([], own_map=True).notes[0]


@pytest.mark.parametrize(
    ("examined", "mutual", "some", "end"),
    [
        (10, 2, True, "come first."),
        (10, 0, True, "the smallest payment comes first."),
        (10, 0, False, "worthwhile for both."),
    ],
)
def test_the_sentence_before_the_table(examined, mutual, some, end):
    words = sections._in_words(examined, mutual, some)
    assert words.startswith(f"Of {examined} possible exchanges between two powers, both gain from {mutual},")
    assert words.endswith(end)
