"""Payoff sets against published ones, and against a check by linear programs that shares no code with the solver."""

from __future__ import annotations

import json
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from games import NormalFormGame, RepeatedGame, load
from games.errors import DiscountError, MethodError
from games.repeated import Monitoring
from solvers import repeated
from solvers.repeated.payoff_sets._payoff_set import PayoffSet, payoff_set

CASES = json.loads((Path(__file__).parents[3] / "cases" / "payoff_sets.json").read_text())


def same_points(found: np.ndarray, expected: np.ndarray, tolerance: float) -> bool:
    if len(found) != len(expected) or len(found) == 0:
        return len(found) == len(expected)
    away = np.abs(found[:, None, :] - expected[None]).max(axis=2)
    return bool(away.min(axis=0).max() <= tolerance and away.min(axis=1).max() <= tolerance)


def public_goods(marginal: float = 0.5) -> NormalFormGame:
    """Three players with one unit each: keep it, or give it to a pot of which everybody gets the marginal return."""
    gifts = np.array(list(np.ndindex(2, 2, 2)))
    return NormalFormGame((1 - gifts + marginal * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 3))


def worst_shortfall(play: RepeatedGame, vertices: np.ndarray, every: int = 1) -> float:
    """By how much, as a share of payoff ranges, incentives and payoffs must give for the polytope to generate its vertices.

    With `every` above 1 only every so many of the vertices are tried.
    """
    game, d = play.stage, play.discount
    n = game.n_players
    scale = np.where(game.ranges > 0, game.ranges, 1.0)
    V = vertices / scale
    profiles = list(np.ndindex(*game.shape))
    blocks = []
    for a in profiles:
        g = game.payoffs[a] / scale
        best = np.array([game.payoffs[(*a[:i], slice(None), *a[i + 1 :])][:, i].max() for i in range(n)])
        needed = V.min(axis=0) + (1 - d) / d * (best / scale - g)
        if (needed <= V.max(axis=0) + 1e-6).all():
            blocks.append((g, needed))
    m, k = len(blocks), len(V)
    columns = m * k + 1
    incentive = np.zeros((m * n, columns))
    incentive[:, -1] = -1.0
    balance = np.zeros((n, columns))
    one = np.ones((1, columns))
    one[0, -1] = 0.0
    for b, (g, needed) in enumerate(blocks):
        part = slice(b * k, (b + 1) * k)
        incentive[b * n : (b + 1) * n, part] = (needed - V).T
        balance[:, part] = ((1 - d) * g + d * V).T
    cost = np.zeros(columns)
    cost[-1] = 1.0
    worst = 0.0
    give = np.zeros((n, columns))
    give[:, -1] = 1.0
    rows = np.vstack([incentive, balance - give, -balance - give])
    tight = {"primal_feasibility_tolerance": 1e-10, "dual_feasibility_tolerance": 1e-10}
    for v in V[::every]:
        limits = np.concatenate([np.zeros(m * n), v, -v])
        answer = linprog(cost, rows, limits, one, [1.0], options=tight)
        assert answer.status == 0
        worst = max(worst, float(answer.fun))
    return worst


def accept(found: PayoffSet, every: int = 1) -> None:
    """What must hold of every result."""
    assert found.converged
    if found.empty:
        assert found.why_empty
        assert found.outer.dimension == -1
        return
    scale = np.where(found.play.stage.ranges > 0, found.play.stage.ranges, 1.0)
    excess = (found.inner.vertices @ found.outer.normals.T - found.outer.offsets).max(initial=-np.inf)
    assert excess <= 1e-9 * scale.max()
    if found.inner.dimension >= 0:
        assert worst_shortfall(found.play, found.inner.vertices, every) <= 1e-8
        assert (found.inner.lowest >= found.minmax - 1e-9 * scale).all()


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_known_sets(case: dict) -> None:
    game = NormalFormGame(np.stack([np.array(table) for table in case["payoffs"]], axis=-1))
    found = payoff_set(RepeatedGame(game, case["discount"]))
    expected = np.array(case["vertices"], dtype=float).reshape(-1, 2)
    assert found.empty is (len(expected) == 0)
    assert found.empty or found.exact
    for polytope in (found.inner, found.outer):
        assert same_points(polytope.vertices, expected, case["tolerance"])
    accept(found)


def test_judd_yeltekin_conklin() -> None:
    case = CASES["cournot"]
    q = np.linspace(0.0, case["most"], case["outputs"])
    price = np.maximum(case["most"] - q[:, None] - q[None, :], 0.0)
    game = NormalFormGame.from_bimatrix(
        (price - case["cost"]) * q[:, None], (price - case["cost"]) * q[None, :]
    )
    found = payoff_set(RepeatedGame(game, case["discount"]))
    assert found.exact
    assert found.inner.volume == pytest.approx(case["area"], abs=5e-5)
    assert same_points(found.inner.vertices, np.array(case["vertices"]), 1e-9)
    below = found.inner.vertices[:, ::-1]
    assert same_points(found.inner.vertices, below, 1e-9)


