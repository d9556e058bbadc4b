"""Concert against competition: every table recomputed from the game, and invariances."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import load, stances
from games.errors import GameError, ProfileError, ScenarioError, SizeError
from solvers import compare, nash, repeated
from solvers.spheres.standing import stand
from tests.solvers.worlds_by_hand import model_by_hand

US, RU = "United States", "Russia"


@pytest.fixture(scope="module")
def model():
    return load("us-china-russia-2025")


@pytest.fixture(scope="module")
def result(model):
    return compare.concert(model)


@pytest.fixture(scope="module")
def deal(model):
    return compare.concert(model, map="Ukraine to Russia")


@pytest.fixture(scope="module")
def between(deal):
    """The deal against two benchmarks, competition and all-out contest, so that no interval is a single number."""
    s = deal.standing
    profiles = (*s.benchmark_profiles, s.benchmark_game.mixed(deal.model.profile("all-out")))
    payoffs, own = (np.array([g.expected(p) for p in profiles]) for g in (s.benchmark_game, s.game))
    standing = replace(
        s,
        benchmark_names=("competition", "all-out"),
        benchmark_profiles=profiles,
        benchmarks=payoffs,
        status_quo=repeated.critical_discount(s.game, s.profile, payoffs),
        reversion=repeated.critical_discount(s.game, s.profile, own),
    )
    return replace(deal, standing=standing)


def test_intervals_run_from_the_least_to_the_most_over_the_benchmarks(model, between):
    s = between.standing
    assert np.array_equal(between.premium["premium low"], (s.payoffs - s.benchmarks).min(axis=0))
    assert np.array_equal(between.premium["premium high"], (s.payoffs - s.benchmarks).max(axis=0))
    d, gain = model.discount, between.deviation["gain"].to_numpy()
    for name, values in (
        ("nash", [s.game.expected(p) for p in s.benchmark_profiles]),
        ("status quo", s.benchmarks),
    ):
        slack = d * (s.payoffs - np.array(values)) - (1 - d) * gain
        assert between.slack[f"{name} low"].to_numpy() == pytest.approx(slack.min(axis=0))
        assert between.slack[f"{name} high"].to_numpy() == pytest.approx(slack.max(axis=0))
        assert (np.ptp(slack, axis=0) > 0.1).all()


def test_burdens_add_up_within_each_benchmark(model, between):
    deal = between.regions[0]["autonomy"].to_numpy()
    for weights, name in (
        ([r.population for r in model.regions], "person burden"),
        ([r.output for r in model.regions], "gdp burden"),
    ):
        burdens = []
        for profile in between.standing.benchmark_profiles:
            chance = [
                (tuple(a), np.prod([v[k] for v, k in zip(profile, a)])) for a in stances.all_profiles(3)
            ]
            autonomy = sum(c * model.autonomy_of(a).to_numpy() for a, c in chance if c > 0)
            burdens.append((autonomy - deal) @ np.array(weights))
        assert burdens[0] != pytest.approx(burdens[1], rel=1e-3)
        assert between.burden_total[f"{name} low"] == pytest.approx(min(burdens))
        assert between.burden_total[f"{name} high"] == pytest.approx(max(burdens))


def test_premiums_are_payoffs_less_those_of_every_equilibrium(model, result):
    game = model.stage()
    payoffs = np.array([game.expected(e.profile) for e in nash.find_all(game)])
    concert = game.payoff((0, 0, 0))
    assert result.premium["concert"].to_numpy() == pytest.approx(concert)
    assert result.premium["premium low"].to_numpy() == pytest.approx(concert - payoffs.max(axis=0), abs=1e-9)
    assert result.premium["premium high"].to_numpy() == pytest.approx(concert - payoffs.min(axis=0), abs=1e-9)


def test_a_deal_is_measured_against_competition_on_the_status_quo_map(model, result, deal):
    assert deal.premium["competition low"].equals(result.premium["competition low"])
    expected = model.stage("Ukraine to Russia").payoff((0, 0, 0))
    assert deal.premium["concert"].to_numpy() == pytest.approx(expected)


def test_deviations_and_critical_discounts_by_hand(model, deal):
    game = model.stage("Ukraine to Russia")
    values = {
        "nash": np.array([game.expected(e.profile) for e in nash.find_all(game)]),
        "status quo": np.array([model.stage().expected(e.profile) for e in nash.find_all(model.stage())]),
    }
    for i, power in enumerate(model.players):
        index = [0, 0, 0]
        others = []
        for a in range(1, 4):
            index[i] = a
            others.append(game.payoffs[tuple(index)][i])
        gain = max(others) - game.payoffs[0, 0, 0, i]
        assert deal.deviation.loc[power, "gain"] == pytest.approx(gain)
        assert deal.deviation.loc[power, "action"] == game.actions[i][int(np.argmax(others)) + 1]
        for name, table in values.items():
            by_hand = []
            for w in table[:, i]:
                loss = game.payoffs[0, 0, 0, i] - w
                by_hand.append(0.0 if gain <= 0 else gain / (gain + loss) if loss > 1e-9 else np.inf)
            assert deal.critical_discount.loc[power, f"{name} low"] == pytest.approx(min(by_hand))
            assert deal.critical_discount.loc[power, f"{name} high"] == pytest.approx(max(by_hand))


def test_slack_is_negative_exactly_where_patience_falls_short(result, deal):
    for r in (result, deal):
        short = r.critical_discount["own discount"] < r.critical_discount["nash low"]
        assert (r.slack["nash high"] < 0).tolist() == short.tolist()
        assert (r.critical_discount["minmax correlated"] <= r.critical_discount["nash low"] + 1e-9).all()
        assert (r.critical_discount["minmax correlated"] <= r.critical_discount["minmax pure"] + 1e-9).all()


def test_the_ledger_explains_both_payoffs(result, deal):
    for r in (result, deal):
        sums = r.ledger.groupby("power", sort=False)[["concert", "competition"]].sum()
        assert sums["concert"].to_numpy() == pytest.approx(r.premium["concert"].to_numpy())
        assert sums["competition"].to_numpy() == pytest.approx(r.standing.benchmarks[r.reference])


def test_regions_under_competition_are_expected_ones(model, result):
    concert, competition = result.regions
    assert (concert["autonomy"] == 1.0).all()
    expected = np.zeros(len(model.regions))
    profile = result.standing.benchmark_profiles[result.reference]
    for actions in stances.all_profiles(3):
        chance = np.prod([vector[a] for vector, a in zip(profile, actions)])
        if chance > 0:
            expected += chance * model.autonomy_of(tuple(actions)).to_numpy()
    assert competition["autonomy"].to_numpy() == pytest.approx(expected)


def test_the_premium_as_a_share_of_own_capability(model, result):
    expected = 100 * result.premium["premium low"].to_numpy() / model.capability
    assert result.premium["share low"].to_numpy() == pytest.approx(expected)


def test_observed_profiles_beside_competition(model, result):
    table = result.against_observed
    assert list(table.index) == list(model.observed)
    game = model.stage()
    for name, row in table.iterrows():
        profile = model.profile(name)
        assert row["equilibrium"] == (game.regret(profile).max() < 1e-9)
        assert row["Russia payoff"] == pytest.approx(game.payoffs[profile][2])
        assert row["Russia premium"] == pytest.approx(
            result.premium.loc[RU, "concert"] - row["Russia payoff"]
        )
        assert row["Russia regret"] == pytest.approx(game.regret(profile)[2], abs=1e-9)


def test_variants_are_deals_of_their_own(model, result):
    assert list(result.variants.index) == list(model.variants(regions=False))
    alone = stand(model.variants(regions=False)["claims on parts"], "status quo", "concert", {})
    row = result.variants.loc["claims on parts"]
    assert row["China premium low"] == pytest.approx(alone.premium[:, 1].min())
    assert row["holds nash"] == alone.holds


def test_a_map_by_what_it_changes(model, deal):
    same = compare.concert(model, map={"Ukraine": "Russia"})
    assert same.map_name == "Ukraine to Russia"
    assert same.premium.equals(deal.premium)


def test_third_parties_lose_what_their_autonomy_falls_by(model, deal):
    table = deal.burden
    assert table["lost low"].to_numpy() == pytest.approx(
        (table["autonomy competition low"] - table["autonomy concert"]).to_numpy()
    )
    assert table.loc["Ukraine", "lost low"] > 0
    people = model.regions[model.region_names.index("Ukraine")].population
    assert table.loc["Ukraine", "person burden low"] == pytest.approx(
        people * table.loc["Ukraine", "lost low"]
    )
    assert deal.burden_total["person burden low"] >= table["person burden low"].sum() - 1e-9
    assert deal.burden_total["gdp burden high"] <= table["gdp burden high"].sum() + 1e-9


def test_all_out_contest_can_be_the_benchmark(model):
    r = compare.concert(replace(model, benchmark="all-out"))
    assert r.premium["competition low"].to_numpy() == pytest.approx(model.stage().payoff((3, 3, 3)))
    assert "all-out contest" in r.verdict[0]


def test_every_index_and_map_is_there(model, result):
    assert list(result.by_index.index) == list(model.indices)
    assert list(result.maps.index) == list(model.maps)
    alone = stand(model.with_index("GDP"), "status quo", "concert", {})
    assert result.by_index.loc["GDP", "Russia premium low"] == pytest.approx(alone.premium[:, 2].min())
    assert result.by_index.loc["GDP", "holds nash"] == alone.holds


def test_regimes_other_than_the_concert(model):
    r = compare.concert(model, regime="G2")
    assert r.premium["concert"].to_numpy() == pytest.approx(model.stage().payoff(model.regimes["G2"]))


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        (
            {"map": "Taiwan to Chine"},
            ScenarioError,
            "no map 'Taiwan to Chine'; did you mean 'Taiwan to China'",
        ),
        ({"map": {"Taiwan": "Chine"}}, ScenarioError, "did you mean 'China'"),
        ({"regime": "concerto"}, ProfileError, "no regime 'concerto'; did you mean 'concert'"),
    ],
)
def test_what_is_not_there(model, arguments, error, expected):
    with pytest.raises(error, match=expected):
        compare.concert(model, **arguments)


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0)])
def test_permuting_powers_permutes_results(model, result, order):
    other = compare.concert(replace(model, powers=tuple(model.powers[i] for i in order), observed={}))
    for table in ("premium", "slack", "critical_discount"):
        before, after = getattr(result, table), getattr(other, table)
        assert after.loc[before.index].to_numpy(float) == pytest.approx(before.to_numpy(float), abs=1e-7)
    assert other.burden["lost low"].to_numpy() == pytest.approx(
        result.burden["lost low"].to_numpy(), abs=1e-9
    )


@given(
    scale=st.lists(st.sampled_from([1e-6, 0.3, 1.0, 17.0, 1e6]), min_size=3, max_size=3),
    shift=st.lists(st.floats(-100, 100), min_size=3, max_size=3),
)
@settings(max_examples=8, deadline=None, derandomize=True)
def test_units_change_no_equilibrium_no_critical_discount_and_no_deviation(model, scale, shift):
    game = model.stage("Ukraine to Russia")
    # A shift in units of the payoffs: one that dwarfs them would leave no digits to compare.
    other = game.rescale(scale, np.array(shift) * scale)
    before, after = nash.find_all(game), nash.find_all(other)
    assert len(before) == len(after)
    for e in before:
        assert min(max(np.abs(x - y).max() for x, y in zip(e.profile, f.profile)) for f in after) < 1e-7
    for kind in ("nash", "minmax"):
        one = repeated.critical_discount(game, (0, 0, 0), kind)
        two = repeated.critical_discount(other, (0, 0, 0), kind)
        assert two.per_player == pytest.approx(one.per_player, abs=1e-7)
        assert two.deviation == one.deviation


def test_six_powers_are_refused_with_their_size():
    with pytest.raises(SizeError, match="profiles, too many"):
        compare.concert(model_by_hand(count=6))


def test_what_is_not_a_model_is_refused_at_the_door():
    with pytest.raises(
        GameError, match=r"must be a SpheresModel; got 'us-china-russia-2025'; read it with games\.load"
    ):
        compare.concert("us-china-russia-2025")


def test_how_it_looks(result):
    assert result.summary() == " ".join(result.verdict)
    assert list(result.to_frame().columns) == [
        "concert", "competition low", "competition high", "premium low", "premium high", "share low", "share high",
        "critical discount", "own discount", "slack", "what binds",
    ]  # fmt: skip
    assert US in repr(result)
    assert "<table" in result._repr_html_()
