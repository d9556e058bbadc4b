"""Tables over draws against their definitions, column by column."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from solvers import uncertainty
from solvers.uncertainty._shares import share_of
from solvers.uncertainty._stages import Bounds
from tests.solvers.uncertainty.worlds import EAST, NORTH, SOUTH, small

REGIMES = ("concert", "all-out")
PLAYERS = (NORTH, SOUTH, EAST)


@pytest.fixture(scope="module")
def found():
    model = small()
    return uncertainty.evaluate(model, model.draws(40, seed=5), "swap", REGIMES)


def test_shares_one_row_a_condition_and_benchmark(found):
    table = found.shares()
    for row in table.itertuples():
        if row.condition.endswith(" leave"):
            pair = found.pairs.index(row.condition.removesuffix(" leave"))
            share = share_of(found.pair_leaves[:, REGIMES.index(row.regime), pair])
        else:
            share = found.share(row.condition, row.regime, row.against or "competition")
        assert (row.share, row.error, row.low, row.high) == (share.value, share.error, share.low, share.high)
        assert row.draws == 40
    keys = [tuple(key) for key in table[["regime", "condition", "against"]].to_numpy()]
    for condition in ("North gains", "pays all", "pays all and holds", "firm"):
        assert ("concert", condition, "competition") in keys
        assert ("all-out", condition, "lately") in keys
    for condition in ("holds", "could hold", "equilibrium", "no pair leaves", "North and South leave"):
        assert ("concert", condition, "") in keys
    assert len(keys) == len(set(keys)) == 40
    one = found.shares("lately")
    assert set(one["against"]) == {"lately", ""}
    assert len(one) == 28
    assert not replace(found, pair_leaves=None).shares()["condition"].str.endswith("leave").any()


def test_observed_profiles_among_the_frequent_ones(found):
    table = found.observed_shares()
    counts = pd.Series([tuple(p) for p in found.equilibria[:, 1:]]).value_counts()
    assert table["share"].tolist() == sorted((counts / 40).tolist(), reverse=True)
    assert table["error"].tolist() == [share_of(np.arange(40) < s * 40).error for s in table["share"]]
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["observed"].tolist() == ["", "", "", "", "lately"]
    assert table["kept"][:4].isna().all()
    kept = (found.discount >= found.observed_nash[:, 0]).all(axis=1)
    assert 0 < table["kept"][4] == kept.mean()
    assert table["profile"][0] == "South contests North"


def test_an_observed_profile_that_is_never_an_equilibrium_stands_last(found):
    table = replace(found, observed_profiles=((3, 3, 3),)).observed_shares()
    assert table["share"].iloc[-1] == 0.0
    assert table["observed"].tolist() == [""] * 5 + ["lately"]
    assert table["rank"].iloc[-1] == 6
    several = replace(
        found,
        observed=("late", "early"),
        observed_profiles=((3, 3, 3), (3, 3, 2)),
        observed_nash=np.repeat(found.discount[:, None], 2, axis=1),
    ).observed_shares()
    assert several["observed"].tolist() == [""] * 5 + ["early", "late"]
    # A deal that pays as much as breaking it is kept.
    assert several["kept"].tolist()[5:] == [1.0, 1.0]
    # Profiles that are as frequent share a rank; in order of their action numbers.
    rows = np.array([[0, 1, 0, 0], [1, 0, 0, 0], [2, 0, 1, 0]])
    even = replace(found, equilibria=rows).observed_shares()
    assert even["rank"].tolist() == [1, 1, 1, 4]
    assert even["profile"].tolist()[:2] == ["nobody contests", "South contests North"]


@pytest.mark.parametrize("against", ["competition", "lately"])
@pytest.mark.parametrize("percent", [True, False])
def test_quantiles_of_premiums(found, against, percent):
    table = found.premiums(against, percent)
    assert table["regime"].tolist() == ["concert"] * 3 + ["all-out"] * 3
    for g, regime in enumerate(REGIMES):
        low = found.premium(regime, against).low
        unit = 100 / found.capability if percent else np.ones_like(low)
        for i, power in enumerate(PLAYERS):
            row = table.iloc[3 * g + i]
            assert row["power"] == power
            expected = np.quantile(low[:, i] * unit[:, i], [0.05, 0.25, 0.5, 0.75, 0.95])
            assert row[["5 %", "25 %", "median", "75 %", "95 %"]].tolist() == pytest.approx(expected.tolist())
            assert (row["gains"], row["error"]) == (
                share_of(low[:, i] > 0).value,
                share_of(low[:, i] > 0).error,
            )


def test_draws_without_an_equilibrium_have_no_premium_and_no_gain(found):
    high = found.competition.high.copy()
    high[:30] = np.nan
    part = replace(found, competition=Bounds(found.competition.low, high))
    rest = found.take(np.arange(30, 40))
    quantiles = ["5 %", "25 %", "median", "75 %", "95 %"]
    pd.testing.assert_frame_equal(part.premiums()[quantiles], rest.premiums()[quantiles])
    assert part.premiums()["gains"].tolist() == (rest.premiums()["gains"] / 4).tolist()
    none = replace(found, competition=Bounds(found.competition.low, np.full((40, 3), np.nan))).premiums()
    assert none[quantiles].isna().all(axis=None)
    assert (none["gains"] == 0).all()


def test_a_premium_of_nothing_is_no_gain(found):
    even = replace(found, payoffs=np.repeat(found.competition.high[:, None], 2, axis=1))
    assert (even.premiums()["gains"] == 0).all()


def test_autonomy_by_region(found):
    for g, regime in enumerate(REGIMES):
        table = found.regions(regime)
        deal, least = found.autonomy[:, g], found.autonomy_competition.low
        assert table.index.tolist() == ["Ally", "Province", "Buffer", "Twins"]
        assert table["deal"].tolist() == pytest.approx(np.median(deal, axis=0).tolist())
        assert table["5 %"].tolist() == pytest.approx(np.quantile(deal, 0.05, axis=0).tolist())
        assert table["95 %"].tolist() == pytest.approx(np.quantile(deal, 0.95, axis=0).tolist())
        assert table["competition"].tolist() == pytest.approx(np.median(least, axis=0).tolist())
        loses = [share_of(column) for column in (deal < least).T]
        assert table["loses"].tolist() == [s.value for s in loses]
        assert table["error"].tolist() == [s.error for s in loses]
    # What is as free as in the worst equilibrium loses nothing.
    even = replace(found, autonomy=np.repeat(least[:, None], 2, axis=1))
    assert (even.regions()["loses"] == 0).all()


def test_regions_where_competition_has_no_equilibrium_in_some_draws_or_in_all(found):
    low = found.autonomy_competition.low.copy()
    low[::2] = np.nan
    part = replace(found, autonomy_competition=Bounds(low, low)).regions()
    assert part["competition"].tolist() == pytest.approx(np.median(low[1::2], axis=0).tolist())
    none = replace(found, autonomy_competition=Bounds(np.full_like(low, np.nan), low)).regions()
    assert none["competition"].isna().all()


def test_one_row_a_draw_with_everything_that_follows(found):
    frame = found.to_frame()
    assert frame.index.tolist() == list(range(40))
    assert frame.index.name == "draw"
    for name, column in found.draws.columns.items():
        assert (frame[name] == column).all()
    expected = {
        "competition: equilibria": found.count,
        "competition: mixed": found.mixed,
        "competition: complete": found.complete,
    }
    for i, power in enumerate(PLAYERS):
        expected |= {
            f"competition: payoff low, {power}": found.competition.low[:, i],
            f"competition: payoff high, {power}": found.competition.high[:, i],
            f"lately: payoff, {power}": found.observed_payoffs[:, 0, i],
            f"lately: gain, {power}": found.observed_gains[:, 0, i],
            f"lately: critical discount, {power}": found.observed_nash[:, 0, i],
        }
        for g, regime in enumerate(REGIMES):
            expected |= {
                f"{regime}: payoff, {power}": found.payoffs[:, g, i],
                f"{regime}: premium low, {power}": found.premium(regime).low[:, i],
                f"{regime}: premium high, {power}": found.premium(regime).high[:, i],
                f"{regime}: gain, {power}": found.gains[:, g, i],
                f"{regime}: critical discount, {power}": found.nash[:, g, i],
                f"{regime}: critical discount mildest, {power}": found.nash_mildest[:, g, i],
                f"{regime}: critical discount status quo, {power}": found.status_quo[:, g, i],
                f"{regime}: critical discount ostracism, {power}": found.ostracism[:, g, i],
                f"{regime}: critical discount minmax, {power}": found.minmax[:, g, i],
                f"{regime}: critical discount minmax pure, {power}": found.minmax_pure[:, g, i],
            }
    for g, regime in enumerate(REGIMES):
        for p, pair in enumerate(found.pairs):
            expected[f"{regime}: leave, {pair}"] = found.pair_leaves[:, g, p]
        for condition in ("pays all", "holds", "pays all and holds"):
            expected[f"{regime}: {condition}"] = found.condition(condition, regime)
        for c, unit in enumerate(("people", "output")):
            expected[f"{regime}: autonomy lost low, {unit}"] = found.lost(regime).low[:, c]
            expected[f"{regime}: autonomy lost high, {unit}"] = found.lost(regime).high[:, c]
        for r, region in enumerate(found.model.region_names):
            expected[f"{regime}: autonomy, {region}"] = found.autonomy[:, g, r]
    assert set(frame.columns) == set(expected) | set(found.draws.names)
    for name, column in expected.items():
        np.testing.assert_array_equal(frame[name], column, name)


def test_what_was_not_computed_has_no_column(found):
    blank = np.full_like(found.autonomy, np.nan)
    frame = replace(found, autonomy=blank, pair_leaves=None).to_frame()
    assert not [name for name in frame.columns if "autonomy" in name or "leave" in name]
    # One region that is not a number in one draw is enough to leave the sums out.
    some = found.autonomy.copy()
    some[3, 0, 2] = np.nan
    assert not [n for n in replace(found, autonomy=some).to_frame().columns if "autonomy" in n]
