"""The explorer's numbers against `compare.concert` on the same inputs, and what it refuses."""

from __future__ import annotations

import numpy as np
import pytest

from games import load
from games.errors import OutputError, ProfileError, ScenarioError
from games.spheres import SpheresModel
from reports.explore import Choice, Explorer
from solvers import compare, uncertainty

NAME = "us-china-russia-2025"
CHOICES = [
    Choice(NAME),
    Choice(NAME, "Taiwan to China", "concert", "2025: one rival", {"half_distance": 3000.0}),
    Choice(
        NAME,
        "Ukraine to Russia",
        "G2",
        "2025: two rivals",
        {"reliability": 0.6, "gdp_weight": 0.0, "powers.Russia.patience": 0.88},
    ),
    Choice(NAME, "a hemisphere each", "all-out", numbers={"externality": 0.1, "claim_share": 0.25}),
]


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    return Explorer(NAME)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c.map}, {c.regime}")
def test_the_numbers_are_those_of_compare(explorer, choice):
    view = explorer.view(choice)
    result = compare.concert(load(NAME).vary(dict(choice.numbers)), choice.map, choice.regime)
    ours, theirs = view.standing, result.standing
    np.testing.assert_allclose(ours.game.payoffs, theirs.game.payoffs, rtol=1e-12, atol=1e-12)
    np.testing.assert_allclose(ours.benchmarks, theirs.benchmarks, rtol=1e-10, atol=1e-12)
    assert ours.benchmark_names == theirs.benchmark_names
    for name in ("reversion", "status_quo", "correlated", "pure"):
        a, b = getattr(ours, name), getattr(theirs, name)
        np.testing.assert_allclose(a.per_player, b.per_player, rtol=1e-9, atol=1e-12)
        assert a.deviation == b.deviation
    np.testing.assert_array_equal(ours.model.discount, theirs.model.discount)
    assert ours.holds == theirs.holds
    burden = result.burden
    np.testing.assert_allclose(view.autonomy, burden["autonomy concert"], rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(
        view.autonomy_competition.min(axis=0), burden["autonomy competition low"], rtol=1e-10, atol=1e-12
    )
    total = result.burden_total
    np.testing.assert_allclose(
        view.lost.min(axis=0), total[["person burden low", "gdp burden low"]], rtol=1e-9
    )
    if choice.observed:
        seen = result.against_observed.loc[choice.observed]
        for i, power in enumerate(result.players):
            assert view.observed[i] == pytest.approx(seen[f"{power} payoff"], rel=1e-10)
            assert view.regret[i] == pytest.approx(seen[f"{power} regret"], rel=1e-9, abs=1e-10)
    else:
        assert view.observed is None


def test_the_shares_are_those_of_evaluate_with_the_chosen_numbers_fixed(explorer):
    choice = CHOICES[1]
    model = load(NAME)
    ours = explorer.outcomes(choice)
    draws = model.draws(len(ours), seed=0).fix({"half_distance": 3000.0})
    theirs = uncertainty.evaluate(model, draws, choice.map, choice.regime)
    assert len(ours) >= 200
    assert set(ours.draws["half_distance"]) == {3000.0}
    for condition in ("pays all", "holds", "firm", "China gains"):
        assert ours.share(condition) == theirs.share(condition)
    np.testing.assert_array_equal(ours.capability, theirs.capability)


def test_a_kept_choice_gives_the_same_numbers_again(explorer):
    first = explorer.view(CHOICES[1]).standing
    explorer.view(CHOICES[2])
    second = explorer.view(CHOICES[1]).standing
    np.testing.assert_array_equal(first.game.payoffs, second.game.payoffs)
    assert first.game is second.game


def test_a_number_at_its_own_value_changes_nothing(explorer):
    value = explorer.model(NAME).assumptions["half_distance"].value
    plain = explorer.view(Choice(NAME))
    same = explorer.view(Choice(NAME, numbers={"half_distance": value}))
    np.testing.assert_array_equal(plain.standing.game.payoffs, same.standing.game.payoffs)


def test_settings_offer_a_dozen_numbers_within_their_ranges(explorer):
    settings = explorer.settings(NAME)
    assert len(settings["numbers"]) == 12
    assert {n["path"] for n in settings["numbers"]} >= {"half_distance", "powers.China.patience"}
    for number in settings["numbers"]:
        assert number["low"] <= number["value"] <= number["high"]
        assert number["label"]
    assert len({n["label"] for n in settings["numbers"]}) == 12
    assert settings["maps"][0] == "status quo"


def test_another_scenario_has_its_own_settings(explorer):
    settings = explorer.settings("cold-war-1962")
    assert "Korea neutral" in settings["maps"]
    assert "Byers swap" not in settings["maps"]
    view = explorer.view(Choice("cold-war-1962"))
    assert view.standing.payoffs.shape == (len(explorer.model("cold-war-1962").players),)


@pytest.mark.parametrize(
    ("choice", "message"),
    [
        (Choice("us-china-rusia-2025"), "did you mean"),
        (Choice(NAME, "Taiwan to Chine"), "no map 'Taiwan to Chine'"),
        (Choice(NAME, observed="1962"), "no observed profile '1962'"),
        (Choice(NAME, numbers={"half_distanc": 2.0}), "half_distance"),
        (Choice(NAME, numbers={"half_distance": 9000.0}), "its range is 1000 to 4000"),
    ],
)
def test_what_is_not_there_is_refused(explorer, choice, message):
    for ask in (explorer.view, explorer.outcomes):
        with pytest.raises(ScenarioError, match=message):
            ask(choice)


def test_an_unknown_regime_is_refused(explorer):
    with pytest.raises(ProfileError, match="no regime"):
        explorer.view(Choice(NAME, regime="consert"))


@pytest.mark.parametrize(
    ("numbers", "message"),
    [(["half_distanc"], "half_distance"), ([f"n{k}" for k in range(13)], "at most 12")],
)
def test_sliders_that_cannot_be_are_refused(numbers, message):
    with pytest.raises(ScenarioError, match=message):
        Explorer(NAME, numbers)


def test_six_powers_are_refused():
    from games import world

    with pytest.raises(ScenarioError, match="two to five powers"):
        Explorer(world.build(1914))
    with pytest.raises(ScenarioError, match="needs a SpheresModel"):
        Explorer(7)  # type: ignore[arg-type]


def test_a_model_of_ones_own_is_the_first_scenario():
    model = load(NAME).vary({"half_distance": 2500})
    explorer = Explorer(model, ["half_distance"])
    assert explorer.start not in (NAME, "")
    (number,) = explorer.settings(explorer.start)["numbers"]
    assert number["value"] == 2500
    np.testing.assert_allclose(
        explorer.view(Choice(explorer.start)).standing.game.payoffs, model.stage().payoffs, rtol=1e-12
    )
    assert NAME in explorer.titles


def test_save_writes_a_scenario_that_reads_back(explorer, tmp_path):
    target = explorer.save(CHOICES[2], "mine", tmp_path)
    assert target.name == "mine.toml"
    model = load(target)
    assert isinstance(model, SpheresModel)
    expected = explorer.view(CHOICES[2]).standing.game.payoffs
    np.testing.assert_allclose(model.stage(CHOICES[2].map).payoffs, expected, rtol=1e-9)
    with pytest.raises(OutputError, match="exists"):
        explorer.save(CHOICES[2], "mine.toml", tmp_path)


@pytest.mark.parametrize("file", ["../x.toml", "/tmp/x.toml", "", " ", "a\\b.toml", ".hidden", ".."])
def test_save_writes_into_the_folder_only(explorer, tmp_path, file):
    with pytest.raises(OutputError, match="not a file name"):
        explorer.save(Choice(NAME), file, tmp_path)
    assert list(tmp_path.iterdir()) == []
