"""A document as plain frozen data: titles, sentences, tables and figures, ready for any writer.

A document holds no code and no clock: equal results give equal documents, and equal documents give equal files, byte for byte.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from games.errors import GameError
from reports._panels import (
    MapPanel,
    Mark,
    MarkStyle,
    Panel,
    PlanePanel,
    Point,
    RowsPanel,
    SharesPanel,
    SolidPanel,
    Spot,
    TrianglePanel,
    Triple,
    WaterfallPanel,
)

if TYPE_CHECKING:
    import pandas as pd

    from games.normal_form import NormalFormGame

__all__ = [
    "Block",
    "Bullets",
    "Cell",
    "Change",
    "Column",
    "Details",
    "Document",
    "Figure",
    "GameView",
    "MapPanel",
    "Mark",
    "MarkStyle",
    "Panel",
    "Paragraph",
    "PlanePanel",
    "Point",
    "Provenance",
    "RowsPanel",
    "Section",
    "SharesPanel",
    "SolidPanel",
    "Spot",
    "Table",
    "TrianglePanel",
    "Triple",
    "WaterfallPanel",
]

Cell: TypeAlias = str | float | int | bool | tuple[float, float] | None
"""What stands in a table: words, a number, yes or no, an interval (low, high), or nothing."""


@dataclass(frozen=True)
class Column:
    """How one column of a table reads.

    `kind` says how its cells are written: `text`, `number`, `signed` (with its sign), `percent` (of 1), `discount`
    (infinity is written `none`: no patience suffices). `digits` counts those after the point. `common_unit` marks
    numbers whose comparison between powers supposes a common unit of value. Numbers closer to 0 than `zero` are written as 0.
    """

    name: str
    kind: Literal["text", "number", "signed", "percent", "discount"] = "text"
    digits: int = 2
    unit: str = ""
    common_unit: bool = False
    zero: float = 1e-12


@dataclass(frozen=True)
class Paragraph:
    """Running text."""

    text: str
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]
    kind: Literal["bullets"] = "bullets"


@dataclass(frozen=True)
class Table:
    """Labelled rows. The first column heads its row. `strong` names rows (by position) that sum up the others."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    strong: tuple[int, ...] = ()
    kind: Literal["table"] = "table"

    def to_frame(self) -> pd.DataFrame:
        """The table as pandas has it: one column for each heading, intervals as tuples."""
        import pandas as pd

        return pd.DataFrame(list(self.rows), columns=[column.name for column in self.columns])


@dataclass(frozen=True)
class Figure:
    """Small pictures side by side, under one caption. `alt` says in words what they show."""

    caption: str
    alt: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()
    kind: Literal["figure"] = "figure"


@dataclass(frozen=True)
class GameView:
    """A game as data; each writer draws its table, best responses and equilibria marked.

    `actions[i]` are the labels of player i, `payoffs[k]` the payoffs of all players in profile k, profiles in order with
    the last player's action changing fastest. Raises GameError for numbers that do not make a game.
    """

    title: str
    players: tuple[str, ...]
    actions: tuple[tuple[str, ...], ...]
    payoffs: tuple[tuple[float, ...], ...]
    kind: Literal["game"] = "game"

    def __post_init__(self) -> None:
        shape = [len(labels) for labels in self.actions]
        if len(shape) != len(self.players) or len(self.players) < 1:
            raise GameError(f"{len(self.players)} players but {len(shape)} lists of actions")
        if len(self.payoffs) != math.prod(shape):
            raise GameError(f"{math.prod(shape)} profiles but {len(self.payoffs)} rows of payoffs")
        if any(len(row) != len(self.players) for row in self.payoffs):
            raise GameError("each profile needs one payoff for each player")
        self.game()

    @classmethod
    def of(cls, game: NormalFormGame) -> GameView:
        """The view of a game.

        >>> from games import catalog
        >>> view = GameView.of(catalog.prisoners_dilemma())
        >>> view.payoffs
        ((3.0, 3.0), (0.0, 5.0), (5.0, 0.0), (1.0, 1.0))
        >>> GameView.of(view.game()) == view
        True
        """
        flat = game.payoffs.reshape(-1, game.n_players).tolist()
        return cls(
            game.title or "",
            tuple(game.players),
            tuple(tuple(labels) for labels in game.actions),
            tuple(tuple(row) for row in flat),
        )

    def game(self) -> NormalFormGame:
        """The game itself."""
        import numpy as np

        from games.normal_form import NormalFormGame

        shape = [len(labels) for labels in self.actions]
        payoffs = np.array(self.payoffs, dtype=float).reshape(*shape, len(self.players))
        return NormalFormGame(payoffs, self.players, self.actions, self.title)


@dataclass(frozen=True)
class Details:
    """Blocks that a reader opens when wanted; printed in full."""

    summary: str
    blocks: tuple[Block, ...]
    kind: Literal["details"] = "details"


Block: TypeAlias = Paragraph | Bullets | Table | Figure | GameView | Details


@dataclass(frozen=True)
class Section:
    """A heading, a sentence or two that say what follows, and blocks."""

    title: str
    lead: str
    blocks: tuple[Block, ...] = ()


@dataclass(frozen=True)
class Change:
    """One input that differs from the scenario file: its path, the value there and the value in use."""

    path: str
    old: Cell
    new: Cell


@dataclass(frozen=True)
class Provenance:
    """Where a document comes from: everything that is needed to make it again.

    Attributes
    ----------
    version : of the program
    scenario : name or file of the scenario
    digest : SHA-256 of the scenario file
    command : the command line, without the names of output files
    seed : of the random numbers, None where none were drawn
    changes : each input that was changed from the scenario
    """

    version: str = ""
    scenario: str = ""
    digest: str = ""
    command: str = ""
    seed: int | None = None
    changes: tuple[Change, ...] = ()

    def entries(self) -> tuple[tuple[str, str], ...]:
        """What is known, as label and words."""
        short = f" (SHA-256 {self.digest[:16]}…)" if self.digest else ""
        pairs = (
            ("version", self.version and f"concert-of-powers {self.version}"),
            ("scenario", self.scenario + short if self.scenario else ""),
            ("command", self.command),
            ("seed", "none: no random numbers were drawn" if self.seed is None else str(self.seed)),
        )
        return tuple((label, words) for label, words in pairs if words)


@dataclass(frozen=True)
class Document:
    """A whole document.

    Attributes
    ----------
    title, subtitle : str
    verdict : the answer in a few sentences
    sections : tuple of Section
    provenance : where it comes from, None where that is not known
    """

    title: str
    subtitle: str
    verdict: tuple[str, ...]
    sections: tuple[Section, ...]
    provenance: Provenance | None = None

    # Read back from JSON, a key that no class here knows is a mistake; pydantic takes this for what is inside, too.
    __pydantic_config__ = {"extra": "forbid"}  # noqa: RUF012

    def blocks(self) -> Iterator[Block]:
        """Every block in reading order, those inside Details too."""

        def walk(blocks: tuple[Block, ...]) -> Iterator[Block]:
            for block in blocks:
                yield block
                if isinstance(block, Details):
                    yield from walk(block.blocks)

        for section in self.sections:
            yield from walk(section.blocks)

    @property
    def has_common_unit(self) -> bool:
        """True if some table holds numbers whose comparison across powers assumes a common unit of value."""
        return any(
            column.common_unit
            for block in self.blocks()
            if isinstance(block, Table)
            for column in block.columns
        )
