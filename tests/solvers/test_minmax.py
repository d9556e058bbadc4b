"""Minmax values: known ones, grids, duality, and what changes of units, order and copies leave alone."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError
from solvers import minmax

CASES = json.loads((Path(__file__).parents[1] / "cases" / "minmax.json").read_text())
KINDS = ("pure", "mixed", "correlated")


def random_game(seed, shape, integers=False):
    rng = np.random.default_rng(seed)
    size = (*shape, len(shape))
    return NormalFormGame(rng.integers(0, 4, size) if integers else rng.random(size))


def simplex_grid(k, steps):
    points = [p for p in product(range(steps + 1), repeat=k) if sum(p) == steps]
    return np.array(points) / steps


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
@pytest.mark.parametrize("kind", KINDS)
def test_known_values(case, kind):
    found = minmax.values(NormalFormGame(case["payoffs"]), kind)
    np.testing.assert_allclose(found.values, case[kind], atol=1e-6)
    np.testing.assert_allclose(found.upper, case[kind], atol=1e-6)
    np.testing.assert_allclose(found.lower, case[kind], atol=2e-6)
    if kind != "pure":
        np.testing.assert_allclose(found.security, case["security"], atol=1e-9)


@pytest.mark.parametrize(
    ("shape", "steps"), [((2, 2, 2), 100), ((3, 2, 3), 40), ((2, 3, 3), 24), ((2, 2, 2, 2), 30)]
)
@pytest.mark.parametrize("integers", [False, True])
def test_independent_minmax_against_a_grid(shape, steps, integers):
    """No grid point may go below `lower`, and the best one may not go below `upper` by more than its mesh."""
    for seed in range(6):
        game = random_game(seed, shape, integers)
        found = minmax.values(game, "mixed")
        for i in range(game.n_players):
            table = np.moveaxis(game.payoffs[..., i], i, 0)
            for k in (k for j, k in enumerate(shape) if j != i):
                grid = simplex_grid(k, steps)
                table = _place(table, grid)
            best = table.max(axis=0).min()
            unit = game.ranges[i]
            assert best >= found.lower[i] - 1e-9 * unit
            assert found.upper[i] <= best + 1e-9 * unit
            assert best - found.upper[i] <= 2.0 * (game.n_players - 1) * unit / steps


def _place(table, grid):
    """Contract the second axis (a punisher's actions) with every grid point; the grid becomes the last axis."""
    return np.tensordot(table, grid, axes=(1, 1))


@pytest.mark.parametrize("shape", [(3, 3, 3), (4, 4, 4), (2, 3, 4), (3, 3, 3, 3)])
def test_bracket_closes_and_punishments_do_what_they_say(shape):
    for seed in range(5):
        game = random_game(seed, shape)
        found = minmax.values(game, "mixed")
        assert (found.gap <= 2e-6 * game.ranges).all()
        for i, punishment in enumerate(found.punishments):
            assert game.expected(punishment)[i] == pytest.approx(found.values[i], abs=1e-12)
            assert game.regret(punishment)[i] <= 1e-12


@given(st.integers(0, 10**9), st.sampled_from([(2, 2), (3, 4), (2, 2, 2), (3, 2, 3)]), st.booleans())
@settings(max_examples=30, deadline=None, derandomize=True)
def test_the_kinds_are_in_order(seed, shape, integers):
    game = random_game(seed, shape, integers)
    pure, mixed, correlated = (minmax.values(game, kind) for kind in KINDS)
    slack = 1e-9
    assert (correlated.values <= mixed.lower + 2e-6 + slack).all()
    assert (correlated.values <= mixed.values + slack).all()
    assert (mixed.values <= pure.values + slack).all()
    assert (pure.security <= correlated.security + slack).all()
    np.testing.assert_allclose(correlated.security, correlated.values, atol=1e-12)
    if len(shape) == 2:
        np.testing.assert_allclose(mixed.values, correlated.values, atol=1e-12)


def test_pure_against_loops():
    game = random_game(11, (3, 2, 4))
    found = minmax.values(game, "pure")
    for i in range(3):
        others = [range(k) for j, k in enumerate(game.shape) if j != i]
        worst = min(
            max(game.payoff((*rest[:i], a, *rest[i:]))[i] for a in range(game.shape[i]))
            for rest in product(*others)
        )
        secured = max(
            min(game.payoff((*rest[:i], a, *rest[i:]))[i] for rest in product(*others))
            for a in range(game.shape[i])
        )
        assert found.values[i] == worst
        assert found.security[i] == secured
        assert game.payoff(found.punishments[i])[i] == worst


def test_correlated_punishment_concedes_the_value():
    game = random_game(5, (3, 4, 2))
    found = minmax.values(game, "correlated")
    for i in range(3):
        assert found.punishments[i].shape == tuple(k for j, k in enumerate(game.shape) if j != i)
        own = np.moveaxis(game.payoffs[..., i], i, 0).reshape(game.shape[i], -1)
        assert (own @ found.punishments[i].reshape(-1)).max() == pytest.approx(found.values[i], abs=1e-12)


@given(
    st.integers(0, 10**9),
    st.sampled_from(KINDS),
    st.sampled_from(
        [([1e12, 1e-12, 1.0], 0.0), ([3.0, 0.1, 7.0], [1e6, -5.0, 0.0]), (1.0, 1e6), (1e-12, 0.0)]
    ),
)
@settings(max_examples=24, deadline=None, derandomize=True)
def test_units_do_not_matter(seed, kind, units):
    game = random_game(seed, (2, 3, 2))
    scale, shift = (np.broadcast_to(x, 3) for x in units)
    plain, other = minmax.values(game, kind), minmax.values(game.rescale(scale, shift), kind)
    tolerance = 2e-6 if kind == "mixed" else 1e-9
    np.testing.assert_allclose((other.values - shift) / scale, plain.values, atol=tolerance)
    np.testing.assert_allclose((other.security - shift) / scale, plain.security, atol=1e-9)


@given(st.integers(0, 10**9), st.sampled_from(KINDS), st.permutations([0, 1, 2]))
@settings(max_examples=24, deadline=None, derandomize=True)
def test_order_and_copies_do_not_matter(seed, kind, order):
    game = random_game(seed, (2, 3, 2), integers=True)
    plain = minmax.values(game, kind).values
    moved = minmax.values(game.permute(order), kind).values
    np.testing.assert_allclose(moved, plain[order], atol=2e-6 * 3)
    doubled = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:1]], axis=0))
    np.testing.assert_allclose(minmax.values(doubled, kind).values, plain, atol=2e-6 * 3)


