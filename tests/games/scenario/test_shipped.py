"""The shipped scenarios: figures as published, faces that a reader of history would expect, and sources for what was seen."""

from __future__ import annotations

import numpy as np
import pytest

from games import load, scenarios, stances

US, CN, RU = "United States", "China", "Russia"
THREE = ["us-china-russia-2025", "us-china-russia-2021", "us-china-russia-2017"]

# Correlates of War, NMC 7.0.
CINC = {
    "us-china-russia-2017": (0.1333, 0.2308, 0.0365),
    "cold-war-1972": (0.1647, 0.1708, 0.1130),
    "concert-of-europe-1816": (0.3366, 0.1173, 0.0522, 0.0861, 0.1643),
    "concert-of-europe-1830": (0.3056, 0.1401, 0.0454, 0.0794, 0.1573),
    "concert-of-europe-1853": (0.2874, 0.1310, 0.0527, 0.0873, 0.1354),
    "four-policemen-1945": (0.3839, 0.0880, 0.1182, 0.0935),
}


@pytest.fixture(scope="module", params=scenarios())
def model(request):
    return load(request.param)


@pytest.mark.parametrize("name", CINC)
def test_capability_is_the_published_index(name):
    assert load(name).with_index("CINC").capability / 100 == pytest.approx(CINC[name], abs=6e-5)


def test_in_the_concert_every_ally_keeps_its_autonomy(model):
    autonomy = model.autonomy_of("concert")
    for region, mode in zip(model.region_names, model.modes()):
        assert autonomy[region] == 1.0 or mode == "force"


def test_handing_a_region_over_costs_its_people_their_autonomy(model):
    """Where a map hands a region to a power by force; neutral regions and those that consent keep theirs in the concert."""
    for map in model.maps:
        autonomy = model.autonomy_of("concert", map)
        for region, mode in zip(model.region_names, model.modes(map)):
            assert (autonomy[region] < 1) == (
                mode == "force" and model.regions[model.region_names.index(region)].piece is None
            )


def test_every_observed_profile_names_its_source(model):
    assert model.observed
    for seen in model.observed.values():
        assert len(seen.source) > 20


def test_every_number_says_where_it_comes_from(model):
    table = model.inputs()
    observed = table[table["tag"] == "observed"]
    assert observed["source"].str.len().min() > 10
    assert observed["year"].notna().all()
    assumed = table[table["tag"] == "assumed"]
    assert assumed["reason"].str.len().min() > 0
    assert (assumed["low"] <= assumed["value"]).all()
    assert (assumed["value"] <= assumed["high"]).all()


def test_draws_of_every_scenario_give_finite_payoffs(model):
    found = model.unilateral("concert", draws=model.draws(16))
    assert np.isfinite(found.deviations).all()
    discounts = model.discounts(model.draws(16))
    assert ((discounts > 0) & (discounts < 1)).all()


@pytest.mark.parametrize("name", THREE)
def test_the_regions_of_the_debate_are_kept_apart(name):
    model = load(name)
    assert set(model.on_table) <= set(model.region_names)
    lead = dict(zip(model.region_names, model.holder_names()))
    assert lead["Ukraine"] == "nobody"
    assert lead["Central Asia"] == RU
    assert {
        lead[r] for r in ("Baltics", "Taiwan", "Philippines", "South Korea", "Canada", "Greenland", "Panama")
    } == {US}


@pytest.mark.parametrize("name", THREE)
def test_the_deals_of_the_debate_are_there(name):
    model = load(name)
    assert list(model.maps) == [
        "status quo",
        "Ukraine to Russia",
        "Taiwan to China",
        "Ukraine to Russia, Taiwan to China",
        "Taiwan neutral",
        "Byers swap",
        "a hemisphere each",
    ]
    hemisphere = dict(
        zip(
            model.region_names, zip(model.holder_names("a hemisphere each"), model.modes("a hemisphere each"))
        )
    )
    assert hemisphere["Canada"] == hemisphere["Greenland"] == hemisphere["Panama"] == (US, "force")
    assert hemisphere["Taiwan"] == (CN, "force")


def test_the_united_states_brings_more_than_a_hundredth_of_its_strength_to_taipei():
    """From bases of its allies, and by consent: what the first model got wrong."""
    model = load("us-china-russia-2021")
    arena = model._worlds(None, None).arena(0, 1)
    taiwan = model.region_names.index("Taiwan")
    reach = arena.strength[:, taiwan, 0] / model.capability
    assert 0.3 < reach[0] < reach[1]
    assert reach[2] < reach[1]


def test_annexing_canada_greenland_and_panama_does_not_pay_the_united_states():
    model = load("us-china-russia-2021")
    concert = model.profile_contests("concert")[None]
    annexed = dict.fromkeys(("Canada", "Greenland", "Panama"), f"{US} by force")
    draws = model.draws(256)
    loss = (model.payoffs(concert, draws=draws) - model.payoffs(concert, annexed, draws))[:, 0, 0]
    assert (loss > 0).all()
    capability = model._worlds(None, draws).capability()[0]
    assert np.median(100 * loss / capability) < 5


def test_2021_as_it_was_seen_is_among_the_best_supported_of_64_profiles():
    model = load("us-china-russia-2021")
    draws = model.draws(512)
    contests = stances.contest_matrices(stances.all_profiles(3))
    payoffs = model.payoffs(contests, draws=draws).reshape(len(draws), 4, 4, 4, 3)
    best = [payoffs[..., i] >= payoffs[..., i].max(axis=i + 1, keepdims=True) - 1e-9 for i in range(3)]
    share = np.logical_and.reduce(best).mean(axis=0)
    seen = share[model.profile("2021")]
    assert seen > 0.1
    assert (share > seen).sum() <= 2
    assert share[0, 0, 0] < 0.05


def test_the_concert_of_1816_binds_russia_and_france():
    """Who gains by leaving alone, and that the five are patient enough for what they lose by being shut out."""
    model = load("concert-of-europe-1816")
    gains = model.unilateral("concert", draws=model.draws(256)).gains > 1e-9
    shares = dict(zip(model.players, gains.mean(axis=0)))
    assert shares["Russia"] > 0.8
    assert shares["France"] > 0.3
    assert max(shares[p] for p in ("United Kingdom", "Austria", "Prussia")) < 0.3


def test_the_triangle_changes_hands_between_1962_and_1985():
    rivals = {
        year: {frozenset(p) for p in load(f"cold-war-{year}").observed[str(year)].contests}
        for year in (1962, 1985)
    }
    assert frozenset((US, CN)) in rivals[1962]
    assert frozenset((US, CN)) not in rivals[1985]
    assert "after Shanghai" in load("cold-war-1972").observed


def test_any_one_power_can_be_left_out(model):
    """It becomes a region, and no map, regime, reading or kind of the rest names it as a power."""
    for gone in model.players:
        rest = [power for power in model.players if power != gone]
        fewer = load(model.name, powers=rest)
        assert list(fewer.players) == rest
        assert gone in {member.name for region in fewer.regions for member in region.members}
        assert set(fewer.maps) <= set(model.maps)
        assert all(set(fewer.holder_names(map)) <= {*rest, "nobody"} for map in fewer.maps)
        assert not any(gone in pair for seen in fewer.observed.values() for pair in seen.contests)
        assert not any(gone in group for groups in fewer.blocs.values() for group in groups)
        assert gone not in fewer.kinds
