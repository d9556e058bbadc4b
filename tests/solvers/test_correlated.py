"""Correlated equilibria: known values, Nash equilibria inside, enumeration of vertices, certificates and invariance."""

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError, ProfileError, SizeError
from solvers import correlated

CASES = json.loads((Path(__file__).parents[1] / "cases" / "correlated.json").read_text())


def random_game(seed, shape, integers=False):
    rng = np.random.default_rng(seed)
    size = (*shape, len(shape))
    return NormalFormGame(rng.integers(0, 5, size) if integers else rng.random(size))


def regret_by_loops(game, p, coarse):
    """Straight from the definitions, profile by profile."""
    out = []
    for i, k in enumerate(game.shape):
        gain = np.zeros((k, k))
        for a in product(*map(range, game.shape)):
            for b in range(k):
                other = (*a[:i], b, *a[i + 1 :])
                gain[a[i], b] += p[a] * (game.payoffs[other][i] - game.payoffs[a][i])
        out.append(gain.sum(axis=0).max() if coarse else gain.max(axis=1).sum())
    return np.array(out)


def vertices(game, coarse):
    """All extreme points of a small set of equilibria, by trying every choice of binding constraints."""
    K = int(np.prod(game.shape))
    rows = []
    for i, k in enumerate(game.shape):
        for b in range(k):
            told = [None] if coarse else [a for a in range(k) if a != b]
            for a in told:
                row = np.zeros(game.shape)
                for s in product(*map(range, game.shape)):
                    if a is None or s[i] == a:
                        row[s] = game.payoffs[(*s[:i], b, *s[i + 1 :])][i] - game.payoffs[s][i]
                rows.append(row.reshape(-1))
    bounds = np.vstack([np.array(rows), -np.eye(K)])
    found = []
    for tight in combinations(range(len(bounds)), K - 1):
        system = np.vstack([bounds[list(tight)], np.ones(K)])
        if abs(np.linalg.det(system)) > 1e-9:
            p = np.linalg.solve(system, np.r_[np.zeros(K - 1), 1.0])
            if (bounds @ p <= 1e-9).all():
                found.append(p)
    return np.array(found)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_known_values(case):
    game = NormalFormGame(case["payoffs"])
    assert correlated.solve(game).value == pytest.approx(case["welfare"], abs=1e-9)
    assert correlated.solve(game, "utilitarian").value == pytest.approx(case["welfare"], abs=1e-9)
    assert correlated.solve(game, "egalitarian").value == pytest.approx(case["egalitarian"], abs=1e-9)
    if "best" in case:
        found = correlated.bounds(game)
        np.testing.assert_allclose(found.upper, case["best"], atol=1e-9)
        np.testing.assert_allclose(found.lower, case["worst"], atol=1e-9)


def test_chicken_is_played_as_aumann_says():
    found = correlated.solve(NormalFormGame(CASES[0]["payoffs"]))
    np.testing.assert_allclose(found.distribution, [[0.5, 0.25], [0.25, 0.0]], atol=1e-12)


@pytest.mark.parametrize("coarse", [False, True])
def test_against_all_vertices(coarse):
    """A linear objective is best at a vertex: enumerate them all on 2x2 games, and on 2x3 ones in the finer set."""
    shapes = [(2, 2)] * 8 + ([(2, 3)] * 3 if coarse else [(2, 3)])
    for seed, shape in enumerate(shapes):
        game = random_game(seed, shape)
        points = vertices(game, coarse)
        weights = np.random.default_rng(seed).normal(size=shape)
        payoffs = points @ game.payoffs.reshape(-1, 2)
        assert correlated.solve(game, weights, coarse=coarse).value == pytest.approx(
            (points @ weights.reshape(-1)).max(), abs=1e-8
        )
        found = correlated.bounds(game, coarse=coarse)
        np.testing.assert_allclose(found.upper, payoffs.max(axis=0), atol=1e-8)
        np.testing.assert_allclose(found.lower, payoffs.min(axis=0), atol=1e-8)


@given(
    st.integers(0, 10**9),
    st.sampled_from([(2, 2), (3, 4), (2, 2, 2), (3, 2, 3), (2, 2, 2, 2), (1, 3, 2)]),
    st.booleans(),
    st.sampled_from(["welfare", "egalitarian", ("worst", 0), ("best", 1)]),
)
@settings(max_examples=50, deadline=None, derandomize=True)
def test_every_answer_is_an_equilibrium_and_proven_best(seed, shape, coarse, objective):
    game = random_game(seed, shape, integers=bool(seed % 2))
    found = correlated.solve(game, objective, coarse=coarse)
    assert found.distribution.sum() == pytest.approx(1.0, abs=1e-12)
    assert found.distribution.min() >= 0.0
    assert found.gap <= 1e-8
    assert regret_by_loops(game, found.distribution, coarse).max() <= 1e-8
    np.testing.assert_allclose(
        found.regret, np.maximum(regret_by_loops(game, found.distribution, coarse), 0), atol=1e-12
    )
    np.testing.assert_allclose(
        found.payoffs, np.tensordot(found.distribution, game.payoffs, axes=len(shape)), atol=1e-12
    )


