"""Payoff sets against published ones, and against a check by linear programs that shares no code with the solver."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from scipy.optimize import linprog

from games import NormalFormGame, RepeatedGame, load
from games.errors import DiscountError, MethodError
from games.repeated import Monitoring
from solvers import repeated
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets import _payoff_set
from solvers.repeated.payoff_sets._operator import normalised
from solvers.repeated.payoff_sets._payoff_set import PayoffSet, payoff_set
from solvers.repeated.payoff_sets.polytope import Polytope

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
    assert (found.gap, found.exact, found.inner.dimension, found.core.dimension) == (0.0, False, -1, -1)
    assert found.to_frame()[["worst (inner)", "best (outer)"]].isna().all(axis=None)
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
    assert (late.status, late.iterations) == ("time limit", 0)


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
    for tolerance in (1.0, 1.5, -0.1):
        with pytest.raises(MethodError, match="tolerance"):
            payoff_set(RepeatedGame(pd, 0.5), tolerance=tolerance)
    with pytest.raises(DiscountError, match="distinguished from rounding"):
        payoff_set(RepeatedGame(pd, [0.5, 1.0 - 1e-12]))
    assert payoff_set(RepeatedGame(pd, 0.5), max_iterations=1).iterations == 1


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


def test_how_fine_a_set_is_computed_unless_told_otherwise() -> None:
    pd = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])
    gifts = np.array(list(np.ndindex(2, 2, 2, 2)))
    four = NormalFormGame((1 - gifts + 0.5 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 2, 4))
    for game, discount, tolerance in (
        (pd, 0.1, 1e-13),
        (pd, [0.1, 0.2], 1e-5),
        (public_goods(), 0.1, 1e-9),
        (public_goods(), [0.1, 0.1, 0.2], 2e-3),
        (four, 0.1, 2e-3),
        (four, [0.1, 0.1, 0.1, 0.2], 2e-3),
    ):
        begun = time.process_time()
        found = payoff_set(RepeatedGame(game, discount))
        assert found.tolerance == tolerance
        assert found.seconds <= time.process_time() - begun
        # Only the stage equilibrium is left.
        assert found.inner.vertices == pytest.approx(
            np.array([[3.0, 3.0] if game is pd else [1.0] * game.n_players]), abs=1e-6
        )
    assert payoff_set(RepeatedGame(pd, 0.1), tolerance=0.5).tolerance == 0.5


def test_four_players_and_more_are_told_what_a_finer_tolerance_does() -> None:
    pd = NormalFormGame.from_bimatrix([[9, 1], [10, 3]], [[9, 10], [1, 3]])
    found = payoff_set(RepeatedGame(pd, 0.75))
    for players, tolerance, said in ((4, 1e-4, True), (4, 0.9e-4, False), (3, 0.1, False), (5, 0.1, True)):
        play = RepeatedGame(NormalFormGame(np.zeros((1,) * players + (players,))), 0.5)
        words = replace(found, play=play, gap=0.1, tolerance=tolerance).summary()
        assert (f"A tolerance below {tolerance:g} narrows the gap" in words) is said
        assert "They differ by at most 0.1 of the payoff range" in words
    none = replace(found, inner=Polytope.nothing(2), gap=np.inf)
    assert "lie in a polygon with 4 vertices; no self-generating polytope was found" in none.summary()
    assert none.to_frame()["worst (inner)"].isna().all()
    assert none.to_frame()["worst (outer)"].tolist() == [3.0, 3.0]
    point, segment = Polytope.hull([[3.0, 3.0]]), Polytope.hull([[3.0, 3.0], [4.0, 4.0]])
    assert "are a point with 1 vertex: the set" in replace(found, inner=point, outer=point).summary()
    assert "are a segment with 2 vertices: the set" in replace(found, inner=segment, outer=segment).summary()


def test_which_way_the_outer_set_is_computed(monkeypatch) -> None:
    asked: list[str] = []

    def noted(name):
        def steps(stage, W, punishment, tolerance, most, deadline):
            asked.append(name)
            yield W, None, 0.5, 7, "converged"

        return steps

    monkeypatch.setattr(_payoff_set, "steps_of_many", noted("many"))
    monkeypatch.setattr(_payoff_set, "_steps", noted("few"))
    for players, discount, tolerance, way in (
        (3, 0.5, 2e-3, "few"),
        (4, 0.5, 2e-3, "many"),
        (5, 0.5, 1e-4, "many"),
        (4, 0.5, 0.9e-4, "few"),
        (4, [0.5, 0.5, 0.5, 0.6], 2e-3, "few"),
    ):
        game = NormalFormGame(np.random.default_rng(0).normal(size=(2,) * players + (players,)))
        stage = normalised(RepeatedGame(game, discount))
        outer, known, moved, steps, status = _payoff_set._outer(stage, tolerance, 10, Deadline(None))
        assert (known, moved, steps, status) == (None, 0.5, 7, "converged")
        assert asked.pop() == way
        # Trade over time can reach any point of the players' ranges.
        corners = 2**players if isinstance(discount, list) else len(Polytope.hull(stage.payoffs).vertices)
        assert outer is not None
        assert len(outer.vertices) == corners
        assert outer.lowest.tolist() == [0.0] * players
        assert outer.highest.tolist() == [1.0] * players


def test_whether_a_floor_can_be_reached() -> None:
    square = Polytope.hull([[0.0, 0], [1, 0], [0, 1], [1, 1]])
    for floor, reached in (([1.0, 1.0], True), ([0.5, 0.5], True), ([-1.0, -1.0], True), ([1.1, 0.0], False)):
        assert _payoff_set._reaches(square, np.array(floor)) is reached


def cube(r: float) -> Polytope:
    return Polytope.hull(0.5 + r * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0))


def scripted(monkeypatch, widths, discount=0.5, whole_at=0, enclosed=(), more=(), most=100, deadline=None):
    """Steps of `_steps` where the operator generates cubes of these half widths, one after the other."""
    from types import SimpleNamespace

    left, searched, asked = list(widths), [], []
    enclosed, more = list(enclosed), list(more)

    def generate(stage, W, punishment):
        asked.append(punishment[0])
        r = left.pop(0)
        return SimpleNamespace(payoffs=cube(r).vertices if r else np.zeros((0, 3)))

    def self_generating(stage, W, known, deadline):
        searched.append(float(W.highest[0]) - 0.5)
        return cube(0.05), len(searched) == whole_at

    def enclosing(points, W, normals):
        found = enclosed.pop(0)
        return None if found is None else (cube(found[0]), found[1])

    monkeypatch.setattr(_payoff_set, "generate", generate)
    monkeypatch.setattr(_payoff_set, "self_generating", self_generating)
    monkeypatch.setattr(_payoff_set, "enclosing", enclosing)
    monkeypatch.setattr(_payoff_set, "widened", lambda normals, *_: (normals, more.pop(0)))
    monkeypatch.setattr(
        _payoff_set, "lighter", lambda image, stage, moved, tolerance, outwards: image if outwards else None
    )
    stage = normalised(RepeatedGame(public_goods(), discount))
    states = [
        (None if W is None else float(W.highest[0]) - 0.5, known is not None, moved, step, status)
        for W, known, moved, step, status in _payoff_set._steps(
            stage, cube(0.5), np.full(3, 0.1), 0.01, most, deadline or Deadline(None)
        )
    ]
    return states, searched, asked


def near(states):
    return [tuple(pytest.approx(x) if isinstance(x, float) else x for x in state) for state in states]


def test_steps_until_the_outer_set_moves_by_less_than_the_tolerance(monkeypatch) -> None:
    states, searched, asked = scripted(monkeypatch, [0.4, 0.3, 0.25, 0.26, 0.25])
    assert states == near(
        [
            (0.4, True, 0.1, 1, None),
            (0.3, True, 0.1, 2, None),
            (0.25, True, 0.05, 3, None),
            (0.26, True, 0.0, 4, "converged"),
        ]
    )
    assert searched == pytest.approx([0.4, 0.3, 0.26])
    assert asked == pytest.approx([0.1, 0.1, 0.2, 0.25])
    states, _, _ = scripted(monkeypatch, [0.4, 0.3], whole_at=2)
    assert states[1:] == near([(0.05, True, 0.0, 2, "converged")])
    states, _, _ = scripted(monkeypatch, [0.4, 0.0])
    assert states[1:] == near([(None, False, 0.0, 2, "converged")])
    assert len(scripted(monkeypatch, [0.4, 0.3, 0.2], most=2)[0]) == 2


def test_steps_with_curved_surfaces_go_on_while_directions_are_added(monkeypatch) -> None:
    states, searched, _ = scripted(
        monkeypatch,
        [0.4, 0.4, 0.4, 0.4],
        discount=[0.5, 0.5, 0.6],
        enclosed=[(0.45, 0.05), None, (0.38, 0.005), (0.37, 0.01)],
        more=[False, True, False],
    )
    assert states == near(
        [
            (0.45, False, 0.05, 1, None),
            (0.4, False, 0.05, 2, None),
            (0.38, False, 0.005, 3, None),
            (0.37, False, 0.01, 4, "converged"),
        ]
    )
    # What generates itself is looked for afterwards only.
    assert searched == []


def test_steps_end_at_a_limit_in_time(monkeypatch, clock) -> None:
    clock.step = 1.0
    states, _, _ = scripted(monkeypatch, [0.4, 0.3], deadline=Deadline(1.5))
    assert states == near([(0.4, True, 0.1, 1, None), (0.4, True, 0.1, 2, "time limit")])
