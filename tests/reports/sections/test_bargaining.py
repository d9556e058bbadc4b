from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from games.errors import BargainingError, SizeError
from reports.document import Details, Figure, Paragraph, Table
from reports.sections import bargaining as sections
from solvers import bargaining, linkage


@pytest.fixture(scope="module")
def section(comparison):
    return sections.solutions(comparison)


def test_it_says_what_happens_without_agreement_and_what_was_tried(section, comparison):
    words = section.blocks[0].text
    assert words.startswith("Without agreement: what each can secure")
    assert "competition on the status quo map" in words
    with pytest.raises(BargainingError):
        bargaining.from_model(comparison.model, comparison.standing.benchmarks[comparison.reference])


def test_solutions_are_those_of_the_solver(section, comparison):
    found = bargaining.solve_all(bargaining.from_model(comparison.model, "minmax"))
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert [row[0] for row in table.rows] == [
        "without agreement",
        "Nash",
        "Kalai-Smorodinsky",
        "egalitarian",
        "utilitarian",
        "equal split, with side payments",
    ]
    for row, solution in zip(table.rows[1:], found.solutions.values()):
        assert list(row[1:4]) == pytest.approx(solution.payoffs.tolist(), abs=1e-6)
    assert any(note.startswith("†") for note in table.notes)


def test_the_map_marks_every_solution_inside_the_set_but_side_payments(section):
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    assert len(figure.panels) == 3
    for panel in figure.panels:
        outline = np.array(panel.outlines[0])
        edges = np.roll(outline, -1, axis=0) - outline
        marks = {style: np.array(point) for style, _, point in panel.marks}
        assert {"threat", "competition", "concert", *sections._MARKS} == set(marks)
        for name in ("nash", "kalai-smorodinsky", "egalitarian", "utilitarian"):
            turn = edges[:, 0] * (marks[name] - outline)[:, 1] - edges[:, 1] * (marks[name] - outline)[:, 0]
            assert (turn >= -1e-6).all()
    assert {"set", "threat", *sections._MARKS.values()} <= {style for style, _ in figure.legend}


def test_lotteries_are_told_in_words_and_add_up(section):
    details = next(b for b in section.blocks if isinstance(b, Details))
    (table,) = details.blocks
    chances: dict[str, float] = {}
    for name, chance, words in table.rows:
        assert words
        if chance is not None:
            chances[name] = chances.get(name, 0.0) + chance
    assert len(chances) == 5
    assert all(total == pytest.approx(1.0) for total in chances.values())
    assert any("side payments" in row[2] and "†" in row[2] for row in table.rows)


def test_changes_are_told_against_today(comparison):
    model = comparison.model
    same = (
        0,
        *(model.players.index(h) if h else len(model.players) for h in model.maps["status quo"].values()),
    )
    assert sections._changes(model, same) == "as today"
    assert sections._changes(model, (0, *[0] * len(model.regions))).endswith("to United States")


def test_a_disagreement_point_by_name(comparison):
    named = sections.solutions(comparison, "all-out")
    assert named.blocks[0].text == "Without agreement: all-out, on the status quo map."
    with pytest.raises(BargainingError, match="did you mean 'all-out'"):
        sections.solutions(comparison, "all out")


def test_an_empty_bargaining_set_is_told(comparison, monkeypatch):
    def refuse(*_):
        raise BargainingError("nothing to gain")

    monkeypatch.setattr("solvers.bargaining.from_model", refuse)
    section = sections.solutions(comparison)
    assert section.blocks == (Paragraph("There is nothing to bargain over: nothing to gain."),)


def test_swaps_are_those_of_the_solver(comparison):
    section = sections.swaps(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert any(note.startswith("†") for note in table.notes)
    for pair, first, second, gain, other, *_ in table.rows:
        found = linkage.swaps(comparison.model, *pair.split(", "))
        told = [tuple(words or "nothing" for words in found.concessions(k)) for k in range(len(found))]
        row = told.index((first, second))
        assert [gain, other] == pytest.approx(found.gains[row].tolist())
        assert gain + other > 0
    looked = sum(
        len(linkage.swaps(comparison.model, *p))
        for p in (("United States", "China"), ("United States", "Russia"), ("China", "Russia"))
    )
    assert f"{looked:,} exchanges" in section.blocks[0].text


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
    def refuse(*_):
        raise SizeError("too many")

    monkeypatch.setattr("solvers.linkage.swaps", refuse)
    section = sections.swaps(comparison)
    assert len(section.blocks) == 3
    assert all("not worked out here: too many" in block.text for block in section.blocks)


@pytest.mark.parametrize(
    ("looked", "mutual", "some", "end"),
    [
        (10, 2, True, "come first."),
        (10, 0, True, "the smallest payment first."),
        (10, 0, False, "good for both."),
    ],
)
def test_the_sentence_before_the_table(looked, mutual, some, end):
    words = sections._in_words(looked, mutual, some)
    assert words.startswith(f"Of {looked} exchanges between two powers, both gain from {mutual} ")
    assert words.endswith(end)
