"""Friction, relative gains and shifts of power: closed forms, bisection beside them, and the model itself."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, load
from games.errors import DiscountError, GameError
from solvers import nash, repeated

CASES = Path(__file__).parents[2] / "cases"
CLOSED = json.loads((CASES / "closed_forms.json").read_text())
SHIFTS = json.loads((CASES / "power_shift.json").read_text())


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


@pytest.mark.parametrize("case", CLOSED["friction"])
def test_friction_raises_the_threshold_and_the_tolerance_inverts_it(case):
    T, R, P, S = (case[k] for k in "TRPS")
    worn = NormalFormGame([[[R - case["worn"]] * 2, [S, T]], [[T, S], [P, P]]])
    assert repeated.critical_discount(worn, (0, 0), punishment=[P, P]).overall == pytest.approx(
        case["critical"]
    )
    found = repeated.friction_tolerance(dilemma(T, R, P, S), ("C", "C"), [P, P], case["critical"], [1.0, 2.0])
    assert found == pytest.approx([case["worn"], case["worn"] / 2])


@settings(max_examples=40, deadline=None, derandomize=True)
@given(st.integers(0, 10_000))
def test_the_closed_form_against_bisection(seed):
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(3, 2, 2, 3)))
    exposure = rng.uniform(0, 1, size=game.payoffs.shape)
    w, fw = rng.normal(size=3) - 1, rng.uniform(0, 0.3, size=3)
    d = np.array([0.6, 0.7, 0.8])
    found = repeated.friction_tolerance(game, (0, 0, 0), w, d, exposure, fw)

    def slack(phi):
        table = game.payoffs - phi * exposure
        best = [table[..., i][(0,) * i + (slice(None),) + (0,) * (2 - i)] for i in range(3)]
        most = np.array([b[1:].max() for b in best])
        return table[0, 0, 0] - (1 - d) * most - d * (w - phi * fw)

    for i in range(3):
        if slack(0.0)[i] < 0:
            assert found[i] < 0
            continue
        low, high = repeated.largest_tolerated(lambda phi, i=i: bool(slack(phi)[i] >= 0), 0.0, 1e4)
        if np.isinf(high):
            assert found[i] == np.inf
        else:
            assert found[i] == pytest.approx(low, rel=1e-6, abs=1e-6)


def test_friction_that_touches_nothing_is_borne_for_ever():
    assert repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.6, [0.0, 0.0]).tolist() == [np.inf] * 2
    assert (repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.4, [1.0, 1.0]) < 0).all()
    assert (repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.4, [0.0, 0.0]) == -np.inf).all()


def test_friction_of_a_model_against_bisection_on_the_model():
    model = load("us-china-russia-2025")
    (equilibrium, *_) = nash.pure(model.stage())
    found = repeated.model_friction_tolerance(model, equilibrium.profile, map="Ukraine to Russia")
    finite = 0
    for i in range(3):

        def holds(phi, i=i):
            worn = replace(model, friction=phi)
            w = worn.stage().expected(equilibrium.profile)
            game = worn.stage("Ukraine to Russia")
            result = repeated.critical_discount(game, model.profile("concert"), punishment=w)
            slack = model.discount * (result.cooperative - w) - (1 - model.discount) * result.gain
            return bool(slack[i] >= 0)

        low, high = repeated.largest_tolerated(holds, 0.0, 1e3)
        if np.isinf(low):
            assert found[i] < 0
        elif np.isinf(high):
            assert found[i] >= 1e3
        else:
            finite += 1
            assert found[i] == pytest.approx(low, rel=1e-7)
    assert finite


def test_exposure_of_a_wrong_shape():
    with pytest.raises(GameError, match="exposure has shape"):
        repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.6, [1.0, 1.0, 1.0])


def test_largest_tolerated_at_the_edges():
    assert repeated.largest_tolerated(lambda x: False, 0.0, 1.0) == (-np.inf, 0.0)
    assert repeated.largest_tolerated(lambda x: True, 0.0, 1.0) == (1.0, np.inf)
    with pytest.raises(GameError, match="low < high"):
        repeated.largest_tolerated(lambda x: True, 1.0, 1.0)


@pytest.mark.parametrize("case", CLOSED["relative_gains"])
def test_relative_gains(case):
    game = dilemma(*(case[k] for k in "TRPS"))
    found = repeated.relative_gains(game, (0, 0), (1, 1), case["weight"])
    assert found.ratio == pytest.approx(np.full((1, 2), case["ratio"]), rel=1e-14)
    expected = np.inf if case["ratio"] >= 1 else case["ratio"]
    assert found.per_player == pytest.approx(np.full((1, 2), expected))
    assert found.limit == pytest.approx([1.0, 1.0])


def test_relative_gains_beyond_the_limit_leave_nothing():
    game = NormalFormGame([[[4, 2], [0, 5]], [[5, 0], [1, 1]]])
    found = repeated.relative_gains(game, (0, 0), (1, 1), [0.2, 0.3, 0.4])
    # The second gains 1 where the first gains 3.
    assert found.limit == pytest.approx([3.0, 1 / 3])
    assert np.isfinite(found.per_player[:, 1]).tolist() == [True, True, False]
    assert "Player 2 is the first" in found.summary()
    assert found.to_frame().shape == (3, 2)


def test_relative_gains_of_three_count_the_mean_of_the_rivals():
    payoffs = np.random.default_rng(2).normal(size=(2, 2, 2, 3))
    found = repeated.relative_gains(NormalFormGame(payoffs), (0, 0, 0), (1, 1, 1), 0.5)
    minded = np.stack(
        [payoffs[..., i] - 0.25 * (payoffs.sum(axis=-1) - payoffs[..., i]) for i in range(3)], axis=-1
    )
    direct = repeated.critical_discount(NormalFormGame(minded), (0, 0, 0), punishment=minded[1, 1, 1])
    assert found.per_player[0] == pytest.approx(direct.per_player)
    with pytest.raises(GameError, match="two players"):
        repeated.relative_gains(NormalFormGame([[1.0], [2.0]]), (0,), (1,))


@pytest.mark.parametrize("case", SHIFTS["cases"])
def test_windows(case):
    found = repeated.power_shift(case["strength"], case["discount"], case["declining"], case["rising"])
    assert list(found.window) == case["window"]
    assert list(np.flatnonzero(found.to_frame()["war"])) == case["window"]
    safe = found.largest_safe
    assert [t for t in range(len(safe)) if found.strength[t + 1] > safe[t]] == case["window"]


def test_the_textbook_threshold():
    found = repeated.power_shift([0.31, 0.5], 0.95, 0.1, 0.1)
    assert found.largest_safe[0] == pytest.approx(0.505 / 0.95, rel=1e-15)
    assert round(found.largest_safe[0], 4) == 0.5316


@pytest.mark.parametrize("case", SHIFTS["closing"])
def test_the_cost_that_closes_the_window(case):
    open_now = repeated.power_shift(case["strength"], case["discount"], 0.0, 0.0)
    assert open_now.closing_cost == pytest.approx(case["cost"], rel=1e-14)
    for cost, window in ((case["cost"] + 1e-9, ()), (case["cost"] - 1e-9, (0,))):
        assert repeated.power_shift(case["strength"], case["discount"], cost, cost).window == window
    half = repeated.power_shift(case["strength"], case["discount"], 0.0, 0.1)
    alone = half.closing_cost_declining
    assert repeated.power_shift(case["strength"], case["discount"], alone + 1e-9, 0.1).window == ()
    assert repeated.power_shift(case["strength"], case["discount"], alone - 1e-9, 0.1).window == (0,)


def test_a_steady_balance_needs_no_cost():
    found = repeated.power_shift([0.5, 0.5, 0.4], 0.9, 0.0, 0.0)
    assert found.closing_cost == 0.0
    assert "stays closed" in found.summary()
    assert "open in year 0" in repeated.power_shift([0.1, 0.9], 0.9, 0.1, 0.1).summary()


@pytest.mark.parametrize(
    ("arguments", "error", "says"),
    [
        (([0.5], 0.9, 0.1, 0.1), GameError, "at least two probabilities"),
        (([0.5, 1.5], 0.9, 0.1, 0.1), GameError, "between 0 and 1"),
        (([0.5, np.nan], 0.9, 0.1, 0.1), GameError, "between 0 and 1"),
        (([0.5, 0.5], 1.0, 0.1, 0.1), DiscountError, "strictly between 0 and 1"),
        (([0.5, 0.5], np.nan, 0.1, 0.1), DiscountError, "strictly between 0 and 1"),
        (([0.5, 0.5], 0.9, -0.1, 0.1), GameError, "cost_declining"),
        (([0.5, 0.5], 0.9, 0.1, np.inf), GameError, "cost_rising"),
    ],
)
def test_bad_shifts(arguments, error, says):
    with pytest.raises(error, match=says):
        repeated.power_shift(*arguments)
