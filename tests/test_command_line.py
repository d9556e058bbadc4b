"""The command `concert`, in process for speed and as a command of its own where that matters."""

from __future__ import annotations

import dataclasses
import functools
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, NamedTuple

import numpy as np
import openpyxl
import pytest
import typer.main

import reports
from games import NormalFormGame, catalog, load
from games.errors import ConcertError, ConvergenceError
from games.extensive import Decision, ExtensiveGame, Terminal
from reports import cli, provenance
from reports.commands import _options
from reports.document import Paragraph, Section
from reports.writers import terminal
from solvers.base.deadline import TimeOver, checkpoint

CASES = Path(__file__).parent / "cases"
BAD = sorted((CASES / "bad_scenarios").glob("*.toml"))
DEAL = "Ukraine to Russia"
COMMAND = [sys.executable, "-c", "from reports._start import main; main()"]

pytestmark = pytest.mark.usefixtures("compared_once")


class Ended(NamedTuple):
    exit_code: int
    stdout: str
    stderr: str


commands = functools.cache(typer.main.get_command)


@pytest.fixture
def concert(tmp_path, monkeypatch, capsys):
    """Run `concert` with the given words in an empty folder."""
    # Every call would make all commands and their options anew.
    monkeypatch.setattr("typer.main.get_command", commands)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setenv("TERM", "dumb")

    def run(*words):
        with pytest.raises(SystemExit) as end:
            cli.app(list(words))
        out, err = capsys.readouterr()
        return Ended(end.value.code or 0, out, err)

    return run


@pytest.fixture(autouse=True)
def quick(request, monkeypatch):
    """The slow sections are left to the tests that look at them."""
    if request.node.get_closest_marker("slow") is None:
        for name, function in (("partitions", "partitions"), ("swaps", "swaps"), ("bargaining", "solutions")):
            made = Section(f"Instead of {name}", "", (Paragraph("Nothing here."),))
            monkeypatch.setattr(f"reports.sections.{name}.{function}", lambda *_, made=made: made)


def refused(result):
    """The one line that a refusal prints."""
    assert result.exit_code == 2, result.stdout + result.stderr
    assert result.stdout == ""
    lines = result.stderr.strip().splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("concert: ")
    return lines[0]


# ---------------------------------------------------------------------- report


def test_report_writes_the_file_and_says_the_verdict(concert, tmp_path):
    result = concert("report", "--map", DEAL, "--draws", "64", "-o", "deal.json")
    assert result.exit_code == 0, result.stderr
    written = reports.read(tmp_path / "deal.json")
    flat = " ".join(result.stdout.split())
    for sentence in written.verdict:
        assert sentence in flat
    assert "The payoff table" in result.stdout
    assert "† Comparing or adding these numbers across powers" in flat
    assert "Written to deal.json" in flat
    assert os.listdir(tmp_path) == ["deal.json"]


def test_report_by_default_writes_a_page(concert, tmp_path):
    result = concert("report")
    assert result.exit_code == 0, result.stderr
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_changed_numbers_words_and_holders_reach_the_report(concert, tmp_path):
    words = [
        *("--index", "CINC", "--set", "half_distance=3000", "-s", "powers.United States.patience = 0.9"),
        *("-s", "claims=part", "-s", "regions.Ukraine.holder=Russia by force", "-s", "benchmark=all-out"),
    ]
    assert concert("report", "--draws", "0", *words, "-o", "a.json").exit_code == 0
    a = reports.read(tmp_path / "a.json")
    assert "Capability index: CINC" in a.subtitle
    changed = {change.path: (change.old, change.new) for change in a.provenance.changes}
    assert changed == {
        "half_distance": (2000.0, 3000.0),
        "powers.United States.patience": (0.95, 0.9),
        "claims": ("whole", "part"),
        "index": ("mix", "CINC"),
        "benchmark": ("competition", "all-out"),
        "regions.Ukraine.holder": ("nobody", "Russia by force"),
    }


