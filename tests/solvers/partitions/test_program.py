"""The integer program against the enumeration of what it adds up, and its side conditions."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from games import load
from games.errors import BargainingError, MethodError
from solvers import partitions
from solvers.partitions._additive import collect
from solvers.partitions._program import _exactly, _objective
from tests.solvers.worlds_by_hand import model_by_hand

MODEL = load("us-china-russia-2025")
TABLE = list(MODEL.on_table)


def every_sum(parts):
    """All choices of holders, and payoffs, best deviation gains and slacks where handovers are added up."""
    options = [np.flatnonzero(row).tolist() for row in parts.allowed]
    d, worst = parts.model.discount, parts.benchmarks.payoffs.min(axis=0)
    for choice in product(*options):
        at = np.arange(len(choice)), np.array(choice)
        u = parts.constant + parts.payoff[at].sum(axis=0)
        after = parts.deviation_constant + parts.deviation[at].sum(axis=0)
        gain = np.full(len(u), -np.inf)
        for (i, _), value in zip(parts.deviations, after):
            gain[i] = max(gain[i], value - u[i])
        surplus = d * (u - worst) - (1 - d) * gain
        surplus = np.where(gain <= 1e-9, np.maximum(surplus, -(1 - d) * gain), surplus)
        holds = ((gain <= 1e-9) | (surplus >= -1e-9)).all()
        yield choice, u, surplus, holds, parts.moved[at].sum(), parts.kept + parts.people[at].sum()


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("holds", [False, True])
@pytest.mark.parametrize("nobody", [False, True])
def test_the_program_finds_the_best_of_all_sums(seed, holds, nobody):
    model = model_by_hand(seed, regions=4)
    parts = collect(model, nobody=nobody)
    rows = [row for row in every_sum(parts) if row[3] or not holds]
    assert len(list(every_sum(parts))) == parts.size
    if not rows:
        with pytest.raises(BargainingError, match="no partition meets all the conditions"):
            partitions.optimise(model, "welfare", holds=holds, nobody=nobody)
        return
    people = np.array([r.population for r in model.regions])
    base = (parts.benchmarks.autonomy @ people).max()
    best = {
        "welfare": max(row[1].sum() for row in rows),
        "burden": min(base - row[5] for row in rows),
        "changes": min(row[4] for row in rows),
    }
    for objective, value in best.items():
        found = partitions.optimise(model, objective, holds=holds, nobody=nobody)
        assert found.added == pytest.approx(value, abs=1e-6)
        assert found.proven
    if not holds:
        found = partitions.optimise(model, "surplus", nobody=nobody)
        assert found.added == pytest.approx(max(row[2].min() for row in rows), abs=1e-6)


@pytest.mark.parametrize("objective", ["surplus", "welfare", "burden", "changes"])
def test_what_is_reported_of_the_map_found_is_exact(objective):
    found = partitions.optimise(MODEL, objective, regions=TABLE[:5])
    table = partitions.evaluate(MODEL, regions=TABLE[:5], reversion="status quo")
    row = table.number(found.partition)
    assert found.payoffs == pytest.approx(table.payoffs[row])
    assert found.surplus == pytest.approx(table.surplus[row])
    exact = {
        "surplus": table.surplus[row].min(),
        "welfare": table.payoffs[row].sum(),
        "burden": table.burden[row, 1],
        "changes": table.changes[row],
    }
    assert found.value == pytest.approx(exact[objective])


def test_adding_up_is_exact_for_one_handover():
    few = partitions.optimise(MODEL, {"China": 1.0}, most_changes=1)
    assert len(few.partition) == 1
    assert few.value == pytest.approx(few.added)


def test_side_conditions_bind():
    free = partitions.optimise(MODEL, {"China": 1.0}, regions=TABLE)
    assert free.partition.get("Taiwan") == "China"
    kept = partitions.optimise(MODEL, {"China": 1.0}, regions=TABLE, fixed={"Taiwan": "United States"})
    assert "Taiwan" not in kept.partition
    assert kept.added <= free.added
    assert len(partitions.optimise(MODEL, {"China": 1.0}, regions=TABLE, most_changes=2).partition) <= 2
    floor = partitions.optimise(MODEL, {"China": 1.0}, regions=TABLE, at_least={"United States": 28.0})
    assert floor.payoffs[0] >= 28 - 0.5


def test_an_infeasible_condition_is_named():
    with pytest.raises(BargainingError, match=r"can be met without 'China gets at least 100"):
        partitions.optimise(MODEL, at_least={"China": 100.0})
    with pytest.raises(BargainingError, match="dropping any single one of them does not help"):
        partitions.optimise(MODEL, at_least={"Russia": 1000.0, "China": 1000.0})
    with pytest.raises(BargainingError, match=r"'at most 0 regions change hands'"):
        partitions.optimise(MODEL, fixed={"Taiwan": "China"}, most_changes=0)


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
        ({"against": "2021"}, MethodError, "'competition' or an observed profile"),
    ],
)
def test_bad_input(arguments, error, expected):
    with pytest.raises(error, match=expected):
        partitions.optimise(MODEL, **arguments)


def test_how_it_looks():
    found = partitions.optimise(MODEL, "changes", fixed={"Taiwan": "China"})
    assert found.summary().startswith("fewest regions that change hands: 1")
    assert "proven optimal" in found.summary()
    assert found.to_frame().loc["Taiwan"].tolist() == ["United States", "China"]


def test_burdens_count_from_the_benchmark_that_leaves_the_regions_most():
    """With a second benchmark under which nobody keeps any autonomy, the burden is what it was."""
    parts = collect(MODEL, regions=TABLE[:3])
    for order in ([0, 1], [1, 0]):
        autonomy = np.vstack([parts.benchmarks.autonomy[:1], np.zeros((1, len(MODEL.regions)))])[order]
        both = replace(parts, benchmarks=replace(parts.benchmarks, autonomy=autonomy))
        assert _objective(both, "burden")[1] == pytest.approx(_objective(parts, "burden")[1])
        args = "burden", {}, np.zeros(3), np.zeros(3)
        assert _exactly(both, *args) == pytest.approx(_exactly(parts, *args))
