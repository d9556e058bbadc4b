"""Reading, patching and checking scenario files."""

from __future__ import annotations

from pathlib import Path

import pytest

from games import load, scenarios
from games.errors import ConcertError, ScenarioError
from games.scenario import read

CASES = Path(__file__).parents[1] / "cases"
SMALL = CASES / "scenarios" / "small.toml"
BAD = sorted((CASES / "bad_scenarios").glob("*.toml"))


def test_at_least_25_bad_files_stand_in_the_tests():
    assert len(BAD) >= 25


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_bad_file_gets_one_clear_line(path):
    expected = path.read_text().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    message = str(caught.value)
    assert expected in message
    assert path.name in message
    assert "\n" not in message


def test_a_file_that_is_not_text(tmp_path):
    path = tmp_path / "noise.toml"
    path.write_bytes(b"\xff\xfe\x00\x01")
    with pytest.raises(ScenarioError, match=r"noise\.toml: this is not a text file in UTF-8"):
        load(path)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "us-china-rusia-2025",
            "there is no scenario 'us-china-rusia-2025'; did you mean 'us-china-russia-2025'?",
        ),
        ("nowhere/file.toml", "there is no scenario file 'nowhere/file.toml'"),
    ],
)
def test_an_unknown_scenario(name, expected):
    with pytest.raises(ConcertError) as caught:
        load(name)
    assert str(caught.value) == expected


def test_what_a_small_file_says_is_what_the_model_holds():
    model = load(SMALL)
    assert model.players == ("North", "South")
    assert model.region_names == ("Coast", "Island")
    assert model.maps["status quo"] == {"Coast": "North", "Island": None}
    assert model.maps["trade"] == {"Coast": "South", "Island": None}
    assert model.discount == pytest.approx([0.9, 0.72])
    assert model.capability == pytest.approx([0.75, 0.25])
    assert model.name == "small"


def test_every_number_is_listed_with_its_tag():
    table = load(SMALL).inputs().set_index("path")
    assert len(table) == SMALL.read_text().count("{ value =")
    assert table.loc["regions.Coast.gdp", ["value", "tag", "source", "year"]].tolist() == [
        100,
        "observed",
        "An atlas",
        2023,
    ]
    assert table.loc["parameters.friction", ["tag", "low", "high"]].tolist() == ["assumed", 0.0, 1.0]
    assert load(SMALL).assumed_share == pytest.approx((table["tag"] == "assumed").mean())


def test_a_three_line_patch_changes_one_number_and_its_tag(tmp_path):
    path = tmp_path / "less-friction.toml"
    path.write_text('version = 1\nbase = "us-china-russia-2025"\npowers.Russia.capability.cinc = 0.05\n')
    model, base = load(path), load("us-china-russia-2025")
    changed = model.inputs().set_index("path")
    before = base.inputs().set_index("path")
    assert model.name == "less-friction"
    differing = [p for p in changed.index if changed.loc[p, "value"] != before.loc[p, "value"]]
    assert differing == ["powers.Russia.capability.cinc"]
    row = changed.loc["powers.Russia.capability.cinc"]
    assert row["tag"] == "assumed"
    assert (row["low"], row["high"]) == (0.0382, 0.05)
    assert row["reason"] == "changed by less-friction.toml"


def test_patches_stack_and_remove(tmp_path):
    (tmp_path / "one.toml").write_text(f'version = 1\nbase = "{SMALL}"\nparameters.friction = 0.9\n')
    (tmp_path / "two.toml").write_text(
        'version = 1\nbase = "one"\nremove = ["regions.Island", "maps.status quo.Island"]\npowers.North.tremble = 0.05\n'
    )
    model = load(tmp_path / "two.toml")
    assert model.friction == 0.9
    assert model.region_names == ("Coast",)
    assert model.tremble.tolist() == [0.05, 0.02]


def test_varying_an_input_leaves_the_model_alone():
    model = load(SMALL)
    other = model.vary({"parameters.friction": 0.8, "regions.Coast.stakes.North": 9})
    assert (model.friction, other.friction) == (0.5, 0.8)
    assert other.regions[0].stakes["North"] == 9.0
    assert other.inputs().set_index("path").loc["parameters.friction", "reason"] == "varied"


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("parameters.fricton", 1.0, "parameters has no 'fricton'; did you mean 'friction'?"),
        ("parameters", 1.0, "names no single number"),
        ("parameters.friction.value", 1.0, "parameters.friction has no 'value'"),
        ("powers.North.patience", 1.0, "must lie strictly between 0 and 1"),
        ("powers.North.patience", float("nan"), "must be a finite number"),
        ("parameters.friction", "much", "'much' is not a number"),
    ],
)
def test_varying_badly(path, value, expected):
    with pytest.raises(ScenarioError, match=expected.replace("?", r"\?")):
        load(SMALL).vary({path: value})


def test_shipped_scenarios_have_titles():
    assert {"us-china-russia-2025", "great-power-competition-2021"} <= scenarios().keys()
    assert all(title for title in scenarios().values())
    assert all(read(name).model().name == name for name in scenarios())
