"""What every result shares: a labelled table, a summary in words, and views for a terminal and a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result"]


class Result(ABC):
    """A frozen result. Subclasses are frozen dataclasses with a `summary` and a `to_frame`.

    A subclass whose table runs to thousands of rows sets `_rows_shown`: its views leave out the middle.
    """

    _rows_shown: ClassVar[int | None] = None

    @abstractmethod
    def summary(self) -> str:
        """One or two sentences: what was found, how, and what is guaranteed."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a labelled table."""

    def __repr__(self) -> str:
        table = self.to_frame().to_string(max_rows=self._rows_shown, float_format=lambda x: format(x, ".6g"))
        return f"{self.summary()}\n{table}"

    def _repr_html_(self) -> str:
        table = self.to_frame().to_html(
            max_rows=self._rows_shown, float_format=lambda x: format(x, ".6g"), border=0
        )
        return f"<p>{escape(self.summary())}</p>{table}"
