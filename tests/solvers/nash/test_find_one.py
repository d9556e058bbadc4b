from __future__ import annotations

import json
import time
from contextlib import suppress
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConvergenceError, MethodError
from solvers.base.deadline import keeps_time
from solvers.base.matrix_game import opposed
from solvers.nash._find_one import find_one, methods
from solvers.nash._methods import METHODS

CASES = json.loads((Path(__file__).parents[2] / "cases" / "bimatrix.json").read_text())
PENNIES = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])


@pytest.mark.parametrize("method", list(methods()))
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_every_method_on_every_known_game(case: dict, method: str) -> None:
    game = NormalFormGame.from_bimatrix(case["first"], case["second"])
    if method == "nashpy" and min(game.shape) == 1:
        with pytest.raises(MethodError, match="single action"):
            find_one(game, method)
        return
    if method == "linear-program" and not opposed(game):
        with pytest.raises(MethodError, match="opposed"):
            find_one(game, method)
        return
    if method == "pure" and not game.best_response_mask.all(axis=-1).any():
        with pytest.raises(ConvergenceError, match="no pure equilibrium"):
            find_one(game, method)
        return
    try:
        found = find_one(game, method)
    except ConvergenceError:
        assert METHODS[method].partial
        return
    assert found.regret.max() <= 1e-10 * max(game.ranges.max(), 1e-300)


@pytest.mark.parametrize("shape", [(1,), (3,), (1, 1, 1), (2, 2, 2), (3, 2, 4), (2, 2, 2, 2)])
@pytest.mark.parametrize("method", [None, "logit", "newton"])
def test_any_number_of_players(shape: tuple[int, ...], method: str | None) -> None:
    game = NormalFormGame(np.random.default_rng(2).random((*shape, len(shape))))
    assert find_one(game, method).regret.max() < 1e-12


def test_logit_does_not_depend_on_one_players_units() -> None:
    game = NormalFormGame(np.random.default_rng(5).random((3, 3, 3, 3)))
    one, two = find_one(game, "logit"), find_one(game.rescale([1e12, 1.0, 1e-12], 0.0), "logit")
    for p, q in zip(one.profile, two.profile):
        np.testing.assert_allclose(p, q, atol=1e-9)


def test_errors_name_what_exists() -> None:
    with pytest.raises(MethodError, match="did you mean 'lemke-howson'"):
        find_one(PENNIES, "lemke-hawson")
    with pytest.raises(MethodError, match="did you mean 'label'"):
        find_one(PENNIES, "lemke-howson", lable=1)
    with pytest.raises(MethodError, match="2 players"):
        find_one(NormalFormGame(np.zeros((2, 2, 2, 3))), "lemke-howson")


def test_options_reach_the_method() -> None:
    game = NormalFormGame.from_bimatrix([[2, 0], [0, 1]], [[1, 0], [0, 2]])
    assert {find_one(game, label=label).support for label in range(4)} == {((0,), (0,)), ((1,), (1,))}


@pytest.mark.parametrize("limit", [Fraction(1, 10**9), Decimal("1e-9"), 1e-300])
@pytest.mark.parametrize("method", [None, "lemke-howson", "newton", "logit"])
def test_a_tiny_limit_of_any_kind_ends_in_an_answer_or_a_named_error(limit, method) -> None:
    for game in (PENNIES, NormalFormGame(np.random.default_rng(1).random((30, 30, 2)))):
        with suppress(ConvergenceError, MethodError):
            assert find_one(game, method, time_limit=limit).regret.max() < 1e-6


def test_a_limit_around_the_call_is_reported_by_who_set_it() -> None:
    @keeps_time("the whole", "wait")
    def whole(*, time_limit: float | None = None) -> object:
        time.sleep(0.01)
        return find_one(NormalFormGame(np.random.default_rng(1).random((30, 30, 2))), "lemke-howson")

    with pytest.raises(ConvergenceError, match="the whole was not complete"):
        whole(time_limit=0.005)