def test_a_stopped_search_still_brackets():
    game = random_game(2, (5, 5, 5))
    full, cut = minmax.values(game, "mixed"), minmax.values(game, "mixed", max_nodes=1)
    assert (cut.lower <= full.upper + 1e-9).all()
    assert (full.lower <= cut.upper + 1e-9).all()
    assert cut.gap.max() > 1e-4
    assert "stopped before" in cut.summary()
    assert minmax.values(game, "mixed", time_limit=1e-9).gap.max() > 1e-4


def test_constant_payoffs():
    game = NormalFormGame(np.full((2, 3, 2, 3), 4.0))
    for kind in KINDS:
        found = minmax.values(game, kind)
        assert found.values.tolist() == found.security.tolist() == [4.0, 4.0, 4.0]


def test_nothing_heavy_is_imported():
    """Minmax values and dominance are wanted by every report: they do without scipy's second of import."""
    code = (
        "import sys; from games import NormalFormGame; from solvers import dominance, minmax;"
        "game = NormalFormGame([[[3, 3], [0, 5]], [[5, 0], [1, 1]]]);"
        "[minmax.values(game, kind) for kind in ('pure', 'mixed', 'correlated')];"
        "dominance.iterated_weak(game);"
        "print([name for name in ('scipy', 'pandas', 'nashpy', 'flint') if name in sys.modules])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_what_it_looks_like():
    found = minmax.values(random_game(0, (2, 2, 2)), "mixed")
    frame = found.to_frame()
    assert list(frame.columns) == ["minmax", "lower", "upper", "security"]
    assert list(frame.index) == ["Player 1", "Player 2", "Player 3"]
    assert "branch and bound" in repr(found)
    assert np.asarray(found).tolist() == found.values.tolist()


def test_bad_input_is_named():
    game = random_game(0, (2, 2))
    with pytest.raises(MethodError, match="did you mean 'correlated'"):
        minmax.values(game, "corelated")
    with pytest.raises(MethodError, match="positive"):
        minmax.values(game, "mixed", tolerance=0.0)
