"""One mixed Markov perfect equilibrium: against the quantal solver, derivatives by differences, and sgamesolver."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, StochasticGame, catalog
from games.errors import ConvergenceError, MethodError
from solvers import quantal, stochastic
from solvers.stochastic._logit import _Agents
from tests.solvers.stochastic.examples import named, random_game


@pytest.mark.parametrize("seed", range(12))
def test_nobody_gains(seed: int) -> None:
    game = random_game(seed, players=2 + seed % 3, states=1 + seed % 4, actions=2 + seed % 2)
    found = stochastic.logit_equilibrium(game)
    span = max(float(np.ptp(g.payoffs)) for g in game.stages)
    assert found.regret <= 1e-9 * span
    assert stochastic.regrets(game, found.profile).max() == pytest.approx(found.regret, abs=1e-12)
    if found.is_pure:
        profiles = [tuple(int(v.argmax()) for v in mixed) for mixed in found.profile]
        plan = stochastic.markov(game, profiles)
        assert stochastic.check(game, plan).is_equilibrium
        assert plan.payoffs == pytest.approx(found.payoffs, abs=1e-10)


@pytest.mark.parametrize("seed", range(3))
def test_derivatives_are_those_of_differences(seed: int) -> None:
    game = random_game(seed, players=3, states=2)
    agents = _Agents(game)
    rng = np.random.default_rng(seed)
    p = np.concatenate([rng.dirichlet(np.ones(2)) for _ in range(6)])
    worth, jacobian = agents.values_and_jacobian(p)
    step = 1e-6
    for k in range(len(p)):
        there = [agents.values_and_jacobian(p + sign * step * np.eye(len(p))[k])[0] for sign in (1, -1)]
        assert (there[0] - there[1]) / (2 * step) == pytest.approx(jacobian[:, k], abs=1e-7)
    assert len(worth) == 12


def test_one_state_is_the_limit_of_the_quantal_solver() -> None:
    for game in (
        catalog.prisoners_dilemma(),
        NormalFormGame.from_bimatrix([[3, 0], [1, 2]], [[2, 0], [0, 4]]),
    ):
        found = stochastic.logit_equilibrium(StochasticGame([game], [[1.0]], 0.6))
        other = quantal.limiting(game)
        for ours, theirs in zip(found.profile[0], other.profile):
            assert ours == pytest.approx(theirs, abs=1e-8)


def test_mixing_where_one_must() -> None:
    pennies = NormalFormGame.from_bimatrix([[2, -1], [-1, 1]])
    game = StochasticGame([pennies, pennies.rescale(3)], [[0.5, 0.5], [0.2, 0.8]], 0.9)
    found = stochastic.logit_equilibrium(game)
    assert not found.is_pure
    assert found.profile[0][0] == pytest.approx([0.4, 0.6], abs=1e-10)
    assert "mixed" in found.summary()
    assert found.to_frame()["probability"].sum() == pytest.approx(4.0)


def test_time_runs_out_with_an_error(clock) -> None:
    with pytest.raises(ConvergenceError, match="still gains"):
        stochastic.logit_equilibrium(random_game(0, players=3, states=6, actions=4), time_limit=1e-3)
    with pytest.raises(MethodError, match="time limit"):
        stochastic.logit_equilibrium(random_game(0), time_limit=0)


@pytest.mark.peer
@pytest.mark.parametrize("seed", range(6))
def test_sgamesolver_ends_in_the_same_equilibrium(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Its last release still asks for names that NumPy 2 has dropped.
    monkeypatch.setattr(np, "NaN", np.nan, raising=False)
    peer = pytest.importorskip("sgamesolver")
    game = named("abreu-brooks-sannikov", 0.7) if seed == 0 else random_game(seed, 2 + seed % 2, 2, 2, 0.8)
    payoffs = np.stack([np.moveaxis(g.payoffs, -1, 0) for g in game.stages])
    steps = np.stack(game.transitions)
    theirs = peer.SGame(payoffs, steps, game.discount)
    homotopy = peer.homotopy.QRE(theirs)
    homotopy.solver_setup()
    homotopy.solver.verbose = 0
    homotopy.solve()
    # It leaves the curve a little before the end.
    strategies = homotopy.equilibrium.strategies
    found = stochastic.logit_equilibrium(game)
    for s, mixed in enumerate(found.profile):
        for i, vector in enumerate(mixed):
            assert vector == pytest.approx(strategies[s, i], abs=2e-3)
