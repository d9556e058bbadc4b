from __future__ import annotations

import re

from reports.document import Bullets, Column, Details, Figure, GameView, Paragraph, Section, Table
from reports.report import Report
from reports.tables import text
from reports.writers import markdown


def test_sections_and_verdict(report):
    lines = markdown.render(report).splitlines()
    assert lines[0] == f"# {report.title}"
    assert [line[3:] for line in lines if line.startswith("## ")] == [s.title for s in report.sections]
    assert sum(bool(re.match(r"[123]\. ", line)) for line in lines) >= 3


def test_every_table_has_rows_of_one_width(report):
    widths = set()
    for line in [*markdown.render(report).splitlines(), ""]:
        if line.startswith("|"):
            widths.add(len(re.findall(r"(?<!\\)\|", line)))
        else:
            assert len(widths) <= 1
            widths.clear()


def test_numbers_are_those_of_the_table(report):
    table = report.sections[0].blocks[0]
    found = markdown.render(report)
    for row in table.rows:
        for cell, column in zip(row[1:6], table.columns[1:6]):
            assert f"| {text(cell, column)} |" in found


def test_every_kind_of_block():
    blocks = (
        Paragraph("one *two* <three>"),
        Bullets(("a_b", "c")),
        Table("T", (Column("x"), Column("n", "number")), (("p|q", 1.0), ("sum", 2.0)), ("note",), (1,)),
        Figure("F", "what it shows", (), (), ("under it",)),
        GameView("<b>", "a | b\n"),
        Details("more", (Paragraph("inside"),)),
    )
    found = markdown.render(Report("A", "", ("V.",), (Section("S", "lead", blocks),)))
    assert "one \\*two\\* \\<three\\>" in found
    assert "- a\\_b\n- c" in found
    assert "| x | n |\n|---|---:|\n| p\\|q | 1.00 |\n| **sum** | **2.00** |" in found
    assert "*F.* what it shows" in found
    assert "```text\na | b\n```" in found
    assert "### more\n\ninside" in found
