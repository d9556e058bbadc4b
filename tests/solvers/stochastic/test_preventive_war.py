"""Preventive war: the two published conditions, and the outcomes of the game itself."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import DiscountError, GameError
from games.stochastic import crisis
from solvers import repeated, stochastic


def test_fearon_and_powell_differ() -> None:
    """Fearon (1995, p. 406): p = .3, then .5, d = .9, a cost of one year's flow for each side: .15 > .01, but .15 < .19."""
    found = stochastic.preventive_war([0.3, 0.5], 0.9, 0.1, 0.1)
    assert found.fearon[0] == pytest.approx(0.9 * 0.5 - 0.3 - 1.0 * (1 - 0.9) ** 2)
    assert found.powell[0] == pytest.approx(0.15 - 0.19)
    assert found.outbreak == 0
    assert stochastic.preventive_war([0.3, 0.5], 0.9, 0.1, 0.1, "declining").outbreak is None
    assert "war breaks out in year 0" in found.summary()


@pytest.mark.parametrize("seed", range(30))
def test_outcomes_follow_the_conditions(seed: int) -> None:
    rng = np.random.default_rng(seed)
    p = np.sort(rng.uniform(0.1, 0.8, size=4))
    d, costs = float(rng.uniform(0.5, 0.97)), rng.uniform(0, 0.1, size=2)
    rising = stochastic.preventive_war(p, d, *costs, "rising")
    assert rising.war[:-1].tolist() == (rising.fearon > 0).tolist()
    declining = stochastic.preventive_war(p, d, *costs, "declining")
    for t in np.flatnonzero(declining.powell > 0):
        assert declining.war[t]
    assert (rising.powell <= rising.fearon + 1e-15).all()
    for t in np.flatnonzero(rising.powell > 0):
        assert rising.war[t]
    shift = repeated.power_shift(p, d, *costs)
    assert shift.excess == pytest.approx(rising.powell)


def test_peace_divides_everything_and_war_burns() -> None:
    found = stochastic.preventive_war([0.3, 0.5], 0.9, 0.1, 0.1)
    assert found.rising[0] + found.declining[0] == pytest.approx(0.8)
    assert found.rising[1] + found.declining[1] == pytest.approx(1.0)
    assert found.to_frame()["war"].tolist() == [True, False]
    assert stochastic.preventive_war([0.5], 0.9, 0.1, 0.1).window == ()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("side", "strength"),
    [("rising", [0.3, 0.5]), ("rising", [0.3, 0.31]), ("declining", [0.3, 0.5]), ("declining", [0.2, 0.7])],
)
def test_every_equilibrium_of_the_game_has_that_outcome(side, strength) -> None:
    """All subgame-perfect payoffs, demands on a grid that has the equilibrium's own and its neighbours."""
    found = stochastic.preventive_war(strength, 0.9, 0.1, 0.1, side)
    steps = [
        [0.5] if found.war[t] else np.clip(found.demand[t] + np.array([-0.01, 0, 0.01]), 0, 1).round(12)
        for t in range(2)
    ]
    game = crisis(strength, 0.9, 0.1, 0.1, side, [[0.0, 1.0, *row] for row in steps])
    sets = stochastic.payoff_set(game)
    V = sets[0].inner.vertices / np.sqrt(0.9)
    assert sets[0].exact
    expected = np.array([found.rising[0], found.declining[0]])
    assert np.abs(V - expected).max(axis=1).min() <= 1e-6
    if found.outbreak == 0:
        assert len(V) == 1
    else:
        # The grid leaves room for a hundredth.
        assert np.ptp(V, axis=0).max() <= 0.011
        assert V.sum(axis=1).min() > 0.98
    assert len(stochastic.markov_perfect(game)) > 0


def test_input_is_checked() -> None:
    with pytest.raises(GameError, match="probability"):
        stochastic.preventive_war([1.2], 0.9, 0.1, 0.1)
    with pytest.raises(DiscountError):
        stochastic.preventive_war([0.2], 1.0, 0.1, 0.1)
    with pytest.raises(GameError, match="cost_rising"):
        stochastic.preventive_war([0.2], 0.9, 0.1, -0.1)
    with pytest.raises(GameError, match="proposer"):
        stochastic.preventive_war([0.2], 0.9, 0.1, 0.1, "nobody")
    for bad in ({"strength": [2.0]}, {"demands": [[0.5]]}, {"demands": [1.5]}, {"proposer": "nobody"}):
        arguments = {"strength": [0.3, 0.5], "discount": 0.9, "cost_declining": 0.1, "cost_rising": 0.1} | bad
        with pytest.raises(GameError):
            crisis(**arguments)
    with pytest.raises(DiscountError):
        crisis([0.3], 0.0, 0.1, 0.1)
