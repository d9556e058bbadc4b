"""Tournaments: known pairings, every seat counted, symmetric games scored alike in every seat."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame, strategies
from games.errors import MethodError
from solvers import repeated
from solvers.repeated.play._markov import chain

PD = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]], actions=[["C", "D"], ["C", "D"]])
C, D = ("C", "C"), ("D", "D")


def public_good():
    given = np.indices((2, 2, 2))
    payoffs = np.stack([0.5 * given.sum(axis=0) - given[i] for i in range(3)], axis=-1)
    return NormalFormGame(payoffs, actions=[["keep", "give"]] * 3)


def test_pairings_known_by_hand():
    field = {"tit for tat": strategies.tit_for_tat(PD, C, D), "hawk": strategies.always(PD, D)}
    found = repeated.tournament(RepeatedGame(PD, 0.9), field, rounds=10)
    assert found.scores[0, 0] == pytest.approx([3, 3])
    assert found.scores[0, 1] == pytest.approx([0.9, 1.4])
    assert found.scores[1, 0] == pytest.approx([1.4, 0.9])
    assert found.scores[1, 1] == pytest.approx([1, 1])
    assert found.by_seat == pytest.approx(np.array([[1.95, 1.95], [1.2, 1.2]]))
    assert found.total == pytest.approx([1.95 / 5, 1.2 / 5])
    assert found.winner == "tit for tat"


def test_three_seats_at_a_table():
    game = public_good()
    give, keep = ("give",) * 3, ("keep",) * 3
    field = {
        "grim": strategies.grim(game, give, keep),
        "tit for tat": strategies.tit_for_tat(game, give, keep),
        "free rider": strategies.always(game, keep),
        "saint": strategies.always(game, give),
    }
    found = repeated.tournament(RepeatedGame(game, 0.9), field, rounds=50, tremble=0.02)
    assert found.scores.shape == (4, 4, 4, 3)
    for table in product(range(4), repeat=3):
        for seats in ((1, 0, 2), (2, 1, 0)):
            moved = tuple(table[s] for s in seats)
            assert found.scores[moved] == pytest.approx(found.scores[table][list(seats)])
    assert found.by_seat[:, 0] == pytest.approx(found.by_seat[:, 2])
    seated = [field[name].machine(i) for i, name in enumerate(["grim", "saint", "tit for tat"])]
    direct = chain(RepeatedGame(game, 0.9), seated, tremble=0.02).over(50)
    assert found.scores[0, 3, 1] == pytest.approx(direct)


def test_misperception_hurts_the_unforgiving():
    field = {"grim": strategies.grim(PD, C, D), "generous": strategies.generous_tit_for_tat(PD, C, D, 1 / 3)}
    calm = repeated.tournament(RepeatedGame(PD, 0.9), field)
    noisy = repeated.tournament(RepeatedGame(PD, 0.9), field, misperception=0.02)
    assert calm.total == pytest.approx([0.6, 0.6])
    assert noisy.winner == "generous"


def test_bad_input_and_words():
    with pytest.raises(MethodError, match="at least one doctrine"):
        repeated.tournament(RepeatedGame(PD, 0.9), {})
    with pytest.raises(MethodError, match="one round"):
        repeated.tournament(RepeatedGame(PD, 0.9), {"a": strategies.always(PD, C)}, rounds=0)
    found = repeated.tournament(
        RepeatedGame(PD, 0.9), {"dove": strategies.always(PD, C), "hawk": strategies.always(PD, D)}
    )
    assert "all 4 tables of 2 seats" in found.summary()
    assert list(found.to_frame().index) == ["hawk", "dove"]
