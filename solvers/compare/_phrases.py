"""Effects and amounts as the sentences of a comparison name them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from solvers.spheres.standing import Standing

__all__ = [
    "EFFECTS",
    "EFFECTS_ON_SEVERAL",
    "amount",
    "effect",
    "interval",
    "number",
    "plain",
    "shown",
    "signed",
]

# What the deal does to a power, and the verb in the third person.
EFFECTS = {
    "gain": "gains",
    "gain or stay": "gains or stays as it is",
    "gain or lose": "gains or loses",
    "lose or stay": "loses or stays as it is",
    "lose": "loses",
    "stay": "neither gains nor loses",
}
# The same verbs after the names of several powers.
EFFECTS_ON_SEVERAL = {
    "gain": "gain",
    "gain or stay": "gain or stay as they are",
    "gain or lose": "gain or lose",
    "lose or stay": "lose or stay as they are",
    "lose": "lose",
    "stay": "neither gain nor lose",
}
# Differences in points below this vanish in the one decimal that sentences show; in games played for less than
# some ten points all told, differences below this share of the largest payoff range.
_SHOWN = 0.05
_SHARE = 1e-3


def interval(s: Standing, i: int) -> tuple[float, float]:
    """The lowest and highest premium of a power."""
    return float(s.premium[:, i].min()), float(s.premium[:, i].max())


def shown(s: Standing) -> float:
    """The smallest difference in points that sentences speak of."""
    return max(min(_SHOWN, _SHARE * float(s.game.ranges.max())), float(np.finfo(float).tiny))


def effect(s: Standing, i: int) -> str:
    """What the deal does to a power, in a word or two; a key of `EFFECTS`."""
    low, high = interval(s, i)
    least = shown(s)
    if low >= least:
        return "gain"
    if high <= -least:
        return "lose"
    if low > -least:
        return "gain or stay" if high >= least else "stay"
    return "gain or lose" if high >= least else "lose or stay"


def signed(x: float, least: float = _SHOWN) -> str:
    """A difference with its sign and one decimal."""
    if abs(x) < least:
        return "+0.0"
    return ("+" if x > 0 else "−") + plain(abs(x))


def number(x: float) -> str:
    """A discount factor, or `none`."""
    return f"{x:.3f}" if np.isfinite(x) else "none"


def plain(x: float) -> str:
    """A positive number with one decimal, from a thousand on with none; small ones with two figures, huge ones with four."""
    return (
        f"{x:,.0f}"
        if 999.95 <= x < 1e6
        else f"{x:.1f}"
        if 0.095 <= x < 1e6
        else f"{x:.2g}"
        if x < 1.0
        else f"{x:.4g}"
    )


def amount(x: float) -> str:
    """A positive number with two decimals; small ones with two figures, huge ones with four."""
    return f"{x:.2f}" if 0.01 <= x < 1e6 else f"{x:.2g}" if x < 1.0 else f"{x:.4g}"
