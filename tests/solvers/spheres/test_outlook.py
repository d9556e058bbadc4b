"""The patience of a deal along a path of capabilities."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import ScenarioError
from solvers import stochastic
from solvers.spheres.outlook import outlook, standing_still


@pytest.fixture(scope="module")
def model():
    return load("us-china-russia-2025")


def test_the_first_year_is_the_model_itself(model) -> None:
    game = model.path(2030, step=5)
    assert game.names == ("2025", "2030")
    assert game.period == 5
    assert game.stages[0].payoffs == pytest.approx(model.stage().payoffs)
    assert game.discount == pytest.approx(model.discount**5)
    later = model.vary(
        {
            f"powers.{p.name}.{k}": getattr(p, k) * (1 + p.growth) ** 5
            for p in model.powers
            for k in ("cinc", "gdp")
        }
    )
    assert game.stages[1].payoffs == pytest.approx(later.stage().payoffs)


def test_holding_is_what_check_says(model) -> None:
    found = outlook(model, until=2035, step=5)
    plan = stochastic.trigger(found.game, found.concert, found.competition)
    assert bool(found.holds.all()) is stochastic.check(found.game, plan).is_equilibrium
    assert (found.onward >= found.alone).all()
    assert found.competition != found.concert


def test_shocks_make_a_lattice(model) -> None:
    game = model.path(2035, step=5, shock=("China", 0.02))
    assert game.n_states == 1 + 3 + 5
    assert game.names[1:4] == ("2030, China -1", "2030", "2030, China +1")
    assert game.transitions[0][0, 0, 0, 1:4] == pytest.approx([1 / 6, 2 / 3, 1 / 6])
    assert len(game.absorbing) == 5
    steps = np.array([-1, 0, 1]) * 0.02 * np.sqrt(3 * 5)
    assert (game.transitions[0][0, 0, 0, 1:4] * steps**2).sum() == pytest.approx(0.02**2 * 5)


def test_input_is_checked(model) -> None:
    for arguments in (
        {"until": 2020},
        {"until": 2031, "step": 5},
        {"until": 2030, "shock": ("Chian", 0.1)},
        {"until": 2030, "shock": ("China", -1.0)},
    ):
        with pytest.raises(ScenarioError):
            model.path(**arguments)


def test_where_nothing_moves_the_path_is_the_repeated_game(model) -> None:
    still = model.vary({f"powers.{p}.growth": 0.0 for p in model.players})
    found = outlook(still, until=2035, step=5)
    # Critical discount factors of a path are sought up to .9999 on a grid whose last step is halved.
    assert found.per_player == pytest.approx(standing_still(found), abs=1e-6)


def test_regions_that_move_and_leaders_who_go(model) -> None:
    found = outlook(model, 2030, step=5, moving=["Taiwan"], leaders={"Russia": (0.1, 0.8)})
    assert found.per_player.shape == (12, 4)
    plan = stochastic.trigger(found.game, found.concert, found.competition)
    assert bool(found.holds.all()) is stochastic.check(found.game, plan).is_equilibrium
    # Out of office nobody is tempted.
    away = [i for i, stage in enumerate(found.game.stages) if stage.shape[2] == 1]
    assert not found.per_player[away, 2].any()
    assert found.per_player[away, 3].any()
