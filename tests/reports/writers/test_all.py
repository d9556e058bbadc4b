"""Every writer shows every part of a document: each word of one that has one of each kind is looked for in what is written."""

from __future__ import annotations

import dataclasses
import re
from typing import get_args

import pytest

from reports.document import (
    Block,
    Bullets,
    Change,
    Column,
    Details,
    Document,
    Figure,
    GameView,
    MapPanel,
    Mark,
    Panel,
    Paragraph,
    PlanePanel,
    Provenance,
    RowsPanel,
    Section,
    SharesPanel,
    SolidPanel,
    Spot,
    Table,
    TrianglePanel,
    WaterfallPanel,
)
from reports.writers import html, json, markdown, pdf, slides, terminal

MARKS = (Mark("concert", 0.25), Mark("competition", 0.5, 0.75))
SQUARE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0))
PANELS: tuple[Panel, ...] = (
    RowsPanel("rowtitle", ("rowlabel",), (MARKS,), ("rownote",), "rowunit"),
    WaterfallPanel("falltitle", ("fallstart", 1.0), (("fallstep", 0.5),), ("fallend", 1.5), "fallunit"),
    SharesPanel("sharetitle", ("sharelabel",), ("sharepart", "local"), ((0.25, 0.75),)),
    PlanePanel(
        "planetitle",
        "planex",
        "planey",
        (SQUARE,),
        (("planecurve", SQUARE),),
        (("planelevel", 0.5),),
        (("own", "planemark", (0.5, 0.5)),),
    ),
    SolidPanel("solidtitle", ("solida", "solidb", "solidc"), (((0, 0, 0), (1, 0, 0), (0, 1, 0)),)),
    TrianglePanel("trititle", ("tria", "trib", "tric"), ("trida", "tridb", "tridc"), (1, -1, 1), "triunit"),
    MapPanel("maptitle", ("mappower",), (Spot("mapspot", 10.0, 20.0, "mappower", "force", True),)),
)
TABLE = Table(
    "tablecaption",
    (Column("columnone"), Column("columntwo", "signed", unit="columnunit", common_unit=True)),
    (("cellone", 1.25), ("celltwo", (0.5, 0.75))),
    ("tablenote",),
    (1,),
)
BLOCKS: tuple[Block, ...] = (
    Paragraph("paragraphword"),
    Bullets(("bulletone", "bullettwo")),
    TABLE,
    *(
        Figure(f"caption{k}", f"alt{k}", (panel,), (("p0", f"legend{k}"),), (f"note{k}",))
        for k, panel in enumerate(PANELS)
    ),
    GameView(
        "gametitle",
        ("playera", "playerb"),
        (("actiona", "actionb"), ("actionc", "actiond")),
        ((1.0, 2.0), (0.0, 0.0), (0.0, 0.0), (2.0, 1.0)),
    ),
    Details("detailsummary", (Paragraph("innerword"),)),
)
DOCUMENT = Document(
    "doctitle",
    "docsubtitle",
    ("verdictone", "verdicttwo"),
    (Section("sectiontitle", "sectionlead", BLOCKS),),
    Provenance(
        "9.9.9", "scenarioname", "abcdef", "commandline", 7, (Change("changedpath", "oldword", "newword"),)
    ),
)
# What a picture shows by drawing; no writer has to spell it.
DRAWN = {"kind", "style", "mode", "digits", "common_unit"}


def words_of(value):
    """Every word that somewhere in the document stands to be read."""
    if dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            if isinstance(value, Figure) and field.name == "legend":
                yield from (words for _, words in value.legend)
            elif field.name not in DRAWN:
                yield from words_of(getattr(value, field.name))
    elif isinstance(value, tuple):
        for item in value:
            yield from words_of(item)
    elif isinstance(value, str) and value not in ("own", "local", "text", "signed"):
        yield value


def on_terminal(document):
    console = terminal.console()
    with console.capture() as captured:
        terminal.print_head(console, document)
        terminal.print_sections(console, document)
    return captured.get()


def as_typst(document):
    source, pictures = pdf.source(document)
    return source + "".join(pictures)


WRITERS = {
    "html": html.render,
    "json": json.dump,
    "markdown": markdown.render,
    "pdf": as_typst,
    "terminal": on_terminal,
    "slides": slides.render,
}


def test_the_document_has_one_of_each_part():
    assert {type(block) for block in DOCUMENT.blocks()} == set(get_args(Block))
    assert {type(panel) for panel in PANELS} == set(get_args(Panel))


@pytest.mark.parametrize("name", WRITERS)
def test_every_word_is_written(name, monkeypatch):
    monkeypatch.setenv("COLUMNS", "160")
    written = re.sub(r"\s+", " ", WRITERS[name](DOCUMENT))
    missing = [word for word in words_of(DOCUMENT) if word not in written]
    assert not missing, f"{name} leaves out {', '.join(missing)}"
    for number in ("1.25", "0.50"):
        assert number in written or number.rstrip("0") in written
