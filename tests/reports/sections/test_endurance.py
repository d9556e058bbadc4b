from __future__ import annotations

import numpy as np
import pytest

from reports.document import Details, Figure, Paragraph, PlanePanel, SolidPanel, Table
from reports.sections import endurance as sections
from solvers import compare


@pytest.fixture(scope="module")
def section(comparison):
    return sections.endurance(comparison)


def test_thresholds_are_those_of_the_solver(section, comparison):
    table = next(b for b in section.blocks if isinstance(b, Table))
    frame = comparison.endurance.thresholds
    assert [row[0] for row in table.rows] == list(frame.index)
    for row, (_, wanted) in zip(table.rows, frame.iterrows()):
        assert list(row[1:]) == [wanted[p] for p in (*comparison.players, "overall")]


def test_the_payoff_set_is_shown_from_three_sides_and_as_a_solid(section, comparison):
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    assert [type(p) for p in figure.panels] == [PlanePanel] * 3 + [SolidPanel]
    found = comparison.endurance.payoff_set
    inner = np.asarray(found.inner.vertices)
    for panel, pair in zip(figure.panels, ((0, 1), (0, 2), (1, 2))):
        outline = np.array(panel.outlines[0])
        assert outline.min(axis=0) == pytest.approx(inner[:, pair].min(axis=0))
        assert outline.max(axis=0) == pytest.approx(inner[:, pair].max(axis=0))
        points = {style: point for style, _, point in panel.marks}
        assert points["concert"] == pytest.approx(comparison.standing.payoffs[list(pair)])
        assert points["bound"] == pytest.approx(np.asarray(found.minmax)[list(pair)])
    assert {style for style, _ in figure.legend} == {"set", "concert", "competition", "bound"}


def test_the_curves_are_the_closed_form(section, comparison):
    from solvers.repeated import noisy_threshold

    figure = [b for b in section.blocks if isinstance(b, Figure)][1]
    (panel,) = figure.panels
    reversion = comparison.standing.reversion
    i = next(k for k, p in enumerate(comparison.players) if p in panel.title)
    assert panel.levels == ((f"own: {comparison.discount[i]:.3f}", comparison.discount[i]),)
    for label, curve in panel.curves:
        detection = float(label.strip("%")) / 100
        for rate, value in curve[::20]:
            wanted = noisy_threshold(
                reversion.gain[i], reversion.cooperative[i], reversion.punishment_values[i], rate, detection
            )
            assert value == pytest.approx(float(wanted))
    assert panel.curves[0][1][0][1] == pytest.approx(reversion.per_player[i])


def test_friction_and_windows_stand_under_details(section):
    details = next(b for b in section.blocks if isinstance(b, Details))
    assert [t.caption for t in details.blocks] == [
        "Friction that the deal tolerates",
        "Shifts of power over thirty years",
    ]


def test_a_stage_game_too_large_for_its_payoff_set_says_so(comparison, monkeypatch):
    monkeypatch.setattr("solvers.spheres.endurance.LARGEST", 8)
    small = compare.concert(comparison.model)
    blocks = sections.endurance(small).blocks
    assert any(isinstance(b, Paragraph) and "too large" in b.text for b in blocks)
    # What the table has no row for is not explained beneath it.
    table = next(b for b in blocks if isinstance(b, Table))
    rows = " ".join(str(row[0]) for row in table.rows)
    assert ("penance" in rows, "optimal" in rows) == (False, False)
    assert not any("Penance" in note for note in table.notes)
    assert not any(isinstance(p, SolidPanel) for b in blocks if isinstance(b, Figure) for p in b.panels)
