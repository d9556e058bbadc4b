"""Every partition as arrays, against one model at a time."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import load
from games.errors import BargainingError, MethodError, SizeError
from solvers import compare, partitions
from solvers.partitions._table import efficient_partitions, pareto_front, sums
from solvers.spheres.standing import competition

MODEL = load("us-china-russia-2025")


def small(seed: int, regions: int = 3):
    """The shipped model with a few of its regions, stakes shaken."""
    rng = np.random.default_rng(seed)
    kept = [MODEL.regions[r] for r in rng.choice(9, regions, replace=False)]
    shaken = tuple(
        replace(
            r,
            stakes={p: v * rng.uniform(0.2, 3) for p, v in r.stakes.items()},
            stake=r.stake * rng.uniform(0.1, 1),
        )
        for r in kept
    )
    names = [r.name for r in shaken]
    return replace(
        MODEL, regions=shaken, maps={"status quo": {n: MODEL.maps["status quo"][n] for n in names}}
    )


@pytest.fixture(scope="module")
def full():
    return partitions.evaluate(MODEL)


@pytest.mark.parametrize("nobody", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_every_column_one_partition_at_a_time(seed, nobody):
    model = small(seed)
    table = partitions.evaluate(model, nobody=nobody)
    holders = [*model.players, None] if nobody else list(model.players)
    assert len(table) == len(holders) ** 3
    _, profiles, benchmarks, _ = competition(model)
    for row, given_to in enumerate(product(holders, repeat=3)):
        partition = dict(zip(model.region_names, given_to))
        assert table.partition(row) == partition
        assert table.number(partition) == row
        game = model.stage(partition)
        u = game.payoff((0, 0, 0))
        assert table.payoffs[row] == pytest.approx(u)
        assert table.premium_low[row] == pytest.approx(u - benchmarks.max(axis=0))
        assert table.premium_high[row] == pytest.approx(u - benchmarks.min(axis=0))
        for i in range(3):
            gains = []
            for a in range(1, 4):
                profile = [0, 0, 0]
                profile[i] = a
                gains.append(game.payoff(profile)[i] - u[i])
            assert table.gains[row, i] == pytest.approx(max(gains))
            w = benchmarks[:, i].min()
            expected = (
                0.0 if max(gains) <= 1e-9 else max(gains) / (max(gains) + u[i] - w) if u[i] > w else np.inf
            )
            assert table.critical_discount[row, i] == pytest.approx(expected)
        assert (
            table.holds[row] == (table.slack[row] >= -1e-12).all()
            or table.critical_discount[row].max() == np.inf
        )
        for n, (i, j) in enumerate(combinations(range(3), 2)):
            blocked = False
            for a, b in product(range(1, 4), repeat=2):
                profile = [0, 0, 0]
                profile[i], profile[j] = a, b
                after = game.payoff(profile)
                blocked |= after[i] > u[i] + 1e-9 and after[j] > u[j] + 1e-9
            assert table.blocking[row, n] == blocked
        kept = model.shares("concert", partition)["local"].to_numpy()
        people = np.array([r.population for r in model.regions])
        base = [sum(p * a for p, a in zip(people, _autonomy(model, profile))) for profile in profiles]
        assert table.burden[row] == pytest.approx([min(base) - people @ kept, max(base) - people @ kept])
        assert table.changes[row] == sum(partition[r] != model.maps["status quo"][r] for r in partition)


def _autonomy(model, profile):
    from solvers.spheres import third_parties

    return third_parties.autonomy(model, profile)


def test_reversion_on_the_partition_s_own_map():
    model = small(1)
    table = partitions.evaluate(model)
    for row in range(0, len(table), 5):
        game = model.stage(table.partition(row))
        pure = np.argwhere(game.best_response_mask.all(axis=-1))
        if len(pure) == 0:
            assert np.isnan(table.reversion[row]).all()
            continue
        worst = np.min([game.payoff(p) for p in pure], axis=0)
        for i in range(3):
            gain, loss = table.gains[row, i], table.payoffs[row, i] - worst[i]
            expected = 0.0 if gain <= 1e-9 else gain / (gain + loss) if loss > 1e-9 else np.inf
            assert table.reversion[row, i] == pytest.approx(expected)


def test_the_status_quo_row_is_the_comparison():
    table = partitions.evaluate(MODEL, nobody=True)
    result = compare.concert(MODEL)
    row = table.number("status quo")
    assert table.payoffs[row] == pytest.approx(result.premium["concert"].to_numpy())
    assert table.premium_low[row] == pytest.approx(result.premium["premium low"].to_numpy())
    assert table.critical_discount[row] == pytest.approx(
        result.critical_discount["status quo low"].to_numpy()
    )
    assert table.changes[row] == 0
    assert table.describe(row) == "as today"
    assert table.burden[row] == pytest.approx(
        [result.burden_total["person burden low"], result.burden_total["person burden high"]]
    )


@given(seed=st.integers(0, 1000), levels=st.integers(2, 5))
@settings(max_examples=40, deadline=None, derandomize=True)
def test_the_pareto_front_is_what_nothing_dominates(seed, levels):
    rng = np.random.default_rng(seed)
    points = rng.integers(0, levels, (30, 3)).astype(float)
    better = (points[None] >= points[:, None]).all(axis=2) & (points[None] > points[:, None]).any(axis=2)
    assert pareto_front(points).tolist() == np.flatnonzero(~better.any(axis=1)).tolist()


@given(seed=st.integers(0, 1000))
@settings(max_examples=25, deadline=None, derandomize=True)
def test_efficient_partitions_are_the_front_of_all(seed):
    rng = np.random.default_rng(seed)
    table = rng.integers(0, 6, (4, 3, 3)).astype(float)
    assert efficient_partitions(table).tolist() == pareto_front(sums(table)).tolist()


def test_what_nobody_would_leave_is_rational_firm_and_unblocked(full):
    assert (full.firm <= (full.rational & full.holds)).all()
    assert not full.blocking[full.firm].any()
    some = np.arange(0, len(full), 7)
    assert (full.blocking_at(some) == full.blocking[some]).all()
    assert (full.firm == (full.rational & full.holds & ~full.blocking.any(axis=1))).all()
    frame = full.named
    assert list(frame.index) == [
        "fewest changes",
        "least patience",
        "least burden",
        "largest smallest premium",
    ]


def test_named_partitions_are_the_best_of_their_kind():
    # The shipped model has no firm partition, so one where Russia's alternative is worse.
    model = replace(MODEL, benchmark="all-out")
    table = partitions.evaluate(model)
    rows = np.flatnonzero(table.firm)
    assert len(rows) > 0
    named = table.named
    assert named.loc["fewest changes", "changes"] == table.changes[rows].min()
    assert named.loc["least burden", "person burden high"] == pytest.approx(table.burden[rows, 1].min())
    assert named.loc["least patience", "critical discount"] == pytest.approx(
        table.critical_discount[rows].max(axis=1).min(), abs=1e-6
    )
    smallest = named.loc["largest smallest premium", [f"{p} premium low" for p in model.players]].min()
    assert smallest == pytest.approx(table.premium_low[rows].min(axis=1).max())


def test_how_it_looks(full):
    assert full.summary().startswith("19,683 partitions under 'concert'")
    assert len(full.to_frame(7)) == 7
    assert "<table" in full._repr_html_()


def test_bad_input(full):
    with pytest.raises(BargainingError, match=r"Ukraine is held by nobody.*evaluate with nobody=True"):
        full.number("status quo")
    with pytest.raises(Exception, match=r"did you mean 'Ukraine'"):
        full.number(dict(MODEL.maps["nearest power"]) | {"Ukrane": "Russia"})
    many = tuple(replace(MODEL.regions[0], name=f"R{r}") for r in range(20))
    large = replace(MODEL, regions=many, maps={"status quo": {r.name: None for r in many}})
    with pytest.raises(SizeError, match=r"3,486,784,401 partitions.*partitions\.optimise"):
        partitions.evaluate(large)


def scaled(unit):
    """The shipped model with every payoff in another unit."""

    def times(table):
        return {name: unit * x for name, x in table.items()}

    return replace(
        MODEL,
        powers=tuple(replace(p, benefit=unit * p.benefit, upkeep=unit * p.upkeep) for p in MODEL.powers),
        regions=tuple(replace(r, stakes=times(r.stakes), stake=unit * r.stake) for r in MODEL.regions),
        ties=tuple(
            replace(
                t,
                cooperation=times(t.cooperation),
                contesting=times(t.contesting),
                contested=times(t.contested),
                war_loss=times(t.war_loss),
                distance=unit * t.distance,
            )
            for t in MODEL.ties
        ),
    )


def test_conclusions_do_not_depend_on_the_unit():
    ordinary, tiny, huge = (partitions.evaluate(scaled(unit)) for unit in (1.0, 1e-12, 1e12))
    for other in (tiny, huge):
        for column in ("rational", "holds", "blocking", "firm", "changes"):
            np.testing.assert_array_equal(getattr(ordinary, column), getattr(other, column))
        np.testing.assert_allclose(ordinary.critical_discount, other.critical_discount, rtol=1e-9)


def test_dear_columns_are_estimated_first(full):
    for column in ("blocking", "reversion"):
        assert 0 <= full.estimate(column) < 60
    more = partitions.evaluate(MODEL, nobody=True)
    full.estimate("blocking")
    assert max(more.estimate("blocking") for _ in range(3)) > min(full.estimate("blocking") for _ in range(3))
    with pytest.raises(MethodError, match="no dear column 'blockng'; did you mean 'blocking'"):
        full.estimate("blockng")
