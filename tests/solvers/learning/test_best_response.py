"""Best-response dynamics: rest in potential games, cycles, orders of moves."""

from __future__ import annotations

from games import NormalFormGame
from solvers import learning
from tests.solvers.learning.games_of_the_tests import PENNIES, potential_game


def test_best_response_dynamics_of_potential_games_rests_at_pure_equilibria() -> None:
    for seed in range(5):
        for order in ("in turn", "random"):
            game = potential_game((3, 4, 3), seed)
            path = learning.best_response_dynamics(game, seed=seed, order=order)
            assert path.settled
            assert path.regret.max() == 0.0


def test_best_response_dynamics_notices_a_cycle() -> None:
    for order in ("in turn", "at once"):
        path = learning.best_response_dynamics(PENNIES, (0, 0), order=order)
        assert path.settled is False
        assert len(path.times) <= 6
        assert "did not come to rest" in path.summary()
    assert len(learning.best_response_dynamics(PENNIES, (0, 0), order="random", rounds=9).times) == 10


def test_at_once_and_in_turn_differ_where_they_should() -> None:
    # From (1, 2) in a game of coordination moving together goes round forever.
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]], [[1, 0], [0, 1]])
    assert learning.best_response_dynamics(game, (0, 1), order="at once").settled is False
    assert learning.best_response_dynamics(game, (0, 1)).settled is True


def test_the_time_limit_cuts_the_path_short() -> None:
    path = learning.best_response_dynamics(PENNIES, order="random", rounds=10_000_000, time_limit=0.1)
    assert not path.complete
    assert path.settled is False
    assert learning.best_response_dynamics(PENNIES, (0, 0)).complete
