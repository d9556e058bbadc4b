"""Autonomy and burdens of the regions' own people."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from solvers.spheres import third_parties

MODEL = load("us-china-russia-2025")


def test_support_profiles_carry_all_the_probability():
    weights, actions = third_parties.support_profiles((np.array([0.25, 0.75]), np.array([0.0, 0.4, 0.6])))
    assert weights.sum() == pytest.approx(1)
    table = {tuple(a): w for a, w in zip(actions.tolist(), weights)}
    assert table == pytest.approx({(0, 1): 0.1, (0, 2): 0.15, (1, 1): 0.3, (1, 2): 0.45})


def test_autonomy_of_a_pure_profile_is_the_model_s():
    mixed = MODEL.stage().mixed(MODEL.regimes["all-out"])
    for where in ("status quo", "a hemisphere each"):
        expected = MODEL.autonomy_of("all-out", where).to_numpy()
        assert third_parties.autonomy(MODEL, mixed, where) == pytest.approx(expected)


def test_in_the_concert_every_ally_keeps_its_autonomy():
    mixed = MODEL.stage().mixed(MODEL.regimes["concert"])
    assert (third_parties.autonomy(MODEL, mixed) == 1.0).all()


def test_autonomy_is_linear_in_each_power_s_mixture():
    game = MODEL.stage()
    ends = [third_parties.autonomy(MODEL, game.mixed((a, 0, 3))) for a in (0, 3)]
    half = third_parties.autonomy(MODEL, game.mixed(([0.5, 0, 0, 0.5], 0, 3)))
    assert half == pytest.approx(np.mean(ends, axis=0))


def test_burdens_are_intervals_over_the_benchmarks():
    count = len(MODEL.regions)
    deal = np.full(count, 0.5)
    table = third_parties.burden(MODEL, deal, [np.full(count, 0.4), np.full(count, 0.8)])
    assert table["lost low"].to_numpy() == pytest.approx(np.full(count, -0.1))
    assert table["lost high"].to_numpy() == pytest.approx(np.full(count, 0.3))
    canada = MODEL.regions[MODEL.region_names.index("Canada")]
    assert 30 < canada.population < 50
    for end, lost in (("low", -0.1), ("high", 0.3)):
        assert table.loc["Canada", f"gdp burden {end}"] == pytest.approx(lost * canada.output)
        assert table.loc["Canada", f"person burden {end}"] == pytest.approx(lost * canada.population)
    assert table.loc["Canada", "mode"] == "consent"
    assert table.loc["Ukraine", "holder"] == "nobody"
    assert table.loc["Canada", "holder"] == "United States"
