"""Payoffs on many maps from few contests are those of each map by itself, whether or not the contests are kept."""

import numpy as np
import pytest

from games import load, stances
from solvers.partitions import Divisions
from solvers.spheres import totals


@pytest.fixture(scope="module")
def some():
    model = load("us-china-russia-2025")
    divisions = Divisions.of(model, ["Ukraine", "Taiwan", "Cuba"], nobody=True, annex=False)
    return model, divisions.holdings(divisions.choices())


@pytest.fixture(scope="module")
def profiles():
    return stances.all_profiles(3)


def test_each_map_by_itself(some, profiles):
    model, maps = some
    found = totals.Totals(model, maps).payoffs(profiles[:20])
    expected = model.payoffs(stances.contest_matrices(np.array(profiles[:20], dtype=np.int16)), maps)
    np.testing.assert_allclose(found, expected, rtol=1e-12, atol=1e-12)


def test_contests_that_are_not_kept_give_the_same(some, profiles, monkeypatch):
    kept = totals.Totals(*some)
    expected = kept.payoffs(profiles), totals.harshest_equilibrium(kept, 1e-9)
    # A few profiles and maps at a time, each with its own contests.
    monkeypatch.setattr(totals, "_KEPT", 3 * 64 * 5)
    monkeypatch.setattr(totals, "_PASSING", 2000)
    passing = totals.Totals(*some)
    assert passing.maps_at_once(64) == 5
    np.testing.assert_array_equal(passing.payoffs(profiles), expected[0])
    np.testing.assert_array_equal(totals.harshest_equilibrium(passing, 1e-9), expected[1])
    rows = np.array([3, 1])
    np.testing.assert_array_equal(passing.payoffs(profiles[:7], rows), expected[0][rows, :7])
    assert not passing._known
