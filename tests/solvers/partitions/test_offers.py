"""The cheapest offer against a search through all maps."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import ProfileError
from solvers import partitions

MODEL = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
TABLE = ["Ukraine", "Taiwan", "Philippines", "South Korea"]


@pytest.mark.parametrize("power", MODEL.players)
def test_no_cheaper_handover_meets_the_condition(power):
    found = partitions.offers(MODEL, power, regions=TABLE, nobody=True)
    table = found.table
    i = MODEL.players.index(power)
    people = np.array([r.population for r in MODEL.regions])
    names = [MODEL.region_names.index(r) for r in TABLE]
    now = MODEL.autonomy_of("concert").to_numpy()
    cost = {}
    for row in range(len(table)):
        changes = table.partition(row)
        lost = (now - MODEL.autonomy_of("concert", changes).to_numpy())[names] @ people[names]
        assert table.handed_over[row] == pytest.approx(lost, abs=1e-9)
        alone = all(h == power for h in changes.values())
        met = {
            f"pays {power}": table.premium_low[row, i] >= -1e-9,
            "pays all": table.acceptable[row],
            "pays all and holds": table.acceptable[row] and table.holds[row],
            "pays all, holds, no pair blocks": table.firm[row],
        }
        for condition, true in met.items():
            if true:
                cost.setdefault(condition, []).append(lost)
                if alone:
                    cost.setdefault((condition, "alone"), []).append(lost)
    for condition, row in found.rows.items():
        if row is None:
            assert (condition, "alone") not in cost
        else:
            assert table.handed_over[row] == pytest.approx(min(cost[condition, "alone"]), abs=1e-6)
    for condition, row in found.anyhow.items():
        if row is None:
            assert condition not in cost
        else:
            assert table.handed_over[row] == pytest.approx(min(cost[condition]), abs=1e-6)


def test_in_words():
    found = partitions.offers(MODEL, "China", regions=TABLE)
    assert found.summary().startswith("To bring China into 'concert'")
    assert len(found.to_frame()) == 8
    strict = partitions.offers(load("us-china-russia-2025"), "China", regions=TABLE)
    assert "pays all and holds" in strict.summary()
    with pytest.raises(ProfileError, match="did you mean 'China'"):
        partitions.offers(MODEL, "Chine", regions=TABLE)
