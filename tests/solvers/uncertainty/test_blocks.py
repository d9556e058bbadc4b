"""A block of draws against a plain loop: one model a draw, and the solvers for one game."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import stances
from games.errors import MethodError
from games.spheres import Place, Power
from solvers import coalitions, minmax, nash, repeated, uncertainty
from solvers.repeated.patience import best_deviation
from solvers.uncertainty._blocks import Task, _sight
from tests.solvers.uncertainty.worlds import small


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


@pytest.mark.parametrize("count", [20, pytest.param(200, marks=pytest.mark.thorough)])
@pytest.mark.parametrize(("map", "mixed"), [("status quo", "where none"), ("swap", "all")])
def test_draws_as_a_plain_loop_has_them(model, map, mixed, count):
    draws = model.draws(count, seed=2)
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


def test_four_powers_and_five(model):
    west = Power("West", 0.05, 0.05, (Place("Westham", 45.0, -70.0),))
    four = replace(model, powers=(*model.powers, west))
    draws = four.draws(6)
    by_array = uncertainty.evaluate(four, draws, "swap", regimes="concert", mixed="never")
    five = replace(four, powers=(*four.powers, Power("Far", 0.04, 0.04, (Place("Farville", -30.0, 140.0),))))
    assert uncertainty.evaluate(five, draws, "swap", regimes="concert").condition("holds").shape == (6,)
    # The search for large games, run on a game that fits in an array, finds only equilibria that are in it.
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


def more_powers(model, count):
    """The small world with further powers far from one another."""
    names = ("West", "Far", "High", "Low")
    extra = [
        Power(name, 0.05, 0.04, (Place(f"{name}ton", 40.0 - 10 * k, 30.0 * k - 70),))
        for k, name in enumerate(names)
    ]
    return replace(model, powers=(*model.powers, *extra[: count - 3]))


@pytest.mark.parametrize("mixed", ["where none", "all"])
def test_competition_over_mixed_equilibria(model, mixed):
    """Draws in which competition mixes: payoffs, counts and expected autonomy over every equilibrium."""
    draws = model.draws(64, seed=2).take([1, 5, 37, 38, 49, 50])
    found = uncertainty.evaluate(model, draws, regimes="concert", mixed=mixed)
    assert found.mixed.tolist() == [True, True, mixed == "all", mixed == "all", True, False]
    assert found.complete.all()
    profiles = stances.contest_matrices(stances.all_profiles(3))
    size = np.array([[r.population, r.output] for r in model.regions])
    pure_rows = []
    for d in range(len(draws)):
        one = model.vary({name: column[d] for name, column in draws.columns.items()})
        played = [e for e in nash.find_all(one.stage()) if mixed == "all" or e.is_pure]
        played = played or list(nash.find_all(one.stage()))
        pure_rows += [[d, *(s[0] for s in e.support)] for e in played if e.is_pure]
        assert found.count[d] == len(played)
        free = np.array(
            [np.einsum("i,j,k->ijk", *e.profile).reshape(-1) @ one.autonomy(profiles) for e in played]
        )
        for bounds, values in (
            (found.competition, np.array([e.payoffs for e in played])),
            (found.autonomy_competition, free),
            (found.weighed_competition, free @ size),
        ):
            assert bounds.low[d] == pytest.approx(values.min(axis=0), abs=1e-9)
            assert bounds.high[d] == pytest.approx(values.max(axis=0), abs=1e-9)
    assert sorted(found.equilibria.tolist()) == sorted(pure_rows)


def test_what_is_not_asked_for_is_not_a_number(model):
    found = uncertainty.evaluate(model, model.draws(4), "swap", "concert", autonomy=False, observed=())
    for table in (found.autonomy, *found.autonomy_competition, *found.weighed_competition):
        assert np.isnan(table).all()
    assert found.autonomy.shape == (4, 1, 4)
    assert found.autonomy_observed.shape == (4, 0, 4)
    assert (
        found.observed_payoffs.shape == found.observed_gains.shape == found.observed_nash.shape == (4, 0, 3)
    )


def test_observed_profiles_on_the_status_quo_map(model):
    """Whatever map the deal has, what was observed is punished and left free as on the map of today."""
    draws = model.draws(16, seed=2)
    found = uncertainty.evaluate(model, draws, "swap", "concert")
    home = uncertainty.evaluate(model, draws, "status quo", {"deal": "lately"})
    assert found.observed_payoffs == pytest.approx(home.payoffs)
    assert found.observed_gains == pytest.approx(home.gains)
    assert found.observed_nash == pytest.approx(home.nash)
    assert found.autonomy_observed == pytest.approx(home.autonomy)
    assert home.status_quo == pytest.approx(home.nash)
    # Away from home the equilibria are others.
    away = uncertainty.evaluate(model, draws, "swap", {"deal": "lately"})
    assert (away.nash != away.status_quo).any()


def test_where_no_equilibrium_is_known_nothing_punishes(model):
    """A deal from which nobody gains needs no patience, any other cannot be kept."""
    draws = model.draws(64, seed=2).take([1, 5, 49])
    found = uncertainty.evaluate(model, draws, regimes=("concert", "all-out"), mixed="never")
    assert (found.count == 0).all()
    assert np.isnan(found.competition.low).all()
    assert (found.nash[found.gains > 1e-9] == np.inf).all()
    assert (found.nash[found.gains <= 0] == 0).all()
    assert np.isnan(found.autonomy_competition.low).all()


@pytest.mark.parametrize("count", [3, 4, 5])
def test_ostracised_powers_are_contested_by_all_others_and_by_nobody_else(model, count):
    world = more_powers(model, count)
    draws = world.draws(2, seed=1)
    found = uncertainty.evaluate(world, draws, "swap", "concert", autonomy=False)
    for d in range(2):
        one = world.vary({name: column[d] for name, column in draws.columns.items()})
        for i, power in enumerate(world.players):
            outcast = one.profile_contests(
                stances.from_pairs(world.players, [(p, power) for p in world.players if p != power])
            )
            value = one.unilateral(outcast, "swap").deviations[i].max()
            payoffs, gain = found.payoffs[d, 0, i], found.gains[d, 0, i]
            expected = repeated.patience.threshold(gain, payoffs, value, 1e-12)
            assert found.ostracism[d, 0, i] == pytest.approx(float(expected))


def test_five_to_seven_powers(model):
    """Deviations are compared one by one; those of pairs up to six powers."""
    for count in (5, 6, 7):
        world = more_powers(model, count)
        draws = world.draws(1, seed=2)
        found = uncertainty.evaluate(world, draws, "swap", ("concert", "all-out"), autonomy=False)
        assert (found.pair_leaves is None) == (count == 7)
        assert found.minmax.shape == (1, 2, count)
        assert np.isnan(found.minmax).all()
        assert np.isnan(found.minmax_pure).all()
        assert not found.mixed.any()
        assert not found.complete.any()
        assert found.count.tolist() == np.bincount(found.equilibria[:, 0], minlength=1).tolist()
        for d, *actions in found.equilibria.tolist():
            one = world.vary({name: column[d] for name, column in draws.columns.items()})
            alone = one.unilateral(tuple(actions))
            assert (alone.deviations.max(axis=-1) <= alone.payoffs + 1e-9).all()


def test_pairs_that_leave_together_without_the_whole_game(model):
    world = more_powers(model, 4)
    draws = world.draws(8, seed=3)
    regimes = {name: world.profile(name) for name in ("concert", "all-out")}
    whole = uncertainty.evaluate(world, draws, "swap", tuple(regimes), autonomy=False)
    task = Task(world, {"swap": "swap"}, regimes, {}, "never", False, 8, 0)
    large = task.large_deal(draws, "swap", task.large_base(draws))
    assert (large.pair_leaves == whole.pair_leaves).all()
    assert 0 < large.pair_leaves.sum() < large.pair_leaves.size
    assert large.payoffs == pytest.approx(whole.payoffs)
    assert large.gains == pytest.approx(whole.gains)


def test_no_profiles_at_all(model):
    task = Task(more_powers(model, 5), {}, {}, {}, "never", False, 2, 0)
    draws = task.model.draws(2)
    base = task.large_base(draws)
    assert base.payoffs.shape == base.gains.shape == (2, 0, 5)
    assert (base.rounding == 0).all()


def test_without_the_whole_game_the_largest_payoff_in_sight_says_what_rounding_is():
    deviations = np.array([[[1.0, -4.0], [2.0, 3.0]], [[0.0, 0.0], [-8.0, 1.0]]])
    seen = (np.zeros((2, 2)), np.zeros((2, 2)), deviations)
    assert _sight([seen], 2, 2).tolist() == [[4e-12, 3e-12], [0.0, 8e-12]]
