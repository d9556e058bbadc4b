"""Trigger strategies on signals: published values, and the check of the automaton that plays them."""

from __future__ import annotations

import numpy as np
import pytest

from games import Monitoring, RepeatedGame, strategies
from games.errors import AutomatonError, GameError, MethodError
from solvers import repeated
from tests.solvers.repeated.public.examples import CASES, PD, dilemma, noisy


def machine(play: RepeatedGame, periods: int):
    """Effort, and after a bad signal so many periods without."""
    outputs = [("E", "E")] + [("S", "S")] * periods
    after = np.array([[0, 1]] + [[(k + 2) % (periods + 1)] * 2 for k in range(periods)])
    return strategies.on_signals(PD, play.monitoring.signals, outputs, after)


@pytest.mark.parametrize("case", CASES["triggers"]["cases"], ids=lambda c: f"T={c['T']} d={c['discount']}")
def test_published_triggers(case) -> None:
    play = dilemma(case["discount"])
    verdict = repeated.check(play, machine(play, case["T"] - 1))
    assert verdict.payoffs == pytest.approx([case["value"]] * 2, abs=1e-12)
    assert verdict.is_equilibrium is case["equilibrium"]


@pytest.mark.parametrize("discount", [0.67, 0.7, 0.8, 0.9, 0.99])
def test_the_shortest_that_deters(discount: float) -> None:
    play = dilemma(discount)
    found = repeated.triggers(play, ("E", "E"), ("S", "S"))
    periods = int(found.length[0])
    right = repeated.check(play, machine(play, periods))
    assert right.is_equilibrium
    assert "perfect public equilibrium" in right.summary()
    assert right.payoffs == pytest.approx(found.payoffs[0], abs=1e-12)
    if periods > 1:
        assert not repeated.check(play, machine(play, periods - 1)).is_equilibrium
    assert found.bad[0] == ("bad",)
    assert found.critical_discount == pytest.approx(CASES["dilemma"]["grim"]["value"], abs=1e-12)


def test_impatience_is_said() -> None:
    found = repeated.triggers(dilemma(0.6), ("E", "E"), ("S", "S"))
    assert not found.works
    assert "from a common discount factor of 0.666667 on" in found.summary()
    assert found.payoffs[0].tolist() == [0, 0]
    hopeless = repeated.triggers(dilemma(0.6, noisy(0.5, 0.5, 0.5)), ("E", "E"), ("S", "S"))
    assert "at no discount factor" in hopeless.summary()


@pytest.mark.slow
def test_no_trigger_beats_the_set_of_all() -> None:
    play = dilemma(0.7)
    best = repeated.triggers(play, ("E", "E"), ("S", "S")).payoffs[0]
    assert repeated.payoff_set(play).outer.contains(best, 1e-6)
    assert best[0] <= repeated.strongly_symmetric(play).best + 1e-9


def test_three_grades_of_news() -> None:
    sight = Monitoring(
        signals=[[[0.8, 0.15, 0.05], [0.4, 0.3, 0.3]], [[0.4, 0.3, 0.3], [0.2, 0.3, 0.5]]],
        labels=["good", "so so", "bad"],
    )
    found = repeated.triggers(dilemma(0.8, sight), ("E", "E"), ("S", "S"))
    assert len(found.bad) == 6
    assert found.payoffs[0, 0] == found.payoffs[:, 0].max()
    given = repeated.triggers(dilemma(0.8, sight), ("E", "E"), ("S", "S"), bad=["bad", "so so"])
    assert given.bad == (("so so", "bad"),)
    row = found.bad.index(("so so", "bad"))
    assert given.payoffs[0] == pytest.approx(found.payoffs[row])


def test_sharper_signals_are_worth_something() -> None:
    found = repeated.forum_value(dilemma(0.7), noisy(0.95, 0.3, 0.1), ("E", "E"), ("S", "S"))
    assert (found.points > 0).all()
    assert found.patience > 0
    assert "Sharper signals are worth" in found.summary()
    nothing = repeated.forum_value(dilemma(0.7), dilemma(0.7).monitoring, ("E", "E"), ("S", "S"))
    assert nothing.points.tolist() == [0, 0]
    assert nothing.patience == 0.0


def test_what_signals_do_not_tell_cannot_be_followed() -> None:
    with pytest.raises(AutomatonError, match="public signals do not tell"):
        repeated.check(dilemma(0.7), strategies.grim(PD, ("E", "E"), ("S", "S")))


def test_input_is_checked() -> None:
    with pytest.raises(MethodError, match="not a stage equilibrium"):
        repeated.triggers(dilemma(0.7), ("E", "E"), ("E", "E"))
    with pytest.raises(GameError, match="no signal 'awful'"):
        repeated.triggers(dilemma(0.7), ("E", "E"), ("S", "S"), bad=["awful"])
    with pytest.raises(MethodError, match="public signals"):
        repeated.triggers(RepeatedGame(PD, 0.7), ("E", "E"), ("S", "S"))
