"""Strongly symmetric equilibria: the published value, and the interval inside the payoff set."""

from __future__ import annotations

import numpy as np
import pytest

from games import Monitoring, NormalFormGame, RepeatedGame
from games.errors import DiscountError, MethodError
from solvers import repeated
from tests.solvers.repeated.public.examples import CASES, PD, dilemma, noisy


@pytest.mark.parametrize("discount", [0.6, 0.66, 0.67, 0.8, 0.9])
def test_published_value(discount: float) -> None:
    found = repeated.strongly_symmetric(dilemma(discount))
    patient = discount >= CASES["dilemma"]["grim"]["value"]
    assert found.best == pytest.approx(CASES["dilemma"]["symmetric"]["value"] if patient else 0.0, abs=1e-8)
    assert found.worst == pytest.approx(0.0, abs=1e-8)
    assert found.actions[1] == (0 if patient else 1)


@pytest.mark.parametrize(("p", "q"), [(0.95, 0.5), (0.8, 0.3)])
def test_formula_where_it_applies(p: float, q: float) -> None:
    assert repeated.strongly_symmetric(dilemma(0.8, noisy(p, q, q / 2))).best == pytest.approx(
        2 - (1 - p) / (p - q), abs=1e-8
    )


def test_both_ends_are_equilibrium_payoffs() -> None:
    play = dilemma(0.7)
    interval, whole = repeated.strongly_symmetric(play), repeated.payoff_set(play)
    for end in (interval.worst, interval.best):
        assert whole.outer.contains([end, end], 1e-6)


def test_it_says_why_not() -> None:
    with pytest.raises(MethodError, match="public signals"):
        repeated.strongly_symmetric(RepeatedGame(PD, 0.5))
    with pytest.raises(DiscountError):
        repeated.strongly_symmetric(dilemma([0.5, 0.6]))
    uneven = NormalFormGame.from_bimatrix([[2, 0], [3, 1]], [[2, 3], [1, 1]])
    with pytest.raises(MethodError, match="not symmetric"):
        repeated.strongly_symmetric(RepeatedGame(uneven, 0.5, monitoring=noisy(0.9, 0.6, 0.3)))
    told = Monitoring(signals=[[[0.9, 0.1], [0.6, 0.4]], [[0.5, 0.5], [0.3, 0.7]]])
    with pytest.raises(MethodError, match="tell player 1 and 2 apart"):
        repeated.strongly_symmetric(dilemma(0.5, told))
    coordination = NormalFormGame.from_bimatrix([[0, 1], [1, 0]], [[0, 1], [1, 0]])
    nobody = repeated.strongly_symmetric(
        RepeatedGame(coordination, 0.5, monitoring=Monitoring(signals=np.full((2, 2, 1), 1.0)))
    )
    assert nobody.empty
    assert nobody.summary() == "No strongly symmetric public equilibrium in pure strategies."