def test_empty_says_why() -> None:
    pennies = NormalFormGame.from_bimatrix([[1, -1], [-1, 1]])
    found = payoff_set(RepeatedGame(pennies, 0.9))
    assert found.empty
    assert "pure" in found.why_empty
    assert "at any discount factor" in found.summary()
    # Here patience would help: the mean of the four payoffs beats the pure minmax.
    cycle = NormalFormGame.from_bimatrix([[4, 1], [2, 3]], [[1, 4], [3, 2]])
    impatient = payoff_set(RepeatedGame(cycle, 0.05))
    assert impatient.empty
    assert "at these discount factors" in impatient.why_empty or "at any discount" in impatient.why_empty


def test_public_goods_of_three() -> None:
    game = public_goods()
    at = payoff_set(RepeatedGame(game, 0.6))
    assert at.exact
    assert at.inner.vertices.sum(axis=1).max() == pytest.approx(4.5, abs=1e-12)
    assert at.inner.volume == pytest.approx(0.1985, abs=5e-5)
    assert worst_shortfall(at.play, at.inner.vertices) <= 1e-9
    # Full cooperation is sustained from one half on, there included.
    exactly, below = payoff_set(RepeatedGame(game, 0.5)), payoff_set(RepeatedGame(game, 0.5 - 1e-9))
    assert exactly.inner.contains([1.5, 1.5, 1.5])
    np.testing.assert_allclose(below.inner.vertices, [[1.0, 1.0, 1.0]], atol=1e-12)


@pytest.mark.parametrize("seed", range(40))
def test_random_games_of_two(seed: int) -> None:
    rng = np.random.default_rng(seed)
    shape = tuple(rng.integers(2, 5, size=2))
    table = rng.normal(size=(*shape, 2)) if seed % 2 else rng.integers(-3, 4, size=(*shape, 2)).astype(float)
    accept(payoff_set(RepeatedGame(NormalFormGame(table), rng.uniform(0.1, 0.9))))


@pytest.mark.parametrize("seed", range(10))
def test_random_games_of_three(seed: int) -> None:
    rng = np.random.default_rng(1000 + seed)
    table = (
        rng.normal(size=(2, 2, 2, 3)) if seed % 2 else rng.integers(-3, 4, size=(2, 2, 2, 3)).astype(float)
    )
    accept(payoff_set(RepeatedGame(NormalFormGame(table), rng.uniform(0.2, 0.8))))


@pytest.mark.parametrize("seed", range(4))
def test_unequal_discount_factors(seed: int) -> None:
    rng = np.random.default_rng(seed)
    n = 2 + seed % 2
    game = NormalFormGame(rng.normal(size=(*[2] * n, n)))
    accept(payoff_set(RepeatedGame(game, rng.uniform(0.5, 0.8, size=n))), every=n)


def test_three_powers_at_their_own_discount_factors() -> None:
    game = load("us-china-russia-2025").stage(map="status quo")
    found = payoff_set(RepeatedGame(game, [0.771875, 0.875045, 0.83125]))
    accept(found, every=60)
    assert found.gap < 0.2
    finer = payoff_set(found.play, tolerance=1e-3)
    assert finer.gap < 0.9 * found.gap
    assert finer.outer.excess(found.inner.vertices).max() <= 1e-9 * found.stage.scale.max()


@pytest.mark.parametrize(
    ("seed", "discount"), [(8, 0.95), (4, 0.99), pytest.param(11, 0.99, marks=pytest.mark.thorough)]
)
def test_great_patience(seed: int, discount: float) -> None:
    """Where the operator moves by one or five per cent of the rest at a time; without stage equilibria, too."""
    rng = np.random.default_rng(5)
    for _ in range(seed + 1):
        table = rng.integers(-3, 4, (2, 2, 2, 3))
        rng.choice(5)
    found = payoff_set(RepeatedGame(NormalFormGame(table), discount))
    accept(found, every=5)
    assert found.gap < 1e-5


def test_trade_over_time_leaves_the_stage_hull() -> None:
    """The patient lends to the impatient (Lehrer and Pauzner 1999): payoffs no lottery over profiles can give."""
    game = NormalFormGame.from_bimatrix([[2, 0], [3, 0.5]], [[2, 3], [0, 0.5]])
    found = payoff_set(RepeatedGame(game, [0.9, 0.6]))
    accept(found)
    assert payoff_set(RepeatedGame(game, 0.75)).outer.excess(found.inner.vertices).max() > 0.05


