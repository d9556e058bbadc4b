"""A report as plain frozen data: titles, sentences, tables and figures, ready for any writer.

`build` makes one from a result; `Report.write` hands it to the writer that the file's ending names. A report holds
no code and no clock: equal results give equal reports, and equal reports give equal files, byte for byte.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from games.errors import FormatError, OutputError, did_you_mean

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Column",
    "Details",
    "Figure",
    "GameView",
    "Mark",
    "Panel",
    "Paragraph",
    "PlanePanel",
    "Report",
    "RowsPanel",
    "Section",
    "SharesPanel",
    "SolidPanel",
    "Table",
    "TrianglePanel",
    "WaterfallPanel",
    "build",
    "read",
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

ENDINGS = (".html", ".pdf", ".md", ".json")


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
class Report:
    """A report: plain frozen data.

    Attributes
    ----------
    title, subtitle : str
    verdict : the answer in a few sentences
    sections : tuple of Section

    Examples
    --------
    >>> report = Report("Two sheriffs", "One street", ("They share it.",), (Section("Why", "Fights cost."),))
    >>> print(report.markdown().splitlines()[0])
    # Two sheriffs
    """

    title: str
    subtitle: str
    verdict: tuple[str, ...]
    sections: tuple[Section, ...]

    def write(self, path: str | Path) -> Path:
        """Write the report in the format of the file's ending and return the path.

        `.html` is one file that needs nothing else, `.pdf` needs the extra `pdf`, `.md` is text, `.json` holds the data
        and can be read back with `reports.read`. The file appears whole or not at all.

        Raises OutputError for an unknown ending, or a folder that is missing or not writable.
        """
        from reports import files

        target = check_path(path)
        ending = target.suffix.lower()
        if ending == ".html":
            content = self.html().encode()
        elif ending == ".json":
            content = self.json().encode()
        elif ending == ".md":
            content = self.markdown().encode()
        else:
            from reports import pdf

            content = pdf.render(self)
        files.write(target, content)
        return target

    def html(self) -> str:
        """The report as one page that loads nothing from anywhere."""
        from reports import html

        return html.render(self)

    def markdown(self) -> str:
        """The report as Markdown text; figures become the numbers they show."""
        from reports import markdown

        return markdown.render(self)

    def json(self) -> str:
        """The report's data as JSON."""
        from reports import plain

        return plain.dump(self)

    def _repr_html_(self) -> str:
        from reports import html

        return html.frame(self)

    def __repr__(self) -> str:
        return f"<Report {self.title!r}: {len(self.sections)} sections>"


def build(result: Any) -> Report:
    """Make a report from a result.

    `result` is a `Comparison` (from `solvers.compare.concert`), or any other result with a `summary` and a `to_frame`,
    which becomes a report of one table. A Report is returned as it is.
    """
    if isinstance(result, Report):
        return result
    from solvers.result import Result

    if not isinstance(result, Result):
        raise FormatError(f"a report is built from a result; got {type(result).__name__}")
    from solvers.compare import Comparison

    if isinstance(result, Comparison):
        from reports import comparison

        return comparison.compose(result)
    from reports import tables

    table = tables.from_frame(result.to_frame(), type(result).__name__)
    return Report(type(result).__name__, "", (result.summary(),), (Section("Table", "", (table,)),))


def read(path: str | Path) -> Report:
    """Read back a report that was written as `.json`. Raises FormatError where the file holds something else."""
    from reports import plain

    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FormatError(f"cannot read {path}: {getattr(error, 'strerror', None) or error}") from None
    return plain.load(text, str(path))


def check_path(path: str | Path) -> Path:
    """The path, if a report can be written there; OutputError otherwise."""
    from reports import files

    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise OutputError(
            f"cannot write {target}: no report format has the ending {ending!r}{did_you_mean(ending, ENDINGS)}"
            if ending
            else f"cannot write {target}: give it one of the endings {', '.join(ENDINGS)}"
        )
    files.check_folder(target)
    return target
