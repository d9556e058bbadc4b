"""Payoff sets by state against known ones, against linear programs that share no code, and against their own invariances."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linprog

from games import NormalFormGame, RepeatedGame, StochasticGame
from games.errors import MethodError
from solvers import repeated, stochastic
from solvers.repeated.payoff_sets.polytope import Polytope
from tests.solvers.stochastic.examples import CASES, named, random_game, risk_sharing


def deviation_payoff(game: StochasticGame, s: int, a: tuple[int, ...], i: int, worst: np.ndarray) -> float:
    """The most that player i reaches by itself at a in s, if it is held to `worst[t]` in the state that follows."""
    d, best = game.discount[i], -np.inf
    for b in range(game.stages[s].shape[i]):
        other = (*a[:i], b, *a[i + 1 :])
        worth = (1 - d) * game.stages[s].payoffs[other][i] + d * game.transitions[s][other] @ worst[:, i]
        best = max(best, worth)
    return best


def shortfall(game: StochasticGame, sets: list[np.ndarray], every: int = 1) -> float:
    """By how much payoffs and incentives must give, as a share of the ranges, for the sets to generate their vertices."""
    n, d = game.n_players, game.discount
    scale = np.concatenate([g.payoffs.reshape(-1, n) for g in game.stages]).std(axis=0) + 1e-300
    worst = np.stack([V.min(axis=0) for V in sets])
    most = 0.0
    for s, stage in enumerate(game.stages):
        profiles = list(np.ndindex(*stage.shape))
        sizes = [len(V) for V in sets]
        per = 1 + sum(sizes)
        columns = per * len(profiles) + 1
        # Per profile: its weight, then the weight of every vertex of every state, all times the weight of the profile.
        equal, right, less = [], [], []
        for k, a in enumerate(profiles):
            at = per * k
            step = game.transitions[s][a]
            offsets = at + 1 + np.concatenate([[0], np.cumsum(sizes)])
            for t in range(len(sets)):
                row = np.zeros(columns)
                row[offsets[t] : offsets[t + 1]] = 1.0
                row[at] = -1.0
                equal.append(row)
                right.append(0.0)
            for i in range(n):
                row = np.zeros(columns)
                row[at] = deviation_payoff(game, s, a, i, worst) - (1 - d[i]) * stage.payoffs[a][i]
                for t, V in enumerate(sets):
                    row[offsets[t] : offsets[t + 1]] = -d[i] * step[t] * V[:, i]
                row[-1] = -scale[i]
                less.append(row)
        one = np.zeros(columns)
        one[0 : columns - 1 : per] = 1.0
        equal.append(one)
        right.append(1.0)
        payoff = np.zeros((n, columns))
        for k, a in enumerate(profiles):
            at = per * k
            payoff[:, at] = (1 - d) * stage.payoffs[a]
            offset = at + 1
            for t, V in enumerate(sets):
                payoff[:, offset : offset + len(V)] = (d * game.transitions[s][a][t] * V).T
                offset += len(V)
        give = np.zeros((n, columns))
        give[:, -1] = scale
        cost = np.zeros(columns)
        cost[-1] = 1.0
        for v in sets[s][::every]:
            rows = np.vstack([*less, payoff - give, -payoff - give])
            limits = np.concatenate([np.zeros(len(less)), v, -v])
            answer = linprog(
                cost, rows, limits, np.array(equal), right, options={"primal_feasibility_tolerance": 1e-10}
            )
            assert answer.status == 0
            most = max(most, float(answer.fun))
    return most


def iterated_levels(
    game: StochasticGame, normals: np.ndarray, minmax: np.ndarray, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """Judd, Yeltekin and Conklin's (2003) outer approximation by state, one linear program for each direction and profile."""
    n, d, S = game.n_players, float(game.discount[0]), game.n_states
    levels = np.stack([np.concatenate([g.payoffs.reshape(-1, n) for g in game.stages]) @ normals.T] * S).max(
        axis=1
    )
    worst = minmax.copy()
    for _ in range(rounds):
        after = np.full_like(levels, -np.inf)
        for s, stage in enumerate(game.stages):
            for a in np.ndindex(*stage.shape):
                expected = game.transitions[s][a] @ levels
                need = [
                    (deviation_payoff(game, s, a, i, worst) - (1 - d) * stage.payoffs[a][i]) / d
                    for i in range(n)
                ]
                for k, normal in enumerate(normals):
                    answer = linprog(-normal, normals, expected, bounds=[(low, None) for low in need])
                    if answer.status != 0:
                        break
                    value = (1 - d) * stage.payoffs[a] @ normal - d * answer.fun
                    after[s, k] = max(after[s, k], value)
        levels = np.minimum(levels, after)
        for i in range(n):
            axis = np.flatnonzero((normals == -np.eye(n)[i]).all(axis=1))[0]
            worst[:, i] = np.maximum(worst[:, i], -levels[:, axis])
    return levels, worst


