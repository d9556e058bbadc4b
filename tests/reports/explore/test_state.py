"""The explorer's numbers against `compare.concert` on the same inputs, and what it refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from games import load, world
from games.errors import OutputError, ProfileError, ScenarioError
from games.spheres import SpheresModel
from games.spheres.parameters import CLAIMS, SWITCHES, Parameters
from reports.explore import Choice, Explorer, _state
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
    Choice(
        NAME, "Taiwan to China", "2025: one rival", switches={"claims": "part or rivalry", "index": "CINC"}
    ),
    Choice(
        NAME,
        "Ukraine to Russia",
        numbers={"half_distance": 9000.0, "friction": 0.02, "upkeep": 0.01},
        switches={"defence_advantage": 2.0, "pact_cost": 2.0, "left_out": "Taiwan"},
    ),
]


def expected(choice: Choice) -> SpheresModel:
    """The scenario's model with the choice in it, made without the explorer."""
    changes = {**choice.numbers, **{k: v for k, v in choice.switches.items() if k != "index"}}
    return load(NAME).with_index(str(choice.switches.get("index", "mix"))).vary(changes)


@pytest.fixture(scope="module")
def explorer() -> Explorer:
    return Explorer(NAME)


@pytest.mark.parametrize("choice", CHOICES, ids=lambda c: f"{c.map}, {c.regime}")
def test_the_numbers_are_those_of_compare(explorer, choice):
    view = explorer.view(choice)
    result = compare.concert(expected(choice), choice.map, choice.regime)
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


@pytest.mark.parametrize(
    "choice", [CHOICES[0], replace(CHOICES[5], numbers={"friction": 0.02})], ids=["plain", "switches"]
)
def test_draws_in_steps_are_those_of_one_pass(choice, monkeypatch):
    """However short the steps, the same draws give the same shares; a step shows what is done."""
    monkeypatch.setitem(_state._DRAWS, 3, 16)
    explorer = Explorer(NAME)
    steps = explorer.steps(choice)
    lengths = []
    while not steps.done:
        steps.advance(0.0)
        lengths.append(len(steps.outcomes))
    assert lengths == sorted(lengths)
    assert lengths[-1] == steps.total == 16
    assert explorer.steps(choice) is steps
    model = expected(replace(choice, numbers={}))
    draws = load(NAME).draws(16, seed=0).fix({**choice.numbers, **choice.switches})
    theirs = uncertainty.evaluate(model, draws, choice.map, choice.regime, autonomy=False)
    lacking = (theirs.count > 0) & theirs.mixed
    assert (len(lengths) > 1) == lacking.any()
    for condition in ("pays all", "holds", "could hold", "firm", "China gains"):
        assert steps.outcomes.share(condition) == theirs.share(condition)
    np.testing.assert_allclose(
        np.sort(steps.outcomes.nash, axis=0), np.sort(theirs.nash, axis=0), rtol=1e-9, atol=1e-12
    )


def test_a_number_that_no_draw_carries_is_changed_in_the_model():
    path = "ties.China & Russia.ideology"
    model = load(NAME)
    model = model.vary({"friction": 0.05, path: model.ideology[frozenset(("China", "Russia"))] + 1})
    explorer = Explorer(model, [path, "half_distance"])
    choice = Choice(explorer.start, numbers={path: model.assumptions[path].low})
    view = explorer.view(choice)
    theirs = compare.concert(model.vary(dict(choice.numbers)))
    np.testing.assert_allclose(view.standing.game.payoffs, theirs.standing.game.payoffs, rtol=1e-12)
    np.testing.assert_allclose(view.autonomy, theirs.burden["autonomy concert"], rtol=1e-10)
    assert len(explorer.outcomes(choice)) == 200


def test_every_switch_of_the_model_has_a_control(explorer):
    """All that `Parameters` holds is a number on the page, a switch on the page, or a slider that another choice brings."""
    settings = explorer.settings(NAME)
    switches = {s["name"]: s for s in settings["switches"]}
    assert set(switches) == {"index", *SWITCHES}
    numbers = {n["path"] for n in settings["numbers"]}
    assert set(Parameters.names()) <= numbers | set(switches)
    assert [level["value"] for level in switches["claims"]["levels"]] == list(CLAIMS)
    assert [level["value"] for level in switches["left_out"]["levels"]] == ["", *load(NAME).region_names]
    assert (switches["defence_advantage"]["low"], switches["defence_advantage"]["high"]) == (1.0, 3.0)
    own = load(NAME).vary({"pact_cost": 1.5, "claims": "part"})
    again = {s["name"]: s for s in Explorer(own).settings(f"{NAME} (as handed in)")["switches"]}
    assert again["claims"]["value"] == "part"
    assert 1.5 in [level["value"] for level in again["pact_cost"]["levels"]]


