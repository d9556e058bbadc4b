from __future__ import annotations

import numpy as np
import pytest

from games.errors import SizeError
from reports.document import Figure, Paragraph, Table, TrianglePanel
from reports.sections import bargains
from solvers import triangle


def test_partitions_nearest_to_holding_are_listed(comparison):
    section = bargains.partitions(comparison)
    found = comparison.partitions
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert f"{len(found):,} partitions" in section.blocks[0].text
    if int(found.firm.sum()):
        assert table.caption == "Partitions that a search names"
    else:
        assert "No map at all" in section.blocks[1].text
        assert [row[1] for row in table.rows] == list(found.to_frame(6)["what changes hands"])
    assert any("never netted" in note for note in table.notes)
    assert any(note.startswith("†") for note in table.notes)


def test_partitions_that_nobody_would_leave_are_named(comparison, monkeypatch):
    found = comparison.partitions
    everywhere = np.ones(len(found), dtype=bool)
    monkeypatch.setitem(vars(found), "firm", everywhere)
    monkeypatch.delitem(vars(found), "named", raising=False)
    section = bargains.partitions(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert table.caption == "Partitions that a search names"
    assert [row[0] for row in table.rows] == list(found.named.index)
    monkeypatch.delitem(vars(found), "named")


def test_too_many_partitions_are_told(comparison, monkeypatch):
    def refuse(*_, **__):
        raise SizeError("too many")

    monkeypatch.setattr("solvers.partitions.evaluate", refuse)
    monkeypatch.delitem(vars(comparison), "partitions", raising=False)
    section = bargains.partitions(comparison)
    assert section.blocks == (Paragraph("Not worked out here: too many."),)


def test_triangles_carry_roles_payoffs_and_stability(comparison):
    section = bargains.triangle(comparison)
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
    section = bargains.triangle(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    found = triangle.from_model(comparison.model, map=comparison.map)
    bid = triangle.courtship(found, "United States", "Russia")
    row = next(row for row in table.rows if row[0] == "United States courts Russia from China")
    assert row[1:5] == pytest.approx((bid.asked, bid.worth, bid.counter, bid.price))
    assert row[5] == ("yes" if bid.pays else "no")
