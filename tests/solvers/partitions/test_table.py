"""Every division as arrays, against one map at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest

from games import load
from games.errors import MethodError, ScenarioError, SizeError
from solvers import compare, partitions
from solvers.partitions import pareto_front
from solvers.spheres import third_parties
from solvers.spheres.standing import competition, stand
from tests.solvers.worlds_by_hand import model_by_hand, with_a_piece

MODEL = load("us-china-russia-2025")
# Claims count for the parts that they name: then some divisions are firm.
FIRM = MODEL.with_parameters(claims="part or rivalry")


@pytest.fixture(scope="module")
def full():
    return partitions.evaluate(
        FIRM, regions=["Ukraine", "Taiwan", "Philippines", "South Korea", "Central Asia"]
    )


@pytest.mark.parametrize("options", [{}, {"nobody": True}, {"annex": True, "nobody": True}])
@pytest.mark.parametrize("seed", range(3))
def test_every_column_one_map_at_a_time(seed, options):
    model = with_a_piece(seed)
    names = ["R0", "R3", "A claims on B"]
    table = partitions.evaluate(model, regions=names, **options)
    _, profiles, benchmarks, _ = competition(model)
    people = np.array([r.population for r in model.regions])
    base = [people @ third_parties.autonomy(model, profile) for profile in profiles]
    assert len(table) == np.prod([len(o) for o in table.divisions.options])
    for row in range(len(table)):
        changes = table.partition(row)
        assert table.number(changes) == row
        game = model.stage(changes)
        u = game.payoff((0, 0, 0))
        assert table.payoffs[row] == pytest.approx(u)
        assert table.premium_low[row] == pytest.approx(u - benchmarks.max(axis=0))
        assert table.premium_high[row] == pytest.approx(u - benchmarks.min(axis=0))
        stable = np.argwhere(game.best_response_mask.all(axis=-1))
        worst = np.min([game.payoff(p) for p in stable], axis=0) if len(stable) else None
        for i in range(3):
            gains = []
            for a in range(1, 4):
                profile = [0, 0, 0]
                profile[i] = a
                gains.append(game.payoff(profile)[i] - u[i])
            assert table.gains[row, i] == pytest.approx(max(gains))
            if worst is None:
                assert np.isnan(table.punishment[row, i])
                assert (
                    table.critical_discount[row, i] == 0.0
                    if max(gains) <= 0
                    else np.isnan(table.critical_discount[row, i])
                )
                continue
            loss = u[i] - worst[i]
            expected = (
                0.0 if max(gains) <= 1e-9 else max(gains) / (max(gains) + loss) if loss > 1e-9 else np.inf
            )
            assert table.critical_discount[row, i] == pytest.approx(expected)
            d = model.discount[i]
            assert table.surplus[row, i] == pytest.approx(d * loss - (1 - d) * max(0.0, *gains))
        for n, (i, j) in enumerate(combinations(range(3), 2)):
            blocked = False
            for a, b in product(range(1, 4), repeat=2):
                profile = [0, 0, 0]
                profile[i], profile[j] = a, b
                after = game.payoff(profile)
                blocked |= after[i] > u[i] + 1e-9 and after[j] > u[j] + 1e-9
            assert table.blocking[row, n] == blocked
        kept = people @ model.autonomy_of("concert", changes).to_numpy()
        assert table.burden[row] == pytest.approx([min(base) - kept, max(base) - kept], abs=1e-9)
        assert table.changes[row] == len(changes)


def test_holding_means_what_the_comparison_means_by_it():
    table = partitions.evaluate(FIRM, regions=["Ukraine", "Taiwan", "Philippines"])
    for name in ("status quo", "Ukraine to Russia", "Taiwan to China"):
        deal = stand(FIRM, name, "concert", {})
        row = table.number(name)
        assert table.payoffs[row] == pytest.approx(deal.payoffs)
        assert table.premium_low[row] == pytest.approx(deal.premium.min(axis=0))
        pure = all((v > 0).sum() == 1 for e in deal.equilibria for v in e.profile)
        if pure:
            assert table.holds[row] == deal.holds
            assert table.critical_discount[row] == pytest.approx(deal.reversion.per_player)
    row = table.number("status quo")
    assert row == 0
    assert table.describe(row) == "as today"
    total = compare.concert(FIRM).burden_total
    assert table.burden[row] == pytest.approx([total["person burden low"], total["person burden high"]])


def test_reversion_to_the_status_quo_is_the_comparison_s_other_column():
    table = partitions.evaluate(FIRM, regions=["Taiwan"], reversion="status quo")
    deal = stand(FIRM, "Taiwan to China", "concert", {})
    row = table.number("Taiwan to China")
    assert table.critical_discount[row] == pytest.approx(deal.status_quo.per_player)


def test_against_an_observed_profile():
    name = next(iter(MODEL.observed))
    table = partitions.evaluate(MODEL, regions=["Taiwan"], against=name)
    expected = table.payoffs - MODEL.stage().payoffs[MODEL.profile(name)]
    assert table.premium_low == pytest.approx(expected)
    assert f"what '{name}' does" in table.summary()


def test_firm_means_acceptable_holding_and_unblocked(full):
    assert (full.firm == (full.acceptable & full.holds & ~full.blocking.any(axis=1))).all()
    some = np.arange(0, len(full), 7)
    assert (full.blocking_at(some) == full.blocking[some]).all()
    assert full.sound.tolist() == np.flatnonzero(full.efficient & ~full.blocking.any(axis=1)).tolist()
    assert full.efficient.tolist() == np.isin(np.arange(len(full)), pareto_front(full.payoffs)).tolist()


def test_named_divisions_are_the_best_of_their_kind():
    # Where contests cost most no pair gains by one, and some division is firm.
    model = FIRM.with_parameters(contest_cost=0.3)
    full = partitions.evaluate(model, regions=["Ukraine", "Taiwan", "Philippines"], reversion="status quo")
    rows = np.flatnonzero(full.firm)
    assert len(rows) > 0
    named = full.named
    assert list(named.index) == [
        "fewest changes",
        "least patience",
        "least autonomy lost",
        "largest smallest premium",
    ]
    assert named.loc["fewest changes", "regions changed"] == full.changes[rows].min()
    assert named.loc["least autonomy lost", "person burden high"] == pytest.approx(full.burden[rows, 1].min())
    assert named.loc["least patience", "critical discount"] == pytest.approx(
        full.critical_discount[rows].max(axis=1).min(), abs=1e-6
    )
    smallest = named.loc["largest smallest premium", [f"{p} premium low" for p in FIRM.players]].min()
    assert smallest == pytest.approx(full.premium_low[rows].min(axis=1).max())


def test_how_it_looks(full):
    # South Korea and the rest can stay or go to two others; Ukraine is nobody's and can go to three.
    assert full.summary().startswith("324 divisions of 5 regions under 'concert'")
    assert len(full.to_frame(7)) == 7
    assert set(full.to_frame(None, only="sound").index) == set(full.sound.tolist())
    assert "<table" in full._repr_html_()


def test_bad_input(full):
    with pytest.raises(MethodError, match=r"also changes .*Canada.*not on the table"):
        full.number("a hemisphere each")
    with pytest.raises(MethodError, match=r"do not hold Taiwan as that map does; evaluate with nobody=True"):
        full.number("Taiwan neutral")
    with pytest.raises(ScenarioError, match="no region 'Ukrane'; did you mean 'Ukraine'"):
        partitions.evaluate(MODEL, regions=["Ukrane"])
    with pytest.raises(ScenarioError, match="on the table twice"):
        partitions.evaluate(MODEL, regions=["Ukraine", "Ukraine"])
    with pytest.raises(MethodError, match="no reversion 'never'"):
        partitions.evaluate(MODEL, regions=["Ukraine"], reversion="never")
    with pytest.raises(MethodError, match="against is '2021'; it is 'competition' or an observed profile"):
        partitions.evaluate(MODEL, regions=["Ukraine"], against="2021")
    with pytest.raises(SizeError, match=r"divisions; at most 300,000.*partitions\.optimise"):
        partitions.evaluate(replace(MODEL, on_table=()))
    with pytest.raises(SizeError, match="reversion='status quo'"):
        partitions.evaluate(model_by_hand(count=5), regions=["R0"], reversion="own map")
    with pytest.raises(MethodError, match="'sound' or 'all'"):
        full.to_frame(only="firm")


@pytest.mark.parametrize("seed", range(3))
def test_relabelling_powers_relabels_divisions(seed):
    model = model_by_hand(seed)
    order = [2, 0, 1]
    other = replace(model, powers=tuple(model.powers[i] for i in order))
    here, there = (partitions.evaluate(m, regions=["R0", "R1"], nobody=True) for m in (model, other))
    for row in range(len(here)):
        twin = there.number(here.partition(row))
        assert there.payoffs[twin] == pytest.approx(here.payoffs[row][order])
        assert there.holds[twin] == here.holds[row]
