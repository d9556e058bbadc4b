"""Array statistics of many stage games against the solvers for one game."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from solvers import coalitions, minmax, nash
from solvers.base.rounding import rounding
from solvers.repeated.patience import best_deviation
from solvers.uncertainty import _stages as stages

SHAPES = [(2, 2), (3, 2), (2, 3, 2), (4, 4, 4), (1, 3), (2, 2, 2, 2)]


def games(shape, seed, count=12, levels=None):
    rng = np.random.default_rng(seed)
    payoffs = rng.normal(size=(count, *shape, len(shape)))
    return np.round(payoffs * levels) / levels if levels else payoffs


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("levels", [None, 2])
def test_against_one_game_at_a_time(shape, levels):
    payoffs = games(shape, 1, levels=levels)
    mask = stages.pure_equilibria(payoffs)
    pure, correlated = stages.pure_minmax(payoffs), stages.correlated_minmax(payoffs)
    small = stages.rounding_many(payoffs)
    rng = np.random.default_rng(2)
    profile = tuple(int(rng.integers(k)) for k in shape)
    gains, leaves = stages.deviation_gains(payoffs, profile), stages.block_pairs(payoffs, profile)
    for d, table in enumerate(payoffs):
        game = NormalFormGame(table)
        expected = {tuple(s[0] for s in e.support) for e in nash.pure(game)}
        assert {tuple(int(a) for a in p) for p in np.argwhere(mask[d])} == expected
        assert pure[d] == pytest.approx(minmax.values(game, "pure").values, abs=1e-12)
        assert correlated[d] == pytest.approx(minmax.values(game, "correlated").values, abs=1e-9)
        assert small[d] == pytest.approx(rounding(game))
        assert gains[d] == pytest.approx(best_deviation(game, profile)[0])
        joint = coalitions.joint_deviations(game, profile)
        assert leaves[d].tolist() == [len(pair) > 0 for pair in joint.pairs]


def test_bounds_over_equilibria_by_hand():
    # A stag hunt has pure equilibria (0, 0) with payoffs (4, 4) and (1, 1) with (3, 3); matching pennies has none.
    hunt = np.array([[[4, 4], [0, 3]], [[3, 0], [3, 3]]], dtype=float)
    pennies = np.array([[[1, -1], [-1, 1]], [[-1, 1], [1, -1]]], dtype=float)
    payoffs = np.stack([hunt, pennies, hunt + 1])
    low, high = stages.equilibrium_bounds(payoffs, stages.pure_equilibria(payoffs))
    assert low[0].tolist() == [3, 3]
    assert high[0].tolist() == [4, 4]
    assert (low[2].tolist(), high[2].tolist()) == ([4, 4], [5, 5])
    assert np.isnan(low[1]).all()
    assert np.isnan(high[1]).all()


@given(st.integers(0, 2**32 - 1), st.permutations(range(3)))
@settings(max_examples=25, deadline=None)
def test_relabelling_players_relabels_everything(seed, order):
    payoffs = games((2, 3, 2), seed, count=4)
    moved = payoffs.transpose(0, *(1 + np.array(order)), 4)[..., order]
    assert stages.pure_minmax(moved) == pytest.approx(stages.pure_minmax(payoffs)[:, order])
    assert stages.correlated_minmax(moved) == pytest.approx(
        stages.correlated_minmax(payoffs)[:, order], abs=1e-9
    )
    profile = (1, 2, 0)
    other = tuple(profile[i] for i in order)
    assert stages.deviation_gains(moved, other) == pytest.approx(
        stages.deviation_gains(payoffs, profile)[:, order]
    )
    assert (
        stages.pure_equilibria(moved) == stages.pure_equilibria(payoffs).transpose(0, *(1 + np.array(order)))
    ).all()
    pairs = {frozenset(p): k for k, p in enumerate(stages.pairs(3))}
    columns = [pairs[frozenset((order[i], order[j]))] for i, j in stages.pairs(3)]
    assert (stages.block_pairs(moved, other) == stages.block_pairs(payoffs, profile)[:, columns]).all()


@given(st.integers(0, 2**32 - 1), st.floats(1e-6, 1e6), st.floats(-1e3, 1e3))
@settings(max_examples=25, deadline=None)
def test_a_change_of_unit_changes_no_equilibrium(seed, scale, shift):
    payoffs = games((3, 2, 2), seed, count=4)
    moved = payoffs.copy()
    moved[..., 1] = scale * payoffs[..., 1] + shift
    assert (stages.pure_equilibria(moved) == stages.pure_equilibria(payoffs)).all()
    assert (stages.block_pairs(moved, (0, 0, 0)) == stages.block_pairs(payoffs, (0, 0, 0))).all()
