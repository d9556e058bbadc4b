"""Friction that wears a deal out, in closed form and on models."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, load
from games.errors import ConvergenceError, GameError, MethodError
from solvers import nash, repeated

CASES = Path(__file__).parents[3] / "cases"
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
    shipped = load("us-china-russia-2025").with_parameters(claims="part or rivalry")
    map_name = "Taiwan to China"
    equilibrium = nash.find_all(shipped.stage())[0]
    needed = repeated.critical_discount(
        shipped.stage(map_name),
        shipped.profile("concert"),
        punishment=shipped.stage().expected(equilibrium.profile),
    ).per_player
    finite = 0
    # Patience just above what the deal needs, by more and more: friction is borne up to some point, then to any.
    for spare in (-0.001, 0.0005, 0.002, 0.01):
        model = replace(
            shipped,
            powers=tuple(
                replace(p, patience=float(np.clip(d + spare, 0.01, 0.99)), survival=1.0)
                for p, d in zip(shipped.powers, needed)
            ),
        )
        found = repeated.model_friction_tolerance(model, equilibrium.profile, map=map_name)

        # The three bisections begin at the same frictions.
        @cache
        def slack(phi, model=model):
            worn = model.with_parameters(friction=phi)
            w = worn.stage().expected(equilibrium.profile)
            game = worn.stage(map_name)
            result = repeated.critical_discount(game, model.profile("concert"), punishment=w)
            return model.discount * (result.cooperative - w) - (1 - model.discount) * np.maximum(
                result.gain, 0
            )

        for i in range(3):
            low, high = repeated.largest_tolerated(
                lambda phi, i=i, slack=slack: bool(slack(phi)[i] >= -1e-12), 0.0, 1e3, width=1e-6
            )
            if np.isinf(low):
                assert found[i] < 0
            elif np.isinf(high):
                assert found[i] == np.inf
            else:
                finite += 1
                assert found[i] == pytest.approx(low, rel=1e-4)
    assert finite


def test_exposure_of_a_wrong_shape():
    with pytest.raises(GameError, match="exposure has shape"):
        repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.6, [1.0, 1.0, 1.0])


def test_largest_tolerated_at_the_edges():
    assert repeated.largest_tolerated(lambda x: False, 0.0, 1.0) == (-np.inf, 0.0)
    assert repeated.largest_tolerated(lambda x: True, 0.0, 1.0) == (1.0, np.inf)
    with pytest.raises(GameError, match="low < high"):
        repeated.largest_tolerated(lambda x: True, 1.0, 1.0)


def test_a_bracket_as_wide_as_its_share_of_the_larger_end():
    asked = []

    def holds(x):
        asked.append(x)
        return x <= 12345.678

    low, high = repeated.largest_tolerated(holds, 0.0, 2.0**17, width=2.0**-10)
    assert low <= 12345.678 < high
    # Halved until it is narrower than 12 and no further.
    assert high - low == 8.0
    assert len(asked) == 2 + 14
    low, high = repeated.largest_tolerated(lambda x: x <= 0.3, 0.0, 1.0, width=2.0**-10)
    assert high - low == 2.0**-10


@pytest.mark.parametrize("game", ["pd", None, 3])
def test_friction_is_borne_in_a_game(game):
    with pytest.raises(GameError, match="the game"):
        repeated.friction_tolerance(game, (0, 0), [1, 1], 0.6, [1.0, 1.0])


def test_a_deal_that_just_holds_or_does_not_to_the_last_digit():
    # At one half the dilemma just holds: without exposure for any friction, with it for none.
    assert repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.5, [0.0, 0.0]).tolist() == [np.inf] * 2
    assert repeated.friction_tolerance(dilemma(), (0, 0), [1, 1], 0.5, [1.0, 0.5]).tolist() == [0, 0]
    # Where it does not hold, the friction that is lacking is told.
    found = repeated.friction_tolerance(dilemma(), (0, 0), 1, 0.4, [1.0, 0.5])
    assert found == pytest.approx([-0.4, -0.8])


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([1, 1], 0.6, [1.0, np.nan]), "exposure has shape"),
        (([1, np.nan], 0.6, [1.0, 1.0]), "punishment_value has shape"),
        (([1, 1, 1], 0.6, [1.0, 1.0]), r"punishment_value has shape \(3,\)"),
        (([1, 1], 0.6, [1.0, 1.0], [0.0, np.inf]), "punishment_exposure has shape"),
    ],
)
def test_numbers_that_are_none_or_too_many_are_refused(arguments, says):
    with pytest.raises(GameError, match=says):
        repeated.friction_tolerance(dilemma(), (0, 0), *arguments)


class SpheresModel:
    """A model of three powers whose payoffs are known at four frictions, and straight lines between them."""

    players = ("A", "B", "C")
    discount = np.array([0.5, 0.5, 0.5])
    # What each power's deviations leave it, at frictions of 0, 1, 3 and 4: with a discount factor of a half the slack is
    # the deal less half of the punishment and half of the deviation.
    slack = np.array(
        [
            [[9, 9, 9, 9], [5, 3, -3, -5], [5, 1, -3, 8], [9, 9, 9, 9]],
            [[2, 0, 1, 1], [2, 1, 1, 1], [3, 3, 3, 3], [2, -5e-12, 1, 1]],
            [[3, 1, -1, -1], [-1, 5, 5, 5], [4, 4, 4, 4], [4, 4, 4, -4]],
        ]
    )
    limits = np.array([[1.0, np.inf], [3.0, 1.0], [4.0, np.inf]])

    def friction_limits(self):
        return self.limits

    def profile(self, name):
        assert name == "concert"
        return name

    def at(self, table, draws):
        return np.stack(
            [
                np.apply_along_axis(lambda y, x=x: np.interp(x, [0, 1, 3, 4], y), -1, table)
                for x in draws["friction"]
            ]
        )

    def unilateral(self, profile, map, draws):
        assert (profile, map) == ("concert", "status quo")
        u = np.full((len(draws), 3), 10.0)
        return SimpleNamespace(payoffs=u, deviations=2.0 * (10.0 - 2.0 - self.at(self.slack, draws)))

    def payoffs(self, contests, map, draws):
        assert (len(contests), map) == (64, "elsewhere")
        out = np.full((len(draws), 64, 3), 99.0)
        # Punishments of 3 and 5, half the time each, as the first power mixes its first two actions.
        out[:, 0], out[:, 16] = 3.0, 5.0
        return out


def test_friction_is_followed_from_kink_to_kink_for_each_deviation_alone():
    punish = [[0.5, 0.5, 0, 0], [1, 0, 0, 0], [1, 0, 0, 0]]
    model = SpheresModel()
    found = repeated.model_friction_tolerance(model, punish, punish_map="elsewhere")
    # A: a quarter of the way from 1 to 3; B: rounding is no temptation; C: tempted without any.
    assert found == pytest.approx([1.5, np.inf, -np.inf])
    model.slack = model.slack[[2, 1, 0]][:, [3, 0, 2, 1]]
    model.slack[1, 0] = [2, -5e-12, -1, -1]
    found = repeated.model_friction_tolerance(model, punish, punish_map="elsewhere")
    assert found[1:] == pytest.approx([1.0, 1.5], rel=1e-14)
    # Without a kink two frictions are enough.
    model.limits = np.full((3, 2), np.inf)
    model.slack = np.array([[[1, 0.5, -9, -9]], [[1, -1, 9, 9]], [[-1, 9, 9, 9]]])
    found = repeated.model_friction_tolerance(model, punish, punish_map="elsewhere")
    assert found == pytest.approx([np.inf, 0.5, -np.inf])


def test_what_is_no_search_is_refused_and_a_limit_says_how_far_it_came(clock):
    with pytest.raises(GameError, match="holds must be a function"):
        repeated.largest_tolerated(0.5, 0.0, 1.0)
    with pytest.raises(MethodError, match="width"):
        repeated.largest_tolerated(lambda x: x < 0.3, 0.0, 1.0, width=0.0)
    clock.step = 1.0
    with pytest.raises(ConvergenceError, match=r"it lies between 0\.25 and 0\.375"):
        repeated.largest_tolerated(lambda x: x < 0.3, 0.0, 1.0, time_limit=3.5)
