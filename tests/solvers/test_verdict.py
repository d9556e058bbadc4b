"""What the comparison says in words is what its tables say in numbers."""

from __future__ import annotations

import re

import pytest

from games import load
from solvers import compare, verdict


@pytest.fixture(scope="module")
def results():
    model = load("us-china-russia-2025")
    return {name: compare.concert(model, name) for name in model.maps}


def test_three_sentences(results):
    for r in results.values():
        assert len(r.verdict) == 3
        for sentence in r.verdict:
            assert sentence.endswith(".")
            assert not re.search(r"\bnan\b|\binf\b|-0\.0\b", sentence)


def test_the_first_sentence_names_losers_and_gainers(results):
    for r in results.values():
        first = r.verdict[0]
        losers = r.premium.index[r.premium["premium high"] < -0.05]
        said = re.search(r"map, (.*?): ", first)
        assert said is not None
        clause = re.search(r"([\w ,]*?) loses?\b", said.group(1))
        for power in losers:
            assert clause is not None
            assert power in clause.group(1)
        for power, low in r.premium["premium low"].items():
            assert f"{power} " in first
            if r.premium.loc[power, "premium high"] - low < 0.05:
                assert f"{power} {verdict._signed(low)}" in first


def test_the_second_sentence_says_whether_it_holds(results):
    for r in results.values():
        broken = (r.ways_it_breaks["status"] == "breaks now").any()
        assert r.verdict[1].startswith("It would hold") == (r.standing.holds and not broken)


def test_the_third_sentence_names_the_region_that_loses_most(results):
    r = results["Ukraine to Russia"]
    worst = r.burden["person burden high"].idxmax()
    assert f"most is lost in {worst}" in r.verdict[2]


def test_ways_it_breaks_are_ranked(results):
    rank = {"breaks now": 0, "may break": 1, "held off": 2}
    for r in results.values():
        table = r.ways_it_breaks
        keys = [(rank[s], m) for s, m in zip(table["status"], table["margin"])]
        assert keys == sorted(keys)
        assert table.index.tolist() == list(range(1, len(table) + 1))
        for power in r.players:
            cheats = ((table["way"] == "cheats alone") & (table["who"] == power)).any()
            assert cheats == (r.deviation.loc[power, "gain"] > 1e-7)


def test_flips_name_each_index_once(results):
    r = results["status quo"]
    holding = r.by_index.index[r.by_index["holds nash"]]
    assert 0 < len(holding) < len(r.by_index)
    sentence = next(s for s in r.flips if s.startswith("The deal holds"))
    holds, does_not = sentence.split(", and does not")
    assert all(name in holds for name in holding)
    assert all(name in does_not for name in r.by_index.index.difference(holding))


def test_the_other_rule_for_denial_is_worked_out(results):
    r = results["status quo"]
    assert r.other_denial.model.denial == "always"
    assert r.other_denial.holds != r.standing.holds
    assert "the deal would hold by Nash reversion" in r.flips[-1]


@pytest.mark.parametrize(("x", "words"), [(1.25, "+1.2"), (-3.0, "−3.0"), (0.0, "+0.0")])
def test_signed_numbers(x, words):
    assert verdict._signed(x) == words
