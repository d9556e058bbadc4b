"""Penance codes: closed forms of the prisoner's dilemma, and every code found checked condition by condition."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, RepeatedGame, strategies
from games.strategies._automata import Automaton
from solvers import repeated
from solvers.repeated.patience._renegotiation import _Stage
from solvers.repeated.patience._thresholds import best_deviation

QUICK = settings(max_examples=15, deadline=None, derandomize=True)


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


@QUICK
@given(st.floats(0.1, 4), st.floats(0.1, 4), st.floats(0.1, 4))
def test_the_prisoners_dilemma(up, down, loss):
    P = 1.0
    R, S = P + down, P - loss
    T = R + up
    game = dilemma(T, R, P, S)
    lottery = repeated.critical_discount(game, (0, 0), "renegotiation-proof").overall
    one = repeated.critical_discount(game, (0, 0), "renegotiation-proof", years=1).overall
    with_lottery = max((T - R) / (T - P), (P - S) / (R - S))
    with_one = max((T - R) / (R - S), (P - S) / (R - S))
    # The search looks at discount factors up to 127/128.
    for found, expected in ((lottery, with_lottery), (one, with_one)):
        assert found == (pytest.approx(expected, abs=1e-9) if expected < 127 / 128 else np.inf)


def ranked(values):
    return any((a > b + 1e-9).all() for a in values for b in values)


def examine(game, profile, years, discount):
    """Build the code as an automaton and hand it to the check, which knows nothing of how it was found.

    Returns False without a code, True if everything held.
    """
    code = repeated.penance_code(game, profile, discount, years)
    if code is None:
        return False
    profiles, values = code
    gain, _ = best_deviation(game, profile)
    assert all(g <= 1e-12 for g, a in zip(gain, profiles) if a == profile)
    paths = [[profile] if a == profile else [a] * years + [profile] for a in profiles]
    automaton = strategies.penal_code(game, [profile], paths)
    found = repeated.check(RepeatedGame(game, discount), automaton)
    assert found.is_equilibrium
    assert not ranked(found.values)
    for i, player in enumerate(game.players):
        start = next(s for s, name in enumerate(automaton.names) if name.startswith(f"punishing {player}"))
        assert found.values[start, i] == pytest.approx(values[i], abs=1e-9)
    return True


@pytest.mark.parametrize("shape", [(2, 2), (3, 2), (2, 2, 2)])
def test_every_code_of_some_years_is_an_equilibrium_without_ranked_continuations(shape):
    rng = np.random.default_rng(17)
    outcomes = []
    for _ in range(60):
        game = NormalFormGame(rng.normal(size=(*shape, len(shape))))
        outcomes += [
            examine(game, profile, int(rng.integers(1, 5)), float(rng.uniform(0.3, 0.97)))
            for profile in np.ndindex(*shape)
        ]
    assert outcomes.count(True) >= 20
    assert outcomes.count(False) >= 20


def test_a_code_with_a_lottery_is_an_equilibrium():
    """The values of the code of the prisoner's dilemma, with the lottery written out as an automaton."""
    game, d = dilemma(), 0.6
    profiles, values = repeated.penance_code(game, (0, 0), d)
    assert profiles == ((0, 1), (1, 0))
    assert values == pytest.approx([1.0, 1.0])  # held to P: repenting is worth just as much as not
    # w = L S + (1 - L) R with L = (1 - d) / (1 - d p) gives p.
    weight = 2 / 3
    p = (1 - (1 - d) / weight) / d
    outputs = {"concert": ("C", "C"), "one repents": ("C", "D"), "two repents": ("D", "C")}

    def rule(state, seen):
        told = outputs[state]
        wrong = [i for i in range(2) if seen[i] != told[i]]
        if len(wrong) == 1:
            return ("one repents", "two repents")[wrong[0]]
        return "concert" if state == "concert" else {state: p, "concert": 1 - p}

    found = repeated.check(RepeatedGame(game, d), Automaton.build(game, outputs, rule))
    assert found.is_equilibrium
    assert found.values[1, 0] == pytest.approx(1.0)
    assert not ranked(found.values)


def test_no_punishment_that_all_would_rather_skip():
    """The column player never gets more than in the concert, so it has no interest in the row player's penance."""
    game = NormalFormGame([[[5, 5], [0, 4]], [[6, 0], [1, 1]]])
    assert repeated.critical_discount(game, (0, 0), punishment=[1, 1]).overall == pytest.approx(0.2)
    found = repeated.critical_discount(game, (0, 0), "renegotiation-proof")
    assert found.overall == np.inf
    assert not found.complete
    assert "with the punishments found" in found.summary()


def test_a_stage_equilibrium_needs_no_penance():
    assert repeated.critical_discount(dilemma(), (1, 1), "renegotiation-proof").per_player.tolist() == [
        0.0,
        0.0,
    ]


def test_how_low_one_players_patience_may_fall_while_the_others_stays():
    found = repeated.critical_discount(dilemma(), (0, 0), "renegotiation-proof", years=1, discount=[0.9, 0.7])
    assert found.per_player == pytest.approx([2 / 3, 2 / 3], abs=1e-9)
    none = repeated.critical_discount(dilemma(), (0, 0), "renegotiation-proof", years=1, discount=[0.9, 0.5])
    assert none.per_player[0] == np.inf
    assert none.per_player[1] == pytest.approx(2 / 3, abs=1e-9)


def test_units_do_not_matter():
    rng = np.random.default_rng(4)
    for _ in range(15):
        game = NormalFormGame(rng.normal(size=(2, 2, 2)))
        moved = game.rescale([1e-6, 1e6], [3.0, -1e5])
        for profile in np.ndindex(2, 2):
            a, b = (
                repeated.critical_discount(g, profile, "renegotiation-proof", years=2) for g in (game, moved)
            )
            assert b.per_player == pytest.approx(a.per_player, abs=1e-7)


def test_the_note_says_how_a_penance_ends():
    game = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    for years, words in (
        (None, "a public lottery ends it"),
        (1, "it lasts 1 period)"),
        (3, "it lasts 3 periods)"),
    ):
        found = repeated.critical_discount(game, (0, 0), "renegotiation-proof", years=years)
        assert words in found.notes[0]


@pytest.mark.parametrize(
    ("payoffs", "ranked"),
    [
        # Who gets more in one penance gets less in the other, however much of either is left ...
        ([[-1, 2], [-1.1, 2.5]], False),
        # ... here both get more at the end of the first than at the start of the second.
        ([[-1, 2], [-2, 1]], True),
        # All would rather skip it.
        ([[-1, -2]], True),
    ],
)
def test_continuations_that_all_rank_alike(payoffs, ranked):
    """Of two periods at a discount factor of 1/2 the stages of a penance weigh 1/2 and 3/4."""
    stage = SimpleNamespace(payoffs=np.array(payoffs, dtype=float))
    chosen = np.arange(len(payoffs))
    assert _Stage._ranked(stage, np.full(2, 0.5), 2, chosen, np.zeros(len(payoffs))) == ranked
