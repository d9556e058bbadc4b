"""Self-generating polytopes of four players, checked by the operator with every vertex of every cut."""

from __future__ import annotations

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets import _contraction
from solvers.repeated.payoff_sets._contraction import contracted, generates_itself
from solvers.repeated.payoff_sets._operator import Generated, Stage, generate, normalised
from solvers.repeated.payoff_sets.polytope import Polytope

GIFTS = np.array(list(np.ndindex(2, 2, 2, 2)))


def public_goods(discount: float) -> Stage:
    """Four players keep one unit each or give it to a pot of which everybody gets .6 for each unit."""
    table = (1 - GIFTS + 0.6 * GIFTS.sum(axis=1, keepdims=True)).reshape(2, 2, 2, 2, 4)
    return normalised(RepeatedGame(NormalFormGame(table), discount))


@pytest.mark.parametrize("discount", [0.6, 0.9])
def test_lies_inside_and_generates_itself(discount: float) -> None:
    stage = public_goods(discount)
    W = Polytope.hull(GIFTS.astype(float))
    V = contracted(stage, W, Deadline(None))
    assert V is not None
    assert W.excess(V.vertices).max() <= 1e-12
    image = Polytope.hull(generate(stage, V, V.lowest, full=True).payoffs)
    assert image.excess(V.vertices).max() <= 1e-11


def test_a_box_of_all_payoffs_does_not_generate_itself() -> None:
    assert not generates_itself(public_goods(0.6), Polytope.hull(GIFTS.astype(float)))
    # Nobody giving is the stage equilibrium, and alone generates itself.
    stage = public_goods(0.6)
    assert len(stage.steady) == 1
    assert generates_itself(stage, Polytope.hull(stage.steady))


def test_impatience_leaves_nothing_solid() -> None:
    assert contracted(public_goods(0.05), Polytope.hull(GIFTS.astype(float)), Deadline(None)) is None


def cube(r: float) -> Polytope:
    """A cube of half width r around the middle of the unit cube."""
    return Polytope.hull(0.5 + r * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0))


def width(V: Polytope) -> float:
    return float(np.ptp(V.vertices, axis=0).max()) / 2


def three(discount: float) -> Stage:
    return normalised(
        RepeatedGame(NormalFormGame(np.random.default_rng(0).normal(size=(2, 2, 2, 3))), discount)
    )


def generated(payoffs: np.ndarray, faces: object = (0,), planes: object = (False,)) -> Generated:
    """Payoffs that come from corners, unless said otherwise."""
    count = len(payoffs)
    face = np.full((count, 3), -1)
    face[:, 0] = faces
    bound = np.zeros((count, 3), dtype=bool)
    bound[:, 0] = planes
    return Generated(payoffs, np.zeros(count, dtype=int), payoffs, face, bound)


def cubes(monkeypatch, f) -> list[float]:
    """In place of the operator: a cube of half width r generates one of half width f(r), or nothing."""
    asked: list[float] = []

    def operator(stage: Stage, V: Polytope, punishment: np.ndarray, full: bool = False) -> Generated:
        assert punishment.tolist() == V.lowest.tolist()
        asked.append(width(V))
        made = f(width(V))
        return generated(cube(made).vertices if made > 0.0 else np.zeros((0, 3)))

    monkeypatch.setattr(_contraction, "generate", operator)
    monkeypatch.setattr(_contraction, "_grown", lambda stage, core, around, deadline: core)
    return asked


def test_steps_and_pulls_until_a_set_lies_inside_what_it_generates(monkeypatch) -> None:
    asked = cubes(monkeypatch, lambda r: 0.5 * r + 0.169)
    found = contracted(three(0.8), cube(0.4), Deadline(None))
    # It settles at .338; whether it is there is asked at every second step.
    down = [0.36]
    while down[-1] > 0.338 or len(down) % 2 == 0:
        down.append((0.5 * down[-1] + 0.169) * 0.99)
    assert asked == pytest.approx(down)
    assert len(down) == 5
    assert found is not None
    # The set and what it generates, which is larger.
    assert width(found) == pytest.approx(0.5 * down[-1] + 0.169)