def test_presets_are_the_variants_of_the_report(explorer):
    presets = explorer.settings(NAME)["presets"]
    variants = load(NAME).variants(regions=False)
    assert len(presets) == len(variants)
    for preset, variant in zip(presets, variants.values()):
        game = explorer.view(Choice(NAME, switches=preset["switches"])).standing.game
        np.testing.assert_allclose(game.payoffs, variant.stage().payoffs, rtol=1e-12, atol=1e-12)


def test_what_lies_outside_its_range_is_named(explorer):
    view = explorer.view(Choice(NAME, numbers={"half_distance": 9000.0}, switches={"defence_advantage": 4.0}))
    assert view.beyond == {"half_distance": (1000.0, 4000.0), "defence_advantage": (1.0, 3.0)}
    inside = Choice(NAME, numbers={"half_distance": 4000.0, "friction": 0.1})
    assert explorer.view(inside).beyond == {}


def test_a_term_that_is_off_has_a_box_and_no_range():
    model = world.build(2021, ["United States", "China"])
    own = Explorer(model)
    boxes = {n["path"] for n in own.settings(own.start)["numbers"] if n["low"] is None}
    assert boxes == {"order", "upkeep", "friction"}
    view = own.view(Choice(own.start, numbers={"order": 0.5}))
    assert view.beyond == {}
    np.testing.assert_allclose(
        view.standing.game.payoffs, model.vary({"order": 0.5}).stage().payoffs, rtol=1e-12
    )


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
    assert len(settings["numbers"]) == 12 + 2
    assert {n["path"] for n in settings["numbers"]} >= {"half_distance", "powers.China.patience"}
    for number in settings["numbers"]:
        assert number["low"] <= number["value"] <= number["high"]
        assert number["label"]
    # Beside the dozen, what is left of the three terms that worlds made by rule leave out.
    assert {n["path"] for n in settings["numbers"][12:]} == {"upkeep", "friction"}
    assert len({n["label"] for n in settings["numbers"]}) == 12 + 2
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
        (Choice(NAME, numbers={"gdp_weight": 3.0}), "gdp_weight is 3; it must be between 0 and 1"),
        (Choice(NAME, numbers={"friction": -1.0}), "friction is -1; it must be at least 0"),
        (Choice(NAME, switches={"index": "gold"}), "no capability index 'gold'"),
        (Choice(NAME, switches={"claim": "part"}), "no switch 'claim'"),
        (Choice(NAME, switches={"claims": "most"}), "claims"),
        (Choice(NAME, switches={"left_out": "Atlantis"}), "no region 'Atlantis'"),
        (Choice(NAME, switches={"pact_cost": "high"}), "pact_cost: 'high' is not a number"),
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
    with pytest.raises(ScenarioError, match="two to five powers"):
        Explorer(world.build(1914))
    with pytest.raises(ScenarioError, match="needs a SpheresModel"):
        Explorer(7)  # type: ignore[arg-type]


def test_a_model_of_ones_own_is_the_first_scenario():
    model = load(NAME).vary({"half_distance": 2500})
    explorer = Explorer(model, ["half_distance"])
    assert explorer.start not in (NAME, "")
    number = explorer.settings(explorer.start)["numbers"][0]
    assert number["value"] == 2500
    np.testing.assert_allclose(
        explorer.view(Choice(explorer.start)).standing.game.payoffs, model.stage().payoffs, rtol=1e-12
    )
    assert NAME in explorer.titles


@pytest.mark.parametrize("choice", CHOICES[2:], ids=lambda c: f"{c.map}, {c.regime}")
def test_what_is_saved_gives_the_same_numbers_when_loaded(choice, tmp_path):
    explorer = Explorer(NAME)
    target = explorer.save(choice, "mine", tmp_path)
    assert target.name == "mine.toml"
    ours = explorer.view(choice)
    theirs = compare.concert(load(target), choice.map, choice.regime)
    np.testing.assert_allclose(ours.standing.payoffs, theirs.standing.payoffs, rtol=1e-9)
    np.testing.assert_allclose(ours.standing.benchmarks, theirs.standing.benchmarks, rtol=1e-9)
    np.testing.assert_allclose(
        ours.standing.reversion.per_player, theirs.standing.reversion.per_player, rtol=1e-9
    )
    np.testing.assert_allclose(ours.autonomy, theirs.burden["autonomy concert"], rtol=1e-9)
    # The file is a scenario of this explorer from now on.
    saved = explorer.view(Choice("mine.toml", choice.map, choice.regime))
    np.testing.assert_allclose(saved.standing.game.payoffs, ours.standing.game.payoffs, rtol=1e-9)
    with pytest.raises(OutputError, match="exists"):
        explorer.save(choice, "mine.toml", tmp_path)


@pytest.mark.parametrize("file", ["../x.toml", "/tmp/x.toml", "", " ", "a\\b.toml", ".hidden", ".."])
def test_save_writes_into_the_folder_only(explorer, tmp_path, file):
    with pytest.raises(OutputError, match="not a file name"):
        explorer.save(Choice(NAME), file, tmp_path)
    assert list(tmp_path.iterdir()) == []