def test_where_a_report_comes_from_stands_in_every_format(concert, tmp_path):
    for ending in ("html", "md", "json"):
        assert (
            concert("report", "--draws", "0", "--set", "half_distance=3000", "-o", f"r.{ending}").exit_code
            == 0
        )
        text = (tmp_path / f"r.{ending}").read_text(encoding="utf-8")
        assert provenance.version() in text
        assert "us-china-russia-2025" in text
        assert re.search(r"[0-9a-f]{16}", text)
        assert "half_distance" in text.replace("\\_", "_")
        assert "2000" in text
        assert "3000" in text


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["report", "us-china-rusia-2025"], "did you mean 'us-china-russia-2025'"),
        (["report", "missing.toml"], "missing.toml"),
        (["report", "--map", "statusquo"], "did you mean 'status quo'"),
        (["report", "--map", "Taiwan=Chna"], "did you mean 'China'"),
        (["report", "--map", "Taiwan="], "write a map's name, or changes such as"),
        (["report", "--index", "CINK"], "did you mean 'CINC'"),
        (["report", "--set", "friction"], "write a path, an equals sign and a value"),
        (["report", "--set", "friction="], "write a path, an equals sign and a value"),
        (["report", "--set", "friction=lots"], "'lots' is not a number"),
        (["report", "--set", "frction=1"], "did you mean 'friction'"),
        (["report", "--set", "friction=nan"], "friction"),
        (["report", "--set", "claims=some"], "claims"),
        (["report", "--set", "index=CINK"], "did you mean 'CINC'"),
        (["report", "--set", "benchmark=all"], "benchmark: 'all' is not known"),
        (["report", "--set", "regions.Ukrane.holder=Russia"], "did you mean 'Ukraine'"),
        (["report", "--set", "regions.Ukraine.holder=Rusia"], "did you mean 'Russia'"),
        (["report", "--format", "docx", "-o", "-"], "no such format"),
        (["report", "--format", "md", "-o", "x.html"], "--format goes with -o -"),
        (["report", "--figures", "/dev/null/x"], "cannot make the folder"),
        (["report", "--set", "powers.China.patience=1"], "patience"),
        (["report", "--set", "powers.China.patience=-0.1"], "patience"),
        (["report", "-o", "missing/report.html"], "there is no folder missing; make it first"),
        (["report", "-o", "report.docx"], "no report format has the ending '.docx'"),
        (["report", "-o", "report"], "give it one of the endings"),
        (["report", "-o", "."], "give it one of the endings"),
        (["report", "--regime", "g2"], "did you mean 'G2'"),
        (["bargain", "us-china-rusia-2025"], "did you mean 'us-china-russia-2025'"),
        (["bargain", "--map", "statusquo"], "did you mean 'status quo'"),
        (["bargain", "-o", "bargain.docx"], "no report format has the ending '.docx'"),
        (["bargain", "-o", "missing/b.html"], "there is no folder missing"),
        (["check", "missing.toml"], "missing.toml"),
        (["solve", "missing.nfg"], "there is no file missing.nfg"),
        (["solve", "."], "is a folder"),
        (["compare", "us-china-russia-2025", "nowhere"], "nowhere"),
        (["new", "x", "-p", "Atlantis", "-p", "China"], "Atlantis"),
        (["new", "x", "-o", "x.html"], "ends in .toml"),
    ],
)
def test_bad_words_get_one_line_and_leave_nothing(concert, tmp_path, words, message):
    assert message in refused(concert(*words))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("without", "message"),
    [("al-out", "did you mean 'all-out'"), ("nash:9", "there is no equilibrium number 9")],
)
def test_a_disagreement_point_that_does_not_exist(concert, without, message):
    assert message in refused(concert("bargain", "--without", without))


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a Linux /proc")
def test_a_folder_that_takes_no_files(concert):
    assert "cannot write /proc/report.html" in refused(concert("report", "-o", "/proc/report.html"))


def test_there_are_enough_bad_scenarios():
    assert len(BAD) >= 25


@pytest.mark.parametrize("path", BAD, ids=lambda p: p.stem)
def test_every_bad_scenario_gets_one_line_that_names_the_file(concert, tmp_path, path):
    for words in (["check", str(path)], ["report", str(path), "-o", "out.html"]):
        assert path.stem in refused(concert(*words)).replace("cycle_b", path.stem)
    assert list(tmp_path.iterdir()) == []


def test_a_failing_writer_leaves_the_old_report(concert, tmp_path, monkeypatch):
    (tmp_path / "report.html").write_text("old")

    def broken(_):
        raise ConcertError("the printer\nis out of ink")

    monkeypatch.setattr("reports.writers.html.render", broken)
    assert refused(concert("report")) == "concert: the printer is out of ink"
    assert (tmp_path / "report.html").read_text() == "old"
    assert os.listdir(tmp_path) == ["report.html"]


def test_another_regime_gives_its_name_to_the_report(concert, tmp_path):
    result = concert("report", "--regime", "G2", "--draws", "0", "-o", "g2.json")
    assert result.exit_code == 0, result.stderr
    made = reports.read(tmp_path / "g2.json")
    assert made.subtitle.startswith("G2 against competition")
    assert "G2\u00a0†" in result.stdout


# ---------------------------------------------------------------------- bargain


