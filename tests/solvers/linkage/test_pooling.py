"""Linked issues: known thresholds, the product game, all bundles by hand, and what pooling can and cannot do."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog, deals, load
from games.errors import MethodError, ProfileError, SizeError
from solvers import linkage, repeated
from solvers.linkage import Bundle, Issue

CASES = json.loads((Path(__file__).parents[2] / "cases" / "linkage.json").read_text())
quick = settings(max_examples=40, deadline=None, derandomize=True)
number = st.integers(-6, 6).map(float)
rates = st.floats(0.05, 0.95)


def issues(count):
    """Lists of issues of every kind between A and B."""
    give = st.builds(
        lambda by, cost, value: ("AB"[by], "AB"[1 - by], cost, value), st.integers(0, 1), number, number
    )
    both = st.tuples(number, number, number, number, number, number)
    return st.lists(st.one_of(give, both), min_size=1, max_size=count).map(
        lambda rows: [
            Issue.concession(f"issue {k}", *row)
            if isinstance(row[0], str)
            else Issue.mutual(f"issue {k}", *({"A": row[2 * m], "B": row[2 * m + 1]} for m in range(3)))
            for k, row in enumerate(rows)
        ]
    )


def market(name, share):
    """Price competition for a profit of 1 of which A has a share: undercutting takes all of it once."""
    return Issue.mutual(name, {"A": share, "B": 1 - share}, {"A": 1, "B": 1}, {"A": 0, "B": 0})


@pytest.mark.parametrize("case", CASES["markets"], ids=lambda c: str(c["share"]))
def test_multimarket_contact(case):
    deal = Bundle([market("east", case["share"]), market("west", 1 - case["share"])], 0.6)
    result = linkage.pooling(deal)
    assert result.critical.max() == pytest.approx(case["alone"])
    assert result.pooled_critical.max() == pytest.approx(case["pooled"])
    assert result.helps == pytest.approx(case["alone"] - case["pooled"])
    assert result.holds
    assert result.holds_separately == (case["alone"] <= 0.6)


@pytest.mark.parametrize("case", CASES["verification"], ids=lambda c: str(c["detection"]))
def test_imperfect_verification(case):
    changes = {f"alarms.{key}": case[key] for key in ("false_alarm", "detection")}
    result = linkage.pooling(deals.get("arms-control", changes))
    assert result.pooled_critical == pytest.approx([case["critical"]] * 2)
    edge = {f"discount.{side}": case["critical"] + 1e-9 for side in result.bundle.sides}
    assert linkage.pooling(deals.get("arms-control", changes | edge)).holds
    edge = {f"discount.{side}": case["critical"] - 1e-6 for side in result.bundle.sides}
    assert not linkage.pooling(deals.get("arms-control", changes | edge)).holds


def test_pooled_constraints_are_those_of_the_product_game():
    """Two dilemmas at once are one game of four actions each; its own critical discount factors are the pooled ones."""
    first = np.array([[[4, 2], [0, 3]], [[7, 1], [1, 1.5]]])
    second = np.array([[[2, 5], [-1, 9]], [[3, 0], [0, 1]]])
    both = np.zeros((4, 4, 2))
    for (a, b), (c, d) in product(product(range(2), repeat=2), repeat=2):
        both[2 * a + c, 2 * b + d] = first[a, b] + second[c, d]
    expected = repeated.critical_discount(NormalFormGame(both, ("A", "B")), (0, 0), "nash")
    parts = [
        Issue.from_game(name, NormalFormGame(table, ("A", "B")))
        for name, table in (("x", first), ("y", second))
    ]
    result = linkage.pooling(Bundle(parts, 0.5))
    assert result.pooled_critical == pytest.approx(expected.per_player)
    assert result.pooled_slack == pytest.approx(expected.slack(0.5))


@quick
@given(issues(4), rates, rates, st.floats(0, 0.2), st.floats(0.5, 1))
def test_pooling_never_hurts(given_issues, d, e, alarm, detection):
    deal = Bundle(given_issues, {"A": d, "B": e}, false_alarm=alarm, detection=detection)
    result = linkage.pooling(deal)
    assert result.pooled_slack == pytest.approx(result.slack.sum(axis=0), abs=1e-9)
    assert (result.pooled_critical <= result.critical.max(axis=0) + 1e-9).all()
    assert result.helps >= -1e-9
    if result.holds_separately:
        assert result.holds
    if result.holds:
        assert result.holds_with_payments


@quick
@given(issues(3), rates, rates)
def test_slack_and_critical_discount_say_the_same(given_issues, d, e):
    result = linkage.pooling(Bundle(given_issues, {"A": d, "B": e}))
    for slack, critical, own in zip(result.pooled_slack, result.pooled_critical, (d, e)):
        if abs(own - critical) > 1e-9:
            assert (slack >= 0) == (own > critical)


@quick
@given(issues(4), rates)
def test_identical_issues_gain_nothing_from_pooling(given_issues, d):
    one = given_issues[0]
    copies = [Issue(f"copy {k}", one.sides, one.options, one.agreed, one.gain) for k in range(3)]
    assert linkage.pooling(Bundle(copies, d)).helps == pytest.approx(0)


@quick
@given(issues(3), rates, st.sampled_from([1e-12, 1e12, 7.0]))
def test_each_side_may_have_its_own_unit(given_issues, d, scale):
    """Without payments nothing depends on comparing the two sides' payoffs."""

    def rescale(issue):
        factor = np.array([scale if s == "A" else 1.0 for s in issue.sides])
        return Issue(issue.name, issue.sides, issue.options, issue.agreed * factor, issue.gain * factor)

    a = linkage.swaps(Bundle(given_issues, d))
    b = linkage.swaps(Bundle([rescale(i) for i in given_issues], d))
    assert b.critical == pytest.approx(a.critical)
    assert (b.holds == a.holds).all()
    assert (b.mutual == a.mutual).all()
    assert (b.efficient == a.efficient).all()


