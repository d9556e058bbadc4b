"""The integer program against the enumeration, and its side conditions."""

from __future__ import annotations

import numpy as np
import pytest

from games.errors import BargainingError, MethodError
from solvers import partitions
from tests.solvers.partitions.test_table import MODEL, scaled, small


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("nobody", [False, True])
def test_enumeration_and_integer_program_agree(seed, holds, nobody):
    model = small(seed, regions=4)
    table = partitions.evaluate(model, nobody=nobody)
    allowed = table.holds if holds else np.ones(len(table), dtype=bool)
    if not allowed.any():
        with pytest.raises(BargainingError, match="no partition meets all the conditions"):
            partitions.optimise(model, "welfare", holds=holds, nobody=nobody)
        return
    best = {
        "slack": table.slack.min(axis=1)[allowed].max(),
        "welfare": table.payoffs.sum(axis=1)[allowed].max(),
        "burden": table.burden[allowed, 1].min(),
        "changes": table.changes[allowed].min(),
    }
    for objective, value in best.items():
        found = partitions.optimise(model, objective, holds=holds, nobody=nobody)
        assert found.value == pytest.approx(value, abs=1e-6)
        assert found.proven
        row = table.number(found.partition)
        assert allowed[row]
        assert found.payoffs == pytest.approx(table.payoffs[row])
        assert found.slack == pytest.approx(table.slack[row])
    weighted = partitions.optimise(model, {"Russia": 2, "China": 0.5}, holds=holds, nobody=nobody)
    assert weighted.value == pytest.approx((table.payoffs @ [0, 0.5, 2])[allowed].max())


def test_side_conditions_bind():
    free = partitions.optimise(MODEL, "welfare")
    assert free.partition["Taiwan"] != "United States"
    kept = partitions.optimise(MODEL, "welfare", fixed={"Taiwan": "United States"})
    assert kept.partition["Taiwan"] == "United States"
    assert kept.value <= free.value
    few = partitions.optimise(MODEL, "welfare", most_changes=2)
    assert few.to_frame()["changes hands"].sum() <= 2
    floor = partitions.optimise(MODEL, "welfare", at_least={"Russia": 25.0})
    assert floor.payoffs[2] >= 25 - 1e-6


def test_an_infeasible_condition_is_named():
    with pytest.raises(BargainingError, match=r"can be met without 'Russia gets at least 29\.04"):
        partitions.optimise(MODEL, at_least="benchmark")
    with pytest.raises(BargainingError, match="dropping any single one of them does not help"):
        partitions.optimise(MODEL, at_least={"Russia": 1000.0, "China": 1000.0})
    with pytest.raises(BargainingError, match=r"'at most 0 regions change hands'"):
        partitions.optimise(MODEL, fixed={"Taiwan": "China"}, most_changes=0, nobody=True)


@pytest.mark.parametrize(
    ("arguments", "error", "expected"),
    [
        ({"objective": "wealth"}, MethodError, "no objective 'wealth'"),
        ({"objective": {"Rusia": 1}}, MethodError, "did you mean 'Russia'"),
        ({"objective": {"Russia": float("nan")}}, MethodError, "weights must be finite"),
        ({"fixed": {"Tawain": "China"}}, BargainingError, "no region 'Tawain'; did you mean 'Taiwan'"),
        ({"fixed": {"Taiwan": "Chine"}}, BargainingError, "no power 'Chine'; did you mean 'China'"),
        ({"fixed": {"Taiwan": None}}, BargainingError, "cannot be held by nobody unless nobody=True"),
        ({"at_least": {"Rusia": 1}}, BargainingError, "did you mean 'Russia'"),
        ({"at_least": "benchmarks"}, BargainingError, "it is 'benchmark' or maps powers"),
    ],
)
def test_bad_input(arguments, error, expected):
    with pytest.raises(error, match=expected):
        partitions.optimise(MODEL, **arguments)


def test_how_it_looks():
    found = partitions.optimise(MODEL, "changes", holds=True)
    assert found.summary().startswith("fewest regions that change hands: 3")
    assert "proven optimal" in found.summary()
    assert found.to_frame()["changes hands"].sum() == 3


@pytest.mark.parametrize("unit", [1e-12, 1e12])
@pytest.mark.parametrize("objective", ["slack", "welfare", "burden", "changes"])
def test_the_optimum_does_not_depend_on_the_unit(unit, objective):
    holds = objective != "slack"
    here = partitions.optimise(MODEL, objective, holds=holds)
    there = partitions.optimise(scaled(unit), objective, holds=holds)
    points = unit if objective in ("slack", "welfare") else 1.0
    assert there.proven
    assert there.value / points == pytest.approx(here.value, rel=1e-8)
    assert there.bound / points == pytest.approx(here.bound, rel=1e-6)