@pytest.mark.slow
def test_bargain_shows_solutions_partitions_and_swaps(concert, tmp_path):
    result = concert("bargain")
    assert result.exit_code == 0, result.stderr
    for words in (
        "Bargaining over spheres",
        "Without agreement",
        "What each solution gives",
        "Kalai-Smorodinsky",
        "changes",
        "Swaps",
        "What it takes to split two powers",
        "† Comparing or adding these numbers across powers",
    ):
        assert words in result.stdout
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_bargain_writes_a_report_of_its_sections_only(concert, tmp_path):
    result = concert("bargain", "--without", "all-out", "--map", DEAL, "-o", "b.md")
    assert result.exit_code == 0, result.stderr
    assert "all-out, on the status quo map" in " ".join(result.stdout.split())
    text = (tmp_path / "b.md").read_text(encoding="utf-8")
    assert "What would they agree on?" in text
    assert "Who could swap what?" in text
    assert "What went in" not in text
    assert os.listdir(tmp_path) == ["b.md"]


def test_bargain_of_another_scenario_is_the_same_twice(concert, tmp_path, made_by_commands):
    before = dict(made_by_commands)
    for name in ("a.json", "b.json"):
        made_by_commands.clear()
        made_by_commands.update(before)
        assert concert("bargain", "us-china-russia-2021", "-o", name).exit_code == 0
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()


@pytest.mark.parametrize("width", [40, 80, 120])
def test_no_word_of_a_table_is_cut_whatever_the_width(concert, monkeypatch, width):
    monkeypatch.setenv("COLUMNS", str(width))
    out = concert("report", "-o", "r.json").stdout
    assert max(map(len, out.splitlines())) <= width
    for word in ("competition", "discount", "premium", "Russia"):
        assert word in out


# ---------------------------------------------------------------------- the others


def test_scenarios_lists_names_and_maps(concert):
    result = concert("scenarios")
    assert result.exit_code == 0, result.stderr
    for word in ("us-china-russia-2025", "us-china-russia-2021", "status quo", DEAL, "CINC"):
        assert word in result.stdout


def test_check_counts_what_is_in_a_scenario(concert):
    result = concert("check", "us-china-russia-2025")
    assert result.exit_code == 0, result.stderr
    assert "is valid" in result.stdout
    assert re.search(r"\d+ observed, \d+ derived, \d+ assumed", result.stdout)


def test_check_reads_a_patch_of_one_s_own(concert, tmp_path):
    (tmp_path / "mine.toml").write_text(
        'version = 2\nbase = "us-china-russia-2025"\nnumbers.half_distance = 3000\n'
    )
    result = concert("check", "mine.toml")
    assert result.exit_code == 0, result.stderr


def test_solve_finds_all_equilibria_of_a_file(concert, tmp_path):
    (tmp_path / "chicken.json").write_text(_chicken("json"))
    result = concert("solve", "chicken.json")
    assert result.exit_code == 0, result.stderr
    assert "3 equilibria" in result.stdout
    assert "The search was complete" in result.stdout


def test_solve_reads_a_gambit_file(concert, tmp_path):
    (tmp_path / "chicken.nfg").write_text(_chicken("nfg"))
    result = concert("solve", "chicken.nfg")
    assert result.exit_code == 0, result.stderr
    assert "3 equilibria" in result.stdout


def test_solve_shows_small_payoffs_and_whole_indices(concert, tmp_path):
    (tmp_path / "tiny.nfg").write_text(
        'NFG 1 R "tiny" { "A" "B" } { 2 2 }\n1e-12 0 0 1e-12 0 1e-12 1e-12 0\n'
    )
    result = concert("solve", "tiny.nfg")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.count("5.0e-13") == 2
    (tmp_path / "tied.nfg").write_text('NFG 1 R "tied" { "A" "B" } { 2 2 }\n1 1 0 0 0 0 0 0\n')
    result = concert("solve", "tied.nfg")
    assert "1.0000  exact" not in result.stdout


def test_solve_advises_what_the_command_line_offers(concert, tmp_path):
    import numpy as np

    from games import NormalFormGame

    NormalFormGame(np.random.default_rng(0).integers(0, 99, (6, 6, 6, 3))).write(tmp_path / "large.nfg")
    NormalFormGame(np.random.default_rng(0).integers(0, 99, (40, 40, 2))).write(tmp_path / "wide.nfg")
    for name in ("large.nfg", "wide.nfg"):
        words = refused(concert("solve", name))
        assert "--time-limit SECONDS" in words
        for other in ("max_paths", "max_vertices", "time_limit", "find_one"):
            assert other not in words


