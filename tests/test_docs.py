"""The pages of the documentation: every name they list is there, every link leads somewhere, every example runs."""

from __future__ import annotations

import ast
import importlib
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import types
from pathlib import Path

import pytest

from games import NormalFormGame, catalog, load

ROOT = Path(__file__).parents[1]
PAGES = [
    *(ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "site").glob("*.md")),
]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def by_name(page):
    return str(page.relative_to(ROOT))


def blocks(page, language):
    return [code for kind, code in FENCE.findall(page.read_text(encoding="utf-8")) if kind == language]


@pytest.fixture(scope="module")
def public_names():
    sys.path.insert(0, str(ROOT / "docs"))
    try:
        return importlib.import_module("_names")
    finally:
        sys.path.remove(str(ROOT / "docs"))


def test_the_list_of_public_names_is_what_the_docstrings_give(public_names):
    kept = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    assert kept == public_names.page(), "docs/api.md is out of date: make docs"
    assert kept.count("\n| `") > 400


def test_every_line_of_the_list_is_a_sentence(public_names):
    for package, _ in public_names.GROUPS.values():
        for name in public_names.modules(package):
            for member, words in public_names.rows(name):
                assert words.endswith((".", "?")), f"{name}.{member}: {words}"


@pytest.mark.parametrize("package", ["games", "solvers"])
def test_every_module_that_a_package_offers_is_in_the_list(public_names, package):
    offered = importlib.import_module(package)
    modules = [m for n in offered.__all__ if isinstance(m := getattr(offered, n), types.ModuleType)]
    assert len(modules) > 10
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    for module in modules:
        assert f"### {module.__name__}\n" in page


def test_a_name_without_a_docstring_is_noticed(public_names):
    module = types.ModuleType("bare")
    module.function = lambda: None
    with pytest.raises(SystemExit, match=r"bare\.function has no docstring"):
        public_names.line(module, "function")


