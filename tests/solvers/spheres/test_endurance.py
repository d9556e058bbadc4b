"""How long a deal lasts: every quantity against its definition or another solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import RepeatedGame, load
from games.errors import SizeError
from solvers import repeated
from solvers.spheres import endurance
from solvers.spheres.endurance import Endurance
from solvers.spheres.standing import stand

# Claims count for the parts that they name: then some deals hold, and every threshold is a number.
MODEL = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
MODEL = replace(MODEL, powers=tuple(replace(p, tremble=0.0086) for p in MODEL.powers))


def endurance_of(model, map="status quo", regime="concert"):
    return Endurance(stand(model, map, regime, {}))


@pytest.fixture(scope="module")
def deal():
    return endurance_of(MODEL, "Ukraine to Russia")


def test_thresholds_are_in_order(deal):
    table = deal.thresholds["overall"]
    assert table["minmax (no punishment beats it)"] <= table["optimal punishments"] + 1e-6
    assert table["optimal punishments"] <= table["Nash reversion forever"] + 1e-6
    finite = [table[f"Nash reversion for {y}"] for y in ("1 year", "3 years", "5 years", "10 years")]
    assert finite == sorted(finite, reverse=True)
    assert table["Nash reversion forever"] <= min(finite)
    assert table["Nash reversion forever"] == pytest.approx(deal.standing.reversion.overall)


def test_the_optimal_threshold_is_where_the_concert_enters_the_payoff_set(deal):
    game, threshold = deal.standing.game, deal.optimal.overall
    above = repeated.payoff_set(RepeatedGame(game, threshold + 2e-3))
    below = repeated.payoff_set(RepeatedGame(game, threshold - 2e-3))
    assert above.inner.contains(deal.standing.payoffs)
    assert not below.outer.contains(deal.standing.payoffs)


def test_the_place_of_the_deal(deal):
    e = deal
    assert e.common == pytest.approx(MODEL.discount.min())
    assert (e.place == "inside") == (e.common >= e.optimal.overall)


def test_the_hazard_is_that_of_1815(deal):
    assert deal.breakdown.hazard == pytest.approx(1 - (1 - 0.0086) ** 3)
    assert deal.breakdown.expected_life == pytest.approx(39, abs=0.2)


def test_noise_raises_the_threshold(deal):
    table = deal.noise.to_numpy()
    assert table[0, 0] == pytest.approx(deal.standing.reversion.overall)
    assert (np.diff(table, axis=0)[:, :-1] > 0).all()
    assert (np.diff(table, axis=1)[:-1] > 0).all()


def test_friction_tolerated_is_where_slack_vanishes(deal):
    # Patience just above what the deal needs, so that a little friction tells.
    need = float(endurance_of(MODEL, "Taiwan to China").standing.status_quo.per_player[1])
    patience = {"China": need + 0.002}
    low = replace(
        MODEL,
        powers=tuple(replace(p, patience=patience.get(p.name, 0.9), survival=1.0) for p in MODEL.powers),
    )
    found = endurance_of(low, "Taiwan to China")
    tolerated = float(found.friction.loc["China", "tolerated"])
    limit = low.friction_limits()[1]
    assert 0 < tolerated < limit.max()
    for step, sign in ((-1e-4, 1), (1e-4, -1)):
        model = low.with_parameters(friction=tolerated + step)
        game, base = model.stage("Taiwan to China"), model.stage()
        w = min(base.expected(p)[1] for p in found.standing.benchmark_profiles)
        u = game.payoff((0, 0, 0))[1]
        slacks = [
            model.discount[1] * (u - w) - (1 - model.discount[1]) * (game.payoff((0, a, 0))[1] - u)
            for a in range(1, 4)
        ]
        assert np.sign(min(slacks)) == sign


def test_power_shift_windows_by_hand(deal):
    for (falls, rises), shift in deal.shifts.items():
        i, j = MODEL.players.index(falls), MODEL.players.index(rises)
        growth = [MODEL.powers[k].growth for k in (i, j)]
        assert growth[0] <= growth[1]
        strength = [MODEL.capability[k] * (1 + g) ** 7 for k, g in zip((i, j), growth)]
        assert shift.strength[7] == pytest.approx(strength[1] / sum(strength))
    fast = replace(
        MODEL,
        powers=tuple(
            replace(p, growth=0.5 if p.name == "Russia" else -0.4, survival=1.0, patience=0.99)
            for p in MODEL.powers
        ),
        parameters=replace(MODEL.parameters, war_cost=0.01),
    )
    windows = endurance_of(fast).windows.set_index(["declining", "rising"])
    assert (windows["years open"] > 0).any()


def test_in_words(deal):
    assert "it lasts 39 years on average" in deal.summary()
    assert deal.to_frame() is deal.thresholds


def test_larger_games_leave_the_payoff_set_out(monkeypatch):
    monkeypatch.setattr(endurance, "LARGEST", 63)
    large = endurance_of(MODEL, "Ukraine to Russia")
    assert not large.small
    assert "optimal punishments" not in large.thresholds.index
    assert large.summary().startswith("With Nash reversion the deal needs")
    with pytest.raises(SizeError, match="64 profiles is not computed here; at most 63 fit"):
        _ = large.payoff_set


def test_the_summary_says_in_words_what_no_number_can():
    calm = MODEL.with_parameters(contest_cost=0.3)
    firm = endurance_of(calm)
    assert (firm.standing.reversion.gain <= 1e-9).all()
    assert "needs no patience" in firm.summary()
    hopeless = endurance_of(MODEL, regime="all-out")
    assert "holds at no discount factor" in hopeless.summary()