@pytest.mark.parametrize("ending", ["nfg", "json", "csv"])
def test_solve_refuses_what_is_no_game(concert, tmp_path, ending):
    (tmp_path / f"x.{ending}").write_text("no game at all")
    assert f"x.{ending}" in refused(concert("solve", f"x.{ending}"))


def test_compare_sets_two_scenarios_side_by_side(concert):
    result = concert("compare", "us-china-russia-2025", "us-china-russia-2021")
    assert result.exit_code == 0, result.stderr
    for word in (
        "Side by side",
        "us-china-russia-2025",
        "us-china-russia-2021",
        "critical discount",
        "†",
    ):
        assert word in result.stdout


def test_help_teaches(concert):
    for words in ([], ["--help"], ["-h"]):
        result = concert(*words)
        assert result.exit_code == 0
        for word in ("report", "bargain", "scenarios", "check", "solve", "compare", "who else pays", "130"):
            assert word in " ".join(result.stdout.split())
    result = concert("report", "--help")
    for word in ("--map", "--regime", "--index", "--set", "PATH=VALUE", "-o 2021.html", ".pdf"):
        assert word in result.stdout
    for command in ("bargain", "solve", "compare", "check", "new"):
        assert "Example" in concert(command, "--help").stdout
    for command in ("report", "bargain", "scenarios", "check", "solve", "compare", "new"):
        shown = concert(command, "--help").stdout
        assert "--output" in shown
        assert "--json" in shown


def test_the_version_is_printed(concert):
    result = concert("--version")
    assert result.exit_code == 0
    assert result.stdout.strip() == f"concert-of-powers {provenance.version()}"


def test_completion_names_scenarios_and_maps():
    assert _options.scenario_names("us-china-russia-202") == ["us-china-russia-2021", "us-china-russia-2025"]

    class Context:
        params: ClassVar = {"scenario": "us-china-russia-2025"}

    assert _options.map_names(Context, "Byers") == ["Byers swap"]
    Context.params = {"scenario": "nowhere"}
    assert _options.map_names(Context, "") == []


# ---------------------------------------------------------------------- standard input and output, JSON, exit status


def test_the_report_goes_to_standard_output_and_nothing_else(concert, tmp_path):
    result = concert("report", "-o", "-", "--format", "html")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("<!doctype html>")
    assert result.stdout.endswith("</html>\n")
    result = concert("report", "-o", "-")
    assert result.stdout.startswith("# The United States, China and Russia, 2025\n")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "words",
    [
        ["report"],
        ["bargain"],
        ["scenarios"],
        ["check", "us-china-russia-2025"],
        ["solve", "chicken.json"],
        ["compare", "us-china-russia-2025", "us-china-russia-2021"],
    ],
    ids=lambda words: words[0],
)
def test_every_command_prints_its_answer_as_json(concert, tmp_path, words):
    (tmp_path / "chicken.json").write_text(_chicken("json"))
    result = concert(*words, "--json")
    assert result.exit_code == 0, result.stderr
    made = report_of(result.stdout)
    assert made.sections
    assert made.provenance.version == provenance.version()
    assert sorted(os.listdir(tmp_path)) == ["chicken.json"]
    again = concert(*words, "-o", "out.md")
    assert again.exit_code == 0, again.stderr
    assert (tmp_path / "out.md").read_text(encoding="utf-8").startswith("# ")


def report_of(text):
    from reports.writers import json as writer

    return writer.load(text)


def feed(monkeypatch, content):
    stream = io.TextIOWrapper(io.BytesIO(content), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stream)


def test_a_scenario_comes_in_by_standard_input(concert, tmp_path, monkeypatch):
    patch = b'version = 2\nbase = "us-china-russia-2025"\nnumbers.half_distance = 3000\n'
    feed(monkeypatch, patch)
    result = concert("check", "-")
    assert result.exit_code == 0, result.stderr
    assert "standard input is valid" in result.stdout
    feed(monkeypatch, b"version = 2\n[[[")
    assert "standard input" in refused(concert("check", "-"))
    feed(monkeypatch, b"")
    assert refused(concert("check", "-")) == "concert: standard input is empty"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ending", ["json", "nfg", "csv"])
def test_a_game_comes_in_by_standard_input(concert, monkeypatch, ending):
    feed(monkeypatch, _chicken(ending).encode())
    result = concert("solve", "-")
    assert result.exit_code == 0, result.stderr
    assert "3 equilibria" in result.stdout or "Three equilibria" in result.stdout


