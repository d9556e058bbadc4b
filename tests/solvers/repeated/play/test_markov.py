"""Exact play under noise: against known chains, against brute-force enumeration of everything that can happen."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from games import Monitoring, NormalFormGame, RepeatedGame, strategies
from games.errors import AutomatonError, GameError, MethodError, SizeError
from games.strategies._automata import Automaton
from solvers import repeated
from solvers.repeated.play._markov import chain

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")


def brute_force(game, machines, tremble, misperception, rounds):
    """Expected average payoffs by following every combination of slips and of what each player sees."""
    n = game.n_players
    at = {tuple(int(m.start.argmax()) for m in machines): 1.0}
    total = np.zeros(n)

    def kernel(rate, size, true):
        return [1 - rate if b == true else rate / (size - 1) for b in range(size)]

    for _ in range(rounds):
        following = {}
        for states, p in at.items():
            intended = [m.outputs[s] for m, s in zip(machines, states)]
            chances = [kernel(tremble[i], game.shape[i], intended[i]) for i in range(n)]
            for played in product(*(range(k) for k in game.shape)):
                q = p * np.prod([chances[i][played[i]] for i in range(n)])
                if q == 0:
                    continue
                total += q * game.payoff(played)
                each = []
                for i, m in enumerate(machines):
                    mine = {}
                    sights = [
                        kernel(misperception[j], game.shape[j], played[j])
                        if j != i
                        else kernel(0.0, game.shape[j], played[j])
                        for j in range(n)
                    ]
                    for seen in product(*(range(k) for k in game.shape)):
                        r = np.prod([sights[j][seen[j]] for j in range(n)])
                        if r:
                            for name, t in m.after(int(states[i]), seen).items():
                                key = m.state(name)
                                mine[key] = mine.get(key, 0.0) + r * t
                    each.append(mine)
                for combo in product(*each):
                    weight = q * np.prod([each[i][s] for i, s in enumerate(combo)])
                    following[combo] = following.get(combo, 0.0) + weight
        at = following
    return total / rounds


DOCTRINES = {
    "grim": lambda g, c, d: strategies.grim(g, c, d),
    "tit for tat": lambda g, c, d: strategies.tit_for_tat(g, c, d),
    "generous": lambda g, c, d: strategies.generous_tit_for_tat(g, c, d, 0.3),
    "pavlov": lambda g, c, d: strategies.win_stay_lose_shift(g, c, d),
    "limited": lambda g, c, d: strategies.limited_punishment(g, c, d, 2),
}


@pytest.mark.parametrize("name", DOCTRINES)
@pytest.mark.parametrize(
    ("tremble", "misperception"), [((0, 0), (0, 0)), ((0.1, 0.02), (0, 0)), ((0.1, 0), (0.05, 0.2))]
)
def test_two_players_against_brute_force(name, tremble, misperception):
    automaton = DOCTRINES[name](PD, C, D)
    machines = [automaton.machine(i) for i in range(2)]
    found = chain(RepeatedGame(PD, 0.9), automaton, tremble=tremble, misperception=misperception)
    assert found.over(5) == pytest.approx(brute_force(PD, machines, tremble, misperception, 5), abs=1e-12)


def test_three_players_against_brute_force():
    game = NormalFormGame(np.random.default_rng(5).normal(size=(2, 3, 2, 3)))
    doctrines = [strategies.tit_for_tat, strategies.grim, strategies.win_stay_lose_shift]
    machines = [make(game, (0, 0, 0), (1, 2, 1)).machine(i) for i, make in enumerate(doctrines)]
    tremble, misperception = (0.1, 0.05, 0.2), (0.02, 0.1, 0.0)
    found = chain(RepeatedGame(game, 0.9), machines, tremble=tremble, misperception=misperception)
    assert found.matrix.sum(axis=1) == pytest.approx(np.ones(8))
    assert found.over(3) == pytest.approx(brute_force(game, machines, tremble, misperception, 3), abs=1e-12)


def test_tit_for_tat_under_noise_spends_equal_time_everywhere():
    """Molander 1985: any small rate of error drives the average to (T+R+P+S)/4."""
    tft = strategies.tit_for_tat(PD, C, D)
    for options in ({"tremble": 1e-6}, {"misperception": 1e-6}, {"tremble": 0.3}):
        found = repeated.long_run(RepeatedGame(PD, 0.9), tft, **options)
        assert found.average == pytest.approx([2.25, 2.25], abs=1e-9)
        assert found.states().to_numpy() == pytest.approx([0.25] * 4, abs=1e-9)


def test_pavlov_recovers_from_trembles():
    """Nowak and Sigmund 1993: one slip costs two periods, so the average tends to R as slips vanish."""
    pavlov = strategies.win_stay_lose_shift(PD, C, D)
    losses = [
        3 - repeated.long_run(RepeatedGame(PD, 0.9), pavlov, tremble=e).average[0] for e in (1e-3, 1e-5)
    ]
    assert losses[0] < 0.01
    assert losses[1] == pytest.approx(losses[0] / 100, rel=0.01)


def test_grim_with_trembles_ends_in_war_after_the_expected_life():
    """Discounted value of grim with hazard h of a slip: the closed form of a geometric life."""
    e, d = 0.05, 0.9
    grim = strategies.grim(PD, C, D)
    found = repeated.long_run(RepeatedGame(PD, d), grim, tremble=e)
    slip = np.array([[(1 - e) ** 2, (1 - e) * e], [e * (1 - e), e * e]])
    peace = (slip * PD.payoffs[..., 0]).sum()
    war = (slip[::-1, ::-1] * PD.payoffs[..., 0]).sum()
    h = repeated.breakdown([e, e]).hazard
    assert found.average[0] == pytest.approx(war)
    assert found.discounted[0] == pytest.approx(((1 - d) * peace + d * h * war) / (1 - d * (1 - h)))


def test_closed_classes_are_weighted_by_absorption():
    """From a start that ends in peace with probability .3 and in war with .7."""
    outputs = {"start": ("C", "D"), "peace": C, "war": D}
    automaton = Automaton.build(
        PD, outputs, {"start": {"peace": 0.3, "war": 0.7}, "peace": "peace", "war": "war"}
    )
    found = repeated.long_run(RepeatedGame(PD, 0.5), automaton)
    assert found.average == pytest.approx([0.3 * 3 + 0.7 * 1] * 2)
    assert found.chain.distribution == pytest.approx([0.0, 0.3, 0.7])
    assert found.discounted == pytest.approx([0.5 * 0 + 0.5 * 1.6, 0.5 * 5 + 0.5 * 1.6])


def test_cycles_are_averaged():
    automaton = Automaton.build(PD, {"a": ("C", "D"), "b": ("D", "C")}, {"a": "b", "b": "a"})
    found = repeated.long_run(RepeatedGame(PD, 0.5), automaton)
    assert found.average == pytest.approx([2.5, 2.5])
    assert found.discounted == pytest.approx([5 / 3, 10 / 3])


def test_the_discounted_value_agrees_with_the_check():
    game = NormalFormGame(np.random.default_rng(1).normal(size=(2, 2, 2, 3)))
    automaton = strategies.limited_punishment(game, (0, 1, 0), (1, 0, 1), 3)
    play = RepeatedGame(game, [0.5, 0.7, 0.9])
    assert repeated.long_run(play, automaton).discounted == pytest.approx(
        repeated.check(play, automaton).payoffs
    )


def test_imperfect_monitoring_of_the_game_is_used():
    """False alarms at rate e on one side: equal to misperception of a cooperating rival."""
    grim = strategies.grim(PD, C, D)
    noisy = RepeatedGame(PD, 0.9, monitoring=Monitoring(0.05, 1.0))
    found = chain(noisy, grim)
    start = found.names.index("cooperate | cooperate")
    assert found.matrix[start, start] == pytest.approx(0.95**2)
    blind = chain(
        RepeatedGame(PD, 0.9, monitoring=Monitoring(0.0, 0.0)),
        [grim.machine(0), strategies.always(PD, D).machine(1)],
    )
    # What was agreed is what the strategies begin with, so the second player's D is what is expected of it.
    assert blind.over(50)[0] == pytest.approx((0 + 49 * 1) / 50)


def test_noise_only_for_some():
    tft = strategies.tit_for_tat(PD, C, D)
    found = chain(RepeatedGame(PD, 0.9), tft, tremble=[0.1, 0.0])
    start = found.names.index("C | C")
    assert sorted(found.matrix[start][found.matrix[start] > 0]) == pytest.approx([0.1, 0.9])


@pytest.mark.parametrize(
    ("strategy", "options", "error", "says"),
    [
        (lambda: strategies.grim(PD, C, D), {"tremble": 1.5}, GameError, "between 0 and 1"),
        (lambda: strategies.grim(PD, C, D), {"misperception": [0.1, 0.1, 0.1]}, GameError, "one for each of"),
        (lambda: strategies.grim(PD, C, D), {"tremble": float("nan")}, GameError, "between 0 and 1"),
        (lambda: [strategies.grim(PD, C, D).machine(0)], {}, AutomatonError, "one machine for each player"),
        (lambda: strategies.grim(PD.rescale(2), C, D), {}, AutomatonError, "a different game"),
        (
            lambda: Automaton.build(PD, {"a": C, "b": D}, {"a": {"a": 0.5, "b": 0.5}, "b": "a"}),
            {"misperception": 0.1},
            MethodError,
            "public lotteries",
        ),
    ],
)
def test_bad_input(strategy, options, error, says):
    with pytest.raises(error, match=says):
        repeated.long_run(RepeatedGame(PD, 0.9), strategy(), **options)


def test_a_chain_too_large_is_refused():
    long = strategies.limited_punishment(PD, C, D, 200)
    with pytest.raises(SizeError, match="simulate instead"):
        repeated.long_run(RepeatedGame(PD, 0.9), long, misperception=0.1)


def test_words_and_tables():
    found = repeated.long_run(RepeatedGame(PD, 0.9), strategies.grim(PD, C, D), tremble=0.1)
    assert "100.0% of periods are spent in 'punish'" in found.summary()
    assert list(found.to_frame().columns) == ["long-run average", "discounted"]
