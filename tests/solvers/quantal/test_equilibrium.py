from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import ConvergenceError, GameError, MethodError
from solvers import quantal
from solvers.quantal.curve import Curve

CASES = json.loads((Path(__file__).parents[2] / "cases" / "quantal.json").read_text())


def logit_response(
    game: NormalFormGame, precision: float, profile: tuple[np.ndarray, ...]
) -> list[np.ndarray]:
    """Straight from the definition, in the game's own payoffs."""
    out = []
    for values in game.action_values(profile):
        weights = np.exp(precision * (values - values.max()))
        out.append(weights / weights.sum())
    return out


def random_game(shape: tuple[int, ...], seed: int) -> NormalFormGame:
    return NormalFormGame(np.random.default_rng(seed).random((*shape, len(shape))))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_known_answers(case: dict) -> None:
    game = NormalFormGame(case["payoffs"])
    found = quantal.equilibrium(game, case["precision"])
    for p, want in zip(found.profile, case["profile"]):
        np.testing.assert_allclose(p, want, atol=1e-10)
    for p, want in zip(quantal.limiting(game).profile, case["limit"]):
        np.testing.assert_allclose(p, want, atol=1e-10)


@pytest.mark.parametrize("shape", [(3,), (2, 2), (4, 3), (3, 3, 3), (2, 3, 2, 2)])
def test_every_point_of_a_branch_is_a_logit_equilibrium(shape: tuple[int, ...]) -> None:
    for seed in range(4):
        game = random_game(shape, seed)
        found = quantal.branch(game, max_precision=200.0)
        assert found.complete
        assert found.precisions[-1] == pytest.approx(200.0)
        for k, precision in enumerate(found.precisions):
            profile = tuple(array[k] for array in found.profiles)
            for p, want in zip(profile, logit_response(game, precision, profile)):
                np.testing.assert_allclose(p, want, atol=1e-8)
        rows = np.hstack(found.profiles)
        # One short step after another: no jump to another branch, other than in the last, shortened one.
        assert np.abs(np.diff(rows, axis=0)).max() <= 0.06


def test_branches_that_turn_are_followed_through_their_turns() -> None:
    turned = 0
    for seed in range(40):
        game = random_game((4, 4, 4), seed)
        found = quantal.branch(game, max_precision=300.0)
        assert found.complete
        if found.turns:
            turned += 1
            assert np.diff(found.precisions).min() < 0
            # Folds come in pairs between precision 0 and a large one.
            assert len(found.turns) % 2 == 0
            # Finer steps end at the same place.
            curve = Curve(game)
            for point, _ in curve.points(until=300.0 * curve.unit, longest=0.3):
                if point[-1] >= 300.0 * curve.unit:
                    break
            np.testing.assert_allclose(np.hstack(found.profiles)[-1], curve.probabilities(point), atol=1e-3)
    assert turned >= 2


def test_two_by_two_games_with_one_branch_against_bracketing() -> None:
    from scipy.optimize import brentq

    for seed in range(5):
        a, b, c, d = np.random.default_rng(seed).uniform(0.5, 3.0, 4)
        # Player 1 wants to match, player 2 not to: the two responses cross once.
        game = NormalFormGame.from_bimatrix([[a, 0], [0, b]], [[0, c], [d, 0]])
        for precision in (0.3, 2.0, 10.0):

            def response(p: float, precision: float = precision, a=a, b=b, c=c, d=d) -> float:
                q = 1 / (1 + np.exp(-precision * ((1 - p) * d - p * c)))
                return 1 / (1 + np.exp(-precision * (q * a - (1 - q) * b))) - p

            p = brentq(response, 0, 1, xtol=1e-14)
            found = quantal.equilibrium(game, precision)
            assert found.profile[0][0] == pytest.approx(p, abs=1e-9)
            assert found.residual < 1e-9


def test_the_limit_of_symmetric_coordination_games_is_risk_dominant() -> None:
    rng = np.random.default_rng(4)
    for _ in range(15):
        first, second = rng.uniform(0.5, 3.0, 2)
        low = rng.uniform(-2.0, 0.0, 2)
        A = np.array([[first, low[0]], [low[1], second]])
        game = NormalFormGame.from_bimatrix(A, A.T)
        risk_dominant = 0 if A[0, 0] - A[1, 0] > A[1, 1] - A[0, 1] else 1
        assert quantal.limiting(game).support == ((risk_dominant,), (risk_dominant,))


@pytest.mark.parametrize("shape", [(5, 5), (12, 12), (2, 2, 2), (3, 3, 3), (4, 4, 4), (2, 2, 2, 2)])
def test_limits_are_equilibria(shape: tuple[int, ...]) -> None:
    for seed in range(5):
        found = quantal.limiting(random_game(shape, seed))
        assert (found.regret <= 1e-12 * found.game.ranges).all()


def test_limits_of_degenerate_games_are_equilibria() -> None:
    rng = np.random.default_rng(6)
    for _ in range(25):
        game = NormalFormGame(rng.integers(0, 3, (*rng.integers(1, 4, 3), 3)))
        found = quantal.limiting(game)
        assert (found.regret <= 1e-10 * np.maximum(game.ranges, 1e-300)).all()


