"""The doctrines do what their names say, for two and for three players."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from games import NormalFormGame, stances, strategies
from games.errors import AutomatonError, MethodError

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")
POWERS = ["US", "China", "Russia"]


def public_good():
    given = np.indices((2, 2, 2))
    payoffs = np.stack([0.5 * given.sum(axis=0) - given[i] for i in range(3)], axis=-1)
    return NormalFormGame(payoffs, actions=[["keep", "give"]] * 3)


def stance_game(seed=0):
    labels = [stances.action_labels(POWERS, i) for i in range(3)]
    return NormalFormGame(np.random.default_rng(seed).normal(size=(4, 4, 4, 3)), POWERS, labels)


def follow(automaton, *played):
    """What a certain automaton plays first and after each of the given profiles."""
    state, out = automaton.initial, []
    for profile in (*played, None):
        out.append(automaton.game.labels(automaton.outputs[automaton.state(state)]))
        if profile is not None:
            ((state, _),) = automaton.after(state, profile).items()
    return out


def test_grim():
    assert follow(strategies.grim(PD, C, D), C, ("C", "D"), C, C) == [C, C, D, D, D]


def test_limited_punishment():
    assert follow(strategies.limited_punishment(PD, C, D, 2), ("D", "C"), C, D, C) == [C, D, D, C, C]


def test_stick_and_carrot():
    assert follow(strategies.stick_and_carrot(PD, C, D), ("D", "C"), C, D, C) == [C, D, D, C, C]


def test_tit_for_tat_of_two():
    seen = [("D", "C"), ("C", "D"), D, C]
    assert follow(strategies.tit_for_tat(PD, C, D), *seen) == [C, ("C", "D"), ("D", "C"), D, C]


def test_tit_for_tat_toward_any_of_three():
    game = public_good()
    give, keep = ("give",) * 3, ("keep",) * 3
    automaton = strategies.tit_for_tat(game, give, keep)
    # The offender alone saw nobody else offend.
    assert follow(automaton, ("keep", "give", "give"))[1] == ("give", "keep", "keep")
    assert follow(automaton, ("keep", "keep", "give"))[1] == keep
    assert automaton.n_states == 5  # nobody, one of three, or several offended


def test_tit_for_tat_toward_each_answers_exactly_those_who_contested():
    game = stance_game()
    automaton = strategies.tit_for_tat(game, (0, 0, 0), (3, 3, 3), toward="each")
    assert automaton.n_states == 64
    for profile in product(range(4), repeat=3):
        contests = stances.contest_matrices(np.array([profile]))[0]
        answer = follow(automaton, profile)[1]
        expected = stances.contest_matrices(np.array([game.profile(answer)]))[0]
        assert np.array_equal(expected, contests.T)


def test_generous_tit_for_tat_forgives_some():
    automaton = strategies.generous_tit_for_tat(PD, C, D, 0.25)
    assert automaton.after("C | C", ("C", "D")) == {"C | C": 0.25, "D | C": 0.75}
    assert automaton.after("D | D", D)["C | C"] == pytest.approx(1 / 16)
    each = strategies.generous_tit_for_tat(stance_game(), (0, 0, 0), (3, 3, 3), 0.25, toward="each")
    seen = ("accommodate China and Russia", "contest US, accommodate Russia", "contest US, accommodate China")
    after = each.machine("US").after(0, seen)
    assert after == pytest.approx(
        {
            "accommodate China and Russia": 1 / 16,
            "contest China, accommodate Russia": 3 / 16,
            "contest Russia, accommodate China": 3 / 16,
            "contest China and Russia": 9 / 16,
        }
    )
    assert each.probabilities.sum(axis=-1) == pytest.approx(np.ones((64, 64)))


def test_no_generosity_is_tit_for_tat():
    plain, generous = strategies.tit_for_tat(PD, C, D), strategies.generous_tit_for_tat(PD, C, D, 0.0)
    assert np.array_equal(plain.transitions, generous.transitions)


def test_win_stay_lose_shift():
    automaton = strategies.win_stay_lose_shift(PD, C, D)
    # (D, C): the first won 5 and stays, the second got 0 and shifts; after (D, D) both shift.
    assert follow(automaton, ("D", "C"), D, C) == [C, D, C, C]
    low = strategies.win_stay_lose_shift(PD, C, D, aspiration=0.5)
    assert follow(low, D)[1] == D


def test_penal_code():
    automaton = strategies.penal_code(PD, [C], [[("C", "D"), C], [("D", "C"), C]])
    assert follow(automaton, ("D", "C"), ("C", "D"), C) == [C, ("C", "D"), C, C]
    assert follow(automaton, ("C", "D"), D) == [C, ("D", "C"), ("D", "C")]
    # Two at once are disregarded.
    assert follow(automaton, D) == [C, C]
    path = strategies.penal_code(PD, [("C", "D"), ("D", "C"), C], [[D], [D]])
    assert follow(path, ("C", "D"), ("D", "C"), C, C) == [("C", "D"), ("D", "C"), C, C, C]


def test_always_and_coin_toss():
    assert follow(strategies.always(PD, D), C, C) == [D, D, D]
    toss = strategies.coin_toss(PD, C, D)
    assert toss.start == pytest.approx([0.25] * 4)
    assert toss.probabilities == pytest.approx(np.full((4, 4, 4), 0.25))


def test_where_nobody_can_offend_the_states_that_answer_it_are_left_out():
    """The second player has one action: the first never has anything to answer."""
    game = NormalFormGame([[[3.0, 3.0]], [[5.0, 0.0]]])
    c, d = (0, 0), (1, 0)
    assert strategies.tit_for_tat(game, c, d).machine(0).n_states == 1
    assert strategies.tit_for_tat(game, c, d).machine(1).n_states == 2
    lone = NormalFormGame([[[3.0, 3.0]]])
    for make in (
        strategies.grim,
        strategies.stick_and_carrot,
        strategies.tit_for_tat,
        strategies.win_stay_lose_shift,
    ):
        assert make(lone, (0, 0), (0, 0)).n_states == 1
    assert strategies.limited_punishment(lone, (0, 0), (0, 0), 3).n_states == 1
    assert strategies.penal_code(game, [c], [[d], [d]]).n_states == 2


@pytest.mark.parametrize(
    ("make", "error", "says"),
    [
        (lambda: strategies.limited_punishment(PD, C, D, 0), AutomatonError, "at least one period"),
        (lambda: strategies.generous_tit_for_tat(PD, C, D, 1.0), AutomatonError, "generosity is 1.0"),
        (lambda: strategies.generous_tit_for_tat(PD, C, D, float("nan")), AutomatonError, "generosity"),
        (lambda: strategies.penal_code(PD, [C], [[D]]), AutomatonError, "one path for each of 2"),
        (lambda: strategies.penal_code(PD, [], [[D], [D]]), AutomatonError, "is empty"),
        (lambda: strategies.tit_for_tat(PD, C, D, toward="each"), MethodError, "game of stances"),
        (lambda: strategies.tit_for_tat(PD, C, D, toward="all"), MethodError, "toward cannot be 'all'"),
        (
            lambda: strategies.generous_tit_for_tat(PD, C, D, 0.1, toward="all"),
            MethodError,
            "toward cannot be 'all'",
        ),
    ],
)
def test_bad_doctrines(make, error, says):
    with pytest.raises(error, match=says):
        make()


def test_memory_one_is_what_press_and_dyson_say() -> None:
    from games import RepeatedGame, catalog
    from solvers import repeated

    pd = catalog.prisoners_dilemma()
    rng = np.random.default_rng(1)
    extort = strategies.memory_one(pd, 0, [[11 / 13, 1 / 2], [7 / 26, 0]], 0.5)
    for _ in range(5):
        other = strategies.memory_one(pd, 1, rng.uniform(size=(2, 2)), 0.5)
        own, rival = repeated.long_run(
            RepeatedGame(pd, 0.9), strategies.Automaton.compose([extort, other])
        ).average
        assert own - 1 == pytest.approx(3 * (rival - 1), abs=1e-9)
    with pytest.raises(AutomatonError, match="after has shape"):
        strategies.memory_one(pd, 0, [1, 0], 1.0)
    with pytest.raises(AutomatonError, match="add up to 1"):
        strategies.memory_one(pd, 0, [[1.5, 0], [0, 0]], 1.0)


def test_a_state_that_nothing_leads_to_is_legal() -> None:
    from games import RepeatedGame, catalog
    from solvers import repeated

    pd = catalog.prisoners_dilemma()
    kind = strategies.Machine(pd, 0, [0, 1], np.zeros((2, 2, 2), dtype=int), 0, ["C", "D"])
    mean = strategies.memory_one(pd, 1, [[0, 0], [0, 0]], 0.0)
    average = repeated.long_run(RepeatedGame(pd, 0.9), strategies.Automaton.compose([kind, mean])).average
    assert average == pytest.approx([0, 5])
    # A state that only pretends to deter: no history leads there, so its own incentives do not count.
    table = np.zeros((2, 2, 2), dtype=int)
    always = strategies.Automaton(pd, [(1, 1), (0, 0)], table)
    assert always.reachable.tolist() == [True, False]
    assert repeated.check(RepeatedGame(pd, 0.5), always).is_equilibrium
