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


def test_autonomy_of_a_pure_profile_is_the_local_share():
    mixed = MODEL.stage().mixed(MODEL.regimes["all-out"])
    assert third_parties.autonomy(MODEL, mixed) == pytest.approx(MODEL.shares("all-out")["local"].to_numpy())


def test_autonomy_is_linear_in_each_power_s_mixture():
    game = MODEL.stage()
    ends = [third_parties.autonomy(MODEL, game.mixed((a, 0, 3))) for a in (0, 3)]
    half = third_parties.autonomy(MODEL, game.mixed(([0.5, 0, 0, 0.5], 0, 3)))
    assert half == pytest.approx(np.mean(ends, axis=0))


def test_burdens_are_intervals_over_the_benchmarks():
    deal = np.full(9, 0.5)
    table = third_parties.burden(MODEL, deal, [np.full(9, 0.4), np.full(9, 0.8)])
    assert table["lost low"].to_numpy() == pytest.approx(np.full(9, -0.1))
    assert table["lost high"].to_numpy() == pytest.approx(np.full(9, 0.3))
    assert table.loc["Canada", "gdp burden high"] == pytest.approx(0.3 * 2140)
    assert table.loc["Canada", "person burden low"] == pytest.approx(-0.1 * 41.3)
    assert table.loc["Ukraine", "holder"] == "nobody"
    assert table.loc["Canada", "holder"] == "United States"
