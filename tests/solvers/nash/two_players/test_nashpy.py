from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConvergenceError, MethodError, SizeError
from solvers.equilibrium.results import Equilibrium
from solvers.nash.two_players import _nashpy
from solvers.nash.two_players._nashpy import (
    _ask,
    _rescaled,
    _same,
    _verified,
    nashpy_lemke_howson,
    second_opinion,
)
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix

DEGENERATE = NormalFormGame.from_bimatrix([[3, 3], [2, 5], [0, 6]], [[3, 3], [2, 6], [3, 1]])


def test_generic_games_are_confirmed() -> None:
    rng = np.random.default_rng(1)
    by_supports = 0
    for _ in range(8):
        ours = enumerate_bimatrix(NormalFormGame(rng.random((4, 4, 2))))
        opinion = second_opinion(ours)
        assert len(opinion.confirmed) == len(ours)
        assert not opinion.unconfirmed
        assert not opinion.others
        other = second_opinion(ours, "support enumeration")
        assert not other.others
        by_supports += len(other.confirmed) == len(ours)
    # Support enumeration loses an equilibrium to rounding now and then, never most of them.
    assert by_supports >= 5


def test_what_nashpy_misses_is_shown() -> None:
    opinion = second_opinion(enumerate_bimatrix(DEGENERATE), "support enumeration")
    assert (len(opinion.confirmed), len(opinion.unconfirmed), len(opinion.others)) == (2, 1, 0)
    assert opinion.to_frame()["nashpy"].tolist() == [True, True, False]


def test_what_we_miss_would_be_shown() -> None:
    ours = enumerate_bimatrix(NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    opinion = second_opinion(dataclasses.replace(ours, found=ours.found[:1]))
    assert len(opinion.others) == 2


@pytest.mark.parametrize(("scale", "shift"), [(1e8, 0.0), (1.0, 1e6), (1e-12, 0.0)])
def test_scales_on_which_nashpy_alone_goes_wrong(scale: float, shift: float) -> None:
    payoffs = np.random.default_rng(2).integers(0, 100, (4, 4, 2)) * scale + shift
    opinion = second_opinion(enumerate_bimatrix(NormalFormGame(payoffs)), "vertex enumeration")
    assert not opinion.unconfirmed
    assert not opinion.others


def test_lemke_howson_that_loops_for_ever_is_cut_off() -> None:
    rng = np.random.default_rng(7)
    games = [NormalFormGame.from_bimatrix(rng.random((8, 8)), rng.random((8, 8))) for _ in range(25)]
    cut_off = 0
    for game in games:
        try:
            assert nashpy_lemke_howson(game).regret.max() < 1e-9
        except ConvergenceError:
            cut_off += 1
    assert cut_off < 5
    assert len(second_opinion(enumerate_bimatrix(games[3]), "lemke-howson").confirmed) >= 1


def test_refusals() -> None:
    with pytest.raises(MethodError, match="single action"):
        second_opinion(enumerate_bimatrix(NormalFormGame.from_bimatrix([[1], [2]], [[1], [2]])))
    with pytest.raises(MethodError, match="two-player"):
        nashpy_lemke_howson(NormalFormGame(np.zeros((2, 2, 2, 3))))
    with pytest.raises(MethodError, match="label 4"):
        nashpy_lemke_howson(NormalFormGame(np.zeros((2, 2, 2))), 4)
    with pytest.raises(MethodError, match="no method"):
        second_opinion(enumerate_bimatrix(DEGENERATE), "guess")
    big = enumerate_bimatrix(NormalFormGame(np.random.default_rng(3).random((9, 9, 2))))
    for method in ("support enumeration", "vertex enumeration"):
        with pytest.raises(SizeError):
            second_opinion(big, method)


def test_the_table_tells_who_finds_what() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    one, two, three = enumerate_bimatrix(game)
    found = dataclasses.replace(
        second_opinion(enumerate_bimatrix(game)), confirmed=(one,), unconfirmed=(two,), others=(three,)
    )
    table = found.to_frame()
    assert table["profile"].tolist() == [e.describe() for e in (one, two, three)]
    assert table["ours"].tolist() == [True, True, False]
    assert table["nashpy"].tolist() == [True, False, True]


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        (([1.0, 0.0], [1.0, 0.0]), True),
        # Weights in any unit, and rounding below zero.
        (([3.0, 0.0], [1.0, -1e-12]), True),
        (([0.0, 0.0], [1.0, 0.0]), False),
        (([1.0, -0.5], [1.0, 0.0]), False),
        (([np.nan, 1.0], [1.0, 0.0]), False),
        (([1.0, 0.0, 0.0], [1.0, 0.0]), False),
        (([1.0, 0.0], [0.0, 1.0]), False),
    ],
)
def test_an_answer_is_believed_only_if_it_is_an_equilibrium(answer: tuple, good: bool) -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert (_verified(game, answer) is not None) == good


