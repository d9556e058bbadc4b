"""Outcomes over draws: a world by hand, draws in blocks, and what may be handed in."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from games.errors import MethodError, ProfileError, ScenarioError
from games.spheres import Draws, Place, Power
from solvers import uncertainty
from solvers.uncertainty import _evaluate
from solvers.uncertainty._blocks import Task
from solvers.uncertainty._evaluate import evaluate_maps
from tests.solvers.uncertainty.worlds import EAST, NORTH, SOUTH, duel, small


@pytest.fixture(scope="module")
def model():
    return small()


def test_blocks_change_nothing(model, monkeypatch):
    draws = model.draws(50, seed=2)
    whole = uncertainty.evaluate(model, draws).to_frame()
    monkeypatch.setattr(_evaluate, "_BLOCK", 64 * 3 * 7)
    pd.testing.assert_frame_equal(uncertainty.evaluate(model, draws).to_frame(), whole)


def test_a_block_holds_as_many_draws_as_its_stage_games_leave_room_for(model, monkeypatch):
    """2 million payoffs: 4,096 draws of three powers at most, 128 of four; beyond, where no stage game is held, 256."""
    seen = []
    monkeypatch.setattr(Task, "run", lambda self, draws: seen.append((len(draws), self)) or {})

    def sizes(model, count):
        seen.clear()
        draws = Draws({"externality": np.full(count, 0.5)}, {})
        evaluate_maps(model, draws, {})
        return [size for size, _ in seen]

    west, far = (Power(name, 0.05, 0.05, (Place(f"{name}ton", 45.0, -70.0),)) for name in ("West", "Far"))
    four, five = (replace(model, powers=(*model.powers, *extra)) for extra in ((west,), (west, far)))
    assert sizes(model, 10_000) == [4096, 4096, 1808]
    assert sizes(four, 300) == [128, 128, 44]
    assert sizes(five, 300) == [256, 44]
    monkeypatch.setattr(_evaluate, "_BLOCK", 1)
    assert sizes(model, 3) == [1, 1, 1]
    # What is left out: autonomy is computed, and the search of large games starts eight times from seed 0.
    with pytest.raises(KeyError):
        uncertainty.evaluate(model, model.draws(2))
    for _, task in seen:
        assert (task.autonomy, task.mixed, task.starts, task.seed) == (True, "where none", 8, 0)
        assert tuple(task.regimes) == tuple(model.regimes)
        assert tuple(task.observed) == ("lately",)


def test_the_duel_by_hand():
    model = duel()
    found = uncertainty.evaluate(model, model.draws(500, seed=4), regimes="concert")
    lose = 40 / 176
    win = 4 * lose**2
    cost = 10 * found.draws["contest_cost"]
    assert found.gains[:, 0, 1] == pytest.approx(win - cost)
    contested = cost < win
    assert found.competition.low[:, 1] == pytest.approx(np.where(contested, win - cost, 0.0))
    # Holder bears 120 / 136 of the defence's effort.
    held = 4 * (1 - lose) - 4 * lose * (1 - lose) * 120 / 136
    assert found.competition.low[:, 0] == pytest.approx(np.where(contested, held - cost, 4.0))
    assert (found.condition("equilibrium") == ~contested).all()
    # Nothing that competition can do punishes Claimant, so no patience holds it.
    assert (found.condition("holds") == ~contested).all()
    assert np.isinf(found.nash[contested, 0, 1]).all()


def test_profiles_can_be_handed_in(model):
    draws = model.draws(8)
    named = uncertainty.evaluate(
        model, draws, regimes={"peace": (0, 0, 0)}, observed={"now": [(SOUTH, NORTH), (NORTH, SOUTH)]}
    )
    usual = uncertainty.evaluate(model, draws, regimes="concert")
    assert named.payoffs == pytest.approx(usual.payoffs)
    assert named.observed_payoffs == pytest.approx(usual.observed_payoffs)
    assert uncertainty.evaluate(model, draws.to_frame(), regimes="concert").payoffs == pytest.approx(
        usual.payoffs
    )
    handed = uncertainty.evaluate(model, draws, {"Ally": SOUTH, "Buffer": EAST}, "concert")
    swap = uncertainty.evaluate(model, draws, "swap", "concert")
    assert handed.nash == pytest.approx(swap.nash)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda m: uncertainty.evaluate(m, 100), MethodError, "draws are a Draws or a table, not int"),
        (lambda m: uncertainty.evaluate(m, m.draws(0)), ScenarioError, "at least one draw"),
        (lambda m: uncertainty.evaluate(m, m.draws(4), "swop"), ScenarioError, "did you mean 'swap'"),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), regimes="consert"),
            ProfileError,
            "did you mean 'concert'",
        ),
        (lambda m: uncertainty.evaluate(m, m.draws(4), regimes=()), MethodError, "name at least one"),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), regimes=[3]),
            MethodError,
            "regimes must be a text or a list of texts",
        ),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), observed="lastly"),
            ProfileError,
            "did you mean 'lately'",
        ),
        (
            lambda m: uncertainty.evaluate(m, m.draws(4), observed={"x": [("North", "Mars")]}),
            ProfileError,
            "Mars",
        ),
        (
            lambda m: uncertainty.evaluate(m, Draws({"haf_distance": np.ones(3)}, {})),
            ScenarioError,
            "half_distance",
        ),
        (lambda m: uncertainty.evaluate(m, m.draws(4), mixed="some"), MethodError, "mixed is 'some'"),
    ],
)
def test_bad_input_is_one_clear_line(model, call, error, message):
    with pytest.raises(error, match=message) as caught:
        call(model)
    assert "\n" not in str(caught.value)
