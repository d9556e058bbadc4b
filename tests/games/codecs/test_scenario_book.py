"""Scenarios in Excel workbooks: there and back without loss, many faults at once by cell, and nothing that blows up memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from games import load, scenarios
from games.codecs import scenario_book
from games.errors import ScenarioError
from games.scenario import faults, new_workbook
from games.spheres.write import tree_of


@pytest.fixture(scope="module")
def content():
    return scenario_book.to_bytes(tree_of(load("us-china-russia-2025")), "x.xlsx")


def changed(content, path, edits):
    """The workbook with some cells changed: (sheet, cell, value)."""
    book = load_workbook(io.BytesIO(content))
    for sheet, cell, value in edits:
        book[sheet][cell] = value
    book.save(path)
    return path


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


@settings(max_examples=12, deadline=None)
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


def test_formulas_are_written_as_text():
    tree = {"version": 2, "title": "=HYPERLINK(1)", "description": "+1", "rules": {"@a": "-cmd"}}
    content = scenario_book.to_bytes(tree, "x")
    for sheet in load_workbook(io.BytesIO(content)):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert scenario_book.from_bytes(content, "x")[0] == tree
    assert scenario_book.to_bytes(tree, "x") == content


def test_many_faults_are_named_by_sheet_and_cell(content, tmp_path):
    path = changed(
        content,
        tmp_path / "bad.xlsx",
        [
            ("Numbers", "B2", "abc"),
            ("Numbers", "D3", True),
            ("Observed", "B2", "rival"),
            ("Regions", "D1", "nots"),
            ("Scenario", "A3", None),
        ],
    )
    found = faults(path)
    assert len(found) == 5
    for words in (
        "sheet Numbers, cell B2: 'abc' is not a number",
        "sheet Numbers, cell D3: True is not a number",
        "sheet Observed, row 2: the relation cannot be 'rival'; did you mean 'rivals'",
        "sheet Regions, cell D1: there is no column 'nots'; did you mean 'note'",
        "sheet Scenario, cell A3: the key is missing",
    ):
        assert any(words in line for line in found), words
    with pytest.raises(ScenarioError, match=r"\(and 4 more\)"):
        load(path)


def test_faults_between_the_sheets_are_named_by_row(content, tmp_path):
    path = changed(
        content,
        tmp_path / "bad.xlsx",
        [
            ("Deals", "C3", "Chnia"),
            ("Deals", "B4", "Taiwn"),
            ("Regimes", "B2", "Russia; Chna"),
            ("Observed", "C2", "Chna"),
        ],
    )
    found = faults(path)
    assert [line.split(": ")[1] for line in found] == [
        "sheet Deals, row 3",
        "sheet Deals, row 4",
        "sheet Regimes, row 2",
        "sheet Observed, row 2",
    ]
    path = changed(content, tmp_path / "key.xlsx", [("Numbers", "A4", "frictoin")])
    assert faults(path) == [
        f"{path}: sheet Numbers, row 4: numbers: unknown key 'frictoin'; did you mean 'friction'?"
    ]
    path = changed(content, tmp_path / "twice.xlsx", [("Rules", "A3", "order")])
    assert "row 3: 'rules.order' already stands in sheet Rules, row 2" in faults(path)[0]


def test_an_unknown_sheet_is_a_fault(content, tmp_path):
    book = load_workbook(io.BytesIO(content))
    book.create_sheet("Number")
    book.save(tmp_path / "x.xlsx")
    assert faults(tmp_path / "x.xlsx") == [
        f"{tmp_path / 'x.xlsx'}: there is no sheet 'Number' in a scenario; did you mean 'Numbers'?"
    ]


def hostile(kind):
    book = Workbook()
    book.active.title = "Numbers"
    book.active["A1"] = "number"
    if kind == "far":
        book.active["XFD1048576"] = 1
    out = io.BytesIO()
    book.save(out)
    if kind == "bomb":
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("xl/media/zeros.bin", bytes(60_000_000))
    if kind == "cut":
        return out.getvalue()[:2000]
    return b"PK\x03\x04 no zip at all" if kind == "no zip" else out.getvalue()


@pytest.mark.parametrize("kind", ["far", "bomb", "cut", "no zip"])
def test_hostile_workbooks_are_refused_in_one_line_and_little_memory(kind, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_bytes(hostile(kind))
    assert path.stat().st_size < 100_000
    tracemalloc.start()
    with pytest.raises(ScenarioError) as refused:
        load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 50_000_000
    assert "\n" not in str(refused.value)
    assert "x.xlsx" in str(refused.value)


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
