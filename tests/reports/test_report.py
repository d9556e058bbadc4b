from __future__ import annotations

import dataclasses

import pytest

import reports
from games import NormalFormGame, world
from games.errors import FormatError, OutputError, SizeError
from reports import _build
from reports.document import Column, Details, Figure, GameView, Paragraph, Section, Table
from reports.report import Report, check_path
from reports.sections import gains, incentives
from solvers import compare, nash
from solvers.nash import Equilibria

SECTIONS = [
    "What each power gets",
    "The map",
    "Would it hold?",
    "How long would it last?",
    "Why these numbers",
    "What becomes of the regions",
    "The game of one year",
    "Ways it breaks",
    "Who else pays",
    "How secure is each holding?",
    "On other maps",
    "What would they agree on?",
    "Is there a better map?",
    "Who could swap what?",
    "The strategic triangle",
    "Does the measure of power matter?",
    "What went in",
    "What the model leaves out",
    "How it was computed",
]


def all_blocks(report: Report):
    return report.blocks()


def test_a_report_holds_the_sections_that_the_reader_is_promised(report):
    assert [section.title for section in report.sections] == SECTIONS
    assert len(report.verdict) == 3


def test_the_payoff_table_says_what_the_comparison_says(report, comparison):
    table = next(b for b in all_blocks(report) if isinstance(b, Table))
    frame = table.to_frame().set_index("power")
    wanted = comparison.to_frame()
    assert list(frame.index) == list(comparison.players)
    assert list(frame.columns) == [
        "concert",
        "competition",
        "premium",
        "premium by own size",
        "critical discount",
        "own discount",
        "slack",
        "most tempting deviation",
    ]
    for power in comparison.players:
        for column in ("concert", "critical discount", "own discount", "slack"):
            assert frame.loc[power, column] == wanted.loc[power, column]
        premium = frame.loc[power, "premium"]
        low, high = premium if isinstance(premium, tuple) else (premium, premium)
        assert (low, high) == (wanted.loc[power, "premium low"], wanted.loc[power, "premium high"])


def test_whatever_needs_a_common_unit_is_marked(report):
    marked = {
        (table.caption, column.name)
        for table in all_blocks(report)
        if isinstance(table, Table)
        for column in table.columns
        if column.common_unit
    }
    assert {("The payoff table", c) for c in ("concert", "competition", "premium", "slack")} <= marked
    invariant = {name for _, name in marked if "critical" in name or "own" in name}
    assert invariant == set()
    # What the dagger means is said once, by each writer, not under every table.
    assert report.has_common_unit
    assert not any(
        "†" in note for table in all_blocks(report) if isinstance(table, Table) for note in table.notes
    )


def test_the_third_party_ledger_holds_no_points_of_the_powers(report):
    section = next(s for s in report.sections if s.title == "Who else pays")
    table = next(b for b in section.blocks if isinstance(b, Table))
    assert not any(column.common_unit for column in table.columns)
    assert any("never netted" in note for note in table.notes)
    total = table.rows[table.strong[0]]
    assert total[0] == "total"
    people = [row[7] for row in table.rows[:-1]]
    low = sum(p[0] if isinstance(p, tuple) else p for p in people)
    total_low = total[7][0] if isinstance(total[7], tuple) else total[7]
    assert low == pytest.approx(total_low)


def test_every_input_is_listed_with_its_tag_and_source_or_range(report, comparison):
    inputs = comparison.model.inputs()
    section = next(s for s in report.sections if s.title == "What went in")
    tables = [t for d in section.blocks if isinstance(d, Details) for t in d.blocks]
    rows = [row for t in tables if t.columns[0].name == "input" for row in t.rows]
    assert len(rows) == len(inputs)
    for row in rows:
        _, value, tag, span, source, _ = row
        assert isinstance(value, float)
        assert tag in ("observed", "derived", "assumed")
        assert source or tag != "observed"
        assert span or tag != "assumed"
    assert f"{comparison.model.assumed_share:.0%}" in section.lead


