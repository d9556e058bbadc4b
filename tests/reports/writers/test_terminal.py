from __future__ import annotations

import pytest

from reports.document import Change, Column, Document, Provenance, Table
from reports.writers import terminal

WIDE = Table(
    "Swaps [of regions]",
    (Column("between"), Column("concedes"), Column("gain", "signed", common_unit=True)),
    (("United States, China", "hands over Philippines", 1.5), ("China, Russia", "nothing", -0.25)),
)


@pytest.mark.parametrize("width", [26, 30, 60, 200])
def test_tables_keep_every_word_at_any_width(monkeypatch, capsys, width):
    monkeypatch.setenv("COLUMNS", str(width))
    terminal.print_table(terminal.console(), WIDE)
    out = capsys.readouterr().out
    assert max(map(len, out.splitlines())) <= width
    for word in ("Swaps", "[of", "Philippines", "+1.50", "−0.25", "†"):
        assert word in out


def test_a_table_too_wide_becomes_cards(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "26")
    terminal.print_table(terminal.console(), WIDE)
    assert capsys.readouterr().out.count("concedes") == len(WIDE.rows)


def test_verdicts_are_numbered(capsys):
    terminal.print_verdict(terminal.console(), ("One [a].", "Two."))
    out = capsys.readouterr().out
    assert "1 One [a]." in out
    assert "2 Two." in out


def test_control_characters_never_reach_the_terminal(capsys):
    nasty = "a\x1b]8;;http://x\x07b\x9b31m"
    console = terminal.console()
    made = Document(
        nasty, nasty, (nasty,), (), Provenance("1", nasty, "", nasty, None, (Change(nasty, nasty, 1.0),))
    )
    terminal.print_head(console, made)
    terminal.print_table(console, Table(nasty, (Column(nasty),), ((nasty,),)))
    out = capsys.readouterr().out
    assert not set(out) & set("\x1b\x07\x9b")
    assert r"\x1b]8;;" in out


def test_the_dagger_is_explained_where_there_is_one(capsys):
    console = terminal.console()
    terminal.print_common_unit(console, (WIDE, WIDE))
    assert capsys.readouterr().out.count("†") == 1
    terminal.print_common_unit(console, (Table("t", (Column("x"),), ()),))
    assert capsys.readouterr().out == ""