@pytest.mark.parametrize("seed", [0, 2])
def test_permuting_and_rescaling_players(seed: int) -> None:
    rng = np.random.default_rng(seed)
    table, d = rng.normal(size=(2, 2, 2, 3)), 0.6
    plain = payoff_set(RepeatedGame(NormalFormGame(table), d))
    for order in list(permutations(range(3)))[2:4]:
        turned = table.transpose(*order, 3)[..., list(order)]
        found = payoff_set(RepeatedGame(NormalFormGame(turned), d))
        assert found.empty is plain.empty
        np.testing.assert_allclose(found.inner.lowest, plain.inner.lowest[list(order)], atol=1e-7)
        np.testing.assert_allclose(found.inner.highest, plain.inner.highest[list(order)], atol=1e-7)
        assert found.outer.volume == pytest.approx(plain.outer.volume, rel=1e-6, abs=1e-8)
    scale, shift = np.array([1e6, 1e-6, 3.0]), np.array([0.0, 5.0, 1e3])
    found = payoff_set(RepeatedGame(NormalFormGame(table * scale + shift), d))
    np.testing.assert_allclose((found.inner.lowest - shift) / scale, plain.inner.lowest, atol=1e-6)
    np.testing.assert_allclose((found.inner.highest - shift) / scale, plain.inner.highest, atol=1e-6)


def test_badly_scaled_payoffs() -> None:
    pd = np.array([[[9.0, 9.0], [1.0, 10.0]], [[10.0, 1.0], [3.0, 3.0]]])
    for scale, shift in ((1e12, 0.0), (1e-12, 0.0), (1.0, 1e6), (1e-3, -1e6)):
        found = payoff_set(RepeatedGame(NormalFormGame(pd * scale + shift), 0.75))
        expected = np.array([[3.0, 3.0], [9.75, 3.0], [9.0, 9.0], [3.0, 9.75]])
        assert same_points((found.inner.vertices - shift) / scale, expected, 1e-6)


def test_more_patience_never_shrinks_the_set() -> None:
    rng = np.random.default_rng(4)
    for n in (2, 2, 2, 3):
        game = NormalFormGame(rng.normal(size=(*[3 if n == 2 else 2] * n, n)))
        before = None
        for d in (0.3, 0.5, 0.7):
            found = payoff_set(RepeatedGame(game, d))
            if before is not None and before.inner.dimension >= 0:
                assert found.outer.excess(before.inner.vertices).max() <= 1e-8
            before = found


def test_four_players() -> None:
    """Everybody gives or keeps; the closed form is 1/2 for a marginal return of one half, whatever the number."""
    gifts = np.array(list(np.ndindex(2, 2, 2, 2)))
    table = (1 - gifts + 0.5 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 2, 4)
    gain = 0.5
    critical = gain / (gain + 2.0 - 1.0)
    enough = payoff_set(RepeatedGame(NormalFormGame(table), critical))
    assert enough.inner.contains([2.0] * 4)
    accept(enough)


@pytest.mark.parametrize(("seed", "discount"), [(2, 0.4), (2, 0.3), (1, 0.4)])
def test_random_games_of_four(seed: int, discount: float) -> None:
    game = NormalFormGame(np.random.default_rng([4, seed]).normal(size=(2, 2, 2, 2, 4)))
    found = payoff_set(RepeatedGame(game, discount))
    assert found.exact
    assert found.outer.dimension >= 3
    accept(found)


def test_stopping_early_is_sound_and_said() -> None:
    rng = np.random.default_rng(0)
    play = RepeatedGame(NormalFormGame(rng.normal(size=(2, 3, 2, 3))), [0.6, 0.6, 0.65])
    full, early = payoff_set(play), payoff_set(play, max_iterations=3)
    assert early.status == "iteration limit"
    assert "iteration limit" in early.summary()
    assert early.outer.excess(full.inner.vertices).max() <= 1e-9
    assert early.gap > full.gap
    late = payoff_set(play, time_limit=1e-9)
    assert late.status == "time limit"


def test_bad_input() -> None:
    pd = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])
    for discount in (0.0, 1.0, np.nan, [0.5]):
        with pytest.raises(DiscountError):
            RepeatedGame(pd, discount)
    with pytest.raises(MethodError, match="perfect"):
        payoff_set(RepeatedGame(pd, 0.5, monitoring=Monitoring(0.1, 0.9)))
    with pytest.raises(MethodError, match="tolerance"):
        payoff_set(RepeatedGame(pd, 0.5), tolerance=0.0)
    with pytest.raises(MethodError, match="max_iterations"):
        payoff_set(RepeatedGame(pd, 0.5), max_iterations=0)


