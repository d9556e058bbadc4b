from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConvergenceError, MethodError, SizeError
from solvers.nash.two_players._nashpy import nashpy_lemke_howson, second_opinion
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
