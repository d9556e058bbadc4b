"""The ledger of gains in words: what the largest item is, and what stands for the rest."""

from __future__ import annotations

from types import SimpleNamespace

import pandas as pd
import pytest

from reports.sections import gains


@pytest.mark.parametrize(
    ("kind", "item", "words"),
    [
        ("tie", "United Kingdom", "the largest item is the tie to the United Kingdom, +3.00"),
        ("region", "India", "the largest item is India, +3.00"),
    ],
)
def test_the_largest_item_in_words(monkeypatch, kind, item, words):
    monkeypatch.setattr(gains, "called", lambda result: "the deal")
    monkeypatch.setattr(gains, "reference", lambda result: "1")
    ledger = pd.DataFrame(
        [["France", item, kind, 5.0, 2.0, 3.0], ["France", "Order", "order", 1.0, 2.0, -1.0]],
        columns=["power", "item", "kind", "concert", "competition", "difference"],
    )
    figure = gains.ledger_figure(SimpleNamespace(players=("France",), ledger=ledger))
    assert words in figure.alt
    (panel,) = figure.panels
    assert panel.start == ("competition", 4.0)
    assert panel.end == ("the deal", 6.0)
    assert [value for _, value in panel.steps] == [3.0, -1.0]
