"""Regional margins and the half-distances at which regions flip."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from solvers.spheres import stability

KYIV = [7834, 6430, 744]


@pytest.mark.parametrize(
    ("index", "kilometres"),
    [
        ("cinc", 2173),
        ("military", 2585),
        ("ppp", 2307),
        ("gdp", 1811),
    ],
)
def test_half_distances_at_which_kyiv_flips(index, kilometres):
    """The published thresholds: Russia is the strongest at Kyiv exactly while H is at most this."""
    model = load("us-china-russia-2025").with_index(index)
    strongest, _, above = stability.flip_distances(model.capability, KYIV, 1000.0)
    assert model.players[strongest] == "Russia"
    assert int(above[0]) == kilometres


@pytest.mark.parametrize("index", ["cinc", "military", "ppp", "gdp"])
def test_kyiv_flips_first_of_all_places(index):
    model = load("us-china-russia-2025").with_index(index)
    expected = {
        "Ukraine": "Russia", "Taiwan": "China", "Philippines and South China Sea": "China",
        "Canada": "United States", "Greenland": "United States", "Panama": "United States",
    }  # fmt: skip
    first = []
    for region in model.regions:
        if region.name in expected:
            distances = [region.distances[p] for p in model.players]
            strongest, _, above = stability.flip_distances(model.capability, distances, 1700.0)
            assert model.players[strongest] == expected[region.name]
            first.append((above[0], region.name))
    assert min(first)[1] == "Ukraine"


def test_flips_against_a_scan():
    rng = np.random.default_rng(4)
    grid = np.geomspace(50, 60_000, 40_001)
    for _ in range(20):
        m, d = rng.uniform(0.05, 1, 4), rng.uniform(100, 15_000, 4)
        leaders = np.argmax(np.log2(m)[:, None] - d[:, None] / grid, axis=0)
        strongest, below, above = stability.flip_distances(m, d, 2000.0)
        here = np.searchsorted(grid, 2000.0)
        assert leaders[here] == strongest
        later = np.flatnonzero(leaders[here:] != strongest)
        if len(later):
            assert grid[here + later[0]] == pytest.approx(above[0], rel=1e-3)
            assert leaders[here + later[0]] == above[1]
        else:
            assert above[0] > grid[-1]
        earlier = np.flatnonzero(leaders[:here] != strongest)
        if len(earlier):
            assert grid[earlier[-1]] == pytest.approx(below[0], rel=1e-3)
            assert leaders[earlier[-1]] == below[1]
        else:
            assert below[0] < grid[0]


def test_margins_are_what_the_ledger_says():
    model = load("us-china-russia-2025")
    table = stability.margins(model)
    assert np.isnan(table.loc["Ukraine", "margin"])
    for region in ("Baltics", "Taiwan", "Canada"):
        row = table.loc[region]
        own = model.ledger("United States", "concert").set_index("item").loc[region, "payoff"]
        assert row["owner value"] == pytest.approx(own)
        gains = {}
        for power, action in (("China", 1), ("Russia", 1)):
            profile = [0, 0, 0]
            profile[model.players.index(power)] = action
            gains[power] = model.ledger(power, tuple(profile)).set_index("item").loc[region, "payoff"]
        assert row["contester value"] == pytest.approx(max(gains.values()))
        assert row["best contester"] == max(gains, key=gains.get)
        assert row["margin"] == pytest.approx(own - max(gains.values()))
