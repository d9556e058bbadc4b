"""The explorer in a real JupyterLab: the widget shows, a slider moves, and the numbers are those of `compare.concert`."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest

from games import load
from solvers import compare

chromium = pytest.importorskip("tests.chromium", reason="tornado is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="no Chromium on this machine"),
    pytest.mark.skipif(
        importlib.util.find_spec("jupyterlab") is None, reason="JupyterLab is not installed (extra notebooks)"
    ),
]
NAME = "us-china-russia-2025"
ROOT = Path(__file__).parents[1]
WIDGET = "document.querySelector('.jp-OutputArea .concert-explore')"
SETTLED = f"{WIDGET}?.dataset.shares && !document.querySelector('[data-busy]')"
IDLE = """
fetch("/api/sessions").then((r) => r.json()).then((all) => all.some((s) => s.kernel?.execution_state === "idle"))
"""
SHOWN = f"""
[...[...{WIDGET}.querySelectorAll('table')].find(t => t.caption.textContent.startsWith('What each power gets'))
  .tBodies[0].rows].map(r => [...r.cells].map(c => c.dataset.value || c.textContent))
"""


@pytest.fixture
def lab(tmp_path):
    """The address of a JupyterLab with one notebook, on a free port of this machine."""
    folder = tmp_path / "lab"
    folder.mkdir()
    cell = nbformat.v4.new_code_cell(f"from reports.explore import explore\n\nexplore({NAME!r})")
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    notebook = nbformat.v4.new_notebook(cells=[cell], metadata={"kernelspec": kernel})
    nbformat.write(notebook, folder / "slide.ipynb")
    runtime = tmp_path / "runtime"
    process = subprocess.Popen(
        [
            sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser",
            "--ServerApp.port=0", f"--ServerApp.root_dir={folder}", "--LabApp.news_url=None",
        ],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        cwd=folder,
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "JUPYTER_RUNTIME_DIR": str(runtime),
            "JUPYTER_CONFIG_DIR": str(tmp_path / "config"),
        },
    )  # fmt: skip
    try:
        end = time.monotonic() + 120
        while not (found := list(runtime.glob("jpserver-*.json"))):
            assert process.poll() is None, "JupyterLab does not start"
            assert time.monotonic() < end, "JupyterLab takes too long to start"
            time.sleep(0.1)
        server = json.loads(found[0].read_text())
        yield f"{server['url']}lab/tree/slide.ipynb?token={server['token']}"
    finally:
        process.terminate()
        process.wait(60)


def test_the_widget_shows_and_a_slider_gives_the_numbers_of_compare(lab, tmp_path):
    page = chromium.Page(tmp_path, lab, width=1400)
    try:
        page.wait("document.querySelector('.jp-Notebook .jp-CodeCell')")
        # To run before the kernel is there would open a dialog.
        page.wait("document.querySelector('.jp-Notebook-ExecutionIndicator')?.dataset.status === 'idle'")
        end = time.monotonic() + 90
        while not page.evaluate(IDLE):
            assert time.monotonic() < end, "the kernel does not start"
            time.sleep(0.1)
        page.evaluate("void window.jupyterapp.commands.execute('notebook:run-all-cells')")
        page.wait(SETTLED)
        before = page.evaluate(SHOWN)
        page.evaluate(f"{WIDGET}.querySelector('[data-path=half_distance]').focus()")
        page.press("ArrowRight", 12)
        page.wait(
            f"{SETTLED} && {WIDGET}.dataset.view === {WIDGET}.dataset.shares && {WIDGET}.dataset.view > 1"
        )
        chosen = float(page.evaluate(f"{WIDGET}.querySelector('[data-box=half_distance]').value"))
        after = page.evaluate(SHOWN)
        # The table scrolls in its own box, and nothing of the widget is cut by its cell.
        assert page.evaluate(f"{WIDGET}.scrollWidth <= {WIDGET}.clientWidth")
        hosts = {
            urlsplit(url).netloc for url in page.requests() if urlsplit(url).scheme.startswith(("http", "ws"))
        }
    finally:
        page.close()
    assert hosts == {urlsplit(lab).netloc}
    model = load(NAME)
    assert chosen != model.parameters.half_distance
    for table, varied in ((before, model), (after, model.vary({"half_distance": chosen}))):
        premium = compare.concert(varied).premium
        for power, deal, _, gained, *_ in table:
            assert float(deal) == pytest.approx(premium["concert"][power], rel=1e-9)
            assert min(map(float, gained.split())) == pytest.approx(premium["premium low"][power], rel=1e-7)
