"""What the comparison says in words is what its tables say in numbers."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace

import pytest

from games import SpheresModel, load
from games.spheres import Power, Region, Tie
from solvers import compare
from solvers.compare import _verdict as verdict


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


def test_an_interval_of_burdens_that_holds_nothing_is_not_told_as_a_loss():
    r = compare.concert(load("great-power-competition-2021").with_index("cinc"), "nearest power")
    low, high = r.burden.loc["Baltics", ["person burden low", "person burden high"]]
    assert low < 0 < high
    assert f"most is gained in Baltics (up to {-low:.1f} million)" in r.verdict[2]


def test_reversion_is_faulted_for_a_deviation_and_not_for_a_dislike():
    r = compare.concert(load("great-power-competition-2021"), "Ukraine to Russia")
    assert r.ways_it_breaks.iloc[0]["way"] == "prefers competition"
    assert "by Nash reversion" in r.verdict[1]
    cheats = r.ways_it_breaks.query("way == 'cheats alone'").iloc[0]
    assert cheats["what"] in r.verdict[1]


def model_by_hand(
    count=3, regions=2, unit=1.0, aim="control", spread=False, idle=False, benchmark="competition"
):
    """Equal powers and equal regions, all held by the first power unless `spread`; every payoff is a multiple of `unit`."""
    names = [chr(ord("A") + i) for i in range(count)]
    each = dict.fromkeys(names, 0.0 if idle else unit)
    powers = tuple(Power(n, {"x": 1.0}, 0.9, 1.0, 0.01) for n in names)
    places = tuple(
        Region(
            f"r{k}",
            {n: 10 * x for n, x in each.items()},
            dict.fromkeys(names, aim),
            dict.fromkeys(names, 1000.0),
            0.1,
            0.0 if idle else 5 * unit,
            1.0,
            10.0,
        )
        for k in range(regions)
    )
    ties = tuple(
        Tie((a, b), *({a: v * each[a], b: v * each[b]} for v in (5, 1, 1, 10)), risk=0.01)
        for a, b in itertools.combinations(names, 2)
    )
    home = {r.name: names[k % count if spread else 0] for k, r in enumerate(places)}
    return SpheresModel(powers, places, ties, {"status quo": home}, 2000.0, benchmark=benchmark)


def words_of(r):
    return " ".join([*r.verdict, *r.flips, *r.ways_it_breaks["what"]])


@pytest.mark.parametrize(
    "options",
    [
        {},
        {"count": 2},
        {"regions": 1},
        {"count": 4, "regions": 4, "spread": True},
        {"aim": "denial"},
        {"idle": True},
        {"unit": 1e-12},
        {"unit": 1e12},
        {"benchmark": "all-out"},
    ],
)
def test_no_sentence_is_silly(options):
    r = compare.concert(model_by_hand(**options))
    text = words_of(r)
    assert len(r.verdict) == 3
    assert not re.search(
        r"\bnan\b|\binf\b|[-−]0(\.0)?\b(?!\.\d)|\b0\.00 points|gain of 0\.0|loss of 0\.0|\d{8}", text
    )


def test_infinitely_many_equilibria_are_not_counted_as_all():
    r = compare.concert(model_by_hand(idle=True))
    assert r.equilibria.components
    assert "the infinite set of equilibria of competition (64 of its points" in r.verdict[0]
    assert "every power stays as it is" in r.verdict[0]


def test_an_incomplete_search_never_speaks_of_the_only_or_all():
    r = compare.concert(model_by_hand(count=4, regions=4, spread=True))
    assert not r.equilibria.complete
    assert "there may be more" in r.verdict[0]
    assert not re.search(r"the only|against all", r.verdict[0])


def test_words_do_not_depend_on_the_unit():
    ordinary, tiny = (compare.concert(model_by_hand(unit=u, aim="denial")) for u in (1.0, 1e-12))
    said = [re.search(r"map, (.*?): ", r.verdict[0]).group(1) for r in (ordinary, tiny)]
    assert said[0] == said[1]
    assert "gains" in said[0]


def test_gaining_in_some_equilibria_only_is_not_gaining():
    r = compare.concert(model_by_hand(aim="denial"))
    low, high = r.premium.loc["A", ["premium low", "premium high"]]
    assert abs(low) < 1e-9
    assert high > 1
    assert "A gains or stays as it is, depending on the equilibrium" in r.verdict[0]


def test_where_nothing_gains_nobody_is_closest_to_cheating():
    r = compare.concert(model_by_hand())
    assert r.ways_it_breaks.iloc[0]["who"] == "nobody"
    assert "closest" not in r.verdict[1]
    assert "which is this very regime" in r.verdict[0]
    assert "at any patience" in r.verdict[1]


def test_all_out_contest_is_not_called_competition():
    model = replace(load("us-china-russia-2025"), benchmark="all-out")
    r = compare.concert(model, regime="China-Russia bloc")
    assert "all-out contest" in r.verdict[0]
    leaving = r.ways_it_breaks.query("way == 'prefers competition'")
    assert not leaving["what"].str.contains("in competition").any()


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
    sentence = next(s for s in r.flips if s.startswith("Nash reversion keeps"))
    holds, does_not = sentence.split(", and does not")
    assert all(name in holds for name in holding)
    assert all(name in does_not for name in r.by_index.index.difference(holding))


def test_the_other_rule_for_denial_is_worked_out(results):
    r = results["status quo"]
    assert r.other_denial.model.denial == "always"
    assert r.other_denial.holds != r.standing.holds
    assert "Nash reversion would keep every power from cheating alone" in r.flips[-1]


@pytest.mark.parametrize(("x", "words"), [(1.25, "+1.2"), (-3.0, "−3.0"), (0.0, "+0.0")])
def test_signed_numbers(x, words):
    assert verdict._signed(x) == words


def test_competition_on_the_map_of_the_deal_is_told_from_that_on_the_status_quo_map():
    r = compare.concert(load("great-power-competition-2021"), "nearest power")
    cheat = r.ways_it_breaks.query("way == 'cheats alone'").iloc[0]
    critical = r.critical_discount.loc[cheat["who"]]
    assert critical["nash low"] == float("inf")
    assert "a return to competition on that map would not deter it" in r.verdict[1]
    assert ("though a return to the status quo map would" in r.verdict[1]) == (
        critical["status quo low"] <= critical["own discount"]
    )
