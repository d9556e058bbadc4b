"""The report in a real browser: headless Chromium opens it, complains of nothing and asks nobody for anything."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine"),
]

QUIET = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-sync",
    "--hide-scrollbars",
    "--no-default-browser-check",
    "--no-first-run",
    "--no-pings",
]


def browse(folder: Path, page: Path, *more: str) -> subprocess.CompletedProcess[str]:
    """Run Chromium on a page, with a profile and a log of network requests of its own."""
    done = subprocess.run(
        [
            str(CHROMIUM),
            *QUIET,
            f"--user-data-dir={folder / 'profile'}",
            f"--log-net-log={folder / 'net.json'}",
            "--enable-logging=stderr",
            *more,
            page.as_uri(),
        ],
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
        env={**os.environ, "HOME": str(folder)},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done


def requests(folder: Path) -> set[str]:
    """Every address that a page asked for. What the browser asks for on its own account has no page as its initiator."""
    log = json.loads((folder / "net.json").read_text())
    found = set()
    for event in log["events"]:
        params = event.get("params", {})
        if params.get("url") and params.get("initiator", "not an origin") != "not an origin":
            found.add(params["url"])
    return found


def console(done: subprocess.CompletedProcess[str]) -> list[str]:
    return [line for line in done.stderr.splitlines() if ":CONSOLE" in line]


@pytest.fixture(scope="module")
def page(tmp_path_factory, report):
    return report.write(tmp_path_factory.mktemp("page") / "report.html")


def test_the_page_opens_without_error_or_request(page, tmp_path):
    done = browse(tmp_path, page, "--dump-dom")
    assert console(done) == []
    assert {url for url in requests(tmp_path) if not url.startswith("data:")} == set()
    for title in ("What each power gets", "Who else pays", "How it was computed"):
        assert f">{title}</h2>" in done.stdout
    assert done.stdout.count("<svg") >= 10


def test_the_check_would_notice_an_error_and_a_request(tmp_path):
    page = tmp_path / "bad.html"
    page.write_text(
        '<!doctype html><title>x</title><img src="http://127.0.0.1:9/x.png"><script>console.error("boom")</script>'
    )
    done = browse(tmp_path, page, "--dump-dom")
    assert any("boom" in line for line in console(done))
    assert "http://127.0.0.1:9/x.png" in requests(tmp_path)


@pytest.mark.parametrize("width", [400, 1280, 1300])
def test_nothing_spills_over_the_edge(page, tmp_path, width):
    """Measured by the page itself: wide tables scroll in their own boxes, the page does not scroll sideways."""
    probe = tmp_path / "probe.html"
    measure = (
        "<script>onload = () => { const d = document.documentElement; "
        "document.title = 'widths ' + d.scrollWidth + ' ' + d.clientWidth; }</script></body>"
    )
    # An inner frame gives the narrow width, which a headless window may refuse to take.
    inner = tmp_path / "inner.html"
    inner.write_text(
        page.read_text(encoding="utf-8").replace(
            "</body>", measure.replace("document.title", "parent.document.title")
        )
    )
    probe.write_text(
        f'<!doctype html><iframe src="inner.html" style="border:0;width:{width}px;height:2000px"></iframe>'
    )
    done = browse(
        tmp_path, probe, "--allow-file-access-from-files", "--virtual-time-budget=3000", "--dump-dom"
    )
    found = re.search(r"<title>widths (\d+) (\d+)</title>", done.stdout)
    assert found, done.stdout[:500]
    assert int(found[2]) == width
    assert int(found[1]) == width


def test_it_prints(page, tmp_path):
    target = tmp_path / "report.pdf"
    browse(tmp_path, page, f"--print-to-pdf={target}", "--no-pdf-header-footer")
    content = target.read_bytes()
    assert content.startswith(b"%PDF-")
    pages = content.count(b"/Type /Page\n") or content.count(b"/Type /Page")
    assert 5 <= pages <= 60


def test_nothing_is_clipped_at_1280_even_unfolded(page, tmp_path):
    """Every table and game fits its own box on a common laptop, so that none has to be scrolled."""
    measure = (
        "<script>onload = () => { document.querySelectorAll('details').forEach(d => d.open = true); document.title = 'wide ' + "
        "JSON.stringify([...document.querySelectorAll('.scroll')].filter(e => e.scrollWidth > e.clientWidth)"
        ".map(e => e.getAttribute('aria-label'))); }</script></body>"
    )
    probe = tmp_path / "probe.html"
    probe.write_text(page.read_text(encoding="utf-8").replace("</body>", measure))
    done = browse(tmp_path, probe, "--window-size=1280,900", "--virtual-time-budget=3000", "--dump-dom")
    found = re.search(r"<title>wide (.*?)</title>", done.stdout)
    assert found
    assert found[1] == "[]"
