"""The outer polytope of four players, and how coarse it says it is."""

from __future__ import annotations

import itertools
from types import SimpleNamespace

import numpy as np
import pytest

from games import NormalFormGame, RepeatedGame
from solvers.base.deadline import Deadline
from solvers.repeated.payoff_sets import _outer_many
from solvers.repeated.payoff_sets._operator import generate, normalised
from solvers.repeated.payoff_sets._outer_many import self_generating, steps_of_many
from solvers.repeated.payoff_sets._payoff_set import payoff_set
from solvers.repeated.payoff_sets.polytope import Polytope

STAGE = normalised(RepeatedGame(NormalFormGame(np.random.default_rng(0).normal(size=(2, 2, 2, 3))), 0.5))


def cube(r: float) -> Polytope:
    return Polytope.hull(0.5 + r * (2.0 * np.array(list(np.ndindex(2, 2, 2))) - 1.0))


class Script:
    """In place of the operator: step k generates a cube of half width `widths[k]`, or nothing."""

    def __init__(self, monkeypatch, widths, enclosed=(), wider=(), whole_at=0) -> None:
        self.widths, self.enclosed, self.wider = list(widths), list(enclosed), list(wider)
        self.whole_at = whole_at
        self.asked: list[tuple[float, list[float]]] = []
        self.searched: list[float] = []
        self.directions: list[object] = []
        self.since: list[int] = []
        monkeypatch.setattr(_outer_many, "generate", self.generate)
        monkeypatch.setattr(_outer_many, "enclosing", self.enclosing)
        monkeypatch.setattr(_outer_many, "widened", self.widened)
        monkeypatch.setattr(_outer_many, "self_generating", self.self_generating)

    def generate(self, stage, W, punishment):
        self.asked.append((float(W.highest[0]) - 0.5, punishment.tolist()))
        r = self.widths.pop(0)
        return SimpleNamespace(payoffs=cube(r).vertices if r else np.zeros((0, 3)))

    def enclosing(self, points, W, normals):
        self.directions.append(normals)
        found = self.enclosed.pop(0)
        return None if found is None else (cube(found[0]), found[1])

    def widened(self, normals, W, points, moved, since, tolerance):
        self.since.append(since)
        return f"directions {len(self.since)}", self.wider.pop(0)

    def self_generating(self, stage, W, known, deadline, effort):
        assert effort == 30_000
        self.searched.append(float(W.highest[0]) - 0.5)
        return cube(0.05), len(self.searched) == self.whole_at

    def steps(self, most=100, deadline=None):
        states = steps_of_many(STAGE, cube(0.5), np.full(3, 0.1), 0.01, most, deadline or Deadline(None))
        return [
            (None if W is None else float(W.highest[0]) - 0.5, known is not None, moved, step, status)
            for W, known, moved, step, status in states
        ]


def near(states):
    return [tuple(pytest.approx(x) if isinstance(x, float) else x for x in state) for state in states]


def test_corners_are_followed_while_they_are_few(monkeypatch) -> None:
    script = Script(monkeypatch, [0.4, 0.3, 0.25, 0.25])
    monkeypatch.setattr(_outer_many, "_FEW", 8)
    assert script.steps() == near(
        [
            (0.4, True, 0.1, 1, None),
            (0.3, True, 0.1, 2, None),
            (0.25, True, 0.05, 3, None),
            (0.25, True, 0.0, 4, "converged"),
        ]
    )
    # Deviators are held to the worst that is left, and never to less than before.
    assert [punishment[0] for _, punishment in script.asked] == pytest.approx([0.1, 0.1, 0.2, 0.25])
    # What generates itself is looked for after one step, two, four and so on.
    assert script.searched == pytest.approx([0.4, 0.3, 0.25])
    assert Script(monkeypatch, [0.4, 0.3], whole_at=2).steps() == near(
        [(0.4, True, 0.1, 1, None), (0.05, True, 0.0, 2, "converged")]
    )
    assert Script(monkeypatch, [0.4, 0.0]).steps() == near(
        [(0.4, True, 0.1, 1, None), (None, False, 0.0, 2, "converged")]
    )
    assert len(Script(monkeypatch, [0.4, 0.3, 0.25, 0.2]).steps(most=3)) == 3


def test_a_set_that_grows_by_rounding_does_not_move(monkeypatch) -> None:
    monkeypatch.setattr(_outer_many, "_FEW", 8)
    assert Script(monkeypatch, [0.5 + 1e-12]).steps() == near([(0.5, True, 0.0, 1, "converged")])
    assert Script(monkeypatch, [0.5 - 0.9e-9]).steps()[0][-1] == "converged"
    assert Script(monkeypatch, [0.5 - 1.2e-9]).steps(most=1)[0][-1] is None


