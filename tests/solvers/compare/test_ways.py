"""The ways in which a deal breaks: ranked, complete, and the same as rows and as a table."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from games import load
from solvers import compare


@pytest.fixture(scope="module")
def status_quo():
    return compare.concert(load("us-china-russia-2025"))


@pytest.fixture(scope="module")
def results(status_quo):
    return {
        "status quo": status_quo,
        "Ukraine to Russia": compare.concert(status_quo.model, "Ukraine to Russia"),
    }


def test_ways_it_breaks_are_ranked(results):
    rank = {"breaks now": 0, "may break": 1, "deterred": 2}
    for r in results.values():
        table = r.ways_it_breaks
        keys = [(rank[s], m) for s, m in zip(table["status"], table["margin"])]
        assert keys == sorted(keys)
        assert table.index.tolist() == list(range(1, len(table) + 1))
        for power in r.players:
            cheats = ((table["way"] == "cheats alone") & (table["deviator"] == power)).any()
            assert cheats == (r.deviation.loc[power, "gain"] > 1e-7)


def test_rows_and_table_say_the_same(results):
    for r in results.values():
        table = r.ways_it_breaks
        assert [tuple(row) for row in table.itertuples(index=False)] == [tuple(way) for way in r.ways]
        assert list(table.columns) == list(compare.Way._fields)


def ways_of(r, **numbers):
    """The ways in which a deal breaks with some numbers of its standing put in the place of the model's."""
    s = r.standing
    joint = numbers.pop("joint", SimpleNamespace(pairs=[]))
    benchmarks = s.payoffs - numbers.pop("premium", np.ones((1, 3)))
    calm = {"gain": np.full(3, -1.0), "per_player": np.zeros(3), "worst": np.zeros(3)} | numbers
    known = {"deviation": s.reversion.deviation, "complete": True, "punishment_names": ("competition 1",)}
    standing = replace(s, benchmarks=benchmarks, reversion=SimpleNamespace(**calm, **known))
    return replace(r, standing=standing, joint=joint).ways_it_breaks


@pytest.mark.parametrize(
    ("gain", "easy", "hard", "status"),
    [
        (1.0, 0.01, 0.02, "breaks now"),
        # A power that is exactly as patient as it must be keeps the deal, in the mildest equilibrium as in the harshest.
        (1.0, 0.0, 0.01, "may break"),
        (1.0, -0.01, 0.01, "may break"),
        (1.0, -0.01, 0.0, "deterred"),
        (1.0, 0.0, 0.0, "deterred"),
        (0.0, 0.01, 0.02, None),
    ],
)
def test_who_cheats_goes_by_its_discount_factor_beside_the_critical_ones(
    status_quo, gain, easy, hard, status
):
    own = status_quo.standing.model.discount
    table = ways_of(
        status_quo,
        gain=np.array([-1.0, gain, -1.0]),
        per_player=np.array([0.0, own[1] + easy, 0.0]),
        worst=np.array([0.0, own[1] + hard, 0.0]),
    )
    if status is None:
        assert table["way"].tolist() == ["none found"]
        return
    assert table[["way", "deviator", "status", "size"]].values.tolist() == [
        ["cheats alone", "China", status, gain]
    ]
    assert table["margin"].iloc[0] == pytest.approx(-easy)


def test_where_no_discount_factor_deters_a_cheat_the_margin_is_the_least_there_is(status_quo):
    table = ways_of(status_quo, gain=np.ones(3), per_player=np.full(3, np.inf), worst=np.full(3, np.inf))
    assert table["margin"].tolist() == [-1.0] * 3


@pytest.mark.parametrize(
    ("low", "high", "status"),
    [
        (-1.0, -0.5, "breaks now"),
        (-1.0, 0.0, "may break"),
        (-1.0, 0.5, "may break"),
        (0.0, 0.5, None),
        (-1e-13, 0.5, None),
    ],
)
def test_who_prefers_competition_goes_by_the_interval_of_its_premium(status_quo, low, high, status):
    premium = np.ones((2, 3))
    premium[:, 2] = high, low
    table = ways_of(status_quo, premium=premium)
    if status is None:
        assert table["way"].tolist() == ["none found"]
        return
    assert table[["way", "deviator", "status"]].values.tolist() == [["prefers competition", "Russia", status]]
    assert table["size"].iloc[0] == pytest.approx(-low)
    assert table["margin"].iloc[0] == pytest.approx(low / status_quo.standing.game.ranges[2])


def test_of_two_joint_deviations_the_self_enforcing_one_counts(status_quo):
    def joint(gains, self_enforcing):
        return SimpleNamespace(
            coalition=("China", "Russia"), actions=("a", "b"), gains=np.array(gains), normalised=np.array(gains) / 10,
            self_enforcing=self_enforcing,
        )  # fmt: skip

    large, small = joint([5.0, 4.0], False), joint([1.0, 2.0], True)
    for best_self_enforcing, status, size in ((small, "may break", 1.0), (None, "deterred", 4.0)):
        group = SimpleNamespace(best=large, best_self_enforcing=best_self_enforcing)
        table = ways_of(status_quo, joint=SimpleNamespace(pairs=[group]))
        assert table[["way", "status", "size", "margin"]].values.tolist() == [
            ["pair deviates", status, size, -size / 10]
        ]
