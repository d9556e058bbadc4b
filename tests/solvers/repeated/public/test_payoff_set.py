"""Perfect public equilibrium payoffs: known answers, perfect signals, sharper signals, and linear programs written anew."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from games import Monitoring, NormalFormGame, RepeatedGame
from games.errors import MethodError
from solvers import repeated
from solvers.base.deadline import Deadline
from solvers.repeated.public._payoff_set import bracketed
from solvers.repeated.public._programs import signal_game
from tests.solvers.repeated.public.examples import CASES, PD, dilemma, noisy


def goods(discount: float, suspects: bool = False) -> RepeatedGame:
    """Three players give or not; a good signal is likelier the more give, or one is suspected, likelier who does not."""
    gifts = np.array(list(np.ndindex(2, 2, 2)))
    game = NormalFormGame((1 - gifts + 0.6 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 3))
    if suspects:
        weights = np.column_stack([np.full(8, 0.3), np.where(gifts == 1, 0.1, 0.9)])
        signals = weights / weights.sum(axis=1, keepdims=True)
    else:
        chance = 0.05 + 0.3 * gifts.sum(axis=1)
        signals = np.column_stack([chance, 1 - chance])
    return RepeatedGame(game, discount, monitoring=Monitoring(signals=signals.reshape(2, 2, 2, -1)))


def shortfall(play: RepeatedGame, points: np.ndarray, vertices: np.ndarray | None = None) -> float:
    """By how much payoffs and incentives must give for the hull of the vertices to generate the points (or the vertices)."""
    vertices = points if vertices is None else vertices
    game, d, signals = play.stage, play.discount, play.monitoring.signals
    n, V, count = play.n_players, vertices, signals.shape[-1]
    profiles = list(np.ndindex(*game.shape))
    per = 1 + count * len(V)
    columns = per * len(profiles) + 1
    equal, less = [], []
    payoff = np.zeros((n, columns))
    for k, a in enumerate(profiles):
        at = per * k
        payoff[:, at] = (1 - d) * game.payoffs[a]
        for y in range(count):
            part = slice(at + 1 + y * len(V), at + 1 + (y + 1) * len(V))
            row = np.zeros(columns)
            row[part], row[at] = 1.0, -1.0
            equal.append(row)
            payoff[:, part] = (d * signals[a][y] * V).T
        for i in range(n):
            for b in range(game.shape[i]):
                other = (*a[:i], b, *a[i + 1 :])
                row = np.zeros(columns)
                row[at] = (1 - d[i]) * (game.payoffs[other][i] - game.payoffs[a][i])
                for y in range(count):
                    part = slice(at + 1 + y * len(V), at + 1 + (y + 1) * len(V))
                    row[part] = d[i] * (signals[other][y] - signals[a][y]) * V[:, i]
                row[-1] = -1.0
                less.append(row)
    one = np.zeros(columns)
    one[0 : columns - 1 : per] = 1.0
    give = np.zeros((n, columns))
    give[:, -1] = 1.0
    cost = np.zeros(columns)
    cost[-1] = 1.0
    most = 0.0
    for v in points:
        rows = np.vstack([*less, payoff - give, -payoff - give])
        limits = np.concatenate([np.zeros(len(less)), v, -v])
        answer = linprog(cost, rows, limits, np.vstack([*equal, one]), [0.0] * len(equal) + [1.0])
        assert answer.status == 0
        most = max(most, float(answer.fun))
    return most


@pytest.mark.parametrize("discount", [0.5, 0.66, 0.7, pytest.param(0.75, marks=pytest.mark.thorough)])
def test_the_symmetric_corner_is_the_published_one(discount: float) -> None:
    found = repeated.payoff_set(dilemma(discount))
    best = CASES["dilemma"]["symmetric"]["value"]
    if discount < CASES["dilemma"]["grim"]["value"]:
        assert found.outer.highest == pytest.approx([0, 0], abs=1e-6)
    else:
        assert found.inner.contains([best - 5e-3] * 2)
        assert not found.outer.contains([best + 5e-3] * 2)
    assert shortfall(found.play, found.inner.vertices) <= 1e-7


@pytest.mark.parametrize("discount", [0.3, 0.5, 0.9])
def test_perfect_signals_are_perfect_monitoring(discount: float) -> None:
    for game in (PD, NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]]), goods(0.5).stage):
        seen = repeated.payoff_set(RepeatedGame(game, discount))
        signalled = repeated.payoff_set(RepeatedGame(game, discount, monitoring=Monitoring.revealing(game)))
        assert signalled.inner.volume == pytest.approx(seen.inner.volume, abs=1e-9)
        assert seen.inner.excess(signalled.inner.vertices).max() <= 1e-9
        assert signalled.outer.excess(seen.inner.vertices).max() <= 1e-9


@pytest.mark.parametrize("discount", [0.3, 0.5, 0.9])
def test_the_programs_know_perfect_signals_without_being_told(discount: float) -> None:
    for game in (PD, NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])):
        seen = repeated.payoff_set(RepeatedGame(game, discount))
        play = RepeatedGame(game, discount, monitoring=Monitoring.revealing(game))
        signalled = bracketed(play, signal_game(play), 1e-8, 5000, Deadline(None))
        assert signalled.inner.volume == pytest.approx(seen.inner.volume, abs=1e-6)
        assert seen.inner.excess(signalled.inner.vertices).max() <= 1e-7
        assert signalled.outer.excess(seen.inner.vertices).max() <= 1e-7


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.thorough) for seed in (6, 7))]
)
def test_inner_lies_in_outer_and_generates_itself(seed: int) -> None:
    rng = np.random.default_rng(seed)
    game = NormalFormGame(rng.normal(size=(2, 2, 2)))
    sight = Monitoring(signals=rng.dirichlet(np.full(3, 0.3), size=(2, 2)))
    found = repeated.payoff_set(RepeatedGame(game, float(rng.uniform(0.3, 0.85)), monitoring=sight))
    if found.empty:
        return
    if found.inner.dimension >= 0:
        assert found.outer.excess(found.inner.vertices).max() <= 1e-7
        assert shortfall(found.play, found.inner.vertices) <= 1e-7


def test_garbled_signals_never_help() -> None:
    """Kandori (1992): what a garbling of the signals sustains, the signals themselves sustain, too."""
    sharp = noisy(0.95, 0.4, 0.1)
    garbled = Monitoring(signals=sharp.signals @ np.array([[0.9, 0.1], [0.2, 0.8]]))
    fine = repeated.payoff_set(dilemma(0.7, sharp))
    coarse = repeated.payoff_set(dilemma(0.7, garbled))
    assert fine.outer.excess(coarse.inner.vertices).max() <= 1e-6
    assert fine.inner.volume > coarse.outer.volume


def test_signals_that_say_nothing_leave_stage_equilibria() -> None:
    blind = Monitoring(signals=np.full((2, 2, 2), 0.5))
    found = repeated.payoff_set(dilemma(0.95, blind))
    assert found.outer.highest == pytest.approx([0, 0], abs=1e-6)
    assert found.inner.highest == pytest.approx([0, 0], abs=1e-12)
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    nothing = repeated.payoff_set(RepeatedGame(pennies, 0.9, monitoring=blind))
    assert nothing.empty
    assert "No perfect public equilibrium in pure strategies" in nothing.summary()


@pytest.mark.slow
def test_three_players_who_see_only_how_much_was_given() -> None:
    """The best symmetric payoff, 1.8 - .4 (1 - p) / (p - q) with p = .95 and q = .65, lies inside; inner is checked anew."""
    found = repeated.payoff_set(goods(0.7), tolerance=3e-2)
    assert found.outer.excess(found.inner.vertices).max() <= 1e-6
    best = 1.8 - 0.4 * 0.05 / 0.3
    assert repeated.strongly_symmetric(found.play).best == pytest.approx(best, abs=1e-6)
    assert found.inner.contains([best] * 3, 1e-6)
    assert found.inner.contains([1.0] * 3, 1e-6)
    assert found.gap < 0.15
    assert shortfall(found.play, found.inner.vertices[::6], found.inner.vertices) <= 1e-7


@pytest.mark.slow
@pytest.mark.parametrize("tolerance", [3e-2, pytest.param(1e-2, marks=pytest.mark.thorough)])
def test_three_players_one_of_whom_is_suspected(tolerance: float) -> None:
    play = goods(0.9, suspects=True)
    found = repeated.payoff_set(play, tolerance=tolerance)
    assert found.outer.excess(found.inner.vertices).max() <= 1e-6
    assert found.gap < 0.2
    assert shortfall(play, found.inner.vertices[::6], found.inner.vertices) <= 1e-7


def test_three_players_who_see_nothing() -> None:
    blind = Monitoring(signals=np.full((2, 2, 2, 2), 0.5))
    nothing = repeated.payoff_set(RepeatedGame(goods(0.9).stage, 0.9, monitoring=blind))
    assert nothing.outer.highest == pytest.approx([1, 1, 1], abs=1e-6)
    assert nothing.inner.highest == pytest.approx([1, 1, 1], abs=1e-9)


def test_three_players_keep_to_the_time_limit(clock) -> None:
    clock.step = 0.2
    found = repeated.payoff_set(goods(0.9), time_limit=2)
    assert found.status == "time limit"
    assert found.outer.excess(found.inner.vertices).max() <= 1e-6


def test_options_are_refused() -> None:
    with pytest.raises(MethodError, match="tolerance"):
        repeated.payoff_set(dilemma(0.5), tolerance=-1.0)
    four = NormalFormGame(np.zeros((2, 2, 2, 2, 4)))
    with pytest.raises(MethodError, match="two or three players; this game has 4"):
        repeated.payoff_set(RepeatedGame(four, 0.5, monitoring=Monitoring.revealing(four)))
    with pytest.raises(MethodError, match="false alarms"):
        repeated.payoff_set(RepeatedGame(PD, 0.5, monitoring=Monitoring(0.1, 0.9)))


def test_how_it_reads() -> None:
    found = repeated.payoff_set(dilemma(0.7))
    assert "perfect public equilibria" in found.summary()
    assert found.to_frame().loc["Player 1", "best (inner)"] == pytest.approx(5 / 3, abs=1e-3)
    assert found.best(0) == found.best("Player 1")
    assert found.worst(1) == pytest.approx(0.0, abs=1e-9)
