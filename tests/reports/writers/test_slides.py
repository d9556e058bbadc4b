"""Decks: a page of slides that asks nobody for anything, and a file for PowerPoint."""

from __future__ import annotations

import io
import re

import pytest

from reports import deck, provenance
from reports.document import Bullets, Section
from reports.writers import slides
from solvers import uncertainty


@pytest.fixture(scope="module")
def made(comparison):
    found = uncertainty.assess(comparison.model, comparison.map, comparison.regime, 64, seed=3)
    return deck.build(comparison, None, found)


def test_every_slide_has_a_sentence_a_body_and_a_note(made):
    assert len(made.sections) == 10
    for section in made.sections:
        assert section.title.endswith((".", "?"))
        assert section.lead
        assert section.blocks
        assert section.title != "This slide is left out."


def test_titles_are_computed(made, comparison):
    words = " ".join(section.title for section in made.sections)
    moved = (
        [name for name, holder in comparison.map.items()]
        if isinstance(comparison.map, dict)
        else ["Ukraine", "Taiwan"]
    )
    for name in moved:
        assert name in made.sections[1].title
    premium = comparison.standing.premium
    for i, power in enumerate(comparison.players):
        sign = "+" if premium[:, i].min() > 0 else "−"
        assert re.search(rf"{power} \({re.escape(sign)}", made.sections[2].title), words
    assert made.provenance.seed == 3
    assert provenance.citation() in made.markdown().replace("\\", "")


def test_without_draws_the_deck_says_so(comparison):
    plain = deck.build(comparison)
    assert len(plain.sections) == 9
    assert "without draws" in plain.sections[-2].lead


def test_the_page_asks_nobody_for_anything(made):
    page = made.html()
    assert page == made.html()
    assert page.count('<section class="slide') == 1 + len(made.sections)
    assert "@page" in page
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:,)""", page)
    assert "url(" not in page.replace("url(#", "")
    assert "@import" not in page


def test_hostile_words_stay_words():
    nasty = "<script>alert(1)</script>"
    page = slides.render(deck.Deck(nasty, nasty, (nasty,), (Section(nasty, nasty, (Bullets((nasty,)),)),)))
    assert page.count("<script>") == 1


def test_powerpoint_holds_titles_pictures_tables_and_notes(made):
    pptx = pytest.importorskip("pptx")
    content = made.pptx()
    assert content == made.pptx()
    show = pptx.Presentation(io.BytesIO(content))
    found = list(show.slides)
    assert len(found) == 2 + len(made.sections)
    assert [slide.shapes.title.text for slide in found[1:-1]] == [section.title for section in made.sections]
    pictures = [shape for slide in found for shape in slide.shapes if shape.shape_type == 13]
    assert len(pictures) == sum(block.kind == "figure" for block in made.blocks())
    assert all(shape._element.nvPicPr.cNvPr.get("descr") for shape in pictures)
    assert sum(shape.has_table for slide in found for shape in slide.shapes) == sum(
        block.kind == "table" for block in made.blocks()
    )
    for slide in found:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.left + shape.width <= show.slide_width + 1
            assert shape.top + shape.height <= show.slide_height


def test_a_folder_takes_the_deck_in_every_form(made, tmp_path):
    made.write(tmp_path / "lecture")
    assert (tmp_path / "lecture" / "slides.html").exists()


@pytest.mark.parametrize(("name", "words"), [("a.pdf", "print"), ("a.docx", "did you mean|ending")])
def test_what_cannot_be_written_is_refused(name, words, tmp_path):
    with pytest.raises(Exception, match=words):
        deck.check_path(tmp_path / name)
