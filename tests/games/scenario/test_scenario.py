"""Reading, patching, checking and writing scenario files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from games import load, scenarios, world
from games.errors import ConcertError, OutputError, ScenarioError
from games.scenario import faults, json_schema, new, read

CASES = Path(__file__).parents[2] / "cases"
SMALL = CASES / "scenarios" / "small.toml"
BAD = sorted((CASES / "bad_scenarios").glob("*.toml"))


def test_at_least_60_bad_files_stand_in_the_tests():
    assert len(BAD) >= 60


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_a_bad_file_gets_one_clear_line(path):
    expected = path.read_text().splitlines()[0].removeprefix("# expect: ")
    with pytest.raises(ScenarioError) as caught:
        load(path)
    message = str(caught.value)
    assert expected in message
    assert path.name in message
    assert message.isprintable()
    listed = faults(path)
    assert listed
    assert all(line.isprintable() for line in listed)
    assert any(expected in line for line in listed)


def test_every_fault_is_listed(tmp_path):
    path = tmp_path / "many.toml"
    path.write_text(
        'version = 2\nbase = "us-china-russia-2025"\n[maps.m]\nTaiwn = "China"\nTaiwan = "Chna"\n'
        '[regimes]\nb = [["Chna"]]\n[numbers.powers.Chna]\npatience = 0.9\n'
    )
    lines = faults(path)
    assert len(lines) == 4
    for line, word in zip(lines, ("Taiwn", "held by 'Chna'", "a bloc names", "powers.Chna")):
        assert line.startswith(str(path))
        assert word in line
    with pytest.raises(ScenarioError, match=r"\(and 3 more\)"):
        load(path)


@pytest.mark.parametrize("name", scenarios())
def test_shipped_scenarios_have_no_fault(name):
    assert faults(name) == []
    assert read(name).model().name == name
    assert scenarios()[name]


@pytest.mark.parametrize("noise", [b"\xff\xfe\x00\x01", b"version = 2\n\x00"])
def test_a_file_that_is_not_text(tmp_path, noise):
    path = tmp_path / "noise.toml"
    path.write_bytes(noise)
    with pytest.raises(ScenarioError, match=r"noise\.toml: this is not"):
        load(path)


def test_a_file_that_is_much_too_large(tmp_path):
    path = tmp_path / "large.toml"
    path.write_text("#" * 2_000_001)
    with pytest.raises(ScenarioError, match="at most 2,000,000 bytes"):
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
    assert model.name == "small"
    assert model.region_names[:2] == ("Taiwan", "Baltics")
    assert not any("India" in r.name for r in model.regions)
    assert model.modes("trade")[:2] == ["consent", ""]
    assert model.half_distance == 1500
    assert model.patience.tolist() == [0.9, 0.9, 0.9]
    assert model.survival[1] == 0.95
    assert model.friction == 0.1
    assert model.ideology == {frozenset(("China", "Russia")): 0.5}
    assert model.regions[0].worth == 0.5
    assert model.regions[1].note == "Three states."
    assert model.parameters.claims == "part"
    assert model.on_table == ("Taiwan", "Baltics")
    assert model.observed["reading"].contests == (
        ("United States", "China"),
        ("China", "United States"),
        ("Russia", "United States"),
    )
    assert "2021" in model.observed


def test_every_number_is_listed_with_its_tag():
    table = load(SMALL).inputs().set_index("path")
    assert table.loc["half_distance", ["tag", "low", "high", "reason"]].tolist() == [
        "assumed",
        1000,
        3000,
        "reach",
    ]
    assert table.loc["powers.China.survival", ["tag", "source", "year"]].tolist() == [
        "observed",
        "An atlas",
        2020,
    ]
    assert table.loc["friction", ["tag", "reason"]].tolist() == ["derived", "by hand"]
    assert table.loc["powers.Russia.patience", "reason"] == "Leaders are in haste."
    assert load(SMALL).assumptions["powers.Russia.patience"].rule == "haste"
    assert load(SMALL).rules == {"haste": "Leaders are in haste."}


def test_numbers_of_a_stated_rule_are_drawn_together():
    draws = load(SMALL).draws(256, together=1.0)
    assert (draws["powers.China.patience"] == draws["powers.Russia.patience"]).all()
    assert 0.8 <= draws["powers.China.patience"].min() <= draws["powers.China.patience"].max() <= 0.95


def test_a_three_line_patch_changes_one_number_and_its_tag(tmp_path):
    path = tmp_path / "closer.toml"
    path.write_text(
        'version = 2\nbase = "us-china-russia-2025"\nnumbers.ties."China & Russia".ideology = 1.0\n'
    )
    model, base = load(path), load("us-china-russia-2025")
    changed = model.inputs().set_index("path")
    before = base.inputs().set_index("path")
    assert model.name == "closer"
    differing = [p for p in changed.index if changed.loc[p, "value"] != before.loc[p, "value"]]
    assert differing == ["ties.China & Russia.ideology"]
    row = changed.loc["ties.China & Russia.ideology"]
    assert row["tag"] == "assumed"
    assert (row["low"], row["high"]) == (0.269, 1.0)
    assert row["reason"] == "changed by closer.toml"


def test_a_bare_number_keeps_the_range_that_its_rule_has(tmp_path):
    path = tmp_path / "far.toml"
    path.write_text('version = 2\nbase = "us-china-russia-2025"\n[numbers]\nhalf_distance = 5000\n')
    found = load(path).assumptions["half_distance"]
    assert (found.value, found.low, found.high, found.law) == (5000, 1000, 5000, "log-uniform")


def test_patches_stack_and_remove(tmp_path):
    (tmp_path / "one.toml").write_text(f'version = 2\nbase = "{SMALL}"\nnumbers.friction = 0.3\n')
    (tmp_path / "two.toml").write_text(
        'version = 2\nbase = "one"\nremove = ["regions.Baltics", "maps.trade.Baltics", "on_table"]\n'
        'regions.Korea = "South Korea"\nregions.Taiwan = ["Taiwan", "Japan"]\n'
    )
    model = load(tmp_path / "two.toml")
    assert model.friction == 0.3
    assert model.region_names[:2] == ("Taiwan", "Korea")
    assert len(model.regions[0].members) == 2
    assert model.on_table == ()


def test_a_patch_takes_a_world_to_another_year():
    later, before = load("us-china-russia-2025"), load("us-china-russia-2017")
    assert before.year == 2017
    assert "figures of 2016 carried forward" in before.description
    assert before.maps == later.maps
    assert list(before.observed) == ["2017"]
    assert list(later.observed) == ["2025: two rivals", "2025: one rival"]


def test_another_power_joins_by_one_word():
    base = load("us-china-russia-2025")
    four = load("us-china-russia-2025", powers=[*base.players, "Japan"])
    assert "Japan" not in four.region_names
    assert four.regimes.keys() >= {"G2", "reverse Kissinger"}
    korea = read("cold-war-1962").with_powers(["United States", "Soviet Union", "China", "India"]).model()
    assert korea.players[-1] == "India"
    taken = read(SMALL).with_powers(["United States", "China", "Russia", "Japan"])
    assert taken.model().players[-1] == "Japan"
    with pytest.raises(ScenarioError, match="powers must be a list"):
        load(SMALL, powers="China")


def test_a_power_that_leaves_takes_with_it_what_names_it():
    two = load("us-china-russia-2025", powers=["United States", "China"])
    assert list(two.maps) == ["status quo", "Taiwan to China", "Taiwan neutral", "Byers swap"]
    assert two.regimes.keys() == {"concert", "all-out"}
    assert list(two.observed) == ["2025: two rivals", "2025: one rival"]
    assert two.profile("2025: two rivals") == two.profile("all-out")
    assert two.ideology == {frozenset(("United States", "China")): 3.301}
    assert "Russia" in two.region_names
    assert load("us-china-russia-2025", powers=["2", "710"]).maps == two.maps
    small = read(SMALL).with_powers(["United States", "Russia"])
    assert "powers" not in small.tree["numbers"] or "China" not in small.tree["numbers"]["powers"]
    assert small.model().players == ("United States", "Russia")


def test_a_power_that_joins_leaves_the_maps(tmp_path):
    path = tmp_path / "japan.toml"
    path.write_text(
        f'version = 2\nbase = "{SMALL}"\non_table = ["Japan"]\nregions.Japan = "Japan"\nmaps.trade.Japan = "neutral"\n'
    )
    four = load(path, powers=["United States", "China", "Russia", "Japan"])
    assert "Japan" not in four.maps["trade"]
    assert four.on_table == ()


def test_a_folder_of_tables_lies_beside_the_file(tmp_path):
    import shutil

    folder = tmp_path / "tables"
    shutil.copytree(world.tables().folder, folder)
    states = (folder / "states.csv").read_text()
    (folder / "states.csv").write_text(states.replace(",Taiwan,", ",Formosa,"))
    path = tmp_path / "own.toml"
    path.write_text(
        'version = 2\ntitle = "Own"\nyear = 2021\npowers = ["United States", "China"]\ndata = "tables"\n'
        '[regions]\nFormosa = "Formosa"\n'
    )
    model = load(path)
    assert model.region_names[0] == "Formosa"
    model.write(tmp_path / "elsewhere.toml")
    assert load(tmp_path / "elsewhere.toml").region_names == model.region_names


@pytest.mark.parametrize("name", [*scenarios(), str(SMALL)])
def test_what_is_written_is_read_back(name, tmp_path):
    model = load(name).vary({"externality": 0.7, f"powers.{load(name).players[0]}.patience": 0.91})
    model.write(tmp_path / "copy.toml")
    assert faults(tmp_path / "copy.toml") == []
    copy = load(tmp_path / "copy.toml")
    for field in (
        "players",
        "region_names",
        "maps",
        "regimes",
        "observed",
        "parameters",
        "on_table",
        "name",
        "title",
    ):
        assert getattr(copy, field) == getattr(model, field), field
    for path, assumption in model.assumptions.items():
        other = copy.assumptions[path]
        assert (other.value, other.low, other.high, other.law) == (
            assumption.value,
            assumption.low,
            assumption.high,
            assumption.law,
        )
    contests = model.profile_contests("all-out")[None]
    for map in model.maps:
        assert copy.payoffs(contests, map) == pytest.approx(model.payoffs(contests, map))
    copy.write(tmp_path / "again.toml")
    assert (tmp_path / "again.toml").read_text() == (tmp_path / "copy.toml").read_text()


def test_writing_goes_to_toml_only(tmp_path):
    with pytest.raises(OutputError, match=r"ends in \.toml or \.xlsx"):
        load(SMALL).write(tmp_path / "x.json")
    with pytest.raises(OutputError, match="cannot write"):
        load(SMALL).write(tmp_path / "nowhere" / "x.toml")


@pytest.mark.parametrize(
    ("path", "value", "expected"),
    [
        ("frictoin", 1.0, "no number 'frictoin'; did you mean 'friction'"),
        ("powers.China", 1.0, "no number 'powers.China'"),
        ("powers.China.patience", 1.0, "lies strictly between 0 and 1"),
        ("powers.China.patience", float("nan"), "must be a finite number"),
        ("friction", "much", "'much' is not a number"),
        ("friction", True, "True is not a number"),
        ("claims", "some", "claims is 'some'"),
        ("regions.Taiwan.cinc", 2.0, "a share of the world"),
    ],
)
def test_varying_badly(path, value, expected):
    with pytest.raises(ScenarioError, match=expected):
        load(SMALL).vary({path: value})


def test_varying_an_input_leaves_the_model_alone():
    model = load(SMALL)
    other = model.vary({"friction": 0.8, "regions.Taiwan.cinc": 0.01, "left_out": "Baltics"})
    assert (model.friction, other.friction) == (0.1, 0.8)
    assert other.regions[0].cinc == pytest.approx(0.01)
    assert other.parameters.left_out == "Baltics"
    table = other.inputs().set_index("path")
    assert table.loc["friction", ["tag", "reason"]].tolist() == ["assumed", "varied"]
    assert table.loc["regions.Taiwan.cinc", "tag"] == "assumed"


def test_a_new_scenario_reads_as_it_stands_and_with_its_comments_taken_away(tmp_path):
    text = new("mine", ["United States", "China", "Japan"], 2021, keep_apart=["Taiwan", "South Korea"])
    (tmp_path / "mine.toml").write_text(text)
    model = load(tmp_path / "mine.toml")
    assert model.players == ("United States", "China", "Japan")
    assert model.on_table == ("Taiwan", "South Korea")
    loose = []
    for line in text.splitlines():
        if line.startswith("# - ") or "as in" in line:
            continue
        setting = line.startswith("# [") or (line.startswith("# ") and " = " in line)
        loose.append(line.removeprefix("# ") if setting else line)
    (tmp_path / "all.toml").write_text("\n".join(loose))
    full = load(tmp_path / "all.toml")
    assert len(full.maps) == 3
    assert "my reading" in full.observed
    assert "against China" in full.regimes
    contests = model.profile_contests("all-out")[None]
    assert full.payoffs(contests) == pytest.approx(model.payoffs(contests), rel=1e-3)


@pytest.mark.parametrize("name", ["=1+1", "a\nb", "", "x" * 81])
def test_a_new_scenario_has_a_sound_name(name):
    with pytest.raises(ScenarioError):
        new(name)


def test_the_schema_is_one_that_editors_read():
    schema = json_schema()
    assert schema["$schema"].startswith("https://json-schema.org/")
    assert {"year", "powers", "maps", "numbers", "observed"} <= schema["properties"].keys()
    assert schema["additionalProperties"] is False


def test_markup_in_titles_and_reasons_is_only_text(tmp_path):
    path = tmp_path / "markup.toml"
    path.write_text(
        f'version = 2\nbase = "{SMALL}"\ntitle = "<script>alert(1)</script>"\n'
        '[maps."<b>deal</b>"]\nTaiwan = "China"\n'
        '[numbers]\nfriction = { value = 0.1, tag = "derived", reason = "=HYPERLINK(1)" }\n'
    )
    model = load(path)
    assert "<script>" not in model._repr_html_()
    assert "<b>deal" not in model._repr_html_()
    model.write(tmp_path / "out.toml")
    assert load(tmp_path / "out.toml").title == model.title


def test_the_stage_game_of_the_default_scenario_is_finite_and_small():
    game = load().stage()
    assert game.shape == (4, 4, 4)
    assert np.isfinite(game.payoffs).all()
