"""The outer polytope of four players, and how coarse it says it is."""

from __future__ import annotations

import itertools

import numpy as np

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets._operator import generate, normalised
from solvers.repeated.payoff_sets._outer_many import steps_of_many
from solvers.repeated.payoff_sets._payoff_set import payoff_set
from solvers.repeated.payoff_sets.polytope import Polytope

GAME = NormalFormGame(np.random.default_rng(3).normal(size=(2, 2, 2, 2, 4)))


def test_every_step_holds_the_equilibrium_payoffs() -> None:
    inner = payoff_set(RepeatedGame(GAME, 0.6), tolerance=0.02).core
    assert inner.dimension == 4
    stage = normalised(RepeatedGame(GAME, 0.6))
    steps = list(
        steps_of_many(stage, Polytope.hull(stage.payoffs), stage.minmax.copy(), 0.02, 100, Deadline(None))
    )
    for outer, *_ in steps:
        assert outer is not None
        assert outer.excess(inner.vertices).max() <= 1e-9
    assert steps[-1][-1] == "converged"
    # Half-spaces hold the set more loosely than the corners before them did. From there on nothing grows.
    volumes = [outer.volume for outer, *_ in steps[1:] if outer is not None]
    assert all(after <= before * (1 + 1e-9) for before, after in itertools.pairwise(volumes))


def test_the_bracket_is_checked_and_its_coarseness_said() -> None:
    found = payoff_set(RepeatedGame(GAME, 0.9), tolerance=0.01)
    assert found.converged
    assert 0.0 < found.gap < 1.0
    assert found.tolerance == 0.01
    assert "A tolerance below 0.01 narrows the gap" in found.summary()
    core = found.core
    image = Polytope.hull(generate(found.stage, core, core.lowest, full=True).payoffs)
    assert image.excess(core.vertices).max() <= 1e-11
    assert found.outer.excess(found.inner.vertices).max() <= 1e-9
