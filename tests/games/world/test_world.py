"""Worlds by rule: figures of a program written separately, and what each rule does."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from games import load, world
from games.errors import ScenarioError
from games.spheres import Draws, stances

CASES = json.loads((Path(__file__).parents[2] / "cases" / "worlds.json").read_text())
TRIANGLE = ["2", "710", "365"]


@pytest.mark.parametrize("case", CASES["worlds"], ids=lambda c: f"{c['year']}-{len(c['powers'])}")
def test_payoffs_and_autonomy_are_those_of_a_program_written_separately(case):
    model = world.build(case["year"], case["powers"])
    draws = Draws.from_frame(pd.DataFrame(case["draws"]))
    contests = np.array(case["contests"], dtype=bool)
    assert [len(r.members) for r in model.regions] == [len(codes) for codes in case["regions"]]
    # Shares of provinces held by force are kept to eight digits in the tables.
    assert model.payoffs(contests, draws=draws) == pytest.approx(np.array(case["payoffs"]), abs=2e-7)
    assert model.autonomy(contests, draws=draws) == pytest.approx(np.array(case["autonomy"]), abs=2e-8)


def test_an_epoch_without_names_has_its_great_powers():
    assert world.build(1913).players == (
        "United States",
        "United Kingdom",
        "France",
        "Germany",
        "Austria-Hungary",
        "Italy",
        "Russia",
        "Japan",
    )
    assert len(world.epochs()) == 16


@pytest.mark.parametrize("year", world.epochs())
def test_in_every_epoch_the_concert_leaves_allies_alone(year):
    model = world.build(year)
    autonomy = model.autonomy_of("concert")
    for region, mode in zip(model.regions, model.modes()):
        assert autonomy[region.name] == 1.0 or mode == "force"


def test_a_year_between_takes_the_epoch_before_and_its_own_bonds():
    before, after = (world.build(year, TRIANGLE, keep_apart=["Finland"]) for year in (2021, 2024))
    assert "figures of 2021 carried forward" in after.description
    assert before.regions[0].bound == ()
    assert after.regions[0].bound == ("United States",)
    assert before.capability.tolist() == after.capability.tolist()


def test_the_statute_of_1979_binds_to_taiwan_where_the_treaty_ended():
    worlds = {
        year: world.build(year, TRIANGLE, keep_apart=["Taiwan"]) for year in (1950, 1962, 1972, 1985, 2021)
    }
    bound = {year: model.regions[0].bound for year, model in worlds.items()}
    assert bound[1950] == ()
    assert {bound[y] for y in (1962, 1972, 1985, 2021)} == {("United States",)}


def test_states_that_the_game_cannot_tell_apart_merge_within_the_distance():
    sizes = {km: len(world.build(2021, TRIANGLE, merge_km=km).regions) for km in (0, 1000, 2000, 20_000)}
    assert sizes[0] > sizes[1000] > sizes[2000] > sizes[20_000]
    whole = {km: world.build(2021, TRIANGLE, merge_km=km) for km in (0, 20_000)}
    for share in ("cinc", "gdp", "population"):
        totals = [sum(getattr(r, share) for r in m.regions) for m in whole.values()]
        assert totals[0] == pytest.approx(totals[1])


def test_states_kept_apart_are_regions_with_the_name_given():
    model = world.build(
        2021,
        TRIANGLE,
        {
            "Baltics": ["Estonia", "Latvia", "Lithuania"],
            "Greenland": "Greenland",
            "Turkmenistan": "Turkmenistan",
        },
    )
    baltics, greenland, turkmenistan = model.regions[:3]
    assert [m.name for m in baltics.members] == ["Lithuania", "Estonia", "Latvia"] or baltics.members[
        0
    ].name == "Lithuania"
    assert baltics.bound == greenland.bound == ("United States",)
    assert turkmenistan.bound == ()
    assert turkmenistan.disputants == frozenset()
    assert not any(m.name == "Estonia" for r in model.regions[3:] for m in r.members)
    assert not any("Greenland" in r.name for r in world.build(2021, TRIANGLE).regions)


def test_a_group_of_unlike_states_says_so():
    model = world.build(2021, TRIANGLE, {"Central Asia": ["Uzbekistan", "Turkmenistan", "Kazakhstan"]})
    assert model.regions[0].bound == ("Russia",)
    assert "differ" in model.regions[0].note


def test_a_power_left_out_is_a_region_bound_as_its_treaties_say():
    model = world.build(2021, TRIANGLE)
    japan = next(r for r in model.regions if r.name == "Japan")
    assert japan.bound == ("United States",)
    assert japan.disputants == {"China", "Russia"}
    four = world.build(2021, [*TRIANGLE, "Japan"])
    assert four.players[-1] == "Japan"
    assert "Japan" not in four.region_names
    assert {"Japan (claimed by China)", "Russia (claimed by Japan)"} <= set(four.region_names)


def test_india_plays_by_one_word():
    model = load("us-china-russia-2025", powers=["United States", "China", "Russia", "India"])
    assert model.stage().shape == (8, 8, 8, 8)
    assert next(r for r in model.regions if r.name == "Pakistan").disputants == {"India"}


def test_pieces_are_what_one_power_claims_of_anothers_land():
    model = world.build(1972, TRIANGLE)
    piece = next(r for r in model.regions if r.piece is not None)
    assert (piece.piece.claimant, piece.piece.owner) == ("China", "Soviet Union")
    assert piece.land == {"China", "Soviet Union"}
    arena = model._worlds(None, None).arena(0, 1)
    r = model.regions.index(piece)
    owner, claimant = (model.players.index(x) for x in ("Soviet Union", "China"))
    size = model.parameters.claim_share * model.capability[owner] * piece.piece.salience
    assert arena.stake[[owner, claimant], r, 0] == pytest.approx(size)
    assert arena.stake[0, r, 0] == 0


def test_switching_off_claims_or_rivalries_leaves_fewer_regions_in_dispute():
    def disputed(**options: bool) -> int:
        return sum(len(r.disputants) for r in world.build(2021, TRIANGLE, merge_km=0, **options).regions)

    assert disputed() > disputed(claims=False)
    assert disputed() > disputed(rivalries=False)
    assert world.build(2021, claims=False).region_names == tuple(
        r.name for r in world.build(2021, claims=False).regions if r.piece is None
    )


def test_leaving_a_state_out_is_leaving_it_out():
    model = world.build(2021, TRIANGLE, without=["India"])
    assert not any(m.name == "India" for r in model.regions for m in r.members)


def test_half_distances_follow_the_pace_of_travel():
    point = 2000.0
    assert [world.build(y).half_distance for y in (1816, 1913, 1938, 1950)] == [
        point / 2,
        point / 2,
        point * 0.75,
        point,
    ]


def test_rivalries_of_the_year_are_the_observed_profile():
    assert {frozenset(p) for p in world.build(1962, TRIANGLE).observed["1962"].contests} == {
        frozenset(p)
        for p in [("United States", "Soviet Union"), ("United States", "China"), ("Soviet Union", "China")]
    }
    assert world.build(2025, TRIANGLE).observed == {}
    assert "rivalries of 2020" in world.build(2021, TRIANGLE).observed["2021"].source


def test_every_fact_has_a_source():
    table = world.build(2021, TRIANGLE, keep_apart=["Taiwan"]).inputs()
    observed = table[table["tag"] == "observed"]
    assert len(observed) > 50
    assert observed["source"].str.len().min() > 10
    assert (observed["year"] == 2021).all()
    assert not table["tag"].isna().any()
    assumed = table[table["tag"] == "assumed"]
    assert (assumed["low"] <= assumed["value"]).all()
    assert (assumed["value"] <= assumed["high"]).all()


def test_1816_binds_as_vienna_did():
    model = world.build(1816)
    held = dict(zip(model.region_names, zip(model.holder_names(), model.modes())))
    assert held["Congress Poland"] == ("Russia", "force")
    assert held["Lombardy-Venetia"] == ("Austria", "force")


@pytest.mark.parametrize("year", [1962, 1972, 2010, 2016, 2021])
def test_the_triangle_as_it_was_seen_comes_first_or_second_of_eight(year):
    """Of the eight sets of rivalries among three, by the share of draws with an equilibrium of just these rivalries."""
    model = world.build(year, TRIANGLE)
    draws = model.draws(256, seed=0)
    profiles = stances.all_profiles(3)
    contests = stances.contest_matrices(profiles)
    payoffs = model.payoffs(contests, draws=draws).reshape(len(draws), 4, 4, 4, 3)
    best = [payoffs[..., i] >= payoffs[..., i].max(axis=i + 1, keepdims=True) - 1e-9 for i in range(3)]
    equilibria = np.logical_and.reduce(best).reshape(len(draws), -1)
    rivals = contests | contests.transpose(0, 2, 1)
    kinds = rivals[:, [0, 0, 1], [1, 2, 2]] @ [1, 2, 4]
    # Each draw's weight is shared among its equilibria.
    weight = equilibria / np.maximum(equilibria.sum(axis=1, keepdims=True), 1)
    shares = np.bincount(kinds, weights=weight.sum(axis=0), minlength=8)
    seen = model.profile_contests(str(year))
    code = (seen | seen.T)[[0, 0, 1], [1, 2, 2]] @ [1, 2, 4]
    assert (shares > shares[code]).sum() <= 1


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"year": 1700}, "no world for the year 1700: the tables begin in 1816"),
        ({"year": 2021, "powers": ["China"]}, "two to eight powers"),
        ({"year": 2021, "powers": ["China", "Chin"]}, "no state 'Chin' in 2021; did you mean 'China'"),
        ({"year": 2021, "powers": ["China", "China"]}, "China is named twice"),
        ({"year": 2021, "powers": ["China", "Ukraine"]}, "Ukraine has no places in 2021"),
        (
            {"year": 2021, "keep_apart": ["Taiwn"]},
            "keep_apart: there is no state 'Taiwn'; did you mean 'Taiwan'",
        ),
        ({"year": 2021, "keep_apart": ["China"]}, "China is a power here"),
        ({"year": 2021, "keep_apart": ["Taiwan", ["Ukraine", "Taiwan"]]}, "Taiwan is named twice"),
        ({"year": 2021, "keep_apart": "Taiwan"}, "keep_apart must be a list or a mapping"),
        ({"year": 2021, "without": ["Atlantis"]}, "without: there is no state 'Atlantis'"),
        ({"year": 2021, "merge_km": -1}, "merge_km is -1"),
        ({"year": 2021, "data": "/nowhere"}, "there is no folder of tables '/nowhere'"),
    ],
)
def test_bad_requests_get_one_line(options, expected):
    with pytest.raises(ScenarioError, match=expected) as caught:
        world.build(**options)
    assert "\n" not in str(caught.value)
