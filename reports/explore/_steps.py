"""The draws of one choice, evaluated in steps short enough for a page to take another choice in between."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from games.spheres import Draws, SpheresModel

if TYPE_CHECKING:
    from solvers.uncertainty import Outcomes

__all__ = ["Steps"]

_SECONDS = 0.15
"""After this much time a step ends with the draw in hand: with a move of a slider after it, still within 200 ms."""


class Steps:
    """Outcomes of draws: first all draws whose equilibria are pure, which takes one pass, then the rest in small blocks.

    A draw without an equilibrium in pure strategies may take a second, and under some choices of structure most draws have
    none. `outcomes` holds those evaluated so far, None before the first step; `total` is the number of draws.
    """

    def __init__(
        self, model: SpheresModel, draws: Draws, map: str, regime: str, observed: tuple[str, ...], seed: int
    ) -> None:
        self.total = len(draws)
        self.outcomes: Outcomes | None = None
        self._model, self._draws, self._map, self._regime = model, draws, map, regime
        self._observed, self._seed = observed, seed
        self._left: list[int] | None = None

    @property
    def done(self) -> bool:
        """Whether every draw is evaluated."""
        return self._left == []

    def whole(self) -> Outcomes:
        """All draws in one pass, in their order."""
        return self._evaluate(np.arange(self.total), "where none")

    def advance(self, seconds: float = _SECONDS) -> None:
        """Evaluate some more draws, one block at least; nothing if all are done."""
        from solvers.uncertainty import joined

        end = time.monotonic() + seconds
        if self._left is None:
            found = self._evaluate(np.arange(self.total), "never")
            lacking = (found.count == 0) | np.isnan(found.reversion.low).any(axis=1)
            # Beyond four powers only pure equilibria are searched for, and a second pass finds no more.
            if len(self._model.players) > 4:
                lacking[:] = False
            self._left = np.flatnonzero(lacking).tolist()
            if not lacking.all():
                self.outcomes = found.take(~lacking) if lacking.any() else found
                return
        size = 1
        while self._left:
            begun = time.monotonic()
            rows, self._left = self._left[:size], self._left[size:]
            found = self._evaluate(np.array(rows), "where none")
            self.outcomes = found if self.outcomes is None else joined([self.outcomes, found])
            now = time.monotonic()
            # As many as fit into the time that is left, at the pace of the last block.
            size = int((end - now) / (now - begun) * size)
            if size < 1:
                return
            size = min(size, 4 * len(rows))

    def _evaluate(self, rows: npt.NDArray[Any], mixed: Literal["where none", "never"]) -> Outcomes:
        from solvers import uncertainty

        return uncertainty.evaluate(
            self._model,
            self._draws if len(rows) == self.total else self._draws.take(rows),
            self._map,
            self._regime,
            observed=self._observed,
            mixed=mixed,
            autonomy=False,
            seed=self._seed,
        )
