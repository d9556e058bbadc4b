from __future__ import annotations

import re

import pytest

from games import catalog
from reports.document import (
    Bullets,
    Change,
    Column,
    Details,
    Figure,
    GameView,
    Paragraph,
    Provenance,
    Section,
    Table,
)
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
        GameView.of(catalog.prisoners_dilemma()),
        Details("more", (Paragraph("inside"),)),
    )
    found = markdown.render(Report("A", "", ("V.",), (Section("S", "lead", blocks),)))
    assert "one \\*two\\* \\<three\\>" in found
    assert "- a\\_b\n- c" in found
    assert "| x | n |\n|---|---:|\n| p\\|q | 1.00 |\n| **sum** | **2.00** |" in found
    assert "**F**\n\nwhat it shows\n\n*under it*" in found
    assert "```text\nPrisoner's dilemma\n" in found
    assert "### more\n\ninside" in found


NASTY = (
    "![x](javascript:alert(1)) [a](b) <script>x</script> &amp; **b** `c` # d | e ~~f~~ https://x.y www.x.y"
)


def test_no_mark_of_markdown_or_html_survives():
    blocks = (
        Paragraph(NASTY),
        Bullets((NASTY,)),
        Table(NASTY, (Column(NASTY),), ((NASTY,),), (NASTY,)),
        Figure(NASTY, NASTY, ()),
        Details(NASTY, ()),
    )
    found = markdown.render(Report(NASTY, NASTY, (NASTY,), (Section(NASTY, NASTY, blocks),)))
    bare = re.sub(r"\\.", "", found)
    for mark in ("![", "](", "<", "`", "~", "&", "http:", "https:", "www."):
        assert mark not in bare
    for line in bare.splitlines():
        assert line.count("|") in (0, 2)
        assert not re.search(r"\S\*\*\S", line)


@pytest.mark.parametrize("words", ["1. x", "1) x", "- x", "+ x", "===", "---", "- - -", "# x", "> x"])
def test_a_paragraph_does_not_become_a_list_or_a_heading(words):
    found = markdown.render(Report("A", "", ("B.",), (Section("S", "", (Paragraph(words),)),)))
    assert words not in found.splitlines()
    assert words in re.sub(r"\\(.)", r"\1", found)


def test_line_breaks_in_a_title_or_a_cell_stay_on_their_line():
    table = Table("T", (Column("x"),), (("a\n\nb",),))
    found = markdown.render(Report("t\n# u", "", ("B.",), (Section("S", "", (table,)),)))
    assert found.startswith("# t \\# u\n")
    assert "| a b |" in found


def test_a_label_of_backticks_does_not_end_the_fence():
    view = GameView("", ("A", "B"), (("```", "x"), ("y",)), ((1.0, 1.0), (0.0, 0.0)))
    found = markdown.render(Report("A", "", ("B.",), (Section("S", "", (view,)),)))
    assert found.count("````") == 2


def test_provenance_changes_and_the_dagger():
    source = Provenance("1.2", "a.toml", "0" * 64, "concert report", None, (Change("p.q", 1.0, "China"),))
    table = Table("T", (Column("x", "number", common_unit=True),), ((1.0,),))
    made = Report("A", "", ("B.",), (Section("S", "", (table, table)),), source)
    found = markdown.render(made)
    assert "- version: concert-of-powers 1.2" in found
    assert "| p.q | 1 | China |" in found
    assert found.count("common unit of value") == 1
