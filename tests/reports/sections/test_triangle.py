from __future__ import annotations

import pytest

from reports.document import Figure, Table, TrianglePanel
from reports.sections import triangle as sections
from solvers import triangle


def test_triangles_carry_roles_payoffs_and_stability(comparison):
    section = sections.triangle(comparison)
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    found = triangle.from_model(comparison.model, map=comparison.map)
    assert all(isinstance(p, TrianglePanel) for p in figure.panels)
    assert len(figure.panels) == 4
    for panel in figure.panels:
        assert panel.names == comparison.players
        roles = triangle.roles(panel.signs)
        assert all(note.startswith(role) for note, role in zip(panel.notes, roles))
        assert panel.unit == ("stable" if not found.leaks(panel.signs) else "not stable")
    assert {style for style, _ in figure.legend} == {"friendly", "hostile"}


def test_the_price_of_courting_is_that_of_the_solver(comparison):
    section = sections.triangle(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    found = triangle.from_model(comparison.model, map=comparison.map)
    bid = triangle.courtship(found, "United States", "Russia")
    row = next(row for row in table.rows if row[0] == "the United States courts Russia away from China")
    assert row[1:5] == pytest.approx((bid.asked, bid.worth, bid.counter, bid.price))
    assert row[5] == ("yes" if bid.pays else "no")
