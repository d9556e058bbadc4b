from __future__ import annotations

import hashlib

import pytest

import games
from games import load, world
from reports import provenance
from reports.document import Change


@pytest.fixture(scope="module")
def base():
    return load("us-china-russia-2025")


def test_each_changed_number_word_and_holder_is_listed(base):
    changed = base.vary({"half_distance": 3000, "powers.China.patience": 0.9, "claims": "part"}).with_index(
        "CINC"
    )
    assert provenance.changes(base, changed) == (
        Change("half_distance", 2000.0, 3000.0),
        Change("powers.China.patience", 0.95, 0.9),
        Change("claims", "whole", "part"),
        Change("index", "mix", "CINC"),
    )
    assert provenance.changes(base, base) == ()
    assert provenance.changes(base, load("us-china-russia-2025")) == ()


def test_a_scenario_of_the_package_is_known_by_its_name(base):
    found = provenance.of(base.vary({"half_distance": 3000}))
    assert found.scenario == "us-china-russia-2025"
    file = next(path for path in _folder().glob("us-china-russia-2025.toml"))
    assert found.digest == hashlib.sha256(file.read_bytes()).hexdigest()
    assert found.changes == (Change("half_distance", 2000.0, 3000.0),)


def _folder():
    from importlib.resources import files

    return files("games") / "scenario" / "shipped"


def test_a_model_without_a_scenario_has_its_name_only():
    found = provenance.of(world.build(2021, ["United States", "China"]))
    assert found.digest == ""
    assert found.changes == ()


def test_the_version_is_that_of_the_package():
    assert provenance.version() == getattr(games, "__version__", provenance.version())
    assert provenance.version()[0].isdigit()


@pytest.mark.parametrize(
    ("words", "line"),
    [
        (["report"], "concert report"),
        (
            ["report", "a.toml", "--output", "x.html", "-m", "Ukraine to Russia"],
            "concert report a.toml -m 'Ukraine to Russia'",
        ),
        (["report", "--output=x.html", "--json"], "concert report"),
        (["report", "-ox.html", "--figures", "d", "--tables=t"], "concert report"),
        (["report", "--set", "a=b; rm -rf"], "concert report --set 'a=b; rm -rf'"),
    ],
)
def test_the_command_is_told_without_its_outputs(words, line):
    assert provenance.command_line(words) == line
