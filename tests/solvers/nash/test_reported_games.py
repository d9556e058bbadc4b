"""Games that people reported to solvers, or of their kind: common offsets, players without a choice, ties, long paths."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from games import NormalFormGame
from games.errors import ConcertError, ConvergenceError, MethodError, PrecisionError
from solvers import correlated, dominance, minmax, nash, quantal

CASES = json.loads((Path(__file__).parents[2] / "cases" / "nash_reported.json").read_text())


def game_of(case):
    flat = np.empty(len(case["payoffs"]), dtype=object)
    flat[:] = [Fraction(x) for x in case["payoffs"]]
    return NormalFormGame(flat.reshape(*case["shape"], len(case["shape"])))


def true_regret(game, profile):
    """The largest regret over the payoff range, in fractions: a second way, without the solver's arithmetic."""
    vectors = [[Fraction(float(p)) for p in v] for v in profile]
    worst = Fraction(0)
    for i, k in enumerate(game.shape):
        values = [Fraction(0)] * k
        for a in product(*map(range, game.shape)):
            weight = Fraction(1)
            for j, action in enumerate(a):
                if j != i:
                    weight *= vectors[j][action]
            values[a[i]] += weight * game.exact[a][i]
        own = game.exact[..., i].reshape(-1)
        span = max(own) - min(own)
        gain = max(values) * sum(vectors[i]) - sum(p * v for p, v in zip(vectors[i], values))
        worst = max(worst, gain / span if span else Fraction(0))
    return float(worst)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_reported_games(case):
    game = game_of(case)
    found = nash.find_all(game)
    if case["complete"] is not None:
        assert found.complete is case["complete"], found.summary()
    assert found.degenerate is case["degenerate"]
    for e in found:
        assert true_regret(game, e.profile) < 1e-12
        assert not any(0 < p < 1e-9 for v in e.profile for p in v)
    if "count" in case:
        assert len(found) == case["count"]
    if "equilibria" in case:
        listed = {tuple(np.round(np.concatenate(e.profile), 9)) for e in found}
        right = {tuple(np.round(np.concatenate([np.array(v) for v in p]), 9)) for p in case["equilibria"]}
        assert listed == right


def scaled(shape, seed, exact):
    """A game with an offset and a scale for each player, log-uniform from 1e-300 to 1e300."""
    rng = np.random.default_rng([seed, *shape])
    base = rng.integers(-9, 10, (*shape, len(shape)))
    payoffs = np.empty(base.shape, dtype=object)
    for i in range(len(shape)):
        scale, offset = (Fraction(10) ** int(rng.integers(-300, 300)) for _ in range(2))
        sign = int(rng.choice([-1, 1]))
        for place in np.ndindex(shape):
            payoffs[(*place, i)] = int(base[(*place, i)]) * scale + sign * offset
    if not exact:
        payoffs = payoffs.astype(float)
    return NormalFormGame(payoffs)


@pytest.mark.parametrize("shape", [(2, 2), (3, 3), (2, 2, 2), (3, 2, 2)])
@pytest.mark.parametrize("exact", [True, False])
def test_offsets_and_scales_never_make_a_false_equilibrium_a_proven_one(shape, exact):
    refused, by_others = set(), set()
    for seed in range(25):
        game = scaled(shape, seed, exact)
        try:
            nash.pure(game)
        except PrecisionError:
            by_others.add(seed)
        try:
            found = nash.find_all(game)
        except PrecisionError:
            refused.add(seed)
            continue
        for e in found:
            assert true_regret(game, e.profile) < 1e-9
            assert max(e.regret / np.where(game.ranges > 0, game.ranges, 1)) < 1e-9
    # Only what rounding has erased in the game as a whole keeps any of them from an answer.
    assert refused == by_others
    assert not (exact and refused)
    assert exact or refused or shape == (3, 2, 2)


@pytest.mark.parametrize("offset", [10**12, 10**18, -(10**30)])
def test_a_common_offset_changes_no_exact_answer(offset):
    rng = np.random.default_rng(3)
    base = rng.integers(0, 50, (2, 3, 2, 3)).astype(object)
    one, other = NormalFormGame(base), NormalFormGame(base + offset)
    for method in ("logit", "newton"):
        for p, q in zip(nash.find_one(one, method).profile, nash.find_one(other, method).profile):
            np.testing.assert_allclose(p, q, atol=1e-12)
    for p, q in zip(quantal.equilibrium(one, 0.3).profile, quantal.equilibrium(other, 0.3).profile):
        np.testing.assert_allclose(p, q, atol=1e-12)
    assert dominance.iterated_weak(one).kept == dominance.iterated_weak(other).kept
    assert dominance.iterated_strict(one).kept == dominance.iterated_strict(other).kept
    for kind in ("pure", "mixed", "correlated"):
        a, b = minmax.values(one, kind), minmax.values(other, kind)
        np.testing.assert_allclose(a.values + float(offset), b.values, rtol=1e-15)
    p = correlated.solve(other).distribution
    np.testing.assert_allclose(correlated.regret(other, p), 0.0, atol=1e-6)
    assert [e.describe() for e in nash.pure(one)] == [e.describe() for e in nash.pure(other)]


def test_regret_counts_differences_that_floats_do_not_show():
    game = NormalFormGame.from_bimatrix([[0, 10**18], [0, 10**18 + 1]], [[0, 0], [0, 0]])
    assert game.regret((0, 1)).tolist() == [1.0, 0.0]
    assert game.regret((1, 1)).tolist() == [0.0, 0.0]


