"""False alarms, missed violations and breakdown: closed forms, and automata that carry the noise in their lotteries."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, RepeatedGame
from games.errors import GameError
from games.strategies._automata import Automaton
from solvers import nash, repeated
from solvers.repeated.play._check import state_values

CASES = json.loads((Path(__file__).parents[3] / "cases" / "closed_forms.json").read_text())["false_alarms"]
QUICK = settings(max_examples=60, deadline=None, derandomize=True)


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


def noisy_grim(game, profile, bad, e, q):
    """Grim with a public alarm: false with probability e, right with probability q. A lottery stands for the noise."""
    table = np.zeros((2, *game.shape, 2))
    table[0, ..., 1] = q
    table[0, ..., 0] = 1 - q
    table[(0, *profile)] = [1 - e, e]
    table[1, ..., 1] = 1.0
    return Automaton(game, [profile, bad], table)


@pytest.mark.parametrize("case", CASES)
def test_closed_form(case):
    expected = np.inf if case["critical"] == "none" else case["critical"]
    game = dilemma(*(case[k] for k in "TRPS"))
    found = repeated.false_alarms(game, ("C", "C"), case["false_alarm"], case["detection"])
    assert found.per_player == pytest.approx([expected] * 2, rel=1e-14)
    assert found.overall == pytest.approx(expected)


@QUICK
@given(st.integers(0, 10_000), st.floats(0.0, 0.3), st.floats(0.4, 1.0))
def test_an_automaton_that_carries_the_noise_agrees(seed, e, q):
    """Its lotteries are the alarms, so the one-shot check knows nothing of the closed form."""
    game = NormalFormGame(np.random.default_rng(seed).normal(size=(2, 2, 2, 3)))
    for equilibrium in nash.pure(game):
        bad = tuple(int(v.argmax()) for v in equilibrium.profile)
        profile = tuple(1 - x for x in bad)
        found = repeated.false_alarms(game, profile, e, q, equilibria=[equilibrium.payoffs])
        perfect = found.perfect
        if ((perfect.gain <= 0) & (perfect.cooperative < equilibrium.payoffs)).any():
            continue
        automaton = noisy_grim(game, profile, bad, e, q)
        critical = found.overall
        for d in (0.3, 0.9, critical - 1e-6, critical + 1e-6):
            if 0 < d < 1:
                play = RepeatedGame(game, d)
                assert repeated.check(play, automaton).is_equilibrium == (d >= critical)
                assert state_values(play, automaton)[0] == pytest.approx(found.values(d), abs=1e-9)


def test_more_noise_needs_more_patience_and_a_forum_needs_less():
    e = np.linspace(0, 0.4, 9)
    rising = repeated.noisy_threshold(2, 3, 1, e, 0.95)
    assert (np.diff(rising[np.isfinite(rising)]) > 0).all()
    q = np.linspace(0.3, 1, 8)
    falling = repeated.noisy_threshold(2, 3, 1, 0.05, q)
    assert (np.diff(falling[np.isfinite(falling)]) < 0).all()
    grid = repeated.noisy_threshold(2, 3, 1, e[:, None], q[None, :])
    assert grid.shape == (9, 8)
    assert grid[0, -1] == 0.5


def test_the_rate_that_is_just_tolerated():
    game = dilemma()
    found = repeated.false_alarms(game, ("C", "C"), 0.0, 0.9)
    e = found.tolerated(0.7)
    assert e[0] > 0
    for rate, holds in ((e[0] - 1e-9, True), (e[0] + 1e-9, False)):
        assert (repeated.false_alarms(game, ("C", "C"), rate, 0.9).overall <= 0.7) == holds
    assert repeated.false_alarms(game, ("C", "C"), 0.0, 0.9).tolerated(0.3)[0] < 0
    assert repeated.false_alarms(game, ("D", "D")).tolerated(0.3).tolist() == [1.0, 1.0]


def test_many_stances_watched_at_once():
    """Six separate looks: every combination of alarms summed, against the closed form of the total rates."""
    e, q, m = 0.02, 0.8, 6
    some = sum(
        np.prod([e if rings else 1 - e for rings in looks]) for looks in np.ndindex(*(2,) * m) if any(looks)
    )
    broken = sum(
        np.prod(
            [(q if k == 0 else e) if rings else 1 - (q if k == 0 else e) for k, rings in enumerate(looks)]
        )
        for looks in np.ndindex(*(2,) * m)
        if any(looks)
    )
    found = repeated.false_alarms(dilemma(), ("C", "C"), e, q, watched=m)
    assert found.false_alarm == pytest.approx(some)
    assert found.detection == pytest.approx(broken)
    assert found.overall > repeated.false_alarms(dilemma(), ("C", "C"), e, q).overall
    with pytest.raises(GameError, match="at least 1"):
        repeated.false_alarms(dilemma(), ("C", "C"), e, q, watched=0)


def test_nothing_to_gain_needs_no_patience_even_under_noise():
    assert repeated.noisy_threshold([0, -1], 3, [1, 4], 0.5, 0.5).tolist() == [0.0, 0.0]


@pytest.mark.parametrize(("e", "q"), [(-0.1, 1), (0, 1.1), (float("nan"), 1)])
def test_bad_rates(e, q):
    with pytest.raises(GameError, match="is a probability between 0 and 1"):
        repeated.false_alarms(dilemma(), ("C", "C"), e, q)


def test_a_punishment_without_one_value_is_refused():
    with pytest.raises(GameError, match="lasts forever"):
        repeated.false_alarms(dilemma(), ("C", "C"), 0.1, 0.9, "tit-for-tat")
    with pytest.raises(GameError, match="lasts forever"):
        repeated.false_alarms(dilemma(), ("C", "C"), 0.1, 0.9, "finite", years=2)


def test_breakdown():
    found = repeated.breakdown([0.01, 0.02, 0.03], ["A", "B", "C"])
    assert found.hazard == pytest.approx(1 - 0.99 * 0.98 * 0.97, rel=1e-14)
    assert found.expected_life == pytest.approx(1 / found.hazard)
    assert found.survival([0, 1, 10]) == pytest.approx((0.99 * 0.98 * 0.97) ** np.array([0, 1, 10]))
    assert found.to_frame().loc["A", "hazard without it"] == pytest.approx(1 - 0.98 * 0.97)
    assert "expected life" in found.summary()


def test_expected_life_against_a_sum_over_years():
    h = repeated.breakdown([0.1, 0.2]).hazard
    years = np.arange(1, 2000)
    assert repeated.breakdown([0.1, 0.2]).expected_life == pytest.approx(
        (years * h * (1 - h) ** (years - 1)).sum()
    )


def test_breakdown_at_the_edges():
    assert repeated.breakdown([0.0, 0.0]).expected_life == np.inf
    assert repeated.breakdown([1.0, 0.5]).expected_life == 1.0
    assert repeated.breakdown([1e-12, 1e-12]).hazard == pytest.approx(2e-12, rel=1e-9)


@pytest.mark.parametrize(
    ("tremble", "players"), [([-0.1], None), ([], None), (0.1, None), ([0.1, 0.1], ["A"]), ([np.nan], None)]
)
def test_bad_trembles(tremble, players):
    with pytest.raises(GameError, match="tremble"):
        repeated.breakdown(tremble, players)


def test_words_and_tables():
    found = repeated.false_alarms(dilemma(), ("C", "C"), 0.05, 0.9)
    assert "0.555556" in found.summary()
    assert "under perfect monitoring it is 0.5" in found.summary()
    assert list(found.to_frame()["under perfect monitoring"]) == [0.5, 0.5]
    none = repeated.false_alarms(dilemma(), ("C", "C"), 0.5, 0.5)
    assert "no discount factor sustains" in none.summary()


@pytest.mark.parametrize(("rates", "name"), [((-0.1, 1), "false_alarm"), ((0, 1.1), "detection")])
def test_rates_are_probabilities(rates, name):
    with pytest.raises(GameError, match=name):
        repeated.noisy_threshold(2, 3, 1, *rates)


def test_where_the_discount_factor_would_have_to_be_one_none_is_high_enough():
    """An alarm takes 1 away on average, and false alarms keep 1 of a gain of 2 back: d = 2 / (1 + 1) = 1."""
    assert np.isinf(repeated.noisy_threshold(2, 3, 1, 0.5, 1.0))
    assert repeated.noisy_threshold(2, 3, 1, 0.49, 1.0) == pytest.approx(2 / (0.51 * 2 + 0.51 * 2))
    assert repeated.noisy_threshold(0, 3, 1, 0.5, 1.0) == 0.0


def test_small_payoffs_tolerate_alarms_as_large_ones_do():
    large = repeated.false_alarms(dilemma(), ("C", "C"), 0.0, 0.9).tolerated(0.7)
    small = repeated.false_alarms(dilemma(0.5, 0.3, 0.1, 0.0), ("C", "C"), 0.0, 0.9).tolerated(0.7)
    assert small == pytest.approx(large)
    nothing = NormalFormGame(np.zeros((2, 2, 2)))
    assert repeated.false_alarms(nothing, (0, 0)).tolerated(0.7).tolist() == [1.0, 1.0]
