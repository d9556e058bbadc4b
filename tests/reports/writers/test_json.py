from __future__ import annotations

import json
import math

import pytest

import reports
from games import catalog
from games.errors import FormatError
from reports.document import (
    Bullets,
    Change,
    Column,
    Details,
    Document,
    Figure,
    GameView,
    MapPanel,
    Paragraph,
    Provenance,
    Section,
    Spot,
    Table,
)
from reports.report import Report
from reports.writers import json as plain


def test_json_and_back(report, tmp_path):
    path = report.write(tmp_path / "report.json")
    again = reports.read(path)
    assert again == report
    assert again.html() == report.html()


def test_json_is_strict_and_says_what_it_is(report):
    content = json.loads(plain.dump(report), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert content["format"] == "concert-of-powers report"
    assert content["version"] == 2


def test_infinity_survives():
    table = Table("t", (Column("c", "discount"),), ((math.inf,), ((0.5, -math.inf),)))
    made = Document("A", "", ("B.",), (Section("S", "", (table,)),))
    assert plain.load(plain.dump(made)) == made


HEAD = '{"format": "concert-of-powers report", "version": 2, "report": '


def report_of(block):
    """A report of one block, given as JSON."""
    head = '{"title": "A", "subtitle": "", "verdict": [], "sections": [{"title": "S", "lead": "", "blocks": ['
    return HEAD + head + block + "]}]}}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: line 1"),
        ("[" * 100_000, "cannot be read as JSON"),
        ("1" * 10_000, "cannot be read as JSON"),
        ("[]", "holds no report"),
        ('{"format": "other"}', "holds no report"),
        (
            '{"format": "concert-of-powers report", "version": 9}',
            "of version 9; this program reads version 2",
        ),
        (
            '{"format": "concert-of-powers report", "version": 2}',
            "damaged report: the key 'report' is missing",
        ),
        (HEAD + '{"title": "A"}}', "damaged report: subtitle: Field required"),
        (
            HEAD + '{"title": 3, "subtitle": "", "verdict": [], "sections": []}}',
            "title: Input should be a valid string",
        ),
        (report_of('{"kind": "secret"}'), r"sections.0.blocks.0.kind: no block or panel is of this kind"),
        (
            report_of('{"kind": "paragraph", "text": "x", "html": "<b>"}'),
            r"blocks.0.html: Unexpected keyword",
        ),
        (report_of('{"kind": "table", "caption": "x"}'), r"blocks.0.columns: Field required"),
        (
            report_of(
                '{"kind": "game", "title": "", "players": ["A"], "actions": [["x", "y"]], "payoffs": [[1]]}'
            ),
            "2 profiles but 1 rows of payoffs",
        ),
        (report_of('{"kind": "game", "html": "<script>", "text": ""}'), "damaged report"),
    ],
)
def test_other_files_are_refused(tmp_path, text, message):
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(FormatError, match=message):
        reports.read(path)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(FormatError, match="No such file"):
        reports.read(tmp_path / "none.json")


def test_words_read_back_are_never_markup(tmp_path):
    nasty = "<script>alert(1)</script>"
    game = {
        "kind": "game",
        "title": nasty,
        "players": [nasty, "B"],
        "actions": [[nasty], ["x"]],
        "payoffs": [[1, 2]],
    }
    path = tmp_path / "forged.json"
    path.write_text(report_of(json.dumps(game)))
    page = reports.read(path).html()
    assert "<script" not in page
    assert page.count("&lt;script&gt;") >= 3


def test_every_kind_of_block_and_panel_survives():
    blocks = (
        GameView.of(catalog.prisoners_dilemma()),
        Figure(
            "F",
            "alt",
            (MapPanel("M", ("A",), (Spot("x", 1.0, -2.0, "A", "force", True),), (("A", 3.0, 4.0),)),),
        ),
        Details("d", (Paragraph("p"), Bullets(("a", "b")))),
    )
    source = Provenance("1", "s", "d", "c", 3, (Change("p", 1.0, "China"), Change("q", None, True)))
    made = Document("A", "", ("B.",), (Section("S", "", blocks),), source)
    assert plain.load(plain.dump(made)) == made


@pytest.mark.parametrize(
    "cell", ["Infinity", "inf", 1, 1.0, True, False, 0, None, "1", "true", -0.0, 1e-320, 0.1]
)
def test_cells_keep_their_value_and_type(cell):
    made = Document("A", "", ("B.",), (Section("S", "", (Table("t", (Column("c"),), ((cell,),)),)),))
    (row,) = plain.load(plain.dump(made)).sections[0].blocks[0].rows
    assert repr(row) == repr((cell,))


def test_half_a_surrogate_pair_can_be_written(tmp_path):
    made = Report("a\ud800b", "", ("B.",), ())
    path = made.write(tmp_path / "r.json")
    assert reports.read(path) == made
