"""Outcomes over draws against a plain loop: one model a draw, and the solvers for one game."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from games import stances
from games.errors import MethodError, ProfileError, ScenarioError
from games.spheres import Draws
from solvers import coalitions, minmax, nash, repeated, uncertainty
from solvers.repeated.patience import best_deviation
from tests.solvers.uncertainty.worlds import EAST, NORTH, SOUTH, duel, small


@pytest.fixture(scope="module")
def model():
    return small()


def plain(model, draws, map, regimes, observed, mixed):
    """The same numbers, one draw at a time, from a varied model and the solvers for one game."""
    rows = []
    for d in range(len(draws)):
        changes = {name: column[d] for name, column in draws.columns.items()}
        one = model.vary(changes)
        base, own = one.stage("status quo"), one.stage(map)

        def equilibria(game):
            found = nash.pure(game) if mixed == "never" else nash.find_all(game)
            kept = [e for e in found if e.is_pure]
            if mixed == "all" or not kept:
                kept = list(found)
            return kept

        base_found, own_found = equilibria(base), equilibria(own)
        row = {
            "low": np.min([e.payoffs for e in base_found], axis=0),
            "high": np.max([e.payoffs for e in base_found], axis=0),
            "autonomy": one.autonomy(
                stances.contest_matrices(np.array([one.profile(r) for r in regimes])), map
            ),
            "discount": one.discount,
            "capability": one.capability,
        }
        for name, regime in enumerate(regimes):
            profile = one.profile(regime)
            own_payoffs = np.array([e.payoffs for e in own_found])
            base_payoffs = np.array([e.payoffs for e in base_found])
            nash_found = repeated.critical_discount(own, profile, own_payoffs)
            row[name] = {
                "payoffs": own.payoffs[profile],
                "gains": best_deviation(own, profile)[0],
                "nash": nash_found.per_player,
                "nash_mildest": nash_found.worst,
                "status_quo": repeated.critical_discount(own, profile, base_payoffs).per_player,
                "minmax": repeated.critical_discount(own, profile, "minmax", kind="correlated").per_player,
                "minmax_pure": repeated.critical_discount(own, profile, "minmax", kind="pure").per_player,
                "pairs": [len(p) > 0 for p in coalitions.joint_deviations(own, profile).pairs],
            }
        seen = one.profile(observed)
        row["observed"] = base.payoffs[seen], best_deviation(base, seen)[0]
        rows.append(row)
    return rows


@pytest.mark.parametrize("count", [40, pytest.param(200, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(("map", "mixed"), [("status quo", "where none"), ("swap", "all")])
def test_draws_as_a_plain_loop_has_them(model, map, mixed, count):
    draws = model.draws(count, seed=3)
    regimes = ("concert", "all-out")
    found = uncertainty.evaluate(model, draws, map, regimes, mixed=mixed)
    for d, row in enumerate(plain(model, draws, map, regimes, "lately", mixed)):
        assert found.competition.low[d] == pytest.approx(row["low"], abs=1e-9)
        assert found.competition.high[d] == pytest.approx(row["high"], abs=1e-9)
        assert found.autonomy[d] == pytest.approx(row["autonomy"], abs=1e-9)
        assert found.discount[d] == pytest.approx(row["discount"])
        assert found.capability[d] == pytest.approx(row["capability"])
        for g in range(2):
            for name in ("payoffs", "gains", "nash", "nash_mildest", "status_quo", "minmax", "minmax_pure"):
                assert getattr(found, name)[d, g] == pytest.approx(row[g][name], abs=1e-9), name
            assert found.pair_leaves[d, g].tolist() == row[g]["pairs"]
        assert found.observed_payoffs[d, 0] == pytest.approx(row["observed"][0], abs=1e-9)
        assert found.observed_gains[d, 0] == pytest.approx(row["observed"][1], abs=1e-9)


def test_ostracism_is_being_contested_by_all_others(model):
    found = uncertainty.evaluate(model, model.draws(5), regimes="concert")
    for d in range(5):
        one = model.vary({name: column[d] for name, column in found.draws.columns.items()})
        game = one.stage()
        concert = one.profile("concert")
        gain, _ = best_deviation(game, concert)
        for i, power in enumerate(model.players):
            pairs = [(other, power) for other in model.players if other != power]
            outcast = list(stances.from_pairs(model.players, pairs))
            index = tuple(slice(None) if j == i else a for j, a in enumerate(outcast))
            value = game.payoffs[index][:, i].max()
            expected = repeated.patience.threshold(gain[i], game.payoffs[concert][i], value, 1e-12)
            assert found.ostracism[d, 0, i] == pytest.approx(float(expected))
            assert value >= minmax.values(game, "pure").values[i] - 1e-12


def test_competition_and_its_burden_by_region(model):
    draws = model.draws(40, seed=1)
    found = uncertainty.evaluate(model, draws, regimes="concert")
    people = np.array([r.population for r in model.regions])
    for d in range(40):
        one = model.vary({name: column[d] for name, column in draws.columns.items()})
        game = one.stage()
        pure = list(nash.pure(game)) or list(nash.find_all(game))
        each = []
        for e in pure:
            profiles = stances.contest_matrices(stances.all_profiles(3))
            weight = np.einsum("i,j,k->ijk", *e.profile).reshape(-1)
            each.append(weight @ one.autonomy(profiles))
        assert found.autonomy_competition.low[d] == pytest.approx(np.min(each, axis=0), abs=1e-9)
        assert found.autonomy_competition.high[d] == pytest.approx(np.max(each, axis=0), abs=1e-9)
        lost = [people @ (a - found.autonomy[d, 0]) for a in each]
        assert found.lost().low[d, 0] == pytest.approx(min(lost), abs=1e-9)
        assert found.lost().high[d, 0] == pytest.approx(max(lost), abs=1e-9)


def test_blocks_change_nothing(model, monkeypatch):
    from solvers.uncertainty import _evaluate

    draws = model.draws(50, seed=2)
    whole = uncertainty.evaluate(model, draws).to_frame()
    monkeypatch.setattr(_evaluate, "_BLOCK", 64 * 3 * 7)
    pd.testing.assert_frame_equal(uncertainty.evaluate(model, draws).to_frame(), whole)


def test_four_powers_and_five(model):
    from dataclasses import replace

    from games.spheres import Place, Power

    west = Power("West", 0.05, 0.05, (Place("Westham", 45.0, -70.0),))
    four = replace(model, powers=(*model.powers, west))
    draws = four.draws(6)
    by_array = uncertainty.evaluate(four, draws, "swap", regimes="concert", mixed="never")
    five = replace(four, powers=(*four.powers, Power("Far", 0.04, 0.04, (Place("Farville", -30.0, 140.0),))))
    assert uncertainty.evaluate(five, draws, "swap", regimes="concert").condition("holds").shape == (6,)
    # The search for large games, run on a game that fits in an array, finds only equilibria that are in it.
    from solvers.uncertainty._blocks import Task

    task = Task(four, {"swap": "swap"}, {"concert": (0, 0, 0, 0)}, {}, "never", True, 8, 0)
    base = task.large_base(draws)
    deal = task.large_deal(draws, "swap", base)
    searched = task.assemble(draws, "swap", base, deal, task.competition(draws, base))
    table = {tuple(row) for row in by_array.equilibria.tolist()}
    assert {tuple(row) for row in searched.equilibria.tolist()} <= table
    assert len(searched.equilibria) > 0
    assert not searched.complete.any()
    for name in ("payoffs", "gains", "ostracism"):
        assert getattr(searched, name) == pytest.approx(getattr(by_array, name), abs=1e-9), name
    assert (searched.pair_leaves == by_array.pair_leaves).all()
    assert searched.autonomy == pytest.approx(by_array.autonomy)
    with pytest.raises(MethodError, match="whole stage game"):
        searched.condition("could hold")
    with pytest.raises(MethodError, match="whole stage game"):
        uncertainty.evaluate(five, draws, mixed="all")


def test_the_duel_by_hand():
    model = duel()
    found = uncertainty.evaluate(model, model.draws(500, seed=4), regimes="concert")
    lose = 40 / 176
    win = 4 * lose**2
    cost = 10 * found.draws["contest_cost"]
    assert found.gains[:, 0, 1] == pytest.approx(win - cost)
    contested = cost < win
    assert found.competition.low[:, 1] == pytest.approx(np.where(contested, win - cost, 0.0))
    # Holder bears 120 / 136 of the defence's effort.
    held = 4 * (1 - lose) - 4 * lose * (1 - lose) * 120 / 136
    assert found.competition.low[:, 0] == pytest.approx(np.where(contested, held - cost, 4.0))
    assert (found.condition("equilibrium") == ~contested).all()
    # Nothing that competition can do punishes Claimant, so no patience holds it.
    assert (found.condition("holds") == ~contested).all()
    assert np.isinf(found.nash[contested, 0, 1]).all()


def test_profiles_can_be_handed_in(model):
    draws = model.draws(8)
    named = uncertainty.evaluate(
        model, draws, regimes={"peace": (0, 0, 0)}, observed={"now": [(SOUTH, NORTH), (NORTH, SOUTH)]}
    )
    usual = uncertainty.evaluate(model, draws, regimes="concert")
    assert named.payoffs == pytest.approx(usual.payoffs)
    assert named.observed_payoffs == pytest.approx(usual.observed_payoffs)
    assert uncertainty.evaluate(model, draws.to_frame(), regimes="concert").payoffs == pytest.approx(
        usual.payoffs
    )
    handed = uncertainty.evaluate(model, draws, {"Ally": SOUTH, "Buffer": EAST}, "concert")
    swap = uncertainty.evaluate(model, draws, "swap", "concert")
    assert handed.nash == pytest.approx(swap.nash)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: uncertainty.evaluate(m, 100), MethodError, "draws are a Draws or a table, not int"),
        (lambda m: uncertainty.evaluate(m, m.draws(0)), ScenarioError, "at least one draw"),
        (lambda m: uncertainty.evaluate(m, m.draws(4), "swop"), ScenarioError, "did you mean 'swap'"),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), regimes="consert"),
            ProfileError,
            "did you mean 'concert'",
        ),
        (lambda m: uncertainty.evaluate(m, m.draws(4), regimes=()), MethodError, "name at least one"),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), regimes=[3]),
            MethodError,
            "regimes must be a text or a list of texts",
        ),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), observed="lastly"),
            ProfileError,
            "did you mean 'lately'",
        ),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), observed={"x": [("North", "Mars")]}),
            ProfileError,
            "Mars",
        ),
        (
            lambda m: uncertainty.evaluate(m, Draws({"haf_distance": np.ones(3)}, {})),
            ScenarioError,
            "half_distance",
        ),
        (lambda m: uncertainty.evaluate(m, m.draws(4), mixed="some"), MethodError, "mixed is 'some'"),
    ],
)
def test_bad_input_is_one_clear_line(model, call, error, message):
    with pytest.raises(error, match=message) as caught:
        call(model)
    assert "\n" not in str(caught.value)
