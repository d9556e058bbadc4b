"""A document as slides for PowerPoint (the extra `slides`): a slide for the title, for each section, and for its origin."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from games import files
from games.errors import OutputError
from reports import tables
from reports.document import Block, Bullets, Details, Document, Figure, GameView, Paragraph, Table
from reports.figures.canvas import PALETTE
from reports.printable import printable
from reports.writers._attempt import attempt

__all__ = ["render"]

_WIDTH, _HEIGHT, _EDGE = 13.333, 7.5, 0.6
_BODY = _WIDTH - 2 * _EDGE
_TOP, _BOTTOM = 1.6, 6.55
"""Inches from the top between which a slide's body stands."""
_MOST_ROWS = 12
"""Rows of a table that still fit a slide; the notes say how many are left out."""


def render(document: Document) -> bytes:
    """The deck as a .pptx file. Raises OutputError where python-pptx is not installed.

    Pictures are PNG with their description as alternative text; tables are tables; the note stands under the body and in the
    speaker's notes. The same document gives the same bytes.
    """
    try:
        from pptx import Presentation
        from pptx.util import Inches
    except ImportError:
        raise OutputError(
            "cannot write .pptx: the package python-pptx is not installed; install the extra with "
            "pip install 'concert-of-powers[slides]', or write .html"
        ) from None
    show = Presentation()
    show.slide_width, show.slide_height = Inches(_WIDTH), Inches(_HEIGHT)
    show.core_properties.title = printable(document.title)
    _Slide.add(show, document.title, document.subtitle, 32).put([Bullets(document.verdict)])
    for section in document.sections:
        _Slide.add(show, section.title, section.lead).put(section.blocks)
    if document.provenance:
        lines = [f"{label}: {words}" for label, words in document.provenance.entries()]
        lines += [
            f"changed: {change.path} from {tables.exact(change.old)} to {tables.exact(change.new)}"
            for change in document.provenance.changes
        ]
        note = tables.COMMON_UNIT if document.has_common_unit else ""
        _Slide.add(show, "Where this comes from", note).put([Bullets(tuple(lines))])
    out = io.BytesIO()
    show.save(out)
    return files.without_clock(out.getvalue())


@dataclass
class _Slide:
    """One slide, filled from top to bottom."""

    slide: Any
    y: float = _TOP

    @classmethod
    def add(cls, show: Any, title: str, note: str, size: int = 26) -> _Slide:
        # Layout 5 of the library's own template has a title alone, which screen readers and the outline then know.
        found = cls(show.slides.add_slide(show.slide_layouts[5]))
        heading = found.slide.shapes.title
        found._place(heading, 0.35, 1.15)
        found._words(heading, [title], size, bold=True)
        if note:
            box = found.slide.shapes.add_textbox(0, 0, 0, 0)
            found._place(box, _BOTTOM + 0.05, 0.8)
            found._words(box, [note], 11, colour="muted")
            found.slide.notes_slide.notes_text_frame.text = printable(note)
        return found

    def put(self, blocks: tuple[Block, ...] | list[Block]) -> None:
        shown = list(_flat(blocks))
        for number, block in enumerate(shown):
            room = max(0.8, (_BOTTOM - self.y) / (len(shown) - number))
            if isinstance(block, Figure):
                self._figure(block, room)
            elif isinstance(block, Table):
                self._table(block, room)
            elif isinstance(block, GameView):
                from games import view

                self._text(view.text(block.game()).rstrip().splitlines(), room, 10)
            elif isinstance(block, Bullets):
                self._text([f"• {item}" for item in block.items], room, 20 if len(block.items) < 6 else 15)
            elif isinstance(block, Paragraph):
                self._text([block.text], room, 20)

    def _figure(self, block: Figure, room: float) -> None:
        from pptx.util import Inches

        from reports.figures import compose, mpl

        def draw(figure: Figure) -> bytes:
            return mpl.png(compose(figure))

        drawn, failure = attempt(draw)(block)
        if drawn is None:
            self._text([f"{block.caption}. {failure}"], room, 16)
            return
        picture = self.slide.shapes.add_picture(io.BytesIO(drawn), 0, 0)
        scale = min(Inches(_BODY) / picture.width, Inches(room) / picture.height)
        picture.width, picture.height = int(picture.width * scale), int(picture.height * scale)
        picture.left, picture.top = int((Inches(_WIDTH) - picture.width) / 2), Inches(self.y)
        picture._element.nvPicPr.cNvPr.set("descr", printable(block.alt))
        self.y += room
        if block.notes:
            self._text(list(block.notes), 0.4, 10)

    def _table(self, block: Table, room: float) -> None:
        from pptx.util import Inches, Pt

        rows = block.rows[:_MOST_ROWS]
        height = min(room, 0.42 * (len(rows) + 1))
        frame = self.slide.shapes.add_table(
            len(rows) + 1, len(block.columns), Inches(_EDGE), Inches(self.y), Inches(_BODY), Inches(height)
        )
        frame.name = printable(block.caption)
        cells = [[tables.heading(column) for column in block.columns]]
        cells += [[tables.text(cell, column) for cell, column in zip(row, block.columns)] for row in rows]
        size = 14 if len(block.columns) < 8 else 11
        for r, row in enumerate(cells):
            for c, words in enumerate(row):
                text = frame.table.cell(r, c).text_frame
                text.text = printable(words)
                text.paragraphs[0].font.size = Pt(size)
                text.paragraphs[0].font.bold = r == 0 or r - 1 in block.strong
                if tables.is_number(block.columns[c]):
                    from pptx.enum.text import PP_ALIGN

                    text.paragraphs[0].alignment = PP_ALIGN.RIGHT
        self.y += height + 0.15
        left = len(block.rows) - len(rows)
        more = [f"{left} more rows are in the report."] if left else []
        if block.notes or more:
            self._text([*block.notes, *more], 0.4, 10)

    def _text(self, lines: list[str], room: float, size: int) -> None:
        box = self.slide.shapes.add_textbox(0, 0, 0, 0)
        self._place(box, self.y, room)
        self._words(box, lines, size)
        self.y += room

    def _place(self, shape: Any, top: float, height: float) -> None:
        from pptx.util import Inches

        shape.left, shape.top = Inches(_EDGE), Inches(top)
        shape.width, shape.height = Inches(_BODY), Inches(height)

    def _words(
        self, shape: Any, lines: list[str], size: int, bold: bool = False, colour: str = "ink"
    ) -> None:
        from pptx.dml.color import RGBColor
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
        from pptx.util import Pt

        # python-pptx says no types here.
        rgb: Any = RGBColor
        frame = shape.text_frame
        frame.word_wrap = True
        frame.vertical_anchor = MSO_ANCHOR.MIDDLE if bold else MSO_ANCHOR.TOP
        for number, line in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.alignment = PP_ALIGN.LEFT
            run = paragraph.add_run()
            run.text = printable(line)
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = rgb(*bytes.fromhex(PALETTE[colour].removeprefix("#")))


def _flat(blocks: tuple[Block, ...] | list[Block]) -> Iterator[Block]:
    """The blocks with those of Details in place; a slide has nothing to open."""
    for block in blocks:
        if isinstance(block, Details):
            yield Paragraph(block.summary)
            yield from _flat(block.blocks)
        else:
            yield block