@given(st.integers(0, 10**9), st.sampled_from([(3, 3), (2, 3, 2)]))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_nash_lies_in_correlated_lies_in_coarse(seed, shape):
    game = random_game(seed, shape, integers=True)
    fine, wide = correlated.bounds(game), correlated.bounds(game, coarse=True)
    assert (wide.upper >= fine.upper - 1e-8).all()
    assert (wide.lower <= fine.lower + 1e-8).all()
    for profile in np.argwhere(game.best_response_mask.all(axis=-1)):
        payoffs = game.payoff(tuple(profile))
        assert (payoffs <= fine.upper + 1e-8).all()
        assert (payoffs >= fine.lower - 1e-8).all()
        p = np.zeros(shape)
        p[tuple(profile)] = 1.0
        assert correlated.regret(game, p).max() == 0.0
        assert correlated.regret(game, p, coarse=True).max() == 0.0


def test_mixed_nash_lies_inside():
    """The mixed equilibrium of a 2x2 game in closed form, as a product distribution."""
    for seed in range(40):
        game = random_game(seed, (2, 2))
        A, B = game.payoffs[..., 0], game.payoffs[..., 1]
        x = (B[1, 1] - B[1, 0]) / (B[0, 0] - B[0, 1] + B[1, 1] - B[1, 0])
        y = (A[1, 1] - A[0, 1]) / (A[0, 0] - A[1, 0] + A[1, 1] - A[0, 1])
        if 0 < x < 1 and 0 < y < 1:
            p = np.outer([x, 1 - x], [y, 1 - y])
            assert correlated.regret(game, p).max() <= 1e-12
            payoffs = np.tensordot(p, game.payoffs, axes=2)
            found = correlated.bounds(game)
            assert (payoffs <= found.upper + 1e-9).all()
            assert (payoffs >= found.lower - 1e-9).all()


def test_coarse_can_do_better():
    """Rock, paper, scissors with -1/2 for a tie: never tying pays 0 in the coarse sense only."""
    A = np.array([[-0.5, -1, 1], [1, -0.5, -1], [-1, 1, -0.5]])
    game = NormalFormGame.from_bimatrix(A, A.T)
    assert correlated.solve(game, coarse=True).value == pytest.approx(0.0, abs=1e-9)
    assert correlated.solve(game).value == pytest.approx(-1 / 3, abs=1e-9)


def test_dominated_actions_have_no_weight():
    from solvers import dominance

    for seed in range(15):
        game = random_game(seed, (3, 3, 2), integers=True)
        kept = dominance.iterated_strict(game).kept
        p = correlated.solve(game).distribution.copy()
        p[np.ix_(*kept)] = 0.0
        assert p.sum() <= 1e-9


UNITS = [
    ([1e12, 1e-12, 1.0], 0.0),
    ([3.0, 0.1, 7.0], [1e6, -5.0, 0.0]),
    (1.0, 1e6),
    (1e12, 0.0),
    (1e-12, 0.0),
]


@given(st.integers(0, 10**9), st.sampled_from(UNITS), st.booleans())
@settings(max_examples=25, deadline=None, derandomize=True)
def test_units_do_not_matter(seed, units, coarse):
    game = random_game(seed, (2, 3, 2))
    scale, shift = (np.broadcast_to(x, 3) for x in units)
    other = game.rescale(scale, shift)
    for which in ("best", "worst"):
        for i in range(3):
            plain = correlated.solve(game, (which, i), coarse=coarse).value
            moved = correlated.solve(other, (which, i), coarse=coarse)
            assert (moved.value - shift[i]) / scale[i] == pytest.approx(plain, abs=1e-7)
            assert (moved.regret <= 1e-8 * other.ranges).all()
    even = correlated.solve(other, "egalitarian", coarse=coarse)
    assert even.gap <= 1e-8 * other.ranges.max()


@given(st.integers(0, 10**9), st.permutations([0, 1, 2]), st.booleans())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_order_and_copies_do_not_matter(seed, order, coarse):
    game = random_game(seed, (2, 3, 2), integers=True)
    doubled = NormalFormGame(np.concatenate([game.payoffs, game.payoffs[:1]], axis=0))
    for objective in ("welfare", "egalitarian"):
        value = correlated.solve(game, objective, coarse=coarse).value
        assert correlated.solve(game.permute(order), objective, coarse=coarse).value == pytest.approx(
            value, abs=1e-8
        )
        assert correlated.solve(doubled, objective, coarse=coarse).value == pytest.approx(value, abs=1e-8)