@quick
@given(issues(4), rates, rates)
def test_all_bundles_by_hand(given_issues, d, e):
    deal = Bundle(given_issues, {"A": d, "B": e})
    own = deal.discount
    found = linkage.swaps(deal)
    bundles = [c for c in product(*(range(len(i.options)) for i in deal.issues)) if any(c)]
    assert [tuple(c) for c in found.choices] == bundles
    gains = [sum(i.agreed[k] - i.agreed[0] for i, k in zip(deal.issues, c)) for c in bundles]
    for row, (bundle, gain) in enumerate(zip(bundles, gains)):
        assert found.gains[row] == pytest.approx(gain)
        for side in range(2):
            keep = own[side] * gain[side] + (1 - own[side]) * gain[side]
            breach = (1 - own[side]) * (
                gain[side] + sum(i.gain[k, side] for i, k in zip(deal.issues, bundle))
            )
            assert found.slack[row, side] == pytest.approx(keep - breach, abs=1e-9)
        beaten = any(
            (np.array(other) >= gain).all() and (np.array(other) > gain).any() for other in [*gains, (0, 0)]
        )
        assert found.efficient[row] == (not beaten)
    # A payment closes a bundle exactly if some grid of payments does.
    for row in range(len(found)):
        t = np.linspace(-60, 60, 2401)
        works = (found.slack[row, 0] + own[0] * t >= 0) & (found.slack[row, 1] - own[1] * t >= 0)
        if works.any():
            assert np.isfinite(found.payments[row]).all()
        if np.isfinite(found.payments[row]).all():
            assert (found.slack[row] + own * found.payments[row] >= -1e-9).all()


def test_the_byers_swap():
    deal = deals.get("philippines")
    result = linkage.pooling(deal)
    assert not result.holds_separately
    assert result.holds
    assert result.helps == np.inf
    # A concession of cost c for one of value v holds from c / v on.
    assert result.pooled_critical == pytest.approx([0.169 / 0.27, 0.0876 / 0.175])
    assert result.weaker == "United States"
    assert result.payments.tolist() == [0, 0]
    found = linkage.swaps(deal)
    assert len(found) == 3
    assert found.mutual.tolist() == [False, False, True]
    assert found.concessions(2) == ("US forces leave the Philippines", "fewer Chinese coast guard patrols")
    assert "The United States needs a discount factor of 0.6259" in result.summary()


def test_a_failing_deal_and_the_payment_that_closes_it():
    deal = deals.get("hemispheres")
    result = linkage.pooling(deal)
    assert not result.holds
    assert result.weaker == "United States"
    us, russia = deal.discount
    need = 0.124 / us - (0.109 + 0.000146 + 0.00489)
    assert result.payments == pytest.approx([need, -need])
    assert russia * (0.244 - need) >= 0.0134 + 0.0000436 + 0.000163
    assert "Russia paid the United States" in result.summary()
    assert "unit that all players share" in result.summary()


def test_the_large_country_must_be_paid_for_free_trade():
    small = linkage.pooling(deals.get("tariffs-us-canada"))
    assert small.premium[0, 0] < 0
    assert small.pooled_critical[0] == np.inf
    assert not small.holds
    assert small.payments[0] > 0
    both = linkage.pooling(deals.get("tariffs-us-china"))
    assert (both.premium > 0).all()
    free = linkage.pooling(deals.get("tariffs-us-china"), {"tariffs": "free trade"})
    assert free.pooled_critical.tolist() == both.pooled_critical.tolist()
    found = linkage.swaps(deals.get("tariffs-us-china"))
    assert found.to_frame()["United States concedes"].str.len().gt(0).all()