@pytest.mark.parametrize(
    "case", CASES["sets"]["cases"], ids=lambda case: f"{case['game']} {case['discount']:.3f}"
)
def test_known_sets(case) -> None:
    game = named(case["game"], case["discount"])
    found = stochastic.payoff_set(game)
    assert found.exact
    assert [f.inner.volume for f in found] == pytest.approx(case["volumes"], abs=1e-9)
    assert shortfall(game, [f.inner.vertices for f in found]) <= 1e-8


@pytest.mark.parametrize(
    "case",
    CASES["risk sharing"]["cases"],
    ids=lambda case: f"{case['levels']} levels, {case['steps']} steps, {case['discount']}",
)
def test_risk_sharing_as_the_authors_program_has_it(case) -> None:
    found = stochastic.payoff_set(risk_sharing(case["levels"], case["steps"], case["discount"]))
    assert found.exact
    volumes = [f.inner.volume for f in found]
    assert volumes == pytest.approx(case["volumes"], abs=CASES["risk sharing"]["tolerance"])
    # The players are alike, so the state that favours one mirrors the state that favours the other.
    assert volumes == pytest.approx(volumes[::-1], abs=1e-12)


def test_equal_shares_need_the_patience_found_by_hand() -> None:
    threshold = 2 - np.sqrt(2)
    # Just below the threshold the sets shrink slowly: 86 rounds at a distance of 1e-3, 842 at 1e-4.
    for discount, holds in ((0.4, False), (threshold - 1e-3, False), (threshold + 1e-6, True), (0.7, True)):
        found = stochastic.payoff_set(risk_sharing(2, 2, discount))
        assert found[1].inner.contains([np.sqrt(0.5)] * 2) is holds


def test_cooperation_needs_the_published_patience() -> None:
    case = CASES["critical"]
    at, below = (named("abreu-brooks-sannikov", case[key]) for key in ("from", "not_at"))
    together = stochastic.markov(at, [(0, 0)] * 2).payoffs
    assert all(f.inner.contains(v) for f, v in zip(stochastic.payoff_set(at), together))
    assert all(len(f.outer.vertices) == 1 for f in stochastic.payoff_set(below))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "discount", "rounds"), [("abreu-brooks-sannikov", 0.5, 12), ("contribution", 2 / 3, 12)]
)
def test_iteration_of_linear_programs_finds_no_more(name, discount, rounds) -> None:
    game = named(name, discount)
    found = stochastic.payoff_set(game)
    n = game.n_players
    normals = np.unique(np.vstack([*(f.outer.normals for f in found), -np.eye(n)]).round(12), axis=0)
    levels, _ = iterated_levels(game, normals, np.stack([f.minmax for f in found]), rounds)
    ours = np.stack([(f.outer.vertices @ normals.T).max(axis=0) for f in found])
    start = np.abs(ours).max() * 4
    assert (levels >= ours - 1e-7).all()
    assert np.abs(levels - ours).max() <= start * discount**rounds


@pytest.mark.parametrize("seed", range(20))
def test_one_state_is_the_repeated_game(seed: int) -> None:
    rng = np.random.default_rng(seed)
    players = 2 if seed < 15 else 3
    game = NormalFormGame(rng.normal(size=(2,) * players + (players,)))
    play = RepeatedGame(game, float(rng.uniform(0.2, 0.9)))
    one, other = repeated.payoff_set(play), stochastic.payoff_set(StochasticGame.repeated(play))[0]
    assert one.empty is other.empty
    if not one.empty and one.exact:
        scale = float(np.abs(game.payoffs).max())
        assert other.outer.excess(one.inner.vertices).max() <= 1e-9 * scale
        assert one.outer.excess(other.inner.vertices).max() <= 1e-9 * scale
        assert other.exact or players == 3
        if other.exact:
            assert one.inner.excess(other.outer.vertices).max() <= 1e-9 * scale


@pytest.mark.parametrize("seed", range(25))
def test_inner_lies_in_outer_and_generates_itself(seed: int) -> None:
    game = random_game(seed, states=2 if seed < 20 else 3)
    found = stochastic.payoff_set(game)
    assert found.converged
    for f in found:
        assert f.empty is (len(f.outer.vertices) == 0)
        if not f.empty:
            assert f.outer.excess(f.inner.vertices).max() <= 1e-9
            assert (f.inner.lowest >= f.minmax - 1e-9).all()
    if not any(f.empty for f in found):
        assert shortfall(game, [f.inner.vertices for f in found]) <= 1e-8


def test_three_players_are_bracketed() -> None:
    game = random_game(1, players=3, discount=0.7)
    found = stochastic.payoff_set(game, tolerance=5e-3)
    assert 0 < found.gap < 0.05
    assert all(f.outer.excess(f.inner.vertices).max() <= 1e-9 for f in found)
    assert shortfall(game, [f.inner.vertices for f in found], every=8) <= 1e-8


def test_unequal_discount_factors_are_bracketed() -> None:
    game = random_game(0, discount=[0.5, 0.7])
    found = stochastic.payoff_set(game)
    assert not found.empty
    assert found.gap < 5e-3
    assert shortfall(game, [f.inner.vertices for f in found], every=8) <= 1e-8


