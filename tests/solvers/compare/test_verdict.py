"""What the comparison says in words is what its tables say in numbers."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from games import load
from solvers import compare
from solvers.compare import _phrases as phrases
from tests.solvers.worlds_by_hand import model_by_hand


@pytest.fixture(scope="module")
def results():
    model = load("us-china-russia-2025")
    return {name: compare.concert(model, name) for name in model.maps}


@pytest.fixture(scope="module")
def holding():
    """Claims count for the parts that they name: then deals hold."""
    return compare.concert(
        load("us-china-russia-2025").with_parameters(claims="part or rivalry"), "Taiwan to China"
    )


def words_of(r):
    return " ".join([*r.verdict, *r.what_changes, *r.ways_it_breaks["what"]])


def test_three_sentences_or_short_paragraphs(results):
    for r in results.values():
        assert len(r.verdict) == 3
        for text in r.verdict:
            assert text.endswith((".", ")."))
            assert not re.search(r"\bnan\b|\binf\b|-0\.0\b", text)


def test_the_first_sentence_names_losers_and_gainers_with_their_numbers(results):
    for r in results.values():
        first = r.verdict[0]
        clauses = dict(
            re.findall(r"([^;,]*?\)[^;]*?) (gains?|loses?)\b(?! or)", first.split("map, ", 1)[1])
            and [
                (verb, text)
                for text, verb in re.findall(
                    r"([^;]*?) (gains?|loses?|lose|gain)\b", first.split("status quo map, ", 1)[1]
                )
            ]
        )
        for power, row in r.premium.iterrows():
            low, high = row["premium low"], row["premium high"]
            assert f"{power} (" in first
            if high - low < 0.05:
                assert f"{power} ({phrases.signed(low)})" in first
            if high < -0.05:
                assert any(power in clauses.get(verb, "") for verb in ("lose", "loses"))
            if low > 0.05:
                assert any(power in clauses.get(verb, "") for verb in ("gain", "gains"))


def test_the_second_says_whether_it_holds(results, holding):
    for r in (*results.values(), holding):
        broken = (r.ways_it_breaks["status"] == "breaks now").any()
        assert r.verdict[1].startswith("It would hold") == (r.standing.holds and not broken)


def test_the_verdict_says_what_the_report_proves(results):
    for r in results.values():
        if r.standing.holds:
            continue
        need, own = r.endurance.optimal.overall, r.discount.min()
        text = r.verdict[1]
        assert ("No punishment could hold it" in text) == (not r.standing.could_hold)
        if r.standing.could_hold:
            assert ("Harsher punishments could hold it" in text) == (need <= own)


def test_harsher_punishments_that_hold_are_named_with_their_discount_factor():
    model = load("us-china-russia-2025").with_parameters(claims="part")
    r = compare.concert(model)
    assert not r.standing.holds
    need = r.endurance.optimal.overall
    assert need <= r.discount.min()
    assert f"Harsher punishments could hold it from a common discount factor of {need:.3f} on" in r.verdict[1]
    assert "not ruled out" not in r.verdict[1]


def test_the_third_names_the_region_that_loses_most(results):
    r = results["Ukraine to Russia"]
    worst = r.burden["person burden high"].idxmax()
    assert f"the largest loss is in {worst}" in r.verdict[2]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(
    "options", [{}, {"count": 2}, {"regions": 1}, {"count": 4, "regions": 5}, {"benchmark": "all-out"}]
)
def test_no_sentence_is_silly(options, seed):
    r = compare.concert(model_by_hand(seed, **options))
    text = words_of(r)
    assert not re.search(
        r"\bnan\b|\binf\b|[-−]0(\.0)?\b(?!\.\d)|\b0\.00 points|gain of 0\.0|loss of 0\.0|\d{8}", text
    )
    assert not re.search(r"\bthe (A|B|C)\b|for ever|nought", text)


def test_an_incomplete_search_never_speaks_of_the_only_or_all():
    r = compare.concert(model_by_hand(1, count=4, regions=5))
    if not r.equilibria.complete:
        assert "there may be more" in r.verdict[0]
        assert not re.search(r"the only|against all", r.verdict[0])


def test_all_out_contest_is_not_called_competition():
    model = replace(load("us-china-russia-2025"), benchmark="all-out")
    r = compare.concert(model, regime="China-Russia bloc")
    assert "all-out contest" in r.verdict[0]
    leaving = r.ways_it_breaks.query("way == 'prefers competition'")
    assert not leaving["what"].str.contains("in competition").any()


def test_where_nothing_gains_nobody_breaks_it():
    model = load("us-china-russia-2025").with_parameters(contest_cost=0.3, claims="part or rivalry")
    r = compare.concert(model)
    assert r.verdict[1].startswith("It would hold: no power")
