"""Capability, reach, stake and guardians against their formulas."""

from __future__ import annotations

import numpy as np
import pytest

from games.spheres.geography import distance_km
from tests.games.spheres.small_world import small


@pytest.fixture(scope="module")
def model():
    return small()


def test_distances_on_a_sphere():
    washington, moscow, north, south = np.array([[38.9, -77.04], [55.76, 37.62], [90, 0], [-90, 17]])
    assert distance_km(washington, moscow) == pytest.approx(7822, abs=1)
    assert distance_km(north, south) == pytest.approx(np.pi * 6371)
    assert distance_km(north, north) == 0
    assert distance_km(washington, moscow) == distance_km(moscow, washington)


def test_reach_is_the_best_place_or_one_next_door(model):
    p = model.parameters
    g = model._worlds(None, None).arena(0, 1).strength[:, :, 0] / model.capability[:, None]
    for i, power in enumerate(model.powers):
        for r, region in enumerate(model.regions):
            if region.piece is not None:
                continue
            if power.name in region.land:
                assert g[i, r] == 1
                continue
            target = np.array([region.members[0].lat, region.members[0].lon])
            reach = [
                (1.0 if place.overland else p.projection)
                * 2 ** -(distance_km(np.array([place.lat, place.lon]), target) / p.half_distance)
                for place in power.places
            ]
            for other in model.regions:
                if other.lead == power.name:
                    reach += [
                        p.projection * 2 ** -(distance_km(np.array([m.lat, m.lon]), target) / p.half_distance)
                        for m in other.members
                    ]
            assert g[i, r] == pytest.approx(max(reach))


def test_stakes_are_whole_for_those_bound_or_disputing_and_fall_with_distance_for_others(model):
    arena = model._worlds(None, None).arena(0, 1)
    size = 100 * np.array([np.sqrt(r.cinc * r.gdp) for r in model.regions])
    g = arena.strength[:, :, 0] / model.capability[:, None]
    committed = np.array([[1, 1, 0, 0, 1], [1, 0, 1, 1, 1], [0, 1, 1, 1, 0]], dtype=bool)
    for r in range(4):
        for i in range(3):
            expected = size[r] if committed[i, r] else size[r] * g[i, r]
            assert arena.stake[i, r, 0] == pytest.approx(expected)
    piece = model.parameters.claim_share * model.capability[0] * 0.5
    assert arena.stake[:, 4, 0] == pytest.approx([piece, piece, 0])
    assert arena.local_stake[:4, 0] == pytest.approx(size[:4])
    assert arena.local_stake[4, 0] == 0


def test_the_guardian_is_the_strongest_in_reach_that_does_not_dispute():
    model = small().with_parameters(half_distance=4000.0)
    arena = model._worlds(None, None).arena(0, 1)
    assert arena.guardian[:, 2, 0].tolist() == [-1, 0, 0]
    short = model.with_parameters(half_distance=300.0)._worlds(None, None).arena(0, 1)
    assert short.guardian[:, 2, 0].tolist() == [-1, -1, -1]


def test_guardians_differ_from_draw_to_draw():
    draws = small().draws(64, laws={"half_distance": (100, 5000)})
    model = small()
    arena = model._worlds(None, draws).arena(0, 64)
    assert {tuple(column) for column in arena.guardian[:, 2].T} == {(-1, 0, 0), (-1, -1, -1)}


def test_a_map_changes_who_is_bound_and_who_disputes(model):
    worlds = model._worlds({"Ally": "South", "Province": "nobody"}, None)
    bound, dispute = worlds._ties(worlds.lead[0], worlds.forced[0], np.zeros(1, dtype=int))
    assert bound[:, 0].tolist() == [False, True, False]
    assert bound[:, 1].tolist() == [False, False, False]
    assert dispute[:, 0].tolist() == [False, False, False]  # South holds what it claimed
    assert dispute[:, 1].tolist() == [False, False, True]


def test_a_piece_that_changes_hands_is_claimed_back(model):
    worlds = model._worlds({"North (claimed by South)": "South"}, None)
    bound, dispute = worlds._ties(worlds.lead[0], worlds.forced[0], np.zeros(1, dtype=int))
    assert bound[:, 4].tolist() == [False, True, False]
    assert dispute[:, 4].tolist() == [True, False, False]
    arena = worlds.arena(0, 1)
    assert arena.stake[0, 4, 0] == arena.stake[1, 4, 0] > 0
