"""The explorer in a real browser: keys move three sliders, and the numbers are those of `compare.concert`."""

from __future__ import annotations

import math
import threading
from urllib.parse import urlsplit

import pytest

from games import load
from reports.explore import Explorer
from reports.explore._server import Server
from solvers import compare

chromium = pytest.importorskip("tests.chromium", reason="tornado is not installed")

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.CHROMIUM is None, reason="no Chromium on this machine"),
]
NAME = "us-china-russia-2025"
SETTLED = (
    "document.querySelector('.concert-explore')?.dataset.shares && !document.querySelector('[data-busy]')"
)


@pytest.fixture(scope="module")
def server():
    with Server(Explorer(NAME)) as found:
        thread = threading.Thread(target=found.serve_forever, daemon=True)
        thread.start()
        yield found
        found.shutdown()
        thread.join(10)


@pytest.fixture
def page(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = chromium.Page(tmp_path, server.address)
    found.wait(SETTLED)
    yield found
    found.close()


def values(page, caption: str) -> list[list[str]]:
    """Numbers of a table, unrounded as they stand in the page, row by row."""
    return page.evaluate(
        "[...document.querySelectorAll('table')].filter(t => t.caption.textContent.startsWith("
        f"{caption!r}))[0].tBodies[0].rows.length && [...[...document.querySelectorAll('table')].filter(t => "
        f"t.caption.textContent.startsWith({caption!r}))[0].tBodies[0].rows].map(r => [...r.cells].map("
        "c => c.dataset.value || c.textContent))"
    )


def numbers(cell: str) -> list[float]:
    return [float(part) for part in cell.split()]


def focus(page, condition: str, most: int = 80) -> None:
    """Press Tab until what has the focus meets a condition on `e`."""
    for _ in range(most):
        page.press("Tab")
        if page.evaluate(f"(e => !!({condition}))(document.activeElement)"):
            return
    raise AssertionError(f"Tab never reaches {condition}")


def move(page, path: str, key: str, times: int) -> float:
    """Move a slider by keys; its value, as its box says."""
    focus(page, f"e.dataset.path === {path!r}")
    page.press(key, times)
    return float(page.evaluate("document.activeElement.nextSibling.value"))


def test_three_sliders_moved_by_keys_give_the_numbers_of_compare(page, server):
    map_name = "Taiwan to China"
    focus(page, "e.name === 'map'")
    page.press("ArrowDown", 2)
    assert page.evaluate("document.activeElement.value") == map_name
    before = values(page, "What each power gets")
    chosen = {
        "half_distance": move(page, "half_distance", "ArrowRight", 12),
        "reliability": move(page, "reliability", "End", 1),
        "powers.China.patience": move(page, "powers.China.patience", "ArrowLeft", 30),
    }
    own = {path: a.value for path, a in load(NAME).assumptions.items()}
    assert all(chosen[path] != own[path] for path in chosen)
    page.wait("!document.querySelector('[data-busy]') && " + SAME)

    result = compare.concert(load(NAME).vary(dict(chosen)), map_name)
    payoffs = values(page, "What each power gets")
    assert payoffs != before
    premium = result.premium
    for row, power in zip(payoffs, result.players, strict=True):
        assert row[0] == power
        assert numbers(row[1]) == pytest.approx([premium["concert"][power]], rel=1e-9)
        ends = sorted({*numbers(row[2])})
        assert ends[0] == pytest.approx(premium["competition low"][power], rel=1e-9)
        assert ends[-1] == pytest.approx(premium["competition high"][power], rel=1e-9)
        assert min(numbers(row[3])) == pytest.approx(premium["premium low"][power], rel=1e-7, abs=1e-9)
    critical = result.critical_discount
    for row, power in zip(values(page, "Patience"), result.players, strict=True):
        for cell, column in ((row[3], "nash low"), (row[4], "status quo low"), (row[5], "minmax correlated")):
            expected = critical[column][power]
            assert min(numbers(cell)) == pytest.approx(expected, rel=1e-7, abs=1e-9) or math.isinf(expected)
            assert math.isinf(min(numbers(cell))) == math.isinf(expected)
        assert numbers(row[6]) == pytest.approx([critical["own discount"][power]], rel=1e-12)
        assert row[7] == ("yes" if critical["nash low"][power] <= critical["own discount"][power] else "no")
    burden = result.burden
    for row in values(page, "Autonomy of the regions"):
        assert numbers(row[4]) == pytest.approx([burden["autonomy concert"][row[0]]], rel=1e-9, abs=1e-9)
    assert len(values(page, "Competition on the status quo map")) == len(result.standing.benchmarks)
    shares = page.evaluate("document.querySelector('.shares').textContent")
    assert "200 draws" in shares
    assert "the 3 that you set keep their values" in shares
    assert page.evaluate("document.querySelectorAll('svg').length") >= 4
    assert page.problems() == []
    assert {urlsplit(url).netloc for url in page.requests() if not url.startswith(("data:", "about:"))} == {
        urlsplit(server.address).netloc
    }


def test_the_scenario_is_saved_by_keys_and_reads_back(page, tmp_path):
    value = move(page, "projection", "Home", 1)
    focus(page, "e.id.endsWith('-file')")
    page.evaluate("document.activeElement.select()")
    page.write("by-keys.toml")
    page.press("Enter")
    page.wait("document.querySelector('.saved').textContent.includes('by-keys.toml')")
    assert load(tmp_path / "by-keys.toml").parameters.projection == value
    page.press("Enter")
    page.wait("document.querySelector('.alert').textContent.includes('exists')")


def test_every_control_has_a_name_and_nothing_spills_at_phone_width(server, tmp_path):
    page = chromium.Page(tmp_path, server.address, width=400, dark=True)
    try:
        page.wait(SETTLED)
        nameless = page.evaluate(
            "[...document.querySelectorAll('input, select, button')].filter(e => !(e.labels?.length || "
            "e.ariaLabel || e.textContent.trim())).length"
        )
        assert nameless == 0
        assert page.evaluate("document.querySelectorAll('input[type=range]').length") == 12 + 2 + 1
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    finally:
        page.close()


NOTEBOOK = """
(async () => {
  const key = document.querySelector("meta[name=key]").content;
  const listeners = [];
  const model = {
    on: (name, listener) => { if (name === "msg:custom") listeners.push(listener); },
    send: async ({ id, request }) => {
      const response = await fetch("ask", {
        method: "POST", headers: { "X-Key": key }, body: JSON.stringify(request),
      });
      const answer = await response.json();
      listeners.forEach((listener) => listener({ id, answer }));
    },
  };
  document.body.replaceChildren(document.createElement("main"));
  const made = await import("/explore.js");
  made.default.render({ model, el: document.querySelector("main") });
})()
"""


def test_the_script_works_by_messages_as_in_a_notebook(page):
    page.evaluate(NOTEBOOK)
    page.wait(SETTLED)
    before = values(page, "What each power gets")
    move(page, "externality", "End", 1)
    page.wait(SETTLED + " && document.querySelector('.concert-explore').dataset.shares === '2'")
    assert values(page, "What each power gets") != before
    assert page.problems() == []


def type_in(page, path: str, text: str) -> None:
    """Type into the box of a number by keys."""
    focus(page, f"e.dataset.box === {path!r}")
    page.evaluate("document.activeElement.select()")
    page.write(text)
    page.press("Enter")


def pick(page, name: str, label: str) -> None:
    """Choose from a menu by keys."""
    focus(page, f"e.name === {name!r}")
    page.press("Home")
    for _ in range(40):
        if page.evaluate("document.activeElement.selectedOptions[0].textContent") == label:
            return
        page.press("ArrowDown")
    raise AssertionError(f"{name} has no {label}")


SAME = "document.querySelector('.concert-explore').dataset.view === document.querySelector('.concert-explore').dataset.shares"


def test_a_number_outside_its_range_is_accepted_and_said(page):
    type_in(page, "half_distance", "9000")
    page.wait(
        "document.querySelector('.said').textContent.includes('9000 lies outside the stated range, 1000 to 4000')"
    )
    page.wait(SETTLED)
    assert page.evaluate("document.activeElement.hasAttribute('data-beyond')")
    assert page.evaluate("document.activeElement.previousSibling.value") == "200"
    result = compare.concert(load(NAME).vary({"half_distance": 9000}))
    for row in values(page, "What each power gets"):
        assert numbers(row[1]) == pytest.approx([result.premium["concert"][row[0]]], rel=1e-9)
    type_in(page, "reliability", "3")
    page.wait("document.querySelector('.alert').textContent.includes('must be between 0 and 1')")
    page.press("ArrowUp")
    type_in(page, "reliability", "0.5")
    type_in(page, "half_distance", "2500")
    page.wait("document.querySelector('.said').textContent === ''")
    assert page.evaluate("document.querySelector('.alert').textContent") == ""


def test_switches_and_presets_by_keys_give_the_numbers_of_compare(page, tmp_path):
    """Every choice of structure is on the page, and what is saved with them gives the same numbers."""
    from games.spheres.parameters import SWITCHES

    offered = page.evaluate(
        "[...document.querySelectorAll('fieldset')].at(-1).querySelectorAll('select, [data-box]').length"
    )
    assert offered == 1 + 1 + len(SWITCHES)
    pick(page, "preset", "pacts count")
    pick(page, "index", "GDP")
    assert (
        page.evaluate("document.querySelector('[name=preset]').selectedOptions[0].textContent")
        == "of your own"
    )
    pick(page, "left_out", "Taiwan")
    type_in(page, "defence_advantage", "1.5")
    type_in(page, "friction", "0.02")
    page.wait("!document.querySelector('[data-busy]') && " + SAME)
    changes = {"pact_cost": 2.0, "left_out": "Taiwan", "defence_advantage": 1.5, "friction": 0.02}
    model = load(NAME).with_index("GDP").vary(changes)
    result = compare.concert(model)
    shown = values(page, "What each power gets")
    for row in shown:
        assert numbers(row[1]) == pytest.approx([result.premium["concert"][row[0]]], rel=1e-9)
        assert min(numbers(row[3])) == pytest.approx(
            result.premium["premium low"][row[0]], rel=1e-7, abs=1e-9
        )
    focus(page, "e.id.endsWith('-file')")
    page.evaluate("document.activeElement.select()")
    page.write("switched.toml")
    page.press("Enter")
    page.wait("document.querySelector('.saved').textContent.includes('switched.toml')")
    again = compare.concert(load(tmp_path / "switched.toml"))
    assert again.premium["concert"].tolist() == pytest.approx(result.premium["concert"].tolist(), rel=1e-12)
    # The new file is a scenario to choose at once, with these numbers as its own.
    focus(page, "e.name === 'scenario'")
    page.press("End")
    page.wait("document.querySelector('[name=index]').selectedOptions[0].textContent === 'GDP' && " + SETTLED)
    page.wait(f"document.querySelector('[name=scenario]').value === 'switched.toml' && {SAME}")
    assert values(page, "What each power gets") == shown
    focus(page, 'e.textContent === "Back to the scenario\'s own"')
    assert page.problems() == []
