"""The triangle and the Concert, against figures of an independent program for the same rules."""

from __future__ import annotations

import pytest

from games.errors import ScenarioError
from solvers import validation


def test_the_triangle_of_the_cold_war():
    found = validation.triangle(years=(1950, 1972, 2016), draws=256)
    assert found["rank"].tolist() == [5, 1, 1]
    # An independent program had .00, .49 and .48 over 3,000 random draws.
    assert found["share"].to_numpy() == pytest.approx([0.0, 0.49, 0.48], abs=0.07)
    assert found.loc[1950, "observed"] == "United States - China, United States - Soviet Union"
    assert (found["its share"] >= found["share"]).all()


@pytest.mark.slow
def test_the_concert_of_europe():
    found = validation.concert(years=(1816,), draws=64)
    row = found.loc[1816]
    # An independent program: .07, .96 and .11; Russia .94, France .52, the others at most .16.
    assert row["ostracism"] == pytest.approx(0.96, abs=0.06)
    assert row["equilibrium"] == pytest.approx(0.07, abs=0.08)
    assert row["Russia"] == pytest.approx(0.94, abs=0.08)
    assert row["France"] == pytest.approx(0.52, abs=0.14)
    assert row["Russia"] > row["France"] > max(row["United Kingdom"], row["Prussia"], row["Austria"])


def test_bad_input():
    with pytest.raises(ScenarioError, match="a triangle has three powers"):
        validation.triangle(years=(1962,), powers=("2", "365"))
    with pytest.raises(ScenarioError, match="discount is 1"):
        validation.concert(discount=1)
    with pytest.raises(ScenarioError, match="do not say who were rivals"):
        validation.triangle(years=(2021,), powers=("2", "710", "750"), draws=2)