def test_waterfalls_add_up(report, comparison):
    section = next(s for s in report.sections if s.title == "Why these numbers")
    figure = next(b for b in section.blocks if isinstance(b, Figure))
    assert [panel.title for panel in figure.panels] == list(comparison.players)
    for panel in figure.panels:
        reached = panel.start[1] + sum(change for _, change in panel.steps)
        assert reached == pytest.approx(panel.end[1], abs=1e-9)
        assert panel.end[1] == pytest.approx(comparison.premium.loc[panel.title, "concert"])


def test_the_map_shows_every_region_where_it_lies(report, comparison):
    section = next(s for s in report.sections if s.title == "The map")
    figure = section.blocks[0]
    model = comparison.model
    today, deal = figure.panels
    for panel, where in ((today, "status quo"), (deal, comparison.map)):
        assert [spot.name for spot in panel.spots] == list(model.region_names)
        assert [spot.holder or "nobody" for spot in panel.spots] == model.holder_names(where)
        assert [spot.mode for spot in panel.spots] == model.modes(where)
    taiwan = next(spot for spot in today.spots if spot.name == "Taiwan")
    assert (taiwan.latitude, taiwan.longitude) == pytest.approx((25.0, 121.5), abs=1.0)
    changed = {row[0] for row in section.blocks[1].rows}
    assert changed == {"Ukraine", "Taiwan"}


def test_shares_add_up_to_one(report):
    for figure in (b for b in all_blocks(report) if isinstance(b, Figure)):
        for panel in figure.panels:
            for shares in getattr(panel, "shares", ()):
                assert sum(shares) == pytest.approx(1.0)


def test_every_figure_has_words_for_those_who_cannot_see_it(report):
    for figure in (b for b in all_blocks(report) if isinstance(b, Figure)):
        assert figure.caption
        assert len(figure.alt) > 20


def test_the_stage_game_is_shown_with_its_marks(report):
    view = next(b for b in all_blocks(report) if isinstance(b, GameView))
    assert "contest" in view.actions[0][1]
    assert len(view.payoffs) == 64


def test_a_game_too_large_to_print_is_shown_by_the_best_actions_of_each(comparison, monkeypatch):
    monkeypatch.setattr(gains, "LARGEST_VIEW", 8)
    section = gains.stage_game(comparison)
    assert not any(isinstance(block, GameView) for block in section.blocks)
    table = next(block for block in section.blocks if isinstance(block, Table))
    best = {}
    for power, action, _, gain in table.rows:
        best.setdefault(power, (action, gain))
    reversion = comparison.standing.reversion
    for power, gain, action in zip(comparison.players, reversion.gain, reversion.deviation):
        if gain > 0:
            assert best[power] == (action, pytest.approx(gain))
        else:
            assert best[power][1] == 0


def test_two_powers_make_a_report_too(tmp_path):
    result = compare.concert(world.build(2021, ["United States", "China"]))
    made = reports.build(result)
    for ending in ("html", "md", "json"):
        made.write(tmp_path / f"r.{ending}")
    assert [panel.title for panel in made.sections[0].blocks[-1].panels] == list(result.players)
    assert not any(left_out(section) for section in made.sections)
    assert "The strategic triangle" not in [section.title for section in made.sections]


def left_out(section):
    return any(isinstance(b, Paragraph) and b.text.startswith(_build.LEFT_OUT) for b in section.blocks)


def test_no_section_of_the_report_is_left_out(report):
    assert not any(left_out(section) for section in report.sections)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ArithmeticError("no\x1b answer"), "an error of the program (ArithmeticError: no\\x1b answer)"),
        (SizeError("too many."), "too many"),
        (RecursionError(), "an error of the program (RecursionError)"),
    ],
)
def test_one_section_that_fails_is_left_out_and_says_why(comparison, monkeypatch, tmp_path, error, words):
    def fail(*_):
        raise error

    monkeypatch.setattr("reports.sections.bargaining.solutions", fail)
    monkeypatch.setattr("reports.sections.swaps.swaps", fail)
    made = reports.build(comparison)
    assert [section.title for section in made.sections] == SECTIONS
    lost = [section for section in made.sections if left_out(section)]
    assert [section.title for section in lost] == ["What would they agree on?", "Who could swap what?"]
    assert lost[0].blocks == (Paragraph(f"This section is left out: {words}."),)
    for ending in ("html", "md", "json"):
        made.write(tmp_path / f"r.{ending}")
    assert len(_build.bargain(comparison).sections) == 4


