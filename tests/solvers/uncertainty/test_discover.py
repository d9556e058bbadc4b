"""Boxes: planted ones are found, and no box is invented."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import MethodError, SampleError
from solvers import uncertainty
from solvers.base.deadline import Deadline, TimeOver
from solvers.uncertainty._discover import (
    Box,
    Discovery,
    _balance,
    _by_chance,
    _limit_words,
    _peels,
    _without_idle_limits,
    find_box,
    prim,
)
from solvers.uncertainty._shares import Share
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
        (lambda f: uncertainty.discover(f, np.arange(256) < 100, smallest=1), MethodError, "between 0 and 1"),
        (lambda f: uncertainty.discover(f, np.arange(256)), MethodError, "boolean array of 256"),
        (lambda f: uncertainty.discover(f, np.ones(256, bool)), SampleError, "in 256 of 256 draws"),
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


def test_thirty_hits_and_thirty_misses_are_enough():
    table, hits = {"x": np.linspace(0.0, 1.0, 200)}, np.zeros(200, dtype=bool)
    # The first half of this order is what a box is found on.
    order = np.random.default_rng(0).permutation(200)
    chosen = np.concatenate([order[:15], order[-15:]])
    hits[chosen] = True
    for enough in (hits, ~hits):
        assert len(prim(table, enough, "it").boxes) == 1
    few = hits.copy()
    few[order[0]] = False
    for short in (few, ~few):
        with pytest.raises(SampleError, match="at least 30 hits and 30 misses"):
            prim(table, short, "it")


@pytest.mark.parametrize(("train", "test"), [(14, 16), (30, 0), (15, 15), (29, 1)])
def test_both_halves_need_hits(train, test):
    table, hits = {"x": np.linspace(0.0, 1.0, 200)}, np.zeros(200, dtype=bool)
    order = np.random.default_rng(0).permutation(200)
    hits[order[:train]] = True
    hits[order[100 : 100 + test]] = True
    if train < 15 or test < 1:
        with pytest.raises(SampleError, match="too few of them in one of the halves"):
            prim(table, hits, "it")
    else:
        box = prim(table, hits, "it", smallest=0.9).boxes[0]
        assert box.coverage.draws == test


def test_one_box_found_on_one_half_and_checked_on_the_other():
    table = columns(2)
    hits = ((table["x0"] < 0.25) & (table["x1"] < 0.4)) | ((table["x0"] > 0.8) & (table["x3"] > 0.5))
    found = prim(table, hits, "it")
    assert len(found.boxes) == 1
    box = found.boxes[0]
    assert box.density.draws / box.mass == pytest.approx(2000)
    # What both halves say together is what all draws say.
    inside = box.inside(table)
    found_on = round(box.density.draws * box.density.value)
    assert box.found_density == pytest.approx(
        ((inside & hits).sum() - found_on) / (inside.sum() - box.density.draws)
    )
    assert box.found_coverage == pytest.approx(
        ((inside & hits).sum() - found_on) / (hits.sum() - box.coverage.draws)
    )
    assert found.base.value == hits.mean()
    assert prim(table, hits, "it", seed=0).boxes == found.boxes
    assert prim(table, hits, "it", seed=1).boxes != found.boxes
    # Nothing is gained by peeling hits alone.
    assert (found.trajectory["density"][:-1] < 1).all()
    assert found.trajectory["mass"].min() >= 0.03


def test_where_everything_is_in_the_first_box_there_is_no_second():
    table = {"x": np.linspace(0.0, 1.0, 400)}
    hits = np.random.default_rng(0).uniform(size=400) < 0.5
    found = prim(table, hits, "it", boxes=3, smallest=0.9)
    if not found.boxes[0].limits:
        assert len(found.boxes) == 1
        assert found.to_frame().loc[0, ["box", "number", "low", "high"]].tolist() == [1, "", -np.inf, np.inf]


def by_hand(density: Share, found_density: float = 0.9, base: float = 0.5) -> Discovery:
    box = Box({"x": (0.5, np.inf)}, Share(0.8, 0.7, 0.9, 50), density, 0.2, 0.8, found_density)
    return Discovery("it", Share(base, 0.45, 0.55, 200), (box,), None)


def test_what_the_summary_makes_of_a_box():
    assert "no box of the numbers" in by_hand(Share(0.6, 0.5, 0.7, 100)).summary()
    clear = by_hand(Share(0.75, 0.625, 0.875, 100), 0.75 + 2 * 0.125).summary()
    assert "Where x is at least 0.5" in clear
    assert "80 % of all such draws" in clear
    assert "worse" not in clear
    assert "clearly worse" in by_hand(Share(0.7, 0.6, 0.8, 100), 0.91).summary()
    nowhere = by_hand(Share(0.9, 0.8, 1.0, 100))
    nowhere = Discovery("it", nowhere.base, (Box({}, *[nowhere.boxes[0].density] * 2, 1.0, 1.0, 0.9),), None)
    assert "no box of the numbers" in nowhere.summary()
    assert nowhere.boxes[0].words() == "anywhere"
    assert nowhere.to_frame().loc[0, ["box", "number", "low", "high"]].tolist() == [1, "", -np.inf, np.inf]


def test_a_box_holds_its_edges():
    box = Box({"x": (0.25, 0.75), "kind": ("a", "b")}, *[Share(1, 1, 1, 1)] * 2, 1.0, 1.0, 1.0)
    x, kind = np.array([0.0, 0.25, 0.5, 0.75, 1.0, 0.5]), np.array(list("aaabac"))
    assert box.inside({"x": x, "kind": kind}).tolist() == [False, True, True, True, False, False]


def test_which_deal_is_described():
    model = small()
    found = uncertainty.evaluate(model, model.draws(256), regimes=("all-out", "concert"), autonomy=False)
    named = uncertainty.discover(found, "North gains", "concert")
    assert named.what.startswith("'North gains' of the concert on the map")
    assert named.base.value == found.share("North gains", "concert").value
    with pytest.raises(SampleError, match="'North gains' of the all-out on the map"):
        uncertainty.discover(found, "North gains")


def test_the_first_of_equal_peels_and_switches_with_one_level():
    x = np.linspace(0.0, 1.0, 400)
    limits, _ = find_box({"a": x, "b": x.copy(), "kind": np.full(400, "only")}, x > 0.7, 0.03)
    assert set(limits) == {"a"}
    assert [name for name, *_ in _peels({"kind": np.full(400, "only")}, {}, np.ones(400, bool))] == []


def test_limits_that_do_nothing_go():
    x = np.linspace(0.0, 1.0, 400)
    table, hits = {"x": x, "y": x[::-1].copy()}, x <= 0.5
    assert _without_idle_limits(table, hits, {"x": (-0.5, 0.5), "y": (-1.0, 2.0)}) == {"x": (-np.inf, 0.5)}
    assert _without_idle_limits(table, x >= 0.5, {"x": (0.5, 1.5)}) == {"x": (0.5, np.inf)}
    # Of the second half of a coin's throws as many are heads as of the first.
    coin = np.arange(400) % 2 == 0
    assert _without_idle_limits(table, coin, {"x": (0.5, np.inf)}) == {}


def test_the_chance_of_so_many_hits_as_scipy_has_it():
    from scipy.stats import binom

    x = np.linspace(0.0, 1.0, 100)
    hits = (x > 0.6) | (np.arange(100) % 5 == 0)
    inside = x >= 0.8
    for limits, base in (
        ({"x": (0.8, np.inf)}, hits.mean()),
        ({"x": (0.8, np.inf), "y": (0.5, np.inf)}, hits[50:].mean()),
    ):
        table = {"x": x, "y": x.copy()}
        expected = binom.sf(hits[inside].sum() - 1, inside.sum(), base)
        assert _by_chance(table, hits, limits, "x") == pytest.approx(expected)
    assert _by_chance({"x": x}, np.zeros(100, bool), {"x": (0.8, np.inf)}, "x") == 1.0


def test_the_balance_is_the_harmonic_mean():
    assert _balance(0.5, 1.0) == pytest.approx(2 / 3)
    assert _balance(0.25, 0.25) == 0.25
    assert _balance(0.0, 0.0) == 0.0


def test_a_limit_in_time_is_kept_in_both_loops(clock):
    clock.step = 1.0
    x = np.linspace(0.0, 1.0, 50)
    with Deadline(0.5).enforced():
        with pytest.raises(TimeOver):
            _peels({"x": x}, {}, x < 2)
        with pytest.raises(TimeOver):
            _without_idle_limits({"x": x}, x < 0.5, {"x": (0.0, 0.5)})


def test_peels_that_leave_too_little_are_passed_over_and_others_tried():
    """Half of the first number's draws tie at its upper end, so that its first peel leaves too few."""
    x = np.concatenate([np.zeros(200), np.linspace(0.1, 1.0, 20)])
    y = np.random.default_rng(0).permutation(np.linspace(0.0, 1.0, 220))
    limits, trajectory = find_box({"x": x, "y": y}, y > 0.5, 0.3)
    assert set(limits) == {"y"}
    assert trajectory["mass"].iloc[-1] >= 0.3


def test_few_draws_at_the_upper_end_are_peeled_as_they_are():
    column = np.concatenate([np.zeros(98), [0.5, 1.0]])
    kept = {new: int(keep.sum()) for _, new, keep in _peels({"x": column}, {}, np.ones(100, dtype=bool))}
    # At the lower end the peel goes past the tie; at the upper end two draws go.
    assert kept == {(0.5, np.inf): 2, (-np.inf, 0.0): 98}


def test_the_lower_limit_stays_where_the_upper_one_is_idle():
    x = np.linspace(0.0, 1.0, 400)
    table = {"x": x, "kind": np.where(x < 0.2, "a", "b")}
    assert _without_idle_limits(table, x >= 0.5, {"x": (0.5, 2.0)}) == {"x": (0.5, np.inf)}
    # Of a switch a single level may be left.
    assert _without_idle_limits(table, x < 0.2, {"kind": ("a",)}) == {"kind": ("a",)}