def test_how_many_payoffs_may_be_looked_at(monkeypatch) -> None:
    cubes(monkeypatch, lambda r: 0.5 * r + 0.169)
    monkeypatch.setattr(_contraction, "_EFFORT", 40)
    assert contracted(three(0.8), cube(0.4), Deadline(None)) is not None
    monkeypatch.setattr(_contraction, "_EFFORT", 39)
    assert contracted(three(0.8), cube(0.4), Deadline(None)) is None


def test_larger_pulls_where_smaller_ones_fail(monkeypatch) -> None:
    asked = cubes(monkeypatch, lambda r: 0.0)
    assert contracted(three(0.8), cube(0.4), Deadline(None)) is None
    # By one, three and ten hundredths over (1 - .8) / 2; never by more than half.
    assert asked == pytest.approx([0.36, 0.28, 0.2])
    # A thousandth of the volume is too little to go on with.
    asked = cubes(monkeypatch, lambda r: 0.11 * r)
    assert contracted(three(0.8), cube(0.4), Deadline(None)) is None
    assert asked == pytest.approx([0.36, 0.28, 0.2])
    asked = cubes(monkeypatch, lambda r: 0.12 * r)
    assert contracted(three(0.8), cube(0.4), Deadline(None)) is None
    assert asked[:3] == pytest.approx([0.36, 0.36 * 0.12 * 0.99, 0.28])


def test_a_limit_in_time_ends_it(monkeypatch, clock) -> None:
    clock.step = 1.0
    asked = cubes(monkeypatch, lambda r: 0.5 * r + 0.169)
    assert contracted(three(0.8), cube(0.4), Deadline(0.5)) is None
    assert len(asked) == 1


def test_stage_equilibria_stay_in_and_other_payoffs_need_not(monkeypatch) -> None:
    corners = cube(0.4).vertices
    out = np.array([[2.0, 0.5, 0.5], [0.5, 2.0, 0.5], [0.5, 0.5, 2.0], [-2.0, 0.5, 0.5]])
    # Of those further out the first is a stage payoff, the others lie on a face, at a constraint, or both.
    made = generated(np.vstack([corners, out]), [0] * 8 + [-1, 0, -1, 0], [False] * 10 + [True, True])
    monkeypatch.setattr(_contraction, "generate", lambda *arguments: made)
    monkeypatch.setattr(_contraction, "_touched", lambda points, normals: points[:8])
    monkeypatch.setattr(_contraction, "_grown", lambda stage, core, around, deadline: core)
    found = contracted(three(0.8), cube(0.4), Deadline(None))
    assert found is not None
    assert found.highest.tolist() == [2.0, 0.9, 0.9]
    assert found.lowest.tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_directions_of_facets_and_of_corners(monkeypatch) -> None:
    signs = 2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0
    flat = Polytope.hull(signs * np.array([1.0, 0.5, 0.01]) + 7.0)
    around = _contraction._around(flat)
    assert len(around) == 6 + 8
    assert {tuple(row) for row in around[:6].round(9) + 0.0} == {
        tuple(sign * row) for row in np.eye(3) for sign in (1.0, -1.0)
    }
    # Outwards in units of the set's own extent: what supports it at a corner is nearly the flat side.
    out = signs / np.array([1.0, 0.5, 0.01])
    out /= np.sqrt((out**2).sum(axis=1))[:, None]
    order = [int(np.abs(signs - np.sign(v - 7.0)).sum(axis=1).argmin()) for v in flat.vertices]
    np.testing.assert_allclose(around[6:], out[order], atol=1e-12)
    # Every second of the six facets, every third of the eight corners.
    monkeypatch.setattr(_contraction, "_DIRECTIONS", 4)
    few = _contraction._around(flat)
    np.testing.assert_allclose(few, np.vstack([around[:6:2], around[6::3]]))