def test_a_verdict_that_fails_does_not_cost_the_report(comparison, monkeypatch):
    monkeypatch.setattr("solvers.compare._verdict.sentences", lambda _: 1 / 0)
    monkeypatch.delitem(vars(comparison), "verdict", raising=False)
    made = reports.build(comparison)
    assert made.verdict == (
        "There is no verdict: an error of the program (ZeroDivisionError: division by zero).",
    )
    assert [section.title for section in made.sections] == SECTIONS
    monkeypatch.delitem(vars(comparison), "verdict", raising=False)


def test_an_interrupt_is_no_failure_of_a_section(comparison, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("reports.sections.swaps.swaps", interrupted)
    with pytest.raises(KeyboardInterrupt):
        reports.build(comparison)


def test_another_benchmark_and_another_regime_make_a_report(comparison):
    all_out = dataclasses.replace(comparison.model, benchmark="all-out")
    made = reports.build(compare.concert(all_out, regime="G2"))
    assert "“G2”" in made.sections[0].lead
    assert made.subtitle.startswith("G2 against competition")
    assert "G2" in [column.name for column in made.sections[0].blocks[0].columns]
    shown = {block.caption for block in all_blocks(made) if isinstance(block, Figure)}
    assert "From competition to G2, item by item" in shown
    assert not any("concert" in caption.lower() for caption in shown)
    assert made.html().count("<svg") > 10


def test_the_status_quo_leaves_out_columns_that_would_say_the_same_twice(comparison):
    at_home = incentives.patience(compare.concert(comparison.model))
    names = [column.name for column in at_home.blocks[1].columns]
    assert not any("status quo" in name for name in names)
    elsewhere = [column.name for column in incentives.patience(comparison).blocks[1].columns]
    assert sum("status quo" in name for name in elsewhere) == 2


def test_equal_results_give_equal_reports(report, comparison):
    assert reports.build(comparison) == report
    assert reports.build(report) is report


def test_a_report_is_frozen(report):
    with pytest.raises(dataclasses.FrozenInstanceError):
        report.title = "other"


def test_any_result_becomes_a_report():
    game = NormalFormGame.from_bimatrix([[3, 0], [5, 1]], [[3, 5], [0, 1]])
    found = nash.pure(game)
    assert isinstance(found, Equilibria)
    made = reports.build(found)
    assert made.verdict == (found.summary(),)
    (table,) = made.sections[0].blocks
    assert table.rows[0][1] == "Player 1: 2; Player 2: 2"


def test_what_is_no_result_is_refused():
    with pytest.raises(FormatError, match="built from a result; got int"):
        reports.build(3)


@pytest.mark.parametrize("ending", ["html", "md", "json"])
def test_writing_by_the_ending(report, tmp_path, ending):
    path = report.write(tmp_path / f"out.{ending}")
    assert path.read_text(encoding="utf-8")
    again = report.write(str(tmp_path / f"again.{ending.upper()}"))
    assert again.read_bytes() == path.read_bytes()
    assert {p.name for p in tmp_path.iterdir()} == {f"out.{ending}", f"again.{ending.upper()}"}


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("report.htm", "no report format has the ending '.htm'; did you mean '.html'"),
        ("report.docx", "no report format has the ending '.docx'"),
        ("report", "give it one of the endings .html, .pdf, .md, .json"),
        ("missing/report.html", "there is no folder"),
        ("file.txt/report.html", "is a file, not a folder"),
        ("folder.html", "it is a folder"),
    ],
)
def test_a_path_that_cannot_be_written_is_named(tmp_path, name, message):
    (tmp_path / "file.txt").write_text("x")
    (tmp_path / "folder.html").mkdir()
    with pytest.raises(OutputError, match=message.replace(".", r"\.")):
        check_path(tmp_path / name)
    small = Report("A", "", ("B.",), (Section("C", "", (Table("t", (Column("c"),), (("d",),)),)),))
    with pytest.raises(OutputError):
        small.write(tmp_path / name)


def test_repr_is_short(report):
    assert repr(report) == "<Report 'The United States, China and Russia, 2025': 19 sections>"