def test_what_it_shows() -> None:
    pd = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]], players=["Row", "Column"])
    found = payoff_set(RepeatedGame(pd, 0.75))
    assert found.worst("Row") == pytest.approx(3.0)
    assert found.best("Column") == pytest.approx(9.75)
    assert list(found.to_frame().index) == ["Row", "Column"]
    assert "4 vertices" in repr(found)
    assert "polygon" in found.summary()


@pytest.mark.parametrize("patience", [1e-12, 1e-10])
def test_a_discount_factor_too_near_to_one_is_refused(patience) -> None:
    with pytest.raises(DiscountError, match="distinguished from rounding"):
        payoff_set(RepeatedGame(public_goods(), 1.0 - patience))


@pytest.mark.parametrize("seed", range(10))
def test_great_patience_that_is_accepted_never_pays_less_than_the_minmax(seed: int) -> None:
    game = NormalFormGame(np.random.default_rng(seed).integers(-3, 4, size=(2, 2, 2)).astype(float))
    found = payoff_set(RepeatedGame(game, 1.0 - 2e-9))
    if not found.empty:
        assert (found.outer.lowest >= found.minmax - 1e-8).all()


@pytest.mark.parametrize(
    ("shape", "discount"),
    [((2,) * 5, 0.5), ((2,) * 4, (0.5, 0.6, 0.7, 0.8)), ((3,) * 4, 0.7)],
)
def test_a_time_limit_ends_long_steps_with_sets_that_are_right(clock, shape, discount) -> None:
    game = NormalFormGame(np.random.default_rng(0).normal(size=(*shape, len(shape))))
    found = payoff_set(RepeatedGame(game, discount), time_limit=0.05)
    assert found.status == "time limit"
    assert found.iterations <= 5  # without a limit there are dozens, some of which take seconds
    steady = game.payoffs[game.best_response_mask.all(axis=-1)]
    for payoffs in steady:
        assert found.outer.contains(payoffs)
        assert found.inner.contains(payoffs)


def test_hulls_in_pieces_are_the_same_hulls() -> None:
    from solvers.base.deadline import Deadline
    from solvers.repeated.payoff_sets.polytope import Polytope

    points = np.random.default_rng(0).normal(size=(1200, 4))
    whole = Polytope.hull(points)
    with Deadline(60).enforced():
        pieces = Polytope.hull(points)
    assert {tuple(v) for v in whole.vertices} == {tuple(v) for v in pieces.vertices}
    assert pieces.volume == pytest.approx(whole.volume, rel=1e-12)
    assert len(pieces.normals) == len(whole.normals)
    assert pieces.excess(points).max() <= 1e-12


def test_a_time_limit_leaves_nothing_behind(clock) -> None:
    from solvers.base.deadline import limited

    game = NormalFormGame(np.random.default_rng(1).normal(size=(2,) * 5 + (5,)))
    payoff_set(RepeatedGame(game, 0.8), time_limit=0.01)
    assert not limited()


@pytest.mark.parametrize("discount", [0.1, 0.9, 0.99])
@pytest.mark.parametrize("payoffs", [[1, 5, 5], [3], [2, 2], [0, -1, 4]])
def test_one_player_alone_gets_the_best_forever(payoffs, discount):
    """A decision maker who never deviates at a loss takes the best action in every period."""
    play = RepeatedGame(NormalFormGame(np.array(payoffs)[:, None]), discount)
    found = payoff_set(play)
    assert found.exact
    assert found.inner.vertices.tolist() == [[max(payoffs)]]
    plan = repeated.strategy(found, [float(max(payoffs))])
    assert repeated.check(play, plan).is_equilibrium
    assert repeated.penal_code(found).payoffs.tolist() == [[max(payoffs)]]


def test_a_part_that_all_payoffs_share_costs_no_digits():
    rng = np.random.default_rng(3)
    for _ in range(4):
        game = NormalFormGame(rng.integers(0, 6, (2, 2, 2)))
        near = payoff_set(RepeatedGame(game, 0.6))
        far = payoff_set(RepeatedGame(game.rescale(1, 10**18), 0.6))
        assert (far.empty, far.gap) == (near.empty, near.gap)
        assert far.core.vertices == pytest.approx(near.core.vertices)


@pytest.mark.parametrize("unit", [2.0**-900, 2.0**500, 2.0**900])
@pytest.mark.parametrize("shape", [(3, 3), (2, 2, 2)])
def test_units_near_the_ends_of_the_floats_change_nothing(unit, shape):
    table = np.random.default_rng(7).integers(0, 9, (*shape, len(shape)))
    one = payoff_set(RepeatedGame(NormalFormGame(table), 0.8))
    other = payoff_set(RepeatedGame(NormalFormGame(table * unit), 0.8))
    assert other.inner.vertices / unit == pytest.approx(one.inner.vertices, abs=1e-9)
    assert other.inner.normals == pytest.approx(one.inner.normals, abs=1e-9)
