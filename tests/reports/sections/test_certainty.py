"""The section on certainty shows what the assessment found."""

from __future__ import annotations

import pytest

from games import load
from reports.document import Details, Figure, Table
from reports.sections import certainty
from solvers import uncertainty


@pytest.fixture(scope="module")
def found():
    return uncertainty.assess(load("us-china-russia-2025"), draws=256)


@pytest.fixture(scope="module")
def section(found):
    return certainty.certainty(found)


def test_every_deal_and_set_of_worlds_has_its_row(found, section):
    table = next(b for b in section.blocks if isinstance(b, Table) and b.caption == "Shares by deal")
    assert [row[:2] for row in table.rows] == [tuple(r) for r in found.by_deal[["map", "worlds"]].to_numpy()]
    empty = [row for row in table.rows if row[1] == "2025: one rival"]
    assert all(cell is None for row in empty for cell in row[3:])


def test_variants_that_turn_the_verdict_are_always_shown(found, section):
    table = next(b for b in section.blocks if isinstance(b, Table) and b.caption.startswith("Structural"))
    shown = {row[0] for row in table.rows}
    assert set(found.turning) <= shown
    assert {"main", "claims on parts", "defence weighs more", "pacts count"} <= shown


def test_the_figure_has_a_panel_for_each_power_and_says_its_numbers(found, section):
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    assert [panel.title for panel in figure.panels] == list(found.players)
    premium = found.outcomes.premiums().set_index("power")["median"]["China"]
    assert f"China, all draws: median {premium:+.0f} %" in figure.alt


def test_what_a_reading_teaches_can_be_opened(found, section):
    details = [b for b in section.blocks if isinstance(b, Details)]
    kept = [name for name, m in found.matched.items() if not isinstance(m, str)]
    assert len(details) == (1 if kept else 0)
    assert len(details[0].blocks) == len(kept)
