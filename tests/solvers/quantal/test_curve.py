from __future__ import annotations

from itertools import islice, takewhile

import numpy as np
import pytest

from games import NormalFormGame
from solvers.quantal.curve import Curve


def last(game: NormalFormGame, until: float, longest: float = np.inf) -> np.ndarray:
    """The probabilities of the last point before the curve passes `until`."""
    curve = Curve(game)
    points = list(takewhile(lambda step: step[0][-1] < until, curve.points(until=until, longest=longest)))
    return curve.probabilities(points[-1][0])


def coordination(advantage: float) -> NormalFormGame:
    A = np.diag([1.0 + advantage, 1.0])
    return NormalFormGame.from_bimatrix(A, A)


def test_the_derivatives_are_those_of_the_equations() -> None:
    rng = np.random.default_rng(1)
    curve = Curve(NormalFormGame(rng.random((3, 2, 3, 3))))
    point = np.append(rng.normal(size=8), 1.7)
    _, system = curve.equations(point)
    for b in range(9):
        step = np.zeros(9)
        step[b] = 1e-6
        difference = (curve.equations(point + step)[0] - curve.equations(point - step)[0]) / 2e-6
        np.testing.assert_allclose(system[:, b], difference, atol=1e-8)


@pytest.mark.parametrize("advantage", [0.3, 0.01, 1e-3, 1e-4, 1e-5])
def test_near_a_bifurcation_the_curve_stays_on_its_branch(advantage: float) -> None:
    # With an advantage, however small, uniform play leads to the better equilibrium; the branch through the mixed one
    # comes as close as the advantage is small.
    np.testing.assert_allclose(last(coordination(advantage), 50.0), [1, 0, 1, 0], atol=1e-6)
    np.testing.assert_allclose(last(coordination(-advantage), 50.0), [0, 1, 0, 1], atol=1e-6)


def test_a_bifurcation_of_a_symmetric_game_is_passed_straight_on() -> None:
    np.testing.assert_allclose(last(coordination(0.0), 50.0), 0.5, atol=1e-9)


def test_long_steps_end_where_short_ones_do() -> None:
    rng = np.random.default_rng(11)
    for shape in [(3, 2), (6, 6), (3, 3, 3), (2, 2, 2, 2)]:
        for _ in range(4):
            game = NormalFormGame(rng.random((*shape, len(shape))))
            curve = Curve(game)
            long, short = last(game, 200.0), last(game, 200.0, longest=0.2)
            # The two stop at different points just before 200, so compare what is played.
            np.testing.assert_allclose(long, short, atol=0.06)
            assert all(
                abs(a - b) < 0.06 for a, b in zip(curve.stacked.values(long), curve.stacked.values(short))
            )


def test_every_point_solves_the_equations_and_tangents_agree() -> None:
    curve = Curve(NormalFormGame(np.random.default_rng(3).random((4, 3, 2))))
    before = None
    for point, tangent in islice(curve.points(until=1e6), 60):
        assert np.abs(curve.equations(point)[0]).max() <= 1e-11 * (1 + np.abs(point).max())
        assert np.linalg.norm(tangent) == pytest.approx(1.0)
        if before is not None:
            assert before @ tangent > 0.98
        before = tangent