@given(st.integers(0, 10_000), st.sampled_from([1e12, 1e-12, 3.0]), st.sampled_from([0.0, 1e6]))
@settings(max_examples=12, deadline=None, derandomize=True)
def test_units_change_the_precision_and_nothing_else(seed: int, scale: float, shift: float) -> None:
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 1000, (3, 2, 2, 3)) / 1024)
    changed = game.rescale(scale, scale * shift)
    found, other = quantal.equilibrium(game, 4.0), quantal.equilibrium(changed, 4.0 / scale)
    for p, q in zip(found.profile, other.profile):
        np.testing.assert_allclose(p, q, atol=1e-7)
    one, two = quantal.limiting(game), quantal.limiting(changed)
    for p, q in zip(one.profile, two.profile):
        np.testing.assert_allclose(p, q, atol=1e-7)


@given(st.integers(0, 10_000), st.permutations([0, 1, 2]))
@settings(max_examples=10, deadline=None, derandomize=True)
def test_the_order_of_players_does_not_matter(seed: int, order: list[int]) -> None:
    game = random_game((2, 3, 3), seed)
    found, other = quantal.equilibrium(game, 6.0), quantal.equilibrium(game.permute(order), 6.0)
    for k, i in enumerate(order):
        np.testing.assert_allclose(found.profile[i], other.profile[k], atol=1e-8)


def test_own_units_make_the_limit_invariant_to_one_players_units() -> None:
    game = random_game((3, 3), 2)
    other = game.rescale([1e9, 1.0])
    a = quantal.limiting(game, each_in_its_own_unit=True)
    b = quantal.limiting(other, each_in_its_own_unit=True)
    np.testing.assert_allclose(np.concatenate(a.profile), np.concatenate(b.profile), atol=1e-12)


def test_fit_recovers_the_precision_of_simulated_choices() -> None:
    game = NormalFormGame.from_bimatrix([[9, 0], [0, 1]], [[0, 1], [1, 0]])
    rng = np.random.default_rng(9)
    truth = quantal.equilibrium(game, 0.8)
    hits = 0
    for _ in range(20):
        counts = [rng.multinomial(400, p) for p in truth.profile]
        found = quantal.fit(game, counts)
        assert not found.at_end
        hits += abs(found.precision - 0.8) < 2 * found.standard_error
    assert hits >= 16


def test_fit_beats_every_precision_on_a_grid() -> None:
    game = random_game((3, 3, 2), 3)
    counts = [[30, 12, 18], [5, 40, 15], [33, 27]]
    found = quantal.fit(game, counts)
    grid = quantal.branch(game)
    logs = [
        sum(float(np.dot(c, np.log(np.maximum(a[k], 1e-300)))) for c, a in zip(counts, grid.profiles))
        for k in range(len(grid.precisions))
    ]
    assert found.log_likelihood >= max(logs) - 1e-9
    direct = sum(float(np.dot(c, np.log(p))) for c, p in zip(counts, found.estimate.profile))
    assert found.log_likelihood == pytest.approx(direct)


def test_fit_says_when_the_best_precision_is_an_end_of_the_range() -> None:
    game = NormalFormGame.from_bimatrix([[3, 0], [4, 1]], [[3, 4], [0, 1]])
    assert quantal.fit(game, [[50, 50], [50, 50]]).precision == pytest.approx(0, abs=1e-6)
    sure = quantal.fit(game, [[0, 50], [0, 50]])
    assert sure.at_end
    assert np.isnan(sure.standard_error)
    assert "end of the range" in sure.summary()


def test_results_are_tables() -> None:
    game = random_game((2, 3), 1)
    found = quantal.branch(game, max_precision=5.0)
    assert found.to_frame().shape == (len(found.precisions), 5)
    assert "turning point" in found.summary()
    assert len(quantal.equilibrium(game, 1.0).to_frame()) == 5
    assert list(quantal.fit(game, [[1, 2], [0, 0, 0]]).to_frame().columns)[-1] == "observed"
    with pytest.raises(ValueError, match="read-only"):
        found.profiles[0][0, 0] = 1.0


def test_limits_on_time_and_points() -> None:
    game = random_game((3, 3), 1)
    assert not quantal.branch(game, max_points=3).complete
    assert "broken off" in quantal.branch(game, time_limit=1e-9).summary()
    with pytest.raises(ConvergenceError) as caught:
        quantal.limiting(game, time_limit=1e-9)
    assert caught.value.method == "logit"
    assert caught.value.residual > 0


def test_errors() -> None:
    game = random_game((2, 2), 1)
    with pytest.raises(MethodError):
        quantal.equilibrium(game, -1.0)
    with pytest.raises(MethodError):
        quantal.branch(game, max_precision=np.inf)
    for counts in ([[1, 2]], [[1, 2], [1, 2, 3]], [[0, 0], [0, 0]], [[-1, 2], [1, 1]], [[np.nan, 1], [1, 1]]):
        with pytest.raises(GameError):
            quantal.fit(game, counts)


@pytest.mark.peer
def test_agreement_with_gambit() -> None:
    gambit = pytest.importorskip("pygambit")
    for seed in range(3):
        game = random_game((3, 3, 3), seed)
        peer = gambit.Game.from_arrays(*(game.payoffs[..., i] for i in range(3)))
        theirs = gambit.qre.logit_solve_lambda(peer, [1.0, 5.0])
        for precision, point in zip((1.0, 5.0), theirs):
            want = [float(point.profile[s]) for player in peer.players for s in player.strategies]
            np.testing.assert_allclose(
                np.concatenate(quantal.equilibrium(game, precision).profile), want, atol=1e-4
            )
