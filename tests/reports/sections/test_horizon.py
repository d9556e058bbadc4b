"""The section on the path of capabilities."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import load
from reports.document import Figure, Paragraph, Table
from reports.sections import endurance, horizon
from solvers import compare, uncertainty


@pytest.fixture(scope="module")
def blocks(comparison):
    return horizon.horizon(comparison)


@pytest.fixture(scope="module")
def found(comparison):
    years = sorted({*range(comparison.model.year, 2050, horizon.STEP), 2050})
    return uncertainty.horizon(
        comparison.model,
        comparison.model.draws(horizon.DRAWS),
        2050,
        comparison.map,
        comparison.regime,
        years=years,
    )


def test_bands_are_those_of_the_draws(blocks, found, comparison) -> None:
    (figure,) = (b for b in blocks if isinstance(b, Figure))
    assert [panel.title for panel in figure.panels] == list(comparison.players)
    for i, panel in enumerate(figure.panels):
        curves = dict(panel.curves)
        assert list(curves) == ["median", "5 %", "95 %"], "told apart by their lines, not by colour"
        for name, quantile in (("5 %", 0), ("median", 1), ("95 %", 2)):
            wanted = np.minimum(found.band()[quantile, :, i], 1.0)
            assert [v for _, v in curves[name]] == pytest.approx(wanted)
            assert [y for y, _ in curves[name]] == found.years.tolist()
        assert panel.levels[0][1] == pytest.approx(np.median(found.discount[:, i]))
    assert "as if its powers stayed as strong as they are then" in figure.notes[0]


def test_shares_add_up_over_the_years(blocks, found) -> None:
    table, growth = (b for b in blocks if isinstance(b, Table))
    years = found.years.tolist()
    for row in table.rows:
        t = years.index(int(row[0]))
        assert row[1:3] == (found.holds[:, t].mean(), found.undecided[:, t].mean())
        assert row[4] == found.foreseen[:, t].mean()
    stopped = [row[3] for row in table.rows]
    assert stopped == sorted(stopped)
    ends = found.ends["share"]
    assert stopped[-1] == pytest.approx(1 - ends["undecided"] - ends[f"not before {years[-1]}"])
    for row, power in zip(growth.rows, found.model.powers):
        assert row[:3] == (power.name, power.growth, "derived")
        assert "yearly growth of CINC" in row[3]
        assert row[5] == pytest.approx(row[4] * (1 + power.growth) ** (2050 - years[0]))


def test_it_stands_in_the_section(comparison) -> None:
    captions = [getattr(b, "caption", "") for b in endurance.endurance(comparison).blocks]
    assert "Until when it holds: shares of draws" in captions


def test_a_path_that_cannot_be_drawn_says_why(comparison) -> None:
    quick = comparison.model.vary({"powers.China.growth": 0.2})
    (block,) = horizon.horizon(compare.concert(quick))
    assert isinstance(block, Paragraph)
    assert "a share is at most 1" in block.text
    (block,) = horizon.horizon(
        compare.concert(replace(comparison.model, year=None, observed={}, source=None))
    )
    assert "says no year" in block.text


def test_four_powers_are_too_many() -> None:
    (block,) = horizon.horizon(compare.concert(load("four-policemen-1945")))
    assert "4,096 profiles" in block.text
