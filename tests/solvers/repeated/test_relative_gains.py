"""Concern with relative gains, against Snidal's closed forms."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import GameError
from solvers import repeated

CASES = Path(__file__).parents[2] / "cases"
CLOSED = json.loads((CASES / "closed_forms.json").read_text())
SHIFTS = json.loads((CASES / "power_shift.json").read_text())


def dilemma(T=5.0, R=3.0, P=1.0, S=0.0):
    return NormalFormGame([[[R, R], [S, T]], [[T, S], [P, P]]], actions=[["C", "D"], ["C", "D"]])


@pytest.mark.parametrize("case", CLOSED["relative_gains"])
def test_relative_gains(case):
    game = dilemma(*(case[k] for k in "TRPS"))
    found = repeated.relative_gains(game, (0, 0), (1, 1), case["weight"])
    assert found.ratio == pytest.approx(np.full((1, 2), case["ratio"]), rel=1e-14)
    expected = np.inf if case["ratio"] >= 1 else case["ratio"]
    assert found.per_player == pytest.approx(np.full((1, 2), expected))
    assert found.limit == pytest.approx([1.0, 1.0])


def test_relative_gains_beyond_the_limit_leave_nothing():
    game = NormalFormGame([[[4, 2], [0, 5]], [[5, 0], [1, 1]]])
    found = repeated.relative_gains(game, (0, 0), (1, 1), [0.2, 0.3, 0.4])
    # The second gains 1 where the first gains 3.
    assert found.limit == pytest.approx([3.0, 1 / 3])
    assert np.isfinite(found.per_player[:, 1]).tolist() == [True, True, False]
    assert "For Player 2 no discount factor is high enough" in found.summary()
    assert found.to_frame().shape == (3, 2)


def test_relative_gains_of_three_count_the_mean_of_the_rivals():
    payoffs = np.random.default_rng(2).normal(size=(2, 2, 2, 3))
    found = repeated.relative_gains(NormalFormGame(payoffs), (0, 0, 0), (1, 1, 1), 0.5)
    minded = np.stack(
        [payoffs[..., i] - 0.25 * (payoffs.sum(axis=-1) - payoffs[..., i]) for i in range(3)], axis=-1
    )
    direct = repeated.critical_discount(NormalFormGame(minded), (0, 0, 0), punishment=minded[1, 1, 1])
    assert found.per_player[0] == pytest.approx(direct.per_player)
    with pytest.raises(GameError, match="two players"):
        repeated.relative_gains(NormalFormGame([[1.0], [2.0]]), (0,), (1,))


def test_the_limit_where_cooperation_pays_no_more_than_what_follows():
    """Reverting to the profile itself punishes nobody: no weight, not even 0, makes a tempted player cooperate."""
    game = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]])
    found = repeated.relative_gains(game, (0, 0), (0, 0), [0.0, 0.5])
    assert found.limit.tolist() == [-np.inf, -np.inf]
    assert np.isinf(found.per_player).all()
    # The first gains by cooperation and its rival gains nothing: no weight is too large for it.
    game = NormalFormGame([[[3, 1], [0, 5]], [[5, 0], [1, 1]]])
    found = repeated.relative_gains(game, (0, 0), (1, 1), [0.0, 100.0])
    assert found.limit.tolist() == [np.inf, 0.0]
    assert np.isfinite(found.per_player[:, 0]).all()
