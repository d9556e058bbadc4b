"""Automata: built by hand, composed of machines, checked."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import AutomatonError, ProfileError, SizeError
from games.strategies._automata import Automaton, Machine

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")
EITHER = np.zeros((2, 2, 2), dtype=int)


def test_arrays_a_rule_and_a_mapping_make_the_same_automaton():
    table = np.ones((2, 2, 2), dtype=int)
    table[0, 0, 0] = 0
    by_array = Automaton(PD, [[0, 0], [1, 1]], table, names=["peace", "war"])
    outputs = {"peace": C, "war": D}
    by_rule = Automaton.build(
        PD, outputs, lambda state, seen: "peace" if (state, seen) == ("peace", C) else "war"
    )
    by_mapping = Automaton.build(PD, outputs, {"peace": {C: "peace", ...: "war"}, "war": "war"})
    for other in (by_rule, by_mapping):
        assert np.array_equal(other.transitions, by_array.transitions)
        assert np.array_equal(other.outputs, by_array.outputs)
        assert other.names == by_array.names
        assert other.initial == "peace"
    assert by_array.after("peace", C) == {"peace": 1.0}
    assert by_array.after(0, ("C", "D")) == {"war": 1.0}
    assert not by_array.is_random


def test_public_lotteries():
    chance = {"peace": 0.25, "war": 0.75}
    automaton = Automaton.build(
        PD,
        {"peace": C, "war": D},
        {"peace": {C: "peace", ...: chance}, "war": {D: {"war": 0.5, "peace": 0.5}, ...: "war"}},
    )
    assert automaton.is_random
    assert automaton.after("peace", ("D", "C")) == chance
    assert automaton.path_matrix == pytest.approx(np.array([[1.0, 0.0], [0.5, 0.5]]))
    assert automaton.probabilities.sum(axis=-1) == pytest.approx(np.ones((2, 4)))
    whole = Automaton.build(PD, {"a": C, "b": D}, {"a": {"b": 1.0}, "b": {"a": 1}})
    assert not whole.is_random


def test_certain_transitions_as_probabilities():
    table = np.ones((2, 2, 2), dtype=int)
    table[0, 0, 0] = 0
    automaton = Automaton(PD, [C, D], table)
    assert automaton.probabilities.shape == (2, 4, 2)
    assert np.array_equal(automaton.probabilities.argmax(axis=-1), table.reshape(2, 4))


def test_the_start_can_be_a_lottery_and_be_moved():
    table = np.zeros((2, 2, 2), dtype=int)
    table[1] = 1
    automaton = Automaton(PD, [C, D], table, [0.3, 0.7], ["c", "d"])
    assert automaton.initial == "d"
    moved = automaton.starting("c")
    assert moved.names == ("c",)
    assert moved.start.tolist() == [1.0]
    assert moved.transitions.tolist() == [[[0, 0], [0, 0]]]


def copycat(player):
    """Tit for tat of one player of two: the next state is the other's action."""
    other = np.indices((2, 2))[1 - player]
    return Machine(PD, player, ["C", "D"], np.stack([other, other]), names=["kind", "cross"])


def test_composing_machines():
    automaton = Automaton.compose([copycat(0), copycat(1)])
    assert automaton.n_states == 4
    assert automaton.after("kind | kind", ("D", "C")) == {"kind | cross": 1.0}
    assert automaton.after("kind | cross", ("C", "D")) == {"cross | kind": 1.0}
    assert automaton.machine(1).names == ("kind", "cross")
    assert len(automaton.machines) == 2


def test_private_lotteries_are_independent():
    half = np.full((2, 2, 2, 2), 0.5)
    machines = [Machine(PD, i, ["C", "D"], half, [0.5, 0.5]) for i in range(2)]
    automaton = Automaton.compose(machines)
    assert automaton.start == pytest.approx([0.25] * 4)
    assert automaton.probabilities == pytest.approx(np.full((4, 4, 4), 0.25))
    mixed = Automaton.compose([copycat(0), machines[1]])
    assert mixed.after("kind | state 1", ("C", "D")) == {"cross | state 1": 0.5, "cross | state 2": 0.5}


def test_a_machine_of_a_public_automaton_follows_its_state():
    table = np.ones((2, 2, 2), dtype=int)
    table[0, 0, 0] = 0
    automaton = Automaton(PD, [C, ("D", "C")], table)
    assert automaton.machines is None
    machine = automaton.machine("Player 2")
    assert machine.outputs.tolist() == [0, 0]
    assert np.array_equal(machine.transitions, table)


def test_nothing_in_it_can_be_changed():
    automaton = Automaton(PD, [C], np.zeros((1, 2, 2), dtype=int))
    for array in (automaton.outputs, automaton.transitions, automaton.start):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: Automaton.compose([copycat(0)]), "one machine for each player"),
        (lambda: Automaton.compose([copycat(1), copycat(0)]), "in the order of the players"),
        (lambda: Automaton.compose([]), "one machine for each player"),
        (lambda: Automaton(PD, [C], np.zeros((1, 2, 2))).after("x", C), "no state 'x'"),
        (lambda: Automaton(PD, [C], np.zeros((1, 2, 2))).after(1, C), "no state with index 1"),
    ],
)
def test_bad_automata(make, says):
    with pytest.raises(AutomatonError, match=says):
        make()


def test_outputs_must_be_in_the_game():
    with pytest.raises(ProfileError, match="no action 'X'"):
        Automaton(PD, [("C", "X")], np.zeros((1, 2, 2), dtype=int))


def test_machines_of_different_games():
    other = PD.rescale(2)
    stranger = Machine(other, 1, ["C"], np.zeros((1, 2, 2), dtype=int))
    with pytest.raises(AutomatonError, match="different games"):
        Automaton.compose([copycat(0), stranger])


def test_too_many_joint_states_are_refused_before_they_fill_the_memory():
    big = NormalFormGame(np.zeros((10, 10, 10, 10, 4)))
    ring = np.broadcast_to(((np.arange(300) + 1) % 300)[:, None, None, None, None], (300, 10, 10, 10, 10))
    chance = np.zeros((2, 10, 10, 10, 10, 2))
    chance[..., 0] = 0.5
    chance[..., 1] = 0.5
    machines = [Machine(big, 0, [0] * 300, ring)] + [Machine(big, i, [0, 1], chance) for i in (1, 2, 3)]
    with pytest.raises(SizeError, match="too many"):
        Automaton.compose(machines)


def test_words_and_tables():
    automaton = Automaton.build(PD, {"peace": C, "war": D}, {"peace": {C: "peace", ...: "war"}, "war": "war"})
    frame = automaton.to_frame()
    assert frame.loc["peace", "if kept"] == "peace"
    assert frame.loc["peace", "if Player 2 deviates"] == "war"
    assert "2 states" in repr(automaton)
    assert "<table" in automaton._repr_html_()
    assert "Player 2" in repr(automaton.machine(1))
