"""Sobol indices against functions with known ones."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from games.errors import MethodError, SampleError
from solvers import uncertainty
from solvers.base.deadline import Deadline, TimeOver
from solvers.uncertainty import _sobol
from solvers.uncertainty._sobol import SobolIndices, indices
from tests.solvers.uncertainty.worlds import duel, small

pytest.importorskip("SALib")


def test_ishigami():
    # Ishigami and Homma (1990); indices for a = 7, b = 0.1 as in Saltelli et al. (2008), Global Sensitivity Analysis.
    def ishigami(points):
        x = np.pi * (2 * points - 1)
        return {"f": np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])}

    table, count = indices(ishigami, ["a", "b", "c"], 4096)
    assert count == 4096 * 5
    assert table["first"].to_numpy() == pytest.approx([0.3139, 0.4424, 0.0], abs=0.01)
    assert table["total"].to_numpy() == pytest.approx([0.5576, 0.4424, 0.2437], abs=0.01)
    assert (table["total error"] < 0.06).all()


def test_an_additive_function_has_equal_indices_of_both_kinds():
    weights = np.array([1.0, 2.0, 3.0, 0.0])
    table, _ = indices(lambda u: {"f": u @ weights, "constant": np.ones(len(u))}, list("abcd"), 1024)
    one = table[table["result"] == "f"]
    assert one["first"].to_numpy() == pytest.approx(weights**2 / 14, abs=0.01)
    assert one["total"].to_numpy() == pytest.approx(weights**2 / 14, abs=0.01)
    assert table[table["result"] == "constant"]["total"].isna().all()


def test_a_model():
    model = small()
    found = uncertainty.sobol(model, 64, numbers=["contest_cost", "externality"], map="swap")
    assert found.evaluations == 64 * 4
    part = found.of("premium of North")
    assert set(part.index) == {"contest_cost", "externality"}
    assert part["total"].is_monotonic_decreasing
    again = uncertainty.sobol(model, 64, numbers=["contest_cost", "externality"], map="swap")
    assert found.to_frame().equals(again.to_frame())
    assert "depends most on" in found.summary()


def test_one_number_takes_all_the_variance():
    found = uncertainty.sobol(duel(), 256, conditions=("equilibrium",))
    assert found.of("equilibrium")["total"].to_numpy() == pytest.approx([1.0], abs=0.1)
    # In the concert Holder has its ally to itself, in competition what the contest leaves: that varies, too.
    assert found.of("premium of Holder")["first"].to_numpy() == pytest.approx([1.0], abs=0.1)


def test_the_summary_names_the_two_numbers_that_matter_most():
    weights = np.array([1.0, 2.0, 3.0])
    table, count = indices(lambda u: {"constant": np.ones(len(u)), "f": u @ weights}, list("abc"), 64)
    words = SobolIndices(table, count, "a sum").summary()
    assert words.startswith(
        "Sobol indices of a sum, from 320 evaluations. constant does not vary. f depends most on c (total 0.6"
    )
    assert "and b (total 0.2" in words
    assert "a (total" not in words


def test_usually_1024_points_and_2_at_least():
    assert uncertainty.sobol(duel(), conditions=()).evaluations == 1024 * 3
    assert indices(lambda u: {"f": u[:, 0]}, ["a"], 2)[1] == 2 * 3


def test_draws_without_an_equilibrium_have_no_indices(monkeypatch):
    def lacking(*args, **options):
        found = uncertainty.evaluate(*args, **options)
        found.competition.high[1, 0] = np.nan
        return found

    monkeypatch.setattr(_sobol, "evaluate", lacking)
    with pytest.raises(SampleError, match="in 1 of 48 draws no equilibrium"):
        uncertainty.sobol(duel(), 16)


def test_a_rare_result_has_indices_without_a_warning():
    """Some of SALib's resamples hold no draw in which it happens; the seed is 0 where none is given."""

    def rare(points):
        return {"rare": (np.arange(len(points)) == 0).astype(float)}

    table, _ = indices(rare, ["a"], 16)
    assert table["total"].notna().all()
    assert table.equals(indices(rare, ["a"], 16, seed=0)[0])
    assert not table.equals(indices(rare, ["a"], 16, seed=1)[0])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"n": 100}, "power of two"),
        ({"n": 1}, "power of two"),
        ({"numbers": ["half"]}, "no number with a range is called 'half'"),
        ({"numbers": []}, "no number with a range"),
        ({"conditions": ["hold"]}, "did you mean 'holds'"),
    ],
)
def test_bad_input(options, message):
    with pytest.raises(MethodError, match=message):
        uncertainty.sobol(small(), **{"n": 16, **options})
    with pytest.raises(MethodError, match="no result 'x'"):
        uncertainty.sobol(duel(), 16).of("x")


def test_without_salib_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "SALib.analyze", None)
    with pytest.raises(MethodError, match=r"pip install 'concert-of-powers\[uncertainty\]'"):
        uncertainty.sobol(duel(), 16)


def test_what_varies_by_rounding_alone_does_not_vary():
    def results(points):
        u = points[:, 0]
        return {"zero": 0 * u, "large": 1e6 + 1e-9 * u, "small": 1e-9 * u, "f": u}

    table, _ = indices(results, ["a"], 16)
    known = table.set_index("result")["total"].notna()
    assert known.to_dict() == {"zero": False, "large": False, "small": True, "f": True}


def test_the_seed_is_0_unless_one_is_given():
    found = uncertainty.sobol(duel(), 16, conditions=())
    assert found.to_frame().equals(uncertainty.sobol(duel(), 16, conditions=(), seed=0).to_frame())
    assert not found.to_frame().equals(uncertainty.sobol(duel(), 16, conditions=(), seed=1).to_frame())


def test_premiums_over_an_observed_profile():
    found = uncertainty.sobol(duel(), 16, against="quarrel", conditions=())
    assert "against quarrel" in found.summary()
    assert found.of("premium of Holder")["total"].notna().all()


def test_a_limit_in_time_is_kept_between_results(clock):
    clock.step = 1.0
    with Deadline(0.5).enforced(), pytest.raises(TimeOver):
        indices(lambda u: {"f": u[:, 0]}, ["a"], 16)


def test_a_result_that_varies_in_one_mixed_point_alone_gives_no_warning():
    """Both samples that SALib mixes are constant then, as chance has it."""
    table, _ = indices(lambda points: {"rare": (np.arange(len(points)) == 1).astype(float)}, ["a"], 16)
    assert table["total"].tolist() == [0.0]