def test_an_incomplete_search_ends_with_status_1(concert, tmp_path, monkeypatch):
    from solvers import nash

    real = nash.find_all
    monkeypatch.setattr(
        "solvers.nash.find_all", lambda game, **_: dataclasses.replace(real(game), complete=False)
    )
    (tmp_path / "chicken.json").write_text(_chicken("json"))
    result = concert("solve", "chicken.json")
    assert result.exit_code == 1
    assert "search was" in result.stdout


def test_connected_sets_are_listed(concert, tmp_path):
    from games import NormalFormGame

    NormalFormGame.from_bimatrix([[1, 1], [0, 0]], [[1, 1], [0, 0]]).write(tmp_path / "flat.json")
    result = concert("solve", "flat.json")
    assert result.exit_code == 0, result.stderr
    assert "Connected set 1 of equilibria: all its extreme points" in result.stdout


def test_a_section_left_out_is_said_and_ends_with_status_1(concert, tmp_path, monkeypatch):
    def fail(*_):
        raise ArithmeticError("no answer")

    monkeypatch.setattr("reports.sections.bargaining.solutions", fail)
    result = concert("report", "-o", "r.html")
    assert result.exit_code == 1
    assert "section 'What would they agree on?': This section is left out" in result.stderr
    assert (tmp_path / "r.html").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("report",),
        ("slides",),
        ("bargain",),
        ("uncertainty",),
        ("compare", "us-china-russia-2017", "us-china-russia-2025"),
    ],
)
def test_a_time_limit_ends_the_whole_work_of_a_command(concert, tmp_path, clock, words):
    clock.step = 0.05
    # A map that no other test has: what is compared is kept between tests.
    result = concert(*words, "--map", "Taiwan=neutral, Ukraine=China", "--time-limit", "0.1")
    assert result.exit_code == 1
    assert result.stdout == ""
    (line,) = result.stderr.strip().splitlines()
    assert line.startswith("concert: the time limit of 0.1 s was reached before there was an answer")
    assert line.endswith("give a longer --time-limit")
    assert os.listdir(tmp_path) == []
    assert "a time limit is a positive number of seconds" in refused(concert(*words, "-t", "0"))


def test_what_a_report_had_before_the_time_limit_is_written(concert, tmp_path, clock, monkeypatch):
    def late(*_):
        clock.now += 1e6
        with suppress(TimeOver):
            checkpoint()
        return Section("A part", "", ())

    monkeypatch.setattr("reports.sections.gains.ledger", late)
    clock.step = 0.0
    result = concert("report", "-o", "r.json", "--draws", "0", "--time-limit", "60")
    assert result.exit_code == 1
    written = reports.read(tmp_path / "r.json")
    titles = [s.title for s in written.sections]
    texts = [s.blocks[0].text if isinstance(s.blocks[0], Paragraph) else "" for s in written.sections]
    cut = titles.index("Why these numbers")
    assert all("the time limit was reached" in text for text in texts[cut:])
    assert not any("the time limit was reached" in text for text in texts[:cut])
    assert "the only equilibrium of competition" in written.verdict[0]


def test_draws_that_take_too_long_are_left_out_of_the_report(concert, tmp_path, monkeypatch):
    def late(*_, time_limit, **__):
        raise ConvergenceError("the assessment was not complete", "assessment")

    monkeypatch.setattr("solvers.uncertainty.assess", late)
    # Another seed than any other test has: what is assessed is kept between tests.
    result = concert("report", "-o", "r.json", "--seed", "97", "--time-limit", "1000")
    assert result.exit_code == 1
    assert "concert: how sure the verdict is was left out" in result.stderr
    assert reports.read(tmp_path / "r.json").verdict


def test_pictures_and_tables_go_into_their_folders(concert, tmp_path, monkeypatch):
    # What is drawn is looked at in the tests of reports.
    monkeypatch.setattr("reports.figures.mpl.png", lambda _: b"")
    result = concert("report", "-o", "r.html", "--figures", "pictures", "--tables", "tables")
    assert result.exit_code == 0, result.stderr
    pictures = os.listdir(tmp_path / "pictures")
    assert (
        sum(name.endswith(".svg") for name in pictures)
        == sum(name.endswith(".png") for name in pictures)
        >= 10
    )
    assert "tables.xlsx" in os.listdir(tmp_path / "tables")


def test_an_output_that_is_a_link_is_followed(concert, tmp_path):
    (tmp_path / "there.md").write_text("old")
    (tmp_path / "link.md").symlink_to("there.md")
    assert concert("scenarios", "-o", "link.md").exit_code == 0
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "there.md").read_text().startswith("# Scenarios")


