"""The documentation site in a real browser: it opens, it is searched without a server, and it asks nobody for anything."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
BUILT = os.environ.get("CONCERT_SITE")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(
        BUILT is None,
        reason="builds for minutes: make docs, then CONCERT_SITE=docs/_build/site pytest tests/test_site.py",
    ),
]


@pytest.fixture(scope="module")
def site():
    return (ROOT / str(BUILT)).resolve()


def browse(folder: Path, address: str) -> str:
    """The page as the browser has it after three seconds; with no network but the files."""
    done = subprocess.run(
        [
            str(CHROMIUM), "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run",
            f"--user-data-dir={folder / 'profile'}", f"--log-net-log={folder / 'net.json'}",
            "--enable-logging=stderr", "--virtual-time-budget=10000", "--dump-dom", address,
        ],
        capture_output=True, text=True, timeout=600, check=False, env={**os.environ, "HOME": str(folder)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    errors = [line for line in done.stderr.splitlines() if ":CONSOLE" in line and "Error" in line]
    assert errors == []
    return done.stdout


def asked(folder: Path) -> set[str]:
    found = set()
    for event in json.loads((folder / "net.json").read_text())["events"]:
        params = event.get("params", {})
        if params.get("url") and params.get("initiator", "not an origin") != "not an origin":
            found.add(params["url"])
    return {url for url in found if not url.startswith(("data:", "file:"))}


@pytest.mark.parametrize("page", ["index.html", "model.html", "gallery.html", "reference/solvers.nash.html"])
def test_pages_open_and_ask_nobody(site, tmp_path, page):
    dom = browse(tmp_path, (site / page).as_uri())
    assert "<h1>" in dom
    assert asked(tmp_path) == set()


@pytest.mark.parametrize(("word", "page"), [("nucleolus", "solvers.cooperative"), ("ostracism", "glossary")])
def test_search_finds_a_page_without_a_server(site, tmp_path, word, page):
    dom = browse(tmp_path, (site / "search.html").as_uri() + f"?q={word}")
    results = dom.split('id="search-results"')[1]
    assert page in results
    assert asked(tmp_path) == set()


def test_a_word_that_is_nowhere_is_not_found(site, tmp_path):
    dom = browse(tmp_path, (site / "search.html").as_uri() + "?q=qwertzuiop")
    assert "did not match any documents" in dom
