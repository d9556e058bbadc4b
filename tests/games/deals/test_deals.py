"""The catalogue of worked deals: every number tagged, stakes and discount factors as in the scenario they come from."""

from __future__ import annotations

import re

import pytest

from games import deals, load
from games.errors import DiscountError, GameError, ScenarioError
from games.issues import Bundle, Threat


def test_the_six_cases_are_there():
    assert {"philippines", "hemispheres", "taiwan", "arms-control", "weak-ally"} <= set(deals.names())
    assert {"tariffs-us-canada", "tariffs-us-china"} <= set(deals.names())
    for name in deals.names():
        made = deals.get(name)
        assert isinstance(made, Threat if name == "weak-ally" else Bundle)
        assert made.title
        assert made.source


@pytest.mark.parametrize("name", deals.names())
def test_every_number_says_where_it_comes_from(name):
    frame = deals.inputs(name)
    assert frame["path"].is_unique
    for row in frame.itertuples():
        if row.tag == "assumed":
            assert row.low <= row.value <= row.high
            assert row.reason
        elif row.tag == "observed":
            assert row.source
            assert row.year >= 2018
        else:
            assert row.reason


def test_discount_factors_are_those_of_the_scenario():
    model = load("us-china-russia-2025")
    own = dict(zip(model.players, model.discount))
    for name in deals.names():
        for row in deals.inputs(name).itertuples():
            power = row.path.removeprefix("discount.")
            if row.path.startswith("discount.") and power in own:
                assert row.value == pytest.approx(own[power], abs=1e-6)


def test_stakes_are_those_of_the_scenario():
    model = load("us-china-russia-2025")
    arena = model._worlds(None, None).arena(0, 1)
    every = [float(f"{stake:.3g}") for stake in arena.stake.ravel()]
    parts = {
        "half": 0.5, "a quarter": 0.25, "two fifths": 0.4, "a fifth": 0.2, "a tenth": 0.1,
    }  # fmt: skip
    found = 0
    for name in deals.names():
        for row in deals.inputs(name).itertuples():
            said = re.match(r"(\D+?) of .*?stake of ([\d.]+\d)", str(row.reason))
            if said:
                stake = float(said[2])
                assert stake in every
                assert row.value == pytest.approx(parts[said[1]] * stake, rel=0.02)
                found += 1
    assert found == 18


def test_numbers_can_be_changed_by_path():
    changed = deals.get("philippines", {"issues.US forces leave the Philippines.cost": 2.5})
    assert changed.issues[0].agreed[1].tolist() == [-2.5, 0.175]
    assert deals.get("philippines").issues[0].agreed[1].tolist() == [-0.169, 0.175]
    for name in deals.names():
        for path, low, high in deals.inputs(name)[["path", "low", "high"]].dropna().itertuples(index=False):
            for end in (low, high):
                deals.get(name, {path: end})
    with pytest.raises(ScenarioError, match="no number"):
        deals.get("philippines", {"issues.cost": 1})
    with pytest.raises(DiscountError, match="strictly between"):
        deals.get("philippines", {"discount.China": -1})
    with pytest.raises(GameError, match="did you mean 'taiwan'"):
        deals.get("taiwann")
    with pytest.raises(GameError, match="no worked case"):
        deals.inputs("yalta")


def test_the_tariff_cases():
    """The large economy wins its war and loses by free trade; two large ones both lose."""
    war, free = deals.get("tariffs-us-canada").issues[0].agreed
    assert war[0] > free[0]
    assert war[1] < free[1]
    issue = deals.get("tariffs-us-china").issues[0]
    assert issue.options[2:] == ("the tariffs of early 2018", "the tariffs after 14 May 2025")
    assert (issue.agreed[0] < issue.agreed[1]).all()
    assert (issue.gain[1:] > 0).all()


def test_the_table():
    frame = deals.table()
    assert list(frame.index) == list(deals.names())
    assert frame.loc["tariffs-us-china", "assumed"] < 0.2
    assert "upper bound" in frame.loc["tariffs-us-canada", "unit"]
    assert "Byers et al. 2024" in frame.loc["philippines", "source"]
