from __future__ import annotations

import csv
import io
import math
import re
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from games.errors import OutputError
from reports import export
from reports.document import Column, Details, Figure, Section, SharesPanel, Table
from reports.report import Report

TABLE = Table(
    "A & B: 100%",
    (Column("name"), Column("x", "number", 3, common_unit=True), Column("d", "discount", 3), Column("on")),
    (
        ("=cmd|' /C calc'!A0", 1.23456, (0.25, math.inf), True),
        ("+1", -1234.5, 0.5, None),
        ("@x_y", 0.0, math.inf, False),
        ("a\x1b\tb", 1, None, "−"),
    ),
    ("a note",),
    (1,),
)
PANEL = SharesPanel("P", ("r",), ("US", "local"), ((0.5, 0.5),))
REPORT = Report(
    "A",
    "",
    ("B.",),
    (
        Section("S", "", (TABLE, Figure("What it shows", "in words", (PANEL,), (("p0", "US"),)))),
        Section("T", "", (Details("d", (Table("A & B: 100%", (Column("x"),), (("=1",),)),)),)),
    ),
)


def test_pictures_display_on_their_own_as_svg_and_png(tmp_path):
    written, failures = export.write_figures(REPORT, tmp_path / "pictures")
    assert failures == []
    assert [path.name for path in written] == ["01-what-it-shows.svg", "01-what-it-shows.png"]
    root = ElementTree.fromstring(written[0].read_text(encoding="utf-8"))
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert root.find("{*}title").text == "What it shows"
    assert root.find("{*}desc").text == "in words"
    assert {"What it shows", "P", "US"} <= {node.text for node in root.iter() if node.tag.endswith("text")}
    assert written[1].read_bytes().startswith(b"\x89PNG")


def test_every_picture_of_the_report_is_written(report, tmp_path):
    written, failures = export.write_figures(report, tmp_path)
    figures = [block for block in report.blocks() if isinstance(block, Figure)]
    assert failures == []
    assert len(written) == 2 * len(figures)
    for path in written:
        if path.suffix == ".svg":
            ElementTree.fromstring(path.read_text(encoding="utf-8"))
        assert path.stat().st_size > 1000


def test_one_picture_that_fails_is_named_and_costs_no_other(tmp_path):
    broken = Figure("Broken", "alt", (SharesPanel("P", ("r",), ("US",), (("half",),)),))
    made = Report("A", "", ("B.",), (Section("S", "", (broken, Figure("Whole", "alt", (PANEL,)))),))
    written, failures = export.write_figures(made, tmp_path)
    assert [path.name for path in written] == ["02-whole.svg", "02-whole.png"]
    assert "the picture 'Broken' is left out: an error of the program (TypeError" in failures[0]


def test_tables_as_csv_keep_every_digit_and_guard_formulas(tmp_path):
    written = export.write_tables(REPORT, tmp_path)
    assert [path.name for path in written] == [
        *("01-a-b-100.csv", "01-a-b-100.tex", "02-a-b-100.csv", "02-a-b-100.tex", "tables.xlsx"),
    ]
    rows = list(csv.reader(io.StringIO(written[0].read_text(encoding="utf-8"))))
    assert rows[0] == ["name", "x †", "d (low)", "d (high)", "on"]
    assert rows[1] == ["'=cmd|' /C calc'!A0", "1.23456", "0.25", "inf", "yes"]
    assert rows[2] == ["'+1", "-1234.5", "0.5", "0.5", ""]
    assert rows[3] == ["'@x_y", "0.0", "inf", "inf", "no"]
    assert rows[4] == [r"a\x1b\x09b", "1", "", "", "−"]
    for row in rows:
        for cell in row:
            assert not cell.startswith(("=", "+", "@"))


def test_excel_holds_numbers_as_numbers_and_no_formula(tmp_path):
    path = export.write_tables(REPORT, tmp_path)[-1]
    book = load_workbook(path)
    assert book.sheetnames == ["01-a-b-100", "02-a-b-100"]
    sheet = book["01-a-b-100"]
    assert sheet["A2"].value == "=cmd|' /C calc'!A0"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert sheet["B2"].value == 1.23456
    assert sheet["D2"].value == "none"
    assert sheet["A5"].value == r"a\x1b\x09b"


def test_tables_as_latex_have_booktabs_and_two_decimals():
    text = export.latex(TABLE)
    for rule in (r"\toprule", r"\midrule", r"\bottomrule"):
        assert text.count(rule) == 1
    assert r"\caption{A \& B: 100\%}" in text
    assert "$1.23$" in text
    assert "$-1{,}234.50$" in text
    assert "$0.25$ to none" in text
    assert r"@x\_y" in text
    assert r"$\dagger$" in text
    assert not re.search(r"\d\.\d{3}", text)
    assert text.count(r"\begin{tabular}{lrrl}") == 1
    assert not set(text) & set("\x1b†−")


@pytest.mark.parametrize("mark", list("&%$#_{}~^\\"))
def test_marks_of_latex_are_escaped(mark):
    text = export.latex(Table("t", (Column("x"),), ((f"a{mark}b",),)))
    (line,) = [line for line in text.splitlines() if line.startswith("a")]
    bare = re.sub(r"\\[&%$#_{}]|\\text\w+\{\}", "", line.removesuffix(r" \\"))
    assert bare == "ab"


def test_the_same_tables_give_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        export.write_tables(REPORT, tmp_path / name)
        export.write_figures(REPORT, tmp_path / name)
    for path in (tmp_path / "a").iterdir():
        assert path.read_bytes() == (tmp_path / "b" / path.name).read_bytes(), path.name


def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        export.write_tables(REPORT, tmp_path / "file")
    with pytest.raises(OutputError, match="cannot make the folder"):
        export.write_figures(REPORT, tmp_path / "file" / "inner")
