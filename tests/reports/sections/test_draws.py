"""Pictures of results over many draws: what they show is what the results say."""

from __future__ import annotations

import pytest

from games.errors import MethodError
from reports.document import PlanePanel, RowsPanel
from solvers import uncertainty
from tests.solvers.uncertainty.worlds import small


@pytest.fixture(scope="module")
def model():
    return small()


@pytest.fixture(scope="module")
def found(model):
    return uncertainty.evaluate(model, model.draws(128), regimes=["concert", "all-out"])


def test_shares_and_premiums_are_those_of_the_tables(found):
    figure = found.plot.figure("shares")
    assert [p.title for p in figure.panels] == ["concert", "all-out"]
    table = found.shares("competition").set_index(["regime", "condition"])
    for panel in figure.panels:
        assert isinstance(panel, RowsPanel)
        assert panel.unit == "% of the draws"
        for label, (interval, point) in zip(panel.labels, panel.marks):
            row = table.loc[(panel.title, label)]
            assert (interval.low, point.low, interval.high) == pytest.approx(
                tuple(100 * row[c] for c in ("low", "share", "high"))
            )
    figure = found.plot.figure("premiums")
    table = found.premiums().set_index(["power", "regime"])
    for panel in figure.panels:
        for label, (interval, point) in zip(panel.labels, panel.marks):
            assert point.low == pytest.approx(table.loc[(panel.title, label), "median"])
            assert interval.low == pytest.approx(table.loc[(panel.title, label), "5 %"])


def test_a_tornado_shows_its_swings(model):
    found = uncertainty.tornado(model)
    figure = found.plot.figure("tornado")
    first = figure.panels[0]
    assert first.unit == "premium, points"
    for label, (span, own) in zip(first.labels, first.marks):
        row = found.swings.loc[label]
        assert (span.low, span.high) == (row[f"{first.title} low"], row[f"{first.title} high"])
        assert own.low == found.base[0]
    assert type(found.plot()) is type(found.plot.tornado())


def test_a_phase_has_its_border_where_the_share_crosses_one_half(model):
    found = uncertainty.phase(model, "contest_cost", "discount", size=9)
    figure = found.plot.figure("phase")
    (panel,) = figure.panels
    assert isinstance(panel, PlanePanel)
    assert (panel.x, panel.y) == ("contest_cost", "discount")
    assert "own" not in {style for style, _ in figure.legend}  # the model has no one discount factor
    mixed = 0 < found.share.mean() < 1
    assert bool(panel.curves) == mixed
    assert mixed or "no line" in " ".join(figure.notes)


def test_a_box_shows_both_its_densities(model):
    columns = model.draws(512)
    found = uncertainty.discover(
        uncertainty.evaluate(model, columns, regimes="concert", autonomy=False),
        columns["contest_cost"] > sorted(columns["contest_cost"])[300],
    )
    (panel,) = found.plot.figure("trajectory").panels
    box = found.boxes[0]
    assert panel.marks[0][2] == (100 * box.found_coverage, 100 * box.found_density)
    assert panel.marks[1][2] == (100 * box.coverage.value, 100 * box.density.value)
    assert box.words() in found.plot.figure("trajectory").notes[0]


def test_indices_variants_and_matches(model, found):
    pytest.importorskip("SALib")
    indices = uncertainty.sobol(model, 8, numbers=["half_distance", "contest_cost"])
    for panel in indices.plot.figure("indices").panels:
        assert panel.marks[0][1].low == pytest.approx(indices.of(panel.title)["total"].iloc[0])
    variants = uncertainty.variants(model, model.draws(32), regions=False, mixed="never")
    assert [p.title for p in variants.plot.figure("variants").panels] == [c for _, c in variants.shares]
    with pytest.raises(MethodError, match="no sample 'lately'"):
        variants.plot.figure("variants", "lately")
    kept = uncertainty.match(found, found.observed[0], tolerance=10.0)
    (panel,) = kept.plot.figure("learned").panels
    assert [m[1].low for m in panel.marks] == kept.learned["distance"].head(12).tolist()