def test_inside_the_hull_of_points() -> None:
    square = np.array([[1.0, 1], [1, -1], [-1, 1], [-1, -1]])
    V = Polytope.hull(square)
    assert _contraction._inside(V, square)
    assert _contraction._inside(V, square * (1 - 3e-12))
    assert not _contraction._inside(V, square * (1 - 1e-11))
    # The points furthest out across the sides need not be the corners.
    sides = np.array([[1.0, 0], [-1, 0], [0, 1], [0, -1]])
    assert _contraction._inside(V, np.vstack([sides, square]))
    assert not _contraction._inside(V, sides)
    # All sides are reached, and one corner is not.
    assert not _contraction._inside(V, np.vstack([square[:3], sides]))
    assert not _contraction._inside(V, np.vstack([square, 3.0 * square])[:3])


def test_what_generates_itself_is_checked_with_all_that_it_generates(monkeypatch) -> None:
    V = cube(0.3)

    def check(V: Polytope, made: np.ndarray) -> bool:
        monkeypatch.setattr(
            _contraction,
            "generate",
            lambda stage, V, punishment, full=False: generated(made if full else np.zeros((0, 3))),
        )
        return generates_itself(three(0.8), V)

    assert check(V, V.vertices)
    assert not check(V, cube(0.29).vertices)
    assert not check(V, np.zeros((0, 3)))
    point = np.full((1, 3), 0.5)
    assert check(Polytope.hull(point), point)


def test_growth_stops_where_it_adds_less_than_a_hundredth(monkeypatch) -> None:
    asked: list[float] = []

    def operator(stage: Stage, V: Polytope, punishment: np.ndarray, full: bool = False) -> Generated:
        asked.append(width(V))
        made = step(width(V))
        return generated(cube(made).vertices if full and made > 0.0 else np.zeros((0, 3)))

    monkeypatch.setattr(_contraction, "generate", operator)
    checked: list[float] = []
    wanted = [1]

    def check(stage: Stage, V: Polytope) -> bool:
        checked.append(width(V))
        return len(checked) == wanted[0]

    monkeypatch.setattr(_contraction, "generates_itself", check)
    around = _contraction._around(cube(0.4))

    def grown() -> float | None:
        asked.clear()
        checked.clear()
        found = _contraction._grown(three(0.8), cube(0.2), around, Deadline(None))
        return None if found is None else width(found)

    step = lambda r: (r + 0.3) / 2  # noqa: E731
    up = [0.2]
    while len(up) < 2 or up[-1] ** 3 >= 1.01 * up[-2] ** 3:
        up.append(step(up[-1]))
    for fits, expected in ((1, up[-1]), (2, 0.2), (9, None)):
        wanted[0] = fits
        assert grown() == (None if expected is None else pytest.approx(expected))
        assert asked == pytest.approx(up[:-1])
        assert checked == pytest.approx([up[-1], 0.2][:fits])
    step = lambda r: 0.0 if r > 0.24 else r + 0.05  # noqa: E731
    wanted[0] = 1
    assert grown() == pytest.approx(0.25)
    assert asked == pytest.approx([0.2, 0.25])


def test_a_limit_in_time_ends_growth(monkeypatch, clock) -> None:
    clock.step = 1.0
    asked: list[float] = []

    def operator(stage: Stage, V: Polytope, punishment: np.ndarray, full: bool = False) -> Generated:
        asked.append(width(V))
        return generated(cube(width(V) + 0.05).vertices)

    monkeypatch.setattr(_contraction, "generate", operator)
    monkeypatch.setattr(_contraction, "generates_itself", lambda stage, V: True)
    core = cube(0.2)
    assert _contraction._grown(three(0.8), core, _contraction._around(core), Deadline(0.5)) is core
    assert asked == [width(core)]
