"""Panels of a figure as plain frozen data: rows of marks, waterfalls, shares, planes, solids, triangles and maps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from games.errors import FormatError

__all__ = [
    "MapPanel",
    "Mark",
    "MarkStyle",
    "Panel",
    "PlanePanel",
    "Point",
    "RowsPanel",
    "SharesPanel",
    "SolidPanel",
    "Spot",
    "TrianglePanel",
    "Triple",
    "WaterfallPanel",
]

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
    kind: Literal["rows"] = "rows"


@dataclass(frozen=True)
class WaterfallPanel:
    """How one total becomes another: `steps` add up to the difference between `start` and `end`."""

    title: str
    start: tuple[str, float]
    steps: tuple[tuple[str, float], ...]
    end: tuple[str, float]
    unit: str = ""
    kind: Literal["waterfall"] = "waterfall"


@dataclass(frozen=True)
class SharesPanel:
    """Bars of shares that add up to 1: `shares[row][part]`. Parts named `local` or `assumed` are hatched."""

    title: str
    labels: tuple[str, ...]
    parts: tuple[str, ...]
    shares: tuple[tuple[float, ...], ...]
    kind: Literal["shares"] = "shares"


Point: TypeAlias = tuple[float, float]
Triple: TypeAlias = tuple[float, float, float]


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
    kind: Literal["plane"] = "plane"


@dataclass(frozen=True)
class SolidPanel:
    """A solid of three quantities, seen from where all of them are large; each is scaled to its own range.

    `faces` are flat polygons (a solid that is flat has one), `marks` points with a style, drawn even where a face is
    before them.
    """

    title: str
    names: tuple[str, str, str]
    faces: tuple[tuple[Triple, ...], ...]
    marks: tuple[tuple[MarkStyle, Triple], ...] = ()
    kind: Literal["solid"] = "solid"


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
    kind: Literal["triangle"] = "triangle"


@dataclass(frozen=True)
class Spot:
    """A region on a map: where it lies (degrees north and east), who holds it ("" for nobody), and how.

    `mode` is `consent`, `force` or "" where nobody holds it; `contested` marks a region that some power contests.
    """

    name: str
    latitude: float
    longitude: float
    holder: str = ""
    mode: Literal["consent", "force", ""] = ""
    contested: bool = False

    def __post_init__(self) -> None:
        if not (-90.0 <= self.latitude <= 90.0 and -180.0 <= self.longitude <= 180.0):
            raise FormatError(
                f"{self.name} lies at latitude {self.latitude}, longitude {self.longitude}; latitudes run from -90 to "
                "90 and longitudes from -180 to 180"
            )

    def words(self) -> str:
        """The region in words.

        >>> Spot("Ukraine", 49.0, 32.0, "Russia", "force", True).words()
        'Ukraine: Russia, by force, contested'
        """
        parts = [self.holder or "nobody"]
        parts += [f"by {self.mode}"] * bool(self.mode and self.holder) + ["contested"] * self.contested
        return f"{self.name}: {', '.join(parts)}"


@dataclass(frozen=True)
class MapPanel:
    """Regions where they lie, each with its holder's token (a shape and a colour), cross-hatched if held by force.

    `powers` gives the order of tokens; `positions` are forward positions: power, degrees north, degrees east.
    """

    title: str
    powers: tuple[str, ...]
    spots: tuple[Spot, ...]
    positions: tuple[tuple[str, float, float], ...] = ()
    kind: Literal["map"] = "map"


Panel: TypeAlias = (
    RowsPanel | WaterfallPanel | SharesPanel | PlanePanel | SolidPanel | TrianglePanel | MapPanel
)