def test_a_new_scenario_is_valid_as_it_stands(concert, tmp_path):
    words = ["-p", "United States", "-p", "China", "-p", "Russia", "-p", "India", "-k", "Taiwan"]
    result = concert("new", "quad", *words, "-o", "quad.toml")
    assert result.exit_code == 0, result.stderr
    assert concert("check", "--all", "quad.toml").exit_code == 0
    assert concert("new", "quad", *words).stdout == (tmp_path / "quad.toml").read_text(encoding="utf-8")


def test_check_all_lists_every_mistake(concert, tmp_path):
    (tmp_path / "bad.toml").write_text(
        'version = 2\nbase = "us-china-russia-2025"\npowrs = 3\nnumbers.frction = 3\n'
    )
    result = concert("check", "--all", "bad.toml")
    assert result.exit_code == 2
    lines = result.stderr.strip().splitlines()
    assert len(lines) >= 2
    assert all(line.startswith("concert: bad.toml") for line in lines)


def test_compare_takes_many_and_says_what_differs_and_flips(concert, tmp_path):
    words = ["us-china-russia-2017", "us-china-russia-2021", "us-china-russia-2025"]
    result = concert("compare", *words, "-o", "three.json")
    assert result.exit_code == 0, result.stderr
    made = reports.read(tmp_path / "three.json")
    assert [section.title for section in made.sections] == [
        *("The results", "What differs in the inputs", "The verdicts"),
    ]
    assert [row[0] for row in made.sections[0].blocks[0].rows] == ["2017", "2021", "2025"]
    assert all(word in made.subtitle for word in words)


def test_compare_takes_a_map_after_a_colon(concert, tmp_path):
    result = concert("compare", "us-china-russia-2025", f"us-china-russia-2025:{DEAL}", "-o", "two.json")
    assert result.exit_code == 0, result.stderr
    made = reports.read(tmp_path / "two.json")
    (table,) = made.sections[1].blocks
    assert table.rows == (("map of the deal", "status quo", DEAL),)


def test_compare_takes_changed_inputs_after_a_colon(concert, tmp_path):
    words = ["us-china-russia-2025", "us-china-russia-2025:half_distance=3000,claims=part or rivalry"]
    result = concert("compare", *words, "-o", "two.json")
    assert result.exit_code == 0, result.stderr
    made = reports.read(tmp_path / "two.json")
    assert made.title == "as it stands and half_distance=3000 and claims=part or rivalry side by side"
    (table,) = made.sections[1].blocks
    assert table.rows == (("half_distance", "2000", "3000"), ("claims", "whole", "part or rivalry"))
    assert "frctn" in refused(concert("compare", "us-china-russia-2025:frctn=1"))


SLOW_TO_WRITE = ("us-china-russia-2025", "--draws", "0")


def test_slides_go_to_a_file_a_folder_and_standard_output(concert, tmp_path):
    result = concert("slides", *SLOW_TO_WRITE, "-o", "deck")
    assert result.exit_code == 0, result.stderr
    page = (tmp_path / "deck" / "slides.html").read_text(encoding="utf-8")
    assert "command:" not in page or "concert slides us-china-russia-2025 --draws 0" in page
    assert concert("slides", *SLOW_TO_WRITE, "-o", "-").stdout == page
    assert report_of(concert("slides", *SLOW_TO_WRITE, "--json").stdout).sections
    assert "print it" in refused(concert("slides", "-o", "x.pdf"))
    assert "did you mean 'pptx'" in refused(concert("slides", "-o", "-", "--format", "ppt"))


def test_a_scenario_is_written_as_a_workbook_and_back(concert, tmp_path):
    assert concert("write", "us-china-russia-2025", "--set", "friction=0.07", "-o", "a.xlsx").exit_code == 0
    assert concert("write", "a.xlsx", "-o", "b.toml").exit_code == 0
    assert load(tmp_path / "b.toml").friction == 0.07
    assert concert("write", "b.toml").stdout == (tmp_path / "b.toml").read_text(encoding="utf-8")
    assert json.loads(concert("write", "b.toml", "--json").stdout)["name"] == "us-china-russia-2025"
    assert "ends in .toml or .xlsx" in refused(concert("write", "-o", "x.csv"))


def test_a_new_workbook_and_its_faults(concert, tmp_path):
    result = concert("new", "mine", "-p", "United States", "-p", "China", "--excel")
    assert result.exit_code == 0, result.stderr
    assert concert("check", "--all", "mine.xlsx").exit_code == 0
    book = openpyxl.load_workbook(tmp_path / "mine.xlsx")
    book["Powers"]["A2"] = "Untied States"
    book["Deals"].append(["d", "Taiwan", None])
    book.save(tmp_path / "mine.xlsx")
    result = concert("check", "--all", "mine.xlsx")
    assert result.exit_code == 2
    assert "mine.xlsx: sheet Deals, row 3: the holder is missing" in result.stderr


