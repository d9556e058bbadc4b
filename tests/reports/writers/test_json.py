from __future__ import annotations

import json
import math

import pytest

import reports
from games.errors import FormatError
from reports.document import Column, Document, Section, Table
from reports.writers import json as plain


def test_json_and_back(report, tmp_path):
    path = report.write(tmp_path / "report.json")
    again = reports.read(path)
    assert again == report
    assert again.html() == report.html()


def test_json_is_strict_and_says_what_it_is(report):
    content = json.loads(plain.dump(report), parse_constant=lambda name: pytest.fail(f"{name} is not JSON"))
    assert content["format"] == "concert-of-powers report"
    assert content["version"] == 1


def test_infinity_survives():
    table = Table("t", (Column("c", "discount"),), ((math.inf,), ((0.5, -math.inf),)))
    made = Document("A", "", ("B.",), (Section("S", "", (table,)),))
    assert plain.load(plain.dump(made)) == made


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "is not JSON: line 1"),
        ("[]", "holds no report"),
        ('{"format": "other"}', "holds no report"),
        ('{"format": "concert-of-powers report", "version": 9}', "of version 9; this reads 1"),
        ('{"format": "concert-of-powers report", "version": 1}', "damaged report"),
        (
            '{"format": "concert-of-powers report", "version": 1, "report": {"is": "Secret"}}',
            "damaged report",
        ),
        (
            '{"format": "concert-of-powers report", "version": 1, "report": {"is": "Column", "name": "a"}}',
            "not a report",
        ),
        (
            '{"format": "concert-of-powers report", "version": 1, "report": {"is": "Report"}}',
            "damaged report",
        ),
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