@pytest.mark.parametrize("seed", range(6))
def test_units_and_names_do_not_matter(seed: int) -> None:
    game = random_game(seed, discount=0.6)
    found = stochastic.payoff_set(game)
    scale, shift = np.array([100.0, 0.01]), np.array([-5.0, 1e3])
    units = StochasticGame([g.rescale(scale, shift) for g in game.stages], game.transitions, 0.6)
    swapped = StochasticGame(
        game.stages[::-1], [p[..., ::-1] for p in game.transitions[::-1]], 0.6, names=["b", "a"]
    )
    seats = StochasticGame(
        [g.permute([1, 0]) for g in game.stages], [p.transpose(1, 0, 2) for p in game.transitions], 0.6
    )
    for other, back in (
        (stochastic.payoff_set(units), lambda v, s: ((v - shift) / scale, s)),
        (stochastic.payoff_set(swapped), lambda v, s: (v, 1 - s)),
        (stochastic.payoff_set(seats), lambda v, s: (v[:, ::-1], s)),
    ):
        for s, f in enumerate(other):
            vertices, t = back(f.inner.vertices, s)
            assert f.empty is found[t].empty
            if not f.empty:
                mine = Polytope.hull(vertices)
                assert found[t].inner.excess(mine.vertices).max() <= 1e-8
                assert mine.excess(found[t].inner.vertices).max() <= 1e-8


def test_more_patience_never_takes_away_from_a_one_state_game() -> None:
    pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    volumes = [
        stochastic.payoff_set(StochasticGame([pd, pd], [[0.5, 0.5], [0.5, 0.5]], d))[0].inner.volume
        for d in (0.3, 0.5, 0.7, 0.9)
    ]
    assert volumes == sorted(volumes)


def test_an_empty_state_empties_what_leads_to_it() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    pd = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    game = StochasticGame(
        [pennies, pd, pd], [[1, 0, 0], [0.1, 0.9, 0], [0, 0, 1]], 0.6, names=["a", "b", "c"]
    )
    found = stochastic.payoff_set(game)
    assert [f.empty for f in found] == [True, True, False]
    assert found["c"].exact
    assert "pure strategies" in found["b"].why_empty
    assert not found.empty
    assert "None starts in a, b" in found.summary()
    assert repeated.payoff_set(RepeatedGame(pd, 0.6)).inner.volume == pytest.approx(found["c"].inner.volume)


def test_absorbing_states_that_differ_stay_apart() -> None:
    good = NormalFormGame(np.full((1, 1, 2), 3.0))
    bad = NormalFormGame(np.full((1, 1, 2), -1.0))
    choice = NormalFormGame(np.zeros((2, 2, 2)))
    step = np.zeros((2, 2, 3))
    step[0, 0, 1] = step[0, 1, 2] = step[1, 0, 2] = step[1, 1, 2] = 1.0
    found = stochastic.payoff_set(StochasticGame([choice, good, bad], [step, [0, 1, 0], [0, 0, 1]], 0.5))
    assert found[1].inner.vertices.tolist() == [[3.0, 3.0]]
    assert found[2].inner.vertices.tolist() == [[-1.0, -1.0]]
    # Both go where both want to, or neither does since nobody can change it alone.
    assert sorted(map(tuple, found[0].inner.vertices.round(9).tolist())) == [(-0.5, -0.5), (1.5, 1.5)]


def test_time_and_rounds_run_out_soundly(clock) -> None:
    game = random_game(0, players=3, actions=4, discount=0.9)
    clock.step = 0.02
    found = stochastic.payoff_set(game, time_limit=0.2)
    assert found.status == "time limit"
    assert not found.empty
    few = stochastic.payoff_set(named("abreu-brooks-sannikov", 0.9), max_iterations=3)
    assert few.status == "iteration limit"
    whole = stochastic.payoff_set(named("abreu-brooks-sannikov", 0.9))
    assert few[0].outer.excess(whole[0].inner.vertices).max() <= 1e-9


def test_options_are_refused() -> None:
    game = random_game(0)
    with pytest.raises(MethodError, match="tolerance"):
        stochastic.payoff_set(game, tolerance=2.0)
    with pytest.raises(MethodError, match="max_iterations"):
        stochastic.payoff_set(game, max_iterations=0)
    with pytest.raises(MethodError, match="two or three players; this game has 4"):
        stochastic.payoff_set(random_game(0, players=4))


def test_how_it_reads() -> None:
    found = stochastic.payoff_set(named("abreu-brooks-sannikov", 0.7))
    assert "of 2 states, known exactly" in found.summary()
    assert "a polygon with 6 vertices, exactly" in found[0].summary()
    assert found.to_frame().loc[("state 2", "Player 1"), "minmax"] == pytest.approx(1.24, abs=0.005)
    assert found[0].worst("Player 1") == pytest.approx(found[0].inner.lowest[0])
    assert found[1].best(1) == pytest.approx(found[1].inner.highest[1])
    assert "<table" in found._repr_html_()
