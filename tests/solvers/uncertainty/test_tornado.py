"""One number at a time, against single models."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import MethodError, ProfileError
from games.spheres.parameters import SWITCHES
from solvers import nash, uncertainty
from solvers.uncertainty._tornado import _few
from tests.solvers.uncertainty.worlds import duel, small


def premium(model, map, regime):
    """Least premium over the pure equilibria of the status quo map (the mixed ones where there is none), one model at a time."""
    base = model.stage("status quo")
    found = list(nash.pure(base)) or list(nash.find_all(base))
    return model.stage(map).payoffs[model.profile(regime)] - np.max([e.payoffs for e in found], axis=0)


@pytest.mark.parametrize("shipped", [False, True])
def test_extremes_equal_single_runs(shipped):
    model = load("us-china-russia-2021") if shipped else small()
    map = "status quo" if shipped else "swap"
    found = uncertainty.tornado(model, map, switches=("claims", "defence_advantage", "pact_cost"))
    assert found.base == pytest.approx(premium(model, map, "concert"), abs=1e-9)
    table = found.settings
    seen: dict[str, list] = {}
    for k, (name, setting) in enumerate(found.rows):
        changed = (
            model.with_parameters(**{name: setting}) if name in SWITCHES else model.vary({name: setting})
        )
        expected = premium(changed, map, "concert")
        assert table.loc[k + 1, list(model.players)].to_numpy(dtype=float) == pytest.approx(
            expected, abs=1e-9
        ), (name, setting)
        seen.setdefault(name, [found.base]).append(expected)
    assert table["pays all"].tolist() == (table[list(model.players)] > 0).all(axis=1).tolist()
    assert found.swings["widest"].is_monotonic_decreasing
    for name, values in seen.items():
        row = found.swings.loc[name]
        spans = 100 * np.ptp(values, axis=0) / model.capability
        assert row["widest"] == pytest.approx(spans.max(), abs=1e-9)
        signs = (np.array(values) > 0).any(axis=0) & (np.array(values) <= 0).any(axis=0)
        powers = [power for power, turns in zip(model.players, signs) if turns]
        holding = table["holds"][[0, *(k + 1 for k, (n, _) in enumerate(found.rows) if n == name)]]
        assert row["turns"] == ", ".join([*powers, *["holds"] * (holding.nunique() > 1)])
        for i, power in enumerate(model.players):
            assert row[f"{power} low"] == pytest.approx(np.min(values, axis=0)[i], abs=1e-9)
            assert row[f"{power} high"] == pytest.approx(np.max(values, axis=0)[i], abs=1e-9)


def test_leaving_out_each_region_is_the_model_without_it():
    model = small()
    found = uncertainty.tornado(model, numbers=(), switches=("left_out",))
    assert [setting for _, setting in found.rows] == list(model.region_names)
    for k, region in enumerate(model.region_names):
        expected = premium(model.with_parameters(left_out=region), "status quo", "concert")
        assert found.settings.loc[k + 1, list(model.players)].to_numpy(dtype=float) == pytest.approx(
            expected, abs=1e-9
        )


def test_what_turns_is_named():
    # Claimant contests where 10 times the cost is below 4 (40 / 176)^2 = .207, and nothing that competition does deters it.
    assert uncertainty.tornado(duel(0.0001, 0.001), switches=()).turned_by("holds") == ()
    assert uncertainty.tornado(duel(), switches=()).turned_by("holds") == ("contest_cost = 0.001",)
    assert uncertainty.tornado(duel(0.001, 0.1), switches=()).turned_by("holds") == ("contest_cost = 0.1",)
    assert "turns with contest_cost = 0.1" in uncertainty.tornado(duel(0.001, 0.1), switches=()).summary()


def test_against_an_observed_profile():
    found = uncertainty.tornado(duel(), against="quarrel", switches=())
    # A concert spares Claimant the cost and loses it the prize: premium 10 cost - 4 (40 / 176)^2.
    expected = 10 * np.array([duel().parameters.contest_cost, 0.001, 1.0]) - 4 * (40 / 176) ** 2
    assert found.settings["Claimant"].to_numpy() == pytest.approx(expected)
    assert 0 < expected[0] < 1
    words = "Claimant gains at the model's own values; that turns with contest_cost = 0.001."
    assert words in found.summary()


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"numbers": ["half_distanze"]}, MethodError, "no number with a range is called 'half_distanze'"),
        ({"switches": ["claim"]}, MethodError, "did you mean 'claims'"),
        ({"numbers": (), "switches": ()}, MethodError, "nothing to vary"),
        ({"against": "latly"}, ProfileError, "did you mean 'lately'"),
        ({"regime": "consert"}, ProfileError, "did you mean 'concert'"),
    ],
)
def test_bad_input(arguments, error, message):
    with pytest.raises(error, match=message):
        uncertainty.tornado(small(), **arguments)
    with pytest.raises(MethodError, match="no power 'Mars'"):
        uncertainty.tornado(duel(), switches=()).turned_by("Mars")


def test_no_premium_at_all_is_no_gain():
    """Where nobody contests, the concert changes nothing; where Claimant does, Holder gains by it."""
    found = uncertainty.tornado(duel(), switches=())
    assert found.base.tolist() == [0.0, 0.0]
    assert found.turned_by("Holder") == ("contest_cost = 0.001",)
    assert found.turned_by("Claimant") == ()
    assert found.swings.loc["contest_cost", "turns"] == "Holder, holds"
    words = found.summary()
    assert "Holder does not gain at the model's own values; that turns with contest_cost = 0.001." in words
    assert "Claimant does not gain in all of them." in words
    cheap = uncertainty.tornado(duel(0.0001, 0.001), switches=())
    assert "Holder gains in all of them." in cheap.summary()
    assert "The deal does not hold in all of them." in cheap.summary()
    dear = uncertainty.tornado(duel(0.1, 0.2), switches=())
    assert "The deal holds in all of them." in dear.summary()
    assert dear.swings.loc["contest_cost", ["widest", "turns"]].tolist() == [0.0, ""]


def test_a_long_list_ends_with_how_many_more_there_are():
    assert _few(list("abcdef")) == list("abcdef")
    assert _few(list("abcdefg")) == [*"abcde", "2 more"]
