"""What every result shares: a labelled table, a summary in words, and views for a terminal and a notebook."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from games.normal_form import NormalFormGame
from games.types import FloatArray

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result", "probabilities"]


class Result(ABC):
    """A frozen result. Subclasses are frozen dataclasses with a `summary` and a `to_frame`.

    A subclass whose table can be long sets `_rows_shown`: its views then leave out the middle, or the end where the rows
    are `_ranked`.
    """

    _rows_shown: ClassVar[int | None] = None
    _ranked: ClassVar[bool] = False

    @abstractmethod
    def summary(self) -> str:
        """One or two sentences: what was found, how, and what is guaranteed."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a labelled table."""

    @property
    def plot(self) -> Any:
        """Pictures of the result as matplotlib figures, such as `.plot.payoffs()`; the repr lists them."""
        from solvers.base.plots import plots

        return plots(self)

    def _shown(self) -> tuple[pd.DataFrame, str]:
        """The rows that a view shows, and how many more there are."""
        frame = self.to_frame()
        if not self._ranked or self._rows_shown is None or len(frame) <= self._rows_shown:
            return frame, ""
        return frame.head(self._rows_shown), f"... and {len(frame) - self._rows_shown} more"

    def __repr__(self) -> str:
        frame, more = self._shown()
        table = frame.to_string(max_rows=self._rows_shown, float_format=lambda x: format(x, ".6g"))
        return "\n".join(filter(None, (self.summary(), table, more)))

    def _repr_html_(self) -> str:
        frame, more = self._shown()
        formats: list[Callable[[object], str]] = [
            partial(_card_cell, str(column)) for column in frame.columns
        ]
        table = frame.to_html(max_rows=self._rows_shown, formatters=formats, border=0)
        return f"<p>{escape(self.summary())}</p>{table}" + (f"<p>{more}</p>" if more else "")


def _card_cell(column: str, value: Any) -> str:
    """A number on a card, to four digits; a discount factor that no patience reaches reads `none`.

    >>> _card_cell("critical discount", float("inf")), _card_cell("premium", 15.16590), _card_cell("power", "China")
    ('none', '15.17', 'China')
    """
    if value is None or value != value:
        return "–"
    if not isinstance(value, float):
        return str(value)
    if math.isinf(value):
        return "none" if "discount" in column else "∞" if value > 0 else "−∞"
    return f"{value:,.0f}" if abs(value) >= 1e4 else f"{value:.4g}"


def probabilities(
    game: NormalFormGame, profiles: Sequence[FloatArray], index: FloatArray, name: str
) -> pd.DataFrame:
    """Many mixed profiles as a table: one row for each, one column for each action of each player.

    `profiles` holds for each player an array (rows, k_i); `index` and `name` label the rows.
    """
    import pandas as pd

    columns = [(player, label) for player, labels in zip(game.players, game.actions) for label in labels]
    return pd.DataFrame(
        np.hstack(profiles),
        index=pd.Index(index, name=name),
        columns=pd.MultiIndex.from_tuples(columns, names=["player", "action"]),
    )
