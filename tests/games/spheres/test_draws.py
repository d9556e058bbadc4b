"""Draws: laws, rules that move together, tables of one's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from games import load, stances
from games.errors import ConcertError, ScenarioError
from games.spheres import ASSUMPTIONS, Draws, SpheresModel
from games.spheres.draws import sample
from games.spheres.parameters import Assumption
from tests.games.spheres.small_world import small


def test_every_number_stays_in_its_range_and_follows_its_law():
    draws = sample(ASSUMPTIONS, 4096, seed=1)
    for name, assumption in ASSUMPTIONS.items():
        column = draws[name]
        assert assumption.low <= column.min()
        assert column.max() <= assumption.high
        if assumption.law == "log-uniform":
            law = stats.loguniform(assumption.low, assumption.high)
        else:
            law = stats.uniform(assumption.low, assumption.high - assumption.low)
        # Sobol points are far more even than independent ones.
        assert stats.kstest(column, law.cdf).statistic < 0.005
        assert np.median(column) == pytest.approx(assumption.value, rel=0.01)


def test_the_same_seed_gives_the_same_draws_and_another_others():
    one, same, other = (sample(ASSUMPTIONS, 100, seed) for seed in (3, 3, 4))
    for name in one.names:
        assert (one[name] == same[name]).all()
        assert (one[name] != other[name]).any()


@pytest.mark.parametrize("together", [0.0, 0.5, 1.0])
def test_numbers_of_one_rule_move_together_to_the_stated_degree(together):
    rule = {k: Assumption(0.5, 0.0, 1.0, "r", rule="same") for k in ("a", "b", "c")}
    alone = {"d": Assumption(0.5, 0.0, 1.0, "r")}
    draws = sample({**rule, **alone}, 4096, seed=0, together=together)
    normal = {k: stats.norm.ppf(np.clip(draws[k], 1e-12, 1 - 1e-12)) for k in "abcd"}
    for one, other in (("a", "b"), ("b", "c")):
        assert np.corrcoef(normal[one], normal[other])[0, 1] == pytest.approx(together, abs=0.03)
    assert abs(np.corrcoef(normal["a"], normal["d"])[0, 1]) < 0.03
    assert stats.kstest(draws["a"], "uniform").statistic < 0.02


def test_laws_and_ranges_of_ones_own():
    laws = {
        "half_distance": (500, 600),
        "contest_cost": (0.1, 1.0, "log-uniform"),
        "war_cost": stats.beta(2, 5),
    }
    draws = sample(ASSUMPTIONS, 1024, seed=0, laws=laws)
    assert 500 <= draws["half_distance"].min() <= draws["half_distance"].max() <= 600
    assert np.median(draws["contest_cost"]) == pytest.approx(10**-0.5, rel=0.02)
    assert draws["war_cost"].mean() == pytest.approx(2 / 7, rel=0.01)
    assert draws.ranges["half_distance"] == "uniform over 500 to 600"


def test_switches_are_sampled_where_asked_for():
    model = small()
    draws = model.draws(512, switches=("claims", "left_out", "defence_advantage", "pact_cost"))
    assert set(draws["claims"]) == {"whole", "part", "part or rivalry"}
    assert set(draws["left_out"]) == {"", *model.region_names}
    assert 1 <= draws["defence_advantage"].min() <= draws["defence_advantage"].max() <= 3
    assert set(draws["pact_cost"]) == {1.0, 2.0}
    contests = model.profile_contests("all-out")[None]
    found = model.payoffs(contests, draws=draws)
    for d in (0, 17, 300, 511):
        alone = model.vary({name: draws[name][d] for name in draws.names})
        assert alone.payoffs(contests) == pytest.approx(found[d], abs=1e-11)


def test_a_table_goes_out_and_comes_back():
    model = small()
    draws = model.draws(20, switches=("claims",))
    frame = draws.to_frame()
    assert frame.shape == (20, len(draws.names))
    back = Draws.from_frame(frame)
    contests = model.profile_contests("all-out")[None]
    assert model.payoffs(contests, draws=back) == pytest.approx(model.payoffs(contests, draws=draws))
    assert "20 draws" in repr(draws)
    assert "<table" in draws._repr_html_()


def test_taking_fixing_and_chunking():
    draws = small().draws(10)
    assert len(draws.take([1, 3])) == 2
    assert len(draws.take(draws["externality"] > 0.5)) == 5
    fixed = draws.fix({"half_distance": 1500.0})
    assert set(fixed["half_distance"]) == {1500.0}
    assert set(draws.replace(reliability=0.3)["reliability"]) == {0.3}
    parts = list(draws.chunks(4))
    assert [len(p) for p in parts] == [4, 4, 2]
    assert np.concatenate([p["war_cost"] for p in parts]).tolist() == draws["war_cost"].tolist()


def test_patience_and_survival_go_into_discount_factors():
    model = small().vary({"powers.North.patience": 0.9, "powers.North.survival": 0.8})
    draws = model.draws(8)
    found = model.discounts(draws)
    assert found.shape == (8, 3)
    assert found[:, 0] == pytest.approx(draws["powers.North.patience"] * draws["powers.North.survival"])
    assert (found[:, 1] == model.discount[1]).all()
    assert model.discounts() == pytest.approx(model.discount)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"n": 0}, "at least one draw"),
        ({"n": 2.5}, "whole number"),
        ({"together": 1.5}, "between 0 and 1"),
        (
            {"laws": {"halfdistance": (1, 2)}},
            "no assumed number 'halfdistance'; did you mean 'half_distance'",
        ),
        ({"laws": {"half_distance": (2, 1)}}, "upside down"),
        ({"laws": {"half_distance": (0, 1, "log-uniform")}}, "must be positive"),
        ({"laws": {"half_distance": (1, 2, "normal")}}, "no law 'normal'"),
        ({"laws": {"half_distance": "normal"}}, "is not a law"),
        ({"switches": ("claim",)}, "no switch 'claim'; did you mean 'claims'"),
    ],
)
def test_bad_requests_get_one_line(options, expected):
    with pytest.raises(ConcertError, match=expected):
        small().draws(**{"n": 4, **options})


@pytest.mark.parametrize(
    ("frame", "expected"),
    [
        ({"half_distance": [1000.0, np.nan]}, "not finite"),
        ({"half_distance": []}, "at least one column"),
        ({}, "at least one column"),
        ({"gdp_weight": [1.5]}, "gdp_weight is 1.5"),
        ({"half_distance": ["far"]}, "a column of numbers"),
        ({"claims": ["some"]}, "no level 'some'"),
        ({"left_out": ["Nowhere"]}, "no level 'Nowhere'"),
        ({"powers.North.patience": [2.0]}, "patience is 2"),
        ({"powers.North.size": [0.2]}, "no number 'powers.North.size'"),
        ({"regions.Ally.worth": [-1.0]}, "must not be negative"),
    ],
)
def test_bad_tables_get_one_line(frame, expected):
    def use() -> None:
        model, draws = small(), Draws.from_frame(pd.DataFrame(frame))
        model.payoffs(model.profile_contests("concert")[None], draws=draws)
        model.discounts(draws)

    with pytest.raises(ScenarioError, match=expected):
        use()


@pytest.mark.parametrize("n", [0, -3, 1.5, "many", None, True])
def test_a_number_of_draws_that_is_none_is_refused(n):
    with pytest.raises(ConcertError, match=r"at least one draw is needed|a whole number; got"):
        load("us-china-russia-2025").draws(n)


@pytest.mark.parametrize("law", [(1,), ("a", "b"), (None, 1)])
def test_a_law_without_two_numbers_is_refused(law):
    with pytest.raises(ScenarioError, match="is not a range"):
        load("us-china-russia-2025").draws(4, laws={"externality": law})


def test_a_chance_above_one_is_refused_in_draws_as_in_a_model():
    model = load("us-china-russia-2025")
    contests = model.profile_contests("concert")[None]
    for name, value in (("powers.China.tremble", 5.0), ("powers.China.patience", -1.0), ("reliability", 1.5)):
        with pytest.raises(ScenarioError, match="must be between 0 and 1"):
            model.payoffs(contests, draws=model.draws(4).fix({name: value}))


def test_a_value_outside_its_range_is_allowed_and_shown_as_such():
    model = load("us-china-russia-2025")
    rows = model.vary({"reliability": 0.9, "projection": 0.5}).inputs().set_index("path")
    assert rows.loc["reliability", "reason"] == "varied to a value outside its range, 0.22 to 0.745"
    assert rows.loc["projection", "reason"] == "varied"


def ranged_everywhere() -> SpheresModel:
    """A model whose user gave ranges to shares of powers, a distance, and a number of a region."""
    base = load("us-china-russia-2025")
    pair = frozenset(("China", "Russia"))
    ranges = {
        "powers.China.cinc": Assumption(0.2, 0.15, 0.25, "a guess"),
        "powers.Russia.gdp": Assumption(0.03, 0.02, 0.05, "a guess"),
        "ties.China & Russia.ideology": Assumption(0.5, 0.1, 1.0, "a guess"),
        "regions.Ukraine.population": Assumption(40.0, 35.0, 45.0, "a guess"),
        "regions.Ukraine.cinc": Assumption(0.006, 0.003, 0.012, "a guess", "log-uniform"),
        "regions.Baltics.gdp": Assumption(0.002, 0.001, 0.003, "a guess"),
    }
    model = replace(base, ideology={**base.ideology, pair: 0.5}).vary({"friction": 0.3})
    model = model.vary({path: a.value for path, a in ranges.items()})
    return replace(model, assumptions={**model.assumptions, **ranges})


def test_shares_and_distances_differ_from_draw_to_draw_as_varied_models_do() -> None:
    model = ranged_everywhere()
    draws = model.draws(8, seed=1)
    assert {"powers.China.cinc", "powers.Russia.gdp", "ties.China & Russia.ideology"} <= set(draws.columns)
    assert {"regions.Ukraine.cinc", "regions.Baltics.gdp"} <= set(draws.columns)
    table = model.payoffs(stances.every_contest(3), draws=draws)
    for k in range(8):
        row = {name: column[k].item() for name, column in draws.columns.items()}
        own = model.vary(row).stage().payoffs.reshape(-1, 3)
        assert np.abs(own - table[k]).max() < 1e-9


def test_what_does_not_differ_from_draw_to_draw_is_named() -> None:
    draws = ranged_everywhere().draws(4)
    assert "regions.Ukraine.population" not in draws.columns
    assert draws.how.endswith("not drawn, but held at their values: regions.Ukraine.population")
    with pytest.raises(ScenarioError, match=r"regions\.Ukraine\.population does not differ"):
        ranged_everywhere().draws(4, laws={"regions.Ukraine.population": (35, 45)})


def test_sizes_of_regions_are_drawn_only_where_they_have_a_range() -> None:
    base = load("us-china-russia-2021")
    assert not [name for name in base.draws(4).columns if name.startswith("regions.")]
    draws = base.draws(4)
    concert = base.profile_contests("concert")[None]
    paths = {
        f"regions.Ukraine.{key}": getattr(base.regions[base.region_names.index("Ukraine")], key)
        for key in ("cinc", "gdp")
    }
    # A column that repeats the fact changes nothing.
    same = Draws({**draws.columns, **{k: np.full(4, v) for k, v in paths.items()}}, draws.ranges)
    assert base.payoffs(concert, draws=same) == pytest.approx(base.payoffs(concert, draws=draws), abs=1e-12)
    # Twice the size, in every draw and under both indices, is twice the contested prize.
    twice = Draws({**draws.columns, **{k: np.full(4, 2 * v) for k, v in paths.items()}}, draws.ranges)
    row = base.region_names.index("Ukraine")
    prizes = [base._worlds(None, d).arena(0, 4).prize[row] for d in (same, twice)]
    assert prizes[1] == pytest.approx(2 * prizes[0], rel=1e-12)


@pytest.mark.parametrize("value", [-0.1, 1.1])
def test_a_region_is_at_most_the_world(value: float) -> None:
    model = load("us-china-russia-2021")
    draws = Draws({"regions.Ukraine.cinc": np.array([value])}, {})
    with pytest.raises(ScenarioError, match=r"draws: regions\.Ukraine\.cinc"):
        model.payoffs(model.profile_contests("concert")[None], draws=draws)