def test_matrices_for_nashpy_run_from_1_to_2() -> None:
    game = NormalFormGame.from_bimatrix([[20, 0], [0, 10]], [[-1, 3], [1, 7]])
    A, B = _rescaled(game)
    assert A.tolist() == [[2.0, 1.0], [1.0, 1.5]]
    assert B.tolist() == [[1.0, 1.5], [1.25, 2.0]]
    assert A.flags.c_contiguous
    assert B.flags.c_contiguous


def test_equilibria_that_share_a_probability_are_not_the_same() -> None:
    game = NormalFormGame(np.zeros((3, 2, 2)))
    one, other, again = (
        Equilibrium(game, (np.array(p), np.array([0.5, 0.5])), proof="numeric")
        for p in ([0.5, 0.25, 0.25], [0.5, 0.5, 0.0], [0.5, 0.25 + 1e-12, 0.25 - 1e-12])
    )
    assert _same(one, again)
    assert not _same(one, other)


def test_answers_are_counted_once_and_wrong_ones_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    ours = enumerate_bimatrix(game)
    true = [e.profile for e in ours]
    wrong = ([1.0, 0.0], [0.0, 1.0])
    monkeypatch.setattr(_nashpy, "_ask", lambda *_: [true[0], wrong, true[0], true[2], wrong, ([1.0], [1.0])])
    opinion = second_opinion(dataclasses.replace(ours, found=ours.found[:2]))
    assert [e.profile for e in opinion.confirmed] == true[:1]
    assert [e.profile for e in opinion.unconfirmed] == true[1:2]
    assert [[v.tolist() for v in e.profile] for e in opinion.others] == [[v.tolist() for v in true[2]]]
    assert opinion.rejected == 3


@pytest.mark.parametrize(
    ("method", "limit", "value"),
    [("support enumeration", "_MAX_SUPPORT_PAIRS", 5), ("vertex enumeration", "_MAX_ACTIONS", 4)],
)
def test_the_largest_game_that_is_asked_about(monkeypatch, method, limit, value) -> None:
    """A 2x2 game has five pairs of supports of one size, counting as nashpy does, and four actions."""
    A, B = _rescaled(NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    monkeypatch.setattr(_nashpy, limit, value)
    assert len(_ask(A, B, method)) == 3
    monkeypatch.setattr(_nashpy, limit, value - 1)
    with pytest.raises(SizeError):
        _ask(A, B, method)


def test_lemke_howson_is_followed_from_every_label() -> None:
    A, B = _rescaled(NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]]))
    answers = _ask(A, B, "lemke-howson")
    assert len(answers) == 4
    # Dropping an action leads to an equilibrium without it or with it, but never to the mixed one.
    assert {tuple(np.concatenate(a).round(9).tolist()) for a in answers} == {(1, 0, 1, 0), (0, 1, 0, 1)}


def test_labels_pivots_and_time_of_lemke_howson(clock) -> None:
    game = NormalFormGame(np.random.default_rng(4).random((2, 3, 2)))
    for label in (0, 4):
        assert (nashpy_lemke_howson(game, label).regret <= 1e-9).all()
    for label in (-1, 5):
        with pytest.raises(MethodError):
            nashpy_lemke_howson(game, label)
    with pytest.raises(MethodError):
        nashpy_lemke_howson(game, max_pivots=0)
    with pytest.raises(ConvergenceError, match="max_pivots = 1 "):
        nashpy_lemke_howson(game, max_pivots=1)
    # Two pivots lead to a pure equilibrium that both like best.
    agreed = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[2, 0], [0, 1]])
    assert nashpy_lemke_howson(agreed, max_pivots=2).payoffs.tolist() == [2, 2]
    clock.step = 1.0
    with pytest.raises(ConvergenceError, match=r"0\.5 s"):
        nashpy_lemke_howson(game, time_limit=0.5)


def test_an_answer_that_is_no_equilibrium_is_named_and_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    wrong = (np.array([1.0, 0.0]), np.array([0.0, 1.0]))
    monkeypatch.setattr(_nashpy, "_capped_lemke_howson", lambda *_: wrong)
    with pytest.raises(ConvergenceError, match="not an equilibrium") as caught:
        nashpy_lemke_howson(game)
    assert caught.value.iterate is wrong


def test_regret_is_measured_in_the_game_s_own_units() -> None:
    for unit in (1e9, 1e-9):
        game = NormalFormGame.from_bimatrix([[2 * unit, 0], [0, unit]], [[unit, 0], [0, 2 * unit]])
        assert _verified(game, ([2 / 3, 1 / 3], [1 / 3, 2 / 3])) is not None
        assert _verified(game, ([0.6, 0.4], [1 / 3, 2 / 3])) is None
