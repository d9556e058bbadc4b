"""Scenarios in Excel workbooks: there and back without loss, and a new one that is valid as it stands."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from games import load, scenarios
from games.codecs import scenario_book
from games.scenario import faults, new_workbook
from games.spheres.write import tree_of


@pytest.mark.parametrize("name", scenarios())
def test_from_toml_to_excel_and_back_is_the_same_model(name, tmp_path):
    model = load(name)
    model.write(tmp_path / f"{name}.xlsx")
    through = load(tmp_path / f"{name}.xlsx")
    assert tree_of(through) == tree_of(model)
    assert through.inputs().equals(model.inputs())
    through.write(tmp_path / "back.toml")
    assert tree_of(load(tmp_path / "back.toml")) == tree_of(model)


def test_kinds_a_patch_and_bare_numbers_come_back(tmp_path):
    book = Workbook()
    rows = {
        "Scenario": [
            ["key", "value"],
            ["version", 2],
            ["base", "us-china-russia-2025"],
            ["remove", "maps.Byers swap"],
        ],
        "Numbers": [["value", "number"], [3000, "half_distance"], ["0.9", "powers.Russia.patience"]],
        "Kinds": [
            ["power", "kind", "probability", "discount", "change", "value", "reason"],
            ["Russia", "steady", 0.75, None, "powers.Russia.patience", 0.95, "r"],
            ["Russia", "restless", "1/4", 0, None, None, "s"],
        ],
    }
    for title, lines in rows.items():
        sheet = book.create_sheet(title)
        for line in lines:
            sheet.append(line)
    del book["Sheet"]
    book.save(tmp_path / "mine.xlsx")
    model = load(tmp_path / "mine.xlsx")
    assert model.name == "mine"
    assert model.parameters.half_distance == 3000
    assert "Byers swap" not in model.maps
    assert [kind.label for kind in model.kinds["Russia"]] == ["steady", "restless"]
    model.write(tmp_path / "again.xlsx")
    assert tree_of(load(tmp_path / "again.xlsx"))["kinds"] == tree_of(model)["kinds"]


WORDS = st.text(
    st.characters(codec="utf-8", categories=("L", "N", "P", "S", "Zs")), min_size=1, max_size=12
).filter(lambda s: s.strip() == s and not s.startswith("#") and ";" not in s)


@settings(max_examples=8, deadline=None)
@given(
    st.dictionaries(WORDS, st.tuples(WORDS, WORDS), max_size=3),
    st.dictionaries(WORDS, WORDS, max_size=3),
    st.floats(allow_nan=False, allow_infinity=False),
)
def test_any_text_and_number_is_kept(sources, rules, number):
    tree = {
        "version": 2,
        "sources": {key: {"title": title, "note": note} for key, (title, note) in sources.items()},
        "rules": rules,
        "numbers": {"order": {"value": number, "tag": "derived", "reason": "=1+1"}},
    }
    back, _ = scenario_book.from_bytes(scenario_book.to_bytes(tree, "x"), "x")
    assert back == {key: value for key, value in tree.items() if value}


def test_a_new_workbook_is_valid_as_it_stands(tmp_path):
    path = tmp_path / "mine.xlsx"
    path.write_bytes(
        new_workbook("mine", ["United States", "China", "Russia", "India"], 2021, keep_apart=["Taiwan"])
    )
    assert faults(path) == []
    assert load(path).players == ("United States", "China", "Russia", "India")
    sheet = load_workbook(path)["Numbers"]
    assert sheet["A2"].value.startswith("# ")
    # Without the mark the row counts.
    sheet["A2"].value = sheet["A2"].value.removeprefix("# ")
    sheet.parent.save(path)
    assert faults(path) == []
