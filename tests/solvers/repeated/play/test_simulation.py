"""Simulations: repeatable, and within their standard errors of the exact means."""

from __future__ import annotations

import numpy as np
import pytest

from games import Monitoring, NormalFormGame, RepeatedGame, stances, strategies
from games.errors import MethodError
from games.strategies._automata import Automaton
from solvers import repeated
from solvers.repeated.play._simulation import sparkline

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")
FIELD = {
    "grim": strategies.grim(PD, C, D),
    "tit for tat": strategies.tit_for_tat(PD, C, D),
    "generous": strategies.generous_tit_for_tat(PD, C, D, 1 / 3),
    "coin": strategies.coin_toss(PD, C, D),
    "lottery": Automaton.build(PD, {"a": C, "b": D}, {"a": {C: "a", ...: "b"}, "b": {"a": 0.2, "b": 0.8}}),
}


@pytest.mark.parametrize("name", FIELD)
@pytest.mark.parametrize(
    "noise",
    [{"tremble": 0.05}, {"misperception": 0.05}, {"tremble": [0.1, 0.0], "misperception": [0.0, 0.2]}],
)
def test_means_lie_within_their_errors_of_the_exact_ones(name, noise):
    if name == "lottery" and "misperception" in noise:
        noise = {"tremble": [0.0, 0.2]}
    found = repeated.simulate(RepeatedGame(PD, 0.8), FIELD[name], rounds=60, runs=1500, seed=2, **noise)
    assert (np.abs(found.mean - found.expected) <= 4 * found.standard_error + 1e-12).all()
    error = found.discounted.std(axis=0) / np.sqrt(found.runs)
    # What lies beyond 60 rounds weighs .8**60.
    assert (
        np.abs(found.discounted.mean(axis=0) - found.long_run_discounted) <= 4 * error + 5 * 0.8**60
    ).all()


def test_three_powers_with_stances():
    players = ["US", "China", "Russia"]
    labels = [stances.action_labels(players, i) for i in range(3)]
    game = NormalFormGame(np.random.default_rng(8).normal(size=(4, 4, 4, 3)), players, labels)
    each = strategies.tit_for_tat(game, (0, 0, 0), (3, 3, 3), toward="each")
    found = repeated.simulate(
        RepeatedGame(game, 0.9), each, rounds=40, runs=2000, seed=4, tremble=0.1, misperception=0.05
    )
    assert (np.abs(found.mean - found.expected) <= 4 * found.standard_error).all()
    assert found.profiles.shape == (4, 4, 4)
    assert found.profiles.sum() == pytest.approx(1.0)


def test_without_noise_every_run_is_the_same_and_exact():
    automaton = strategies.limited_punishment(PD, C, D, 2)
    begun = automaton.starting("punish 1")
    found = repeated.simulate(RepeatedGame(PD, 0.5), begun, rounds=10, runs=3, seed=0)
    assert found.average == pytest.approx(np.full((3, 2), (2 * 1 + 8 * 3) / 10))
    assert found.standard_error == pytest.approx([0, 0], abs=1e-15)
    assert found.first_run.tolist() == [[1, 1]] * 2 + [[0, 0]] * 8
    assert found.discounted[0] == pytest.approx([0.5 + 0.25 + 3 * (0.25 - 0.5**10)] * 2)


def test_a_seed_repeats_a_simulation():
    play = RepeatedGame(PD, 0.9)
    a, b, c = (
        repeated.simulate(play, FIELD["tit for tat"], rounds=30, runs=20, seed=s, tremble=0.1)
        for s in (1, 1, 2)
    )
    assert np.array_equal(a.average, b.average)
    assert np.array_equal(a.first_run, b.first_run)
    assert not np.array_equal(a.average, c.average)


def test_different_doctrines_in_different_seats():
    seated = [FIELD["tit for tat"].machine(0), strategies.always(PD, D).machine(1)]
    found = repeated.simulate(RepeatedGame(PD, 0.9), seated, rounds=10, runs=1, seed=0)
    assert found.average[0] == pytest.approx([(0 + 9) / 10, (5 + 9) / 10])
    assert np.isnan(found.standard_error).all()


def test_monitoring_of_the_game_is_used():
    noisy = RepeatedGame(PD, 0.9, monitoring=Monitoring(0.1, 0.8))
    found = repeated.simulate(noisy, FIELD["grim"], rounds=30, runs=2000, seed=6)
    assert (np.abs(found.mean - found.expected) <= 4 * found.standard_error).all()
    assert found.mean[0] < 2


def test_a_chain_too_large_is_left_out_and_said_so():
    long = strategies.limited_punishment(PD, C, D, 200)
    found = repeated.simulate(RepeatedGame(PD, 0.9), long, rounds=20, runs=5, seed=0, misperception=0.1)
    assert found.expected is None
    assert "too large for exact means" in found.summary()
    assert found.to_frame()["exact"].isna().all()


def test_sparklines():
    assert sparkline([0, 0.5, 1], 0, 1) == "▁▅█"
    assert sparkline([2, 2], 2, 2) == "▅▅"
    assert sparkline(np.arange(600), 0, 599, width=8) == "▁▂▃▄▅▆▇█"
    found = repeated.simulate(
        RepeatedGame(PD, 0.9), FIELD["grim"].starting("punish"), rounds=5, runs=2, seed=0
    )
    lines = found.sparklines().splitlines()
    assert len(lines) == 4
    assert lines[0].endswith("▂▂▂▂▂")  # P = 1 on a scale from 0 to 5


@pytest.mark.parametrize(("rounds", "runs"), [(0, 1), (1, 0), (-3, 2)])
def test_bad_sizes(rounds, runs):
    with pytest.raises(MethodError, match="at least one round and one run"):
        repeated.simulate(RepeatedGame(PD, 0.9), FIELD["grim"], rounds, runs, seed=0)


def test_words_and_tables():
    found = repeated.simulate(RepeatedGame(PD, 0.9), FIELD["grim"], rounds=20, runs=10, seed=3, tremble=0.05)
    assert "10 runs of 20 rounds (seed 3)" in found.summary()
    assert list(found.to_frame().index) == ["Player 1", "Player 2"]
    common = found.common_profiles()
    assert common.sum() == pytest.approx(1.0)
    assert (common.diff().dropna() <= 0).all()
