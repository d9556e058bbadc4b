"""Doubt in the world of spheres."""

from __future__ import annotations

import pytest

from games import load
from games.errors import ScenarioError
from solvers.doubt import Kind, from_model
from solvers.spheres.standing import stand


@pytest.fixture(scope="module")
def model():
    return load("us-china-russia-2025")


def test_one_kind_each_is_the_deal_as_it_stands(model) -> None:
    found = from_model(model, {}, "Ukraine to Russia")
    base = stand(model, "Ukraine to Russia", "concert", {})
    assert found.game.n_types == (1, 1, 1)
    assert found.game.payoffs[0, 0, 0, 0, 0, 0] == pytest.approx(base.payoffs)
    assert [own[0] for own in found.after] == pytest.approx(base.benchmarks[0].tolist())


def test_kinds_change_their_own_payoffs_only(model) -> None:
    kinds = {"China": [Kind("as it says", "1/2"), Kind("war costs much", "1/2", {"war_cost": 0.1})]}
    found = from_model(model, kinds)
    table = found.game.payoffs[0, :, 0, 0, 0, 0]
    assert table[0, 0] == table[1, 0]
    assert table[0, 2] == table[1, 2]
    assert found.after[1][0] > found.after[1][1]
    dearer = model.vary({"war_cost": 0.1}).stage()
    assert table[1, 1] == pytest.approx(dearer.payoffs[found.profile][1])


def test_who_breaks_the_deal_when_it_can(model) -> None:
    kinds = {"Russia": [Kind("as it says", "3/4"), Kind("breaks it when it can", "1/4", discount=0.0)]}
    found = from_model(model, kinds)
    base = stand(model, "status quo", "concert", {})
    gain = base.game.regret(base.game.mixed(base.profile))[2]
    assert found.reliable[2][1] == (gain <= 0)
    assert found.hostage("Russia")["hostage"].iloc[1] == pytest.approx(max(gain, 0))


def test_unknown_powers_are_refused(model) -> None:
    with pytest.raises(
        ScenarioError, match="kinds are given of 'Rusia', which is not a power; did you mean 'Russia'"
    ):
        from_model(model, {"Rusia": [Kind("x", 1)]})
