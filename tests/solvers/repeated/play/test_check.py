"""The check of automata against sums over time, against full best replies, and against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import Monitoring, NormalFormGame, RepeatedGame, strategies
from games.errors import AutomatonError, MethodError
from games.strategies._automata import Automaton
from solvers import repeated
from solvers.repeated.play._check import best_response, nash_thresholds, state_values

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")
QUICK = settings(max_examples=40, deadline=None, derandomize=True)


def random_automaton(seed, shape=(2, 3, 2), states=4, lotteries=False):
    """Any automaton on any game; a cycle through all states keeps every state in reach."""
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(*shape, len(shape))))
    outputs = np.stack([rng.integers(k, size=states) for k in shape], axis=1)
    if lotteries:
        table = rng.dirichlet(np.ones(states), size=(states, *shape))
    else:
        table = rng.integers(states, size=(states, *shape))
        table.reshape(states, -1)[:, 0] = (np.arange(states) + 1) % states
    return game, Automaton(game, outputs, table)


def play_out(game, automaton, state, discount, periods=4000):
    """Discounted payoffs from a state on, by walking along the distribution over states."""
    at = np.zeros(automaton.n_states)
    at[state] = 1.0
    total, weight = np.zeros(game.n_players), 1 - discount
    for _ in range(periods):
        for s in np.flatnonzero(at):
            total = total + weight * at[s] * game.payoff(automaton.outputs[s])
        following = np.zeros_like(at)
        for s in np.flatnonzero(at):
            for name, p in automaton.after(int(s), automaton.outputs[s]).items():
                following[automaton.state(name)] += at[s] * p
        at, weight = following, weight * discount
    return total


@pytest.mark.parametrize("lotteries", [False, True])
def test_values_against_sums_over_time(lotteries):
    for seed in range(3):
        game, automaton = random_automaton(seed, lotteries=lotteries)
        discount = np.array([0.5, 0.8, 0.9])
        values = state_values(RepeatedGame(game, discount), automaton)
        for s in range(automaton.n_states):
            assert values[s] == pytest.approx(play_out(game, automaton, s, discount, 250), abs=1e-9)


@QUICK
@given(st.integers(0, 100_000), st.floats(0.05, 0.95), st.booleans())
def test_one_shot_deviations_against_full_best_replies(seed, discount, lotteries):
    """The one-shot deviation principle: nobody gains once exactly if no other plan at all gains anywhere."""
    game, automaton = random_automaton(seed, (2, 2), 3, lotteries)
    play = RepeatedGame(game, discount)
    found = repeated.check(play, automaton)
    gains = [(best_response(play, automaton, i)[0] - found.values[:, i]).max() for i in range(2)]
    assert min(gains) >= -1e-9
    assert found.is_equilibrium == (max(gains) <= 1e-8)


def value_iteration(game, automaton, player, discount, rounds=3000):
    values = np.zeros(automaton.n_states)
    for _ in range(rounds):
        new = np.full(automaton.n_states, -np.inf)
        for s in range(automaton.n_states):
            for b in range(game.shape[player]):
                profile = list(automaton.outputs[s])
                profile[player] = b
                after = automaton.after(s, profile)
                worth = (1 - discount) * game.payoff(profile)[player] + discount * sum(
                    p * values[automaton.state(t)] for t, p in after.items()
                )
                new[s] = max(new[s], worth)
        if np.abs(new - values).max() < 1e-13:
            break
        values = new
    return values


@pytest.mark.parametrize("lotteries", [False, True])
def test_policy_iteration_against_value_iteration(lotteries):
    game, automaton = random_automaton(11, (2, 3, 2), 3, lotteries)
    play = RepeatedGame(game, [0.6, 0.7, 0.8])
    for i, d in enumerate(play.discount):
        values, policy = best_response(play, automaton, i)
        assert values == pytest.approx(value_iteration(game, automaton, i, d), abs=1e-10)
        assert ((policy >= 0) & (policy < game.shape[i])).all()


def test_deviations_are_ranked_and_complete():
    game, automaton = random_automaton(3)
    found = repeated.check(RepeatedGame(game, 0.7), automaton)
    assert len(found) == automaton.n_states * sum(k - 1 for k in game.shape)
    relative = found.margins / game.ranges[found.players]
    assert (np.diff(relative) >= 0).all()
    assert len(
        {(int(s), int(i), int(a)) for s, i, a in zip(found.states, found.players, found.actions)}
    ) == len(found)
    for m in range(len(found)):
        s, i, b = found.states[m], found.players[m], found.actions[m]
        profile = automaton.outputs[s].copy()
        profile[i] = b
        (after,) = automaton.after(int(s), profile)
        worth = 0.3 * game.payoff(profile)[i] + 0.7 * found.values[automaton.state(after), i]
        assert found.margins[m] == pytest.approx(found.values[s, i] - worth, abs=1e-12)


def test_grim_at_its_critical_discount():
    grim = strategies.grim(PD, C, D)
    found = repeated.check(RepeatedGame(PD, 0.5), grim)
    assert found.is_equilibrium
    assert found.binding.state == "cooperate"
    assert found.binding.action == "D"
    assert found.binding.margin == pytest.approx(0.0, abs=1e-15)
    assert found.payoffs == pytest.approx([3, 3])
    below = repeated.check(RepeatedGame(PD, 0.4), grim)
    assert not below.is_equilibrium
    assert below.binding.margin == pytest.approx(3 - (0.6 * 5 + 0.4 * 1))
    assert {d.player for d in below.profitable} == {"Player 1", "Player 2"}


def test_tit_for_tat_is_subgame_perfect_only_in_the_knife_edge_case():
    """With T - R = P - S everywhere, T=4, R=3, P=1, S=0, tit for tat is perfect at exactly 1/3 (Kalai, Samet, Stanford 1988)."""
    game = NormalFormGame([[[3, 3], [0, 4]], [[4, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
    tft = strategies.tit_for_tat(game, C, D)
    assert repeated.check(RepeatedGame(game, 1 / 3), tft).is_equilibrium
    for d in (0.3, 0.4, 0.9):
        assert not repeated.check(RepeatedGame(game, d), tft).is_equilibrium


def test_unequal_patience():
    grim = strategies.grim(PD, C, D)
    found = repeated.check(RepeatedGame(PD, [0.9, 0.45]), grim)
    assert [d.player for d in found.profitable] == ["Player 2"]


@QUICK
@given(st.integers(0, 100_000), st.sampled_from([1e-9, 1.0, 1e9]), st.sampled_from([0.0, 1e3, -7.0]))
def test_units_do_not_matter(seed, scale, shift):
    game, automaton = random_automaton(seed, (2, 2), 3)
    other = game.rescale(scale, shift * scale)
    moved = Automaton(other, automaton.outputs, automaton.transitions)
    a = repeated.check(RepeatedGame(game, 0.7), automaton)
    b = repeated.check(RepeatedGame(other, 0.7), moved)
    assert a.is_equilibrium == b.is_equilibrium
    assert (b.margins / scale).min() == pytest.approx(a.margins.min(), abs=1e-9)
    assert b.values == pytest.approx((a.values + shift) * scale, rel=1e-9, abs=1e-9 * scale)


def test_large_constants_do_not_hide_an_equilibrium():
    game = PD.rescale(1.0, 1e9)
    grim = strategies.grim(game, C, D)
    assert repeated.check(RepeatedGame(game, 0.5), grim).is_equilibrium
    assert not repeated.check(RepeatedGame(game, 0.49), grim).is_equilibrium


def test_thresholds_against_the_best_reply_itself():
    for make in (strategies.tit_for_tat, strategies.win_stay_lose_shift, strategies.stick_and_carrot):
        automaton = make(PD, C, D)
        critical = nash_thresholds(PD, automaton)
        for i in range(2):
            for d, holds in ((critical[i] + 1e-6, True), (critical[i] - 1e-6, False)):
                if not 0 < d < 1:
                    continue
                play = RepeatedGame(PD, d)
                gain = automaton.start @ (
                    best_response(play, automaton, i)[0] - state_values(play, automaton)[:, i]
                )
                assert (gain <= 1e-10) == holds


def test_pavlov_of_the_prisoners_dilemma():
    """A deviator gets T, then P while all shift back, then R: it gains nothing from d = (T-R)/(R-P) = 1 on, so never."""
    assert nash_thresholds(PD, strategies.win_stay_lose_shift(PD, C, D)).tolist() == [np.inf, np.inf]
    mild = NormalFormGame([[[3, 3], [0, 4]], [[4, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
    assert nash_thresholds(mild, strategies.win_stay_lose_shift(mild, C, D)) == pytest.approx(
        [0.5, 0.5], abs=1e-10
    )


def test_private_lotteries_are_not_called_a_refutation():
    found = repeated.check(RepeatedGame(PD, 0.9), strategies.generous_tit_for_tat(PD, C, D, 0.3))
    assert not found.is_equilibrium
    assert "not shown to be an equilibrium" in found.summary()


def test_players_without_a_choice():
    game = NormalFormGame(np.zeros((1, 1, 2)))
    found = repeated.check(RepeatedGame(game, 0.5), strategies.always(game, (0, 0)))
    assert found.is_equilibrium
    assert found.binding is None
    assert found.to_frame().empty
    assert "no player ever has a choice" in found.summary()


def test_bad_input():
    grim = strategies.grim(PD, C, D)
    with pytest.raises(AutomatonError, match="a different game"):
        repeated.check(RepeatedGame(PD.rescale(2), 0.5), grim)
    with pytest.raises(MethodError, match="perfect monitoring"):
        repeated.check(RepeatedGame(PD, 0.5, monitoring=Monitoring(0.1, 0.9)), grim)


def test_words_and_tables():
    found = repeated.check(RepeatedGame(PD, 0.6), strategies.grim(PD, C, D))
    assert "subgame-perfect equilibrium" in found.summary()
    assert list(found.to_frame().columns) == ["state", "player", "action", "margin", "margin / range"]
    assert found.values_frame().loc["punish", "Player 1"] == pytest.approx(1.0)
    bad = repeated.check(RepeatedGame(PD, 0.4), strategies.grim(PD, C, D))
    assert "not an equilibrium: 2 of 4" in bad.summary()


def test_long_tables_are_cut_when_shown():
    game, automaton = random_automaton(1)
    found = repeated.check(RepeatedGame(game, 0.7), automaton)
    assert f"... and {len(found) - 12} more" in repr(found)
    assert "more</p>" in found._repr_html_()
    assert len(found.to_frame()) == len(found)


@pytest.mark.parametrize("offset", [10**13, 10**18])
def test_a_part_that_all_payoffs_share_costs_no_digits(offset):
    near = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    far = near.rescale(1, offset)
    for discount in (0.49, 0.5, 0.51):
        one, other = (
            repeated.check(RepeatedGame(game, discount), strategies.grim(game, (0, 0), (1, 1)))
            for game in (near, far)
        )
        assert other.is_equilibrium is one.is_equilibrium is (discount >= 0.5)
        assert other.margins == pytest.approx(one.margins, abs=1e-12)
        assert other.values == pytest.approx(one.values + float(offset))
