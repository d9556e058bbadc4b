"""How long a deal lasts: every quantity against its definition or another solver."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import RepeatedGame, load
from games.errors import SizeError
from solvers import compare, repeated
from solvers.spheres import endurance

MODEL = load("us-china-russia-2025")


@pytest.fixture(scope="module")
def deal():
    return compare.concert(MODEL, map="Ukraine to Russia")


def test_thresholds_are_in_order(deal):
    table = deal.endurance.thresholds["overall"]
    assert table["minmax (no punishment beats it)"] <= table["optimal punishments"] + 1e-6
    assert table["optimal punishments"] <= table["Nash reversion for ever"] + 1e-6
    finite = [table[f"Nash reversion for {y}"] for y in ("1 year", "3 years", "5 years", "10 years")]
    assert finite == sorted(finite, reverse=True)
    assert table["Nash reversion for ever"] <= min(finite)
    assert table["Nash reversion for ever"] == pytest.approx(deal.standing.reversion.overall)


def test_the_optimal_threshold_is_where_the_concert_enters_the_payoff_set(deal):
    game, threshold = deal.game, deal.endurance.optimal.overall
    above = repeated.payoff_set(RepeatedGame(game, threshold + 2e-3))
    below = repeated.payoff_set(RepeatedGame(game, threshold - 2e-3))
    assert above.inner.contains(deal.standing.payoffs)
    assert not below.outer.contains(deal.standing.payoffs)


def test_the_place_of_the_deal(deal):
    e = deal.endurance
    assert e.common == pytest.approx(MODEL.discount.min())
    assert (e.place == "inside") == (e.common >= e.optimal.overall)


def test_the_hazard_is_that_of_1815(deal):
    assert deal.endurance.breakdown.hazard == pytest.approx(1 - (1 - 0.0086) ** 3)
    assert deal.endurance.breakdown.expected_life == pytest.approx(39, abs=0.2)


def test_noise_raises_the_threshold(deal):
    table = deal.endurance.noise.to_numpy()
    assert table[0, 0] == pytest.approx(deal.standing.reversion.overall)
    assert (np.diff(table, axis=0)[:, :-1] > 0).all()
    assert (np.diff(table, axis=1)[:-1] > 0).all()


def test_friction_tolerated_is_where_slack_vanishes(deal):
    table = deal.endurance.friction
    for i, power in enumerate(MODEL.players):
        phi = table.loc[power, "tolerated"]
        if 0 < phi < np.inf:
            for step, sign in ((-1e-3, 1), (1e-3, -1)):
                model = replace(MODEL, friction=phi + step)
                game, base = model.stage("Ukraine to Russia"), model.stage()
                w = min(base.expected(p)[i] for p in deal.standing.benchmark_profiles)
                slacks = []
                for a in range(1, 4):
                    profile = [0, 0, 0]
                    profile[i] = a
                    gain = game.payoff(profile)[i] - game.payoff((0, 0, 0))[i]
                    d = model.discount[i]
                    slacks.append(d * (game.payoff((0, 0, 0))[i] - w) - (1 - d) * gain)
                assert np.sign(min(slacks)) == sign


def test_power_shift_windows_by_hand(deal):
    for (falls, rises), shift in deal.endurance.shifts.items():
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
        ties=tuple(replace(t, war_loss=dict.fromkeys(t.between, 0.1)) for t in MODEL.ties),
    )
    windows = compare.concert(fast).endurance.windows.set_index(["declining", "rising"])
    assert (windows["years open"] > 0).any()


def test_in_words(deal):
    assert "expected life of 39 years" in deal.endurance.summary()
    assert deal.endurance.to_frame() is deal.endurance.thresholds


def test_larger_games_leave_the_payoff_set_out(monkeypatch):
    monkeypatch.setattr(endurance, "LARGEST", 63)
    large = compare.concert(MODEL, map="Ukraine to Russia").endurance
    assert not large.small
    assert "optimal punishments" not in large.thresholds.index
    assert large.summary().startswith("With Nash reversion the deal takes")
    with pytest.raises(SizeError, match="64 profiles is not worked out here; at most 63 fit"):
        _ = large.payoff_set


def test_the_summary_says_in_words_what_no_number_can():
    model = load("us-china-russia-2025")
    firm = compare.concert(model.with_denial("always"))
    assert (firm.standing.reversion.gain <= 1e-9).all()
    assert "takes no patience" in firm.endurance.summary()
    hopeless = compare.concert(model, regime="all-out")
    assert "holds at no discount factor" in hopeless.endurance.summary()
