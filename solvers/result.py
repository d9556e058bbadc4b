"""What every result shares: a labelled table, a summary in words, and views for a terminal and a notebook."""

from __future__ import annotations

from abc import ABC, abstractmethod
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Result"]


class Result(ABC):
    """A frozen result. Subclasses are frozen dataclasses with a `summary` and a `to_frame`."""

    @abstractmethod
    def summary(self) -> str:
        """One or two sentences: what was found, how, and what is guaranteed."""

    @abstractmethod
    def to_frame(self) -> pd.DataFrame:
        """The result as a labelled table."""

    def __repr__(self) -> str:
        return f"{self.summary()}\n{self.to_frame().to_string(float_format=lambda x: format(x, '.6g'))}"

    def _repr_html_(self) -> str:
        table = self.to_frame().to_html(float_format=lambda x: format(x, ".6g"), border=0)
        return f"<p>{escape(self.summary())}</p>{table}"
