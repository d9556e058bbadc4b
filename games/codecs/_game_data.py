"""A game as a file holds it: payoffs and labels, not yet checked to make a game."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt

from games.types import ObjectArray

__all__ = ["GameData"]


@dataclass(frozen=True)
class GameData:
    """What a game file holds.

    Attributes
    ----------
    payoffs : array (k_1, ..., k_N, N) of fractions, or of floats where these are meant
    players : N names
    actions : N lists of labels
    title : may be empty
    """

    payoffs: npt.NDArray[Any]
    players: Sequence[str]
    actions: Sequence[Sequence[str]]
    title: str = ""

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of actions of each player."""
        return tuple(len(labels) for labels in self.actions)

    def labels(self, profile: Sequence[int]) -> list[str]:
        """The action labels of a profile of indices."""
        return [labels[a] for labels, a in zip(self.actions, profile)]

    def texts(self) -> list[tuple[str, str]]:
        """Its title and labels, each with what it is."""
        out = [("title", self.title), *(("name of a player", p) for p in self.players)]
        return out + [("label of an action", a) for labels in self.actions for a in labels]

    def numbers(self) -> ObjectArray:
        """The payoffs as texts: fractions exactly, floats as their shortest decimals."""
        out = np.empty(self.payoffs.shape, dtype=object)
        texts = [str(x) if isinstance(x, Fraction) else repr(x) for x in self.payoffs.reshape(-1).tolist()]
        # Gambit does not take "1e+16".
        out.reshape(-1)[:] = [text.replace("e+", "e") for text in texts]
        return out