def test_floats_that_have_lost_their_differences_are_refused_by_every_solver():
    A = np.array([[1e18, 1e18 + 1], [1e18 + 2, 1e18]])
    game = NormalFormGame.from_bimatrix(A, A.T)
    for solve in (
        nash.find_all,
        nash.find_one,
        nash.pure,
        quantal.limiting,
        quantal.branch,
        minmax.values,
        dominance.iterated_strict,
        correlated.solve,
    ):
        with pytest.raises(PrecisionError, match="Give them as integers"):
            solve(game)


def test_a_player_whose_differences_are_few_floats_apart_is_refused():
    payoffs = [[1e18, 1e18 + 256], [1e18 + 128, 1e18]]
    with pytest.raises(PrecisionError, match="Player 1 are floats of about 1e"):
        nash.find_all(NormalFormGame.from_bimatrix(payoffs, [[1, 2], [4, 3]]))


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 2, 2), (2, 2, 2, 2)])
def test_players_whose_floats_are_equal_do_not_keep_find_all_from_answering(shape):
    # Split off, the players who differ leave a game of none but indifferent ones.
    payoffs = np.zeros((*shape, len(shape)))
    payoffs[..., 0] = 2e232
    payoffs[..., 1] = np.random.default_rng(len(shape)).integers(0, 9, shape) * 1e200
    game = NormalFormGame(payoffs)
    found = nash.find_all(game)
    one = nash.find_one(game)
    assert len(found)
    assert "are equal floats" in found.summary()
    for e in (*found, one):
        assert max(game.regret(e.profile)) <= 1e-9 * game.ranges.max()


def test_rounding_of_the_input_is_remarked_on():
    payoffs = np.array([[1e9 + 0.25, 1e9], [1e9, 1e9 + 0.5]])
    game = NormalFormGame.from_bimatrix(payoffs, payoffs)
    assert "Rounding of the payoffs as given" in nash.find_all(game).summary()
    large = NormalFormGame.from_bimatrix([[1.5, 2.0]], np.full((1, 2), 1e20))
    assert "differences below" in nash.find_all(large).summary()
    assert "Rounding" not in nash.find_all(NormalFormGame.from_bimatrix([[0.1, 0.2]], [[0.3, 0.4]])).summary()


@pytest.mark.parametrize(("n", "seed"), [(76, 28), (80, 28), (84, 53)])
def test_large_random_games_do_not_follow_one_path_to_its_end(n, seed):
    rng = np.random.default_rng(seed)
    game = NormalFormGame.from_bimatrix(rng.random((n, n)), rng.random((n, n)).T)
    found = nash.find_one(game)
    assert found.proof == "exact"
    assert found.regret.max() < 1e-12


def test_one_label_with_few_pivots_says_what_to_try_next():
    game = NormalFormGame.from_bimatrix(*np.random.default_rng(0).random((2, 30, 30)))
    with pytest.raises(ConvergenceError, match=r"max_pivots = 2 pivots.*another label.*'newton'"):
        nash.find_one(game, "lemke-howson", label=0, max_pivots=2)


def test_zero_sum_games_of_many_actions_go_to_a_linear_program():
    A = np.random.default_rng(1).integers(-50, 51, (60, 70))
    game = NormalFormGame.from_bimatrix(A, 7 - 3 * A)
    one, every = nash.find_one(game), nash.find_all(game)
    assert one.proof == "exact"
    assert every.complete
    assert len(every) == 1
    x, y = one.profile
    assert (x @ A).min() == pytest.approx((A @ y).max())
    with pytest.raises(MethodError, match="opposed"):
        nash.find_one(NormalFormGame.from_bimatrix(A, A), "linear-program")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_paths": -5, "seed": "x"}, "seed must be a whole number"),
        ({"max_paths": -5, "seed": 1}, "seed steers the search in games of three"),
        ({"max_paths": 5}, "max_paths steers"),
        ({"time_limit": -1}, "time_limit is -1; it must be a positive number of seconds"),
        ({"time_limit": "soon"}, "time_limit must be a finite number or None; got 'soon'"),
    ],
)
def test_options_that_do_not_apply_are_refused(options, message):
    with pytest.raises(ConcertError, match=message):
        nash.find_all(NormalFormGame.from_bimatrix([[1, 0], [0, 1]]), **options)


@pytest.mark.parametrize(
    ("method", "options", "message"),
    [
        ("lemke-howson", {"label": -1}, "label is -1"),
        ("lemke-howson", {"max_pivots": 0}, "max_pivots is 0"),
        ("newton", {"starts": 0}, "starts is 0"),
        ("newton", {"seed": 1.5}, "seed is 1.5"),
        ("logit", {"seed": 1}, "no option 'seed'"),
        ("pure", {"time_limit": 1}, "no option 'time_limit'; it takes none"),
        ("nashpy", {"time_limit": 0}, "time_limit is 0"),
        (None, {"starts": 3}, "no option 'starts'"),
    ],
)
def test_methods_refuse_what_they_do_not_take(method, options, message):
    with pytest.raises(MethodError, match=message):
        nash.find_one(NormalFormGame.from_bimatrix([[1, 0], [0, 1]]), method, **options)


def test_equilibria_that_look_the_same_are_explained():
    # 2/3 typed with ten digits in one cell: two equilibria where one was meant.
    third = 0.6666666667
    A = np.array([[third, 2 / 3, 0.0], [2 / 3, third, 0.0], [0.0, 0.0, 0.1]])
    found = nash.find_all(NormalFormGame.from_bimatrix(A, -A))
    shown = {tuple(np.round(np.concatenate(e.profile), 9)) for e in found}
    assert (len(shown) < len(found)) == any("nearly" in note for note in found.notes)
