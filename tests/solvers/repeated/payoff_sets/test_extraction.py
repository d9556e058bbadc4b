"""Every automaton taken out of a payoff set attains its payoff and is an equilibrium by `repeated.check`."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from games.errors import ProfileError
from solvers.repeated import check
from solvers.repeated.payoff_sets._extraction import PenalCode, penal_code, strategy
from solvers.repeated.payoff_sets._payoff_set import payoff_set

PD = NormalFormGame.from_bimatrix(
    [[3, 0], [5, 1]], [[3, 5], [0, 1]], players=["Row", "Column"], actions=[["C", "D"], ["C", "D"]]
)
AS = NormalFormGame.from_bimatrix(
    [[16, 3, 0], [21, 10, -1], [9, 5, -5]], [[9, 13, 3], [1, 4, 0], [0, -4, -15]]
)


def all_hold(play: RepeatedGame, seed: int = 0, lotteries: int = 2) -> None:
    found = payoff_set(play)
    if found.inner.dimension < 0:
        return
    rng = np.random.default_rng(seed)
    scale = np.where(play.stage.ranges > 0, play.stage.ranges, 1.0)
    vertices = found.inner.vertices
    wanted = [vertices[0], *(rng.dirichlet(np.ones(len(vertices))) @ vertices for _ in range(lotteries))]
    for payoff in wanted:
        verdict = check(play, strategy(found, payoff))
        assert verdict.is_equilibrium, verdict.summary()
        np.testing.assert_allclose(verdict.payoffs / scale, payoff / scale, atol=1e-8)
    code = penal_code(found)
    for i, path in enumerate(code.paths):
        verdict = check(play, path)
        assert verdict.is_equilibrium, verdict.summary()
        assert verdict.payoffs[i] == pytest.approx(found.worst(i), abs=1e-8 * scale[i])


@pytest.mark.parametrize("discount", [0.1, 0.5, 0.6, 0.9])
def test_prisoners_dilemma(discount: float) -> None:
    all_hold(RepeatedGame(PD, discount))


@pytest.mark.parametrize("discount", [0.3, 0.4, 0.8, (0.3, 0.4)])
def test_abreu_and_sannikov(discount: float | tuple[float, float]) -> None:
    all_hold(RepeatedGame(AS, discount))


@pytest.mark.parametrize("seed", range(25))
def test_random_games_of_two(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(3, 3, 2)) if seed % 2 else rng.integers(-3, 4, size=(3, 2, 2)).astype(float)
    all_hold(RepeatedGame(NormalFormGame(table), rng.uniform(0.2, 0.9)), seed)


@pytest.mark.parametrize("seed", range(6))
def test_random_games_of_three(seed: int) -> None:
    rng = np.random.default_rng(seed)
    discount = rng.uniform(0.4, 0.7, size=3) if seed == 5 else rng.uniform(0.3, 0.8)
    all_hold(RepeatedGame(NormalFormGame(rng.normal(size=(2, 2, 2, 3))), discount), seed, lotteries=1)


def test_a_point_outside_is_refused() -> None:
    found = payoff_set(RepeatedGame(PD, 0.6))
    with pytest.raises(ProfileError, match="not in the inner polytope"):
        strategy(found, [5.0, 5.0])
    with pytest.raises(ProfileError, match="one number for each"):
        strategy(found, [3.0])
    empty = payoff_set(RepeatedGame(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), 0.6))
    with pytest.raises(ProfileError, match="no inner polytope"):
        penal_code(empty)


def test_punishment_in_words() -> None:
    code = penal_code(payoff_set(RepeatedGame(PD, 0.5)))
    words = code.in_words("Row")
    assert words.startswith("Row's punishment is worth")
    assert "(D, D)" in words or "(C, D)" in words
    assert "starts again" in words
    assert code.to_frame().shape == (2, 2)
    assert "Row 1" in code.summary()


def played_in_turn(names: str) -> str:
    """The punishment in words along a path that plays the named profiles, the last one forever."""
    length = len(names)
    matrix = np.eye(length, k=1)
    matrix[-1, -1] = 1.0
    path = SimpleNamespace(start=np.eye(length)[0], path_matrix=matrix)
    game = NormalFormGame(np.zeros((2, 2, 2)), players=["North", "South"])
    code = PenalCode(
        SimpleNamespace(play=SimpleNamespace(stage=game), minmax=np.array([1.0, 2.0])),
        (path, path),
        np.eye(2),
    )
    object.__setattr__(code, "_played", lambda path, now: names[int(np.argmax(now))])
    return code.in_words("North")


@pytest.mark.parametrize(
    ("names", "words"),
    [
        ("A", "Period 1: A forever."),
        ("AA", "Period 1: A forever."),
        ("AB", "Period 1: A; period 2: B forever."),
        ("AAB", "Period 1: A; period 2: A; period 3: B forever."),
        ("ABCD", "Period 1: A; period 2: B; period 3: C; period 4: D forever."),
        ("ABCDE", "Period 1: A; period 2: B; period 3: C; period 4: D; and in the long run: E."),
    ],
)
def test_a_path_is_told_until_it_repeats(names: str, words: str) -> None:
    assert f" {words} If North resists" in played_in_turn(names)
