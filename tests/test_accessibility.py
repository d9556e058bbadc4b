"""Report, explorer and site as everybody meets them: axe-core finds nothing, nothing is cut off, and nobody else is asked.

Each page is looked at in light on a desk and in dark on a telephone. CONCERT_AXE names an `axe.min.js` other than that of
the package axe-core-python, CONCERT_SITE the folder of a documentation site that was built.
"""

from __future__ import annotations

import importlib.util
import os
import threading
from importlib import resources
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from reports.explore import Explorer
from reports.explore._server import Server

chromium = pytest.importorskip("tests.chromium", reason="tornado is not installed")

ROOT = Path(__file__).parents[1]
AXE = os.environ.get("CONCERT_AXE")
SITE = os.environ.get("CONCERT_SITE")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(
        AXE is None and importlib.util.find_spec("axe_core_python") is None,
        reason="axe-core-python is not installed",
    ),
]
# The layout depends on the width alone and the colours on the scheme alone, so that two looks see every one of each.
LOOKS = [(1280, False), (390, True)]
PAGES = [
    "index.html",
    "start.html",
    "howto.html",
    "model.html",
    "mathematics.html",
    "gallery.html",
    "glossary.html",
    "scenarios.html",
    "validation.html",
    "api.html",
    "search.html?q=nucleolus",
    "notebooks/01-concert-or-competition.html",
    "notebooks/11-move-the-sliders.html",
    "reference/solvers.nash.html",
]
FAULTS = """
axe.run(document, { preload: false, resultTypes: ["violations"] }).then((found) => found.violations.map((v) =>
  `${v.id} (${v.nodes.length}): ${v.nodes.slice(0, 4).map((n) => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 240))
    .join(" | ")}`))
"""
# Beyond the page's edge, cut by a box that hides what does not fit, or by the edge of a picture.
CUT = """
(() => {
  const page = document.documentElement;
  const faults = page.scrollWidth > page.clientWidth ? [`page: ${page.scrollWidth} > ${page.clientWidth}`] : [];
  for (const e of document.body.querySelectorAll("*")) {
    if (e.clientWidth > 1 && e.scrollWidth > e.clientWidth + 1
      && ["hidden", "clip"].includes(getComputedStyle(e).overflowX)) {
      faults.push(`${e.tagName}.${e.className}: ${e.scrollWidth} > ${e.clientWidth}`);
    }
  }
  for (const svg of document.querySelectorAll("svg")) {
    const frame = svg.getBoundingClientRect();
    for (const words of frame.width ? svg.querySelectorAll("text") : []) {
      const box = words.getBoundingClientRect();
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1) {
        faults.push(`picture: ${words.textContent}`);
      }
    }
  }
  return faults;
})()
"""
UNFOLD = "document.querySelectorAll('details').forEach((d) => { d.open = true; })"


def axe() -> str:
    """The script of axe-core."""
    if AXE:
        return Path(AXE).read_text(encoding="utf-8")
    return (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")


def faults(folder: Path, address: str, ready: str) -> list[str]:
    """What is wrong with a page in any of the looks, unfolded, and whom it asks but its own host."""
    page = chromium.Page(folder, address)
    try:
        page.wait(f"document.readyState === 'complete' && ({ready})")
        page.evaluate(UNFOLD)
        page.evaluate(axe() + "; 0")
        found = []
        for width, dark in LOOKS:
            page.look(width, dark)
            where = f"{width} {'dark' if dark else 'light'}"
            found += [f"{where}: {fault}" for fault in (*page.evaluate(FAULTS), *page.evaluate(CUT))]
        here = urlsplit(address)
        asked = {urlsplit(url) for url in page.requests()}
        found += [
            f"asks {url.geturl()}"
            for url in asked
            if url.scheme not in ("data", "about") and url[:2] != here[:2]
        ]
        return found + page.problems()
    finally:
        page.close()


def test_the_report(tmp_path, report):
    path = report.write(tmp_path / "report.html")
    assert faults(tmp_path, path.as_uri(), "true") == []


def test_the_explorer(tmp_path):
    with Server(Explorer("us-china-russia-2025")) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        ready = "document.querySelector('.concert-explore')?.dataset.shares"
        assert faults(tmp_path, server.address, ready) == []
        server.shutdown()
        thread.join(10)


@pytest.mark.skipif(
    SITE is None, reason="builds for minutes: make docs, then set CONCERT_SITE=docs/_build/site"
)
@pytest.mark.parametrize("page", PAGES)
def test_the_site(tmp_path, page):
    address = (ROOT / str(SITE)).resolve().as_uri() + "/" + page
    ready = "!location.search || document.querySelector('#search-results li')"
    assert faults(tmp_path, address, ready) == []


def test_the_check_notices_what_is_wrong(tmp_path):
    """An image without words, pale words, a page too wide, words cut by a box and by a picture, and a request."""
    page = tmp_path / "bad.html"
    page.write_text(
        '<!doctype html><html lang="en"><title>x</title><main><h1>x</h1><img src="data:,">'
        '<p style="color:#bbb;background:#fff">pale</p><p style="width:3000px">wide</p>'
        '<div style="width:50px;overflow:hidden;white-space:nowrap">words that do not fit here</div>'
        '<svg width="40" height="20" aria-hidden="true"><text x="30" y="15">cut off</text></svg>'
        '<script src="http://127.0.0.1:9/x.js"></script></main></html>'
    )
    found = " ".join(faults(tmp_path, page.as_uri(), "true"))
    for sign in (
        "image-alt",
        "color-contrast",
        "page: ",
        "DIV.",
        "picture: cut off",
        "asks http://127.0.0.1:9/x.js",
    ):
        assert sign in found, sign
