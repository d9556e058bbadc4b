"""The section on what powers do not know: there if the scenario names kinds, and the solver's own numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest

import reports
from games import load
from games.errors import ScenarioError
from games.scenario import read
from games.spheres import Kind
from reports.sections import bargaining, partitions, swaps
from reports.sections import doubt as section
from solvers import compare, doubt

KINDS = {"China": (Kind("contests cost it much", "1/2", {"contest_cost": 0.3}), Kind("as it is", "1/2"))}

SCENARIO = """
version = 2
base = "us-china-russia-2025"
name = "doubt"
title = "Doubt"

[kinds.China."contests cost it much"]
probability = 0.5
changes = { contest_cost = 0.3 }
reason = "the upper end of the scenario's own range"

[kinds.China."as it is"]
probability = 0.5
reason = "the scenario's main number"

[kinds.Russia."keeps its word"]
probability = "2/3"
reason = "illustration"

[kinds.Russia."breaks a deal when it can"]
probability = "1/3"
discount = 0
reason = "illustration"
"""


@pytest.fixture(scope="module")
def result():
    return compare.concert(replace(load("us-china-russia-2025"), kinds=KINDS))


def test_the_section_holds_the_solvers_numbers(result) -> None:
    found = section.doubt(result)
    trial = doubt.from_model(result.model)
    assert trial.game.n_types == (1, 2, 1)
    kinds = found.blocks[1]
    assert [row[0] for row in kinds.rows] == [
        "United States: as the model says",
        "China: contests cost it much",
        "China: as it is",
        "Russia: as the model says",
    ]
    assert [row[3] for row in kinds.rows] == pytest.approx([float(m) for own in trial.margins for m in own])
    settle = found.blocks[2]
    assert settle.rows[0][1] == f"{trial.threshold('China'):.2f}"
    assert settle.rows[0][2] == pytest.approx(trial.hostage("China")["hostage"].max())


def test_the_report_has_the_section_only_where_there_are_kinds(result, report, monkeypatch) -> None:
    # The sections that take longest are those of the other report.
    made = {s.title: s for s in report.sections}
    for module, name in ((bargaining, "solutions"), (partitions, "partitions"), (swaps, "swaps")):
        monkeypatch.setattr(module, name, lambda *_, title=module.TITLE: made[title])
    titles = [s.title for s in reports.build(result).sections]
    assert section.TITLE in titles
    assert section.TITLE not in [s.title for s in report.sections]


def test_kinds_are_read_from_a_scenario(tmp_path) -> None:
    (tmp_path / "doubt.toml").write_text(SCENARIO)
    model = load(tmp_path / "doubt.toml")
    assert [k.label for k in model.kinds["Russia"]] == ["keeps its word", "breaks a deal when it can"]
    trial = doubt.from_model(model)
    assert trial.game.n_types == (1, 2, 2)
    assert str(trial.game.marginal("Russia")[0]) == "2/3"
    without = read(tmp_path / "doubt.toml").with_powers(["United States", "China"]).model()
    assert list(without.kinds) == ["China"]


@pytest.mark.parametrize(
    ("change", "to", "words"),
    [
        ('probability = "1/3"', 'probability = "1/2"', "add up to 1.16666666667; they must add up to 1"),
        ('probability = "1/3"', "probability = 0", "leave out a kind that never occurs"),
        ("kinds.Russia", "kinds.Rusia", "which is not a power; did you mean 'Russia'"),
        ("discount = 0", "discount = 1", "it must be in [0, 1)"),
        ("contest_cost = 0.3", "contest_cst = 0.3", "contest_cst"),
        ("discount = 0", "discuont = 0", "discuont"),
    ],
)
def test_kinds_that_make_no_sense_are_refused(change: str, to: str, words: str, tmp_path) -> None:
    assert change in SCENARIO
    (tmp_path / "doubt.toml").write_text(SCENARIO.replace(change, to))
    with pytest.raises(ScenarioError) as error:
        load(tmp_path / "doubt.toml")
    assert words in str(error.value)
