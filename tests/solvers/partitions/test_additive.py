"""What one handover adds, against whole maps."""

from __future__ import annotations

import numpy as np
import pytest

from solvers.partitions._additive import collect
from tests.solvers.worlds_by_hand import model_by_hand, with_a_piece


@pytest.mark.parametrize("model", [model_by_hand(1), with_a_piece(2)], ids=["plain", "piece"])
def test_every_single_handover_is_exact(model):
    parts = collect(model, nobody=True)
    names = (*model.players, None)
    for r, h in np.argwhere(parts.moved > 0):
        changes = {model.region_names[r]: names[h]}
        game = model.stage(changes)
        assert parts.constant + parts.payoff[r, h] == pytest.approx(game.payoff((0, 0, 0)))
        for d, (i, action) in enumerate(parts.deviations):
            profile = [0, 0, 0]
            profile[i] = action
            assert parts.deviation_constant[d] + parts.deviation[r, h, d] == pytest.approx(
                game.payoff(profile)[i]
            )
        people = np.array([x.population for x in model.regions])
        kept = people @ model.autonomy_of("concert", changes).to_numpy()
        assert parts.kept + parts.people[r, h] == pytest.approx(kept)


def test_only_named_regions_move():
    parts = collect(model_by_hand(0), regions=["R1"])
    assert parts.allowed.sum(axis=1).tolist() == [1, 3, 1, 1]
    assert parts.size == 3