def test_options_are_named_or_numbered():
    deal = deals.get("taiwan")
    without = linkage.pooling(deal, {"China settles its maritime disputes": 0})
    assert without.options[1] == "no concession"
    assert without.premium[1].tolist() == [0, 0]
    assert not without.holds
    assert linkage.pooling(deal).to_frame().index[-1] == "pooled"
    with pytest.raises(ProfileError, match="no issue"):
        linkage.pooling(deal, {"Tibet": 1})
    with pytest.raises(ProfileError, match="no option 'some'"):
        linkage.pooling(deal, {"China settles its maritime disputes": "some"})
    with pytest.raises(ProfileError, match="have numbers from 0 to 1; got 2"):
        linkage.pooling(deal, {"China settles its maritime disputes": 2})


def test_a_game_with_several_options_gives_every_bundle():
    issue = Issue.from_game("arms", catalog.prisoners_dilemma())
    found = linkage.swaps(Bundle([issue], 0.6))
    assert len(found) == 3
    assert found.mutual.tolist() == [True, False, False]
    frame = found.to_frame()
    assert frame.loc[0, "Player 1 concedes"] == frame.loc[0, "Player 2 concedes"] == "Cooperate / Cooperate"
    assert list(found.select([0]).gains[0]) == [2, 2]
    assert "All exchanges were evaluated" in repr(found)


def test_bad_requests():
    deal = deals.get("taiwan")
    with pytest.raises(MethodError, match="a bundle has its own two sides"):
        linkage.swaps(deal, "United States", "China")
    with pytest.raises(MethodError, match="name the two powers"):
        linkage.swaps(load("us-china-russia-2025"), "China")
    many = Bundle([Issue.concession(f"issue {k}", "A", "B", 1, 2) for k in range(21)], 0.5)
    with pytest.raises(SizeError, match="2,097,152 combinations"):
        linkage.swaps(many)
    wide = Bundle([Issue.concession(f"issue {k}", "AB"[k % 2], "BA"[k % 2], 1, 2) for k in range(16)], 0.5)
    assert len(linkage.swaps(wide)) == 2**16 - 1


@pytest.mark.parametrize("name", [n for n in deals.names() if n != "weak-ally"])
def test_ranges_against_the_deal_with_that_number_changed(name):
    result = linkage.ranges(name)
    table = result.to_frame()
    assert result.base.holds == linkage.pooling(deals.get(name)).holds
    for row in table.itertuples(index=False):
        for end in ("low", "high"):
            changed = linkage.pooling(deals.get(name, {row.path: getattr(row, end)}))
            value = table.loc[table["path"] == row.path, f"slack at {end}"].item()
            assert value == changed.pooled_slack.min()
            assert (value >= 0) == changed.holds
            if changed.holds != result.base.holds:
                assert row.path in result.turning
    assert all(path in result.summary() for path in result.turning)


def test_which_numbers_decide():
    assert "issues.US forces leave the Philippines.cost" in linkage.ranges("philippines").turning
    # Only the size of comparative advantage and Canada's patience are assumed, and the large country wins in all of it.
    assert linkage.ranges("tariffs-us-canada").turning == ()
    assert "No single assumed number" in linkage.ranges("tariffs-us-canada").summary()
    with pytest.raises(MethodError, match="is a threat"):
        linkage.ranges("weak-ally")


def test_an_alarm_that_tells_nothing():
    deal = Bundle([market("east", 0.5)], 0.9, false_alarm=0.3, detection=0.3)
    result = linkage.pooling(deal)
    assert not result.holds
    assert not result.holds_with_payments
    assert (result.pooled_critical == np.inf).all()


def test_a_deal_of_ones_own_in_ten_lines():
    forces = Issue.concession("US forces leave", by="United States", to="China", cost=1.4, value=4.7)
    patrols = Issue.concession("fewer patrols", by="China", to="United States", cost=2.3, value=1.6)
    deal = Bundle([forces, patrols], {"United States": 0.77, "China": 0.88}, title="forces for patrols")
    result = linkage.pooling(deal)
    assert not result.holds
    assert result.weaker == "United States"
    assert result.payments[0] == pytest.approx(1.4 / 0.77 - 1.6)
    more = Issue.concession("tariffs lowered", by="China", to="United States", cost=0.5, value=1.5)
    better = linkage.swaps(Bundle([forces, patrols, more], deal.discount.tolist()[0]))
    best = better.to_frame().iloc[0]
    assert best["holds"]
    assert "tariffs lowered" in best["China concedes"]


def test_what_needs_a_common_unit_says_so():
    result = linkage.pooling(deals.get("hemispheres"))
    assert "unit that all players share" in result.summary()
    found = linkage.swaps(deals.get("hemispheres"))
    assert "closing payment (common unit)" in found.to_frame().columns
    assert "unit that all players share" in found.summary()
    assert "closing payment" in found._repr_html_()
