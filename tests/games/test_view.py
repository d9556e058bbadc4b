"""Payoff tables for a notebook and a terminal: the right marks in the right cells, safe and readable HTML."""

from __future__ import annotations

import re
import shutil
import subprocess
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games import NormalFormGame, catalog
from games.view import MARKS, dominated_actions, html, text

quick = settings(max_examples=25, deadline=None, derandomize=True)
VOID = {"meta", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """Every cell with its text, its tag and its attributes; and whether tags nest."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.cells: list[tuple[str, dict[str, str | None], str]] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(source)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag in ("td", "th", "caption"):
            self.cells.append((tag, dict(attrs), ""))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if any(tag in ("td", "th", "caption") for tag in self.open):
            tag, attributes, so_far = self.cells[-1]
            self.cells[-1] = tag, attributes, so_far + data


def body_cells(page: Page) -> list[tuple[dict[str, str | None], str]]:
    return [(attributes, content) for tag, attributes, content in page.cells if tag == "td" and content]


@quick
@given(st.sampled_from([(2, 2), (3, 2), (4, 4), (2, 2, 2), (3, 1, 4), (2, 3, 4)]), st.integers(0, 10**6))
def test_marks_stand_where_best_responses_and_equilibria_are(shape: tuple[int, ...], seed: int) -> None:
    payoffs = np.random.default_rng(seed).integers(-3, 4, (*shape, len(shape)))
    game = NormalFormGame(payoffs)
    cells = body_cells(Page(html(game)))
    # Slices by the third player's action; within one, rows then columns.
    order = [
        (*p[1:], *p[:1]) if len(shape) == 3 else p
        for p in np.ndindex((shape[2], *shape[:2]) if len(shape) == 3 else shape)
    ]
    assert len(cells) == len(order)
    for (attributes, content), profile in zip(cells, order):
        best = game.best_response_mask[profile]
        assert ("★" in content) == best.all() == (attributes.get("class") == "equilibrium")
        for i in range(game.n_players):
            assert (MARKS[i] in content) == best[i]
        assert [int(x) for x in re.findall(r"-?\d+", content.replace("−", "-"))] == payoffs[profile].tolist()


@quick
@given(st.sampled_from([(2, 2), (3, 3), (2, 3, 2), (1, 4)]), st.integers(0, 10**6))
def test_dominated_actions_by_the_definition(shape: tuple[int, ...], seed: int) -> None:
    game = NormalFormGame(np.random.default_rng(seed).integers(0, 4, (*shape, len(shape))))
    found = dominated_actions(game)
    for i, k in enumerate(shape):
        own = np.moveaxis(game.payoffs[..., i], i, 0)
        for a in range(k):
            by = [b for b in range(k) if np.all(own[b] > own[a])]
            assert (a in found[i]) == bool(by)
            if by:
                assert found[i][a] in by


def test_dominated_actions_are_struck_through_with_what_dominates_them() -> None:
    page = html(catalog.prisoners_dilemma())
    assert page.count("<s title='strictly dominated by Defect'>Cooperate</s>") == 2
    assert "Player 1: Cooperate (by Defect)" in page
    assert "<s title" not in html(catalog.chicken())


def test_a_dominated_action_of_the_third_player_strikes_its_slice() -> None:
    page = html(catalog.public_goods())
    assert "<s>Player 3: Contribute</s>" in page
    assert "<s>Player 3: Withhold</s>" not in page


def test_nothing_is_told_by_colour_alone() -> None:
    """Without styles the marks, the star, the underlining and the spoken words are still there."""
    page = html(catalog.battle_of_the_sexes())
    bare = re.sub(r"style='[^']*'", "", re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL))
    assert bare.count("<u>2</u>") == 2
    assert bare.count("(equilibrium)") == 2
    assert bare.count("★") == 3  # two cells and the legend
    assert "●" in bare
    assert "◆" in bare


def test_tables_have_captions_and_scopes() -> None:
    page = Page(html(catalog.nau_irrational()))
    assert sum(tag == "table" for tag, _ in page.tags) == 2
    assert [c for t, _, c in page.cells if t == "caption"] == ["▲ Player 3: 1", "▲ Player 3: 2"]
    assert all("scope" in attributes for tag, attributes in page.tags if tag == "th")


def test_labels_are_escaped() -> None:
    nasty = "<script>alert('1')</script>&\""
    game = NormalFormGame(
        [[[1, 2], [0, 0]], [[3, 4], [1, 1]]], [nasty, "B"], [[nasty, "b"], ["c", nasty]], nasty
    )
    for page in (html(game), html(game, max_cells=1)):
        assert "<script" not in page
        assert "alert('1')" not in page
        Page(page)


def test_the_html_asks_nothing_from_anywhere() -> None:
    page = html(catalog.mckelvey_mclennan())
    assert not re.search(r"https?:|url\(|@import|<link|<script|<img|src=", page)
    assert page.startswith("<div class='concert-game' tabindex='0' role='group' aria-label='")
    # Every rule is scoped to our own class.
    rules = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert rules is not None
    plain = re.sub(r"@media print\{(.*)\}", r"\1", rules[1])
    for selector in re.findall(r"([^{}]+)\{", plain):
        assert selector.strip().startswith(".concert-game")


def test_fractions_and_rounding() -> None:
    game = NormalFormGame([[Fraction(1, 3)], [Fraction(-5, 2)], [1e-12], [123456.789]])
    page = html(game)
    for shown in ("1/3", "−2.5", "1e−12", "123457"):
        assert shown in page
    assert "-2.5" in text(game)
    assert "shown rounded" in page
    assert text(game).endswith("Payoffs shown rounded (marks go by the full numbers).")


def test_floats_have_the_decimals_of_their_player_and_integers_stay_whole() -> None:
    game = NormalFormGame(np.array([[12.34567], [-98.5], [0.15625], [7.0], [1e-9 / 3]]))
    shown = [line.split("|")[1].strip("●★ ") for line in text(game).splitlines()[2:-1]]
    assert shown == ["12.35", "-98.5", "0.16", "7", "3.333e-10"]
    assert "shown rounded" not in html(catalog.chicken())


def test_large_games_show_a_summary_and_say_so() -> None:
    game = catalog.travellers_dilemma()
    page = html(game)
    assert "99 x 99 actions make 9,801 profiles, too many for a table: 1 pure equilibrium" in page
    assert len(page) < 30_000
    plain = text(game)
    assert "9,801 profiles" in plain
    assert "Pure equilibria:" in plain
    assert len(plain.splitlines()) < 50


def test_large_games_show_at_most_so_many_equilibria() -> None:
    page = html(NormalFormGame(np.zeros((30, 30, 2))))
    assert "900 pure equilibria" in page
    assert page.count("<tr>") < 60


def test_more_than_three_players_make_a_long_table() -> None:
    page = Page(html(catalog.el_farol()))
    heads = [content for tag, _, content in page.cells if tag == "th"]
    assert heads[4:8] == [f"payoff of Player {i}" for i in range(1, 5)]
    assert sum("★" in content for _, _, content in page.cells) == 6


@pytest.mark.parametrize("shape", [(1,), (3,), (1, 1), (1, 1, 1), (2,) * 5])
def test_small_and_odd_shapes_show(shape: tuple[int, ...]) -> None:
    game = NormalFormGame(np.zeros((*shape, len(shape))))
    Page(html(game))
    assert "★" in text(game)


def test_no_pure_equilibrium_is_said() -> None:
    assert "0 pure equilibria; there are mixed equilibria only" in html(catalog.matching_pennies())


def test_notebook_view_is_the_html() -> None:
    game = catalog.chicken()
    assert game._repr_html_() == html(game)


def test_text_of_three_players_has_a_table_for_each_slice() -> None:
    assert text(catalog.nau_irrational()).splitlines() == [
        "Nau's irrational game",
        "Player 3: 1",
        "Player 1 \\ Player 2 | Left      | Right",
        "--------------------+-----------+----------",
        "Top                 | 3●, 0, 2▲ | 0, 2◆, 0▲",
        "Bottom              | 0, 1◆, 0▲ | 1●, 0, 0",
        "Player 3: 2",
        "Player 1 \\ Player 2 | Left      | Right",
        "--------------------+-----------+----------",
        "Top                 | 1●, 0, 0  | 0, 1◆, 0▲",
        "Bottom              | 0, 3◆, 0▲ | 2●, 0, 3▲",
        "● ◆ ▲: best response of Player 1, Player 2, Player 3. ★: pure equilibrium. "
        "~action~: strictly dominated by a single action.",
    ]


@pytest.mark.browser
def test_a_browser_lays_out_slices_side_by_side_and_keeps_long_labels_narrow(tmp_path: Path) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("no Chromium on this machine")
    long = "contest one rival while accommodating another"
    game = catalog.nau_irrational()
    wordy = NormalFormGame(game.payoffs, ["A", "B", "C"], [[long, "b"], [long + "!", "b"], ["x", "y"]])
    script = """<script>addEventListener('load', () => {
      const tables = [...document.querySelectorAll('table')].map(t => t.getBoundingClientRect());
      const th = document.querySelector('tbody th').getBoundingClientRect();
      document.title = [tables.length, tables[0].top === tables[1].top, tables[1].left > tables[0].right,
        th.width < 200, th.height > 40].join();
    })</script>"""
    page = tmp_path / "view.html"
    page.write_text(
        f"<!doctype html><meta charset='utf-8'>{script}<body>{html(wordy)}</body>", encoding="utf-8"
    )
    command = [
        chromium,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-sync",
        "--no-first-run",
        f"--user-data-dir={tmp_path / 'profile'}",
        "--window-size=1400,900",
        "--dump-dom",
        page.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=True)
    assert "<title>2,true,true,true,true</title>" in done.stdout
