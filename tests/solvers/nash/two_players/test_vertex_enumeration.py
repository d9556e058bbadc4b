from __future__ import annotations

import json
import time
from fractions import Fraction
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame
from games.errors import MethodError, SizeError
from solvers.nash.two_players import _vertex_enumeration as bimatrix
from solvers.nash.two_players._vertex_enumeration import enumerate_bimatrix, expected_vertices

HERE = Path(__file__).parents[3] / "cases"
CASES = json.loads((HERE / "bimatrix.json").read_text())
STENGEL = json.loads((HERE / "bimatrix_von_stengel.json").read_text())

Points = set[tuple[tuple[Fraction, ...], tuple[Fraction, ...]]]


def as_set(found: bimatrix.Equilibria) -> set[tuple[tuple[float, ...], ...]]:
    return {tuple(tuple(p.tolist()) for p in e.profile) for e in found}


def in_floats(points: Points) -> set[tuple[tuple[float, ...], ...]]:
    return {tuple(tuple(map(float, p)) for p in pair) for pair in points}


# ------------------------------------------------------------------ the slow, exact, independent way


def solve(rows: list[list[Fraction]], right: list[Fraction]) -> list[Fraction] | None:
    """Gauss-Jordan in fractions; None if singular."""
    n = len(rows)
    work = [[*row, b] for row, b in zip(rows, right)]
    for c in range(n):
        pivot = next((r for r in range(c, n) if work[r][c]), None)
        if pivot is None:
            return None
        work[c], work[pivot] = work[pivot], work[c]
        work[c] = [v / work[c][c] for v in work[c]]
        for r in range(n):
            if r != c and work[r][c]:
                work[r] = [v - work[r][c] * w for v, w in zip(work[r], work[c])]
    return [row[-1] for row in work]


def corners(B: list[list[Fraction]]) -> list[tuple[tuple[Fraction, ...], frozenset[int]]]:
    """Vertices of {x >= 0, x B <= 1} but the origin, with their labels, by trying every choice of tight inequalities."""
    m, n = len(B), len(B[0])
    normals = [[Fraction(i == k) for k in range(m)] for i in range(m)]
    normals += [[B[i][j] for i in range(m)] for j in range(n)]
    right = [Fraction(0)] * m + [Fraction(1)] * n
    out = {}
    for choice in combinations(range(m + n), m):
        x = solve([normals[c] for c in choice], [right[c] for c in choice])
        if x is None or not any(x) or min(x) < 0:
            continue
        values = [sum(a * b for a, b in zip(normal, x)) for normal in normals[m:]]
        if max(values) > 1:
            continue
        labels = {i for i in range(m) if x[i] == 0} | {m + j for j in range(n) if values[j] == 1}
        out[tuple(x)] = frozenset(labels)
    return list(out.items())


def brute_force(first: list[list[int]], second: list[list[int]]) -> Points:
    A = [[Fraction(v) - min(map(min, first)) + 1 for v in row] for row in first]
    B = [[Fraction(v) - min(map(min, second)) + 1 for v in row] for row in second]
    m, n = len(A), len(A[0])
    out = set()
    for x, has in corners(B):
        for y, other in corners([list(c) for c in zip(*A)]):
            flipped = {label - n if label >= n else label + m for label in other}
            if has | flipped == set(range(m + n)):
                out.add((tuple(v / sum(x) for v in x), tuple(v / sum(y) for v in y)))
    return out


# ------------------------------------------------------------------ known answers


@pytest.mark.parametrize("exact", ["auto", True])
@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_known_answers(case: dict, exact: bool) -> None:
    found = enumerate_bimatrix(NormalFormGame.from_bimatrix(case["first"], case["second"]), exact=exact)
    want = {tuple(tuple(float(Fraction(p)) for p in s) for s in e) for e in case["equilibria"]}
    assert as_set(found) == want
    assert len(found) == len(want)
    assert found.complete
    assert found.degenerate is case["degenerate"]
    assert all(e.proof == "exact" for e in found)
    if "indices" in case:
        assert sorted(e.index for e in found) == sorted(case["indices"])


