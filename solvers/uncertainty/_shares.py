"""A share of draws with its Monte Carlo error."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from games.errors import GameError

__all__ = ["Share", "share_of", "share_table"]

# 95 % of a normal distribution lie within this many standard deviations.
_Z = 1.959963984540054


class Share(NamedTuple):
    """A share of draws, and how far the draws leave it open.

    value : number of hits over number of draws
    low, high : 95 % interval (Wilson 1927, JASA 22, 209-212), meant for independent draws; scrambled Sobol points do no worse
    draws : of how many
    """

    value: float
    low: float
    high: float
    draws: int

    @property
    def error(self) -> float:
        """Half the width of the interval."""
        return (self.high - self.low) / 2

    def __str__(self) -> str:
        digits = 0 if self.error >= 0.005 else 1 if self.error >= 0.0005 else 2
        return f"{100 * self.value:.{digits}f} % (± {100 * self.error:.{max(digits, 1)}f})"


def share_of(hits: npt.ArrayLike) -> Share:
    """The share of True in an array (D,).

    >>> share_of([True] * 20 + [False] * 80).low
    0.1334
    >>> print(share_of([False] * 1000))
    0.0 % (± 0.2)
    """
    mask = np.asarray(hits, dtype=np.bool_)
    if mask.ndim != 1 or not len(mask):
        raise GameError("a share is taken of at least one draw")
    return share(int(mask.sum()), len(mask))


def share(hits: int, draws: int) -> Share:
    """`hits` of `draws` as a share."""
    p = hits / draws
    scale = 1 + _Z**2 / draws
    middle = (p + _Z**2 / (2 * draws)) / scale
    half = _Z / scale * float(np.sqrt(p * (1 - p) / draws + _Z**2 / (4 * draws**2)))
    return Share(p, min(p, max(0.0, middle - half)), max(p, min(1.0, middle + half)), draws)


def share_table(shares: dict[str, Share]) -> dict[str, list[float]]:
    """Columns share, error, low, high, draws of several shares."""
    return {
        "share": [s.value for s in shares.values()],
        "error": [s.error for s in shares.values()],
        "low": [s.low for s in shares.values()],
        "high": [s.high for s in shares.values()],
        "draws": [s.draws for s in shares.values()],
    }
