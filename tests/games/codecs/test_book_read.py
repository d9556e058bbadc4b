"""Workbooks that are wrong: many faults at once by sheet and cell, and nothing that blows up memory."""

from __future__ import annotations

import io
import tracemalloc
import zipfile

import pytest
from openpyxl import Workbook, load_workbook

from games import load
from games.codecs import scenario_book
from games.errors import ScenarioError
from games.scenario import faults
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
