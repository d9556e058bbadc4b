"""The typed rows over draws are the rows of their tables."""

from __future__ import annotations

import pytest

from solvers import uncertainty
from solvers.base.rows import typed
from solvers.uncertainty.rows import DealRow, LearnedRow, PremiumRow, ShareRow, SwingRow
from tests.solvers.uncertainty.worlds import small


@pytest.fixture(scope="module")
def model():
    return small()


@pytest.fixture(scope="module")
def found(model):
    return uncertainty.evaluate(model, model.draws(64), regimes=["concert", "all-out"])


def test_premiums_and_shares(found):
    frame = found.premiums()
    rows = typed(frame, PremiumRow)
    assert [row.percentile_95 for row in rows] == frame["95 %"].tolist()
    assert [(row.regime, row.power) for row in rows] == [
        (regime, power) for regime in found.regimes for power in found.players
    ]
    shares = typed(found.shares("competition"), ShareRow)
    assert all(row.low <= row.share <= row.high for row in shares)


def test_what_a_match_teaches(found):
    kept = uncertainty.match(found, found.observed[0], tolerance=10.0)
    rows = typed(kept.learned, LearnedRow)
    assert [row.number for row in rows] == list(kept.learned.index)
    assert [row.after_percentile_5 for row in rows] == pytest.approx(
        kept.learned["after 5 %"].tolist(), nan_ok=True
    )


def test_swings_of_every_power(model):
    found = uncertainty.tornado(model)
    rows = typed(found.swings, SwingRow, found.outcomes.players)
    assert [row.high[2] for row in rows] == found.swings["East high"].tolist()
    assert all(low <= high for row in rows for low, high in zip(row.low, row.high))


def test_deals_of_an_assessment(model):
    found = uncertainty.assess(model, draws=32)
    rows = typed(found.by_deal, DealRow)
    assert {row.map for row in rows} == set(model.maps)
    assert [row.draws for row in rows] == found.by_deal["draws"].tolist()