@pytest.mark.parametrize("other", [(1e120, 1e120), (5.0, -1e9), (1e-120, 0.0), (-1e120, 5.0)])
def test_the_worst_off_at_scales_far_apart(other):
    """Only player 1 chooses, and 2 is best for it; player 2's stakes may be larger or smaller by any factor."""
    game = NormalFormGame(np.array([[[2.0, other[0]]], [[0.0, other[1]]]]))
    found = correlated.solve(game, "egalitarian")
    assert found.value == pytest.approx(min(2.0, other[0]), rel=1e-6)
    assert found.gap <= 1e-6 * abs(found.value)


def test_weights_on_players():
    game = random_game(1, (3, 3, 2))
    assert correlated.solve(game, [1, 1, 1]).value == pytest.approx(correlated.solve(game).value, abs=1e-9)
    assert correlated.solve(game, [0, 0, -1]).value == pytest.approx(
        -correlated.solve(game, ("worst", "Player 3")).value, abs=1e-9
    )


@pytest.mark.parametrize("shape", [(1,), (4,), (1, 1), (2, 1), (1, 1, 1)])
@pytest.mark.parametrize("coarse", [False, True])
def test_small_and_constant_games(shape, coarse):
    game = random_game(9, shape)
    low, high = correlated.bounds(game, coarse=coarse).lower, correlated.bounds(game, coarse=coarse).upper
    if sum(k > 1 for k in shape) <= 1:
        mover = int(np.argmax(shape))
        assert high[mover] == pytest.approx(game.payoffs[..., mover].max(), abs=1e-12)
    constant = NormalFormGame(np.full((*shape, len(shape)), 3.0))
    found = correlated.solve(constant, "egalitarian", coarse=coarse)
    assert found.value == 3.0
    assert (low <= high + 1e-12).all()


@pytest.mark.parametrize("objective", ["egalitarian", ("worst", 2)])
def test_larger_programs_by_the_interior_point(objective):
    """Past 20,000 coefficients another method of HiGHS answers; the certificates are the same."""
    game = random_game(12, (10, 10, 10))
    found = correlated.solve(game, objective)
    assert found.gap <= 1e-8
    assert (found.regret <= 1e-8).all()
    assert regret_by_loops(game, found.distribution, False).max() <= 1e-8


def test_too_large_is_refused_at_once():
    game = NormalFormGame(np.zeros((60, 60, 60, 3)))
    with pytest.raises(SizeError, match="38,232,000 coefficients"):
        correlated.solve(game)


def test_a_time_limit_is_named():
    with pytest.raises(SizeError, match="time limit"):
        correlated.solve(random_game(0, (10, 10, 10)), "egalitarian", time_limit=1e-9)


def test_bad_input_is_named():
    game = random_game(0, (2, 3))
    with pytest.raises(MethodError, match="did you mean 'welfare'"):
        correlated.solve(game, "wellfare")
    with pytest.raises(MethodError, match=r"shape \(4,\)"):
        correlated.solve(game, [1, 2, 3, 4])
    with pytest.raises(MethodError, match="NaN"):
        correlated.solve(game, [np.nan, 1.0])
    with pytest.raises(MethodError, match="best"):
        correlated.solve(game, ("middle", 0))
    with pytest.raises(MethodError, match="neither"):
        correlated.solve(game, {"a": 1})
    with pytest.raises(ProfileError, match="no player"):
        correlated.solve(game, ("best", "Nobody"))
    with pytest.raises(MethodError, match="shape"):
        correlated.regret(game, [0.5, 0.5])


def test_what_it_looks_like():
    game = NormalFormGame(CASES[0]["payoffs"], players=["A", "B"], actions=[["yield", "dare"]] * 2)
    found = correlated.solve(game)
    frame = found.to_frame()
    assert list(frame.columns) == ["A", "B", "probability", "payoff of A", "payoff of B"]
    assert frame["probability"].sum() == pytest.approx(1.0)
    assert "correlated equilibrium with the largest sum of payoffs: 10.5" in repr(found)
    assert list(correlated.bounds(game).to_frame().columns) == ["worst", "best"]
    with pytest.raises(ValueError, match="read-only"):
        found.distribution[0, 0] = 1.0


def test_many_constraints_that_are_broken_again_and_again_are_all_given_at_once():
    """The lowest payoff in a random 30x30 game needs hundreds of the 1,740 incentive constraints."""
    game = NormalFormGame(np.random.default_rng(5).random((30, 30, 2)))
    found = correlated.solve(game, ("worst", 1))
    assert found.gap < 1e-9
    assert (found.regret < 1e-8).all()
    assert found.value == pytest.approx(0.48400783706693484, abs=1e-9)
