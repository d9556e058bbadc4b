"""Polytopes that generate themselves, checked by the operator with every vertex of every cut."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets import _inner
from solvers.repeated.payoff_sets._inner import at_once, lighter, within
from solvers.repeated.payoff_sets._operator import Stage, generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope


@pytest.mark.parametrize("discount", [0.55, [0.85, 0.7, 0.8]])
def test_found_inside_a_loose_outer_polytope(discount: object) -> None:
    """Even where the outer polytope is far from the set, what is found inside it generates itself."""
    gifts = np.array(list(np.ndindex(2, 2, 2)))
    game = NormalFormGame((1 - gifts + 0.6 * gifts.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 3))
    stage = normalised(RepeatedGame(game, discount))
    W = Polytope.hull(np.array(list(np.ndindex(2, 2, 2)), dtype=float))
    V, gap = within(stage, W, None, 0.05, 1e-3, Deadline(None))
    assert V.dimension >= 0
    assert gap > 0.0
    assert W.excess(V.vertices).max() <= 1e-12
    made = Polytope.hull(generate(stage, V, V.lowest, full=True).payoffs)
    assert made.excess(V.vertices).max() <= 1e-11


def test_lighter_outwards_holds_what_it_thins() -> None:
    rng = np.random.default_rng(0)
    table = rng.normal(size=(2, 2, 2, 3))
    stage = normalised(RepeatedGame(NormalFormGame(table), 0.9))
    points = rng.normal(size=(900, 3)) * np.array([1.0, 0.5, 0.02])
    points /= 4.0 * np.sqrt((points**2).sum(axis=1))[:, None] + 1.0
    ball = rng.normal(size=(600, 3))
    ball *= np.array([0.5, 0.3, 0.01]) / np.sqrt((ball**2).sum(axis=1))[:, None]
    for cloud in (points, ball):
        W = Polytope.hull(cloud)
        thin = lighter(W, stage, 0.01, 1e-9, outwards=True)
        assert len(thin.vertices) <= len(W.vertices)
        assert thin.excess(W.vertices).max() <= 1e-12
    # Outwards by moving vertices where the set is round, by moving facets where it is thin.
    for thickness in (0.3, 0.01):
        W = Polytope.hull(ball * np.array([1.0, 1.0, thickness / 0.01]))
        thin = lighter(W, stage, 0.1, 1e-9, outwards=True)
        assert thin.excess(W.vertices).max() <= 1e-12
        assert len(thin.vertices) < 0.7 * len(W.vertices)
        assert W.furthest(thin.vertices) < 0.1


def public_goods(players: int, discount: object, marginal: float = 0.6) -> Stage:
    """Everybody keeps one unit, or gives it to a pot of which everybody gets the marginal return."""
    gifts = np.array(list(np.ndindex((2,) * players)))
    table = (1 - gifts + marginal * gifts.sum(axis=1, keepdims=True)).reshape(*(2,) * players, players)
    return normalised(RepeatedGame(NormalFormGame(table), discount))


def pennies(discount: object = 0.5) -> Stage:
    return normalised(RepeatedGame(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), discount))


def box(*sides: float) -> Polytope:
    return Polytope.hull(np.array(list(np.ndindex((2,) * len(sides)))) * np.array(sides))


def square(half: float) -> Polytope:
    return Polytope.hull(half * np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]]))


def half(V: Polytope) -> float:
    return float(V.highest[0])


def ball(corners: int, thickness: float = 1.0) -> Polytope:
    """So many points of a sphere, all of them corners, flattened in one direction."""
    points = np.random.default_rng(corners).normal(size=(corners, 3))
    points *= np.array([0.5, 0.5, 0.5 * thickness]) / np.sqrt((points**2).sum(axis=1))[:, None]
    W = Polytope.hull(points)
    assert len(W.vertices) == corners
    return W


@pytest.mark.parametrize("outwards", [False, True])
def test_round_sets_are_thinned_once_they_have_many_corners(outwards: bool) -> None:
    stage = public_goods(3, 0.5)
    few, many = ball(200), ball(201)
    assert lighter(few, stage, 0.5, 0.01, outwards) is few
    for moved, tolerance in ((0.5, 0.01), (0.01, 0.5)):
        # By a tenth of what the set still moves, or of the tolerance if that is more.
        thin = lighter(many, stage, moved, tolerance, outwards)
        assert thin.vertices.tolist() == many.thinned(0.05, outwards).vertices.tolist()
        assert len(thin.vertices) < 0.7 * 201
    # By three tenths where a tenth saves too few corners, and not at all where neither saves three tenths of them.
    thin = lighter(many, stage, 0.05, 1e-9, outwards=False)
    assert len(many.thinned(0.005, outwards=False).vertices) > 0.7 * 201
    assert thin.vertices.tolist() == many.thinned(0.015, outwards=False).vertices.tolist()
    assert lighter(many, stage, 1e-4, 1e-9, outwards) is many


def test_thin_sets_give_up_facets() -> None:
    stage = public_goods(3, 0.5)
    for corners, moved in ((401, 0.1), (400, 0.1), (401, 0.03)):
        W = ball(corners, 0.01)
        assert W.thinned(0.3 * moved, outwards=True) is W
        found = lighter(W, stage, moved, 1e-9, outwards=True)
        if corners == 401 and moved == 0.1:
            assert found.excess(W.vertices).max() <= 1e-12
            assert len(found.vertices) < 0.7 * 401
            assert W.furthest(found.vertices) < 0.1
            # The tolerance counts where the set moves by less.
            assert lighter(W, stage, 1e-9, 0.1, outwards=True).vertices.tolist() == found.vertices.tolist()
        else:
            assert found is W


def test_polygons_stay_as_they_are_where_thinning_fails() -> None:
    angles = np.linspace(0.0, 2.0 * np.pi, 401, endpoint=False) + 0.001
    W = Polytope.hull(np.column_stack([0.5 * np.cos(angles), 0.0015 * np.sin(angles)]))
    assert len(W.vertices) == 401
    assert lighter(W, public_goods(2, 0.5), 0.1, 1e-9, outwards=True) is W


def test_sets_with_curved_surfaces_are_thinned_by_what_fades_away() -> None:
    stage = public_goods(3, [0.5, 0.6, 0.75])
    few, many = ball(250), ball(251)
    assert lighter(few, stage, 2.0, 0.01, outwards=False) is few
    # A quarter, as 1 - .75 is, of a fifth of the movement or of the tolerance.
    for moved, tolerance, error in ((2.0, 0.01, 0.1), (0.01, 0.4, 0.1), (1.0, 0.1, 0.05)):
        thin = lighter(many, stage, moved, tolerance, outwards=False)
        assert thin.vertices.tolist() == many.thinned(error, outwards=False).vertices.tolist()
        assert len(thin.vertices) < 100


def test_what_a_set_generates_and_how_far_it_sticks_out() -> None:
    nothing, out = _inner._image(pennies(0.1), box(1.0, 1.0))
    assert (nothing.dimension, out) == (-1, np.inf)
    stage = public_goods(2, 0.6)
    steady = Polytope.hull(stage.steady)
    image, out = _inner._image(stage, steady)
    assert out <= 1e-15
    assert image.distance(steady.vertices).max() <= 1e-15
    image, out = _inner._image(stage, box(1.0, 1.0))
    assert out == pytest.approx(image.excess(box(1.0, 1.0).vertices).max())
    assert out > 0.1


def test_a_needle_sticks_out_by_its_length(monkeypatch) -> None:
    """Its point lies beyond no half-space by more than rounding, and yet far away."""
    needle = [[1.0, 1e-6], [1.0, -1e-6]]
    monkeypatch.setattr(_inner, "generate", lambda *arguments: Made(np.array([[0.0, 0.0], *needle])))
    V = Polytope.hull([[-1e-6, 0.0], *needle])
    image, out = _inner._image(public_goods(2, 0.6), V)
    assert image.excess(V.vertices).max() < 2e-12
    assert out == pytest.approx(1e-6)


def test_at_once_the_known_set_or_the_stage_equilibria() -> None:
    W = box(1.0, 1.0)
    nothing, gap = at_once(pennies(), W, None)
    assert (nothing.dimension, gap) == (-1, np.inf)
    known = Polytope.hull([[0.5, 0.25], [0.75, 0.25]])
    for stage in (pennies(), public_goods(2, 0.6)):
        found, gap = at_once(stage, W, known)
        assert found is known
        # From the nearest corner of the known set to (0, 1), or from (.75, .25) to (1, 1).
        assert gap == pytest.approx(np.hypot(0.5, 0.75))
    stage = public_goods(2, 0.6)
    found, gap = at_once(stage, W, None)
    assert found.vertices.tolist() == stage.steady.tolist()
    assert gap == pytest.approx(np.hypot(*(1.0 - stage.steady[0])))


class Fake:
    """In place of the operator: a square of half width r generates one of half width f(r)."""

    def __init__(self, monkeypatch, f, discount: object = 0.5) -> None:
        self.asked: list[float] = []
        self.f = f
        self.stage = pennies(discount)
        monkeypatch.setattr(_inner, "_image", self.image)

    def image(self, stage: Stage, V: Polytope) -> tuple[Polytope, float]:
        r = half(V)
        self.asked.append(r)
        made = self.f(r)
        if made <= 0.0:
            return Polytope.nothing(2), np.inf
        return square(made), max(r - made, 0.0)


@pytest.mark.parametrize(
    ("width", "stands", "corners"), [(5e-12, True, 3), (1.05e-11, True, 4), (5e-12, False, 4)]
)
def test_a_set_that_generates_itself_is_both_inner_and_outer(monkeypatch, width, stands, corners) -> None:
    """A corner that only rounding has made goes, if the set stands without it."""
    beyond = np.array([0.75, 0.5]) + width * np.array([2.0, 1.0]) / np.sqrt(5.0)
    W = Polytope.hull([[0.0, 0.0], [1.0, 0.0], [0.5, 1.0], beyond])
    assert len(W.vertices) == 4
    monkeypatch.setattr(
        _inner, "_image", lambda stage, V: (V, 0.0 if stands or len(V.vertices) == 4 else 0.1)
    )
    found, gap = within(pennies(), W, None, 0.1, 1e-9, Deadline(None))
    assert gap == 0.0
    assert len(found.vertices) == corners
    assert (found is W) is not stands
    assert all(corner in W.vertices.tolist() for corner in found.vertices.tolist())


def test_the_stage_equilibria_where_nothing_else_is_found(monkeypatch) -> None:
    W, stage = box(1.0, 1.0), public_goods(2, 0.6)
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (Polytope.nothing(2), np.inf))
    found, gap = within(stage, W, None, 1.0, 1e-9, Deadline(None))
    assert found.vertices.tolist() == stage.steady.tolist()
    assert gap == pytest.approx(np.hypot(*(1.0 - stage.steady[0])))
    # They grow where rounding does not stand against it.
    around = Polytope.hull(np.vstack([stage.steady, [[0.9, 0.9], [0.9, 0.5]]]))
    monkeypatch.setattr(
        _inner,
        "_image",
        lambda stage, V: (around, 0.0) if V.dimension == 0 else (Polytope.nothing(2), np.inf),
    )
    found, gap = within(stage, W, None, 1.0, 1e-9, Deadline(None))
    assert found is around
    # A set that was known is not given up for them.
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (V, 0.0 if V is known else 1.0))
    known = box(0.9, 0.9)
    found, gap = within(stage, W, known, 1e-9, 1e-9, Deadline(None))
    assert found is known
    assert gap == pytest.approx(np.hypot(0.1, 0.1))


def test_the_operator_is_followed_down_to_a_set_that_generates_itself(monkeypatch) -> None:
    fake = Fake(monkeypatch, lambda r: min(r, 0.8 + (r - 0.8) / 4))
    found, gap = within(fake.stage, square(1.0), None, 1.0, 1e-9, Deadline(None))
    # 1, .85, .8125 and so on, until it moves by nothing but rounding: not pulled in first, however far.
    assert fake.asked[:3] == pytest.approx([1.0, 0.85, 0.8125])
    assert half(found) == pytest.approx(0.8, abs=1e-11)
    assert gap == pytest.approx(np.hypot(0.2, 0.2))


def test_a_loose_outer_set_is_pulled_in_more_and_more(monkeypatch) -> None:
    """What lies within .9 generates itself; what lies further out generates something that goes astray."""
    fake = Fake(monkeypatch, lambda r: r if r <= 0.9 else 0.0)
    moved = 1e-3
    found, gap = within(fake.stage, square(1.0), None, moved, 1e-9, Deadline(None))
    # 3, 10, 30 and 100 times the movement over 1 - discount; 6 and 20 and 60 thousandths are not enough.
    assert fake.asked[:5] == pytest.approx([1.0, 0.994, 0.98, 0.94, 0.8])
    assert half(found) == pytest.approx(0.8)
    assert gap == pytest.approx(np.hypot(0.2, 0.2))
    # No further, once one is found; and never by more than half.
    assert min(fake.asked) == pytest.approx(0.8)
    fake = Fake(monkeypatch, lambda r: 0.0)
    found, gap = within(fake.stage, square(1.0), None, moved, 1e-9, Deadline(None))
    assert (found.dimension, gap) == (-1, np.inf)
    assert fake.asked == pytest.approx([1.0, 0.994, 0.98, 0.94, 0.8])
    fake = Fake(monkeypatch, lambda r: 0.0, [0.5, 0.75])
    within(fake.stage, square(1.0), None, moved, 1e-9, Deadline(None))
    assert fake.asked == pytest.approx([1.0, 0.988, 0.96, 0.88, 0.6])


def test_a_known_set_grows_and_near_ones_are_enough(monkeypatch) -> None:
    fake = Fake(monkeypatch, lambda r: r + (0.999 - r) / 2 if r < 0.999 else r - 1e-5)
    known = square(0.5)
    found, gap = within(fake.stage, square(1.0), known, 1e-3, 1e-9, Deadline(None))
    assert half(found) == pytest.approx(0.999, abs=1e-2)
    assert gap == pytest.approx(np.sqrt(2) * (1 - half(found)))
    # The gap is well below a hundred times the movement left: nothing is pulled in, only followed down from W.
    assert min(r for r in fake.asked if r >= 0.999) == pytest.approx(1.0 - 35e-5)
    # Without movement left to explain it, a gap is looked into.
    fake.asked.clear()
    within(fake.stage, square(1.0), known, 1e-6, 1e-9, Deadline(None))
    assert any(r == pytest.approx(1.0 - 6e-6) for r in fake.asked)


def grown(fake: Fake, tolerance: float, start: float = 0.5) -> tuple[float, float]:
    V, gap = _inner._grown(
        fake.stage, square(1.0), square(start), square(fake.f(start)), tolerance, Deadline(None)
    )
    assert gap == pytest.approx(np.sqrt(2) * (1 - half(V)))
    return half(V), gap


def test_growth_stops_at_the_tolerance_or_where_it_gains_little(monkeypatch) -> None:
    halving = Fake(monkeypatch, lambda r: (r + 1) / 2)
    # Gaps of sqrt(2) times 1/4, 1/8, 1/16.
    assert grown(halving, 0.1)[0] == pytest.approx(15 / 16)
    assert grown(halving, np.sqrt(2) / 8 + 1e-12)[0] == pytest.approx(7 / 8)
    slow = Fake(monkeypatch, lambda r: r + (1 - r) * 0.005)
    assert grown(slow, 1e-9)[0] == pytest.approx(0.5025)
    assert slow.asked == []
    slow = Fake(monkeypatch, lambda r: r + (1 - r) * 0.02)
    assert grown(slow, 0.5)[1] <= 0.5
    assert len(slow.asked) > 5


def test_growth_stops_where_a_set_no_longer_generates_itself(monkeypatch) -> None:
    fake = Fake(monkeypatch, lambda r: (r + 1) / 2 if r < 0.8 else r - 0.1)
    assert grown(fake, 1e-9)[0] == pytest.approx(7 / 8)
    fake = Fake(monkeypatch, lambda r: (r + 1) / 2 if r < 0.8 else 0.0)
    assert grown(fake, 1e-9)[0] == pytest.approx(7 / 8)


def test_a_limit_in_time_ends_growth(clock) -> None:
    clock.step = 1.0
    stage = public_goods(2, 0.6)
    V = Polytope.hull(stage.steady)
    image, _ = _inner._image(stage, V)
    found, _ = _inner._grown(stage, box(1.0, 1.0), V, image, 1e-9, Deadline(0.5))
    assert found is image


def test_growing_sets_stay_light(monkeypatch) -> None:
    """Of an image with many corners some are kept beside those of the set itself."""
    W, V = ball(300), Polytope.hull(0.5 * ball(30).vertices)
    images = {200: Polytope.hull(0.9 * ball(200).vertices), 201: Polytope.hull(0.9 * ball(201).vertices)}
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (Polytope.nothing(3), np.inf))
    for corners, image in images.items():
        found, gap = _inner._grown(public_goods(3, 0.6), W, V, image, 1e-9, Deadline(None))
        assert image.excess(found.vertices).max() <= 1e-12
        assert found.excess(V.vertices).max() <= 1e-12
        assert gap == pytest.approx(found.furthest(W.vertices))
        if corners == 200:
            assert found is image
        else:
            some = image.thinned(0.05 * V.furthest(W.vertices), outwards=False)
            assert (
                found.vertices.tolist()
                == Polytope.hull(np.vstack([V.vertices, some.vertices])).vertices.tolist()
            )
            assert len(found.vertices) < 201


def test_the_first_share_that_generates_itself(monkeypatch) -> None:
    fake = Fake(monkeypatch, lambda r: r if r <= 0.56 else 0.5)
    # Shares are taken around the centre of gravity.
    found = _inner._shrunk(fake.stage, square(1.0), (0.7, 0.55, 0.4))
    assert found is not None
    assert sorted(found.vertices.round(9).tolist()) == sorted(square(0.55).vertices.round(9).tolist())
    assert fake.asked == pytest.approx([0.7, 0.55])
    fake = Fake(monkeypatch, lambda r: 0.0)
    assert _inner._shrunk(fake.stage, square(1.0), (0.7, 0.55)) is None
    triangle = Polytope.hull([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (V, 0.0))
    found = _inner._shrunk(fake.stage, triangle, (0.4,))
    assert found is not None
    assert found.lowest.tolist() == pytest.approx([0.2, 0.2])


def test_all_pulls_where_little_movement_is_left(monkeypatch) -> None:
    fake = Fake(monkeypatch, lambda r: 0.0)
    within(fake.stage, square(1.0), None, 2e-7, 1e-9, Deadline(None))
    pulls = [0.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1e3, 1e4, 1e5, 1e6]
    assert fake.asked == pytest.approx([1.0 - pull * 4e-7 for pull in pulls], abs=1e-12)


def test_a_limit_in_time_ends_the_search_inside(monkeypatch, clock) -> None:
    clock.step = 1.0
    fake = Fake(monkeypatch, lambda r: r - 1e-3)
    found, gap = within(fake.stage, square(1.0), None, 1e-3, 1e-9, Deadline(3.5))
    assert (found.dimension, gap) == (-1, np.inf)
    # One look at the clock for each; then for the next pull.
    assert fake.asked == pytest.approx([1.0, 0.999, 0.998])


def test_which_sets_have_curved_surfaces_and_which_are_held_loosely(monkeypatch) -> None:
    asked: list[tuple[str, float]] = []

    def solid(
        stage: Stage, W: Polytope, tolerance: float, deadline: Deadline
    ) -> tuple[Polytope | None, float]:
        asked.append(("solid", tolerance))
        return core, 0.25

    def held(*arguments: object) -> tuple[Polytope, float]:
        asked.append(("held", 0.0))
        return box(0.5, 0.5, 0.5, 0.5), 0.5

    core: Polytope | None = cube(0.1)
    monkeypatch.setattr(_inner, "_inner_solid", solid)
    monkeypatch.setattr(_inner, "_held", held)
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (V, 0.0))
    assert within(CURVED, cube(0.5), None, 0.1, 0.01, Deadline(None)) == (core, 0.25)
    assert asked == [("solid", 0.05)]
    # Without a core what generates itself is looked for as elsewhere.
    core = None
    assert within(CURVED, cube(0.5), None, 0.1, 0.01, Deadline(None))[1] == 0.0
    asked.clear()
    flat = Polytope.hull([[0.0, 0, 0], [1, 0, 0], [0, 1, 0]])
    for stage, W, moved in (
        (CURVED, flat, 0.1),
        (public_goods(3, 0.6), cube(0.5), 0.1),
        (public_goods(2, [0.5, 0.6]), square(0.5), 0.1),
        (public_goods(4, 0.6), box(1.0, 1.0, 1.0, 1.0), 1e-6),
        (public_goods(4, 0.6), Polytope.hull(np.eye(4)), 0.1),
    ):
        within(stage, W, None, moved, 0.01, Deadline(None))
    assert asked == []
    within(public_goods(4, 0.6), box(1.0, 1.0, 1.0, 1.0), None, 2e-6, 0.01, Deadline(None))
    assert asked == [("held", 0.0)]


class Made:
    """As much of `Generated` as is looked at here."""

    def __init__(self, payoffs: np.ndarray) -> None:
        self.payoffs = payoffs


def cube(r: float) -> Polytope:
    """A cube of half width r around the middle of the unit cube."""
    return Polytope.hull(0.5 + r * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0))


def width(V: Polytope) -> float:
    return float(np.ptp(V.vertices, axis=0).max()) / 2


def cubes(monkeypatch, f) -> list[float]:
    """In place of the operator: a cube of half width r generates one of half width f(r), or nothing."""
    asked: list[float] = []

    def generate(stage: Stage, V: Polytope, punishment: np.ndarray) -> Made:
        assert punishment.tolist() == V.lowest.tolist()
        r = width(V)
        asked.append(r)
        made = f(r)
        return Made(cube(made).vertices if made > 0.0 else np.zeros((0, 3)))

    monkeypatch.setattr(_inner, "generate", generate)
    monkeypatch.setattr(_inner, "settled", lambda *arguments, to_the_end: None)
    return asked


CURVED = public_goods(3, [0.5, 0.6, 0.75])


def test_a_core_grows_until_it_moves_by_less_than_the_tolerance(monkeypatch) -> None:
    asked = cubes(monkeypatch, lambda r: r + (0.4 - r) / 2)
    monkeypatch.setattr(_inner, "_core", lambda *_: (cube(0.1), cube(0.2).vertices))
    W = cube(0.5)
    found, gap = _inner._inner_solid(CURVED, W, 0.02, Deadline(None))
    # .1, .2, .3, .35, .375, .3875: the last step is the first below .02; what is handed over is what that one generates.
    assert asked == pytest.approx([0.2, 0.3, 0.35, 0.375, 0.3875, 0.3875])
    assert width(found) == pytest.approx(0.39375)
    assert gap == pytest.approx(found.furthest(W.vertices))
    # Far out in one direction is far enough to go on.
    asked = cubes(monkeypatch, lambda r: r + (0.4 - r) / 2)
    points = np.vstack([cube(0.1).vertices, [[0.8, 0.5, 0.5]]])
    monkeypatch.setattr(_inner, "_core", lambda *_: (cube(0.1), points))
    _inner._inner_solid(CURVED, W, 0.02, Deadline(None))
    assert len(asked) > 3
    monkeypatch.setattr(_inner, "_core", lambda *_: (cube(0.1), cube(0.2).vertices))
    # Where the next step generates nothing, what was there before stays.
    asked = cubes(monkeypatch, lambda r: r + (0.4 - r) / 2 if r < 0.34 else 0.0)
    found, _ = _inner._inner_solid(CURVED, W, 0.02, Deadline(None))
    assert asked == pytest.approx([0.2, 0.3, 0.35, 0.3])
    assert width(found) == pytest.approx(0.35)


@pytest.mark.parametrize(
    ("pull", "fits"), [(1.0, 1), (1.0 - 1e-9, 2), (1.0 - 1e-7, 3), (1.0 - 1e-5, 4), (0.0, 9)]
)
def test_a_grown_core_is_pulled_in_until_it_passes(monkeypatch, pull, fits) -> None:
    monkeypatch.setattr(_inner, "_core", lambda *_: (cube(0.1), cube(0.2).vertices))
    cubes(monkeypatch, lambda r: 0.2)
    tried: list[float] = []

    def image(stage: Stage, V: Polytope) -> tuple[Polytope, float]:
        tried.append(width(V) / 0.2)
        return V, 0.0 if len(tried) == fits else 1.0

    monkeypatch.setattr(_inner, "_image", image)
    found, gap = _inner._inner_solid(CURVED, cube(0.5), 0.01, Deadline(None))
    # In the end the core, which has been checked before, is left.
    assert width(found) == pytest.approx(0.2 * pull if pull else 0.1, rel=1e-13)
    assert gap == pytest.approx(found.furthest(cube(0.5).vertices))
    assert tried == pytest.approx([1.0, 1.0 - 1e-9, 1.0 - 1e-7, 1.0 - 1e-5][: min(fits, 4)], rel=1e-13)


def test_a_limit_in_time_ends_the_growth_of_a_core(monkeypatch, clock) -> None:
    clock.step = 1.0
    asked = cubes(monkeypatch, lambda r: r + (0.4 - r) / 2)
    monkeypatch.setattr(_inner, "_core", lambda *_: (cube(0.1), cube(0.2).vertices))
    found, _ = _inner._inner_solid(CURVED, cube(0.5), 1e-9, Deadline(0.5))
    assert asked == pytest.approx([0.2, 0.2])
    assert width(found) == pytest.approx(0.3)
    monkeypatch.setattr(_inner, "_core", lambda *_: None)
    assert _inner._inner_solid(CURVED, cube(0.5), 1e-9, Deadline(None)) == (None, np.inf)


def test_the_core_is_a_shrunk_set_and_the_stage_equilibria(monkeypatch) -> None:
    W = cube(0.5)
    asked = cubes(monkeypatch, lambda r: r)
    shares: list[tuple[float, ...]] = []
    limit = [0.0]

    def shrunk(stage: Stage, V: Polytope, tried: tuple[float, ...]) -> Polytope | None:
        shares.append(tried)
        return cube(0.05) if tried[0] < limit[0] else None

    monkeypatch.setattr(_inner, "_shrunk", shrunk)
    for most, settling, expected in (
        (1.0, None, 0.05),
        (0.0, cube(0.04), 0.04),
        (0.5, None, 0.05),
        (0.0, None, 0.0),
    ):
        shares.clear()
        limit[0] = most
        monkeypatch.setattr(_inner, "_settling", lambda *_, settling=settling: settling)
        core = _inner._core(CURVED, W, Deadline(None))
        assert core is not None
        parts = [CURVED.steady] + ([cube(expected).vertices] if expected else [])
        assert core[0].vertices.tolist() == Polytope.hull(np.vstack(parts)).vertices.tolist()
        assert asked[-1] == width(core[0])
        assert len(core[1]) == (8 if expected else 0)
        assert all(share < 1.0 for tried in shares for share in tried)
        assert shares == sorted(shares, reverse=True)
    # Without a stage equilibrium there may be no core at all.
    cycle = normalised(RepeatedGame(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), [0.5, 0.6]))
    assert _inner._core(cycle, W, Deadline(None)) is None


def test_a_set_that_generates_itself_near_where_the_outer_one_settles(monkeypatch) -> None:
    W = cube(0.5)
    asked = cubes(monkeypatch, lambda r: min(r, 0.3 + (r - 0.3) / 100))
    found = _inner._settling(CURVED, W, Deadline(None))
    assert found is not None
    assert width(found) == pytest.approx(0.3, abs=1e-11)
    assert len(asked) < 10
    # What generates nothing does not settle.
    asked = cubes(monkeypatch, lambda r: 0.0)
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    assert asked == [0.5] * 4
    # Nor does what has too many corners.
    asked = cubes(monkeypatch, lambda r: r - 0.01)
    monkeypatch.setattr(_inner, "_TOO_MANY", 7)
    monkeypatch.setattr(_inner, "_image", lambda stage, V: (V, 1.0))
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    assert asked == [0.5] * 4
    monkeypatch.setattr(_inner, "_TOO_MANY", 8)
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    assert len(asked) > 8


def test_where_it_settles_slowly_it_is_pulled_in(monkeypatch) -> None:
    """By one, three, ten and thirty times what stuck out at least, over 1 - discount, and by less than half."""
    W = cube(0.5)
    cubes(monkeypatch, lambda r: r - 1e-3 * r if r > 0.4999 else 0.0)
    tried: list[float] = []

    def image(stage: Stage, V: Polytope) -> tuple[Polytope, float]:
        tried.append(width(V) / 0.5)
        return V, 0.0 if width(V) < limit else 1.0

    monkeypatch.setattr(_inner, "_image", image)
    limit = 0.49
    found = _inner._settling(CURVED, W, Deadline(None))
    assert found is not None
    # A thousandth of half the width, over a quarter: .2, .6 and 2 per cent, and then 6.
    assert tried[:3] == pytest.approx([0.998, 0.994, 0.98], abs=1e-9)
    limit = 0.0
    tried.clear()
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    assert tried == pytest.approx([0.998, 0.994, 0.98, 0.94] * 4, abs=1e-9)
    cubes(monkeypatch, lambda r: r - 0.06 * r if r > 0.49 else 0.0)
    tried.clear()
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    # Twelve per cent, and thirty-six; no more than half.
    assert tried == pytest.approx([0.88, 0.64] * 4, abs=1e-9)
    # The set that sticks out least, for its size, is what is pulled in.
    cubes(monkeypatch, lambda r: r - 0.01 if r > 0.495 else r - 1e-3 * r if r > 0.4895 else r - 0.1)
    tried.clear()
    assert _inner._settling(CURVED, W, Deadline(None)) is None
    assert tried[:4] == pytest.approx([0.98 * x for x in (0.998, 0.994, 0.98, 0.94)], abs=1e-9)


def test_solids_of_four_that_are_held_loosely(monkeypatch) -> None:
    stage = public_goods(4, 0.6)
    W = box(1.0, 1.0, 1.0, 1.0)
    known, contraction = box(0.3, 0.3, 0.3, 0.3), box(0.6, 0.1, 0.1, 0.1)
    passed: list[Polytope] = []
    wanted = [1]

    def check(stage: Stage, V: Polytope) -> bool:
        passed.append(V)
        return len(passed) == wanted[0]

    monkeypatch.setattr(_inner, "contracted", lambda *_: contraction)
    monkeypatch.setattr(_inner, "generates_itself", check)
    together = Polytope.hull(np.vstack([stage.steady, known.vertices, contraction.vertices]))
    for fits, expected in enumerate((together, contraction, known, Polytope.hull(stage.steady)), start=1):
        passed.clear()
        wanted[0] = fits
        found, gap = _inner.within(stage, W, known, 1e-3, 1e-9, Deadline(None))
        assert found.vertices.tolist() == expected.vertices.tolist()
        assert gap == pytest.approx(found.furthest(W.vertices))
    wanted[0] = 9
    found, gap = _inner._held(stage, W, None, Deadline(None))
    assert (found.dimension, gap) == (-1, np.inf)
    monkeypatch.setattr(_inner, "contracted", lambda *_: None)
    wanted[0] = len(passed) + 1
    found, _ = _inner._held(stage, W, None, Deadline(None))
    assert found.vertices.tolist() == stage.steady.tolist()
