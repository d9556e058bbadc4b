"""The pages of the documentation: every name they list is there, every link leads somewhere, every example runs."""

from __future__ import annotations

import importlib
import re
import tomllib
from pathlib import Path

import pytest

from games import load

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)


def listed():
    """Module and name of every row of docs/api.md."""
    module = None
    for line in (ROOT / "docs" / "api.md").read_text(encoding="utf-8").splitlines():
        if line.startswith("### "):
            module = line[4:].strip()
        elif match := re.match(r"\| `(\w+)` \| (.+) \|$", line):
            yield module, match[1], match[2]


def test_every_public_name_of_the_list_is_there_and_says_what_it_is():
    rows = list(listed())
    assert len(rows) > 200
    assert len({(module, name) for module, name, _ in rows}) == len(rows)
    for module, name, words in rows:
        assert hasattr(importlib.import_module(module), name), f"{module} has no {name}"
        assert words.endswith((".", "?")), f"{module}.{name}: {words}"


@pytest.mark.parametrize("package", ["games", "solvers"])
def test_every_module_that_a_package_offers_is_in_the_list(package):
    modules = {module for module, _, _ in listed()}
    offered = importlib.import_module(package)
    for name in offered.__all__:
        if type(getattr(offered, name)).__name__ == "module":
            assert getattr(offered, name).__name__ in modules


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_modules_that_pages_name_are_there(page):
    for name in set(re.findall(r"`((?:games|solvers|reports)(?:\.\w+)+)`", page.read_text(encoding="utf-8"))):
        parent, _, last = name.rpartition(".")
        assert hasattr(importlib.import_module(parent), last) or importlib.import_module(name)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: p.name)
def test_python_blocks_run(page):
    names: dict[str, object] = {}
    for language, block in FENCE.findall(page.read_text(encoding="utf-8")):
        if language == "python":
            exec(compile(block, page.name, "exec"), names)


def test_the_patch_in_the_docs_loads(tmp_path):
    blocks = [b for kind, b in FENCE.findall((ROOT / "docs" / "scenarios.md").read_text(encoding="utf-8"))]
    (tmp_path / "my-scenario.toml").write_text(blocks[0], encoding="utf-8")
    model = load(tmp_path / "my-scenario.toml")
    assert (model.friction, model.half_distance, model.patience[2]) == (0.08, 3000.0, 0.9)
    (tmp_path / "whole.toml").write_text(blocks[1], encoding="utf-8")
    whole = load(tmp_path / "whole.toml")
    assert len(whole.maps) == 4
    assert "a reading" in whole.observed
    assert all(tomllib.loads(block) for block in blocks)


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
