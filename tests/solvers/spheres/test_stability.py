"""Regional margins and the half-distances at which another power becomes the strongest."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from games import load
from games.spheres import Draws
from solvers.spheres import stability
from tests.solvers.worlds_by_hand import model_by_hand

MODEL = load("us-china-russia-2025")


def test_flips_are_where_the_strongest_changes():
    # In the last three some region has another power at either end of the stretch.
    wide = [model_by_hand(seed, count, 6) for seed, count in ((0, 3), (11, 4), (5, 5))]
    for model in (MODEL, *(model_by_hand(seed) for seed in range(4)), *wide):
        table = stability.flips(model)
        own = model.parameters.half_distance
        strength = model.strength()
        for r, region in enumerate(model.region_names):
            row = table.loc[region]
            assert row["strongest"] == model.players[int(strength[r].argmax())]
            for side, inward in (("flips below km", 1.02), ("flips above km", 0.98)):
                km = row[side] / model.pace
                if np.isnan(km):
                    continue
                assert (km < own) == (side == "flips below km")
                draws = Draws.from_frame(pd.DataFrame({"half_distance": [km, km * inward]}))
                there, nearer = model.strength("status quo", draws)[:, r].argmax(axis=1)
                assert model.players[there] != row["strongest"]
                # A step of the grid nearer the model's own half-distance, it is still the strongest.
                assert model.players[nearer] == row["strongest"]
            ends = [row[side] / model.pace for side in ("flips below km", "flips above km")]
            ends = [km for km in ends if not np.isnan(km)]
            if not ends:
                assert pd.isna(row["flips to"])
                continue
            # The nearer one by ratio, for distance counts by halves.
            nearest = min(ends, key=lambda km: max(km / own, own / km))
            there = model.strength("status quo", Draws.from_frame(pd.DataFrame({"half_distance": [nearest]})))
            assert row["flips to"] == model.players[int(there[0, r].argmax())]


def test_a_map_takes_its_bases_along():
    before, after = stability.flips(MODEL), stability.flips(MODEL, {"South Korea": "China"})
    assert before.loc["South Korea", "strongest"] == "China"
    gained = MODEL.strength({"South Korea": "China"}) - MODEL.strength()
    assert (gained[:, 0] <= 1e-12).all()
    assert (gained[:, 1] >= -1e-12).all()
    assert list(before.columns) == list(after.columns)


def test_margins_are_what_the_ledger_says():
    table = stability.margins(MODEL)
    assert np.isnan(table.loc["Ukraine", "margin"])
    for region in ("Baltics", "Taiwan", "Canada"):
        row = table.loc[region]
        own = MODEL.ledger("United States", "concert").set_index("item").loc[region, "payoff"]
        assert row["owner value"] == pytest.approx(own)
        gains = {}
        for power in ("China", "Russia"):
            profile = [0, 0, 0]
            profile[MODEL.players.index(power)] = 1
            calm, bold = (
                MODEL.ledger(power, p).set_index("item").loc[region, "payoff"]
                for p in ("concert", tuple(profile))
            )
            gains[power] = bold - calm
        assert row["contester value"] == pytest.approx(max(gains.values()))
        assert row["best contester"] == max(gains, key=gains.get)
        assert row["margin"] == pytest.approx(own - max(gains.values()))