def test_solve_takes_extensive_games(concert, tmp_path, monkeypatch):
    catalog.trees.kuhn_poker().write(tmp_path / "poker.efg")
    result = concert("solve", "poker.efg", "-o", "poker.json")
    assert result.exit_code == 0, result.stderr
    made = reports.read(tmp_path / "poker.json")
    assert [section.title for section in made.sections] == [
        "Subgame perfect equilibria",
        "Nash equilibria in behaviour strategies",
        "What this does not do",
    ]
    (row, *_) = made.sections[1].blocks[0].rows
    assert row[2] == pytest.approx(-1 / 18)
    feed(monkeypatch, (tmp_path / "poker.efg").read_bytes())
    assert concert("solve", "-").exit_code == 0


def test_what_solve_cannot_find_in_a_tree_is_said(concert, tmp_path, monkeypatch):
    catalog.trees.kuhn_poker().write(tmp_path / "poker.efg")
    monkeypatch.setattr("solvers.sequential.find_all", _too_large)
    result = concert("solve", "poker.efg")
    assert result.exit_code == 1
    assert "could not all be found: too large." in " ".join(result.stdout.split())


def _too_large(*_, **__):
    raise ConcertError("too large")


def test_a_tree_with_imperfect_recall_is_solved_in_mixed_strategies(concert, tmp_path):
    first = Decision(
        "Driver",
        {
            "on": Decision("Driver", {"on": Terminal([1]), "off": Terminal([4])}, "junction"),
            "off": Terminal([0]),
        },
        "junction",
    )
    ExtensiveGame(first).write(tmp_path / "driver.efg")
    result = concert("solve", "driver.efg")
    words = " ".join((result.stdout + result.stderr).split())
    assert "imperfect recall" in words or "twice" in words


def test_the_citation_is_that_of_the_repository(concert):
    result = concert("cite")
    assert result.exit_code == 0, result.stderr
    stated = (Path(__file__).parents[1] / "CITATION.cff").read_text(encoding="utf-8")
    for field in ("title", "version", "name"):
        (value,) = set(re.findall(rf'^(?:- )?\s*(?:- )?{field}: "?(.*?)"?$', stated, re.M))
        assert value in " ".join(result.stdout.split())
    assert re.search(r"date-released: (\d{4})", stated)[1] in result.stdout
    assert "@software{" in result.stdout


def test_an_unknown_command_or_option_exits_with_2(concert):
    assert concert("reprot").exit_code == 2
    assert concert("report", "--colour").exit_code == 2


