"""Boxes: planted ones are found, and no box is invented."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import MethodError, SampleError
from solvers import uncertainty
from solvers.uncertainty._discover import _limit_words, _peels, find_box, prim
from tests.solvers.uncertainty.worlds import duel, small


def columns(seed, count=4000, width=5):
    rng = np.random.default_rng(seed)
    return {f"x{k}": rng.uniform(size=count) for k in range(width)}


@pytest.mark.parametrize("seed", range(5))
def test_a_planted_box_is_found(seed):
    table = columns(seed)
    hits = (table["x0"] > 0.6) & (table["x2"] < 0.5)
    box = prim(table, hits, "it", seed=seed).boxes[0]
    assert set(box.limits) == {"x0", "x2"}
    assert box.limits["x0"] == pytest.approx((0.6, np.inf), abs=0.03)
    assert box.limits["x2"] == pytest.approx((-np.inf, 0.5), abs=0.03)
    assert box.coverage.value > 0.9
    assert box.density.value > 0.95


def test_with_noise_and_a_switch():
    rng = np.random.default_rng(1)
    table = columns(1)
    table["rule"] = np.array(["a", "b", "c"])[rng.integers(0, 3, 4000)]
    planted = (table["x1"] > 0.3) & (table["x1"] < 0.7) & (table["rule"] != "b")
    hits = np.where(planted, rng.uniform(size=4000) < 0.9, rng.uniform(size=4000) < 0.05)
    found = prim(table, hits, "it")
    box = found.boxes[0]
    assert set(box.limits) == {"x1", "rule"}
    assert box.limits["rule"] == ("a", "c")
    assert box.limits["x1"] == pytest.approx((0.3, 0.7), abs=0.04)
    assert 0.85 < box.density.value < 0.95
    assert "rule is 'a' and 'c'" in box.words() or "rule is 'a' or 'c'" in box.words()
    assert (box.inside(table) == (planted_like(table, box))).all()


def planted_like(table, box):
    low, high = box.limits["x1"]
    return (table["x1"] >= low) & (table["x1"] <= high) & np.isin(table["rule"], ["a", "c"])


def test_a_second_box():
    table = columns(2)
    one = (table["x0"] < 0.25) & (table["x1"] < 0.4)
    other = (table["x0"] > 0.8) & (table["x3"] > 0.5)
    found = prim(table, one | other, "it", boxes=2, smallest=0.05)
    assert len(found.boxes) == 2
    covered = found.boxes[0].inside(table) | found.boxes[1].inside(table)
    assert (covered & (one | other)).sum() / (one | other).sum() > 0.85
    assert set(found.to_frame()["box"]) == {1, 2}


def test_where_there_is_no_box_the_density_on_fresh_draws_says_so():
    table = columns(3, count=1500)
    hits = np.random.default_rng(4).uniform(size=1500) < 0.3
    found = prim(table, hits, "it")
    for box in found.boxes:
        assert box.density.low <= 0.36
    trajectory = found.trajectory
    assert (trajectory["mass"].diff().dropna() < 0).all()
    assert trajectory.loc[0, ["coverage", "density", "mass"]].tolist() == pytest.approx(
        [1, trajectory.loc[0, "density"], 1]
    )


def test_ties_are_peeled_together():
    table = {"x": np.repeat([0.0, 1.0, 2.0], 200), "y": np.tile(np.arange(200.0), 3)}
    limits, _ = find_box(table, table["x"] == 2.0, 0.03)
    assert limits["x"][0] == 2.0
    constant = {"x": np.zeros(600), "y": np.tile(np.arange(200.0), 3)}
    limits, _ = find_box(constant, constant["y"] > 150, 0.03)
    assert set(limits) == {"y"}


def test_the_duel_is_an_equilibrium_where_contests_are_costly():
    model = duel()
    found = uncertainty.evaluate(model, model.draws(2048), regimes="concert")
    box = uncertainty.discover(found, "equilibrium").boxes[0]
    low, high = box.limits["contest_cost"]
    assert low == pytest.approx(4 * (40 / 176) ** 2 / 10, rel=0.1)
    assert np.isinf(high)
    assert box.density.value > 0.97
    assert "contest_cost is at least" in uncertainty.discover(found, "equilibrium").summary()


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda f: uncertainty.discover(f, "hold"), MethodError, "did you mean 'holds'"),
        (lambda f: uncertainty.discover(f, np.zeros(3, bool)), MethodError, "boolean array of 256"),
        (lambda f: uncertainty.discover(f, np.zeros(256, bool)), SampleError, "in 0 of 256 draws"),
        (lambda f: uncertainty.discover(f, np.arange(256) < 100, boxes=0), MethodError, "at least one"),
        (lambda f: uncertainty.discover(f, np.arange(256) < 100, smallest=0), MethodError, "between 0 and 1"),
    ],
)
def test_bad_input(call, error, message):
    model = small()
    found = uncertainty.evaluate(model, model.draws(256), regimes="concert", autonomy=False)
    with pytest.raises(error, match=message):
        call(found)


def test_limits_in_words():
    assert _limit_words("cost", (0.125, np.inf)) == "cost is at least 0.125"
    assert _limit_words("cost", (-np.inf, 0.125)) == "cost is at most 0.125"
    assert _limit_words("cost", (0.125, 0.5)) == "cost lies between 0.125 and 0.5"
    assert _limit_words("claims", ("part",)) == "claims is 'part'"
    assert _limit_words("claims", ("part", "whole")) == "claims is 'part' and 'whole'"


def test_a_peel_goes_past_a_tie_at_either_end():
    column = np.concatenate([np.zeros(30), np.linspace(0.1, 0.9, 40), np.ones(30)])
    kept = {new: keep for _, new, keep in _peels({"x": column}, {}, np.ones(100, dtype=bool))}
    assert set(kept) == {(0.1, np.inf), (-np.inf, 0.9)}
    assert [keep.sum() for keep in kept.values()] == [70, 70]
    # Without ties a twentieth goes, and the limits that the box has stay.
    column = np.arange(100.0)
    kept = {new: keep for _, new, keep in _peels({"x": column}, {"x": (-1.0, 200.0)}, column < 200)}
    assert set(kept) == {(5.0, 200.0), (-1.0, 94.0)}
    assert [keep.sum() for keep in kept.values()] == [95, 95]


def test_limits_in_a_table():
    rng = np.random.default_rng(3)
    table = {"x": rng.uniform(size=2000), "kind": rng.choice(["a", "b", "c"], 2000)}
    hits = (table["x"] > 0.5) & (table["kind"] != "b")
    frame = prim(table, hits, "it is true").to_frame().set_index("number")
    assert frame.loc["x", "low"] == pytest.approx(0.5, abs=0.03)
    assert frame.loc["x", "high"] == np.inf
    assert frame.loc["kind", "levels"] == "a, c"
    assert np.isnan(frame.loc["kind", "low"])
