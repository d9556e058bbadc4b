from __future__ import annotations

import numpy as np

from games.errors import SizeError
from reports.document import Paragraph, Table
from reports.sections import partitions as sections


def test_partitions_nearest_to_holding_are_listed(comparison):
    section = sections.partitions(comparison)
    found = comparison.partitions
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert f"{len(found):,} divisions" in section.blocks[0].text
    if int(found.firm.sum()):
        assert table.caption == "Best divisions by criterion"
    else:
        assert "No division of the map" in section.blocks[1].text
        assert [row[1] for row in table.rows] == list(found.to_frame(6)["changes"])
    assert any("never netted" in note for note in table.notes)


def test_partitions_that_nobody_would_leave_are_named(comparison, monkeypatch):
    found = comparison.partitions
    everywhere = np.ones(len(found), dtype=bool)
    monkeypatch.setitem(vars(found), "firm", everywhere)
    monkeypatch.delitem(vars(found), "named", raising=False)
    section = sections.partitions(comparison)
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert table.caption == "Best divisions by criterion"
    assert [row[0] for row in table.rows] == list(found.named.index)
    monkeypatch.delitem(vars(found), "named")


def test_too_many_partitions_are_told(comparison, monkeypatch):
    def refuse(*_, **__):
        raise SizeError("too many")

    monkeypatch.setattr("solvers.partitions.evaluate", refuse)
    monkeypatch.delitem(vars(comparison), "partitions", raising=False)
    section = sections.partitions(comparison)
    assert section.blocks == (Paragraph("Not computed here: too many."),)