def test_an_interrupt_exits_with_130(concert, tmp_path, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("solvers.compare.concert", interrupted)
    result = concert("report")
    assert result.exit_code == 130
    assert result.stderr.strip() == "concert: interrupted"
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------------- as a command of its own


def test_as_a_command_bad_input_gets_one_line_and_no_traceback(tmp_path):
    done = subprocess.run(
        [*COMMAND, "report", "nowhere"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_as_a_command_two_runs_write_the_same_bytes_without_pyplot(tmp_path):
    code = (
        "import atexit, sys\nfrom reports._start import main\n"
        "heavy = ('matplotlib.pyplot', 'nashpy', 'typst')\n"
        "atexit.register(lambda: print([m for m in heavy if m in sys.modules]))\nmain()"
    )
    # One of the two in a home of its own, where matplotlib has not looked for fonts before.
    runs = {"a.html": {"PYTHONHASHSEED": "1"}, "b.html": {"PYTHONHASHSEED": "2", "HOME": str(tmp_path / "b")}}
    for name, around in runs.items():
        done = subprocess.run(
            [sys.executable, "-c", code, "report", "--map", DEAL, "--draws", "64", "-o", name],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
            env=os.environ | around,
        )
        assert done.returncode == 0, done.stderr
        # On a slow machine matplotlib says that it looks for fonts, once for every new home.
        assert done.stderr == "" or "font cache" in done.stderr
        assert done.stdout.strip().splitlines()[-1] == "[]"
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


def ended_by(folder, code, words, sign, number=signal.SIGINT, *, wait=0.0, timeout=300):
    """Status, output and errors of a program that gets a signal some seconds after it has printed a sign."""
    with subprocess.Popen(
        [sys.executable, "-c", code, *words],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == f"{sign}\n"
        time.sleep(wait)
        running.send_signal(number)
        out, err = running.communicate(timeout=timeout)
    return running.returncode, out, err


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
def test_as_a_command_ctrl_c_ends_it_cleanly(tmp_path):
    # A shell that runs the tests in the background has them, and what they start, ignore the signal.
    code = (
        "import signal, time\nfrom solvers import compare\nfrom reports.cli import main\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "compare.concert = lambda *_, **__: (print('at work', flush=True), time.sleep(600))\nmain()"
    )
    status, _, err = ended_by(tmp_path, code, ["report"], "at work")
    assert status == 130
    assert err.strip() == "concert: interrupted"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
@pytest.mark.parametrize(
    "stubborn",
    [
        # A solver that returns what it has, at once.
        "def find_all(game, **_):\n    try:\n        print('at work', flush=True)\n        time.sleep(600)\n"
        "    except KeyboardInterrupt: return dataclasses.replace(real(game), complete=False)\n",
        # A library that does not come back for minutes: Python's own handler does not run before it does.
        "def find_all(game, **_):\n    import numpy as np\n    print('at work', flush=True)\n"
        "    np.linalg.eigvals(np.random.default_rng(0).random((6000, 6000)))\n",
    ],
    ids=["partial", "stuck"],
)
def test_as_a_command_ctrl_c_while_solving_ends_with_130_at_once(tmp_path, stubborn):
    (tmp_path / "chicken.json").write_text(_chicken("json"))
    code = (
        "import dataclasses, signal, sys, time\nfrom solvers import nash\nreal = nash.find_all\n"
        + stubborn
        + "from reports.cli import main\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "nash.find_all = find_all\nmain()"
    )
    status, out, err = ended_by(
        tmp_path, code, ["solve", "chicken.json", "-o", "out.md"], "at work", timeout=150
    )
    assert status == 130
    assert "interrupted" in err
    assert "Traceback" not in err
    assert not (tmp_path / "out.md").exists()
    if "KeyboardInterrupt" in stubborn:
        assert "swerve" in out
        assert "what is shown is partial, and no file was written" in err


@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
@pytest.mark.parametrize("wait", [0.05, 0.1, 0.2, 0.4, 0.8])
def test_as_a_command_ctrl_c_at_the_start_leaves_no_traceback(tmp_path, wait):
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from reports import _start\nprint('begun', flush=True)\n_start.main()"
    )
    status, _, err = ended_by(tmp_path, code, ["report"], "begun", wait=wait)
    assert status == 130
    assert err.strip() == "concert: interrupted"
    assert list(tmp_path.iterdir()) == []


LONG = {
    "solve": ["solve", "large.json"],
    "report": ["report", "--draws", "100000"],
    "uncertainty": ["uncertainty", "--draws", "1000000"],
}


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="sends a POSIX signal")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=["ctrl-c", "sigterm"])
@pytest.mark.parametrize("command", LONG)
def test_long_commands_end_within_seconds_of_a_signal(tmp_path, command, number):
    if command == "solve":
        game = NormalFormGame(np.random.default_rng(0).normal(size=(5, 5, 5, 3)))
        game.write(tmp_path / "large.json")
    code = (
        "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "from reports import _interrupt, _start\nfrom reports.cli import main\n"
        "real = _interrupt.install\n"
        "def install():\n    real()\n    print('listening', flush=True)\n"
        "_interrupt.install = install\nmain()"
    )
    status, _, err = ended_by(tmp_path, code, LONG[command], "listening", number, wait=4, timeout=30)
    assert status == 128 + number
    assert "interrupted" in err
    assert "Traceback" not in err
    assert [path.name for path in tmp_path.iterdir()] == (["large.json"] if command == "solve" else [])


def test_who_waits_at_a_terminal_sees_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "_WAIT", 0.01)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    with terminal.waiting("Counting sheep"):
        time.sleep(0.3)
    assert "Counting sheep" in capsys.readouterr().err
    with terminal.waiting("Nothing to see"):
        pass
    assert "Nothing to see" not in capsys.readouterr().err


def test_elsewhere_nobody_sees_a_bar(monkeypatch, capsys):
    monkeypatch.setattr(terminal, "_WAIT", 0.01)
    with terminal.waiting("Counting sheep"):
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nfrom reports.cli import app\n"
        "app(['report', '--help'], standalone_mode=False)\n"
        "print([m for m in ('numpy', 'pandas', 'scipy', 'matplotlib', 'jinja2', 'nashpy') if m in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True
    )
    assert done.stdout.strip().splitlines()[-1] == "[]"


def _chicken(ending):
    from games import NormalFormGame

    game = NormalFormGame.from_bimatrix(
        [[0, -1], [1, -10]], [[0, 1], [-1, -10]], actions=[["swerve", "straight"]] * 2, title="Chicken"
    )
    path = Path(f"written.{ending}")
    game.write(path)
    text = path.read_text()
    path.unlink()
    return text
