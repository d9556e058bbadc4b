"""Conditions, premiums and choices of draws against their definitions, at their edges, and joined again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games.errors import MethodError
from solvers import uncertainty
from solvers.uncertainty._outcomes import CONDITIONS, joined
from solvers.uncertainty._shares import share_of
from solvers.uncertainty._stages import Bounds
from tests.solvers.uncertainty.worlds import EAST, NORTH, SOUTH, small

REGIMES = ("concert", "all-out")


@pytest.fixture(scope="module")
def model():
    return small()


@pytest.fixture(scope="module")
def draws(model):
    return model.draws(40, seed=5)


@pytest.fixture(scope="module")
def found(model, draws):
    return uncertainty.evaluate(model, draws, "swap", REGIMES)


def same(one, other):
    """All arrays and words of two sets of outcomes."""
    for name, value in vars(one).items():
        theirs = getattr(other, name)
        if isinstance(value, Bounds):
            np.testing.assert_allclose(np.stack(value), np.stack(theirs), 1e-9, 1e-9, err_msg=name)
        elif isinstance(value, np.ndarray):
            np.testing.assert_allclose(value, theirs, 1e-9, 1e-9, err_msg=name)
        elif name == "draws":
            assert value.to_frame().equals(theirs.to_frame())
        elif name in ("map", "regimes", "profiles", "observed", "observed_profiles", "mixed_rule"):
            assert value == theirs


def test_a_premium_is_what_the_deal_pays_above_competition_or_an_observed_profile(found):
    for g, regime in enumerate(REGIMES):
        low, high = found.premium(regime)
        assert low == pytest.approx(found.payoffs[:, g] - found.competition.high)
        assert high == pytest.approx(found.payoffs[:, g] - found.competition.low)
        against = found.premium(regime, "lately")
        assert against.low == pytest.approx(found.payoffs[:, g] - found.observed_payoffs[:, 0])
        assert (against.low == against.high).all()
    # Draw 25 has two equilibria.
    assert (found.premium().low[25] < found.premium().high[25]).any()
    assert (found.premium().low == found.premium("concert").low).all()


def test_values_by_name(found):
    assert (found.value("gain", SOUTH, "all-out") == found.gains[:, 1, 1]).all()
    assert (found.value("critical discount", EAST) == found.nash[:, 0, 2]).all()
    assert (found.value("payoff", NORTH) == found.payoffs[:, 0, 0]).all()
    assert (found.value("premium low", SOUTH, "all-out") == found.premium("all-out").low[:, 1]).all()
    assert (found.value("premium high", SOUTH) == found.premium().high[:, 1]).all()
    assert (
        found.value("premium high", SOUTH, against="lately") == found.premium(against="lately").low[:, 1]
    ).all()


def test_conditions_are_what_their_words_say(found):
    low = found.premium("concert").low
    patience = found.discount
    expected = {
        "North gains": low[:, 0] > 0,
        "pays all": (low > 0).all(axis=1),
        "holds": (patience >= found.nash[:, 0]).all(axis=1),
        "could hold": (patience >= found.minmax[:, 0]).all(axis=1),
        "holds by ostracism": (patience >= found.ostracism[:, 0]).all(axis=1),
        "equilibrium": (found.gains[:, 0] <= 0).all(axis=1),
        "no pair leaves": ~found.pair_leaves[:, 0].any(axis=1),
    }
    expected["pays all and holds"] = expected["pays all"] & expected["holds"]
    expected["firm"] = expected["pays all and holds"] & expected["no pair leaves"]
    assert set(expected) - {"North gains"} == set(CONDITIONS)
    for name, mask in expected.items():
        assert (found.condition(name) == mask).all(), name
        assert found.share(name) == share_of(mask)
    # Each of them is true in some draws; that no pair leaves tells firm deals from others that pay and hold.
    assert 0 < expected["firm"].sum() < expected["pays all and holds"].sum() < expected["pays all"].sum()
    versus = (found.premium("concert", "lately").low > 0).all(axis=1)
    assert (found.condition("pays all", against="lately") == versus).all()
    assert (
        found.condition("firm", against="lately") == versus & expected["holds"] & expected["no pair leaves"]
    ).all()


def test_a_condition_is_strict_where_its_words_are(found):
    """A power gains by more than nothing, and keeps a deal that pays it as much as breaking it."""
    even = replace(found, payoffs=np.repeat(found.competition.high[:, None], 2, axis=1))
    assert not even.condition("North gains").any()
    assert not even.condition("pays all").any()
    least = replace(found, nash=np.repeat(found.discount[:, None], 2, axis=1))
    assert least.condition("holds").all()
    assert not least.condition("equilibrium").any()


def test_what_was_not_computed_is_said_to_be_missing(found):
    names = ["North gains", "South gains", "East gains", *CONDITIONS]
    assert found.known_conditions == names
    unknown = np.full_like(found.minmax, np.nan)
    lacking = replace(found, minmax=unknown, pair_leaves=None)
    assert [n for n in names if n not in lacking.known_conditions] == ["could hold", "no pair leaves", "firm"]
    with pytest.raises(MethodError, match="needs the whole stage game"):
        lacking.condition("could hold")
    with pytest.raises(MethodError, match="at most six powers"):
        lacking.condition("no pair leaves")
    with pytest.raises(MethodError, match="at most six powers"):
        lacking.condition("firm")
    # One power's bound is enough to say that it was computed.
    part = unknown.copy()
    part[..., 0] = 0.0
    assert "could hold" in replace(found, minmax=part).known_conditions
    assert not replace(found, minmax=part).condition("could hold").any()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda o: o.condition("hold"), "did you mean 'holds'"),
        (lambda o: o.condition("Norh gains"), "did you mean 'North gains'"),
        (lambda o: o.condition("holds", "consert"), "did you mean 'concert'"),
        (lambda o: o.premium("concert", "latly"), "did you mean 'lately'"),
        (lambda o: o.premium("concert", "competiton"), "did you mean 'competition'"),
        (lambda o: o.value("payof", NORTH), "did you mean 'payoff'"),
        (lambda o: o.value("payoff", "Nort"), "did you mean 'North'"),
        (lambda o: o.take([]), "at least one draw"),
        (lambda o: o.take(np.zeros(40, dtype=bool)), "at least one draw"),
    ],
)
def test_unknown_names(found, call, message):
    with pytest.raises(MethodError, match=message):
        call(found)


@pytest.mark.parametrize("rows", [[25, 3, 3, 39], [0], np.arange(40) % 5 == 0])
def test_chosen_draws_are_as_if_they_alone_had_been_evaluated(model, draws, found, rows):
    chosen = found.take(rows)
    same(chosen, uncertainty.evaluate(model, draws.take(rows), "swap", REGIMES))
    assert len(chosen) == len(draws.take(rows))


def test_joined_parts_are_the_whole(model, draws, found):
    parts = [uncertainty.evaluate(model, part, "swap", REGIMES) for part in draws.chunks(13)]
    whole = joined(parts)
    same(whole, found)
    assert whole.draws.how == draws.how
    assert whole.draws.seed == draws.seed
    assert joined(parts[:1]) is parts[0]
    without = joined([replace(part, pair_leaves=None) for part in parts])
    assert without.pair_leaves is None
    assert len(without) == 40


def test_autonomy_lost_is_weighed_by_people_and_output(model, found):
    for g, regime in enumerate(REGIMES):
        left = found.autonomy[:, g]
        for c, weight in enumerate(([10, 5, 20, 3], [300, 50, 100, 0])):
            deal = left @ np.array(weight, dtype=float)
            assert found.lost(regime).low[:, c] == pytest.approx(found.weighed_competition.low[:, c] - deal)
            assert found.lost(regime).high[:, c] == pytest.approx(found.weighed_competition.high[:, c] - deal)


def test_the_summary_tells_of_draws_without_an_equilibrium_and_of_an_incomplete_search(found):
    words = found.summary()
    pays, holds, both = (found.share(name) for name in ("pays all", "holds", "pays all and holds"))
    assert words.startswith("40 draws. The concert on the map 'swap', against competition, pays North in")
    assert f"and East in {found.share('East gains')} of them" in words
    assert f"it pays all in {pays}, holds in {holds}, and does both in {both}." in words
    assert "no equilibrium" not in words
    assert "further" not in words
    count, complete = found.count.copy(), found.complete.copy()
    count[[3, 5]] = 0
    complete[7] = False
    words = replace(found, count=count, complete=complete).summary()
    assert "In two draws no equilibrium was found" in words or "In 2 draws no equilibrium was found" in words
    assert "In one draw there may be further equilibria" in words or "In 1 draw there may be" in words


def test_premiums_are_in_per_cent_of_capability_unless_points_are_asked_for(found):
    assert found.premiums().equals(found.premiums("competition", True))
    assert not found.premiums().equals(found.premiums(percent=False))


def test_shown_as_text_and_as_html(found):
    assert repr(found).startswith(found.summary())
    # The table of two regimes fits; numbers have three digits, and what is measured against competition is left in.
    assert "..." not in repr(found)
    assert " 0.575 " in repr(found)
    assert "lately" not in repr(found)
    html = replace(found, map="<b>")._repr_html_()
    assert "&lt;b&gt;" in html
    assert "<td>0.575</td>" in html
    assert "<th>0</th>" not in html


def test_pairs_and_players_in_order(found):
    assert found.players == (NORTH, SOUTH, EAST)
    assert found.pairs == ("North and South", "North and East", "South and East")
    frame = found.to_frame()
    frame["concert: payoff, North"] = 0.0
    assert (found.to_frame()["concert: payoff, North"] == found.payoffs[:, 0, 0]).all()