def test_many_corners_are_held_in_half_spaces_until_these_settle(monkeypatch) -> None:
    monkeypatch.setattr(_outer_many, "_FEW", 7)
    monkeypatch.setattr(_outer_many, "_MANY", 8)
    script = Script(
        monkeypatch,
        [0.4, 0.3, 0.3, 0.28, 0.27],
        [(0.35, 0.05), (0.34, 0.01), (0.33, 0.005)],
        [False, True, False],
    )
    assert script.steps() == near(
        [
            (0.4, False, 0.1, 1, None),
            (0.35, False, 0.05, 2, None),
            (0.34, False, 0.01, 3, None),
            (0.33, True, 0.005, 4, None),
            (0.27, True, 0.06, 5, "converged"),
        ]
    )
    # Directions are refined from step to step, counted from the first that holds the set in half-spaces.
    assert script.since == [1, 2, 3]
    assert script.directions[1:] == ["directions 1", "directions 2"]
    # With half-spaces, what generates itself is looked for at the end: before the last step and after it.
    assert script.searched == pytest.approx([0.33, 0.27])
    # The last step is not made corner by corner where there are too many of them.
    monkeypatch.setattr(_outer_many, "_MANY", 7)
    script = Script(monkeypatch, [0.4, 0.3, 0.27], [(0.35, 0.005)], [False])
    assert script.steps()[-1] == near([(0.35, True, 0.005, 3, "converged")])[0]
    # Where half-spaces do not hold a set that is too flat, its corners do.
    monkeypatch.setattr(_outer_many, "_MANY", 8)
    script = Script(monkeypatch, [0.4, 0.3, 0.3], [None, None], [])
    assert script.steps() == near(
        [(0.4, False, 0.1, 1, None), (0.3, False, 0.1, 2, None), (0.3, False, 0.0, 3, "converged")]
    )


def test_a_limit_in_time_leaves_the_last_step_as_it_was(monkeypatch, clock) -> None:
    clock.step = 1.0
    script = Script(monkeypatch, [0.4, 0.3, 0.25])
    assert script.steps(deadline=Deadline(1.5)) == near(
        [(0.4, True, 0.1, 1, None), (0.4, True, 0.1, 2, "time limit")]
    )


def test_what_generates_itself_is_all_if_nothing_lies_outside(monkeypatch) -> None:
    W, V, known = cube(0.5), cube(0.4), cube(0.1)
    outside = [0.0]
    monkeypatch.setattr(_outer_many, "excess", lambda stage, V, made, W: outside[0])
    answer: list[object] = [None]
    monkeypatch.setattr(_outer_many, "fixed_point", lambda *_: answer[0])
    assert self_generating(STAGE, W, known, Deadline(None)) == (known, False)
    answer[0] = (V, None)
    assert self_generating(STAGE, W, known, Deadline(None)) == (V, True)
    outside[0] = 2e-9
    assert self_generating(STAGE, W, known, Deadline(None)) == (V, False)
    answer[0] = (W, None)
    assert self_generating(STAGE, W, known, Deadline(None)) == (W, True)


GAME = NormalFormGame(np.random.default_rng(3).normal(size=(2, 2, 2, 2, 4)))


def test_every_step_holds_the_equilibrium_payoffs() -> None:
    inner = payoff_set(RepeatedGame(GAME, 0.6), tolerance=0.02).core
    assert inner.dimension == 4
    stage = normalised(RepeatedGame(GAME, 0.6))
    steps = list(
        steps_of_many(stage, Polytope.hull(stage.payoffs), stage.minmax.copy(), 0.02, 100, Deadline(None))
    )
    for outer, *_ in steps:
        assert outer is not None
        assert outer.excess(inner.vertices).max() <= 1e-9
    assert steps[-1][-1] == "converged"
    # Half-spaces hold the set more loosely than the corners before them did. From there on nothing grows.
    volumes = [outer.volume for outer, *_ in steps[1:] if outer is not None]
    assert all(after <= before * (1 + 1e-9) for before, after in itertools.pairwise(volumes))


def test_the_bracket_is_checked_and_its_coarseness_said() -> None:
    found = payoff_set(RepeatedGame(GAME, 0.9), tolerance=0.02)
    assert found.converged
    assert 0.0 < found.gap < 1.0
    assert found.tolerance == 0.02
    assert "A tolerance below 0.02 narrows the gap" in found.summary()
    core = found.core
    image = Polytope.hull(generate(found.stage, core, core.lowest, full=True).payoffs)
    assert image.excess(core.vertices).max() <= 1e-11
    assert found.outer.excess(found.inner.vertices).max() <= 1e-9
