"""Limit sets of patient players, by hand and against the sets at fixed discount factors."""

from __future__ import annotations

import numpy as np
import pytest

from games import Monitoring, NormalFormGame, RepeatedGame
from games.errors import MethodError, SizeError
from solvers import repeated
from tests.solvers.repeated.public.examples import CASES, PD, dilemma, noisy


def test_revealing_signals_give_the_folk_theorem() -> None:
    found = repeated.limit_set(dilemma(0.5, Monitoring.revealing(PD)))
    expected = np.array(CASES["limits"]["revealing"])
    away = np.abs(found.bound.vertices[:, None] - expected[None]).max(axis=2)
    assert away.min(axis=0).max() <= 1e-9
    assert away.min(axis=1).max() <= 1e-9
    assert found.solid


def test_blind_signals_leave_nothing_but_stage_equilibria() -> None:
    blind = Monitoring(signals=np.full((2, 2, 2), 0.5))
    found = repeated.limit_set(dilemma(0.5, blind))
    assert not found.solid
    assert "without interior" in found.summary()
    assert repeated.scores(dilemma(0.5, blind), [[1.0, 1.0], [1.0, 0.0]]) == pytest.approx(
        [0.0, 0.0], abs=1e-9
    )


def test_symmetric_signals_bound_the_sum() -> None:
    """With one direction of bad news for all, both pay for each other's temptation: 2 - (1 - p)/(p - q) each at most."""
    for p, q in ((0.9, 0.6), (0.8, 0.2)):
        top = repeated.scores(dilemma(0.5, noisy(p, q, q / 2)), [[1.0, 1.0]])[0]
        both = 2.0 * (2.0 - (1.0 - p) / (p - q))
        assert top >= both - 1e-9
        assert top == pytest.approx(max(both, top), abs=1e-12)
    assert repeated.scores(dilemma(0.5), [[1.0, 1.0]])[0] == pytest.approx(10 / 3, abs=1e-8)


@pytest.mark.slow
@pytest.mark.parametrize("discount", [0.7])
def test_no_discount_factor_goes_beyond(discount: float) -> None:
    bound = repeated.limit_set(dilemma(0.5)).bound
    found = repeated.payoff_set(dilemma(discount))
    assert bound.excess(found.inner.vertices).max() <= 1e-7


def test_any_number_of_players() -> None:
    gifts = np.array(list(np.ndindex(*[2] * 4)))
    game = NormalFormGame((1 - gifts + 0.5 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 2, 4))
    play = RepeatedGame(game, 0.5, monitoring=Monitoring.revealing(game))
    assert repeated.scores(play, [[1.0] * 4, [-1.0, 0, 0, 0]]) == pytest.approx([8.0, -1.0], abs=1e-9)


def test_units_do_not_matter() -> None:
    scale, shift = np.array([10.0, 0.1]), np.array([3.0, -1.0])
    play = dilemma(0.5)
    other = RepeatedGame(PD.rescale(scale, shift), 0.5, monitoring=play.monitoring)
    rng = np.random.default_rng(0)
    for direction in rng.normal(size=(5, 2)):
        one = repeated.scores(play, [direction * scale])[0] + direction @ shift
        assert repeated.scores(other, [direction])[0] == pytest.approx(one, abs=1e-7)


def test_input_is_checked() -> None:
    with pytest.raises(MethodError, match="public signals"):
        repeated.limit_set(RepeatedGame(PD, 0.5))
    with pytest.raises(MethodError, match="shape"):
        repeated.scores(dilemma(0.5), [[1.0]])
    large = NormalFormGame(np.zeros((30, 30, 2)))
    with pytest.raises(SizeError, match="entries in all"):
        repeated.limit_set(RepeatedGame(large, 0.5, monitoring=Monitoring.revealing(large)))
