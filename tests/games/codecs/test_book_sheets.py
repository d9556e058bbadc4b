"""The sheets of a scenario's workbook hold every key of a scenario, and the page on scenarios names them."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook

from games.codecs import scenario_book
from games.codecs._book_sheets import NUMBER_KEYS, README, SHEETS
from games.scenario._schema import ScenarioFile

TABLES = {sheet.name.casefold(): sheet for sheet in SHEETS}


def test_every_key_of_a_scenario_has_a_sheet_or_stands_in_the_first():
    named = set(re.findall(r"\w+", TABLES["scenario"].about))
    for key in ScenarioFile.model_fields:
        assert {"maps": "deals"}.get(key, key) in TABLES or key in named, key


def test_every_key_of_a_number_is_a_column():
    assert tuple(column.name for column in TABLES["numbers"].columns) == ("number", "value", *NUMBER_KEYS)


def test_no_sheet_and_no_column_stands_twice_and_the_first_column_is_needed():
    assert len(TABLES) == len(SHEETS)
    assert README.casefold() not in TABLES
    for sheet in SHEETS:
        names = [column.name for column in sheet.columns]
        assert len(set(names)) == len(names)
        assert sheet.columns[0].required


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_a_sheet_is_written_with_its_columns_and_explained(sheet):
    book = load_workbook(io.BytesIO(scenario_book.to_bytes({"version": 2}, "x")))
    assert [cell.value for cell in book[sheet.name][1]] == [column.name for column in sheet.columns]
    rows = {row[0]: row[1:] for row in book[README].iter_rows(values_only=True)}
    assert rows[sheet.name] == (sheet.about, ", ".join(column.name for column in sheet.columns))
    page = Path(__file__).parents[3] / "docs" / "scenarios.md"
    assert re.search(rf"The sheets are [^.]*\b{sheet.name}\b", page.read_text(encoding="utf-8"), re.S)
