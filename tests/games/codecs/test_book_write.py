"""What a scenario's workbook looks like: text that stays text, hints that are not read, equal bytes of equal trees."""

from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from games.codecs import scenario_book
from games.errors import ScenarioError


def test_formulas_are_written_as_text():
    tree = {"version": 2, "title": "=HYPERLINK(1)", "description": "+1", "rules": {"@a": "-cmd"}}
    content = scenario_book.to_bytes(tree, "x")
    for sheet in load_workbook(io.BytesIO(content)):
        assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert scenario_book.from_bytes(content, "x")[0] == tree
    assert scenario_book.to_bytes(tree, "x") == content


def test_hints_stand_behind_a_mark_and_are_not_read():
    tree = {"version": 2, "numbers": {"friction": 0.1}}
    content = scenario_book.to_bytes(tree, "x", {"Numbers": [["order", 0.5]]})
    rows = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(content))["Numbers"]]
    assert [row[:2] for row in rows] == [["number", "value"], ["friction", 0.1], ["# order", 0.5]]
    assert scenario_book.from_bytes(content, "x")[0] == tree


def test_a_control_character_is_refused():
    with pytest.raises(ScenarioError, match=r"x\.xlsx: a text holds a control character.*write \.toml"):
        scenario_book.to_bytes({"version": 2, "title": "a\x07b"}, "x.xlsx")
