"""Sobol indices against functions with known ones."""

from __future__ import annotations

import sys

import numpy as np
import pytest

from games.errors import MethodError
from solvers import uncertainty
from solvers.uncertainty._sobol import indices
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
