from __future__ import annotations

import builtins
import re
import sys

import pytest

from games.errors import OutputError
from reports.document import Column, Figure, Paragraph, Section, SharesPanel, Table
from reports.report import Report
from reports.writers import pdf

SMALL = Report(
    'A "title" with #marks and \\backslashes',
    "sub",
    ("One.", "Two.", "Three."),
    (
        Section(
            "S",
            "lead",
            (
                Paragraph("*not bold* $x$ @here <label> [b] // no comment"),
                Table("T", (Column("x"), Column("n", "number")), (("a", 1.0), ("sum", 2.0)), ("note",), (1,)),
                Figure(
                    "F", "alt", (SharesPanel("P", ("r",), ("US", "local"), ((0.5, 0.5),)),), (("p0", "US"),)
                ),
            ),
        ),
        Section("Of one column", "", (Table("One", (Column("x"),), (("a",),)),)),
    ),
)


def test_source_refers_to_every_picture(report):
    text, pictures = pdf.source(report)
    named = [int(n) for n in re.findall(r'"(\d+)\.svg"', text)]
    assert named == list(range(len(pictures)))
    assert all(picture.startswith("<svg") for picture in pictures)


def test_a_small_report_is_set(tmp_path):
    pytest.importorskip("typst")
    first = SMALL.write(tmp_path / "a.pdf").read_bytes()
    assert first.startswith(b"%PDF-")
    assert SMALL.write(tmp_path / "b.pdf").read_bytes() == first


def test_the_whole_report_is_set(report, tmp_path):
    pytest.importorskip("typst")
    content = report.write(tmp_path / "report.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(content) > 50_000


def test_without_typst_the_message_names_the_extra(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "typst":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "typst", raising=False)
    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(OutputError, match=r"concert-of-powers\[pdf\]"):
        SMALL.write(tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []


def test_the_stage_game_is_set_as_tables_not_as_tiny_text(report):
    text, _ = pdf.source(report)
    assert text.count("\n#game(") == 1
    assert not re.search(r"size: [1-5](\.\d+)?pt", text)


CHINESE = Report("中国", "", ("一。",), (Section("S", "", (Paragraph("中国 and Россия"),)),))


def test_letters_that_no_font_has_get_a_clear_note(monkeypatch):
    monkeypatch.setattr(pdf.fonts, "missing", lambda words: "国中" if "中" in words else "")
    text, _ = pdf.source(CHINESE)
    assert "No font on this machine has 2 of the characters used here (U+56FD, U+4E2D)" in text
    assert "No font" not in pdf.source(SMALL)[0]


def test_letters_that_some_font_has_name_it(monkeypatch):
    monkeypatch.setattr(pdf.fonts, "missing", lambda words: "")
    monkeypatch.setattr(pdf.fonts, "families", lambda words: ("Noto Sans CJK SC",))
    text, _ = pdf.source(CHINESE)
    assert '("Noto Sans CJK SC", )' in text
    assert "No font" not in text


def test_a_report_in_chinese_is_set_without_a_word_on_the_terminal(tmp_path, capfd):
    pytest.importorskip("typst")
    content = CHINESE.write(tmp_path / "a.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    out, err = capfd.readouterr()
    assert (out, err) == ("", "")


def test_what_typst_refuses_is_one_named_error(tmp_path, monkeypatch):
    pytest.importorskip("typst")
    monkeypatch.setattr(pdf, "source", lambda report: ("#nonsense(", []))
    with pytest.raises(OutputError, match="typst says"):
        SMALL.write(tmp_path / "a.pdf")
    assert list(tmp_path.iterdir()) == []
