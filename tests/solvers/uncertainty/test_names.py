"""What a caller may hand in, as arrays and names need it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from games.errors import GameError, MethodError, ProfileError
from games.spheres import Draws, Observed
from solvers.uncertainty._names import (
    as_draws,
    capability,
    describe,
    map_words,
    named_profiles,
    profile_of,
    same_map,
    weights,
)
from tests.solvers.uncertainty.worlds import EAST, NORTH, SOUTH, small


@pytest.fixture(scope="module")
def model():
    return small()


def test_draws_and_tables_of_draws(model):
    draws = model.draws(4)
    assert as_draws(draws) is draws
    assert as_draws(draws.to_frame())["externality"].tolist() == draws["externality"].tolist()
    for wrong in (None, 5, pd.Series([1.0]), np.zeros((2, 2))):
        with pytest.raises(MethodError, match="draws are a Draws or a table"):
            as_draws(wrong)


def test_profiles_by_name_or_by_a_mapping(model):
    now = Observed(((SOUTH, NORTH),), "by hand")
    # North's rivals are South and East, South's are North and East: contesting the first is action 1.
    assert named_profiles(model, "lately", "observed") == {"lately": (1, 1, 0)}
    assert named_profiles(model, ["concert", "lately"], "observed") == {
        "concert": (0, 0, 0),
        "lately": (1, 1, 0),
    }
    assert named_profiles(model, {"now": now, "old": "lately"}, "observed") == {
        "now": (0, 1, 0),
        "old": (1, 1, 0),
    }
    with pytest.raises(MethodError, match="give a mapping of names to profiles"):
        named_profiles(model, [now], "observed")


def test_a_profile_is_a_name_actions_labels_or_pairs(model):
    assert profile_of(model, [(SOUTH, NORTH), (EAST, SOUTH)]) == (0, 1, 2)
    assert profile_of(model, [[NORTH, EAST]]) == (2, 0, 0)
    assert profile_of(model, []) == (0, 0, 0)
    assert profile_of(model, (3, 0, 1)) == (3, 0, 1)
    assert profile_of(model, np.array([3, 0, 1])) == (3, 0, 1)
    labels = ("contest South, accommodate East", "accommodate North and East", "accommodate North and South")
    assert profile_of(model, labels) == (1, 0, 0)
    for wrong in (5, None, {SOUTH: NORTH}):
        with pytest.raises(ProfileError, match="a profile is a name"):
            profile_of(model, wrong)
    # Words of two letters are not pairs, nor are lists of three, numbers, or pairs beside something else.
    with pytest.raises(ProfileError):
        profile_of(model, ["ab", "cd"])
    for wrong in ([(SOUTH, NORTH, EAST)], [(1, 2)], [(SOUTH, 1)], [(SOUTH, NORTH), 5]):
        with pytest.raises(GameError, match="texts or whole numbers"):
            profile_of(model, wrong)


def test_maps_in_words(model):
    assert map_words(model, "swap") == "swap"
    assert map_words(model, {"Ally": SOUTH, "Buffer": None}) == "Ally: South; Buffer: nobody"
    assert map_words(model, {}) == "status quo"
    assert map_words(model, np.array([0, 0, -1, 1])) == "handed in"


def test_a_map_is_the_status_quo_if_holders_and_force_are(model):
    assert same_map(model, "status quo")
    assert same_map(model, {})
    assert not same_map(model, "swap")
    other = model.holders().copy()
    other[2] = 2
    assert not same_map(model, model.holding(other, model.forced()))
    # North keeps its ally, but by force.
    by_force = model.forced().copy()
    by_force[0] = True
    assert not same_map(model, model.holding(model.holders(), by_force))
    assert same_map(model, model.holding(model.holders(), model.forced()))


def test_capability_is_the_geometric_mean_of_the_indices(model):
    draws = Draws({"gdp_weight": np.array([0.0, 0.25, 1.0])}, {})
    cinc, gdp = model.capability_by_index["CINC"], model.capability_by_index["GDP"]
    assert capability(model, draws) == pytest.approx(np.array([cinc, cinc**0.75 * gdp**0.25, gdp]))
    for d, z in enumerate(draws["gdp_weight"]):
        assert capability(model, draws)[d] == pytest.approx(model.vary({"gdp_weight": z}).capability)
    # Where the weight is not drawn, and where one index alone counts.
    other = Draws({"externality": np.array([0.1, 0.9])}, {})
    assert capability(model, other) == pytest.approx(np.tile(model.capability, (2, 1)))
    assert capability(model.with_index("GDP"), draws) == pytest.approx(np.tile(gdp, (3, 1)))


def test_weights_are_people_and_output(model):
    assert weights(model).tolist() == [[10, 300], [5, 50], [20, 100], [3, 0]]


def test_profiles_in_words(model):
    assert describe(model, (0, 0, 0)) == "nobody contests"
    assert describe(model, (3, 1, 0)) == "North contests South and East; South contests North"
