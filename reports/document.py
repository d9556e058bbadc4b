"""A document as plain frozen data: titles, sentences, tables and figures, ready for any writer.

A document holds no code and no clock: equal results give equal documents, and equal documents give equal files, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Column",
    "Details",
    "Document",
    "Figure",
    "GameView",
    "Mark",
    "Panel",
    "Paragraph",
    "PlanePanel",
    "RowsPanel",
    "Section",
    "SharesPanel",
    "SolidPanel",
    "Table",
    "TrianglePanel",
    "WaterfallPanel",
]

Cell: TypeAlias = str | float | int | bool | tuple[float, float] | None
"""What stands in a table: words, a number, yes or no, an interval (low, high), or nothing."""

MarkStyle: TypeAlias = Literal[
    "concert",
    "competition",
    "own",
    "bound",
    "other",
    "threat",
    "nash",
    "kalai-smorodinsky",
    "egalitarian",
    "utilitarian",
    "equal split",
]


@dataclass(frozen=True)
class Column:
    """How one column of a table reads.

    `kind` says how its cells are written: `text`, `number`, `signed` (with its sign), `percent` (of 1), `discount`
    (infinity is written `none`: no patience suffices). `digits` counts those after the point. `common_unit` marks
    numbers whose comparison between powers supposes a common unit of value.
    """

    name: str
    kind: Literal["text", "number", "signed", "percent", "discount"] = "text"
    digits: int = 2
    unit: str = ""
    common_unit: bool = False


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """Labelled rows. The first column heads its row. `strong` names rows (by position) that sum up the others."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    strong: tuple[int, ...] = ()

    def to_frame(self) -> pd.DataFrame:
        """The table as pandas has it: one column for each heading, intervals as tuples."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])


@dataclass(frozen=True)
class Mark:
    """A point at `low`, or an interval from `low` to `high`, drawn in the shape and colour of `style`."""

    style: MarkStyle
    low: float
    high: float | None = None


@dataclass(frozen=True)
class RowsPanel:
    """Labelled rows of marks over one axis: a dot plot with intervals. `notes` holds the words at each row's end."""

    title: str
    labels: tuple[str, ...]
    marks: tuple[tuple[Mark, ...], ...]
    notes: tuple[str, ...] = ()
    unit: str = ""
    limits: tuple[float, float] | None = None
    zero: bool = False


@dataclass(frozen=True)
class WaterfallPanel:
    """How one total becomes another: `steps` add up to the difference between `start` and `end`."""

    title: str
    start: tuple[str, float]
    steps: tuple[tuple[str, float], ...]
    end: tuple[str, float]
    unit: str = ""


@dataclass(frozen=True)
class SharesPanel:
    """Bars of shares that add up to 1: `shares[row][part]`. Parts named `local` or `assumed` are hatched."""

    title: str
    labels: tuple[str, ...]
    parts: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]


Point: TypeAlias = tuple[float, float]
Place: TypeAlias = tuple[float, float, float]


@dataclass(frozen=True)
class PlanePanel:
    """One quantity against another.

    `outlines` are filled polygons, `curves` lines with a label each (none where it is empty), `levels` labelled heights
    drawn from edge to edge, `marks` points with a style and a label. `limits` are the ends of both axes: left, right,
    low, high.
    """

    title: str
    x: str
    y: str
    outlines: tuple[tuple[Point, ...], ...] = ()
    curves: tuple[tuple[str, tuple[Point, ...]], ...] = ()
    levels: tuple[tuple[str, float], ...] = ()
    marks: tuple[tuple[MarkStyle, str, Point], ...] = ()
    limits: tuple[float, float, float, float] | None = None


@dataclass(frozen=True)
class SolidPanel:
    """A solid of three quantities, seen from where all of them are large; each is scaled to its own range.

    `faces` are flat polygons (a solid that is flat has one), `marks` points with a style, drawn even where a face is
    before them.
    """

    title: str
    names: tuple[str, str, str]
    faces: tuple[tuple[Place, ...], ...]
    marks: tuple[tuple[MarkStyle, Place], ...] = ()


@dataclass(frozen=True)
class TrianglePanel:
    """Three powers and their ties: `signs[k]` is 1 (friendly, a whole line) or -1 (hostile, a broken one).

    The ties are those of the first and second, first and third, second and third power. `notes` stand under the names.
    """

    title: str
    names: tuple[str, str, str]
    notes: tuple[str, str, str]
    signs: tuple[int, int, int]
    unit: str = ""


Panel: TypeAlias = RowsPanel | WaterfallPanel | SharesPanel | PlanePanel | SolidPanel | TrianglePanel


@dataclass(frozen=True)
class Figure:
    """Small pictures side by side, under one caption. `alt` says in words what they show."""

    caption: str
    alt: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class GameView:
    """A game with its best responses marked, as `games.view` shows it: for a page, and as plain text."""

    html: str
    text: str


@dataclass(frozen=True)
class Details:
    """Blocks that a reader opens when wanted; printed in full."""

    summary: str
    blocks: tuple[Block, ...]


Block: TypeAlias = Paragraph | Bullets | Table | Figure | GameView | Details


@dataclass(frozen=True)
class Section:
    """A heading, a sentence or two that say what follows, and blocks."""

    title: str
    lead: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes
    ----------
    title, subtitle : str
    verdict : the answer in a few sentences
    sections : tuple of Section
    """

    title: str
    subtitle: str
    verdict: tuple[str, ...]
    sections: tuple[Section, ...]
