from __future__ import annotations

import numpy as np
import pytest

from games.errors import BargainingError, SizeError
from reports.document import Details, Figure, Paragraph, Table
from reports.sections import bargaining as sections
from solvers import bargaining


@pytest.fixture(scope="module")
def section(comparison):
    return sections.solutions(comparison)


def test_it_says_what_happens_without_agreement_and_what_was_tried(section, comparison):
    # Competition is tried first, and leaves something to bargain over here.
    assert section.blocks[0].text == "Without agreement: competition on the status quo map."
    problem = bargaining.from_model(comparison.model, comparison.standing.benchmarks[comparison.reference])
    assert problem.disagreement == pytest.approx(comparison.standing.benchmarks[comparison.reference])


def test_what_leaves_nothing_to_bargain_over_is_named_as_tried(comparison, monkeypatch):
    real = bargaining.from_model

    def choosy(model, disagreement, *rest, **options):
        if not isinstance(disagreement, str):
            raise BargainingError("nothing to gain")
        return real(model, disagreement, *rest, **options)

    monkeypatch.setattr("solvers.bargaining.from_model", choosy)
    words = sections.solutions(comparison).blocks[0].text
    assert words.startswith(
        "Without agreement: all-out contest. Competition on the status quo map and what each power"
    )
    assert "were tried first as the disagreement point" in words


def test_solutions_are_those_of_the_solver(section, comparison):
    found = bargaining.solve_all(
        bargaining.from_model(comparison.model, comparison.standing.benchmarks[comparison.reference])
    )
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


def test_a_disagreement_point_by_name(comparison):
    named = sections.solutions(comparison, "all-out")
    assert named.blocks[0].text == "Without agreement: all-out, on the status quo map."
    with pytest.raises(BargainingError, match="did you mean 'all-out'"):
        sections.solutions(comparison, "all out")


def test_an_empty_bargaining_set_is_told(comparison, monkeypatch):
    def refuse(*_, **__):
        raise BargainingError("nothing to gain")

    monkeypatch.setattr("solvers.bargaining.from_model", refuse)
    section = sections.solutions(comparison)
    assert section.blocks == (Paragraph("There is nothing to bargain over: nothing to gain."),)


def test_too_many_divisions_are_not_nothing_to_bargain_over(comparison, monkeypatch):
    def refuse(*_, **__):
        raise SizeError("28 regions make too many divisions", "Name fewer regions")

    monkeypatch.setattr("solvers.bargaining.from_model", refuse)
    (block,) = sections.solutions(comparison).blocks
    assert block == Paragraph(
        "Not computed here: 28 regions make too many divisions. In the scenario, `on_table` names the regions to divide."
    )
    with pytest.raises(SizeError):
        sections.solutions(comparison, "all-out")