def misplaced_examples(source):
    """Docstrings with sections in which an example stands under another heading, where Sphinx cannot read it."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            before = (ast.get_docstring(node) or "").partition(">>>")
            headings = re.findall(r"^(.+)\n-{4,}$", before[0], re.M)
            if before[1] and headings and headings[-1] != "Examples":
                found.append(getattr(node, "name", "module"))
    return found


def test_examples_stand_under_their_own_heading():
    files = [path for package in ("games", "solvers", "reports") for path in (ROOT / package).rglob("*.py")]
    wrong = {by_name(path): misplaced_examples(path.read_text(encoding="utf-8")) for path in files}
    assert {path: names for path, names in wrong.items() if names} == {}
    assert misplaced_examples(
        'def f(x):\n    """F.\n\n    Parameters\n    ----------\n    x : y\n\n    >>> f(1)\n    """'
    ) == ["f"]


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_links_lead_somewhere(page):
    # Pages of the site stand beside those of docs when it is built; these are made by the build.
    made = {
        "side-by-side.md",
        "notebooks/index.md",
        "reference/index.md",
        "changelog.md",
        "contributing.md",
        "benchmarks.md",
    }
    folders = [page.parent, ROOT / "docs"] if page.parent.name == "site" else [page.parent]
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        found = any((folder / target).exists() for folder in folders)
        assert found or (len(folders) > 1 and target in made), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_modules_that_pages_name_are_there(page):
    if page.name == "CHANGELOG.md":
        pytest.skip("names what was there before")
    for name in set(re.findall(r"`((?:games|solvers|reports)(?:\.\w+)+)`", page.read_text(encoding="utf-8"))):
        parent, _, last = name.rpartition(".")
        assert hasattr(importlib.import_module(parent), last) or importlib.import_module(name)


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_files_that_pages_name_are_there(page):
    text = page.read_text(encoding="utf-8")
    named = re.findall(r"`((?:games|solvers|reports|tests|notebooks|docs)/[\w./-]+)`", text)
    for name in set(named) - set(
        re.findall(r"`([^`]*(?:NAME|_iterated_dominance)[^`]*|docs/_build[^`]*)`", text)
    ):
        assert (ROOT / name).exists(), f"{page.name} names {name}"


@pytest.mark.parametrize("page", PAGES, ids=by_name)
def test_commands_of_make_that_pages_name_are_there(page):
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:`|^)make ([a-z]+)", page.read_text(encoding="utf-8"), re.M)):
        assert re.search(rf"^{target}:", makefile, re.M), f"{page.name} names make {target}"


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "python")], ids=by_name)
def test_python_blocks_run(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in blocks(page, "python"):
        exec(compile(block, page.name, "exec"), names)


@pytest.mark.parametrize("page", [p for p in PAGES if blocks(p, "console")], ids=by_name)
@pytest.mark.usefixtures("compared_once")
def test_commands_run(page, tmp_path, monkeypatch, capsys):
    from reports import cli
    from reports.document import Paragraph, Section

    # What takes longest is left to the tests of those sections, and of pictures.
    for name in ("partitions.partitions", "swaps.swaps", "bargaining.solutions"):
        monkeypatch.setattr(
            f"reports.sections.{name}", lambda *_: Section("Elsewhere", "", (Paragraph("Nothing."),))
        )
    monkeypatch.setattr("reports.commands._parts.assessment", lambda *_: None)
    monkeypatch.setattr("reports.commands._parts.wanted", lambda *_: False)
    monkeypatch.setattr("reports.figures.mpl.png", lambda _: b"")
    monkeypatch.chdir(tmp_path)
    catalog.chicken().write("game.nfg")
    for line in "".join(blocks(page, "console")).splitlines():
        assert line.startswith("$ concert "), line
        with pytest.raises(SystemExit) as end:
            cli.app(shlex.split(line)[2:])
        assert not end.value.code, f"{line}: {capsys.readouterr().err}"


def test_the_recipe_for_a_solver_works_to_the_letter(monkeypatch):
    """One new file and one entry: the method is then found, listed and refused its strange options like any other."""
    from solvers import nash
    from solvers.nash import _find_one, _methods

    page = ROOT / "CONTRIBUTING.md"
    entry = next(block for block in blocks(page, "py") if "Method(" in block)
    new = eval("{" + entry + "}", vars(_methods))
    (name,) = new
    module = new[name].place.split(":")[0]
    file = types.ModuleType(module)
    exec(compile(blocks(page, "python")[0], "recipe", "exec"), vars(file))
    monkeypatch.setitem(sys.modules, module, file)
    monkeypatch.setattr(_find_one, "METHODS", {**_methods.METHODS, **new})
    assert name in nash.methods()
    assert nash.find_one(catalog.prisoners_dilemma(), name).support == ((1,), (1,))
    with pytest.raises(Exception, match="more than one profile"):
        nash.find_one(NormalFormGame.from_bimatrix([[1, -1], [-1, 1]]), name)
    with pytest.raises(Exception, match="no option"):
        nash.find_one(catalog.prisoners_dilemma(), name, seed=1)


def test_the_version_is_the_same_everywhere():
    import games

    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.search(r"^## (\S+) \((\S+)\)$", changes, re.M)
    assert newest
    assert newest[1] == games.__version__
    assert re.search(rf"^version: {re.escape(games.__version__)}$", cited, re.M)
    assert re.search(rf"^date-released: {newest[2]}$", cited, re.M)


def test_the_patch_in_the_docs_loads(tmp_path):
    found = blocks(ROOT / "docs" / "scenarios.md", "toml")
    (tmp_path / "my-scenario.toml").write_text(found[0], encoding="utf-8")
    model = load(tmp_path / "my-scenario.toml")
    assert (model.friction, model.half_distance, model.patience[2]) == (0.08, 3000.0, 0.9)
    (tmp_path / "whole.toml").write_text(found[1], encoding="utf-8")
    whole = load(tmp_path / "whole.toml")
    assert len(whole.maps) == 4
    assert "a reading" in whole.observed
    assert all(tomllib.loads(block) for block in found)


def test_every_table_of_the_schema_is_described():
    from games.scenario import _schema

    page = (ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8")
    for name in dir(_schema):
        fields = getattr(getattr(_schema, name), "model_fields", {})
        for field in fields:
            assert re.search(rf"\b{field}\b", page), f"{name}.{field} is not in docs/scenarios.md"


def test_every_column_of_the_tables_is_described():
    from games.world import columns

    page = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    for table, names in columns().items():
        assert f"`{table}.csv`" in page
        for name in names:
            assert f"`{name}`" in page, f"{table}.{name} is not in docs/data.md"


def test_what_the_model_leaves_out_is_on_its_page():
    """Every limit that a comparison prints has its subject on the page."""
    from solvers.compare import LEAVES_OUT

    page = (ROOT / "docs" / "model.md").read_text(encoding="utf-8").split("## What is left out")[1].lower()
    subjects = (
        "levels of payoff", "shares of a lottery", "puts the whole state at stake", "pacts between powers", "trade enters",
        "greenland", "domestic politics", "without error", "dominoes", "when wars begin",
    )  # fmt: skip
    assert len(LEAVES_OUT) <= len(subjects)
    for subject in subjects:
        assert subject in page, subject


def test_the_build_refuses_a_page_that_loads_from_elsewhere(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "docs"))
    check = importlib.import_module("build").check
    page = tmp_path / "page.html"
    for text in (
        '<script src="https://cdn.example/x.js"></script>',
        '<link rel="stylesheet" href="//fonts.example/x.css">',
        '<link href="https://fonts.example/x.css" rel="preload">',
        '<img alt="" src="http://a.example/x.png">',
    ):
        page.write_text(text)
        with pytest.raises(SystemExit, match="from elsewhere"):
            check(tmp_path)
    page.write_text(
        '<a href="https://a.example">out</a><link rel="stylesheet" href="x.css"><img src="x.png">'
    )
    check(tmp_path)
    (tmp_path / "x.css").write_text("@font-face { src: url(https://fonts.example/x.woff2) }")
    with pytest.raises(SystemExit, match=r"x\.css"):
        check(tmp_path)


@pytest.mark.parametrize("package", ["games", "solvers", "reports"])
def test_every_room_is_on_the_architecture_page(package):
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## Where is")[0]
    for path in (ROOT / package).iterdir():
        room = path.stem
        if (
            room.startswith("__")
            or (path.is_dir() and not (path / "__init__.py").exists())
            or path.suffix not in ("", ".py")
        ):
            continue
        if path.is_file() and room.startswith("_") and room != "_build":
            continue
        if package == "reports" and room in ("printable",):
            continue
        assert re.search(rf"`{room}/?`", page), f"{package}.{room} is not in the table of floors"


def test_the_floors_on_the_architecture_page_are_those_that_are_checked():
    """Whoever is on a higher floor in the contract is on a higher floor of the page."""
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split("## Where is")[0]
    rows = [line for line in page.splitlines() if line.startswith("|")]
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    layers = next(c["layers"] for c in contracts if c["name"] == "the floors of solvers")
    assert len(layers) > 8
    start = next(i for i, row in enumerate(rows) if row.startswith("| `solvers`"))
    floors = []
    for layer in layers:
        rooms = [name.strip().removeprefix("solvers.") for name in layer.split("|")]
        at = {next(i for i, row in enumerate(rows) if i >= start and f"`{room}`" in row) for room in rooms}
        assert len(at) == 1, f"{rooms} stand on several floors of the page"
        floors.append(at.pop())
    assert floors == sorted(floors)


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("notebooks", ".venv/bin/jupyter lab notebooks --flag"),
        ("docs", ".venv/bin/python docs/build.py --flag"),
    ],
)
def test_make_passes_flags_on_and_installs_once(target, line, tmp_path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    (tmp_path / ".venv" / "bin").mkdir(parents=True)
    for name in ("pyproject.toml", ".venv/bin/python", ".venv/installed", f".venv/installed-{target}"):
        (tmp_path / name).touch()

    # As from a shell, even where make runs the tests.
    outside = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS"))}

    def plan():
        command = ["make", "-n", target, "ARGS=--flag"]
        done = subprocess.run(command, cwd=tmp_path, env=outside, capture_output=True, text=True, check=True)
        return done.stdout.splitlines()

    assert plan() == [line]
    (tmp_path / f".venv/installed-{target}").unlink()
    assert sum("pip install" in step for step in plan()) == 1


def test_exit_statuses_and_standard_streams_are_documented():
    page = (ROOT / "docs" / "site" / "shell.md").read_text(encoding="utf-8")
    for status in ("| 0 |", "| 1 |", "| 2 |", "| 130 |"):
        assert status in page


def test_every_command_writes_to_a_file_and_prints_json():
    from typer.main import get_command

    from reports import cli

    for name, command in get_command(cli.app).commands.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert {"--output", "-o", "--json"} <= options, name
