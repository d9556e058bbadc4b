from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from reports.document import (
    Bullets,
    Change,
    Column,
    Details,
    Figure,
    Paragraph,
    Provenance,
    Section,
    SharesPanel,
    Table,
)
from reports.figures import canvas
from reports.report import Report
from reports.writers import html

VOID = {"meta", "link", "br", "img", "hr", "input", "wbr"}
LOADING = {"src", "href", "data", "action", "poster", "srcset", "xlink:href", "background", "ping"}
SVG_EMPTY = {"use", "path", "rect", "circle", "line"}


class Page(HTMLParser):
    """Collects tags and attributes, and checks that they nest."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.tags, self.headings, self.words = [], [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


@pytest.fixture(scope="module")
def parsed(page):
    return Page(page)


def test_tags_nest_and_the_page_begins_and_ends_as_one(page, parsed):
    assert page.startswith("<!doctype html>\n<html lang=")
    assert page.endswith("</html>\n")
    assert parsed.tags[0][0] == "html"


def test_nothing_is_loaded_from_anywhere(page, parsed):
    for tag, attributes in parsed.tags:
        for name in LOADING & set(attributes):
            value = attributes[name]
            assert value.startswith("#") or value == "data:,", (tag, name, value)
    assert not any(tag in ("script", "iframe", "object", "embed", "img") for tag, _ in parsed.tags)
    styles = " ".join(re.findall(r"<style>(.*?)</style>", page, flags=re.S))
    assert "@import" not in styles
    assert "@font-face" not in styles
    assert not re.search(r"url\((?!#)", page)


def test_ids_are_unique_and_references_resolve(parsed):
    ids = [a["id"] for _, a in parsed.tags if "id" in a]
    assert len(ids) == len(set(ids))
    wanted = {a["href"][1:] for _, a in parsed.tags if a.get("href", "").startswith("#")}
    wanted |= {name for _, a in parsed.tags for name in a.get("aria-labelledby", "").split()}
    assert wanted <= set(ids)


def test_headings_descend_one_step_at_a_time(parsed):
    assert parsed.headings[0] == 1
    assert parsed.headings.count(1) == 1
    assert all(b <= a + 1 for a, b in zip(parsed.headings, parsed.headings[1:]))


def test_tables_have_captions_and_scopes(page, parsed):
    assert page.count("<table") == page.count("<caption>") + page.count("<caption ")
    heads = [a for tag, a in parsed.tags if tag == "th"]
    assert all(a.get("scope") in ("col", "row", "colgroup", "rowgroup") for a in heads)


def test_a_figure_has_one_caption_at_most(page):
    for figure in re.findall(r"<figure.*?</figure>", page, flags=re.S):
        assert figure.count("<figcaption") <= 1


def test_figures_are_named(parsed):
    pictures = [a for tag, a in parsed.tags if tag == "svg" and a.get("role") == "img"]
    assert len(pictures) >= 20
    ids = {a["id"] for _, a in parsed.tags if "id" in a}
    assert all(set(a["aria-labelledby"].split()) <= ids for a in pictures)
    groups = [a for _, a in parsed.tags if a.get("role") == "group"]
    assert len(groups) >= 6
    assert all(a.get("aria-label") for a in groups)


def test_every_section_is_in_the_table_of_contents(report, parsed):
    links = [a["href"] for tag, a in parsed.tags if tag == "a" and a.get("href", "").startswith("#")]
    assert len(links) == len(report.sections) + 1


def test_the_same_report_gives_the_same_bytes(report, page):
    assert report.html() == page


def test_the_page_is_small(page):
    assert len(page.encode()) < 450_000


def test_colours_follow_the_reader_s_light_or_dark_page(page):
    style = re.search(r"<style>(.*?)</style>", page, flags=re.S)[1]
    for name, colour in canvas.PALETTE.items():
        for paint in ("fill", "stroke"):
            assert f'figure svg [{paint}="{colour}"] {{ {paint}: var(--{name}); }}' in style
    assert "prefers-color-scheme: dark" in page
    assert "@media print" in page


def test_a_picture_copied_out_of_the_page_displays(page):
    pictures = re.findall(r"<svg .*?</svg>", page, flags=re.S)
    assert len(pictures) > 20
    for svg in pictures:
        root = ElementTree.fromstring(svg)
        assert root.tag == "{http://www.w3.org/2000/svg}svg"
        assert "var(" not in svg
        own = {node.get("id") for node in root.iter()}
        assert set(re.findall(r"url\(#([^)]+)", svg)) <= own


def test_words_are_escaped():
    nasty = '<script>alert("x")</script> & co'
    panel = SharesPanel(nasty, (nasty,), (nasty, "local"), ((0.5, 0.5),))
    blocks = (
        Paragraph(nasty),
        Bullets((nasty,)),
        Table(nasty, (Column(nasty),), ((nasty,),), (nasty,)),
        Figure(nasty, nasty, (panel,), (("p0", nasty),), (nasty,)),
        Details(nasty, (Paragraph(nasty),)),
    )
    page = html.render(
        Report(nasty, nasty, (nasty,), (Section(nasty, nasty, blocks), Section(nasty, "", ())))
    )
    parsed = Page(page)
    assert not any(tag == "script" for tag, _ in parsed.tags)
    assert "".join(parsed.words).count(nasty) >= 12


def test_control_characters_are_written_out():
    nasty = "a\x00b\x1b[31mc\u202ed"
    page = html.render(Report(nasty, nasty, (nasty,), (Section(nasty, nasty, (Paragraph(nasty),)),)))
    assert not set(page) & set("\x00\x1b\u202e")
    assert page.count(r"a\x00b\x1b[31mc\u202ed") >= 7


def test_a_picture_that_cannot_be_drawn_costs_its_place_only():
    # A share that is no number has no place on a scale.
    broken = SharesPanel("p", ("r",), ("US",), (("half",),))
    blocks = (Figure("F", "alt", (broken,)), Paragraph("what follows"))
    page = html.render(Report("A", "", ("B.",), (Section("S", "", blocks),)))
    assert "This part is left out: an error of the program (TypeError" in page
    assert "what follows" in page


def test_where_it_comes_from_and_what_was_changed_stand_in_the_title_area():
    change = Change("powers.China.patience", 0.875, 0.9)
    source = Provenance("1.2", "a.toml", "0" * 64, "concert report a.toml", 7, (change,))
    page = html.render(Report("A", "", ("B.",), (Section("S", ""),), source))
    head = page[page.index("<header>") : page.index("</header>")]
    for words in (
        "1.2",
        "a.toml",
        "0" * 16,
        "concert report a.toml",
        "7",
        "Changed from the scenario",
        "0.875",
        "0.9",
    ):
        assert words in head


def test_the_dagger_is_explained_once(page):
    assert page.count("assumes a common unit of value") == 1
    plain = html.render(Report("A", "", ("B.",), (Section("S", ""),)))
    assert "common unit" not in plain[plain.index("</style>") :]


def test_only_what_is_negative_throughout_is_set_as_a_loss():
    column = Column("n", "signed", common_unit=True)
    rows = tuple(
        (str(k), cell) for k, cell in enumerate([-1.0, (-2.0, -1.0), (-2.0, 1.0), 1.0, None, -1e-15])
    )
    page = html.render(
        Report("A", "", ("B.",), (Section("S", "", (Table("t", (Column("x"), column), rows),)),))
    )
    assert page.count('class="n neg"') == 2


def test_sections_of_one_title_have_their_own_anchors():
    page = html.render(Report("A", "", ("B.",), (Section("S", "one"), Section("S", "two"))))
    assert 'href="#s"' in page
    assert 'href="#s-2"' in page


def test_a_notebook_shows_the_page_in_a_frame_of_its_own(report):
    shown = report._repr_html_()
    assert shown.startswith("<iframe ")
    assert "&lt;!doctype html&gt;" in shown


def luminance(colour):
    parts = [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", ["ink", "muted", "concert", "competition"])
@pytest.mark.parametrize("ground", ["paper", "panel"])
def test_words_stand_out_from_their_ground(page, theme, name, ground):
    style = re.search(r"<style>(.*?)</style>", page, flags=re.S)[1]
    block = style[: style.index("@media")] if theme == "light" else style[style.index("dark") :]
    colours = {n: re.search(rf"--{n}: (#[0-9a-f]{{6}})", block)[1] for n in (name, ground)}
    light, dark = sorted((luminance(c) for c in colours.values()), reverse=True)
    assert (light + 0.05) / (dark + 0.05) >= 4.5