@pytest.mark.parametrize("exact", ["auto", True])
def test_von_stengel_has_75(exact: bool) -> None:
    found = enumerate_bimatrix(NormalFormGame.from_bimatrix(STENGEL["first"], STENGEL["second"]), exact=exact)
    assert len(found) == STENGEL["count"]
    assert found.complete
    assert found.degenerate is False
    assert sum(e.index for e in found) == 1
    assert all((e.regret <= 1e-12 * found.game.ranges).all() for e in found)


# ------------------------------------------------------------------ against the independent way


@pytest.mark.parametrize("shape", [(2, 2), (2, 3), (3, 2), (3, 3), (1, 4), (2, 4)])
def test_degenerate_games_against_brute_force(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(11)
    for _ in range(12):
        A, B = rng.integers(0, 3, (2, *shape)).tolist()
        found = enumerate_bimatrix(NormalFormGame.from_bimatrix(A, B))
        assert as_set(found) == in_floats(brute_force(A, B))


def test_random_games_against_brute_force() -> None:
    rng = np.random.default_rng(12)
    for shape in [(2, 2), (3, 3), (3, 4), (4, 3), (4, 4)] * 2:
        A, B = rng.integers(0, 10**6, (2, *shape)).tolist()
        want = in_floats(brute_force(A, B))
        for exact in (True, False):
            found = enumerate_bimatrix(NormalFormGame.from_bimatrix(A, B), exact=exact)
            assert as_set(found) == want
            assert found.degenerate is False


def test_zero_sum_games_have_the_value_of_the_linear_programme() -> None:
    from scipy.optimize import linprog

    rng = np.random.default_rng(13)
    for _ in range(10):
        A = rng.integers(-5, 6, (4, 5))
        lp = linprog([0, 0, 0, 0, -1], np.hstack([-A.T, np.ones((5, 1))]), np.zeros(5), [[1, 1, 1, 1, 0]], [1],
                     bounds=[(0, None)] * 4 + [(None, None)])  # fmt: skip
        for equilibrium in enumerate_bimatrix(NormalFormGame.from_bimatrix(A)):
            np.testing.assert_allclose(equilibrium.payoffs, [-lp.fun, lp.fun], atol=1e-9)


@pytest.mark.parametrize("shape", [(5, 5), (6, 6), (4, 7), (8, 8), (3, 12), (10, 10), (2, 40), (12, 12)])
def test_generic_games_are_complete(shape: tuple[int, int]) -> None:
    rng = np.random.default_rng(14)
    for _ in range(6):
        found = enumerate_bimatrix(NormalFormGame(rng.random((*shape, 2))))
        assert found.complete
        assert found.degenerate is False
        assert len(found) % 2 == 1
        assert sum(e.index for e in found) == 1
        assert max(e.regret.max() for e in found) < 1e-12


def test_floats_and_integers_agree() -> None:
    rng = np.random.default_rng(15)
    for _ in range(5):
        game = NormalFormGame(rng.random((8, 7, 2)))
        floats, integers = enumerate_bimatrix(game, exact=False), enumerate_bimatrix(game, exact=True)
        assert [[p.tolist() for p in e.profile] for e in floats] == [
            [p.tolist() for p in e.profile] for e in integers
        ]


# ------------------------------------------------------------------ scale, order, copies

GAMES = st.integers(0, 2**32 - 1).map(
    lambda seed: np.random.default_rng(seed).integers(
        -3, 4, (*np.random.default_rng(seed).integers(1, 5, 2), 2)
    )
)


@given(GAMES, st.sampled_from([2.0**40, 2.0**-40, 3.0, 1.0]), st.sampled_from([0.0, 1e6, -7.0]))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_units_do_not_matter(payoffs: np.ndarray, scale: float, shift: float) -> None:
    game = NormalFormGame(payoffs)
    changed = NormalFormGame(np.stack([payoffs[..., 0] * scale, payoffs[..., 1] + shift], axis=-1))
    assert as_set(enumerate_bimatrix(game)) == as_set(enumerate_bimatrix(changed))


@given(GAMES, st.integers(0, 1000))
@settings(max_examples=30, deadline=None, derandomize=True)
def test_order_does_not_matter(payoffs: np.ndarray, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, columns = rng.permutation(payoffs.shape[0]), rng.permutation(payoffs.shape[1])
    found = enumerate_bimatrix(NormalFormGame(payoffs))
    other = enumerate_bimatrix(NormalFormGame(payoffs[rows][:, columns].transpose(1, 0, 2)[..., ::-1]))
    want = {(tuple(y[columns].tolist()), tuple(x[rows].tolist())) for x, y in (e.profile for e in found)}
    assert as_set(other) == want
    assert len(other.components) == len(found.components)


@given(GAMES)
@settings(max_examples=20, deadline=None, derandomize=True)
def test_a_copy_of_an_action_adds_only_copies(payoffs: np.ndarray) -> None:
    found = enumerate_bimatrix(NormalFormGame(payoffs))
    copied = enumerate_bimatrix(NormalFormGame(np.concatenate([payoffs, payoffs[-1:]])))
    merged = {((*x[:-2].tolist(), x[-2:].sum()), tuple(y.tolist())) for x, y in (e.profile for e in copied)}
    assert merged == as_set(found)


@pytest.mark.parametrize(
    ("scale", "shift"), [(1e12, 0.0), (1e-12, 0.0), (1.0, 1e6), (1.0, 1e12), (1e-300, 0.0)]
)
@pytest.mark.parametrize("size", [3, 7])
def test_badly_scaled_payoffs(size: int, scale: float, shift: float) -> None:
    payoffs = np.random.default_rng(16).integers(0, 1000, (size, size, 2)).astype(float)
    want = enumerate_bimatrix(NormalFormGame(payoffs))
    found = enumerate_bimatrix(NormalFormGame(payoffs * scale + shift))
    assert len(found) == len(want)
    for a, b in zip(found, want):
        np.testing.assert_allclose(np.concatenate(a.profile), np.concatenate(b.profile), atol=1e-9)
    assert sum(e.index for e in found) == 1


def test_payoffs_of_very_different_size_in_one_matrix() -> None:
    A = [[1e12, 0, 0], [0, 1, 2], [0, 2, 1.0]]
    found = enumerate_bimatrix(NormalFormGame.from_bimatrix(A, np.array(A).T))
    assert found.degenerate is False
    assert sum(e.index for e in found) == 1
    assert len(found) == 7


# ------------------------------------------------------------------ limits and errors


def test_a_near_tie_is_settled_in_rationals() -> None:
    payoffs = np.random.default_rng(17).random((7, 7, 2))
    payoffs[1, :, 0] = payoffs[0, :, 0]
    with pytest.raises(MethodError):
        enumerate_bimatrix(NormalFormGame(payoffs), exact=False)
    assert enumerate_bimatrix(NormalFormGame(payoffs)).degenerate is True
    with pytest.raises(MethodError):
        enumerate_bimatrix(NormalFormGame(np.zeros((7, 7, 2))), exact=False)
    payoffs[1, :, 0] += 1e-14 * np.arange(1, 8) * (-1) ** np.arange(7)
    assert "rational arithmetic" in enumerate_bimatrix(NormalFormGame(payoffs)).method


def test_time_limit_gives_the_pure_equilibria_marked_incomplete() -> None:
    payoffs = np.random.default_rng(18).random((12, 12, 2))
    payoffs[3, 4] = 2.0
    found = enumerate_bimatrix(NormalFormGame(payoffs), time_limit=1e-9)
    assert not found.complete
    assert found.degenerate is None
    assert "NOT complete" in found.summary()
    assert ((3,), (4,)) in [e.support for e in found]
    assert all(e.is_pure and e.index == 1 for e in found)


def test_time_limit_never_leaves_a_game_without_any_equilibrium() -> None:
    cycle = np.roll(np.eye(9), 1, axis=0) + 1e-3 * np.random.default_rng(0).random((9, 9))
    game = NormalFormGame.from_bimatrix(cycle, -cycle)
    found = enumerate_bimatrix(game, time_limit=1e-9)
    assert not found.complete
    assert len(found) == 1
    assert found[0].proof == "exact"
    assert not found[0].is_pure


def test_interrupt_is_handled_like_the_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(bimatrix, "hull_vertices", interrupted)
    found = enumerate_bimatrix(NormalFormGame(np.random.default_rng(19).random((8, 8, 2))))
    assert not found.complete
    assert "Interrupted" in found.notes[0]


def test_indices_that_do_not_add_up_are_settled_in_rationals(monkeypatch: pytest.MonkeyPatch) -> None:
    game = NormalFormGame(np.random.default_rng(22).random((7, 7, 2)))
    want = as_set(enumerate_bimatrix(game))
    hull_vertices = bimatrix.hull_vertices

    def losing_all(*arguments: object) -> bimatrix.Any:
        found = hull_vertices(*arguments)
        return type(found)(found.tight[:0], None, 7)

    monkeypatch.setattr(bimatrix, "hull_vertices", losing_all)
    found = enumerate_bimatrix(game)
    assert "rational arithmetic" in found.method
    assert as_set(found) == want


@pytest.mark.parametrize("top", [2, 3, 1000])
def test_two_actions_each_in_closed_form_and_by_vertices(top: int, monkeypatch: pytest.MonkeyPatch) -> None:
    games = [NormalFormGame(np.random.default_rng([24, k]).integers(0, top, (2, 2, 2))) for k in range(60)]
    closed = [enumerate_bimatrix(game) for game in games]
    monkeypatch.setattr(bimatrix, "_two_by_two", lambda *_: None)
    for game, found in zip(games, closed):
        want = enumerate_bimatrix(game)
        assert as_set(found) == as_set(want)
        assert [e.index for e in found] == [e.index for e in want]
        assert found.degenerate is want.degenerate


def test_both_ways_in_floats_find_the_same_equilibria(monkeypatch: pytest.MonkeyPatch) -> None:
    games = [NormalFormGame(np.random.default_rng([23, k]).random((5 + k % 3, 6, 2))) for k in range(6)]
    want = [as_set(enumerate_bimatrix(game)) for game in games]
    monkeypatch.setattr(bimatrix, "hull_vertices", lambda _: None)
    assert [as_set(enumerate_bimatrix(game)) for game in games] == want


def test_refusals() -> None:
    with pytest.raises(MethodError):
        enumerate_bimatrix(NormalFormGame(np.zeros((2, 2, 2, 3))))
    with pytest.raises(SizeError, match="vertices"):
        enumerate_bimatrix(NormalFormGame(np.random.default_rng(0).random((40, 40, 2))))
    with pytest.raises(SizeError, match="rational"):
        enumerate_bimatrix(NormalFormGame(np.random.default_rng(0).integers(0, 3, (16, 16, 2))))
    with pytest.raises(SizeError, match="at most 3,000 are listed in rational"):
        enumerate_bimatrix(NormalFormGame(np.eye(12)[..., None] * [1, 1]), max_vertices=60_000)
    with pytest.raises(SizeError, match="more than 4,000 vertices"):
        enumerate_bimatrix(NormalFormGame(np.eye(12)[..., None] * [1, 1]), max_vertices=80_000)


def test_expected_vertices_is_of_the_right_order() -> None:
    from solvers.nash.two_players._polytopes import float_vertices

    rng = np.random.default_rng(20)
    for m, n in [(6, 6), (10, 10), (3, 20), (20, 3), (12, 8)]:
        counts = [len(float_vertices(1 + rng.random((m, n)), lambda _: None, 10**6).tight) for _ in range(10)]
        assert 0.4 < expected_vertices(m, n) / np.mean(counts) < 2.5


@pytest.mark.parametrize("exact", [True, False])
def test_seconds_are_those_of_the_call(exact: bool) -> None:
    game = NormalFormGame(np.random.default_rng(25).random((3, 3, 2)))
    before = time.process_time()
    found = [enumerate_bimatrix(game, exact=exact), enumerate_bimatrix(game, exact=exact, time_limit=1e-9)]
    spent = time.process_time() - before
    assert [e.complete for e in found] == [True, False]
    assert all(0 <= e.seconds <= spent for e in found)


def test_of_a_large_game_with_opposed_interests_the_only_equilibrium_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    game = NormalFormGame.from_bimatrix(np.random.default_rng(26).integers(-9, 10, (5, 4)))
    (want,) = enumerate_bimatrix(game)
    monkeypatch.setattr(bimatrix, "_MANY", 0)
    before = time.process_time()
    found = enumerate_bimatrix(game)
    assert 0 <= found.seconds <= time.process_time() - before
    assert found.complete
    assert found.degenerate is None
    assert as_set(found) == {tuple(tuple(v.tolist()) for v in want.profile)}
    # Others are enumerated as ever.
    other = NormalFormGame(np.random.default_rng(27).random((5, 4, 2)))
    assert enumerate_bimatrix(other).degenerate is False


def test_max_vertices_is_a_whole_number_from_one_up() -> None:
    game = NormalFormGame(np.random.default_rng(28).random((2, 2, 2)))
    with pytest.raises(MethodError):
        enumerate_bimatrix(game, max_vertices=0)
    assert enumerate_bimatrix(game, max_vertices=1, time_limit=100.0).complete


def test_every_step_looks_at_the_time() -> None:
    asked: list[float] = []

    def stop(ahead: float) -> None:
        asked.append(ahead)
        raise bimatrix.Stop

    B = 1 + np.random.default_rng(29).random((3, 3))
    P = np.ones((2, 4), dtype=bool)
    for step in (
        lambda: bimatrix._vertices(B, stop, 1000),
        lambda: bimatrix._vertices(B, stop, 1),
        lambda: bimatrix._fully_labelled(P, P, stop),
    ):
        with pytest.raises(bimatrix.Stop):
            step()
    assert asked == [0.0] * 3


def test_pairs_with_every_label() -> None:
    P = np.array([[1, 1, 0, 0], [1, 0, 1, 0], [0, 1, 1, 1]], dtype=bool)
    Q = np.array([[0, 0, 1, 1], [1, 0, 0, 0], [0, 1, 1, 1]], dtype=bool)
    want = [(0, 0), (0, 2), (1, 2), (2, 1)]
    assert bimatrix._fully_labelled(P, Q, lambda _: None) == want


def test_pure_equilibria_and_whether_something_ties_with_them() -> None:
    A, B = [[2, 1, 2], [2, 0, 1]], [[3, 1, 1], [1, 0, 2]]
    found = bimatrix._pure(A, B)
    assert [(c.x, c.y, c.pair, c.strict_off_support) for c in found] == [([1, 0], [1, 0, 0], (0, 0), False)]
    A, B = [[2, 1, 2], [1, 3, 1]], [[3, 1, 1], [1, 4, 4]]
    assert [(c.pair, c.strict_off_support) for c in bimatrix._pure(A, B)] == [((0, 0), True), ((1, 1), False)]


@pytest.mark.parametrize(("apart", "noted"), [(3e-10, True), (3e-9, False)])
def test_equilibria_that_look_the_same_are_mentioned(apart: float, noted: bool) -> None:
    game = NormalFormGame.from_bimatrix([[1, 0], [0, 1]])
    found = tuple(
        bimatrix.Equilibrium(game, (np.array([p, 1 - p]), np.array([0.5, 0.5])), proof="exact")
        for p in (0.25, 0.25 + apart)
    )
    notes = bimatrix._near_ties(found)
    assert bool(notes) == noted
    assert not notes or notes[0].startswith("Of these 2 equilibria 1 ")


# ------------------------------------------------------------------ peers


@pytest.mark.peer
def test_agreement_with_gambit_in_rationals() -> None:
    gambit = pytest.importorskip("pygambit")
    rng = np.random.default_rng(21)
    for _ in range(10):
        A, B = rng.integers(0, 4, (2, 3, 4))
        peer = gambit.Game.from_arrays(A, B)
        want = {
            tuple(tuple(float(e[action]) for action in player.strategies) for player in peer.players)
            for e in gambit.nash.enummixed_solve(peer, rational=True).equilibria
        }
        assert as_set(enumerate_bimatrix(NormalFormGame.from_bimatrix(A, B))) == want
