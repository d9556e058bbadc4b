"""The tables by region and holder add up to the payoffs of stage games."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from solvers.partitions._parts import collect, deviating_profiles, pair_profiles

MODEL = load("us-china-russia-2025")


def test_every_unilateral_and_every_pair_deviation_is_there_once():
    single = deviating_profiles((0, 1, 2), 3)
    assert len(single) == len(set(single)) == 9
    assert all(sum(a != b for a, b in zip(after, (0, 1, 2))) == 1 for _, after in single)
    pairs = pair_profiles((0, 1, 2), 3)
    assert set(pairs) == {(0, 1), (0, 2), (1, 2)}
    for (i, j), after in pairs.items():
        assert len(set(after)) == 9
        assert all([k for k in range(3) if p[k] != (0, 1, 2)[k]] == [i, j] for p in after)


@pytest.mark.parametrize("name", list(MODEL.maps))
def test_a_map_s_payoffs_are_sums_of_its_parts(name):
    parts = collect(MODEL, "concert", nobody=True)
    holders = MODEL.holders(name)
    chosen = np.arange(9), np.where(holders < 0, 3, holders)
    game = MODEL.stage(name)
    assert parts.payoff[chosen].sum(axis=0) + parts.constant == pytest.approx(game.payoff((0, 0, 0)))
    for d, (i, action) in enumerate(parts.deviations):
        profile = [0, 0, 0]
        profile[i] = action
        expected = game.payoff(profile)[i]
        assert parts.deviation[..., d][chosen].sum() + parts.deviation_constant[d] == pytest.approx(expected)
    assert parts.autonomy[chosen] == pytest.approx(MODEL.shares("concert", name)["local"].to_numpy())
    today = MODEL.holders()
    assert parts.moved[chosen].tolist() == (holders != today).astype(float).tolist()
    assert parts.size == 4**9
